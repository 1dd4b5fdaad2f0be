//! What is made of each applicant beside the results: statements, and the lines of a payment list.

use std::io;

use crate::assess::model::Assessment;
use crate::batch::output::{Applicant, payments};
use crate::batch::worker::Done;
use crate::batch::{LineView, Plan};

/// What is to be made beside the results.
#[derive(Clone, Copy, Default)]
pub struct Papers<'a> {
    /// Who makes statements.
    pub statements: Option<&'a dyn Statements>,
    /// Whether the lines of a payment list are written.
    pub payments: bool,
}

impl Papers<'_> {
    /// Whether there is anything to be made, for which every row is worked out in full.
    pub fn are_wanted(&self) -> bool {
        self.statements.is_some() || self.payments
    }
}

/// Makes statements, on whichever thread the row was worked out.
pub trait Statements: Sync {
    /// Makes one, unless none is wanted; says whether it did. The same ordinal may come twice, and the second counts.
    fn make(&self, paper: &Paper<'_>) -> io::Result<bool>;
}

/// What a statement is made of.
pub struct Paper<'a> {
    /// A number above those of all rows before it.
    pub ordinal: u64,
    /// What the applicant is called, if it has a name of its own there.
    pub id: Option<&'a str>,
    /// What is carried along from the row, in the order of the plan's heads for it.
    pub kept: &'a [&'a str],
    /// What it came to, limits over all applicants included.
    pub assessment: &'a Assessment,
}

/// A statement that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The number that it was made under.
    pub ordinal: u64,
    /// What the applicant goes by in the results.
    pub id: String,
}

/// Makes what is wanted of one applicant.
pub(super) fn make(
    plan: &Plan<'_>,
    applicant: &Applicant<'_>,
    ordinal: u64,
    lines: &[LineView<'_>],
    assessment: &Assessment,
    done: &mut Done,
) {
    if plan.papers.payments {
        payments::rows(plan, applicant, lines, &mut done.payments, &mut done.summary);
    }
    let Some(statements) = plan.papers.statements else { return };
    let paper = Paper { ordinal, id: applicant.id, kept: &applicant.kept, assessment };
    match statements.make(&paper) {
        Ok(true) => done.made.push(Made { ordinal, id: applicant.id_or_line().into_owned() }),
        Ok(false) => {}
        Err(error) => done.failed = done.failed.take().or(Some(error)),
    }
}
