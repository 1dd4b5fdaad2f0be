//! A word above each case, whether it passes, and above each clause, which cases name it.

use serde_json::{Value, json};

use crate::cases;
use crate::document::Raw;
use crate::lang::Lang;
use crate::lsp::files::{Content, Doc, Files};
use crate::lsp::index::Sort;

fn lens(files: &Files<'_>, doc: &Doc, at: usize, title: &str) -> Value {
    let range = doc.lines.range(&doc.source.text, &(at..at), files.bytes);
    json!({ "range": range, "command": { "title": title, "command": "" } })
}

/// The lenses of a file.
pub(super) fn of(files: &mut Files<'_>, path: &str, lang: Lang) -> Value {
    let Some(doc) = files.doc(path) else { return json!([]) };
    match doc.content() {
        Content::Cases => {
            let Some(held) = files.policy_of(&doc).and_then(|path| files.policy(&path, None)) else { return json!([]) };
            let Some(policy) = &held.policy else { return json!([]) };
            let ran = cases::File::read(&doc.source).run(policy);
            let one = |ran: cases::Ran| {
                let (zh, en) = match (ran.faults.is_empty(), ran.differing.len()) {
                    (false, _) => ("✗ 写法有误".to_owned(), "✗ not written well".to_owned()),
                    (true, 0) => ("✓ 通过".to_owned(), "✓ passes".to_owned()),
                    (true, many) => (format!("✗ {many} 处不符"), format!("✗ {many} differ")),
                };
                lens(files, &doc, ran.span.range.start, if lang == Lang::Zh { &zh } else { &en })
            };
            ran.into_iter().map(one).collect()
        }
        Content::Policy => {
            let mut named: Vec<String> = Vec::new();
            for other in files.belonging(path).into_iter().filter(|other| other.content() == Content::Cases) {
                let (_, index) = files.index(&other);
                named.extend(
                    index
                        .sites
                        .iter()
                        .filter(|site| site.thing.sort == Sort::Clause)
                        .map(|site| site.thing.name.clone()),
                );
            }
            let Some(Raw::Array(clauses)) = doc.table.get("clauses").map(|item| &item.value) else { return json!([]) };
            let mut all = Vec::new();
            for clause in clauses {
                let Raw::Table(table) = &clause.value else { continue };
                let Some(Raw::Text(id)) = table.get("id").map(|item| &item.value) else { continue };
                let count = named.iter().filter(|known| *known == id).count();
                let title = match (lang, count) {
                    (Lang::Zh, 0) => "没有案例".to_owned(),
                    (Lang::En, 0) => "no case names it".to_owned(),
                    (Lang::Zh, count) => format!("案例提到 {count} 处"),
                    (Lang::En, count) => format!("named {count} times in cases"),
                };
                all.push(lens(files, &doc, clause.span.range.start, &title));
            }
            Value::Array(all)
        }
        _ => json!([]),
    }
}
