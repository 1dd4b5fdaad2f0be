//! What somebody types or chooses, as the applicant file writes it. Whether it is right the reader of the file says.

use toml_edit::{Date, Datetime, InlineTable, Value};

use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::source::folded;
use crate::value::Day;

/// Words for yes; of a list: that there are records.
pub const YES: &[&str] = &["是", "对", "有", "还有", "逐条录入", "enter them one by one", "y", "yes", "true"];
/// Words for no; of a list: that there is none.
pub const NO: &[&str] =
    &["否", "不是", "不", "没有", "没有了", "一条也没有", "there is none", "无", "n", "no", "none", "false"];
const NEVER: &[&str] = &["没有", "未发生", "从未", "没有发生", "无", "尚未", "否", "never", "no"];

/// Which choice is meant, by its number from 1 or by one of its words, whatever their width and capitals.
pub fn chosen<'w>(typed: &str, choices: impl IntoIterator<Item = impl AsRef<[&'w str]>>) -> Option<usize> {
    let small = folded(typed).trim().to_lowercase();
    let number = small.parse::<usize>().ok();
    let named = |words: &[&str]| words.iter().any(|word| folded(word).trim().to_lowercase() == small);
    let is_meant = |(place, words): (usize, _)| number == Some(place + 1) || named(AsRef::<[&str]>::as_ref(&words));
    choices.into_iter().enumerate().position(is_meant)
}

/// An answer as a value: a choice by its number or its words, a day as people write days, a number with the unit of its
/// declaration where none was typed. `on` is the day on which an age is one.
pub fn value(typed: &str, input: &Input, names: &Names, on: Day) -> Value {
    let typed = typed.trim();
    let plain = folded(typed);
    let plain = plain.trim();
    // What is known in part can be typed as the file writes it.
    if let Some(table) = plain.strip_prefix('{').and_then(|_| plain.parse::<Value>().ok()) {
        return table;
    }
    let small = plain.to_lowercase();
    match &input.ty {
        Type::Bool => chosen(plain, [YES, NO]).map_or_else(|| typed.into(), |place| Value::from(place == 0)),
        Type::Enum(place) => {
            let words = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
            let chosen = chosen(plain, words.iter().map(|(id, label)| [id.as_str(), &*label.zh, &*label.en]));
            chosen.and_then(|place| words.get(place)).map_or(typed, |(id, _)| id).into()
        }
        Type::Date if input.may_be_never && NEVER.contains(&small.as_str()) => "never".into(),
        Type::Date => day(plain).or_else(|| age(plain, on)).unwrap_or_else(|| typed.into()),
        Type::Quantity(unit) => quantity(plain, || match unit.is_none() {
            true => String::new(),
            false => input.measure(names).unwrap_or_else(|| Measure::base(unit, names)).name.zh,
        }),
        Type::Text | Type::List(_) => typed.into(),
    }
}

/// Whether this is an answer at all, before the reader of the file judges it: one of the choices, or a day.
pub fn is_one(value: &Value, input: &Input, names: &Names) -> bool {
    let is_word = |place: usize| {
        let words = names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
        value.as_str().is_some_and(|word| words.iter().any(|(id, _)| id == word))
    };
    value.is_inline_table()
        || match &input.ty {
            Type::Bool => value.is_bool(),
            Type::Enum(place) => is_word(*place),
            Type::Date => value.is_datetime() || value.as_str() == Some("never"),
            Type::Quantity(_) | Type::Text | Type::List(_) => true,
        }
}

/// `2024-03-01`, `2024/3/1`, `2024年3月1日`; a month or a year is the days in it.
pub fn day(typed: &str) -> Option<Value> {
    let parts: Vec<&str> = typed.split(['-', '/', '.', '年', '月', '日']).map(str::trim).collect();
    let parts: Vec<&str> = parts.iter().copied().rev().skip_while(|part| part.is_empty()).collect();
    let numbers = parts.iter().rev().map(|part| part.parse::<u16>().ok()).collect::<Option<Vec<u16>>>()?;
    let one = |year: u16, month: u16, day: u16| -> Option<Value> {
        Day::parse(&format!("{year:04}-{month:02}-{day:02}"))?;
        let date = Date { year, month: month.try_into().ok()?, day: day.try_into().ok()? };
        Some(Datetime { date: Some(date), time: None, offset: None }.into())
    };
    let last = |year, month| (28..=31).rev().find_map(|day| one(year, month, day));
    let between =
        |from: Value, to: Value| Value::from(InlineTable::from_iter([("not_before", from), ("not_after", to)]));
    match *numbers.as_slice() {
        [year, month, day] => one(year, month, day),
        [year, month] => Some(between(one(year, month, 1)?, last(year, month)?)),
        [year] if (1900..2200).contains(&year) => Some(between(one(year, 1, 1)?, one(year, 12, 31)?)),
        _ => None,
    }
}

/// `29岁`: who is so old on that day.
fn age(typed: &str, on: Day) -> Option<Value> {
    let years = typed.strip_suffix("周岁").or_else(|| typed.strip_suffix('岁'))?.trim();
    years.parse::<u8>().ok()?;
    let on = day(&on.to_string())?;
    Some(Value::from(InlineTable::from_iter([("age", Value::from(format!("{years}岁"))), ("on", on)])))
}

/// `25,000` without its comma, where it parts thousands.
fn ungrouped(text: &str) -> String {
    let digits = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
    let mut groups = text.strip_prefix('-').unwrap_or(text).split(',').peekable();
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && digits(group) == group.len());
    let mut others = true;
    while let Some(group) = groups.next() {
        others &= digits(group) == 3 && (groups.peek().is_none() || group.len() == 3);
    }
    if first && others { text.replace(',', "") } else { text.to_owned() }
}

/// `3000`, `5万`, `5万元`, `1万-3万`.
fn quantity(typed: &str, unit: impl Fn() -> String) -> Value {
    let number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        digits.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '万' | '亿'))
    };
    let one = |text: &str| -> Value {
        let text = ungrouped(text);
        let text = text.as_str();
        let unit = if number(text) { unit() } else { String::new() };
        match (unit.is_empty(), text.parse::<i64>()) {
            (true, Ok(whole)) => whole.into(),
            _ => format!("{text}{unit}").into(),
        }
    };
    let ends =
        typed.split_once(['–', '—', '~', '至']).or_else(|| typed.split_once('-').filter(|(from, _)| !from.is_empty()));
    match ends.map(|(from, to)| (from.trim(), to.trim())) {
        Some((from, to)) if to.starts_with(|sign: char| sign.is_ascii_digit()) => {
            // `1-3万元`: what stands behind the second is meant of both.
            let behind = to.trim_start_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ','));
            let bare = from.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ','));
            let from = if bare { format!("{from}{behind}") } else { from.to_owned() };
            Value::from(InlineTable::from_iter([("at_least", one(&from)), ("at_most", one(to))]))
        }
        _ => one(typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_number_or_its_words() {
        for (typed, place) in
            [("1", Some(0)), ("２", Some(1)), ("是", Some(0)), ("No", Some(1)), ("3", None), ("", None)]
        {
            assert_eq!(chosen(typed, [YES, NO]), place, "{typed}");
        }
    }

    #[test]
    fn days_as_people_write_them() {
        for typed in ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日"] {
            assert_eq!(day(typed).unwrap().to_string(), "2024-03-01", "{typed}");
        }
        assert_eq!(day("2024年2月").unwrap().to_string(), "{ not_before = 2024-02-01, not_after = 2024-02-29 }");
        assert_eq!(day("2023").unwrap().to_string(), "{ not_before = 2023-01-01, not_after = 2023-12-31 }");
        for typed in ["2023-02-29", "3", "三月", "", "2024-13", "1.5.2024"] {
            assert!(day(typed).is_none(), "{typed}");
        }
        let on = Day::parse("2025-06-30").unwrap();
        assert_eq!(age("29岁", on).unwrap().to_string(), "{ age = \"29岁\", on = 2025-06-30 }");
    }

    #[test]
    fn a_number_takes_the_declared_unit_and_only_where_it_has_none() {
        let yuan = |typed| quantity(typed, || "元".to_owned()).to_string();
        assert_eq!(yuan("3000"), "\"3000元\"");
        assert_eq!(yuan("5万"), "\"5万元\"");
        assert_eq!(yuan("5万元"), "\"5万元\"");
        assert_eq!(yuan("1-3万元"), "{ at_least = \"1万元\", at_most = \"3万元\" }");
        assert_eq!(yuan("1万至3万"), "{ at_least = \"1万元\", at_most = \"3万元\" }");
        assert_eq!(yuan("-5"), "\"-5元\"");
        assert_eq!(yuan("1,025,000"), "\"1025000元\"");
        assert_eq!(yuan("-25,000.50元"), "\"-25000.50元\"");
        // A comma that parts no thousands is told, and taken for nothing.
        for typed in ["25,00", "2500,000", "25,0000", ",250", "25,"] {
            assert_eq!(yuan(typed), format!("\"{typed}元\""));
        }
        assert_eq!(quantity("12", String::new).to_string(), "12");
        assert_eq!(quantity("50%", String::new).to_string(), "\"50%\"");
    }
}
