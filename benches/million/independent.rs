//! The same amounts by a calculation of its own, in whole 分, from the words of the clauses and not from the policy file.

use std::fs::File;
use std::io::BufReader;

/// A day as year, month, day; `None`: never.
type Day = Option<(i64, i64, i64)>;

const AS_OF: (i64, i64, i64) = (2025, 12, 31);
const FIRST: (i64, i64, i64) = (2023, 5, 1);
const FROM_2024: (i64, i64, i64) = (2024, 1, 1);
const LAST: (i64, i64, i64) = (2026, 12, 31);

fn day(text: &str) -> Day {
    let mut parts = text.split('-').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The last day of a period of so many months from a day on: the day before the same day of the month, or the month's last.
fn period_end((year, month, day): (i64, i64, i64), months: i64) -> (i64, i64, i64) {
    let index = year * 12 + month - 1 + months;
    let (year, month) = (index / 12, index % 12 + 1);
    if day > length(year, month) {
        return (year, month, length(year, month));
    }
    if day > 1 {
        return (year, month, day - 1);
    }
    let (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    (year, month, length(year, month))
}

/// The complete months of a period, by trying one more and one more; at most `most`.
fn months(from: (i64, i64, i64), to: (i64, i64, i64), most: i64) -> i64 {
    (1..=most).take_while(|months| period_end(from, *months) <= to).count() as i64
}

fn age((year, month, day): (i64, i64, i64), on: (i64, i64, i64)) -> i64 {
    // Born on 29 February: in a common year the birthday comes on 1 March, which (2, 29) is before and (2, 28) is not.
    on.0 - year - i64::from((on.1, on.2) < (month, day))
}

/// The amounts of the seven clauses; `None` where the degree that they need is not given.
fn amounts(row: &csv::StringRecord) -> [Option<i64>; 7] {
    let cell = |place: usize| row.get(place).unwrap();
    let yuan = |yuan: i64| Some(yuan * 100);
    let degree = |place: usize| match cell(place) {
        "bachelor" => 1,
        "master" => 2,
        "doctor" => 3,
        _ => 0,
    };
    // 15
    let hires: i64 = cell(6).parse().unwrap();
    let hiring = match hires {
        80.. => 300_000,
        50.. => 200_000,
        20.. => 100_000,
        10.. => 50_000,
        _ => 0,
    };
    // 16: complete years in the station, counted from 2024 on.
    let station = match day(cell(7)) {
        Some(entered) if entered <= AS_OF && day(cell(8)).is_none_or(|left| left >= FROM_2024) => {
            let until = day(cell(8)).map_or(AS_OF, |left| left.min(AS_OF));
            100_000 * (months(entered.max(FROM_2024), until, 24) / 12)
        }
        _ => 0,
    };
    // 17: half up to 分, 1500 × 100 × days ÷ 22.
    let days: i64 = cell(10).trim_end_matches('天').parse().unwrap();
    let training = match degree(9) {
        2 => (2 * 150_000 * days + 22) / 44,
        3 => (2 * 180_000 * days + 22) / 44,
        _ => 0,
    };
    // 19
    let (birth, arrived) = (day(cell(1)).unwrap(), day(cell(3)).unwrap());
    let inside = FIRST <= arrived && arrived <= LAST && arrived <= AS_OF;
    let level = degree(2);
    let young = inside && level > 0 && age(birth, arrived) <= 25 + 5 * level;
    let housing = match day(cell(5)) {
        Some(bought) if young && cell(4) == "true" && bought <= AS_OF && bought >= arrived => {
            months(bought.max(FIRST), AS_OF, 36) * [0, 2_000, 2_500, 3_000][level as usize]
        }
        _ => 0,
    };
    let living =
        if young { months(arrived.max(FIRST), AS_OF, 36) * [0, 1_000, 1_200, 1_500][level as usize] } else { 0 };
    let not_known = cell(2).is_empty();
    // What the missing degree leaves open: whoever fails on something else gets nothing in any case.
    let too_old = age(birth, arrived) > 40;
    let living =
        if not_known && inside && !too_old && months(arrived.max(FIRST), AS_OF, 36) > 0 { None } else { yuan(living) };
    let bought = day(cell(5)).filter(|bought| *bought <= AS_OF && *bought >= arrived && cell(4) == "true");
    let may_pay = bought.is_some_and(|bought| months(bought.max(FIRST), AS_OF, 36) > 0);
    let housing = if not_known && inside && !too_old && may_pay { None } else { yuan(housing) };
    // 20, 21: a year after it, which must be complete inside the window and by the evaluation date.
    let award = |on: &str, sum: i64| match day(on).map(|on| (on, period_end(on, 12))) {
        Some((on, end)) if FROM_2024 <= end && end <= LAST && end <= AS_OF && months(on, AS_OF, 12) >= 12 => sum,
        _ => 0,
    };
    let promotion = award(cell(12), [0, 0, 20_000, 50_000][degree(11) as usize]);
    let title = award(
        cell(14),
        match cell(13) {
            "associate_senior" => 20_000,
            "senior" => 50_000,
            _ => 0,
        },
    );
    [yuan(hiring), yuan(station), Some(training), housing, living, yuan(promotion), yuan(title)]
}

/// How many amounts of the results differ.
pub fn differences(input: &str, results: &str) -> usize {
    let open = |path: &str| csv::Reader::from_reader(BufReader::new(File::open(path).unwrap()));
    let (mut input, mut results) = (open(input), open(results));
    let fen = |text: &str| text.replace('.', "").parse::<i64>().ok();
    let mut different = 0;
    for (row, result) in input.records().zip(results.records()) {
        let (row, result) = (row.unwrap(), result.unwrap());
        assert_eq!(row.get(0), result.get(0));
        for (place, amount) in amounts(&row).into_iter().enumerate() {
            let cell = |column: usize| result.get(2 + 3 * place + column).unwrap();
            let (lo, hi) = (fen(cell(1)).unwrap_or(0), fen(cell(2)).unwrap_or(0));
            let same = match amount {
                Some(amount) => lo == amount && hi == amount,
                None => cell(0) == "undetermined" && lo < hi,
            };
            if !same {
                if different < 5 {
                    println!("differs: {row:?}\n  {result:?}\n  clause {place}: {amount:?}");
                }
                different += 1;
            }
        }
    }
    assert!(input.records().next().is_none() && results.records().next().is_none(), "as many results as rows");
    different
}
