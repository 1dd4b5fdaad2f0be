//! From the keys of tables to schemas.

use serde_json::{Map, Value, json};

use crate::assess::model::Status;
use crate::clause::kind::KINDS;
use crate::expr::names::Names;
use crate::keys::{Key, Keys, Kind, Set};
use crate::lang::Text;
use crate::policy::keys::{TYPES, of_type};
use crate::policy::{Policy, STANDINGS};

/// Schemas of tables, each once, and what may be chosen.
pub struct Shapes<'a> {
    /// Each table's schema by its id.
    pub defs: Map<String, Value>,
    names: Option<&'a Names>,
    applicants: Vec<(String, Text)>,
}

impl<'a> Shapes<'a> {
    /// Without any table so far.
    pub fn new(names: Option<&'a Names>) -> Shapes<'a> {
        let applicants = names.map(|names| names.applicant_kinds.clone()).unwrap_or_default();
        Shapes { defs: Map::new(), names, applicants }
    }

    /// Lets kinds of applicants be chosen from these policies', by id or label.
    pub fn kinds_of_applicants(&mut self, policies: &[&Policy]) {
        for (id, label) in policies.iter().flat_map(|policy| &policy.names.applicant_kinds) {
            let labels = [id.as_str(), &label.zh, &label.en];
            for word in labels {
                if !self.applicants.iter().any(|(known, _)| known == word) {
                    self.applicants.push((word.to_owned(), label.clone()));
                }
            }
        }
    }

    /// A reference to the schema of a table with these keys.
    pub fn table(&mut self, keys: &Keys) -> Value {
        self.joined(keys.id, &[keys])
    }

    /// The schema of a key.
    pub fn of(&self, keys: &Keys, name: &str) -> Option<&Value> {
        self.defs.get(keys.id)?.get("properties")?.get(name)
    }

    /// Replaces the schema of a key.
    pub fn put(&mut self, keys: &Keys, name: &str, schema: Value) {
        let table = self.defs.get_mut(keys.id).and_then(|table| table.get_mut("properties"));
        if let Some(Value::Object(properties)) = table {
            properties.insert(name.to_owned(), schema);
        }
    }

    /// The schemas of keys, by their names.
    pub fn properties<'k>(&mut self, keys: impl IntoIterator<Item = &'k Key>) -> Map<String, Value> {
        let mut properties = Map::new();
        for key in keys {
            let schema = self.kind(&key.kind);
            properties.insert(key.name.to_owned(), described(schema, &key.about));
        }
        properties
    }

    fn joined(&mut self, id: &str, tables: &[&Keys]) -> Value {
        let keys: Vec<&Key> = tables.iter().flat_map(|keys| keys.keys).collect();
        self.once(id, |shapes| shapes.object(&keys))
    }

    /// A reference to what `make` gives, which is asked once.
    fn once(&mut self, id: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.defs.contains_key(id) {
            // Its place is taken first: a table can hold others of its own kind.
            self.defs.insert(id.to_owned(), Value::Null);
            let schema = make(self);
            self.defs.insert(id.to_owned(), schema);
        }
        json!({ "$ref": format!("#/$defs/{id}") })
    }

    fn object(&mut self, keys: &[&Key]) -> Value {
        let needed: Vec<&str> = keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
        let properties = self.properties(keys.iter().copied());
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if let (Some(schema), false) = (schema.as_object_mut(), needed.is_empty()) {
            schema.insert("required".to_owned(), json!(needed));
        }
        schema
    }

    /// One schema for each type, as its keys depend on it.
    fn declared(&mut self, keys: &Keys) -> Value {
        let mut variants: Vec<Value> =
            TYPES.iter().map(|name| self.variant(keys, name, json!({ "const": name }))).collect();
        let ids = self.enums();
        // Without a policy's names any other word may be an enum.
        let an_enum =
            if ids.is_empty() { json!({ "type": "string", "not": { "enum": TYPES } }) } else { json!({ "enum": ids }) };
        variants.push(self.variant(keys, "", an_enum));
        json!({ "anyOf": variants })
    }

    fn variant(&mut self, keys: &Keys, name: &str, ty: Value) -> Value {
        let mut schema = self.object(&of_type(keys, name));
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.insert("type".to_owned(), ty);
        }
        schema
    }

    fn enums(&self) -> Vec<&'a str> {
        let names = self.names.iter();
        names.flat_map(|names| names.enum_places.keys()).map(String::as_str).collect()
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Text | Kind::Expression => json!({ "type": "string" }),
            Kind::Texts => several(json!({ "type": "string" })),
            Kind::Words => self.once("words", |_| {
                json!({
                    "type": "object",
                    "properties": { "zh": { "type": "string", "description": "中文" }, "en": { "type": "string", "description": "English" } },
                    "required": ["zh", "en"],
                    "additionalProperties": false,
                })
            }),
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Day => day(),
            Kind::Number => json!({ "type": ["string", "number"] }),
            Kind::Range => super::fact::partly(&["at_least", "at_most"].map(|key| (key, json!({ "type": "integer", "minimum": 0 })))),
            Kind::Count => json!({ "type": "integer", "minimum": 1 }),
            Kind::OneOf(words) => json!({ "enum": words }),
            Kind::Chosen(set) => self.chosen(*set),
            Kind::ChosenSeveral(set) => several(self.chosen(*set)),
            Kind::Either(kinds) => {
                let kinds: Vec<Value> = kinds.iter().map(|kind| self.kind(kind)).collect();
                json!({ "anyOf": kinds })
            }
            Kind::List(of) => json!({ "type": "array", "items": self.kind(of) }),
            Kind::Table(keys) => self.table(keys),
            Kind::Joined(tables) => self.joined(tables.first().map_or("", |keys| keys.id), tables),
            Kind::Declared(keys) => self.once(keys.id, |shapes| shapes.declared(keys)),
            Kind::Named(of) => json!({ "type": "object", "additionalProperties": self.kind(of) }),
            Kind::Anything => json!({}),
        }
    }

    fn chosen(&self, set: Set) -> Value {
        let of_names = |pick: fn(&Names) -> &[(String, Text)]| self.names.map(pick).unwrap_or_default().to_vec();
        let words: Vec<(String, Text)> = match set {
            Set::Kinds => KINDS.iter().map(|kind| (kind.name.to_owned(), kind.title.clone())).collect(),
            Set::Standings => {
                STANDINGS.iter().map(|standing| (standing.name.to_owned(), standing.label.clone())).collect()
            }
            Set::Applicants => self.applicants.clone(),
            Set::Categories => of_names(|names| &names.categories),
            Set::Levels => of_names(|names| {
                let place = names.enum_places.get("level");
                place.and_then(|place| names.enums.get(*place)).map_or(&[], |found| &found.words)
            }),
            Set::Conclusions => return json!({ "enum": Status::EVERY.map(Status::name) }),
            Set::Types => Vec::new(),
        };
        if words.is_empty() {
            return json!({ "type": "string" });
        }
        chosen(&words)
    }
}

/// One of several words; editors that know the extension show what each means.
pub fn chosen(words: &[(String, Text)]) -> Value {
    let ids: Vec<&str> = words.iter().map(|(id, _)| id.as_str()).collect();
    let labels: Vec<String> = words.iter().map(|(_, label)| format!("{} · {}", label.zh, label.en)).collect();
    json!({ "enum": ids, "x-taplo": { "docs": { "enumValues": labels } } })
}

/// A TOML date, which comes to a validator as a text.
pub fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$" })
}

/// One, or a list of them.
fn several(one: Value) -> Value {
    json!({ "anyOf": [one.clone(), { "type": "array", "items": one }] })
}

/// A schema with its description in both languages first.
fn described(schema: Value, about: &Text) -> Value {
    let mut whole = json!({ "description": format!("{}\n{}", about.zh, about.en) });
    if let (Some(whole), Value::Object(schema)) = (whole.as_object_mut(), schema) {
        whole.extend(schema);
    }
    whole
}
