//! Every condition of a line, with its facts and its result.

use crate::assess::naming;
use crate::assess::slot::Slot;
use crate::assess::step::condition::told;
use crate::explain::judge::Judge;
use crate::explain::model::Condition;
use crate::explain::reach::Reach;
use crate::expr::explain::show_input;
use crate::expr::names::Origin;

/// The conditions in the order of the clause.
pub(super) fn all(judge: &Judge<'_>) -> Vec<Condition> {
    let (policy, clause) = (judge.policy, judge.clause);
    let Some(world) = judge.world(judge.applicant) else { return Vec::new() };
    let mut conditions = Vec::new();
    for condition in &clause.requires {
        let mut context = world.context();
        context.enter(world.local(clause, judge.record));
        let holds = condition.test.truth(&mut context);
        let reads = context.reads.clone();
        let told = told(condition, holds, clause, &mut context);
        let reach = Reach::of(policy, clause, &condition.test);
        let mut facts = Vec::new();
        for &place in reach.inputs.iter().filter(|place| reads.contains(**place)) {
            let (Some(input), Some(value)) = (policy.names.inputs.get(place), world.inputs.get(place)) else {
                continue;
            };
            if !matches!(input.origin, Origin::Reading(_)) {
                let name = naming::slot(policy, &world.inputs, Slot::Input(place));
                facts.push((name, show_input(value, input, &policy.names)));
            }
        }
        // Of the record that the line is for, every field that is asked for.
        if let (Some(each), Some(record)) = (&clause.each, judge.record) {
            for &(list, field) in reach.fields.iter().filter(|(list, _)| *list == each.list) {
                let slot = Slot::Field(each.input, record, list, field);
                let declared = policy.names.lists.get(list).and_then(|list| list.fields.get(field));
                if let (Some(input), Some(value)) = (declared, world.value(slot)) {
                    let name = naming::slot(policy, &world.inputs, slot);
                    facts.push((name, show_input(value, input, &policy.names)));
                }
            }
        }
        conditions.push(Condition {
            text: told.text,
            holds,
            required: told.required,
            actual: told.actual,
            distance: told.distance,
            parts: told.parts,
            facts,
            met_by: Vec::new(),
        });
    }
    conditions
}
