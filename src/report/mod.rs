//! An assessment, and what checks find, as people or programs read it. Nothing is calculated here: every format only reads.

mod amount;
mod explanation;
pub mod findings;
mod formula;
mod ink;
mod json;
mod layout;
mod needs;
pub mod page;
mod table;
pub mod testing;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use crate::assess::model::Assessment;
use crate::explain::model::{Explanation, Needs};
use crate::lang::Lang;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The breakdown for people.
    Table,
    /// The same content as data, in both languages.
    Json,
}

/// How the output shall look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of a breakdown; data has both.
    pub lang: Lang,
    /// How many columns a breakdown may take; below 40 it takes 40.
    pub width: usize,
    /// Whether escape sequences for colours may be used.
    pub color: bool,
    /// Whether clauses that do not apply are shown too, in either format.
    pub all: bool,
}

/// The whole output, with a line break at its end.
pub fn render(assessment: &Assessment, format: Format, look: &Look) -> String {
    match format {
        Format::Table => table::render(assessment, look),
        Format::Json => json::render(assessment, look.all),
    }
}

/// An explanation, for people as a tree or as data.
pub fn render_explanation(explanation: &Explanation, format: Format, look: &Look) -> String {
    match format {
        Format::Table => explanation::render(explanation, look),
        Format::Json => json::explanation::render(explanation),
    }
}

/// Which missing facts matter, for people or as data.
pub fn render_needs(needs: &Needs, format: Format, look: &Look) -> String {
    match format {
        Format::Table => needs::render(needs, look),
        Format::Json => json::needs::render(needs),
    }
}
