//! A document that was taken apart when the program was built: the same tree, whose words are places in the text.
//!
//! ```text
//! item  = start length kind …      table = count (key-start key-length words item)…
//! words = how [length] …           how: 0 from the place's beginning on, 1 and 3 behind its quotes, 2 written out
//! ```
//!
//! All numbers are of seven bits a byte, the lowest first. What writes it is `build.rs`; a test holds what is unpacked against
//! what is parsed.

use std::ops::Range;
use std::sync::Arc;

use crate::document::{Entry, Item, Raw, Table};
use crate::source::{Source, Span};

/// Puts a document together again; `None` where the bytes are not those of this text.
pub fn unpack(source: &Arc<Source>, bytes: &[u8]) -> Option<Table> {
    let mut packed = Packed { source, bytes };
    let span = packed.span()?;
    packed.table(span)
}

struct Packed<'s, 'b> {
    source: &'s Arc<Source>,
    bytes: &'b [u8],
}

impl Packed<'_, '_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0usize, 0u32);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn range(&mut self) -> Option<Range<usize>> {
        let start = self.number()?;
        Some(start..start.checked_add(self.number()?)?)
    }

    fn span(&mut self) -> Option<Span> {
        Some(Span::new(self.source, self.range()?))
    }

    fn words(&mut self, place: &Span) -> Option<String> {
        let (how, length) = (self.byte()?, self.number()?);
        if how == 2 {
            let (text, rest) = self.bytes.split_at_checked(length)?;
            self.bytes = rest;
            return std::str::from_utf8(text).ok().map(str::to_owned);
        }
        let start = place.range.start.checked_add(usize::from(how))?;
        self.source.text.get(start..start.checked_add(length)?).map(str::to_owned)
    }

    fn table(&mut self, span: Span) -> Option<Table> {
        let count = self.number()?;
        let mut entries = Vec::with_capacity(count.min(self.bytes.len()));
        for _ in 0..count {
            let key_span = self.span()?;
            let key = self.words(&key_span)?;
            let item = self.item()?;
            entries.push(Entry { key, key_span, item });
        }
        Some(Table { span, entries })
    }

    fn item(&mut self) -> Option<Item> {
        let span = self.span()?;
        let value = match self.byte()? {
            0 => Raw::Text(self.words(&span)?),
            1 => Raw::Integer(self.words(&span)?),
            2 => Raw::Float(self.words(&span)?),
            3 => Raw::Date(self.words(&span)?),
            4 => Raw::Bool(false),
            5 => Raw::Bool(true),
            6 => {
                let count = self.number()?;
                let mut items = Vec::with_capacity(count.min(self.bytes.len()));
                for _ in 0..count {
                    items.push(self.item()?);
                }
                Raw::Array(items)
            }
            7 => Raw::Table(self.table(span.clone())?),
            _ => return None,
        };
        Some(Item { value, span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_something_else_are_no_document() {
        let source = Source::new("x", "a = 1\n");
        for bytes in [&[][..], &[0], &[0, 6, 1], &[0, 6, 1, 0, 1, 0, 1], &[0xff; 40], &[0, 6, 1, 0, 1, 0, 9, 0, 1, 9]] {
            assert!(unpack(&source, bytes).is_none(), "{bytes:?}");
        }
    }
}
