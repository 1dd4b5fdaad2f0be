//! `month_start(date)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Day, Value};

pub(super) static FUNCTION: Function = Function {
    name: "month_start",
    usage: "month_start(date)",
    page: Text::new("该日所在月的第一天", "the first day of the date's month"),
    result: |types| matches!(types, [Type::Date]).then_some(Type::Date),
    apply: |arguments| match arguments {
        [Value::Date(date)] => Some(Value::Date(date.map(Day::month_start))),
        _ => None,
    },
    shown: 0,
};
