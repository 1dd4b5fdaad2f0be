//! A cell as the value that the same words would be in an applicant's TOML file.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw, parse};
use crate::expr::types::Type;
use crate::rows::units::{self, HeadUnit};
use crate::source::{Source, Span, folded};
use crate::value::Day;

/// The cells of one row as one text, so that a fault's place leads back to its cell.
#[derive(Debug)]
pub struct Cells {
    source: Arc<Source>,
    ends: Vec<usize>,
}

impl Cells {
    /// The cells of a row.
    pub fn new<'a>(file: &str, cells: impl Iterator<Item = &'a str>) -> Cells {
        let mut text = String::new();
        let mut ends = Vec::new();
        for cell in cells {
            text.push_str(cell);
            ends.push(text.len());
            // Not a line break: the row as a whole is one line.
            text.push('\u{1f}');
        }
        Cells { source: Source::new(file, text), ends }
    }

    fn range(&self, place: usize) -> Range<usize> {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        start..self.ends.get(place).copied().unwrap_or(start)
    }

    /// What stands in a cell.
    pub fn text(&self, place: usize) -> &str {
        self.source.text.get(self.range(place)).unwrap_or("")
    }

    /// Where a cell stands.
    pub fn span(&self, place: usize) -> Span {
        Span::new(&self.source, self.range(place))
    }

    /// The place of the row as a whole.
    pub fn whole(&self) -> Span {
        Span::new(&self.source, 0..self.source.text.len())
    }

    /// Whether a place is in the row.
    pub fn hold(&self, span: &Span) -> bool {
        Arc::ptr_eq(&span.source, &self.source)
    }

    /// The cell that a diagnostic is about; none where it is about the row.
    pub fn of(&self, diagnostic: &Diagnostic) -> Option<usize> {
        let (span, _) = diagnostic.labels.first().filter(|(span, _)| self.hold(span))?;
        let place = self.ends.partition_point(|end| *end < span.range.start);
        self.ends.get(place).filter(|end| span.range.end <= **end).map(|_| place)
    }

    /// A cell as what it is read as; `None` where it is empty.
    /// `unit` is that of the column's head, which numbers without one of their own have.
    pub(super) fn item(
        &self,
        place: usize,
        read_as: As<'_>,
        unit: Option<&HeadUnit>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Item> {
        let text = self.text(place).trim();
        let span = self.span(place);
        if text.is_empty() {
            return None;
        }
        // Numbers and days may be typed in full-width forms; words are compared by their folded forms later.
        let data = matches!(read_as, As::Day | As::Whole | As::Fact(Type::Date | Type::Quantity(_)));
        let plain = if data { folded(text) } else { Cow::Borrowed(text) };
        let text = plain.as_ref();
        if text.starts_with('{') {
            // What cannot be seen is no TOML, wherever it stands.
            Item { value: Raw::Text(text.to_owned()), span: span.clone() }.shows(diagnostics)?;
            return partly(text, &span, unit, diagnostics);
        }
        if let Some(text) = units::behind(text, unit) {
            return Some(Item { value: Raw::Text(text), span });
        }
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let ty = match read_as {
            As::Fact(ty) => ty,
            As::Day => return Some(Item { value: day(text), span }),
            As::Whole if digits => return Some(Item { value: Raw::Integer(text.to_owned()), span }),
            As::Whole => &Type::Text,
        };
        let value = match ty {
            Type::Bool if ["true", "yes"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Raw::Bool(true),
            Type::Bool if ["false", "no"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Raw::Bool(false),
            Type::Date => Raw::Text(date(text).unwrap_or_else(|| text.to_owned())),
            Type::Quantity(_) if digits => Raw::Integer(text.to_owned()),
            Type::Quantity(_) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                Raw::Float(text.to_owned())
            }
            _ => Raw::Text(text.to_owned()),
        };
        Some(Item { value, span })
    }
}

/// What the words of a cell or of a text are read as.
#[derive(Clone, Copy, Debug)]
pub(super) enum As<'a> {
    /// A fact of this type.
    Fact(&'a Type),
    /// A day that is no fact.
    Day,
    /// A whole number; other words stay words.
    Whole,
}

/// A day as TOML has it; what is none stays a text.
pub(super) fn day(text: &str) -> Raw {
    match date(text) {
        Some(date) if Day::parse(&date).is_some() => Raw::Date(date),
        _ => Raw::Text(text.to_owned()),
    }
}

/// `2024/3/1`, `2024.3.1`, `2024-3-1` and `2024年3月1日` as TOML writes them, `未发生` and `从未` as well; `None` where it is no such
/// date.
pub(super) fn date(text: &str) -> Option<String> {
    let plain = folded(text);
    let text = plain.as_ref();
    if ["未发生", "从未"].contains(&text) {
        return Some("never".to_owned());
    }
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let plain =
        |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !(plain(year, 4) && plain(month, 2) && plain(day, 2)) {
        return None;
    }
    Day::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).map(|day| day.to_string())
}

/// `{ at_least = 45 }`: what is known in part.
fn partly(text: &str, span: &Span, unit: Option<&HeadUnit>, diagnostics: &mut Vec<Diagnostic>) -> Option<Item> {
    let source = Source::new(span.source.name.clone(), format!("value = {text}"));
    let before = diagnostics.len();
    let document = parse(&source, diagnostics);
    // What is wrong with it is wrong with the cell.
    for diagnostic in diagnostics.iter_mut().skip(before) {
        for (place, _) in &mut diagnostic.labels {
            place.clone_from(span);
        }
    }
    let item = document?.get("value")?.clone();
    Some(moved(item, span, unit))
}

/// The same value, with the cell as the place of all its parts, and the head's unit behind numbers that have none.
fn moved(item: Item, span: &Span, unit: Option<&HeadUnit>) -> Item {
    let value = match item.value {
        Raw::Array(items) => Raw::Array(items.into_iter().map(|item| moved(item, span, unit)).collect()),
        Raw::Table(table) => Raw::Table(table.at(span, |item| moved(item, span, unit))),
        Raw::Integer(text) | Raw::Float(text) if unit.is_some() => {
            Raw::Text(units::behind(&text.replace('_', ""), unit).unwrap_or(text))
        }
        Raw::Text(text) => Raw::Text(units::behind(&text, unit).unwrap_or(text)),
        other => other,
    };
    Item { value, span: span.clone() }
}
