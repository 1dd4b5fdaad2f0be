//! What can be known: exact numbers, days, truths, words, and sets of possible values of each.

pub mod date;
pub mod interval;
pub mod number;
pub mod numeral;
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct List {
    /// The records that are known to be there.
    pub records: Vec<Record>,
    /// Whether there may be more.
    pub open: bool,
}

/// One record of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    /// The fields, in the order of their declaration.
    pub fields: Vec<Value>,
    /// What the file calls it, where it has a name.
    pub label: Option<String>,
    /// How many equal things it stands for, at least.
    pub times: u32,
    /// How many more it perhaps stands for; [`Record::ANY_NUMBER`] is without end.
    pub more: u32,
    /// Whether the file lists it: of what is only perhaps there beside the list nothing can be said but through the list.
    pub unlisted: bool,
}

impl Record {
    /// So many more, or any number beyond.
    pub const ANY_NUMBER: u32 = u32::MAX;
    /// In place of a field: how many a record stands for.
    pub const TIMES: usize = usize::MAX;

    /// How many it stands for, at least and at most.
    pub fn count(&self) -> Interval {
        let least = Number::whole(i64::from(self.times));
        match self.more {
            Record::ANY_NUMBER => Interval::at_least(least),
            more => {
                let most = i64::from(self.times).saturating_add(i64::from(more));
                Interval { lo: Bound::At(least), hi: Bound::At(Number::whole(most)) }
            }
        }
    }

    /// Lets it stand for so many.
    pub fn set_count(&mut self, count: &Value) {
        let Value::Quantity(Interval { lo, hi }) = count else { return };
        let whole =
            |bound: &Bound| bound.number().and_then(Number::to_i64).and_then(|number| u32::try_from(number).ok());
        self.times = whole(lo).unwrap_or(0);
        self.more = whole(hi).map_or(Record::ANY_NUMBER, |hi| hi.saturating_sub(self.times));
    }

    /// Whether one is there for sure.
    pub fn is_there(&self) -> bool {
        self.times > 0
    }

    /// Whether it is one thing, for sure.
    pub fn is_one(&self) -> bool {
        self.times == 1 && self.more == 0
    }
}

impl List {
    /// Whether all of its records are known, and how many each stands for.
    pub fn is_complete(&self) -> bool {
        !self.open && self.records.iter().all(|record| record.more == 0)
    }

    /// The list without what is only perhaps there.
    pub fn closed(mut self) -> List {
        self.open = false;
        self.records.retain(Record::is_there);
        self.records.iter_mut().for_each(|record| record.more = 0);
        self
    }
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
            Value::List(list) => list.is_complete(),
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
