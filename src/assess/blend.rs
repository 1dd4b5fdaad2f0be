//! What is shown of several cases as one: each step with all the values that it has in them.

use crate::assess::draft::Trace;
use crate::assess::model::{AccruedTime, Failed, Installment, InstallmentState, Step, Working};
use crate::expr::formula::{Formula, Shown};
use crate::lang::Text;
use crate::value::{Day, DayRange, Interval};

impl Trace {
    /// What is shown where either may be the case.
    pub fn hull(self, other: Trace) -> Trace {
        let mut notes = self.notes;
        let more: Vec<Text> = other.notes.into_iter().filter(|note| !notes.contains(note)).collect();
        notes.extend(more);
        Trace {
            steps: steps(self.steps, other.steps),
            failed: failed(self.failed, &other.failed),
            installments: installments(self.installments, other.installments),
            notes,
            working: working(self.working, other.working),
        }
    }
}

/// The conditions that fail in both.
pub fn failed(own: Vec<Failed>, other: &[Failed]) -> Vec<Failed> {
    let both = own.into_iter().filter_map(|failed| {
        let same = other.iter().find(|other| other.text == failed.text)?;
        let required = failed.required.zip(same.required.clone());
        let required = required.filter(|(a, b)| a.0 == b.0).and_then(|(a, b)| Some((a.0, shown(a.1, b.1)?)));
        let both = |a: Option<Shown>, b: &Option<Shown>| a.zip(b.clone()).and_then(|(a, b)| shown(a, b));
        let actual = both(failed.actual, &same.actual);
        let distance = both(failed.distance, &same.distance).filter(|_| required.is_some() && actual.is_some());
        // What is not the same in both has no figures.
        let parts = if failed.parts == same.parts { failed.parts } else { Vec::new() };
        Some(Failed { text: failed.text, required, actual, distance, parts })
    });
    both.collect()
}

/// Steps of one calculation in two cases, each once, in their order. What did nothing in one of them left the amount there.
fn steps(own: Vec<Step>, other: Vec<Step>) -> Vec<Step> {
    let mut all = Vec::new();
    let mut before: [Option<Interval>; 2] = [None, None];
    let mut rest = other.into_iter().peekable();
    let mut ahead: Vec<Step> = Vec::new();
    for step in own {
        let same = |other: &Step| other.kind == step.kind && (other.label == step.label || step.kind == "accrued");
        // What stands before it in the other case alone.
        if rest.clone().any(|other| same(&other)) {
            while let Some(next) = rest.next_if(|other| !same(other)) {
                ahead.push(next);
            }
        }
        for alone in ahead.drain(..) {
            let now = alone.money();
            all.push(left_alone(alone, before[0]));
            before[1] = now.or(before[1]);
        }
        match rest.next_if(same) {
            Some(same) => {
                let now = [step.money(), same.money()];
                all.push(blend(step, same));
                before = [now[0].or(before[0]), now[1].or(before[1])];
            }
            None => {
                let now = step.money();
                all.push(left_alone(step, before[1]));
                before[0] = now.or(before[0]);
            }
        }
    }
    all.extend(rest.map(|alone| left_alone(alone, before[0])));
    all
}

/// A step of one case, where the amount of the other stays as it was.
fn left_alone(step: Step, other: Option<Interval>) -> Step {
    let is_amount = step.money().is_some();
    match (step.value.clone(), other) {
        (Shown::Quantity { interval, unit, .. }, Some(other)) if is_amount && interval != other => {
            let value = Shown::Quantity { interval: interval.hull(other), unit, written: None };
            Step { kind: step.kind, label: step.label, formula: None, value }
        }
        _ => step,
    }
}

fn blend(own: Step, other: Step) -> Step {
    let formula = own.formula.zip(other.formula).and_then(|(a, b)| formula(a, b));
    let value = shown(own.value.clone(), other.value).unwrap_or(own.value);
    // The longest time is reached in one of them only.
    let label = if own.label == other.label { own.label } else { Text::new("已累计", "accrued") };
    Step { kind: own.kind, label, formula, value }
}

/// Every value that either has; `None` where they are not of one kind.
fn shown(own: Shown, other: Shown) -> Option<Shown> {
    Some(match (own, other) {
        (Shown::Truth(a), Shown::Truth(b)) => Shown::Truth(a.hull(b)),
        (Shown::Words(mut a), Shown::Words(b)) => {
            let more: Vec<Text> = b.into_iter().filter(|word| !a.contains(word)).collect();
            a.extend(more);
            Shown::Words(a)
        }
        (
            Shown::Quantity { interval: a, unit, written },
            Shown::Quantity { interval: b, unit: other, written: other_written },
        ) if unit == other => {
            let written = written.filter(|written| Some(written) == other_written.as_ref());
            Shown::Quantity { interval: a.hull(b), unit, written }
        }
        (Shown::Date(a), Shown::Date(b)) => Shown::Date(days(a, b)),
        (Shown::Text(a), Shown::Text(b)) => Shown::Text(a.filter(|a| Some(a) == b.as_ref())),
        (Shown::List { count: a, open }, Shown::List { count: b, open: other }) => {
            Shown::List { count: a.min(b), open: open || other || a != b }
        }
        _ => return None,
    })
}

/// One calculation with all the numbers of both; `None` where they were calculated in different ways.
fn formula(own: Formula, other: Formula) -> Option<Formula> {
    Some(match (own, other) {
        (Formula::Value(a), Formula::Value(b)) => Formula::Value(shown(a, b)?),
        (
            Formula::Operation { sign, tightness, left, right },
            Formula::Operation { sign: other, left: other_left, right: other_right, .. },
        ) if sign == other => Formula::Operation {
            sign,
            tightness,
            left: Box::new(formula(*left, *other_left)?),
            right: Box::new(formula(*right, *other_right)?),
        },
        (
            Formula::Tier { threshold, above, value },
            Formula::Tier { threshold: other, above: other_above, value: other_value },
        ) if threshold == other && above == other_above => {
            Formula::Tier { threshold, above, value: Box::new(formula(*value, *other_value)?) }
        }
        (Formula::Since { day, value }, Formula::Since { day: other, value: other_value }) if day == other => {
            Formula::Since { day, value: Box::new(formula(*value, *other_value)?) }
        }
        (Formula::Call { function, arguments }, Formula::Call { function: other, arguments: others })
            if function == other && arguments.len() == others.len() =>
        {
            let all = arguments.into_iter().zip(others).map(|(a, b)| formula(a, b)).collect::<Option<_>>()?;
            Formula::Call { function, arguments: all }
        }
        _ => return None,
    })
}

/// The same parts with all their amounts and days; none where there are not the same in both.
fn installments(own: Vec<Installment>, other: Vec<Installment>) -> Vec<Installment> {
    let same = own.len() == other.len() && own.iter().zip(&other).all(|(a, b)| a.label == b.label);
    let blended = own.into_iter().zip(other).filter(|_| same).map(|(a, b)| Installment {
        label: a.label,
        amount: a.amount.hull(b.amount),
        due_on: days(a.due_on, b.due_on),
        state: if a.state == b.state { a.state } else { InstallmentState::Open },
    });
    blended.collect()
}

fn working(own: Working, other: Working) -> Working {
    let time = own.time.zip(other.time).map(|(a, b)| AccruedTime {
        from: days(a.from, b.from),
        until: days(a.until, b.until),
        to_date: a.to_date.hull(b.to_date),
        lifetime: a.lifetime.hull(b.lifetime),
        at_most: a.at_most.zip(b.at_most).map(|(a, b)| a.hull(b)),
    });
    let both = own.idle.into_iter().filter_map(|step| {
        let same = other.idle.iter().find(|other| other.kind == step.kind)?.clone();
        Some(blend(step, same)).filter(|step| step.formula.is_some())
    });
    Working { time, idle: both.collect() }
}

fn days(a: DayRange, b: DayRange) -> DayRange {
    let lo: Day = a.lo.min(b.lo);
    DayRange { lo, hi: a.hi.max(b.hi) }
}
