//! What all lines of a clause come to together. Who of them is inside a limit may be open, and the sum is not: of eleven who
//! ask for ten places of 5万元 each, ten get them.

use std::collections::BTreeMap;

use crate::allot::{Key, some_of, whole_places};
use crate::clause::{Clause, Limit};
use crate::settle::Decisions;
use crate::settle::claims::{Asks, Line};
use crate::value::{Bound, Interval, Number};

/// How much narrower the sum over the lines of a clause is than the sum of what each of them may get: at its lower end and at
/// its upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Narrower {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// At the lower end, in 元; not below 0.
    pub lower: Number,
    /// At the upper end, in 元; not below 0.
    pub upper: Number,
}

impl Narrower {
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

/// By how much the sum to date is narrower, over the lines of a clause, once its limits are settled. `None` where that is not known:
/// keys or limits that are not, limits whose groups cut across each other, and sums of money beside places.
pub(super) fn narrower(
    clause: &Clause,
    places: &[usize],
    keys: &[Key],
    decisions: &Decisions,
) -> Option<(Number, Number)> {
    let lines: Vec<&Line> = places.iter().filter_map(|place| decisions.lines.get(*place)).collect();
    if lines.iter().any(|line| line.overlaps || line.asks.iter().any(|ask| ask.many || !ask.applies.is_true())) {
        return None;
    }
    let limits: Vec<(u32, &Limit)> = (0..).zip(&clause.limits).filter(|(_, limit)| limit.across).collect();
    let sum = match limits.as_slice() {
        [(place, limit)] if limit.money => of_money(*place, &lines, keys)?,
        all if all.iter().all(|(_, limit)| !limit.money) => of_places(all, &lines, keys)?,
        _ => return None,
    };
    let apart = Interval::sum(lines.iter().map(|line| line.left.0.get()))?;
    let both = apart.meet(sum)?;
    let end = |bound: Bound| bound.number().filter(|number| in_hundredths(*number));
    let lower = end(both.lo)?.minus(end(apart.lo)?)?;
    let upper = end(apart.hi)?.minus(end(both.hi)?)?;
    Some((lower, upper))
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

/// One limit on money: what is asked for, as far as there is some.
fn of_money(limit: u32, lines: &[&Line], keys: &[Key]) -> Option<Interval> {
    let mut groups: BTreeMap<usize, (Interval, Interval)> = BTreeMap::new();
    let mut sum = Interval::ZERO;
    for line in lines {
        let (to_date, lifetime) = (line.claimed.0.get(), line.claimed.1.get());
        let Some(ask) = ask(line, limit) else {
            sum = sum.plus(to_date)?;
            continue;
        };
        // Of what has not accrued it is not known how much of a share is due to date.
        if !is_known(ask.key, keys) || to_date != lifetime {
            return None;
        }
        let (asked, pool) = groups.entry(ask.key).or_insert((Interval::ZERO, ask.at_most.get()));
        *asked = asked.plus(to_date)?;
        *pool = pool.hull(ask.at_most.get());
    }
    groups.into_values().try_fold(sum, |sum, (asked, pool)| sum.plus(asked.min(pool.floor_at_zero())))
}

/// Limits on places, one after the other.
fn of_places(limits: &[(u32, &Limit)], lines: &[&Line], keys: &[Key]) -> Option<Interval> {
    let one = |(place, line): (usize, &&Line)| Block {
        lines: vec![place],
        least: usize::from(line.stood.is_true()),
        most: usize::from(line.stood.may_hold),
    };
    let mut blocks: Vec<Block> = lines.iter().enumerate().map(one).collect();
    for (limit, _) in limits {
        let mut groups: BTreeMap<Option<usize>, (Vec<Block>, Option<Interval>)> = BTreeMap::new();
        for block in blocks {
            let asks = || block.lines.iter().filter_map(|place| lines.get(*place)).map(|line| ask(line, *limit));
            let key = asks().next()?.map(|ask| ask.key);
            let whole = asks().all(|ask| ask.map(|ask| ask.key) == key);
            if !whole || key.is_some_and(|key| !is_known(key, keys)) {
                return None;
            }
            let most = asks().flatten().map(|ask| ask.at_most.get()).reduce(Interval::hull);
            let (group, pool) = groups.entry(key).or_default();
            *pool = pool.iter().copied().chain(most).reduce(Interval::hull);
            group.push(block);
        }
        blocks = Vec::new();
        for (group, pool) in groups.into_values() {
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
            blocks.push(Block { lines, least: least.min(few), most: most.min(many) });
        }
    }
    let of_block = |block: &Block| {
        let amounts = || block.lines.iter().filter_map(|place| lines.get(*place)).map(|line| line.claimed.0.get());
        let (lows, highs) = (amounts().map(|amount| amount.lo).collect(), amounts().map(|amount| amount.hi).collect());
        some_of(lows, block.least, highs, block.most)
    };
    blocks.iter().try_fold(Interval::ZERO, |sum, block| sum.plus(of_block(block)?))
}
