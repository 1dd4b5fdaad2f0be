//! How results are written: one file a shape.

mod book;
pub mod budget;
mod cell;
mod json;
mod long;
pub mod payments;
mod rejected;
pub mod returned;
mod sheets;
mod void;
mod wide;

pub use book::Book;
pub use cell::text as cell;
pub(super) use json::SCHEMA;
pub use rejected::rejected;
pub use void::void;

use std::borrow::Cow;

use crate::assess::model::Warning;
use crate::assess::warnings::OF_APPLICANT;
use crate::batch::{LineView, Plan, TotalsView};
use crate::columns::Outcomes;
use crate::policy::Policy;
use crate::settle::Otherwise;

/// How the results of a run are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// CSV, one row an applicant and line.
    Long,
    /// CSV, one row an applicant, with a group of columns for each clause.
    Wide,
    /// JSON Lines, one object an applicant.
    Json,
    /// The rows of an office's workbook, for [`Book`].
    Sheets,
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
    /// What is carried along from the row, in the order of the plan's heads for it.
    pub kept: Vec<&'a str>,
    /// What must be known of this applicant's data before signing.
    pub warnings: &'a [Warning],
}

impl Applicant<'_> {
    /// What it goes by in the results.
    pub fn id_or_line(&self) -> Cow<'_, str> {
        self.id.map_or_else(|| Cow::Owned(self.line.to_string()), Cow::Borrowed)
    }

    /// The marks of its policies, and the codes of what else a table says of its results: that a record is perhaps there
    /// twice, that sums are perhaps too wide.
    fn marked(&self, policies: &str) -> String {
        let told = |code: &&str| self.warnings.iter().any(|warning| warning.code == *code);
        let own = OF_APPLICANT.into_iter().filter(told).collect::<Vec<_>>().join(" ");
        [policies, own.as_str()].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The policies that lines are of, in the plan's order, and whether each has expired on the evaluation date.
fn marks<'a>(
    plan: &Plan<'a>,
    lines: &[LineView<'_>],
    as_of: crate::value::Day,
) -> impl Iterator<Item = (&'a Policy, bool)> {
    let mut places: Vec<usize> = lines.iter().map(|line| line.policy).collect();
    places.sort_unstable();
    places.dedup();
    let policies = places.into_iter().filter_map(|place| plan.setup.policies.get(place).copied()).collect::<Vec<_>>();
    policies.into_iter().map(move |policy| (policy, policy.is_expired(as_of)))
}

/// What must be known of a policy before anything is paid under it: `draft`, `trial`, `expired`…; empty where it is in force.
fn mark(policy: &Policy, as_of: crate::value::Day) -> String {
    let standing = policy.status.warning.as_ref().map(|_| policy.status.name);
    let expired = policy.is_expired(as_of).then_some("expired");
    standing.into_iter().chain(expired).collect::<Vec<_>>().join(" ")
}

/// The ids of the readings under another option of which a line comes out, or claims, otherwise; those of other policies with
/// the policy's id before them.
fn readings<'a>(plan: &Plan<'a>, policy: Option<usize>, otherwise: &[Otherwise]) -> Vec<Cow<'a, str>> {
    let mut found: Vec<Cow<'a, str>> = Vec::new();
    for other in otherwise {
        let Some(named) = plan.reading(other.alternative.policy, other.alternative.reading) else { continue };
        let own = policy.is_none_or(|policy| policy == named.place);
        let id = if own { Cow::Borrowed(named.id()) } else { format!("{}/{}", named.policy.id, named.id()).into() };
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The heads of the columns, as one line; empty where there are none.
pub fn heads(plan: &Plan<'_>) -> Vec<u8> {
    match plan.shape {
        Shape::Long => long::heads(plan),
        Shape::Wide => wide::heads(plan),
        Shape::Json | Shape::Sheets => Vec::new(),
    }
}

/// A head that is carried along, and is one of the results' own, too.
pub fn in_use<'p>(plan: &'p Plan<'_>) -> Option<&'p str> {
    if plan.shape == Shape::Sheets {
        return sheets::in_use(plan);
    }
    let heads = heads(plan);
    let own: Vec<&[u8]> = heads.trim_ascii_end().split(|byte| *byte == b',').collect();
    let is_own = |head: &&String| own.iter().filter(|known| **known == head.as_bytes()).count() > 1;
    plan.kept.iter().find(is_own).map(String::as_str)
}

/// Writes the results of one applicant after the other.
pub(super) enum Writer<'p> {
    Long(&'p Plan<'p>),
    Wide(wide::Wide<'p>),
    /// With the fingerprints of policies, where limits over all applicants are left to be settled.
    Json(&'p Plan<'p>, Vec<String>),
    Sheets(&'p Plan<'p>),
}

impl<'p> Writer<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Writer<'p> {
        match plan.shape {
            Shape::Long => Writer::Long(plan),
            Shape::Wide => Writer::Wide(wide::Wide::new(plan)),
            Shape::Json => Writer::Json(plan, json::fingerprints(plan)),
            Shape::Sheets => Writer::Sheets(plan),
        }
    }

    /// For results of which the limits are settled.
    pub fn of_settled(plan: &'p Plan<'p>) -> Writer<'p> {
        if plan.shape == Shape::Json { Writer::Json(plan, Vec::new()) } else { Writer::new(plan) }
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
            Writer::Json(plan, fingerprints) => json::row(plan, fingerprints, applicant, lines, totals, out),
            Writer::Sheets(plan) => sheets::row(plan, applicant, lines, totals, out),
        }
    }

    /// Writes what compiled policies say of a row of a block, where that can be done without looking at the lines one by one;
    /// says whether it was.
    pub fn compiled(
        &mut self,
        applicant: &Applicant<'_>,
        (outcomes, row): (&Outcomes, usize),
        changed: &[Otherwise],
        out: &mut Vec<u8>,
    ) -> bool {
        match self {
            Writer::Wide(wide) => wide.compiled(applicant, (outcomes, row), changed, out),
            Writer::Long(_) | Writer::Json(..) | Writer::Sheets(_) => false,
        }
    }
}
