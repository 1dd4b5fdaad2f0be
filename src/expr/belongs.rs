//! Which records of a list belong to the record that is looked at: those that give its name, and its number where both have one.
//!
//! Whoever reads a file makes sure that each belongs to one. Of a record without a name nobody can say what belongs to it.

use crate::expr::context::{Context, RecordAt};
use crate::expr::program::{Aggregate, Owner};
use crate::source::alike;
use crate::value::{List, Record, Truth, Value};

fn text(record: &Record, field: usize) -> Option<&str> {
    match record.fields.get(field) {
        Some(Value::Text(text)) => text.as_deref(),
        _ => None,
    }
}

/// How a record of the other list is called there: by a text, or by whatever else names it (a year).
fn called(record: &Record, field: usize) -> Option<&str> {
    text(record, field).or(record.label.as_deref())
}

impl Owner {
    fn record<'a>(&self, context: &Context<'a>) -> Option<&'a Record> {
        let at = match self.record {
            Some(depth) => context.records.get(context.base + depth).copied(),
            None => context.local.each,
        };
        at.map(|at| at.record)
    }
}

/// Whether a record of one list belongs to one of another.
pub fn belongs(by: &crate::expr::program::Belongs, mine: &Record, owner: &Record) -> Truth {
    let (Some(name), Some(known)) = (text(mine, by.name.0), called(owner, by.name.1)) else {
        // What says no name is only perhaps there; what has none owns nothing that is listed.
        return if text(mine, by.name.0).is_none() { Truth::OPEN } else { Truth::FALSE };
    };
    let numbers = by.number.map(|(here, there)| (text(mine, here), text(owner, there)));
    let other = matches!(numbers, Some((Some(here), Some(there))) if alike(here) != alike(there));
    Truth::of(alike(name) == alike(known) && !other)
}

impl Aggregate {
    /// Whether a record is one of those that are asked for.
    pub(super) fn belongs(&self, at: &RecordAt<'_>, context: &Context<'_>) -> Truth {
        let Some(owner) = &self.owner else { return Truth::TRUE };
        owner.record(context).map_or(Truth::OPEN, |known| belongs(&owner.by, at.record, known))
    }

    /// Whether there may be more than is listed.
    pub(super) fn is_open(&self, list: Option<&List>, context: &Context<'_>) -> bool {
        let named = |owner: &Owner| owner.record(context).is_some_and(|known| called(known, owner.by.name.1).is_some());
        // Where nothing is listed at all, nothing belongs to anybody.
        list.is_none_or(|list| {
            list.open || !list.records.is_empty() && self.owner.as_ref().is_some_and(|owner| !named(owner))
        })
    }
}
