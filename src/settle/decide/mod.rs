//! Who is inside a limit, limit by limit in the order of the clause: what one of them takes asks nothing of the next.

mod became;
mod in_part;
mod seat;
mod together;
mod unknown_key;

use std::collections::BTreeMap;

use crate::clause::{Clause, Limit};
use crate::policy::Policy;
use crate::settle::claims::{Claims, Key};
use crate::settle::population::{Before, Member, Population};
use crate::settle::{Decisions, Tally, turn};
use crate::value::Interval;
use became::Became;
use seat::{Seat, seat};
pub use together::Narrower;
use unknown_key::{Floating, known_parts, pattern};

/// Settles all claims. `policies` are those of the run, in the order in which claims name them.
pub fn decide(claims: Claims, policies: &[&Policy]) -> Decisions {
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
    let mut decisions = Decisions { who, lines, settled, tallies: Vec::new(), narrower: Vec::new() };
    for ((policy, clause), places) in by_clause {
        let (policy, clause) = (policy as usize, clause as usize);
        let Some(found) = policies.get(policy).and_then(|policy| policy.clauses.get(clause)) else { continue };
        for (place, limit) in found.limits.iter().enumerate().filter(|(_, limit)| limit.across) {
            let run = Run { clause: found, limit, place, keys: &keys };
            let outcomes = run.settle(&places, &turns, &decisions);
            if outcomes.is_empty() {
                continue;
            }
            let mut tally = Tally { policy, clause, limit: place, ..Tally::default() };
            for outcome in outcomes {
                tally.add(&outcome.settled);
                if let Some(line) = decisions.lines.get_mut(outcome.line) {
                    line.left = (packing.pack(outcome.left.0), packing.pack(outcome.left.1));
                    line.stands = outcome.stands;
                }
                if let Some(settled) = decisions.settled.get_mut(outcome.line) {
                    settled.push(outcome.settled);
                }
            }
            decisions.tallies.push(tally);
        }
        if let Some((lower, upper)) = together::narrower(found, &places, &keys, &decisions) {
            decisions.narrower.push(Narrower { policy, clause, lower, upper });
        }
    }
    decisions
}

/// One limit, settled over all who ask for a part of it.
struct Run<'a> {
    clause: &'a Clause,
    limit: &'a Limit,
    /// The limit's place among the clause's.
    place: usize,
    keys: &'a [Key],
}

impl<'a> Run<'a> {
    fn settle(&self, places: &[usize], turns: &[u32], decisions: &'a Decisions) -> Vec<Became> {
        let mut groups: BTreeMap<usize, Vec<Seat<'a>>> = BTreeMap::new();
        for &place in places {
            let Some(line) = decisions.lines.get(place) else { continue };
            let ask = line.asks.iter().find(|ask| ask.limit as usize == self.place);
            let Some(ask) = ask.filter(|_| !line.stands.is_false()) else { continue };
            groups.entry(ask.key).or_default().push(seat(place, line, ask, turns, decisions));
        }
        let is_known = |key: &usize| self.keys.get(*key).is_none_or(|key| key.iter().all(Option::is_some));
        let (known, unknown): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(key, _)| is_known(key));
        let floating = self.floating(&unknown);
        let fitting = self.fit(&known, &floating);
        let mut became = Vec::new();
        for (key, seats) in &known {
            self.group(*key, seats, &floating, &mut became);
        }
        for (key, seats) in &unknown {
            let Some(key) = self.keys.get(*key) else { continue };
            let pattern = pattern(key);
            let parts = known_parts(key, &pattern);
            let fits = fitting.get(&(pattern, parts));
            for seat in seats {
                became.push(self.unknown_key(seat, fits, &floating));
            }
        }
        became
    }

    /// Those who are known to share.
    fn group(&self, key: usize, seats: &[Seat<'_>], floating: &Floating, became: &mut Vec<Became>) {
        let first = became.len();
        let Some(key) = self.keys.get(key) else { return };
        let mut ordered: Vec<&Seat<'_>> = seats.iter().collect();
        ordered.sort_by_key(|seat| (seat.ask.order.get().lo, seat.turn));
        let pool = seats.iter().map(|seat| seat.ask.at_most.get()).chain(floating.at_most).reduce(Interval::hull);
        let pool = pool.unwrap_or(Interval::ANY);
        let members: Vec<Member> = ordered.iter().map(|seat| seat.member()).collect();
        let population = Population::new(members.iter().cloned());
        let strangers: Vec<&Population> = floating
            .patterns
            .iter()
            .filter_map(|(pattern, by_parts)| by_parts.get(&known_parts(key, pattern)))
            .collect();
        let of = strangers.iter().fold(population.size(), |sum, strangers| sum.saturating_add(strangers.size()));
        if self.limit.in_proportion {
            let exact = if strangers.is_empty() { self.exactly(&ordered, &members, pool) } else { None };
            match exact {
                Some(exact) => became.extend(exact),
                None => became.extend(ordered.iter().zip(&members).map(|(seat, member)| {
                    let perhaps = strangers.iter().map(|strangers| strangers.others(member, false).perhaps());
                    let others = perhaps.fold(population.others(member, true), Before::and);
                    self.in_part(seat, others, pool, Some(of))
                })),
            }
            return;
        }
        for (seat, member) in ordered.iter().zip(&members) {
            let perhaps = strangers.iter().map(|strangers| strangers.before(member, false).perhaps());
            let before = perhaps.fold(population.before(member, true), Before::and);
            became.push(self.in_turn(seat, before, pool, Some(of)));
        }
        mark_ties(became.get_mut(first..).unwrap_or_default(), &ordered, self.limit.order.is_some());
    }
}

/// Marks those who stand at one known place of the order and did not come out alike.
fn mark_ties(became: &mut [Became], ordered: &[&Seat<'_>], has_order: bool) {
    if !has_order {
        return;
    }
    let place = |seat: &&Seat<'_>| seat.ask.order.get();
    let mut start = 0;
    for run in ordered.chunk_by(|a, b| place(a) == place(b) && place(a).is_point()) {
        let own = became.get_mut(start..start + run.len()).unwrap_or_default();
        start += run.len();
        let first = own.first().map(|one| one.settled.outcome);
        if own.iter().any(|one| Some(one.settled.outcome) != first) {
            own.iter_mut().for_each(|one| one.settled.tied = true);
        }
    }
}
