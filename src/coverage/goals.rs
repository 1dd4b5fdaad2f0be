//! What there is to reach.

use crate::allot;
use crate::assess::model::{Line, Status};
use crate::clause::kind::Measures;
use crate::clause::{Clause, Limit, Parts};
use crate::coverage::{Goal, Reach};
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::expr::watch::Outcomes;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Bound, Interval};

/// What stands for the policy's definitions.
pub const DEFINE: &str = "define";
/// What stands for the rules over the whole policy.
pub const POLICY: &str = "policy";
/// What stands for its readings.
pub const READINGS: &str = "readings";

fn pays(line: &Line) -> bool {
    // A figure may be below 0.
    let is_some = |awarded: Interval| awarded.lo > Bound::ZERO || awarded.hi < Bound::ZERO;
    let something = line.amounts.as_ref().is_some_and(|amounts| is_some(amounts.awarded));
    line.status == Status::Eligible && something
}

fn is_met(line: &Line) -> bool {
    matches!(line.status, Status::Met | Status::Stated)
}

fn is_open(line: &Line) -> bool {
    line.status == Status::Undetermined
}

fn is_capped(line: &Line) -> bool {
    line.steps.iter().any(|step| step.kind == "cap")
}

fn is_raised(line: &Line) -> bool {
    line.steps.iter().any(|step| step.kind == "floor")
}

/// Everything that can be reached: id, title and goals of each clause that has any, then of the rest.
pub(super) fn all(policy: &Policy) -> Vec<(String, Text, Vec<Goal>)> {
    let mut parts = Vec::new();
    for clause in &policy.clauses {
        let goals = of_clause(policy, clause);
        parts.push((clause.id.clone(), clause.title.clone(), goals));
    }
    let defines: Vec<&Node> = policy.names.defines.iter().map(|define| &define.node).collect();
    parts.push((DEFINE.to_owned(), Text::new("定义", "definitions"), branches(&defines)));
    parts.push((POLICY.to_owned(), Text::new("全件规则", "rules over the whole policy"), over_all(policy)));
    parts.push((READINGS.to_owned(), Text::new("读法", "readings"), readings(policy)));
    parts.retain(|(_, _, goals)| !goals.is_empty());
    parts
}

fn of_clause(policy: &Policy, clause: &Clause) -> Vec<Goal> {
    let mut goals = Vec::new();
    let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
    let counts = has_amount && clause.kind.measures != Measures::Nothing;
    let nodes = nodes(clause);
    let reads = nodes.iter().any(|node| reads(policy, node));
    let mut line = |name: &str, is_so| {
        goals.push(Goal::new(name.to_owned(), clause.span.clone(), Reach::Line(is_so)));
    };
    // A clause without conditions or amount has one outcome only, and nothing to get wrong.
    if counts {
        line("paid", pays);
    } else if reads {
        line("met", is_met);
    }
    if reads {
        line("undetermined", is_open);
    }
    if clause.at_least.is_some() {
        line("raised", is_raised);
    }
    if clause.at_most.is_some() {
        line("capped", is_capped);
    }
    goals.extend(clause.limits.iter().filter(|limit| !limit.is_over_clauses()).flat_map(of_limit));
    for condition in &clause.requires {
        let span = condition.test.span.clone();
        goals.push(Goal::told("refused", &condition.text, span.clone(), Reach::Seen(span, |seen| seen.failed)));
    }
    goals.extend(branches(&nodes));
    goals
}

/// What can become of lines under a limit.
fn of_limit(limit: &Limit) -> Vec<Goal> {
    let goal = |word: &str, reach| Goal::told(word, &limit.text, limit.at_most.span.clone(), reach);
    if !limit.across {
        return vec![goal("limit", Reach::Limited(limit.pool, limit.text.clone()))];
    }
    let each = outcomes(limit).iter();
    each.map(|(word, outcome)| goal(word, Reach::Came(limit.pool, *outcome))).collect()
}

/// What can become of a line under a limit over all applicants, by the way in which it is shared out.
fn outcomes(limit: &Limit) -> &'static [(&'static str, allot::Outcome)] {
    use allot::Outcome::{Inside, LeftOut, Open, Reduced};
    const INSIDE: (&str, allot::Outcome) = ("inside", Inside);
    const PARTLY: (&str, allot::Outcome) = ("partly", Reduced);
    const LEFT_OUT: (&str, allot::Outcome) = ("left out", LeftOut);
    match (limit.money, limit.in_proportion, limit.order.is_some()) {
        (true, true, _) => &[INSIDE, PARTLY],
        (true, false, true) => &[INSIDE, PARTLY, LEFT_OUT],
        (false, _, true) => &[INSIDE, LEFT_OUT],
        // Who is left out the authority says.
        (_, _, false) => &[INSIDE, ("open", Open)],
    }
}

/// Every expression of a clause, but for those of limits that it shares with others.
pub(crate) fn nodes(clause: &Clause) -> Vec<&Node> {
    let mut nodes: Vec<&Node> = clause.event.iter().chain(&clause.let_nodes).collect();
    nodes.extend(clause.requires.iter().map(|condition| &condition.test));
    nodes.extend(clause.amount.iter().chain(&clause.at_least).chain(&clause.at_most));
    if let Some(accrual) = &clause.accrual {
        let more = [&accrual.until, &accrual.at_most, &accrual.part, &accrual.counts_from, &accrual.counts_until];
        nodes.push(&accrual.from);
        nodes.extend(more.into_iter().flatten());
    }
    nodes.extend(clause.installments.iter().flat_map(|part| [&part.amount, &part.due]));
    nodes.extend(clause.limits.iter().filter(|limit| !limit.is_over_clauses()).flat_map(Limit::expressions));
    nodes.extend(clause.parts.iter().flat_map(Parts::expressions));
    nodes.extend(clause.instead_of.iter().filter_map(|displaces| displaces.when.as_ref()));
    nodes.extend(&clause.used);
    nodes
}

/// The expressions of the rules over the whole policy.
pub(crate) fn rules(policy: &Policy) -> Vec<&Node> {
    let mut nodes: Vec<&Node> = policy.triggers_until.iter().chain(&policy.payable_until).collect();
    if let Some(overlap) = &policy.overlap {
        nodes.extend([&overlap.counts, &overlap.method, &overlap.by_installment].into_iter().flatten());
    }
    nodes.extend(policy.highest_only.iter().filter_map(|rule| rule.when.as_ref()));
    nodes.extend(policy.limits_over_clauses().flat_map(|(_, limit)| limit.expressions()));
    nodes
}

/// Every part of an expression, itself included.
pub(crate) fn walk<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    found.push(node);
    for child in node.children() {
        walk(child, found);
    }
}

/// Whether an expression asks for something that may be unknown: a fact or parameter without a meaning of its absence, or a
/// field of a record.
fn reads(policy: &Policy, node: &Node) -> bool {
    let mut parts = Vec::new();
    walk(node, &mut parts);
    parts.iter().any(|part| match &part.op {
        Op::Input(place) => policy
            .names
            .inputs
            .get(*place)
            .is_some_and(|input| !matches!(input.origin, Origin::Reading(_)) && !input.absent.is_point()),
        Op::Aggregate(aggregate) => {
            policy.names.inputs.get(aggregate.input).is_some_and(|input| !input.absent.is_point())
        }
        Op::Define(place) => policy.names.defines.get(*place).is_some_and(|define| reads(policy, &define.node)),
        Op::EachField(_) => true,
        _ => false,
    })
}

/// What stands in a file, on one line.
pub(crate) fn written(span: &Span) -> String {
    let text = span.source.text.get(span.range.clone()).unwrap_or("");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The branches, cells and steps of expressions.
fn branches(nodes: &[&Node]) -> Vec<Goal> {
    let mut parts = Vec::new();
    nodes.iter().for_each(|node| walk(node, &mut parts));
    let mut goals: Vec<Goal> = Vec::new();
    let mut seen = |name: String, span: &Span, is_so: fn(Outcomes) -> bool| {
        if !goals.iter().any(|goal| goal.name == name) {
            goals.push(Goal::new(name, span.clone(), Reach::Seen(span.clone(), is_so)));
        }
    };
    for part in parts {
        match &part.op {
            Op::If(condition, ..) if part.since().is_some() => {
                let text = written(&condition.span);
                seen(format!("from {text}"), &condition.span, |seen| seen.held);
            }
            Op::If(condition, ..) => {
                let text = written(&condition.span);
                seen(format!("true {text}"), &condition.span, |seen| seen.held);
                seen(format!("false {text}"), &condition.span, |seen| seen.failed);
            }
            Op::Lookup(table, ..) => {
                for (word, cell) in &table.cells {
                    seen(format!("cell {}.{word}", table.name), &cell.span, |seen| seen.reached);
                }
            }
            Op::Scale(scale, _) => {
                for (threshold, step) in &scale.steps {
                    let (from, unit) = (scale.over_measure.number(threshold.at), &scale.over_measure.name.zh);
                    let above = if threshold.above { ">" } else { "" };
                    seen(format!("step {}.{above}{from}{unit}", scale.name), &step.span, |seen| seen.reached);
                }
            }
            _ => {}
        }
    }
    goals
}

/// What the rules over the whole policy can come to: their branches, and for each rule on facts that it refuses some.
fn over_all(policy: &Policy) -> Vec<Goal> {
    let mut goals = branches(&rules(policy));
    goals.extend(policy.limits_over_clauses().flat_map(|(_, limit)| of_limit(limit)));
    for rule in &policy.consistent {
        let (words, span) = (&rule.condition.text, &rule.condition.test.span);
        goals.push(Goal::told("contradiction", words, span.clone(), Reach::Refused(words.clone())));
    }
    goals
}

/// Every option of every reading that an expression asks for.
fn readings(policy: &Policy) -> Vec<Goal> {
    let mut parts = Vec::new();
    policy.clauses.iter().flat_map(nodes).for_each(|node| walk(node, &mut parts));
    policy.names.defines.iter().for_each(|define| walk(&define.node, &mut parts));
    rules(policy).into_iter().for_each(|node| walk(node, &mut parts));
    let mut goals = Vec::new();
    for (place, input) in policy.names.inputs.iter().enumerate() {
        let (Origin::Reading(reading), Type::Enum(words)) = (&input.origin, &input.ty) else { continue };
        let asked = parts.iter().filter(|part| matches!(part.op, Op::Input(input) if input == place));
        let spans: Vec<Span> = asked.map(|part| part.span.clone()).collect();
        let Some(first) = spans.first().cloned() else { continue };
        let options = policy.names.enums.get(*words).map_or(&[][..], |found| found.words.as_slice());
        for (option, (word, _)) in options.iter().enumerate() {
            let bit = u32::try_from(option).ok().and_then(|option| 1_u64.checked_shl(option)).unwrap_or(0);
            let reach = Reach::Option(spans.clone(), bit);
            goals.push(Goal::new(format!("option {}.{word}", reading.id), first.clone(), reach));
        }
    }
    goals
}
