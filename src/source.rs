//! A text with a name, and places in it as people count them.

mod characters;

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use unicode_width::UnicodeWidthChar;

pub use characters::{alike, clean, folded, of_unseen, unseen, unseen_in_lines, visible};

/// A file's text, and what to call it.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it, or what stands for it.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// A part of a source, in bytes.
#[derive(Clone, Debug)]
pub struct Span {
    /// The source.
    pub source: Arc<Source>,
    /// From and to, in bytes of its text.
    pub range: Range<usize>,
}

impl Span {
    /// Whether it is the very same place of the very same text. Two rows of one table are equal in name and length only.
    pub fn is(&self, other: &Span) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.range == other.range
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Span) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Span {}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Span) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By the name of the source, then by where it begins.
impl Ord for Span {
    fn cmp(&self, other: &Span) -> Ordering {
        let key = |span: &Span| (span.range.start, span.range.end);
        self.source.name.cmp(&other.source.name).then(key(self).cmp(&key(other)))
    }
}

/// A place as people count it, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Source {
    /// A source of this name with this text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        let text = text.into();
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Arc::new(Source { name: name.into(), text, lines })
    }

    fn line_index(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start <= at).saturating_sub(1)
    }

    fn line_start(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.text.len())
    }

    /// The text of a line, counted from 0, without its end.
    pub fn line(&self, line: usize) -> &str {
        let range = self.line_start(line)..self.line_start(line + 1);
        self.text.get(range).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Where a byte stands.
    pub fn place(&self, at: usize) -> Place {
        let line = self.line_index(at);
        let before = self.text.get(self.line_start(line)..at).unwrap_or("");
        Place { line: line + 1, column: before.chars().count() + 1 }
    }
}

impl Span {
    /// A part of a source.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Span {
        Span { source: Arc::clone(source), range }
    }

    /// Whether another part of the same source stands inside.
    pub fn holds(&self, other: &Span) -> bool {
        let (own, other_range) = (&self.range, &other.range);
        Arc::ptr_eq(&self.source, &other.source) && own.start <= other_range.start && other_range.end <= own.end
    }

    /// Where it begins.
    pub fn place(&self) -> Place {
        self.source.place(self.range.start)
    }

    /// The text of the line it begins in, and the display columns before it and under it in that line, at least one.
    pub fn underline(&self) -> (String, usize, usize) {
        let line = self.source.line_index(self.range.start);
        let text = self.source.line(line);
        let start = self.range.start.saturating_sub(self.source.line_start(line));
        let end = self.range.end.saturating_sub(self.source.line_start(line)).clamp(start, text.len().max(start));
        let before = text.get(..start).unwrap_or(text);
        let under = text.get(start..end).unwrap_or("");
        (clean(text), width(&clean(before)), width(&clean(under)).max(1))
    }
}

/// How many columns a text takes on a terminal: 汉字 take two.
pub fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_and_underlines_in_columns() {
        let source = Source::new("x", "a\n金额 = \"五万元\"\n");
        let at = source.text.find("五").unwrap();
        let span = Span::new(&source, at..at + "五万".len());
        assert_eq!(span.place(), Place { line: 2, column: 7 });
        assert_eq!(span.underline(), ("金额 = \"五万元\"".to_owned(), 8, 4));
    }
}
