//! `[facts]`, lists of records among them, and `[parameters]`.

use std::sync::Arc;

use super::{BAD_OF, Declaring, SAID_TWICE, UNKNOWN_FIELD};
use crate::diagnostic::did_you_mean;
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::names::{Input, List, Origin, Seen};
use crate::expr::program::Belongs;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{PAID, given, keys, versions};
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
        for entry in self.sections(document, "facts") {
            let Raw::Table(table) = &entry.item.value else { continue };
            let place = self.names.lists.iter().position(|list| list.name == entry.key);
            let Some((place, item)) = place.zip(table.get("of")) else { continue };
            let of = self.belongs(place, item);
            if let Some(list) = self.names.lists.get_mut(place) {
                list.of = of;
            }
        }
    }

    /// `of = "hires"`: the list to whose records those of this one belong, by the fields of the same names.
    fn belongs(&mut self, place: usize, item: &Item) -> Option<Belongs> {
        let name = item.text(self.diagnostics)?;
        let names = &*self.names;
        let own = names.lists.get(place)?;
        let Some((list, other)) =
            names.lists.iter().enumerate().find(|(at, list)| list.name == name && *at != place && list.name != PAID)
        else {
            let known = names.lists.iter().map(|list| list.name.as_str());
            let help = did_you_mean(name, known.filter(|known| *known != own.name && *known != PAID));
            let label = Text::new("没有这份名单", "there is no such list");
            self.diagnostics.push(BAD_OF.at(item.span.clone(), label).help(help));
            return None;
        };
        let text =
            |list: &List, name: &str| list.fields.iter().position(|field| field.name == name && field.ty == Type::Text);
        let named = other.label_by.and_then(|label| other.fields.get(label)).filter(|field| field.ty == Type::Text);
        let Some(named) = named else {
            let label =
                Text::made(format!("名单 `{name}` 的记录没有名称"), format!("the records of `{name}` have no name"));
            let help = Text::new("给它写上 `label_by`（文本字段）", "give it a `label_by`, a field that is a text");
            self.diagnostics.push(BAD_OF.at(item.span.clone(), label).help(help));
            return None;
        };
        let Some(mine) = text(own, &named.name) else {
            let field = &named.name;
            let label = Text::made(
                format!("记录没有写明属于 `{name}` 的哪一条"),
                format!("nothing says to which record of `{name}` one belongs"),
            );
            let help = Text::made(
                format!("加上同名的文本字段 `fields.{field}`"),
                format!("add a field of the same name, a text: `fields.{field}`"),
            );
            self.diagnostics.push(BAD_OF.at(item.span.clone(), label).help(help));
            return None;
        };
        let theirs = other.label_by?;
        let number = other.number.and_then(|theirs| Some((text(own, &other.fields.get(theirs)?.name)?, theirs)));
        Some(Belongs { list, name: (mine, theirs), number })
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
        let number = table.get("identity").and_then(|item| match &item.value {
            Raw::Text(name) => fields.iter().position(|field| field.name == *name),
            _ => None,
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
            number,
            of: None,
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
