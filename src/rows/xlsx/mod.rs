//! Workbooks as office programs save them: the first sheet that is shown, with its heads in the first row.
//!
//! A workbook cannot be read as a stream: its texts are kept apart from its cells. It is held in memory, so its size is bounded.

mod cell;
mod formatted;
mod hidden;
mod parts;
mod raw;
mod reading;
mod tag;

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Seek};
use std::sync::Arc;

use calamine::{Dimensions, Reader, SheetType, SheetVisible, Xlsx as Workbook, XlsxError};

use crate::diagnostic::did_you_mean;
use crate::lang::Text;
use crate::rows::form::{letters, returned_lists};
use crate::rows::map::{Beside, Layout};
use crate::rows::reserved::sheet_name;
use crate::rows::{Fault, Heads, Next, Row, Rows, Sheet};
use crate::source::clean;
use cell::Cell;
use formatted::Formats;
pub use parts::LARGEST;
use parts::Parts;
use reading::Reading;

/// What is read of a workbook, of all its sheets, is held until it is worked out: no more bytes than these.
const MOST_HELD: usize = 256 << 20;
/// A row takes about so much besides its cells, and a cell so much besides its text.
const ROW: usize = 200;
const CELL: usize = 8;
/// And one that is kept by its place.
const TEXT: usize = 64;
/// A sheet has no more columns.
const MOST_COLUMNS: usize = 1 << 14;
/// More merged cells than this in one row are not told apart.
const MOST_MERGED_HERE: usize = 1000;

/// Rows of a workbook.
pub struct Xlsx {
    sheet: Arc<Sheet>,
    /// What its sheet is called.
    name: String,
    rows: VecDeque<Row>,
    notes: Vec<Fault>,
}

impl Xlsx {
    /// Reads the first sheet of a workbook that is shown. `heads` reads its first row.
    pub fn open<R: Read + Seek>(
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Xlsx, Vec<Fault>> {
        Xlsx::open_by(None, input, file, heads)
    }

    /// The same of the sheet that a map names, with its heads where the map says; what is no applicant's is told to `beside`.
    pub fn open_by<R: Read + Seek>(
        by: Option<(&Layout, &mut Beside)>,
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Xlsx, Vec<Fault>> {
        let mut book = Book::open(input, file)?;
        if let Some(sheet) = by.as_ref().and_then(|(layout, _)| layout.sheet.clone()) {
            let others: Vec<String> = book.sheets().into_iter().map(|(name, _)| name).collect();
            if !others.contains(&sheet) {
                let near = did_you_mean(&sheet, others.iter().map(String::as_str));
                let sheet = clean(&sheet);
                let none = Text::made(format!("没有工作表“{sheet}”"), format!("there is no sheet “{sheet}”"));
                let reason = Text::join(&std::iter::once(none).chain(near).collect::<Vec<_>>(), "；", "; ");
                return Err(vec![Fault::of_line(file, 0, reason)]);
            }
            // Which sheet is meant was said; of the others nothing is to be told.
            return book.rows(&sheet, &[], file, by, heads);
        }
        let mut shown = book.sheets().into_iter().filter(|(_, is_shown)| *is_shown).map(|(name, _)| name);
        let Some(name) = shown.next() else {
            let reason = Text::new("其中没有可见的工作表", "it has no sheet that is shown");
            return Err(vec![Fault::of_line(file, 0, reason)]);
        };
        // Its lists are read by themselves.
        let lists = returned_lists(&book.names());
        let others: Vec<String> = shown.filter(|name| !lists.iter().any(|(_, list)| list == name)).collect();
        book.rows(&name, &others, file, by, heads)
    }

    /// What its sheet is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is to be told of the workbook: what of it is hidden and was read all the same, and what was not read.
    pub fn notes(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.notes)
    }
}

/// A sheet's name, and its texts by row and column from 0.
pub type Texts = (String, BTreeMap<(u32, u32), String>);

/// Everything that stands on the sheets of a workbook, those that nobody is shown included.
pub fn texts<R: Read + Seek>(input: R, file: &Arc<str>) -> Result<Vec<Texts>, Vec<Fault>> {
    let mut book = Book::open(input, file)?;
    let names = book.sheets().into_iter().map(|(name, _)| name);
    names.map(|name| book.texts(&name, file).map(|texts| (name, texts))).collect()
}

/// The defined names of a workbook, and what they refer to.
pub fn names_of<R: Read + Seek>(input: R, file: &Arc<str>) -> Result<Vec<(String, String)>, Vec<Fault>> {
    Ok(Book::open(input, file)?.names())
}

/// A workbook that was opened.
pub struct Book<R> {
    inner: Workbook<R>,
    /// What was found when its size was looked at.
    parts: Parts,
    /// About how many bytes of all that was read of it.
    held: usize,
}

fn unreadable(file: &Arc<str>, error: &dyn std::fmt::Display) -> Vec<Fault> {
    let error = clean(&error.to_string());
    let reason = Text::made(
        format!("不是可读的 XLSX 文件（{error}）；用表格软件打开，另存为 .xlsx"),
        format!("this is no XLSX file that can be read ({error}); open it in a spreadsheet and save it as .xlsx"),
    );
    vec![Fault::of_line(file, 0, reason)]
}

impl<R: Read + Seek> Book<R> {
    /// Opens a workbook of a size that can be held.
    pub fn open(mut input: R, file: &Arc<str>) -> Result<Book<R>, Vec<Fault>> {
        let whole = |reason: Text| vec![Fault::of_line(file, 0, reason)];
        let parts = parts::look(&mut input).map_err(|error| unreadable(file, &error))?.map_err(whole)?;
        let book = Workbook::new(input).map_err(|error: XlsxError| unreadable(file, &error))?;
        Ok(Book { inner: book, parts, held: 0 })
    }

    /// Its sheets of cells, and whether they are shown.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = self.inner.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
    }

    /// Its defined names, and what they refer to.
    pub fn names(&self) -> Vec<(String, String)> {
        self.inner.defined_names().to_vec()
    }

    /// The texts of a sheet, by row and column from 0.
    pub fn texts(&mut self, name: &str, file: &Arc<str>) -> Result<BTreeMap<(u32, u32), String>, Vec<Fault>> {
        let mut found = BTreeMap::new();
        let held = &mut self.held;
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| unreadable(file, &error))? {
            let text = Cell::of(cell.get_value().clone(), false).read(false, false).unwrap_or_default();
            if !text.is_empty() {
                hold(held, TEXT + text.len(), file, u64::from(cell.get_position().0) + 1)?;
                found.insert(cell.get_position(), text.into_owned());
            }
        }
        Ok(found)
    }

    /// The merged cells of a sheet.
    pub fn merged(&mut self, name: &str, file: &Arc<str>) -> Result<Vec<Dimensions>, Vec<Fault>> {
        self.inner.merge_cells_by_sheet_name(name).map_err(|error| unreadable(file, &error))
    }

    /// Whether anything stands on a sheet.
    pub fn is_blank(&mut self, name: &str, file: &Arc<str>) -> Result<bool, Vec<Fault>> {
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| unreadable(file, &error))? {
            if !matches!(Cell::of(cell.get_value().clone(), false), Cell::Empty) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads a sheet. `heads` reads its first row; `others` are sheets that are shown and not read.
    pub fn rows(
        &mut self,
        name: &str,
        others: &[String],
        file: &Arc<str>,
        by: Option<(&Layout, &mut Beside)>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Xlsx, Vec<Fault>> {
        let Book { inner: book, parts, held } = self;
        let unreadable = |error: &dyn std::fmt::Display| unreadable(file, error);
        let whole = |reason: Text| vec![Fault::of_line(&sheet_name(file, name), 0, reason)];
        let place = book.sheets_metadata().iter().position(|sheet| sheet.name == name).unwrap_or(usize::MAX);
        let merged = if parts.has_merged { book.merge_cells_by_sheet_name(name) } else { Ok(Vec::new()) };
        let mut merged = merged.map_err(|error| unreadable(&error))?;
        merged.sort_by_key(|merged| merged.start);
        let in_1904 = book.has_1904_epoch();
        let formats = Formats::of(book, name).map_err(|error| unreadable(&error))?;
        hold(held, formats.weight(), file, 0)?;
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
        let (merged, here, rows) = (merged.into(), Vec::new(), VecDeque::new());
        let sheet = sheet_name(file, name);
        let mut reading = Reading {
            book: file,
            file: Arc::clone(&sheet),
            heads: Some(heads),
            by,
            lines: Vec::new(),
            sheet: None,
            merged,
            here,
            in_1904,
            formats,
            rows,
            held,
        };
        let (mut at, mut raw): (u32, Vec<(u32, Cell<'_>)>) = (0, Vec::new());
        let mut before = None;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))? {
            let (line, column) = cell.pos;
            // What belongs to a row or a cell is found by following the sheet, so it has each of them once and in order.
            if before.replace(cell.pos).is_some_and(|before| cell.pos <= before) {
                return Err(vec![Fault::of_line(&sheet, u64::from(line) + 1, out_of_order(cell.pos))]);
            }
            if line != at {
                let next = Vec::with_capacity(raw.len());
                reading.take(at, std::mem::replace(&mut raw, next))?;
                at = line;
            }
            let made = Cell::of(cell.value, cell.formula.is_some());
            if !matches!(made, Cell::Empty) {
                if raw.len() >= MOST_COLUMNS {
                    return Err(whole(parts::unusual()));
                }
                raw.push((column, made));
            }
        }
        reading.take(at, raw)?;
        reading.end_of_heads()?;
        let hidden = parts.hidden(place);
        match reading.sheet {
            Some(sheet) => {
                let notes = hidden::notes(file, name, hidden, others, &sheet.heads, &reading.rows);
                Ok(Xlsx { sheet, name: name.to_owned(), rows: reading.rows, notes })
            }
            None => Err(whole(Text::new(
                "工作表是空的，第一行应为列名",
                "the sheet is empty; its first row must be the heads",
            ))),
        }
    }
}

impl Rows for Xlsx {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        self.rows.pop_front().map(Next::Row)
    }
}

/// Counts what is held of a workbook, up to a line; a fault where it is too much.
fn hold(held: &mut usize, more: usize, file: &Arc<str>, line: u64) -> Result<(), Vec<Fault>> {
    *held = held.saturating_add(more);
    if *held <= MOST_HELD {
        return Ok(());
    }
    let most = MOST_HELD >> 20;
    let reason = Text::made(
        format!("工作簿读到这里已超过 {most} MiB；请把各工作表另存为 CSV，可以边读边算"),
        format!("up to here the workbook has more than {most} MiB; save its sheets as CSV, which is read as a stream"),
    );
    Err(vec![Fault::of_line(file, line, reason)])
}

fn out_of_order(cell: (u32, u32)) -> Text {
    let place = address(cell);
    Text::made(
        format!("单元格 {place} 在文件中的先后不对，或出现了两次；用表格软件打开后重新保存"),
        format!(
            "the cell {place} stands out of order in the file, or twice; open it in a spreadsheet and save it again"
        ),
    )
}

/// `A3`
fn address((row, column): (u32, u32)) -> String {
    format!("{}{}", letters(column as usize), u64::from(row) + 1)
}

/// `A3:B5`
fn range(merged: &Dimensions) -> String {
    format!("{}:{}", address(merged.start), address(merged.end))
}
