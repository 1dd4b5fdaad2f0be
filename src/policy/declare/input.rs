//! One fact, field or parameter: its type, its unit, its bounds, and what a blank means.

use std::sync::Arc;

use super::{BAD_ABSENT, Declaring, UNKNOWN_TYPE, check_name};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::lexer::figure_of;
use crate::expr::measure::Measure;
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
        let mut measure = None;
        let ty = match ty_name.as_str() {
            "bool" => Type::Bool,
            "date" => Type::Date,
            "text" => Type::Text,
            "quantity" => {
                let (unit, written) = self.unit_of(table)?;
                measure = written;
                Type::Quantity(unit)
            }
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
            versions: Vec::new(),
            written_in: None,
            integer,
            measure: measure.or_else(|| self.of_bounds(table)),
            may_be_never,
        };
        self.bounds(table, &mut input);
        input.absent = input.domain.clone();
        if let Some(absent) = table.get("absent").and_then(|item| self.absent(item, &input)) {
            input.absent = absent;
        }
        named.then_some(input)
    }

    /// The unit in base units, and as it is written.
    pub(super) fn unit_of(&mut self, table: &Table) -> Option<(Unit, Option<Measure>)> {
        let Some(item) = table.get("unit") else { return Some((Unit::none(), None)) };
        let text = item.text(self.diagnostics)?;
        let one = format!("1{text}");
        let (_, unit) = self.unit_figure(&one, &item.span)?;
        let written = figure_of(&one).and_then(|figure| self.names.measure(&figure));
        Some((unit, written))
    }

    /// Of a number without a unit whose bounds are written in percent: percent.
    fn of_bounds(&self, table: &Table) -> Option<Measure> {
        let bounds = ["min", "max"].into_iter().filter_map(|key| table.get(key));
        let mut figures = bounds.filter_map(|item| match &item.value {
            Raw::Text(text) => figure_of(text),
            _ => None,
        });
        figures.find(|figure| figure.above == ["%"] && figure.below.is_empty()).and_then(|f| self.names.measure(&f))
    }

    /// `min` and `max`: figures, or bare numbers in the unit declared.
    fn bounds(&mut self, table: &Table, input: &mut Input) {
        let Type::Quantity(unit) = input.ty.clone() else { return };
        let mut end = |key: &str| -> Option<Bound> {
            let item = table.get(key)?;
            if let Raw::Integer(text) = &item.value {
                let number = figure_of(text)?.number;
                let measure = input.measure.as_ref();
                return measure.map_or(Some(number), |measure| measure.in_base(number)).map(Bound::At);
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
