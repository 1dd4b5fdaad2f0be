//! From where on a line is not as expected.

use crate::assess::model::{Line, Status, Step};
use crate::cases::{Difference, Values};
use crate::value::Interval;

/// From where on a line is not as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// From the conditions on: whether they hold, or what is missing for them.
    Conditions,
    /// From the step at this place on.
    Step(usize),
    /// After all steps: the amount is as expected, what is set against it is not.
    Payments,
    /// Only what can still come.
    Future,
    /// In the sums.
    Sums,
}

fn interval(step: &Step) -> Option<Interval> {
    step.money()
}

/// Where a line and its expectation part. An expected amount that one of the steps gave says that the next one is to blame.
pub(super) fn of(line: &Line, differences: &[Difference]) -> Parting {
    let amount = |wanted: &str| {
        differences.iter().filter(|difference| difference.key == wanted).find_map(|difference| {
            match &difference.values {
                Values::Amount(values) => Some(values.0),
                _ => None,
            }
        })
    };
    let by_conditions = |status: Status| !matches!(status, Status::Eligible | Status::Undetermined);
    let status = differences.iter().find_map(|difference| match difference.values {
        Values::Status(expected, actual, _) => Some(by_conditions(expected) || by_conditions(actual)),
        Values::Failed(..) => Some(true),
        _ => None,
    });
    if status == Some(true) {
        return Parting::Conditions;
    }
    let inner = differences.iter().find_map(|difference| match &difference.values {
        Values::Let(_) => Some(0),
        Values::Step(values) => line.steps.iter().rposition(|step| step.kind == values.0),
        _ => None,
    });
    if let Some(place) = inner.filter(|place| *place < line.steps.len()) {
        return Parting::Step(place);
    }
    let steps: Vec<(usize, Interval)> =
        line.steps.iter().enumerate().filter_map(|(place, step)| Some((place, interval(step)?))).collect();
    let first = steps.first().map(|(place, _)| *place);
    if amount("entitled").is_some() {
        return first.map_or(Parting::Conditions, Parting::Step);
    }
    if let Some(expected) = amount("awarded") {
        let last_right = steps.iter().rposition(|(_, value)| *value == expected);
        let next = last_right.and_then(|right| steps.get(right + 1)).map(|(place, _)| *place);
        return next.or(first).map_or(Parting::Conditions, Parting::Step);
    }
    if amount("due").is_some() || amount("overpaid").is_some() {
        return Parting::Payments;
    }
    if amount("lifetime").is_some() { Parting::Future } else { Parting::Conditions }
}
