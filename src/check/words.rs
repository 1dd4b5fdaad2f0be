//! The words of a clause, and places in them.

use std::ops::Range;

use crate::document::{Item, Raw, Table};
use crate::source::Span;

/// The words under these keys of a table, each with whether it is Chinese: `title = { zh, en }`, `requires = [{ zh, en }]`.
pub fn of<'t>(own: &'t Table, keys: &[&str]) -> Vec<(&'t Item, bool)> {
    let mut tables: Vec<&Table> = Vec::new();
    for key in keys {
        match own.get(key).map(|item| &item.value) {
            Some(Raw::Table(table)) => tables.push(table),
            Some(Raw::Array(items)) => tables.extend(items.iter().filter_map(|item| match &item.value {
                Raw::Table(table) => Some(table),
                _ => None,
            })),
            _ => {}
        }
    }
    tables.into_iter().flat_map(both).collect()
}

/// The two languages of one table.
pub fn both(table: &Table) -> impl Iterator<Item = (&Item, bool)> {
    [(table.get("zh"), true), (table.get("en"), false)].into_iter().filter_map(|(item, chinese)| Some((item?, chinese)))
}

/// A part of a text in its file; the whole text where escapes make places in it differ.
pub fn inside(item: &Item, text: &str, range: Range<usize>) -> Span {
    let raw = item.span.source.text.get(item.span.range.clone()).unwrap_or("");
    match raw.find(text) {
        Some(skipped) => {
            let start = item.span.range.start + skipped;
            Span::new(&item.span.source, start + range.start..start + range.end)
        }
        None => item.span.clone(),
    }
}
