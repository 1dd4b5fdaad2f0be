//! A change of a policy in its smallest parts that can be read by themselves: each is put alone into the old policy. A part
//! that cannot be read alone, such as a condition that asks for a fact which is new too, is joined with what it needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::{Table, Value as Item};

use crate::diff::{Change, Side, diff};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{self, Policy};
use crate::source::Source;
use crate::value::{Value, Words};

/// More single differences of two files than this are not told apart.
const MOST_EDITS: usize = 400;
/// Nor more parts that mean something: each is a run over the population.
const MOST_PARTS: usize = 60;

/// The old policy with one part of the change.
#[derive(Debug)]
pub struct Part {
    /// The policy.
    pub policy: Policy,
    /// The readings taken, as in [`Side`].
    pub taken: Vec<(usize, Value)>,
}

impl Part {
    /// What is different from the old policy and means something.
    pub fn changes(&self, old: Side<'_>) -> Vec<Change> {
        let found = diff(old, Side { policy: &self.policy, taken: &self.taken });
        found.changes.into_iter().filter(|change| !change.wording).collect()
    }
}

/// Finds a vocabulary, or a list of texts, of a policy by its name.
pub type Find<'f> = &'f dyn Fn(&Policy, &str) -> Option<Arc<Source>>;

/// A way into a file.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    /// The part of a list with this id.
    Id(String),
    /// The part of a list at this place.
    At(usize),
}

/// A single difference.
#[derive(Clone, Debug)]
enum Edit {
    /// What stands at a place; none: it is gone.
    Put(Vec<Step>, Option<Item>),
    /// A part of a list that is new, and the ids of those before it, the first first.
    Add(Vec<Step>, Item, Vec<String>),
    /// The order of a list's parts, by their ids.
    Order(Vec<Step>, Vec<String>),
    /// The vocabularies of the new policy.
    Vocabularies,
    /// What supplements the new policy.
    Supplements,
    /// An option of a reading is taken, or none any more.
    Reading(String, Option<String>),
}

/// The parts of the change from one policy to another that mean something, in the order of the old file; what is too much to be
/// told apart is said.
pub fn parts(old: Side<'_>, new: Side<'_>, find: Find<'_>) -> Result<Vec<Part>, Text> {
    let too_many = |count: usize, most: usize| {
        Text::made(
            format!("两版有 {count} 处不同，逐处核算至多 {most} 处；请分几步对照"),
            format!(
                "the two differ in {count} places, and at most {most} are worked out one by one; compare them in several steps"
            ),
        )
    };
    let of = |policy: &Policy| policy.source.text.parse::<Table>().ok();
    let (Some(before), Some(after)) = (of(old.policy), of(new.policy)) else { return Ok(Vec::new()) };
    let mut edits = Vec::new();
    tables(&before, &after, &mut Vec::new(), &mut edits);
    let files = |policy: &Policy| {
        let texts = |sources: &[Arc<Source>]| sources.iter().map(|source| source.text.clone()).collect::<Vec<_>>();
        let (words, supplements) = beside(policy);
        (texts(words), texts(supplements))
    };
    let ((words, supplements), (new_words, new_supplements)) = (files(old.policy), files(new.policy));
    edits.extend((words != new_words).then_some(Edit::Vocabularies));
    edits.extend((supplements != new_supplements).then_some(Edit::Supplements));
    let (was, is) = (options(old), options(new));
    for (name, option) in &is {
        if !was.contains(&(name.clone(), option.clone())) {
            edits.push(Edit::Reading(name.clone(), Some(option.clone())));
        }
    }
    let left = was.iter().filter(|(name, _)| !is.iter().any(|(other, _)| other == name));
    edits.extend(left.map(|(name, _)| Edit::Reading(name.clone(), None)));
    if edits.len() > MOST_EDITS {
        return Err(too_many(edits.len(), MOST_EDITS));
    }
    let base = Base { old, new, before, taken: was, find };
    let groups = base.groups(&edits);
    let mut parts = Vec::new();
    for group in groups {
        let Some(part) = base.with(&group.iter().filter_map(|place| edits.get(*place)).collect::<Vec<_>>()) else {
            continue;
        };
        if !part.changes(old).is_empty() {
            parts.push(part);
        }
    }
    if parts.len() > MOST_PARTS { Err(too_many(parts.len(), MOST_PARTS)) } else { Ok(parts) }
}

/// The vocabularies and the supplements of a policy.
fn beside(policy: &Policy) -> (&[Arc<Source>], &[Arc<Source>]) {
    policy.beside.split_at(policy.beside.len().saturating_sub(policy.supplements.len()))
}

/// The options that are taken, by the names of readings.
fn options(side: Side<'_>) -> Vec<(String, String)> {
    let names = &side.policy.names;
    let one = |(place, value): &(usize, Value)| {
        let input = names.inputs.get(*place)?;
        let (Type::Enum(words), Value::Words(word)) = (&input.ty, value) else { return None };
        let (id, _) = names.enums.get(*words)?.words.get(word.point()?)?;
        Some((input.name.clone(), id.clone()))
    };
    side.taken.iter().filter_map(one).collect()
}

struct Base<'p> {
    old: Side<'p>,
    new: Side<'p>,
    before: Table,
    taken: Vec<(String, String)>,
    find: Find<'p>,
}

impl Base<'_> {
    /// The old policy with these differences; `None` where that cannot be read.
    fn with(&self, edits: &[&Edit]) -> Option<Part> {
        let mut table = self.before.clone();
        let mut taken = self.taken.clone();
        let (mut words, (_, mut supplements)) = (self.old.policy, beside(self.old.policy));
        // What is put in its order is there already.
        let is_order = |edit: &&&Edit| matches!(edit, Edit::Order(..));
        for edit in edits.iter().filter(|edit| !is_order(edit)).chain(edits.iter().filter(is_order)) {
            match edit {
                Edit::Vocabularies => words = self.new.policy,
                Edit::Supplements => supplements = beside(self.new.policy).1,
                Edit::Reading(name, option) => {
                    taken.retain(|(other, _)| other != name);
                    taken.extend(option.clone().map(|option| (name.clone(), option)));
                }
                edit => put(&mut Item::Table(std::mem::take(&mut table)), edit, &mut table)?,
            }
        }
        // Written inside lines, so that names stay in the order in which they may name each other.
        let key = |key: &str| Item::String(key.to_owned());
        let text: String = table.iter().map(|(name, item)| format!("{} = {item}\n", key(name))).collect();
        let source = Source::new(self.old.policy.source.name.clone(), text);
        let policy = policy::read_with(&source, supplements, &|name| (self.find)(words, name)).0?;
        let names = &policy.names;
        let place = |(name, option): &(String, String)| {
            let place = names.input(name)?;
            let Type::Enum(words) = names.inputs.get(place)?.ty else { return None };
            let word = names.enums.get(words)?.words.iter().position(|(id, _)| id == option)?;
            Some((place, Value::Words(Words::one(word))))
        };
        let taken = taken.iter().map(place).collect::<Option<Vec<_>>>()?;
        Some(Part { policy, taken })
    }

    /// Which differences belong together: each alone where it can be read alone, else with the fewest others that it needs.
    fn groups(&self, edits: &[Edit]) -> Vec<Vec<usize>> {
        let reads = |places: &BTreeSet<usize>| {
            self.with(&places.iter().filter_map(|place| edits.get(*place)).collect::<Vec<_>>()).is_some()
        };
        let all: BTreeSet<usize> = (0..edits.len()).collect();
        let mut groups: Vec<BTreeSet<usize>> = Vec::new();
        for own in 0..edits.len() {
            if reads(&BTreeSet::from([own])) {
                groups.push(BTreeSet::from([own]));
                continue;
            }
            if groups.iter().any(|group| group.len() > 1 && group.contains(&own)) {
                continue;
            }
            // Others are left out by halves, then by smaller pieces, as long as the rest can be read.
            let mut needed = all.clone();
            let mut size = needed.len() / 2;
            while size > 0 {
                let list: Vec<usize> = needed.iter().copied().filter(|place| *place != own).collect();
                for piece in list.chunks(size) {
                    let rest: BTreeSet<usize> = needed.iter().copied().filter(|place| !piece.contains(place)).collect();
                    if reads(&rest) {
                        needed = rest;
                    }
                }
                size /= 2;
            }
            groups.push(needed);
        }
        let larger = groups.clone();
        groups.retain(|group| !larger.iter().any(|other| other.len() > group.len() && other.is_superset(group)));
        groups.sort();
        groups.dedup();
        groups.into_iter().map(|group| group.into_iter().collect()).collect()
    }
}

/// The id of a part of a list.
fn id(item: &Item) -> Option<&str> {
    item.as_table()?.get("id")?.as_str()
}

/// The ids of a list's parts, where each has its own.
fn ids(items: &[Item]) -> Option<Vec<String>> {
    let ids: Vec<String> = items.iter().map(|item| id(item).map(str::to_owned)).collect::<Option<_>>()?;
    let apart: BTreeSet<&String> = ids.iter().collect();
    (apart.len() == ids.len() && !ids.is_empty()).then_some(ids)
}

fn tables(old: &Table, new: &Table, path: &mut Vec<Step>, edits: &mut Vec<Edit>) {
    for (key, was) in old {
        path.push(Step::Key(key.clone()));
        match new.get(key) {
            Some(is) => items(was, is, path, edits),
            None => edits.push(Edit::Put(path.clone(), None)),
        }
        path.pop();
    }
    for (key, is) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        path.push(Step::Key(key.clone()));
        edits.push(Edit::Put(path.clone(), Some(is.clone())));
        path.pop();
    }
}

fn items(was: &Item, is: &Item, path: &mut Vec<Step>, edits: &mut Vec<Edit>) {
    if was == is {
        return;
    }
    // A condition and its words change together.
    let has_words = |table: &Table| table.contains_key("zh");
    match (was, is) {
        (Item::Table(was), Item::Table(is)) if !has_words(was) && !has_words(is) => tables(was, is, path, edits),
        (Item::Array(was), Item::Array(is)) => lists(was, is, path, edits),
        _ => edits.push(Edit::Put(path.clone(), Some(is.clone()))),
    }
}

fn lists(was: &[Item], is: &[Item], path: &mut Vec<Step>, edits: &mut Vec<Edit>) {
    if let (Some(before), Some(after)) = (ids(was), ids(is)) {
        let in_both = |own: &[String], other: &[String]| -> Vec<String> {
            own.iter().filter(|id| other.contains(id)).cloned().collect()
        };
        for (id, was) in before.iter().zip(was) {
            path.push(Step::Id(id.clone()));
            match after.iter().zip(is).find(|(other, _)| *other == id) {
                Some((_, is)) => items(was, is, path, edits),
                None => edits.push(Edit::Put(path.clone(), None)),
            }
            path.pop();
        }
        for (place, item) in is.iter().enumerate() {
            let own = after.get(place).filter(|id| !before.contains(id));
            if own.is_some() {
                edits.push(Edit::Add(path.clone(), item.clone(), after.get(..place).unwrap_or_default().to_vec()));
            }
        }
        if in_both(&before, &after) != in_both(&after, &before) {
            edits.push(Edit::Order(path.clone(), after));
        }
        return;
    }
    if was.len() != is.len() {
        edits.push(Edit::Put(path.clone(), Some(Item::Array(is.to_vec()))));
        return;
    }
    for (place, (was, is)) in was.iter().zip(is).enumerate() {
        path.push(Step::At(place));
        items(was, is, path, edits);
        path.pop();
    }
}

/// Makes a difference in a file; `None` where what it is about is not there.
fn put(root: &mut Item, edit: &Edit, table: &mut Table) -> Option<()> {
    match edit {
        Edit::Put(path, value) => {
            let (last, way) = path.split_last()?;
            let at = follow(root, way)?;
            match (last, value) {
                (Step::Key(key), Some(value)) => drop(at.as_table_mut()?.insert(key.clone(), value.clone())),
                (Step::Key(key), None) => drop(at.as_table_mut()?.remove(key)?),
                (Step::Id(own), None) => at.as_array_mut()?.retain(|item| id(item) != Some(own)),
                (step, Some(value)) => *follow(at, std::slice::from_ref(step))? = value.clone(),
                (Step::At(place), None) => {
                    drop((*place < at.as_array()?.len()).then(|| at.as_array_mut().map(|all| all.remove(*place))))
                }
            }
        }
        Edit::Add(path, item, before) => {
            let list = follow(root, path)?.as_array_mut()?;
            let behind = before.iter().rev().find_map(|known| list.iter().position(|item| id(item) == Some(known)));
            list.insert(behind.map_or(0, |place| place + 1), item.clone());
        }
        Edit::Order(path, order) => {
            let list = follow(root, path)?.as_array_mut()?;
            list.sort_by_key(|item| order.iter().position(|known| id(item) == Some(known)));
        }
        Edit::Vocabularies | Edit::Supplements | Edit::Reading(..) => {}
    }
    *table = root.as_table().cloned()?;
    Some(())
}

fn follow<'i>(root: &'i mut Item, way: &[Step]) -> Option<&'i mut Item> {
    way.iter().try_fold(root, |at, step| match step {
        Step::Key(key) => at.as_table_mut()?.get_mut(key),
        Step::Id(own) => at.as_array_mut()?.iter_mut().find(|item| id(item) == Some(own)),
        Step::At(place) => at.as_array_mut()?.get_mut(*place),
    })
}
