//! Who gets how much of a limit: so many places, or so much money, shared out over those who ask for a part of it.
//!
//! One room for all limits, over one applicant's own lines (`assess`) and over all applicants (`settle`). It is decided once,
//! over the whole term of what everybody asks for; to date is what has accrued of that share.
//!
//! Nothing is guessed: where a claim, its key or its place in the order is not known, the outcome is what every completion
//! leaves possible. The order in which the seats are given decides nothing.

mod became;
mod in_part;
mod may_share;
mod parts;
mod population;
mod proportion;
mod seat;
mod some;
mod unknown_key;

use std::collections::BTreeMap;

use crate::clause::Limit;
use crate::value::{Interval, Number, Truth};
pub use may_share::MayShare;
pub use parts::{Portion, in_turn, left, parts};
use population::{Before, Member, Population};
use seat::member;
pub use seat::{Key, Seat, Turn};
pub use some::{some_of, whole_places};
use unknown_key::{Floating, known_parts, pattern};

/// How a limit is shared out.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Whether it is money.
    pub money: bool,
    /// Whether all get the same part of what they ask for.
    pub in_proportion: bool,
    /// Whether it says who comes first.
    pub ordered: bool,
    /// Whether the first of all says how much there is; otherwise all must agree on it.
    pub first_says: bool,
    /// The smallest amount that is paid.
    pub step: Number,
}

impl Rule {
    /// That of a limit, of which nothing smaller than this step is paid in part.
    pub fn of(limit: &Limit, step: Number) -> Rule {
        Rule {
            money: limit.money,
            in_proportion: limit.in_proportion,
            ordered: limit.order.is_some(),
            first_says: !limit.across,
            step,
        }
    }
}

/// What a limit made of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is inside.
    Inside,
    /// A part of it is inside.
    Reduced,
    /// Nothing of it is inside.
    LeftOut,
    /// It depends on what is not known.
    Open,
}

impl Outcome {
    /// As JSON spells it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Inside => "inside",
            Outcome::Reduced => "reduced",
            Outcome::LeftOut => "left_out",
            Outcome::Open => "open",
        }
    }
}

/// One limit and one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The limit's place among the clause's, from 0.
    pub limit: usize,
    /// What came of it.
    pub outcome: Outcome,
    /// Its place in the order, from 1: at least and at most; none where there is no order, or too little is known.
    pub rank: Option<(i64, i64)>,
    /// How many ask for a part of the same, at most; none where it is not known who they are.
    pub of: Option<i64>,
    /// Whether its id decided, because others stand at the same place of the order.
    pub tied: bool,
    /// Whether a part of its key is not known.
    pub key_unknown: bool,
    /// Whether its place in the order is not known.
    pub order_unknown: bool,
    /// Whether the limit does not say who comes first.
    pub unordered: bool,
    /// Whether the limit itself is not known, or not the same for all.
    pub limit_unknown: bool,
    /// Whether it is not known that the limit applies to it.
    pub applies_unknown: bool,
    /// How many others may come before it or not.
    pub open_before: i64,
}

/// What became of one who asked.
#[derive(Clone, Debug)]
pub struct Became {
    /// Where it belongs, as its seat says.
    pub place: usize,
    /// What is left of it, to date and in all.
    pub left: (Interval, Interval),
    /// Whether it gets anything.
    pub stands: Truth,
    /// How it came out.
    pub settled: Settled,
}

/// Shares a limit out over all who ask for a part of it; `keys` are those that the seats name by their places.
pub fn share_out<S: Seat>(rule: Rule, seats: &[S], keys: &[Key]) -> Vec<Became> {
    let run = Run { rule, keys, seats: std::marker::PhantomData };
    run.settle(seats)
}

/// One limit, settled over all who ask for a part of it.
struct Run<'a, S> {
    rule: Rule,
    keys: &'a [Key],
    seats: std::marker::PhantomData<S>,
}

impl<S: Seat> Run<'_, S> {
    fn settle(&self, seats: &[S]) -> Vec<Became> {
        let mut groups: BTreeMap<usize, Vec<&S>> = BTreeMap::new();
        for seat in seats {
            groups.entry(seat.key()).or_default().push(seat);
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
                became.push(self.unknown_key(seat, key, fits, &floating));
            }
        }
        became
    }

    /// How much there is, as each says who has a say in it.
    fn pool<'s>(&self, ordered: &'s [&S], members: &[Member]) -> impl Iterator<Item = Interval> + 's {
        let sure = members.iter().filter(|member| member.sure).map(|member| (member.order.hi, member.turn)).min();
        let sure = sure.filter(|_| self.rule.first_says);
        let perhaps_first = move |seat: &&&S| sure.is_none_or(|sure| (seat.order().lo, seat.turn()) <= sure);
        ordered.iter().filter(perhaps_first).map(|seat| seat.at_most())
    }

    /// Those who are known to share.
    fn group(&self, key: usize, seats: &[&S], floating: &Floating, became: &mut Vec<Became>) {
        let first = became.len();
        let Some(key) = self.keys.get(key) else { return };
        let mut ordered: Vec<&S> = seats.to_vec();
        ordered.sort_by_key(|seat| (seat.order().lo, seat.turn()));
        let members: Vec<Member> = ordered.iter().map(|seat| member(*seat)).collect();
        let pool = self.pool(&ordered, &members).chain(floating.at_most).reduce(Interval::hull);
        let pool = pool.unwrap_or(Interval::ANY);
        let population = Population::new(members.iter().cloned());
        let strangers: Vec<&Population> = floating
            .patterns
            .iter()
            .filter_map(|(pattern, by_parts)| by_parts.get(&known_parts(key, pattern)))
            .collect();
        let of = strangers.iter().fold(population.size(), |sum, strangers| sum.saturating_add(strangers.size()));
        if self.rule.in_proportion {
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
        mark_ties(became.get_mut(first..).unwrap_or_default(), &ordered, self.rule.ordered);
    }
}

/// Marks those who stand at one known place of the order and did not come out alike.
fn mark_ties<S: Seat>(became: &mut [Became], ordered: &[&S], has_order: bool) {
    if !has_order {
        return;
    }
    let place = |seat: &&S| seat.order();
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
