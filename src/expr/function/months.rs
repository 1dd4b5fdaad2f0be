//! `months(from, to)`

use super::{Function, months_type, whole};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Value};

pub(super) static FUNCTION: Function = Function {
    name: "months",
    usage: "months(from, to)",
    page: Text::new(
        "从 from 到 to 的完整日历月数，首尾两日都计；to 早于 from 时为 0",
        "the complete calendar months from `from` to `to`, both days included; 0 where `to` is before `from`",
    ),
    result: |types| matches!(types, [Type::Date, Type::Date]).then(months_type),
    apply: |arguments| match arguments {
        [Value::Date(from), Value::Date(to)] => Some(Value::Quantity(between(*from, *to))),
        _ => None,
    },
    shown: 0,
};

/// Complete months from one day to another: fewest from the latest start to the earliest end. A period that never ends has
/// at least the months that the calendar holds, and no upper bound.
pub fn between(from: DayRange, to: DayRange) -> Interval {
    let fewest = from.hi.months_to(to.lo.min(Day::LAST)).unwrap_or(0);
    let most = from.lo.months_to(to.hi).map_or(Bound::Above, |months| Bound::At(whole(months)));
    Interval { lo: Bound::At(whole(fewest)), hi: most }
}
