//! What was paid, set against what is awarded.

use crate::applicant::Paid;
use crate::assess::draft::Draft;
use crate::policy::Policy;
use crate::value::{Interval, Number};

/// What was paid for each line. A payment that names no record goes to the clause's lines in their order, each up to what
/// it is sure to be awarded, and the rest to the last.
pub(super) fn paid(policy: &Policy, place: usize, drafts: &[&Draft], payments: &[Paid]) -> Vec<Number> {
    let mut paid = vec![Number::ZERO; drafts.len()];
    for payment in payments.iter().filter(|payment| payment.policy == Some(place)) {
        let clause = policy.clause(&payment.clause);
        let lines: Vec<usize> = drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| Some(draft.clause) == clause)
            .filter(|(_, draft)| payment.record.is_none() || payment.record == draft.record)
            .map(|(line, _)| line)
            .collect();
        let mut rest = payment.amount;
        for (turn, line) in lines.iter().enumerate() {
            let Some(so_far) = paid.get_mut(*line) else { continue };
            let sure = drafts.get(*line).and_then(|draft| draft.to_date.lo.number()).unwrap_or(Number::ZERO);
            let room = sure.minus(*so_far).unwrap_or(Number::ZERO).max(Number::ZERO);
            let part = if turn + 1 == lines.len() { rest } else { rest.min(room) };
            *so_far = so_far.plus(part).unwrap_or(*so_far);
            rest = rest.minus(part).unwrap_or(Number::ZERO);
        }
    }
    paid
}

/// What is due: awarded less paid, never below 0.
pub(super) fn due(awarded: Interval, paid: Number) -> Interval {
    awarded.minus(Interval::point(paid)).unwrap_or(Interval::ANY).floor_at_zero()
}

/// What was paid beyond what is awarded, never below 0.
pub(super) fn overpaid(awarded: Interval, paid: Number) -> Interval {
    Interval::point(paid).minus(awarded).unwrap_or(Interval::ANY).floor_at_zero()
}
