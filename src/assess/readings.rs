//! What each line would come to under the other options of the readings that it used.

use crate::assess::RUNS;
use crate::assess::conclusion::conclude;
use crate::assess::draft::Draft;
use crate::assess::line::PolicyLines;
use crate::assess::model::{OtherReading, ReadingEffect, Status};
use crate::assess::split::{Settled, Slot};
use crate::clause::Clause;
use crate::expr::names::{Enum, Input, Origin, Reading};
use crate::expr::types::Type;
use crate::value::{Interval, Value, Words};

/// For every worked line, the readings under which it would come out otherwise.
pub(super) fn effects(lines: &PolicyLines<'_>) -> Vec<Vec<ReadingEffect>> {
    let mut effects: Vec<Vec<ReadingEffect>> = lines.worked.iter().map(|_| Vec::new()).collect();
    let names = &lines.policy.names;
    for (place, input) in names.inputs.iter().enumerate() {
        let Origin::Reading(reading) = &input.origin else { continue };
        let Type::Enum(options) = input.ty else { continue };
        let Some(options) = names.enums.get(options) else { continue };
        // Left open, a reading is one of the facts that are missing.
        let Some(Value::Words(used)) = lines.world.inputs.get(place) else { continue };
        let Some(used) = used.point() else { continue };
        let question = Question { place, input, reading, options, used };
        for group in &lines.groups {
            let concerned = lines.worked.iter().any(|worked| {
                group.contains(&worked.settled.draft.clause) && worked.settled.draft.reads.contains(place)
            });
            if concerned {
                question.ask(lines, group, &mut effects);
            }
        }
    }
    effects
}

/// A reading with the option used.
struct Question<'a> {
    place: usize,
    input: &'a Input,
    reading: &'a Reading,
    options: &'a Enum,
    used: usize,
}

impl Question<'_> {
    /// Works a group out under every other option.
    fn ask(&self, lines: &PolicyLines<'_>, group: &[usize], effects: &mut [Vec<ReadingEffect>]) {
        for (option, (id, label)) in self.options.words.iter().enumerate() {
            if option == self.used {
                continue;
            }
            let other = lines.world.with(Slot::Input(self.place), Value::Words(Words::one(option)));
            let settled = other.settle(group, &mut RUNS.clone());
            for (worked, effects) in lines.worked.iter().zip(effects.iter_mut()) {
                let draft = &worked.settled.draft;
                let same =
                    |settled: &&Settled| settled.draft.clause == draft.clause && settled.draft.record == draft.record;
                let Some(then) = settled.iter().find(same).map(|settled| &settled.draft) else { continue };
                let Some(clause) = lines.policy.clauses.get(draft.clause) else { continue };
                let (status, awarded, lifetime) = outcome(clause, then, lines);
                if (status, awarded, lifetime) == outcome(clause, draft, lines) {
                    continue;
                }
                let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
                let found = OtherReading {
                    option: id.clone(),
                    label: label.clone(),
                    status,
                    awarded: has_amount.then_some(awarded),
                    lifetime: has_amount.then_some(lifetime),
                };
                self.effect(effects).others.push(found);
            }
        }
    }

    /// This reading's entry among a line's effects.
    fn effect<'e>(&self, effects: &'e mut Vec<ReadingEffect>) -> &'e mut ReadingEffect {
        let at = effects.iter().position(|effect| effect.id == self.reading.id).unwrap_or_else(|| {
            let used = self.options.words.get(self.used).cloned();
            let question = self.input.label.clone();
            effects.push(ReadingEffect { id: self.reading.id.clone(), question, used, others: Vec::new() });
            effects.len() - 1
        });
        // The place was found or made just above.
        #[expect(clippy::indexing_slicing, reason = "`at` is a place in `effects`")]
        &mut effects[at]
    }
}

fn outcome(clause: &Clause, draft: &Draft, lines: &PolicyLines<'_>) -> (Status, Interval, Interval) {
    let (status, _) = conclude(clause, draft, &[], lines.world.as_of);
    (status, draft.to_date, draft.lifetime)
}
