//! Asks what a line comes to under other circumstances, and counts how often.

use std::cell::Cell;

use crate::applicant::Applicant;
use crate::assess::assess_trial;
use crate::assess::linked;
use crate::assess::model::{Line, Status};
use crate::assess::purse::Purse;
use crate::assess::world::World;
use crate::clause::Clause;
use crate::explain::edit::{Edit, changed};
use crate::explain::model::Outcome;
use crate::expr::steps;
use crate::policy::Policy;
use crate::value::{Interval, Truth};

/// One line is evaluated at most this often.
pub(super) const MOST_EVALUATIONS: usize = 4_000;

/// One line, and who asks.
pub(super) struct Judge<'a> {
    pub policies: &'a [&'a Policy],
    pub applicant: &'a Applicant,
    /// The place of the policy.
    pub at: usize,
    pub policy: &'a Policy,
    pub clause: &'a Clause,
    /// The record of the line, from 0.
    pub record: Option<usize>,
    /// What the evaluations may take in steps.
    pub purse: Purse,
    pub used: Cell<usize>,
}

/// A line under other circumstances, with each of its conditions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub outcome: Outcome,
    pub holds: Vec<Truth>,
}

impl Judge<'_> {
    /// The line after a change. `None` where the change cannot be made, or too much was asked already.
    pub fn after(&self, edits: &[Edit]) -> Option<Seen> {
        if self.is_exhausted() {
            return None;
        }
        let mut applicant: Option<Applicant> = None;
        for edit in edits {
            let before = applicant.as_ref().unwrap_or(self.applicant);
            applicant = Some(changed(self.policies, self.at, before, edit)?);
        }
        self.used.set(self.used.get() + 1);
        let before = steps::taken();
        let seen = self.see(applicant.as_ref().unwrap_or(self.applicant));
        self.purse.pay(steps::taken().wrapping_sub(before));
        seen
    }

    /// What is awarded over all clauses after changes.
    pub fn total_after(&self, edits: &[Edit]) -> Option<Interval> {
        if self.is_exhausted() {
            return None;
        }
        let before = steps::taken();
        let mut applicant = self.applicant.clone();
        for edit in edits {
            applicant = changed(self.policies, self.at, &applicant, edit)?;
        }
        self.used.set(self.used.get() + 1);
        let awarded = assess_trial(self.policies, &applicant, &|_, _| true).totals.awarded;
        self.purse.pay(steps::taken().wrapping_sub(before));
        Some(awarded)
    }

    /// Whether no more may be asked.
    pub fn is_exhausted(&self) -> bool {
        self.used.get() >= MOST_EVALUATIONS || self.purse.is_empty()
    }

    /// What is known of an applicant, and what the clauses come to that this one names.
    pub fn world(&self, applicant: &Applicant) -> Option<World<'_>> {
        let world = World::new(self.policy, applicant.inputs.get(self.at)?.clone(), applicant.as_of);
        Some(world.with_results_of(self.clause, &linked::of_kind(self.policy, &applicant.kind)))
    }

    fn see(&self, applicant: &Applicant) -> Option<Seen> {
        let bears = |policy: &str, clause: &str| bears_on(self.policies, self.policy, self.clause, policy, clause);
        let assessment = assess_trial(self.policies, applicant, &bears);
        let record = self.record.map(|record| record + 1);
        let own = |line: &&Line| {
            let which = line.record.as_ref().map(|record| record.index);
            line.policy == self.policy.id && line.clause == self.clause.id && (record.is_none() || which == record)
        };
        let line = assessment.lines.iter().find(own)?;
        Some(Seen { outcome: outcome(line), holds: self.holds(applicant) })
    }

    /// Each condition for itself.
    fn holds(&self, applicant: &Applicant) -> Vec<Truth> {
        let Some(world) = self.world(applicant) else { return Vec::new() };
        let mut context = world.context();
        context.enter(world.local(self.clause, self.record));
        self.clause.requires.iter().map(|condition| condition.test.truth(&mut context)).collect()
    }
}

/// Whether a clause must be worked out to know what another comes to: itself, or, of another policy, one for the same thing.
pub(super) fn bears_on(policies: &[&Policy], own: &Policy, clause: &Clause, policy: &str, other: &str) -> bool {
    if policy == own.id {
        return clause.id == other;
    }
    let category = |policy: &Policy, clause: &Clause| {
        clause.category.and_then(|place| Some(policy.names.categories.get(place)?.0.clone()))
    };
    let Some(wanted) = category(own, clause) else { return false };
    let policy = policies.iter().find(|known| known.id == policy);
    let found = policy.and_then(|policy| Some((policy, policy.clauses.get(policy.clause(other)?)?)));
    found.is_some_and(|(policy, clause)| category(policy, clause) == Some(wanted))
}

/// What a line comes to.
pub(super) fn outcome(line: &Line) -> Outcome {
    let amount = |of: fn(&crate::assess::model::Amounts) -> Interval| line.amounts.as_ref().map(of);
    Outcome {
        status: line.status,
        awarded: amount(|amounts| amounts.awarded),
        lifetime: amount(|amounts| amounts.lifetime),
    }
}

pub(super) fn rank(status: Status) -> usize {
    match status {
        Status::NotApplicable => 0,
        Status::NotEligible => 1,
        Status::Undetermined => 2,
        Status::Eligible | Status::Met | Status::Stated => 3,
    }
}

/// Whether an outcome is better than another: nearer to being paid, or more.
pub(super) fn is_better(now: &Outcome, before: &Outcome) -> bool {
    if rank(now.status) != rank(before.status) {
        return rank(now.status) > rank(before.status);
    }
    let of = |amount: Option<Interval>| amount.unwrap_or(Interval::ZERO);
    let order = |now: Interval, before: Interval| {
        let no_less = now.lo >= before.lo && now.hi >= before.hi;
        (no_less, now == before)
    };
    match order(of(now.awarded), of(before.awarded)) {
        (_, true) => {
            let (no_less, same) = order(of(now.lifetime), of(before.lifetime));
            no_less && !same
        }
        (no_less, false) => no_less,
    }
}
