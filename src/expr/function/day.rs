//! `day(date)`

use super::{Function, whole};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, DayRange, Interval, Unit, Value};

pub(super) static FUNCTION: Function = Function {
    name: "day",
    usage: "day(date)",
    page: Text::new("日期是当月第几日，1 到 31", "the day of the month of a date, 1 to 31"),
    result: |types| matches!(types, [Type::Date]).then(|| Type::Quantity(Unit::none())),
    apply: |arguments| match arguments {
        [Value::Date(date)] => Some(Value::Quantity(of(*date))),
        _ => None,
    },
    shown: 0,
};

/// Of never, as of nothing known, it is any.
fn of(date: DayRange) -> Interval {
    let days = |lo: i64, hi: i64| Interval { lo: Bound::At(whole(lo)), hi: Bound::At(whole(hi)) };
    let (Some((year, month, first)), Some((other, end, last))) = (date.lo.parts(), date.hi.parts()) else {
        return days(1, 31);
    };
    let later = (other - year) * 12 + end - month;
    if later == 0 {
        return days(first, last);
    }
    // Two whole months have one of 31 days between them.
    let ends =
        (0..later.min(3)).filter_map(|months| Some(date.lo.month_start().plus_months(months).month_end().parts()?.2));
    days(1, ends.fold(last, i64::max))
}
