//! Which clauses a reading can touch: found once, from the expressions that the policy has.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::policy::{Policy, walk};

/// What a reading can touch, whatever the applicant and whatever its other readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The reading: the place of its input.
    pub input: usize,
    /// For each clause whether one of its own expressions asks for the reading, or a rule that it stands under.
    pub clauses: Vec<bool>,
    /// Whether the rule on other schemes' money asks for it, which touches every clause with a category.
    pub overlap: bool,
}

/// The readings of a policy.
pub(super) fn touched(policy: &Policy) -> Vec<Touched> {
    let is_reading =
        |place: &usize| policy.names.inputs.get(*place).is_some_and(|input| matches!(input.origin, Origin::Reading(_)));
    let asked = |nodes: Vec<&Node>| {
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        walk::each(policy, nodes, &mut |node| {
            if let Op::Input(place) = node.op {
                asked.extend(Some(place).filter(is_reading));
            }
        });
        asked
    };
    // For each reading the clauses that ask for it.
    let mut asked_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, clause) in policy.clauses.iter().enumerate() {
        let rules = policy.highest_only.iter().filter(|rule| rule.clauses.contains(&place));
        let mut nodes = clause.expressions();
        nodes.extend(policy.triggers_until.iter().chain(&policy.payable_until));
        nodes.extend(rules.filter_map(|rule| rule.when.as_ref()));
        for reading in asked(nodes) {
            asked_by.entry(reading).or_default().push(place);
        }
    }
    let overlap = policy.overlap.iter().flat_map(|rule| [&rule.counts, &rule.method, &rule.by_installment]);
    let overlap = asked(overlap.flatten().collect());
    let mut named_by: Vec<Vec<usize>> = vec![Vec::new(); policy.clauses.len()];
    for (place, clause) in policy.clauses.iter().enumerate() {
        for one in &clause.uses {
            named_by.get_mut(one.clause).into_iter().for_each(|all| all.push(place));
        }
    }
    let of = |input: usize| {
        let mut touched = vec![false; policy.clauses.len()];
        let mut waiting: Vec<usize> = asked_by.get(&input).cloned().unwrap_or_default();
        while let Some(place) = waiting.pop() {
            if let Some(slot @ false) = touched.get_mut(place) {
                *slot = true;
                // With a clause go those that name what it comes to.
                waiting.extend(named_by.get(place).into_iter().flatten());
            }
        }
        Touched { input, clauses: touched, overlap: overlap.contains(&input) }
    };
    (0..policy.names.inputs.len()).filter(is_reading).map(of).collect()
}
