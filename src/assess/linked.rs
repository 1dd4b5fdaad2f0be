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
    // For each clause of the policy the first of its group.
    let mut first: Vec<usize> = (0..policy.clauses.len()).collect();
    let mut join = |one: usize, other: usize| {
        if let (Some(one), Some(other)) = (first.get(one).copied(), first.get(other).copied())
            && one != other
        {
            let to = one.min(other);
            first.iter_mut().filter(|of| **of == one || **of == other).for_each(|of| *of = to);
        }
    };
    let is_own = |place: &usize| clauses.binary_search(place).is_ok();
    let mut join_all = |members: &mut dyn Iterator<Item = usize>| {
        let mut own = members.filter(is_own);
        if let Some(one) = own.next() {
            own.for_each(|other| join(one, other));
        }
    };
    for &place in clauses {
        let Some(clause) = policy.clauses.get(place) else { continue };
        let others = clause.instead_of.iter().map(|rule| rule.clause).chain(clause.uses.iter().map(|one| one.clause));
        join_all(&mut std::iter::once(place).chain(others));
    }
    for rule in &policy.highest_only {
        join_all(&mut rule.clauses.iter().copied());
    }
    for limit in policy.limits.iter().filter(|limit| !limit.across) {
        join_all(&mut limit.clauses.iter().copied());
    }
    let others = policy.overlap.as_ref().and_then(|rule| world.inputs.get(rule.input));
    if matches!(others, Some(Value::List(list)) if !list.records.is_empty()) {
        for category in 0..policy.names.categories.len() {
            let is_of = |place: &usize| policy.clauses.get(*place).is_some_and(|of| of.category == Some(category));
            join_all(&mut clauses.iter().copied().filter(is_of));
        }
    }
    let of = |place: usize| first.get(place).copied().unwrap_or(place);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut seen: Vec<Option<usize>> = vec![None; policy.clauses.len()];
    for &place in clauses {
        let known = seen.get(of(place)).copied().flatten();
        match known.and_then(|known| groups.get_mut(known)) {
            Some(group) => group.push(place),
            None => {
                seen.get_mut(of(place)).into_iter().for_each(|slot| *slot = Some(groups.len()));
                groups.push(vec![place]);
            }
        }
    }
    groups
}
