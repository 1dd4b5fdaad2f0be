//! What is shown of a calculation is the calculation: equations are true, steps hold every case, the last is the award.

use duixian::assess::model::{Assessment, Line, Step};
use duixian::expr::formula::{Formula, Shown};
use duixian::expr::function::Builtin;
use duixian::expr::lexer::figure_of;
use duixian::expr::names::Names;
use duixian::value::number::Rounding;
use duixian::value::{Interval, Number};

use crate::applicant::Telling;
use crate::case::{Case, Law, hold, name, shown};

/// A value as it is shown, in base units; `None` where it is no number.
fn number(value: &Shown, names: &Names) -> Option<Interval> {
    let Shown::Quantity { interval, unit, written } = value else { return None };
    let (factor, _) = names.figure(&figure_of(&format!("1{}", unit.zh)).unwrap()).unwrap();
    let base = interval.multiply(Interval::point(factor))?;
    if let Some(written) = written {
        let (number, _) = names.figure(&figure_of(written).unwrap()).unwrap();
        assert_eq!(base, Interval::point(number), "{written}");
    }
    Some(base)
}

/// What comes out of the numbers shown; `None` where there are others than numbers among them, or it is out of range.
fn result(formula: &Formula, names: &Names) -> Option<Interval> {
    match formula {
        Formula::Value(value) => number(value, names),
        Formula::Tier { value, .. } | Formula::Since { value, .. } => result(value, names),
        Formula::Operation { sign, left, right, .. } => {
            let (left, right) = (result(left, names)?, result(right, names)?);
            match *sign {
                "+" => left.plus(right),
                "−" => left.minus(right),
                "×" => left.multiply(right),
                "÷" if right.contains(Number::ZERO) => None,
                "÷" => left.divide(right),
                _ => None,
            }
        }
        Formula::Call { function, arguments } => {
            let arguments = arguments.iter().map(|argument| result(argument, names)).collect::<Option<Vec<_>>>()?;
            let step = || arguments[1].as_point().filter(|step| *step > Number::ZERO);
            match function {
                Builtin::Min => arguments.iter().copied().reduce(Interval::min),
                Builtin::Max => arguments.iter().copied().reduce(Interval::max),
                Builtin::Round => arguments[0].round(step()?, Rounding::HalfUp),
                Builtin::Floor => arguments[0].round(step()?, Rounding::Down),
                Builtin::Ceil => arguments[0].round(step()?, Rounding::Up),
                _ => None,
            }
        }
    }
}

fn within(inner: Interval, outer: Interval) -> bool {
    outer.lo <= inner.lo && inner.hi <= outer.hi
}

/// Every equation of a line is true, and its last step is what is awarded.
fn is_true(case: &Case, line: &Line) -> Law {
    let names = &case.read.names;
    for step in &line.steps {
        let came_out = step.formula.as_ref().and_then(|formula| result(formula, names));
        let (Some(came_out), Some(value)) = (came_out, number(&step.value, names)) else { continue };
        // A floor or a cap shows the bound, and what it left.
        if matches!(step.kind, "floor" | "cap") {
            continue;
        }
        if !within(value, came_out) || came_out.is_point() && came_out != value {
            let what = format!("{} {:?}: {:#?}", name(line), step.label.en, step.formula);
            return Err(format!("{what} is {} and not {}", shown(came_out), shown(value)));
        }
    }
    let last = line.steps.iter().rev().find_map(Step::money);
    match (last, &line.amounts) {
        (Some(last), Some(amounts)) if last != amounts.awarded => {
            let steps: Vec<String> =
                line.steps.iter().map(|step| format!("{} {:?}", step.kind, step.money().map(shown))).collect();
            Err(format!("{}: {} is awarded, and the steps are {steps:#?}", name(line), shown(amounts.awarded)))
        }
        _ => Ok(()),
    }
}

/// The same step of another line: of several alike the one at the same turn.
fn same<'l>(step: &Step, turn: usize, line: &'l Line) -> Option<&'l Step> {
    line.steps.iter().filter(|other| other.kind == step.kind && other.label == step.label).nth(turn)
}

/// Every step holds what it is once everything is known.
fn holds(case: &Case, complete: &Line, told: &Line) -> Law {
    let names = &case.read.names;
    for (place, step) in complete.steps.iter().enumerate() {
        let alike = |other: &&Step| other.kind == step.kind && other.label == step.label;
        let turn = complete.steps[..place].iter().filter(alike).count();
        let Some(other) = same(step, turn, told) else { continue };
        let held = match (&step.value, &other.value) {
            (Shown::Quantity { .. }, Shown::Quantity { .. }) => {
                let (inner, outer) = (number(&step.value, names), number(&other.value, names));
                // What has no value, like a fraction of a month, is anything.
                inner.zip(outer).is_none_or(|(inner, outer)| !inner.is_point() || within(inner, outer))
            }
            (Shown::Truth(inner), Shown::Truth(outer)) => !inner.is_point() || inner.hull(*outer) == *outer,
            (Shown::Words(inner), Shown::Words(outer)) => {
                inner.len() > 1 || inner.iter().all(|word| outer.contains(word))
            }
            (Shown::Date(inner), Shown::Date(outer)) => {
                !inner.is_point() || outer.lo <= inner.lo && inner.hi <= outer.hi
            }
            _ => true,
        };
        if !held {
            let what = format!("{} {} {:?}", name(complete), step.kind, step.label.en);
            return Err(format!("{what}: {:?} is not in {:?}", step.value, other.value));
        }
    }
    Ok(())
}

fn record(line: &Line) -> Option<usize> {
    line.record.as_ref().map(|record| record.index)
}

fn all_hold(case: &Case, complete: &Assessment, told: &Assessment) -> Law {
    told.lines.iter().try_for_each(|line| is_true(case, line))?;
    for line in &complete.lines {
        let same = |other: &&Line| other.clause == line.clause && record(other) == record(line);
        if let Some(other) = told.lines.iter().find(same) {
            holds(case, line, other)?;
        }
    }
    Ok(())
}

#[test]
fn what_is_shown_is_what_was_calculated() {
    hold(200, |case: &Case| {
        let complete = case.complete();
        let all = Telling::all(&case.applicant);
        complete.lines.iter().try_for_each(|line| is_true(case, line)).map_err(|what| case.broken(&what, &all))?;
        for numbers in &case.unsaid {
            for telling in [Telling::some(&case.applicant, numbers), Telling::finite(&case.applicant, numbers)] {
                let told = case.assess(&case.applicant, &telling);
                all_hold(case, &complete, &told).map_err(|what| case.broken(&what, &telling))?;
            }
        }
        Ok(())
    });
}
