//! `max(a, b, …)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::Value;

pub(super) static FUNCTION: Function = Function {
    name: "max",
    usage: "max(a, b, …)",
    page: Text::new("其中最大（日期为最晚）的一个", "the largest, or the latest date; `never` is after every date"),
    result: |types| match types {
        [first @ (Type::Quantity(_) | Type::Date), rest @ ..] if !rest.is_empty() => {
            rest.iter().all(|ty| ty == first).then(|| first.clone())
        }
        _ => None,
    },
    apply: |arguments| {
        let (first, rest) = arguments.split_first()?;
        rest.iter().try_fold(first.clone(), |so_far, next| match (&so_far, next) {
            (Value::Quantity(a), Value::Quantity(b)) => Some(Value::Quantity(a.max(*b))),
            (Value::Date(a), Value::Date(b)) => Some(Value::Date(a.max(*b))),
            _ => None,
        })
    },
    shown: usize::MAX,
};
