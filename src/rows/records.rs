//! A piece of a table, taken apart into rows and cells.
//!
//! Lines without a quote are cut at their commas, which is several times as fast as a state machine; a record with quotes is
//! read by that of the csv crate.

use std::borrow::Cow;
use std::ops::Range;

use csv::ByteRecord;
use memchr::{memchr, memchr_iter, memrchr2};

use crate::lang::Text;
use crate::rows::breaks::breaks;
use crate::rows::quotes::Quotes;
use crate::rows::{Column, Content, Fault, Line, Lines, Row, Sheet};
use crate::source::{clean, unseen};

/// Whole records of CSV, not yet taken apart.
#[derive(Debug, Default)]
pub struct Stretch {
    /// The records, as they are written.
    pub bytes: Vec<u8>,
    /// The line of the first byte, from 1.
    pub line: u64,
}

/// A piece of a table.
#[derive(Debug)]
pub enum Piece {
    /// Rows.
    Rows(Vec<Row>),
    /// Records of CSV.
    Stretch(Stretch),
}

impl Default for Piece {
    fn default() -> Piece {
        Piece::Rows(Vec::new())
    }
}

/// The rows of a piece. Its memory is used again for the next.
#[derive(Debug, Default)]
pub struct Records {
    /// The stretch, and behind it the cells of records that have quotes, without them.
    text: Vec<u8>,
    /// How long the stretch is.
    length: usize,
    /// For each row of cells the place before its first cell, and then where each of its cells ends.
    ends: Vec<u32>,
    records: Vec<Record>,
    /// Rows that are no cells.
    rows: Vec<Row>,
    /// Whether all of the text is UTF-8.
    is_text: bool,
    /// What the piece was: the line of its stretch; none: rows.
    line: Option<u64>,
    /// Made for the first record that has quotes.
    quotes: Option<Quotes>,
}

/// Rows of cells that follow on each other.
#[derive(Clone, Copy, Debug)]
pub struct Block<'r> {
    text: &'r [u8],
    ends: &'r [u32],
    width: usize,
}

impl<'r> Block<'r> {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ends.len() / self.width
    }

    /// The cells of a column, from the first row to the last.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &'r [u8]> {
        let Block { text, ends, width } = *self;
        ends.chunks_exact(width).map(move |row| match row.get(column..) {
            Some([before, end, ..]) => text.get(before.wrapping_add(1) as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        })
    }
}

#[derive(Debug)]
struct Record {
    line: u64,
    held: Held,
}

#[derive(Clone, Copy, Debug)]
enum Held {
    /// Cells, from this place among the ends on.
    Cells(u32),
    /// A row, by its place.
    Row(usize),
}

impl Records {
    /// Takes the rows of a piece.
    pub fn take(&mut self, piece: Piece, sheet: &Sheet) {
        self.text.clear();
        self.ends.clear();
        self.records.clear();
        self.rows.clear();
        match piece {
            Piece::Stretch(stretch) => self.cut(stretch, sheet),
            Piece::Rows(rows) => {
                for (place, row) in rows.iter().enumerate() {
                    match &row.content {
                        Content::Cells(record) if record.iter().all(|cell| is_blank(cell, b' ')) => {}
                        Content::Cells(record) if record.len() == sheet.heads.names.len() => {
                            self.hold(record.iter(), row.line);
                        }
                        _ => self.records.push(Record { line: row.line, held: Held::Row(place) }),
                    }
                }
                (self.rows, self.line) = (rows, None);
            }
        }
        // That it is ASCII is seen much faster.
        self.is_text = match std::str::from_utf8(&self.text) {
            Ok(text) => !may_hide(&self.text) || shows(text),
            Err(_) => false,
        };
    }

    /// Gives the piece back.
    pub fn give_back(&mut self) -> Piece {
        match self.line {
            Some(line) => {
                self.text.truncate(self.length);
                Piece::Stretch(Stretch { bytes: std::mem::take(&mut self.text), line })
            }
            None => Piece::Rows(std::mem::take(&mut self.rows)),
        }
    }

    /// The places of its rows.
    pub fn rows(&self) -> Range<usize> {
        0..self.records.len()
    }

    /// A row that is a line of JSON.
    pub fn json(&self, place: usize) -> Option<&Line> {
        let Held::Row(row) = self.records.get(place)?.held else { return None };
        match &self.rows.get(row)?.content {
            Content::Line(line) => Some(line),
            _ => None,
        }
    }

    /// Reads a row that is a line of JSON.
    pub fn read_json(&mut self, place: usize, lines: &mut Lines<'_>, sheet: &Sheet) {
        let Some(Record { line, held: Held::Row(row) }) = self.records.get(place) else { return };
        if let Some(Row { content, .. }) = self.rows.get_mut(*row)
            && let Content::Line(text) = content
        {
            *content = lines.content(text, *line, &sheet.file);
        }
    }

    /// Refuses a row.
    pub fn refuse(&mut self, place: usize, reason: Text, sheet: &Sheet) {
        let row = self.row(place, sheet);
        let id = row.id(sheet).map(clean);
        let fault = Fault { id, ..Fault::of_line(row.file(sheet), row.line, reason) };
        let content = Content::Faulty(vec![fault]);
        let Some(record) = self.records.get_mut(place) else { return };
        match record.held {
            Held::Cells(_) => {
                record.held = Held::Row(self.rows.len());
                self.rows.push(Row { line: record.line, content });
            }
            Held::Row(row) => {
                if let Some(row) = self.rows.get_mut(row) {
                    row.content = content;
                }
            }
        }
    }

    /// The line of a row.
    pub fn line(&self, place: usize) -> u64 {
        self.records.get(place).map_or(0, |record| record.line)
    }

    /// Whether a row is cells.
    pub fn is_cells(&self, place: usize) -> bool {
        self.first(place).is_some()
    }

    fn first(&self, place: usize) -> Option<usize> {
        match self.records.get(place)?.held {
            Held::Cells(first) => Some(first as usize),
            Held::Row(_) => None,
        }
    }

    /// A cell, by the places of its row and column; none where there is no such cell.
    pub fn cell(&self, place: usize, column: usize) -> Option<&[u8]> {
        let first = self.first(place)? + column;
        let (before, end) = (*self.ends.get(first)?, *self.ends.get(first + 1)?);
        self.text.get(before.wrapping_add(1) as usize..end as usize)
    }

    /// Rows of cells that follow on each other.
    pub fn block(&self, rows: Range<usize>, sheet: &Sheet) -> Block<'_> {
        let width = sheet.heads.names.len() + 1;
        let first = self.first(rows.start).unwrap_or(usize::MAX);
        let ends = self.ends.get(first..first.saturating_add(rows.len() * width)).unwrap_or_default();
        Block { text: &self.text, ends, width }
    }

    /// Whether every cell of a row is UTF-8, and all of it can be seen.
    pub fn is_text(&self, place: usize, sheet: &Sheet) -> bool {
        let cell = |column: usize| self.cell(place, column).unwrap_or_default();
        self.is_text || (0..sheet.heads.names.len()).all(|column| std::str::from_utf8(cell(column)).is_ok_and(shows))
    }

    /// A column's cell as text, without blanks around it; none where there is nothing.
    pub fn text(&self, place: usize, column: Option<usize>) -> Option<&str> {
        let cell = self.cell(place, column?)?;
        std::str::from_utf8(cell).ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The applicant's id, as the row gives it.
    pub fn id(&self, place: usize, sheet: &Sheet) -> Option<&str> {
        match self.records.get(place)?.held {
            Held::Cells(_) => self.text(place, sheet.heads.place(&Column::Id)),
            Held::Row(row) => self.rows.get(row)?.id(sheet),
        }
    }

    /// A row by itself.
    pub fn row(&self, place: usize, sheet: &Sheet) -> Cow<'_, Row> {
        if let Some(Record { held: Held::Row(row), .. }) = self.records.get(place)
            && let Some(row) = self.rows.get(*row)
        {
            return Cow::Borrowed(row);
        }
        let cells = (0..sheet.heads.names.len()).map(|column| self.cell(place, column).unwrap_or_default());
        Cow::Owned(Row { line: self.line(place), content: Content::Cells(ByteRecord::from_iter(cells)) })
    }

    fn cut(&mut self, stretch: Stretch, sheet: &Sheet) {
        let (bytes, mut line) = (stretch.bytes, stretch.line);
        (self.length, self.line) = (bytes.len(), Some(line));
        self.text = bytes;
        let mut quotes = self.quotes.take();
        let mut from = 0;
        while from < self.length {
            let rest = self.text.get(from..self.length).unwrap_or_default();
            let quote = memchr(b'"', rest);
            let plain = quote.map_or(rest.len(), |quote| line_start(rest, quote));
            line = self.plain(from..from + plain, line, sheet);
            from += plain;
            let rest = self.text.get(from..self.length).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            let quotes = quotes.get_or_insert_with(|| Quotes::new(sheet.separator));
            let Some(count) = quotes.read(rest, true) else { break };
            let lines = memchr_iter(b'\n', rest.get(..count).unwrap_or_default()).count();
            if quotes.cells().all(|cell| is_blank(cell, b' ')) {
                // Nor is one of empty cells in quotes.
            } else if quotes.cells().count() == sheet.heads.names.len() {
                self.hold(quotes.cells(), line);
            } else {
                let id = sheet.heads.place(&Column::Id).and_then(|place| quotes.cells().nth(place));
                let row = ragged(sheet, line, quotes.cells().count(), id);
                self.records.push(Record { line, held: Held::Row(self.rows.len()) });
                self.rows.push(row);
            }
            line += lines as u64;
            from += count;
        }
        self.quotes = quotes;
    }

    /// Cuts lines without quotes; gives the line behind them.
    fn plain(&mut self, range: Range<usize>, mut line: u64, sheet: &Sheet) -> u64 {
        let Records { text, ends, records, rows, .. } = self;
        let Some(stretch) = text.get(..range.end) else { return line };
        let (wanted, separator) = (sheet.heads.names.len(), sheet.separator);
        let (mut start, mut first) = (range.start, ends.len());
        ends.push(before(start));
        let mut end = |at: usize| {
            let byte = stretch.get(at);
            if byte == Some(&separator) {
                ends.push(at as u32);
                return;
            }
            let found = ends.len() - first;
            // Of a line that begins with something this is seen at its first byte.
            if !is_blank(stretch.get(start..at).unwrap_or_default(), separator) {
                ends.push(at as u32);
                let mut held = Held::Cells(first as u32);
                if found != wanted {
                    held = Held::Row(rows.len());
                    let id = sheet.heads.place(&Column::Id).and_then(|id| {
                        let line = stretch.get(start..at)?;
                        line.split(|byte| *byte == separator).nth(id)
                    });
                    rows.push(ragged(sheet, line, found, id));
                    ends.truncate(first);
                }
                records.push(Record { line, held });
                first = ends.len();
                ends.push(before(at + 1));
            } else {
                // A line without anything but separators is no row.
                ends.truncate(first);
                ends.push(before(at + 1));
            }
            start = at + 1;
            line += u64::from(byte == Some(&b'\n'));
        };
        breaks(stretch.get(range.start..).unwrap_or_default(), separator, |at| end(range.start + at));
        // The last line may end with the text.
        end(range.end);
        ends.pop();
        line
    }

    /// Puts a row's cells behind the text.
    fn hold<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>, line: u64) {
        let first = self.ends.len() as u32;
        // Something that is no part of a cell stands before each.
        self.text.push(b',');
        self.ends.push(before(self.text.len()));
        for cell in cells {
            self.text.extend_from_slice(cell);
            self.ends.push(self.text.len() as u32);
            self.text.push(b',');
        }
        self.records.push(Record { line, held: Held::Cells(first) });
    }
}

/// Whether some byte could be of a character that cannot be seen: looked at without a branch, as of most tables none is.
fn may_hide(text: &[u8]) -> bool {
    let hides = |byte: u8| {
        let control = (byte < 0x20) & (byte != b'\n') & (byte != b'\r');
        let first = (byte == 0xC2) | (byte == 0xCD) | (byte == 0xD8) | (byte == 0xE1) | (byte == 0xE2) | (byte == 0xE3);
        control | (byte == 0x7F) | first | (byte == 0xEF) | (byte == 0xF0) | (byte == 0xF3)
    };
    text.chunks(1024).any(|part| part.iter().fold(false, |found, byte| found | hides(*byte)))
}

/// Whether all of a text can be seen, but for what lays out a table.
pub(super) fn shows(text: &str) -> bool {
    text.split(['\n', '\r', ',', '\t']).all(|part| unseen(part).is_none())
}

/// Whether there is nothing but separators and blanks of any kind. It stops at the first thing that is something.
pub(super) fn is_blank(text: &[u8], separator: u8) -> bool {
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        if first.is_ascii() {
            if *first != separator && !char::from(*first).is_whitespace() {
                return false;
            }
            rest = behind;
            continue;
        }
        // No blank takes more than three bytes.
        let length = if *first < 0xE0 { 2 } else { 3 };
        let Some((blank, behind)) = rest.split_at_checked(length) else { return false };
        if !std::str::from_utf8(blank).is_ok_and(|blank| blank.trim().is_empty()) {
            return false;
        }
        rest = behind;
    }
    true
}

/// Where the line begins on which a byte stands.
pub(super) fn line_start(text: &[u8], at: usize) -> usize {
    memrchr2(b'\n', b'\r', text.get(..at).unwrap_or_default()).map_or(0, |end| end + 1)
}

/// The place before a place; before the first there is none, and one more than that is the first again.
fn before(place: usize) -> u32 {
    (place as u32).wrapping_sub(1)
}

/// A row that has not as many cells as there are heads.
fn ragged(sheet: &Sheet, line: u64, found: usize, id: Option<&[u8]>) -> Row {
    let wanted = sheet.heads.names.len();
    let reason = Text::made(
        format!("这一行有 {found} 格，列名有 {wanted} 个"),
        format!("this row has {found} cells where there are {wanted} heads"),
    );
    let id = id.and_then(|id| std::str::from_utf8(id).ok()).map(|id| clean(id.trim())).filter(|id| !id.is_empty());
    Row { line, content: Content::Faulty(vec![Fault { id, ..Fault::of_line(&sheet.file, line, reason) }]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_cannot_be_seen_goes_by() {
        for character in ('\0'..=char::MAX).filter(|character| !"\n\r\t".contains(*character)) {
            let text = format!("甲{character}乙");
            assert!(shows(&text) || may_hide(text.as_bytes()), "{character:?}");
        }
    }

    #[test]
    fn a_line_of_blanks_of_any_kind_is_blank() {
        for character in ('\0'..=char::MAX).filter(|character| *character != ',') {
            let text = format!(",{character},, {character}");
            assert_eq!(is_blank(text.as_bytes(), b','), character.is_whitespace(), "{character:?}");
            let cut = &text.as_bytes()[..text.len() - character.len_utf8() + 1];
            assert!(character.is_ascii() || !is_blank(cut, b','), "{character:?}");
        }
    }
}
