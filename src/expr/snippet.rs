//! An expression's text and where it stands in its file.

use std::ops::Range;

use crate::source::Span;

/// The text of one expression, inside a TOML string.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The expression.
    pub text: String,
    /// The string with its quotes.
    whole: Span,
    /// Where the expression begins in the file; `None` where escapes make places in it differ from places in the file.
    start: Option<usize>,
}

impl Snippet {
    /// The expression in a TOML string that stands at `whole`.
    pub fn new(text: &str, whole: Span) -> Snippet {
        let raw = whole.source.text.get(whole.range.clone()).unwrap_or("");
        let quote = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
        let inner = raw.get(quote..raw.len().saturating_sub(quote)).unwrap_or("");
        // A line break right behind three quotes is not part of the string.
        let skipped = inner.len() - inner.trim_start_matches(['\r', '\n']).len();
        let start = if inner == text {
            Some(quote)
        } else if quote == 3 && inner.get(skipped..) == Some(text) {
            Some(quote + skipped)
        } else {
            None
        };
        let start = start.map(|offset| whole.range.start + offset);
        Snippet { text: text.to_owned(), whole, start }
    }

    /// The part of the file that a part of the expression stands in; the whole string where that is not certain.
    pub fn span(&self, range: &Range<usize>) -> Span {
        match self.start {
            Some(start) => Span::new(&self.whole.source, start + range.start..start + range.end),
            None => self.whole.clone(),
        }
    }
}
