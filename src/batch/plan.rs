//! What a run does with every row.

use std::collections::BTreeSet;

use crate::applicant::{Applicant, replace};
use crate::assess::model::Assessment;
use crate::assess::{Detail, assess_places};
use crate::batch::{LineView, Papers, Shape, Versus, people};
use crate::clause::Clause;
use crate::document::Table;
use crate::expr::formula::UnitName;
use crate::expr::names::Names;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::policy::among::{self, Named};
use crate::rows::{Fault, Row, Setup, Sheet};
use crate::settle::{Alternative, Decisions};
use crate::value::{Number, Value};

/// What becomes of limits over all applicants.
#[derive(Clone, Copy, Debug, Default)]
pub enum Across<'a> {
    /// They are left to be settled later; lines say so, and JSON Lines carry the claims.
    #[default]
    Later,
    /// Only the claims are gathered, and nothing is written.
    Gather,
    /// They are settled, as decided on the claims of all rows.
    Settled(&'a Decisions),
}

/// Which of the policies are for an applicant.
#[derive(Clone, Copy)]
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
    /// What becomes of limits over all applicants.
    pub across: Across<'a>,
    /// How much is told of every row: up to what other options of readings would change, or every step too.
    pub detail: Detail,
    /// Whether results are a row an applicant, and not a row a line besides.
    pub is_wide: bool,
    /// The heads of the columns that are carried along to the results.
    pub kept: Vec<String>,
    /// What is made of each applicant beside the results.
    pub papers: Papers<'a>,
    /// How much money there is, where it is asked at whom it ends.
    pub budget: Option<Number>,
    /// The policy that each row is held against, and worked out under as well; nothing else is then written.
    pub versus: Option<&'a Versus<'a>>,
}

/// What one row came to by the general evaluation, without the clauses for other kinds of applicants.
pub(super) struct Assessed {
    pub assessment: Assessment,
    /// For each policy of the assessment its place in the plan.
    pub policies: Vec<usize>,
    /// How many payments belong to policies that were not applied.
    pub elsewhere: u64,
    /// How many were made after the evaluation date.
    pub later: u64,
    /// Who and what stands in its records.
    pub people: BTreeSet<people::Who>,
}

impl<'a> Plan<'a> {
    /// All clauses of the policies, as `batch` works them out where nothing else is asked for.
    pub fn new(setup: Setup<'a>) -> Plan<'a> {
        Plan {
            wanted: setup.policies.iter().map(|policy| vec![true; policy.clauses.len()]).collect(),
            readings: vec![Vec::new(); setup.policies.len()],
            setup,
            choice: Choice::All,
            elsewhere: &|_| false,
            lang: Lang::Zh,
            shape: Shape::Long,
            compile: true,
            across: Across::Later,
            detail: Detail::Compared,
            is_wide: false,
            kept: Vec::new(),
            papers: Papers::default(),
            budget: None,
            versus: None,
        }
    }

    /// The currency of the run, as a column of units has it: its policies all have the same.
    pub fn money(&self) -> &str {
        self.setup.policies.first().map_or("元", |policy| &policy.names.money.word)
    }

    /// What it is called.
    pub fn money_name(&self) -> UnitName {
        self.setup.policies.first().map_or_else(|| Names::default().money_name(), |policy| policy.names.money_name())
    }

    /// Whether it is looked at what other options of readings would change.
    pub fn compares(&self) -> bool {
        self.detail >= Detail::Compared
    }

    /// Whether the steps of every row are told, so that each is worked out by itself.
    pub fn tells_steps(&self) -> bool {
        self.detail >= Detail::Steps || self.papers.are_wanted() || self.budget.is_some()
    }

    /// Whether what a wanted clause awards is divided.
    pub fn is_divided(&self) -> bool {
        self.clauses()
            .any(|(policy, clause)| self.clause(policy, clause).is_some_and(|clause| !clause.parts.is_empty()))
    }

    /// Whether a wanted clause has a limit over all applicants.
    pub fn has_limits_across(&self) -> bool {
        self.clauses().any(|(policy, clause)| self.is_limited_across(policy, clause))
    }

    fn is_limited_across(&self, policy: usize, clause: usize) -> bool {
        self.clause(policy, clause).is_some_and(Clause::is_limited_across)
    }

    /// A clause, by its place and that of its policy.
    pub(super) fn clause(&self, policy: usize, clause: usize) -> Option<&'a Clause> {
        among::clause(&self.setup.policies, policy, clause)
    }

    /// The places of a policy, which is one of these, and of its clause, by their ids.
    pub(super) fn find(
        &self,
        policy: &str,
        clause: &str,
        policies: impl IntoIterator<Item = usize>,
    ) -> Option<(usize, usize)> {
        among::find(&self.setup.policies, policy, clause, policies)
    }

    /// A reading, by the places of its policy and its input.
    pub fn reading(&self, policy: usize, reading: usize) -> Option<Named<'a>> {
        among::reading(&self.setup.policies, policy, reading)
    }

    /// The options not taken of readings that touch a clause of one of these lines.
    pub(super) fn alternatives(&self, lines: &[LineView<'_>]) -> BTreeSet<Alternative> {
        let mut found = BTreeSet::new();
        for line in lines {
            let Some(policy) = self.setup.policies.get(line.policy) else { continue };
            for touched in policy.touched.iter().filter(|touched| touched.clauses.get(line.clause) == Some(&true)) {
                let Some(named) = self.reading(line.policy, touched.input) else { continue };
                let own = self.readings.get(line.policy).map_or(&[][..], Vec::as_slice);
                let taken = match own.iter().find(|(input, _)| *input == touched.input) {
                    Some((_, Value::Words(words))) => words.point(),
                    Some(_) => None,
                    None => named.default(),
                };
                let Some(taken) = taken else { continue };
                let others = (0..named.options.words.len()).filter(|option| *option != taken);
                let (policy, reading) = (line.policy, touched.input);
                found.extend(others.map(|option| Alternative { policy, reading, taken, option }));
            }
        }
        found
    }

    /// The unit of a clause's amounts.
    pub(super) fn unit_of(clause: &Clause) -> Option<String> {
        clause.measure.as_ref().map(|measure| measure.name.zh.clone())
    }

    /// The same plan, which only gathers what is claimed of limits over all applicants: with no more clauses than that needs.
    pub fn for_claims(&self) -> Plan<'a> {
        let category = |policy: usize, clause: usize| among::category(&self.setup.policies, policy, clause);
        let limited = self.clauses().filter(|(policy, clause)| self.is_limited_across(*policy, *clause));
        let categories: Vec<&str> = limited.filter_map(|(policy, clause)| category(policy, clause)).collect();
        // What policies pay for the same thing is settled between them first.
        let several = self.setup.policies.len() > 1;
        let matters = |policy: usize, clause: usize| {
            let shares = || category(policy, clause).is_some_and(|category| categories.contains(&category));
            self.is_wanted(policy, clause) && (self.is_limited_across(policy, clause) || several && shares())
        };
        let of =
            |(policy, clauses): (usize, &Vec<bool>)| (0..clauses.len()).map(|clause| matters(policy, clause)).collect();
        Plan {
            choice: self.choice,
            elsewhere: self.elsewhere,
            readings: self.readings.clone(),
            wanted: self.wanted.iter().enumerate().map(of).collect(),
            lang: self.lang,
            shape: self.shape,
            compile: self.compile,
            across: Across::Gather,
            detail: self.detail.min(Detail::Compared),
            is_wide: self.is_wide,
            ..Plan::new(self.setup.clone())
        }
    }

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

    /// Works out an applicant by the policies of these places as `calc` does, without the clauses for other kinds; those of the
    /// wanted clauses that are `left`, by the places of policy and clause.
    pub(super) fn work_out(
        &self,
        applicant: &mut Applicant,
        places: Vec<usize>,
        left: &dyn Fn(usize, usize) -> bool,
    ) -> Assessed {
        for (inputs, place) in applicant.inputs.iter_mut().zip(&places) {
            replace(inputs, self.readings.get(*place).map_or(&[], Vec::as_slice));
        }
        let policies: Vec<&Policy> =
            places.iter().filter_map(|place| self.setup.policies.get(*place).copied()).collect();
        let detail = match self.budget {
            _ if self.papers.are_wanted() => Detail::Full,
            // What is to come stands in the steps.
            Some(_) => self.detail.max(Detail::Steps),
            None => self.detail,
        };
        // What is said of clauses for other kinds is the same in every row, and put beside later.
        let kinds: Vec<Option<usize>> = policies.iter().map(|policy| policy.kind(&applicant.kind)).collect();
        let is_for = |policy: usize, clause: usize| {
            let clause = policies.get(policy).and_then(|policy| policy.clauses.get(clause));
            clause.is_some_and(|clause| clause.is_for(kinds.get(policy).copied().flatten()))
        };
        let wanted = |policy: usize, clause: usize| {
            let place = places.get(policy).copied().unwrap_or(usize::MAX);
            self.is_wanted(place, clause) && is_for(policy, clause) && left(place, clause)
        };
        let assessment = assess_places(&policies, applicant, &wanted, detail);
        let later = applicant.paid.iter().filter(|paid| paid.on.is_some_and(|on| on > applicant.as_of)).count() as u64;
        let elsewhere = applicant.paid.iter().filter(|paid| paid.policy.is_none()).count() as u64;
        let inputs = applicant.inputs.iter().map(|inputs| inputs.as_slice());
        let people = people::of(policies.iter().copied().zip(inputs), &applicant.kind, applicant.as_of);
        Assessed { assessment, policies: places, elsewhere, later, people }
    }
}
