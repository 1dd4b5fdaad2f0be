//! The breakdown for people: a head, a line for each clause, and below it the totals and everything that could change them.

mod below;
mod grid;
pub mod head;
pub mod row;
mod shape;

pub(super) use grid::{Column, Content, draw};
pub(super) use row::fault;

use super::Look;
use super::ink::{Ink, finish};
use super::layout::Block;
use super::words;
use crate::assess::model::{Assessment, Line, Status};
use crate::lang::Lang;
use crate::source::clean;
use row::Rows;

/// The least width that leaves room for the words.
pub const NARROWEST: usize = 40;

/// The whole breakdown.
pub fn render(assessment: &Assessment, look: &Look) -> String {
    let width = look.width.max(NARROWEST);
    let lines: Vec<&Line> = assessment.lines.iter().filter(|line| look.all || applies(line)).collect();
    let mut rows = Rows { lang: look.lang, shape: shape::of(width), notes: Vec::new() };
    let mut parts = vec![paragraphs(&head::blocks(assessment, look.lang), width)];
    for of_policy in lines.chunk_by(|one, next| one.policy == next.policy) {
        if let (Some(first), true) = (of_policy.first(), assessment.policies.len() > 1) {
            parts.push(paragraphs(&[head::caption(assessment, &first.policy, look.lang)], width));
        }
        parts.push(grid::draw(&rows.heads(), of_policy.iter().map(|line| rows.cells(line)).collect(), width));
    }
    parts.extend(left_out(assessment, &lines, look.lang).map(|block| paragraphs(&[block], width)));
    parts
        .extend(below::sections(assessment, &lines, &rows.notes, look.lang).iter().map(|part| paragraphs(part, width)));
    finish(&parts.join("\n\n"), look.color)
}

fn applies(line: &Line) -> bool {
    line.status != Status::NotApplicable
}

/// Says how many lines are not shown, or that there are none.
fn left_out(assessment: &Assessment, shown: &[&Line], lang: Lang) -> Option<Block> {
    let hidden = assessment.lines.len().saturating_sub(shown.len());
    let text = match (lang, hidden) {
        (_, 0) if shown.is_empty() => words::NO_CLAUSES.get(lang).to_owned(),
        (_, 0) => return None,
        (Lang::Zh, _) if shown.is_empty() => format!("没有适用的条款；{hidden}条不适用，未列出（--all 可列出）"),
        (Lang::En, _) if shown.is_empty() => format!("No clause applies; {hidden} not shown (--all shows them)"),
        (Lang::Zh, _) => format!("另有{hidden}条不适用，未列出（--all 可列出）"),
        (Lang::En, 1) => "1 clause that does not apply is not shown (--all shows it)".to_owned(),
        (Lang::En, _) => format!("{hidden} clauses that do not apply are not shown (--all shows them)"),
    };
    Some(Block::plain(Ink::Dim.on(&text)))
}

/// Paragraphs one below the other.
pub fn paragraphs(blocks: &[Block], width: usize) -> String {
    blocks.iter().flat_map(|block| block.lines(width)).collect::<Vec<_>>().join("\n")
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
