//! Files of many applicants: a row each, read against the policies as a file of one applicant is.
//!
//! A row becomes the same document that `calc` reads from TOML, so that a cell means what the same words mean there.

mod asked;
mod cell;
mod csv;
mod decoded;
mod documents;
mod fault;
mod heads;
mod json;
mod lists;
mod row;
mod seen;
mod xlsx;

pub use asked::{Field, ListFields};
pub use cell::Cells;
pub use csv::Csv;
pub use decoded::Decoded;
pub use documents::Documents;
pub use fault::Fault;
pub use heads::{Column, Heads};
pub use json::Json;
pub use lists::Lists;
pub use row::{Content, Document, Row, Setup};
pub use seen::Seen;
pub use xlsx::{LARGEST, Xlsx};

use std::sync::Arc;

/// A table of rows.
#[derive(Debug)]
pub struct Sheet {
    /// The file, as the user called it.
    pub file: Arc<str>,
    /// The heads of its columns; none where every row names its own facts.
    pub heads: Heads,
}

/// Something that gives rows until there are no more. It does not fail: what cannot be used is a row that says why.
pub trait Rows {
    /// The table that the rows belong to.
    fn sheet(&self) -> &Arc<Sheet>;

    /// The next row; `spare` is one that is no longer needed, for its memory.
    fn next(&mut self, spare: Option<Row>) -> Option<Row>;
}
