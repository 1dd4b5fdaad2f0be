//! The JSON Schema of what `diff --format json` gives: differences of policies, and what they do to a population.

use serde_json::{Map, Value, json};

use crate::schema::DRAFT;

/// A table with all of these keys, those that end in `?` perhaps.
fn table(keys: &[(&str, Value)]) -> Value {
    let name = |key: &str| key.trim_end_matches('?').to_owned();
    let properties: Map<String, Value> = keys.iter().map(|(key, of)| (name(key), of.clone())).collect();
    let required: Vec<&str> = keys.iter().map(|(key, _)| *key).filter(|key| !key.ends_with('?')).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn or_null(of: &Value) -> Value {
    json!({ "anyOf": [of, { "type": "null" }] })
}

/// Of both documents.
pub(super) fn schema() -> Value {
    let (text, truth) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let count = json!({ "type": "integer", "minimum": 0 });
    let words = table(&[("zh", text.clone()), ("en", text.clone())]);
    let head = table(&[
        ("id", text.clone()),
        ("title", words.clone()),
        ("file", text.clone()),
        ("fingerprint", json!({ "type": "string", "pattern": "^[0-9a-f]+$" })),
    ]);
    let clause = table(&[("id", text.clone()), ("cite", text.clone()), ("title", words.clone())]);
    let place = table(&[("file", text.clone()), ("line", count.clone()), ("column", count.clone())]);
    let side = table(&[("text", words.clone()), ("place", or_null(&place))]);
    let change = table(&[
        ("clause", or_null(&clause)),
        ("key", text.clone()),
        ("name", words.clone()),
        ("old", or_null(&side)),
        ("new", or_null(&side)),
        ("wording", truth.clone()),
    ]);
    let end = json!({ "type": ["string", "null"], "pattern": r"^-?[0-9]+\.[0-9]{2}$" });
    let range = table(&[("at_least", end.clone()), ("at_most", end)]);
    let sums = table(&[("before", range.clone()), ("after", range.clone()), ("difference", range.clone())]);
    let counts = table(&["gain", "lose", "same", "open"].map(|key| (key, count.clone())));
    let turn = table(&[("turn", text.clone()), ("applicants", count.clone())]);
    let concerned = table(&[
        ("clause", text.clone()),
        ("title", words),
        ("awarded", sums.clone()),
        ("applicants", counts.clone()),
        ("turns", list(&turn)),
    ]);
    let rows = ["both", "only_old", "only_new", "neither", "of_no_applicant"].map(|key| (key, count.clone()));
    let most = list(&table(&[("id", text.clone()), ("name", text), ("difference", range.clone())]));
    let part = table(&[("changes", list(&change)), ("difference", range.clone()), ("applicants", counts.clone())]);
    let spread = table(&[("steps", list(&json!({ "type": "integer" }))), ("applicants", list(&count))]);
    let differences = table(&[
        ("schema", json!({ "const": super::json::SCHEMA })),
        ("old", head.clone()),
        ("new", head),
        ("same", truth.clone()),
        ("comparable", truth),
        ("changes", list(&change)),
    ]);
    let effect = table(&[
        ("schema", json!({ "const": super::effect::SCHEMA })),
        ("rows", table(&rows)),
        ("awarded", sums),
        ("applicants", counts),
        ("loose", count),
        ("clauses", list(&concerned)),
        ("distribution", spread),
        ("gain_most", most.clone()),
        ("lose_most", most),
        ("by_change?", list(&part)),
        ("remainder?", range),
    ]);
    json!({ "$schema": DRAFT, "title": "duixian: diff", "oneOf": [differences, effect] })
}
