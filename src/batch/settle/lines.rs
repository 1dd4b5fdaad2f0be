//! Lines of a file, none of them without bound.

use std::io::{self, BufRead, Read};

use crate::lang::Text;

/// A line of more bytes than this is no result.
const LONGEST: u64 = 16 << 20;

/// A line, with its number from 1; or why it cannot be used.
pub(super) type Line<'l> = (u64, Result<&'l [u8], Text>);

/// The lines of a file.
pub(super) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    line: Vec<u8>,
    number: u64,
    ended: bool,
}

impl<'i> Lines<'i> {
    pub fn new(input: &'i mut dyn BufRead) -> Lines<'i> {
        Lines { input, line: Vec::new(), number: 0, ended: false }
    }

    /// The next line that is not empty. After one that is too long there are no more.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        while !self.ended {
            self.line.clear();
            self.number += 1;
            let read = (&mut *self.input).take(LONGEST).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                break;
            }
            if read as u64 == LONGEST && self.line.last() != Some(&b'\n') {
                self.ended = true;
                let reason =
                    Text::new("这一行超过 16 MiB，不是结果", "this line is longer than 16 MiB; it is no result");
                return Ok(Some((self.number, Err(reason))));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some((self.number, Ok(self.line.trim_ascii()))));
            }
        }
        Ok(None)
    }
}
