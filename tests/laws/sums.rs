//! Totals, payments, instalments and schedules add up, nothing is below 0 but signed figures, and what is open says why.

use duixian::assess::model::{Assessment, Counted, Installment, InstallmentState, Line, Status};
use duixian::value::{Bound, Interval};

use crate::applicant::Telling;
use crate::case::{Case, Law, amounts, hold, name, shown};
use crate::plain::Met;
use crate::point::alone;
use crate::policy::Amount;

/// Nothing is below 0 but a figure that says so.
fn not_negative(case: &Case, line: &Line) -> Law {
    if case.policy.clauses[case.place(line).0].is_signed() {
        return Ok(());
    }
    let below = amounts(line).into_iter().flatten().find(|(_, amount)| amount.lo < Bound::ZERO);
    below.map_or(Ok(()), |(key, amount)| Err(format!("{}: {key} is {}", name(line), shown(amount))))
}

/// What is due and what is overpaid are the two sides of awarded less paid; after the last day of payment, what was earned
/// before it is not overpaid either.
fn payments(case: &Case, line: &Line) -> Law {
    let Some(amounts) = line.amounts.as_ref().filter(|_| line.counted == Counted::Total) else { return Ok(()) };
    let Some(awarded) = amounts.awarded.as_point() else { return Ok(()) };
    let less = Interval::point(awarded.minus(amounts.paid).unwrap());
    let over = less.negate().floor_at_zero();
    let earned = case.policy.payable_until.is_some() && amounts.overpaid.hi <= over.hi;
    if amounts.due == less.floor_at_zero() && (amounts.overpaid == over || earned) {
        return Ok(());
    }
    let (due, overpaid) = (shown(amounts.due), shown(amounts.overpaid));
    Err(format!("{}: {awarded} awarded, {} paid, {due} due, {overpaid} overpaid", name(line), amounts.paid))
}

/// The parts of a line add up to what it comes to by itself.
fn parts(case: &Case, line: &Line) -> Law {
    let (clause, record) = case.place(line);
    let own = &case.policy.clauses[clause];
    if (own.each && record.is_none()) || line.installments.is_empty() || !alone(case, clause) {
        return Ok(());
    }
    let plain = case.policy.line(clause, record, &case.applicant);
    let Some(lines) = &line.amounts else { return Ok(()) };
    let in_state = |state| {
        let parts = line.installments.iter().filter(move |part| part.state == state);
        Interval::sum(parts.map(|part| part.amount)).filter(|sum| sum.is_point())
    };
    let due = in_state(InstallmentState::Due);
    let (what, found, wanted) = match &own.amount {
        Amount::Installments(_) if plain.met == Met::Yes => ("the parts that are due", due, lines.entitled),
        // After the last day of payment nothing of the schedule is paid. What depends on the evaluation date comes to one thing
        // at the end of its last period and to another at the end of the time that counts.
        Amount::Accrual(..)
            if plain.met == Met::Yes && lines.lifetime != Interval::ZERO && !case.policy.write().contains("as_of") =>
        {
            ("the schedule", Interval::sum(line.installments.iter().map(|part| part.amount)), lines.lifetime)
        }
        _ => return Ok(()),
    };
    match found {
        Some(found) if found != wanted && wanted.is_point() => {
            Err(format!("{}: {what} add up to {}, not to {}", name(line), shown(found), shown(wanted)))
        }
        _ => Ok(()),
    }
}

/// A part is due, or still to come, only where that can be paid: nothing of a line that is displaced, refused or past its last day
/// of payment is, and what is neither lost nor open adds up to the whole term of a clause that nothing bounds.
fn states(case: &Case, line: &Line) -> Law {
    let Some(lines) = line.amounts.as_ref().filter(|_| case.policy.is_defined(&case.applicant)) else { return Ok(()) };
    let stands = |part: &&Installment| matches!(part.state, InstallmentState::Due | InstallmentState::NotYet);
    let to_come = |part: &Installment| part.state == InstallmentState::NotYet && part.amount != Interval::ZERO;
    if lines.lifetime == Interval::ZERO && line.installments.iter().any(|part| stands(&part)) {
        return Err(format!("{}: nothing is ever paid of it, and a part is due or to come", name(line)));
    }
    if lines.lifetime == lines.awarded && line.installments.iter().any(to_come) {
        return Err(format!("{}: nothing more can come, and a part is still to come", name(line)));
    }
    let (clause, _) = case.place(line);
    let own = &case.policy.clauses[clause];
    let bounded = own.at_least.is_some() || own.at_most.is_some() || case.policy.write().contains("as_of");
    if bounded || !matches!(own.amount, Amount::Installments(_)) || !alone(case, clause) {
        return Ok(());
    }
    let whole = Interval::sum(line.installments.iter().filter(stands).map(|part| part.amount)).unwrap();
    if whole == lines.lifetime {
        return Ok(());
    }
    Err(format!("{}: the parts that stand come to {}, of {} in all", name(line), shown(whole), shown(lines.lifetime)))
}

/// The totals are the sums of the lines that count.
fn totals(complete: &Assessment) -> Law {
    let counted = || complete.lines.iter().filter(|line| line.counted == Counted::Total).filter_map(amounts);
    let totals = &complete.totals;
    let sums = [
        ("awarded", 1, totals.awarded),
        ("due", 2, totals.due),
        ("overpaid", 3, totals.overpaid),
        ("lifetime", 4, totals.lifetime),
    ];
    for (key, place, total) in sums {
        let sum = Interval::sum(counted().map(|amounts| amounts[place].1)).unwrap();
        // A line outside its window has no amounts, yet what was paid for it is overpaid.
        let hidden = key == "overpaid" && complete.lines.iter().any(|line| line.amounts.is_none());
        if sum.is_point() && total != sum && !hidden {
            return Err(format!("the total {key} is {}, and the lines add up to {}", shown(total), shown(sum)));
        }
    }
    Ok(())
}

/// A line that something known would settle names what is missing.
fn says_why(case: &Case, told: &Assessment) -> Law {
    let silent = |line: &&Line| {
        let open = amounts(line)
            .into_iter()
            .flatten()
            .any(|(key, amount)| matches!(key, "awarded" | "lifetime") && !amount.is_point());
        (open || line.status == Status::Undetermined) && line.missing.is_empty()
    };
    match told.lines.iter().find(silent) {
        Some(line) if case.policy.is_defined(&case.applicant) => {
            Err(format!("{}: it is open, and does not say why", name(line)))
        }
        _ => Ok(()),
    }
}

#[test]
fn what_is_shown_adds_up() {
    hold(400, |case| {
        let (complete, defined) = (case.complete(), case.policy.is_defined(&case.applicant));
        let all = Telling::all(&case.applicant);
        for line in &complete.lines {
            let payments = |()| if defined { payments(case, line) } else { Ok(()) };
            let checks = not_negative(case, line).and_then(payments).and_then(|()| parts(case, line));
            let checks = checks.and_then(|()| states(case, line));
            checks.map_err(|what| case.broken(&what, &all))?;
        }
        totals(&complete).map_err(|what| case.broken(&what, &all))?;
        for numbers in &case.unsaid {
            let telling = Telling::some(&case.applicant, numbers);
            let told = case.assess(&case.applicant, &telling);
            let negative = told.lines.iter().try_for_each(|line| not_negative(case, line));
            negative.and_then(|()| says_why(case, &told)).map_err(|what| case.broken(&what, &telling))?;
        }
        Ok(())
    });
}
