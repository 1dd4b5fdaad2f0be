//! The missing facts, the one that narrows the total most first, with the question to put.

use super::amount::money;
use super::ink::{Ink, finish};
use super::layout::Block;
use super::table::{NARROWEST, paragraphs};
use super::told::{clause_name, head};
use super::tree::Branch;
use super::words::{self, bracketed, say};
use super::{Look, formula};
use crate::assess::model::{Assessment, Status};
use crate::explain::model::{Knowing, Need, Needs};
use crate::lang::Lang;
use crate::source::clean;
use crate::value::{Interval, Number};

/// The whole output.
pub fn render(needs: &Needs, look: &Look) -> String {
    let (lang, width) = (look.lang, look.width.max(NARROWEST));
    let assessment = &needs.assessment;
    let mut parts = vec![paragraphs(&head::blocks(assessment, lang), width)];
    let open = assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count();
    let total = money(assessment.totals.awarded, lang);
    parts.push(paragraphs(&[Block::plain(now(&total, open, needs.needs.len(), lang))], width));
    for (place, need) in needs.needs.iter().enumerate() {
        parts.push(one(assessment, need, place + 1, open, lang).lines(width).join("\n"));
    }
    finish(&parts.join("\n\n"), look.color)
}

/// What a fact bears on, and by how much knowing it narrows the total: lines of a dialogue.
pub fn bearing(needs: &Needs, need: &Need, look: &Look) -> String {
    let open = needs.assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count();
    let branch = one(&needs.assessment, need, 1, open, look.lang);
    let lines: Vec<String> = branch.under.iter().flat_map(|branch| branch.lines(look.width.max(NARROWEST))).collect();
    finish(&lines.join("\n"), false)
}

/// Where a dialogue stands: what is awarded in all, how many lines are open, how many questions are left.
pub fn standing(needs: &Needs, left: usize, lang: Lang) -> String {
    let open = needs.assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count();
    let total = money(needs.assessment.totals.awarded, lang);
    match lang {
        Lang::Zh => format!("核定合计 {total} · 待定{open}项 · 待问{left}项"),
        Lang::En => format!("awarded {total} · open {open} · to ask {left}"),
    }
}

/// Where things stand before anything is supplied.
fn now(total: &str, open: usize, missing: usize, lang: Lang) -> String {
    match (lang, missing) {
        (Lang::Zh, 0) if open == 0 => format!("核定合计 {total}；没有待补的事实"),
        (Lang::Zh, 0) => format!("核定合计 {total}；{open}项待定，但不取决于申请人的事实"),
        (Lang::Zh, _) => format!(
            "核定合计 {total}；{open}项待定；待补事实 {missing}项，按补上一项后合计至少收窄的多少排列（以试过的取值中最不利的为准）"
        ),
        (Lang::En, 0) if open == 0 => format!("Awarded in all {total}; no fact is missing"),
        (Lang::En, 0) => format!("Awarded in all {total}; {open} open, but for no fact of the applicant"),
        (Lang::En, _) => {
            format!(
                "Awarded in all {total}; lines open: {open}; facts missing: {missing}, by how much each narrows the total at worst, over the values tried"
            )
        }
    }
}

fn one(assessment: &Assessment, need: &Need, place: usize, open: usize, lang: Lang) -> Branch {
    let colon = words::COLON.get(lang);
    let text = need.ask.as_ref().unwrap_or(&need.fact.label);
    let name = bracketed(&clean(&need.fact.name), lang);
    let mut under = vec![Branch::leaf(narrows(need, assessment.totals.awarded, open, lang))];
    let mut clauses: Vec<String> = Vec::new();
    for (policy, clause) in &need.clauses {
        let name = clause_name(assessment, policy, clause, lang);
        if !clauses.contains(&name) {
            clauses.push(name);
        }
    }
    let lead = if lang == Lang::Zh { "使其待定：" } else { "keeps open: " };
    under.push(Branch::leaf(format!("{lead}{}", clauses.join(words::LISTED.get(lang)))));
    for (value, knowing) in &need.values {
        let then = format!("{}{}{}", money(knowing.awarded, lang), words::SEMICOLON.get(lang), still(*knowing, lang));
        if need.values.len() == 1 && need.worst.is_some() {
            under.push(Branch::leaf(match lang {
                Lang::Zh => format!("随其值而定，总在此范围：核定合计 {then}"),
                Lang::En => format!("whatever it is, within: awarded in all {then}"),
            }));
            continue;
        }
        let value = formula::value(value, lang);
        under.push(Branch::leaf(match lang {
            Lang::Zh => format!("若为 {value}{colon}核定合计 {then}"),
            Lang::En => format!("if {value}{colon}awarded in all {then}"),
        }));
    }
    Branch::new(format!("{place}. {}{name}", Ink::Bold.on(&say(text, lang))), under)
}

fn still(knowing: Knowing, lang: Lang) -> String {
    match (lang, knowing.open) {
        (Lang::Zh, 0) => "没有待定".to_owned(),
        (Lang::Zh, open) => format!("待定 {open}项"),
        (Lang::En, 0) => "nothing open".to_owned(),
        (Lang::En, open) => format!("{open} open"),
    }
}

/// By how much knowing the fact narrows the total in the worst case.
fn narrows(need: &Need, total: Interval, open: usize, lang: Lang) -> String {
    if !need.tried {
        return match lang {
            Lang::Zh => "待补事实太多，此项没有试算".to_owned(),
            Lang::En => "not tried out, as too much is missing".to_owned(),
        };
    }
    let Some(worst) = need.worst else {
        return match lang {
            Lang::Zh => "其内容无法逐一试算，补充后再核算".to_owned(),
            Lang::En => "its content cannot be tried out; supply it and calculate again".to_owned(),
        };
    };
    let settled = match (open.saturating_sub(worst.open), lang) {
        (0, Lang::Zh) => format!("待定的 {open}项可能一项也定不下"),
        (0, Lang::En) => format!("may settle none of the {open} open lines"),
        (settled, Lang::Zh) => format!("待定的 {open}项至少定下 {settled}项"),
        (settled, Lang::En) => format!("settles at least {settled} of the {open} open lines"),
    };
    let narrowed = match (width(total), width(worst.awarded), lang) {
        (Some(Number::ZERO), _, Lang::Zh) => "合计不受影响".to_owned(),
        (Some(Number::ZERO), _, Lang::En) => "the total is the same in any case".to_owned(),
        (_, Some(Number::ZERO), Lang::Zh) => "合计随之确定".to_owned(),
        (_, Some(Number::ZERO), Lang::En) => "the total is then known".to_owned(),
        (None, Some(now), Lang::Zh) => format!("合计由没有上限变为相差至多 {}", now.grouped()),
        (None, Some(now), Lang::En) => format!("bounds the total to a width of {} at most", now.grouped()),
        (None, None, Lang::Zh) => "合计仍没有上限".to_owned(),
        (None, None, Lang::En) => "the total stays without an upper bound".to_owned(),
        (Some(before), now, _) => {
            let now = now.unwrap_or(before);
            let less = before.minus(now).unwrap_or(Number::ZERO);
            let (before, now) = (before.grouped(), now.grouped());
            match lang {
                Lang::Zh if less == Number::ZERO => format!("合计的幅度可能仍为 {before}"),
                Lang::En if less == Number::ZERO => format!("may leave the total as wide as it is ({before})"),
                Lang::Zh => format!("合计的幅度由 {before} 收窄到至多 {now}（至少收窄 {}）", less.grouped()),
                Lang::En => {
                    format!(
                        "narrows the total from a width of {before} to {now} at most (by {} at least)",
                        less.grouped()
                    )
                }
            }
        }
    };
    format!("{narrowed}{}{settled}", words::SEMICOLON.get(lang))
}

fn width(interval: Interval) -> Option<Number> {
    interval.hi.number()?.minus(interval.lo.number()?)
}
