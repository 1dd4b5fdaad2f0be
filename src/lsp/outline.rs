//! The outline: declarations by their groups, clauses under their articles, cases.

use std::ops::Range;

use serde_json::{Value, json};

use crate::document::{Item, Raw, Table};
use crate::lang::Lang;
use crate::lsp::files::{Doc, Files};

const MODULE: u8 = 2;
const FIELD: u8 = 8;
const FUNCTION: u8 = 12;
const EVENT: u8 = 24;

struct Outline<'o> {
    doc: &'o Doc,
    bytes: bool,
    lang: Lang,
}

impl Outline<'_> {
    fn symbol(&self, name: &str, detail: &str, kind: u8, whole: &Range<usize>, inner: Vec<Value>) -> Value {
        let text = &self.doc.source.text;
        let first = text.get(whole.clone()).and_then(|part| part.find('\n')).unwrap_or(whole.len());
        json!({
            "name": if name.is_empty() { "?" } else { name },
            "detail": detail,
            "kind": kind,
            "range": self.doc.lines.range(text, whole, self.bytes),
            "selectionRange": self.doc.lines.range(text, &(whole.start..whole.start + first), self.bytes),
            "children": inner,
        })
    }

    fn words(&self, table: &Table, key: &str) -> String {
        let Some(Raw::Table(words)) = table.get(key).map(|item| &item.value) else { return String::new() };
        text(words, if self.lang == Lang::Zh { "zh" } else { "en" })
    }

    /// Clauses by the article that each stands in: what its place says up to 条, or all of it.
    fn clauses(&self, items: &[Item]) -> Vec<Value> {
        let mut articles: Vec<(String, Range<usize>, Vec<Value>)> = Vec::new();
        for item in items {
            let Raw::Table(table) = &item.value else { continue };
            let cite = text(table, "cite");
            let article = cite.find('条').map_or(cite.as_str(), |at| cite.get(..at + '条'.len_utf8()).unwrap_or(&cite));
            let range = self.whole(item);
            let name = format!("{} {}", text(table, "id"), self.words(table, "title"));
            let one = self.symbol(name.trim(), &cite, FUNCTION, &range, Vec::new());
            match articles.last_mut().filter(|(known, _, _)| known == article) {
                Some((_, whole, inner)) => {
                    whole.end = range.end.max(whole.end);
                    inner.push(one);
                }
                None => articles.push((article.to_owned(), range, vec![one])),
            }
        }
        articles.into_iter().map(|(name, range, inner)| self.symbol(&name, "", MODULE, &range, inner)).collect()
    }

    /// A table with the lines of its values.
    fn whole(&self, item: &Item) -> Range<usize> {
        let mut range = item.span.range.clone();
        let mut waiting = vec![item];
        while let Some(item) = waiting.pop() {
            range.end = range.end.max(item.span.range.end);
            match &item.value {
                Raw::Table(table) => waiting.extend(table.entries().iter().map(|entry| &entry.item)),
                Raw::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
        range
    }
}

fn text(table: &Table, key: &str) -> String {
    match table.get(key).map(|item| &item.value) {
        Some(Raw::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The symbols of a file.
pub(super) fn of(files: &mut Files<'_>, path: &str, lang: Lang) -> Value {
    let Some(doc) = files.doc(path) else { return Value::Null };
    let outline = Outline { doc: &doc, bytes: files.bytes, lang };
    let mut all = Vec::new();
    for group in doc.table.entries() {
        match (group.key.as_str(), &group.item.value) {
            ("clauses", Raw::Array(items)) => all.extend(outline.clauses(items)),
            ("cases", Raw::Array(items)) => {
                for item in items {
                    let Raw::Table(table) = &item.value else { continue };
                    all.push(outline.symbol(&text(table, "name"), "", EVENT, &outline.whole(item), Vec::new()));
                }
            }
            (_, Raw::Table(table)) => {
                let own = |entry: &crate::document::Entry| {
                    let mut range = outline.whole(&entry.item);
                    range.start = range.start.min(entry.key_span.range.start);
                    let label = match &entry.item.value {
                        Raw::Table(inner) => {
                            ["label", "question"].iter().map(|key| outline.words(inner, key)).collect()
                        }
                        _ => String::new(),
                    };
                    outline.symbol(&entry.key, &label, FIELD, &range, Vec::new())
                };
                let inner: Vec<Value> = table.entries().iter().map(own).collect();
                let mut range = outline.whole(&group.item);
                range.start = range.start.min(group.key_span.range.start);
                all.push(outline.symbol(&group.key, "", MODULE, &range, inner));
            }
            _ => {}
        }
    }
    Value::Array(all)
}
