//! What a run does with every row.

use crate::applicant::Applicant;
use crate::assess::model::Assessment;
use crate::assess::{Detail, assess_some};
use crate::batch::Shape;
use crate::document::Table;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::rows::{Fault, Row, Setup, Sheet};
use crate::value::Value;

/// Which of the policies are for an applicant.
pub enum Choice<'a> {
    /// All that were asked for.
    All,
    /// Those that fit what the applicant's document says; their places.
    Fitting(&'a (dyn Fn(&Table) -> Vec<usize> + Sync)),
}

/// What a run does with every row: the same for all of them.
pub struct Plan<'a> {
    /// What rows are read with.
    pub setup: Setup<'a>,
    /// Which policies are for an applicant.
    pub choice: Choice<'a>,
    /// Whether a fact is asked for by a policy that is not in use.
    pub elsewhere: &'a (dyn Fn(&str) -> bool + Sync),
    /// For each policy the options of readings that are taken: the input and its value.
    pub readings: Vec<Vec<(usize, Value)>>,
    /// For each policy whether each of its clauses is wanted.
    pub wanted: Vec<Vec<bool>>,
    /// The language of reasons.
    pub lang: Lang,
    /// How results are written.
    pub shape: Shape,
    /// Whether policies are compiled, where that can be done. The results are the same.
    pub compile: bool,
}

/// What one row came to by the general evaluation.
pub(super) struct Assessed {
    pub assessment: Assessment,
    /// For each policy of the assessment its place in the plan.
    pub policies: Vec<usize>,
}

impl Plan<'_> {
    /// Whether a clause is wanted, by the places of policy and clause.
    pub fn is_wanted(&self, policy: usize, clause: usize) -> bool {
        self.wanted.get(policy).and_then(|clauses| clauses.get(clause)).copied().unwrap_or(false)
    }

    /// Every clause that is wanted, by the places of policy and clause.
    pub fn clauses(&self) -> impl Iterator<Item = (usize, usize)> {
        let of = |(policy, clauses): (usize, &Vec<bool>)| {
            let places: Vec<usize> =
                clauses.iter().enumerate().filter(|(_, wanted)| **wanted).map(|(clause, _)| clause).collect();
            places.into_iter().map(move |clause| (policy, clause))
        };
        self.wanted.iter().enumerate().flat_map(of)
    }

    /// The applicant of a row, with the places of the policies that are for it, or what is wrong with the row.
    pub(super) fn applicant(&self, row: &Row, sheet: &Sheet) -> Result<(Applicant, Vec<usize>), Vec<Fault>> {
        let fitting = |document: &Table| match self.choice {
            Choice::All => (0..self.setup.policies.len()).collect(),
            Choice::Fitting(fitting) => fitting(document),
        };
        row.applicant(sheet, &self.setup, &fitting, &self.elsewhere)
    }

    /// Works out one row as `calc` does, or says what is wrong with it.
    pub(super) fn assess(&self, row: &Row, sheet: &Sheet) -> Result<Assessed, Vec<Fault>> {
        let (mut applicant, places) = self.applicant(row, sheet)?;
        for (inputs, place) in applicant.inputs.iter_mut().zip(&places) {
            for (slot, value) in self.readings.get(*place).into_iter().flatten() {
                if let Some(input) = inputs.get_mut(*slot) {
                    input.clone_from(value);
                }
            }
        }
        let policies: Vec<&Policy> =
            places.iter().filter_map(|place| self.setup.policies.get(*place).copied()).collect();
        let wanted = |id: &str, clause: &str| {
            let policy = places
                .iter()
                .copied()
                .find(|place| self.setup.policies.get(*place).is_some_and(|policy| policy.id == id));
            let found = policy.and_then(|place| Some((place, self.setup.policies.get(place)?.clause(clause)?)));
            found.is_some_and(|(policy, clause)| self.is_wanted(policy, clause))
        };
        let assessment = assess_some(&policies, &applicant, &wanted, Detail::Brief);
        Ok(Assessed { assessment, policies: places })
    }
}
