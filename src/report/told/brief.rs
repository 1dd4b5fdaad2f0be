//! A breakdown's first look: the sums and what is open before everything else; in the table what carries an amount or a
//! question; below it, of each kind in a line, what holds without an amount, refusals in a line each, and in one line together
//! what is only stated.

use super::line::{conclusion, record};
use super::{below, clause_name};
use crate::assess::model::{Assessment, Counted, Line, Status};
use crate::lang::{Lang, Text};
use crate::report::Look;
use crate::report::ink::{Ink, JOINER, NO_BREAK_BLANK};
use crate::report::layout::Block;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Interval;

/// How to ask for every line in full.
pub const HINT: Text = Text::new("，--all 列出全部理由", "; --all gives every reason");
/// How many open clauses are named above the breakdown; of more only the count is said.
const NAMED: usize = 8;

/// The lines of one policy, arranged.
pub struct Arranged<'a> {
    /// What is told in full, in the order of the policy.
    pub full: Vec<&'a Line>,
    /// What is told briefly below that: lists, each with its heading first.
    pub brief: Vec<(String, Vec<Block>)>,
}

/// Arranges the lines of one policy that are shown; everything is told in full where all is asked for. `hint`: what to say
/// of how to ask for it.
pub fn arranged<'a>(assessment: &Assessment, lines: &[&'a Line], look: &Look, hint: &Text) -> Arranged<'a> {
    let (mut full, mut met, mut refused, mut stated) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for &line in lines {
        match line.status {
            _ if look.all => full.push(line),
            Status::NotEligible if !carries_an_amount(line) => refused.push(line),
            Status::Met if line.readings.is_empty() && !carries_an_amount(line) => met.push(line),
            Status::Stated if line.readings.is_empty() => stated.push(line),
            _ => full.push(line),
        }
    }
    let mut brief = Vec::new();
    if !met.is_empty() {
        let count = met.len();
        let heading = match look.lang {
            Lang::Zh => format!("条件具备、不涉及金额（{count}条）"),
            Lang::En => format!("Conditions hold, no amount attached ({count})"),
        };
        let named = |line: &Line| format!("{} {}", place(assessment, line, look.lang), say(&line.title, look.lang));
        brief.push((heading, by_kind(&met, &named, look.lang).into_iter().map(Block::bullet).collect()));
    }
    if !refused.is_empty() {
        let (count, hint) = (refused.len(), hint.get(look.lang));
        let heading = match look.lang {
            Lang::Zh => format!("不符合（{count}条{hint}）"),
            Lang::En => format!("Not eligible ({count}{hint})"),
        };
        brief.push((heading, refused.iter().map(|line| refusal(assessment, line, look.lang)).collect()));
    }
    if !stated.is_empty() {
        let count = stated.len();
        let heading = match look.lang {
            Lang::Zh => format!("条文载明、不涉及金额（{count}条）"),
            Lang::En => format!("Stated without an amount ({count})"),
        };
        let kinds = by_kind(&stated, &|line| place(assessment, line, look.lang), look.lang);
        brief.push((heading, vec![Block::bullet(kinds.join(words::SEMICOLON.get(look.lang)))]));
    }
    Arranged { full, brief }
}

/// Whether something was worked out, paid or overpaid, or can still come, although nothing is awarded.
fn carries_an_amount(line: &Line) -> bool {
    line.amounts.as_ref().is_some_and(|amounts| {
        let sums =
            [amounts.entitled, amounts.awarded, amounts.overpaid, amounts.lifetime, Interval::point(amounts.paid)];
        sums.iter().any(|sum| *sum != Interval::ZERO)
    })
}

/// `第十四条 技能等级认定资质奖励 —— 不满足“…”（要求 …）；另有1项条件不满足`
fn refusal(assessment: &Assessment, line: &Line, lang: Lang) -> Block {
    let record = record(line, lang).map_or_else(String::new, |record| bracketed(&record, lang));
    let (first, others) = conclusion::first_reason(line, lang);
    let others = match (lang, others) {
        (_, 0) => String::new(),
        (Lang::Zh, _) => format!("；另有{others}项条件不满足"),
        (Lang::En, 1) => "; and fails 1 more condition".to_owned(),
        (Lang::En, _) => format!("; and fails {others} more conditions"),
    };
    let otherwise = if line.readings.is_empty() {
        String::new()
    } else {
        format!("{}{}", words::SEMICOLON.get(lang), words::READ_OTHERWISE.get(lang).to_lowercase())
    };
    let name = format!("{} {}{record}", place(assessment, line, lang), say(&line.title, lang));
    let dash = if lang == Lang::Zh { " —— " } else { " — " };
    Block::bullet(format!("{name}{dash}{first}{others}{otherwise}"))
}

/// `原则：引言、第二十八条`, `服务：第二十四条`; `named`: what each line is called.
fn by_kind(lines: &[&Line], named: &dyn Fn(&Line) -> String, lang: Lang) -> Vec<String> {
    let mut kinds: Vec<(String, Vec<(String, usize)>)> = Vec::new();
    for line in lines {
        let (kind, name) = (say(&line.kind_label, lang), named(line));
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            // Of a clause that is worked out once per record the records are counted.
            Some((_, names)) => match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => names.push((name, 1)),
            },
            None => kinds.push((kind, vec![(name, 1)])),
        }
    }
    let counted = |(name, count): (String, usize)| match (count, lang) {
        (1, _) => name,
        (_, Lang::Zh) => format!("{name}（{count}条）"),
        (_, Lang::En) => format!("{name} ({count})"),
    };
    let one = |(kind, names): (String, Vec<(String, usize)>)| {
        let names: Vec<String> = names.into_iter().map(counted).collect();
        format!("{kind}{}{}", words::COLON.get(lang), names.join(words::LISTED.get(lang)))
    };
    kinds.into_iter().map(one).collect()
}

/// What the clause is called at the beginning of a line, below its policy's name.
fn place(assessment: &Assessment, line: &Line, lang: Lang) -> String {
    match lang {
        Lang::En => clean(&line.clause),
        Lang::Zh => {
            let name = clause_name(assessment, &line.policy, &line.clause, lang);
            let policy = format!("{} ", clean(&line.policy));
            name.strip_prefix(&policy).map_or(name.clone(), str::to_owned)
        }
    }
}

/// The sums in a line, and the clauses that are open; nothing where no clause is for money.
pub fn totals(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    let money = assessment.lines.iter().any(|line| line.counted == Counted::Total && line.amounts.is_some());
    let figures = below::totals::figures(assessment, lang);
    let whole = |label: &str| label.chars().map(String::from).collect::<Vec<_>>().join(&JOINER.to_string());
    let figures = figures.into_iter().map(|(label, figure)| format!("{}{NO_BREAK_BLANK}{figure}", whole(label)));
    let figures: Vec<String> = figures.collect();
    let mut blocks = Vec::new();
    if money {
        blocks.push(Block::plain(Ink::Bold.on(&figures.join(" · "))));
    }
    let mut open: Vec<String> = Vec::new();
    for line in assessment.lines.iter().filter(|line| line.status == Status::Undetermined) {
        let name = place(assessment, line, lang);
        let name = if assessment.policies.len() > 1 { format!("{} {name}", clean(&line.policy)) } else { name };
        if !open.contains(&name) {
            open.push(name);
        }
    }
    if !open.is_empty() {
        let named = open.iter().take(NAMED).cloned().collect::<Vec<_>>().join(words::LISTED.get(lang));
        let text = match (lang, open.len()) {
            (Lang::Zh, count @ ..=NAMED) => format!("待定{count}条：{named}"),
            (Lang::Zh, count) => format!("待定{count}条：{named}等"),
            (Lang::En, 1) => format!("Open: clause {named}"),
            (Lang::En, count @ ..=NAMED) => format!("Open: {count} clauses: {named}"),
            (Lang::En, count) => format!("Open: {count} clauses: {named}, …"),
        };
        blocks.push(Block::plain(Ink::Yellow.on(&text)));
    }
    blocks
}
