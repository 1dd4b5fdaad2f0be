//! Semantic tokens: what the names in expressions, and the names that the file declares, are.

use serde_json::{Value, json};

use crate::expr::function;
use crate::expr::lexer::Token;
use crate::expr::program::AggregateKind;
use crate::lsp::completion::KEYWORDS;
use crate::lsp::files::Files;
use crate::lsp::index::Sort;
use crate::lsp::names;

/// The kinds of tokens, as the protocol calls them.
pub(super) const TYPES: &[&str] = &[
    "variable",
    "property",
    "parameter",
    "enum",
    "enumMember",
    "function",
    "number",
    "keyword",
    "operator",
    "string",
    "type",
    "class",
];

fn kind_of(sort: Sort) -> usize {
    let name = match sort {
        Sort::Input | Sort::Define | Sort::Local => "variable",
        Sort::Field => "property",
        Sort::Reading => "parameter",
        Sort::Enum => "enum",
        Sort::Word | Sort::Choice | Sort::Category | Sort::Applicant => "enumMember",
        Sort::Unit => "type",
        Sort::Clause => "class",
    };
    TYPES.iter().position(|known| *known == name).unwrap_or(0)
}

fn is_function(name: &str) -> bool {
    function::find(name).is_some() || AggregateKind::EVERY.iter().any(|known| known.word() == name)
}

/// The tokens of a file, each told by how far it is from the one before.
pub(super) fn of(files: &mut Files<'_>, path: &str) -> Value {
    let Some(doc) = files.doc(path) else { return Value::Null };
    let (_, index) = files.index(&doc);
    let text = &doc.source.text;
    let place = |name: &str| TYPES.iter().position(|known| *known == name).unwrap_or(0);
    let mut all: Vec<(usize, usize, usize, usize)> = Vec::new();
    for site in &index.sites {
        all.push((site.range.start, site.range.end, kind_of(site.thing.sort), usize::from(site.declares)));
    }
    for phrase in &index.phrases {
        for (token, range) in names::placed(&phrase.range, &doc.source) {
            let mut end = range.end;
            let kind = match &token {
                Token::Figure(_) => {
                    // The unit behind it is a token of its own.
                    let written = text.get(range.clone()).unwrap_or("");
                    end = range.start + written.find(|c: char| !c.is_ascii()).unwrap_or(written.len());
                    "number"
                }
                Token::Date(_) => "number",
                Token::Text(_) => "string",
                Token::Sign("(" | ")" | "[" | "]" | "," | ".") | Token::End => continue,
                Token::Sign(_) => "operator",
                Token::Name(name) if KEYWORDS.contains(&name.as_str()) => "keyword",
                Token::Name(name) if is_function(name) => "function",
                Token::Name(_) => continue,
            };
            all.push((range.start, end, place(kind), 0));
        }
    }
    all.sort_unstable();
    let mut data: Vec<usize> = Vec::new();
    let (mut last_line, mut last_column, mut last_end) = (0, 0, 0);
    for (start, end, kind, declares) in all {
        // Of two that overlap the first stands; a token lies in one line.
        let written = text.get(start..end).unwrap_or("");
        if start < last_end || start >= end || written.contains('\n') {
            continue;
        }
        last_end = end;
        let position = doc.lines.position(text, start, files.bytes);
        let part =
            |key: &str| position.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (line, column) = (part("line"), part("character"));
        let length = if files.bytes { written.len() } else { written.encode_utf16().count() };
        let ahead = if line == last_line { column - last_column } else { column };
        data.extend([line - last_line, ahead, length, kind, declares]);
        (last_line, last_column) = (line, column);
    }
    json!({ "data": data })
}
