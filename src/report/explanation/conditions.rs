//! The conditions of a line, each with its result and its facts.

use super::{lead, of};
use crate::explain::model::{Condition, Derivation};
use crate::expr::formula::Shown;
use crate::lang::Lang;
use crate::report::formula;
use crate::report::ink::Ink;
use crate::report::told::line::conclusion::parts;
use crate::report::tree::Branch;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Truth;

/// All of them; none where the clause was not looked at.
pub fn branch(derivation: &Derivation, lang: Lang) -> Option<Branch> {
    let conditions = &derivation.conditions;
    if conditions.is_empty() {
        return None;
    }
    let count = |is: fn(Truth) -> bool| conditions.iter().filter(|condition| is(condition.holds)).count();
    let counted = [
        (count(Truth::is_true), "满足", "hold"),
        (count(Truth::is_false), "不满足", "fail"),
        (count(|truth| !truth.is_point()), "待定", "open"),
    ];
    let counted = counted.iter().filter(|(count, ..)| *count > 0).map(|(count, zh, en)| match lang {
        Lang::Zh => format!("{zh}{count}项"),
        Lang::En if *count == 1 && *en != "open" => format!("1 {en}s"),
        Lang::En => format!("{count} {en}"),
    });
    let counted = counted.collect::<Vec<_>>().join(words::COMMA.get(lang));
    let under = conditions.iter().map(|condition| one(condition, lang)).collect();
    Some(Branch::new(lead(lang, "条件", "Conditions", &counted), under))
}

fn one(condition: &Condition, lang: Lang) -> Branch {
    let mark = match condition.holds {
        holds if holds.is_true() => Ink::Green.on(&of(lang, "满足", "holds")),
        holds if holds.is_false() => Ink::Red.on(&of(lang, "不满足", "fails")),
        _ => Ink::Yellow.on(&of(lang, "待定", "open")),
    };
    let text = say(&condition.text, lang);
    let facts = condition.facts.iter().map(|(fact, value)| {
        let name = bracketed(&clean(&fact.name), lang);
        let value = formula::value(value, lang);
        Branch::leaf(format!("{}{name}{}{value}", say(&fact.label, lang), words::COLON.get(lang)))
    });
    Branch::new(format!("{mark}{}{text}{}", words::COLON.get(lang), measured(condition, lang)), facts.collect())
}

/// `（要求 ≥ 6个月，实际 5个月，还差 1个月）`
pub fn measured(condition: &Condition, lang: Lang) -> String {
    let required = condition
        .required
        .as_ref()
        .map(|wanted| format!("{} {}", of(lang, "要求", "required"), formula::required(wanted, lang)));
    let actual = condition.actual.as_ref().filter(|actual| !matches!(actual, Shown::Truth(_)));
    let actual = actual.map(|actual| format!("{} {}", of(lang, "实际", "actual"), formula::value(actual, lang)));
    let sign = condition.required.as_ref().map(|(sign, _)| *sign);
    let distance = condition.distance.as_ref().map(|off| formula::distance(sign, off, lang));
    let figures: Vec<String> = [required, actual, distance].into_iter().flatten().collect();
    let figures = if figures.is_empty() { parts(&condition.parts, lang) } else { figures.join(words::COMMA.get(lang)) };
    if figures.is_empty() { String::new() } else { bracketed(&figures, lang) }
}
