//! Conditions: all must hold. One that fails says what is required, what is the case, and how far off it is.

use crate::assess::draft::Trace;
use crate::assess::model::Failed;
use crate::clause::{Clause, Condition};
use crate::expr::context::Context;
use crate::expr::explain::show;
use crate::expr::formula::Shown;
use crate::expr::measure::compared;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::told::words;
use crate::value::{Day, Interval, Number, Truth, Unit, Value};

/// Whether all conditions hold. Every condition that fails for sure is shown, not only the first.
pub(in crate::assess) fn all(clause: &Clause, context: &mut Context<'_>, mut shown: Option<&mut Trace>) -> Truth {
    let mut all = Truth::TRUE;
    let mark = context.causes.len();
    let shows = context.only_shows();
    for condition in &clause.requires {
        let holds = condition.test.truth(context);
        if holds.is_false()
            && let Some(shown) = shown.as_deref_mut()
        {
            let causes = context.causes.len();
            shown.failed.push(told(condition, holds, clause, context));
            context.causes.truncate(causes);
        }
        all = all.and(holds);
        // Without anybody to show the rest to, the first failure decides.
        if all.is_false() && shown.is_none() {
            break;
        }
        context.show_only(shows || all.is_false());
    }
    context.show_only(shows);
    if all.is_point() {
        context.causes.truncate(mark);
    }
    all
}

/// The branch that is taken, where that is known.
fn taken<'n>(node: &'n Node, context: &mut Context<'_>) -> &'n Node {
    match &node.op {
        Op::If(condition, yes, no) => {
            let condition = condition.truth(context);
            if condition.is_point() { taken(if condition.is_true() { yes } else { no }, context) } else { node }
        }
        _ => node,
    }
}

/// The part that fails for sure: of several that are all needed, the first that does.
fn culprit<'n>(node: &'n Node, context: &mut Context<'_>) -> &'n Node {
    match &node.op {
        Op::And(left, right) => {
            if left.truth(context).is_false() {
                culprit(left, context)
            } else {
                culprit(right, context)
            }
        }
        // The branch that is taken.
        Op::If(condition, yes, no) => {
            let condition = condition.truth(context);
            if condition.is_point() { culprit(if condition.is_true() { yes } else { no }, context) } else { node }
        }
        _ => node,
    }
}

/// A condition with what it requires and what is the case; of one that fails for sure also how far off that is.
pub fn told(condition: &Condition, holds: Truth, clause: &Clause, context: &mut Context<'_>) -> Failed {
    let node = if holds.is_false() { culprit(&condition.test, context) } else { taken(&condition.test, context) };
    let mut failed = figures(node, holds, condition.text.clone(), context);
    if holds.is_false() {
        let mut parts = Vec::new();
        choices(node, &mut parts);
        for part in parts.into_iter().filter(|_| matches!(node.op, Op::Or(..))) {
            let part = culprit(part, context);
            let what = if let Op::Compare(_, left, _) = &part.op { left } else { part };
            let text = words(context.names, Some(clause), &[], what);
            failed.parts.push(figures(part, holds, text, context));
        }
    }
    failed
}

/// The parts any of which is enough.
fn choices<'n>(node: &'n Node, parts: &mut Vec<&'n Node>) {
    match &node.op {
        Op::Or(left, right) => {
            choices(left, parts);
            choices(right, parts);
        }
        _ => parts.push(node),
    }
}

/// What a part of a condition requires, and what is the case.
fn figures(node: &Node, holds: Truth, text: Text, context: &mut Context<'_>) -> Failed {
    let mut failed = Failed { text, required: None, actual: None, distance: None, parts: Vec::new() };
    let names = context.names;
    match &node.op {
        Op::Compare(operator, left, right) => {
            let (actual, wanted) = (left.eval(context), right.eval(context));
            // Before or after a day that never came tells nobody anything.
            let never = |value: &Value| matches!(value, Value::Date(day) if day.as_point() == Some(Day::NEVER));
            let told = !never(&wanted) && !never(&actual);
            // Both sides, and what is between them, in one unit.
            let measure = left.measure(names).zip(right.measure(names)).map(|(own, other)| match &wanted {
                Value::Quantity(required) => compared(own, other, *required),
                _ => own,
            });
            let tell = |value: &Value| match (value, &measure) {
                (Value::Quantity(number), Some(measure)) => measure.shown(*number),
                _ => show(value, &left.ty, names),
            };
            failed.required = told.then(|| (operator.sign(), tell(&wanted)));
            failed.actual = (told || !holds.is_true()).then(|| tell(&actual));
            if holds.is_false() {
                failed.distance = distance(*operator, &actual, &wanted, &tell, context);
            }
        }
        Op::Input(_) | Op::EachField(_) | Op::Let(_) | Op::Define(_) | Op::CameTo(_) => {
            failed.actual = Some(Shown::Truth(holds))
        }
        Op::Not(inner) if matches!(inner.op, Op::Input(_) | Op::EachField(_) | Op::CameTo(_)) => {
            failed.actual = Some(Shown::Truth(holds.negate()));
        }
        _ => {}
    }
    failed
}

/// How far an ordered value is from what is required.
fn distance(
    operator: Binary,
    actual: &Value,
    wanted: &Value,
    tell: &dyn Fn(&Value) -> Shown,
    context: &Context<'_>,
) -> Option<Shown> {
    if matches!(operator, Binary::Equal | Binary::NotEqual) {
        return None;
    }
    match (actual, wanted) {
        (Value::Quantity(actual), Value::Quantity(wanted)) => {
            let (actual, wanted) = (actual.as_point()?, wanted.as_point()?);
            let off = actual.max(wanted).minus(actual.min(wanted))?;
            (off > Number::ZERO).then(|| tell(&Value::Quantity(Interval::point(off))))
        }
        (Value::Date(actual), Value::Date(wanted)) => {
            let (actual, wanted) = (actual.as_point()?.number()?, wanted.as_point()?.number()?);
            let days = Interval::whole(actual.abs_diff(wanted).try_into().ok()?);
            Some(show(&Value::Quantity(days), &Type::Quantity(Unit::base("天")), context.names))
        }
        _ => None,
    }
}
