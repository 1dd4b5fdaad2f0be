//! Conditions: all must hold. One that fails says what is required, what is the case, and how far off it is.

use crate::assess::draft::Trace;
use crate::assess::model::Failed;
use crate::clause::{Clause, Condition};
use crate::expr::context::{Context, Reads};
use crate::expr::explain::show;
use crate::expr::formula::Shown;
use crate::expr::measure::compared;
use crate::expr::names::{Names, Origin};
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::told::words;
use crate::value::{Day, Interval, Number, Truth, Unit, Value};

/// Of more parts than this, any of which is enough, none is told.
const MOST_PARTS: usize = 8;

/// Whether all conditions hold. Every condition that fails for sure is shown, not only the first. `fails`: what all of these read.
pub(in crate::assess) fn all(
    clause: &Clause,
    context: &mut Context<'_>,
    mut shown: Option<&mut Trace>,
    fails: &mut Option<Reads>,
) -> Truth {
    let mut all = Truth::TRUE;
    let mark = context.causes.len();
    let shows = context.only_shows();
    for condition in &clause.requires {
        let before = std::mem::take(&mut context.reads);
        let holds = condition.test.truth(context);
        let own = std::mem::replace(&mut context.reads, before);
        context.reads.extend(&own);
        if holds.is_false() {
            *fails = Some(match fails.take() {
                Some(so_far) => so_far.meet(&own),
                None => own,
            });
        }
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
        if matches!(node.op, Op::Or(..)) {
            choices(node, context.names, &mut parts);
        }
        let parts: Vec<&Node> = parts.into_iter().map(|part| culprit(part, context)).collect();
        // A way to read the law is nothing that the applicant could have met, and is told as a reading where it matters.
        let parts: Vec<&Node> = parts.into_iter().filter(|part| !is_reading(part, context.names)).collect();
        // All of them or none: who reads some of them takes them for all. Names of the file say nothing to who reads this.
        let is_told = parts.len() <= MOST_PARTS && parts.iter().all(|part| is_in_words(part, clause));
        let parts = if is_told { parts } else { Vec::new() };
        for part in parts {
            let what = left_of(part);
            let text = words(context.names, Some(clause), &[], what);
            failed.parts.push(figures(part, holds, text, context));
        }
        // Without a figure they say no more than the words of the condition.
        if failed.parts.iter().all(|part| part.required.is_none()) {
            failed.parts.clear();
        }
    }
    failed
}

/// The parts any of which is enough, also of a definition.
fn choices<'n>(node: &'n Node, names: &'n Names, parts: &mut Vec<&'n Node>) {
    if parts.len() > MOST_PARTS {
        return;
    }
    match &node.op {
        Op::Or(left, right) => {
            choices(left, names, parts);
            choices(right, names, parts);
        }
        Op::Define(place) => match names.defines.get(*place) {
            Some(define) => choices(&define.node, names, parts),
            None => parts.push(node),
        },
        _ => parts.push(node),
    }
}

/// Whether a part asks only how the law is read.
fn is_reading(node: &Node, names: &Names) -> bool {
    match &node.op {
        Op::Input(place) => names.inputs.get(*place).is_some_and(|input| matches!(input.origin, Origin::Reading(_))),
        Op::Compare(_, left, _) => is_reading(left, names),
        Op::Not(inner) => is_reading(inner, names),
        _ => false,
    }
}

/// Whether an expression is told without a name that only the file has.
fn is_in_words(node: &Node, clause: &Clause) -> bool {
    let is_named = match node.op {
        Op::Define(_) => false,
        Op::Let(place) => clause.lets.get(place).is_some_and(|found| found.label.is_some()),
        _ => true,
    };
    is_named && node.children().into_iter().all(|child| is_in_words(child, clause))
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
            let required = if let Value::Quantity(required) = &wanted { Some(*required) } else { None };
            let measure = compared(left, right, required, names);
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
        Op::In(value, options) => among(Binary::Equal, value, options, &mut failed, context),
        Op::Input(_) | Op::EachField(_) | Op::Let(_) | Op::Define(_) | Op::CameTo(_) => {
            failed.actual = Some(Shown::Truth(holds))
        }
        Op::Not(inner) => match &inner.op {
            Op::In(value, options) => among(Binary::NotEqual, value, options, &mut failed, context),
            Op::Input(_) | Op::EachField(_) | Op::CameTo(_) => failed.actual = Some(Shown::Truth(holds.negate())),
            _ => {}
        },
        _ => {}
    }
    failed
}

/// What stands on the left of what is required; the part itself where [`figures`] says no more than its words.
fn left_of(part: &Node) -> &Node {
    let inner = if let Op::Not(inner) = &part.op { inner } else { part };
    match &inner.op {
        Op::Compare(_, left, _) if std::ptr::eq(inner, part) => left,
        Op::In(value, _) if matches!(value.ty, Type::Enum(_)) => value,
        _ => part,
    }
}

/// One of several words is required, or none of them.
fn among(operator: Binary, value: &Node, options: &[Node], failed: &mut Failed, context: &mut Context<'_>) {
    let wanted = options.iter().map(|option| option.eval(context)).reduce(|all, option| all.hull(&option));
    // Of numbers and days what lies between them is not meant.
    if let Some(wanted @ Value::Words(_)) = wanted {
        failed.required = Some((operator.sign(), show(&wanted, &value.ty, context.names)));
        failed.actual = Some(show(&value.eval(context), &value.ty, context.names));
    }
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
