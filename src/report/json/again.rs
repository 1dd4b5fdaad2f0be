//! A result that was written as data, held against the same worked out again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assess::model::{Assessment, FileRead};
use crate::lang::Text;
use crate::report::Look;
use crate::report::record::PROGRAM;
use crate::source::clean;

/// What a result was worked out from and how it was asked for, so that it can be worked out again.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Sealed {
    /// The program and its version.
    pub program: String,
    /// The applicant's file first, then those of the policies.
    pub files: Vec<File>,
    /// How it was asked for.
    pub asked: Asked,
}

/// A file by its digest.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct File {
    /// As the user called it.
    pub name: String,
    /// The SHA-256 digest of its text, in hexadecimal.
    pub sha256: String,
}

/// The arguments of a calculation.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The policies; none: those that fit the applicant.
    pub policies: Vec<String>,
    /// The clauses; none: all.
    pub clauses: Vec<String>,
    /// Options of readings.
    pub readings: Vec<String>,
    /// Whether all other readings were left open.
    pub readings_open: bool,
    /// Whether payments under policies that nobody knows were passed over.
    pub ignore_payments: bool,
    /// Whether clauses that do not apply were written too.
    pub all: bool,
}

impl Sealed {
    /// What a result is worked out from now.
    pub fn now(files: &[FileRead], asked: Asked) -> Sealed {
        let file = |file: &FileRead| File { name: clean(&file.name), sha256: file.sha256.clone() };
        Sealed { program: PROGRAM.to_owned(), files: files.iter().map(file).collect(), asked }
    }
}

/// One applicant's value with what it was worked out from, with a line break at its end.
pub fn sealed(assessment: &Assessment, look: &Look, sealed: &Sealed) -> String {
    super::parts::written(&super::Document::sealed(assessment, look, sealed))
}

/// One thing that the result says and that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The policy, clause and record; none: it is about all of them.
    pub line: Option<(String, String, Option<u64>)>,
    /// What of it.
    pub what: Text,
    /// As the result says; none: it says nothing of it.
    pub said: Option<String>,
    /// As it comes out; none: nothing comes out.
    pub now: Option<String>,
}

/// What is paid, and what a line comes to.
const OF_LINES: &[(&str, Text)] = &[
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
];

const OF_TOTALS: &[(&str, Text)] = &[
    ("awarded", Text::new("核定合计", "awarded in all")),
    ("paid", Text::new("已发合计", "paid in all")),
    ("due", Text::new("本次应发合计", "due now in all")),
    ("overpaid", Text::new("多发合计", "overpaid in all")),
    ("lifetime", Text::new("全期合计", "whole term in all")),
];

/// What is different between two results: every amount, status and date of payment; then whether anything else is.
pub fn compare(said: &Value, now: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let lines = |value: &Value| value.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    let (old, new) = (lines(said), lines(now));
    for line in &old {
        match new.iter().find(|other| id(other) == id(line)) {
            Some(other) => of(OF_LINES, Some(id(line)), line, other, &mut found),
            None => found.push(whole(line, true)),
        }
    }
    found.extend(
        new.iter().filter(|line| !old.iter().any(|other| id(other) == id(line))).map(|line| whole(line, false)),
    );
    let (none, head) = (Value::Null, [("as_of", Text::new("评估日期", "evaluation date"))]);
    of(&head, None, said, now, &mut found);
    of(OF_TOTALS, None, said.get("totals").unwrap_or(&none), now.get("totals").unwrap_or(&none), &mut found);
    if found.is_empty() && without_record(said) != without_record(now) {
        let what = Text::new(
            "金额和结论之外的内容（文字、依据、提示）",
            "something beside amounts and statuses (words, grounds, warnings)",
        );
        found.push(Difference { line: None, what, said: None, now: None });
    }
    found
}

/// What the result is of; not what it was worked out from, and not what the applicant's file is called.
fn without_record(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.remove("record");
        if let Some(applicant) = object.get_mut("applicant").and_then(Value::as_object_mut) {
            applicant.remove("file");
        }
    }
    value
}

fn id(line: &Value) -> (String, String, Option<u64>) {
    let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let record = line.get("record").and_then(|record| record.get("index")).and_then(Value::as_u64);
    (text("policy"), text("clause"), record)
}

fn whole(line: &Value, was: bool) -> Difference {
    let awarded = line.get("awarded").map(shown).unwrap_or_default();
    let (said, now) = if was { (Some(awarded), None) } else { (None, Some(awarded)) };
    Difference { line: Some(id(line)), what: Text::new("整行", "the whole line"), said, now }
}

fn of(
    keys: &[(&str, Text)],
    line: Option<(String, String, Option<u64>)>,
    said: &Value,
    now: &Value,
    found: &mut Vec<Difference>,
) {
    for (key, what) in keys {
        let (old, new) = (said.get(key), now.get(key));
        if old != new {
            found.push(Difference {
                line: line.clone(),
                what: what.clone(),
                said: old.map(shown),
                now: new.map(shown),
            });
        }
    }
}

/// A value in a line: an interval by its ends.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => clean(text),
        Value::Object(object) if object.contains_key("at_least") => {
            let end = |key: &str| object.get(key).and_then(Value::as_str).map(clean);
            match (end("at_least"), end("at_most")) {
                (Some(from), Some(to)) if from == to => from,
                (from, to) => format!("{}–{}", from.as_deref().unwrap_or(""), to.as_deref().unwrap_or("∞")),
            }
        }
        Value::Array(items) => {
            let amounts = items.iter().map(|item| item.get("amount").map_or_else(String::new, shown));
            let states = items.iter().map(|item| item.get("state").and_then(Value::as_str).unwrap_or("").to_owned());
            amounts
                .zip(states)
                .map(|(amount, state)| clean(&format!("{amount} {state}")))
                .collect::<Vec<_>>()
                .join(", ")
        }
        other => clean(&other.to_string()),
    }
}
