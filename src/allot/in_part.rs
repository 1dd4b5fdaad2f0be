//! All the same part of what they ask for.

use crate::allot::population::{Before, Member};
use crate::allot::{Became, Run, Seat, proportion};
use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

impl<S: Seat> Run<'_, S> {
    /// All the same part, where something is open.
    pub(super) fn in_part(&self, seat: &S, others: Before, pool: Interval, of: Option<i64>) -> Became {
        let asked = seat.asked();
        let step = self.rule.step;
        let share = proportion::open(asked, others.asked, pool, step);
        let mut became = self.became(seat, share, share == asked, others, pool, of);
        let (to_date, lifetime) = seat.left();
        if share != asked && to_date != lifetime {
            // What is due to date is cut by the same part, and rounded down.
            let least = || {
                let part = share.lo.number()?.divide(asked.hi.number()?)?;
                to_date.lo.number()?.multiply(part)?.round(step, Rounding::Down)
            };
            let least = Bound::At(least().unwrap_or(Number::ZERO).max(Number::ZERO));
            became.left.0.lo = became.left.0.lo.min(least);
        }
        became
    }

    /// All the same part, where everything is known.
    pub(super) fn exactly(&self, seats: &[&S], members: &[Member], pool: Interval) -> Option<Vec<Became>> {
        let step = self.rule.step;
        let pool_amount = pool.as_point()?;
        let known = seats.iter().all(|seat| seat.applies().is_true() && seat.stands().is_true() && !seat.many());
        let asked: Vec<Number> =
            members.iter().filter(|_| known).map(|member| member.asked.as_point()).collect::<Option<_>>()?;
        let total = asked.iter().try_fold(Number::ZERO, |sum, amount| sum.plus(*amount))?;
        let of = Some(i64::try_from(seats.len()).unwrap_or(i64::MAX));
        if !known {
            return None;
        }
        if total <= pool_amount {
            let inside = |seat: &&S| self.became(seat, seat.asked(), true, Before::NOTHING, pool, of);
            return Some(seats.iter().map(inside).collect());
        }
        let shares = proportion::exact(&asked, |place| asked.get(place).copied(), pool_amount, step)?;
        // Where equal remainders go by the order, the order must be known.
        let has_place = |place: &usize| members.get(*place).is_some_and(|member| member.order.is_point());
        if self.rule.ordered && !shares.cut.iter().all(has_place) {
            return None;
        }
        // What is due to date is the same part of what was asked for to date.
        let part = pool_amount.round(step, Rounding::Down)?.divide(total)?;
        let order = |place: &usize| members.get(*place).map(|member| member.order);
        let mut became = Vec::new();
        for (place, ((seat, share), asked)) in seats.iter().zip(&shares.amounts).zip(&asked).enumerate() {
            let mut one = self.became(seat, Interval::point(*share), share == asked, Before::NOTHING, pool, of);
            let (to_date, lifetime) = seat.left();
            if to_date != lifetime
                && let Some(to_date) = to_date.as_point()
            {
                let to_date = to_date.multiply(part)?.round(step, Rounding::Down)?;
                one.left.0 = one.left.0.min(Interval::point(to_date));
            }
            let equals = shares.cut.iter().filter(|other| **other != place && order(other) == order(&place));
            one.settled.tied = shares.cut.contains(&place) && equals.count() > 0;
            became.push(one);
        }
        Some(became)
    }
}
