//! Tables of records, joined to their applicants by the id.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Item, Raw, Table};
use crate::lang::Text;
use crate::rows::form::{self, Stated};
use crate::rows::kept::{Kept, Open, number, put};
use crate::rows::map::Layout;
use crate::rows::records::is_blank;
use crate::rows::row::Statement;
use crate::rows::seen::Fingerprint;
use crate::rows::strange::shortened;
use crate::rows::{Cells, Column, Content, Fault, ListFields, Piece, Records, Row, Rows, Sheet, asked};
use crate::source::{Span, clean, folded, of_unseen, unseen};

/// So many faults are named where a table cannot be used.
pub const MOST_NAMED: usize = 20;

/// Every table of records of a run.
#[derive(Debug, Default)]
pub struct Lists {
    tables: Vec<List>,
    /// Where records are kept that are too many for the memory; none: they stay there.
    outside: Option<Open>,
}

/// One table of records. In memory are 25 bytes for records of one applicant that follow on each other; their text stays there
/// only while it is small.
#[derive(Debug)]
struct List {
    fields: ListFields,
    sheet: Arc<Sheet>,
    key: Fingerprint,
    /// Each record's line and cells, each cell behind its length.
    records: Kept,
    /// In the order of the ids' fingerprints, and of the table where they are the same.
    groups: Vec<Group>,
    /// Whether the applicant of each was met.
    met: Vec<AtomicBool>,
    /// What all cells come to: that another table has the very same is seen by it.
    digest: DefaultHasher,
    /// What is wrong with rows that could not be held, in the order of their ids, and whether an applicant was found.
    faults: Vec<(Fault, AtomicBool)>,
    /// What is wrong with rows without an id.
    nobodys: Vec<Fault>,
}

/// Records of one applicant that follow on each other: the id's fingerprint, and where they stand.
#[derive(Clone, Copy, Debug)]
struct Group {
    id: u64,
    start: u64,
    length: u32,
}

/// The records of one applicant.
pub(super) struct Found<'l> {
    lists: &'l Lists,
    records: Vec<(usize, u64, Cells)>,
    faults: Vec<Fault>,
}

impl Lists {
    /// None yet; records that are too many for the memory are kept where `outside` says.
    pub fn outside(outside: Open) -> Lists {
        Lists { tables: Vec::new(), outside: Some(outside) }
    }

    /// Whether no table was given.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Takes a table, to its last row. What is no row, and may have any number of them in it, makes it useless.
    /// `layout` says which rows are sums, and no records.
    pub fn take(&mut self, fields: ListFields, layout: Option<&Layout>, rows: &mut dyn Rows) -> Result<(), Vec<Fault>> {
        let sheet = Arc::clone(rows.sheet());
        let mut list = List {
            fields,
            sheet: Arc::clone(&sheet),
            key: Fingerprint::default(),
            records: Kept::new(self.outside),
            groups: Vec::new(),
            met: Vec::new(),
            digest: DefaultHasher::new(),
            faults: Vec::new(),
            nobodys: Vec::new(),
        };
        let mut last = None;
        let (mut held, mut memory) = (Records::default(), Vec::new());
        while let Some(next) = rows.next(std::mem::take(&mut memory)) {
            held.take(next.into(), &sheet);
            for place in held.rows() {
                let row = held.row(place, &sheet);
                if !layout.is_some_and(|layout| is_of_sums(&row, layout, &sheet)) {
                    list.take(&row, &mut last);
                }
            }
            list.records.settle().map_err(|error| vec![not_kept(&sheet, &error)])?;
            if let Piece::Stretch(stretch) = held.give_back() {
                memory = stretch.bytes;
            }
        }
        let broken = list.faults.iter().filter(|(fault, _)| fault.id.is_none()).take(MOST_NAMED);
        let broken: Vec<Fault> = broken.map(|(fault, _)| fault.clone()).collect();
        if !broken.is_empty() {
            return Err(broken);
        }
        list.records.finish().map_err(|error| vec![not_kept(&sheet, &error)])?;
        list.sort();
        let is_it = |other: &&List| other.has_all_of(&list);
        if let Some(twin) = self.tables.iter().find(is_it) {
            let (name, other) = (&list.fields.name, &twin.sheet.file);
            let reason = Text::made(
                format!("与 {other} 的记录完全相同，名单 {name} 会算两遍；只给一次。确是两批的，合在一张表里"),
                format!(
                    "these are the very records of {other}, given for {name} already, and would count twice; give them once, or in                      one table where they are others"
                ),
            );
            return Err(vec![Fault::of_line(&sheet.file, 0, reason)]);
        }
        self.tables.push(list);
        Ok(())
    }

    /// The records of an applicant. They are marked as met.
    pub(super) fn find(&self, id: Option<&str>) -> Found<'_> {
        let mut found = Found { lists: self, records: Vec::new(), faults: Vec::new() };
        let Some(id) = id.map(folded) else { return found };
        for (place, list) in self.tables.iter().enumerate() {
            let fingerprint = list.key.of(&id);
            let first = list.groups.partition_point(|group| group.id < fingerprint);
            let own = list.groups.iter().zip(&list.met).skip(first);
            for (group, met) in own.take_while(|(group, _)| group.id == fingerprint) {
                let bytes = match list.records.get(group.start, group.length) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        found.faults.push(not_kept(&list.sheet, &error));
                        continue;
                    }
                };
                // Another id may have the same fingerprint.
                if list.split(&bytes).next().is_none_or(|(_, cells)| folded(list.written(&cells)) != id) {
                    continue;
                }
                met.store(true, Ordering::Relaxed);
                for (line, cells) in list.split(&bytes) {
                    let cells: Result<Vec<&str>, _> = cells.into_iter().map(std::str::from_utf8).collect();
                    match cells {
                        Ok(cells) => {
                            let cells = Cells::new(&list.sheet.file, cells.into_iter());
                            found.records.push((place, line, cells));
                        }
                        Err(_) => found.faults.push(Fault::of_line(&list.sheet.file, line, asked::no_text())),
                    }
                }
            }
            let first = list.faults.partition_point(|(fault, _)| key(fault) < Some(id.clone()));
            let own = list.faults.iter().skip(first);
            for (fault, met) in own.take_while(|(fault, _)| key(fault).as_ref() == Some(&id)) {
                met.store(true, Ordering::Relaxed);
                found.faults.push(fault.clone());
            }
        }
        found
    }

    /// What is wrong with rows that have no applicant; asked for when all applicants have been met.
    pub fn left(&self) -> impl Iterator<Item = Fault> + '_ {
        self.tables.iter().flat_map(List::left)
    }
}

/// Whether a row is one of sums, as a layout says.
fn is_of_sums(row: &Row, layout: &Layout, sheet: &Sheet) -> bool {
    let Content::Cells(record) = &row.content else { return false };
    let texts = record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or("�"));
    layout.is_beside(texts, sheet.heads.place(&Column::Id))
}

impl List {
    /// Whether another table of the same list has the same records.
    fn has_all_of(&self, other: &List) -> bool {
        !self.groups.is_empty()
            && self.fields.name == other.fields.name
            && self.sheet.heads.names == other.sheet.heads.names
            && self.digest.finish() == other.digest.finish()
    }

    /// Takes a row; `last`: the id of the one before, as it is compared.
    fn take(&mut self, row: &Row, last: &mut Option<String>) {
        match &row.content {
            Content::Cells(record) if record.iter().all(|cell| is_blank(cell, b' ')) => {}
            Content::Cells(_) if row.id(&self.sheet).is_none() => {
                let reason = Text::new(
                    "缺少编号，不知是谁的记录，没有计入任何人的名单；补上编号，多余的在原表中删去",
                    "the id is missing, so that nobody knows whose record this is, and it counts for nobody; put the id, or take the row out of the table",
                );
                let name = self.sheet.heads.place(&Column::Id).and_then(|place| self.sheet.heads.names.get(place));
                let fault = Fault::of_line(&self.sheet.file, row.line, reason);
                let fault = fault.in_column(name.map_or("", String::as_str), "");
                self.nobodys.push(self.sheet.heads.located(fault));
            }
            Content::Cells(record) => match row.id(&self.sheet).and_then(unseen) {
                Some(character) => {
                    let fault = Fault::of_line(&self.sheet.file, row.line, of_unseen(character));
                    let fault = fault.in_column("id", row.id(&self.sheet).unwrap_or_default());
                    self.faults.push((self.sheet.heads.located(fault), AtomicBool::new(false)));
                }
                None => match shortened(record, row.line, &self.sheet) {
                    Some(fault) => {
                        let fault = Fault { id: row.id(&self.sheet).map(str::to_owned), ..fault };
                        self.faults.push((self.sheet.heads.located(fault), AtomicBool::new(false)));
                    }
                    None => self.hold(row.line, record, row.id(&self.sheet).unwrap_or_default(), last),
                },
            },
            Content::Faulty(faults) => {
                for fault in faults {
                    let fault = self.sheet.heads.located(fault.clone());
                    // A row of a sheet is one row, whatever is in it; a text without its end may be many.
                    if fault.id.is_none() && fault.cell.is_some() {
                        self.nobodys.push(fault);
                    } else {
                        self.faults.push((fault, AtomicBool::new(false)));
                    }
                }
            }
            Content::Line(_) | Content::Document(_) => {}
        }
    }

    fn hold(&mut self, line: u64, record: &csv::ByteRecord, id: &str, last: &mut Option<String>) {
        let start = self.records.len();
        let bytes = self.records.end();
        put(bytes, line);
        for cell in record {
            put(bytes, cell.len() as u64);
            bytes.extend_from_slice(cell);
            self.digest.write(cell);
            self.digest.write_usize(cell.len());
        }
        let length = u32::try_from(self.records.len() - start).unwrap_or(u32::MAX);
        let id = folded(id);
        if last.as_deref() == Some(&*id)
            && let Some(group) = self.groups.last_mut()
            && let Some(both) = group.length.checked_add(length)
        {
            group.length = both;
            return;
        }
        self.groups.push(Group { id: self.key.of(&id), start, length });
        *last = Some(id.into_owned());
    }

    fn sort(&mut self) {
        self.groups.sort_by_key(|group| (group.id, group.start));
        self.groups.shrink_to_fit();
        self.faults.sort_by(|(a, _), (b, _)| key(a).cmp(&key(b)));
        self.met = self.groups.iter().map(|_| AtomicBool::new(false)).collect();
    }

    /// The records of a group, their lines and cells.
    fn split<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = (u64, Vec<&'b [u8]>)> {
        let (mut rest, width) = (bytes, self.sheet.heads.names.len());
        std::iter::from_fn(move || {
            let line = number(&mut rest)?;
            let mut cells = Vec::with_capacity(width);
            for _ in 0..width {
                let length = usize::try_from(number(&mut rest)?).ok()?;
                let (cell, behind) = rest.split_at_checked(length)?;
                rest = behind;
                cells.push(cell);
            }
            Some((line, cells))
        })
    }

    /// The id of a record as it is written; a row of which it is no text is not held.
    fn written<'c>(&self, cells: &[&'c [u8]]) -> &'c str {
        let place = self.sheet.heads.place(&Column::Id).unwrap_or(0);
        cells.get(place).and_then(|id| std::str::from_utf8(id).ok()).unwrap_or_default().trim()
    }

    /// Records and faults without an applicant, each in the order of the table.
    fn left(&self) -> impl Iterator<Item = Fault> + '_ {
        let mut groups: Vec<&Group> = Vec::new();
        groups.extend(
            self.groups.iter().zip(&self.met).filter(|(_, met)| !met.load(Ordering::Relaxed)).map(|(group, _)| group),
        );
        groups.sort_by_key(|group| group.start);
        let records = groups.into_iter().flat_map(|group| match self.records.get(group.start, group.length) {
            Ok(bytes) => {
                let of = |(line, cells): (u64, Vec<&[u8]>)| self.without(&clean(self.written(&cells)), line);
                self.split(&bytes).map(of).collect()
            }
            Err(error) => vec![not_kept(&self.sheet, &error)],
        });
        let mut faults: Vec<&Fault> = self.nobodys.iter().collect();
        faults.extend(self.faults.iter().filter(|(_, met)| !met.load(Ordering::Relaxed)).map(|(fault, _)| fault));
        faults.sort_by_key(|fault| fault.line);
        records.chain(faults.into_iter().cloned())
    }

    fn without(&self, id: &str, line: u64) -> Fault {
        let name = self.sheet.heads.place(&Column::Id).and_then(|place| self.sheet.heads.names.get(place));
        let reason = Text::new("没有此编号的申请人", "there is no applicant with this id");
        let fault = Fault::of_line(&self.sheet.file, line, reason).in_column(name.map_or("", String::as_str), id);
        self.sheet.heads.located(Fault { id: Some(id.to_owned()), ..fault })
    }
}

/// That records could not be kept outside the memory, or not be read there again.
fn not_kept(sheet: &Sheet, error: &io::Error) -> Fault {
    let reason = Text::made(
        format!("名单的记录多，要暂存于临时文件夹，却存取不了（{error}）；腾出地方，或以环境变量 TMPDIR 另指一处"),
        format!(
            "the records are too many for memory and are kept in the folder for temporary files, where they cannot be written \
             or read ({error}); make room there, or name another with the environment variable TMPDIR"
        ),
    );
    Fault::of_line(&sheet.file, 0, reason)
}

impl Stated {
    /// Whether there is a list, given how many records an applicant has on its sheet, if it has one. An error where that is not
    /// what the row says.
    fn against(self, list: &str, count: usize, has_sheet: bool) -> Result<bool, Text> {
        let is_a_fact = ListFields::name_is_a_fact(list);
        let reason = match (self, count) {
            (Stated::Sheet, 1..) | (Stated::None, 0) => return Ok(true),
            (Stated::Unknown | Stated::Blank, 0) if is_a_fact => return Ok(false),
            (Stated::Sheet, 0) if !has_sheet => Text::new(
                "写了“见表”，但这份名单的工作表已被删除",
                "it says “see sheet”, but the sheet of this list was deleted",
            ),
            (Stated::Sheet, 0) => Text::new(
                "写了“见表”，但名单里没有这个编号的行",
                "it says “see sheet”, but there is no row with this id on the list's sheet",
            ),
            (Stated::Unknown | Stated::Blank, 0) => Text::new(
                "这一项必须填 见表 或 无，不能空着",
                "this must be “see sheet” or “none”; it cannot be left open",
            ),
            (_, count) => Text::made(
                format!("名单里有这个编号的 {count} 行，这里应填“见表”；不是此人的，改正名单中的编号"),
                format!(
                    "the list's sheet has rows with this id ({count}); write “see sheet”, or correct the ids there"
                ),
            ),
        };
        Err(reason)
    }
}

/// The id of a row that could not be held, as it is compared.
fn key(fault: &Fault) -> Option<Cow<'_, str>> {
    fault.id.as_deref().map(folded)
}

impl Found<'_> {
    /// The document with the records in it: a list for which there is a table is there, if without records.
    /// `stated` is what the applicant's row of a form says of lists: there a sheet is read only for who says that it holds.
    pub fn join(&self, mut document: Table, stated: Option<&[Statement]>) -> Result<Table, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults.clone());
        }
        let whole = document.head();
        let mut lists: Vec<(&ListFields, Vec<Item>)> = Vec::new();
        let mut empty: Vec<&str> = Vec::new();
        let mut contradicted = Vec::new();
        if let Some(stated) = stated {
            for Statement { list, stated, fault } in stated {
                let tables = || self.lists.tables.iter().filter(|table| table.fields.name == *list);
                let own = |place: usize| self.lists.tables.get(place).is_some_and(|table| table.fields.name == *list);
                let count = self.records.iter().filter(|(place, ..)| own(*place)).count();
                match stated.against(list, count, tables().next().is_some()) {
                    Ok(true) => match tables().next() {
                        Some(table) => lists.push((&table.fields, Vec::new())),
                        None => empty.push(list.as_str()),
                    },
                    Ok(false) => {}
                    Err(reason) => contradicted.push(Fault { reason, ..fault.clone() }),
                }
            }
            // A list whose column was deleted says nothing, and may not be passed over.
            for (place, line, _) in &self.records {
                if let Some(table) = self.lists.tables.get(*place)
                    && !stated.iter().any(|known| known.list == table.fields.name)
                {
                    let fault = Fault::of_line(&table.sheet.file, *line, form::no_column());
                    contradicted.push(table.sheet.heads.located(fault));
                }
            }
            if !contradicted.is_empty() {
                return Err(contradicted);
            }
        }
        for list in self.lists.tables.iter().filter(|_| stated.is_none()) {
            if !lists.iter().any(|(known, _)| known.name == list.fields.name) {
                lists.push((&list.fields, Vec::new()));
            }
        }
        let (mut diagnostics, mut faults) = (Vec::new(), Vec::new());
        for (place, line, cells) in &self.records {
            let Some(list) = self.lists.tables.get(*place) else { continue };
            let mut entries: Vec<Entry> = Vec::new();
            for (column, what) in list.sheet.heads.columns.iter().enumerate() {
                let Column::Field(field) = what else { continue };
                if let Some(item) = cells.item(column, field.read_as(), list.sheet.heads.unit(column), &mut diagnostics)
                {
                    let item = field.named(item);
                    entries.push(Entry { key: field.name.clone(), key_span: item.span.clone(), item });
                }
            }
            for diagnostic in diagnostics.drain(..) {
                let whole = Fault::of_line(&list.sheet.file, *line, Fault::words(&diagnostic));
                let fault = self.fault(&whole, &diagnostic).unwrap_or(whole);
                faults.push(list.sheet.heads.located(fault));
            }
            let span = cells.whole();
            let item = Item { value: Raw::Table(Table::new(&span, entries)), span };
            if let Some((_, items)) = lists.iter_mut().find(|(known, _)| known.name == list.fields.name) {
                items.push(item);
            }
        }
        let facts = document.take_table("facts").unwrap_or_else(|| Table::new(&whole, Vec::new()));
        let (mut top, mut more) = (Vec::new(), Vec::new());
        for (fields, items) in lists {
            let (is_a_fact, name) = (fields.is_a_fact(), &fields.name);
            let known = if is_a_fact { facts.get(name) } else { document.get(name) };
            if known.is_some() {
                let reason = Text::made(
                    format!("{name} 已由 --list 给出，这里不能再写"),
                    format!("{name} is given with --list already; it cannot stand here too"),
                );
                faults.push(Fault::of_line(&Arc::from(""), 0, reason));
            }
            let item = Item { value: Raw::Array(items), span: whole.clone() };
            let entry = Entry { key: name.clone(), key_span: whole.clone(), item };
            if is_a_fact { more.push(entry) } else { top.push(entry) }
        }
        for name in empty {
            let item = Item { value: Raw::Array(Vec::new()), span: whole.clone() };
            let entry = Entry { key: name.to_owned(), key_span: whole.clone(), item };
            if ListFields::name_is_a_fact(name) { more.push(entry) } else { top.push(entry) }
        }
        let facts = Item { value: Raw::Table(facts.with(more)), span: whole.clone() };
        top.push(Entry { key: "facts".to_owned(), key_span: whole.clone(), item: facts });
        if faults.is_empty() { Ok(document.with(top)) } else { Err(faults) }
    }

    /// The row of a list in which a place lies.
    fn row_of(&self, span: &Span) -> Option<String> {
        let (place, line, _) = self.records.iter().find(|(_, _, cells)| cells.hold(span))?;
        Some(self.lists.tables.get(*place)?.sheet.row_place(*line))
    }

    /// A fault in the row of a list that a diagnostic is about.
    pub fn fault(&self, whole: &Fault, diagnostic: &Diagnostic) -> Option<Fault> {
        self.records.iter().find_map(|(place, line, cells)| {
            let (span, _) = diagnostic.labels.first()?;
            if !cells.hold(span) {
                return None;
            }
            let column = cells.of(diagnostic);
            let sheet = &self.lists.tables.get(*place)?.sheet;
            let mut fault = Fault { file: Arc::clone(&sheet.file), line: *line, ..whole.clone() };
            let others = diagnostic.labels.iter().skip(1).filter_map(|(span, _)| self.row_of(span));
            let here = sheet.row_place(*line);
            for place in others.filter(|other| *other != here) {
                let also = Text::made(format!("另见 {place}"), format!("see also {place}"));
                fault.reason = Text::join(&[fault.reason, also], "；", "; ");
            }
            let fault = match column {
                Some(column) => Some(sheet.heads.fault(fault, diagnostic, column, cells.text(column))),
                None => Some(fault),
            };
            fault.map(|fault| sheet.heads.located(fault))
        })
    }
}
