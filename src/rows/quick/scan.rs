//! JSON in its plainest form, byte by byte: what is written in any other way is for the parser to judge.

/// Reads a text from its beginning to its end. Every question gives `None` where something else stands there.
#[derive(Clone, Debug)]
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

/// A value that holds no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain<'t> {
    /// null
    Null,
    /// true or false
    Truth(bool),
    /// A string, as it stands between its quotes: without escapes and controls.
    Text(&'t str),
    /// Digits, perhaps with a point among them: neither sign nor exponent.
    Number(&'t str),
}

impl<'t> Scan<'t> {
    pub fn new(text: &'t str) -> Scan<'t> {
        Scan { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over blanks.
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// This byte, with blanks around it.
    pub fn sign(&mut self, wanted: u8) -> Option<()> {
        if self.peek() != Some(wanted) {
            self.blanks();
            if self.peek() != Some(wanted) {
                return None;
            }
        }
        self.at += 1;
        self.blanks();
        Some(())
    }

    /// Whether a further member follows: a comma; or else the end, which is this byte.
    pub fn more(&mut self, end: u8) -> Option<bool> {
        match self.sign(b',') {
            Some(()) => Some(true),
            None => self.sign(end).map(|()| false),
        }
    }

    /// Nothing further.
    pub fn end(&self) -> Option<()> {
        (self.at == self.text.len()).then_some(())
    }

    /// A string without escapes and controls.
    pub fn string(&mut self) -> Option<&'t str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let rest = self.text.as_bytes().get(start..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
        self.at = start + length;
        if self.peek() != Some(b'"') {
            return None;
        }
        let found = self.text.get(start..self.at)?;
        self.at += 1;
        Some(found)
    }

    /// A value that holds no others.
    pub fn plain(&mut self) -> Option<Plain<'t>> {
        let rest = self.text.as_bytes().get(self.at..)?;
        match rest.first()? {
            b'"' => return self.string().map(Plain::Text),
            b'0'..=b'9' => {}
            _ => {
                let words = [("null", Plain::Null), ("true", Plain::Truth(true)), ("false", Plain::Truth(false))];
                let (word, value) = words.into_iter().find(|(word, _)| rest.starts_with(word.as_bytes()))?;
                self.at += word.len();
                return Some(value);
            }
        }
        let length = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.').unwrap_or(rest.len());
        let digits = self.text.get(self.at..self.at + length)?;
        self.at += length;
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = (whole == "0" || !whole.starts_with('0')) && !places.is_empty() && !places.contains('.');
        is_number.then_some(Plain::Number(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Option<Plain<'_>> {
        let mut scan = Scan::new(text);
        let found = scan.plain()?;
        scan.end().map(|()| found)
    }

    #[test]
    fn what_it_reads_is_what_the_parser_reads() {
        for text in ["null", "true", "false", "\"五万元\"", "\"\"", "0", "12", "0.5", "10.25"] {
            assert!(plain(text).is_some(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_written_in_another_way_is_left_to_the_parser() {
        for text in
            ["01", "1.", ".5", "-1", "1e3", "1.2.3", "nul", "True", "\"a\\n\"", "\"a\tb\"", "\"a", "[]", "{}", ""]
        {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
