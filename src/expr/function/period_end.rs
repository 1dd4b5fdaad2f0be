//! `period_end(from, duration)`

use super::{Function, months_type};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Number, Value};

pub(super) static FUNCTION: Function = Function {
    name: "period_end",
    usage: "period_end(from, 12个月)",
    page: Text::new(
        "自 from 起若干个月的期间的最后一日：对应日的前一日；该月没有对应日的，为其最后一日",
        "the last day of a period of so many months that begins on `from`: the day before the corresponding day, or, where the month has no such day, its last one",
    ),
    result: |types| match types {
        [Type::Date, duration] if *duration == months_type() => Some(Type::Date),
        _ => None,
    },
    apply: |arguments| match arguments {
        [Value::Date(from), Value::Quantity(duration)] => Some(Value::Date(end(*from, *duration)?)),
        _ => None,
    },
    shown: 0,
};

/// `None` where the duration is no whole number of months.
fn end(from: DayRange, duration: Interval) -> Option<DayRange> {
    // What never begins never ends, whatever its length.
    if from.as_point() == Some(Day::NEVER) {
        return Some(from);
    }
    let months = |bound: Bound| match bound {
        Bound::Below => Some(0),
        Bound::At(number) => Number::to_i64(number).map(|months| months.max(0)),
        Bound::Above => Some(i64::from(i32::MAX)),
    };
    Some(DayRange { lo: from.lo.end_of_months(months(duration.lo)?), hi: from.hi.end_of_months(months(duration.hi)?) })
}
