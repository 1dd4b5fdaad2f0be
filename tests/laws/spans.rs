//! Periods against a plain count, day by day: what is printed for open days, records and gaps is what their completions reach.

use std::collections::BTreeSet;
use std::sync::Arc;

use duixian::expr::check::{Scope, Wanted, compile};
use duixian::expr::context::Context;
use duixian::expr::snippet::Snippet;
use duixian::policy::{self, Policy};
use duixian::source::{Source, Span};
use duixian::value::{Bound, Day, DayRange, Interval, List, Number, Record, Truth, Value};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::case::run;
use crate::choices::Choices;

/// What facts of both kinds a policy may have: a list of periods, and a few dates and sums.
pub fn invented() -> Policy {
    let text = r#"
[policy]
id        = "invented"
title     = { zh = "试", en = "Trial" }
issuer    = { zh = "试", en = "Trial" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }
[applicants.person]
label = { zh = "个人", en = "Person" }
[facts.periods]
type  = "list"
label = { zh = "期间", en = "Periods" }
fields.from  = { type = "date", never = true, label = { zh = "起", en = "From" } }
fields.until = { type = "date", never = true, label = { zh = "止", en = "Until" } }
fields.here  = { type = "bool", label = { zh = "在此", en = "Here" } }
[facts.d]
type  = "date"
label = { zh = "甲日", en = "D" }
[facts.e]
type  = "date"
never = true
label = { zh = "乙日", en = "E" }
[facts.x]
type  = "quantity"
unit  = "元"
label = { zh = "甲额", en = "X" }
[facts.y]
type  = "quantity"
unit  = "元"
label = { zh = "乙额", en = "Y" }
[facts.gap]
type  = "quantity"
unit  = "天"
label = { zh = "间断", en = "Gap" }
[define]
same_d = "d"
later  = "d + 1个月"
half_x = "x ÷ 2"
[[clauses]]
id    = "1"
cite  = "第一条"
title = { zh = "试", en = "Trial" }
for   = "person"
kind  = "target"
"#;
    policy::read(&Source::new("policy.toml", text), &|_| None).0.unwrap()
}

/// What an expression gives for values of the facts.
pub fn work_out(policy: &Policy, text: &str, inputs: &[Value]) -> Value {
    let source = Source::new("expression", format!("\"{text}\""));
    let snippet = Snippet::new(text, Span::new(&source, 0..text.len() + 2));
    let mut faults = Vec::new();
    let node = compile(&snippet, &policy.names, &Scope::default(), &Wanted::Anything, &mut faults);
    let node = node.unwrap_or_else(|| panic!("{text}: {faults:?}"));
    let as_of = Day::parse("2025-06-30").unwrap();
    node.eval(&mut Context::new(&policy.names, inputs, as_of))
}

/// The place of a fact among the inputs.
pub fn place(policy: &Policy, name: &str) -> usize {
    policy.names.input_places[name]
}

/// A period of which its days, and whether it is one of those that count, may be open.
#[derive(Clone, Debug)]
struct Period {
    from: Vec<Day>,
    until: Vec<Day>,
    here: Vec<bool>,
}

fn some_day(c: &mut Choices<'_>) -> Day {
    // Around ends of months, and so close that spans meet, overlap and miss each other by a day.
    let first = Day::parse(c.of(&["2024-01-29", "2023-01-29", "2024-02-27", "2024-03-30", "2024-04-29"])).unwrap();
    first.plus_days(c.below(5) as i64).plus_months(c.below(3) as i64)
}

fn period(c: &mut Choices<'_>) -> Period {
    let days = |c: &mut Choices<'_>| {
        let first = some_day(c);
        let wide = if c.chance(40) { 1 + c.below(2) } else { 0 };
        let mut days: Vec<Day> = (0..=wide).map(|more| first.plus_days(more as i64)).collect();
        if c.chance(4) {
            days = vec![Day::NEVER];
        }
        days
    };
    let (from, until) = (days(c), days(c));
    Period { from, until, here: if c.chance(20) { vec![true, false] } else { vec![!c.chance(15)] } }
}

/// Every choice of one of each.
fn choices<T: Clone>(all: &[Vec<T>]) -> Vec<Vec<T>> {
    all.iter().fold(vec![Vec::new()], |so_far, next| {
        let with =
            |one: &Vec<T>| next.iter().map(|last| [one.clone(), vec![last.clone()]].concat()).collect::<Vec<_>>();
        so_far.iter().flat_map(with).collect()
    })
}

/// Runs of covered days, counted day by day; a gap of so many days or months behind a covered day breaks none.
fn runs(spans: &[(Day, Day)], gap: Gap) -> Vec<(Day, Day)> {
    let mut covered = BTreeSet::new();
    for (from, until) in spans {
        // `until` is clipped by whoever asks, so that no span here is without end.
        let mut day = *from;
        while day <= *until && day != Day::NEVER {
            covered.insert(day);
            day = day.plus_days(1);
        }
    }
    let mut runs: Vec<(Day, Day)> = Vec::new();
    for day in covered {
        let last = runs.last_mut().filter(|(_, end)| {
            let next = end.plus_days(1);
            day <= match gap {
                Gap::Days(days) => next.plus_days(days),
                Gap::Months(months) => next.plus_months(months),
            }
        });
        match last {
            Some((_, end)) => *end = day,
            None => runs.push((day, day)),
        }
    }
    runs
}

#[derive(Clone, Copy, Debug)]
enum Gap {
    Days(i64),
    Months(i64),
}

/// Complete months, one by one.
fn months((from, until): (Day, Day)) -> i64 {
    (1..).take_while(|months| from.end_of_months(*months) <= until).last().unwrap_or(0)
}

const QUESTIONS: [&str; 4] = ["run", "union", "days", "reached"];

fn plain(question: &str, spans: &[(Day, Day)], gap: Gap, wanted: i64) -> Value {
    let number = |number: i64| Value::Quantity(Interval::whole(number));
    let gap = if question == "days" { Gap::Days(0) } else { gap };
    let runs = runs(spans, gap);
    match question {
        "run" => number(runs.iter().map(|run| months(*run)).max().unwrap_or(0)),
        "union" => number(runs.iter().map(|run| months(*run)).sum()),
        "days" => number(runs.iter().map(|(from, until)| until.number().unwrap() - from.number().unwrap() + 1).sum()),
        _ => {
            let first = |(from, until): &(Day, Day)| {
                Some(from.end_of_months(wanted).max(*from)).filter(|reached| reached <= until)
            };
            Value::Date(DayRange::point(runs.iter().filter_map(first).min().unwrap_or(Day::NEVER)))
        }
    }
}

fn list(periods: &[Period], open: bool) -> Value {
    let range = |days: &[Day]| Value::Date(DayRange { lo: days[0], hi: days[days.len() - 1] });
    let here = |here: &[bool]| Value::Truth(if let [one] = here { Truth::of(*one) } else { Truth::OPEN });
    let record = |period: &Period| Record {
        fields: vec![range(&period.from), range(&period.until), here(&period.here)],
        label: None,
        times: 1,
        ..Record::default()
    };
    Value::List(Arc::new(List { records: periods.iter().map(record).collect(), open }))
}

fn check(policy: &Policy, c: &mut Choices<'_>) -> Result<(), String> {
    let periods = c.several(0, 3, period);
    let (gap, written) = match c.below(4) {
        0 | 1 => (Gap::Days(0), None),
        2 => {
            let days = c.of(&[1, 2, 30]);
            (Gap::Days(days), Some(format!("{days}天")))
        }
        _ => (Gap::Months(1), Some("1个月".to_owned())),
    };
    let wanted = c.of(&[1, 2, 0, 3]);
    let end = Day::parse("2024-12-31").unwrap();
    let mut inputs: Vec<Value> = policy.names.inputs.iter().map(|input| input.domain.clone()).collect();
    for question in QUESTIONS {
        let gap_part = written.iter().filter(|_| question != "days").map(|gap| format!(", {gap}")).collect::<String>();
        let first = if question == "reached" { format!("{wanted}个月, ") } else { String::new() };
        let text = format!("{question}({first}from, min(until, 2024-12-31){gap_part} of periods where here)");
        inputs[place(policy, "periods")] = list(&periods, false);
        let printed = work_out(policy, &text, &inputs);
        let from: Vec<Vec<Day>> = periods.iter().map(|period| period.from.clone()).collect();
        let until: Vec<Vec<Day>> = periods.iter().map(|period| period.until.clone()).collect();
        let here: Vec<Vec<bool>> = periods.iter().map(|period| period.here.clone()).collect();
        let mut reached: Option<Value> = None;
        for from in choices(&from) {
            for until in choices(&until) {
                for here in choices(&here) {
                    let spans = from.iter().zip(&until).zip(&here).filter(|(_, here)| **here);
                    let spans: Vec<(Day, Day)> = spans.map(|((from, until), _)| (*from, (*until).min(end))).collect();
                    let one = plain(question, &spans, gap, wanted);
                    reached = Some(reached.map_or(one.clone(), |so_far| so_far.hull(&one)));
                }
            }
        }
        if reached.as_ref() != Some(&printed) {
            return Err(format!("{text} over {periods:?} gives {printed:?}, and {reached:?} is reached"));
        }
        // Perhaps there are more: at least what is known, and no end to what is not.
        inputs[place(policy, "periods")] = list(&periods, true);
        let more = work_out(policy, &text, &inputs);
        let grows = match (&printed, &more) {
            (Value::Quantity(known), Value::Quantity(open)) => open.lo == known.lo && open.hi >= known.hi,
            (Value::Date(known), Value::Date(open)) => open.hi == known.hi && open.lo <= known.lo,
            _ => false,
        };
        if !grows {
            return Err(format!("{text} over {periods:?} and perhaps more gives {more:?}, without more {printed:?}"));
        }
    }
    Ok(())
}

#[test]
fn periods_are_what_a_count_of_days_gives() {
    let policy = invented();
    run(600, &vec(any::<u32>(), 0..48), |numbers| check(&policy, &mut Choices::new(numbers)));
}

#[test]
fn a_period_that_goes_on_has_so_many_months_at_least() {
    let policy = invented();
    let mut inputs: Vec<Value> = policy.names.inputs.iter().map(|input| input.domain.clone()).collect();
    let day = |text: &str| vec![Day::parse(text).unwrap()];
    let on = Period { from: day("2024-01-01"), until: vec![Day::NEVER], here: vec![true] };
    inputs[place(&policy, "periods")] = list(&[on], false);
    let Value::Quantity(months) = work_out(&policy, "union(from, until of periods where here)", &inputs) else {
        panic!()
    };
    // To the end of the calendar: 176 years.
    assert_eq!((months.lo, months.hi), (Bound::At(Number::whole(176 * 12)), Bound::Above));
    let day = DayRange::point(Day::parse("2024-12-31").unwrap());
    assert_eq!(work_out(&policy, "reached(12个月, from, until of periods)", &inputs), Value::Date(day));
}
