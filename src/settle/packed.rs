//! Amounts that are kept by the million.

use crate::value::{Interval, Number};

/// An interval; in little room where it is one number with at most two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// So many hundredths.
    Hundredths(i64),
    /// Anything else.
    Other(Box<Interval>),
}

impl Packed {
    pub fn of(interval: Interval) -> Packed {
        let hundredths = interval.as_point().and_then(|number| number.multiply(Number::whole(100))?.to_i64());
        hundredths.map_or_else(|| Packed::Other(Box::new(interval)), Packed::Hundredths)
    }

    pub fn get(&self) -> Interval {
        match self {
            Packed::Hundredths(hundredths) => {
                Number::fraction(i128::from(*hundredths), 100).map_or(Interval::ANY, Interval::point)
            }
            Packed::Other(interval) => **interval,
        }
    }
}
