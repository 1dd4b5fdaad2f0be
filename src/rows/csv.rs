//! Tables of comma-separated values, given as stretches of whole records.

use std::io::{self, Read};
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr2};

use crate::lang::Text;
use crate::rows::quotes::Quotes;
use crate::rows::records::{Stretch, line_start};
use crate::rows::{Content, Fault, Heads, Next, Row, Rows, Sheet};

/// A record of more bytes than this is refused.
const LONGEST_RECORD: usize = 1 << 20;
/// About so many bytes are in one stretch.
const STRETCH: usize = 1 << 17;

/// A CSV file. Records are only told apart where they end; taking them apart is left to whoever gets them.
pub struct Csv<R> {
    input: R,
    sheet: Arc<Sheet>,
    /// What was read and not yet given. A record begins with it.
    held: Vec<u8>,
    /// The line of its first byte.
    line: u64,
    ended: bool,
    /// Why it could not be read to its end.
    unreadable: Option<Text>,
    quotes: Quotes,
}

impl<R: Read> Csv<R> {
    /// Opens a table: its first record is the heads, which `heads` reads.
    pub fn open(
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        let sheet = Arc::new(Sheet { file: Arc::clone(file), heads: Heads::default() });
        let (held, quotes) = (Vec::new(), Quotes::default());
        let mut table = Csv { input, sheet, held, line: 1, ended: false, unreadable: None, quotes };
        let names = table.first().map_err(|reason| vec![Fault::of_line(file, 1, reason)])?;
        table.sheet = Arc::new(Sheet { file: Arc::clone(file), heads: heads(names)? });
        Ok(table)
    }

    /// Takes the heads.
    fn first(&mut self) -> Result<Vec<String>, Text> {
        let length = loop {
            self.fill(STRETCH.max(self.held.len() * 2));
            if let Some(reason) = self.unreadable.take() {
                return Err(reason);
            }
            match self.quotes.read(&self.held, self.ended) {
                Some(length) => break length,
                None if self.ended => {
                    return Err(Text::new("文件是空的，应有一行列名", "the file is empty; it needs a line of heads"));
                }
                None if self.held.len() > LONGEST_RECORD => return Err(too_long()),
                None => {}
            }
        };
        let names = self.quotes.cells().map(|name| std::str::from_utf8(name).map(str::to_owned));
        let names = names.collect::<Result<Vec<String>, _>>().map_err(|_| {
            Text::new(
                "列名中有无法识别的字符：这不是 CSV 文件，或既非 UTF-8 也非 GB18030",
                "the heads are no text: this is no CSV file, or neither UTF-8 nor GB18030",
            )
        })?;
        self.drop(length);
        Ok(names)
    }

    /// Reads until so many bytes are held, or there are no more.
    fn fill(&mut self, wanted: usize) {
        let mut length = self.held.len();
        self.held.resize(wanted.max(length), 0);
        while !self.ended && length < wanted {
            match self.input.read(self.held.get_mut(length..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    let reason = Text::made(format!("无法读取（{error}）"), format!("cannot be read ({error})"));
                    self.unreadable = Some(reason);
                }
            }
        }
        self.held.truncate(length);
    }

    /// Passes over the first bytes that are held.
    fn drop(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', self.held.get(..count).unwrap_or_default()).count() as u64;
        self.held.drain(..count.min(self.held.len()));
    }

    /// Where the last record that ends among what is held does so.
    fn cut(&mut self) -> usize {
        let mut from = 0;
        loop {
            let rest = self.held.get(from..).unwrap_or_default();
            let Some(quote) = memchr(b'"', rest) else {
                return from + line_start(rest, rest.len());
            };
            from += line_start(rest, quote);
            let record = self.quotes.read(self.held.get(from..).unwrap_or_default(), false);
            let Some(length) = record else { return from };
            from += length;
        }
    }

    /// Refuses the record that is held, and goes on with the next line behind so much of it.
    fn pass_over(&mut self) -> Row {
        let line = self.line;
        self.drop(LONGEST_RECORD);
        loop {
            if let Some(end) = memchr2(b'\n', b'\r', &self.held) {
                self.drop(end + 1);
                break;
            }
            self.drop(self.held.len());
            if self.ended {
                break;
            }
            self.fill(STRETCH);
        }
        self.faulty(line, too_long())
    }

    fn faulty(&self, line: u64, reason: Text) -> Row {
        Row { line, content: Content::Faulty(vec![Fault::of_line(&self.sheet.file, line, reason)]) }
    }
}

fn too_long() -> Text {
    Text::new(
        "这条记录超过 1 MiB，可能缺少收尾的引号",
        "this record is longer than 1 MiB; perhaps a closing quote is missing",
    )
}

impl<R: Read> Rows for Csv<R> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, memory: Vec<u8>) -> Option<Next> {
        let mut wanted = STRETCH;
        let length = loop {
            self.fill(wanted);
            let is_whole = self.ended && self.unreadable.is_none();
            match self.cut() {
                _ if is_whole && self.held.len() <= LONGEST_RECORD => break self.held.len(),
                0 if self.held.len() > LONGEST_RECORD => return Some(Next::Row(self.pass_over())),
                0 if self.ended => {
                    let reason = self.unreadable.take()?;
                    self.held.clear();
                    return Some(Next::Row(self.faulty(self.line, reason)));
                }
                0 => wanted = self.held.len() * 2,
                length => break length,
            }
        };
        if length == 0 {
            return None;
        }
        let mut rest = memory;
        rest.clear();
        rest.extend_from_slice(self.held.get(length..).unwrap_or_default());
        let mut bytes = std::mem::replace(&mut self.held, rest);
        bytes.truncate(length);
        let stretch = Stretch { line: self.line, bytes };
        self.line += memchr_iter(b'\n', &stretch.bytes).count() as u64;
        Some(Next::Stretch(stretch))
    }
}
