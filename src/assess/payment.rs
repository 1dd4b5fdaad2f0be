//! What was paid, set against what is awarded.

use crate::applicant::Paid;
use crate::assess::draft::Draft;
use crate::assess::step::set_off::set_off;
use crate::clause::Clause;
use crate::policy::Policy;
use crate::value::{Interval, Number};

/// What was paid for a line, and what that leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payment {
    /// What was paid before.
    pub paid: Number,
    /// Awarded less paid, never below 0.
    pub due: Interval,
    /// What was paid beyond what is awarded, or was earned, never below 0.
    pub overpaid: Interval,
}

/// What was paid for each line. A payment that names its record goes to that line; the others go to the clause's lines in
/// their order, each up to what it earned, and the rest to the last. Where that is open, so is where such a payment went:
/// `paid` then follows what is sure, and `due` and `overpaid` hold every case.
pub(super) fn settle(policy: &Policy, drafts: &[&Draft], payments: &[Paid]) -> Vec<Payment> {
    let unpaid = |draft: &&Draft| Payment { paid: Number::ZERO, due: draft.to_date, overpaid: Interval::ZERO };
    let mut settled: Vec<Payment> = drafts.iter().map(unpaid).collect();
    if payments.is_empty() {
        return settled;
    }
    for (place, clause) in policy.clauses.iter().enumerate() {
        let own: Vec<&Paid> = payments.iter().filter(|payment| payment.clause == clause.id).collect();
        if own.is_empty() {
            continue;
        }
        let lines = drafts.iter().zip(&mut settled).filter(|(draft, _)| draft.clause == place);
        let (drafts, settled): (Vec<&Draft>, Vec<&mut Payment>) = lines.map(|(draft, line)| (*draft, line)).unzip();
        for (line, payment) in settled.into_iter().zip(of_clause(clause, &drafts, &own)) {
            *line = payment;
        }
    }
    settled
}

/// What was paid for a clause that turned out to have no record, and so no line that a payment could go to.
pub(super) fn of_clause_without_lines(clause: &Clause, payments: &[Paid]) -> Number {
    let own = payments.iter().filter(|payment| payment.clause == clause.id);
    own.fold(Number::ZERO, |sum, payment| sum.plus(payment.amount).unwrap_or(sum))
}

fn less(a: Interval, b: Interval) -> Interval {
    a.minus(b).unwrap_or(Interval::ANY).floor_at_zero()
}

/// The lines of one clause. Where the last is for records that are perhaps there, the one before may be the last.
fn of_clause(clause: &Clause, drafts: &[&Draft], payments: &[&Paid]) -> Vec<Payment> {
    let sum = |record: Option<usize>| {
        let amounts = payments.iter().filter(|payment| payment.record == record).map(|payment| payment.amount);
        amounts.fold(Number::ZERO, |sum, amount| sum.plus(amount).unwrap_or(sum))
    };
    let pool = sum(None);
    let named: Vec<Number> =
        drafts.iter().map(|draft| draft.record.map_or(Number::ZERO, |record| sum(Some(record)))).collect();
    let earned = || drafts.iter().map(|draft| draft.earned.unwrap_or(draft.to_date));
    let rest = |amount: Interval, named: &Number| less(amount, Interval::point(*named));
    let awarded: Vec<Interval> = drafts.iter().zip(&named).map(|(draft, named)| rest(draft.to_date, named)).collect();
    let room: Vec<Interval> = earned().zip(&named).map(|(earned, named)| rest(earned, named)).collect();
    // What is left of the payments that name no record when every line has what it earned.
    let beyond = less(Interval::point(pool), Interval::sum(room.iter().copied()).unwrap_or(Interval::ANY));
    let perhaps = clause.each.is_some() && drafts.last().is_some_and(|draft| draft.record.is_none());
    let sure = drafts.len().saturating_sub(usize::from(perhaps));
    let beyond_sure =
        less(Interval::point(pool), Interval::sum(room.iter().take(sure).copied()).unwrap_or(Interval::ANY));
    let mut unspent = pool;
    let mut payments = Vec::new();
    let lines = named.iter().zip(earned()).zip(&room).zip(set_off(&awarded, Interval::point(pool)));
    for (turn, (((named, earned), room), due)) in lines.enumerate() {
        let last = turn + 1 == drafts.len();
        let part = if last { unspent } else { room.lo.number().map_or(Number::ZERO, |room| room.min(unspent)) };
        unspent = unspent.minus(part).unwrap_or(Number::ZERO);
        let over = less(Interval::point(*named), earned);
        let overpaid = if last {
            over.plus(beyond).unwrap_or(Interval::ANY)
        } else if perhaps && turn + 1 == sure {
            over.hull(over.plus(beyond_sure).unwrap_or(Interval::ANY))
        } else {
            over
        };
        payments.push(Payment { paid: named.plus(part).unwrap_or(*named), due, overpaid });
    }
    payments
}
