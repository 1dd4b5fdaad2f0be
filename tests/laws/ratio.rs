//! Exact fractions for the plain calculation. They share no code with the program's own numbers.

use std::cmp::Ordering;

use duixian::value::Number;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    over: i128,
    under: i128,
}

/// How a number becomes a multiple of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    HalfUp,
    Up,
    Down,
}

/// Larger parts than these are left to the program: products of two still fit here, and a comparison never overflows.
const LARGEST: i128 = 1_000_000_000_000_000_000;

impl Ratio {
    pub const ZERO: Ratio = Ratio { over: 0, under: 1 };

    /// `None` where the denominator is 0 or the parts are too large.
    pub fn new(over: i128, under: i128) -> Option<Ratio> {
        let (mut a, mut b) = (over.abs(), under.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let found = Ratio { over: over.checked_div(a)? * under.signum(), under: under.checked_div(a)?.abs() };
        (under != 0 && found.over.abs() <= LARGEST && found.under <= LARGEST).then_some(found)
    }

    pub fn whole(number: i64) -> Ratio {
        Ratio { over: i128::from(number), under: 1 }
    }

    pub fn add(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(self.over * other.under + other.over * self.under, self.under * other.under)
    }

    pub fn negate(self) -> Ratio {
        Ratio { over: -self.over, ..self }
    }

    pub fn subtract(self, other: Ratio) -> Option<Ratio> {
        self.add(other.negate())
    }

    pub fn multiply(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(self.over * other.over, self.under * other.under)
    }

    pub fn divide(self, other: Ratio) -> Option<Ratio> {
        Ratio::new(self.over * other.under, self.under * other.over)
    }

    /// To a multiple of a step above 0; from the middle away from 0.
    pub fn round(self, step: Ratio, direction: Direction) -> Option<Ratio> {
        if step <= Ratio::ZERO {
            return None;
        }
        let steps = self.divide(step)?;
        let whole = match direction {
            Direction::Down => steps.over.div_euclid(steps.under),
            Direction::Up => -(-steps.over).div_euclid(steps.under),
            Direction::HalfUp => {
                let size = (2 * steps.over.abs() + steps.under).div_euclid(2 * steps.under);
                size * steps.over.signum()
            }
        };
        Ratio::new(whole, 1)?.multiply(step)
    }

    /// As a whole number.
    pub fn to_whole(self) -> Option<i64> {
        if self.under == 1 { i64::try_from(self.over).ok() } else { None }
    }

    /// As the program's number.
    pub fn number(self) -> Number {
        Number::fraction(self.over, self.under).unwrap()
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

#[test]
fn rounding_goes_the_ways_that_the_language_knows() {
    let half = |over| Ratio::new(over, 2).unwrap();
    let one = Ratio::whole(1);
    for (over, half_up, up, down) in [(5, 3, 3, 2), (-5, -3, -2, -3), (4, 2, 2, 2), (1, 1, 1, 0), (-1, -1, 0, -1)] {
        assert_eq!(half(over).round(one, Direction::HalfUp), Some(Ratio::whole(half_up)));
        assert_eq!(half(over).round(one, Direction::Up), Some(Ratio::whole(up)));
        assert_eq!(half(over).round(one, Direction::Down), Some(Ratio::whole(down)));
    }
}
