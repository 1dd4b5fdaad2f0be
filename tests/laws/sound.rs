//! Whatever is left unsaid, what comes out for the complete applicant stays inside what is printed without it.

use duixian::assess::model::{Assessment, Line, Status};
use duixian::value::{Interval, Number};

use crate::applicant::Telling;
use crate::case::{Case, Law, amounts, hold, name, shown};

/// The line that speaks of the same clause and record. Where the list is not given, the clause has one line for all of them.
fn counterpart<'a>(line: &Line, told: &'a Assessment) -> Option<&'a Line> {
    let index = |line: &Line| line.record.as_ref().map(|record| record.index);
    let of_clause = || told.lines.iter().filter(|other| other.clause == line.clause);
    of_clause().find(|other| index(other) == index(line)).or_else(|| of_clause().find(|other| other.record.is_none()))
}

/// What the lines of a clause come to together that are not told one by one.
fn together(complete: &Assessment, told: &Assessment, clause: &str) -> Option<[(&'static str, Interval); 5]> {
    let alone = |line: &&Line| counterpart(line, told).is_none_or(|other| other.record.is_none());
    let lines = complete.lines.iter().filter(|line| line.clause == clause).filter(alone).filter_map(amounts);
    lines.reduce(|mut sums, more| {
        for ((_, sum), (_, amount)) in sums.iter_mut().zip(more) {
            *sum = sum.plus(amount).unwrap();
        }
        sums
    })
}

fn inside(what: &str, complete: Interval, told: Interval) -> Law {
    match complete.as_point() {
        Some(number) if !told.contains(number) => Err(format!("{what} is {number}, which is not in {}", shown(told))),
        _ => Ok(()),
    }
}

/// A conclusion that is drawn stays, but for two corners in which nothing is paid either way, and only the reason that comes
/// first depends on what is not said: a condition that fails or the window; and a limit that is used up or an amount of 0,
/// which asks nothing of it.
fn compatible(case: &Case, line: &Line, told: Status) -> bool {
    let nothing = |status| matches!(status, Status::NotEligible | Status::NotApplicable);
    let (clause, _) = case.place(line);
    let zero = amounts(line).is_some_and(|amounts| [amounts[1].1, amounts[4].1] == [Interval::ZERO; 2]);
    let asks_nothing = line.status == Status::Eligible && zero && case.policy.is_limited(clause);
    told == Status::Undetermined
        || told == line.status
        || (nothing(told) && nothing(line.status))
        || (told == Status::NotEligible && asks_nothing)
}

fn covers(case: &Case, complete: &Assessment, told: &Assessment) -> Law {
    for line in &complete.lines {
        let Some(other) = counterpart(line, told) else { return Err(format!("{}: no line", name(line))) };
        // Of a complete applicant nothing is undetermined but what has no value.
        if line.status != Status::Undetermined && !compatible(case, line, other.status) {
            return Err(format!("{}: {:?} was concluded, and it is {:?}", name(line), other.status, line.status));
        }
        let nothing = || [("all of it", Interval::point(Number::ZERO)); 5];
        let stands_for_all = line.record.is_some() && other.record.is_none();
        let found = if stands_for_all { together(complete, told, &line.clause) } else { amounts(line) };
        for (place, (key, printed)) in amounts(other).into_iter().flatten().enumerate() {
            // A line that does not apply pays nothing; what was paid for it does not stand in it.
            if found.is_none() && matches!(key, "overpaid") {
                continue;
            }
            let (_, amount) = found.unwrap_or_else(nothing)[place];
            inside(&format!("{}: {key}", name(line)), amount, printed)?;
        }
        if let (Some(found), None) = (found, amounts(other)) {
            inside(&format!("{}: awarded", name(line)), found[1].1, Interval::ZERO)?;
            inside(&format!("{}: lifetime", name(line)), found[4].1, Interval::ZERO)?;
        }
    }
    let sums = |assessment: &Assessment| {
        let totals = &assessment.totals;
        [("awarded", totals.awarded), ("due", totals.due), ("overpaid", totals.overpaid), ("lifetime", totals.lifetime)]
    };
    for ((key, amount), (_, printed)) in sums(complete).into_iter().zip(sums(told)) {
        inside(&format!("the total {key}"), amount, printed)?;
    }
    Ok(())
}

#[test]
fn what_is_not_said_never_leads_outside_what_is_printed() {
    hold(400, |case: &Case| {
        let complete = case.complete();
        for numbers in &case.unsaid {
            let telling = Telling::some(&case.applicant, numbers);
            let told = case.assess(&case.applicant, &telling);
            covers(case, &complete, &told).map_err(|what| case.broken(&what, &telling))?;
        }
        Ok(())
    });
}
