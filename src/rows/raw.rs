//! Rows as they came in, to be given back.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use memchr::memchr;
use rust_xlsxwriter::Format;

use crate::lang::Text;
use crate::rows::map::{Beside, Layout};
use crate::rows::xlsx::Book;
use crate::rows::{Column, Content, Csv, Decoded, Fault, Piece, Records, Rows, Sheet};

/// More cells than these are not given back: they are held in memory.
pub const MOST_CELLS: usize = 2_000_000;

/// What stands in a cell, before anybody makes anything of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// Nothing, but it has a look of its own.
    Blank,
    /// A text.
    Text(String),
    /// A number, or a day by its number in the system that begins with 1900.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// An error, `#N/A`; a formula without a saved result is one too, because nobody may take it for a blank cell.
    Error(String),
}

impl Raw {
    /// Its text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Raw::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A cell, by its column and how it looks.
pub type RawCell = (usize, Raw, usize);

/// Rows that were taken out of a table.
#[derive(Debug, Default)]
pub struct Copied {
    /// By their line, the cells.
    pub rows: BTreeMap<u64, Vec<RawCell>>,
    /// Merged cells: the first and last line, and the first and last column.
    pub merged: Vec<[u64; 4]>,
}

/// Where a table stands that was read.
#[derive(Clone, Debug)]
pub struct Stands {
    /// What it was read as, with the columns as they stand there.
    pub sheet: Arc<Sheet>,
    /// The sheet of a workbook.
    pub name: Option<String>,
    /// Where its heads and rows stand.
    pub layout: Layout,
    /// The list whose records it has; none: applicants.
    pub list: Option<String>,
}

impl Stands {
    /// The column of ids.
    pub fn id(&self) -> Option<usize> {
        self.sheet.heads.place(&Column::Id)
    }
}

/// A file that was read, opened again.
pub enum Original {
    /// A workbook.
    Workbook(Box<Book<Cursor<Vec<u8>>>>),
    /// A table of CSV, which is read from its beginning each time.
    Csv(Box<Again>),
}

/// Opens a file from its beginning.
pub type Again = dyn Fn() -> io::Result<Box<dyn Read>>;

impl Original {
    /// Opens a workbook.
    pub fn workbook(bytes: Vec<u8>, file: &Arc<str>) -> Result<Original, Vec<Fault>> {
        Ok(Original::Workbook(Box::new(Book::open(Cursor::new(bytes), file)?)))
    }

    /// Tells the lines of a table that hold something, with the id of each.
    pub fn ids(&mut self, table: &Stands, tell: &mut dyn FnMut(u64, Option<&str>)) -> Result<(), Vec<Fault>> {
        match (self, &table.name) {
            (Original::Workbook(book), Some(name)) => {
                book.ids(name, table.layout.first, table.id(), &table.sheet.file, tell)
            }
            (Original::Workbook(_), None) => Ok(()),
            (Original::Csv(again), _) => records(again, table, &mut |line, _, id| tell(line, id)),
        }
    }

    /// The rows of a table that are wanted, as they came in.
    pub fn rows(&mut self, table: &Stands, wanted: &dyn Fn(u64) -> bool) -> Result<Copied, Vec<Fault>> {
        match (self, &table.name) {
            (Original::Workbook(book), Some(name)) => book.raw(name, wanted, &table.sheet),
            (Original::Workbook(_), None) => Ok(Copied::default()),
            (Original::Csv(again), _) => {
                let (mut copied, mut count) = (Copied::default(), 0);
                above(again, table, &mut |line, record| {
                    if wanted(line) {
                        copied.rows.insert(line, cells(&record));
                    }
                })?;
                records(again, table, &mut |line, record, _| {
                    count += if wanted(line) { record.len() } else { 0 };
                    if wanted(line) && count <= MOST_CELLS {
                        copied.rows.insert(line, cells(record));
                    }
                })?;
                if count > MOST_CELLS { Err(too_much(&table.sheet.file, 0)) } else { Ok(copied) }
            }
        }
    }

    /// A sheet of a workbook that is no table, whole.
    pub fn whole(&mut self, name: &str, sheet: &Sheet) -> Result<Copied, Vec<Fault>> {
        match self {
            Original::Workbook(book) => book.raw(name, &|_| true, sheet),
            Original::Csv(_) => Ok(Copied::default()),
        }
    }

    /// The sheets of a workbook and whether they are shown, and its defined names with what they refer to.
    #[expect(clippy::type_complexity, reason = "two lists of pairs")]
    pub fn contents(&self) -> (Vec<(String, bool)>, Vec<(String, String)>) {
        match self {
            Original::Workbook(book) => (book.sheets(), book.names()),
            Original::Csv(_) => Default::default(),
        }
    }

    /// How its cells can look.
    pub fn formats(&mut self) -> Vec<Format> {
        match self {
            Original::Workbook(book) => book.formats(),
            // All of it is text, to the last digit.
            Original::Csv(_) => vec![Format::new().set_num_format("@")],
        }
    }
}

fn cells(record: &ByteRecord) -> Vec<RawCell> {
    let text = |cell: &[u8]| Raw::Text(String::from_utf8_lossy(cell).into_owned());
    record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(place, cell)| (place, text(cell), 0)).collect()
}

fn no_text(table: &Stands, what: &dyn std::fmt::Display) -> Vec<Fault> {
    let reason = Text::made(format!("读不出来（{what}）"), format!("it cannot be read ({what})"));
    vec![Fault::of_line(&table.sheet.file, 0, reason)]
}

fn decoded(again: &Again, table: &Stands) -> Result<Decoded<Box<dyn Read>>, Vec<Fault>> {
    let opened = again().and_then(Decoded::open).map_err(|error| no_text(table, &error))?;
    opened.map_err(|reason| vec![Fault::of_line(&table.sheet.file, 1, reason)])
}

/// What stands above the rows of a table.
fn above(again: &Again, table: &Stands, take: &mut dyn FnMut(u64, ByteRecord)) -> Result<(), Vec<Fault>> {
    let mut reader = ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(table.sheet.separator);
    for record in reader.from_reader(decoded(again, table)?).into_byte_records() {
        let record = record.map_err(|error| no_text(table, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        if line >= table.layout.first {
            break;
        }
        take(line, record);
    }
    Ok(())
}

/// The rows of a table. Of one that could not be taken apart, its first line stands in its first cell.
fn records(
    again: &Again,
    table: &Stands,
    take: &mut dyn FnMut(u64, &ByteRecord, Option<&str>),
) -> Result<(), Vec<Fault>> {
    let sheet = &table.sheet;
    let input = decoded(again, table)?;
    let mut csv = Csv::open_by(&table.layout, &mut Beside::default(), input, &sheet.file, |_| Ok(sheet.heads.clone()))?;
    let (mut held, mut memory) = (Records::default(), Vec::new());
    let mut broken = Vec::new();
    while let Some(next) = csv.next(std::mem::take(&mut memory)) {
        held.take(next.into(), sheet);
        for place in held.rows() {
            let row = held.row(place, sheet);
            match &row.content {
                _ if row.line < table.layout.first => {}
                Content::Cells(record) => take(row.line, record, row.id(sheet)),
                _ => broken.push((row.line, row.id(sheet).map(str::to_owned))),
            }
        }
        if let Piece::Stretch(stretch) = held.give_back() {
            memory = stretch.bytes;
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let mut input = BufReader::new(decoded(again, table)?);
    let mut next = 1;
    for (line, id) in broken {
        let mut own = Vec::new();
        while next <= line {
            own = first_of_line(&mut input).map_err(|error| no_text(table, &error))?;
            next += 1;
        }
        take(line, &ByteRecord::from(vec![own.trim_ascii()]), id.as_deref());
    }
    Ok(())
}

/// Passes over a line, and gives as much of it as a cell can have.
fn first_of_line(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    const LONGEST: usize = 32_000;
    let mut own = Vec::new();
    loop {
        let bytes = input.fill_buf()?;
        let end = memchr(b'\n', bytes);
        let count = end.map_or(bytes.len(), |end| end + 1);
        let room = LONGEST.saturating_sub(own.len());
        own.extend_from_slice(bytes.get(..count.min(room)).unwrap_or_default());
        input.consume(count);
        if end.is_some() || count == 0 {
            return Ok(own);
        }
    }
}

/// Whether something was asked for that is too much to hold.
pub(super) fn too_much(file: &Arc<str>, line: u64) -> Vec<Fault> {
    let reason = Text::made(
        format!("退回的内容超过 {MOST_CELLS} 格，工作簿里放不下；--rejects FILE.csv 可全部列出"),
        format!(
            "more than {MOST_CELLS} cells would be returned, too much for a workbook; --rejects FILE.csv lists all"
        ),
    );
    vec![Fault::of_line(file, line, reason)]
}

/// Whether `R` can be opened again.
impl<R: Read + Seek> std::fmt::Debug for Book<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Book")
    }
}
