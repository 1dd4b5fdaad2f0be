//! One open value compared or combined with itself is one value: what is printed holds what every completion gives, and where
//! both sides are made of it alone it is just that.

use duixian::policy::Policy;
use duixian::value::{Day, DayRange, Interval, Number, Record, Truth, Value};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::case::run;
use crate::choices::Choices;
use crate::spans::{invented, place, work_out};

/// What is exactly so, whatever the days and sums are.
const EXACT: &[(&str, &str)] = &[
    ("d < d", "false"),
    ("d <= d", "true"),
    ("d == d", "true"),
    ("d != same_d", "false"),
    ("same_d < d", "false"),
    ("e < e", "false"),
    ("e <= e", "true"),
    ("d + 1个月 > d", "true"),
    ("later > d", "true"),
    ("d + 20天 < later", "true"),
    ("d + 2个月 > d + 1个月", "true"),
    ("d - 1天 >= d", "false"),
    ("d + 12个月 > period_end(same_d, 6个月)", "true"),
    ("e + 1个月 >= e", "true"),
    ("min(d, e) <= d", "true"),
    ("max(d, e) < same_d", "false"),
    ("min(d, d) == d", "true"),
    ("month_start(d) <= d and d <= month_end(d)", "true"),
    ("d in [same_d]", "true"),
    ("year(d) == year(same_d)", "true"),
    ("months(d, period_end(d, 12个月)) == 12个月", "true"),
    ("months(d, later) >= 1个月", "true"),
    ("later - later == 0天", "true"),
    ("(d + 10天) - d == 10天", "true"),
    ("d < 2024-06-01 or d >= 2024-06-01", "true"),
    ("e < 2024-06-01 and not e < 2024-06-01", "false"),
    ("x < x", "false"),
    ("x - x == 0元", "true"),
    ("x + y - x == y", "true"),
    ("x + 1元 > x", "true"),
    ("half_x + x ÷ 2 == x", "true"),
    ("2 × x - half_x - half_x == x", "true"),
    ("min(x, x) - x == 0元", "true"),
    ("max(x, x + 5元) == x + 5元", "true"),
    ("min(x, y) <= x and max(x, y) >= y", "true"),
    ("x × x >= 0元 × x", "true"),
    ("count(periods where from < from) == 0", "true"),
    ("any(periods where from + 1个月 > until or until >= from + 1个月)", "any(periods where true)"),
    ("all(until == until of periods)", "true"),
    ("sum(until - until of periods) == 0天", "true"),
    ("count(periods where any(periods where from != from)) == 0", "true"),
];

fn range(c: &mut Choices<'_>, may_be_never: bool) -> (DayRange, Vec<Day>) {
    let first = c.of(&["2024-01-29", "2023-02-27", "2024-05-31", "2023-12-30"]);
    let first = Day::parse(first).unwrap();
    let mut days: Vec<Day> = (0..=c.below(4) as i64).map(|more| first.plus_days(more)).collect();
    if may_be_never && c.chance(20) {
        days.push(Day::NEVER);
    }
    (DayRange { lo: days[0], hi: days[days.len() - 1] }, days)
}

fn sum(c: &mut Choices<'_>) -> (Interval, Vec<Number>) {
    let members: Vec<Number> =
        c.of(&[vec![0, 5], vec![-3, 0, 4], vec![2, 7, 10], vec![6]]).into_iter().map(Number::whole).collect();
    (Interval::between(members[0], members[members.len() - 1]), members)
}

/// A date made of others.
fn date(depth: usize, c: &mut Choices<'_>) -> String {
    if depth == 0 || c.chance(20) {
        return c.of(&["d", "e", "same_d", "later", "2024-02-15", "as_of"]).to_owned();
    }
    let inner = date(depth - 1, c);
    match c.below(7) {
        0 => format!("({inner} + {}个月)", c.below(14)),
        1 => format!("({inner} - {}天)", c.below(40)),
        2 => format!("({inner} + {}天)", c.below(40)),
        3 => format!("month_start({inner})"),
        4 => format!("period_end({inner}, {}个月)", c.below(13)),
        5 => format!("min({inner}, {})", date(depth - 1, c)),
        _ => format!("max({inner}, {})", date(depth - 1, c)),
    }
}

/// A sum made of others.
fn amount(depth: usize, c: &mut Choices<'_>) -> String {
    if depth == 0 || c.chance(20) {
        return c.of(&["x", "y", "half_x", "3元", "0元"]).to_owned();
    }
    let (a, b) = (amount(depth - 1, c), amount(depth - 1, c));
    match c.below(7) {
        0 => format!("({a} + {b})"),
        1 | 2 => format!("({a} - {b})"),
        3 => format!("min({a}, {b})"),
        4 => format!("max({a}, {b})"),
        5 => format!("({a} × 2)"),
        _ => format!("(-{a} ÷ 4)"),
    }
}

fn expression(c: &mut Choices<'_>) -> String {
    let order = c.of(&["<", "<=", "==", "!=", ">", ">="]);
    let one = match c.below(5) {
        0 | 1 => format!("{} {order} {}", date(2, c), date(2, c)),
        2 => format!("{} {order} {}", amount(2, c), amount(2, c)),
        3 => format!("{} - {} {order} {}天", date(2, c), date(2, c), c.below(40)),
        _ => format!("months({}, {}) {order} {}个月", date(2, c), date(2, c), c.below(13)),
    };
    if c.chance(20) { format!("{one} or {}", expression(c)) } else { one }
}

fn holds(value: &Value) -> Truth {
    let Value::Truth(truth) = value else { panic!("{value:?}") };
    *truth
}

fn sound(policy: &Policy, c: &mut Choices<'_>) -> Result<(), String> {
    let text = expression(c);
    let ((d, ds), (e, es), (x, xs), (y, ys)) = (range(c, false), range(c, true), sum(c), sum(c));
    let mut inputs: Vec<Value> = policy.names.inputs.iter().map(|input| input.domain.clone()).collect();
    let of = |name: &str| place(policy, name);
    let set = |name: &str, value: Value, inputs: &mut Vec<Value>| inputs[of(name)] = value;
    set("d", Value::Date(d), &mut inputs);
    set("e", Value::Date(e), &mut inputs);
    set("x", Value::Quantity(x), &mut inputs);
    set("y", Value::Quantity(y), &mut inputs);
    let printed = holds(&work_out(policy, &text, &inputs));
    for day in &ds {
        set("d", Value::Date(DayRange::point(*day)), &mut inputs);
        for other in &es {
            set("e", Value::Date(DayRange::point(*other)), &mut inputs);
            for (x, y) in xs.iter().flat_map(|x| ys.iter().map(move |y| (x, y))) {
                set("x", Value::Quantity(Interval::point(*x)), &mut inputs);
                set("y", Value::Quantity(Interval::point(*y)), &mut inputs);
                let one = holds(&work_out(policy, &text, &inputs));
                // What has no value, as the days from never, is open by itself.
                if one.is_point() && printed.is_point() && one != printed {
                    return Err(format!(
                        "{text} is said to be {printed:?}; with {day}, {other}, {x}, {y} it is {one:?}"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Days and sums of which all, much or little is open.
fn knowledge(policy: &Policy) -> Vec<Vec<Value>> {
    let domain: Vec<Value> = policy.names.inputs.iter().map(|input| input.domain.clone()).collect();
    let mut narrow = domain.clone();
    let day = |text: &str| Day::parse(text).unwrap();
    let (lo, hi) = (day("2024-01-29"), day("2024-07-03"));
    narrow[place(policy, "d")] = Value::Date(DayRange { lo, hi });
    narrow[place(policy, "e")] = Value::Date(DayRange { lo, hi: Day::NEVER });
    narrow[place(policy, "x")] = Value::Quantity(Interval::between(Number::ZERO, Number::whole(9)));
    let never = |hi| Value::Date(DayRange { lo, hi });
    let record =
        Record { fields: vec![never(hi), never(hi), Value::Truth(Truth::OPEN)], times: 1, ..Record::default() };
    let list = duixian::value::List { records: vec![record.clone(), record], open: false };
    narrow[place(policy, "periods")] = Value::List(list.into());
    vec![domain, narrow]
}

#[test]
fn one_value_is_one_value() {
    let policy = invented();
    let mut wrong = Vec::new();
    for (place, inputs) in knowledge(&policy).iter().enumerate() {
        for (text, wanted) in EXACT {
            // Never less never is no number, and a whole calendar has days that are never.
            if place == 0 && text.contains("until - until") {
                continue;
            }
            if work_out(&policy, text, inputs) != work_out(&policy, wanted, inputs) {
                wrong.push((place, text));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_stands_on_both_sides_is_taken_together_soundly() {
    let policy = invented();
    run(1500, &vec(any::<u32>(), 0..40), |numbers| sound(&policy, &mut Choices::new(numbers)));
}
