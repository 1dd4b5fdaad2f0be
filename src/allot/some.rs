//! What some of several come to together, whichever they are.

use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

/// How many whole places there are: whoever comes after fewer than so many has one.
pub fn whole_places(bound: Bound) -> Option<usize> {
    match bound {
        Bound::Below => Some(0),
        Bound::At(number) => usize::try_from(number.round(Number::ONE, Rounding::Up)?.to_i64()?.max(0)).ok(),
        Bound::Above => Some(usize::MAX),
    }
}

/// What some of several come to together, whichever they are: at least so many of those that are sure to ask for so much, at most so
/// many of those that may.
pub fn some_of(
    lows: impl Iterator<Item = Bound>,
    least: usize,
    highs: impl Iterator<Item = Bound>,
    most: usize,
) -> Option<Interval> {
    let sum = |bounds: &[Bound], many: usize| {
        Interval::sum(bounds.iter().take(many).map(|bound| Interval { lo: *bound, hi: *bound }))
    };
    let mut bounds: Vec<Bound> = lows.collect();
    bounds.sort_unstable();
    let lo = sum(&bounds, least)?.lo;
    bounds.clear();
    bounds.extend(highs);
    bounds.sort_unstable_by(|a, b| b.cmp(a));
    Some(Interval { lo, hi: sum(&bounds, most)?.hi })
}
