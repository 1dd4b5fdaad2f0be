//! Functions and operators over ranges against every member of the ranges: whatever a member gives is in the result, and
//! where nothing else is said both ends of the result are reached.

use duixian::expr::context::Context;
use duixian::expr::eval::{arithmetic, compare};
use duixian::expr::function::find;
use duixian::expr::measure::Measured;
use duixian::expr::names::Names;
use duixian::expr::program::{Node, Op, Print};
use duixian::expr::syntax::Binary;
use duixian::expr::types::Type;
use duixian::source::{Source, Span};
use duixian::value::number::Rounding;
use duixian::value::{Bound, Day, DayRange, Interval, Number, Truth, Unit, Value};

/// Days around the ends of months, in a leap year and a common one, and never.
fn days() -> Vec<Day> {
    let written = [
        "2023-01-28",
        "2023-01-29",
        "2023-01-31",
        "2023-02-27",
        "2023-02-28",
        "2023-03-01",
        "2023-03-31",
        "2024-01-30",
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-12-31",
        "2025-01-01",
    ];
    written.iter().map(|day| Day::parse(day).unwrap()).chain([Day::NEVER]).collect()
}

/// Every range of them, with its members among them.
fn ranges() -> Vec<(DayRange, Vec<Day>)> {
    let days = days();
    let one = |lo: usize, hi: usize| (DayRange { lo: days[lo], hi: days[hi] }, days[lo..=hi].to_vec());
    (0..days.len()).flat_map(|lo| (lo..days.len()).map(move |hi| one(lo, hi))).collect()
}

/// Small fractions, as hundredths.
fn numbers() -> Vec<Number> {
    [-200, -150, -100, -1, 0, 1, 50, 100, 250, 300]
        .iter()
        .map(|number| Number::fraction(*number, 100).unwrap())
        .collect()
}

/// Every interval of them with its members among them, some without an end.
fn intervals() -> Vec<(Interval, Vec<Number>)> {
    let numbers = numbers();
    let one = |lo: usize, hi: usize| {
        let members = numbers[lo..=hi].to_vec();
        let closed = Interval::between(numbers[lo], numbers[hi]);
        let up = (hi + 1 == numbers.len()).then_some(Interval { hi: Bound::Above, ..closed });
        let down = (lo == 0).then_some(Interval { lo: Bound::Below, ..closed });
        [Some(closed), up, down]
            .into_iter()
            .flatten()
            .map(move |interval| (interval, members.clone()))
            .collect::<Vec<_>>()
    };
    (0..numbers.len()).flat_map(|lo| (lo..numbers.len()).flat_map(move |hi| one(lo, hi))).collect()
}

fn call(function: &str, arguments: &[Value]) -> Option<Value> {
    (find(function).unwrap().function().apply)(arguments)
}

/// Whether a known value is among those of another.
fn within(point: &Value, all: &Value) -> bool {
    match (point, all) {
        (Value::Quantity(point), Value::Quantity(all)) => all.lo <= point.lo && point.hi <= all.hi,
        (Value::Date(point), Value::Date(all)) => all.lo <= point.lo && point.hi <= all.hi,
        (Value::Truth(point), Value::Truth(all)) => {
            (all.may_hold || !point.may_hold) && (all.may_fail || !point.may_fail)
        }
        _ => false,
    }
}

fn date(day: Day) -> Value {
    Value::Date(DayRange::point(day))
}

/// A function of two dates on every pair of ranges.
fn of_two_dates(of: impl Fn(&Value, &Value) -> Option<Value>, tight: bool) {
    let ranges = ranges();
    for (a, first) in &ranges {
        for (b, second) in &ranges {
            let all = of(&Value::Date(*a), &Value::Date(*b)).unwrap();
            let members = first.iter().flat_map(|x| second.iter().map(move |y| (*x, *y)));
            let points: Vec<Value> = members.filter_map(|(x, y)| of(&date(x), &date(y))).collect();
            let outside = points.iter().find(|point| !within(point, &all));
            assert_eq!(outside, None, "{a:?} and {b:?} give {all:?}");
            let reached = points.into_iter().reduce(|so_far, point| so_far.hull(&point));
            if tight {
                assert_eq!(reached.as_ref(), Some(&all), "{a:?} and {b:?}");
            }
        }
    }
}

#[test]
fn months_and_ages() {
    of_two_dates(|from, to| call("months", &[from.clone(), to.clone()]), true);
    for early in [Truth::TRUE, Truth::FALSE, Truth::OPEN] {
        let of = |birth: &Value, on: &Value| call("age", &[birth.clone(), on.clone(), Value::Truth(early)]);
        of_two_dates(of, true);
    }
    of_two_dates(|birth, on| call("age", &[birth.clone(), on.clone()]), true);
}

#[test]
fn an_open_leap_day_holds_both_ways_of_counting() {
    for (a, _) in ranges() {
        for (b, _) in ranges() {
            let of = |early| call("age", &[Value::Date(a), Value::Date(b), Value::Truth(early)]).unwrap();
            assert_eq!(of(Truth::OPEN), of(Truth::TRUE).hull(&of(Truth::FALSE)));
        }
    }
}

#[test]
fn the_earlier_and_the_later_of_dates_and_their_order() {
    for function in ["min", "max"] {
        of_two_dates(|a, b| call(function, &[a.clone(), b.clone()]), true);
    }
    for operator in ORDER {
        of_two_dates(|a, b| Some(Value::Truth(compare(operator, a, b))), true);
    }
}

#[test]
fn functions_of_one_date() {
    for (range, members) in ranges() {
        for function in ["year", "month_start", "month_end"] {
            let all = call(function, &[Value::Date(range)]).unwrap();
            let points: Vec<Value> = members.iter().filter_map(|day| call(function, &[date(*day)])).collect();
            let reached = points.into_iter().reduce(|so_far, point| so_far.hull(&point));
            assert_eq!(reached, Some(all), "{function} of {range:?}");
        }
    }
}

#[test]
fn months_and_days_of_every_day_of_a_range() {
    for (range, _) in ranges().into_iter().filter(|(range, _)| range.hi != Day::NEVER) {
        let days = range.hi.number().unwrap() - range.lo.number().unwrap();
        for function in ["month", "day"] {
            let all = call(function, &[Value::Date(range)]);
            let points = (0..=days).filter_map(|more| call(function, &[date(range.lo.plus_days(more))]));
            assert_eq!(points.reduce(|so_far, point| so_far.hull(&point)), all, "{function} of {range:?}");
        }
    }
}

#[test]
fn periods_end_inside_what_open_starts_and_lengths_leave_possible() {
    for (range, members) in ranges() {
        for (fewest, most) in [(0, 0), (0, 1), (1, 1), (1, 2), (1, 13), (12, 12), (-1, 1)] {
            let months = |number: i64| Value::Quantity(Interval::whole(number));
            let open = Value::Quantity(Interval::between(Number::whole(fewest), Number::whole(most)));
            let all = call("period_end", &[Value::Date(range), open]).unwrap();
            let each = members.iter().flat_map(|day| (fewest..=most).map(move |number| (*day, number)));
            let points = each.filter_map(|(day, number)| call("period_end", &[date(day), months(number)]));
            let reached = points.reduce(|so_far, point| so_far.hull(&point));
            assert_eq!(reached, Some(all), "{range:?} and {fewest} to {most} months");
        }
    }
}

/// An operator of the language over constants.
fn work_out(op: Op, ty: Type) -> Value {
    let (names, inputs) = (Names::default(), Vec::new());
    let span = Span::new(&Source::new("", ""), 0..0);
    Node { op, ty, span, measured: Measured::Several, print: Print::default() }.eval(&mut Context::new(
        &names,
        &inputs,
        Day::FIRST,
    ))
}

fn constant(value: &Value, ty: &Type) -> Box<Node> {
    let span = Span::new(&Source::new("", ""), 0..0);
    Box::new(Node {
        op: Op::Constant(value.clone(), None),
        ty: ty.clone(),
        span,
        measured: Measured::Several,
        print: Print::default(),
    })
}

#[test]
fn dates_move_by_months_and_days() {
    for months in [true, false] {
        let unit = Type::Quantity(Unit::base(if months { "月" } else { "天" }));
        for back in [true, false] {
            let shift = |day: &Value, by: &Value| {
                let (date, by) = (constant(day, &Type::Date), constant(by, &unit));
                work_out(Op::Shift { date, by, months, back }, Type::Date)
            };
            for (range, members) in ranges() {
                for (fewest, most) in [(0, 0), (0, 1), (1, 2), (-1, 1), (11, 13), (30, 31)] {
                    let open = Value::Quantity(Interval::between(Number::whole(fewest), Number::whole(most)));
                    let all = shift(&Value::Date(range), &open);
                    let each = members.iter().flat_map(|day| (fewest..=most).map(move |number| (*day, number)));
                    let points = each.map(|(day, by)| shift(&date(day), &Value::Quantity(Interval::whole(by))));
                    let reached = points.reduce(|so_far, point| so_far.hull(&point));
                    assert_eq!(reached, Some(all), "{range:?} by {fewest} to {most}, back: {back}");
                }
            }
        }
    }
}

#[test]
fn the_days_between_dates() {
    let days = Type::Quantity(Unit::base("天"));
    let of = |a: &Value, b: &Value| {
        let (a, b) = (constant(a, &Type::Date), constant(b, &Type::Date));
        Some(work_out(Op::DaysBetween(a, b), days.clone()))
    };
    // Between days of which one never comes there is no number; the ends are then not reached.
    of_two_dates(of, false);
}

const ORDER: [Binary; 6] =
    [Binary::Equal, Binary::NotEqual, Binary::Less, Binary::AtMost, Binary::Greater, Binary::AtLeast];

/// An operation on numbers, on every pair of intervals.
fn of_two_numbers(name: &str, of: impl Fn(Interval, Interval) -> Option<Value>) {
    let intervals = intervals();
    for (a, first) in &intervals {
        for (b, second) in &intervals {
            // Where a member has no value, the whole has none, and is open for that reason.
            let Some(all) = of(*a, *b) else { continue };
            for (x, y) in first.iter().flat_map(|x| second.iter().map(move |y| (*x, *y))) {
                let point = of(Interval::point(x), Interval::point(y)).unwrap();
                assert!(within(&point, &all), "{x} {name} {y} is {point:?}, not in {all:?}");
            }
        }
    }
}

#[test]
fn arithmetic_and_order_of_numbers() {
    for operator in [Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Divide] {
        of_two_numbers(operator.sign(), |a, b| arithmetic(operator, a, b).ok().map(Value::Quantity));
    }
    for operator in ORDER {
        let of = |a, b| Some(Value::Truth(compare(operator, &Value::Quantity(a), &Value::Quantity(b))));
        of_two_numbers(operator.sign(), of);
    }
    for function in ["min", "max"] {
        of_two_numbers(function, |a, b| call(function, &[Value::Quantity(a), Value::Quantity(b)]));
    }
}

#[test]
fn what_is_known_of_two_numbers_has_a_point() {
    let points: Vec<Interval> = numbers().into_iter().map(Interval::point).collect();
    for a in &points {
        for b in &points {
            for operator in [Binary::Add, Binary::Subtract, Binary::Multiply] {
                assert!(arithmetic(operator, *a, *b).unwrap().is_point());
            }
            assert_eq!(arithmetic(Binary::Divide, *a, *b).is_ok_and(Interval::is_point), *b != Interval::ZERO);
            assert!(ORDER.iter().all(|order| compare(*order, &Value::Quantity(*a), &Value::Quantity(*b)).is_point()));
        }
    }
}

#[test]
fn rounding_of_what_is_open() {
    let steps = [1, 30, 100, 7].map(|step| Number::fraction(step, 100).unwrap());
    for (interval, members) in intervals() {
        for step in steps {
            for direction in [Rounding::HalfUp, Rounding::Up, Rounding::Down] {
                let all = interval.round(step, direction).unwrap();
                let rounded = |number: &Number| number.round(step, direction).unwrap();
                assert!(members.iter().all(|number| all.contains(rounded(number))), "{interval:?} to {step}");
                let down = |number: &&Number| direction != Rounding::Down || rounded(number) <= **number;
                let up = |number: &&Number| direction != Rounding::Up || rounded(number) >= **number;
                assert!(members.iter().all(|number| down(&number) && up(&number)));
            }
        }
        let (x, step) = (Value::Quantity(interval), Value::Quantity(Interval::point(steps[1])));
        assert_eq!(call("floor", &[x.clone(), step]), interval.round(steps[1], Rounding::Down).map(Value::Quantity));
        // A step that is no number above 0 gives no value.
        assert_eq!(call("ceil", &[x.clone(), Value::Quantity(Interval::ZERO)]), None);
    }
}
