//! Days and how they are counted: both ends count, an age is reached on the birthday, and a month that lacks the day ends
//! on its last one. The conventions stand in `docs/language.md`; the tables of edge cases are the tests below.

use chrono::{Datelike, Months, NaiveDate};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::truth::Truth;

/// A calendar day by its number, or [`Day::NEVER`], which is after every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Every day from `lo` to `hi`, both included; `hi` may be never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayRange {
    /// The first possible day; never after `hi`.
    pub lo: Day,
    /// The last possible day.
    pub hi: Day,
}

impl Day {
    /// Known not to have happened.
    pub const NEVER: Day = Day(i32::MAX);
    /// 1 January 1900: no fact lies before it.
    pub const FIRST: Day = Day(693_596);
    /// 31 December 2199: no fact lies after it.
    pub const LAST: Day = Day(803_168);

    /// The day of a calendar date, from 1900 to 2199; `None` where there is none.
    pub fn of(year: i32, month: u32, day: u32) -> Option<Day> {
        let day = Day(NaiveDate::from_ymd_opt(year, month, day)?.num_days_from_ce());
        (Day::FIRST..=Day::LAST).contains(&day).then_some(day)
    }

    /// Reads `2024-03-01`.
    pub fn parse(text: &str) -> Option<Day> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let number = |digits: &[u8]| {
            let one = |so_far: u32, digit: &u8| digit.is_ascii_digit().then(|| so_far * 10 + u32::from(digit - b'0'));
            digits.iter().try_fold(0, one)
        };
        let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
        Day::of(year, number(&[m1, m2])?, number(&[d1, d2])?)
    }

    /// Today, by the machine's clock and time zone.
    pub fn today() -> Day {
        Day(chrono::Local::now().date_naive().num_days_from_ce())
    }

    /// Its number in a column of days; `never` has the largest.
    pub(crate) fn raw(self) -> i64 {
        i64::from(self.0)
    }

    /// The day of a number in a column of days.
    pub(crate) fn of_raw(raw: i64) -> Option<Day> {
        i32::try_from(raw).ok().map(Day)
    }

    /// Its number, for differences; never has none.
    pub fn number(self) -> Option<i64> {
        (self != Day::NEVER).then_some(i64::from(self.0))
    }

    fn date(self) -> Option<NaiveDate> {
        if self == Day::NEVER { None } else { NaiveDate::from_num_days_from_ce_opt(self.0) }
    }

    /// The calendar year; `None` for never.
    pub fn year(self) -> Option<i64> {
        self.date().map(|date| i64::from(date.year()))
    }

    /// The year, the month and the day of the month; `None` for never.
    pub fn parts(self) -> Option<(i64, i64, i64)> {
        self.date().map(|date| (i64::from(date.year()), i64::from(date.month()), i64::from(date.day())))
    }

    /// Moved by days, kept between the first and the last day; never stays never.
    pub fn plus_days(self, days: i64) -> Day {
        if self == Day::NEVER {
            return self;
        }
        let moved = i64::from(self.0).saturating_add(days).clamp(i64::from(Day::FIRST.0), i64::from(Day::LAST.0));
        Day(i32::try_from(moved).unwrap_or(Day::LAST.0))
    }

    /// Moved by months; a day that the month does not have becomes its last one.
    pub fn plus_months(self, months: i64) -> Day {
        let Some(date) = self.date() else { return self };
        let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
        let moved = if months >= 0 { date.checked_add_months(count) } else { date.checked_sub_months(count) };
        match moved {
            Some(date) => Day(date.num_days_from_ce().clamp(Day::FIRST.0, Day::LAST.0)),
            None if months >= 0 => Day::LAST,
            None => Day::FIRST,
        }
    }

    /// The last day of the period of `months` months that begins on this day: the day before the same day of the month,
    /// or, where that month has no such day, its last one.
    pub fn end_of_months(self, months: i64) -> Day {
        let moved = self.plus_months(months);
        match (self.date(), moved.date()) {
            (Some(from), Some(to)) if from.day() > to.day() => moved,
            (Some(_), Some(_)) => moved.plus_days(-1),
            _ => moved,
        }
    }

    /// The complete calendar months from this day to `to`, both included; `None` where that is without end.
    pub fn months_to(self, to: Day) -> Option<i64> {
        if to < self || self == Day::NEVER {
            return Some(0);
        }
        let (from, end) = (self.date()?, to.date()?);
        let months = i64::from(end.year() - from.year()) * 12 + i64::from(end.month()) - i64::from(from.month());
        let last = i64::from(end.num_days_in_month());
        let (first, day) = (i64::from(from.day()), i64::from(end.day()));
        // The period of that many months ends in the month of `to`, on the day before its first one, or, where the month has no
        // such day, on its last; one that begins on a first may have a further month that ends with this one.
        let complete = if first > last { day == last } else { day >= first - 1 };
        let further = first == 1 && day == last;
        Some((months - i64::from(!complete) + i64::from(further)).max(0))
    }

    /// The completed years of someone born on this day. A birthday on 29 February falls on 1 March in a common year,
    /// or, with `early`, on 28 February. 0 before the birth; `None` where `on` is never.
    pub fn age_on(self, on: Day, early: bool) -> Option<i64> {
        let on = on.date()?;
        let Some(birth) = self.date() else { return Some(0) };
        let leap = birth.month() == 2 && birth.day() == 29;
        let common = NaiveDate::from_ymd_opt(on.year(), 2, 29).is_none();
        let birthday = match (leap && common, early) {
            (true, true) => (2, 28),
            (true, false) => (3, 1),
            (false, _) => (birth.month(), birth.day()),
        };
        let years = i64::from(on.year() - birth.year());
        Some(if (on.month(), on.day()) < birthday { years - 1 } else { years }.max(0))
    }

    /// The days of birth of someone who is so many completed years old on this day, whichever day stands for 29 February
    /// in a common year; `None` where there are none.
    pub fn births(self, age: i64) -> Option<DayRange> {
        let is =
            |birth: Day| birth <= self && [true, false].iter().any(|early| birth.age_on(self, *early) == Some(age));
        // The birthday that was reached last is this day or the one behind, as its month has a 29 February or not.
        let back = |years: i64| self.plus_months(years.checked_mul(-12)?).number();
        let (first, last) = (back(age.checked_add(1)?)?, back(age)?);
        let near = |day: i64| (-2..=2).filter_map(move |by| Day::of_raw(day + by)).filter(|day| *day >= Day::FIRST);
        let (lo, hi) = (near(first).find(|day| is(*day))?, near(last).rfind(|day| is(*day))?);
        Some(DayRange { lo, hi })
    }

    /// The first day of its month.
    pub fn month_start(self) -> Day {
        let day = self.date().map_or(1, |date| date.day());
        self.plus_days(1 - i64::from(day))
    }

    /// The last day of its month.
    pub fn month_end(self) -> Day {
        let length = self.date().map_or(1, |date| date.num_days_in_month());
        self.month_start().plus_days(i64::from(length) - 1)
    }
}

/// `2024-03-01`.
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.parts() {
            Some((year, month, day)) => write!(f, "{year:04}-{month:02}-{day:02}"),
            None => f.write_str("never"),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| D::Error::custom("a date is written 2024-03-01, from 1900 to 2199"))
    }
}

impl DayRange {
    /// Any day, or never.
    pub const ANY: DayRange = DayRange { lo: Day::FIRST, hi: Day::NEVER };

    /// Just this day.
    pub fn point(day: Day) -> DayRange {
        DayRange { lo: day, hi: day }
    }

    /// Whether one day is left.
    pub fn is_point(self) -> bool {
        self.lo == self.hi
    }

    /// The day, where one is left.
    pub fn as_point(self) -> Option<Day> {
        self.is_point().then_some(self.lo)
    }

    /// The days in both.
    pub fn meet(self, other: DayRange) -> Option<DayRange> {
        let both = DayRange { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) };
        (both.lo <= both.hi).then_some(both)
    }

    /// The smallest range that holds both.
    pub fn hull(self, other: DayRange) -> DayRange {
        DayRange { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The earlier of the two.
    pub fn min(self, other: DayRange) -> DayRange {
        DayRange { lo: self.lo.min(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The later of the two.
    pub fn max(self, other: DayRange) -> DayRange {
        DayRange { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi) }
    }

    /// Moved by the same function at both ends, which must keep the order of days.
    pub fn map(self, step: impl Fn(Day) -> Day) -> DayRange {
        DayRange { lo: step(self.lo), hi: step(self.hi) }
    }

    /// Whether this is before the other.
    pub fn before(self, other: DayRange) -> Truth {
        Truth { may_hold: self.lo < other.hi, may_fail: self.hi >= other.lo }
    }

    /// Whether this is the other or before it.
    pub fn not_after(self, other: DayRange) -> Truth {
        other.before(self).negate()
    }

    /// Whether the two are the same day.
    pub fn equals(self, other: DayRange) -> Truth {
        let may_hold = self.lo <= other.hi && other.lo <= self.hi;
        Truth { may_hold, may_fail: !(self.is_point() && self == other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn complete_months_with_both_ends() {
        for (from, to, months) in [
            ("2024-04-01", "2024-05-31", 2),  // two whole calendar months
            ("2024-04-01", "2024-05-30", 1),  // one day short
            ("2024-09-10", "2025-09-09", 12), // a year is complete on the day before
            ("2024-09-10", "2025-09-08", 11),
            ("2023-01-30", "2023-02-28", 1), // February has no 30th: its last day ends the month
            ("2023-01-30", "2023-02-27", 0),
            ("2024-01-30", "2024-02-28", 0), // in a leap year it is the 29th
            ("2024-01-30", "2024-02-29", 1),
            ("2024-01-29", "2024-02-28", 1), // the 29th exists, so the day before it
            ("2023-01-31", "2023-03-30", 2),
            ("2024-02-29", "2025-02-27", 11),
            ("2024-02-29", "2025-02-28", 12),
            ("2024-03-01", "2024-03-01", 0),
            ("2024-03-02", "2024-03-01", 0),
            ("2024-12-01", "2024-12-31", 1),
        ] {
            assert_eq!(day(from).months_to(day(to)), Some(months), "{from} to {to}");
        }
        assert_eq!(day("2024-01-01").months_to(Day::NEVER), None);
        assert_eq!(Day::NEVER.months_to(day("2024-01-01")), Some(0));
    }

    #[test]
    fn ages_on_and_around_the_birthday() {
        for (birth, on, early, age) in [
            ("1994-06-15", "2024-06-14", false, 29),
            ("1994-06-15", "2024-06-15", false, 30),
            ("1994-06-15", "2025-06-14", false, 30),
            ("1996-02-29", "2023-02-28", false, 26),
            ("1996-02-29", "2023-03-01", false, 27),
            ("1996-02-29", "2023-02-28", true, 27),
            ("1996-02-29", "2024-02-28", true, 27), // a leap year has the day
            ("1996-02-29", "2024-02-29", false, 28),
            ("2000-01-01", "1999-01-01", false, 0),
        ] {
            assert_eq!(day(birth).age_on(day(on), early), Some(age), "{birth} on {on}");
        }
    }

    #[test]
    fn whoever_is_so_old_was_born_on_one_of_these_days() {
        for (on, age, lo, hi) in [
            ("2024-09-01", 29, "1994-09-02", "1995-09-01"), // 29 on 1 September: the birthday is that day at the latest
            ("2026-02-28", 30, "1995-03-01", "1996-02-29"), // read early, who was born on 29 February is 30 by then
            ("2026-02-28", 29, "1996-02-29", "1997-02-28"), // read late, only 29
            ("2026-03-01", 29, "1996-03-02", "1997-03-01"),
            ("2024-02-29", 28, "1995-03-01", "1996-02-29"),
            ("2024-02-29", 29, "1994-03-01", "1995-02-28"),
            ("2024-09-01", 0, "2023-09-02", "2024-09-01"), // not before the birth
            ("2024-09-01", 124, "1900-01-01", "1900-09-01"),
        ] {
            assert_eq!(day(on).births(age), Some(DayRange { lo: day(lo), hi: day(hi) }), "{age} on {on}");
        }
        assert_eq!(day("2024-09-01").births(125), None);
        assert_eq!(day("2024-09-01").births(-1), None);
        assert_eq!(day("2024-09-01").births(i64::MAX), None);
    }

    #[test]
    fn the_days_of_birth_are_those_of_every_way_to_count_an_age() {
        for on in (0..1500).map(|n| day("2023-01-01").plus_days(n)) {
            for age in [0, 1, 3, 4] {
                let found = on.births(age).unwrap();
                for birth in (-400..400).map(|n| on.plus_months(-12 * age).plus_days(n)).filter(|birth| *birth <= on) {
                    let is = [true, false].iter().any(|early| birth.age_on(on, *early) == Some(age));
                    assert_eq!(is, found.lo <= birth && birth <= found.hi, "{birth} on {on}");
                }
            }
        }
    }

    #[test]
    fn months_grow_with_the_end_and_fall_with_the_start() {
        let days: Vec<Day> = (0..1500).map(|n| day("2023-01-01").plus_days(n)).collect();
        for pair in days.windows(2) {
            let [earlier, later] = pair else { continue };
            for to in days.iter().step_by(7) {
                assert!(earlier.months_to(*to) >= later.months_to(*to));
                assert!(to.months_to(*earlier) <= to.months_to(*later));
            }
        }
    }

    #[test]
    fn days_that_do_not_exist() {
        assert_eq!(Day::parse("2024-02-30"), None);
        assert_eq!(Day::parse("2024-2-3"), None);
        assert_eq!(Day::parse("1899-12-31"), None);
        assert_eq!(Day::parse("9999-01-01"), None);
        assert_eq!(day("2024-01-31").plus_months(1).to_string(), "2024-02-29");
        assert_eq!(Day::of(1900, 1, 1), Some(Day::FIRST));
        assert_eq!(Day::of(2199, 12, 31), Some(Day::LAST));
    }
}
