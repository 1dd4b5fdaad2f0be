//! What each line would come to under the other options of the readings that it used.

use crate::assess::conclusion::Conclusion;
use crate::assess::draft::{Draft, Told};
use crate::assess::line::PolicyLines;
use crate::assess::model::{OtherReading, ReadingEffect, Status};
use crate::assess::split::{Budget, Slot};
use crate::clause::Clause;
use crate::expr::names::{Enum, Input, Origin, Reading};
use crate::expr::types::Type;
use crate::value::{Day, Interval, Value, Words};

/// For every worked line of a policy, the readings under which it would come out otherwise.
pub(super) fn effects(lines: &PolicyLines<'_>) -> Vec<Vec<ReadingEffect>> {
    let mut effects: Vec<Vec<ReadingEffect>> = lines.worked.iter().map(|_| Vec::new()).collect();
    for question in questions(lines) {
        for group in &lines.groups {
            let concerned = lines.worked.iter().any(|worked| {
                let draft = &worked.settled.draft;
                group.contains(&draft.clause) && draft.reads.contains(question.place)
            });
            for option in question.others().filter(|_| concerned) {
                let other = lines.world.with(Slot::Input(question.place), Value::Words(Words::one(option)));
                let settled = other.settle(group, Told::Nothing, Budget::LINES);
                let drafts: Vec<&Draft> = settled.iter().map(|settled| &settled.draft).collect();
                question.compare(lines, option, &drafts, &mut effects);
            }
        }
    }
    effects
}

/// The same where policies were settled with each other: `again` works all of them out with another value of one input.
pub(super) fn effects_together<'p>(
    lines: &PolicyLines<'_>,
    again: &dyn Fn(usize, Value) -> Option<PolicyLines<'p>>,
) -> Vec<Vec<ReadingEffect>> {
    let mut effects: Vec<Vec<ReadingEffect>> = lines.worked.iter().map(|_| Vec::new()).collect();
    for question in questions(lines) {
        let concerned = lines.worked.iter().any(|worked| worked.settled.draft.reads.contains(question.place));
        for option in question.others().filter(|_| concerned) {
            let Some(other) = again(question.place, Value::Words(Words::one(option))) else { continue };
            let drafts: Vec<&Draft> = other.worked.iter().map(|worked| &worked.settled.draft).collect();
            question.compare(lines, option, &drafts, &mut effects);
        }
    }
    effects
}

/// The readings of a policy of which one option is taken.
fn questions<'a>(lines: &'a PolicyLines<'_>) -> Vec<Question<'a>> {
    let names = &lines.policy.names;
    let mut questions = Vec::new();
    for (place, input) in names.inputs.iter().enumerate() {
        let Origin::Reading(reading) = &input.origin else { continue };
        let Type::Enum(options) = input.ty else { continue };
        let Some(options) = names.enums.get(options) else { continue };
        // Left open, a reading is one of the facts that are missing.
        let Some(Value::Words(used)) = lines.world.inputs.get(place) else { continue };
        let Some(used) = used.point() else { continue };
        questions.push(Question { place, input, reading, options, used });
    }
    questions
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
    /// The places of the options that are not used.
    fn others(&self) -> impl Iterator<Item = usize> {
        let used = self.used;
        (0..self.options.words.len()).filter(move |option| *option != used)
    }

    /// Notes every line that comes out otherwise under an option; `then` are the drafts under it.
    fn compare(&self, lines: &PolicyLines<'_>, option: usize, then: &[&Draft], effects: &mut [Vec<ReadingEffect>]) {
        let Some((id, label)) = self.options.words.get(option) else { return };
        for (worked, effects) in lines.worked.iter().zip(effects.iter_mut()) {
            let draft = &worked.settled.draft;
            let same = |then: &&&Draft| then.clause == draft.clause && then.record == draft.record;
            let Some(then) = then.iter().find(same) else { continue };
            let Some(clause) = lines.policy.clauses.get(draft.clause) else { continue };
            let (status, awarded, lifetime) = outcome(clause, then, lines.world.as_of);
            if (status, awarded, lifetime) == outcome(clause, draft, lines.world.as_of) {
                continue;
            }
            let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
            let tell = |interval| clause.measure.as_ref().map_or(interval, |measure| measure.interval(interval));
            let found = OtherReading {
                option: id.clone(),
                label: label.clone(),
                status,
                awarded: has_amount.then_some(tell(awarded)),
                lifetime: has_amount.then_some(tell(lifetime)),
            };
            self.effect(effects).others.push(found);
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

fn outcome(clause: &Clause, draft: &Draft, as_of: Day) -> (Status, Interval, Interval) {
    (Conclusion::of(clause, draft, as_of).status(), draft.to_date, draft.lifetime)
}
