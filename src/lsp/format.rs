//! The layout of `fmt`.

use serde_json::{Value, json};

use crate::lsp::files::{Content, Files};

/// One edit that lays the file out; none where it is laid out, or cannot be.
pub(super) fn of(files: &mut Files<'_>, path: &str) -> Value {
    let Some(doc) = files.doc(path) else { return Value::Null };
    if matches!(doc.content(), Content::Cases | Content::Applicant) {
        return json!([]);
    }
    let text = &doc.source.text;
    match crate::fmt::format(&doc.source) {
        Ok(new) if new != *text => {
            json!([{ "range": doc.lines.range(text, &(0..text.len()), files.bytes), "newText": new }])
        }
        _ => json!([]),
    }
}
