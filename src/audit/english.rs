//! Figures in English text: `50,000 元`, `36 months`, `two years`, `20%`, `1:1`, `2024-01-01`.

use std::ops::Range;

use crate::audit::figure::Figure;
use crate::value::{Day, Number};

/// Words behind a number, with the word of the same figure in Chinese.
const UNITS: &[(&str, &str)] =
    &[("元", "元"), ("yuan", "元"), ("month", "月"), ("year", "年"), ("day", "天"), ("person", "人"), ("people", "人")];

const WORDS: &[&str] =
    &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Words in front of a number that make it a name: `article 16`, `level 2`.
const NAMES: &[&str] = &[
    "article",
    "articles",
    "clause",
    "clauses",
    "item",
    "items",
    "level",
    "levels",
    "phase",
    "no",
    "annex",
    "part",
    "paragraph",
    "class",
    "section",
    "sections",
    "point",
    "points",
    "measure",
    "measures",
    "form",
    "step",
    "grade",
];

/// The figures of a text with their places in it.
pub fn in_text(text: &str) -> Vec<(Figure, Range<usize>)> {
    let words = words(text);
    let mut found = Vec::new();
    let mut naming = false;
    for (at, (word, range)) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let behind = words.get(at + 1).map(|(next, _)| next.as_str());
        let number = digits(word);
        if number.is_none() && !WORDS.contains(&lower.as_str()) {
            // `articles 16, 17 and 18`
            naming = NAMES.contains(&lower.as_str()) || naming && matches!(lower.as_str(), "and" | "or" | "to");
            continue;
        }
        if naming {
            naming = !text.get(range.end..).is_some_and(|rest| rest.starts_with([':', ';', '.']));
            continue;
        }
        let figure = match number {
            Some(number) => with_unit(number, word, behind),
            None => WORDS
                .iter()
                .position(|known| *known == lower)
                .and_then(|place| i64::try_from(place).ok())
                .and_then(|place| {
                    Some(Figure::amount(Number::whole(place), unit(behind?).filter(|unit| *unit != "人" || place > 1)?))
                }),
        };
        found.extend(figure.map(|figure| (figure, range.clone())));
    }
    found
}

/// The words of a text, without the marks around them.
fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let blank = c.is_whitespace() || matches!(c, '—' | '–' | '(' | ')' | ';' | '/' | '“' | '”');
        match (blank, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                let word = text.get(from..at).unwrap_or("");
                let trimmed = word.trim_matches(|c: char| matches!(c, ',' | '.' | ':' | '"' | '\''));
                let skipped = word.find(trimmed).unwrap_or(0);
                if !trimmed.is_empty() {
                    all.push((trimmed.to_owned(), from + skipped..from + skipped + trimmed.len()));
                }
                start = None;
            }
            _ => {}
        }
    }
    all
}

/// The number that a word begins with; none for a name such as `A4`.
fn digits(word: &str) -> Option<Number> {
    let length = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.').len();
    let plain: String = word.get(..length)?.chars().filter(|c| *c != ',').collect();
    Number::parse(plain.trim_end_matches('.'))
}

fn unit(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let known = |known: &&(&str, &str)| word == known.0 || word.strip_suffix('s') == Some(known.0);
    UNITS.iter().find(known).map(|(_, unit)| *unit)
}

fn with_unit(number: Number, word: &str, behind: Option<&str>) -> Option<Figure> {
    if let Some(day) = Day::parse(word) {
        return Some(Figure::Day(day));
    }
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
    if rest.starts_with('%') {
        return number.divide(Number::whole(100)).map(|share| Figure::amount(share, ""));
    }
    if let Some(second) = rest.strip_prefix(':').and_then(digits) {
        return number.divide(second).map(|ratio| Figure::amount(ratio, "比"));
    }
    if let Some(unit) = unit(rest) {
        return Some(Figure::amount(number, unit));
    }
    // `45th`, `2023-2025`, `22-day`
    if !rest.is_empty() {
        return None;
    }
    let behind = behind.unwrap_or("");
    // A year, or the number of something that is not money.
    let year = Number::whole(1900) <= number && number <= Number::whole(2199) && unit(behind).is_none();
    (!year).then(|| Figure::amount(number, unit(behind).unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_english_text() {
        let text = "Articles 16 and 17: 50,000 元 at most, 20%, 1:1, within two years of 2024-03-01, 36 months, 10 persons in 2024";
        let found: Vec<&str> = in_text(text).into_iter().map(|(_, range)| &text[range]).collect();
        assert_eq!(found, ["50,000", "20%", "1:1", "two", "2024-03-01", "36", "10"]);
        let two_years = Figure::amount(Number::whole(24), "月");
        assert!(in_text(text).iter().any(|(figure, _)| *figure == two_years));
    }
}
