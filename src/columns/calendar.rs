//! Days as numbers, with the meanings of [`Day`]. `None`: the general evaluation knows more than one value.

use std::sync::LazyLock;

use crate::value::Day;

/// The number of a day in a column.
pub(super) fn lane(day: Day) -> i64 {
    day.raw()
}

pub(super) fn day(lane: i64) -> Option<Day> {
    Day::of_raw(lane)
}

pub(super) fn comes(lane: i64) -> bool {
    lane != Day::NEVER.raw()
}

/// A day of the calendar taken apart.
#[derive(Clone, Copy)]
struct Parts {
    /// Months since the year 0.
    month: i64,
    /// The day of the month.
    day: i64,
    /// The days that the month has.
    length: i64,
}

/// The calendar in tables: looked up, a day costs a tenth of what it costs to work out.
struct Tables {
    /// Every day from the first to the last taken apart, in five, five and the remaining bits.
    days: Vec<u32>,
    /// For every month the number of its first day, and its length.
    months: Vec<(i64, i64)>,
}

/// The month of the first day.
const FIRST_MONTH: i64 = 1900 * 12;

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let (mut days, mut months) = (Vec::new(), Vec::new());
    let mut first = Day::FIRST;
    while first < Day::LAST {
        let month = FIRST_MONTH + i64::try_from(months.len()).unwrap_or(0);
        let last = first.month_end();
        let length = last.raw() - first.raw() + 1;
        days.extend((1..=length).map(|day| u32::try_from(month << 10 | day << 5 | length).unwrap_or(0)));
        months.push((first.raw(), length));
        if last == Day::LAST {
            break;
        }
        first = last.plus_days(1);
    }
    Tables { days, months }
});

/// The day of a date; `None` where there is none.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let (first, length) = TABLES.months.get(usize::try_from(year * 12 + month - 1 - FIRST_MONTH).ok()?)?;
    ((1..=12).contains(&month) && (1..=*length).contains(&day)).then_some(first + day - 1)
}

/// A month later or earlier, and whether it lacks the day; `None` outside the calendar.
fn shifted(from: i64, months: i64) -> Option<(i64, bool)> {
    let parts = parts(from)?;
    let month = parts.month.checked_add(months)?.checked_sub(FIRST_MONTH)?;
    let (first, length) = TABLES.months.get(usize::try_from(month).ok()?)?;
    Some((first + parts.day.min(*length) - 1, parts.day > *length))
}

fn parts(lane: i64) -> Option<Parts> {
    // A day before the first wraps around to a place that is none.
    let place = lane.wrapping_sub(Day::FIRST.raw()) as usize;
    let packed = i64::from(*TABLES.days.get(place)?);
    Some(Parts { month: packed >> 10, day: packed >> 5 & 31, length: packed & 31 })
}

pub(super) fn age(birth: i64, on: i64, early: i64) -> Option<i64> {
    if let (Some(from), Some(to)) = (parts(birth), parts(on)) {
        // A leap birthday goes the long way.
        if from.length != 29 {
            let years = (to.month - from.month).div_euclid(12);
            let same = (to.month - from.month).rem_euclid(12) == 0;
            return Some((years - i64::from(same && to.day < from.day)).max(0));
        }
    }
    let (birth, on) = (day(birth)?, day(on)?);
    // On a day that never comes an age has no upper bound.
    birth.age_on(on, early != 0)
}

pub(super) fn months(from: i64, to: i64) -> Option<i64> {
    let (Some(first), Some(last)) = (parts(from), parts(to)) else { return day(from)?.months_to(day(to)?) };
    if to < from {
        return Some(0);
    }
    // As `Day::months_to` does.
    let complete = if first.day > last.length { last.day == last.length } else { last.day >= first.day - 1 };
    let further = first.day == 1 && last.day == last.length;
    Some((last.month - first.month - i64::from(!complete) + i64::from(further)).max(0))
}

/// Where the end never comes, the months to the calendar's last day are the fewest possible.
pub(super) fn months_up_to(from: i64, to: i64, most: i64) -> Option<i64> {
    match months(from, to) {
        Some(months) => Some(months.min(most).max(0)),
        None => day(from)?.months_to(Day::LAST).filter(|fewest| *fewest >= most).map(|_| most.max(0)),
    }
}

pub(super) fn end_of_months(from: i64, months: i64) -> Option<i64> {
    match shifted(from, months.max(0)) {
        // As `Day::end_of_months` does; the first day is none too early.
        Some((moved, lacking)) if moved > Day::FIRST.raw() => Some(if lacking { moved } else { moved - 1 }),
        _ => Some(lane(day(from)?.end_of_months(months.max(0)))),
    }
}

pub(super) fn plus_months(from: i64, months: i64) -> Option<i64> {
    match shifted(from, months) {
        Some((moved, _)) => Some(moved),
        None => Some(lane(day(from)?.plus_months(months))),
    }
}

pub(super) fn plus_days(from: i64, days: i64) -> Option<i64> {
    Some(lane(day(from)?.plus_days(days)))
}

pub(super) fn month_start(of: i64) -> Option<i64> {
    Some(lane(day(of)?.month_start()))
}

pub(super) fn month_end(of: i64) -> Option<i64> {
    Some(lane(day(of)?.month_end()))
}

pub(super) fn year(of: i64) -> Option<i64> {
    day(of)?.year()
}

pub(super) fn month(of: i64) -> Option<i64> {
    Some(parts(of)?.month.rem_euclid(12) + 1)
}

pub(super) fn day_of_month(of: i64) -> Option<i64> {
    Some(parts(of)?.day)
}

pub(super) fn days_between(left: i64, right: i64) -> Option<i64> {
    Some(day(left)?.number()? - day(right)?.number()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days around month ends, leap days and the ends of the calendar, and never.
    fn days() -> Vec<Day> {
        let firsts = (0..40).map(|month| Day::of(2023, 1, 1).unwrap().plus_months(month));
        let near = firsts.flat_map(|first| (-3..3).map(move |days| first.plus_days(days)));
        let leap = [(1900, 2, 28), (1996, 2, 29), (2000, 2, 29), (2096, 2, 29), (2100, 2, 28), (2199, 12, 31)];
        let leap = leap.iter().flat_map(|(year, month, day)| {
            let day = Day::of(*year, *month, *day).unwrap();
            [day.plus_days(-1), day, day.plus_days(1)]
        });
        near.chain(leap).chain([Day::FIRST, Day::LAST, Day::NEVER]).collect()
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for year in 1898..=2201 {
            for month in 0..=13 {
                for day in 0..=32 {
                    let looked_up = date(year.into(), month.into(), day.into());
                    assert_eq!(looked_up, Day::of(year, month, day).map(lane), "{year}-{month}-{day}");
                }
            }
        }
    }

    #[test]
    fn days_looked_up_are_the_days_of_the_calendar() {
        for from in days() {
            for to in days() {
                let (a, b) = (lane(from), lane(to));
                assert_eq!(months(a, b), from.months_to(to), "{from} to {to}");
                for early in [false, true] {
                    assert_eq!(age(a, b, i64::from(early)), from.age_on(to, early), "born {from}, on {to}");
                }
            }
            for by in [-4000, -13, -12, -1, 0, 1, 2, 11, 12, 13, 600, 4000] {
                assert_eq!(plus_months(lane(from), by), Some(lane(from.plus_months(by))), "{from} and {by} months");
                let end = from.end_of_months(by.max(0));
                assert_eq!(end_of_months(lane(from), by), Some(lane(end)), "{by} months from {from}");
            }
        }
    }
}
