//! All the same part of what they ask for.

use crate::allot::population::Before;
use crate::allot::seat::member;
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

    /// All the same part, where everything is known, of those in their order; `None`: not known.
    pub(super) fn exactly(&self, seats: &[&S], pool: Interval, tell: &mut dyn FnMut(Became)) -> Option<()> {
        let step = self.rule.step;
        let pool_amount = pool.as_point()?;
        let known = |seat: &&S| seat.applies().is_true() && seat.stands().is_true() && !seat.many();
        let point = |seat: &&S| member(*seat).asked.as_point();
        if !seats.iter().all(|seat| known(seat) && point(seat).is_some()) {
            return None;
        }
        let asked = seats.iter().filter_map(point);
        let total = asked.clone().try_fold(Number::ZERO, |sum, amount| sum.plus(amount))?;
        let of = Some(i64::try_from(seats.len()).unwrap_or(i64::MAX));
        if total <= pool_amount {
            seats.iter().for_each(|seat| tell(self.became(*seat, seat.asked(), true, Before::NOTHING, pool, of)));
            return Some(());
        }
        let proportion::Shares { amounts, mut cut } =
            proportion::exact(asked.clone(), |place| point(seats.get(place)?), pool_amount, step)?;
        // Where equal remainders go by the order, the order must be known.
        let order = |place: &usize| seats.get(*place).map(|seat| seat.order());
        if self.rule.ordered && !cut.iter().all(|place| order(place).is_some_and(Interval::is_point)) {
            return None;
        }
        // What is due to date is the same part of what was asked for to date.
        let part = pool_amount.round(step, Rounding::Down)?.divide(total)?;
        let to_date = |seat: &S| match seat.left() {
            (to_date, lifetime) if to_date == lifetime => Some(None),
            (to_date, _) => match to_date.as_point() {
                Some(to_date) => to_date.multiply(part)?.round(step, Rounding::Down).map(Some),
                None => Some(None),
            },
        };
        if !seats.iter().all(|seat| to_date(seat).is_some()) {
            return None;
        }
        cut.sort_unstable();
        let mut cut =
            cut.chunk_by(|one, other| order(one) == order(other)).filter(|run| run.len() > 1).flatten().peekable();
        for (place, ((seat, share), asked)) in seats.iter().zip(amounts).zip(asked).enumerate() {
            let mut one = self.became(*seat, Interval::point(share), share == asked, Before::NOTHING, pool, of);
            if let Some(Some(to_date)) = to_date(seat) {
                one.left.0 = one.left.0.min(Interval::point(to_date));
            }
            one.settled.tied = cut.next_if_eq(&&place).is_some();
            tell(one);
        }
        Some(())
    }
}
