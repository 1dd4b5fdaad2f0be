//! `[facts]`, lists of records among them, and `[parameters]`.

use std::sync::Arc;

use super::{Declaring, SAID_TWICE, UNKNOWN_FIELD};
use crate::diagnostic::did_you_mean;
use crate::document::{Entry, Raw, Table};
use crate::expr::names::{Input, List, Origin, Seen};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{given, keys, versions};
use crate::value::{self, Record, Value};

impl Declaring<'_> {
    /// `[facts.degree]`
    pub fn facts(&mut self, document: &Table) {
        for entry in self.sections(document, "facts") {
            let Some(mut input) = self.input(entry, Origin::Fact) else {
                self.names.faulty.insert(entry.key.clone());
                continue;
            };
            if self.names.input_places.contains_key(&input.name) {
                self.taken(entry);
                continue;
            }
            if let Type::List(list) = input.ty {
                input.ty = Type::List(list);
                let place = self.add_input(input);
                if let Some(list) = self.names.lists.get_mut(list) {
                    list.input = place;
                }
            } else {
                self.add_input(input);
            }
        }
    }

    pub(super) fn list(&mut self, entry: &Entry, table: &Table) -> Option<Input> {
        table.only(&keys::names_of_type(&keys::FACT, "list"), self.diagnostics);
        let label = table.need_words("label", self.diagnostics).unwrap_or_default();
        let ask = table.get("ask").and_then(|item| item.words(self.diagnostics));
        let (unit, _) = self.unit_of(table)?;
        let fields = table.need("fields", self.diagnostics)?.table(self.diagnostics)?.clone();
        let fields: Vec<Input> = fields.entries().iter().filter_map(|field| self.input(field, Origin::Fact)).collect();
        let label_by = table.get("label_by").and_then(|item| {
            let name = item.text(self.diagnostics)?;
            let found = fields.iter().position(|field| field.name == name);
            if found.is_none() {
                let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                let help = did_you_mean(name, known);
                self.diagnostics.push(UNKNOWN_FIELD.at(item.span.clone(), Text::default()).help(help));
            }
            found
        });
        let any =
            Record { fields: fields.iter().map(|field| field.domain.clone()).collect(), times: 1, ..Record::default() };
        let place = self.names.lists.len();
        self.names.lists.push(List {
            input: usize::MAX,
            name: entry.key.clone(),
            unit,
            label_by,
            fields,
            any,
            seen: Seen::default(),
        });
        let open = Value::List(Arc::new(value::List { records: Vec::new(), open: true }));
        let mut input = Input {
            name: entry.key.clone(),
            label,
            ask,
            ty: Type::List(place),
            origin: Origin::Fact,
            domain: open.clone(),
            absent: open,
            versions: Vec::new(),
            written_in: None,
            integer: false,
            measure: None,
            may_be_never: false,
        };
        if let Some(absent) = table.get("absent").and_then(|item| self.absent(item, &input)) {
            input.absent = absent;
        }
        Some(input)
    }

    /// `[parameters.station_grant]`
    pub fn parameters(&mut self, document: &Table) {
        for entry in self.sections(document, "parameters") {
            let stands_in = entry.item.table(self.diagnostics).and_then(|table| table.get("stands_in").cloned());
            let stands_in = stands_in.and_then(|item| item.text(self.diagnostics).map(str::to_owned));
            let Some(mut input) = self.input(entry, Origin::Parameter(stands_in)) else {
                self.names.faulty.insert(entry.key.clone());
                continue;
            };
            if self.names.input_places.contains_key(&input.name) {
                self.taken(entry);
                continue;
            }
            let value = match &entry.item.value {
                Raw::Table(table) => table.get("value"),
                _ => None,
            };
            if let (Some(item), Origin::Parameter(Some(document))) = (value, &input.origin) {
                let label = Text::made(
                    format!("既写了值，又写由“{document}”规定"),
                    format!("it has a value, and is said to stand in {document}"),
                );
                let help = Text::new(
                    "本文件就有的，去掉 `stands_in`；由别的文件规定的，去掉 `value`，由补充文件给出",
                    "leave out `stands_in` where this document has the value, `value` where another one has it: a supplement gives it",
                );
                self.diagnostics.push(SAID_TWICE.at(item.span.clone(), label).help(help));
            }
            let changes = value.filter(|item| matches!(item.value, Raw::Array(_)));
            if let Some(item) = value.filter(|_| changes.is_none())
                && let Some(value) = given(item, &input, self.names, self.diagnostics)
            {
                input.absent = value;
            }
            let place = self.add_input(input);
            if let Some(item) = changes {
                versions::of_parameter(item, place, self.names, self.diagnostics);
            }
        }
    }
}
