//! Who comes first: values as places in an order.

use crate::value::{Bound, Day, Interval, Number, Value};

/// The places that a value may have in an order, lowest first: numbers as they are, days by the calendar, words by their
/// declaration, false before true. What has no order may stand anywhere.
pub fn rank(value: &Value, highest_first: bool) -> Interval {
    let whole = |place: usize| Number::whole(i64::try_from(place).unwrap_or(i64::MAX));
    let place = match value {
        Value::Quantity(number) => *number,
        Value::Date(range) => Interval { lo: day(range.lo), hi: day(range.hi) },
        Value::Words(words) => Interval::between(whole(words.lowest()), whole(words.highest())),
        Value::Truth(truth) => {
            Interval::between(whole(usize::from(!truth.may_fail)), whole(usize::from(truth.may_hold)))
        }
        Value::Text(_) | Value::List(_) => Interval::ANY,
    };
    if highest_first { place.negate() } else { place }
}

/// Never comes after every day.
fn day(day: Day) -> Bound {
    Bound::At(Number::whole(day.number().unwrap_or(i64::from(i32::MAX))))
}
