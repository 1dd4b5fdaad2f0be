//! Who is inside a limit, limit by limit in the order of the clause, those over several clauses last: what one of them takes asks
//! nothing of the next.

use std::collections::{BTreeMap, BTreeSet};

use crate::allot::{self, Turn};
use crate::clause::Pool;
use crate::policy::Policy;
use crate::settle::claims::{Asks, Claims, Line, small};
use crate::settle::packed::{Packed, Packing};
use crate::settle::{Decisions, Narrower, Tally, together, turn};
use crate::value::{Interval, Number, Truth};

/// Settles all claims. `policies` are those of the run, in the order in which claims name them.
pub fn decide(mut claims: Claims, policies: &[&Policy]) -> Decisions {
    let under = claims.take_alternatives();
    // One after the other, so that what only deciding needs is held once.
    let under =
        under.into_iter().map(|(alternative, others)| (alternative, decide_one(claims.with(&others), policies)));
    let under = under.collect();
    Decisions { under, ..decide_one(claims, policies) }
}

/// Settles claims as they stand under one option of every reading.
fn decide_one(mut claims: Claims, policies: &[&Policy]) -> Decisions {
    let mut by_clause: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (place, line) in (0..).zip(&claims.lines) {
        by_clause.entry((line.policy, line.clause)).or_default().push(place);
    }
    let clause = |policy: u32, clause: u32| policies.get(policy as usize)?.clauses.get(clause as usize);
    let mut pools: BTreeSet<(u32, Pool)> = BTreeSet::new();
    for (policy, of) in by_clause.keys() {
        let limits = clause(*policy, *of).into_iter().flat_map(|clause| &clause.limits);
        pools.extend(limits.filter(|limit| limit.across).map(|limit| (*policy, limit.pool)));
    }
    let turns = turns(&claims);
    let mut settled = vec![None; claims.asks.len()];
    let mut tallies: BTreeMap<(u32, u32, usize), Tally> = BTreeMap::new();
    for (policy, pool) in pools {
        let Some(of) = policies.get(policy as usize) else { continue };
        let Some(rule) = of.rule(pool) else { continue };
        let share = |(clause, at, limit): (usize, usize, &crate::clause::Limit)| {
            let has_order = limit.order.is_some() || limit.in_proportion;
            Share {
                clause: small(clause),
                limit: at,
                turn: small(limit.turn),
                has_order,
                claims: &claims,
                turns: &turns,
            }
        };
        let shares: Vec<Share<'_>> = of.members(pool).into_iter().map(share).collect();
        let mut seats: Vec<Seat<'_>> = Vec::new();
        for share in &shares {
            let lines = by_clause.get(&(policy, share.clause)).map_or(&[][..], Vec::as_slice);
            seats.reserve_exact(lines.len());
            seats.extend(lines.iter().filter_map(|line| share.seat(*line)));
        }
        let mut packing = Packing::default();
        let mut left: Vec<Left> = Vec::with_capacity(seats.len());
        allot::share_out(rule, &seats, &claims.keys, &mut |became| {
            let [to_date, lifetime] = [became.left.0, became.left.1].map(|amount| packing.pack(amount));
            left.push(Left { line: small(became.place), stands: became.stands, left: (to_date, lifetime) });
            if let Some(line) = claims.lines.get(became.place) {
                let (policy, clause, limit) = (line.policy as usize, line.clause as usize, became.settled.limit);
                let new = || Tally { policy, clause, limit, ..Tally::default() };
                tallies.entry((line.policy, line.clause, limit)).or_insert_with(new).add(&became.settled);
            }
            let slots = settled.get_mut(claims.places_of_asks(became.place, claims.asks.len())).unwrap_or_default();
            if let Some(free) = slots.iter_mut().find(|slot| slot.is_none()) {
                *free = Some(became.settled);
            }
        });
        drop(seats);
        for of in left {
            let Some(line) = claims.lines.get_mut(of.line as usize) else { continue };
            let [to_date, lifetime] = [of.left.0, of.left.1].map(|amount| claims.packing.pack(packing.get(amount)));
            (line.left, line.stands) = ((to_date, lifetime), of.stands);
        }
    }
    let mut narrower = Vec::new();
    for ((policy, place), lines) in by_clause {
        let Some(found) = clause(policy, place) else { continue };
        if let Some((awarded, lifetime)) = together::narrower(found, &lines, &claims) {
            narrower.push(Narrower { policy: policy as usize, clause: place as usize, awarded, lifetime });
        }
    }
    claims.forget_asks();
    Decisions { claims, settled, tallies: tallies.into_values().collect(), narrower, ..Decisions::default() }
}

/// The turn of each applicant: by their ids.
fn turns(claims: &Claims) -> Vec<u32> {
    let count = small(claims.who.len());
    let mut by_id: Vec<u32> = (0..count).collect();
    by_id.sort_unstable_by(|a, b| turn::compare(claims.id(*a as usize), claims.id(*b as usize)).then_with(|| a.cmp(b)));
    let mut turns = vec![0; by_id.len()];
    for (turn, place) in (0..count).zip(by_id) {
        if let Some(slot) = turns.get_mut(place as usize) {
            *slot = turn;
        }
    }
    turns
}

/// What is left of a line.
struct Left {
    line: u32,
    stands: Truth,
    left: (Packed, Packed),
}

/// What part the lines of a clause have in a limit.
struct Share<'a> {
    clause: u32,
    /// The limit's place among those of its clause.
    limit: usize,
    /// The clause's turn.
    turn: u32,
    /// Whether the policy says who comes first, or that all get a part.
    has_order: bool,
    claims: &'a Claims,
    turns: &'a [u32],
}

impl Share<'_> {
    /// What a line asks of the limit; none where it asks for nothing.
    fn seat(&self, line: u32) -> Option<Seat<'_>> {
        let place = line as usize;
        self.claims.lines.get(place).filter(|line| !line.stands.is_false())?;
        let ask = self.claims.asks_of(place).iter().find(|ask| ask.limit as usize == self.limit)?;
        Some(Seat { share: self, ask })
    }
}

/// A line that asks for a part of a limit.
struct Seat<'a> {
    share: &'a Share<'a>,
    ask: &'a Asks,
}

impl Seat<'_> {
    fn line(&self) -> Option<&Line> {
        self.share.claims.lines.get(self.ask.line as usize)
    }
}

impl allot::Seat for Seat<'_> {
    fn place(&self) -> usize {
        self.ask.line as usize
    }
    fn limit(&self) -> usize {
        self.share.limit
    }
    fn turn(&self) -> Turn {
        let who = self.line().map_or(u32::MAX, |line| line.who);
        let first = self.share.claims.who.get(who as usize).map_or(0, |who| who.first);
        let turn = self.share.turns.get(who as usize).copied().unwrap_or(u32::MAX);
        (turn, self.share.turn, self.ask.line.saturating_sub(first))
    }
    fn key(&self) -> usize {
        self.ask.key as usize
    }
    fn applies(&self) -> Truth {
        self.ask.applies
    }
    fn stands(&self) -> Truth {
        self.line().map_or(Truth::OPEN, |line| line.stands)
    }
    fn many(&self) -> bool {
        self.ask.many
    }
    fn order(&self) -> Interval {
        if self.share.has_order || self.ask.many {
            return self.share.claims.packing.get(self.ask.order);
        }
        // Where the text names no order, what was paid says who was chosen; of the others, and of several who were paid, nobody knows.
        let from = if self.line().is_some_and(|line| line.paid) { 0 } else { 2 };
        Interval::between(Number::whole(from), Number::whole(from + 1))
    }
    fn at_most(&self) -> Interval {
        // Results of another version may say less than nothing.
        self.share.claims.packing.get(self.ask.at_most).floor_at_zero()
    }
    fn left(&self) -> (Interval, Interval) {
        self.line().map_or((Interval::ANY, Interval::ANY), |line| self.share.claims.get(line.left))
    }
}
