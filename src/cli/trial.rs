//! `--set` and `--left`: what a run supposes of parameters, and of what is left of limits over all applicants.

use clap::Args;

use crate::assess::model::Warning;
use crate::clause::Limit;
use crate::cli::asking::names;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Item, Raw};
use crate::expr::names::Names;
use crate::expr::names::Origin;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, given, read_figure};
use crate::settle::Stated;
use crate::source::{Source, Span, clean};
use crate::value::{Number, Unit, Value};

/// Values of parameters that are tried.
#[derive(Debug, Args)]
pub(super) struct Trial {
    /// Try a value of a parameter / 试用参数的数值
    #[arg(long = "set", value_name = "PARAMETER=VALUE", requires = "source")]
    values: Vec<String>,
    /// Where the values of `--set` and `--left` come from / 所试数值、所述余额的来源
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

/// What is wrong with an option, in words.
type Told<T> = Result<T, Vec<Text>>;

/// What is tried: for each policy the inputs with their values, and what to say of them.
pub(super) type Tried = (Vec<Vec<(usize, Value)>>, Vec<Warning>);

/// `NAME=VALUE`, as an item of a file would be.
fn item(option: &str, asked: &str) -> Told<(String, Item)> {
    let Some((name, value)) = asked.split_once('=') else {
        let asked = clean(asked);
        return Err(vec![Text::made(
            format!("{option} 写作 名称=数值，这里是“{asked}”"),
            format!("{option} is written NAME=VALUE; this is “{asked}”"),
        )]);
    };
    let source = Source::new(option, asked);
    let start = asked.len() - value.len();
    let raw = match value.trim() {
        "true" => Raw::Bool(true),
        "false" => Raw::Bool(false),
        text => Raw::Text(text.to_owned()),
    };
    Ok((name.trim().to_owned(), Item { value: raw, span: Span::new(&source, start..asked.len()) }))
}

/// What is wrong with a value, as messages say it.
fn faults(option: &str, found: &[Diagnostic]) -> Vec<Text> {
    let of = |fault: &Diagnostic| {
        Text::made(format!("{option}：{}", fault.render(Lang::Zh)), format!("{option}: {}", fault.render(Lang::En)))
    };
    found.iter().map(of).collect()
}

impl Trial {
    /// Where the values come from.
    pub fn source(&self) -> &str {
        self.source.as_deref().unwrap_or("").trim()
    }

    /// The values tried; a parameter that changes with time has the value on every day. `more`: whether something else comes
    /// from the source.
    pub fn of(&self, policies: &[&Policy], more: bool) -> Told<Tried> {
        if self.source.is_some() && self.values.is_empty() && !more {
            return Err(vec![Text::new(
                "--source 说明 --set 或 --left 的来源，这里都没有",
                "--source says where --set or --left come from, and there is neither",
            )]);
        }
        let mut tried: Tried = (policies.iter().map(|_| Vec::new()).collect(), Vec::new());
        for asked in &self.values {
            let (name, item) = item("--set", asked)?;
            let (of, name) = match name.split_once('.') {
                Some((policy, name)) => (Some(policy.to_owned()), name.to_owned()),
                None => (None, name),
            };
            let mut known = false;
            for (policy, own) in policies.iter().zip(&mut tried.0) {
                if of.as_ref().is_some_and(|of| *of != policy.id) {
                    continue;
                }
                let place = policy.names.input(&name);
                let input = place.and_then(|place| policy.names.inputs.get(place));
                let input = input.filter(|input| matches!(input.origin, Origin::Parameter(_)));
                let Some((place, input)) = place.zip(input) else { continue };
                known = true;
                let mut found = Vec::new();
                let Some(value) = given(&item, input, &policy.names, &mut found) else {
                    return Err(faults("--set", &found));
                };
                let versions = input.versions.iter().map(|version| version.input);
                own.extend(std::iter::once(place).chain(versions).map(|place| (place, value.clone())));
                let (written, source) =
                    (clean(asked.split_once('=').map_or("", |(_, value)| value)), clean(self.source()));
                let text = Text::made(
                    format!("试算：{}（{name}）按 {written} 计，来源：{source}；并非文件所载", input.label.zh),
                    format!(
                        "a trial: {} ({name}) is taken as {written}, from: {source}; no document that was loaded says so",
                        input.label.en
                    ),
                );
                tried.1.push(Warning { code: "trial", text });
            }
            if !known {
                let all = policies.iter().flat_map(|policy| &policy.names.inputs);
                let all = all.filter(|input| matches!(input.origin, Origin::Parameter(_)));
                let near = did_you_mean(&name, all.map(|input| input.name.as_str()));
                let name = clean(&name);
                let told =
                    Text::made(format!("--set：没有参数“{name}”"), format!("--set: there is no parameter “{name}”"));
                return Err(std::iter::once(told).chain(near).collect());
            }
        }
        Ok(tried)
    }
}

/// What is stated to be left of limits over all applicants: `CLAUSE=VALUE`, or `CLAUSE#2=VALUE` of the second of its limits.
pub(super) fn left(asked: &[String], source: &str, policies: &[&Policy]) -> Told<Vec<Stated>> {
    let mut all = Vec::new();
    for asked in asked {
        let (name, item) = item("--left", asked)?;
        let (clause, which) = match name.rsplit_once('#') {
            Some((clause, which)) => (clause, which.parse::<usize>().ok()),
            None => (name.as_str(), Some(0)),
        };
        let found = policies.iter().enumerate().flat_map(|(at, policy)| {
            let of = policy.clauses.iter().filter(|own| names(clause, &policy.id, &own.id));
            of.map(move |own| (at, own))
        });
        let found: Vec<_> = found.collect();
        let refuse = |zh: &str, en: &str| {
            let name = clean(&name);
            Err(vec![Text::made(format!("--left {name}：{zh}"), format!("--left {name}: {en}"))])
        };
        let [(at, own)] = found.as_slice() else {
            return refuse(
                "须指明一个条款，如 9=3 或 qingyuan/9=3",
                "one clause is to be named, as in 9=3 or qingyuan/9=3",
            );
        };
        let across: Vec<&Limit> = own.limits.iter().filter(|limit| limit.across).collect();
        let limit = match (which, across.as_slice()) {
            (Some(0), [one]) => Some(*one),
            (Some(which), _) => which.checked_sub(1).and_then(|which| across.get(which)).copied(),
            (None, _) => None,
        };
        let Some(declared) = limit else {
            return refuse(
                "该条款没有这样的涉及全部申请人的限额；有几个时写作 9#1、9#2",
                "the clause has no such limit over all applicants; of several write 9#1, 9#2",
            );
        };
        if declared.in_proportion {
            return refuse(
                "按比例分配须知全部申请的总额，只知余额不能核定",
                "a share in proportion asks for all claims; what is left does not settle it",
            );
        }
        let mut wrong = Vec::new();
        let names = policies.get(*at).map(|policy| &policy.names);
        let unit = |names: &Names| if declared.money { names.money.unit() } else { Unit::none() };
        let Some(amount) = names.and_then(|names| read_figure(&item, &unit(names), names, &mut wrong)) else {
            return Err(faults("--left", &wrong));
        };
        if amount < Number::ZERO || (!declared.money && amount.to_i64().is_none()) {
            return refuse("余额不小于0，名额为整数", "what is left is 0 or more, and places are whole");
        }
        let (written, source) = (clean(asked.split_once('=').map_or("", |(_, value)| value)), clean(source));
        let text = Text::made(
            format!("{}：按所述尚余 {written} 核定，来源：{source}", declared.text.zh),
            format!("{}: settled with {written} left, as stated by: {source}", declared.text.en),
        );
        all.push(Stated { policy: *at, pool: declared.pool, left: amount, text });
    }
    Ok(all)
}
