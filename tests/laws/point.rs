//! Where everything is known, every amount is one number, and a clause that stands alone gives the plain calculation's.

use duixian::assess::model::{Line, Status};
use duixian::value::Interval;

use crate::applicant::Telling;
use crate::case::{Case, Law, amounts, hold, name, shown};
use crate::plain::{Line as Plain, Met};
use crate::policy::{Amount, Clause, Kind, Policy};
use crate::syntax::Expr;

/// Whether no other line, limit or scheme can take something from this clause.
pub fn alone(case: &Case, clause: usize) -> bool {
    case.policy.is_alone(clause, &case.applicant)
}

/// Whether an expression asks for a fact, itself or by what it names: found in how it is written.
fn asks(policy: &Policy, clause: &Clause, expr: &Expr) -> bool {
    let written = format!("{expr:?}");
    let named = |word: &str, all: &[Expr]| {
        let mut places = written.split(word).skip(1).filter_map(|rest| rest.split(')').next()?.parse::<usize>().ok());
        places.any(|place| asks(policy, clause, &all[place]))
    };
    ["Fact(", "EachField(", "OtherField(", "Aggregate {", "CameTo {"].iter().any(|word| written.contains(word))
        || named("Let(", &clause.lets)
        || named("Define(", &policy.defines)
        || named("Shared(", &policy.shared)
}

fn status(case: &Case, clause: usize, plain: &Plain) -> Option<Status> {
    let amount = !matches!(case.policy.clauses[clause].amount, Amount::None);
    let has_amount = amount && case.policy.clauses[clause].kind != Kind::Status;
    match plain.met {
        Met::Outside => Some(Status::NotApplicable),
        Met::No => Some(Status::NotEligible),
        Met::Yes if !has_amount => {
            let own = &case.policy.clauses[clause];
            let asks = own.each || own.requires.iter().chain(&own.event).any(|expr| asks(&case.policy, own, expr));
            Some(if asks { Status::Met } else { Status::Stated })
        }
        Met::Yes => plain.awarded.and(plain.lifetime).map(|_| Status::Eligible),
        Met::Undefined => None,
    }
}

fn line(case: &Case, line: &Line, defined: bool) -> Law {
    let (clause, record) = case.place(line);
    if case.policy.clauses[clause].each && record.is_none() {
        // What was paid for it is overpaid.
        let something =
            amounts(line).into_iter().flatten().any(|(key, amount)| key != "overpaid" && amount != Interval::ZERO);
        return if something { Err("a line without a record pays".to_owned()) } else { Ok(()) };
    }
    let plain = case.policy.line(clause, record, &case.applicant);
    if alone(case, clause) && status(case, clause, &plain).is_some_and(|status| status != line.status) {
        return Err(format!("{:?} where the plain calculation says {plain:?}", line.status));
    }
    for (key, amount) in amounts(line).into_iter().flatten() {
        let wanted = match key {
            "entitled" => plain.entitled,
            "awarded" if alone(case, clause) => plain.awarded,
            "lifetime" if alone(case, clause) => plain.lifetime,
            _ => None,
        };
        let wrong = wanted.is_some_and(|wanted| amount.as_point() != Some(wanted.number()));
        if wrong || (defined && !amount.is_point()) {
            return Err(format!("{key} is {} where the plain calculation says {plain:?}", shown(amount)));
        }
    }
    Ok(())
}

#[test]
fn what_is_known_is_calculated_to_a_point() {
    hold(400, |case| {
        let defined = case.policy.is_defined(&case.applicant);
        let complete = case.complete();
        let told = Telling::all(&case.applicant);
        for found in &complete.lines {
            let broken = |what: String| case.broken(&format!("{}: {what}", name(found)), &told);
            line(case, found, defined).map_err(broken)?;
        }
        let totals = &complete.totals;
        let open = [totals.awarded, totals.due, totals.overpaid, totals.lifetime].iter().any(|sum| !sum.is_point());
        if defined && open { Err(case.broken("the totals are open", &told)) } else { Ok(()) }
    });
}
