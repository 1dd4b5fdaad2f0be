//! The first so many records of a list by an order: which records these are, and what is said of them.
//!
//! Of each record it is known how many of what it stands for are among them, at least and at most, and how many there are in
//! all. Whatever fits both is possible; where all that is compared is known, that is exact, whichever of several equal ones is taken.

use crate::expr::aggregate::Tally;
use crate::expr::context::{Cause, Context, Problem, RecordAt, tidy};
use crate::expr::eval::anything;
use crate::expr::program::{Aggregate, AggregateKind, Best, Node, Op};
use crate::expr::spans::whole;
use crate::expr::steps;
use crate::value::{Bound, Day, Interval, Number, Truth, Value};

/// More than any file has, where a record stands for any number.
const ANY_NUMBER: i64 = 1 << 40;

/// How many of what a record stands for are among the first, at least and at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    pub least: i64,
    pub most: i64,
}

impl Share {
    /// Whether one is among them.
    pub fn is_there(self) -> Truth {
        Truth { may_hold: self.most > 0, may_fail: self.least == 0 }
    }

    /// How many, where that is known.
    pub fn known(self) -> Option<i64> {
        Some(self.least).filter(|_| self.least == self.most)
    }
}

/// Which records are among the first.
#[derive(Debug)]
pub(super) struct Shares {
    /// One for each record of the list, and one for all that it perhaps has beside them.
    pub of: Vec<Share>,
    /// How many of each are compared.
    copies: Vec<Share>,
    /// How many there are in all.
    all: Share,
    /// Whether it hangs on which of several equal ones is taken.
    tied: bool,
}

/// An end of what a record is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Word(usize),
    Number(Bound),
    Day(Day),
}

/// The lowest and the highest that a value can be.
fn ends(value: &Value) -> (End, End) {
    match value {
        Value::Quantity(Interval { lo, hi }) => (End::Number(*lo), End::Number(*hi)),
        Value::Date(range) => (End::Day(range.lo), End::Day(range.hi)),
        Value::Words(words) => (End::Word(words.lowest()), End::Word(words.highest())),
        Value::Truth(truth) => (End::Word(usize::from(!truth.may_fail)), End::Word(usize::from(truth.may_hold))),
        Value::Text(_) | Value::List(_) => (End::Word(0), End::Word(usize::MAX)),
    }
}

/// What is compared of a record: how many it may stand for, and from where to where its keys reach. What comes first is greater.
struct Compared {
    copies: Share,
    last: Vec<Ranked>,
    first: Vec<Ranked>,
}

/// An end that is greater where it comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ranked {
    end: End,
    highest: bool,
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> std::cmp::Ordering {
        let order = self.end.cmp(&other.end);
        if self.highest { order } else { order.reverse() }
    }
}

/// How many stand at or behind a place, from the last to the first.
fn sums(mut all: Vec<(&[Ranked], i64)>) -> Vec<(&[Ranked], i64)> {
    all.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut sum = 0;
    for (_, count) in &mut all {
        sum += *count;
        *count = sum;
    }
    all
}

/// Of how many is a key greater than this one, or as great where `equal`.
fn before(sums: &[(&[Ranked], i64)], key: &[Ranked], equal: bool) -> i64 {
    let place = sums.partition_point(|(known, _)| if equal { *known >= key } else { *known > key });
    place.checked_sub(1).and_then(|place| sums.get(place)).map_or(0, |(_, sum)| *sum)
}

impl Best {
    /// Which records of a list are among the first.
    pub(super) fn shares(&self, of: &Aggregate, context: &mut Context<'_>) -> Option<Shares> {
        let list = match context.inputs.get(of.input) {
            Some(Value::List(list)) => Some(list),
            _ => None,
        };
        let (fewest, most) = whole(self.count.quantity(context))?;
        let mut all = Vec::new();
        for (index, record) in list.iter().flat_map(|list| list.records.iter().enumerate()) {
            let at = RecordAt { input: of.input, list: of.list, index, record };
            all.push(self.compared(of, at, context));
        }
        let declared = context.names.lists.get(of.list);
        let mut beside = Compared { copies: Share { least: 0, most: 0 }, last: Vec::new(), first: Vec::new() };
        if let Some(declared) = declared.filter(|_| of.is_open(list.map(|list| &**list), context)) {
            context.causes.push(Cause::Input(of.input));
            let mark = context.causes.len();
            let at = RecordAt { input: of.input, list: of.list, index: 0, record: &declared.any };
            beside = self.compared(of, at, context);
            let may_be_there = beside.copies.most > 0;
            beside.copies = Share { least: 0, most: if may_be_there { ANY_NUMBER } else { 0 } };
            // What one more record could say is not what is missing: the list is.
            context.causes.truncate(mark);
        }
        all.push(beside);
        steps::take(all.len() as u64);
        // Who surely comes first, and who perhaps does; whoever is equal may come first.
        let surely = sums(all.iter().map(|one| (one.last.as_slice(), one.copies.least)).collect());
        let perhaps = sums(all.iter().map(|one| (one.first.as_slice(), one.copies.most)).collect());
        let share = |one: &Compared| {
            let may_be_before = before(&perhaps, &one.last, true) - one.copies.most;
            let is_before = before(&surely, &one.first, false);
            let least = (fewest - may_be_before).clamp(0, one.copies.least);
            let most = (most - is_before).clamp(0, one.copies.most);
            Share { least, most }
        };
        let of: Vec<Share> = all.iter().map(share).collect();
        let sum = |of: fn(&Compared) -> i64| all.iter().map(of).fold(0, i64::saturating_add);
        let there =
            Share { least: fewest.min(sum(|one| one.copies.least)), most: most.min(sum(|one| one.copies.most)) };
        let mut split: Vec<&[Ranked]> = all
            .iter()
            .zip(&of)
            .filter(|(one, share)| share.least < share.most && one.first == one.last && !one.first.is_empty())
            .map(|(one, _)| one.first.as_slice())
            .collect();
        split.sort_unstable();
        let tied = split.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        let copies = all.iter().map(|one| one.copies).collect();
        Some(Shares { of, copies, all: there, tied })
    }

    fn compared<'a>(&self, of: &Aggregate, at: RecordAt<'a>, context: &mut Context<'a>) -> Compared {
        let belongs = of.belongs(&at, context);
        if belongs.is_false() {
            return Compared { copies: Share { least: 0, most: 0 }, last: Vec::new(), first: Vec::new() };
        }
        context.records.push(at);
        let mark = context.causes.len();
        let fits = self.among.as_ref().map_or(belongs, |among| among.truth(context).and(belongs));
        let (mut last, mut first) = (Vec::new(), Vec::new());
        if !fits.is_false() {
            for by in &self.by {
                let (low, high) = ends(&by.key.eval(context));
                let ranked = |end: End| Ranked { end, highest: by.highest };
                let (low, high) = (ranked(low), ranked(high));
                last.push(low.min(high));
                first.push(low.max(high));
            }
            at.uncounted(AggregateKind::Count, context);
        }
        at.untold(mark, context);
        context.records.pop();
        let copies = at.record.count().given(fits);
        let (least, most) = whole(copies).unwrap_or((0, ANY_NUMBER));
        let most = if at.record.more == crate::value::Record::ANY_NUMBER && most > 0 { ANY_NUMBER } else { most };
        Compared { copies: Share { least, most }, last, first }
    }
}

impl Shares {
    /// The least that the records can give in sum, each so much.
    fn least(&self, each: &[Interval]) -> Option<Bound> {
        let mut parts: Vec<(Bound, Share)> = each.iter().map(|each| each.lo).zip(self.of.iter().copied()).collect();
        parts.sort_unstable_by_key(|(each, _)| *each);
        let mut sum = Interval::ZERO;
        let mut taken: i64 = self.of.iter().map(|share| share.least).fold(0, i64::saturating_add);
        for (each, share) in parts {
            let up_to = if each < Bound::ZERO { self.all.most } else { self.all.least };
            let more = (share.most - share.least).min(up_to - taken).max(0);
            taken = taken.saturating_add(more);
            let count = share.least.saturating_add(more);
            if count == 0 || each == Bound::ZERO {
                continue;
            }
            let Bound::At(number) = each else { return Some(each) };
            if count >= ANY_NUMBER {
                return Some(Bound::Below);
            }
            sum = sum.plus(Interval::point(number.multiply(Number::whole(count))?))?;
        }
        Some(sum.lo)
    }

    /// What the records can give in sum, each so much.
    fn sum(&self, each: &[Interval]) -> Option<Interval> {
        let negated: Vec<Interval> = each.iter().map(|each| each.negate()).collect();
        let (lo, hi) = (self.least(each)?, self.least(&negated)?);
        Some(Interval { lo, hi: Interval { lo: hi, hi }.negate().hi })
    }

    /// How many are among them for which something holds.
    fn count(&self, holds: impl Iterator<Item = Truth>) -> Option<Interval> {
        self.sum(&holds.map(|holds| Interval::whole(1).given(holds)).collect::<Vec<Interval>>())
    }
}

/// Whether a count is at least one.
fn some(count: Interval) -> Truth {
    Truth { may_hold: count.hi > Bound::ZERO, may_fail: count.lo <= Bound::ZERO }
}

impl Aggregate {
    /// What the first so many records of the list come to.
    pub(super) fn over_best(&self, best: &Best, node: &Node, context: &mut Context<'_>) -> Value {
        context.read(self.input);
        let mark = context.causes.len();
        let Some(shares) = best.shares(self, context) else {
            context.problem(Problem::Fraction, &best.span);
            return anything(&node.ty);
        };
        let (mut counts, mut bodies) = (Vec::new(), Vec::new());
        let list = match context.inputs.get(self.input) {
            Some(Value::List(list)) => list.records.as_slice(),
            _ => &[],
        };
        let any = context.names.lists.get(self.list).map(|declared| &declared.any);
        for (index, record) in list.iter().chain(any).enumerate() {
            let is_there = shares.of.get(index).is_some_and(|share| share.most > 0);
            if !is_there {
                counts.push(Truth::FALSE);
                bodies.push(None);
                continue;
            }
            let at = RecordAt { input: self.input, list: self.list, index, record };
            context.records.push(at);
            let before = context.causes.len();
            let holds = self.filter.as_ref().map_or(Truth::TRUE, |filter| filter.truth(context));
            let body = self.body.as_ref().filter(|_| !holds.is_false()).map(|body| body.eval(context));
            at.untold(before, context);
            if index == list.len() {
                context.causes.truncate(before);
            }
            context.records.pop();
            counts.push(holds);
            bodies.push(body);
        }
        if shares.tied {
            context.problem(Problem::Tied, &best.span);
        }
        let found = self.of_best(best, &shares, &counts, &bodies);
        let mut own = context.causes.split_off(mark);
        tidy(&mut own);
        context.causes.append(&mut own);
        found.unwrap_or_else(|problem| {
            context.problem(problem, &node.span);
            anything(&node.ty)
        })
    }

    fn of_best(
        &self,
        best: &Best,
        shares: &Shares,
        counts: &[Truth],
        bodies: &[Option<Value>],
    ) -> Result<Value, Problem> {
        let truth = |body: &Option<Value>| match body {
            Some(Value::Truth(truth)) => *truth,
            _ => Truth::TRUE,
        };
        match self.kind {
            AggregateKind::Any => {
                let holds = counts.iter().zip(bodies).map(|(counts, body)| counts.and(truth(body)));
                Ok(Value::Truth(some(shares.count(holds).ok_or(Problem::OutOfRange)?)))
            }
            AggregateKind::All => {
                let fails = counts.iter().zip(bodies).map(|(counts, body)| counts.and(truth(body).negate()));
                Ok(Value::Truth(some(shares.count(fails).ok_or(Problem::OutOfRange)?).negate()))
            }
            AggregateKind::Sum => {
                let given = |(counts, body): (&Truth, &Option<Value>)| match body {
                    Some(Value::Quantity(each)) => each.given(*counts),
                    _ => Interval::ZERO,
                };
                let each: Vec<Interval> = counts.iter().zip(bodies).map(given).collect();
                let sum = shares.sum(&each).ok_or(Problem::OutOfRange)?;
                let ordered = self.of_its_order(best).then(|| shares.of_highest(&each)).flatten();
                Ok(Value::Quantity(ordered.and_then(|ordered| sum.meet(ordered)).unwrap_or(sum)))
            }
            AggregateKind::Min | AggregateKind::Max => {
                let smallest = self.kind == AggregateKind::Min;
                // Each record that must be among them, or one of those that are at least as extreme.
                let mut tally = Tally::new(self.kind);
                let there: Vec<(&Value, Truth)> = bodies
                    .iter()
                    .zip(counts)
                    .zip(&shares.of)
                    .filter(|(_, share)| share.most > 0)
                    .filter_map(|((body, counts), _)| Some((body.as_ref()?, *counts)))
                    .collect();
                there.iter().for_each(|(value, _)| tally.widen((*value).clone()));
                let near = |value: &Value| if smallest { ends(value).1 } else { ends(value).0 };
                let mut sorted: Vec<(End, &Value)> = there.iter().map(|(value, _)| (near(value), *value)).collect();
                sorted.sort_by_key(|(end, _)| *end);
                if !smallest {
                    sorted.reverse();
                }
                let reaches = |end: End| {
                    let holds = bodies.iter().zip(counts).map(|(body, counts)| {
                        let at_least = body.as_ref().is_some_and(|body| match smallest {
                            true => near(body) <= end,
                            false => near(body) >= end,
                        });
                        counts.and(Truth::of(at_least))
                    });
                    shares.count(holds).is_some_and(|count| count.lo > Bound::ZERO)
                };
                let place = sorted.partition_point(|(end, _)| !reaches(*end));
                if let Some((_, value)) = sorted.get(place) {
                    tally.settle((*value).clone());
                }
                tally.finish()
            }
            _ => Ok(Value::Quantity(shares.count(counts.iter().copied()).ok_or(Problem::OutOfRange)?)),
        }
    }

    /// Whether what is added up is what decides who comes first, and the highest do.
    fn of_its_order(&self, best: &Best) -> bool {
        let field = |node: &Node| match node.op {
            Op::Field(depth, field) => Some((depth, field)),
            _ => None,
        };
        let [by] = best.by.as_slice() else { return false };
        let body = self.body.as_deref().and_then(field);
        by.highest && self.filter.is_none() && body.is_some() && body == field(&by.key)
    }
}

impl Shares {
    /// What the highest of all come to: no less than the highest of what is sure, as none can be below 0.
    fn of_highest(&self, each: &[Interval]) -> Option<Interval> {
        let there = || each.iter().zip(&self.copies).zip(&self.of).filter(|(_, share)| share.most > 0);
        if there().any(|((each, _), _)| each.lo < Bound::ZERO) {
            return None;
        }
        let sure: Vec<(Bound, i64)> = there().map(|((each, copies), _)| (each.lo, copies.least)).collect();
        let possible: Vec<(Bound, i64)> = there().map(|((each, copies), _)| (each.hi, copies.most)).collect();
        let highest = |mut all: Vec<(Bound, i64)>, many: i64| {
            all.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
            let mut left = many;
            let mut sum = Interval::ZERO;
            for (each, copies) in all {
                let count = copies.min(left).max(0);
                left -= count;
                if count == 0 || each == Bound::ZERO {
                    continue;
                }
                let Bound::At(number) = each else { return Some(each) };
                sum = sum.plus(Interval::point(number.multiply(Number::whole(count))?))?;
            }
            Some(sum.lo)
        };
        Some(Interval { lo: highest(sure, self.all.least)?, hi: highest(possible, self.all.most)? })
    }
}
