//! Where a record with quotes ends, and whether it is one: a stray quote must not swallow the rows behind it.
//!
//! A record is broken where a quoted cell is never closed, where something stands between its closing quote and the next cell,
//! and, in a table of two columns or more, where a line inside it looks like a record of the table. Then the lines up to the
//! one where that quote opened are refused, and reading goes on with the next line.

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use crate::lang::Text;

/// What stands at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A record of so many bytes, its line break included.
    Whole(usize),
    /// Something that is no record.
    Broken(Broken),
    /// More of the text is needed.
    More,
}

/// A record with a quote that swallows, or may swallow, what is behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// So many bytes are refused: up to the end of the line where the quote opened.
    pub length: usize,
    /// Where the quote stands that opened.
    opened: usize,
    why: Why,
}

#[derive(Debug, PartialEq, Eq)]
enum Why {
    /// The text ends before the quote is closed, so many lines on, the last of them included.
    NeverClosed(u64),
    /// It was not closed within the longest record that is taken.
    TooLong,
    /// Something stands behind the closing quote, so many lines on.
    Behind(u64),
    /// Lines inside it look like records: the first and the last of them, from the line of the quote on.
    Records(u64, u64),
}

/// Reads a record of a table with so many heads (0: these are the heads). `ended`: nothing follows the text; `longest`: a
/// record of more bytes is not looked for.
pub(super) fn shape(text: &[u8], separator: u8, heads: usize, ended: bool, longest: usize) -> Shape {
    let mut at = 0;
    // Lines without anything stand before a record.
    while matches!(text.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if rest.first() != Some(&b'"') {
            match memchr3(separator, b'\n', b'\r', rest) {
                Some(end) if rest.get(end) == Some(&separator) => at += end + 1,
                Some(end) => return Shape::Whole(at + end + line_break(rest.get(end..).unwrap_or_default())),
                None if ended => return Shape::Whole(text.len()),
                None => return Shape::More,
            }
            continue;
        }
        let opened = at;
        let broken = |why| Shape::Broken(Broken { length: line_end(text, opened), opened, why });
        let Some(closed) = closing(text, opened) else {
            return match ended && text.len() <= longest {
                true => broken(Why::NeverClosed(lines(text, opened, text.len().saturating_sub(1)))),
                false if text.len() > longest => broken(Why::TooLong),
                false => Shape::More,
            };
        };
        let behind = text.get(closed + 1);
        let ends = behind.is_none_or(|byte| matches!(byte, b'\n' | b'\r') || *byte == separator);
        if !ends {
            return broken(Why::Behind(lines(text, opened, closed)));
        }
        if behind.is_none() && !ended {
            return if text.len() > longest { broken(Why::TooLong) } else { Shape::More };
        }
        if heads > 1 && line_end(text, opened) <= closed {
            // All of the line on which the cell ends must be there.
            let is_there = ended
                || text.len() > longest
                || memchr2(b'\n', b'\r', text.get(closed..).unwrap_or_default()).is_some();
            if !is_there {
                return Shape::More;
            }
            if let Some((first, last)) = records(text, separator, heads, opened, closed) {
                return broken(Why::Records(first, last));
            }
        }
        match behind {
            Some(byte) if *byte == separator => at = closed + 2,
            Some(_) => return Shape::Whole(closed + 1 + line_break(text.get(closed + 1..).unwrap_or_default())),
            None => return Shape::Whole(text.len()),
        }
    }
}

/// The quote that closes the one at a place; two in a row stand for one inside the cell.
fn closing(text: &[u8], opened: usize) -> Option<usize> {
    let mut at = opened + 1;
    loop {
        let found = at + memchr(b'"', text.get(at..)?)?;
        if text.get(found + 1) != Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

/// The first and last of the lines behind that of `opened`, up to that of `closed`, that have as many cells as there are heads.
fn records(text: &[u8], separator: u8, heads: usize, opened: usize, closed: usize) -> Option<(u64, u64)> {
    let mut found: Option<(u64, u64)> = None;
    let (mut start, mut line) = (line_end(text, opened), 0);
    while start <= closed {
        line += 1;
        let end = line_end(text, start);
        let whole = text.get(start..end).unwrap_or_default();
        if memchr_iter(separator, whole).count() + 1 == heads {
            found = Some((found.map_or(line, |(first, _)| first), line));
        }
        start = end.max(start + 1);
    }
    found
}

/// How many bytes the line break takes with which a text begins.
fn line_break(text: &[u8]) -> usize {
    if text.starts_with(b"\r\n") { 2 } else { 1 }
}

/// The end of the line on which a byte stands, its break included.
fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    memchr2(b'\n', b'\r', rest).map_or(text.len(), |end| at + end + line_break(rest.get(end..).unwrap_or_default()))
}

/// How many lines there are from the one of a byte to that of another, both included.
fn lines(text: &[u8], from: usize, to: usize) -> u64 {
    1 + memchr_iter(b'\n', text.get(from..to).unwrap_or_default()).count() as u64
}

impl Broken {
    /// Why it is refused; `line` is that of its first byte.
    pub fn reason(&self, text: &[u8], line: u64) -> Text {
        let opened = line + lines(text, 0, self.opened) - 1;
        match self.why {
            Why::NeverClosed(count) => {
                let last = opened + count - 1;
                let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
                Text::made(
                    format!(
                        "第{opened}行的引号到文件结尾（第{last}行）都没有收尾，盖住 {count} 行；补上收尾的引号，或删去这个引号。其后各行照常读取"
                    ),
                    format!(
                        "the quote that opens on line {opened} is never closed and covers {lines}, to the end of the file (line {last}); \
                         close it or take it out. The lines behind it are read as they stand"
                    ),
                )
            }
            Why::TooLong => Text::made(
                format!("第{opened}行的引号过了 1 MiB 仍没有收尾；补上收尾的引号，或删去这个引号。其后各行照常读取"),
                format!(
                    "the quote that opens on line {opened} is not closed within 1 MiB; close it or take it out. The lines behind it are read \
                     as they stand"
                ),
            ),
            Why::Behind(count) => {
                let closed = opened + count - 1;
                Text::made(
                    format!("第{opened}行开始的引号在第{closed}行收尾，后面却还有字；收尾的引号后面只能是分隔符或换行"),
                    format!(
                        "the quote that opens on line {opened} is closed on line {closed}, and more stands behind it; only a separator or the \
                         end of the line may follow a closing quote"
                    ),
                )
            }
            Why::Records(first, last) => {
                let (first, last) = (opened + first, opened + last);
                let one = first == last;
                let numbers = if one { format!("{first}") } else { format!("{first}至{last}") };
                let lines = if one { format!("line {first}") } else { format!("lines {first} to {last}") };
                let (look, again) = match one {
                    true => ("looks like a record of its own", "This line is read by itself"),
                    false => ("look like records of their own", "These lines are read by themselves"),
                };
                Text::made(
                    format!(
                        "第{opened}行开始的引号盖住的第{numbers}行像是单独的记录；删去多余的引号，或去掉格内的换行。这些行另行读取"
                    ),
                    format!(
                        "the quote that opens on line {opened} covers {lines}, which {look}; take the stray \
                         quote out, or the line breaks inside the cell. {again}"
                    ),
                )
            }
        }
    }

    /// The cell of a column, where it stands before the quote that opened, on the first line.
    pub fn cell<'t>(&self, text: &'t [u8], separator: u8, column: usize) -> Option<&'t [u8]> {
        let before = text.get(..self.opened)?;
        if memchr2(b'"', b'\n', before).is_some() {
            return None;
        }
        let cells = memchr_iter(separator, before).count();
        before.split(|byte| *byte == separator).nth(column).filter(|_| column < cells)
    }
}
