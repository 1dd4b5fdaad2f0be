//! The amount by the clause's words, its floor and cap, and rounding.

use crate::assess::draft::Trace;
use crate::assess::model::Step;
use crate::assess::step::own::Own;
use crate::clause::Clause;
use crate::expr::context::{Context, Problem};
use crate::expr::explain::show;
use crate::expr::formula::{Formula, Shown, UnitName};
use crate::expr::measure::Measure;
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Interval, Unit, Value};

/// An amount that does not grow with time.
pub(super) fn plain(clause: &Clause, context: &mut Context<'_>, mut shown: Option<&mut Trace>) -> Own {
    let entitled = worked_out(clause, context, shown.as_deref_mut());
    let amount = bounded(clause, entitled, context, shown);
    Own { entitled, to_date: amount, lifetime: amount, parts: Vec::new() }
}

/// The amount by the clause's words. Nobody owes a negative grant: a difference that turns negative pays nothing.
pub(super) fn worked_out(clause: &Clause, context: &mut Context<'_>, shown: Option<&mut Trace>) -> Interval {
    let Some(node) = &clause.amount else { return Interval::ZERO };
    let Some(shown) = shown else { return node.quantity(context).floor_at_zero() };
    let (value, formula) = node.explain(context);
    let amount = match value {
        Value::Quantity(amount) => amount.floor_at_zero(),
        _ => Interval::ANY,
    };
    shown.steps.push(step("amount", Text::new("计算", "calculation"), Some(formula), amount, clause));
    amount
}

/// A step in the unit of the clause's amounts.
fn step(kind: &'static str, label: Text, formula: Option<Formula>, amount: Interval, clause: &Clause) -> Step {
    let tell = |measure: &Measure| measure.shown(amount);
    let nothing = Shown::Quantity { interval: amount, unit: UnitName::default(), written: None };
    Step { kind, label, formula, value: clause.measure.as_ref().map_or(nothing, tell) }
}

/// A step that shows an amount of money.
pub(super) fn money_step(kind: &'static str, label: Text, amount: Interval, context: &Context<'_>) -> Step {
    let value = show(&Value::Quantity(amount), &Type::Quantity(Unit::base("元")), context.names);
    Step { kind, label, formula: None, value }
}

/// Floor, cap and rounding, each shown where it did something.
pub(super) fn bounded(
    clause: &Clause,
    amount: Interval,
    context: &mut Context<'_>,
    mut shown: Option<&mut Trace>,
) -> Interval {
    let mut amount = amount;
    let mut bound = |kind: &'static str, label: Text, node: &Node, pick: fn(Interval, Interval) -> Interval| {
        let (value, formula) = node.explain(context);
        let Value::Quantity(limit) = value else { return };
        let bounded = pick(amount, limit);
        match shown.as_deref_mut() {
            Some(shown) if bounded != amount => {
                shown.steps.push(step(kind, label, Some(formula), bounded, clause));
            }
            Some(shown) => shown.working.idle.push(step(kind, label, Some(formula), limit, clause)),
            None => {}
        }
        amount = bounded;
    };
    if let Some(node) = &clause.at_least {
        bound("floor", Text::new("不低于", "at least"), node, Interval::max);
    }
    if let Some(node) = &clause.at_most {
        bound("cap", Text::new("封顶", "capped at"), node, Interval::min);
    }
    // A cap that turns negative (a ceiling less what was drawn before) pays nothing either.
    rounded(clause, amount.floor_at_zero(), context)
}

/// Rounds to what can be paid. Rounding by less than a step is not worth a line of its own.
pub(super) fn rounded(clause: &Clause, amount: Interval, context: &mut Context<'_>) -> Interval {
    let Some(rule) = clause.rounding else { return amount };
    amount.round(rule.to, rule.direction).unwrap_or_else(|| {
        context.problem(Problem::OutOfRange, &clause.span);
        Interval::ANY
    })
}
