//! What is surely apart, found out without sorting.

use std::borrow::Cow;

use super::{bare, record_at};
use crate::expr::context::{Context, Local};
use crate::expr::program::Node;
use crate::policy::Identity;
use crate::value::{Day, List, Record, Value};

/// Whether a short list, as nearly all are, surely has nothing twice: each record is one thing, and differs from every other in
/// something that makes it the same; and no period of one shares a day with one of another. Then there is nothing to sort.
pub(super) fn are_apart<'a>(identity: &'a Identity, list: &'a List, context: &mut Context<'a>) -> bool {
    const FEW: usize = 8;
    let records = list.records.as_slice();
    if !records.iter().all(Record::is_one) || records.len() > FEW {
        return false;
    }
    if records.len() == 1 {
        return true;
    }
    // Periods within a name are told apart by its number, where there is one.
    let number = identity.number.map(|(_, number)| number);
    if number.is_some() && identity.no_overlap.is_some() {
        return false;
    }
    let mut all: Vec<Apart> = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        context.enter(Local::NONE);
        context.put_beside(Some(record_at(identity, index, record)));
        let Some(unique_by) = plain(&identity.unique_by, context) else { return false };
        let period = match &identity.no_overlap {
            None => None,
            Some(periods) => {
                let Some(within) = plain(&periods.within, context) else { return false };
                // The days that it has for sure.
                Some((within, periods.from.date(context).hi, periods.until.date(context).lo))
            }
        };
        let number = number.and_then(|place| record.fields.get(place)).and_then(as_compared);
        all.push(Apart { unique_by, number, period });
    }
    let mut rest = all.as_slice();
    while let Some((one, others)) = rest.split_first() {
        if others.iter().any(|other| !one.is_apart(other)) {
            return false;
        }
        rest = others;
    }
    true
}

/// What tells a record apart.
struct Apart {
    unique_by: Vec<Value>,
    number: Option<Value>,
    /// What its period must be the only one within, and from when until when it is for sure.
    period: Option<(Vec<Value>, Day, Day)>,
}

impl Apart {
    /// Whether nothing of it is what the other has.
    fn is_apart(&self, other: &Apart) -> bool {
        let same = !self.unique_by.is_empty() && self.unique_by == other.unique_by;
        let numbered = self.number.is_some() && self.number == other.number;
        let overlap = match (&self.period, &other.period) {
            (Some((within, from, until)), Some((other, other_from, other_until))) => {
                within == other && from <= other_until && other_from <= until
            }
            _ => false,
        };
        !same && !numbered && !overlap
    }
}

/// What some expressions are of a record, as they are compared; none where one is not known.
fn plain<'a>(nodes: &'a [Node], context: &mut Context<'a>) -> Option<Vec<Value>> {
    nodes.iter().map(|node| as_compared(&node.eval(context))).collect()
}

/// A known value as it is compared with others.
fn as_compared(value: &Value) -> Option<Value> {
    match value {
        Value::Text(Some(text)) => match bare(text) {
            bare if bare.is_empty() => None,
            Cow::Borrowed(bare) if bare.len() == text.len() => Some(value.clone()),
            bare => Some(Value::Text(Some(bare.into()))),
        },
        value => value.is_point().then(|| value.clone()),
    }
}
