//! A breakdown's first look: the sums and what is open before everything else; in the table what carries an amount or a
//! question; refusals in a line each, and what has no amount in one line together.

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
    let (mut full, mut refused, mut stated) = (Vec::new(), Vec::new(), Vec::new());
    for &line in lines {
        match line.status {
            _ if look.all => full.push(line),
            Status::NotEligible if !carries_an_amount(line) => refused.push(line),
            Status::Stated if line.readings.is_empty() => stated.push(line),
            _ => full.push(line),
        }
    }
    let mut brief = Vec::new();
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
        brief.push((heading, vec![Block::bullet(by_kind(assessment, &stated, look.lang))]));
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

/// `原则：引言、第二十八条；服务：第二十四条`
fn by_kind(assessment: &Assessment, lines: &[&Line], lang: Lang) -> String {
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let (kind, place) = (say(&line.kind_label, lang), place(assessment, line, lang));
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => kinds.push((kind, vec![place])),
        }
    }
    let kinds = kinds
        .into_iter()
        .map(|(kind, places)| format!("{kind}{}{}", words::COLON.get(lang), places.join(words::LISTED.get(lang))));
    kinds.collect::<Vec<_>>().join(words::SEMICOLON.get(lang))
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
