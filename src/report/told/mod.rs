//! A breakdown in words, part by part, before any layout: what the formats for people have in common.

pub mod below;
pub mod brief;
pub mod head;
pub mod line;
pub mod shape;

use super::Look;
use super::words;
use crate::assess::model::{Assessment, Line, Status};
use crate::lang::Lang;
use crate::source::clean;

/// The lines that are shown.
pub fn shown<'a>(assessment: &'a Assessment, look: &Look) -> Vec<&'a Line> {
    let shown = |line: &&Line| look.all || line.status != Status::NotApplicable;
    assessment.lines.iter().filter(shown).collect()
}

/// The lines that are written as data: also those that do not apply but would under another reading.
pub fn written<'a>(assessment: &'a Assessment, look: &Look) -> Vec<&'a Line> {
    let written = |line: &&Line| look.all || line.status != Status::NotApplicable || !line.readings.is_empty();
    assessment.lines.iter().filter(written).collect()
}

/// Says how many lines are not shown, or that there are none; `hint`: what shows them.
pub fn left_out(assessment: &Assessment, shown: &[&Line], lang: Lang, hint: bool) -> Option<String> {
    let hidden = assessment.lines.len().saturating_sub(shown.len());
    let hint = |zh: &'static str, en: &'static str| match (hint, lang) {
        (false, _) => "",
        (true, Lang::Zh) => zh,
        (true, Lang::En) => en,
    };
    let them = hint("（--all 可列出）", " (--all shows them)");
    Some(match (lang, hidden) {
        (_, 0) if shown.is_empty() => words::NO_CLAUSES.get(lang).to_owned(),
        (_, 0) => return None,
        (Lang::Zh, _) if shown.is_empty() => format!("没有适用的条款；{hidden}条不适用，未列出{them}"),
        (Lang::En, _) if shown.is_empty() => format!("No clause applies; {hidden} not shown{them}"),
        (Lang::Zh, _) => format!("另有{hidden}条不适用，未列出{them}"),
        (Lang::En, 1) => format!("1 clause that does not apply is not shown{}", hint("", " (--all shows it)")),
        (Lang::En, _) => format!("{hidden} clauses that do not apply are not shown{them}"),
    })
}

/// What a clause is called in running text: where it stands in the law, in English by its number; with several policies
/// the policy's id before it.
pub fn clause_name(assessment: &Assessment, policy: &str, clause: &str, lang: Lang) -> String {
    let line = assessment.lines.iter().find(|line| line.policy == policy && line.clause == clause);
    let cite = line.map(|line| clean(&line.cite)).filter(|cite| !cite.is_empty());
    let shared = line.is_some_and(|line| {
        assessment.lines.iter().any(|other| other.cite == line.cite && other.policy == policy && other.clause != clause)
    });
    let name = match lang {
        Lang::Zh if shared => format!("{}（{}）", cite.unwrap_or_default(), clean(clause)),
        Lang::Zh => cite.unwrap_or_else(|| clean(clause)),
        Lang::En => format!("clause {}", clean(clause)),
    };
    if assessment.policies.len() > 1 { format!("{} {name}", clean(policy)) } else { name }
}
