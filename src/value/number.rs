//! An exact fraction. Money never passes through a binary float, and a third stays a third until it is paid.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// An exact number: a numerator and a positive denominator without a common factor. Arithmetic that does not fit gives
/// `None`, which the caller reports as a number out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    numerator: i128,
    denominator: i128,
}

/// Which way a number that is no multiple of the step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearer one; from the middle away from zero.
    HalfUp,
    /// To the larger one.
    Up,
    /// To the smaller one.
    Down,
}

/// Numbers beyond this (10^30) are refused where they are read, so that sums and products of a few of them still fit.
const LARGEST: i128 = 1_000_000_000_000_000_000_000_000_000_000;

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

impl Number {
    /// 0
    pub const ZERO: Number = Number { numerator: 0, denominator: 1 };
    /// 1
    pub const ONE: Number = Number { numerator: 1, denominator: 1 };

    /// A whole number.
    pub const fn whole(number: i64) -> Number {
        Number { numerator: number as i128, denominator: 1 }
    }

    /// One part of so many; of 0 parts it is the whole.
    pub const fn inverse(parts: i64) -> Number {
        Number { numerator: 1, denominator: if parts > 0 { parts as i128 } else { 1 } }
    }

    /// A fraction; `None` where the denominator is 0 or something does not fit.
    pub fn fraction(numerator: i128, denominator: i128) -> Option<Number> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        let divisor = gcd(numerator, denominator).max(1);
        let sign = denominator.signum();
        Some(Number { numerator: numerator / divisor * sign, denominator: denominator / divisor * sign })
    }

    /// Reads `1234.5`: digits, at most one point, no sign, no blanks. `None` where it is none or does not fit.
    pub fn parse(digits: &str) -> Option<Number> {
        let decimal = Decimal::from_str_exact(digits).ok()?;
        let denominator = 10i128.checked_pow(decimal.scale())?;
        Number::fraction(decimal.mantissa(), denominator).filter(|number| number.numerator.abs() <= LARGEST)
    }

    /// Its numerator and denominator, without a common factor; the denominator is above 0.
    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// Exactly, as data: `33333.33`, `-2`, `1/3`. [`Number::read`] gives the same number back.
    pub fn exact(self) -> String {
        let short = self.to_string();
        if short.ends_with('…') { format!("{}/{}", self.numerator, self.denominator) } else { short }
    }

    /// Reads what [`Number::exact`] and [`Number::money`] write. `None` where it is none or does not fit.
    pub fn read(text: &str) -> Option<Number> {
        let (sign, plain) = text.strip_prefix('-').map_or((1, text), |plain| (-1, plain));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = plain.split(['/', '.']).collect();
        if parts.len() > 2 || !parts.iter().all(|part| digits(part)) {
            return None;
        }
        match plain.split_once('/') {
            Some((numerator, denominator)) => {
                Number::fraction(numerator.parse::<i128>().ok()?.checked_mul(sign)?, denominator.parse().ok()?)
            }
            None => {
                let (whole, places) = plain.split_once('.').unwrap_or((plain, ""));
                let scale = 10i128.checked_pow(u32::try_from(places.len()).ok()?)?;
                let all: i128 = format!("{whole}{places}").parse().ok()?;
                Number::fraction(all.checked_mul(sign)?, scale)
            }
        }
    }

    /// Whether it has no fractional part.
    pub fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// Whether it is below 0.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// As a machine integer, where it is one.
    pub fn to_i64(self) -> Option<i64> {
        if self.is_whole() { self.numerator.to_i64() } else { None }
    }

    /// The sum.
    pub fn plus(self, other: Number) -> Option<Number> {
        if self.denominator == other.denominator {
            let numerator = self.numerator.checked_add(other.numerator)?;
            return if self.denominator == 1 {
                Some(Number { numerator, denominator: 1 })
            } else {
                Number::fraction(numerator, self.denominator)
            };
        }
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Number::fraction(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// The difference.
    pub fn minus(self, other: Number) -> Option<Number> {
        self.plus(other.negate())
    }

    /// The number with the other sign.
    pub fn negate(self) -> Number {
        // The numerator is never i128::MIN: `fraction` refuses it, and sums of refused sizes are caught there.
        Number { numerator: self.numerator.checked_neg().unwrap_or(i128::MAX), denominator: self.denominator }
    }

    /// The product.
    pub fn multiply(self, other: Number) -> Option<Number> {
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Number { numerator: self.numerator.checked_mul(other.numerator)?, denominator: 1 });
        }
        // Crosswise, so that the parts stay small.
        let left = gcd(self.numerator, other.denominator).max(1);
        let right = gcd(other.numerator, self.denominator).max(1);
        let numerator = (self.numerator / left).checked_mul(other.numerator / right)?;
        let denominator = (self.denominator / right).checked_mul(other.denominator / left)?;
        Number::fraction(numerator, denominator)
    }

    /// The quotient; `None` by 0.
    pub fn divide(self, other: Number) -> Option<Number> {
        self.multiply(Number::fraction(other.denominator, other.numerator)?)
    }

    /// The nearest multiple of `step` (above 0) in a direction.
    pub fn round(self, step: Number, direction: Rounding) -> Option<Number> {
        let steps = self.divide(step)?;
        let (floor, rest) =
            (steps.numerator.div_euclid(steps.denominator), steps.numerator.rem_euclid(steps.denominator));
        let up = match direction {
            Rounding::Down => false,
            Rounding::Up => rest != 0,
            // Below zero the middle goes down, away from zero.
            Rounding::HalfUp => match rest.checked_mul(2)?.cmp(&steps.denominator) {
                Ordering::Less => false,
                Ordering::Equal => steps.numerator >= 0,
                Ordering::Greater => true,
            },
        };
        let whole = floor.checked_add(i128::from(up))?;
        Number { numerator: whole, denominator: 1 }.multiply(step)
    }

    /// As a decimal with at most `places` places, half up. `None` where it has too many digits.
    fn decimal(self, places: u32) -> Option<Decimal> {
        let scale = 10i128.checked_pow(places)?;
        let rounded = self.round(Number::fraction(1, scale)?, Rounding::HalfUp)?;
        let units = rounded.multiply(Number { numerator: scale, denominator: 1 })?;
        Decimal::try_from_i128_with_scale(units.numerator, places)
            .ok()
            .map(|decimal| decimal.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
    }

    /// As data has an amount: with two places, `42000.00`, and up to six where it has more, `4.125`. Money that is paid was
    /// rounded before; a rate loses nothing.
    pub fn money(self) -> String {
        if let Some(fen) = self.whole_fen() {
            let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
            return format!("{sign}{}.{:02}", fen / 100, fen % 100);
        }
        let exact = |places: &u32| 10i128.checked_pow(*places).is_some_and(|scale| scale % self.denominator == 0);
        self.with_places((2..6).find(exact).unwrap_or(6))
    }

    /// How many 分 it is, as nearly every amount is some whole number of them.
    pub fn whole_fen(self) -> Option<i64> {
        let parts = 100i128.checked_div(self.denominator).filter(|parts| parts * self.denominator == 100)?;
        i64::try_from(self.numerator.checked_mul(parts)?).ok()
    }

    /// The number that [`Number::money`] writes.
    pub fn as_money(self) -> Number {
        if 1_000_000 % self.denominator == 0 { self } else { Number::read(&self.money()).unwrap_or(self) }
    }

    fn with_places(self, places: u32) -> String {
        self.decimal(places).map_or_else(|| self.to_string(), |decimal| decimal.to_string())
    }

    /// With 万 left out but thousands apart: `42,000`, `477.27`.
    pub fn grouped(self) -> String {
        let plain = if self.is_whole() { self.numerator.to_string() } else { self.with_places(2) };
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
        let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        let mut out = String::from(sign);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        if let Some(rest) = rest {
            out.push('.');
            out.push_str(rest);
        }
        out
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let crossed = (self.numerator.checked_mul(other.denominator), other.numerator.checked_mul(self.denominator));
        if let (Some(left), Some(right)) = crossed {
            return left.cmp(&right);
        }
        // The products do not fit: compare the whole parts, then the turned remainders.
        let whole = |number: &Number| number.numerator.div_euclid(number.denominator);
        let rest = |number: &Number| number.numerator.rem_euclid(number.denominator);
        whole(self).cmp(&whole(other)).then_with(|| match (rest(self), rest(other)) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            (left, right) => {
                let left = Number { numerator: self.denominator, denominator: left };
                let right = Number { numerator: other.denominator, denominator: right };
                right.cmp(&left)
            }
        })
    }
}

/// Up to six places, without trailing zeros; a longer one ends in `…`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() {
            return write!(f, "{}", self.numerator);
        }
        match self.decimal(6) {
            Some(decimal) => {
                let exact = Number::fraction(decimal.mantissa(), 10i128.checked_pow(decimal.scale()).unwrap_or(1));
                write!(f, "{}{}", decimal.normalize(), if exact == Some(*self) { "" } else { "…" })
            }
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(numerator: i128, denominator: i128) -> Number {
        Number::fraction(numerator, denominator).unwrap()
    }

    #[test]
    fn a_third_stays_a_third() {
        let third = Number::ONE.divide(Number::whole(3)).unwrap();
        assert_eq!(third.multiply(Number::whole(3)), Some(Number::ONE));
    }

    #[test]
    fn half_a_fen_goes_up_and_below_zero_down() {
        let fen = number(1, 100);
        assert_eq!(number(1005, 1000).round(fen, Rounding::HalfUp), Some(number(101, 100)));
        assert_eq!(number(-1005, 1000).round(fen, Rounding::HalfUp), Some(number(-101, 100)));
        assert_eq!(number(1004, 1000).round(fen, Rounding::Up), Some(number(101, 100)));
        assert_eq!(number(1009, 1000).round(fen, Rounding::Down), Some(number(100, 100)));
    }

    #[test]
    fn seven_days_of_twenty_two() {
        // 1500 × 7 ÷ 22 = 10500 ÷ 22 = 477.2727…
        let paid = number(1500 * 7, 22).round(number(1, 100), Rounding::HalfUp).unwrap();
        assert_eq!(paid.money(), "477.27");
    }

    #[test]
    fn data_has_two_places_and_more_where_there_are_more() {
        // 1 ÷ 7 = 0.142857142…, 1 ÷ 8 = 0.125
        let told = [number(42, 1), number(-5, 10), number(33, 800), number(-1, 8), number(1, 7), number(375, 10_000)];
        let told = told.map(Number::money);
        assert_eq!(told, ["42.00", "-0.50", "0.04125", "-0.125", "0.142857", "0.0375"]);
        assert_eq!(number(33, 800).grouped(), "0.04");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let large = Number::whole(i64::MAX);
        let square = large.multiply(large).unwrap();
        assert_eq!(square.multiply(square), None);
        assert_eq!(Number::parse("1234567890123456789012345678901234567890"), None);
        assert_eq!(Number::ONE.divide(Number::ZERO), None);
    }

    #[test]
    fn what_is_written_exactly_is_read_again() {
        for (exact, text) in [(number(1, 3), "1/3"), (number(-7, 2), "-3.5"), (number(3_333_333, 100), "33333.33")] {
            assert_eq!(exact.exact(), text);
            assert_eq!(Number::read(text), Some(exact));
        }
        assert_eq!(Number::read("50000.00"), Some(Number::whole(50000)));
        for text in ["", "-", "1/0", "1.2/3", "1e3", "+1", "."] {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }

    #[test]
    fn order_without_overflow() {
        let a = number(i128::MAX - 1, i128::MAX - 2);
        let b = number(i128::MAX - 2, i128::MAX - 3);
        assert!(a < b);
    }

    #[test]
    fn thousands_apart() {
        assert_eq!(Number::whole(1_234_567).grouped(), "1,234,567");
        assert_eq!(number(-4_200_050, 100).grouped(), "-42,000.50");
        assert_eq!(Number::whole(999).grouped(), "999");
    }
}
