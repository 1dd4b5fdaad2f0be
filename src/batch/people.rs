//! One person in the records of several applicants. No applicant's own file shows it, and it may be right (who changed the
//! employer): so it is told and changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::policy::Policy;
use crate::rows::{Ids, Seen, citizen_id};
use crate::value::Value;

/// So many places are named; what comes after is counted.
const NAMED: usize = 10;

/// The citizen identity numbers in one applicant's lists whose records have a field for one, each once.
pub(super) fn of<'p>(policies: impl Iterator<Item = (&'p Policy, &'p [Value])>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (policy, inputs) in policies {
        for identity in &policy.identities {
            let (Some((_, number)), Some(Value::List(list))) = (identity.number, inputs.get(identity.input)) else {
                continue;
            };
            let numbers = list.records.iter().filter_map(|record| match record.fields.get(number) {
                Some(Value::Text(Some(text))) => citizen_id(text),
                _ => None,
            });
            found.extend(numbers);
        }
    }
    found
}

/// The people of the rows of a chunk.
#[derive(Debug, Default)]
pub(super) struct People(Vec<(usize, u64, String)>);

impl People {
    /// Adds those of a row, by its place and line.
    pub fn add(&mut self, row: usize, line: u64, numbers: BTreeSet<String>) {
        self.0.extend(numbers.into_iter().map(|number| (row, line, number)));
    }

    /// Where a row has somebody who was met with another applicant.
    pub fn met<'f>(&self, seen: &mut Seen, file: impl Fn(usize) -> &'f Arc<str>) -> Shared {
        let rows = self.0.iter().map(|(row, line, number)| (*row, *line, number.as_str()));
        let met = seen.met(&Ids::of(&seen.key(), rows), &file);
        let lines: BTreeMap<usize, u64> = self.0.iter().map(|(row, line, _)| (*row, *line)).collect();
        let mut shared = Shared::default();
        for (row, there) in met {
            let line = lines.get(&row).copied().unwrap_or_default();
            shared.add([(Arc::clone(file(row)), line), there]);
        }
        shared
    }
}

/// Two applicants' rows, by file and line.
type Pair = [(Arc<str>, u64); 2];

/// Who stands in the records of several applicants.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// How often somebody was met with another applicant.
    pub count: u64,
    /// The rows of the first of them.
    pub named: Vec<Pair>,
    /// Whether there are more such rows.
    pub more: bool,
}

impl Shared {
    fn add(&mut self, pair: Pair) {
        self.count += 1;
        self.name(pair);
    }

    fn name(&mut self, pair: Pair) {
        if self.named.contains(&pair) {
            return;
        }
        self.more |= self.named.len() >= NAMED;
        if !self.more {
            self.named.push(pair);
        }
    }

    /// Adds those of later rows.
    pub fn extend(&mut self, other: Shared) {
        self.count += other.count;
        other.named.into_iter().for_each(|pair| self.name(pair));
        self.more |= other.more;
    }
}
