//! How results are written: one file a shape.

mod book;
mod cell;
mod json;
mod long;
mod rejected;
mod wide;

pub use book::Book;
pub use cell::text as cell;
pub(super) use json::SCHEMA;
pub use rejected::rejected;

use std::borrow::Cow;

use crate::batch::{LineView, Plan, TotalsView};
use crate::columns::Outcomes;

/// How the results of a run are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// CSV, one row an applicant and line.
    Long,
    /// CSV, one row an applicant, with a group of columns for each clause.
    Wide,
    /// JSON Lines, one object an applicant.
    Json,
}

/// Whose results they are.
pub(super) struct Applicant<'a> {
    /// The applicant's id; none: the row stands for it.
    pub id: Option<&'a str>,
    /// The line of the row.
    pub line: u64,
    /// The name; empty where there is none.
    pub name: &'a str,
    /// The evaluation date.
    pub as_of: crate::value::Day,
}

impl Applicant<'_> {
    /// What it goes by in the results.
    pub fn id_or_line(&self) -> Cow<'_, str> {
        self.id.map_or_else(|| Cow::Owned(self.line.to_string()), Cow::Borrowed)
    }
}

/// The heads of the columns, as one line; empty where there are none.
pub fn heads(plan: &Plan<'_>) -> Vec<u8> {
    match plan.shape {
        Shape::Long => long::heads(),
        Shape::Wide => wide::heads(plan),
        Shape::Json => Vec::new(),
    }
}

/// Writes the results of one applicant after the other.
pub(super) enum Writer<'p> {
    Long(&'p Plan<'p>),
    Wide(wide::Wide),
    Json(&'p Plan<'p>),
}

impl<'p> Writer<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Writer<'p> {
        match plan.shape {
            Shape::Long => Writer::Long(plan),
            Shape::Wide => Writer::Wide(wide::Wide::new(plan)),
            Shape::Json => Writer::Json(plan),
        }
    }

    pub fn row(
        &mut self,
        applicant: &Applicant<'_>,
        lines: &[LineView<'_>],
        totals: &TotalsView<'_>,
        out: &mut Vec<u8>,
    ) {
        match self {
            Writer::Long(plan) => long::row(plan, applicant, lines, out),
            Writer::Wide(wide) => wide.row(applicant, lines, totals, out),
            Writer::Json(plan) => json::row(plan, applicant, lines, totals, out),
        }
    }

    /// Writes what compiled policies say of a row of a block, where that can be done without looking at the lines one by one;
    /// says whether it was.
    pub fn compiled(&self, applicant: &Applicant<'_>, outcomes: &Outcomes, row: usize, out: &mut Vec<u8>) -> bool {
        match self {
            Writer::Wide(wide) => wide.compiled(applicant, outcomes, row, out),
            Writer::Long(_) | Writer::Json(_) => false,
        }
    }
}
