//! Whether two texts say the same: the same keys and values, each as it is written, and in the same order wherever the
//! file chooses the keys.

use crate::document::{Entry, Item, Raw, Table};
use crate::fmt::tree::{self, Group, Line, Tree, Value};
use crate::policy::keys;

/// Whether two documents are the same.
pub(super) fn documents(a: &Table, b: &Table) -> bool {
    tables(a, b, &mut Vec::new())
}

fn tables<'t>(a: &'t Table, b: &'t Table, path: &mut Vec<&'t str>) -> bool {
    let mut left: Vec<&Entry> = a.entries().iter().collect();
    let mut right: Vec<&Entry> = b.entries().iter().collect();
    // Definitions, steps, words, cells: where the file chooses the keys, their order may mean something.
    if !keys::at(path).is_empty() {
        left.sort_by_key(|entry| &entry.key);
        right.sort_by_key(|entry| &entry.key);
    }
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| {
            path.push(&left.key);
            let same = left.key == right.key && items(&left.item, &right.item, path);
            path.pop();
            same
        })
}

fn items<'t>(a: &'t Item, b: &'t Item, path: &mut Vec<&'t str>) -> bool {
    match (&a.value, &b.value) {
        (Raw::Text(a), Raw::Text(b))
        | (Raw::Integer(a), Raw::Integer(b))
        | (Raw::Float(a), Raw::Float(b))
        | (Raw::Date(a), Raw::Date(b)) => a == b,
        (Raw::Bool(a), Raw::Bool(b)) => a == b,
        (Raw::Array(a), Raw::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| items(a, b, path)),
        (Raw::Table(a), Raw::Table(b)) => tables(a, b, path),
        _ => false,
    }
}

/// Every comment of a file, sorted: laying out may move one with its entry, and loses none.
pub(super) fn comments(tree: &Tree) -> Vec<&str> {
    let mut found = Vec::new();
    lines(&tree.tail, &mut found);
    for section in &tree.sections {
        lines(&section.before, &mut found);
        found.extend(section.comment.as_deref());
        entries(&section.entries, &mut found);
    }
    found.sort_unstable();
    found
}

fn lines<'t>(lines: &'t [Line], found: &mut Vec<&'t str>) {
    found.extend(lines.iter().filter_map(|line| match line {
        Line::Comment(text) => Some(text.as_str()),
        Line::Blank => None,
    }));
}

fn entries<'t>(all: &'t [tree::Entry], found: &mut Vec<&'t str>) {
    for entry in all {
        lines(&entry.before, found);
        found.extend(entry.comment.as_deref());
        if let Value::Array(Group { entries: inner, tail }) | Value::Table(Group { entries: inner, tail }) =
            &entry.value
        {
            entries(inner, found);
            lines(tail, found);
        }
    }
}
