//! What all lines of a clause come to together. Who of them is inside a limit may be open, and the sum is not: of eleven who
//! ask for ten places of 5万元 each, ten get them.

use std::collections::BTreeMap;

use crate::allot::{Key, MayShare, some_of, whole_places};
use crate::clause::{Clause, Limit};
use crate::settle::Decisions;
use crate::settle::claims::{Asks, Line};
use crate::settle::packed::Packed;
use crate::value::{Bound, Interval, Number};

/// How much narrower the sums over the lines of a clause are than the sums of what each of them may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Narrower {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// What is awarded to date.
    pub awarded: Closer,
    /// What it comes to in all.
    pub lifetime: Closer,
}

/// How much closer together the ends of a sum are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closer {
    /// At the lower end, in 元; not below 0.
    pub lower: Number,
    /// At the upper end, in 元; not below 0.
    pub upper: Number,
}

impl Closer {
    const NOT: Closer = Closer { lower: Number::ZERO, upper: Number::ZERO };

    /// A sum over the lines, so much narrower.
    pub fn narrow(&self, sum: Interval) -> Interval {
        let lo = sum.plus(Interval::point(self.lower)).map_or(sum.lo, |sum| sum.lo);
        let hi = sum.minus(Interval::point(self.upper)).map_or(sum.hi, |sum| sum.hi);
        if lo <= hi { Interval { lo, hi } } else { sum }
    }
}

/// Lines of which so many are inside, at least and at most, whichever they are.
struct Block {
    lines: Vec<usize>,
    least: usize,
    most: usize,
}

/// An amount of a line: to date or in all.
type Amount = fn(&(Packed, Packed)) -> Interval;

/// By how much the sums are narrower, over the lines of a clause, once its limits are settled. `None` where that is not known:
/// limits that are not known, limits whose groups cut across each other, and sums of money beside places. A limit for which nobody
/// asks counts for nothing.
pub(super) fn narrower(
    clause: &Clause,
    places: &[usize],
    keys: &[Key],
    decisions: &Decisions,
) -> Option<(Closer, Closer)> {
    let lines: Vec<&Line> = places.iter().filter_map(|place| decisions.lines.get(*place)).collect();
    if lines.iter().any(|line| line.overlaps || line.asks.iter().any(|ask| ask.many || !ask.applies.is_true())) {
        return None;
    }
    let asked = |place: u32| lines.iter().any(|line| ask(line, place).is_some());
    let limits = (0..).zip(&clause.limits).filter(|(place, limit)| limit.across && asked(*place));
    let limits: Vec<(u32, &Limit)> = limits.collect();
    // What other clauses take of the same is not among these lines.
    if limits.iter().any(|(_, limit)| limit.is_over_clauses()) {
        return None;
    }
    let closer = |amount: Amount| {
        let sum = match limits.as_slice() {
            [(place, limit)] if limit.money => of_money(*place, &lines, keys, amount)?,
            [(place, _)] if has_one_unknown(*place, &lines, keys) => of_unknown_places(*place, &lines, keys, amount)?,
            all if all.iter().all(|(_, limit)| !limit.money) => of_places(all, &lines, keys, amount)?,
            _ => return None,
        };
        let apart = Interval::sum(lines.iter().map(|line| amount(&line.left)))?;
        let both = apart.meet(sum)?;
        let end = |bound: Bound| bound.number().filter(|number| in_hundredths(*number));
        Some(Closer { lower: end(both.lo)?.minus(end(apart.lo)?)?, upper: end(apart.hi)?.minus(end(both.hi)?)? })
    };
    // Of what has not accrued it is not known how much of a share of money is due to date.
    let accrues = |line: &&Line| line.claimed.0.get() != line.claimed.1.get();
    if limits.iter().any(|(_, limit)| limit.money) && lines.iter().any(accrues) {
        return None;
    }
    Some((closer(|(to_date, _)| to_date.get())?, closer(|(_, lifetime)| lifetime.get()).unwrap_or(Closer::NOT)))
}

fn in_hundredths(number: Number) -> bool {
    number.multiply(Number::whole(100)).is_some_and(Number::is_whole)
}

/// What a line asks of a limit.
fn ask(line: &Line, limit: u32) -> Option<&Asks> {
    line.asks.iter().find(|ask| ask.limit == limit)
}

fn is_known(key: usize, keys: &[Key]) -> bool {
    keys.get(key).is_none_or(|key| key.iter().all(Option::is_some))
}

/// Whether some ask under a key that is not known, and of all of them the same is known.
fn has_one_unknown(limit: u32, lines: &[&Line], keys: &[Key]) -> bool {
    let mut unknown =
        lines.iter().filter_map(|line| ask(line, limit)).map(|ask| ask.key).filter(|key| !is_known(*key, keys));
    unknown.next().is_some_and(|first| unknown.all(|key| key == first))
}

/// One limit on money: what is asked for, as far as there is some. Whoever asks under a key that is not known may have a pool alone,
/// or find one that is used up: what all of them take is least where they share one pool.
fn of_money(limit: u32, lines: &[&Line], keys: &[Key], amount: Amount) -> Option<Interval> {
    let mut groups: BTreeMap<usize, (Interval, Interval)> = BTreeMap::new();
    let mut alone: Vec<(usize, Interval, Interval)> = Vec::new();
    let mut sum = Interval::ZERO;
    for line in lines {
        let own = amount(&line.claimed);
        let Some(ask) = ask(line, limit) else {
            sum = sum.plus(own)?;
            continue;
        };
        let at_most = ask.at_most.get().floor_at_zero();
        if !is_known(ask.key, keys) {
            alone.push((ask.key, own, at_most));
            continue;
        }
        let (asked, pool) = groups.entry(ask.key).or_insert((Interval::ZERO, at_most));
        *asked = asked.plus(own)?;
        *pool = pool.hull(at_most);
    }
    let Some((key, _, pool)) = alone.first().copied() else {
        return groups.into_values().try_fold(sum, |sum, (asked, pool)| sum.plus(asked.min(pool)));
    };
    // Of several who know different things about their keys it is not told who may share with whom.
    if alone.iter().any(|(other, _, at_most)| *other != key || *at_most != pool) {
        return None;
    }
    let fits = Fits::of(key, keys)?;
    let all = Interval::sum(alone.iter().map(|(_, own, _)| *own))?;
    let mut least_more = all.min(pool);
    for (group, (asked, own_pool)) in &groups {
        let taken = asked.min(*own_pool);
        sum = sum.plus(taken)?;
        if fits.fit(*group) {
            if *own_pool != pool {
                return None;
            }
            least_more =
                least_more.min(Interval::point(asked.plus(all)?.min(pool).lo.number()?.minus(taken.lo.number()?)?));
        }
    }
    let most_more = Interval::sum(alone.iter().map(|(_, own, _)| own.min(pool)))?;
    Some(Interval { lo: sum.plus(least_more)?.lo, hi: sum.plus(most_more)?.hi })
}

/// The groups that fit what is known of a key.
struct Fits<'k> {
    keys: &'k [Key],
    key: &'k Key,
}

impl<'k> Fits<'k> {
    fn of(key: usize, keys: &'k [Key]) -> Option<Fits<'k>> {
        Some(Fits { keys, key: keys.get(key)? })
    }

    fn fit(&self, group: usize) -> bool {
        let fits = |group: &Key| self.key.iter().zip(group).all(|(own, other)| own.is_none() || own == other);
        self.keys.get(group).is_some_and(fits)
    }
}

/// One limit on places, where the key of some is not known: each of these may have a group alone, or take the place of the dearest
/// of a group that is full. `None` where a group has places left, or where different things are known of their keys.
fn of_unknown_places(limit: u32, lines: &[&Line], keys: &[Key], amount: Amount) -> Option<Interval> {
    let mut groups: BTreeMap<usize, Vec<&Line>> = BTreeMap::new();
    let mut alone: Vec<(usize, &Line)> = Vec::new();
    let mut sum = Interval::ZERO;
    let mut pool: Option<Interval> = None;
    for line in lines {
        let Some(ask) = ask(line, limit) else {
            sum = sum.plus(amount(&line.claimed))?;
            continue;
        };
        if pool.replace(ask.at_most.get()).is_some_and(|other| other != ask.at_most.get()) {
            return None;
        }
        if is_known(ask.key, keys) {
            groups.entry(ask.key).or_default().push(line);
        } else {
            alone.push((ask.key, line));
        }
    }
    let places = whole_places(pool?.as_point().map(Bound::At)?)?;
    let (key, _) = *alone.first()?;
    if places == 0 || alone.iter().any(|(other, _)| *other != key) {
        return None;
    }
    let fits = Fits::of(key, keys)?;
    let count = |sure: bool, lines: &[&Line]| {
        lines.iter().filter(|line| if sure { line.stood.is_true() } else { line.stood.may_hold }).count().min(places)
    };
    let ends =
        |lines: &[&Line], of: fn(Interval) -> Bound| lines.iter().map(|line| of(amount(&line.claimed))).collect();
    let some = |lines: &[&Line]| {
        let (lows, highs): (Vec<Bound>, Vec<Bound>) =
            (ends(lines, |amount| amount.lo), ends(lines, |amount| amount.hi));
        some_of(lows, count(true, lines), highs, count(false, lines))
    };
    let alone: Vec<&Line> = alone.into_iter().map(|(_, line)| line).collect();
    // The least that those inside ask for, of the groups that they may belong to.
    let mut dearest: Vec<Bound> = Vec::new();
    for (group, own) in &groups {
        sum = sum.plus(some(own)?)?;
        if fits.fit(*group) {
            if count(true, own) < places {
                return None;
            }
            let mut lows: Vec<Bound> = ends(own, |amount| amount.lo);
            lows.sort_unstable();
            dearest.extend(lows.into_iter().take(places));
        }
    }
    let hi = Interval::sum(alone.iter().map(|line| amount(&line.claimed))).and_then(|more| sum.plus(more))?.hi;
    if dearest.is_empty() {
        return Some(Interval { lo: sum.plus(some(&alone)?)?.lo, hi });
    }
    dearest.sort_unstable_by(|a, b| b.cmp(a));
    let mut lows: Vec<Bound> = ends(&alone, |amount| amount.lo);
    lows.sort_unstable();
    let mut lo = sum.lo.number()?;
    for (low, dear) in lows.iter().zip(&dearest).filter(|(low, dear)| low < dear) {
        lo = lo.minus(dear.number()?.minus(low.number()?)?)?;
    }
    Some(Interval { lo: Bound::At(lo).min(hi), hi })
}

/// Limits on places, one after the other. Of those of whom it is not known who shares with whom there are at least as many inside as
/// if all shared, and at most all.
fn of_places(limits: &[(u32, &Limit)], lines: &[&Line], keys: &[Key], amount: Amount) -> Option<Interval> {
    let one = |(place, line): (usize, &&Line)| Block {
        lines: vec![place],
        least: usize::from(line.stood.is_true()),
        most: usize::from(line.stood.may_hold),
    };
    let mut blocks: Vec<Block> = lines.iter().enumerate().map(one).collect();
    for (limit, _) in limits {
        let sharing = MayShare::new(lines.iter().filter_map(|line| ask(line, *limit)).map(|ask| ask.key), keys);
        let mut groups: BTreeMap<Option<usize>, (Vec<Block>, Option<Interval>)> = BTreeMap::new();
        for block in blocks {
            let asks = || block.lines.iter().filter_map(|place| lines.get(*place)).map(|line| ask(line, *limit));
            let circle = |ask: Option<&Asks>| ask.map(|ask| sharing.circle(ask.key));
            let key = circle(asks().next()?);
            if !asks().all(|ask| circle(ask) == key) {
                return None;
            }
            let most = asks().flatten().map(|ask| ask.at_most.get()).reduce(Interval::hull);
            let (group, pool) = groups.entry(key).or_default();
            *pool = pool.iter().copied().chain(most).reduce(Interval::hull);
            group.push(block);
        }
        blocks = Vec::new();
        for (circle, (group, pool)) in groups {
            let (least, most) =
                group.iter().fold((0, 0), |(least, most), block| (least + block.least, most + block.most));
            let Some(pool) = pool else {
                blocks.extend(group);
                continue;
            };
            let (few, many) = (whole_places(pool.lo)?, whole_places(pool.hi)?);
            // Where all fit, each stays by itself.
            if most <= few {
                blocks.extend(group);
                continue;
            }
            let lines = group.into_iter().flat_map(|block| block.lines).collect();
            let open = circle.is_some_and(|circle| sharing.is_open(circle));
            blocks.push(Block { lines, least: least.min(few), most: if open { most } else { most.min(many) } });
        }
    }
    let of_block = |block: &Block| {
        let amounts = || block.lines.iter().filter_map(|place| lines.get(*place)).map(|line| amount(&line.claimed));
        let (lows, highs) = (amounts().map(|amount| amount.lo).collect(), amounts().map(|amount| amount.hi).collect());
        some_of(lows, block.least, highs, block.most)
    };
    blocks.iter().try_fold(Interval::ZERO, |sum, block| sum.plus(of_block(block)?))
}
