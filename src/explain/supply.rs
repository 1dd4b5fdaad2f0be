//! The facts that a line waits for, and what their values would give.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::model::Line;
use crate::assess::naming;
use crate::assess::slot::{Likes, Slot};
use crate::assess::world::World;
use crate::explain::edit::Edit;
use crate::explain::judge::Judge;
use crate::explain::model::{Outcome, Supply};
use crate::explain::reach::Reach;
use crate::explain::spread::spread;
use crate::expr::explain::{show, show_input};
use crate::expr::formula::Shown;
use crate::expr::names::Input;
use crate::policy::Policy;
use crate::value::{List, Value};

/// Every slot of a policy that is not known and that something in `reach` can read, with its declaration.
pub(super) fn open_slots<'p>(policy: &'p Policy, inputs: &[Value], reach: &Reach) -> Vec<(Slot, &'p Input)> {
    let mut found = Vec::new();
    let lists = policy.names.lists.iter().enumerate();
    for &place in &reach.inputs {
        let (Some(input), Some(value)) = (policy.names.inputs.get(place), inputs.get(place)) else { continue };
        if !value.is_point() {
            found.push((Slot::Input(place), input));
        }
    }
    for (at, list) in lists {
        let Some(Value::List(records)) = inputs.get(list.input) else { continue };
        for (index, record) in records.records.iter().enumerate() {
            for (field, declared) in list.fields.iter().enumerate() {
                let read = reach.fields.contains(&(at, field));
                if read && record.fields.get(field).is_some_and(|value| !value.is_point()) {
                    found.push((Slot::Field(list.input, index, at, field), declared));
                }
            }
        }
        if records.open && !found.iter().any(|(slot, _)| *slot == Slot::Input(list.input)) {
            found.extend(policy.names.inputs.get(list.input).map(|input| (Slot::Input(list.input), input)));
        }
    }
    found
}

/// What the line waits for, in the order in which it names it.
pub(super) fn all(judge: &Judge<'_>, line: &Line, reach: &Reach) -> Vec<Supply> {
    let policy = judge.policy;
    let Some(world) = judge.world(judge.applicant) else { return Vec::new() };
    let slots = open_slots(policy, &world.inputs, reach);
    let mut by_name: BTreeMap<String, (Slot, &Input)> = BTreeMap::new();
    for (slot, input) in slots {
        by_name.entry(naming::slot(policy, &world.inputs, slot).name).or_insert((slot, input));
    }
    // Of records that nothing tells apart, each value of a field gives the same.
    let mut known: BTreeMap<Slot, Vec<(Shown, Outcome)>> = BTreeMap::new();
    let likes = Likes::of(&world);
    let mut all = Vec::new();
    for missing in &line.missing {
        let found = by_name.get(&missing.name);
        let values = found.map_or_else(Vec::new, |(slot, input)| {
            let like = likes.first(*slot);
            known.entry(like).or_insert_with(|| of_slot(judge, &world, *slot, input)).clone()
        });
        let ask = found.and_then(|(_, input)| input.ask.clone());
        all.push(Supply { fact: missing.clone(), ask, values });
    }
    all
}

/// What the values of a missing fact would give.
fn of_slot(judge: &Judge<'_>, world: &World<'_>, slot: Slot, input: &Input) -> Vec<(Shown, Outcome)> {
    let policy = judge.policy;
    let Some(value) = world.value(slot) else { return Vec::new() };
    if let (Value::List(list), Slot::Input(place)) = (value, slot) {
        let none = judge.after(&[Edit::Empty(place)]);
        let empty = Value::List(Arc::new(List::clone(list).closed()));
        let shown = show(&empty, &input.ty, &policy.names);
        return none.map(|seen| (shown, seen.outcome)).into_iter().collect();
    }
    let window = judge.clause.window;
    let stops = [judge.applicant.as_of, window.lo, window.hi, window.hi.plus_days(1)];
    let mut outcome = |value: &Value| Some(judge.after(&[Edit::Set(slot, value.clone())])?.outcome);
    let sets = spread((input, &judge.policy.names), value, &stops, &mut outcome, &|outcome| outcome.status);
    // Of values that were not all tried nothing is told.
    if judge.is_exhausted() {
        return Vec::new();
    }
    sets.into_iter().map(|(set, then)| (show_input(&set, input, &policy.names), then)).collect()
}
