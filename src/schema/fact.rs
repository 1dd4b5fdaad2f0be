//! What may be written for a fact.

use serde_json::{Value, json};

use super::shape::{chosen, day};
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::clean;
use crate::value::{self, Unit};

/// A fact's label and question in both languages.
pub fn about(input: &Input) -> String {
    let mut lines = vec![input.label.zh.as_ref(), input.label.en.as_ref()];
    lines.extend(input.ask.iter().flat_map(|ask| [ask.zh.as_ref(), ask.en.as_ref()]));
    lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n")
}

/// The schema of a fact that is no list: the value itself, or what is known of it.
pub fn value(input: &Input, names: &Names) -> Value {
    let about = about(input);
    let mut several: Vec<Value> = match &input.ty {
        Type::Bool => vec![json!({ "type": "boolean" }), json!({ "enum": ["是", "否"] })],
        Type::Text => return json!({ "description": about, "type": "string" }),
        Type::List(_) => vec![json!({ "type": "array" })],
        Type::Date => {
            vec![day(), partly(&[("not_before", day()), ("not_after", day()), ("age", age(names)), ("on", day())])]
        }
        Type::Enum(place) => {
            let word = word(names, *place);
            let one_of = partly(&[("one_of", json!({ "type": "array", "items": word, "minItems": 1 }))]);
            let ordered = names.enums.get(*place).is_some_and(|found| found.ordered);
            let ends = ordered.then(|| partly(&[("at_least", word.clone()), ("at_most", word.clone())]));
            [word.clone(), one_of].into_iter().chain(ends).collect()
        }
        Type::Quantity(unit) => {
            let number = number(input, unit, names);
            vec![number.clone(), partly(&[("at_least", number.clone()), ("at_most", number)])]
        }
    };
    if input.may_be_never {
        several.insert(1, json!({ "const": "never" }));
    }
    json!({ "description": about, "anyOf": several })
}

/// A table that says in part what is known.
pub fn partly(ends: &[(&str, Value)]) -> Value {
    let ends: serde_json::Map<String, Value> = ends.iter().map(|(key, end)| ((*key).to_owned(), end.clone())).collect();
    let mut table = json!({ "type": "object", "properties": ends, "additionalProperties": false, "minProperties": 1 });
    // An age is one on a day.
    if let (true, Some(table)) = (ends.contains_key("age"), table.as_object_mut()) {
        table.insert("dependentRequired".to_owned(), json!({ "age": ["on"], "on": ["age"] }));
    }
    table
}

/// A word of an enum, or its label in either language.
fn word(names: &Names, place: usize) -> Value {
    let words = names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
    let mut all: Vec<(String, Text)> = words.to_vec();
    for (_, label) in words {
        for word in [&label.zh, &label.en] {
            if !all.iter().any(|(known, _)| word == known) {
                all.push((word.to_string(), label.clone()));
            }
        }
    }
    chosen(&all)
}

/// How old somebody is.
fn age(names: &Names) -> Value {
    let years = json!({ "type": "string", "pattern": pattern(&Unit::base("岁"), names) });
    json!({ "anyOf": [years, partly(&[("at_least", years.clone()), ("at_most", years)])] })
}

/// A figure in the unit of the fact; a bare number where the unit needs none to be written.
fn number(input: &Input, unit: &Unit, names: &Names) -> Value {
    let text = json!({ "type": "string", "pattern": pattern(unit, names) });
    let measure = input.measure(names).unwrap_or_else(|| Measure::base(unit, names));
    let counts = measure.counts(unit, names);
    let bare = if !unit.is_none() && !counts {
        json!({ "const": 0 })
    } else {
        let mut bare = json!({ "type": if input.integer { "integer" } else { "number" } });
        if let value::Value::Quantity(domain) = input.domain {
            // A bare share is no number of percent.
            let domain = if counts { measure.interval(domain) } else { domain };
            for (key, end) in [("minimum", domain.lo.number()), ("maximum", domain.hi.number())] {
                // Bounds that are whole fit a schema's numbers exactly; others are left to the reader.
                if let (Some(whole), Some(bare)) = (end.and_then(|end| end.to_i64()), bare.as_object_mut()) {
                    bare.insert(key.to_owned(), json!(whole));
                }
            }
        }
        bare
    };
    json!({ "anyOf": [text, bare] })
}

/// `5万元`, `3个月`: digits, one 万 or 亿, and a word for the unit. A compound unit may be written in several ways; only
/// its digits are checked here.
fn pattern(unit: &Unit, names: &Names) -> String {
    const DIGITS: &str = "^\\s*-?[0-9][0-9_]*(\\.[0-9]+)?[万亿]?";
    if unit.powers().count() > 1 || unit.powers().any(|(_, power)| power != 1) {
        return DIGITS.to_owned();
    }
    // Of what a unit's word may be made of only `$` means something in a pattern.
    let words = names.units.iter().filter(|(_, known)| known.unit == *unit).map(|(word, _)| word.replace('$', "\\$"));
    let words = words.collect::<Vec<_>>().join("|");
    // 0 is 0 in every unit, and a pure number has none.
    let optional =
        if unit.is_none() || names.units.values().any(|known| known.unit == *unit && known.counts) { "?" } else { "" };
    if words.is_empty() { format!("{DIGITS}\\s*$") } else { format!("({DIGITS}({words}){optional}\\s*$)|^\\s*0\\s*$") }
}
