//! Tables of comma-separated values.

use std::io::{self, Read};
use std::sync::Arc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::lang::Text;
use crate::rows::{Column, Content, Fault, Heads, Row, Rows, Sheet};
use crate::source::clean;

/// A record of more bytes than this is refused.
const LONGEST_RECORD: usize = 1 << 20;

/// Rows of a CSV file.
pub struct Csv<R> {
    reader: Reader<Guard<R>>,
    sheet: Arc<Sheet>,
    /// The lines before those that the reader counts, where it had to begin again.
    skipped: u64,
    ended: bool,
}

impl<R: Read> Csv<R> {
    /// Opens a table: its first record is the heads, which `heads` reads.
    pub fn open(
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        let mut reader = reader(Guard { inner: Some(input), left: LONGEST_RECORD, cut: false, skipping: false });
        let mut first = ByteRecord::new();
        let read = reader.read_byte_record(&mut first);
        let fault = |reason: Text| vec![Fault::of_line(file, 1, reason)];
        match read {
            Ok(true) => {}
            Ok(false) => {
                return Err(fault(Text::new(
                    "文件是空的，应有一行列名",
                    "the file is empty; it needs a line of heads",
                )));
            }
            Err(error) => return Err(fault(unreadable(&error))),
        }
        let names: Result<Vec<String>, _> =
            first.iter().map(|name| std::str::from_utf8(name).map(str::to_owned)).collect();
        let names = names.map_err(|_| {
            fault(Text::new(
                "列名中有无法识别的字符：这不是 CSV 文件，或既非 UTF-8 也非 GB18030",
                "the heads are no text: this is no CSV file, or neither UTF-8 nor GB18030",
            ))
        })?;
        let sheet = Arc::new(Sheet { file: Arc::clone(file), heads: heads(names)? });
        Ok(Csv { reader, sheet, skipped: 0, ended: false })
    }

    fn faulty(&self, line: u64, reason: Text) -> Row {
        Row { line, content: Content::Faulty(vec![Fault::of_line(&self.sheet.file, line, reason)]) }
    }

    /// Passes over the rest of a record that is too long, and goes on with the next line.
    fn pass_over(&mut self, line: u64) -> Row {
        // The record that was cut short ends the reader; another one goes on behind the next line break.
        self.skipped += self.reader.position().line();
        let inner = self.reader.get_mut().inner.take();
        self.reader = reader(Guard { inner, left: LONGEST_RECORD, cut: false, skipping: true });
        let reason = Text::new(
            "这条记录超过 1 MiB，可能缺少收尾的引号",
            "this record is longer than 1 MiB; perhaps a closing quote is missing",
        );
        self.faulty(line, reason)
    }
}

fn reader<R: Read>(guard: Guard<R>) -> Reader<Guard<R>> {
    ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(guard)
}

fn unreadable(error: &csv::Error) -> Text {
    Text::made(format!("无法读取（{error}）"), format!("cannot be read ({error})"))
}

impl<R: Read> Rows for Csv<R> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, spare: Option<Row>) -> Option<Row> {
        if self.ended {
            return None;
        }
        let mut record = match spare {
            Some(Row { content: Content::Cells(record), .. }) => record,
            _ => ByteRecord::new(),
        };
        self.reader.get_mut().left = LONGEST_RECORD;
        let line = self.skipped + self.reader.position().line();
        match self.reader.read_byte_record(&mut record) {
            _ if self.reader.get_ref().cut => return Some(self.pass_over(line)),
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.ended = true;
                return Some(self.faulty(line, unreadable(&error)));
            }
        }
        let line = record.position().map_or(line, |position| self.skipped + position.line());
        let (wanted, found) = (self.sheet.heads.names.len(), record.len());
        if wanted != found {
            let reason = Text::made(
                format!("这一行有 {found} 格，列名有 {wanted} 个"),
                format!("this row has {found} cells where there are {wanted} heads"),
            );
            let mut fault = Fault::of_line(&self.sheet.file, line, reason);
            let id = self.sheet.heads.place(&Column::Id).and_then(|place| record.get(place));
            let id = id.and_then(|id| std::str::from_utf8(id).ok()).map(|id| clean(id.trim()));
            fault.id = id.filter(|id| !id.is_empty());
            return Some(Row { line, content: Content::Faulty(vec![fault]) });
        }
        Some(Row { line, content: Content::Cells(record) })
    }
}

/// Gives no more than so many bytes for one record: then it seems to end.
struct Guard<R> {
    inner: Option<R>,
    left: usize,
    /// Whether it was cut short.
    cut: bool,
    /// Whether to pass over what comes before the next line break.
    skipping: bool,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.cut = true;
            return Ok(0);
        }
        let Some(inner) = &mut self.inner else { return Ok(0) };
        loop {
            let read = inner.read(into)?;
            if !self.skipping || read == 0 {
                self.left = self.left.saturating_sub(read);
                return Ok(read);
            }
            let Some(end) = memchr::memchr(b'\n', into.get(..read).unwrap_or_default()) else { continue };
            self.skipping = false;
            into.copy_within(end + 1..read, 0);
            if read > end + 1 {
                return Ok(read - end - 1);
            }
        }
    }
}
