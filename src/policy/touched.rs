//! Which clauses a reading can touch: found once, from the expressions that the policy has.

use std::collections::HashSet;

use crate::clause::Clause;
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
        let mut asked: HashSet<usize> = HashSet::new();
        walk::each(policy, nodes, &mut |node| {
            if let Op::Input(place) = node.op {
                asked.extend(Some(place).filter(is_reading));
            }
        });
        asked
    };
    let clauses: Vec<HashSet<usize>> = policy
        .clauses
        .iter()
        .enumerate()
        .map(|(place, clause)| {
            let rules = policy.highest_only.iter().filter(|rule| rule.clauses.contains(&place));
            let mut nodes = clause.expressions();
            nodes.extend(behind(policy, place).iter().flat_map(|named| named.expressions()));
            nodes.extend(policy.triggers_until.iter().chain(&policy.payable_until));
            nodes.extend(rules.filter_map(|rule| rule.when.as_ref()));
            asked(nodes)
        })
        .collect();
    let overlap = policy.overlap.iter().flat_map(|rule| [&rule.counts, &rule.method, &rule.by_installment]);
    let overlap = asked(overlap.flatten().collect());
    let of = |input: usize| Touched {
        input,
        clauses: clauses.iter().map(|asked| asked.contains(&input)).collect(),
        overlap: overlap.contains(&input),
    };
    (0..policy.names.inputs.len()).filter(is_reading).map(of).collect()
}

/// The clauses that one hangs on, as it names them or they name others.
fn behind(policy: &Policy, place: usize) -> Vec<&Clause> {
    let (mut found, mut waiting): (Vec<usize>, Vec<usize>) = (Vec::new(), vec![place]);
    while let Some(place) = waiting.pop() {
        let uses = policy.clauses.get(place).map_or(&[][..], |clause| clause.uses.as_slice());
        for one in uses.iter().filter(|one| !found.contains(&one.clause)).map(|one| one.clause).collect::<Vec<_>>() {
            found.push(one);
            waiting.push(one);
        }
    }
    found.into_iter().filter_map(|place| policy.clauses.get(place)).collect()
}
