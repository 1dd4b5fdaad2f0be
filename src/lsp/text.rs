//! Places in a text as editors count them: lines, and in them units of UTF-16, or bytes where the client has those.

use std::ops::Range;

use serde_json::{Value, json};

/// Where the lines of a text begin, and how columns are counted.
#[derive(Debug, Default)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Of a text.
    pub(super) fn of(text: &str) -> Lines {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Lines { starts: std::iter::once(0).chain(starts).collect() }
    }

    /// The position of a byte.
    pub(super) fn position(&self, text: &str, at: usize, bytes: bool) -> Value {
        let line = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..at).unwrap_or("");
        let column = if bytes { before.len() } else { before.encode_utf16().count() };
        json!({ "line": line, "character": column })
    }

    /// A range of bytes.
    pub(super) fn range(&self, text: &str, range: &Range<usize>, bytes: bool) -> Value {
        json!({ "start": self.position(text, range.start, bytes), "end": self.position(text, range.end, bytes) })
    }

    /// The byte of a position; the nearest there is where the text has no such position.
    pub(super) fn offset(&self, text: &str, position: &Value, bytes: bool) -> usize {
        let part = |key: &str| position.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let (line, column) = (part("line").unwrap_or(0), part("character").unwrap_or(0));
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.starts.get(line + 1).map_or(text.len(), |next| next - 1);
        let inner = text.get(start..end).unwrap_or("");
        let inner = inner.strip_suffix('\r').unwrap_or(inner);
        let mut passed = 0;
        for (at, character) in inner.char_indices() {
            let width = if bytes { character.len_utf8() } else { character.len_utf16() };
            if passed + width > column {
                return start + at;
            }
            passed += width;
        }
        start + inner.len()
    }
}

/// The path of a `file:` address; any other address as it is.
pub(super) fn path_of(uri: &str) -> String {
    let Some(rest) = uri.strip_prefix("file://") else { return uri.to_owned() };
    let mut bytes = Vec::new();
    let mut rest = rest.bytes();
    while let Some(byte) = rest.next() {
        let mut after = rest.clone();
        let hex = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, hex(after.next()), hex(after.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    let path = String::from_utf8_lossy(&bytes).into_owned();
    // `/C:/…` of Windows.
    let drive = path.as_bytes().get(2) == Some(&b':');
    if drive { path.trim_start_matches('/').to_owned() } else { path }
}

/// The address of a path.
pub(super) fn uri_of(path: &str) -> String {
    if !path.starts_with('/') && path.as_bytes().get(1) != Some(&b':') {
        return path.to_owned();
    }
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn places_behind_ideographs_are_counted_as_the_protocol_wants() {
        let text = "a\r\n补贴𠮷x = 1\n";
        let lines = Lines::of(text);
        let at = text.find('x').unwrap();
        assert_eq!(lines.position(text, at, false), json!({ "line": 1, "character": 4 }));
        assert_eq!(lines.position(text, at, true), json!({ "line": 1, "character": 10 }));
        for bytes in [false, true] {
            let there = lines.position(text, at, bytes);
            assert_eq!(lines.offset(text, &there, bytes), at);
        }
        // Behind the end of a line, and of the text; inside a pair of surrogates.
        assert_eq!(lines.offset(text, &json!({ "line": 0, "character": 99 }), false), 1);
        assert_eq!(lines.offset(text, &json!({ "line": 99, "character": 0 }), false), text.len());
        assert_eq!(lines.offset(text, &json!({ "line": 1, "character": 3 }), false), text.find('𠮷').unwrap());
    }

    #[test]
    fn addresses_and_paths_lead_to_each_other() {
        let path = "/政策/a b/policy.toml";
        assert_eq!(path_of(&uri_of(path)), path);
        assert_eq!(path_of("file:///C%3A/x.toml"), "C:/x.toml");
        assert_eq!(path_of("untitled:1"), "untitled:1");
    }
}
