//! Which clauses of two policies say the same, wholly or in parts.

use std::collections::BTreeSet;

use crate::assess::twins::{Twin, Twins};
use crate::clause::Clause;
use crate::diff::meaning::{Known, Meaning, Meanings};
use crate::diff::{Diff, atoms};
use crate::expr::program::Node;
use crate::policy::Policy;

/// What of a policy as a whole reaches no clause by itself: what is only told, what rows are refused by, and values and names,
/// which reach a clause only where it asks for them.
const BY_ITSELF: [&str; 17] = [
    "policy.id",
    "policy.title",
    "policy.issuer",
    "policy.status",
    "policy.office",
    "policy.place",
    "policy.level",
    "policy.notes",
    // Each clause has its own window.
    "policy.effective",
    "consistent",
    "identity",
    "define",
    "facts",
    "parameters",
    "reading",
    "enums",
    "applicants",
];

/// The two policies of a comparison, to work applicants out under both; `same_day`: on one evaluation date.
pub fn twins<'p>(diff: &Diff<'p>, same_day: bool) -> Twins<'p> {
    let (old, new) = (diff.old, diff.new);
    let mut meanings = Meanings::default();
    let of_old = Known::of_policy(old, &mut meanings);
    let of_new = Known::of_policy(new, &mut meanings);
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut all = false;
    for change in diff.changes.iter().filter(|change| !change.wording) {
        let is_of =
            |name: &str| change.key == name || change.key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        match &change.clause {
            Some(clause) if !["id", "office", "supplement"].contains(&change.key.as_str()) => {
                reached.insert(&clause.id);
            }
            Some(_) => {}
            None if is_of("highest_only") => {
                for policy in [old, new] {
                    let places = policy.highest_only.iter().flat_map(|rule| &rule.clauses);
                    reached.extend(places.filter_map(|place| Some(policy.clauses.get(*place)?.id.as_str())));
                }
            }
            None if BY_ITSELF.into_iter().chain(["supplement"]).any(is_of) => {}
            None => all = true,
        }
    }
    let mut clauses = Vec::new();
    for (place, clause) in old.clauses.iter().enumerate() {
        let there = diff.pairs.iter().find(|(own, _)| *own == place).map(|(_, there)| *there);
        let other = there.and_then(|there| new.clauses.get(there));
        let Some(other) = other else {
            clauses.push(Twin { places: [Some(place), None], ..Twin::default() });
            continue;
        };
        let (known, latest) = (of_old.in_clause(clause, &mut meanings), of_new.in_clause(other, &mut meanings));
        let mut same = |of: &dyn for<'c> Fn(&'c Clause) -> Vec<&'c Node>| {
            let mut mean = |known: &Known<'_>, clause: &Clause| -> Vec<Meaning> {
                of(clause).into_iter().map(|node| meanings.of(known, node, &mut Vec::new())).collect()
            };
            mean(&known, clause) == mean(&latest, other)
        };
        let list = |clause: &Clause| clause.each.as_ref().map(|each| each.input);
        let same_list = match (list(clause), list(other)) {
            (Some(one), Some(two)) => {
                old.names.inputs.get(one).map(|input| &input.name) == new.names.inputs.get(two).map(|input| &input.name)
            }
            (one, two) => one == two,
        };
        let same_frame = !all && clause.window == other.window && same_list;
        let rounding = |clause: &Clause| clause.rounding.map(|rule| (rule.to, format!("{:?}", rule.direction)));
        let shape = |clause: &Clause| {
            let parts: Vec<String> = clause.installments.iter().map(|part| part.id.clone()).collect();
            let optional = [&clause.at_least, &clause.at_most, &clause.used].map(Option::is_some);
            let grows = clause.accrual.as_ref().map(|rule| {
                let rest = [&rule.until, &rule.at_most, &rule.part, &rule.counts_from, &rule.counts_until];
                (rule.yearly, rest.map(Option::is_some))
            });
            (parts, optional, grows, clause.amount.is_some())
        };
        let unchanged = same_frame
            && !reached.contains(clause.id.as_str())
            && !reached.contains(other.id.as_str())
            && same(&|clause| clause.expressions());
        let same_conditions = same_frame
            && same(&|clause| clause.event.iter().chain(clause.requires.iter().map(|rule| &rule.test)).collect());
        let same_amount = same_frame
            && rounding(clause) == rounding(other)
            && shape(clause) == shape(other)
            && clause.kind.name == other.kind.name
            && same(&amounts);
        let is_yearly = |clause: &Clause| clause.accrual.as_ref().map(|rule| rule.yearly);
        let same_time = same_frame
            && is_yearly(clause) == is_yearly(other)
            && shape(clause).2 == shape(other).2
            && same(&|clause| clause.event.iter().chain(accruing(clause)).collect());
        clauses.push(Twin { places: [Some(place), there], unchanged, same_conditions, same_amount, same_time });
    }
    let known: BTreeSet<usize> = diff.pairs.iter().map(|(_, there)| *there).collect();
    let added = (0..new.clauses.len()).filter(|place| !known.contains(place));
    clauses.extend(added.map(|place| Twin { places: [None, Some(place)], ..Twin::default() }));
    let atoms = [(old, &of_old), (new, &of_new)].map(|(policy, known)| atoms::of_policy(policy, known, &mut meanings));
    Twins::new(old, new, clauses, same_day, atoms)
}

/// The ids of the clauses that a change may reach, with all that are settled together with them; `None`: all of them.
pub fn reached(diff: &Diff<'_>) -> Option<BTreeSet<String>> {
    let twins = twins(diff, true);
    // A value reaches whoever asks for it.
    let values = ["facts.", "parameters.", "reading.", "enums.", "supplement."];
    let is_value = |key: &str| values.iter().any(|value| key.starts_with(value));
    if diff.changes.iter().any(|change| !change.wording && change.clause.is_none() && is_value(&change.key)) {
        return None;
    }
    let sides = [(0, diff.old), (1, diff.new)];
    let mut found: BTreeSet<String> = BTreeSet::new();
    for twin in twins.clauses.iter().filter(|twin| !twin.unchanged) {
        for (side, policy) in sides {
            let place = twin.places.get(side).copied().flatten();
            found.extend(place.and_then(|place| policy.clauses.get(place)).map(|clause| clause.id.clone()));
        }
    }
    let id = |policy: &Policy, place: usize| policy.clauses.get(place).map(|clause| clause.id.clone());
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (_, policy) in sides {
        groups.extend(
            policy.highest_only.iter().map(|rule| rule.clauses.iter().filter_map(|place| id(policy, *place)).collect()),
        );
        groups.extend(
            policy.limits.iter().map(|rule| rule.clauses.iter().filter_map(|place| id(policy, *place)).collect()),
        );
        for (place, clause) in policy.clauses.iter().enumerate() {
            let tied = policy.tied.get(place);
            let same = policy.clauses.iter().enumerate().filter(|(other, one)| {
                policy.tied.get(*other) == tied || (clause.category.is_some() && clause.category == one.category)
            });
            let others = clause.instead_of.iter().map(|one| one.clause).chain(clause.uses.iter().map(|one| one.clause));
            groups.push(
                others
                    .filter_map(|place| id(policy, place))
                    .chain(same.map(|(_, one)| one.id.clone()))
                    .chain([clause.id.clone()])
                    .collect(),
            );
        }
    }
    loop {
        let before = found.len();
        for group in
            groups.iter().filter(|group| group.iter().any(|id| found.contains(id))).cloned().collect::<Vec<_>>()
        {
            found.extend(group);
        }
        if found.len() == before {
            return Some(found);
        }
    }
}

/// The expressions that a clause's amount comes from.
fn amounts(clause: &Clause) -> Vec<&Node> {
    let mut all: Vec<&Node> = [&clause.event, &clause.amount, &clause.at_least, &clause.at_most, &clause.used]
        .into_iter()
        .flatten()
        .collect();
    all.extend(clause.installments.iter().flat_map(|part| [&part.amount, &part.due]));
    all.extend(accruing(clause));
    all
}

/// The expressions by which its time accrues.
fn accruing(clause: &Clause) -> Vec<&Node> {
    let Some(rule) = &clause.accrual else { return Vec::new() };
    let rest = [&rule.until, &rule.at_most, &rule.part, &rule.counts_from, &rule.counts_until];
    std::iter::once(&rule.from).chain(rest.into_iter().flatten()).collect()
}
