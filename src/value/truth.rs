//! Three-valued truth: which of true and false are still possible.

/// True, false or open. Never neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Truth {
    /// It may be true.
    pub may_hold: bool,
    /// It may be false.
    pub may_fail: bool,
}

impl Truth {
    /// Known to hold.
    pub const TRUE: Truth = Truth { may_hold: true, may_fail: false };
    /// Known to fail.
    pub const FALSE: Truth = Truth { may_hold: false, may_fail: true };
    /// Either.
    pub const OPEN: Truth = Truth { may_hold: true, may_fail: true };

    /// A plain truth.
    pub fn of(holds: bool) -> Truth {
        if holds { Truth::TRUE } else { Truth::FALSE }
    }

    /// Whether it is decided.
    pub fn is_point(self) -> bool {
        self.may_hold != self.may_fail
    }

    /// Whether it holds for sure.
    pub fn is_true(self) -> bool {
        !self.may_fail
    }

    /// Whether it fails for sure.
    pub fn is_false(self) -> bool {
        !self.may_hold
    }

    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        Truth { may_hold: self.may_hold && other.may_hold, may_fail: self.may_fail || other.may_fail }
    }

    /// One holds.
    pub fn or(self, other: Truth) -> Truth {
        Truth { may_hold: self.may_hold || other.may_hold, may_fail: self.may_fail && other.may_fail }
    }

    /// The opposite.
    pub fn negate(self) -> Truth {
        Truth { may_hold: self.may_fail, may_fail: self.may_hold }
    }

    /// What either of the two leaves possible.
    pub fn hull(self, other: Truth) -> Truth {
        Truth { may_hold: self.may_hold || other.may_hold, may_fail: self.may_fail || other.may_fail }
    }
}
