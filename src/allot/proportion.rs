//! A pool shared in proportion: everybody gets the same part of what is asked for, in whole steps that add up to the pool.

use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

/// What each of several gets, and for whom an equal remainder was decided by the turn.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shares {
    /// In the order of what was asked for.
    pub amounts: Vec<Number>,
    /// Those with the remainder at which the last step went: the places of those who got one, and of those who did not.
    pub cut: Vec<usize>,
}

/// Shares a pool that is exceeded: each part rounded down to the step, then the steps that are left one by one to the largest
/// remainders; of equal ones to the first. A pool that is no multiple of the step is taken down to one. Nobody gets more than
/// the `most` of its place. `None` where a number does not fit.
pub(super) fn exact(
    asked: impl Iterator<Item = Number> + Clone,
    most: impl Fn(usize) -> Option<Number>,
    pool: Number,
    step: Number,
) -> Option<Shares> {
    let pool = pool.round(step, Rounding::Down)?;
    let total = asked.clone().try_fold(Number::ZERO, |sum, amount| sum.plus(amount))?;
    let (mut amounts, mut remainders) = (Vec::new(), Vec::new());
    for (place, amount) in asked.enumerate() {
        let share = amount.multiply(pool.divide(total)?)?;
        let down = share.round(step, Rounding::Down)?;
        amounts.push(down);
        remainders.push((share.minus(down)?, place));
    }
    let given = amounts.iter().try_fold(Number::ZERO, |sum, amount| sum.plus(*amount))?;
    let mut left = pool.minus(given)?.divide(step)?.to_i64()?;
    remainders.sort_unstable_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
    let mut cut = Vec::new();
    // Where somebody cannot take a step, it goes on, if need be round again.
    while left > 0 {
        let before = left;
        for (turn, (remainder, place)) in remainders.iter().enumerate() {
            if left == 0 {
                break;
            }
            let Some(amount) = amounts.get_mut(*place) else { continue };
            let more = amount.plus(step)?;
            if most(*place).is_some_and(|most| more > most) {
                continue;
            }
            *amount = more;
            left -= 1;
            let next = remainders.get(turn + 1).map(|(next, _)| *next);
            if left == 0 && next == Some(*remainder) {
                cut = remainders.iter().filter(|(other, _)| other == remainder).map(|(_, place)| *place).collect();
            }
        }
        if left == before {
            break;
        }
    }
    Some(Shares { amounts, cut })
}

/// What one gets at least and at most, where something is open: `asked` by it, `others` by all others together.
pub(super) fn open(asked: Interval, others: Interval, pool: Interval, step: Number) -> Interval {
    let whole = Interval { lo: Bound::ZERO, hi: asked.hi };
    let all = |own: Bound, others: Bound| own.number().and_then(|own| own.plus(others.number()?));
    if let (Some(most), Some(pool)) = (all(asked.hi, others.hi), pool.lo.number())
        && most <= pool
    {
        return asked;
    }
    // More asked for by oneself means a larger part, more asked for by others a smaller one.
    let part = |own: Number, others: Bound, pool: Bound| -> Option<Number> {
        let Bound::At(pool) = pool else { return Some(own) };
        let Bound::At(others) = others else { return Some(Number::ZERO) };
        let total = own.plus(others)?;
        if total <= pool || total == Number::ZERO {
            return Some(own);
        }
        own.multiply(pool.round(step, Rounding::Down)?.divide(total)?)
    };
    let least = asked.lo.number().and_then(|own| part(own, others.hi, pool.lo)?.round(step, Rounding::Down));
    let most = match asked.hi {
        Bound::At(own) => {
            let most = part(own, others.lo, pool.hi).and_then(|part| part.round(step, Rounding::Down)?.plus(step));
            most.map(|most| Bound::At(most.min(own)).min(pool.hi))
        }
        _ => Some(pool.hi),
    };
    match (least, most) {
        (Some(least), Some(most)) => Interval { lo: Bound::At(least.max(Number::ZERO)).min(most), hi: most },
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(number: i128) -> Number {
        Number::fraction(number, 100).unwrap()
    }

    #[test]
    fn parts_add_up_to_the_pool() {
        // Asked for: 60,000 + 50,000 + 33,333.33 = 143,333.33.
        // 60,000 × 100,000 ÷ 143,333.33 = 41,860.4660…, 50,000 likewise 34,883.7217…, 33,333.33 likewise 23,255.8121….
        // Rounded down to 分: 41,860.46 + 34,883.72 + 23,255.81 = 99,999.99. The 0.01 that is left goes to the largest
        // remainder: 0.0060… of the first, against 0.0017… and 0.0021….
        let asked = [fen(6_000_000), fen(5_000_000), fen(3_333_333)];
        let shares =
            exact(asked.iter().copied(), |place| asked.get(place).copied(), Number::whole(100_000), fen(1)).unwrap();
        assert_eq!(shares.amounts, [fen(4_186_047), fen(3_488_372), fen(2_325_581)]);
        assert!(shares.cut.is_empty());
    }

    #[test]
    fn equal_remainders_go_to_the_first() {
        // 1.00 among three who ask for 1.00 each: 0.33 and a remainder of a third of 0.01 each; the 0.01 goes to the first.
        let shares = exact([Number::ONE; 3].into_iter(), |_| Some(Number::ONE), Number::ONE, fen(1)).unwrap();
        assert_eq!(shares.amounts, [fen(34), fen(33), fen(33)]);
        assert_eq!(shares.cut, vec![0usize, 1, 2]);
    }

    #[test]
    fn nobody_gets_more_than_was_asked_for() {
        // 2 in whole 元 among 0.5, 0.5 and 9: 0.1, 0.1 and 1.8, rounded down 0, 0 and 1; only the third can take the other.
        let half = Number::fraction(1, 2).unwrap();
        let asked = [half, half, Number::whole(9)];
        let shares =
            exact(asked.iter().copied(), |place| asked.get(place).copied(), Number::whole(2), Number::ONE).unwrap();
        assert_eq!(shares.amounts, [Number::ZERO, Number::ZERO, Number::whole(2)]);
    }
}
