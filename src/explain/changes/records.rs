//! Records changed: a field of one, more records like one of them, or a first one.

use super::{Goal, Search};
use crate::assess::naming;
use crate::assess::slot::Slot;
use crate::explain::edit::Edit;
use crate::explain::judge::Seen;
use crate::explain::model::What;
use crate::explain::reach::Reach;
use crate::explain::search::Tried;
use crate::expr::explain::show;
use crate::expr::names::Input;
use crate::expr::types::Type;
use crate::value::{Interval, List, Record, Value};

/// Records of a list beyond these are not changed.
const MOST_RECORDS: usize = 12;
/// So many more records of a list that is worked out record by record.
const MOST_LINES: i64 = 8;
/// So many more of any other list.
const MOST_MORE: i64 = 100_000;

impl Search<'_> {
    /// Fields of the records of a list: of one, or of the first few.
    pub(super) fn fields(&mut self, place: usize, input: &Input, list: &List, reach: &Reach, only: Option<usize>) {
        let Type::List(declared) = input.ty else { return };
        let Some(known) = self.judge.policy.names.lists.get(declared) else { return };
        let fields = known.fields.as_slice();
        let read = |field: &usize| reach.fields.contains(&(declared, *field));
        // What is true of one record is true of all that are like it.
        let mut looked_at: Vec<(usize, &Record)> = Vec::new();
        for (index, record) in list.records.iter().enumerate() {
            let wanted = match only {
                Some(only) => only == index,
                None => !looked_at.iter().any(|(_, other)| known.alike(other, record)),
            };
            if wanted && looked_at.len() < MOST_RECORDS {
                looked_at.push((index, record));
            }
        }
        for (index, record) in looked_at {
            for field in (0..fields.len()).filter(read) {
                let (Some(input), Some(value)) = (fields.get(field), record.fields.get(field)) else { continue };
                self.value(Slot::Field(place, index, declared, field), input, value, record.times);
            }
        }
    }

    /// More records like one of those that are there; of several that would do, the one of which the fewest are needed, and
    /// among these the last.
    pub(super) fn records(&mut self, place: usize, input: &Input, list: &List) {
        if !list.is_complete() {
            return;
        }
        let Type::List(declared) = input.ty else { return };
        let Some(known) = self.judge.policy.names.lists.get(declared) else { return };
        let mut kinds: Vec<(usize, &Record)> = Vec::new();
        let one = |record: &Record| Record { times: 1, ..record.clone() };
        for (index, record) in list.records.iter().enumerate().rev() {
            if kinds.len() < MOST_RECORDS && !kinds.iter().any(|(_, other)| known.alike(&one(other), &one(record))) {
                kinds.push((index, record));
            }
        }
        let judge = self.judge;
        let by_line = judge.policies.iter().filter_map(|policy| Some((policy, policy.names.input(&input.name)?))).any(
            |(policy, place)| {
                policy.clauses.iter().any(|clause| clause.each.as_ref().is_some_and(|each| each.input == place))
            },
        );
        let most = if by_line { MOST_LINES } else { MOST_MORE };
        for &goal in self.goals {
            let mut best: Option<(i64, usize, Edit, Seen)> = None;
            for (index, record) in &kinds {
                let edit = |count: i64| -> Option<Edit> {
                    let count = u32::try_from(count).ok()?;
                    let (times, count) = if by_line { (1, count) } else { (count, 1) };
                    let like = judge.policy.another(input, record);
                    Some(Edit::More(place, Record { times, ..like }, count))
                };
                let mut try_out = |count: i64| judge.after(&[edit(count)?]);
                let mut tried = Tried::new(&mut try_out);
                let most = best.as_ref().map_or(most, |(fewest, ..)| fewest - 1);
                let fewest = tried.fewest(1, 1, most, &[], &|seen| self.reached(goal, seen));
                if let Some(count) = fewest
                    && let (Some(edit), Some(seen)) = (edit(count), tried.at(count))
                {
                    best = Some((count, *index, edit, seen));
                }
            }
            if let Some((count, index, edit, seen)) = best {
                let like = list.records.get(index).map(|record| (index + 1, record.label.clone()));
                let what = self.more(place, input, count, like);
                self.keep(goal, edit, what, &seen);
            } else if list.records.is_empty() {
                self.unknown_record(place, input, goal);
            }
        }
    }

    /// A first record of a list of which there is none.
    pub(super) fn first(&mut self, place: usize, input: &Input, list: &List) {
        if !list.is_complete() || !list.records.is_empty() {
            return;
        }
        for &goal in self.goals {
            self.unknown_record(place, input, goal);
        }
    }

    fn unknown_record(&mut self, place: usize, input: &Input, goal: Goal) {
        let Type::List(declared) = input.ty else { return };
        let Some(any) = self.judge.policy.names.lists.get(declared).map(|list| list.any.clone()) else { return };
        let edit = Edit::More(place, Record { times: 1, ..any }, 1);
        let Some(seen) = self.judge.after(std::slice::from_ref(&edit)) else { return };
        if self.reached(goal, &seen) {
            let what = self.more(place, input, 1, None);
            self.keep(goal, edit, what, &seen);
        }
    }

    fn more(&self, place: usize, input: &Input, count: i64, like: Option<(usize, Option<String>)>) -> What {
        let policy = self.judge.policy;
        let unit = match input.ty {
            Type::List(declared) => policy.names.lists.get(declared).map(|list| list.unit.clone()),
            _ => None,
        };
        let count = Value::Quantity(Interval::whole(count));
        let count = show(&count, &Type::Quantity(unit.unwrap_or_default()), &policy.names);
        let inputs = self.judge.applicant.inputs.get(self.judge.at).map_or(&[][..], Vec::as_slice);
        What::Records { list: naming::slot(policy, inputs, Slot::Input(place)), count, like }
    }
}
