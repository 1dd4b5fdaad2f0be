//! What becomes of one line: inside, left out, reduced or open, and what is left of it.

use crate::allot::population::Before;
use crate::allot::{Became, Outcome, Run, Seat, Settled};
use crate::value::{Bound, Interval, Number, Truth};

/// Whether one is among the first `places` of those that ask for one: askers before it, at least and at most.
fn has_place(before: (i64, i64), places: Interval) -> Truth {
    let (sure, possible) = (Bound::At(Number::whole(before.0)), Bound::At(Number::whole(before.1)));
    Truth { may_hold: sure < places.hi, may_fail: possible >= places.lo }
}

impl<S: Seat> Run<'_, S> {
    /// One after the other.
    pub(super) fn in_turn(&self, seat: &S, before: Before, pool: Interval, of: Option<i64>) -> Became {
        if self.rule.money {
            let rest = pool.minus(before.asked).unwrap_or(Interval::ANY).floor_at_zero();
            let share = seat.asked().min(rest);
            let full = seat.asked().hi <= rest.lo;
            return self.became(seat, share, full, before, pool, of);
        }
        let place = has_place((before.sure, before.possible), pool);
        let keeps = place.or(seat.applies().negate());
        let outcome = if keeps.is_true() {
            Outcome::Inside
        } else if keeps.is_false() {
            Outcome::LeftOut
        } else {
            Outcome::Open
        };
        let (to_date, lifetime) = seat.left();
        let left = (to_date.given(keeps), lifetime.given(keeps));
        let settled = self.settled(seat, outcome, before, pool, of);
        Became { place: seat.place(), left, stands: seat.stands().and(keeps), settled }
    }

    /// With this much of the money that was asked for.
    pub(super) fn became(
        &self,
        seat: &S,
        share: Interval,
        full: bool,
        before: Before,
        pool: Interval,
        of: Option<i64>,
    ) -> Became {
        let asked = seat.asked();
        let applies = seat.applies().is_true();
        let share = if applies { share } else { share.hull(asked) };
        let outcome = if full {
            Outcome::Inside
        } else if share == Interval::ZERO {
            Outcome::LeftOut
        } else if share.is_point() && share.hi < asked.lo {
            Outcome::Reduced
        } else {
            Outcome::Open
        };
        let (to_date, lifetime) = seat.left();
        let left = if full {
            (to_date, lifetime)
        } else if to_date == lifetime {
            (share, share)
        } else {
            (to_date.min(share), lifetime.min(share))
        };
        let stands = Truth {
            may_hold: seat.stands().may_hold && share.hi > Bound::ZERO,
            may_fail: seat.stands().may_fail || share.lo <= Bound::ZERO,
        };
        Became { place: seat.place(), left, stands, settled: self.settled(seat, outcome, before, pool, of) }
    }

    fn settled(&self, seat: &S, outcome: Outcome, before: Before, pool: Interval, of: Option<i64>) -> Settled {
        let ordered = self.rule.ordered;
        let key_unknown = !self.keys.is_known(seat.key());
        let few = |count: i64| u32::try_from(count).ok().filter(|count| *count < u32::MAX);
        let ranks = few(before.sure).zip(few(before.possible)).map(|(sure, possible)| (sure + 1, possible + 1));
        let rank = ranks.filter(|_| ordered && !self.rule.in_proportion && !key_unknown && !seat.many());
        Settled {
            limit: seat.limit(),
            outcome,
            rank,
            of: of.and_then(few),
            tied: false,
            key_unknown,
            order_unknown: ordered && !seat.order().is_point(),
            unordered: !ordered && !self.rule.in_proportion,
            limit_unknown: !pool.is_point(),
            applies_unknown: !seat.applies().is_true(),
            open_before: u32::try_from(before.possible.saturating_sub(before.sure).max(0)).unwrap_or(u32::MAX),
        }
    }
}
