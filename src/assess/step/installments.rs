//! Parts with their own triggers: each is owed from its day on, which must lie inside the window.

use crate::assess::draft::{Part, Trace};
use crate::assess::model::{Installment, InstallmentState, Step};
use crate::assess::step::accrual::last_day;
use crate::assess::step::amount::{bounded, not_negative, rounded, step};
use crate::assess::step::own::Own;
use crate::clause::Clause;
use crate::expr::context::Context;
use crate::expr::explain::show;
use crate::expr::formula::{Formula, Shown};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, DayRange, Interval, Truth, Value};

/// The parts whose day has come, and all whose day can come.
pub(super) fn amount(
    policy: &Policy,
    clause: &Clause,
    last_paid: DayRange,
    context: &mut Context<'_>,
    mut shown: Option<&mut Trace>,
) -> Own {
    let window = context.local.window;
    let first = DayRange::point(window.lo);
    let last = policy.triggers_until.as_ref().map_or(DayRange::point(window.hi), |node| node.date(context));
    let today = DayRange::point(context.as_of);
    // What comes after the last day of payment can never be paid.
    let last_that_pays = last.min(last_paid);
    let (mut to_date, mut lifetime) = (Some(Interval::ZERO), Some(Interval::ZERO));
    let mut formula: Option<Formula> = None;
    let mut parts = Vec::new();
    for rule in &clause.installments {
        let (value, mut part_formula) = match shown {
            Some(_) => rule.amount.explain(context),
            None => (rule.amount.eval(context), Formula::Value(Shown::Text(None))),
        };
        let raw = match value {
            Value::Quantity(raw) => raw,
            _ => Interval::ANY,
        };
        // What the part comes to when all that can come has come.
        let day = context.turn_to(last_day(last_that_pays, context.as_of));
        context.take_whole(true);
        let in_all = rounded(clause, rule.amount.quantity(context).floor_at_zero(), context, &Text::default(), None);
        context.take_whole(false);
        context.turn_to(day);
        let mark = context.causes.len();
        let due = rule.due.date(context);
        let valid = first.not_after(due).and(due.not_after(last));
        let owed = valid.and(due.not_after(today));
        // What has not happened can still happen as long as triggers count.
        let never = due.equals(DayRange::point(Day::NEVER));
        let can_come = valid.and(due.not_after(last_paid)).or(never.and(today.not_after(last_that_pays)));
        if owed.is_point() && can_come.is_point() {
            context.causes.truncate(mark);
        }
        // What was done to a part that is owed is told before the parts are added up.
        let mut told = shown.as_deref_mut().filter(|_| !owed.is_false());
        let changed = raw.floor_at_zero() != raw || rounded(clause, raw, context, &rule.text, None) != raw;
        if let Some(told) = told.as_deref_mut().filter(|_| changed) {
            let formula = std::mem::replace(&mut part_formula, Formula::Value(Shown::Text(None)));
            told.steps.push(step("let", rule.text.clone(), Some(formula), raw, clause));
        }
        let part = not_negative(clause, raw, &rule.text, told.as_deref_mut());
        let part = rounded(clause, part, context, &rule.text, told);
        if changed && shown.is_some() {
            part_formula = Formula::Value(step("let", Text::default(), None, part, clause).value);
        }
        parts.push(Part { id: rule.id.clone(), to_date: part.given(owed), lifetime: in_all.given(can_come) });
        to_date = to_date.and_then(|sum| sum.plus(part.given(owed)));
        lifetime = lifetime.and_then(|sum| sum.plus(in_all.given(can_come)));
        if let Some(shown) = shown.as_deref_mut() {
            let state = state(owed, can_come);
            shown.installments.push(Installment { label: rule.text.clone(), amount: part, due_on: due, state });
            if !owed.is_false() {
                // A part whose day is open is perhaps among them.
                if !owed.is_true() {
                    part_formula = Formula::Value(step("let", Text::default(), None, part.given(owed), clause).value);
                }
                formula = Some(match formula {
                    None => part_formula,
                    Some(left) => Formula::operation(Binary::Add, left, part_formula),
                });
            }
        }
    }
    let (entitled, all) = (to_date.unwrap_or(Interval::ANY), lifetime.unwrap_or(Interval::ANY));
    if let Some(shown) = shown.as_deref_mut() {
        let value = show(&Value::Quantity(entitled), &context.names.money.ty(), context.names);
        shown
            .steps
            .push(Step { kind: "amount", label: Text::new("已到期各期", "parts due so far"), formula, value });
    }
    let to_date = bounded(clause, entitled, context, shown);
    context.take_whole(true);
    let lifetime = bounded(clause, all, context, None).amount;
    context.take_whole(false);
    let (over_cap, under_floor) = (to_date.over_cap, to_date.under_floor);
    let (entitled_in_all, to_date) = (all, to_date.amount);
    Own { entitled, entitled_in_all, to_date, lifetime, endless: false, over_cap, under_floor, parts }
}

fn state(owed: Truth, can_come: Truth) -> InstallmentState {
    if owed.is_true() {
        InstallmentState::Due
    } else if can_come.is_false() {
        InstallmentState::Lost
    } else if owed.is_false() {
        InstallmentState::NotYet
    } else {
        InstallmentState::Open
    }
}
