//! What is expected on the way to an amount: the values of `let`s, and what steps leave of it.

use crate::applicant::Applicant;
use crate::assess::linked;
use crate::assess::model::{Line, PartSums};
use crate::assess::world::World;
use crate::cases::compare::{differing, unit_of};
use crate::cases::{Difference, Values};
use crate::clause::{Parts, YEAR};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Item, Raw, Table};
use crate::expr::context::Context;
use crate::expr::eval::anything;
use crate::expr::formula::Shown;
use crate::expr::names::{Input, Origin};
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, given};
use crate::value::{Interval, Unit, Value};

codes! {
    static UNKNOWN_LET: Code = Code::new("unknown-name", "名称未定义", "nothing has this name");
    static UNKNOWN_PART: Code = Code::new("unknown-part", "没有这一部分", "there is no such part");
    static UNKNOWN_STEP: Code = Code::new("unknown-step", "没有这种步骤", "there is no such kind of step");
}

/// What a step that leaves an amount can be.
const STEPS: &[&str] = &[
    "accrued",
    "amount",
    "floor",
    "cap",
    "not_negative",
    "rounding",
    "conditions",
    "limit",
    "displaced",
    "highest_only",
    "overlap",
    "payable_until",
];

/// Whether a case says what steps leave.
pub(super) fn expects_steps(case: &Table) -> bool {
    let of = |table: &Table| match table.get("expect").map(|item| &item.value) {
        Some(Raw::Table(lines)) => lines.entries().iter().any(|entry| match &entry.item.value {
            Raw::Table(line) => line.get("steps").is_some(),
            _ => false,
        }),
        _ => false,
    };
    let among = |item: &Item| matches!(&item.value, Raw::Table(table) if of(table));
    of(case)
        || case.get("applicants").is_some_and(|item| matches!(&item.value, Raw::Array(all) if all.iter().any(among)))
}

/// Compares the `let`s that are expected.
pub(super) fn lets(
    wanted: &Table,
    line: &Line,
    policy: &Policy,
    applicant: &Applicant,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let Some(table) = wanted.get("let").and_then(|item| item.table(faults)) else { return differences };
    let Some(clause) = policy.clause(&line.clause).and_then(|place| policy.clauses.get(place)) else {
        return differences;
    };
    let inputs = applicant.inputs.first().cloned().unwrap_or_default();
    let world = World::new(policy, inputs, applicant.as_of);
    let world = world.with_results_of(clause, &linked::of_kind(policy, &applicant.kind));
    let mut context = world.context();
    let record = line.record.as_ref().and_then(|record| record.index.checked_sub(1));
    context.enter(world.local(clause, record));
    for entry in table.entries() {
        let place = clause.lets.iter().position(|known| known.name == entry.key);
        let Some(node) = place.and_then(|place| clause.let_nodes.get(place)) else {
            let help = did_you_mean(&entry.key, clause.lets.iter().map(|known| known.name.as_str()));
            faults.push(UNKNOWN_LET.at(entry.key_span.clone(), Text::default()).help(help));
            continue;
        };
        if let Some((expected, found)) = differs(&entry.item, node, policy, &mut context, faults) {
            let [expected, found] = [expected, found].map(|value| node.show(&value, &policy.names));
            let values = Values::Let(Box::new((entry.key.clone(), expected, found)));
            differences.push(Difference { key: "let", span: entry.item.span.clone(), values });
        }
    }
    differences
}

/// What is expected of a `let`, where that is not what it came to; with what it came to.
fn differs(
    item: &Item,
    node: &Node,
    policy: &Policy,
    context: &mut Context<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<(Value, Value)> {
    let found = node.eval(context);
    if let (Type::Quantity(unit), Value::Quantity(interval)) = (&node.ty, &found) {
        let expected = differing(item, Some(*interval), (unit, None), policy, faults)?;
        return Some((Value::Quantity(expected), found));
    }
    let any = anything(&node.ty);
    let input = Input {
        name: String::new(),
        label: Text::default(),
        ask: None,
        ty: node.ty.clone(),
        origin: Origin::Fact,
        domain: any.clone(),
        absent: any,
        versions: Vec::new(),
        written_in: None,
        integer: false,
        measure: None,
        may_be_never: true,
    };
    let expected = given(item, &input, &policy.names, faults)?;
    (expected != found).then_some((expected, found))
}

/// Compares the amounts that steps leave: of several of one kind the last.
pub(super) fn steps(wanted: &Table, line: &Line, policy: &Policy, faults: &mut Vec<Diagnostic>) -> Vec<Difference> {
    let mut differences = Vec::new();
    let Some(table) = wanted.get("steps").and_then(|item| item.table(faults)) else { return differences };
    let of_clause =
        policy.clause(&line.clause).map_or((policy.names.money.unit(), None), |place| unit_of(policy, place));
    for entry in table.entries() {
        if !STEPS.contains(&entry.key.as_str()) {
            let help = did_you_mean(&entry.key, STEPS.iter().copied());
            faults.push(UNKNOWN_STEP.at(entry.key_span.clone(), Text::default()).help(help));
            continue;
        }
        let found = line.steps.iter().rev().find(|step| step.kind == entry.key).and_then(|step| match step.value {
            Shown::Quantity { interval, .. } => Some(interval),
            _ => None,
        });
        let (unit, measure) = match entry.key.as_str() {
            "accrued" => (Unit::base("月"), None),
            _ => of_clause.clone(),
        };
        if let Some(expected) = differing(&entry.item, found, (&unit, measure), policy, faults) {
            let name = measure.map_or_else(|| policy.names.unit_name(&unit), |measure| measure.name.clone());
            let values = Values::Step(Box::new((entry.key.clone(), expected, found, name)));
            differences.push(Difference { key: "steps", span: entry.item.span.clone(), values });
        }
    }
    differences
}

/// Compares what parts of an amount come to, of a line or of the sums: `parts.payer.province = "5万元"`.
pub(super) fn parts(
    wanted: &Table,
    found: &[PartSums],
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let Some(table) = wanted.get("parts").and_then(|item| item.table(faults)) else { return differences };
    let (unit, name) = (policy.names.money.unit(), policy.names.money_name());
    for by in table.entries() {
        let rules = || policy.clauses.iter().flat_map(|clause| &clause.parts);
        if !rules().any(|rule| rule.by == by.key) {
            let help = did_you_mean(&by.key, rules().map(|rule| rule.by.as_str()));
            faults.push(UNKNOWN_PART.at(by.key_span.clone(), Text::default()).help(help));
            continue;
        }
        let of = found.iter().find(|of| of.by.name == by.key);
        let Some(expected) = by.item.table(faults) else { continue };
        for entry in expected.entries() {
            let words = rules().filter(|rule| rule.by == by.key).flat_map(Parts::words);
            let is_year = by.key == YEAR && entry.key.len() == 4 && entry.key.parse::<u16>().is_ok();
            if !is_year && !words.clone().any(|word| word == entry.key) {
                let help = did_you_mean(&entry.key, words);
                faults.push(UNKNOWN_PART.at(entry.key_span.clone(), Text::default()).help(help));
                continue;
            }
            let part =
                |of: &PartSums| of.parts.iter().find(|part| part.name.name == entry.key).map(|part| part.awarded);
            // A year outside the span has nothing; what is not divided has no part.
            let found = of.map(|of| part(of).unwrap_or(Interval::ZERO));
            if let Some(expected) = differing(&entry.item, found, (&unit, None), policy, faults) {
                let values = (format!("{}.{}", by.key, entry.key), expected, found, name.clone());
                let values = Values::Step(Box::new(values));
                differences.push(Difference { key: "parts", span: entry.item.span.clone(), values });
            }
        }
    }
    differences
}
