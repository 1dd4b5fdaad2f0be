//! Which records of a list went into a count or sum, and why others did not.

use crate::clause::Let;
use crate::explain::judge::Judge;
use crate::explain::model::{Counted, Few};
use crate::expr::context::Context;
use crate::expr::program::{Aggregate, Node, Op};
use crate::lang::Text;
use crate::policy::told;
use crate::value::Record;

/// So many counts are told.
const MOST: usize = 12;
/// So many reasons for which records are left out are told of one.
const MOST_REASONS: usize = 8;
/// Words beyond this are left out: a condition of many lines is read in the policy.
const LONGEST: usize = 120;
/// So many records are named.
const NAMED: usize = 5;

/// Every count or sum over some of a list in the expressions of a clause, those inside others left out.
pub(super) fn all(judge: &Judge<'_>) -> Vec<Counted> {
    let (policy, clause) = (judge.policy, judge.clause);
    let Some(world) = judge.world(judge.applicant) else { return Vec::new() };
    let mut found: Vec<Counted> = Vec::new();
    let (mut defined, mut told_before) = (Vec::new(), Vec::new());
    // Each with the intermediate value that it stands in.
    let of_lets = clause.lets.iter().map(Some).chain(std::iter::repeat(None));
    let mut waiting: Vec<(&Node, Option<&Let>)> = clause.expressions().into_iter().zip(of_lets).collect();
    waiting.reverse();
    while let Some((node, within)) = waiting.pop() {
        if let Op::Define(place) = node.op
            && !defined.contains(&place)
        {
            defined.push(place);
            waiting.extend(policy.names.defines.get(place).map(|define| (&define.node, within)));
        }
        // What is counted only where a condition does not hold went into nothing.
        if let Op::If(condition, yes, no) = &node.op {
            let mut context = world.context();
            context.enter(world.local(clause, judge.record));
            let holds = condition.truth(&mut context);
            let parts = [(no, !holds.is_true()), (yes, !holds.is_false()), (condition, true)];
            waiting.extend(parts.into_iter().filter(|(_, counts)| *counts).map(|(node, _)| (&**node, within)));
            continue;
        }
        let Op::Aggregate(aggregate) = &node.op else {
            waiting.extend(node.children().into_iter().rev().map(|node| (node, within)));
            continue;
        };
        let Some(filter) = aggregate.filter.as_deref().filter(|_| aggregate.best.is_none()) else { continue };
        let list = policy.names.inputs.get(aggregate.input).map(|input| input.label.clone()).unwrap_or_default();
        let told = |part: &Node| cut(&told::expression(policy, Some(clause), &[aggregate.list], part));
        let those = told(filter);
        let those = Text::made(format!("{}，其中 {}", list.zh, those.zh), format!("{} where {}", list.en, those.en));
        let what = match within.and_then(|own| own.label.clone().or_else(|| Some(Text::same(own.name.clone())))) {
            Some(name) => Text::made(format!("{}：{}", name.zh, those.zh), format!("{}: {}", name.en, those.en)),
            None => those,
        };
        // A count and a sum over the same records are told once.
        let whole = told::expression(policy, Some(clause), &[aggregate.list], filter);
        if found.len() == MOST || told_before.contains(&(what.clone(), whole.clone())) {
            continue;
        }
        told_before.push((what.clone(), whole));
        let mut context = world.context();
        context.enter(world.local(clause, judge.record));
        found.extend(counted(aggregate, filter, what, &told, &mut context));
    }
    found
}

/// `None` where there are no records.
fn counted<'a>(
    aggregate: &'a Aggregate,
    filter: &'a Node,
    what: Text,
    why: &dyn Fn(&Node) -> Text,
    context: &mut Context<'a>,
) -> Option<Counted> {
    let mut parts = Vec::new();
    chain(filter, &mut parts);
    let mut found = Counted { what, counts: Few::default(), open: Few::default(), left_out: Vec::new() };
    let mut reasons: Vec<(Option<usize>, Few)> = Vec::new();
    aggregate.each_record(context, &mut |index, record, context| {
        let holds = filter.truth(context);
        if holds.is_true() && record.is_there() {
            found.counts.add(index, record);
        } else if !holds.is_false() {
            found.open.add(index, record);
        } else {
            let fails = parts.iter().position(|part| part.truth(context).is_false());
            match reasons.iter_mut().find(|(known, _)| *known == fails) {
                Some((_, few)) => few.add(index, record),
                None => {
                    let mut few = Few::default();
                    few.add(index, record);
                    reasons.push((fails, few));
                }
            }
        }
    });
    reasons.sort_by_key(|(part, _)| *part);
    let told = |(part, few): (Option<usize>, Few)| (part.and_then(|part| parts.get(part)).map(|part| why(part)), few);
    found.left_out = reasons.into_iter().take(MOST_REASONS).map(told).collect();
    let any = found.counts.count + found.open.count > 0 || !found.left_out.is_empty();
    any.then_some(found)
}

/// Beginning and end of what is long: what records of one name have besides stands at the end.
fn cut(text: &Text) -> Text {
    let cut = |text: &str, most: usize| {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let half = most / 2;
        match (places.get(half), places.len().checked_sub(half).and_then(|place| places.get(place))) {
            (Some(&head), Some(&tail)) if places.len() > most => {
                let (head, tail) = (text.get(..head).unwrap_or(""), text.get(tail..).unwrap_or(""));
                format!("{} … {}", head.trim_end(), tail.trim_start())
            }
            _ => text.to_owned(),
        }
    };
    Text::made(cut(&text.zh, LONGEST / 2), cut(&text.en, LONGEST))
}

/// The parts that all must hold.
fn chain<'a>(node: &'a Node, parts: &mut Vec<&'a Node>) {
    match &node.op {
        Op::And(left, right) => {
            chain(left, parts);
            chain(right, parts);
        }
        _ => parts.push(node),
    }
}

impl Few {
    fn add(&mut self, index: usize, record: &Record) {
        self.count += record.times as usize;
        if self.named.len() == NAMED {
            self.more += record.times as usize;
            return;
        }
        let name = match &record.label {
            Some(label) => Text::same(label.clone()),
            None => Text::made(format!("第{}条", index + 1), format!("record {}", index + 1)),
        };
        self.named.push(match record.times {
            1 => name,
            times => Text::made(format!("{}（{times}条）", name.zh), format!("{} ({times} of it)", name.en)),
        });
    }
}
