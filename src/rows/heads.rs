//! What the columns of a table hold: each head is a fact's name or its label in either language.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::rows::asked::{self, Asked, Field, ListFields};
use crate::rows::cell::As;
use crate::rows::form::letters;
use crate::rows::reserved::is_reserved;
use crate::rows::units::{self, HeadUnit};
use crate::rows::{Fault, payment_list, strange};
use crate::source::{clean, folded, of_unseen, unseen_in_lines};

/// So many faults of one line of heads are told.
const MOST_TOLD: usize = 20;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the applicant is called in other tables and in the results.
    Id,
    /// The applicant's name.
    Name,
    /// The kind of applicant.
    Kind,
    /// Where the applicant is.
    Place,
    /// The evaluation date.
    AsOf,
    /// A fact, by its name; with the place of the policy and of its input wherever it is asked for, and its type there first.
    Fact(String, Vec<(usize, usize)>, Type),
    /// A field of the records of a list.
    Field(Field),
    /// Of a form: what an applicant's row says of the list of this name.
    Listed(String),
    /// A field of a record that stands in the applicant's row; records count from 0.
    Part {
        /// The list.
        list: String,
        /// Which record.
        number: usize,
        /// The field.
        field: Field,
    },
    /// Nothing that is asked for, but carried along to the results.
    Kept,
    /// Nothing that is asked for.
    Ignored,
}

impl Column {
    /// The type of the values below it; none where they are no facts.
    pub(super) fn ty(&self) -> Option<&Type> {
        match self.read_as() {
            As::Fact(ty) => Some(ty),
            As::Day | As::Whole => None,
        }
    }

    /// Whether its cells hold days.
    pub fn is_a_day(&self) -> bool {
        matches!(self.read_as(), As::Day | As::Fact(Type::Date))
    }

    /// Whether its cells hold whatever is written there.
    pub fn is_a_text(&self) -> bool {
        let is_of_another_kind = matches!(self, Column::Ignored | Column::Listed(_));
        !is_of_another_kind && matches!(self.read_as(), As::Fact(Type::Text))
    }

    /// What its cells are read as.
    pub(super) fn read_as(&self) -> As<'_> {
        match self {
            Column::AsOf => As::Day,
            Column::Field(field) | Column::Part { field, .. } => field.read_as(),
            Column::Fact(_, _, ty) => As::Fact(ty),
            _ => As::Fact(&Type::Text),
        }
    }
}

/// A column of a form, as it was made.
#[derive(Debug)]
pub(super) struct FormColumn {
    /// The name of its fact or field.
    pub key: String,
    /// The unit of its numbers; empty where it has none.
    pub unit: String,
    /// Whether it holds numbers.
    pub is_a_number: bool,
}

/// What a word over a column asks for; none where it asks for nothing.
type Known<'a> = &'a dyn Fn(&str) -> Option<Result<Column, Text>>;

/// Whether a head is the one that is meant, blanks around it and full-width forms apart.
fn is_same(name: &str, head: &str) -> bool {
    folded(name.trim()) == folded(head.trim())
}

/// What a head asks for, with the unit that it has in a bracket: `found` is what the whole of it asks for, and wins.
fn with_unit(
    head: &str,
    found: Option<Result<Column, Text>>,
    policies: &[&Policy],
    known: Known<'_>,
) -> (Option<Result<Column, Text>>, Option<HeadUnit>) {
    let Some((before, words)) = units::split(head) else { return (found, None) };
    match found {
        // A label that has a bracket of its own says by it what its numbers are, where that is a unit which they can have.
        Some(Ok(column)) => {
            let unit = units::unit(words, column.ty(), policies).and_then(Result::ok);
            (Some(Ok(column)), unit)
        }
        Some(Err(reason)) => (Some(Err(reason)), None),
        None => match known(before) {
            Some(Ok(column)) => match units::unit(words, column.ty(), policies) {
                Some(Ok(unit)) => (Some(Ok(column)), Some(unit)),
                Some(Err(reason)) => (Some(Err(reason)), None),
                None => (None, None),
            },
            Some(Err(reason)) if units::is_a_unit(words, policies) => (Some(Err(reason)), None),
            _ => (None, None),
        },
    }
}

/// What becomes of columns that no policy asks for: they are refused, unless it is said otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Others<'a> {
    /// They are passed over.
    pub ignored: bool,
    /// The heads of those that are carried along to the results.
    pub kept: &'a [String],
}

impl From<bool> for Others<'_> {
    fn from(ignored: bool) -> Self {
        Others { ignored, kept: &[] }
    }
}

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// As the table calls them.
    pub names: Vec<String>,
    /// What they hold, in the same order.
    pub columns: Vec<Column>,
    /// The units that the heads have, in the same order.
    units: Vec<Option<HeadUnit>>,
    /// Whether it is a sheet of a workbook, whose faults are told by their cells.
    by_cells: bool,
    /// Whether it is a sheet of a form.
    of_a_form: bool,
    /// The column of the id, and that of the name.
    own: [Option<usize>; 2],
    /// The columns that are carried along.
    kept: Vec<usize>,
    /// The lists whose records stand in a row, and whether there is none where all their columns are empty.
    lists: Vec<(String, bool)>,
    /// By a map: the sheet's own column of each, where faults are told by their cells.
    cells: Vec<usize>,
}

impl Heads {
    /// Reads heads against the policies.
    pub fn read<'k>(
        names: Vec<String>,
        policies: &[&Policy],
        others: impl Into<Others<'k>>,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let column = |name: &str| match asked::asked(name, policies)? {
            Ok(Asked::Column(column)) => Some(Ok(column)),
            Ok(Asked::List(list)) => Some(Err(list.of_its_own())),
            Err(reason) => Some(Err(reason)),
        };
        let (others, written) = (others.into(), names.clone());
        let unknown = |name: &str| asked::unknown(name, policies);
        Heads::of(names, policies, &column, &unknown, others, file, line)?.keeping(&written, others.kept, file, line)
    }

    /// Reads the heads of a table of a list's records: the applicant's id, and the list's fields.
    pub fn of_list(
        names: Vec<String>,
        policies: &[&Policy],
        list: &ListFields,
        ignore: bool,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let column = |name: &str| {
            if asked::is_id(name) || folded(name).eq_ignore_ascii_case("applicant") || folded(name) == "申请人" {
                return Some(Ok(Column::Id));
            }
            list.field(name).map(|field| Ok(Column::Field(field.clone())))
        };
        let unknown = |name: &str| list.unknown(name);
        let others = Others::from(ignore || list.name == "paid" && payment_list::is_one(&names));
        let heads = Heads::of(names, policies, &column, &unknown, others, file, line)?;
        if heads.place(&Column::Id).is_none() {
            let reason = Text::new(
                "缺少申请人编号列：列名写 id、编号、applicant 或 申请人",
                "the column of the applicant's id is missing; its head is id or applicant",
            );
            return Err(vec![Fault::of_line(file, line, reason)]);
        }
        Ok(heads)
    }

    /// Reads the heads of a sheet of a form; `made` are the columns whose facts are known, whatever stands over them.
    pub(super) fn of_form(
        mut names: Vec<String>,
        made: &BTreeMap<usize, FormColumn>,
        list: Option<&ListFields>,
        policies: &[&Policy],
        others: Others<'_>,
        file: &Arc<str>,
    ) -> Result<Heads, Vec<Fault>> {
        let width = made.keys().next_back().map_or(0, |last| last + 1);
        names.resize(names.len().max(width), String::new());
        let asked_as = |(place, name): (usize, &String)| {
            let Some(column) = made.get(&place) else { return name.clone() };
            // The unit that can be seen is the one that is meant.
            let shown = units::split(name).map(|(_, words)| words).filter(|words| units::is_a_unit(words, policies));
            match shown.filter(|_| column.is_a_number).unwrap_or(&column.unit) {
                "" => column.key.clone(),
                unit => format!("{}（{unit}）", column.key),
            }
        };
        let asked: Vec<String> = names.iter().enumerate().map(asked_as).collect();
        let read = match list {
            Some(list) => Heads::of_list(asked.clone(), policies, list, others.ignored, file, 1),
            None => {
                let column = |name: &str| match asked::asked(name, policies)? {
                    Ok(Asked::Column(column)) => Some(Ok(column)),
                    Ok(Asked::List(list)) => Some(Ok(Column::Listed(list.name))),
                    Err(reason) => Some(Err(reason)),
                };
                let unknown = |name: &str| asked::unknown(name, policies);
                Heads::of(asked.clone(), policies, &column, &unknown, others, file, 1)
            }
        };
        let heads = read.map_err(|mut faults| {
            for fault in &mut faults {
                let place = asked.iter().position(|name| fault.column.as_ref() == Some(name));
                fault.cell = place.map(|place| format!("{}1", letters(place)));
                fault.column = place.and_then(|place| names.get(place)).cloned().or(fault.column.take());
            }
            faults
        })?;
        if heads.place(&Column::Id).is_none() {
            return Err(vec![Fault::of_line(file, 1, asked::no_id_column())]);
        }
        let kept = if list.is_none() { others.kept } else { &[] };
        let heads = heads.keeping(&names, kept, file, 1)?;
        Ok(Heads { names, of_a_form: true, ..heads })
    }

    /// The same with columns that are carried along, whatever else they hold; `written` are the heads as they stand there.
    fn keeping(mut self, written: &[String], kept: &[String], file: &Arc<str>, line: u64) -> Result<Heads, Vec<Fault>> {
        let mut faults = Vec::new();
        for head in kept {
            match written.iter().position(|name| is_same(name, head)) {
                Some(place) => self.kept.push(place),
                None => {
                    let none = Text::new(
                        "要带出的列（--keep）表中没有",
                        "there is no such column, which was to be carried along (--keep)",
                    );
                    let near = did_you_mean(head, written.iter().map(String::as_str));
                    let reason = Text::join(&std::iter::once(none).chain(near).collect::<Vec<_>>(), "；", "; ");
                    faults.push(Fault::of_line(file, line, reason).in_column(head, ""));
                }
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// A fault of a row with its cell, where faults of this table are told by their cells.
    pub(super) fn located(&self, fault: Fault) -> Fault {
        if !self.by_cells() || fault.cell.is_some() || fault.line == 0 {
            return fault;
        }
        let place = fault
            .column
            .as_ref()
            .and_then(|column| self.names.iter().position(|name| clean(name) == *column || name == column));
        // What is about a row as a whole is told where its id stands.
        let place = place.or_else(|| self.place(&Column::Id)).unwrap_or(0);
        let cell = format!("{}{}", self.letters(place), fault.line);
        Fault { cell: Some(cell), ..fault }
    }

    fn by_cells(&self) -> bool {
        self.by_cells || !self.cells.is_empty()
    }

    /// What a spreadsheet calls a column.
    fn letters(&self, place: usize) -> String {
        letters(self.cells.get(place).copied().unwrap_or(place))
    }

    /// The column of the ids, where rows of this table are told by their cells: `A`.
    pub fn ids_at(&self) -> Option<String> {
        self.by_cells().then(|| self.letters(self.place(&Column::Id).unwrap_or(0)))
    }

    /// Whether it is a sheet of a form.
    pub fn is_of_a_form(&self) -> bool {
        self.of_a_form
    }

    /// The same of a sheet of a workbook.
    pub(super) fn in_a_workbook(self) -> Heads {
        Heads { by_cells: true, ..self }
    }

    fn of(
        names: Vec<String>,
        policies: &[&Policy],
        known: Known<'_>,
        unknown: &dyn Fn(&str) -> Text,
        others: Others<'_>,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let (mut faults, mut more) = (Vec::new(), 0_u64);
        let mut columns: Vec<Column> = Vec::new();
        let mut of_heads: Vec<Option<HeadUnit>> = Vec::new();
        // A line of a million commas has a million heads that are nothing.
        let mut fault = |name: &str, reason: &dyn Fn() -> Text| {
            if faults.len() < MOST_TOLD {
                faults.push(Fault::of_line(file, line, reason()).in_column(name, ""));
            } else {
                more += 1;
            }
        };
        for (place, name) in names.iter().enumerate() {
            let name = name.trim();
            // A head may be of several lines.
            let column = match unseen_in_lines(name) {
                _ if name.is_empty() => None,
                Some(character) => Some(Err(of_unseen(character))),
                None => known(name),
            };
            let (column, unit) = with_unit(name, column, policies, known);
            of_heads.push(unit);
            match column {
                Some(Err(reason)) => {
                    fault(name, &|| reason.clone());
                    columns.push(Column::Ignored);
                }
                Some(Ok(column)) => {
                    if let Some(first) = columns.iter().position(|known| *known == column) {
                        let reason = Text::made(
                            format!("与第 {} 列重复；删去一列", first + 1),
                            format!("the same as column {}; delete one of them", first + 1),
                        );
                        fault(name, &|| reason.clone());
                    }
                    columns.push(column);
                }
                None if others.kept.iter().any(|head| is_same(name, head)) => columns.push(Column::Kept),
                None if others.ignored || is_reserved(name) => columns.push(Column::Ignored),
                None if name.is_empty() => {
                    let number = place + 1;
                    let reason = Text::made(
                        format!("第 {number} 列没有列名；补上列名，或加 --ignore-columns"),
                        format!("column {number} has no head; name it, or use --ignore-columns"),
                    );
                    fault("", &|| reason.clone());
                    columns.push(Column::Ignored);
                }
                None => {
                    let reason = || match units::split(name) {
                        Some((before, words)) if matches!(known(before), Some(Ok(_))) => units::none(before, words),
                        _ => unknown(name),
                    };
                    fault(name, &reason);
                    columns.push(Column::Ignored);
                }
            }
        }
        let own = [Column::Id, Column::Name].map(|column| columns.iter().position(|known| *known == column));
        if more > 0 {
            let reason = Text::made(format!("另有 {more} 列也不能用"), format!("{more} more columns cannot be used"));
            faults.push(Fault::of_line(file, line, reason));
        }
        if faults.is_empty() {
            Ok(Heads { names, columns, units: of_heads, own, ..Heads::default() })
        } else {
            Err(faults)
        }
    }

    /// Heads of which everything is known.
    pub(super) fn made(names: Vec<String>, columns: Vec<Column>, units: Vec<Option<HeadUnit>>) -> Heads {
        let own = [Column::Id, Column::Name].map(|column| columns.iter().position(|known| *known == column));
        let kept = columns.iter().enumerate().filter(|(_, column)| **column == Column::Kept).map(|(place, _)| place);
        let kept = kept.collect();
        Heads { names, columns, units, own, kept, ..Heads::default() }
    }

    /// The same by a map, with the lists whose records stand in a row, and the sheet's own columns.
    pub(super) fn mapped(self, lists: Vec<(String, bool)>, cells: Vec<usize>) -> Heads {
        Heads { lists, cells, ..self }
    }

    /// The same, of a table that has no cells to be named.
    pub(super) fn without_cells(self) -> Heads {
        Heads { cells: Vec::new(), ..self }
    }

    /// The columns that are carried along to the results.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// The lists whose records stand in a row, and whether there is none where all their columns are empty.
    pub fn lists(&self) -> &[(String, bool)] {
        &self.lists
    }

    /// The unit that the head of a column has.
    pub fn unit(&self, place: usize) -> Option<&HeadUnit> {
        self.units.get(place)?.as_ref()
    }

    /// A fault of a row in a column; `value` is what stands there.
    pub(super) fn fault(&self, fault: Fault, diagnostic: &Diagnostic, place: usize, value: &str) -> Fault {
        let name = self.names.get(place).map_or("", String::as_str);
        let ty = self.columns.get(place).and_then(Column::ty);
        let fault = units::in_a_table(fault, diagnostic, (name, value.trim()), ty).in_column(name, value);
        match strange::of_another_encoding(value) {
            Some(meant) => Fault { reason: Text::join(&[fault.reason, meant], "；", "; "), ..fault },
            None => fault,
        }
    }

    /// The words to choose from below a column, where it holds such; `list`: of which list these are the fields.
    pub fn words(&self, place: usize, list: Option<&str>, policies: &[&Policy], lang: Lang) -> Vec<String> {
        let Some(column) = self.columns.get(place) else { return Vec::new() };
        let asking = |list: &str| {
            let has = |policy: &&&Policy| policy.names.lists.iter().any(|own| own.name == list);
            policies.iter().find(has)
        };
        let policy = match column {
            Column::Fact(_, places, _) => places.first().and_then(|(policy, _)| policies.get(*policy)),
            Column::Part { list, .. } => asking(list),
            Column::Field(_) => list.and_then(asking),
            _ => None,
        };
        match column.ty() {
            Some(Type::Bool) => {
                [("是", "yes"), ("否", "no")].map(|(zh, en)| Text::new(zh, en).get(lang).to_owned()).to_vec()
            }
            Some(Type::Enum(own)) => {
                let words =
                    policy.and_then(|policy| policy.names.enums.get(*own)).map_or(&[][..], |found| &found.words);
                words.iter().map(|(_, label)| label.get(lang).to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The place of a column.
    pub fn place(&self, column: &Column) -> Option<usize> {
        // The two that are asked for row by row are known beforehand.
        match (column, self.own) {
            (Column::Id, [id, _]) => id,
            (Column::Name, [_, name]) => name,
            _ => self.columns.iter().position(|known| known == column),
        }
    }
}
