//! What can be known: exact numbers, days, truths, words, and sets of possible values of each.

pub mod date;
pub mod interval;
pub mod number;
pub mod truth;
pub mod unit;
pub mod words;

use std::sync::Arc;

pub use date::{Day, DayRange};
pub use interval::{Bound, Interval};
pub use number::Number;
pub use truth::Truth;
pub use unit::Unit;
pub use words::Words;

/// The set of values that something may still have. A set of one is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// true, false or open.
    Truth(Truth),
    /// A word of an enum, or one of several.
    Words(Words),
    /// A number in the base units of its type.
    Quantity(Interval),
    /// A day, or never.
    Date(DayRange),
    /// A text; `None` is any text.
    Text(Option<Arc<str>>),
    /// Records.
    List(Arc<List>),
}

/// The records of a list fact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The records that are known to be there.
    pub records: Vec<Record>,
    /// Whether there may be more.
    pub open: bool,
}

/// One record of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The fields, in the order of their declaration.
    pub fields: Vec<Value>,
    /// What the file calls it, where it has a name.
    pub label: Option<String>,
    /// How many equal things it stands for; at least 1.
    pub times: u32,
}

impl Value {
    /// Whether exactly one value is possible.
    pub fn is_point(&self) -> bool {
        match self {
            Value::Truth(truth) => truth.is_point(),
            Value::Words(words) => words.is_point(),
            Value::Quantity(interval) => interval.is_point(),
            Value::Date(range) => range.is_point(),
            Value::Text(text) => text.is_some(),
            Value::List(list) => !list.open,
        }
    }

    /// The smallest set of this kind that holds both. Values of two kinds never meet in a checked program; then the first stays.
    pub fn hull(self, other: &Value) -> Value {
        match (self, other) {
            (Value::Truth(a), Value::Truth(b)) => Value::Truth(a.hull(*b)),
            (Value::Words(a), Value::Words(b)) => Value::Words(a.hull(*b)),
            (Value::Quantity(a), Value::Quantity(b)) => Value::Quantity(a.hull(*b)),
            (Value::Date(a), Value::Date(b)) => Value::Date(a.hull(*b)),
            (Value::Text(a), Value::Text(b)) => Value::Text(if a == *b { a } else { None }),
            (first, _) => first,
        }
    }

    /// The possible values one by one, where they are few: truths and words.
    pub fn cases(&self) -> Option<Vec<Value>> {
        match self {
            Value::Truth(truth) if !truth.is_point() => {
                Some(vec![Value::Truth(Truth::TRUE), Value::Truth(Truth::FALSE)])
            }
            Value::Words(words) if !words.is_point() => {
                Some(words.iter().map(|word| Value::Words(Words::one(word))).collect())
            }
            _ => None,
        }
    }
}
