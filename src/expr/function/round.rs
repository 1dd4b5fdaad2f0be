//! `round(x, step)`, `floor(x, step)`, `ceil(x, step)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::number::Rounding;
use crate::value::{Number, Value};

pub(super) static ROUND: Function = Function {
    name: "round",
    usage: "round(x, step)",
    page: Text::new("四舍五入到 step 的整数倍", "the nearest multiple of `step`, half up"),
    result,
    apply: |arguments| apply(arguments, Rounding::HalfUp),
    shown: usize::MAX,
};

pub(super) static FLOOR: Function = Function {
    name: "floor",
    usage: "floor(x, step)",
    page: Text::new("不超过 x 的 step 的最大整数倍", "the largest multiple of `step` that is at most x"),
    result,
    apply: |arguments| apply(arguments, Rounding::Down),
    shown: usize::MAX,
};

pub(super) static CEIL: Function = Function {
    name: "ceil",
    usage: "ceil(x, step)",
    page: Text::new("不小于 x 的 step 的最小整数倍", "the smallest multiple of `step` that is at least x"),
    result,
    apply: |arguments| apply(arguments, Rounding::Up),
    shown: usize::MAX,
};

fn result(types: &[Type]) -> Option<Type> {
    match types {
        [x @ Type::Quantity(_), step] if x == step => Some(x.clone()),
        _ => None,
    }
}

/// `None` where the step is not one number above 0.
fn apply(arguments: &[Value], direction: Rounding) -> Option<Value> {
    let [Value::Quantity(x), Value::Quantity(step)] = arguments else { return None };
    let step = step.as_point().filter(|step| *step > Number::ZERO)?;
    x.round(step, direction).map(Value::Quantity)
}
