//! Expressions of a policy as formulas, and the named steps, tables and scales that they use.

use std::collections::{BTreeMap, BTreeSet};

use super::Words;
use super::model::{Piece, Table};
use crate::clause::Clause;
use crate::expr::program::{Node, Op};
use crate::lang::Lang;
use crate::policy::{Policy, told, walk};
use crate::source::clean;
use crate::value::Interval;

/// How many cells of a table are shown.
const MOST_ROWS: usize = 200;

/// What the clauses that are shown use, by places.
#[derive(Default)]
pub(super) struct Used {
    /// Facts, parameters and readings.
    pub inputs: BTreeSet<usize>,
    /// Definitions.
    pub defines: BTreeSet<usize>,
}

/// What these expressions use, with all that the names in them stand for.
pub(super) fn used(policy: &Policy, nodes: Vec<&Node>) -> Used {
    let mut found = Used::default();
    walk::each(policy, nodes, &mut |node| match &node.op {
        Op::Input(place) => {
            found.inputs.insert(*place);
        }
        Op::Aggregate(aggregate) => {
            found.inputs.insert(aggregate.input);
        }
        Op::Define(place) => {
            found.defines.insert(*place);
        }
        _ => {}
    });
    found
}

/// Whether an input is only what another one is from some day on.
pub(super) fn is_version(policy: &Policy, place: usize) -> bool {
    policy.names.inputs.iter().any(|input| input.versions.iter().any(|version| version.input == place))
}

/// The steps of a clause, in the order of the file; one over records is written out where it is used, and told all the same.
pub(super) fn steps(clause: &Clause) -> Vec<usize> {
    let lets = clause.let_nodes.iter().enumerate();
    lets.filter(|(_, node)| !clause.leaves_out(node)).map(|(place, _)| place).collect()
}

/// An expression as formulas: one for each day from which on it is another, and one for each way that an `if` goes.
pub(super) fn lines(policy: &Policy, clause: Option<&Clause>, node: &Node, words: Words) -> Vec<String> {
    let text = |node: &Node| told::formula(policy, clause, node).get(words.0).to_owned();
    let mut found = Vec::new();
    for (day, part) in node.over_time() {
        let since = |line: String| match (day, words.0) {
            (None, _) => line,
            (Some(day), Lang::Zh) => format!("{line}（{day} 起）"),
            (Some(day), Lang::En) => format!("{line} (from {day} on)"),
        };
        let mut at = part;
        let mut is_first = true;
        while let Op::If(condition, yes, no) = &at.op
            && at.taken_on().is_none()
            && at.since().is_none()
        {
            let (condition, yes) = (text(condition), text(yes));
            found.push(since(match words.0 {
                Lang::Zh => format!("若 {condition}：{yes}"),
                Lang::En => format!("if {condition}: {yes}"),
            }));
            (at, is_first) = (no, false);
        }
        let rest = text(at);
        found.push(since(if is_first { rest } else { format!("{}{rest}", words.of("其余：", "otherwise: ")) }));
    }
    found
}

/// The tables and scales that these expressions read, each once.
pub(super) fn tables(policy: &Policy, clause: Option<&Clause>, nodes: &[&Node], words: Words) -> Vec<Piece> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    let text = |node: &Node| lines(policy, clause, node, words).join(words.of("；", "; "));
    // What it is read with, where that is always the same.
    let mut read_with: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut all: Vec<&Node> = nodes.to_vec();
    while let Some(node) = all.pop() {
        all.extend(node.children());
        let (name, with) = match &node.op {
            Op::Lookup(table, _, index) => (table.name.as_str(), index),
            Op::Scale(scale, argument) => (scale.name.as_str(), argument),
            _ => continue,
        };
        read_with.entry(name).or_default().insert(text(with));
    }
    let one = |name: &str| {
        let with = read_with.get(name).filter(|with| with.len() == 1)?;
        with.first().cloned()
    };
    let mut waiting: Vec<&Node> = nodes.iter().rev().copied().collect();
    while let Some(node) = waiting.pop() {
        waiting.extend(node.children().into_iter().rev());
        match &node.op {
            Op::Lookup(table, cells, index) if seen.insert(table.name.clone()) => {
                let options = match index.ty {
                    crate::expr::types::Type::Enum(place) => policy.names.enums.get(place),
                    _ => None,
                };
                let known = options.map_or(&[][..], |found| found.words.as_slice());
                let rows = cells.iter().zip(known).filter_map(|(cell, (_, label))| {
                    let (_, cell) = table.cells.get((*cell)?)?;
                    Some(vec![words.say(label), text(cell)])
                });
                let over = one(&table.name).unwrap_or_else(|| words.of("所列", "of").to_owned());
                found.push(Piece::Table(Table {
                    caption: clean(&table.name),
                    heads: vec![over, words.of("值", "value").to_owned()],
                    rows: rows.take(MOST_ROWS).collect(),
                }));
            }
            Op::Scale(scale, _) if seen.insert(scale.name.clone()) => {
                let rows = scale.steps.iter().map(|(threshold, step)| {
                    let at = scale.over_measure.shown(Interval::point(threshold.at));
                    let at = crate::report::formula::value(&at, words.0);
                    vec![format!("{} {at}", if threshold.above { ">" } else { "≥" }), text(step)]
                });
                let value = match scale.marginal {
                    true => words.of("该段按", "of that slice"),
                    false => words.of("值", "value"),
                };
                found.push(Piece::Table(Table {
                    caption: clean(&scale.name),
                    heads: vec![
                        one(&scale.name).unwrap_or_else(|| words.of("达到", "from").to_owned()),
                        value.to_owned(),
                    ],
                    rows: rows.take(MOST_ROWS).collect(),
                }));
            }
            _ => {}
        }
    }
    found
}
