//! Sharing a sum out over lines in their order, with every number perhaps only known in part.

use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

fn sum(amounts: &[Interval]) -> Interval {
    Interval::sum(amounts.iter().copied()).unwrap_or(Interval { lo: Bound::ZERO, hi: Bound::Above })
}

fn rest(pool: Interval, used: Interval) -> Interval {
    pool.minus(used).unwrap_or(Interval::ANY).floor_at_zero()
}

/// What each line gets of the pool: as much as it asks for while those before it, who claim so much, leave some.
pub fn grant(asked: &[Interval], claimed: &[Interval], pool: Interval) -> Vec<Interval> {
    let one = |(place, asked): (usize, &Interval)| {
        let before = sum(claimed.get(..place).unwrap_or_default());
        asked.min(rest(pool, before))
    };
    asked.iter().enumerate().map(one).collect()
}

/// What is left of each line when the pool is set off against the lines in their order.
pub fn set_off(amounts: &[Interval], pool: Interval) -> Vec<Interval> {
    let one = |(place, amount): (usize, &Interval)| {
        let before = sum(amounts.get(..place).unwrap_or_default());
        rest(*amount, rest(pool, before))
    };
    amounts.iter().enumerate().map(one).collect()
}

/// Whether a line is among the first `places` of those that claim one: claims before it, at least and at most.
pub fn has_place(before: (i64, i64), places: Interval) -> crate::value::Truth {
    let (sure, possible) = (Bound::At(Number::whole(before.0)), Bound::At(Number::whole(before.1)));
    crate::value::Truth { may_hold: sure < places.hi, may_fail: possible >= places.lo }
}

/// How many whole places there are.
pub fn whole_places(bound: Bound) -> Option<usize> {
    match bound {
        Bound::Below => Some(0),
        Bound::At(number) => usize::try_from(number.round(Number::ONE, Rounding::Down)?.to_i64()?.max(0)).ok(),
        Bound::Above => Some(usize::MAX),
    }
}

/// What some of several come to together, whichever they are: at least so many of those that are sure to ask for so much, at most so
/// many of those that may.
pub fn some_of(mut lows: Vec<Bound>, least: usize, mut highs: Vec<Bound>, most: usize) -> Option<Interval> {
    lows.sort_unstable();
    highs.sort_unstable_by(|a, b| b.cmp(a));
    lows.truncate(least);
    highs.truncate(most);
    let sum = |bounds: Vec<Bound>| Interval::sum(bounds.into_iter().map(|bound| Interval { lo: bound, hi: bound }));
    Some(Interval { lo: sum(lows)?.lo, hi: sum(highs)?.hi })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(numbers: &[i64]) -> Vec<Interval> {
        numbers.iter().map(|number| Interval::whole(*number)).collect()
    }

    #[test]
    fn a_pool_is_granted_and_set_off_from_the_first() {
        let asked = points(&[12, 12, 12]);
        assert_eq!(grant(&asked, &asked, Interval::whole(20)), points(&[12, 8, 0]));
        assert_eq!(set_off(&points(&[12, 12, 12]), Interval::whole(20)), points(&[0, 4, 12]));
    }

    #[test]
    fn open_amounts_leave_open_rests() {
        let ten_to_twenty = Interval::between(Number::whole(10), Number::whole(20));
        let asked = [ten_to_twenty, Interval::whole(12)];
        let granted = grant(&asked, &asked, Interval::whole(20));
        assert_eq!(granted, [ten_to_twenty, Interval::between(Number::ZERO, Number::whole(10))]);
        // The limit may not apply to the first: inside it gets all it asks for, 20 at most, and outside it takes nothing.
        let claimed = [Interval::between(Number::ZERO, Number::whole(20)), Interval::whole(12)];
        let granted = grant(&asked, &claimed, Interval::whole(20));
        assert_eq!(granted, [ten_to_twenty, Interval::between(Number::ZERO, Number::whole(12))]);
    }
}
