//! `month(date)`

use super::{Function, whole};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, DayRange, Interval, Unit, Value};

pub(super) static FUNCTION: Function = Function {
    name: "month",
    usage: "month(date)",
    page: Text::new("日期所在的月份，1 到 12", "the calendar month of a date, 1 to 12"),
    result: |types| matches!(types, [Type::Date]).then(|| Type::Quantity(Unit::none())),
    apply: |arguments| match arguments {
        [Value::Date(date)] => Some(Value::Quantity(of(*date))),
        _ => None,
    },
    shown: 0,
};

/// Two years hold a December and a January. Of never, as of nothing known, it is any.
fn of(date: DayRange) -> Interval {
    let (lo, hi) = match (date.lo.parts(), date.hi.parts()) {
        (Some((year, first, _)), Some((other, last, _))) if year == other => (first, last),
        _ => (1, 12),
    };
    Interval { lo: Bound::At(whole(lo)), hi: Bound::At(whole(hi)) }
}
