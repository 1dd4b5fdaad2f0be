//! An assessment, and what checks find, as people or programs read it. Nothing is calculated here: every format only reads.
//!
//! A format is one file (or folder) and its entry in [`FORMATS`].

pub mod again;
pub mod amount;
mod capital;
pub mod csv;
pub mod diff;
mod explanation;
pub mod findings;
mod formula;
mod html;
mod ink;
mod json;
mod layout;
mod markdown;
pub mod needs;
pub mod page;
pub mod payment;
pub mod record;
pub mod signing;
mod table;
pub mod testing;
#[cfg(test)]
mod tests;
mod told;
mod tree;
pub(crate) mod words;

use self::ink::finish;
use self::told::line::Rows;
use self::told::shape::{Content, Part, Shape};
use crate::assess::model::{Assessment, Line};
use crate::explain::model::{Explanation, Needs};
use crate::lang::{Lang, Text};
use crate::report::record::Record;

pub use csv::CSV;
pub use html::{Beside, HTML, statement};
pub use json::JSON;
pub use markdown::MARKDOWN;
pub use table::TABLE;
pub use told::line::calculation::calculation;
pub use told::line::fault;
pub use told::line::parts::texts as parts;

/// An output format: one document for any number of applicants, written one by one.
#[derive(Debug)]
pub struct Format {
    /// As the command line names it.
    pub name: &'static str,
    /// What it is.
    pub about: Text,
    /// Whether it names what went into a result, where that is told.
    pub names_record: bool,
    /// What stands before the first applicant.
    begin: fn(&Look) -> String,
    /// One applicant, with a line break at the end.
    one: fn(&Assessment, &Look, Option<&Record>) -> String,
    /// What stands between two applicants.
    between: &'static str,
    /// What stands behind the last one.
    end: &'static str,
}

/// Every format, in the order in which help names them.
pub static FORMATS: &[&Format] = &[&TABLE, &JSON, &CSV, &MARKDOWN, &HTML];

/// How the output shall look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of a breakdown; data has both.
    pub lang: Lang,
    /// How many columns a breakdown may take; below 40 it takes 40.
    pub width: usize,
    /// Whether escape sequences for colours may be used.
    pub color: bool,
    /// Whether clauses that do not apply are shown too, in any format.
    pub all: bool,
}

/// A document of one format that is being written.
#[derive(Debug)]
pub struct Document {
    format: &'static Format,
    look: Look,
    begun: bool,
}

impl Document {
    /// One without any applicant so far.
    pub fn new(format: &'static Format, look: Look) -> Document {
        Document { format, look, begun: false }
    }

    /// The next applicant's part, with what must stand before it; `record` is what went into it.
    pub fn add(&mut self, assessment: &Assessment, record: Option<&Record>) -> String {
        let before = if self.begun { self.format.between.to_owned() } else { (self.format.begin)(&self.look) };
        self.begun = true;
        format!("{before}{}", (self.format.one)(assessment, &self.look, record))
    }

    /// What ends the document; nothing where it has no applicant.
    pub fn end(self) -> &'static str {
        if self.begun { self.format.end } else { "" }
    }
}

/// The whole document for one applicant, with a line break at its end.
pub fn render(assessment: &Assessment, format: &'static Format, look: &Look) -> String {
    let mut document = Document::new(format, *look);
    let text = document.add(assessment, None);
    text + document.end()
}

/// How one line came about and what it comes to, without its clause's name: a paragraph a line.
pub fn working(line: &Line, lang: Lang) -> String {
    static SHAPE: Shape = &[(&words::WORKING, Content::Words, &[Part::Calculation, Part::Sums, Part::Conclusion])];
    let blocks = Rows::new(lang, SHAPE).cells(line).into_iter().flatten();
    let text: Vec<String> = blocks.map(|block| block.text).collect();
    finish(&text.join("\n"), false)
}

/// How what is no breakdown of clauses is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// As data, in both languages.
    Json,
}

/// An explanation, for people as a tree or as data.
pub fn render_explanation(explanation: &Explanation, form: Form, look: &Look) -> String {
    match form {
        Form::Text => explanation::render(explanation, look),
        Form::Json => json::explanation::render(explanation),
    }
}

/// Which missing facts matter, for people or as data.
pub fn render_needs(needs: &Needs, form: Form, look: &Look) -> String {
    match form {
        Form::Text => needs::render(needs, look),
        Form::Json => json::needs::render(needs),
    }
}
