//! Who is inside a limit, limit by limit in the order of the clause, those over several clauses last: what one of them takes asks
//! nothing of the next.

use std::collections::{BTreeMap, BTreeSet};

use crate::allot::{self, Turn};
use crate::clause::Pool;
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
    let mut pools: BTreeSet<(u32, Pool)> = BTreeSet::new();
    for (policy, clause) in by_clause.keys() {
        let found = policies.get(*policy as usize).and_then(|policy| policy.clauses.get(*clause as usize));
        let limits = found.into_iter().flat_map(|clause| &clause.limits);
        pools.extend(limits.filter(|limit| limit.across).map(|limit| (*policy, limit.pool)));
    }
    let settled = lines.iter().map(|_| Vec::new()).collect();
    let mut decisions = Decisions { who, lines, settled, ..Decisions::default() };
    let mut tallies: BTreeMap<(usize, usize, usize), Tally> = BTreeMap::new();
    for (policy, pool) in pools {
        let Some(of) = policies.get(policy as usize) else { continue };
        let Some(rule) = of.rule(pool) else { continue };
        let mut seats: Vec<Seat<'_>> = Vec::new();
        for (clause, at, limit) in of.members(pool) {
            let has_order = limit.order.is_some() || limit.in_proportion;
            let share = Share { limit: at, turn: limit.turn, has_order };
            let places = u32::try_from(clause).ok().and_then(|clause| by_clause.get(&(policy, clause)));
            let seat = |line: &usize| seat(*line, share, &turns, &decisions);
            seats.extend(places.into_iter().flatten().filter_map(seat));
        }
        let outcomes = allot::share_out(rule, &seats, &keys);
        drop(seats);
        for outcome in outcomes {
            if let Some(line) = decisions.lines.get_mut(outcome.place) {
                line.left = (packing.pack(outcome.left.0), packing.pack(outcome.left.1));
                line.stands = outcome.stands;
                let (policy, clause, limit) = (line.policy as usize, line.clause as usize, outcome.settled.limit);
                let new = || Tally { policy, clause, limit, ..Tally::default() };
                tallies.entry((policy, clause, limit)).or_insert_with(new).add(&outcome.settled);
            }
            if let Some(settled) = decisions.settled.get_mut(outcome.place) {
                settled.push(outcome.settled);
            }
        }
    }
    decisions.tallies = tallies.into_values().collect();
    for ((policy, clause), places) in by_clause {
        let (policy, clause) = (policy as usize, clause as usize);
        let Some(found) = policies.get(policy).and_then(|policy| policy.clauses.get(clause)) else { continue };
        if let Some((awarded, lifetime)) = together::narrower(found, &places, &keys, &decisions) {
            decisions.narrower.push(Narrower { policy, clause, awarded, lifetime });
        }
    }
    decisions
}

/// What part a line has in a limit.
#[derive(Clone, Copy)]
struct Share {
    /// The limit's place among those of its clause.
    limit: usize,
    /// The clause's turn.
    turn: usize,
    /// Whether the policy says who comes first, or that all get a part.
    has_order: bool,
}

/// A line that asks for a part of a limit.
struct Seat<'a> {
    place: usize,
    turn: Turn,
    ask: &'a Asks,
    of: &'a Line,
    share: Share,
}

impl allot::Seat for Seat<'_> {
    fn place(&self) -> usize {
        self.place
    }
    fn limit(&self) -> usize {
        self.share.limit
    }
    fn turn(&self) -> Turn {
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
        if self.share.has_order || self.ask.many {
            return self.ask.order.get();
        }
        // Where the text names no order, what was paid says who was chosen; of the others, and of several who were paid, nobody knows.
        let from = if self.of.paid { 0 } else { 2 };
        Interval::between(Number::whole(from), Number::whole(from + 1))
    }
    fn at_most(&self) -> Interval {
        // Results of another version may say less than nothing.
        self.ask.at_most.get().floor_at_zero()
    }
    fn left(&self) -> (Interval, Interval) {
        (self.of.left.0.get(), self.of.left.1.get())
    }
}

/// What a line asks of a limit; none where it asks for nothing.
fn seat<'a>(place: usize, share: Share, turns: &[u32], decisions: &'a Decisions) -> Option<Seat<'a>> {
    let line = decisions.lines.get(place)?;
    let ask = line.asks.iter().find(|ask| ask.limit as usize == share.limit).filter(|_| !line.stands.is_false())?;
    let first = decisions.who.get(line.who).map_or(0, |who| who.first);
    let small = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let who = turns.get(line.who).copied().unwrap_or(u32::MAX);
    let turn = (who, small(share.turn), small(place.saturating_sub(first)));
    Some(Seat { place, turn, ask, of: line, share })
}
