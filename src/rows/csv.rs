//! Tables of comma-separated values, given as stretches of whole records.

use std::io::{self, Read};
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr2};

use crate::lang::Text;
use crate::rows::map::{Beside, Layout, names};
use crate::rows::quotes::Quotes;
use crate::rows::records::{Stretch, line_start};
use crate::rows::shape::{Broken, Shape, shape};
use crate::rows::{Column, Content, Fault, Heads, Next, Row, Rows, Sheet};
use crate::source::clean;

/// How much is held at once, in bytes.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// About so many are in one stretch: at least 1, and not more than in the longest record.
    stretch: usize,
    /// A record of more than this, its line break not counted, is refused.
    longest: usize,
}

const USUAL: Sizes = Sizes { stretch: 1 << 17, longest: 1 << 20 };

/// A CSV file. Records are only told apart where they end; taking them apart is left to whoever gets them.
pub struct Csv<R> {
    input: R,
    sheet: Arc<Sheet>,
    sizes: Sizes,
    /// What was read.
    held: Vec<u8>,
    /// What of it was given. A record begins there,
    begin: usize,
    /// on this line.
    line: u64,
    ended: bool,
    /// Why it could not be read to its end.
    unreadable: Option<Text>,
}

impl<R: Read> Csv<R> {
    /// Opens a table: its first record is the heads, which `heads` reads.
    pub fn open(
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        Csv::open_in(USUAL, input, file, None, heads)
    }

    /// Opens a table whose heads stand where a map says; what stands above them is told to `beside`.
    pub fn open_by(
        layout: &Layout,
        beside: &mut Beside,
        input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        Csv::open_in(USUAL, input, file, Some((layout, beside)), heads)
    }

    /// The same in these sizes.
    fn open_in(
        sizes: Sizes,
        input: R,
        file: &Arc<str>,
        by: Option<(&Layout, &mut Beside)>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Csv<R>, Vec<Fault>> {
        let sheet = Sheet { file: Arc::clone(file), heads: Heads::default(), separator: b',' };
        let mut table = Csv {
            input,
            sheet: Arc::new(sheet),
            sizes,
            held: Vec::new(),
            begin: 0,
            line: 1,
            ended: false,
            unreadable: None,
        };
        let read = match by {
            None => table.first().map(|(_, names, separator)| (names, separator)),
            Some((layout, beside)) => table.heads_by(layout, beside),
        };
        let (names, separator) = read.map_err(|(line, reason)| vec![Fault::of_line(file, line, reason)])?;
        table.sheet = Arc::new(Sheet { file: Arc::clone(file), heads: heads(names)?, separator });
        Ok(table)
    }

    /// Takes the lines of heads that a layout names, and what stands above them.
    fn heads_by(&mut self, layout: &Layout, beside: &mut Beside) -> Result<(Vec<String>, u8), (u64, Text)> {
        let (mut lines, mut found) = (Vec::new(), b',');
        loop {
            let (line, cells, separator) = self.first()?;
            if layout.is_head(line) {
                lines.push(cells);
                found = separator;
            } else if line < layout.last_head() {
                beside.title(line, cells.iter().map(String::as_str));
            }
            if line >= layout.last_head() {
                let wanted = layout.heads.len();
                if lines.len() == wanted {
                    return Ok((names(&lines), found));
                }
                let reason = Text::new(
                    "对照表说列名在这些行，其中有空行；改正 rows.heads",
                    "the map says that heads stand on these lines, and one is blank; correct rows.heads",
                );
                return Err((layout.last_head(), reason));
            }
        }
    }

    /// Takes a record of heads, with its line and what separates its cells.
    fn first(&mut self) -> Result<(u64, Vec<String>, u8), (u64, Text)> {
        let (length, separator) = loop {
            self.fill(self.sizes.stretch.max(self.twice()));
            if let Some(reason) = self.unreadable.take() {
                return Err((self.line, reason));
            }
            let text = self.text();
            let separator = separator(text);
            match shape(text, separator, 0, self.ended, self.sizes.longest) {
                Shape::Whole(length) if is_blank(text.get(..length).unwrap_or_default()) => {
                    return Err((
                        1,
                        Text::new("文件是空的，应有一行列名", "the file is empty; it needs a line of heads"),
                    ));
                }
                Shape::Whole(length) => break (length, separator),
                Shape::Broken(broken) => return Err((self.line, broken.reason(text, self.line))),
                Shape::More if text.len() > self.sizes.longest => return Err((self.line, too_long())),
                Shape::More => {}
            }
        };
        let mut quotes = Quotes::new(separator);
        let record = self.text().get(..length).unwrap_or_default();
        let blank = record.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let line = self.line + blank.filter(|byte| **byte == b'\n').count() as u64;
        quotes.read(record, true);
        let names = quotes.cells().map(|name| std::str::from_utf8(name).map(str::to_owned));
        let names = names.collect::<Result<Vec<String>, _>>().map_err(|_| {
            let reason = Text::new(
                "列名中有无法识别的字符：这不是 CSV 文件，或既非 UTF-8 也非 GB18030",
                "the heads are no text: this is no CSV file, or neither UTF-8 nor GB18030",
            );
            (self.line, reason)
        })?;
        self.drop(length);
        Ok((line, names, separator))
    }

    /// What was read and not yet given.
    fn text(&self) -> &[u8] {
        self.held.get(self.begin..).unwrap_or_default()
    }

    /// Reads until so many bytes are held and not given, or there are no more.
    fn fill(&mut self, wanted: usize) {
        if self.text().len() >= wanted || self.ended {
            return;
        }
        self.held.drain(..self.begin);
        self.begin = 0;
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

    /// Twice as many bytes as are held, but no more than show whether the record is too long: what is refused must not depend
    /// on what stands before it.
    fn twice(&self) -> usize {
        (self.text().len() * 2).min(self.sizes.longest + 1)
    }

    /// Passes over the first bytes that are held.
    fn drop(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', self.text().get(..count).unwrap_or_default()).count() as u64;
        self.begin = (self.begin + count).min(self.held.len());
    }

    /// Where the last record that is whole ends among what is held, and what stands there if that is no record.
    fn cut(&self) -> (usize, Option<Broken>) {
        let (text, heads, separator) = (self.text(), self.sheet.heads.names.len(), self.sheet.separator);
        let ended = self.ended && self.unreadable.is_none() && text.len() <= self.sizes.longest;
        let mut from = 0;
        loop {
            let rest = text.get(from..).unwrap_or_default();
            let Some(quote) = memchr(b'"', rest) else {
                return (if ended { text.len() } else { from + line_start(rest, rest.len()) }, None);
            };
            from += line_start(rest, quote);
            match shape(text.get(from..).unwrap_or_default(), separator, heads, ended, self.sizes.longest) {
                Shape::Whole(length) => from += length,
                Shape::Broken(broken) => return (from, Some(broken)),
                Shape::More => return (from, None),
            }
        }
    }

    /// Refuses the record that is held, and goes on with the next line behind so much of it.
    fn pass_over(&mut self, count: usize, reason: Text, id: Option<String>) -> Row {
        let line = self.line;
        self.drop(count);
        loop {
            if let Some(end) = memchr2(b'\n', b'\r', self.text()) {
                self.drop(end + 1);
                break;
            }
            self.drop(self.text().len());
            if self.ended {
                break;
            }
            self.fill(self.sizes.stretch);
        }
        self.faulty(line, reason, id)
    }

    /// Refuses what is no record, up to the line of the quote that opened; reading goes on behind it.
    fn refuse(&mut self, broken: &Broken) -> Row {
        let (text, line) = (self.text(), self.line);
        let reason = broken.reason(text, line);
        let id = self.sheet.heads.place(&Column::Id).and_then(|place| broken.cell(text, self.sheet.separator, place));
        let id = id.and_then(|id| std::str::from_utf8(id).ok()).map(|id| clean(id.trim())).filter(|id| !id.is_empty());
        let ends = text.get(broken.length.saturating_sub(1)).is_some_and(|last| matches!(last, b'\n' | b'\r'));
        if ends || self.ended {
            self.drop(broken.length);
            return self.faulty(line, reason, id);
        }
        self.pass_over(broken.length, reason, id)
    }

    fn faulty(&self, line: u64, reason: Text, id: Option<String>) -> Row {
        let fault = Fault { id, ..Fault::of_line(&self.sheet.file, line, reason) };
        Row { line, content: Content::Faulty(vec![fault]) }
    }
}

/// What separates the cells of a table: a tab where its first line has tabs and no comma.
fn separator(text: &[u8]) -> u8 {
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    if first.contains(&b'\t') && !first.contains(&b',') { b'\t' } else { b',' }
}

/// Whether there is nothing but line breaks.
fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'\n' | b'\r'))
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
        let mut wanted = self.sizes.stretch;
        let length = loop {
            self.fill(wanted);
            match self.cut() {
                (0, Some(broken)) => return Some(Next::Row(self.refuse(&broken))),
                (0, None) if self.text().len() > self.sizes.longest => {
                    return Some(Next::Row(self.pass_over(self.sizes.longest, too_long(), None)));
                }
                (0, None) if self.ended => {
                    let reason = self.unreadable.take()?;
                    self.drop(self.text().len());
                    return Some(Next::Row(self.faulty(self.line, reason, None)));
                }
                (0, None) => wanted = self.twice(),
                (length, _) => break length,
            }
        };
        let mut bytes = memory;
        bytes.clear();
        let line = self.line;
        if self.begin == 0 {
            // What is given away is most of what is held.
            bytes.extend_from_slice(self.held.get(length..).unwrap_or_default());
            std::mem::swap(&mut bytes, &mut self.held);
            bytes.truncate(length);
            self.line += memchr_iter(b'\n', &bytes).count() as u64;
        } else {
            bytes.extend_from_slice(self.text().get(..length).unwrap_or_default());
            self.drop(length);
        }
        Some(Next::Stretch(Stretch { line, bytes }))
    }
}

#[cfg(test)]
mod tests;
