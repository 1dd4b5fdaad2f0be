//! A row and the applicant that it describes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use csv::ByteRecord;

use crate::applicant::{self, Applicant, When};
use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Item, Raw, Table};
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::form::{self, Stated};
use crate::rows::lists::Found;
use crate::rows::{Cells, Column, Fault, Line, Lines, ListFields, Lists, Sheet, asked, strange};
use crate::source::{Span, clean, of_unseen, unseen};
use crate::value::Value;

/// One row of a file, not yet read.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What it holds.
    pub content: Content,
}

/// What a row holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Cells under heads.
    Cells(ByteRecord),
    /// A line of JSON that was not yet read; until then it has no id.
    Line(Line),
    /// A whole document.
    Document(Box<Document>),
    /// Nothing that could be used, and why.
    Faulty(Vec<Fault>),
}

/// A row that is a document of its own.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says.
    pub table: Table,
    /// The id it goes by.
    pub id: Option<String>,
    /// Its file, where the row has one to itself.
    pub file: Option<Arc<str>>,
}

/// What every row of a run is read with.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// The policies that heads and facts are read against.
    pub policies: Vec<&'a Policy>,
    /// The evaluation date.
    pub when: When,
    /// The kind of applicant where a row has none.
    pub kind: Option<String>,
    /// The place where a row has none.
    pub place: Option<String>,
    /// Tables of records, joined to the rows by the applicant's id.
    pub lists: Arc<Lists>,
}

impl<'a> Setup<'a> {
    /// Rows that say everything themselves.
    pub fn new(policies: Vec<&'a Policy>, when: When) -> Setup<'a> {
        Setup { policies, when, kind: None, place: None, lists: Arc::default() }
    }
}

/// A row's own words, before its facts are read.
struct Head<'r> {
    id: Option<String>,
    document: Cow<'r, Table>,
    /// Of a row of a form: what it says of lists.
    stated: Option<Vec<Statement>>,
}

/// What a row of a form says of a list.
pub(super) struct Statement {
    /// The list's name.
    pub list: String,
    /// What it says.
    pub stated: Stated,
    /// A fault in that cell, to be given its reason.
    pub fault: Fault,
}

impl Row {
    /// The applicant's id, as the row gives it.
    pub fn id(&self, sheet: &Sheet) -> Option<&str> {
        match &self.content {
            Content::Cells(record) => {
                let cell = sheet.heads.place(&Column::Id).and_then(|place| record.get(place))?;
                std::str::from_utf8(cell).ok().map(str::trim).filter(|id| !id.is_empty())
            }
            Content::Line(_) => None,
            Content::Document(document) => document.id.as_deref(),
            Content::Faulty(faults) => faults.first().and_then(|fault| fault.id.as_deref()),
        }
    }

    /// The file it stands in.
    pub fn file<'r>(&'r self, sheet: &'r Sheet) -> &'r Arc<str> {
        match &self.content {
            Content::Document(document) => document.file.as_ref().unwrap_or(&sheet.file),
            Content::Faulty(faults) => faults.first().map_or(&sheet.file, |fault| &fault.file),
            Content::Cells(_) | Content::Line(_) => &sheet.file,
        }
    }

    /// The same row, refused, with the place of its id.
    pub fn refused(&self, sheet: &Sheet, reason: Text) -> Row {
        let id = self.id(sheet).map(clean);
        let name = sheet.heads.place(&Column::Id).and_then(|place| sheet.heads.names.get(place));
        let fault = Fault::of_line(self.file(sheet), self.line, reason);
        let fault = fault.in_column(name.map_or("", String::as_str), id.as_deref().unwrap_or(""));
        let fault = sheet.heads.located(Fault { id, ..fault });
        Row { line: self.line, content: Content::Faulty(vec![fault]) }
    }

    /// About how many bytes it holds.
    pub fn weight(&self) -> usize {
        match &self.content {
            Content::Cells(record) => record.as_slice().len(),
            Content::Line(line) => line.text.len(),
            Content::Document(document) => document.table.span.source.text.len(),
            Content::Faulty(_) => 0,
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
        let located = |faults: Vec<Fault>| faults.into_iter().map(|fault| sheet.heads.located(fault)).collect();
        self.read(sheet, setup, fitting, elsewhere).map_err(located)
    }

    fn read<'s>(
        &self,
        sheet: &Sheet,
        setup: &Setup<'s>,
        fitting: &dyn Fn(&Table) -> Vec<usize>,
        elsewhere: &dyn Fn(&str) -> bool,
    ) -> Result<(Applicant, Vec<usize>), Vec<Fault>> {
        if let Content::Line(line) = &self.content {
            let content = Lines::new(&setup.policies).content(line, self.line, &sheet.file);
            return Row { line: self.line, content }.read(sheet, setup, fitting, elsewhere);
        }
        // Whatever becomes of the row, its records have found it.
        let found = setup.lists.find(self.id(sheet));
        let file = self.file(sheet);
        let fault = |reason: Text| Fault::of_line(file, self.line, reason);
        let (mut head, cells) = match &self.content {
            Content::Faulty(faults) => return Err(faults.clone()),
            // It was read above.
            Content::Line(_) => return Err(Vec::new()),
            Content::Document(document) => {
                let table = given(Cow::Borrowed(&document.table), setup);
                (Head { id: document.id.clone(), document: table, stated: None }, None)
            }
            Content::Cells(record) => {
                let Ok(texts) = record.iter().map(std::str::from_utf8).collect::<Result<Vec<&str>, _>>() else {
                    return Err(vec![Fault { id: self.id(sheet).map(clean), ..fault(asked::no_text()) }]);
                };
                let strange = strange::of_nobody(record, self.line, sheet);
                if let Some(fault) = strange.or_else(|| strange::shortened(record, self.line, sheet)) {
                    return Err(vec![Fault { id: self.id(sheet).map(clean), ..fault }]);
                }
                let cells = Cells::new(&sheet.file, texts.into_iter());
                let head = self.document(&cells, sheet, setup).map_err(|mut faults| {
                    let id = self.id(sheet).map(clean);
                    faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
                    faults
                })?;
                (head, Some(cells))
            }
        };
        let whole = |reason: Text| vec![Fault { id: head.id.clone(), ..fault(reason) }];
        if !setup.lists.is_empty() || head.stated.is_some() {
            if head.id.is_none() {
                return Err(whole(asked::no_id()));
            }
            let joined = found.join(head.document.into_owned(), head.stated.as_deref()).map_err(|mut faults| {
                for fault in &mut faults {
                    fault.id.clone_from(&head.id);
                    if fault.line == 0 {
                        (fault.file, fault.line) = (Arc::clone(file), self.line);
                    }
                }
                faults
            })?;
            head.document = Cow::Owned(joined);
        }
        let mut hidden = Vec::new();
        if let Some(Raw::Table(own)) = head.document.get("applicant").map(|item| &item.value)
            && let Some(place) = own.get("place")
            && place.shows(&mut hidden).is_none()
        {
            let faults = hidden.iter().map(|diagnostic| {
                let whole = fault(Fault::words(diagnostic));
                Fault { id: head.id.clone(), ..self.located(whole, diagnostic, sheet, cells.as_ref(), &found) }
            });
            return Err(faults.collect());
        }
        let places = fitting(&head.document);
        if places.is_empty() {
            return Err(whole(Text::new(
                "没有适用的政策；以 --policy 指定，或填写地点",
                "no policy fits; name one with --policy, or give the place",
            )));
        }
        let policies: Vec<&Policy> = places.iter().filter_map(|place| setup.policies.get(*place).copied()).collect();
        // A fact that only a policy left aside asks for is no misspelling.
        let known =
            |name: &str| setup.policies.iter().any(|policy| policy.names.input(name).is_some()) || elsewhere(name);
        let (applicant, diagnostics) = applicant::from_document(file, &head.document, &policies, setup.when, &known);
        let Some(applicant) = applicant else {
            let faults = diagnostics.iter().map(|diagnostic| {
                let whole = fault(Fault::words(diagnostic));
                let fault = self.located(whole, diagnostic, sheet, cells.as_ref(), &found);
                Fault { id: head.id.clone(), ..fault }
            });
            return Err(faults.collect());
        };
        Ok((applicant, places))
    }

    /// A fault of the row, in the column or line that a diagnostic is about.
    fn located(
        &self,
        whole: Fault,
        diagnostic: &Diagnostic,
        sheet: &Sheet,
        cells: Option<&Cells>,
        found: &Found<'_>,
    ) -> Fault {
        let in_a_cell = cells.and_then(|cells| Some((cells, cells.of(diagnostic)?)));
        if let Some((cells, place)) = in_a_cell {
            return sheet.heads.fault(whole, diagnostic, place, cells.text(place));
        }
        if let Some(fault) = found.fault(&whole, diagnostic) {
            return fault;
        }
        let (Content::Document(document), Some((span, _))) = (&self.content, diagnostic.labels.first()) else {
            return whole;
        };
        if document.file.is_some() {
            // In a file of its own, the line within it.
            let (line, _, _) = span.underline();
            return Fault { line: span.place().line as u64, ..whole }.in_column("", &line);
        }
        let key = key_of(&document.table, span.range.start);
        let text = span.source.text.get(span.range.clone()).unwrap_or("");
        // The whole line is not worth repeating.
        if span.range == document.table.span.range { whole } else { whole.in_column(&key, text) }
    }

    /// The document that a row of cells stands for.
    fn document(&self, cells: &Cells, sheet: &Sheet, setup: &Setup<'_>) -> Result<Head<'static>, Vec<Fault>> {
        let heads = &sheet.heads;
        let mut diagnostics = Vec::new();
        let mut own: Vec<Entry> = Vec::new();
        let mut facts: Vec<Entry> = Vec::new();
        let mut id = None;
        let (mut stated, mut not_stated) = (Vec::new(), Vec::new());
        let mut parts: BTreeMap<(&str, usize), Vec<Entry>> = BTreeMap::new();
        for (place, column) in heads.columns.iter().enumerate() {
            let key = match column {
                Column::Ignored | Column::Kept | Column::Field(_) => continue,
                Column::Part { list, number, field } => {
                    let read = cells.item(place, field.read_as(), heads.unit(place), &mut diagnostics);
                    if let Some(item) = read.map(|item| field.named(item)) {
                        let entry = Entry { key: field.name.clone(), key_span: item.span.clone(), item };
                        parts.entry((list.as_str(), *number)).or_default().push(entry);
                    }
                    continue;
                }
                Column::Listed(list) => {
                    let name = heads.names.get(place).map_or("", String::as_str);
                    let fault = Fault::of_line(&sheet.file, self.line, form::no_such_word());
                    let fault = fault.in_column(name, cells.text(place));
                    // What is declared to be empty when nothing is said cannot be left open.
                    let is_closed = |policy: &&Policy| {
                        let input = policy.names.input(list).and_then(|place| policy.names.inputs.get(place));
                        input.is_some_and(|input| matches!(&input.absent, Value::List(absent) if !absent.open))
                    };
                    let closed = setup.policies.iter().any(is_closed) && ListFields::name_is_a_fact(list);
                    match Stated::read(cells.text(place)) {
                        Some(Stated::Unknown) if closed => not_stated.push(Fault { reason: form::closed(), ..fault }),
                        Some(found) => stated.push(Statement { list: list.clone(), stated: found, fault }),
                        None => not_stated.push(fault),
                    }
                    continue;
                }
                Column::Id => {
                    id = Some(cells.text(place).trim().to_owned()).filter(|id| !id.is_empty());
                    if id.is_none() {
                        let name = heads.names.get(place).map_or("", String::as_str);
                        let fault = Fault::of_line(&sheet.file, self.line, asked::no_id());
                        return Err(vec![fault.in_column(name, "")]);
                    }
                    if let Some(character) = unseen(cells.text(place)) {
                        let name = heads.names.get(place).map_or("", String::as_str);
                        let fault = Fault::of_line(&sheet.file, self.line, of_unseen(character));
                        return Err(vec![fault.in_column(name, cells.text(place))]);
                    }
                    continue;
                }
                Column::Name => "name",
                Column::Kind => "kind",
                Column::Place => "place",
                Column::AsOf => "as_of",
                Column::Fact(name, ..) => name,
            };
            let Some(item) = cells.item(place, column.read_as(), heads.unit(place), &mut diagnostics) else { continue };
            let entry = Entry { key: key.to_owned(), key_span: item.span.clone(), item };
            if matches!(column, Column::Fact(..)) { facts.push(entry) } else { own.push(entry) }
        }
        if !diagnostics.is_empty() || !not_stated.is_empty() {
            let fault = |diagnostic: &Diagnostic| {
                let whole = Fault::of_line(&sheet.file, self.line, Fault::words(diagnostic));
                let Some(place) = cells.of(diagnostic) else { return whole };
                whole.in_column(heads.names.get(place).map_or("", String::as_str), cells.text(place))
            };
            return Err(diagnostics.iter().map(fault).chain(not_stated).collect());
        }
        let mut top = Vec::new();
        for (list, is_none_if_blank) in heads.lists() {
            let own = parts.iter_mut().filter(|((known, _), _)| known == list);
            let records: Vec<Item> = own.map(|(_, entries)| record(std::mem::take(entries), cells)).collect();
            // That nothing is written of a list does not say that there is none, unless the map does.
            if records.is_empty() && !is_none_if_blank {
                continue;
            }
            let item = Item { value: Raw::Array(records), span: cells.whole() };
            let entry = Entry { key: list.clone(), key_span: cells.whole(), item };
            if ListFields::name_is_a_fact(list) { facts.push(entry) } else { top.push(entry) }
        }
        let document = asked::document(&cells.whole(), own, facts, top);
        Ok(Head { id, document: given(Cow::Owned(document), setup), stated: heads.is_of_a_form().then_some(stated) })
    }
}

/// A record whose fields stand in the cells of a row; its place is where they stand.
fn record(entries: Vec<Entry>, cells: &Cells) -> Item {
    let whole = cells.whole();
    let start = entries.iter().map(|entry| entry.key_span.range.start).min().unwrap_or(whole.range.start);
    let end = entries.iter().map(|entry| entry.key_span.range.end).max().unwrap_or(whole.range.end);
    let span = Span::new(&whole.source, start..end);
    Item { value: Raw::Table(Table::new(&span, entries)), span }
}

/// The document with the kind and the place that were given for all rows, where it has none.
fn given<'t>(document: Cow<'t, Table>, setup: &Setup<'_>) -> Cow<'t, Table> {
    let Some(Item { value: Raw::Table(own), span }) = document.get("applicant") else { return document };
    let mut more = Vec::new();
    for (key, given) in [("kind", &setup.kind), ("place", &setup.place)] {
        if let Some(given) = given
            && own.get(key).is_none()
        {
            let item = Item { value: Raw::Text(given.clone()), span: span.clone() };
            more.push(Entry { key: key.to_owned(), key_span: span.clone(), item });
        }
    }
    if more.is_empty() {
        return document;
    }
    let span = span.clone();
    let item = Item { value: Raw::Table(own.clone().with(more)), span: span.clone() };
    Cow::Owned(document.into_owned().with([Entry { key: "applicant".to_owned(), key_span: span, item }]))
}

/// The key whose value a place is in, with those above it: `hires[2].degree`.
fn key_of(table: &Table, at: usize) -> String {
    let mut path = String::new();
    let mut table = table;
    loop {
        // Later entries lie within earlier ones only where these are put together, as `facts` is.
        let within = |item: &Item| item.span.range.contains(&at);
        let whole = table.span.range.clone();
        let own = |entry: &&Entry| within(&entry.item) && entry.item.span.range != whole;
        let made = |entry: &&Entry| match &entry.item.value {
            Raw::Table(inner) => {
                entry.item.span.range == whole && inner.entries().iter().any(|entry| within(&entry.item))
            }
            _ => false,
        };
        let Some(entry) = table.entries().iter().find(own).or_else(|| table.entries().iter().find(made)) else {
            return path;
        };
        if entry.item.span.range != whole {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&entry.key);
        }
        match &entry.item.value {
            Raw::Table(inner) => table = inner,
            Raw::Array(items) => {
                let Some(place) = items.iter().position(within) else { return path };
                path.push_str(&format!("[{}]", place + 1));
                match items.get(place).map(|item| &item.value) {
                    Some(Raw::Table(inner)) => table = inner,
                    _ => return path,
                }
            }
            _ => return path,
        }
    }
}
