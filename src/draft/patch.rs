//! The policy as a new edition of its text asks for it: cites renumbered, what changed marked `todo`, new articles behind the rest.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::draft::update::Update;
use crate::draft::write;
use crate::fmt;
use crate::lang::Lang;
use crate::source::{Source, clean};

/// The policy file, with every comment; none where it is no TOML.
pub(super) fn patched(update: &Update, policy: &Arc<Source>, lang: Lang) -> Option<String> {
    let mut document: DocumentMut = policy.text.parse().ok()?;
    let heads: Vec<&str> = update.head.iter().map(|(key, _, _)| *key).filter(|key| *key != "number").collect();
    if let Some(head) = document.get_mut("policy").and_then(Item::as_table_mut) {
        let said: Vec<String> = update.head.iter().map(|(key, old, new)| format!("{key}: {old} → {new}")).collect();
        if !said.is_empty() {
            confirm(head, if heads.is_empty() { &["number"] } else { &heads }, &said);
        }
    }
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for article in &update.articles {
        for clause in &article.clauses {
            said.entry(clause).or_default().extend(article.lines(lang));
        }
    }
    let clauses = document.get_mut("clauses").and_then(Item::as_array_of_tables_mut);
    for table in clauses.into_iter().flat_map(toml_edit::ArrayOfTables::iter_mut) {
        let id = table.get("id").and_then(Item::as_str).unwrap_or_default().to_owned();
        let Some(clause) = update.clauses.iter().find(|clause| clause.id == id) else { continue };
        if clause.cite.0 != clause.cite.1
            && let Some(cite) = table.get_mut("cite").and_then(Item::as_value_mut)
        {
            let decor = cite.decor().clone();
            *cite = Value::from(clause.cite.1.as_str());
            *cite.decor_mut() = decor;
        }
        if !clause.open.is_empty() {
            let open: Vec<&str> = clause.open.iter().copied().collect();
            confirm(table, &open, said.get(id.as_str()).map_or(&[], Vec::as_slice));
        }
    }
    let mut text = document.to_string();
    for article in &update.new {
        write::clause(&mut text, article, lang);
    }
    // Who keeps another layout keeps it.
    let was_laid_out = fmt::format(policy).is_ok_and(|laid_out| laid_out == policy.text);
    let laid_out = was_laid_out.then(|| fmt::format(&Source::new("draft", text.as_str())).ok()).flatten();
    Some(laid_out.unwrap_or(text))
}

/// Marks what of a table somebody has to confirm, and why.
fn confirm(table: &mut Table, what: &[&str], why: &[String]) {
    let mut all: Vec<String> = (table.get("todo").and_then(Item::as_array).into_iter())
        .flat_map(|known| known.iter().filter_map(Value::as_str).map(str::to_owned))
        .collect();
    all.extend(what.iter().map(|word| (*word).to_owned()));
    all.dedup();
    table.insert("todo", toml_edit::value(Array::from_iter(all)));
    if let Some(mut key) = table.key_mut("todo") {
        let comments: String = why.iter().map(|line| format!("# {}\n", clean(line))).collect();
        key.leaf_decor_mut().set_prefix(comments);
    }
}
