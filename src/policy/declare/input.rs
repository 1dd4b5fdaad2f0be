//! One fact, field or parameter: its type, its unit, its bounds, and what a blank means.

use std::sync::Arc;

use super::{BAD_ABSENT, Declaring, UNKNOWN_TYPE, UNKNOWN_UNIT, check_name};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::lexer::figure_of;
use crate::expr::names::{Input, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{keys, read_figure};
use crate::value::{Bound, Day, DayRange, Interval, Truth, Unit, Value, Words};

impl Declaring<'_> {
    pub(super) fn input(&mut self, entry: &Entry, origin: Origin) -> Option<Input> {
        let named = check_name(&entry.key, &entry.key_span, self.diagnostics);
        let table = entry.item.table(self.diagnostics)?;
        let ty_item = table.need("type", self.diagnostics)?;
        let ty_name = ty_item.text(self.diagnostics)?.to_owned();
        if ty_name == "list" {
            return self.list(entry, table).filter(|_| named);
        }
        let ty = match ty_name.as_str() {
            "bool" => Type::Bool,
            "date" => Type::Date,
            "text" => Type::Text,
            "quantity" => Type::Quantity(self.unit_of(table)?),
            other => match self.names.enum_places.get(other) {
                Some(place) => Type::Enum(*place),
                None => {
                    let mut known: Vec<&str> = keys::TYPES.to_vec();
                    known.extend(self.names.enum_places.keys().map(String::as_str));
                    let help = did_you_mean(other, known);
                    self.diagnostics.push(UNKNOWN_TYPE.at(ty_item.span.clone(), Text::default()).help(help));
                    return None;
                }
            },
        };
        let keys = if matches!(origin, Origin::Parameter(_)) { &keys::PARAMETER } else { &keys::FACT };
        table.only(&keys::names_of_type(keys, &ty_name), self.diagnostics);
        let label = table.need_words("label", self.diagnostics).unwrap_or_default();
        let ask = table.get("ask").and_then(|item| item.words(self.diagnostics));
        let flag = |key: &str, diagnostics: &mut Vec<Diagnostic>| {
            table.get(key).and_then(|item| item.bool(diagnostics)).unwrap_or(false)
        };
        let integer = flag("integer", self.diagnostics);
        let absent_never =
            matches!(table.get("absent").map(|item| &item.value), Some(Raw::Text(text)) if text == "never");
        let may_be_never = flag("never", self.diagnostics) || (absent_never && ty == Type::Date);
        let domain = match &ty {
            Type::Bool => Value::Truth(Truth::OPEN),
            Type::Enum(place) => {
                Value::Words(Words::all(self.names.enums.get(*place).map_or(0, |found| found.words.len())))
            }
            Type::Date => {
                Value::Date(DayRange { lo: Day::FIRST, hi: if may_be_never { Day::NEVER } else { Day::LAST } })
            }
            Type::Text | Type::List(_) => Value::Text(None),
            Type::Quantity(_) => Value::Quantity(Interval::ANY),
        };
        let name = entry.key.clone();
        let mut input = Input {
            name,
            label,
            ask,
            ty,
            origin,
            absent: domain.clone(),
            domain,
            dated: Vec::new(),
            integer,
            // By its unit, or by the way in which its bounds are written.
            percent: ["unit", "min", "max"]
                .into_iter()
                .filter_map(|key| table.get(key))
                .any(|item| matches!(&item.value, Raw::Text(text) if text.ends_with('%'))),
            may_be_never,
        };
        self.bounds(table, &mut input);
        input.absent = input.domain.clone();
        if let Some(absent) = table.get("absent").and_then(|item| self.absent(item, &input)) {
            input.absent = absent;
        }
        named.then_some(input)
    }

    pub(super) fn unit_of(&mut self, table: &Table) -> Option<Unit> {
        let Some(item) = table.get("unit") else { return Some(Unit::none()) };
        let text = item.text(self.diagnostics)?;
        let found = figure_of(&format!("1{text}")).map(|figure| self.names.figure(&figure));
        match found {
            Some(Ok((_, unit))) => Some(unit),
            _ => {
                let known: Vec<&str> = self.names.units.keys().map(String::as_str).collect();
                let help = did_you_mean(text, known);
                self.diagnostics.push(UNKNOWN_UNIT.at(item.span.clone(), Text::default()).help(help));
                None
            }
        }
    }

    /// `min` and `max`: figures, or bare numbers in the unit declared.
    fn bounds(&mut self, table: &Table, input: &mut Input) {
        let Type::Quantity(unit) = input.ty.clone() else { return };
        let mut end = |key: &str| -> Option<Bound> {
            let item = table.get(key)?;
            if let Raw::Integer(text) = &item.value {
                return figure_of(text).map(|figure| Bound::At(figure.number));
            }
            read_figure(item, &unit, self.names, self.diagnostics).map(Bound::At)
        };
        let domain = Interval { lo: end("min").unwrap_or(Bound::Below), hi: end("max").unwrap_or(Bound::Above) };
        input.domain = Value::Quantity(domain);
    }

    /// What a blank means: `false`, `"never"`, `"empty"`.
    pub(super) fn absent(&mut self, item: &Item, input: &Input) -> Option<Value> {
        let found = match (&item.value, &input.ty) {
            (Raw::Bool(false), Type::Bool) => Some(Value::Truth(Truth::FALSE)),
            (Raw::Text(text), Type::Date) if text == "never" => Some(Value::Date(DayRange::point(Day::NEVER))),
            (Raw::Text(text), Type::List(_)) if text == "empty" => Some(Value::List(Arc::default())),
            (Raw::Text(text), Type::Text) if text == "empty" => Some(Value::Text(Some("".into()))),
            _ => None,
        };
        if found.is_none() {
            let help = Text::new(
                "是/否类写 false，日期写 \"never\"，名单写 \"empty\"；数额和选项的空缺一律是未知",
                "false for a yes/no, \"never\" for a date, \"empty\" for a list; a blank amount or word is always unknown",
            );
            self.diagnostics.push(BAD_ABSENT.at(item.span.clone(), Text::default()).help(help));
        }
        found
    }
}
