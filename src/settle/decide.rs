//! Who is inside a limit, limit by limit in the order of the clause: what one of them takes asks nothing of the next.

use std::collections::BTreeMap;

use crate::allot::{self, Rule};
use crate::policy::Policy;
use crate::settle::claims::{Asks, Claims, Line};
use crate::settle::{Decisions, Narrower, Tally, together, turn};
use crate::value::{Interval, Number, Truth};

/// Settles all claims. `policies` are those of the run, in the order in which claims name them.
pub fn decide(mut claims: Claims, policies: &[&Policy]) -> Decisions {
    let under = claims.alternatives();
    let mut decisions = decide_one(claims, policies);
    decisions.under =
        (under.into_iter()).map(|(alternative, claims)| (alternative, decide_one(claims, policies))).collect();
    decisions
}

/// Settles claims as they stand under one option of every reading.
fn decide_one(claims: Claims, policies: &[&Policy]) -> Decisions {
    let (who, lines, keys, mut packing) = claims.parts();
    let mut by_id: Vec<usize> = (0..who.len()).collect();
    by_id.sort_by(|a, b| match (who.get(*a), who.get(*b)) {
        (Some(a), Some(b)) => turn::compare(&a.id, &b.id).then(a.ordinal.cmp(&b.ordinal)),
        _ => std::cmp::Ordering::Equal,
    });
    let mut turns = vec![0; who.len()];
    for (turn, place) in by_id.into_iter().enumerate() {
        if let Some(slot) = turns.get_mut(place) {
            *slot = u32::try_from(turn).unwrap_or(u32::MAX);
        }
    }
    let mut by_clause: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        by_clause.entry((line.policy, line.clause)).or_default().push(place);
    }
    let settled = lines.iter().map(|_| Vec::new()).collect();
    let mut decisions = Decisions { who, lines, settled, ..Decisions::default() };
    for ((policy, clause), places) in by_clause {
        let (policy, clause) = (policy as usize, clause as usize);
        let Some(found) = policies.get(policy).and_then(|policy| policy.clauses.get(clause)) else { continue };
        for (place, limit) in found.limits.iter().enumerate().filter(|(_, limit)| limit.across) {
            let has_order = limit.order.is_some() || limit.in_proportion;
            let seat = |line: &usize| seat(*line, (place, has_order), &turns, &decisions);
            let seats: Vec<Seat<'_>> = places.iter().filter_map(seat).collect();
            let outcomes = allot::share_out(Rule::of(found, place, limit), &seats, &keys);
            drop(seats);
            if outcomes.is_empty() {
                continue;
            }
            let mut tally = Tally { policy, clause, limit: place, ..Tally::default() };
            for outcome in outcomes {
                tally.add(&outcome.settled);
                if let Some(line) = decisions.lines.get_mut(outcome.place) {
                    line.left = (packing.pack(outcome.left.0), packing.pack(outcome.left.1));
                    line.stands = outcome.stands;
                }
                if let Some(settled) = decisions.settled.get_mut(outcome.place) {
                    settled.push(outcome.settled);
                }
            }
            decisions.tallies.push(tally);
        }
        if let Some((awarded, lifetime)) = together::narrower(found, &places, &keys, &decisions) {
            decisions.narrower.push(Narrower { policy, clause, awarded, lifetime });
        }
    }
    decisions
}

/// A line that asks for a part of a limit.
struct Seat<'a> {
    place: usize,
    turn: (u32, u32),
    ask: &'a Asks,
    of: &'a Line,
    /// Whether the policy says who comes first, or that all get a part.
    has_order: bool,
}

impl allot::Seat for Seat<'_> {
    fn place(&self) -> usize {
        self.place
    }
    fn turn(&self) -> (u32, u32) {
        self.turn
    }
    fn key(&self) -> usize {
        self.ask.key
    }
    fn applies(&self) -> Truth {
        self.ask.applies
    }
    fn stands(&self) -> Truth {
        self.of.stands
    }
    fn many(&self) -> bool {
        self.ask.many
    }
    fn order(&self) -> Interval {
        if self.has_order || self.ask.many {
            return self.ask.order.get();
        }
        // Where the text names no order, what was paid says who was chosen; of the others, and of several who were paid, nobody knows.
        let from = if self.of.paid { 0 } else { 2 };
        Interval::between(Number::whole(from), Number::whole(from + 1))
    }
    fn at_most(&self) -> Interval {
        self.ask.at_most.get()
    }
    fn left(&self) -> (Interval, Interval) {
        (self.of.left.0.get(), self.of.left.1.get())
    }
}

/// What a line asks of a limit; none where it asks for nothing.
fn seat<'a>(
    place: usize,
    (limit, has_order): (usize, bool),
    turns: &[u32],
    decisions: &'a Decisions,
) -> Option<Seat<'a>> {
    let line = decisions.lines.get(place)?;
    let ask = line.asks.iter().find(|ask| ask.limit as usize == limit).filter(|_| !line.stands.is_false())?;
    let first = decisions.who.get(line.who).map_or(0, |who| who.first);
    let own = u32::try_from(place.saturating_sub(first)).unwrap_or(u32::MAX);
    let turn = (turns.get(line.who).copied().unwrap_or(u32::MAX), own);
    Some(Seat { place, turn, ask, of: line, has_order })
}
