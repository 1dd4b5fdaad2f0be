//! The words of clauses, and places in them: what every check shares that holds words against the working.

use std::ops::Range;

use crate::audit::figure::Figure;
use crate::audit::{english, reader};
use crate::check::place;
use crate::clause::Clause;
use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw, Table};
use crate::policy::Policy;
use crate::source::Span;

/// What is found in the clauses as they stand in their files, one after the other.
pub fn in_clauses(policy: &Policy, find: impl Fn(usize, &Clause, &Table) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    let of = |(at, clause)| place::clause(policy, clause).map(|own| find(at, clause, own)).unwrap_or_default();
    policy.clauses.iter().enumerate().flat_map(of).collect()
}

/// The tables under a key of a clause, each with what was read of it.
pub fn beside<'t, T>(own: &'t Table, key: &str, read: &'t [T]) -> impl Iterator<Item = (&'t Table, &'t T)> {
    let items = match own.get(key).map(|item| &item.value) {
        Some(Raw::Array(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().zip(read).filter_map(|(item, read)| match &item.value {
        Raw::Table(table) => Some((table, read)),
        _ => None,
    })
}

/// A text of a clause in one language.
pub struct Words<'t> {
    /// Where it stands.
    pub item: &'t Item,
    pub text: &'t str,
    pub chinese: bool,
}

impl Words<'_> {
    /// The figures in it, each with its place.
    pub fn figures(&self) -> Vec<(Figure, Range<usize>)> {
        if self.chinese { reader::in_text(self.text, 0) } else { english::in_text(self.text) }
    }

    /// A part of it in its file; the whole text where escapes make places in it differ.
    pub fn inside(&self, range: Range<usize>) -> Span {
        let raw = self.item.span.source.text.get(self.item.span.range.clone()).unwrap_or("");
        match raw.find(self.text) {
            Some(skipped) => {
                let start = self.item.span.range.start + skipped;
                Span::new(&self.item.span.source, start + range.start..start + range.end)
            }
            None => self.item.span.clone(),
        }
    }
}

/// The words under these keys of a table: `title = { zh, en }`, `requires = [{ zh, en }]`.
pub fn of<'t>(own: &'t Table, keys: &[&str]) -> Vec<Words<'t>> {
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

/// What the clause says in Chinese: its title, its summary, and the words of its conditions, parts and limits.
pub fn all_chinese(own: &Table) -> String {
    let said = of(own, &["title", "summary", "requires", "installments", "limits", "notes"]);
    said.into_iter().filter(|said| said.chinese).fold(String::new(), |all, said| all + said.text + "\n")
}

/// Words of labels that name no matter of their own.
const OF_ANY_LABEL: &[&str] = &["日期", "时间", "首日", "末日", "是否", "开始", "结束", "人数", "金额"];

/// A label without what stands in brackets behind it.
pub fn plain(label: &str) -> &str {
    label.split(['（', '(']).next().unwrap_or(label).trim_end()
}

/// Whether a text has a word of a label: two neighbouring signs of it.
pub fn names(text: &str, label: &str) -> bool {
    let plain = OF_ANY_LABEL.iter().fold(plain(label).to_owned(), |label, word| label.replace(word, " "));
    let signs: Vec<char> = plain.chars().collect();
    signs
        .windows(2)
        .any(|pair| pair.iter().all(|sign| sign.is_alphabetic()) && text.contains(&pair.iter().collect::<String>()))
}

/// The two languages of one table.
pub fn both(table: &Table) -> impl Iterator<Item = Words<'_>> {
    let languages = [(table.get("zh"), true), (table.get("en"), false)].into_iter();
    languages.filter_map(|(item, chinese)| {
        let item = item?;
        let Raw::Text(text) = &item.value else { return None };
        Some(Words { item, text, chinese })
    })
}
