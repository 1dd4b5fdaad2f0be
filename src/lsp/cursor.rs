//! Where in a TOML file a place is, by the text before it alone: for texts that are not finished.

use std::ops::Range;

/// What is being written at a place.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cursor {
    /// The keys that lead to the table that the place is in.
    pub path: Vec<String>,
    /// The key whose value is being written; none where a key is.
    pub key: Option<String>,
    /// Where the string that the place is in begins, behind its quotes.
    pub string: Option<usize>,
    /// Whether the place is in a comment.
    pub comment: bool,
    /// The word that ends at the place.
    pub word: Range<usize>,
}

/// A bracket that is open, and what the path was before it.
struct Open {
    depth: usize,
    key: Option<String>,
    list: bool,
}

/// Keys with points between them, as they are written.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote: Option<char> = None;
    for character in text.trim().chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '.') => parts.push(String::new()),
            (None, blank) if blank.is_whitespace() => {}
            (_, other) => {
                if let Some(last) = parts.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    parts
}

/// The place behind these bytes of a text.
pub(super) fn at(text: &str, place: usize) -> Cursor {
    let before = text.get(..place).unwrap_or(text);
    let word = before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let mut found = Cursor { word: word..place, ..Cursor::default() };
    // The last head of a table begins what matters; a line that begins with `[` inside a list is indented, or in brackets.
    let head = before.rmatch_indices('\n').map(|(at, _)| at + 1).chain([0]).find(|at| {
        let line = before.get(*at..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let inner = line.trim_end().strip_prefix('[').unwrap_or("");
        inner.ends_with(']') && !inner.contains(['{', ',', '='])
            || inner
                .split('#')
                .next()
                .is_some_and(|head| head.trim_end().ends_with(']') && !head.contains(['{', ',', '=']))
    });
    let mut at = head.unwrap_or(0);
    if head.is_some_and(|at| before.get(at..).is_some_and(|rest| rest.starts_with('['))) {
        let line = before.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("");
        at += line.len();
        let inner = line.split(']').next().unwrap_or("").trim_start_matches('[');
        found.path = parts(inner);
    }
    scan(before, at, &mut found);
    found
}

fn scan(before: &str, start: usize, found: &mut Cursor) {
    let mut open: Vec<Open> = Vec::new();
    let mut pending = String::new();
    let mut rest = before.get(start..).unwrap_or("").char_indices().peekable();
    let leave = |found: &mut Cursor, depth: usize| found.path.truncate(depth);
    let mut base = found.path.len();
    while let Some((at, character)) = rest.next() {
        let here = start + at;
        match character {
            '#' => {
                if !rest.by_ref().any(|(_, c)| c == '\n') {
                    found.comment = true;
                    return;
                }
                if open.is_empty() {
                    found.key = None;
                    leave(found, base);
                }
                pending.clear();
            }
            '"' | '\'' => {
                let tail = before.get(here..).unwrap_or("");
                let triple = if character == '"' { "\"\"\"" } else { "'''" };
                let quote = if tail.starts_with(triple) { triple } else { triple.get(..1).unwrap_or("\"") };
                let inner = tail.get(quote.len()..).unwrap_or("");
                let length = close(inner, quote, character == '"');
                let Some(length) = length else {
                    let broken = quote.len() == 1 && inner.contains('\n');
                    if !broken {
                        found.string = Some(here + quote.len());
                        return;
                    }
                    // It ends with its line, whatever was meant.
                    while rest.next_if(|(_, c)| *c != '\n').is_some() {}
                    continue;
                };
                let end = at + quote.len() + length + quote.len();
                while rest.next_if(|(next, _)| *next < end).is_some() {}
                if found.key.is_none() {
                    pending.push_str(before.get(here..start + end).unwrap_or(""));
                }
            }
            '=' if found.key.is_none() => {
                let mut keys = parts(&pending);
                pending.clear();
                found.key = keys.pop();
                found.path.extend(keys);
            }
            '{' | '[' => {
                let is_list = character == '[';
                open.push(Open { depth: base, key: found.key.clone(), list: is_list });
                if !is_list {
                    found.path.extend(found.key.take());
                    base = found.path.len();
                }
                pending.clear();
            }
            '}' | ']' => {
                if let Some(last) = open.pop() {
                    leave(
                        found,
                        if last.list { found.path.len() } else { base.saturating_sub(usize::from(last.key.is_some())) },
                    );
                    base = last.depth;
                    found.key = last.key;
                }
                pending.clear();
            }
            ',' if open.last().is_some_and(|open| !open.list) => {
                found.key = None;
                leave(found, base);
                pending.clear();
            }
            '\n' if open.is_empty() => {
                found.key = None;
                leave(found, base);
                pending.clear();
            }
            other if found.key.is_none() => pending.push(other),
            _ => {}
        }
    }
    if found.key.is_none() {
        // `effective.fr`: what stands before the last point leads on.
        let mut keys = parts(&pending);
        keys.pop();
        found.path.extend(keys);
    }
}

/// Where a string ends.
fn close(inner: &str, quote: &str, escapes: bool) -> Option<usize> {
    let mut skip = false;
    for (at, character) in inner.char_indices() {
        if quote.len() == 1 && character == '\n' {
            return None;
        }
        if skip {
            skip = false;
        } else if escapes && character == '\\' {
            skip = true;
        } else if inner.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    fn read(text: &str) -> (String, Option<String>, bool) {
        let place = text.find('¦').unwrap();
        let found = at(&text.replace('¦', ""), place);
        (found.path.join("/"), found.key, found.string.is_some())
    }

    #[test]
    fn an_unfinished_text_still_tells_where_one_is() {
        let of = |path: &str, key: Option<&str>, string| (path.to_owned(), key.map(str::to_owned), string);
        assert_eq!(read("[policy]\nid = \"x\"\nti¦"), of("policy", None, false));
        assert_eq!(read("[[clauses]]\nid = \"1\"\namount = \"pri¦"), of("clauses", Some("amount"), true));
        assert_eq!(read("[[clauses]]\nrequires = [\n  { test = \"a¦"), of("clauses/requires", Some("test"), true));
        assert_eq!(read("[[clauses]]\nrequires = [\n  { test = \"a\" },\n  { ¦"), of("clauses/requires", None, false));
        assert_eq!(read("[[clauses]]\nrequires = [{ test = \"a\" }]\n¦"), of("clauses", None, false));
        assert_eq!(
            read("[[clauses]]\nlet.pay = \"x\"\ntable.rate = { a = \"1¦"),
            of("clauses/table/rate", Some("a"), true)
        );
        assert_eq!(read("[facts.\"a.b\"]\nlabel = { zh = \"一\", ¦"), of("facts/a.b/label", None, false));
        assert_eq!(read("[policy]\neffective.fr¦"), of("policy/effective", None, false));
        assert_eq!(read("[policy]\nid = \"lost\ntitle = \"¦"), of("policy", Some("title"), true));
        assert_eq!(read("a = [\n  1,\n]\n[x]\nb = ¦"), of("x", Some("b"), false));
        assert!(at("# [x", 4).comment);
    }
}
