//! Days as numbers, with the meanings of [`Day`]. `None`: the general evaluation knows more than one value.

use std::sync::LazyLock;

use crate::value::Day;

/// The number of a day in a column.
pub(super) fn lane(day: Day) -> i64 {
    day.raw()
}

fn day(lane: i64) -> Option<Day> {
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

/// Every day from the first to the last taken apart, in five, five and the remaining bits: looked up, a day costs a tenth of
/// what it costs to work out.
static DAYS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut days = Vec::new();
    let years = Day::FIRST.year().zip(Day::LAST.year()).map_or(0..0, |(first, last)| first..last + 1);
    let mut first = Day::FIRST;
    for month in years.start * 12..years.end * 12 {
        let last = first.month_end();
        let length = last.raw() - first.raw() + 1;
        days.extend((1..=length).map(|day| u32::try_from(month << 10 | day << 5 | length).unwrap_or(0)));
        first = last.plus_days(1);
    }
    days
});

fn parts(lane: i64) -> Option<Parts> {
    let place = usize::try_from(lane - Day::FIRST.raw()).ok()?;
    let packed = i64::from(*DAYS.get(place)?);
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
    Some(lane(day(from)?.end_of_months(months.max(0))))
}

pub(super) fn plus_months(from: i64, months: i64) -> Option<i64> {
    Some(lane(day(from)?.plus_months(months)))
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
    fn days_looked_up_are_the_days_of_the_calendar() {
        for from in days() {
            for to in days() {
                let (a, b) = (lane(from), lane(to));
                assert_eq!(months(a, b), from.months_to(to), "{from} to {to}");
                for early in [false, true] {
                    assert_eq!(age(a, b, i64::from(early)), from.age_on(to, early), "born {from}, on {to}");
                }
            }
        }
    }
}
