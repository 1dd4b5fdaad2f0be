//! What each line would come to under the other options of the readings that were asked for on the way.
//!
//! What nobody asked for cannot matter: without it every step goes the same way. So everything counts that was asked for,
//! also where it came to nothing (a rule that does not apply, a scheme that does not count), by lines that depend on each
//! other and by limits over all applicants; but not what is only shown.

use std::collections::HashMap;

use crate::assess::across;
use crate::assess::claims;
use crate::assess::draft::{Draft, Told};
use crate::assess::kept::Kept;
use crate::assess::line::{PolicyLines, Worked};
use crate::assess::model::{Amounts, Claim, Counted, OtherReading, ReadingEffect, Status, Together};
use crate::assess::payment;
use crate::assess::purse::{Budget, Purse};
use crate::assess::slot::Slot;
use crate::assess::world::{Look, World};
use crate::clause::{Clause, Pool};
use crate::expr::names::{Enum, Input, Origin, Reading};
use crate::expr::types::Type;
use crate::policy::Touched;
use crate::value::{Bound, Interval, Number, Value, Words};

/// The effects on each worked line of one policy.
pub(super) type Effects = Vec<Vec<ReadingEffect>>;

/// For every policy and worked line the readings under which it would come out otherwise, and whether some of it is perhaps
/// wider than need be, because the purse ended. `again` works all policies out with another value of one input of one policy.
pub(super) fn effects<'p>(
    parts: &[PolicyLines<'_>],
    again: &dyn Fn(usize, usize, Value) -> Vec<PolicyLines<'p>>,
    purse: &Purse,
) -> (Vec<Effects>, bool) {
    let mut effects: Vec<Effects> = parts.iter().map(PolicyLines::without_effects).collect();
    let mut loose = false;
    let now: Vec<Vec<Now>> = parts.iter().map(now).collect();
    for (place, part) in parts.iter().enumerate() {
        let mut other: Option<World<'_>> = None;
        let kept = Kept::default();
        let look = Look { kept: Some(&kept), ..Look::default() };
        for question in questions(part) {
            let input = question.touched.input;
            let groups: Vec<&[usize]> = (part.groups.iter().filter(|group| part.may_change(group, input)))
                .map(|group| group.clauses.as_slice())
                .collect();
            let asked_across = part.asked_across.contains(input);
            if groups.is_empty() && !asked_across {
                continue;
            }
            let clauses: Vec<usize> = groups.iter().copied().flatten().copied().collect();
            if across::are_linked(parts, place, &clauses, asked_across) {
                for option in question.others() {
                    let others = again(place, input, Value::Words(Words::one(option)));
                    loose |= others.iter().flat_map(|other| &other.worked).any(|worked| worked.settled.loose);
                    let drafts = |other: &PolicyLines<'p>| -> Vec<String> {
                        let drafts = other.worked.iter().map(|worked| &worked.settled.draft);
                        claims::overlapping(other.policy, drafts).collect()
                    };
                    let overlapping: Vec<String> = others.iter().flat_map(drafts).collect();
                    for (((part, other), now), effects) in parts.iter().zip(&others).zip(&now).zip(&mut effects) {
                        let lines = now.iter().zip(effects).zip(&other.worked);
                        let lines = lines.map(|((now, effects), other)| (now, effects, &other.settled.draft)).collect();
                        question.compare(part, option, Then { world: &other.world, lines, overlapping: &overlapping });
                    }
                }
                continue;
            }
            let other = other.get_or_insert_with(|| part.world.clone());
            for option in question.others() {
                let taken = other.set(Slot::Input(input), Value::Words(Words::one(option)));
                let settled: Vec<Draft> = (groups.iter())
                    .flat_map(|group| {
                        let drafts = other.lines(group, None, Told::Nothing, look);
                        other.settle_from(drafts, group, Told::Nothing, Budget::of_lines(purse), look)
                    })
                    .map(|settled| {
                        loose |= settled.loose;
                        settled.draft
                    })
                    .collect();
                let places: HashMap<(usize, Option<usize>), &Draft> =
                    settled.iter().map(|draft| ((draft.clause, draft.record), draft)).collect();
                let then = |own: &Draft| places.get(&(own.clause, own.record)).copied();
                // What another scheme takes from a line matters only to those who share a limit.
                let mut limited = clauses.iter().filter_map(|clause| part.policy.clauses.get(*clause));
                let overlapping: Vec<String> = if limited.any(Clause::is_limited_across) {
                    let drafts = part.worked.iter().map(|worked| &worked.settled.draft);
                    claims::overlapping(part.policy, drafts.map(|own| then(own).unwrap_or(own))).collect()
                } else {
                    Vec::new()
                };
                if let (Some(now), Some(effects)) = (now.get(place), effects.get_mut(place)) {
                    let lines = now.iter().zip(effects).filter(|(now, _)| clauses.contains(&now.draft.clause));
                    let lines =
                        lines.map(|(now, effects)| (now, effects, then(now.draft).unwrap_or(now.draft))).collect();
                    question.compare(part, option, Then { world: other, lines, overlapping: &overlapping });
                }
                taken.into_iter().for_each(|taken| drop(other.set(Slot::Input(input), taken)));
            }
        }
    }
    (effects, loose)
}

/// A line under the options taken.
struct Now<'w> {
    draft: &'w Draft,
    status: Status,
    amounts: Option<Amounts>,
    claims: Vec<Claim>,
}

/// The lines of a policy under the options taken. What they claim is asked for as well.
fn now<'w>(part: &'w PolicyLines<'_>) -> Vec<Now<'w>> {
    let now = |worked: &'w Worked| {
        let draft = &worked.settled.draft;
        let clause = part.policy.clauses.get(draft.clause)?;
        let (status, amounts) = part.comes_to(clause, draft, &worked.payment);
        let asked = part.groups.iter().find(|group| group.clauses.contains(&draft.clause)).map(|group| &group.asked);
        let claims = part.world.claims(clause, draft, Look { asked, ..Look::default() });
        Some(Now { draft, status, amounts, claims })
    };
    part.worked.iter().filter_map(now).collect()
}

/// Whether two amounts of a clause are the same as they are told.
fn is_alike(clause: &Clause, (a, b): (Interval, Interval)) -> bool {
    // Money has two places, a rate those that it has.
    let told = if clause.rounding.is_some() { Number::grouped } else { Number::money };
    let end = |end: Bound| end.number().map(told);
    a == b || (end(a.lo), end(a.hi)) == (end(b.lo), end(b.hi))
}

/// Whether these amounts are the same as they are told. What does not apply has none.
fn is_told_alike(clause: &Clause, status: Status, a: Option<&Amounts>, b: Option<&Amounts>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none() && b.is_none() };
    let alike = |a: Interval, b: Interval| is_alike(clause, (a, b));
    status == Status::NotApplicable
        || (alike(a.entitled, b.entitled)
            && alike(a.awarded, b.awarded)
            && a.paid == b.paid
            && alike(a.due, b.due)
            && alike(a.overpaid, b.overpaid)
            && alike(a.lifetime, b.lifetime))
}

/// What the lines of a limit come to together, where that is open and told otherwise than now: each line may come to what it came
/// to, and their sum to something else. Each limit is told once.
fn together(clause: &Clause, now: &Draft, then: &Draft, limits: &mut Vec<(Pool, usize)>) -> Option<Together> {
    let left = |draft: &Draft| draft.joint.filter(|joint| joint.own == (draft.to_date, draft.lifetime));
    let (was, is) = left(now).zip(left(then)).filter(|(was, is)| was.group == is.group)?;
    let told = Together { awarded: (was.sum.0, is.sum.0), lifetime: (was.sum.1, is.sum.1) };
    let open = [told.awarded, told.lifetime].iter().any(|(was, is)| !was.is_point() || !is.is_point());
    let same = is_alike(clause, told.awarded) && is_alike(clause, told.lifetime);
    if !open || same || limits.contains(&was.group) {
        return None;
    }
    limits.push(was.group);
    Some(told)
}

fn is_of_one_line(a: &Draft, b: &Draft) -> bool {
    (a.clause, a.record) == (b.clause, b.record)
}

/// Lines of a policy under another option.
struct Then<'w, 'p> {
    world: &'w World<'p>,
    /// Each as it is, with its effects so far, and as it comes out then.
    lines: Vec<(&'w Now<'w>, &'w mut Vec<ReadingEffect>, &'w Draft)>,
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
    /// The places of the options that are not used.
    fn others(&self) -> impl Iterator<Item = usize> {
        let used = self.used;
        (0..self.options.words.len()).filter(move |option| *option != used)
    }

    /// Notes every line that comes out otherwise under an option, or asks something else of limits over all applicants.
    fn compare(&self, part: &PolicyLines<'_>, option: usize, under: Then<'_, '_>) {
        let Some((id, label)) = self.options.words.get(option) else { return };
        let drafts: Vec<&Draft> = under.lines.iter().map(|(.., then)| *then).collect();
        let payments = payment::settle(part.policy, &drafts, &part.payments);
        let mut limits = Vec::new();
        for ((now, effects, then), payment) in under.lines.into_iter().zip(payments) {
            let draft = now.draft;
            let Some(clause) = part.policy.clauses.get(draft.clause).filter(|_| is_of_one_line(draft, then)) else {
                continue;
            };
            let (status, amounts) = part.comes_to(clause, then, &payment);
            let is_told =
                now.status != status || !is_told_alike(clause, status, now.amounts.as_ref(), amounts.as_ref());
            let mut claims = under.world.claims(clause, then, Look::default());
            let asks_otherwise = clause.is_limited_across() && claims != now.claims;
            let own = claims::category(part.policy, draft.clause);
            if clause.kind.counted == Counted::Total
                && own.is_some_and(|own| under.overlapping.iter().any(|of| of == own))
            {
                claims.iter_mut().for_each(|claim| claim.overlaps = true);
            }
            let counts = clause.kind.counted == Counted::Total && part.is_wanted(draft.clause);
            let together = together(clause, draft, then, &mut limits).filter(|_| counts);
            if is_told || asks_otherwise || together.is_some() {
                let (option, label) = (id.clone(), label.clone());
                let is_told = is_told || together.is_some();
                let other = OtherReading { option, label, status, amounts, claims, together, is_told };
                self.effect(effects).others.push(other);
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
