//! `year(date)`

use super::{Function, whole};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, Interval, Unit, Value};

pub(super) static FUNCTION: Function = Function {
    name: "year",
    usage: "year(date)",
    page: Text::new("日期所在的年份，纯数", "the calendar year of a date, a pure number"),
    result: |types| matches!(types, [Type::Date]).then(|| Type::Quantity(Unit::none())),
    apply: |arguments| match arguments {
        [Value::Date(date)] => {
            let lo = date.lo.min(Day::LAST).year()?;
            let hi = date.hi.year().map_or(Bound::Above, |year| Bound::At(whole(year)));
            Some(Value::Quantity(Interval { lo: Bound::At(whole(lo)), hi }))
        }
        _ => None,
    },
    shown: 0,
};
