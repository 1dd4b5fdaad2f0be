//! How much has been worked out, counted in parts of expressions: the same for the same question on every machine, whatever the
//! clock says and however many work beside each other. Budgets are kept in it.

use std::cell::Cell;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// The steps taken on this thread so far. What something cost is the difference of two of these.
pub fn taken() -> u64 {
    TAKEN.get()
}

/// Counts further steps.
pub fn take(steps: u64) {
    TAKEN.set(TAKEN.get().wrapping_add(steps));
}
