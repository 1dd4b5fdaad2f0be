//! What is different between two policies, clause by clause: over what they mean, not over how their files are written.

mod aspect;
mod atoms;
mod compare;
pub mod effect;
mod meaning;
mod of_clause;
mod of_policy;
pub mod parts;
mod twins;

pub use aspect::{Aspect, Content};
pub use of_clause::aspects;
pub use twins::{reached, twins};

use std::collections::HashSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::clause::Clause;
use crate::diff::compare::Comparer;
use crate::diff::meaning::{Known, Meanings};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::Value;

/// A policy, and the options of its readings that are taken instead of its own.
#[derive(Clone, Copy, Debug)]
pub struct Side<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// The readings taken: the input and its value.
    pub taken: &'p [(usize, Value)],
}

/// Something that is new, gone or different.
#[derive(Clone, Debug)]
pub struct Change {
    /// The clause; none: the policy as a whole.
    pub clause: Option<ClauseName>,
    /// What has changed, by its keys: `table.rate.doctor`; `clause` for a clause that is new or gone.
    pub key: String,
    /// What has changed, in words.
    pub name: Text,
    /// What stood there; none: it is new.
    pub old: Option<Text>,
    /// What stands there; none: it is gone.
    pub new: Option<Text>,
    /// Where it stood, where that is one place.
    pub old_at: Option<Span>,
    /// Where it stands.
    pub new_at: Option<Span>,
    /// Whether only words are different: nothing is worked out otherwise.
    pub wording: bool,
}

/// A clause, as a difference names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseName {
    /// Its id: in the old policy, unless it is new.
    pub id: String,
    /// Where it stands.
    pub cite: String,
    /// Its title.
    pub title: Text,
}

/// What is different between two policies.
#[derive(Debug)]
pub struct Diff<'p> {
    /// The old one.
    pub old: &'p Policy,
    /// The new one.
    pub new: &'p Policy,
    /// What is new, gone or different: the policy as a whole first, then clause by clause in the order of the old one.
    pub changes: Vec<Change>,
    /// The places of clauses that are the same clause: in the old policy and in the new one.
    pub pairs: Vec<(usize, usize)>,
}

impl Diff<'_> {
    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the two have no clause in common.
    pub fn shares_nothing(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl ClauseName {
    fn of(clause: &Clause) -> ClauseName {
        ClauseName { id: clause.id.clone(), cite: clause.cite.clone(), title: clause.title.clone() }
    }
}

/// What is new, gone or different in the new one.
pub fn diff<'p>(old: Side<'p>, new: Side<'p>) -> Diff<'p> {
    let mut meanings = Meanings::default();
    let of_old = Known::of_policy(old.policy, &mut meanings);
    let of_new = Known::of_policy(new.policy, &mut meanings);
    let mut changes = Vec::new();
    let (before, after) = (of_policy::aspects(&of_old, old.taken), of_policy::aspects(&of_new, new.taken));
    let mut comparer = Comparer::new(&mut meanings, &of_old, &of_new);
    comparer.keyed("", &Text::default(), &before, &after, &mut changes);
    if old.policy.id != new.policy.id {
        let id = |policy: &Policy| Some(Text::same(policy.id.clone()));
        let name = Text::new("编号", "id");
        changes.insert(0, Change { old: id(old.policy), new: id(new.policy), ..empty("policy.id", name) });
    }
    // Two policies may count their clauses alike and have nothing else in common.
    let related = old.policy.id == new.policy.id;
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (place, clause) in old.policy.clauses.iter().enumerate() {
        let same = new
            .policy
            .clauses
            .iter()
            .position(|other| other.id == clause.id && (related || other.title == clause.title));
        pairs.extend(same.map(|same| (place, same)));
    }
    let mut by_clause: Vec<(usize, Vec<Change>)> = Vec::new();
    for (place, clause) in old.policy.clauses.iter().enumerate() {
        let mut compare = |other: &'p Clause| {
            let (of_old, of_new) = (of_old.in_clause(clause, &mut meanings), of_new.in_clause(other, &mut meanings));
            let mut found = Vec::new();
            let (before, after) = (of_clause::aspects(old.policy, clause), of_clause::aspects(new.policy, other));
            let mut comparer = Comparer::new(&mut meanings, &of_old, &of_new);
            comparer.keyed("", &Text::default(), &before, &after, &mut found);
            found
        };
        let paired = pairs.iter().find(|(one, _)| *one == place).map(|(_, other)| *other);
        if let Some(other) = paired.and_then(|other| new.policy.clauses.get(other)) {
            by_clause.push((place, compare(other)));
            continue;
        }
        // One that says the same under another number.
        let moved = new.policy.clauses.iter().enumerate().find_map(|(other_place, other)| {
            let is_free = !pairs.iter().any(|(_, taken)| *taken == other_place) && other.title == clause.title;
            let found = is_free.then(|| compare(other))?;
            found.iter().all(|change| change.wording).then_some((other_place, other, found))
        });
        let Some((other_place, other, mut found)) = moved else {
            let was = Some(clause.title.clone());
            by_clause.push((
                place,
                vec![Change { old: was, old_at: Some(clause.span.clone()), ..empty("clause", Text::default()) }],
            ));
            continue;
        };
        let id = |clause: &Clause| Some(Text::same(clause.id.clone()));
        found.insert(0, Change { old: id(clause), new: id(other), ..empty("id", Text::new("编号", "id")) });
        pairs.push((place, other_place));
        by_clause.push((place, found));
    }
    pairs.sort_unstable();
    changes.extend(moved(old.policy, new.policy, &pairs));
    for (place, found) in by_clause {
        let clause = old.policy.clauses.get(place).map(ClauseName::of);
        changes.extend(found.into_iter().map(|change| Change { clause: clause.clone(), ..change }));
    }
    let known: HashSet<usize> = pairs.iter().map(|(_, place)| *place).collect();
    let added = new.policy.clauses.iter().enumerate().filter(|(place, _)| !known.contains(place));
    changes.extend(added.map(|(_, clause)| Change {
        clause: Some(ClauseName::of(clause)),
        new: Some(clause.title.clone()),
        new_at: Some(clause.span.clone()),
        ..empty("clause", Text::default())
    }));
    Diff { old: old.policy, new: new.policy, changes, pairs }
}

fn empty(key: &str, name: Text) -> Change {
    Change { clause: None, key: key.to_owned(), name, old: None, new: None, old_at: None, new_at: None, wording: false }
}

/// Clauses that stand elsewhere among the others: who comes first matters where several are set off, or the highest of equals
/// counts.
fn moved(old: &Policy, new: &Policy, pairs: &[(usize, usize)]) -> Option<Change> {
    let before: Vec<usize> = pairs.iter().map(|(place, _)| *place).collect();
    let mut after: Vec<(usize, usize)> = pairs.iter().map(|(old, new)| (*new, *old)).collect();
    after.sort_unstable();
    let after: Vec<usize> = after.into_iter().map(|(_, old)| old).collect();
    let moved: Vec<usize> = capture_diff_slices(Algorithm::Myers, &before, &after)
        .into_iter()
        .flat_map(|op| match op {
            DiffOp::Delete { old_index, old_len, .. } | DiffOp::Replace { old_index, old_len, .. } => {
                before.get(old_index..old_index + old_len).unwrap_or_default().to_vec()
            }
            DiffOp::Equal { .. } | DiffOp::Insert { .. } => Vec::new(),
        })
        .collect();
    let behind = |policy: &Policy, place: Option<usize>| {
        let before = place.and_then(|place| place.checked_sub(1)).and_then(|place| policy.clauses.get(place));
        before.map_or_else(
            || Text::new("最前", "first"),
            |clause| Text::made(format!("{} 之后", clause.id), format!("behind {}", clause.id)),
        )
    };
    let first = *moved.first()?;
    let ids: Vec<&str> =
        moved.iter().filter_map(|place| old.clauses.get(*place)).map(|clause| clause.id.as_str()).collect();
    let name = Text::made(format!("条款次序 {}", ids.join("、")), format!("order of clauses {}", ids.join(", ")));
    let new_place = pairs.iter().find(|(place, _)| *place == first).map(|(_, place)| *place);
    let (was, is) = (behind(old, Some(first)), behind(new, new_place));
    Some(Change { old: Some(was), new: Some(is), ..empty("policy.order", name) })
}
