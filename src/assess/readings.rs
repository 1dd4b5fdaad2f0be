//! What each line would come to under the other options of the readings that can touch it.
//!
//! Which they are is known from the policy, not from what was asked on the way: under the options taken a rule may not apply,
//! or a scheme may not count, and then nobody asks what another option would make of it.

use crate::assess::across;
use crate::assess::claims;
use crate::assess::draft::{Draft, Told};
use crate::assess::line::PolicyLines;
use crate::assess::model::{Amounts, Counted, OtherReading, ReadingEffect, Status};
use crate::assess::payment;
use crate::assess::split::{Budget, Slot};
use crate::assess::world::World;
use crate::clause::Clause;
use crate::expr::names::{Enum, Input, Origin, Reading};
use crate::expr::types::Type;
use crate::policy::Touched;
use crate::value::{Bound, Interval, Number, Value, Words};

/// The effects on each worked line of one policy.
pub(super) type Effects = Vec<Vec<ReadingEffect>>;

/// For every policy and worked line the readings under which it would come out otherwise. `again` works all policies out with
/// another value of one input of one policy.
pub(super) fn effects<'p>(
    parts: &[PolicyLines<'_>],
    again: &dyn Fn(usize, usize, Value) -> Vec<PolicyLines<'p>>,
) -> Vec<Effects> {
    let mut effects: Vec<Effects> = parts.iter().map(PolicyLines::without_effects).collect();
    for (place, part) in parts.iter().enumerate() {
        for question in questions(part) {
            let groups: Vec<&[usize]> =
                part.groups.iter().map(Vec::as_slice).filter(|of| question.touches(of)).collect();
            let clauses: Vec<usize> = groups.iter().copied().flatten().copied().collect();
            let together = across::are_linked(parts, place, &clauses, question.touched.overlap);
            for option in question.others().filter(|_| together || !groups.is_empty()) {
                let value = Value::Words(Words::one(option));
                if together {
                    let others = again(place, question.touched.input, value);
                    let drafts = |other: &PolicyLines<'p>| -> Vec<String> {
                        let drafts = other.worked.iter().map(|worked| &worked.settled.draft);
                        claims::overlapping(other.policy, drafts).collect()
                    };
                    let overlapping: Vec<String> = others.iter().flat_map(drafts).collect();
                    for ((part, other), effects) in parts.iter().zip(&others).zip(&mut effects) {
                        let drafts = other.worked.iter().map(|worked| &worked.settled.draft).collect();
                        let then = Then { world: &other.world, drafts, overlapping: &overlapping };
                        question.compare(part, option, &then, effects);
                    }
                    continue;
                }
                let other = part.world.with(Slot::Input(question.touched.input), value);
                let settled: Vec<Draft> = (groups.iter())
                    .flat_map(|group| other.settle(group, Told::Nothing, Budget::LINES))
                    .map(|settled| settled.draft)
                    .collect();
                let drafts: Vec<&Draft> = (part.worked.iter().map(|worked| &worked.settled.draft))
                    .map(|own| settled.iter().find(|draft| is_of_one_line(draft, own)).unwrap_or(own))
                    .collect();
                let overlapping: Vec<String> = claims::overlapping(part.policy, drafts.iter().copied()).collect();
                let then = Then { world: &other, drafts, overlapping: &overlapping };
                if let Some(effects) = effects.get_mut(place) {
                    question.compare(part, option, &then, effects);
                }
            }
        }
    }
    effects
}

/// Whether these amounts are the same as they are told. What does not apply has none.
fn is_told_alike(clause: &Clause, status: Status, a: Option<&Amounts>, b: Option<&Amounts>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none() && b.is_none() };
    // Money has two places, a rate those that it has.
    let told = if clause.rounding.is_some() { Number::grouped } else { Number::money };
    let end = |end: Bound| end.number().map(told);
    let alike = |a: Interval, b: Interval| a == b || (end(a.lo), end(a.hi)) == (end(b.lo), end(b.hi));
    status == Status::NotApplicable
        || (alike(a.entitled, b.entitled)
            && alike(a.awarded, b.awarded)
            && a.paid == b.paid
            && alike(a.due, b.due)
            && alike(a.overpaid, b.overpaid)
            && alike(a.lifetime, b.lifetime))
}

fn is_of_one_line(a: &Draft, b: &Draft) -> bool {
    (a.clause, a.record) == (b.clause, b.record)
}

/// The lines of a policy under another option.
struct Then<'w, 'p> {
    world: &'w World<'p>,
    /// In the order of the lines.
    drafts: Vec<&'w Draft>,
    /// The categories of lines from which another scheme then takes something.
    overlapping: &'w [String],
}

/// The readings of a policy of which one option is taken.
fn questions<'a>(part: &PolicyLines<'a>) -> Vec<Question<'a>> {
    let names = &part.policy.names;
    let question = |touched: &'a Touched| {
        let input = names.inputs.get(touched.input)?;
        let Origin::Reading(reading) = &input.origin else { return None };
        let Type::Enum(options) = input.ty else { return None };
        // Left open, a reading is one of the facts that are missing.
        let Some(Value::Words(used)) = part.world.inputs.get(touched.input) else { return None };
        let (options, used) = (names.enums.get(options)?, used.point()?);
        Some(Question { policy: &part.policy.id, touched, input, reading, options, used })
    };
    part.policy.touched.iter().filter_map(question).collect()
}

/// A reading with the option used.
struct Question<'a> {
    policy: &'a str,
    touched: &'a Touched,
    input: &'a Input,
    reading: &'a Reading,
    options: &'a Enum,
    used: usize,
}

impl Question<'_> {
    /// Whether it can touch one of these clauses, which are worked out together.
    fn touches(&self, group: &[usize]) -> bool {
        let asks = |clause: &usize| self.touched.clauses.get(*clause).copied().unwrap_or(false);
        self.touched.overlap || group.iter().any(asks)
    }

    /// The places of the options that are not used.
    fn others(&self) -> impl Iterator<Item = usize> {
        let used = self.used;
        (0..self.options.words.len()).filter(move |option| *option != used)
    }

    /// Notes every line that comes out otherwise under an option, or asks something else of limits over all applicants.
    fn compare(&self, part: &PolicyLines<'_>, option: usize, under: &Then<'_, '_>, effects: &mut Effects) {
        let Some((id, label)) = self.options.words.get(option) else { return };
        let payments = payment::settle(part.policy, &under.drafts, &part.payments);
        let lines = part.worked.iter().zip(&under.drafts).zip(payments).zip(effects);
        for (((worked, then), payment), effects) in lines {
            let draft = &worked.settled.draft;
            let Some(clause) = part.policy.clauses.get(draft.clause).filter(|_| is_of_one_line(draft, then)) else {
                continue;
            };
            let now = part.comes_to(clause, draft, &worked.payment);
            let (status, amounts) = part.comes_to(clause, then, &payment);
            let is_told = now.0 != status || !is_told_alike(clause, status, now.1.as_ref(), amounts.as_ref());
            let mut claims = under.world.claims(clause, then, None);
            let asks_otherwise = clause.is_limited_across() && claims != part.world.claims(clause, draft, None);
            let own = claims::category(part.policy, draft.clause);
            if clause.kind.counted == Counted::Total
                && own.is_some_and(|own| under.overlapping.iter().any(|of| of == own))
            {
                claims.iter_mut().for_each(|claim| claim.overlaps = true);
            }
            if is_told || asks_otherwise {
                let (option, label) = (id.clone(), label.clone());
                self.effect(effects).others.push(OtherReading { option, label, status, amounts, claims, is_told });
            }
        }
    }

    /// This reading's entry among a line's effects.
    fn effect<'e>(&self, effects: &'e mut Vec<ReadingEffect>) -> &'e mut ReadingEffect {
        let is_this = |effect: &ReadingEffect| effect.policy == self.policy && effect.id == self.reading.id;
        let at = effects.iter().position(is_this).unwrap_or_else(|| {
            let used = self.options.words.get(self.used).cloned();
            let (policy, id, question) = (self.policy.to_owned(), self.reading.id.clone(), self.input.label.clone());
            effects.push(ReadingEffect { policy, id, question, used, others: Vec::new() });
            effects.len() - 1
        });
        // The place was found or made just above.
        #[expect(clippy::indexing_slicing, reason = "`at` is a place in `effects`")]
        &mut effects[at]
    }
}
