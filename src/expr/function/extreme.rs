//! `min(a, b, …)`, `max(a, b, …)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{DayRange, Interval, Value};

pub(super) static MIN: Function = Function {
    name: "min",
    usage: "min(a, b, …)",
    page: Text::new("其中最小（日期为最早）的一个", "the smallest, or the earliest date"),
    result,
    apply: |arguments| pick(arguments, Interval::min, DayRange::min),
    shown: usize::MAX,
};

pub(super) static MAX: Function = Function {
    name: "max",
    usage: "max(a, b, …)",
    page: Text::new("其中最大（日期为最晚）的一个", "the largest, or the latest date; `never` is after every date"),
    result,
    apply: |arguments| pick(arguments, Interval::max, DayRange::max),
    shown: usize::MAX,
};

fn result(types: &[Type]) -> Option<Type> {
    match types {
        [first @ (Type::Quantity(_) | Type::Date), rest @ ..] if !rest.is_empty() => {
            rest.iter().all(|ty| ty == first).then(|| first.clone())
        }
        _ => None,
    }
}

fn pick(
    arguments: &[Value],
    of_numbers: fn(Interval, Interval) -> Interval,
    of_days: fn(DayRange, DayRange) -> DayRange,
) -> Option<Value> {
    let (first, rest) = arguments.split_first()?;
    rest.iter().try_fold(first.clone(), |so_far, next| match (&so_far, next) {
        (Value::Quantity(a), Value::Quantity(b)) => Some(Value::Quantity(of_numbers(*a, *b))),
        (Value::Date(a), Value::Date(b)) => Some(Value::Date(of_days(*a, *b))),
        _ => None,
    })
}
