//! Amounts that are kept by the million.

use std::collections::HashMap;
use std::sync::Arc;

use crate::value::{Interval, Number};

/// An interval; in little room where it is one number with at most two places, or one that many have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// So many hundredths.
    Hundredths(i64),
    /// Anything else.
    Other(Arc<Interval>),
}

/// Packs intervals, each kind of them once.
#[derive(Clone, Debug, Default)]
pub(super) struct Packing {
    others: HashMap<Interval, Arc<Interval>>,
}

impl Packing {
    pub fn pack(&mut self, interval: Interval) -> Packed {
        let hundredths = interval.as_point().and_then(|number| number.multiply(Number::whole(100))?.to_i64());
        match hundredths {
            Some(hundredths) => Packed::Hundredths(hundredths),
            None => Packed::Other(Arc::clone(self.others.entry(interval).or_insert_with(|| Arc::new(interval)))),
        }
    }
}

impl Packed {
    pub fn get(&self) -> Interval {
        match self {
            Packed::Hundredths(hundredths) => {
                Number::fraction(i128::from(*hundredths), 100).map_or(Interval::ANY, Interval::point)
            }
            Packed::Other(interval) => **interval,
        }
    }
}
