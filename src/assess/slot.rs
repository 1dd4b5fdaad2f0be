//! What can be given a value: facts, and fields of records.

use std::sync::Arc;

use crate::assess::world::World;
use crate::expr::context::Cause;
use crate::expr::steps;
use crate::value::{Interval, Record, Value};

/// Of a record that stands for about so many, numbers that are further apart are not told apart.
const MOST_COUNTED: u32 = 64;

/// A fact, or a field of a record, that is given a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// An input.
    Input(usize),
    /// A field: the list's input, the record's place, the list's declaration, the field.
    Field(usize, usize, usize, usize),
}

/// Values given to what was missing.
pub type Completion = Vec<(Slot, Value)>;

impl Slot {
    /// What a cause speaks of, where that is something that can be given.
    pub fn of(cause: &Cause) -> Option<Slot> {
        match cause {
            Cause::Input(place) => Some(Slot::Input(*place)),
            Cause::Field { input, record, list, field } => Some(Slot::Field(*input, *record, *list, *field)),
            Cause::Problem(..) => None,
        }
    }

    /// What speaks of it as a cause.
    pub(super) fn cause(self) -> Cause {
        match self {
            Slot::Input(place) => Cause::Input(place),
            Slot::Field(input, record, list, field) => Cause::Field { input, record, list, field },
        }
    }

    /// The input that it is, or that holds its list.
    pub fn input(self) -> usize {
        match self {
            Slot::Input(input) | Slot::Field(input, ..) => input,
        }
    }

    /// Whether it is the same fact, or the same field of another record.
    pub(super) fn same_column(self, other: Slot) -> bool {
        match (self, other) {
            (Slot::Field(input, _, _, field), Slot::Field(other, _, _, other_field)) => {
                (input, field) == (other, other_field)
            }
            _ => self == other,
        }
    }
}

impl World<'_> {
    /// The value in a slot.
    pub fn value(&self, slot: Slot) -> Option<&Value> {
        match slot {
            Slot::Input(place) => self.inputs.get(place),
            Slot::Field(input, record, _, field) => match self.inputs.get(input)? {
                Value::List(list) => list.records.get(record)?.fields.get(field),
                _ => None,
            },
        }
    }

    /// The same with another value in a slot.
    pub fn with(&self, slot: Slot, value: Value) -> Self {
        let mut world = self.clone();
        world.set(slot, value);
        world
    }

    /// Puts another value in a slot, and gives the one that was there.
    pub fn set(&mut self, slot: Slot, value: Value) -> Option<Value> {
        steps::take(2);
        let before = self.put(slot, value.clone())?;
        let first = self.changed.get(&slot).map_or_else(|| before.clone(), |(first, _)| first.clone());
        if first == value {
            self.changed.remove(&slot);
        } else {
            self.changed.insert(slot, (first, value));
        }
        Some(before)
    }

    fn put(&mut self, slot: Slot, value: Value) -> Option<Value> {
        if let Slot::Field(input, record, _, Record::TIMES) = slot {
            let Value::List(list) = self.inputs.get_mut(input)? else { return None };
            let record = Arc::make_mut(list).records.get_mut(record)?;
            let before = Value::Quantity(record.count());
            record.set_count(&value);
            return Some(before);
        }
        let place = match slot {
            Slot::Input(place) => self.inputs.get_mut(place)?,
            Slot::Field(input, record, _, field) => match self.inputs.get_mut(input)? {
                Value::List(list) => Arc::make_mut(list).records.get_mut(record)?.fields.get_mut(field)?,
                _ => return None,
            },
        };
        Some(std::mem::replace(place, value))
    }

    /// Whether a slot has few values, so that they can be told one by one.
    pub(super) fn has_cases(&self, slot: Slot) -> bool {
        let Slot::Field(input, record, _, Record::TIMES) = slot else {
            return matches!(self.value(slot), Some(value @ (Value::Truth(_) | Value::Words(_))) if !value.is_point());
        };
        let Some(Value::List(list)) = self.inputs.get(input) else { return false };
        list.records.get(record).is_some_and(|record| {
            let last = record.times.checked_add(record.more);
            !record.unlisted && last.is_some() && (1..=MOST_COUNTED).contains(&record.more)
        })
    }

    /// The values of a slot one by one, where they are few.
    pub(super) fn cases(&self, slot: Slot) -> Option<Vec<Value>> {
        let Slot::Field(input, record, _, Record::TIMES) = slot else { return self.value(slot)?.cases() };
        let Some(Value::List(list)) = self.inputs.get(input).filter(|_| self.has_cases(slot)) else { return None };
        let record = list.records.get(record)?;
        let last = record.times.checked_add(record.more)?;
        Some((record.times..=last).map(|times| Value::Quantity(Interval::whole(i64::from(times)))).collect())
    }
}

/// Finds the slots that give the same whatever is put in them, as nothing tells their records apart.
#[derive(Debug)]
pub struct Likes {
    /// By the inputs of the lists; none where a clause has a line for each record.
    first: Vec<Option<Vec<usize>>>,
}

impl Likes {
    /// Those of a state of knowledge.
    pub fn of(world: &World<'_>) -> Likes {
        let policy = world.policy;
        let each = |input: usize| {
            policy.clauses.iter().filter_map(|clause| clause.each.as_ref()).any(|each| each.input == input)
        };
        let mut first: Vec<Option<Vec<usize>>> = vec![None; world.inputs.len()];
        for declared in policy.names.lists.iter().filter(|list| !each(list.input)) {
            if let (Some(Value::List(list)), Some(first)) =
                (world.inputs.get(declared.input), first.get_mut(declared.input))
            {
                *first = Some(declared.first_alike(&list.records));
            }
        }
        Likes { first }
    }

    /// The same field of the first record that is like a slot's.
    pub fn first(&self, slot: Slot) -> Slot {
        let Slot::Field(input, record, list, field) = slot else { return slot };
        let first = self.first.get(input).and_then(|first| first.as_ref()?.get(record));
        Slot::Field(input, first.copied().unwrap_or(record), list, field)
    }
}
