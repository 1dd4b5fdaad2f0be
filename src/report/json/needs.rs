//! The missing facts that matter, as data.

use serde::Serialize;

use super::parts::{Asked, Head, Range, range, shown, written};
use crate::assess::model::Status;
use crate::explain::model::{self, Knowing};
use crate::expr::formula::Shown;
use crate::lang::Text;

/// The version of the shape.
const SCHEMA: &str = "duixian/needs@1";

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    known: Known,
    needs: Vec<Need>,
}

#[derive(Serialize)]
struct Need {
    #[serde(flatten)]
    asked: Asked,
    /// Whether its values were tried.
    tried: bool,
    /// In the worst case over its values.
    worst: Option<Known>,
    values: Vec<Settled>,
}

/// What is awarded, and how many lines are open.
#[derive(Serialize)]
struct Known {
    awarded: Range,
    open: usize,
}

#[derive(Serialize)]
struct Settled {
    value: Text,
    #[serde(flatten)]
    known: Known,
}

/// The whole document, with a line break at its end.
pub fn render(needs: &model::Needs) -> String {
    let assessment = &needs.assessment;
    let document = Document {
        head: Head::of(SCHEMA, assessment),
        known: Known {
            awarded: range(assessment.totals.awarded),
            open: assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count(),
        },
        needs: needs.needs.iter().map(need).collect(),
    };
    written(&document)
}

fn need(need: &model::Need) -> Need {
    let known = |knowing: &Knowing| Known { awarded: range(knowing.awarded), open: knowing.open };
    let settled = |(value, knowing): &(Shown, Knowing)| Settled { value: shown(value), known: known(knowing) };
    Need {
        asked: Asked::of(&need.fact, need.ask.as_ref(), &need.clauses),
        tried: need.tried,
        worst: need.worst.as_ref().map(known),
        values: need.values.iter().map(settled).collect(),
    }
}
