//! The missing facts that matter, and what each value of a finite one would settle.

use std::collections::BTreeMap;

use crate::assess::draft::Draft;
use crate::assess::line::PolicyLines;
use crate::assess::model::{Counted, Missing};
use crate::assess::naming;
use crate::assess::purse::{Budget, Purse};
use crate::assess::slot::{Likes, Slot};
use crate::expr::formula::Shown;
use crate::expr::names::Origin;
use crate::lang::Text;
use crate::value::{Interval, Truth, Value};

/// For more missing facts than this, what each would settle is not worked out.
const MOST_SETTLED: usize = 24;

/// The missing facts over all policies, those that keep most clauses open first; `awarded` is each policy's total.
pub(super) fn missing(parts: &[PolicyLines<'_>], awarded: &[Interval], purse: &Purse) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (of, (part, total)) in parts.iter().zip(awarded).enumerate() {
        let mut slots: BTreeMap<Slot, Vec<String>> = BTreeMap::new();
        for worked in part.worked.iter().filter(|worked| worked.settled.draft.is_open()) {
            let draft = &worked.settled.draft;
            let clause = part.policy.clauses.get(draft.clause).map(|clause| clause.id.clone()).unwrap_or_default();
            for slot in draft.causes.iter().filter_map(Slot::of) {
                let clauses = slots.entry(slot).or_default();
                if !clauses.contains(&clause) {
                    clauses.push(clause.clone());
                }
            }
        }
        let mut slots: Vec<(Slot, Vec<String>)> = slots.into_iter().collect();
        // Stable: facts that keep as many clauses open stay in the order of their declarations.
        slots.sort_by_key(|(_, clauses)| std::cmp::Reverse(clauses.len()));
        // Of records that nothing tells apart, each value of a field settles the same.
        let mut known: BTreeMap<Slot, Vec<(Text, Interval)>> = BTreeMap::new();
        let likes = Likes::of(&part.world);
        for (place, (slot, clauses)) in slots.into_iter().enumerate() {
            let fact = naming::slot(part.policy, &part.world.inputs, slot);
            let names = &part.policy.names;
            let input = match slot {
                Slot::Input(place) => names.inputs.get(place),
                Slot::Field(_, _, list, field) => names.lists.get(list).and_then(|list| list.fields.get(field)),
            };
            let is_fact = input.is_some_and(|input| input.origin == Origin::Fact);
            let like = likes.first(slot);
            let settles = match known.get(&like) {
                Some(settles) => settles.clone(),
                None if place < MOST_SETTLED && is_fact && !part.adjusted => settles(part, slot, *total, purse),
                None => Vec::new(),
            };
            known.entry(like).or_insert_with(|| settles.clone());
            let clauses = clauses.into_iter().map(|clause| (part.policy.id.clone(), clause)).collect();
            let ask = input.and_then(|input| input.ask.clone());
            // A fact that two policies ask for is asked for once.
            match places.get(&fact.name).and_then(|place| all.get_mut(*place)).filter(|known| known.fact == fact) {
                Some(known) => known.clauses.extend::<Vec<_>>(clauses),
                None => {
                    places.insert(fact.name.clone(), all.len());
                    all.push(Missing { fact, at: (of, slot), ask, clauses, settles });
                }
            }
        }
    }
    all
}

/// Each value of a finite fact with the policy's awarded total, which is `total` as long as nothing is said.
fn settles(part: &PolicyLines<'_>, slot: Slot, total: Interval, purse: &Purse) -> Vec<(Text, Interval)> {
    let Some(cases) = part.world.value(slot).and_then(Value::cases) else { return Vec::new() };
    let counts = |clause: usize| {
        let kind = part.policy.clauses.get(clause).map(|clause| clause.kind);
        part.is_wanted(clause) && kind.is_some_and(|kind| kind.counted == Counted::Total)
    };
    let touches = |group: &&Vec<usize>| {
        part.worked.iter().any(|worked| {
            let draft = &worked.settled.draft;
            group.contains(&draft.clause) && draft.causes.iter().filter_map(Slot::of).any(|cause| cause == slot)
        })
    };
    let mut touched: Vec<usize> =
        part.groups.iter().map(|group| &group.clauses).filter(touches).flatten().copied().collect();
    touched.sort_unstable();
    let elsewhere = part.worked.iter().map(|worked| &worked.settled.draft);
    let elsewhere = elsewhere.filter(|draft| counts(draft.clause) && !touched.contains(&draft.clause));
    let base = Interval::sum(elsewhere.map(|draft| draft.to_date)).unwrap_or(Interval::ANY);
    let awarded = |drafts: &[Draft]| {
        let own = drafts.iter().filter(|draft| counts(draft.clause)).map(|draft| draft.to_date);
        vec![Interval::sum(own).unwrap_or(Interval::ANY)]
    };
    let mut settled = Vec::new();
    for case in cases {
        let (sums, _) = part.world.with(slot, case.clone()).sum(&touched, Budget::of_a_value(purse), &awarded);
        let sum = sums.first().and_then(|sum| sum.plus(base));
        // Looking at one fact alone never widens what is known of the whole.
        let sum = sum.and_then(|sum| sum.meet(total)).unwrap_or(total);
        let label = match part.show(slot, &case) {
            Shown::Truth(truth) if truth == Truth::TRUE => Text::new("是", "yes"),
            Shown::Truth(_) => Text::new("否", "no"),
            Shown::Words(words) => words.into_iter().next().unwrap_or_default(),
            _ => Text::default(),
        };
        settled.push((label, sum));
    }
    // Where every value gives the same, the fact alone settles nothing.
    let same = settled.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b));
    if same { Vec::new() } else { settled }
}
