//! Who gets how much of a limit: so many places, or so much money, shared out over those who ask for a part of it.
//!
//! One room for all limits, over one applicant's own lines (`assess`) and over all applicants (`settle`). It is decided once,
//! over the whole term of what everybody asks for; to date is what has accrued of that share.
//!
//! Nothing is guessed: where a claim, its key or its place in the order is not known, the outcome is what every completion
//! leaves possible. The order in which the seats are given decides nothing.

mod became;
mod in_part;
mod keys;
mod may_share;
mod parts;
mod population;
mod proportion;
mod seat;
mod some;
mod unknown_key;

use crate::clause::Limit;
use crate::value::{Interval, Number, Truth};
pub use keys::Keys;
pub use may_share::MayShare;
pub use parts::{Portion, in_turn, left, parts};
use population::{Before, Population};
use seat::member;
pub use seat::{Seat, Turn};
pub use some::{some_of, whole_places};
use unknown_key::Floating;

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
    pub rank: Option<(u32, u32)>,
    /// How many ask for a part of the same, at most; none where it is not known who they are.
    pub of: Option<u32>,
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
    /// How many others may come before it or not; the highest number: nobody knows.
    pub open_before: u32,
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

/// Shares a limit out over all who ask for a part of it, and tells of each what became of it; `keys` are those that the seats name by
/// their places. Of a million who ask nothing is held but who they are, in their order.
pub fn share_out<S: Seat>(rule: Rule, seats: &[S], keys: &Keys, tell: &mut dyn FnMut(Became)) {
    let run = Run { rule, keys, seats: std::marker::PhantomData };
    run.settle(seats, tell);
}

/// One limit, settled over all who ask for a part of it.
struct Run<'k, S> {
    rule: Rule,
    keys: &'k Keys,
    seats: std::marker::PhantomData<S>,
}

impl<'k, S: Seat> Run<'k, S> {
    fn settle(&self, seats: &[S], tell: &mut dyn FnMut(Became)) {
        let mut by_key: Vec<&S> = seats.iter().collect();
        by_key.sort_unstable_by(|a, b| {
            let order = || a.order().lo.cmp(&b.order().lo);
            a.key().cmp(&b.key()).then_with(order).then_with(|| a.turn().cmp(&b.turn()))
        });
        let is_known = |group: &[&S]| group.first().is_some_and(|seat| self.keys.is_known(seat.key()));
        let groups = || by_key.chunk_by(|a, b| a.key() == b.key()).map(|group| (is_known(group), group));
        let known = || groups().filter_map(|(is_known, group)| is_known.then_some(group));
        let unknown = || groups().filter_map(|(is_known, group)| (!is_known).then_some(group));
        let floating = self.floating(unknown());
        let fitting = self.fit(known(), &floating);
        known().for_each(|group| self.group(group, &floating, tell));
        unknown().for_each(|group| self.unknown_key(group, &fitting, &floating, tell));
    }

    /// How much there is, as each says who has a say in it.
    fn pool(&self, seats: &[&S], floating: Option<Interval>) -> Interval {
        let sure = || seats.iter().map(|seat| member(*seat)).filter(|member| member.sure);
        let first = if self.rule.first_says { sure().map(|member| (member.order.hi, member.turn)).min() } else { None };
        let perhaps_first = |seat: &&&S| first.is_none_or(|first| (seat.order().lo, seat.turn()) <= first);
        let all = seats.iter().filter(perhaps_first).map(|seat| seat.at_most()).chain(floating);
        all.reduce(Interval::hull).unwrap_or(Interval::ANY)
    }

    /// Those who are known to share, in their order.
    fn group(&self, seats: &[&S], floating: &Floating<'_, 'k, S>, tell: &mut dyn FnMut(Became)) {
        let pool = self.pool(seats, floating.at_most);
        let strangers = seats.first().map_or_else(Vec::new, |seat| floating.fitting(self.keys, seat.key()));
        if self.rule.in_proportion && strangers.is_empty() && self.exactly(seats, pool, tell).is_some() {
            return;
        }
        let population = Population::new(seats.to_vec());
        let of = strangers.iter().fold(population.size(), |sum, strangers| sum.saturating_add(strangers.size()));
        if self.rule.in_proportion {
            for seat in seats {
                let member = member(*seat);
                let perhaps = strangers.iter().map(|strangers| strangers.others(&member, false).perhaps());
                let others = perhaps.fold(population.others(&member, true), Before::and);
                tell(self.in_part(*seat, others, pool, Some(of)));
            }
            return;
        }
        let became = |seat: &S| {
            let member = member(seat);
            let perhaps = strangers.iter().map(|strangers| strangers.before(&member, false).perhaps());
            self.in_turn(seat, perhaps.fold(population.before(&member, true), Before::and), pool, Some(of))
        };
        // Of those who stand at one known place of the order and do not come out alike the turn decided.
        let alike = |a: &&S, b: &&S| self.rule.ordered && a.order() == b.order() && a.order().is_point();
        for run in seats.chunk_by(alike) {
            let mut outcomes = run.iter().map(|seat| became(seat).settled.outcome);
            let tied = run.len() > 1 && outcomes.next().is_some_and(|first| outcomes.any(|other| other != first));
            for seat in run {
                let mut one = became(seat);
                one.settled.tied = tied;
                tell(one);
            }
        }
    }
}
