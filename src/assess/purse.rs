//! What bounds may cost: counted in [steps](crate::expr::steps), never timed, so that the same question has the same answer on
//! every machine, for one applicant as for one of a million.
//!
//! All that is worked out for one purpose has one purse. Each part of it may take a share of what is left, and what it does not
//! need stays for the others: no part, however large, leaves the others with nothing. A few runs every part may have, so that
//! the whole takes no more than the purse and a few times what it would take without any cases.

use std::cell::Cell;

/// So many runs every part may have, however little is left.
const FEW_RUNS: u64 = 4;
/// Which share of what is left one part may take.
const SHARE: u64 = 4;

/// Steps that several parts share.
#[derive(Debug)]
pub struct Purse(Cell<u64>);

impl Purse {
    /// So many steps.
    pub fn of(steps: u64) -> Purse {
        Purse(Cell::new(steps))
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.get() == 0
    }

    /// What is left.
    pub fn left(&self) -> u64 {
        self.0.get()
    }

    /// Takes steps out, as far as there are any.
    pub fn pay(&self, steps: u64) {
        self.0.set(self.0.get().saturating_sub(steps));
    }
}

/// What the cases of one part may cost. Beyond it bounds are sound but perhaps not reached.
#[derive(Clone, Copy, Debug)]
pub struct Budget<'p> {
    purse: &'p Purse,
    runs: u64,
}

/// What of it is spent.
#[derive(Debug, Default)]
pub(super) struct Spent {
    runs: u64,
    most: u64,
    /// What a run costs.
    each: u64,
}

impl<'p> Budget<'p> {
    /// For a line, or lines that depend on each other.
    pub fn of_lines(purse: &'p Purse) -> Budget<'p> {
        Budget { purse, runs: 750 }
    }

    /// For one value of one missing fact.
    pub fn of_a_value(purse: &'p Purse) -> Budget<'p> {
        Budget { purse, runs: 75 }
    }

    /// Begins a part, of which a run costs so much.
    pub(super) fn open(&self, each: u64) -> Spent {
        let share = self.purse.0.get() / SHARE;
        let most = (share / each.max(1)).clamp(FEW_RUNS, self.runs);
        Spent { runs: 0, most, each }
    }

    /// Ends it.
    pub(super) fn close(&self, spent: &Spent) {
        self.purse.pay(spent.runs.saturating_mul(spent.each));
    }
}

impl Spent {
    /// Takes a run; false where none is left.
    pub fn take(&mut self) -> bool {
        let is_left = self.runs < self.most;
        self.runs += u64::from(is_left);
        is_left
    }
}
