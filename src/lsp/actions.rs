//! What mends a fault: the nearest word, and what is missing.

use serde_json::{Value, json};

use crate::lang::Lang;
use crate::lsp::diagnostics;
use crate::lsp::files::Files;

/// The quick fixes of the faults in a range.
pub(super) fn at(files: &mut Files<'_>, path: &str, range: &Value, lang: Lang) -> Value {
    let Some(doc) = files.doc(path) else { return json!([]) };
    let text = &doc.source.text;
    let end = |key: &str| doc.lines.offset(text, range.get(key).unwrap_or(&Value::Null), files.bytes);
    let (from, to) = (end("start"), end("end"));
    let mut all = Vec::new();
    for fault in diagnostics::of(files, &doc, false) {
        let Some((span, _)) = fault.labels.first().filter(|(span, _)| span.source.name == doc.path) else { continue };
        if span.range.end < from || to < span.range.start {
            continue;
        }
        for help in &fault.help {
            // `did you mean …?` is the same in every place that says it.
            let Some(word) = help.en.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?")) else {
                continue;
            };
            let written = text.get(span.range.clone()).unwrap_or("");
            let quote = if written.len() > 1 && written.ends_with('"') { "\"" } else { "" };
            // `reading.x`: only what stands behind the point is another word.
            let kept = written.rfind('.').filter(|_| quote.is_empty() && !word.contains('.'));
            let kept = kept.and_then(|at| written.get(..=at)).filter(|head| head.chars().all(|c| !c.is_ascii_digit()));
            let new = format!("{quote}{}{word}{quote}", kept.unwrap_or(""));
            let title = match lang {
                Lang::Zh => format!("改为 `{word}`"),
                Lang::En => format!("change to `{word}`"),
            };
            let range = doc.lines.range(text, &span.range, files.bytes);
            all.push(action(&title, &files.uri(path), &range, &new));
        }
        let missing = fault.labels.first().filter(|_| fault.code.name == "missing-key");
        if let Some((span, label)) = missing
            && let Some(key) = label.en.strip_prefix('`').and_then(|rest| rest.split('`').next())
        {
            let line = text
                .get(span.range.start..)
                .and_then(|rest| rest.find('\n'))
                .map_or(text.len(), |at| span.range.start + at);
            // Inside `{ … }` a key stands behind the bracket; else on its own line behind the head.
            let inline = text.get(span.range.start..).is_some_and(|rest| rest.starts_with('{'));
            let (at, new) = match inline {
                true => (span.range.start + 1, format!(" {key} = \"\",")),
                false => (line, format!("\n{key} = \"\"")),
            };
            let title = match lang {
                Lang::Zh => format!("补上 `{key}`"),
                Lang::En => format!("add `{key}`"),
            };
            let range = doc.lines.range(text, &(at..at), files.bytes);
            all.push(action(&title, &files.uri(path), &range, &new));
        }
    }
    Value::Array(all)
}

fn action(title: &str, uri: &str, range: &Value, new: &str) -> Value {
    let mut changes = serde_json::Map::new();
    changes.insert(uri.to_owned(), json!([{ "range": range, "newText": new }]));
    json!({ "title": title, "kind": "quickfix", "edit": { "changes": changes } })
}
