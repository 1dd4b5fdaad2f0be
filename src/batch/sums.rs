//! Sums that stay exact, and counts: what lines come to.

use std::collections::BTreeMap;

use crate::assess::model::{PartSums, Status, Verdict};
use crate::lang::Text;
use crate::value::{Bound, Interval};

/// How lines come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Eligible, or met.
    pub eligible: u64,
    /// Refused.
    pub refused: u64,
    /// Undetermined.
    pub undetermined: u64,
    /// The clause does not apply to them.
    pub not_applicable: u64,
}

/// What one clause came to.
#[derive(Clone, Debug, Default)]
pub struct OfClause {
    /// How its lines come out.
    pub counts: Counts,
    /// How many lines were refused for each reason; a line with two reasons counts for both. By the Chinese words.
    pub reasons: BTreeMap<String, (Text, u64)>,
    /// What is awarded.
    pub awarded: Sum,
    /// The same, and what is due, by its parts.
    pub parts: Vec<PartSums>,
    /// Whether anything was paid for it before.
    pub paid: bool,
}

/// A sum that stays exact.
#[derive(Clone, Copy, Debug)]
pub struct Sum(pub Interval);

impl Default for Sum {
    fn default() -> Sum {
        Sum(Interval::ZERO)
    }
}

impl Sum {
    /// Adds an amount; a sum out of range is open.
    pub fn add(&mut self, amount: Interval) {
        self.0 = self.0.plus(amount).unwrap_or(Interval::ANY);
    }

    /// What is left of it without a part of it: what was added besides, its ends each by itself.
    pub(super) fn without(self, part: Sum) -> Interval {
        let less = |all: Bound, part: Bound, open: Bound| match (all, part) {
            (Bound::At(all), Bound::At(part)) => all.minus(part).map_or(open, Bound::At),
            _ => open,
        };
        Interval { lo: less(self.0.lo, part.0.lo, Bound::Below), hi: less(self.0.hi, part.0.hi, Bound::Above) }
    }
}

impl Counts {
    /// Adds so many lines that come out so.
    pub(super) fn add(&mut self, status: Status, lines: u64) {
        let count = match status {
            Status::Eligible | Status::Met | Status::Stated => &mut self.eligible,
            Status::NotEligible => &mut self.refused,
            Status::Undetermined => &mut self.undetermined,
            Status::NotApplicable => &mut self.not_applicable,
        };
        *count += lines;
    }

    /// How many lines the clause applies to.
    pub fn applying(self) -> u64 {
        self.eligible + self.refused + self.undetermined
    }

    pub(super) fn each(&mut self, other: Counts, of: fn(u64, u64) -> u64) {
        self.eligible = of(self.eligible, other.eligible);
        self.refused = of(self.refused, other.refused);
        self.undetermined = of(self.undetermined, other.undetermined);
        self.not_applicable = of(self.not_applicable, other.not_applicable);
    }
}

impl OfClause {
    /// Adds lines of one verdict.
    pub fn add(&mut self, verdict: &Verdict, lines: u64) {
        self.counts.add(verdict.status, lines);
        if verdict.status == Status::NotEligible {
            let whole = std::slice::from_ref(verdict.gist.as_ref().unwrap_or(&verdict.reason));
            let reasons = if verdict.failed.is_empty() { whole } else { &verdict.failed };
            for reason in reasons {
                let found = self.reasons.entry(reason.zh.to_string());
                found.or_insert_with(|| (reason.clone(), 0)).1 += lines;
            }
        }
    }
}
