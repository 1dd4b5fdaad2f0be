//! `age(birth, on)`, `age(birth, on, early)`

use super::{Function, whole};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Truth, Unit, Value};

pub(super) static FUNCTION: Function = Function {
    name: "age",
    usage: "age(birth, on) · age(birth, on, early)",
    page: Text::new(
        "on 当日的周岁数；2月29日出生的，平年按3月1日满岁，early 成立时按2月28日",
        "completed years on the day `on`; a birthday on 29 February falls on 1 March in a common year, on 28 February where `early` holds",
    ),
    result: |types| {
        let taken = matches!(types, [Type::Date, Type::Date] | [Type::Date, Type::Date, Type::Bool]);
        taken.then(|| Type::Quantity(Unit::base("岁")))
    },
    apply: |arguments| match arguments {
        [Value::Date(birth), Value::Date(on)] => Some(Value::Quantity(age(*birth, *on, false))),
        [Value::Date(birth), Value::Date(on), Value::Truth(early)] => {
            let of = |truth: Truth| age(*birth, *on, truth.is_true());
            let late_or_early = if early.is_point() { of(*early) } else { of(Truth::FALSE).hull(of(Truth::TRUE)) };
            Some(Value::Quantity(late_or_early))
        }
        _ => None,
    },
    shown: 0,
};

/// The youngest is born last and asked first. An age on a day that never comes is at least that at the calendar's end.
fn age(birth: DayRange, on: DayRange, early: bool) -> Interval {
    let youngest = birth.hi.age_on(on.lo.min(Day::LAST), early).unwrap_or(0);
    let oldest = birth.lo.age_on(on.hi, early).map_or(Bound::Above, |years| Bound::At(whole(years)));
    Interval { lo: Bound::At(whole(youngest)), hi: oldest }
}
