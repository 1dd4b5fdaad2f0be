//! What `batch` and `calc` say of the same applicant.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use serde_json::{Map, Value, json};

/// An applicant's TOML as a line of JSON.
pub fn as_json(id: &str, text: &str) -> String {
    fn value(toml: &toml::Value) -> Value {
        match toml {
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Float(number) => json!(number),
            toml::Value::Boolean(truth) => json!(truth),
            toml::Value::Datetime(day) => json!(day.to_string()),
            toml::Value::Array(items) => items.iter().map(value).collect(),
            toml::Value::Table(table) => table.iter().map(|(key, item)| (key.clone(), value(item))).collect(),
        }
    }
    let document: toml::Table = text.parse().unwrap();
    let mut line = Map::new();
    line.insert("id".to_owned(), json!(id));
    for part in ["applicant", "facts"] {
        for (key, item) in document.get(part).and_then(toml::Value::as_table).into_iter().flatten() {
            line.insert(key.clone(), value(item));
        }
    }
    for part in ["paid", "other_benefits"] {
        line.extend(document.get(part).map(|item| (part.to_owned(), value(item))));
    }
    Value::Object(line).to_string()
}

const AMOUNTS: [&str; 5] = ["awarded", "paid", "due", "overpaid", "lifetime"];

/// Whether the line of JSON of `batch` says what that of `calc` says: all that both tell of lines and totals.
pub fn same(id: &str, batch: &Value, calc: &Value) -> Result<(), String> {
    let alike = |what: &str, batch: &Value, calc: &Value| {
        if batch == calc { Ok(()) } else { Err(format!("{id}: {what}: batch says {batch}, and calc {calc}")) }
    };
    alike("the id", &batch["id"], &json!(id))?;
    alike("the date", &batch["as_of"], &calc["as_of"])?;
    let (lines, expected) = (applicable(batch), applicable(calc));
    alike("how many lines", &json!(lines.len()), &json!(expected.len()))?;
    for (line, expected) in lines.into_iter().zip(expected) {
        let alike = |what: &str, batch: &Value, calc: &Value| {
            alike(&format!("{what} of {} {}", line["clause"], line["record"]), batch, calc)
        };
        for key in ["policy", "clause", "status", "reason"] {
            alike(key, &line[key], &expected[key])?;
        }
        let counted = expected["counted"] == json!("total");
        alike("counted", &line["counted"], &json!(counted))?;
        alike("record", &line["record"], &record(&expected["record"]))?;
        alike("missing", &line["missing"], &each(&expected["missing"], "name"))?;
        // The table names conditions only where that they fail is the reason.
        if let Some(failed) = line.get("failed") {
            alike("failed", failed, &each(&expected["failed"], "text"))?;
        }
        for key in AMOUNTS {
            alike(key, &line["amounts"][key], &expected[key])?;
        }
        alike("readings", &otherwise(line, "taken", |of| &of["amounts"]), &otherwise(expected, "used", |of| of))?;
    }
    AMOUNTS.into_iter().try_for_each(|key| alike(&format!("total {key}"), &batch["totals"][key], &calc["totals"][key]))
}

/// Every option of a reading under which a line is written otherwise, with what it then comes to. `batch` lists also those under
/// which only its claims are others, `calc` those under which only what it is entitled to is.
fn otherwise(line: &Value, taken: &str, amounts: fn(&Value) -> &Value) -> Value {
    let outcome = |of: &Value| {
        let amounts = amounts(of);
        let amounts: Vec<&Value> = AMOUNTS.into_iter().map(|key| &amounts[key]).collect();
        json!([of["status"], if of["status"] == "not_applicable" { Value::Null } else { json!(amounts) }])
    };
    let now = outcome(line);
    let readings = line["readings"].as_array().into_iter().flatten();
    let options = readings.flat_map(|reading| {
        let taken = if reading[taken].is_object() { &reading[taken]["option"] } else { &reading[taken] };
        let name = json!([reading["policy"], reading["id"], taken]);
        let others = reading["others"].as_array().into_iter().flatten();
        others.map(move |other| (name.clone(), other["option"].clone(), outcome(other)))
    });
    options.filter(|(_, _, then)| *then != now).map(|(name, option, then)| json!([name, option, then])).collect()
}

/// What does not apply to the applicant is a line of the table, and none of the breakdown.
fn applicable(result: &Value) -> Vec<&Value> {
    let lines = result["lines"].as_array().into_iter().flatten();
    lines.filter(|line| line["status"] != json!("not_applicable")).collect()
}

/// A record by what the file calls it, or by its place.
fn record(calc: &Value) -> Value {
    match (&calc["label"], &calc["index"]) {
        (Value::Null, Value::Null) => Value::Null,
        (Value::Null, index) => json!(index.to_string()),
        (label, _) => label.clone(),
    }
}

/// This of each of several.
fn each(several: &Value, key: &str) -> Value {
    several.as_array().into_iter().flatten().map(|one| one[key].clone()).collect()
}
