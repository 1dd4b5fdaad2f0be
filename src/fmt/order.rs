//! Keys in the order in which the reference lists them. Where the file chooses the keys, they stay as they are.

use std::collections::BTreeMap;

use crate::fmt::tree::{Entry, Line, Tree, Value, bare};
use crate::policy::keys;

/// Puts the entries of every table in order.
pub(super) fn sort(tree: &mut Tree) {
    for section in &mut tree.sections {
        let mut path: Vec<String> = section.path.iter().map(|part| bare(part).to_owned()).collect();
        sort_entries(&mut section.entries, &mut path);
        // The first entry follows its heading.
        if let Some(first) = section.entries.first_mut().filter(|_| !section.bracket.is_empty()) {
            join(first);
        }
    }
}

fn sort_entries(entries: &mut Vec<Entry>, path: &mut Vec<String>) {
    let depth = path.len();
    for entry in entries.iter_mut() {
        path.extend(entry.key.iter().map(|part| bare(part).to_owned()));
        match &mut entry.value {
            Value::Array(group) | Value::Table(group) => sort_entries(&mut group.entries, path),
            Value::Scalar(_) => {}
        }
        path.truncate(depth);
    }
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let known = keys::at(&names);
    if known.is_empty() {
        return;
    }
    // A key that nobody knows stays behind the one before it, with all that begins with it.
    let mut place = 0;
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let mut placed: Vec<(usize, usize, Entry)> = Vec::with_capacity(entries.len());
    for (stood, entry) in entries.drain(..).enumerate() {
        let name = entry.key.first().map_or("", |part| bare(part));
        place = match known.iter().position(|key| *key == name) {
            Some(place) => place,
            None => *unknown.entry(name.to_owned()).or_insert(place),
        };
        placed.push((place, stood, entry));
    }
    placed.sort_by_key(|(place, stood, _)| (*place, *stood));
    let mut next = 0;
    for (_, stood, mut entry) in placed {
        // A blank line sets an entry apart from the one that stood before it, and means nothing behind another.
        if stood != next {
            join(&mut entry);
        }
        next = stood + 1;
        entries.push(entry);
    }
}

/// Takes away the blank line before an entry.
fn join(entry: &mut Entry) {
    let first = entry.before.iter().position(|line| *line != Line::Blank);
    entry.before.drain(..first.unwrap_or(entry.before.len()));
}
