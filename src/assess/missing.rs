//! The missing facts that matter, and what each value of a finite one would settle.

use crate::assess::line::PolicyLines;
use crate::assess::model::{Counted, Missing};
use crate::assess::naming;
use crate::assess::split::Slot;
use crate::expr::formula::Shown;
use crate::expr::names::Origin;
use crate::lang::Text;
use crate::value::{Interval, Truth, Value};

/// For more missing facts than this, what each would settle is not worked out.
const MOST_SETTLED: usize = 24;
/// Runs that one value of one fact is worth.
const RUNS: usize = 64;

/// The missing facts over all policies, those that keep most clauses open first.
pub(super) fn missing(parts: &[PolicyLines<'_>]) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    for part in parts {
        let mut slots: Vec<(Slot, Vec<String>)> = Vec::new();
        for worked in part.worked.iter().filter(|worked| worked.settled.draft.is_open()) {
            let draft = &worked.settled.draft;
            let clause = part.policy.clauses.get(draft.clause).map(|clause| clause.id.clone()).unwrap_or_default();
            for slot in draft.causes.iter().filter_map(Slot::of) {
                match slots.iter_mut().find(|(known, _)| *known == slot) {
                    Some((_, clauses)) if clauses.contains(&clause) => {}
                    Some((_, clauses)) => clauses.push(clause.clone()),
                    None => slots.push((slot, vec![clause.clone()])),
                }
            }
        }
        // Stable: facts that keep as many clauses open stay in the order in which they were met.
        slots.sort_by_key(|(_, clauses)| std::cmp::Reverse(clauses.len()));
        for (place, (slot, clauses)) in slots.into_iter().enumerate() {
            let fact = naming::slot(part.policy, &part.world.inputs, slot);
            let input = match slot {
                Slot::Input(place) => part.policy.names.inputs.get(place),
                Slot::Field(..) => None,
            };
            let is_fact = input.is_none_or(|input| input.origin == Origin::Fact);
            let settles = if place < MOST_SETTLED && is_fact { settles(part, slot) } else { Vec::new() };
            let clauses = clauses.into_iter().map(|clause| (part.policy.id.clone(), clause)).collect();
            let ask = input.and_then(|input| input.ask.clone());
            // A fact that two policies ask for is asked for once.
            match all.iter_mut().find(|known| known.fact == fact) {
                Some(known) => known.clauses.extend::<Vec<_>>(clauses),
                None => all.push(Missing { fact, ask, clauses, settles }),
            }
        }
    }
    all
}

/// Each value of a finite fact with the awarded total.
fn settles(part: &PolicyLines<'_>, slot: Slot) -> Vec<(Text, Interval)> {
    let Some(cases) = part.world.value(slot).and_then(Value::cases) else { return Vec::new() };
    let counts = |clause: usize| {
        let kind = part.policy.clauses.get(clause).map(|clause| clause.kind);
        part.is_wanted(clause) && kind.is_some_and(|kind| kind.counted == Counted::Total)
    };
    let touched: Vec<&Vec<usize>> = part
        .groups
        .iter()
        .filter(|group| {
            part.worked.iter().any(|worked| {
                let draft = &worked.settled.draft;
                group.contains(&draft.clause) && draft.causes.iter().filter_map(Slot::of).any(|cause| cause == slot)
            })
        })
        .collect();
    let elsewhere = part.worked.iter().filter(|worked| {
        let clause = worked.settled.draft.clause;
        counts(clause) && !touched.iter().any(|group| group.contains(&clause))
    });
    let base = Interval::sum(elsewhere.map(|worked| worked.settled.draft.to_date));
    let mut settled = Vec::new();
    for case in cases {
        let world = part.world.with(slot, case.clone());
        let mut sum = base;
        for group in &touched {
            let drafts = world.settle(group, &mut RUNS.clone());
            sum = drafts
                .iter()
                .filter(|line| counts(line.draft.clause))
                .fold(sum, |sum, line| sum?.plus(line.draft.to_date));
        }
        let label = match part.show(slot, &case) {
            Shown::Truth(truth) if truth == Truth::TRUE => Text::new("是", "yes"),
            Shown::Truth(_) => Text::new("否", "no"),
            Shown::Words(words) => words.into_iter().next().unwrap_or_default(),
            _ => Text::default(),
        };
        settled.push((label, sum.unwrap_or(Interval::ANY)));
    }
    // Where every value gives the same, the fact alone settles nothing.
    let same = settled.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b));
    if same { Vec::new() } else { settled }
}
