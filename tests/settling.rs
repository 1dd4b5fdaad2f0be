//! Laws of limits over all applicants, tried on random claims.
//!
//! - *Plain*: where everything is known, everybody gets what the plain way of sharing out gives: one after the other, or in
//!   whole 分 by largest remainders.
//! - *Sound*: whatever is left open, every completion of it comes out among what was said to be possible.
//! - *Within*: what is given out is never above the limit; a pool that is exceeded is given out to the last 分; whoever is
//!   inside comes before whoever is left out.
//! - The order in which claims were gathered decides nothing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use duixian::allot::{self, Keys, MayShare, Rule};
use duixian::assess::model::Claim;
use duixian::policy::{self, Policy};
use duixian::settle::{Claimant, ClaimingLine, Claims, Outcome, Settled, decide};
use duixian::source::Source;
use duixian::value::{Bound, Interval, Number, Truth};
use proptest::collection::vec;
use proptest::prelude::*;

/// How a limit is shared out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// So many places, in order.
    Places,
    /// So much money, in order.
    Money,
    /// So much money, in proportion.
    Part,
    /// One for each key, and so many of those in all.
    OneEachThenPlaces,
    /// So many places without an order.
    Chosen,
}

/// A range of whole numbers: 分 where it is money.
type Range = (i64, i64);

/// One claim, perhaps open.
#[derive(Clone, Debug)]
struct Ask {
    /// Its key, 0 to 2; none: not known.
    key: Option<usize>,
    order: Range,
    /// What it asks for in all, in 分.
    lifetime: Range,
    /// What of it is due to date, in percent.
    to_date: i64,
    /// Whether the limit applies: known to, or open.
    applies: bool,
    /// Whether it stands for records that nobody has listed.
    many: bool,
    /// Whether something was paid for it before, which says who was chosen where the policy names no order.
    paid: bool,
}

/// A claim of which everything is known; `turn` is the place of its applicant and record among equals.
#[derive(Clone, Debug)]
struct Known {
    ask: usize,
    turn: (usize, usize),
    key: usize,
    order: i64,
    lifetime: i64,
    to_date: i64,
    applies: bool,
    paid: bool,
}

fn read(way: Way) -> Policy {
    let limits = match way {
        Way::Places => {
            r#"{ at_most = 1, per = "key", order = "order", across = "applicants", zh = "名额", en = "places" }"#
        }
        Way::Money => {
            r#"{ at_most = "1元", per = "key", order = "order", across = "applicants", zh = "限额", en = "money" }"#
        }
        Way::Part => {
            r#"{ at_most = "1元", per = "key", order = "order", share = "in_proportion", across = "applicants", zh = "总额", en = "pool" }"#
        }
        Way::OneEachThenPlaces => {
            r#"{ at_most = 1, per = "key", order = "order", across = "applicants", zh = "各一", en = "one each" },
               { at_most = 1, order = "order", across = "applicants", zh = "名额", en = "places" }"#
        }
        Way::Chosen => r#"{ at_most = 1, per = "key", across = "applicants", zh = "名额", en = "places" }"#,
    };
    let text = format!(
        r#"
[policy]
id = "demo"
title = {{ zh = "示范", en = "Demonstration" }}
issuer = {{ zh = "示范", en = "Demonstration" }}
status = "in_force"
[applicants.person]
label = {{ zh = "个人", en = "Person" }}
[facts.key]
type = "text"
label = {{ zh = "组", en = "Group" }}
[facts.order]
type = "quantity"
label = {{ zh = "次序", en = "Order" }}
[[clauses]]
id = "1"
cite = "第一条"
title = {{ zh = "奖励", en = "Award" }}
for = "person"
amount = "1元"
limits = [{limits}]
"#
    );
    let (policy, faults) = policy::read(&Source::new("policy.toml", text), &|_| None);
    assert!(faults.is_empty(), "{:?}", faults.iter().map(|fault| fault.code.title.en.clone()).collect::<Vec<_>>());
    policy.unwrap()
}

fn policy(way: Way) -> &'static Policy {
    static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| WAYS.iter().map(|way| read(*way)).collect());
    &POLICIES[WAYS.iter().position(|known| *known == way).unwrap()]
}

fn range() -> impl Strategy<Value = Range> {
    prop_oneof![3 => (0..4i64).prop_map(|at| (at, at)), 1 => (0..4i64, 0..4i64).prop_map(|(a, b)| (a.min(b), a.max(b)))]
}

fn money() -> impl Strategy<Value = Range> {
    let some = prop_oneof![1..400i64, Just(100), Just(150)];
    prop_oneof![
        4 => some.prop_map(|at| (at, at)),
        1 => (0..400i64, 0..400i64).prop_map(|(a, b)| (a.min(b), a.max(b))),
    ]
}

fn ask(known: bool) -> impl Strategy<Value = Ask> {
    let open = move |chance: f64| prop::bool::weighted(if known { 0.0 } else { chance });
    let to_date = prop_oneof![3 => Just(100i64), 1 => 0..100i64];
    (0..3usize, open(0.2), range(), money(), to_date, open(0.15), open(0.08), open(0.25)).prop_map(
        move |(key, no_key, order, lifetime, to_date, applies_open, many, paid)| {
            let point = |range: Range| if known { (range.0, range.0) } else { range };
            let lifetime = if known { (lifetime.1, lifetime.1) } else { lifetime };
            Ask {
                key: (!no_key && !many).then_some(key),
                order: point(order),
                lifetime,
                // What is due to date of something open is followed only where it is all of it.
                to_date: if lifetime.0 == lifetime.1 { to_date } else { 100 },
                applies: !applies_open,
                many,
                paid: paid && !many,
            }
        },
    )
}

fn fen(number: i64) -> Number {
    Number::fraction(i128::from(number), 100).unwrap()
}

fn amounts((lo, hi): Range) -> Interval {
    Interval::between(fen(lo), fen(hi))
}

impl Ask {
    fn claims(&self, way: Way, limit: i64) -> Vec<Claim> {
        let anything = Interval { lo: Bound::ZERO, hi: Bound::Above };
        let (to_date, lifetime) = if self.many {
            (anything, anything)
        } else {
            let part = |end: i64| end * self.to_date / 100;
            (amounts((part(self.lifetime.0), part(self.lifetime.1))), amounts(self.lifetime))
        };
        let order = if self.many || way == Way::Chosen {
            Interval::ANY
        } else {
            Interval::between(Number::whole(self.order.0), Number::whole(self.order.1))
        };
        let key = || vec![self.key.map(|key| key.to_string())];
        let one = |limit: usize, at_most: Interval, key: Vec<Option<String>>| Claim {
            limit,
            applies: if self.applies { Truth::TRUE } else { Truth::OPEN },
            stands: Truth { may_hold: lifetime.hi > Bound::ZERO, may_fail: lifetime.lo <= Bound::ZERO },
            many: self.many,
            overlaps: false,
            key,
            order,
            at_most,
            to_date,
            lifetime,
            missing: Vec::new(),
        };
        match way {
            Way::Places | Way::Chosen => vec![one(0, Interval::whole(limit), key())],
            Way::Money | Way::Part => vec![one(0, Interval::point(fen(limit)), key())],
            Way::OneEachThenPlaces => {
                vec![one(0, Interval::whole(1), key()), one(1, Interval::whole(limit), Vec::new())]
            }
        }
    }
}

/// What is left to date and in all.
type Left = (Interval, Interval);

fn settle(asks: &[Ask], way: Way, limit: i64, policy: &Policy, gathered: &[usize]) -> Vec<(Left, Vec<Settled>)> {
    settle_all(asks, way, limit, policy, gathered).0
}

/// The same, with what all of them come to together to date.
fn settle_all(
    asks: &[Ask],
    way: Way,
    limit: i64,
    policy: &Policy,
    gathered: &[usize],
) -> (Vec<(Left, Vec<Settled>)>, Interval) {
    let mut claims = Claims::default();
    for (ordinal, &place) in gathered.iter().enumerate() {
        let all = asks[place].claims(way, limit);
        if all[0].stands.may_hold {
            let line = ClaimingLine { policy: 0, clause: 0, paid: asks[place].paid, claims: all };
            claims.add(Claimant {
                ordinal: ordinal as u64,
                id: place.to_string(),
                lines: vec![line],
                under: Vec::new(),
            });
        }
    }
    let decisions = decide(claims, &[policy]);
    let mut left = vec![((Interval::ZERO, Interval::ZERO), Vec::new()); asks.len()];
    for (ordinal, &place) in gathered.iter().enumerate() {
        for decision in decisions.of(ordinal as u64, &place.to_string()).unwrap() {
            left[place] = (decision.left, decision.settled.to_vec());
        }
    }
    let apart = Interval::sum(left.iter().map(|((to_date, _), _)| *to_date)).unwrap();
    let together = decisions.narrower.first().map_or(apart, |by| Interval {
        lo: apart.plus(Interval::point(by.awarded.lower)).unwrap().lo,
        hi: apart.minus(Interval::point(by.awarded.upper)).unwrap().hi,
    });
    (left, together)
}

/// The plain way for one limit: what is left of each claim, to date and in all, in 分.
fn plain(claims: &mut [Known], way: Way, limit: i64, keyed: bool) {
    let mut groups: BTreeMap<usize, Vec<&mut Known>> = BTreeMap::new();
    for claim in claims.iter_mut().filter(|claim| claim.applies && claim.lifetime > 0) {
        groups.entry(if keyed { claim.key } else { 0 }).or_default().push(claim);
    }
    for group in groups.values_mut() {
        group.sort_by_key(|claim| (way == Way::Chosen && !claim.paid, claim.order, claim.turn));
        match way {
            Way::Places | Way::OneEachThenPlaces | Way::Chosen => {
                for claim in group.iter_mut().skip(usize::try_from(limit).unwrap()) {
                    (claim.lifetime, claim.to_date) = (0, 0);
                }
            }
            Way::Money => {
                let mut rest = limit;
                for claim in group {
                    claim.lifetime = claim.lifetime.min(rest);
                    claim.to_date = claim.to_date.min(claim.lifetime);
                    rest -= claim.lifetime;
                }
            }
            Way::Part => {
                let total: i64 = group.iter().map(|claim| claim.lifetime).sum();
                if total <= limit {
                    continue;
                }
                let mut rest = limit - group.iter().map(|claim| claim.lifetime * limit / total).sum::<i64>();
                let mut turns: Vec<usize> = (0..group.len()).collect();
                turns.sort_by_key(|place| std::cmp::Reverse(group[*place].lifetime * limit % total));
                for place in turns {
                    let claim = &mut group[place];
                    let more = i64::from(rest > 0);
                    rest -= more;
                    let whole = claim.to_date == claim.lifetime;
                    let share = claim.lifetime * limit / total + more;
                    claim.to_date = if whole { share } else { (claim.to_date * limit / total).min(share) };
                    claim.lifetime = share;
                }
                assert_eq!(rest, 0);
            }
        }
    }
}

fn plainly(claims: &mut [Known], way: Way, limit: i64) {
    if way == Way::OneEachThenPlaces {
        plain(claims, way, 1, true);
        plain(claims, way, limit, false);
    } else {
        plain(claims, way, limit, true);
    }
}

/// A completion of what is open, by these numbers.
fn complete(asks: &[Ask], numbers: &[u32]) -> Vec<Known> {
    let mut numbers = numbers.iter().cycle().copied();
    let mut pick = |range: Range| range.0 + i64::from(numbers.next().unwrap()) % (range.1 - range.0 + 1);
    let mut all = Vec::new();
    for (place, ask) in asks.iter().enumerate() {
        let records = if ask.many { pick((0, 3)) } else { 1 };
        for record in 0..records {
            let lifetime = pick(if ask.many { (0, 300) } else { ask.lifetime });
            all.push(Known {
                ask: place,
                turn: (place, usize::try_from(record).unwrap()),
                key: ask.key.unwrap_or_else(|| usize::try_from(pick((0, 3))).unwrap()),
                order: pick(if ask.many { (0, 4) } else { ask.order }),
                lifetime,
                to_date: lifetime * if ask.many { 100 } else { ask.to_date } / 100,
                applies: ask.applies || pick((0, 1)) == 1,
                paid: ask.paid,
            });
        }
    }
    all
}

/// The first four give one outcome where everything is known.
const WAYS: [Way; 5] = [Way::Places, Way::Money, Way::Part, Way::OneEachThenPlaces, Way::Chosen];

fn ways(count: usize) -> impl Strategy<Value = Way> {
    prop::sample::select(&WAYS[..count])
}

fn limit(way: Way, places: i64, money: i64) -> i64 {
    if matches!(way, Way::Money | Way::Part) { money } else { places }
}

fn config() -> ProptestConfig {
    // As for the laws, but of a seed that is drawn anew each time.
    let (cases, _) = program::tries::size(1500);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_known_comes_out_plainly(
        way in ways(4), asks in vec(ask(true), 1..9), places in 1..4i64, money in 1..700i64,
    ) {
        let (policy, limit) = (policy(way), limit(way, places, money));
        let forth: Vec<usize> = (0..asks.len()).collect();
        let back: Vec<usize> = forth.iter().rev().copied().collect();
        let settled = settle(&asks, way, limit, policy, &forth);
        prop_assert_eq!(&settled, &settle(&asks, way, limit, policy, &back), "gathered from the end");
        let mut known = complete(&asks, &[0]);
        plainly(&mut known, way, limit);
        let mut sums: BTreeMap<usize, (i64, i64, i64)> = BTreeMap::new();
        for claim in &known {
            let (to_date, lifetime) = settled[claim.ask].0;
            prop_assert_eq!(lifetime, Interval::point(fen(claim.lifetime)), "claim {}", claim.ask);
            prop_assert_eq!(to_date, Interval::point(fen(claim.to_date)), "claim {} to date", claim.ask);
            let (given, asked, holders) = sums.entry(claim.key).or_default();
            *given += claim.lifetime;
            *asked += asks[claim.ask].lifetime.0;
            *holders += i64::from(claim.lifetime > 0);
        }
        for (given, asked, holders) in sums.values().copied() {
            match way {
                Way::Money => prop_assert!(given <= limit),
                Way::Part => prop_assert_eq!(given, limit.min(asked)),
                Way::Places => prop_assert!(holders <= limit),
                _ => prop_assert!(holders <= 1),
            }
        }
        // Whoever is inside comes before whoever is left out.
        if way == Way::Places {
            let out = |place: usize| settled[place].1.iter().any(|settled| settled.outcome == Outcome::LeftOut);
            let same = |a: &Known, b: &Known| a.key == b.key;
            for (a, b) in known.iter().flat_map(|a| known.iter().map(move |b| (a, b))).filter(|(a, b)| same(a, b)) {
                if !out(a.ask) && out(b.ask) {
                    prop_assert!((a.order, a.turn) < (b.order, b.turn));
                    // Where only the id decided, both lines say so.
                    if a.order == b.order {
                        prop_assert!(settled[a.ask].1[0].tied && settled[b.ask].1[0].tied);
                    }
                }
            }
        }
    }

    #[test]
    fn every_completion_comes_out_among_what_was_said(
        way in ways(5), asks in vec(ask(false), 1..8), places in 1..4i64, money in 1..700i64,
        completions in vec(vec(any::<u32>(), 40), 12),
    ) {
        let (policy, limit) = (policy(way), limit(way, places, money));
        let gathered: Vec<usize> = (0..asks.len()).collect();
        let (settled, together) = settle_all(&asks, way, limit, policy, &gathered);
        for numbers in &completions {
            let mut known = complete(&asks, numbers);
            if way == Way::Chosen {
                // The authority may choose in any order.
                for (claim, number) in known.iter_mut().zip(numbers) {
                    claim.order = i64::from(*number);
                }
            }
            plainly(&mut known, way, limit);
            let sum = known.iter().map(|claim| claim.to_date).sum();
            prop_assert!(together.contains(fen(sum)), "{} in all, which is not in {:?}", sum, together);
            for (place, ask) in asks.iter().enumerate() {
                let own = || known.iter().filter(|claim| claim.ask == place);
                let (to_date, lifetime) = settled[place].0;
                let (all, due) = (own().map(|claim| claim.lifetime).sum(), own().map(|claim| claim.to_date).sum());
                prop_assert!(lifetime.contains(fen(all)), "claim {place} {ask:?}: {all} not in {lifetime:?}");
                prop_assert!(to_date.contains(fen(due)), "claim {place} {ask:?}: {due} to date not in {to_date:?}");
                for one in &settled[place].1 {
                    let out = one.outcome == Outcome::LeftOut;
                    prop_assert!(!out || all == 0, "claim {place} is left out and gets {all}");
                }
            }
        }
    }

    /// Of those who all ask for the same and of whom nobody knows who comes first, as many get it as there are places: in each
    /// group, and then of all.
    #[test]
    fn whoever_comes_first_the_sum_is_exact(keys in vec(0..3usize, 1..10), amount in 1..500i64, places in 1..5i64, two in any::<bool>()) {
        let way = if two { Way::OneEachThenPlaces } else { Way::Places };
        let ask = |key: &usize| Ask {
            key: Some(*key), order: (0, 9), lifetime: (amount, amount), to_date: 100, applies: true, many: false, paid: false,
        };
        let asks: Vec<Ask> = keys.iter().map(ask).collect();
        let gathered: Vec<usize> = (0..asks.len()).collect();
        let (_, together) = settle_all(&asks, way, places, policy(way), &gathered);
        let count = |key: usize| i64::try_from(keys.iter().filter(|own| **own == key).count()).unwrap();
        let inside = if two {
            // One of each key, and of these so many.
            (0..3).filter(|key| count(*key) > 0).count().try_into().map_or(0, |keys: i64| keys.min(places))
        } else {
            (0..3).map(|key| count(key).min(places)).sum()
        };
        prop_assert_eq!(together, Interval::point(fen(inside * amount)));
    }

    /// Where the sum over all is said to be closer than those of the lines, both of its ends are reached by some order: of money
    /// whatever is known of the order, of places where nothing is.
    #[test]
    fn both_ends_of_a_sum_that_is_narrowed_are_reached(
        asks in vec((0..2usize, prop_oneof![2 => Just((0i64, 3i64)), 1 => range()], prop_oneof![Just(100i64), Just(150), Just(40)]), 1..5),
        places in 1..4i64, money in 1..400i64, way in ways(2),
    ) {
        let ask = |(key, order, amount): &(usize, Range, i64)| Ask {
            key: Some(*key),
            order: if way == Way::Money { *order } else { (0, 3) },
            lifetime: (*amount, *amount),
            to_date: 100,
            applies: true,
            many: false,
            paid: false,
        };
        let asks: Vec<Ask> = asks.iter().map(ask).collect();
        let gathered: Vec<usize> = (0..asks.len()).collect();
        let limit = limit(way, places, money);
        let (settled, together) = settle_all(&asks, way, limit, policy(way), &gathered);
        let apart = Interval::sum(settled.iter().map(|((to_date, _), _)| *to_date)).unwrap();
        let mut reached: Option<Range> = None;
        for number in 0..4u32.pow(u32::try_from(asks.len()).unwrap()) {
            let orders: Vec<i64> = (0..asks.len()).map(|place| i64::from(number >> (2 * place) & 3)).collect();
            if asks.iter().zip(&orders).any(|(ask, order)| *order < ask.order.0 || *order > ask.order.1) {
                continue;
            }
            let mut known = complete(&asks, &[0]);
            known.iter_mut().zip(&orders).for_each(|(claim, order)| claim.order = *order);
            plainly(&mut known, way, limit);
            let sum = known.iter().map(|claim| claim.to_date).sum();
            reached = Some(reached.map_or((sum, sum), |(lo, hi): Range| (lo.min(sum), hi.max(sum))));
        }
        let reached = amounts(reached.unwrap());
        prop_assert!(together == reached || together == apart, "{:?} is said, and {:?} reached", together, reached);
        prop_assert!(together.lo <= reached.lo && reached.hi <= together.hi);
    }

    /// Of one thing that several ask for, be it known or not what it is, the sum never exceeds the limit, and both ends of the sum
    /// are reached: whoever is chosen, and whatever the unknown keys are. A group with places left may leave the sum of unknown keys
    /// as wide as its lines.
    #[test]
    fn one_thing_that_several_claim_comes_to_what_is_said(
        asks in vec((prop_oneof![4 => (0..2usize).prop_map(Some), 1 => Just(None)], prop_oneof![Just(100i64), Just(150), Just(40)], any::<bool>()), 1..5),
        places in 1..3i64, money in 1..400i64, way in prop::sample::select(&[Way::Chosen, Way::Money, Way::Part]),
    ) {
        let ask = |(key, amount, later): &(Option<usize>, i64, bool)| Ask {
            key: *key,
            order: (0, 0),
            lifetime: (*amount, *amount),
            to_date: if way == Way::Chosen && *later { 50 } else { 100 },
            applies: true,
            many: false,
            paid: false,
        };
        let asks: Vec<Ask> = asks.iter().map(ask).collect();
        let floating = asks.iter().filter(|ask| ask.key.is_none()).count();
        prop_assume!(floating <= 2);
        let gathered: Vec<usize> = (0..asks.len()).collect();
        let limit = limit(way, places, money);
        let (settled, together) = settle_all(&asks, way, limit, policy(way), &gathered);
        let apart = Interval::sum(settled.iter().map(|((to_date, _), _)| *to_date)).unwrap();
        let mut reached: Option<Range> = None;
        let chosen = if way == Way::Chosen { 1u32 << asks.len() } else { 1 };
        for number in 0..16 * chosen {
            let (first, keys) = (number >> 4, number & 15);
            let mut keys = [keys & 3, keys >> 2].into_iter();
            let mut known = complete(&asks, &[0]);
            for claim in &mut known {
                claim.order = i64::from(first >> claim.ask & 1);
                if asks[claim.ask].key.is_none() {
                    claim.key = usize::try_from(keys.next().unwrap()).unwrap();
                }
            }
            plainly(&mut known, way, limit);
            let mut each: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
            for claim in known.iter().filter(|claim| claim.lifetime > 0) {
                let (count, sum) = each.entry(claim.key).or_default();
                (*count, *sum) = (*count + 1, *sum + claim.lifetime);
            }
            let within = |(count, sum): &(i64, i64)| if way == Way::Chosen { *count <= limit } else { *sum <= limit };
            prop_assert!(each.values().all(within), "more than {limit} is given out");
            let sum = known.iter().map(|claim| claim.to_date).sum();
            reached = Some(reached.map_or((sum, sum), |(lo, hi): Range| (lo.min(sum), hi.max(sum))));
        }
        let reached = amounts(reached.unwrap());
        prop_assert!(together.lo <= reached.lo && reached.hi <= together.hi, "{:?} is said, and {:?} reached", together, reached);
        let has_room = floating > 0 && way == Way::Chosen && (0..2).any(|key| {
            let own = asks.iter().filter(|ask| ask.key == Some(key)).count();
            own > 0 && own < usize::try_from(places).unwrap()
        });
        let as_lines = has_room && together == apart;
        prop_assert!(together == reached || as_lines, "{:?} is said, and {:?} reached", together, reached);
    }

    /// Where the policy names no order, who was paid keeps the place, and where all places are kept nobody else has one.
    #[test]
    fn who_was_paid_keeps_the_place_that_no_order_gives(paid in vec(any::<bool>(), 1..7), places in 1..4i64) {
        let ask = |paid: &bool| Ask {
            key: Some(0), order: (0, 0), lifetime: (100, 100), to_date: 100, applies: true, many: false, paid: *paid,
        };
        let asks: Vec<Ask> = paid.iter().map(ask).collect();
        let gathered: Vec<usize> = (0..asks.len()).collect();
        let settled = settle(&asks, Way::Chosen, places, policy(Way::Chosen), &gathered);
        let count = |paid: bool| i64::try_from(asks.iter().filter(|ask| ask.paid == paid).count()).unwrap();
        for (ask, ((to_date, _), _)) in asks.iter().zip(&settled) {
            let (before, rest) = if ask.paid { (0, count(true)) } else { (count(true), count(false)) };
            let least = if before + rest <= places { 100 } else { 0 };
            let most = if before < places { 100 } else { 0 };
            prop_assert_eq!(*to_date, amounts((least, most)));
        }
    }

    /// Keys of two parts, of which any may not be known: who is the only one of its thing whatever they are is inside, and nobody
    /// else is sure of it; only who may share is in one circle.
    #[test]
    fn who_differs_in_a_part_that_both_know_shares_nothing(keys in vec((prop::option::of(0..2usize), prop::option::of(0..2usize)), 1..5)) {
        let unknown = keys.iter().map(|(a, b)| usize::from(a.is_none()) + usize::from(b.is_none())).sum::<usize>();
        prop_assume!(unknown <= 4);
        let part = |part: &Option<usize>| part.map(|part| part.to_string());
        let mut named = Keys::default();
        let mut place = |(a, b): &(Option<usize>, Option<usize>)| named.place(&[part(a), part(b)]);
        let seats: Vec<One> = keys.iter().enumerate().map(|(turn, key)| One { turn, key: place(key) }).collect();
        let rule = Rule { money: false, in_proportion: false, ordered: false, first_says: false, step: Number::ONE };
        let mut became = Vec::new();
        allot::share_out(rule, &seats, &named, &mut |one| became.push(one));
        // What is not known is one of the two that are named, or one of two others.
        let mut shares = vec![false; keys.len()];
        let mut together = vec![vec![false; keys.len()]; keys.len()];
        for number in 0..4usize.pow(u32::try_from(unknown).unwrap()) {
            let mut rest = number;
            let mut fill = |part: Option<usize>| part.unwrap_or_else(|| { let own = rest % 4; rest /= 4; own });
            let whole: Vec<(usize, usize)> = keys.iter().map(|(a, b)| (fill(*a), fill(*b))).collect();
            for (one, other) in (0..keys.len()).flat_map(|one| (0..keys.len()).map(move |other| (one, other))) {
                if one != other && whole[one] == whole[other] {
                    (shares[one], together[one][other]) = (true, true);
                }
            }
        }
        for one in &became {
            let outcome = if shares[one.place] { Outcome::Open } else { Outcome::Inside };
            prop_assert_eq!(one.settled.outcome, outcome, "{:?} of {:?}", keys[one.place], keys);
        }
        // Circles: whoever may share, and whoever may share with those.
        for middle in 0..keys.len() {
            for one in 0..keys.len() {
                for other in 0..keys.len() {
                    together[one][other] |= together[one][middle] && together[middle][other];
                }
            }
        }
        let circles = MayShare::new(seats.iter().map(|seat| seat.key), &named);
        for (one, other) in (0..keys.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
            let alike = circles.circle(seats[one].key) == circles.circle(seats[other].key);
            prop_assert_eq!(alike, together[one][other], "{:?} and {:?} of {:?}", keys[one], keys[other], keys);
        }
    }
}

/// One who asks for a place, and surely.
struct One {
    turn: usize,
    key: usize,
}

impl allot::Seat for One {
    fn place(&self) -> usize {
        self.turn
    }
    fn limit(&self) -> usize {
        0
    }
    fn turn(&self) -> allot::Turn {
        (0, u32::try_from(self.turn).unwrap(), 0)
    }
    fn key(&self) -> usize {
        self.key
    }
    fn applies(&self) -> Truth {
        Truth::TRUE
    }
    fn stands(&self) -> Truth {
        Truth::TRUE
    }
    fn many(&self) -> bool {
        false
    }
    fn order(&self) -> Interval {
        // Nobody says who comes first.
        Interval::ANY
    }
    fn at_most(&self) -> Interval {
        Interval::point(Number::ONE)
    }
    fn left(&self) -> (Interval, Interval) {
        (Interval::point(Number::ONE), Interval::point(Number::ONE))
    }
}
