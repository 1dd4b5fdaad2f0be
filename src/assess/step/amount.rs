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
use crate::lang::Text;
use crate::value::{Bound, Interval, Truth, Value};

/// An amount that does not grow with time.
pub(super) fn plain(clause: &Clause, context: &mut Context<'_>, mut shown: Option<&mut Trace>) -> Own {
    let amount = worked_out(clause, context, shown.as_deref_mut());
    let left = bounded(clause, amount, context, shown);
    // What others come to in all may be more than what they come to so far.
    let (all, lifetime) = if clause.uses.is_empty() {
        (amount, left.amount)
    } else {
        context.take_whole(true);
        let all = worked_out(clause, context, None);
        let lifetime = bounded(clause, all, context, None).amount;
        context.take_whole(false);
        (all, lifetime)
    };
    let grows = lifetime.hi == Bound::Above && lifetime.lo > left.amount.hi;
    Own {
        endless: grows && context.is_endless(clause.uses.iter().map(|one| one.clause)),
        entitled: clause.floored(amount),
        entitled_in_all: clause.floored(all),
        to_date: left.amount,
        lifetime,
        over_cap: left.over_cap,
        under_floor: left.under_floor,
        parts: Vec::new(),
    }
}

/// The amount by the clause's words; a difference may be below 0.
pub(super) fn worked_out(clause: &Clause, context: &mut Context<'_>, shown: Option<&mut Trace>) -> Interval {
    let Some(node) = &clause.amount else { return Interval::ZERO };
    let Some(shown) = shown else { return node.quantity(context) };
    let (value, formula) = node.explain(context);
    let amount = match value {
        Value::Quantity(amount) => amount,
        _ => Interval::ANY,
    };
    shown.steps.push(step("amount", Text::new("计算", "calculation"), Some(formula), amount, clause));
    amount
}

/// A step in the unit of the clause's amounts.
pub(in crate::assess) fn step(
    kind: &'static str,
    label: Text,
    formula: Option<Formula>,
    amount: Interval,
    clause: &Clause,
) -> Step {
    let tell = |measure: &Measure| measure.shown(amount);
    let nothing = Shown::Quantity { interval: amount, unit: UnitName::default(), written: None };
    Step { kind, label, formula, value: clause.measure.as_ref().map_or(nothing, tell) }
}

/// A step that shows an amount of money.
pub(super) fn money_step(kind: &'static str, label: Text, amount: Interval, context: &Context<'_>) -> Step {
    let value = show(&Value::Quantity(amount), &context.names.money.ty(), context.names);
    Step { kind, label, formula: None, value }
}

/// What floor, cap and rounding leave.
pub(super) struct Bounded {
    pub amount: Interval,
    /// Whether rounding brought it above the cap.
    pub over_cap: Truth,
    /// Whether rounding brought it below the floor.
    pub under_floor: Truth,
}

/// Floor, cap, 0 and rounding, each shown where it did something.
pub(super) fn bounded(
    clause: &Clause,
    amount: Interval,
    context: &mut Context<'_>,
    mut shown: Option<&mut Trace>,
) -> Bounded {
    let mut amount = amount;
    let mut bound = |kind: &'static str, label: Text, node: &Node, pick: fn(Interval, Interval) -> Interval| {
        let Some(shown) = shown.as_deref_mut() else {
            let limit = node.quantity(context);
            amount = pick(amount, limit);
            return limit;
        };
        let (value, formula) = node.explain(context);
        let Value::Quantity(limit) = value else { return Interval::ANY };
        let bounded = pick(amount, limit);
        if bounded == amount {
            shown.working.idle.push(step(kind, label, Some(formula), limit, clause));
        } else {
            shown.steps.push(step(kind, label, Some(formula), bounded, clause));
        }
        amount = bounded;
        limit
    };
    let floor = clause.at_least.as_ref();
    let floor = floor.map(|node| bound("floor", Text::new("不低于", "at least"), node, Interval::max));
    let cap = clause.at_most.as_ref().map(|node| bound("cap", Text::new("封顶", "capped at"), node, Interval::min));
    let amount = not_negative(clause, amount, &Text::default(), shown.as_deref_mut());
    let rounded = rounded(clause, amount, context, &Text::default(), shown);
    let over_cap = cap.map_or(Truth::FALSE, |cap| clause.floored(cap).below(rounded));
    // Where the cap is below the floor, the cap decides.
    let under_floor =
        floor.map_or(Truth::FALSE, |floor| rounded.below(clause.floored(cap.map_or(floor, |cap| floor.min(cap)))));
    Bounded { amount: rounded, over_cap, under_floor }
}

/// Nobody owes a negative grant: a difference that turns negative, or a cap that does, pays nothing; a figure that is declared
/// so may be negative. `part`: of what.
pub(super) fn not_negative(clause: &Clause, amount: Interval, part: &Text, shown: Option<&mut Trace>) -> Interval {
    let left = clause.floored(amount);
    if let Some(shown) = shown.filter(|_| left != amount) {
        let label = of_part(part, Text::new("不低于 0", "never below 0"));
        shown.steps.push(step("not_negative", label, None, left, clause));
    }
    left
}

/// Rounds to what can be paid. `part`: of what.
pub(super) fn rounded(
    clause: &Clause,
    amount: Interval,
    context: &mut Context<'_>,
    part: &Text,
    shown: Option<&mut Trace>,
) -> Interval {
    let Some(rule) = clause.rounding else { return amount };
    let rounded = amount.round(rule.to, rule.direction).unwrap_or_else(|| {
        context.problem(Problem::OutOfRange, &clause.span);
        Interval::ANY
    });
    if let Some(shown) = shown.filter(|_| rounded != amount) {
        shown.steps.push(step("rounding", of_part(part, rule.words(context.names)), None, rounded, clause));
    }
    rounded
}

/// What is done to one part of an amount.
fn of_part(part: &Text, done: Text) -> Text {
    if part.zh.is_empty() {
        return done;
    }
    Text::made(format!("{}：{}", part.zh, done.zh), format!("{}: {}", part.en, done.en))
}
