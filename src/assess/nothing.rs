//! Why a calculation gives nothing: the part of it that is 0, or what is taken off more than there is.

use crate::clause::Clause;
use crate::expr::context::Context;
use crate::expr::function::Builtin;
use crate::expr::program::{AggregateKind, Node, Op};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Interval, Number, Value};

/// In words why a part of a clause is 0 or less; `None` where nothing more can be said.
pub(super) fn why<'n>(of: (&'n Policy, &'n Clause), node: &'n Node, context: &mut Context<'n>) -> Option<Text> {
    part(of, node, &mut Vec::new(), context)
}

/// `seen`: what was followed already, so that nothing is followed twice.
fn part<'n>(
    of: (&'n Policy, &'n Clause),
    node: &'n Node,
    seen: &mut Vec<&'n Node>,
    context: &mut Context<'n>,
) -> Option<Text> {
    let (policy, clause) = of;
    match &node.op {
        Op::Let(place) => {
            let inner = clause.let_nodes.get(*place)?;
            if seen.iter().any(|known| std::ptr::eq(*known, inner)) {
                return None;
            }
            seen.push(inner);
            let inner = part(of, inner, seen, context);
            let label = clause.lets.get(*place).and_then(|rule| rule.label.as_ref());
            match (label, inner) {
                (Some(label), inner) => {
                    let own = comes_to(label, node, context);
                    Some(match inner {
                        Some(inner) => {
                            Text::made(format!("{}（{}）", own.zh, inner.zh), format!("{} ({})", own.en, inner.en))
                        }
                        None => own,
                    })
                }
                (None, inner) => inner,
            }
        }
        Op::Define(place) => {
            let define = &context.names.defines.get(*place)?.node;
            if seen.iter().any(|known| std::ptr::eq(*known, define)) {
                return None;
            }
            seen.push(define);
            part(of, define, seen, context)
        }
        Op::Arithmetic(Binary::Multiply, left, right) => {
            let culprit = if is_nothing(left, context) { left } else { right };
            part(of, culprit, seen, context)
        }
        Op::Arithmetic(Binary::Divide, left, _) => part(of, left, seen, context),
        Op::Arithmetic(Binary::Add, left, right) => {
            part(of, left, seen, context).or_else(|| part(of, right, seen, context))
        }
        Op::Arithmetic(_, left, right) if !is_nothing(left, context) => {
            let (own, other, rest) = (named(left, context)?, named(right, context)?, told(node, context)?);
            Some(Text::made(
                format!("{} − {} = {}", own.zh, other.zh, rest.zh),
                format!("{} − {} = {}", own.en, other.en, rest.en),
            ))
        }
        Op::Arithmetic(_, left, _) => part(of, left, seen, context),
        Op::If(condition, yes, no) => {
            let branch = if condition.truth(context).is_true() { yes } else { no };
            part(of, branch, seen, context)
        }
        Op::Lookup(table, cells, index) => {
            let Value::Words(words) = index.eval(context) else { return None };
            let (_, cell) = table.cells.get(cells.get(words.point()?).copied().flatten()?)?;
            part(of, cell, seen, context)
        }
        Op::Scale(scale, argument) => {
            let (lowest, _) = scale.steps.first()?;
            let reached = argument.quantity(context).as_point()?;
            if lowest.is_reached(Bound::At(reached)) {
                return None;
            }
            let measure = &scale.over_measure;
            let (zh, en) = if lowest.above { ("未超过", "not above") } else { ("未达到", "below") };
            let (reached, lowest) = (measure.told(reached), measure.told(lowest.at));
            Some(Text::made(
                format!("{}，{zh}最低一档 {}", reached.zh, lowest.zh),
                format!("{} is {en} the lowest step, {}", reached.en, lowest.en),
            ))
        }
        Op::Call(Builtin::Min, arguments) => {
            let culprit = arguments.iter().find(|argument| is_nothing(argument, context))?;
            part(of, culprit, seen, context)
        }
        Op::Call(Builtin::Max, arguments) => arguments.iter().find_map(|argument| part(of, argument, seen, context)),
        Op::Call(Builtin::Round | Builtin::Floor | Builtin::Ceil, arguments) => {
            let (number, step) = (arguments.first()?, arguments.get(1)?);
            if is_nothing(number, context) {
                return part(of, number, seen, context);
            }
            let (number, step) = (told(number, context)?, told(step, context)?);
            Some(Text::made(
                format!("{} 不满 {}，取整为 0", number.zh, step.zh),
                format!("{} is less than {} and rounded to 0", number.en, step.en),
            ))
        }
        Op::Accrued => Some(Text::new("没有可计的时间", "no time counts")),
        Op::Aggregate(aggregate) if matches!(aggregate.kind, AggregateKind::Count | AggregateKind::Sum) => {
            let mut inside =
                |context: &mut Context<'n>| aggregate.body.as_deref().and_then(|body| part(of, body, seen, context));
            if let Some(why) = aggregate.first_that_counts(context, &mut inside) {
                return why;
            }
            let list = &context.names.inputs.get(aggregate.input)?.label;
            Some(Text::made(format!("“{}”中没有计入的", list.zh), format!("none of “{}” counts", list.en)))
        }
        Op::CameTo(named) => {
            let label = policy.clauses.get(named.clause)?.called(named.what);
            Some(comes_to(&label, node, context))
        }
        Op::Input(_) | Op::EachField(_) => {
            let label = &node.named(context)?.label;
            Some(comes_to(label, node, context))
        }
        _ => None,
    }
}

/// That something is 0, or how much below.
fn comes_to(label: &Text, node: &Node, context: &mut Context<'_>) -> Text {
    let below = node.quantity(context).as_point().filter(|number| *number < Number::ZERO).is_some();
    match told(node, context).filter(|_| below) {
        Some(told) => Text::made(format!("“{}”为 {}", label.zh, told.zh), format!("{} is {}", label.en, told.en)),
        None => Text::made(format!("“{}”为 0", label.zh), format!("{} is 0", label.en)),
    }
}

/// Whether a quantity is known to be 0 or below.
fn is_nothing(node: &Node, context: &mut Context<'_>) -> bool {
    node.quantity(context).floor_at_zero() == Interval::ZERO
}

/// The same with what it is called, where that is a fact, a list, or one of them bounded by something.
fn named(node: &Node, context: &mut Context<'_>) -> Option<Text> {
    let told = told(node, context)?;
    Some(match label(node, context) {
        Some(label) => Text::made(format!("{} {}", label.zh, told.zh), format!("{} {}", label.en, told.en)),
        None => told,
    })
}

fn label(node: &Node, context: &mut Context<'_>) -> Option<Text> {
    match &node.op {
        Op::If(condition, yes, no) => {
            let branch = if condition.truth(context).is_true() { yes } else { no };
            label(branch, context)
        }
        Op::Call(Builtin::Min | Builtin::Max, arguments) => arguments.iter().find_map(|node| label(node, context)),
        Op::Aggregate(aggregate) => context.names.inputs.get(aggregate.input).map(|list| list.label.clone()),
        _ => node.named(context).map(|input| input.label.clone()),
    }
}

/// A known quantity in words.
fn told(node: &Node, context: &mut Context<'_>) -> Option<Text> {
    let number = node.quantity(context).as_point()?;
    Some(node.measure(context.names)?.told(number))
}
