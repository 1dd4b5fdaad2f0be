//! A row and the applicant that it describes.

use csv::ByteRecord;

use crate::applicant::{self, Applicant, When};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::{Cells, Column, Fault, Sheet};
use crate::source::clean;

/// One row of a file, not yet read.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What it holds.
    pub content: Content,
}

/// What a row holds.
#[derive(Debug)]
pub enum Content {
    /// Cells under heads.
    Cells(ByteRecord),
    /// A whole document, and the id it goes by.
    Document(Box<Table>, Option<String>),
    /// Nothing that could be used, and why.
    Faulty(Fault),
}

/// What every row of a run is read with.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The policies that heads and facts are read against.
    pub policies: Vec<&'a Policy>,
    /// The evaluation date.
    pub when: When,
    /// The kind of applicant where a row has none.
    pub kind: Option<String>,
    /// The place where a row has none.
    pub place: Option<String>,
}

/// A row's own words, before its facts are read.
struct Head {
    id: Option<String>,
    document: Table,
}

impl Row {
    /// The applicant's id, as the row gives it.
    pub fn id(&self, sheet: &Sheet) -> Option<&str> {
        match &self.content {
            Content::Cells(record) => {
                let cell = sheet.heads.place(&Column::Id).and_then(|place| record.get(place))?;
                std::str::from_utf8(cell).ok().map(str::trim).filter(|id| !id.is_empty())
            }
            Content::Document(_, id) => id.as_deref(),
            Content::Faulty(fault) => fault.id.as_deref(),
        }
    }

    /// The applicant of the row, read against those policies of the setup that `fitting` picks for its document; with the
    /// places of these policies. Otherwise every fault.
    pub fn applicant<'s>(
        &self,
        sheet: &Sheet,
        setup: &Setup<'s>,
        fitting: &dyn Fn(&Table) -> Vec<usize>,
        elsewhere: &dyn Fn(&str) -> bool,
    ) -> Result<(Applicant, Vec<usize>), Vec<Fault>> {
        let fault = |reason: Text| Fault::of_line(&sheet.file, self.line, reason);
        let (head, cells) = match &self.content {
            Content::Faulty(fault) => return Err(vec![fault.clone()]),
            Content::Document(document, id) => (Head { id: id.clone(), document: (**document).clone() }, None),
            Content::Cells(record) => {
                let Ok(texts) = record.iter().map(std::str::from_utf8).collect::<Result<Vec<&str>, _>>() else {
                    let reason = Text::new(
                        "不是 UTF-8 文字；整份文件请以 UTF-8 或 GB18030 保存",
                        "this is no UTF-8 text; save the whole file as UTF-8 or as GB18030",
                    );
                    return Err(vec![fault(reason)]);
                };
                let cells = Cells::new(&sheet.file, texts.into_iter());
                let head = self.document(&cells, sheet, setup).map_err(|mut faults| {
                    let id = self.id(sheet).map(clean);
                    faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
                    faults
                })?;
                (head, Some(cells))
            }
        };
        let places = fitting(&head.document);
        if places.is_empty() {
            let reason = Text::new(
                "没有适用的政策；以 --policy 指定，或填写地点",
                "no policy fits; name one with --policy, or give the place",
            );
            return Err(vec![Fault { id: head.id, ..fault(reason) }]);
        }
        let policies: Vec<&Policy> = places.iter().filter_map(|place| setup.policies.get(*place).copied()).collect();
        // A fact that only a policy left aside asks for is no misspelling.
        let known =
            |name: &str| setup.policies.iter().any(|policy| policy.names.input(name).is_some()) || elsewhere(name);
        let (applicant, diagnostics) =
            applicant::from_document(&sheet.file, &head.document, &policies, setup.when, &known);
        let Some(applicant) = applicant else {
            let faults = diagnostics.iter().map(|diagnostic| {
                let whole = Fault { id: head.id.clone(), ..fault(Fault::words(diagnostic)) };
                let cell = cells.as_ref().and_then(|cells| {
                    let place = cells.of(diagnostic)?;
                    Some((sheet.heads.names.get(place)?.as_str(), cells.text(place)))
                });
                match (cell, diagnostic.labels.first()) {
                    (Some((name, value)), _) => whole.in_column(name, value),
                    // In a file of its own, the line within it.
                    (None, Some((span, _))) if cells.is_none() => {
                        let (line, _, _) = span.underline();
                        let place = span.place().line as u64;
                        Fault { line: whole.line.max(1) + place - 1, ..whole }.in_column("", &line)
                    }
                    _ => whole,
                }
            });
            return Err(faults.collect());
        };
        Ok((applicant, places))
    }

    /// The document that a row of cells stands for.
    fn document(&self, cells: &Cells, sheet: &Sheet, setup: &Setup<'_>) -> Result<Head, Vec<Fault>> {
        let heads = &sheet.heads;
        let mut diagnostics = Vec::new();
        let mut own: Vec<Entry> = Vec::new();
        let mut facts: Vec<Entry> = Vec::new();
        let mut id = None;
        let entry = |key: &str, item: Item| Entry { key: key.to_owned(), key_span: item.span.clone(), item };
        for (place, column) in heads.columns.iter().enumerate() {
            let (key, ty) = match column {
                Column::Ignored => continue,
                Column::Id => {
                    id = Some(clean(cells.text(place).trim())).filter(|id| !id.is_empty());
                    continue;
                }
                Column::Name => ("name", &Type::Text),
                Column::Kind => ("kind", &Type::Text),
                Column::Place => ("place", &Type::Text),
                Column::AsOf => ("as_of", &Type::Date),
                Column::Fact(name, places) => {
                    let input = places.first().and_then(|(policy, slot)| {
                        setup.policies.get(*policy).and_then(|policy| policy.names.inputs.get(*slot))
                    });
                    let Some(input) = input else { continue };
                    if let Some(item) = cells.item(place, &input.ty, &mut diagnostics) {
                        facts.push(entry(name, item));
                    }
                    continue;
                }
            };
            if let Some(item) = cells.item(place, ty, &mut diagnostics) {
                own.push(entry(key, item));
            }
        }
        let whole = cells.span(0);
        for (key, given) in [("kind", &setup.kind), ("place", &setup.place)] {
            if let Some(given) = given
                && !own.iter().any(|entry| entry.key == key)
            {
                own.push(entry(key, Item { value: Raw::Text(given.clone()), span: whole.clone() }));
            }
        }
        if !diagnostics.is_empty() {
            let fault = |diagnostic| {
                let whole = Fault::of_line(&sheet.file, self.line, Fault::words(diagnostic));
                let place = cells.of(diagnostic).unwrap_or(0);
                whole.in_column(heads.names.get(place).map_or("", String::as_str), cells.text(place))
            };
            return Err(diagnostics.iter().map(fault).collect());
        }
        let table = |entries: Vec<Entry>| Item { value: Raw::Table(Table::new(&whole, entries)), span: whole.clone() };
        let document = Table::new(&whole, vec![entry("applicant", table(own)), entry("facts", table(facts))]);
        Ok(Head { id, document })
    }
}
