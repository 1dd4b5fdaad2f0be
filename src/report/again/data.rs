//! Results as data, `calc --format json` and the JSON Lines of `batch`, as rows: one of what holds for the whole, one a line, one
//! of the sums.

use serde_json::Value;

use super::Row;
use crate::lang::Text;
use crate::source::clean;

/// What is called by its words and has its ends on one line; everything else is called by its path.
static WORDS: [(&str, Text); 13] = [
    ("status", Text::new("结论", "status")),
    ("conclusion", Text::new("结论细分", "conclusion")),
    ("entitled", Text::new("应得", "entitled")),
    ("awarded", Text::new("核定", "awarded")),
    ("paid", Text::new("已发", "paid")),
    ("due", Text::new("本次应发", "due now")),
    ("overpaid", Text::new("多发", "overpaid")),
    ("lifetime", Text::new("全期", "whole term")),
    ("term", Text::new("期限", "term")),
    ("installments", Text::new("分期", "instalments")),
    ("as_of", Text::new("评估日期", "evaluation date")),
    ("reason", Text::new("理由", "reason")),
    ("name", Text::new("姓名", "name")),
];

/// Nesting deeper than this is no result.
const DEEPEST: usize = 32;

/// A result as rows. `id` stands before each place, where a file has many.
pub fn rows(result: &Value, id: Option<&str>) -> Vec<Row> {
    let of = |place: Text| match id {
        None => place,
        Some(id) if place.zh.is_empty() => Text::same(id),
        Some(id) => Text::made(format!("{id} {}", place.zh), format!("{id} {}", place.en)),
    };
    let mut head = Row { place: of(Text::default()), cells: Vec::new() };
    let mut found = Vec::new();
    let Value::Object(keys) = result else { return found };
    for (key, value) in keys {
        match (key.as_str(), value) {
            // What it was worked out from is held against what is used now by itself.
            ("record", _) => {}
            ("lines", Value::Array(lines)) => found.extend(lines.iter().map(|line| {
                let mut row = Row { place: of(place(line)), cells: Vec::new() };
                cells(line, "", 0, &mut row.cells);
                row
            })),
            ("totals", totals) => {
                let mut row = Row { place: of(Text::new("合计", "totals")), cells: Vec::new() };
                cells(totals, "", 0, &mut row.cells);
                found.push(row);
            }
            ("applicant", Value::Object(applicant)) => {
                // What its file is called may have changed.
                let own = applicant.iter().filter(|(key, _)| *key != "file");
                own.for_each(|(key, value)| cells(value, &format!("applicant.{key}"), 0, &mut head.cells));
            }
            (key, value) => cells(value, key, 0, &mut head.cells),
        }
    }
    found.insert(0, head);
    found
}

/// Which clause of which policy a line is of, and which record.
fn place(line: &Value) -> Text {
    let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or("");
    let record = line.get("record").map(|record| match record {
        Value::Object(record) => record.get("index").map(Value::to_string).unwrap_or_default(),
        Value::String(record) => record.clone(),
        _ => String::new(),
    });
    let clause = format!("{}/{}", text("policy"), text("clause"));
    match record.filter(|record| !record.is_empty()) {
        None => Text::made(format!("条款 {clause}"), format!("clause {clause}")),
        Some(record) => {
            Text::made(format!("条款 {clause} 第 {record} 条"), format!("clause {clause}, record {record}"))
        }
    }
}

/// The cells of a value; `path` is how it is reached.
fn cells(value: &Value, path: &str, depth: usize, into: &mut Vec<(Text, String)>) {
    let last = path.rsplit('.').next().unwrap_or(path);
    // Amounts of a line stand by themselves in JSON Lines.
    let own = path.strip_prefix("amounts.").unwrap_or(path);
    let known = WORDS.iter().find(|(key, _)| *key == last).map(|(_, words)| words);
    let what = || match known {
        Some(words) if own == last => words.clone(),
        _ => Text::same(clean(path)),
    };
    match value {
        Value::Object(object) if object.contains_key("at_least") && object.contains_key("at_most") => {
            into.push((what(), shown(value)));
        }
        // Both languages say the same, and are told once.
        Value::Object(object) if object.len() == 2 && object.contains_key("zh") && object.contains_key("en") => {
            into.push((what(), shown(value)));
        }
        Value::Array(parts) if last == "installments" => {
            // Each by itself: of many months a few differ.
            let words = known.cloned().unwrap_or_default();
            for (place, part) in parts.iter().enumerate() {
                let number = place + 1;
                let what = Text::made(format!("{} {number}", words.zh), format!("{} {number}", words.en));
                into.push((what, installment(part)));
            }
        }
        Value::Object(object) if depth < DEEPEST => {
            let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            object.iter().for_each(|(key, value)| cells(value, &join(key), depth + 1, into));
        }
        Value::Array(items) if depth < DEEPEST => {
            // A reading and an option are called by their names: those after one that is gone are still the same.
            let name = |item: &Value| {
                let id = ["id", "option", "name", "code"].iter().find_map(|key| item.get(key).and_then(Value::as_str));
                id.map(str::to_owned)
            };
            for (place, item) in items.iter().enumerate() {
                let name = name(item).unwrap_or_else(|| (place + 1).to_string());
                cells(item, &format!("{path}[{name}]"), depth + 1, into);
            }
        }
        other => into.push((what(), shown(other))),
    }
}

/// A value in a line: an interval by its ends.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(object) if object.contains_key("at_least") => {
            let end = |key: &str| object.get(key).and_then(Value::as_str);
            match (end("at_least"), end("at_most")) {
                (Some(from), Some(to)) if from == to => from.to_owned(),
                (from, to) => format!("{}–{}", from.unwrap_or(""), to.unwrap_or("∞")),
            }
        }
        Value::Object(object) if object.contains_key("zh") && object.contains_key("en") => {
            let word = |key: &str| object.get(key).map(shown).unwrap_or_default();
            let (zh, en) = (word("zh"), word("en"));
            if zh == en { zh } else { format!("{zh} / {en}") }
        }
        Value::Array(items) => items.iter().map(installment).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A part with its day: `第3个月 / month 3, 5000.00, due, 2026-04-14`.
fn installment(part: &Value) -> String {
    let of = |key: &str| part.get(key).map(shown);
    let on = part.get("due_on").filter(|on| !on.is_null()).map(|on| match (on.get("from"), on.get("to")) {
        (Some(from), Some(to)) if from == to => shown(from),
        (Some(from), Some(to)) => format!("{}–{}", shown(from), shown(to)),
        _ => shown(on),
    });
    let all = [of("label"), of("amount"), of("state"), on];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
