//! `month_end(date)`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Day, Value};

pub(super) static FUNCTION: Function = Function {
    name: "month_end",
    usage: "month_end(date)",
    page: Text::new("该日所在月的最后一天", "the last day of the date's month"),
    result: |types| matches!(types, [Type::Date]).then_some(Type::Date),
    apply: |arguments| match arguments {
        [Value::Date(date)] => Some(Value::Date(date.map(Day::month_end))),
        _ => None,
    },
    shown: 0,
};
