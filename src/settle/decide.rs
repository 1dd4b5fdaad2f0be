//! Who is inside a limit, limit by limit in the order of the clause: what one of them takes asks nothing of the next.

use std::collections::BTreeMap;

use crate::assess::step::share_out::has_place;
use crate::clause::{Clause, Limit};
use crate::policy::Policy;
use crate::settle::claims::{Asks, Claims, Key, Line};
use crate::settle::population::{Before, Member, Population};
use crate::settle::{Decisions, Outcome, Settled, Tally, proportion, turn};
use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number, Truth};

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
    let mut decisions = Decisions { who, lines, settled, tallies: Vec::new() };
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

/// One who asks.
struct Seat<'a> {
    line: usize,
    turn: (u32, u32),
    ask: &'a Asks,
    of: &'a Line,
    stands: Truth,
}

/// What became of one line.
struct Became {
    line: usize,
    left: (Interval, Interval),
    stands: Truth,
    settled: Settled,
}

/// Those whose key is not known, by what is known of it.
struct Floating {
    /// For each pattern of known parts, by these parts.
    patterns: BTreeMap<Vec<bool>, BTreeMap<Vec<String>, Population>>,
    all: Population,
    /// How much each of them says there is.
    at_most: Option<Interval>,
}

/// What those whose key is not known may share with: all groups that fit a pattern, as one, and the size of the largest.
type Fitting = BTreeMap<(Vec<bool>, Vec<String>), (Population, i64)>;

fn known_parts(key: &Key, pattern: &[bool]) -> Vec<String> {
    key.iter().zip(pattern).filter(|(_, known)| **known).filter_map(|(part, _)| part.clone()).collect()
}

fn pattern(key: &Key) -> Vec<bool> {
    key.iter().map(Option::is_some).collect()
}

impl Seat<'_> {
    /// What is left of it so far, to date and in all.
    fn left(&self) -> (Interval, Interval) {
        (self.of.left.0.get(), self.of.left.1.get())
    }

    fn asked(&self) -> Interval {
        let (to_date, lifetime) = self.left();
        to_date.max(lifetime).floor_at_zero()
    }

    fn member(&self) -> Member {
        let claims = self.ask.applies.and(self.stands);
        Member {
            turn: self.turn,
            order: self.ask.order.get(),
            asked: self.asked().given(claims),
            sure: claims.is_true() && !self.ask.many,
            many: self.ask.many,
        }
    }
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

    fn floating(&self, unknown: &[(usize, Vec<Seat<'_>>)]) -> Floating {
        let mut patterns: BTreeMap<Vec<bool>, BTreeMap<Vec<String>, Population>> = BTreeMap::new();
        for (key, seats) in unknown {
            let Some(key) = self.keys.get(*key) else { continue };
            let pattern = pattern(key);
            let parts = known_parts(key, &pattern);
            patterns.entry(pattern).or_default().insert(parts, Population::new(seats.iter().map(Seat::member)));
        }
        let seats = || unknown.iter().flat_map(|(_, seats)| seats);
        let at_most = seats().map(|seat| seat.ask.at_most.get()).reduce(Interval::hull);
        Floating { patterns, all: Population::new(seats().map(Seat::member)), at_most }
    }

    /// For each thing known of an unknown key, the groups that it may belong to.
    fn fit(&self, known: &[(usize, Vec<Seat<'_>>)], floating: &Floating) -> Fitting {
        let mut fitting = Fitting::new();
        for (pattern, by_parts) in &floating.patterns {
            let mut fits: BTreeMap<Vec<String>, (Vec<Member>, i64)> = BTreeMap::new();
            for (key, seats) in known {
                let Some(key) = self.keys.get(*key) else { continue };
                let parts = known_parts(key, pattern);
                if !by_parts.contains_key(&parts) {
                    continue;
                }
                let members: Vec<Member> = seats.iter().map(Seat::member).collect();
                let size = Population::new(members.iter().cloned()).size();
                let (all, largest) = fits.entry(parts).or_default();
                all.extend(members);
                *largest = size.max(*largest);
            }
            for (parts, (members, largest)) in fits {
                fitting.insert((pattern.clone(), parts), (Population::new(members.into_iter()), largest));
            }
        }
        fitting
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

    /// One of whom it is not known with whom it shares.
    fn unknown_key(&self, seat: &Seat<'_>, fits: Option<&(Population, i64)>, floating: &Floating) -> Became {
        let member = seat.member();
        let pool = seat.ask.at_most.get().hull(floating.at_most.unwrap_or_else(|| seat.ask.at_most.get()));
        let of = |population: &Population, own: bool| {
            let before = if self.limit.in_proportion {
                population.others(&member, own)
            } else {
                population.before(&member, own)
            };
            before.perhaps()
        };
        let mut before = fits.map_or(Before::NOTHING, |(population, _)| of(population, false));
        if let Some((_, largest)) = fits {
            before.possible = before.possible.min(*largest);
        }
        let before = before.and(of(&floating.all, true));
        if self.limit.money && seat.ask.many {
            // Its records may belong to any number of groups, each with a pool of its own.
            return self.became(seat, seat.asked().hull(Interval::ZERO), false, before, pool, None);
        }
        if self.limit.in_proportion {
            self.in_part(seat, before, pool, None)
        } else {
            self.in_turn(seat, before, pool, None)
        }
    }

    /// One after the other.
    fn in_turn(&self, seat: &Seat<'_>, before: Before, pool: Interval, of: Option<i64>) -> Became {
        if self.limit.money {
            let rest = pool.minus(before.asked).unwrap_or(Interval::ANY).floor_at_zero();
            let share = seat.asked().min(rest);
            let full = seat.asked().hi <= rest.lo;
            return self.became(seat, share, full, before, pool, of);
        }
        let place = has_place((before.sure, before.possible), pool);
        let keeps = place.or(seat.ask.applies.negate());
        let outcome = if keeps.is_true() {
            Outcome::Inside
        } else if keeps.is_false() {
            Outcome::LeftOut
        } else {
            Outcome::Open
        };
        let (to_date, lifetime) = seat.left();
        let left = (to_date.given(keeps), lifetime.given(keeps));
        let settled = self.settled(seat, outcome, before, pool, of);
        Became { line: seat.line, left, stands: seat.stands.and(keeps), settled }
    }

    /// All the same part, where something is open.
    fn in_part(&self, seat: &Seat<'_>, others: Before, pool: Interval, of: Option<i64>) -> Became {
        let asked = seat.asked();
        let step = self.clause.rounding.to;
        let share = proportion::open(asked, others.asked, pool, step);
        let mut became = self.became(seat, share, share == asked, others, pool, of);
        let (to_date, lifetime) = seat.left();
        if share != asked && to_date != lifetime {
            // What is due to date is cut by the same part, and rounded down.
            let least = || {
                let part = share.lo.number()?.divide(asked.hi.number()?)?;
                to_date.lo.number()?.multiply(part)?.round(step, Rounding::Down)
            };
            let least = Bound::At(least().unwrap_or(Number::ZERO).max(Number::ZERO));
            became.left.0.lo = became.left.0.lo.min(least);
        }
        became
    }

    /// All the same part, where everything is known.
    fn exactly(&self, seats: &[&Seat<'_>], members: &[Member], pool: Interval) -> Option<Vec<Became>> {
        let step = self.clause.rounding.to;
        let pool_amount = pool.as_point()?;
        let known = seats.iter().all(|seat| seat.ask.applies.is_true() && seat.stands.is_true() && !seat.ask.many);
        let asked: Vec<Number> =
            members.iter().filter(|_| known).map(|member| member.asked.as_point()).collect::<Option<_>>()?;
        let total = asked.iter().try_fold(Number::ZERO, |sum, amount| sum.plus(*amount))?;
        let of = Some(i64::try_from(seats.len()).unwrap_or(i64::MAX));
        if !known {
            return None;
        }
        if total <= pool_amount {
            let inside = |seat: &&Seat<'_>| self.became(seat, seat.asked(), true, Before::NOTHING, pool, of);
            return Some(seats.iter().map(inside).collect());
        }
        let shares = proportion::exact(&asked, pool_amount, step)?;
        // Where equal remainders go by the order, the order must be known.
        let has_place = |place: &usize| members.get(*place).is_some_and(|member| member.order.is_point());
        if self.limit.order.is_some() && !shares.cut.iter().all(has_place) {
            return None;
        }
        // What is due to date is the same part of what was asked for to date.
        let part = pool_amount.round(step, Rounding::Down)?.divide(total)?;
        let order = |place: &usize| members.get(*place).map(|member| member.order);
        let mut became = Vec::new();
        for (place, ((seat, share), asked)) in seats.iter().zip(&shares.amounts).zip(&asked).enumerate() {
            let mut one = self.became(seat, Interval::point(*share), share == asked, Before::NOTHING, pool, of);
            let (to_date, lifetime) = seat.left();
            if to_date != lifetime
                && let Some(to_date) = to_date.as_point()
            {
                let to_date = to_date.multiply(part)?.round(step, Rounding::Down)?;
                one.left.0 = one.left.0.min(Interval::point(to_date));
            }
            let equals = shares.cut.iter().filter(|other| **other != place && order(other) == order(&place));
            one.settled.tied = shares.cut.contains(&place) && equals.count() > 0;
            became.push(one);
        }
        Some(became)
    }

    /// With this much of the money that was asked for.
    fn became(
        &self,
        seat: &Seat<'_>,
        share: Interval,
        full: bool,
        before: Before,
        pool: Interval,
        of: Option<i64>,
    ) -> Became {
        let asked = seat.asked();
        let applies = seat.ask.applies.is_true();
        let share = if applies { share } else { share.hull(asked) };
        let outcome = if full {
            Outcome::Inside
        } else if share == Interval::ZERO {
            Outcome::LeftOut
        } else if share.is_point() && share.hi < asked.lo {
            Outcome::Reduced
        } else {
            Outcome::Open
        };
        let (to_date, lifetime) = seat.left();
        let left = if full {
            (to_date, lifetime)
        } else if to_date == lifetime {
            (share, share)
        } else {
            (to_date.min(share), lifetime.min(share))
        };
        let stands = Truth {
            may_hold: seat.stands.may_hold && share.hi > Bound::ZERO,
            may_fail: seat.stands.may_fail || share.lo <= Bound::ZERO,
        };
        Became { line: seat.line, left, stands, settled: self.settled(seat, outcome, before, pool, of) }
    }

    fn settled(&self, seat: &Seat<'_>, outcome: Outcome, before: Before, pool: Interval, of: Option<i64>) -> Settled {
        let ordered = self.limit.order.is_some();
        let key_unknown = self.keys.get(seat.ask.key).is_some_and(|key| key.iter().any(Option::is_none));
        let few = |count: i64| (count < i64::from(u32::MAX)).then_some(count);
        let possible = few(before.possible).map(|possible| (before.sure + 1, possible + 1));
        let rank = possible.filter(|_| ordered && !self.limit.in_proportion && !key_unknown && !seat.ask.many);
        Settled {
            limit: self.place,
            outcome,
            rank,
            of: of.and_then(few),
            tied: false,
            key_unknown,
            order_unknown: ordered && !seat.ask.order.get().is_point(),
            unordered: !ordered && !self.limit.in_proportion,
            limit_unknown: !pool.is_point(),
            applies_unknown: !seat.ask.applies.is_true(),
            open_before: before.possible.saturating_sub(before.sure),
        }
    }
}

fn seat<'a>(place: usize, line: &'a Line, ask: &'a Asks, turns: &[u32], decisions: &Decisions) -> Seat<'a> {
    let first = decisions.who.get(line.who).map_or(0, |who| who.first);
    let own = u32::try_from(place.saturating_sub(first)).unwrap_or(u32::MAX);
    let turn = (turns.get(line.who).copied().unwrap_or(u32::MAX), own);
    Seat { line: place, turn, ask, of: line, stands: line.stands }
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
