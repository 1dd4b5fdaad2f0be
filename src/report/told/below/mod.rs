//! Below the breakdown: notes, totals, what is not in them, what is missing, other readings, warnings.

mod missing;
mod readings;
pub mod totals;

use crate::assess::model::Assessment;
use crate::lang::{Lang, Text};
use crate::report::ink::Ink;
use crate::report::layout::Block;
use crate::report::told::head;
use crate::report::told::line::parts;
use crate::report::words::{self, bracketed, say};

/// Something to be said below the breakdown.
pub struct Section {
    /// What it is about.
    pub heading: &'static Text,
    /// The heading as it is written: sums name their currency.
    pub title: String,
    /// The heading's colour.
    pub ink: Ink,
    /// What it says; never empty.
    pub blocks: Vec<Block>,
}

/// The sections that have something to say; `notes` are those that the lines shown refer to.
pub fn sections(assessment: &Assessment, notes: &[String], lang: Lang) -> Vec<Section> {
    let numbered = notes.iter().enumerate().map(|(place, note)| Block::numbered(place + 1, note)).collect();
    let warned = assessment.warnings.iter().map(|warning| Block::bullet(say(&warning.text, lang))).collect();
    let left_out = assessment.left_out.iter().map(|policy| {
        let why = bracketed(&say(&policy.why, lang), lang);
        Block::bullet(format!("{}{why}", say(&policy.title, lang)))
    });
    let divided = assessment.parts();
    let divided = divided.iter().flat_map(|parts| parts::texts(parts, lang)).map(Block::bullet).collect();
    let parts: [(&'static Text, Ink, Vec<Block>); 8] = [
        (&words::NOTES, Ink::Bold, numbered),
        (&words::TOTALS, Ink::Bold, totals::sums(assessment, lang)),
        (&words::PARTS, Ink::Bold, divided),
        (&words::NOT_COUNTED, Ink::Bold, totals::not_counted(assessment, lang)),
        (&words::MISSING, Ink::Bold, missing::blocks(assessment, lang)),
        (&words::READINGS, Ink::Bold, readings::blocks(assessment, lang)),
        (&words::WARNINGS, Ink::Yellow, warned),
        (&words::LEFT_OUT, Ink::Bold, left_out.collect()),
    ];
    let said = parts.into_iter().filter(|(_, _, blocks)| !blocks.is_empty());
    let title = |heading: &Text| match *heading == words::TOTALS {
        true => format!("{}{}", heading.get(lang), bracketed(&head::currency(assessment, lang), lang)),
        false => heading.get(lang).to_owned(),
    };
    said.map(|(heading, ink, blocks)| Section { heading, title: title(heading), ink, blocks }).collect()
}
