//! JSON Lines, cut into lines.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use crate::lang::Text;
use crate::rows::records::is_blank;
use crate::rows::{Content, Fault, Heads, Next, Row, Rows, Sheet, asked};

/// A line of more bytes than this is refused.
const LONGEST_LINE: usize = 1 << 20;

/// Rows of a file of JSON Lines: it is cut into lines here, and each is read by who works it out.
pub struct Json<R> {
    input: BufReader<R>,
    sheet: Arc<Sheet>,
    /// Whether keys that no policy asks for are passed over.
    ignore: bool,
    line: u64,
    bytes: Vec<u8>,
    ended: bool,
}

/// A line of JSON Lines that was not yet read.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Whether keys that no policy asks for are passed over.
    pub ignore: bool,
}

impl<R: Read> Json<R> {
    /// Cuts a file into lines.
    pub fn open(input: R, file: &Arc<str>, ignore: bool) -> Json<R> {
        let sheet = Arc::new(Sheet { file: Arc::clone(file), heads: Heads::default(), separator: b',' });
        let input = BufReader::with_capacity(1 << 16, input);
        Json { input, sheet, ignore, line: 0, bytes: Vec::new(), ended: false }
    }

    /// Reads the next line that holds something; `None` at the end.
    fn next_line(&mut self) -> Option<Result<(), Text>> {
        loop {
            self.bytes.clear();
            self.line += 1;
            let most = LONGEST_LINE as u64 + 1;
            match self.input.by_ref().take(most).read_until(b'\n', &mut self.bytes) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(Text::made(format!("无法读取（{error}）"), format!("cannot be read ({error})"))));
                }
            }
            if self.bytes.len() > LONGEST_LINE && self.bytes.last() != Some(&b'\n') {
                self.pass_over();
                return Some(Err(Text::new("这一行超过 1 MiB", "this line is longer than 1 MiB")));
            }
            if !is_blank(&self.bytes, b' ') {
                return Some(Ok(()));
            }
        }
    }

    /// Passes over the rest of a line.
    fn pass_over(&mut self) {
        loop {
            let Ok(bytes) = self.input.fill_buf() else { return };
            let end = memchr::memchr(b'\n', bytes);
            let (count, over) = end.map_or((bytes.len(), bytes.is_empty()), |end| (end + 1, true));
            self.input.consume(count);
            if over {
                return;
            }
        }
    }
}

impl<R: Read> Rows for Json<R> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        if self.ended {
            return None;
        }
        let read = self.next_line()?;
        let fault = |reason: Text| vec![Fault::of_line(&self.sheet.file, self.line, reason)];
        let content = match read {
            Err(reason) => Content::Faulty(fault(reason)),
            Ok(()) => match std::str::from_utf8(&self.bytes) {
                Ok(text) => {
                    let text = text.trim_end_matches(['\n', '\r']).to_owned();
                    Content::Line(Line { text, ignore: self.ignore })
                }
                Err(_) => Content::Faulty(fault(asked::no_text())),
            },
        };
        Some(Next::Row(Row { line: self.line, content }))
    }
}
