//! Files of many applicants: a row each, read against the policies as a file of one applicant is.
//!
//! A row becomes the same document that `calc` reads from TOML, so that a cell means what the same words mean there.

mod asked;
mod breaks;
mod cell;
mod citizen;
mod csv;
mod decoded;
mod documents;
mod fault;
pub mod form;
mod formats;
pub mod guard;
mod heads;
mod json;
mod kept;
mod lines;
mod lists;
pub mod map;
pub mod payment_list;
pub mod propose;
mod quick;
mod quotes;
pub mod raw;
mod records;
pub mod reserved;
mod row;
mod seen;
mod shape;
mod strange;
mod units;
mod xlsx;

pub use asked::{Field, ListFields};
pub use cell::Cells;
pub use citizen::{citizen_id, masked};
pub use csv::Csv;
pub use decoded::Decoded;
pub use documents::Documents;
pub use fault::Fault;
pub use heads::{Column, Heads, Others};
pub use json::{Json, Line};
pub use kept::Store;
pub use lines::Lines;
pub use lists::{Lists, MOST_NAMED};
pub use quick::Quick;
pub use records::{Block, Piece, Records, Stretch};
pub use row::{Content, Document, Row, Setup};
pub use seen::{Fingerprint, Ids, Place, Seen, Tables};
pub use units::{HeadUnit, without_quotes};
pub use xlsx::{LARGEST, Texts, Xlsx, names_of, texts};

use std::sync::Arc;

/// A table of rows.
#[derive(Debug)]
pub struct Sheet {
    /// The file, as the user called it.
    pub file: Arc<str>,
    /// The heads of its columns; none where every row names its own facts.
    pub heads: Heads,
    /// What stands between two cells of a line.
    pub separator: u8,
}

impl Sheet {
    /// A row as messages name it: `people.csv:17`, and of a workbook where its id stands: `people.xlsx 花名册!A17`.
    pub fn row_place(&self, line: u64) -> String {
        let mut tables = Tables::default();
        let place = tables.place(&self.file, &self.heads, line);
        tables.words(place)
    }
}

/// Something that gives rows until there are no more. It does not fail: what cannot be used is a row that says why.
pub trait Rows {
    /// The table that the rows belong to.
    fn sheet(&self) -> &Arc<Sheet>;

    /// The next row, or several of them; `memory` that is no longer needed is for what they hold.
    fn next(&mut self, memory: Vec<u8>) -> Option<Next>;
}

/// What a table gives.
#[derive(Debug)]
pub enum Next {
    /// A row.
    Row(Row),
    /// Several, not yet taken apart.
    Stretch(Stretch),
}

impl From<Next> for Piece {
    fn from(next: Next) -> Piece {
        match next {
            Next::Row(row) => Piece::Rows(vec![row]),
            Next::Stretch(stretch) => Piece::Stretch(stretch),
        }
    }
}
