//! `min(a, b, …)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::Value;

pub(super) static FUNCTION: Function = Function {
    name: "min",
    usage: "min(a, b, …)",
    page: Text::new("其中最小（日期为最早）的一个", "the smallest, or the earliest date"),
    result: |types| match types {
        [first @ (Type::Quantity(_) | Type::Date), rest @ ..] if !rest.is_empty() => {
            rest.iter().all(|ty| ty == first).then(|| first.clone())
        }
        _ => None,
    },
    apply: |arguments| {
        let (first, rest) = arguments.split_first()?;
        rest.iter().try_fold(first.clone(), |so_far, next| match (&so_far, next) {
            (Value::Quantity(a), Value::Quantity(b)) => Some(Value::Quantity(a.min(*b))),
            (Value::Date(a), Value::Date(b)) => Some(Value::Date(a.min(*b))),
            _ => None,
        })
    },
    shown: usize::MAX,
};
