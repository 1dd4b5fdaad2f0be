//! Setting a sum off against lines in their order, with every number perhaps only known in part.

use crate::value::{Bound, Interval};

fn sum(amounts: &[Interval]) -> Interval {
    Interval::sum(amounts.iter().copied()).unwrap_or(Interval { lo: Bound::ZERO, hi: Bound::Above })
}

fn rest(pool: Interval, used: Interval) -> Interval {
    pool.minus(used).unwrap_or(Interval::ANY).floor_at_zero()
}

/// What is left of each line when the pool is set off against the lines in their order.
pub fn set_off(amounts: &[Interval], pool: Interval) -> Vec<Interval> {
    let one = |(place, amount): (usize, &Interval)| {
        let before = sum(amounts.get(..place).unwrap_or_default());
        rest(*amount, rest(pool, before))
    };
    amounts.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(numbers: &[i64]) -> Vec<Interval> {
        numbers.iter().map(|number| Interval::whole(*number)).collect()
    }

    #[test]
    fn a_pool_is_set_off_from_the_first() {
        assert_eq!(set_off(&points(&[12, 12, 12]), Interval::whole(20)), points(&[0, 4, 12]));
    }
}
