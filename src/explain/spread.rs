//! What the values of a missing fact would lead to: case by case, or from one turning point to the next.

use crate::explain::ladder::Ladder;
use crate::explain::search::turns;
use crate::expr::names::{Input, Names};
use crate::value::{Bound, Day, DayRange, Interval, Number, Value};

/// With more turning points than this it rather grows than steps.
const MOST_TURNS: usize = 6;

/// Sets of values that hold together all a missing fact can be, each with what it leads to, worked out for the whole set.
/// `stops` are days at which something may turn. Where the outcomes are too many to tell apart, those with the same `gist`
/// stay together; empty where these are too many as well, and where the values cannot be ordered.
pub(super) fn spread<T: PartialEq + Clone, G: PartialEq>(
    (input, names): (&Input, &Names),
    value: &Value,
    stops: &[Day],
    outcome: &mut dyn FnMut(&Value) -> Option<T>,
    gist: &dyn Fn(&T) -> G,
) -> Vec<(Value, T)> {
    let mut sets: Vec<Value> = match value {
        Value::Truth(_) | Value::Words(_) => value.cases().unwrap_or_default(),
        Value::Quantity(interval) => numbers((input, names), *interval, outcome, gist),
        Value::Date(range) => dates(*range, stops, outcome, gist),
        Value::Text(_) | Value::List(_) => Vec::new(),
    };
    let mut told: Vec<(Value, T)> = Vec::new();
    for set in sets.drain(..) {
        let Some(then) = outcome(&set) else { continue };
        match told.last_mut() {
            // Words and truths are told one by one.
            Some((before, known)) if *known == then && !matches!(set, Value::Truth(_) | Value::Words(_)) => {
                *before = before.clone().hull(&set);
            }
            _ => told.push((set, then)),
        }
    }
    told
}

/// Turning points by the whole outcome, or else by its gist.
fn found<T: PartialEq, G: PartialEq>(
    samples: &[i64],
    at: &mut dyn FnMut(i64) -> Option<T>,
    gist: &dyn Fn(&T) -> G,
) -> Option<Vec<i64>> {
    turns(samples, MOST_TURNS, at)
        .or_else(|| turns(samples, MOST_TURNS, &mut |steps| at(steps).map(|outcome| gist(&outcome))))
}

fn numbers<T: PartialEq, G: PartialEq>(
    (input, names): (&Input, &Names),
    interval: Interval,
    outcome: &mut dyn FnMut(&Value) -> Option<T>,
    gist: &dyn Fn(&T) -> G,
) -> Vec<Value> {
    let least = interval.lo.number().unwrap_or(Number::ZERO);
    let Some(ladder) = Ladder::of(input, &Value::Quantity(Interval::point(least)), true, names) else {
        return Vec::new();
    };
    let most = match interval.hi {
        Bound::At(most) => Ladder::of(input, &Value::Quantity(Interval::point(most)), true, names)
            .map_or(0, |there| ladder.steps_to(&there)),
        Bound::Below | Bound::Above => ladder.up,
    };
    let longer = std::iter::successors(Some(1i64), |steps| steps.checked_mul(2)).take_while(|steps| *steps < most);
    let mut samples: Vec<i64> = std::iter::once(0).chain(longer).chain([most]).collect();
    samples.dedup();
    let mut at = |steps: i64| outcome(&ladder.value(steps)?);
    let Some(turns) = found(&samples, &mut at, gist) else { return Vec::new() };
    let number = |steps: i64| match ladder.value(steps) {
        Some(Value::Quantity(at)) => at.as_point(),
        _ => None,
    };
    let (mut sets, mut lo) = (Vec::new(), interval.lo);
    for turn in turns {
        let (Some(last), Some(next)) = (number(turn - 1), number(turn)) else { return Vec::new() };
        sets.push(Value::Quantity(Interval { lo, hi: Bound::At(last) }));
        lo = Bound::At(next);
    }
    sets.push(Value::Quantity(Interval { lo, hi: interval.hi }));
    sets
}

fn dates<T: PartialEq, G: PartialEq>(
    range: DayRange,
    stops: &[Day],
    outcome: &mut dyn FnMut(&Value) -> Option<T>,
    gist: &dyn Fn(&T) -> G,
) -> Vec<Value> {
    let mut sets = Vec::new();
    if range.lo != Day::NEVER {
        let last = range.hi.min(Day::LAST);
        let mut days: Vec<Day> = vec![range.lo, last];
        for stop in stops.iter().filter(|stop| **stop != Day::NEVER) {
            let far = std::iter::successors(Some(1i64), |days| days.checked_mul(2)).take(15);
            days.extend(far.flat_map(|days| [stop.plus_days(-days), stop.plus_days(days)]));
            days.push(*stop);
        }
        days.retain(|day| range.lo <= *day && *day <= last);
        let mut samples: Vec<i64> = days.into_iter().filter_map(Day::number).collect();
        samples.sort_unstable();
        samples.dedup();
        let first = range.lo.number().unwrap_or(0);
        let day = |number: i64| range.lo.plus_days(number - first);
        let mut at = |number: i64| outcome(&Value::Date(DayRange::point(day(number))));
        let Some(turns) = found(&samples, &mut at, gist) else { return Vec::new() };
        let mut lo = range.lo;
        for turn in turns {
            sets.push(Value::Date(DayRange { lo, hi: day(turn - 1) }));
            lo = day(turn);
        }
        sets.push(Value::Date(DayRange { lo, hi: last }));
    }
    if range.hi == Day::NEVER {
        sets.push(Value::Date(DayRange::point(Day::NEVER)));
    }
    sets
}
