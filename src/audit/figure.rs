//! Figures in running text: `5万元`, `50%`, `1:1`, `36个月`, `三年`, `二级`, `2023年5月1日`, `80人、50人、20、10人`.

use std::ops::Range;

use crate::value::{Day, Number};

/// A figure: what it measures, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A day.
    Day(Day),
    /// A number with the word behind it; years are twelve months, so that `2年` and `24个月` agree. Without a word it agrees
    /// with any.
    Amount(Number, Option<String>),
}

impl Figure {
    /// A number of something, in the words that figures are compared by.
    pub fn amount(number: Number, unit: &str) -> Figure {
        let (factor, unit) = match unit {
            "年" | "周年" if number < Number::whole(1000) => (12, Some("月")),
            "年" => (1, Some("年份")),
            "个月" | "月" => (1, Some("月")),
            "名" | "人" | "位" => (1, Some("人")),
            "周岁" | "岁" => (1, Some("岁")),
            "日" | "天" => (1, Some("天")),
            "" => (1, None),
            other => (1, Some(other)),
        };
        let number = number.multiply(Number::whole(factor)).unwrap_or(number);
        Figure::Amount(number, unit.map(str::to_owned))
    }

    /// Whether two figures say the same.
    pub fn agrees(&self, other: &Figure) -> bool {
        match (self, other) {
            (Figure::Day(a), Figure::Day(b)) => a == b,
            // A year stands for each of its days only where nothing more is said; a day's year agrees with it.
            (Figure::Day(day), Figure::Amount(number, Some(unit)))
            | (Figure::Amount(number, Some(unit)), Figure::Day(day)) => {
                unit == "年份" && day.year().is_some_and(|year| *number == Number::whole(year))
            }
            (Figure::Amount(a, unit), Figure::Amount(b, other)) => {
                a == b && (unit.is_none() || other.is_none() || unit == other)
            }
            _ => false,
        }
    }
}

const DIGITS: &str = "零一二三四五六七八九";

/// A Chinese number at the head of a text (up to 999), and its length in bytes.
pub fn chinese_number(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut digit, mut length) = (0, None, 0);
    for character in text.chars() {
        let value = match character {
            '两' => Some(2),
            '〇' => Some(0),
            c => DIGITS.chars().position(|digit| digit == c).and_then(|place| u32::try_from(place).ok()),
        };
        match (character, value) {
            (_, Some(value)) if digit.is_none() => digit = Some(value),
            ('十', _) => {
                total += digit.take().unwrap_or(1) * 10;
            }
            ('百', _) => {
                total += digit.take()? * 100;
            }
            _ => break,
        }
        length += character.len_utf8();
    }
    (length > 0).then_some((total + digit.unwrap_or(0), length))
}

/// A number below 100 in Chinese.
pub fn chinese(number: u32) -> String {
    let digit = |value: u32| DIGITS.chars().nth(value as usize).map(String::from).unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones),
        (tens, ones) => {
            let tens = if tens == 1 { String::new() } else { digit(tens) };
            format!("{tens}十{}", if ones == 0 { String::new() } else { digit(ones) })
        }
    }
}

/// Words behind a number, longest first.
const UNITS: &[&str] = &[
    "人次", "个月", "周岁", "周年", "万元", "亿元", "元", "年", "月", "日", "天", "岁", "人", "名", "位", "次", "级",
    "%", "％", "倍", "项", "个", "家", "班", "期", "场", "张", "期", "类", "届", "所", "层", "室", "号", "楼", "种",
    "档", "批", "套",
];

/// Units that make a Chinese numeral a figure; before others it is mostly a word (`一批`, `一个`).
const COUNTED_IN_WORDS: &[&str] = &["年", "个月", "周岁", "岁", "级", "名", "人", "天", "周", "日"];

/// Words that hold a numeral without counting anything.
const IDIOMS: &[&str] = &[
    "一站式",
    "一次性",
    "一揽子",
    "一体",
    "一定",
    "一批",
    "一线",
    "一流",
    "一对一",
    "十四五",
    "十三五",
    "二十大",
    "二十届",
    "十二次",
    "十届",
    "三中全会",
    "二次全会",
    "三农",
    "四唯",
    "双一流",
    "一级市场",
    "八五",
];

fn unit_at(text: &str) -> Option<&'static str> {
    UNITS.iter().filter(|unit| text.starts_with(**unit)).max_by_key(|unit| unit.len()).copied()
}

/// The figures of a text with their places; `offset` is where the text begins in its file.
pub fn in_text(text: &str, offset: usize) -> Vec<(Figure, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        if let Some(idiom) = IDIOMS.iter().find(|idiom| rest.starts_with(**idiom)) {
            at += idiom.len();
            continue;
        }
        let before = text.get(..at).unwrap_or("");
        let taken = if first.is_ascii_digit() && marks_a_list(before, rest) {
            Some((None, rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()))
        } else if first.is_ascii_digit() {
            digits(rest)
        } else {
            in_words(rest, before)
        };
        match taken {
            Some((figure, length)) => {
                if let Some(figure) = figure {
                    found.push((figure, offset + at..offset + at + length));
                }
                at += length.max(1);
            }
            None => at += first.len_utf8(),
        }
    }
    found
}

/// Whether digits are no figure but the number of a list's entry, or part of a name such as `image3`.
fn marks_a_list(before: &str, text: &str) -> bool {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let point = behind.strip_prefix(['.', '．']);
    let entry = point.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    entry || before.ends_with(|c: char| c.is_ascii_alphabetic())
}

/// A figure in digits at the head of a text; what is taken without being a figure is a telephone number or a document's.
fn digits(text: &str) -> Option<(Option<Figure>, usize)> {
    let run = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let length = run(text);
    let digits = text.get(..length)?.trim_end_matches('.');
    let length = digits.len();
    let after = text.get(length..)?;
    let blanks = after.len() - after.trim_start_matches(' ').len();
    let after_blanks = after.get(blanks..)?;
    // A date.
    if let Some((day, used)) = date(text) {
        return Some((Some(Figure::Day(day)), used));
    }
    // 〔2020〕17号, 010-12345678, letters behind digits.
    if digits.len() > 6
        || after.starts_with(['-', '〕', '@', '#', '_'])
        || after.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        let more =
            after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-〕@#_.".contains(c)).len();
        return Some((None, length + more));
    }
    let number = Number::parse(digits)?;
    // 1:1
    if let Some(ratio) = after.strip_prefix([':', '：', '∶']) {
        let second = run(ratio);
        if second > 0 {
            let colon = after.len() - ratio.len();
            let other = ratio.get(..second).and_then(|digits| Number::parse(digits.trim_end_matches('.')))?;
            return Some((number.divide(other).map(|ratio| Figure::amount(ratio, "比")), length + colon + second));
        }
    }
    let (multiplier, skipped) = match after_blanks.chars().next() {
        Some('万') => (10_000, '万'.len_utf8()),
        Some('亿') => (100_000_000, '亿'.len_utf8()),
        _ => (1, 0),
    };
    let number = number.multiply(Number::whole(multiplier))?;
    let behind = after_blanks.get(skipped..)?;
    let unit = unit_at(behind);
    let used = length + if unit.is_some() || skipped > 0 { blanks + skipped } else { 0 };
    match unit {
        Some("%" | "％") => {
            let share = number.divide(Number::whole(100))?;
            Some((Some(Figure::amount(share, "")), used + behind.chars().next().map_or(0, char::len_utf8)))
        }
        Some(unit) => Some((Some(Figure::amount(number, unit)), used + unit.len())),
        None => Some((Some(Figure::amount(number, "")), used.max(length))),
    }
}

/// `2023年5月1日`, or `6月9日` without a year.
fn date(text: &str) -> Option<(Day, usize)> {
    let number = |text: &str| {
        let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: Option<u32> = text.get(..length).and_then(|digits| digits.parse().ok());
        number.map(|number| (number, length))
    };
    let (year, a) = number(text)?;
    let rest = text.get(a..)?.strip_prefix('年')?;
    let (month, b) = number(rest)?;
    let rest = rest.get(b..)?.strip_prefix('月')?;
    let (day, c) = number(rest)?;
    rest.get(c..)?.strip_prefix('日')?;
    let length = a + "年".len() + b + "月".len() + c + "日".len();
    Some((Day::of(i32::try_from(year).ok()?, month, day)?, length))
}

/// A figure in words at the head of a text.
fn in_words(text: &str, before: &str) -> Option<(Option<Figure>, usize)> {
    let (number, length) = chinese_number(text)?;
    // 第一期, 其一: an order, not a number.
    if before.ends_with(['第', '其', '之', '统', '唯', '同', '专']) {
        return Some((None, length));
    }
    let unit = unit_at(text.get(length..)?).filter(|unit| COUNTED_IN_WORDS.contains(unit));
    match unit {
        // 一名, 一人: an article, not a number.
        Some("名" | "人" | "天" | "日") if number == 1 => Some((None, length)),
        Some(unit) => Some((Some(Figure::amount(Number::whole(i64::from(number)), unit)), length + unit.len())),
        None => Some((None, length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        in_text(text, 0).into_iter().map(|(_, range)| text[range].to_owned()).collect()
    }

    #[test]
    fn every_way_of_writing_a_figure() {
        let text = "奖7万元、40%、1:1配套，至多18个月；三年内招满90人、60人、30、15人，二级以上，满1年，2020年3月1日起";
        let expected =
            ["7万元", "40%", "1:1", "18个月", "三年", "90人", "60人", "30", "15人", "二级", "1年", "2020年3月1日"];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn words_and_numbers_that_count_nothing() {
        assert!(found("第一期一次性一站式，党的二十大，云政办发〔2020〕17号，电话010-12345678").is_empty());
    }

    #[test]
    fn two_years_are_twenty_four_months() {
        let two_years = Figure::amount(Number::whole(2), "年");
        assert!(two_years.agrees(&Figure::amount(Number::whole(24), "个月")));
        assert!(!two_years.agrees(&Figure::amount(Number::whole(24), "人")));
        assert_eq!((chinese_number("二十九条"), chinese(29)), (Some((29, 9)), "二十九".to_owned()));
    }
}
