//! Units: products of powers of base units. They exist while a policy is checked; evaluation knows only numbers.

use std::collections::BTreeMap;

/// A base unit, by its canonical symbol: `元`, `月`.
pub type Base = String;

/// A product of powers of base units; without any it is a pure number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(BTreeMap<Base, i32>);

impl Unit {
    /// A pure number.
    pub fn none() -> Unit {
        Unit::default()
    }

    /// One base unit.
    pub fn base(symbol: &str) -> Unit {
        Unit(BTreeMap::from([(symbol.to_owned(), 1)]))
    }

    /// Whether it is a pure number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    fn combine(&self, other: &Unit, sign: i32) -> Unit {
        let mut powers = self.0.clone();
        for (base, power) in &other.0 {
            let sum = powers.get(base).copied().unwrap_or(0).saturating_add(power.saturating_mul(sign));
            if sum == 0 {
                powers.remove(base);
            } else {
                powers.insert(base.clone(), sum);
            }
        }
        Unit(powers)
    }

    /// The unit of a product.
    pub fn times(&self, other: &Unit) -> Unit {
        self.combine(other, 1)
    }

    /// The unit of a quotient.
    pub fn per(&self, other: &Unit) -> Unit {
        self.combine(other, -1)
    }

    /// The base units with their powers.
    pub fn powers(&self) -> impl Iterator<Item = (&str, i32)> {
        self.0.iter().map(|(base, power)| (base.as_str(), *power))
    }

    /// The base units above and below the line, with powers written out as repeats; the small powers of policies make
    /// that the readable form.
    fn line(&self, above: bool) -> Vec<&str> {
        let wanted = |power: i32| if above { power.max(0) } else { (-power).max(0) };
        self.0
            .iter()
            .flat_map(|(base, power)| std::iter::repeat_n(base.as_str(), usize::try_from(wanted(*power)).unwrap_or(0)))
            .collect()
    }

    /// `元/月`, `元·天/月`; a pure number is the empty text.
    pub fn symbol(&self) -> String {
        let (above, below) = (self.line(true).join("·"), self.line(false).join("/"));
        match (above.is_empty(), below.is_empty()) {
            (_, true) => above,
            (true, false) => format!("1/{below}"),
            (false, false) => format!("{above}/{below}"),
        }
    }
}
