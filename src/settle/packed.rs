//! Amounts that are kept by the million.

use crate::value::{Bound, Interval, Number};

/// An interval in eight bytes: so many hundredths, or a place in what [`Packing`] keeps; the lowest two bits say which.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed(i64);

const HUNDREDTHS: i64 = 0;
const NUMBER: i64 = 1;
const OPEN: i64 = 2;
const PAIR: i64 = 3;
/// The two ends that are open.
const BELOW: i64 = OPEN;
const ABOVE: i64 = OPEN | 4;

/// What does not fit into eight bytes. Nothing is looked up here: what comes several times on end is kept once.
#[derive(Clone, Debug, Default)]
pub(super) struct Packing {
    numbers: Vec<Number>,
    pairs: Vec<(i64, i64)>,
}

fn place_of(length: usize, kind: i64) -> i64 {
    i64::try_from(length).unwrap_or(0) << 2 | kind
}

fn at<T: Copy>(all: &[T], packed: i64) -> Option<T> {
    usize::try_from(packed >> 2).ok().and_then(|place| all.get(place)).copied()
}

impl Packing {
    pub fn pack(&mut self, interval: Interval) -> Packed {
        if interval.lo == interval.hi {
            return Packed(self.end(interval.lo));
        }
        let pair = (self.end(interval.lo), self.end(interval.hi));
        if self.pairs.last() != Some(&pair) {
            self.pairs.push(pair);
        }
        Packed(place_of(self.pairs.len() - 1, PAIR))
    }

    fn end(&mut self, bound: Bound) -> i64 {
        let number = match bound {
            Bound::Below => return BELOW,
            Bound::Above => return ABOVE,
            Bound::At(number) => number,
        };
        let hundredths = number.multiply(Number::whole(100)).and_then(Number::to_i64);
        if let Some(packed) = hundredths.and_then(|hundredths| hundredths.checked_mul(4)) {
            return packed;
        }
        if self.numbers.last() != Some(&number) {
            self.numbers.push(number);
        }
        place_of(self.numbers.len() - 1, NUMBER)
    }

    pub fn get(&self, packed: Packed) -> Interval {
        let Packed(packed) = packed;
        let found = match packed & 3 {
            PAIR => at(&self.pairs, packed).map(|(lo, hi)| (self.bound(lo), self.bound(hi))),
            _ => Some((self.bound(packed), self.bound(packed))),
        };
        match found {
            Some((Some(lo), Some(hi))) => Interval { lo, hi },
            _ => Interval::ANY,
        }
    }

    fn bound(&self, packed: i64) -> Option<Bound> {
        match packed & 3 {
            HUNDREDTHS if packed % 400 == 0 => Some(Bound::At(Number::whole(packed / 400))),
            HUNDREDTHS => Number::fraction(i128::from(packed >> 2), 100).map(Bound::At),
            NUMBER => at(&self.numbers, packed).map(Bound::At),
            _ if packed == BELOW => Some(Bound::Below),
            _ => Some(Bound::Above),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let number = |above: i128, below: i128| Number::fraction(above, below).unwrap();
        let ends = [
            number(0, 1),
            number(-7, 1),
            number(1999, 100),
            number(-1, 100),
            number(1, 3),
            number(87_125, 1000),
            number(i128::from(i64::MAX), 100),
            number(i128::from(i64::MAX / 4), 100),
            number(i128::from(i64::MIN / 4), 100),
            number(i128::from(i64::MAX) * 3, 1),
        ];
        let mut all: Vec<Interval> = ends.iter().map(|end| Interval::point(*end)).collect();
        all.extend(ends.iter().flat_map(|a| ends.iter().map(|b| Interval::between(*a, *b))));
        all.extend(ends.iter().map(|end| Interval::at_least(*end)));
        all.extend(ends.iter().map(|end| Interval::at_least(*end).negate()));
        all.push(Interval::ANY);
        let mut packing = Packing::default();
        let packed: Vec<Packed> = all.iter().map(|interval| packing.pack(*interval)).collect();
        for (interval, packed) in all.iter().zip(packed) {
            assert_eq!(packing.get(packed), *interval);
        }
    }
}
