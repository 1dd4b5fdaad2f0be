//! Days, months and years in Chinese text: `2023年5月1日`, `2023-05-01`, `二〇二三年五月一日`, `5月1日`, `2024年3月`, `2026年底`.

use crate::audit::figure::Figure;
use crate::audit::numeral::{Numeral, Signs, numeral};
use crate::value::{Day, Number};

/// A date at a place, and where it ends; none where it is written as one and there is none: `2024年2月30日`.
pub fn date(signs: &Signs, at: usize) -> Option<(Option<Figure>, usize)> {
    signed(signs, at).or_else(|| in_words(signs, at)).or_else(|| of_a_year(signs, at))
}

/// `2023-05-01`, `2023/5/1`, `2023.5.1`, `2023-05`
fn signed(signs: &Signs, at: usize) -> Option<(Option<Figure>, usize)> {
    let run = |from: usize| (from..).take_while(|at| signs.get(*at).is_ascii_digit()).count();
    let number = |from: usize, length: usize| signs.text(from..from + length).parse::<u32>().ok();
    if run(at) != 4 {
        return None;
    }
    let (year, sign) = (i32::try_from(number(at, 4)?).ok()?, signs.get(at + 4));
    let second = at + 5;
    let length = run(second);
    if !matches!(sign, '-' | '/' | '.') || !(1..=2).contains(&length) || !(1900..=2199).contains(&year) {
        return None;
    }
    let month = number(second, length)?;
    let third = second + length + 1;
    let days = run(third);
    if signs.get(second + length) == sign && (1..=2).contains(&days) {
        return Some((Day::of(year, month, number(third, days)?).map(Figure::Day), third + days));
    }
    let behind = signs.get(signs.skip(second + length));
    let is_month = length == 2 && (1..=12).contains(&month) && !"年月万元人%".contains(behind);
    is_month.then_some((Some(Figure::Month(year, month)), second + length))
}

/// A whole number without 万 in it.
fn small(signs: &Signs, at: usize) -> Option<(u32, Numeral)> {
    let found = numeral(signs, signs.skip(at)).filter(|found| found.factor == Number::ONE && !found.about)?;
    Some((u32::try_from(found.number.to_i64()?).ok()?, found))
}

/// A number and the sign behind it.
fn with(signs: &Signs, at: usize, marks: &[char]) -> Option<(u32, usize, Numeral)> {
    let (number, found) = small(signs, at)?;
    let mark = signs.skip(found.end);
    marks.contains(&signs.get(mark)).then_some((number, mark + 1, found))
}

fn in_words(signs: &Signs, at: usize) -> Option<(Option<Figure>, usize)> {
    let (year, end, found) = with(signs, at, &['年'])?;
    if !found.plain || !(1900..=2199).contains(&year) {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    let Some((month, after_month, _)) = with(signs, end, &['月']) else {
        let last = |month, day| Day::of(year, month, day).map(Figure::Day);
        return match signs.get(end) {
            '底' | '末' => Some((last(12, 31), end + 1)),
            '初' => Some((last(1, 1), end + 1)),
            _ => Some((Some(Figure::Year(year)), end)),
        };
    };
    if let Some((day, end, _)) = with(signs, after_month, &['日', '号']) {
        return Some((Day::of(year, month, day).map(Figure::Day), end));
    }
    let Some(first) = Day::of(year, month, 1) else { return Some((None, after_month)) };
    let (figure, end) = match signs.get(after_month) {
        '底' | '末' => (Figure::Day(first.month_end()), after_month + 1),
        '初' => (Figure::Day(first), after_month + 1),
        _ => (Figure::Month(year, month), after_month),
    };
    Some((Some(figure), end))
}

/// `6月9日`, `每年6月`, `6月底`; `6月` alone may be a time.
fn of_a_year(signs: &Signs, at: usize) -> Option<(Option<Figure>, usize)> {
    let (month, end, found) = with(signs, at, &['月']).filter(|(month, _, _)| (1..=12).contains(month))?;
    if !found.plain && found.digits {
        return None;
    }
    if let Some((day, end, _)) = with(signs, end, &['日', '号']).filter(|(day, _, _)| (1..=31).contains(day)) {
        // The 29th of February there is in some years.
        return Some((Day::of(2000, month, day).map(|_| Figure::DayOfYear(month, day)), end));
    }
    let before = ["每年", "当年", "次年", "翌年", "本年", "该年"].iter().any(|word| signs.follows(at, word));
    let named = before || matches!(signs.get(end), '份' | '底' | '末' | '初' | '上' | '中' | '下');
    named.then_some((Some(Figure::MonthOfYear(month)), end))
}

/// The second of two ends, in the year or month of the first: `2023年5月1日至12月31日`, `3月1日至5日`, `2024年1-6月`; `unit` is the
/// word that it is written with.
pub fn in_year_of(first: &Figure, second: &Figure, unit: Option<&str>) -> Option<Figure> {
    let counted = match second {
        Figure::Amount(amount) => amount.number.to_i64().and_then(|number| u32::try_from(number).ok()),
        _ => None,
    };
    if let (Some(number), Some(unit)) = (counted, unit) {
        return match (first, unit) {
            (Figure::DayOfYear(month, _), "日" | "号") => {
                Day::of(2000, *month, number).map(|_| Figure::DayOfYear(*month, number))
            }
            (Figure::Day(day), "日" | "号") => {
                let (year, month, _) = day.parts()?;
                Day::of(i32::try_from(year).ok()?, u32::try_from(month).ok()?, number).map(Figure::Day)
            }
            (Figure::Month(year, _), "月") => Day::of(*year, number, 1).map(|_| Figure::Month(*year, number)),
            _ => None,
        };
    }
    let year = match first {
        Figure::Day(day) => i32::try_from(day.year()?).ok()?,
        Figure::Month(year, _) => *year,
        _ => return None,
    };
    match second {
        Figure::DayOfYear(month, day) => Day::of(year, *month, *day).map(Figure::Day),
        Figure::MonthOfYear(month) => Some(Figure::Month(year, *month)),
        _ => None,
    }
}
