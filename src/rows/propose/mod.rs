//! A map of columns, proposed for a table with any heads: what is sure, and what somebody has to decide.
//!
//! What is not sure stands in the proposal behind `#`. Its columns then have no place, and a table is not read by a map that
//! leaves one out: nothing that was only guessed is ever worked out.

mod grid;
mod guess;
mod text;
mod words;

use std::sync::Arc;

pub use grid::Grid;

use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::rows::Fault;
use crate::rows::map::Layout;

/// A proposal.
#[derive(Debug)]
pub struct Proposal {
    layout: Layout,
    keep: Vec<String>,
    leave: Vec<String>,
    found: Vec<Found>,
}

/// What a column probably is.
#[derive(Clone, Debug)]
struct Found {
    to: To,
    from: String,
    unit: Option<String>,
    citizen_id: bool,
    /// Words of the table, with what they mean; those of which nobody knows have no meaning.
    words: Vec<(String, String)>,
    /// Why somebody has to decide; `None`: it is sure.
    doubt: Option<Text>,
}

/// What a column fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum To {
    Fact(String),
    /// A field of a record of a list; records count from 1.
    Field(String, usize, String),
}

impl Found {
    /// A column that fills in something, for sure and as it stands.
    fn of(to: To, from: &str) -> Found {
        Found { to, from: from.to_owned(), unit: None, citizen_id: false, words: Vec::new(), doubt: None }
    }
}

impl Proposal {
    /// A proposal for a table, against these policies.
    pub fn of(grid: &Grid, policies: &[&Policy], file: &Arc<str>) -> Result<Proposal, Vec<Fault>> {
        let Some((layout, names)) = grid.layout() else {
            let reason = Text::new(
                "找不到列名所在的行；对照表请自己写（docs/batch.md）",
                "no line of heads can be found; write the map by hand (docs/batch.md)",
            );
            return Err(vec![Fault::of_line(file, 0, reason)]);
        };
        let guess::Guessed { keep, leave, found } = guess::guess(grid, &layout, &names, policies);
        Ok(Proposal { layout, keep, leave, found })
    }

    /// How many columns are sure, and how many are not.
    pub fn counts(&self) -> (usize, usize) {
        let doubtful = self.found.iter().filter(|found| found.doubt.is_some()).count();
        (self.found.len() - doubtful, doubtful)
    }

    /// The file, as it is to be edited.
    pub fn text(&self, file: &str, lang: Lang) -> String {
        text::text(self, file, lang)
    }
}
