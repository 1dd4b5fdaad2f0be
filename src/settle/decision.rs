//! What became of the claims.

use std::collections::BTreeMap;

use crate::allot::{Outcome, Settled};
use crate::settle::claims::{Alternative, Claims};
use crate::settle::together::Narrower;
use crate::value::{Interval, Truth};

/// What is left of a line.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// What it claimed to date, and in all.
    pub claimed: (Interval, Interval),
    /// What is left of it to date, and in all.
    pub left: (Interval, Interval),
    /// Whether it gets anything.
    pub stands: Truth,
    /// Whether another scheme was set off against its category.
    pub overlaps: bool,
    /// What each limit made of it, in their order.
    pub settled: Vec<Settled>,
}

/// How often something came out, for one limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// The limit's place among the clause's.
    pub limit: usize,
    /// Lines that are inside.
    pub inside: u64,
    /// Lines of which a part is inside.
    pub reduced: u64,
    /// Lines of which nothing is inside.
    pub left_out: u64,
    /// Lines of which that is open.
    pub open: u64,
    /// Lines for which the id decided.
    pub tied: u64,
    /// Lines whose place in the order is not known.
    pub order_unknown: u64,
    /// Lines whose key is not known.
    pub key_unknown: u64,
}

impl Tally {
    pub(super) fn add(&mut self, settled: &Settled) {
        match settled.outcome {
            Outcome::Inside => self.inside += 1,
            Outcome::Reduced => self.reduced += 1,
            Outcome::LeftOut => self.left_out += 1,
            Outcome::Open => self.open += 1,
        }
        self.tied += u64::from(settled.tied);
        self.order_unknown += u64::from(settled.order_unknown);
        self.key_unknown += u64::from(settled.key_unknown);
    }
}

/// What became of all claims.
#[derive(Debug, Default)]
pub struct Decisions {
    pub(super) claims: Claims,
    /// For each thing that a line asks for what a limit made of the line, as many as there were, in their order.
    pub(super) settled: Vec<Option<Settled>>,
    /// By policy, clause and limit.
    pub tallies: Vec<Tally>,
    /// By policy and clause, how much narrower the sum over all lines is than the sum of what each may get.
    pub narrower: Vec<Narrower>,
    /// What becomes of them under other options of readings, where these change what somebody claims.
    pub(super) under: BTreeMap<Alternative, Decisions>,
}

/// An applicant is not the one whose claims were settled: the input was changed in the meantime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

impl Decisions {
    /// The other options of readings that change what somebody claims.
    pub fn alternatives(&self) -> impl Iterator<Item = Alternative> {
        self.under.keys().copied()
    }

    /// What becomes of the claims under another option of a reading.
    pub fn under(&self, alternative: Alternative) -> &Decisions {
        self.under.get(&alternative).unwrap_or(self)
    }

    /// What became of the claims of an applicant, in the order of the claiming lines.
    pub fn of(&self, ordinal: u64, id: &str) -> Result<Vec<Decision>, Changed> {
        let claims = &self.claims;
        let place = claims.who.partition_point(|who| who.ordinal < ordinal);
        if claims.who.get(place).is_none_or(|who| who.ordinal != ordinal) {
            return Ok(Vec::new());
        }
        if claims.id(place) != id {
            return Err(Changed);
        }
        let decision = |place: usize| {
            let line = claims.lines.get(place)?;
            let settled = self.settled.get(claims.places_of_asks(place, self.settled.len())).unwrap_or_default();
            Some(Decision {
                policy: line.policy as usize,
                clause: line.clause as usize,
                claimed: claims.get(line.claimed),
                left: claims.get(line.left),
                stands: line.stands,
                overlaps: line.overlaps,
                settled: settled.iter().flatten().cloned().collect(),
            })
        };
        Ok(claims.lines_of(place).filter_map(decision).collect())
    }
}
