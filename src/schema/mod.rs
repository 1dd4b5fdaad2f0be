//! JSON Schemas (draft 2020-12) of policy, applicant and case files, with which editors complete and check. They are made from
//! the descriptions by which the files are read, so a key is known to both or to neither.

mod fact;
mod shape;

use serde_json::{Map, Value, json};

use crate::applicant::keys as applicant_keys;
use crate::cases::keys as case_keys;
use crate::expr::names::{Input, List, Names, Origin};
use crate::expr::types::Type;
use crate::keys::Keys;
use crate::policy::Policy;
use shape::Shapes;

/// The version of JSON Schema.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of files with these keys: policies, supplements or vocabularies; `names`: of a policy whose enums, kinds of
/// applicants and categories it shall know, and refuse others.
pub fn of_file(keys: &Keys, names: Option<&Names>) -> Value {
    let mut shapes = Shapes::new(names);
    let file = shapes.table(keys);
    document(&format!("duixian: {}", keys.id), file, shapes)
}

/// The schema of applicant files for these policies.
pub fn applicant(policies: &[&Policy]) -> Value {
    let mut shapes = Shapes::new(None);
    shapes.kinds_of_applicants(policies);
    let (facts, other_benefits) = stated(policies);
    let file = shapes.table(&applicant_keys::FILE);
    shapes.put(&applicant_keys::FILE, "facts", facts);
    if let Some(schema) = other_benefits {
        shapes.put(&applicant_keys::FILE, "other_benefits", schema);
    }
    document("duixian: applicant-file", file, shapes)
}

/// The schema of case files for these policies.
pub fn cases(policies: &[&Policy]) -> Value {
    let mut shapes = Shapes::new(None);
    shapes.kinds_of_applicants(policies);
    let (facts, other_benefits) = stated(policies);
    let file = shapes.table(&case_keys::FILE);
    let sums = shapes.table(&case_keys::SUMS);
    for keys in [&case_keys::FILE, &case_keys::CASE, &case_keys::APPLICANT] {
        shapes.put(keys, "facts", facts.clone());
        if let (Some(schema), true) = (&other_benefits, keys.names().contains(&"other_benefits")) {
            shapes.put(keys, "other_benefits", schema.clone());
        }
        if let (Some(expect), true) = (shapes.of(keys, "expect"), keys.names().contains(&"expect")) {
            let mut expect = expect.clone();
            if let Some(expect) = expect.as_object_mut() {
                expect.insert("properties".to_owned(), json!({ "totals": sums.clone() }));
            }
            shapes.put(keys, "expect", expect);
        }
    }
    let mut readings = Map::new();
    for names in policies.iter().map(|policy| &policy.names) {
        let of = |input: &&Input| matches!(input.origin, Origin::Reading(_));
        for input in names.inputs.iter().filter(of) {
            either(&mut readings, input.name.trim_start_matches("reading."), fact::value(input, names));
        }
    }
    let mut parameters = Map::new();
    for names in policies.iter().map(|policy| &policy.names) {
        for input in names.inputs.iter().filter(|input| matches!(input.origin, Origin::Parameter(_))) {
            either(&mut parameters, &input.name, fact::value(input, names));
        }
    }
    shapes.put(
        &case_keys::CASE,
        "parameters",
        json!({ "type": "object", "properties": parameters, "additionalProperties": false }),
    );
    shapes.put(
        &case_keys::CASE,
        "readings",
        json!({ "type": "object", "properties": readings, "additionalProperties": false }),
    );
    document("duixian: case-file", file, shapes)
}

/// What applicants of these policies may state: the schema of their facts, and of what other schemes paid.
fn stated(policies: &[&Policy]) -> (Value, Option<Value>) {
    let mut facts = Map::new();
    let mut listed = Map::new();
    for policy in policies {
        let names = &policy.names;
        for input in &names.inputs {
            let list = match input.ty {
                Type::List(place) => names.lists.get(place),
                _ => None,
            };
            let own = match list {
                Some(list) => records(input, list, names),
                None => fact::value(input, names),
            };
            if input.name == "other_benefits" {
                either(&mut listed, "other_benefits", own);
            } else if input.origin == Origin::Fact {
                either(&mut facts, &input.name, own);
            }
        }
    }
    let facts = json!({
        "description": "已知的事实；没有写的即为未知\nwhat is known; what is not there is unknown",
        "type": "object",
        "properties": facts,
        "additionalProperties": false,
    });
    (facts, listed.remove("other_benefits"))
}

/// A fact that several policies declare in different ways may be given in any of them.
fn either(facts: &mut Map<String, Value>, name: &str, own: Value) {
    let Some(known) = facts.get_mut(name) else {
        facts.insert(name.to_owned(), own);
        return;
    };
    if *known == own {
        return;
    }
    // A fact's own schema says what it is; several together do not.
    if known.get("description").is_some() {
        *known = json!({ "anyOf": [known.take()] });
    }
    if let Some(Value::Array(several)) = known.get_mut("anyOf")
        && !several.contains(&own)
    {
        several.push(own);
    }
}

/// A list: its records, each with the fields declared.
fn records(input: &Input, list: &List, names: &Names) -> Value {
    let mut fields: Map<String, Value> =
        list.fields.iter().map(|field| (field.name.clone(), fact::value(field, names))).collect();
    let mut shapes = Shapes::new(None);
    fields.extend(shapes.properties(applicant_keys::RECORD.keys));
    let mut needed: &[&str] = &[];
    if list.name == "other_benefits" {
        needed = &["category", "amount"];
        let ids: Vec<&str> = names.categories.iter().map(|(id, _)| id.as_str()).collect();
        if let Some(Value::Object(category)) = fields.get_mut("category") {
            category.insert("enum".to_owned(), json!(ids));
        }
    }
    let record = json!({ "type": "object", "properties": fields, "required": needed, "additionalProperties": false });
    json!({ "description": fact::about(input), "type": "array", "items": record })
}

fn document(title: &str, schema: Value, shapes: Shapes<'_>) -> Value {
    let mut whole = json!({ "$schema": DRAFT, "title": title });
    if let (Some(whole), Value::Object(schema)) = (whole.as_object_mut(), schema) {
        whole.extend(schema);
        whole.insert("$defs".to_owned(), Value::Object(shapes.defs));
    }
    whole
}
