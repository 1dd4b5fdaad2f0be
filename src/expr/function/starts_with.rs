//! `starts_with(text, "78")`

use super::Function;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::alike;
use crate::value::{Truth, Value};

pub(super) static FUNCTION: Function = Function {
    name: "starts_with",
    usage: "starts_with(text, \"78\")",
    page: Text::new(
        "文字是否以后者开头，例如行业代码以78开头",
        "whether a text begins with another, such as a code with 78",
    ),
    result: |types| matches!(types, [Type::Text, Type::Text]).then_some(Type::Bool),
    apply: |arguments| match arguments {
        [Value::Text(text), Value::Text(beginning)] => Some(Value::Truth(match (text, beginning) {
            // Every text begins with nothing.
            (_, Some(beginning)) if beginning.is_empty() => Truth::TRUE,
            (Some(text), Some(beginning)) => Truth::of(alike(text).starts_with(&*alike(beginning))),
            _ => Truth::OPEN,
        })),
        _ => None,
    },
    shown: 0,
};
