//! What parts of clauses came to, kept for as long as nothing that they asked for has changed: the cases of what is missing and
//! the other options of readings leave most parts as they were.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::assess::slot::Slot;
use crate::assess::step::own::Own;
use crate::expr::context::{Cause, Context, Reads, tidy};
use crate::value::{Truth, Value};

/// Values put in slots: the value that was there first, and the one there now.
pub(super) type Changes = BTreeMap<Slot, (Value, Value)>;

/// A part of a clause.
#[derive(Clone, Debug)]
pub(in crate::assess) enum Part {
    /// Whether its conditions hold.
    Meets(Truth),
    /// Its amount, where that does not grow with time.
    Amount(Box<Own>),
}

impl Part {
    /// Of conditions.
    pub fn meets(self) -> Truth {
        match self {
            Part::Meets(meets) => meets,
            Part::Amount(_) => Truth::OPEN,
        }
    }

    /// Of an amount.
    pub fn amount(self) -> Own {
        match self {
            Part::Amount(own) => *own,
            Part::Meets(_) => Own::ANY,
        }
    }
}

/// Which part of which clause, for which record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::assess) struct Key {
    pub clause: usize,
    pub record: Option<usize>,
    /// Whether it is the amount; otherwise the conditions.
    pub amount: bool,
}

/// The parts of one applicant's clauses.
#[derive(Debug, Default)]
pub struct Kept(RefCell<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    key: Key,
    changed: Changes,
    part: Part,
    causes: Vec<Cause>,
    reads: Reads,
    asked: Reads,
}

/// What is kept, and how the inputs now differ from those at first.
#[derive(Clone, Copy, Debug)]
pub(in crate::assess) struct Keep<'k> {
    pub kept: &'k Kept,
    pub changed: &'k Changes,
}

/// No more parts than this are kept of one applicant.
const MOST: usize = 512;
/// Nor those that came about by more changes than this: to find them again takes longer than to work them out.
const MOST_CHANGES: usize = 32;

impl Keep<'_> {
    /// A part as it was kept, if that is what it comes to now; otherwise it is worked out, and kept.
    pub fn part<'a>(&self, key: Key, context: &mut Context<'a>, work: impl FnOnce(&mut Context<'a>) -> Part) -> Part {
        let is_same = |entry: &&Entry| entry.key == key && agree(&entry.changed, self.changed, &entry.asked);
        let findable = self.changed.len() <= MOST_CHANGES;
        if let Some(entry) = self.kept.0.borrow().iter().rev().filter(|_| findable).find(is_same) {
            context.take_over(&entry.causes, &entry.reads, &entry.asked);
            return entry.part.clone();
        }
        let (part, mut causes, reads, asked) = context.apart(work);
        tidy(&mut causes);
        context.take_over(&causes, &reads, &asked);
        let mut entries = self.kept.0.borrow_mut();
        if entries.len() < MOST && self.changed.len() <= MOST_CHANGES {
            let changed = self.changed.clone();
            entries.push(Entry { key, changed, part: part.clone(), causes, reads, asked });
        }
        part
    }
}

/// Whether two states of the inputs are the same in all that was asked for.
fn agree(one: &Changes, other: &Changes, asked: &Reads) -> bool {
    // The record that a clause is worked out for is not asked for as a whole.
    let matters =
        |(slot, _): &(&Slot, &(Value, Value))| matches!(slot, Slot::Field(..)) || asked.contains(slot.input());
    let of = |changes| Changes::iter(changes).filter(matters).map(|(slot, (_, now))| (slot, now));
    of(one).eq(of(other))
}
