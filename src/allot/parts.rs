//! Parts of one amount: who bears how much of it, or how much of it is of which year. They add up to it, in whole steps.

use super::proportion;
use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

/// What one part takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portion {
    /// So much of the whole; none: what those before it leave.
    pub share: Option<Interval>,
    /// Its own cap.
    pub at_most: Option<Interval>,
    /// Whether it takes whatever all others leave.
    pub rest: bool,
}

/// The same, where everything is known.
#[derive(Clone, Copy)]
struct Known {
    share: Option<Number>,
    at_most: Option<Number>,
    rest: bool,
}

/// An amount in parts, in the order of the portions; where something is open, what each of them can come to.
pub fn parts(amount: Interval, portions: &[Portion], step: Number) -> Vec<Interval> {
    let amount = amount.floor_at_zero();
    known(amount, portions, step).unwrap_or_else(|| {
        let one = |place: usize| open(amount, portions, place, step);
        (0..portions.len()).map(one).collect()
    })
}

/// What is left of parts of which something was paid, so that it adds up to what is due in all.
pub fn left(parts: &[Interval], paid: &[Interval], due: Interval, step: Number) -> Vec<Interval> {
    let gap = |(part, paid): (&Interval, &Interval)| part.minus(*paid).unwrap_or(Interval::ANY).floor_at_zero();
    let gaps: Vec<Interval> = parts.iter().zip(paid).map(gap).collect();
    let exactly = || -> Option<Vec<Interval>> {
        let gaps: Vec<Number> = gaps.iter().map(|gap| gap.as_point()).collect::<Option<_>>()?;
        let (due, sum) = (due.as_point()?, sum(&gaps)?);
        if sum == due || sum == Number::ZERO && due == Number::ZERO {
            return Some(gaps.into_iter().map(Interval::point).collect());
        }
        let shares = proportion::exact(gaps.iter().copied(), |_| None, due, step)?;
        Some(shares.amounts.into_iter().map(Interval::point).collect())
    };
    exactly().unwrap_or_else(|| {
        // Parts of an amount and of another one may differ by the steps that rounding moves.
        let moved = Number::whole(i64::try_from(parts.len()).unwrap_or(i64::MAX)).multiply(step);
        let moved = moved.map_or(Interval::ANY, |moved| Interval::between(moved.negate(), moved));
        let wide = |gap: &Interval| gap.plus(moved).unwrap_or(Interval::ANY).floor_at_zero();
        gaps.iter().map(|gap| wide(gap).min(due)).collect()
    })
}

/// A sum that fills these parts one after the other.
pub fn in_turn(sum: Number, parts: &[Interval]) -> Vec<Interval> {
    let mut left = Interval::point(sum);
    let mut fill = |part: &Interval| {
        let taken = part.min(left);
        left = left.minus(taken).unwrap_or(Interval::ANY).floor_at_zero();
        taken
    };
    parts.iter().map(&mut fill).collect()
}

fn sum(amounts: &[Number]) -> Option<Number> {
    amounts.iter().try_fold(Number::ZERO, |sum, amount| sum.plus(*amount))
}

/// Where everything is known: what each takes, then in whole steps by the largest remainders.
fn known(amount: Interval, portions: &[Portion], step: Number) -> Option<Vec<Interval>> {
    let amount = amount.as_point()?;
    let point = |interval: Option<Interval>| match interval {
        None => Some(None),
        Some(interval) => interval.as_point().map(Some),
    };
    let of = |portion: &Portion| {
        Some(Known { share: point(portion.share)?, at_most: point(portion.at_most)?, rest: portion.rest })
    };
    let portions: Vec<Known> = portions.iter().map(of).collect::<Option<_>>()?;
    let exactly = taken(amount, &portions)?;
    if amount == Number::ZERO {
        return Some(vec![Interval::ZERO; portions.len()]);
    }
    let most = |place: usize| portions.get(place).and_then(|portion| portion.at_most);
    let mut amounts = proportion::exact(exactly.iter().copied(), most, amount, step)?.amounts;
    // What is no whole step stays with who takes the rest, or with the last.
    let over = amount.minus(sum(&amounts)?)?;
    let rest = portions.iter().position(|portion| portion.rest).unwrap_or(portions.len().saturating_sub(1));
    if let Some(rest) = amounts.get_mut(rest) {
        *rest = rest.plus(over)?;
    }
    Some(amounts.into_iter().map(Interval::point).collect())
}

/// What each takes before anything is rounded: one after the other its share, its cap, or what is left.
fn taken(amount: Number, portions: &[Known]) -> Option<Vec<Number>> {
    let mut left = amount;
    let mut amounts = Vec::with_capacity(portions.len());
    for portion in portions {
        let mut own = Number::ZERO;
        if !portion.rest {
            own = portion.share.map_or(Some(left), |share| share.multiply(amount))?.min(left);
            own = portion.at_most.map_or(own, |most| own.min(most)).max(Number::ZERO);
            left = left.minus(own)?;
        }
        amounts.push(own);
    }
    if let Some(rest) = portions.iter().position(|portion| portion.rest).and_then(|place| amounts.get_mut(place)) {
        *rest = left;
    }
    Some(amounts)
}

/// What one can come to: it grows with the amount and with what it may take, and shrinks with what the others may.
fn open(amount: Interval, portions: &[Portion], place: usize, step: Number) -> Interval {
    let at = |end: fn(Interval) -> Bound, other: fn(Interval) -> Bound, round: Rounding| {
        let number = |interval: Option<Interval>, own: bool| {
            interval.and_then(|interval| if own { end(interval) } else { other(interval) }.number())
        };
        let known = portions.iter().enumerate().map(|(at, portion)| Known {
            share: number(portion.share, at == place),
            at_most: number(portion.at_most, at == place),
            rest: portion.rest,
        });
        // Of a share without bound nothing can be said.
        let known: Vec<Known> = known.collect();
        let lost = known.iter().zip(portions).any(|(known, portion)| known.share.is_none() && portion.share.is_some());
        let amounts = if lost { None } else { taken(end(amount).number()?, &known) };
        amounts?.get(place)?.round(step, round)
    };
    let least = at(|one| one.lo, |one| one.hi, Rounding::Down).unwrap_or(Number::ZERO);
    // Where a cap is met, the steps it cannot take go to others.
    let capped = portions.iter().filter(|portion| portion.at_most.is_some()).count();
    let most = at(|one| one.hi, |one| one.lo, Rounding::Up)
        .and_then(|most| most.plus(Number::whole(i64::try_from(capped).ok()?).multiply(step)?));
    let most = most.map_or(Bound::Above, Bound::At).min(amount.hi);
    let own = portions.get(place).and_then(|portion| portion.at_most).map_or(Bound::Above, |most| most.hi);
    let most = most.min(own);
    Interval { lo: Bound::At(least).min(most), hi: most }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(number: i64) -> Interval {
        Interval::whole(number)
    }

    fn fen(number: i128) -> Interval {
        Interval::point(Number::fraction(number, 100).unwrap())
    }

    fn step() -> Number {
        Number::fraction(1, 100).unwrap()
    }

    fn share(percent: i128) -> Portion {
        Portion { share: Some(fen(percent)), at_most: None, rest: false }
    }

    const REST: Portion = Portion { share: None, at_most: None, rest: true };

    #[test]
    fn shares_add_up_to_the_fen() {
        // 100.01 at 50%, 30% and the rest: 50.005, 30.003, 20.002; down 50.00 + 30.00 + 20.00, and the 0.01 that is left goes to
        // the largest remainder, 0.005.
        assert_eq!(parts(fen(10_001), &[share(50), share(30), REST], step()), [fen(5_001), fen(3_000), fen(2_000)]);
        // A third each of 100: 33.33…, and the first gets the 0.01.
        let third = Portion { share: Some(Interval::point(Number::fraction(1, 3).unwrap())), ..share(0) };
        assert_eq!(parts(yuan(100), &[third, third, third], step()), [fen(3_334), fen(3_333), fen(3_333)]);
    }

    #[test]
    fn caps_leave_the_rest_to_one_by_share_and_by_rank() {
        // 50% of 300 is 150, at most 100; 30% is 90; the rest is 110.
        let capped = Portion { at_most: Some(yuan(100)), ..share(50) };
        assert_eq!(parts(yuan(300), &[capped, share(30), REST], step()), [yuan(100), yuan(90), yuan(110)]);
        // By rank: first 100, then 150 at most, then the rest: of 120 it is 100 + 20 + 0.
        let rank = |most| Portion { share: None, at_most: Some(yuan(most)), rest: false };
        assert_eq!(parts(yuan(300), &[rank(100), rank(150), REST], step()), [yuan(100), yuan(150), yuan(50)]);
        assert_eq!(parts(yuan(120), &[rank(100), rank(150), REST], step()), [yuan(100), yuan(20), yuan(0)]);
    }

    #[test]
    fn an_open_amount_has_open_parts() {
        // 100 to 300: 50% of it, at most 100, is 50 to 100; 30% is 30 to 90; the rest 20 to 110, and the steps of the cap.
        let capped = Portion { at_most: Some(yuan(100)), ..share(50) };
        let between = |lo: i64, hi: i128| Interval { lo: yuan(lo).lo, hi: fen(hi).hi };
        let found = parts(Interval { lo: yuan(100).lo, hi: yuan(300).hi }, &[capped, share(30), REST], step());
        assert_eq!(found, [between(50, 10_000), between(30, 9_001), between(20, 11_001)]);
    }

    #[test]
    fn what_is_left_adds_up_to_what_is_due() {
        // 100 + 90 + 110 of which 60 + 36 + 24 were paid: 40 + 54 + 86 are due.
        let all = [yuan(100), yuan(90), yuan(110)];
        assert_eq!(left(&all, &[yuan(60), yuan(36), yuan(24)], yuan(180), step()), [yuan(40), yuan(54), yuan(86)]);
        // In turn 120 fill the first and 20 of the second.
        assert_eq!(in_turn(Number::whole(120), &all), [yuan(100), yuan(20), yuan(0)]);
    }
}
