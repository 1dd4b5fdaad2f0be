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
pub fn some_of(mut lows: Vec<Bound>, least: usize, mut highs: Vec<Bound>, most: usize) -> Option<Interval> {
    lows.sort_unstable();
    highs.sort_unstable_by(|a, b| b.cmp(a));
    lows.truncate(least);
    highs.truncate(most);
    let sum = |bounds: Vec<Bound>| Interval::sum(bounds.into_iter().map(|bound| Interval { lo: bound, hi: bound }));
    Some(Interval { lo: sum(lows)?.lo, hi: sum(highs)?.hi })
}
