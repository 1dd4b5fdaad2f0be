//! A map of columns: where in a table that is already there the heads and the rows stand, and what each column holds.
//!
//! `duixian columns` proposes one; `batch --columns` reads tables by it. Every column has its place in the map, so that none is
//! passed over without a word.

mod against;
pub mod keys;
mod layout;
mod read;
mod rows;

use std::sync::Arc;

pub use against::Mapping;
pub(super) use against::brackets;
pub use layout::{Layout, names};
pub(super) use layout::{begins_with, last_part};
pub use rows::{Beside, Mapped};

/// What a table's columns hold, as its file says.
#[derive(Debug)]
pub struct Map {
    /// The file, as the user called it.
    file: Arc<str>,
    /// Where heads and rows stand.
    pub layout: Layout,
    uses: Vec<Use>,
    /// The heads of columns that are carried along to the results.
    pub keep: Vec<String>,
    leave: Vec<(String, u64)>,
    /// Lists that are empty where all their columns are; others are then unknown.
    none_if_blank: Vec<String>,
}

impl Map {
    /// The words that a table has below a head in the place of others.
    pub fn words(&self, head: &str) -> impl Iterator<Item = &str> {
        let head = layout::compared(head);
        let own = self.uses.iter().filter(move |own| layout::compared(&own.from) == head);
        own.flat_map(|own| own.words.iter().map(|(word, _)| word.as_str())).filter(|word| !word.is_empty())
    }
}

/// What a column is used for.
#[derive(Debug)]
struct Use {
    to: To,
    /// The head of its column.
    from: String,
    /// The unit of its numbers, where the head does not say it.
    unit: Option<String>,
    reading: Reading,
    /// Words of the table, with what they mean.
    words: Vec<(String, String)>,
    /// The line of the map's file.
    line: u64,
}

/// What a column fills in.
#[derive(Debug)]
enum To {
    /// A fact, or one of an applicant's own words, by its name or label.
    Fact(String),
    /// A field of a record of a list; records count from 0.
    Field(String, usize, String),
    /// Nothing; it is carried along.
    Kept,
}

/// How cells are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// As they are.
    Plain,
    /// As a citizen identity number, for the day of birth in it.
    CitizenId,
}
