//! Days as numbers, with the meanings of [`Day`]. `None`: the general evaluation knows more than one value.

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

pub(super) fn age(birth: i64, on: i64, early: i64) -> Option<i64> {
    let (birth, on) = (day(birth)?, day(on)?);
    // On a day that never comes an age has no upper bound.
    birth.age_on(on, early != 0)
}

pub(super) fn months(from: i64, to: i64) -> Option<i64> {
    day(from)?.months_to(day(to)?)
}

/// Where the end never comes, the months to the calendar's last day are the fewest possible.
pub(super) fn months_up_to(from: i64, to: i64, most: i64) -> Option<i64> {
    let (from, to) = (day(from)?, day(to)?);
    match from.months_to(to) {
        Some(months) => Some(months.min(most).max(0)),
        None => from.months_to(Day::LAST).filter(|fewest| *fewest >= most).map(|_| most.max(0)),
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
