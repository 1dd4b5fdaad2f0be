//! Values of one declared fact or field that are written in the plainest way. What they come to is what [`given`] says of
//! them: words and units are asked of it once, beforehand; everything else is left to it.

use std::sync::Arc;

use super::scan::Plain;
use crate::document::{Item, Raw};
use crate::expr::lexer::figure_of;
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::policy::given;
use crate::source::{Source, Span, unseen_in_lines};
use crate::value::{Day, DayRange, Interval, Number, Truth, Unit, Value};

/// So many ways to write a unit are remembered.
const MOST_UNITS: usize = 16;
/// A number of no more digits than this fits a machine integer.
const MOST_DIGITS: usize = 17;

/// Reads the values of one input.
#[derive(Debug)]
pub(super) struct Reader {
    kind: Kind,
    /// Every value that it can have.
    domain: Value,
}

#[derive(Debug)]
enum Kind {
    Truth,
    /// Words and labels with what they mean.
    Words(Vec<(String, Value)>),
    Day {
        never: bool,
    },
    Number {
        unit: Unit,
        /// What one is, without a unit; none: only 0 may stand without one.
        bare: Option<Number>,
        /// What stands behind digits, and what one of it is; none: nothing that can be read here.
        units: Vec<(String, Option<Number>)>,
        /// Of whole numbers: the unit in which they are whole.
        whole: Option<Option<Measure>>,
    },
    Text,
}

impl Reader {
    /// A reader for an input; none for a list.
    pub fn new(input: &Input, names: &Names) -> Option<Reader> {
        let kind = match &input.ty {
            Type::Bool => Kind::Truth,
            Type::Date => Kind::Day { never: input.may_be_never },
            Type::Text => Kind::Text,
            Type::Enum(place) => {
                let words = names.enums.get(*place)?.words.iter();
                let written = words.flat_map(|(word, label)| [word.clone(), label.zh.to_string()]);
                let span = Span::new(&Source::new("", ""), 0..0);
                let meant = |text: String| {
                    let item = Item { value: Raw::Text(text.clone()), span: span.clone() };
                    given(&item, input, names, &mut Vec::new()).map(|value| (text, value))
                };
                Kind::Words(written.filter_map(meant).collect())
            }
            Type::Quantity(unit) => {
                let measure = input.measure.clone().unwrap_or_else(|| Measure::base(unit, names));
                let bare = if measure.counts(unit, names) {
                    Some(measure.factor)
                } else {
                    unit.is_none().then_some(Number::ONE)
                };
                let whole = input.integer.then(|| input.measure(names));
                Kind::Number { unit: unit.clone(), bare, units: Vec::new(), whole }
            }
            Type::List(_) => return None,
        };
        Some(Reader { kind, domain: input.domain.clone() })
    }

    /// A value; `None`: it is not written in the plainest way, or something is wrong with it.
    pub fn read(&mut self, plain: Plain<'_>, names: &Names) -> Option<Value> {
        match (&mut self.kind, plain) {
            (Kind::Truth, Plain::Truth(truth)) => Some(Value::Truth(Truth::of(truth))),
            (Kind::Words(words), Plain::Text(text)) => {
                words.iter().find(|(word, _)| word == text).map(|(_, value)| value.clone())
            }
            (Kind::Day { never }, Plain::Text(text)) => {
                let day = if *never && text == "never" { Day::NEVER } else { Day::parse(text)? };
                Some(Value::Date(DayRange::point(day)))
            }
            (Kind::Text, Plain::Text(text)) => {
                let shows = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
                (shows || unseen_in_lines(text).is_none()).then(|| Value::Text(Some(Arc::from(text.trim()))))
            }
            (Kind::Number { unit, bare, units, whole }, Plain::Text(text) | Plain::Number(text)) => {
                let (digits, behind) = split(text)?;
                let one = if !behind.is_empty() {
                    one_of(behind, unit, units, names)?
                } else if let Some(one) = *bare {
                    one
                } else {
                    // 0 is 0 in every unit.
                    (digits == Number::ZERO).then_some(Number::ONE)?
                };
                let number = digits.multiply(one)?;
                let Value::Quantity(domain) = &self.domain else { return None };
                let is_whole = |measure: &Option<Measure>| {
                    measure.as_ref().map_or(number, |measure| measure.number(number)).is_whole()
                };
                let fits = domain.contains(number) && whole.as_ref().is_none_or(is_whole);
                fits.then(|| Value::Quantity(Interval::point(number)))
            }
            _ => None,
        }
    }
}

/// The digits at the beginning as a number, and what stands behind them.
fn split(text: &str) -> Option<(Number, &str)> {
    let (mut digits, mut places, mut length): (i64, Option<u32>, usize) = (0, None, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                places = places.map(|places| places + 1);
            }
            b'.' if places.is_none() && length > 0 => places = Some(0),
            _ => break,
        }
        length += 1;
    }
    let (written, behind) = text.split_at_checked(length)?;
    let is_plain = written.bytes().last()?.is_ascii_digit()
        && length <= MOST_DIGITS
        && !(written.starts_with('0') && written.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
        && !behind.bytes().any(|byte| byte.is_ascii_digit());
    if !is_plain {
        return None;
    }
    let number = match places {
        None => Number::whole(digits),
        Some(places) => Number::fraction(i128::from(digits), 10i128.checked_pow(places)?)?,
    };
    Some((number, behind))
}

/// What one is of what stands behind digits, asked once.
fn one_of(behind: &str, unit: &Unit, units: &mut Vec<(String, Option<Number>)>, names: &Names) -> Option<Number> {
    if let Some((_, one)) = units.iter().find(|(written, _)| written == behind) {
        return *one;
    }
    let figure = figure_of(&format!("1{behind}"));
    let one = figure.and_then(|figure| names.figure(&figure).ok());
    let one = one.filter(|(_, of)| of == unit).map(|(one, _)| one);
    if units.len() < MOST_UNITS {
        units.push((behind.to_owned(), one));
    }
    one
}
