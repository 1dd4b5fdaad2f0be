//! What a page of a policy holds, before it is written in any form: sections, and in them pieces.

use crate::report::layout::Block;

/// A page.
#[derive(Debug)]
pub struct Page {
    /// The policy's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What stands right below it: who issued it, its standing, its window, notes.
    pub below: Vec<String>,
    /// Clause by clause, then what is common to all.
    pub sections: Vec<Section>,
}

/// A clause, or a part that is common to all clauses.
#[derive(Debug)]
pub struct Section {
    /// What a link to it names.
    pub anchor: String,
    /// Whether it is a clause.
    pub is_clause: bool,
    /// Its heading.
    pub heading: String,
    /// What is in it.
    pub pieces: Vec<Piece>,
}

/// Something in a section.
#[derive(Debug)]
pub enum Piece {
    /// A paragraph.
    Text(String),
    /// Something under a word for what it is: `封顶：30万元`.
    Named(Named),
    /// Rows below heads.
    Table(Table),
    /// A part with a heading of its own.
    Entry(Entry),
    /// The working of a line, as a breakdown has it.
    Working(Vec<Block>),
    /// Parts that are told only where everything is, and what there is of them.
    Folded(String, Vec<Entry>),
}

/// Something under a word for what it is.
#[derive(Debug, Default)]
pub struct Named {
    /// What it is.
    pub lead: String,
    /// In words.
    pub text: String,
    /// As formulas, each on a line of its own.
    pub formulas: Vec<String>,
    /// The sections that it leads to: anchor and heading.
    pub leads_to: Vec<(String, String)>,
}

/// A small table: steps, cells, coverage.
#[derive(Debug)]
pub struct Table {
    /// What it is called.
    pub caption: String,
    /// The heads.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A part with a heading of its own.
#[derive(Debug)]
pub struct Entry {
    /// What a link to it names; empty: nothing leads to it.
    pub anchor: String,
    /// Its heading.
    pub heading: String,
    /// What is in it.
    pub pieces: Vec<Piece>,
}

impl Piece {
    /// Words under a word for what they are.
    pub fn named(lead: impl Into<String>, text: impl Into<String>) -> Piece {
        Piece::Named(Named { lead: lead.into(), text: text.into(), ..Named::default() })
    }

    /// Formulas under a word for what they are.
    pub fn formulas(lead: impl Into<String>, formulas: Vec<String>) -> Piece {
        Piece::Named(Named { lead: lead.into(), formulas, ..Named::default() })
    }
}
