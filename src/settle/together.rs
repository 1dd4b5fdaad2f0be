//! What all lines of a clause come to together. Who of them is inside a limit may be open, and the sum is not: of eleven who
//! ask for ten places of 5万元 each, ten get them.

use crate::allot::{MayShare, some_of, whole_places};
use crate::clause::{Clause, Limit};
use crate::settle::claims::{Asks, Claims, Line, small};
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

/// The lines of a clause, and of each one amount: to date or in all.
#[derive(Clone, Copy)]
struct Lines<'c> {
    claims: &'c Claims,
    places: &'c [u32],
    amount: fn((Interval, Interval)) -> Interval,
}

/// By how much the sums are narrower, over the lines of a clause at these places, once its limits are settled. `None` where that is not
/// known: limits that are not known, limits whose groups cut across each other, and sums of money beside places. A limit for which
/// nobody asks counts for nothing.
pub(super) fn narrower(clause: &Clause, places: &[u32], claims: &Claims) -> Option<(Closer, Closer)> {
    let all = Lines { claims, places, amount: |(to_date, _)| to_date };
    if all.lines().any(|(place, line)| {
        line.overlaps || claims.asks_of(place).iter().any(|ask| ask.many || !ask.applies.is_true())
    }) {
        return None;
    }
    let asked = |limit: u32| all.lines().any(|(place, _)| claims.ask_of(place, limit).is_some());
    let limits = (0..).zip(&clause.limits).filter(|(place, limit)| limit.across && asked(*place));
    let limits: Vec<(u32, &Limit)> = limits.collect();
    // What other clauses take of the same is not among these lines.
    if limits.iter().any(|(_, limit)| limit.is_over_clauses()) {
        return None;
    }
    let closer = |of: Lines<'_>| {
        let sum = match limits.as_slice() {
            [(place, limit)] if limit.money => of.of_money(*place)?,
            [(place, _)] if of.has_one_unknown(*place) => of.of_unknown_places(*place)?,
            all if all.iter().all(|(_, limit)| !limit.money) => of.of_places(all)?,
            _ => return None,
        };
        let apart = Interval::sum(of.lines().map(|(_, line)| (of.amount)(claims.get(line.left))))?;
        let both = apart.meet(sum)?;
        let end = |bound: Bound| bound.number().filter(|number| in_hundredths(*number));
        Some(Closer { lower: end(both.lo)?.minus(end(apart.lo)?)?, upper: end(apart.hi)?.minus(end(both.hi)?)? })
    };
    // Of what has not accrued it is not known how much of a share of money is due to date.
    let accrues = |(_, line): (usize, &Line)| {
        let (to_date, lifetime) = claims.get(line.claimed);
        to_date != lifetime
    };
    if limits.iter().any(|(_, limit)| limit.money) && all.lines().any(accrues) {
        return None;
    }
    let lifetime = Lines { amount: |(_, lifetime)| lifetime, ..all };
    Some((closer(all)?, closer(lifetime).unwrap_or(Closer::NOT)))
}

fn in_hundredths(number: Number) -> bool {
    number.multiply(Number::whole(100)).is_some_and(Number::is_whole)
}

/// The places of lines, so many blocks of them.
#[derive(Default)]
struct Blocks {
    lines: Vec<u32>,
    blocks: Vec<Block>,
}

/// Some lines of which so many are inside, at least and at most, whichever they are.
#[derive(Clone, Copy)]
struct Block {
    /// Where they end.
    end: u32,
    least: u32,
    most: u32,
}

impl Blocks {
    fn iter(&self) -> impl Iterator<Item = (&[u32], Block)> {
        let mut start = 0;
        self.blocks.iter().map(move |block| {
            let lines = self.lines.get(std::mem::replace(&mut start, block.end as usize)..block.end as usize);
            (lines.unwrap_or_default(), *block)
        })
    }

    fn push(&mut self, lines: &[u32], least: u32, most: u32) {
        self.lines.extend_from_slice(lines);
        self.blocks.push(Block { end: small(self.lines.len()), least, most });
    }
}

impl<'c> Lines<'c> {
    fn of(self, places: &[u32]) -> impl Iterator<Item = (usize, &'c Line)> + Clone {
        places.iter().filter_map(move |place| Some((*place as usize, self.claims.lines.get(*place as usize)?)))
    }

    fn lines(self) -> impl Iterator<Item = (usize, &'c Line)> + Clone {
        self.of(self.places)
    }

    fn claimed(self, line: &Line) -> Interval {
        (self.amount)(self.claims.get(line.claimed))
    }

    /// Of those that ask something of a limit: the place of the key, and how much there is.
    fn asked(self, ask: &Asks) -> (usize, Interval) {
        (ask.key as usize, self.claims.packing.get(ask.at_most))
    }

    fn is_known(self, key: usize) -> bool {
        self.claims.keys.is_known(key)
    }

    /// Those that ask something of a limit, by the places of their keys.
    fn by_key(self, limit: u32, is_known: bool) -> Vec<(u32, u32)> {
        let asks = |(place, _): (usize, &Line)| Some((self.claims.ask_of(place, limit)?.key, small(place)));
        let mut found: Vec<(u32, u32)> = self.lines().filter_map(asks).collect();
        found.retain(|(key, _)| self.is_known(*key as usize) == is_known);
        found.sort_unstable();
        found
    }

    /// What those come to that ask nothing of a limit.
    fn beside(self, limit: u32) -> Option<Interval> {
        let beside = self.lines().filter(|(place, _)| self.claims.ask_of(*place, limit).is_none());
        Interval::sum(beside.map(|(_, line)| self.claimed(line)))
    }

    /// Whether some ask under a key that is not known, and of all of them the same is known.
    fn has_one_unknown(self, limit: u32) -> bool {
        let unknown = self.by_key(limit, false);
        unknown.first().is_some_and(|(first, _)| unknown.iter().all(|(key, _)| key == first))
    }

    /// Whether a group fits what is known of a key.
    fn fits(self, key: usize, group: usize) -> bool {
        let keys = &self.claims.keys;
        keys.parts(key).zip(keys.parts(group)).all(|(own, other)| own.is_none() || own == other)
    }

    /// One limit on money: what is asked for, as far as there is some. Whoever asks under a key that is not known may have a pool alone,
    /// or find one that is used up: what all of them take is least where they share one pool.
    fn of_money(self, limit: u32) -> Option<Interval> {
        let own = |place: &u32| -> Option<(usize, Interval, Interval)> {
            let (key, at_most) = self.asked(self.claims.ask_of(*place as usize, limit)?);
            Some((key, self.claimed(self.claims.lines.get(*place as usize)?), at_most.floor_at_zero()))
        };
        let known = self.by_key(limit, true);
        // Of each group, what is asked for and how much there is.
        let groups = known.chunk_by(|one, other| one.0 == other.0).map(|group| {
            let mut all = group.iter().filter_map(|(_, place)| own(place));
            let first = all.next()?;
            all.try_fold(first, |(key, asked, pool), (_, own, at_most)| {
                Some((key, asked.plus(own)?, pool.hull(at_most)))
            })
        });
        let sum = self.beside(limit)?;
        let unknown = self.by_key(limit, false);
        let mut alone = unknown.iter().filter_map(|(_, place)| own(place));
        let Some((key, _, pool)) = alone.clone().next() else {
            return groups.into_iter().try_fold(sum, |sum, group| {
                let (_, asked, pool) = group?;
                sum.plus(asked.min(pool))
            });
        };
        // Of several who know different things about their keys it is not told who may share with whom.
        if alone.any(|(other, _, at_most)| other != key || at_most != pool) {
            return None;
        }
        let alone = || unknown.iter().filter_map(|(_, place)| own(place)).map(|(_, own, _)| own);
        let all = Interval::sum(alone())?;
        let (mut sum, mut least_more) = (sum, all.min(pool));
        for group in groups {
            let (group, asked, own_pool) = group?;
            let taken = asked.min(own_pool);
            sum = sum.plus(taken)?;
            if self.fits(key, group) {
                if own_pool != pool {
                    return None;
                }
                least_more =
                    least_more.min(Interval::point(asked.plus(all)?.min(pool).lo.number()?.minus(taken.lo.number()?)?));
            }
        }
        let most_more = Interval::sum(alone().map(|own| own.min(pool)))?;
        Some(Interval { lo: sum.plus(least_more)?.lo, hi: sum.plus(most_more)?.hi })
    }

    /// What so many of some lines come to, whichever they are.
    fn some(self, lines: &[u32], least: usize, most: usize) -> Option<Interval> {
        let amounts = || self.of(lines).map(|(_, line)| self.claimed(line));
        some_of(amounts().map(|amount| amount.lo), least, amounts().map(|amount| amount.hi), most)
    }

    /// One limit on places, where the key of some is not known: each of these may have a group alone, or take the place of the dearest
    /// of a group that is full. `None` where a group has places left, or where different things are known of their keys.
    fn of_unknown_places(self, limit: u32) -> Option<Interval> {
        let asks = |(place, _): (usize, &Line)| self.claims.ask_of(place, limit).map(|ask| self.asked(ask));
        let mut pools = self.lines().filter_map(asks).map(|(_, at_most)| at_most);
        let pool = pools.next()?;
        if pools.any(|other| other != pool) {
            return None;
        }
        let places = whole_places(pool.as_point().map(Bound::At)?)?;
        let unknown = self.by_key(limit, false);
        let key = unknown.first()?.0;
        if places == 0 || unknown.iter().any(|(other, _)| *other != key) {
            return None;
        }
        let count = |sure: bool, lines: &[u32]| {
            let asks = |line: &Line| if sure { line.stood.is_true() } else { line.stood.may_hold };
            self.of(lines).filter(|(_, line)| asks(line)).count().min(places)
        };
        let lows = |lines: &[u32]| {
            let mut lows: Vec<Bound> = self.of(lines).map(|(_, line)| self.claimed(line).lo).collect();
            lows.sort_unstable();
            lows
        };
        let some = |lines: &[u32]| self.some(lines, count(true, lines), count(false, lines));
        let mut sum = self.beside(limit)?;
        // The least that those inside ask for, of the groups that they may belong to.
        let mut dearest: Vec<Bound> = Vec::new();
        for group in self.by_key(limit, true).chunk_by(|one, other| one.0 == other.0) {
            let own: Vec<u32> = group.iter().map(|(_, place)| *place).collect();
            sum = sum.plus(some(&own)?)?;
            if group.first().is_some_and(|(group, _)| self.fits(key as usize, *group as usize)) {
                if count(true, &own) < places {
                    return None;
                }
                dearest.extend(lows(&own).into_iter().take(places));
            }
        }
        let alone: Vec<u32> = unknown.into_iter().map(|(_, place)| place).collect();
        let hi = Interval::sum(self.of(&alone).map(|(_, line)| self.claimed(line)));
        let hi = hi.and_then(|more| sum.plus(more))?.hi;
        if dearest.is_empty() {
            return Some(Interval { lo: sum.plus(some(&alone)?)?.lo, hi });
        }
        dearest.sort_unstable_by(|a, b| b.cmp(a));
        let mut lo = sum.lo.number()?;
        for (low, dear) in lows(&alone).iter().zip(&dearest).filter(|(low, dear)| low < dear) {
            lo = lo.minus(dear.number()?.minus(low.number()?)?)?;
        }
        Some(Interval { lo: Bound::At(lo).min(hi), hi })
    }

    /// Limits on places, one after the other. Of those of whom it is not known who shares with whom there are at least as many inside as
    /// if all shared, and at most all.
    fn of_places(self, limits: &[(u32, &Limit)]) -> Option<Interval> {
        let mut blocks = Blocks::default();
        for (place, line) in self.lines() {
            blocks.push(&[small(place)], u32::from(line.stood.is_true()), u32::from(line.stood.may_hold));
        }
        for (limit, _) in limits {
            let ask = |place: &u32| self.claims.ask_of(*place as usize, *limit);
            let keys = self.places.iter().filter_map(ask).map(|ask| ask.key as usize);
            let sharing = MayShare::new(keys, &self.claims.keys);
            let circle = |place: &u32| ask(place).map(|ask| sharing.circle(ask.key as usize));
            let mut groups: Vec<(Option<usize>, &[u32], Block)> = Vec::with_capacity(blocks.blocks.len());
            for (lines, block) in blocks.iter() {
                let own = circle(lines.first()?);
                if lines.iter().any(|line| circle(line) != own) {
                    return None;
                }
                groups.push((own, lines, block));
            }
            groups.sort_by_key(|(circle, ..)| *circle);
            let mut next = Blocks::default();
            for group in groups.chunk_by(|one, other| one.0 == other.0) {
                let lines = || group.iter().flat_map(|(_, lines, _)| lines.iter());
                let pool = lines().filter_map(ask).map(|ask| self.asked(ask).1).reduce(Interval::hull);
                let count =
                    |of: fn(&Block) -> u32| group.iter().fold(0, |sum: u32, (.., block)| sum.saturating_add(of(block)));
                let (least, most) = (count(|block| block.least), count(|block| block.most));
                let places = match pool {
                    Some(pool) => Some((whole_places(pool.lo)?, whole_places(pool.hi)?)),
                    None => None,
                };
                match places.map(|(few, many)| (small(few), small(many))) {
                    // Where all fit, each stays by itself.
                    Some((few, many)) if most > few => {
                        let open = group.first().and_then(|(circle, ..)| *circle).is_some_and(|at| sharing.is_open(at));
                        next.lines.extend(lines());
                        let most = if open { most } else { most.min(many) };
                        next.push(&[], least.min(few), most);
                    }
                    _ => group.iter().for_each(|(_, lines, block)| next.push(lines, block.least, block.most)),
                }
            }
            drop(groups);
            blocks = next;
        }
        let of_block = |(lines, block): (&[u32], Block)| self.some(lines, block.least as usize, block.most as usize);
        blocks.iter().try_fold(Interval::ZERO, |sum, block| sum.plus(of_block(block)?))
    }
}
