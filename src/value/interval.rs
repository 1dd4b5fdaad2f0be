//! Intervals of exact numbers, possibly without bound. Every operation gives an interval that holds every result of the
//! operation on members of its operands (*sound*), and a point for points.

use std::cmp::Ordering;

use super::number::{Number, Rounding};
use super::truth::Truth;

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// No lower bound.
    Below,
    /// This number, included.
    At(Number),
    /// No upper bound.
    Above,
}

/// All numbers from `lo` to `hi`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The lower end; never above `hi`.
    pub lo: Bound,
    /// The upper end.
    pub hi: Bound,
}

impl Bound {
    /// 0
    pub const ZERO: Bound = Bound::At(Number::ZERO);

    /// The number, where there is a bound.
    pub fn number(self) -> Option<Number> {
        match self {
            Bound::At(number) => Some(number),
            Bound::Below | Bound::Above => None,
        }
    }

    fn sign(self) -> Ordering {
        self.cmp(&Bound::ZERO)
    }

    fn negate(self) -> Bound {
        match self {
            Bound::Below => Bound::Above,
            Bound::At(number) => Bound::At(number.negate()),
            Bound::Above => Bound::Below,
        }
    }

    /// The product, with 0 × ∞ = 0: an unbounded end is only ever approached.
    fn multiply(self, other: Bound) -> Option<Bound> {
        match (self, other) {
            (Bound::At(a), Bound::At(b)) => a.multiply(b).map(Bound::At),
            (a, b) => Some(match (a.sign(), b.sign()) {
                (Ordering::Equal, _) | (_, Ordering::Equal) => Bound::ZERO,
                (left, right) if left == right => Bound::Above,
                _ => Bound::Below,
            }),
        }
    }
}

impl Interval {
    /// Any number.
    pub const ANY: Interval = Interval { lo: Bound::Below, hi: Bound::Above };
    /// Just 0.
    pub const ZERO: Interval = Interval { lo: Bound::ZERO, hi: Bound::ZERO };

    /// Just this number.
    pub fn point(number: Number) -> Interval {
        Interval { lo: Bound::At(number), hi: Bound::At(number) }
    }

    /// A whole number.
    pub fn whole(number: i64) -> Interval {
        Interval::point(Number::whole(number))
    }

    /// From one number to another, in either order.
    pub fn between(a: Number, b: Number) -> Interval {
        Interval { lo: Bound::At(a.min(b)), hi: Bound::At(a.max(b)) }
    }

    /// This number and everything above.
    pub fn at_least(number: Number) -> Interval {
        Interval { lo: Bound::At(number), hi: Bound::Above }
    }

    /// Whether one number is left.
    pub fn is_point(self) -> bool {
        self.as_point().is_some()
    }

    /// The number, where one is left.
    pub fn as_point(self) -> Option<Number> {
        match (self.lo, self.hi) {
            (Bound::At(lo), Bound::At(hi)) if lo == hi => Some(lo),
            _ => None,
        }
    }

    /// Whether the number may be it.
    pub fn contains(self, number: Number) -> bool {
        self.lo <= Bound::At(number) && Bound::At(number) <= self.hi
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Interval) -> Interval {
        Interval { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// What both leave possible; `None` where nothing.
    pub fn meet(self, other: Interval) -> Option<Interval> {
        let both = Interval { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) };
        (both.lo <= both.hi).then_some(both)
    }

    /// The sum.
    pub fn plus(self, other: Interval) -> Option<Interval> {
        let end = |a: Bound, b: Bound, open: Bound| match (a, b) {
            (Bound::At(a), Bound::At(b)) => a.plus(b).map(Bound::At),
            _ => Some(open),
        };
        Some(Interval { lo: end(self.lo, other.lo, Bound::Below)?, hi: end(self.hi, other.hi, Bound::Above)? })
    }

    /// The sum of several.
    pub fn sum(mut intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
        intervals.try_fold(Interval::ZERO, Interval::plus)
    }

    /// The negative.
    pub fn negate(self) -> Interval {
        Interval { lo: self.hi.negate(), hi: self.lo.negate() }
    }

    /// The difference.
    pub fn minus(self, other: Interval) -> Option<Interval> {
        self.plus(other.negate())
    }

    /// The product.
    pub fn multiply(self, other: Interval) -> Option<Interval> {
        if let (Some(a), Some(b)) = (self.as_point(), other.as_point()) {
            return a.multiply(b).map(Interval::point);
        }
        let corners = [
            self.lo.multiply(other.lo)?,
            self.lo.multiply(other.hi)?,
            self.hi.multiply(other.lo)?,
            self.hi.multiply(other.hi)?,
        ];
        let first = *corners.first()?;
        let (lo, hi) = corners.iter().fold((first, first), |(lo, hi), &corner| (lo.min(corner), hi.max(corner)));
        Some(Interval { lo, hi })
    }

    /// The quotient; `None` where the divisor may be 0.
    pub fn divide(self, other: Interval) -> Option<Interval> {
        if other.contains(Number::ZERO) {
            return None;
        }
        let turn = |bound: Bound| match bound {
            Bound::At(number) => Number::ONE.divide(number).map(Bound::At),
            Bound::Below | Bound::Above => Some(Bound::ZERO),
        };
        self.multiply(Interval { lo: turn(other.hi)?, hi: turn(other.lo)? })
    }

    /// The smaller of the two.
    pub fn min(self, other: Interval) -> Interval {
        Interval { lo: self.lo.min(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The larger of the two.
    pub fn max(self, other: Interval) -> Interval {
        Interval { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi) }
    }

    /// Not below 0.
    pub fn floor_at_zero(self) -> Interval {
        self.max(Interval::ZERO)
    }

    /// Rounded to a multiple of `step`.
    pub fn round(self, step: Number, direction: Rounding) -> Option<Interval> {
        let end = |bound: Bound| match bound {
            Bound::At(number) => number.round(step, direction).map(Bound::At),
            open => Some(open),
        };
        Some(Interval { lo: end(self.lo)?, hi: end(self.hi)? })
    }

    /// Whether this is below the other.
    pub fn below(self, other: Interval) -> Truth {
        Truth { may_hold: self.lo < other.hi, may_fail: self.hi >= other.lo }
    }

    /// Whether this is below the other or equal to it.
    pub fn at_most(self, other: Interval) -> Truth {
        other.below(self).negate()
    }

    /// Whether the two are the same number.
    pub fn equals(self, other: Interval) -> Truth {
        let may_hold = self.lo <= other.hi && other.lo <= self.hi;
        Truth { may_hold, may_fail: !(self.is_point() && self == other) }
    }

    /// This, if the truth holds, otherwise 0.
    pub fn given(self, truth: Truth) -> Interval {
        if truth.is_true() {
            self
        } else if truth.is_false() {
            Interval::ZERO
        } else {
            self.hull(Interval::ZERO)
        }
    }
}
