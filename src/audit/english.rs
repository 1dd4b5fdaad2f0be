//! Figures in English text: `50,000 元`, `36 months`, `two years`, `a 24-month term`, `half a year`, `20%`, `1:1`, `2024-01-01`.

use std::ops::Range;

use crate::audit::figure::Figure;
use crate::lang::{ONES, TENS};
use crate::value::{Day, Number};

/// Words behind a number, with the word of the same figure in Chinese.
const UNITS: &[(&str, &str)] = &[
    ("元", "元"),
    ("yuan", "元"),
    ("month", "月"),
    ("year", "年"),
    ("day", "天"),
    ("person", "人"),
    ("people", "人"),
    ("percent", "%"),
    ("percentage", "%"),
    ("basis", "基点"),
];

/// Words that multiply the number before them.
const SCALES: &[(&str, i64)] = &[("thousand", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000)];

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

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
    let mut past = 0;
    for (at, (word, range)) in words.iter().enumerate() {
        if range.start < past {
            continue;
        }
        let lower = word.to_lowercase();
        let next = |by: usize| words.get(at + by).map(|(next, _)| next.as_str());
        let (mut behind, mut number) = (next(1), digits(word));
        // 20 million yuan
        let scale = behind.and_then(|behind| SCALES.iter().find(|(known, _)| behind.eq_ignore_ascii_case(known)));
        if let (Some(plain), Some((_, by))) = (number, scale) {
            (number, behind) = (plain.multiply(Number::whole(*by)), next(2));
        }
        if let Some(date) = date(&words, at) {
            // The day before its month was read as a number.
            while found.last().is_some_and(|(_, known): &(Figure, Range<usize>)| known.start >= date.1.start) {
                found.pop();
            }
            past = date.1.end;
            found.push(date);
            naming = false;
            continue;
        }
        let said = in_words(&lower);
        if number.is_none() && said.is_none() {
            // `articles 16, 17 and 18`
            naming = NAMES.contains(&lower.as_str()) || naming && matches!(lower.as_str(), "and" | "or" | "to");
            continue;
        }
        if naming {
            naming = !text.get(range.end..).is_some_and(|rest| rest.starts_with([':', ';', '.']));
            continue;
        }
        let mut end = range.end;
        let figure = match number {
            Some(number) => with_unit(number, word, behind),
            // one and a half years
            None if ["and", "a", "half"].iter().enumerate().all(|(by, word)| next(by + 1) == Some(*word)) => {
                end = words.get(at + 3).map_or(end, |(_, half)| half.end);
                past = end;
                said.zip(Number::fraction(1, 2))
                    .and_then(|((number, _), half)| Some(Figure::amount(number.plus(half)?, unit(next(4)?)?)))
            }
            None => said.and_then(|(number, joined)| {
                // `two years`, `a two-year term`, `half a year`
                let article = next(1).filter(|_| number < Number::ONE).is_some_and(|word| matches!(word, "a" | "of"));
                let behind = if joined.is_empty() { if article { next(2)? } else { behind? } } else { joined };
                let unit = unit(behind).filter(|unit| *unit != "人" || number > Number::ONE)?;
                Some(Figure::amount(number, unit))
            }),
        };
        found.extend(figure.map(|figure| (figure, range.start..end)));
    }
    found
}

/// A month with its year, perhaps with its day before or behind it: `December 2016`, `1 December 2016`, `December 1, 2016`.
fn date(words: &[(String, Range<usize>)], at: usize) -> Option<(Figure, Range<usize>)> {
    let (word, range) = words.get(at)?;
    let month = MONTHS.iter().position(|known| word.eq_ignore_ascii_case(known))?;
    let month = u32::try_from(month + 1).ok()?;
    let number = |at: Option<usize>| words.get(at?).and_then(|(word, _)| word.parse::<u32>().ok());
    let year = |at: usize| {
        number(Some(at)).filter(|year| (1900..=2199).contains(year)).and_then(|year| i32::try_from(year).ok())
    };
    let day = |at: Option<usize>| number(at).filter(|day| (1..=31).contains(day));
    if let (Some(day), Some(year)) = (day(Some(at + 1)), year(at + 2)) {
        let end = words.get(at + 2).map_or(range.end, |(_, range)| range.end);
        return Some((Figure::Day(Day::of(year, month, day)?), range.start..end));
    }
    let year = year(at + 1)?;
    let end = words.get(at + 1).map_or(range.end, |(_, range)| range.end);
    match day(at.checked_sub(1)) {
        Some(day) => {
            let start =
                at.checked_sub(1).and_then(|before| words.get(before)).map_or(range.start, |(_, range)| range.start);
            Some((Figure::Day(Day::of(year, month, day)?), start..end))
        }
        None => Some((Figure::Month(year, month), range.start..end)),
    }
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

/// A number in words, and the word that is joined to it: `eighteen`, `twenty-four`, `half`; `two-year`.
fn in_words(word: &str) -> Option<(Number, &str)> {
    let small = |word: &str| ONES.iter().position(|known| *known == word);
    let whole = |number: usize| i64::try_from(number).ok().map(Number::whole);
    let (first, rest) = word.split_once('-').unwrap_or((word, ""));
    if first == "half" {
        return Some((Number::fraction(1, 2)?, rest));
    }
    if let Some(number) = small(first) {
        return Some((whole(number)?, rest));
    }
    let tens = (TENS.iter().position(|known| *known == first)? + 2) * 10;
    let (second, after) = rest.split_once('-').unwrap_or((rest, ""));
    match small(second).filter(|ones| (1..10).contains(ones)) {
        Some(ones) => Some((whole(tens + ones)?, after)),
        None => Some((whole(tens)?, rest)),
    }
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
    // `36months`, `22-day`
    if let Some(unit) = unit(rest.strip_prefix('-').unwrap_or(rest)) {
        return Some(Figure::amount(number, unit));
    }
    // `45th`, `2023-2025`
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
        let million = in_text("20 million 元 before December 2016, from 1 March 2024 to March 31, 2026");
        let said: Vec<String> = million.iter().map(|(figure, _)| figure.to_string()).collect();
        assert_eq!(said, ["20000000元", "2016-12", "2024-03-01", "2026-03-31"]);
        let two_years = Figure::amount(Number::whole(24), "月");
        assert!(in_text(text).iter().any(|(figure, _)| *figure == two_years));
    }

    #[test]
    fn a_time_is_one_figure_however_it_is_written() {
        use crate::audit::reader;
        // A year is 12 months, half a year 6; 18 and 24 months are beyond the words for single numbers.
        let ways: &[(i64, &[&str], &[&str])] = &[
            (
                12,
                &["一年", "1年", "１年", "壹年", "一周年", "一个年度", "12个月", "十二个月"],
                &[
                    "one year",
                    "1 year",
                    "twelve months",
                    "12 months",
                    "a one-year term",
                    "a 12-month term",
                    "twelve-month",
                ],
            ),
            (
                6,
                &["半年", "6个月", "六个月"],
                &["half a year", "six months", "a half-year term", "0.5 years", "6-month"],
            ),
            (
                18,
                &["一年半", "18个月", "十八个月"],
                &["eighteen months", "1.5 years", "an 18-month term", "Eighteen-month", "one and a half years"],
            ),
            (
                24,
                &["两年", "二年", "24个月", "二十四个月"],
                &["twenty-four months", "two-year", "24 months", "twenty-four-month"],
            ),
            (30, &["两年半", "三十个月"], &["thirty months", "2.5 years", "a thirty-month term"]),
        ];
        for (months, chinese, english) in ways {
            let wanted = Figure::amount(Number::whole(*months), "个月");
            let read = |figures: Vec<(Figure, Range<usize>)>| -> Vec<Figure> {
                figures.into_iter().map(|(figure, _)| figure).collect()
            };
            for text in *chinese {
                let found = read(reader::in_text(text, 0));
                assert!(matches!(found.as_slice(), [one] if one.agrees(&wanted)), "{text}: {found:?}");
            }
            for text in *english {
                let found = read(in_text(text));
                assert!(matches!(found.as_slice(), [one] if one.agrees(&wanted)), "{text}: {found:?}");
            }
        }
    }
}
