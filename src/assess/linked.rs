//! Which clauses must be worked out together, because one can take something from the other.

use crate::assess::world::World;
use crate::policy::Policy;
use crate::value::Value;

/// The clauses for this kind of applicant.
pub fn of_kind(policy: &Policy, kind: &str) -> Vec<usize> {
    let kind = policy.kind(kind);
    policy.clauses.iter().enumerate().filter(|(_, clause)| clause.is_for(kind)).map(|(place, _)| place).collect()
}

/// Splits clauses (in the order of the policy) into groups that have nothing to do with each other.
pub fn groups(world: &World<'_>, clauses: &[usize]) -> Vec<Vec<usize>> {
    let policy = world.policy;
    let mut groups: Vec<Vec<usize>> = clauses.iter().map(|clause| vec![*clause]).collect();
    let mut join = |members: &[usize]| {
        let (mut joined, rest): (Vec<Vec<usize>>, Vec<Vec<usize>>) =
            groups.drain(..).partition(|group| group.iter().any(|clause| members.contains(clause)));
        groups = rest;
        let mut one: Vec<usize> = joined.drain(..).flatten().collect();
        one.sort_unstable();
        if !one.is_empty() {
            groups.push(one);
        }
    };
    for &place in clauses {
        let Some(clause) = policy.clauses.get(place) else { continue };
        for displaced in &clause.instead_of {
            join(&[place, displaced.clause]);
        }
    }
    for &place in clauses {
        let uses = policy.clauses.get(place).map_or(&[][..], |clause| clause.uses.as_slice());
        for one in uses {
            join(&[place, one.clause]);
        }
    }
    for rule in &policy.highest_only {
        join(&rule.clauses);
    }
    for limit in policy.limits.iter().filter(|limit| !limit.across) {
        join(&limit.clauses);
    }
    let others = policy.overlap.as_ref().and_then(|rule| world.inputs.get(rule.input));
    if matches!(others, Some(Value::List(list)) if !list.records.is_empty()) {
        for category in 0..policy.names.categories.len() {
            let of = |place: &usize| policy.clauses.get(*place).is_some_and(|clause| clause.category == Some(category));
            let members: Vec<usize> = clauses.iter().copied().filter(of).collect();
            join(&members);
        }
    }
    groups.sort();
    groups
}
