//! The missing facts that matter, as data.

use serde::Serialize;

use super::{Applicant, Clause, Policy, Range, day, range, words};
use crate::assess::model::Status;
use crate::explain::model::{self, Knowing};
use crate::expr::formula::Shown;
use crate::lang::{Lang, Text};
use crate::report::formula;
use crate::source::clean;

/// The version of the shape.
const SCHEMA: &str = "duixian/needs@1";

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    applicant: Applicant,
    as_of: String,
    policies: Vec<Policy>,
    awarded: Range,
    open: usize,
    needs: Vec<Need>,
}

#[derive(Serialize)]
struct Need {
    name: String,
    label: Text,
    ask: Option<Text>,
    clauses: Vec<Clause>,
    /// In the worst case over its values.
    worst: Option<Known>,
    values: Vec<Settled>,
}

#[derive(Serialize)]
struct Known {
    awarded: Range,
    open: usize,
}

#[derive(Serialize)]
struct Settled {
    value: Text,
    awarded: Range,
    open: usize,
}

/// The whole document, with a line break at its end.
pub fn render(needs: &model::Needs) -> String {
    let assessment = &needs.assessment;
    let document = Document {
        schema: SCHEMA,
        applicant: Applicant::of(&assessment.applicant),
        as_of: day(assessment.as_of),
        policies: assessment.policies.iter().map(Policy::of).collect(),
        awarded: range(assessment.totals.awarded),
        open: assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count(),
        needs: needs.needs.iter().map(need).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn need(need: &model::Need) -> Need {
    let settled = |(value, knowing): &(Shown, Knowing)| {
        let value = Text::made(formula::value(value, Lang::Zh), formula::value(value, Lang::En));
        Settled { value, awarded: range(knowing.awarded), open: knowing.open }
    };
    Need {
        name: clean(&need.fact.name),
        label: words(&need.fact.label),
        ask: need.ask.as_ref().map(words),
        clauses: need
            .clauses
            .iter()
            .map(|(policy, clause)| Clause { policy: clean(policy), clause: clean(clause) })
            .collect(),
        worst: need.worst.map(|worst| Known { awarded: range(worst.awarded), open: worst.open }),
        values: need.values.iter().map(settled).collect(),
    }
}
