//! How numbers, intervals and days look.

use super::words;
use crate::expr::formula::UnitName;
use crate::lang::Lang;
use crate::source::clean;
use crate::value::{Bound, Day, DayRange, Interval, Number};

/// An interval, its ends written by `figure`: `42,000`, `20,000–50,000`, `≥ 20,000`; `None` where both ends are open.
fn ends(interval: Interval, figure: impl Fn(Number) -> String) -> Option<String> {
    match (interval.lo, interval.hi) {
        (Bound::At(lo), Bound::At(hi)) if lo == hi => Some(figure(lo)),
        (Bound::At(lo), Bound::At(hi)) => Some(format!("{}–{}", figure(lo), figure(hi))),
        (Bound::At(lo), _) => Some(format!("≥ {}", figure(lo))),
        (_, Bound::At(hi)) => Some(format!("≤ {}", figure(hi))),
        _ => None,
    }
}

/// An amount of money in a column whose head names the currency: `42,000`, `477.27`.
pub fn money(interval: Interval, lang: Lang) -> String {
    ends(interval, grouped).unwrap_or_else(|| words::ANY_AMOUNT.get(lang).to_owned())
}

/// Thousands apart and two places, with the sign that stands between two numbers: `−3,000`.
fn grouped(number: Number) -> String {
    number.grouped().replace('-', "−")
}

/// A number inside a calculation: exact up to six places, thousands apart where `apart`.
fn exact(number: Number, apart: bool) -> String {
    let text = number.to_string();
    let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
    let (digits, rest) = (whole.trim_start_matches('-'), text.get(whole.len()..).unwrap_or(""));
    // The same sign as between two numbers.
    let sign = if number.is_negative() { "−" } else { "" };
    match Number::parse(digits) {
        Some(number) if apart => format!("{sign}{}{rest}", number.grouped()),
        _ => format!("{sign}{digits}{rest}"),
    }
}

/// An interval inside a calculation: thousands are apart only from five digits on, and then at both ends.
fn in_formula(interval: Interval) -> Option<String> {
    let long = |bound: Bound| bound.number().is_some_and(|number| number.to_string().trim_start_matches('-').len() > 4);
    let apart = long(interval.lo) || long(interval.hi);
    ends(interval, |number| exact(number, apart))
}

/// Puts a unit behind a number as the language does: `14个月`, `14 months`, `1 month`, `20%`.
fn with_unit(text: &str, one: bool, unit: &UnitName, lang: Lang) -> String {
    let name = match (lang, one) {
        (Lang::Zh, _) => &unit.zh,
        (Lang::En, true) => &unit.en_one,
        (Lang::En, false) => &unit.en_many,
    };
    let gap = if lang == Lang::En && name.starts_with(char::is_alphanumeric) { " " } else { "" };
    format!("{text}{gap}{}", clean(name))
}

/// A number or an interval with its unit: `14个月`, `12–14 months`.
pub fn quantity(interval: Interval, unit: &UnitName, lang: Lang) -> String {
    match in_formula(interval) {
        Some(text) => with_unit(&text, interval.as_point() == Some(Number::ONE), unit, lang),
        None => words::ANY_AMOUNT.get(lang).to_owned(),
    }
}

/// An amount in running text, with two places where it has any, and its unit where there is one: `42,000元`.
pub fn sum(interval: Interval, unit: Option<&UnitName>, lang: Lang) -> String {
    // Money has two places; of a share or a term nothing is left out.
    let figure = |number: Number| match unit {
        Some(unit) if !unit.money => exact(number, true),
        _ => grouped(number),
    };
    match (ends(interval, figure), unit) {
        (Some(text), Some(unit)) => with_unit(&text, interval.as_point() == Some(Number::ONE), unit, lang),
        (Some(text), None) => text,
        (None, _) => words::ANY_AMOUNT.get(lang).to_owned(),
    }
}

/// A day: `2024-03-01`, or that it never was.
pub fn day(day: Day, lang: Lang) -> String {
    if day == Day::NEVER { words::NEVER.get(lang).to_owned() } else { day.to_string() }
}

/// So many months after 1900 a lower end of days says nothing.
const SAYS_NOTHING: i64 = 30 * 12;

/// A day or several: `2024-03-01`, `2024-03-01 至 2024-05-31`, `不早于 2024-03-01`; `None` where nothing is known.
pub fn days(range: DayRange, lang: Lang) -> Option<String> {
    let DayRange { lo, hi } = range;
    let ended = hi < Day::LAST;
    // What was counted on from the first day of all is as little known.
    let begun = lo >= Day::FIRST.plus_months(SAYS_NOTHING);
    let text = match lang {
        _ if range.is_point() => day(lo, lang),
        _ if !begun && !ended => return None,
        Lang::Zh if !begun => format!("不晚于 {hi}"),
        Lang::Zh if ended => format!("{lo} 至 {hi}"),
        Lang::Zh if hi == Day::NEVER => format!("{lo} 及以后，或未发生"),
        Lang::Zh => format!("{lo} 及以后"),
        Lang::En if !begun => format!("by {hi}"),
        Lang::En if ended => format!("{lo} to {hi}"),
        Lang::En if hi == Day::NEVER => format!("{lo} or later, or never"),
        Lang::En => format!("{lo} or later"),
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_with_and_without_ends() {
        let number = |digits| Number::parse(digits).unwrap();
        let up_to = Interval { lo: Bound::Below, hi: Bound::At(number("9")) };
        for (interval, zh, en) in [
            (Interval::whole(42_000), "42,000", "42,000"),
            (Interval::point(number("477.27")), "477.27", "477.27"),
            (Interval::between(number("20000"), number("50000")), "20,000–50,000", "20,000–50,000"),
            (Interval::at_least(number("20000")), "≥ 20,000", "≥ 20,000"),
            (up_to, "≤ 9", "≤ 9"),
            (Interval::ANY, "金额待定", "any amount"),
        ] {
            assert_eq!((money(interval, Lang::Zh).as_str(), money(interval, Lang::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn numbers_inside_calculations_are_exact_and_short() {
        for (numerator, denominator, text) in [
            (3000, 1, "3000"),
            (90_000, 1, "90,000"),
            (-90_000, 1, "−90,000"),
            (45, 2, "22.5"),
            (10_500, 22, "477.272727…"),
            (1_000_000, 3, "333,333.333333…"),
        ] {
            let point = Interval::point(Number::fraction(numerator, denominator).unwrap());
            assert_eq!(in_formula(point).as_deref(), Some(text));
        }
        let wide = Interval::between(Number::whole(7000), Number::whole(21_000));
        assert_eq!(in_formula(wide).as_deref(), Some("7,000–21,000"));
    }

    #[test]
    fn days_known_in_part() {
        let day = |text| Day::parse(text).unwrap();
        let (march, may) = (day("2024-03-01"), day("2024-05-31"));
        for (lo, hi, zh, en) in [
            (march, march, "2024-03-01", "2024-03-01"),
            (march, may, "2024-03-01 至 2024-05-31", "2024-03-01 to 2024-05-31"),
            (march, Day::LAST, "2024-03-01 及以后", "2024-03-01 or later"),
            (march, Day::NEVER, "2024-03-01 及以后，或未发生", "2024-03-01 or later, or never"),
            (Day::FIRST, may, "不晚于 2024-05-31", "by 2024-05-31"),
            (Day::NEVER, Day::NEVER, "未发生", "never"),
        ] {
            let range = DayRange { lo, hi };
            assert_eq!(days(range, Lang::Zh).as_deref(), Some(zh));
            assert_eq!(days(range, Lang::En).as_deref(), Some(en));
        }
        assert_eq!(days(DayRange::ANY, Lang::Zh), None);
        // A year after a day of which nothing is known.
        assert_eq!(days(DayRange { lo: day("1901-01-01"), hi: Day::NEVER }, Lang::Zh), None);
    }
}
