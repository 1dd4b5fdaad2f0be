//! The breakdown for people: a head, the sums in a line, a row for each clause that carries an amount or a question, the
//! others briefly, and below them the totals and everything that could change them.

mod grid;
mod shape;

pub(super) use grid::{Column, draw};

use super::ink::{Ink, finish};
use super::layout::Block;
use super::told::line::Rows;
use super::told::{below, brief, head, left_out, shown};
use super::{Format, Look};
use crate::assess::model::Assessment;
use crate::lang::Text;

/// The least width that leaves room for the words.
pub const NARROWEST: usize = 40;

/// The breakdown for people.
pub static TABLE: Format = Format {
    name: "table",
    about: Text::new("终端上的表格", "a table for the terminal"),
    names_record: false,
    begin: |_| String::new(),
    one: |assessment, look, _| render(assessment, look),
    between: "\n",
    end: "",
};

/// The whole breakdown.
fn render(assessment: &Assessment, look: &Look) -> String {
    let width = look.width.max(NARROWEST);
    let lines = shown(assessment, look);
    let shape = shape::of(width);
    let columns: Vec<Column> = shape
        .iter()
        .map(|(head, content, _)| Column { head: head.get(look.lang).to_owned(), content: *content })
        .collect();
    let mut rows = Rows::new(look.lang, shape);
    let mut parts = vec![paragraphs(&head::blocks(assessment, look.lang), width)];
    if !look.all && !lines.is_empty() {
        parts.extend(Some(paragraphs(&brief::totals(assessment, look.lang), width)).filter(|text| !text.is_empty()));
    }
    for of_policy in lines.chunk_by(|one, next| one.policy == next.policy) {
        if let (Some(first), true) = (of_policy.first(), assessment.policies.len() > 1) {
            parts.push(paragraphs(&[head::caption(assessment, &first.policy, look.lang)], width));
        }
        let arranged = brief::arranged(assessment, of_policy, look, &brief::HINT);
        if !arranged.full.is_empty() {
            parts.push(grid::draw(&columns, arranged.full.iter().map(|line| rows.cells(line)).collect(), width));
        }
        for (heading, blocks) in arranged.brief {
            parts.push(paragraphs(&[vec![Block::plain(Ink::Bold.on(&heading))], blocks].concat(), width));
        }
    }
    let hidden = left_out(assessment, &lines, look.lang, true);
    parts.extend(hidden.map(|text| paragraphs(&[Block::plain(Ink::Dim.on(&text))], width)));
    for section in below::sections(assessment, &rows.notes, look.lang) {
        let heading = Block::plain(section.ink.on(&section.title));
        parts.push(paragraphs(&[vec![heading], section.blocks].concat(), width));
    }
    finish(&parts.join("\n\n"), look.color)
}

/// Paragraphs one below the other.
pub fn paragraphs(blocks: &[Block], width: usize) -> String {
    blocks.iter().flat_map(|block| block.lines(width)).collect::<Vec<_>>().join("\n")
}
