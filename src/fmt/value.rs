//! Values: in one line where they fit, otherwise broken at places that depend on nothing but what stands there.

use crate::fmt::tree::{Entry, Group, Line, Value};
use crate::source::width;

/// Columns of a line; 汉字 take two. What cannot be broken may be longer.
pub(super) const WIDTH: usize = 120;

/// Where a value begins, and what must still fit behind its end.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// The column.
    pub column: usize,
    /// The blanks at the beginning of its first line.
    pub indent: usize,
    /// Columns that are taken behind it.
    pub behind: usize,
}

/// The value of an entry of a section. A list of records is always broken, a record a line.
pub(super) fn of_entry(value: &Value, column: usize) -> String {
    let at = At { column, indent: 0, behind: 0 };
    match value {
        Value::Array(group) if is_block(value) => block(group, ['[', ']'], at),
        _ => broken(value, at),
    }
}

/// Whether an entry's value is broken whatever its length.
pub(super) fn is_block(value: &Value) -> bool {
    let has_records = |group: &Group| group.entries.iter().any(|entry| matches!(entry.value, Value::Table(_)));
    has_comments(value) || matches!(value, Value::Array(group) if has_records(group))
}

fn has_comments(value: &Value) -> bool {
    let comment = |line: &Line| matches!(line, Line::Comment(_));
    let (Value::Array(group) | Value::Table(group)) = value else { return false };
    group.tail.iter().any(comment)
        || group
            .entries
            .iter()
            .any(|entry| entry.comment.is_some() || entry.before.iter().any(comment) || has_comments(&entry.value))
}

/// The key of an entry as it is written.
pub(super) fn key(entry: &Entry) -> String {
    entry.key.join(".")
}

fn entry_in_line(entry: &Entry) -> Option<String> {
    let value = in_line(&entry.value)?;
    Some(if entry.key.is_empty() { value } else { format!("{} = {value}", key(entry)) })
}

fn entries_in_line(entries: &[Entry]) -> Option<String> {
    let parts: Option<Vec<String>> = entries.iter().map(entry_in_line).collect();
    parts.map(|parts| parts.join(", "))
}

/// The value in one line, where it has no comment and no text of several lines.
fn in_line(value: &Value) -> Option<String> {
    match value {
        Value::Scalar(text) => (!text.contains('\n')).then(|| text.clone()),
        _ if has_comments(value) => None,
        Value::Array(group) => Some(format!("[{}]", entries_in_line(&group.entries)?)),
        Value::Table(group) if group.entries.is_empty() => Some("{}".to_owned()),
        Value::Table(group) => Some(format!("{{ {} }}", entries_in_line(&group.entries)?)),
    }
}

fn broken(value: &Value, at: At) -> String {
    if let Some(line) = in_line(value).filter(|line| at.column + width(line) + at.behind <= WIDTH) {
        return line;
    }
    match value {
        Value::Scalar(text) => text.clone(),
        Value::Array(group) if has_comments(value) || in_line(value).is_none() => block(group, ['[', ']'], at),
        Value::Array(group) => filled_block(group, at),
        Value::Table(group) if has_comments(value) => block(group, ['{', '}'], at),
        Value::Table(group) => filled(group, at),
    }
}

/// An entry a line, two blanks further in.
fn block(group: &Group, [open, close]: [char; 2], at: At) -> String {
    let indent = at.indent + 2;
    let mut out = String::from(open);
    let before = |lines: &[Line], first: bool, out: &mut String| {
        for (place, line) in lines.iter().enumerate() {
            match line {
                Line::Blank if first && place == 0 => {}
                Line::Blank => out.push('\n'),
                Line::Comment(text) => out.push_str(&format!("\n{:indent$}{text}", "")),
            }
        }
    };
    for (place, entry) in group.entries.iter().enumerate() {
        before(&entry.before, place == 0, &mut out);
        let key = if entry.key.is_empty() { String::new() } else { format!("{} = ", key(entry)) };
        let value = broken(&entry.value, At { column: indent + width(&key), indent, behind: 1 });
        out.push_str(&format!("\n{:indent$}{key}{value},", ""));
        if let Some(comment) = &entry.comment {
            out.push_str(&format!(" {comment}"));
        }
    }
    let end = group.tail.iter().rposition(|line| *line != Line::Blank).map_or(0, |last| last + 1);
    before(group.tail.get(..end).unwrap_or_default(), group.entries.is_empty(), &mut out);
    format!("{out}\n{:1$}{close}", "", at.indent)
}

/// Plain values, as many in a line as fit, two blanks further in.
fn filled_block(group: &Group, at: At) -> String {
    let indent = at.indent + 2;
    let mut lines: Vec<String> = Vec::new();
    for text in group.entries.iter().filter_map(entry_in_line) {
        match lines.last_mut() {
            Some(line) if width(line) + width(&text) + 2 <= WIDTH => line.push_str(&format!(" {text},")),
            _ => lines.push(format!("{:indent$}{text},", "")),
        }
    }
    format!("[\n{}\n{:2$}]", lines.join("\n"), "", at.indent)
}

/// A record over several lines, as many entries in a line as fit, aligned behind its bracket. The words in two languages
/// stay in one line or have one each; the records of a record have a line each, their `=` signs below each other.
fn filled(group: &Group, at: At) -> String {
    let inner = at.column + 2;
    let of_records = group.entries.iter().all(|entry| matches!(entry.value, Value::Table(_)));
    let is_pair = |a: &Entry, b: &Entry| (key(a).as_str(), key(b).as_str()) == ("zh", "en");
    let longest = group.entries.iter().map(|entry| width(&key(entry))).max().unwrap_or(0);
    let mut out = String::from("{ ");
    let mut units = group.entries.chunk_by(is_pair).peekable();
    let mut first = true;
    while let Some(unit) = units.next() {
        let behind = if units.peek().is_some() { 1 } else { 2 + at.behind };
        let line = entries_in_line(unit);
        let fits = |from: usize| line.as_ref().filter(|line| from + width(line) + behind <= WIDTH);
        if !first {
            out.push(',');
            match fits(at_end(&out, at) + 1).filter(|_| !of_records) {
                Some(line) => {
                    out.push_str(&format!(" {line}"));
                    continue;
                }
                None => out.push_str(&format!("\n{:inner$}", "")),
            }
        }
        first = false;
        match fits(inner).filter(|_| !of_records) {
            Some(line) => out.push_str(line),
            None => {
                for (place, entry) in unit.iter().enumerate() {
                    if place > 0 {
                        out.push_str(&format!(",\n{:inner$}", ""));
                    }
                    let gap = if of_records { longest - width(&key(entry)) } else { 0 };
                    let key = format!("{}{:gap$} = ", key(entry), "");
                    let behind = if place + 1 == unit.len() { behind } else { 1 };
                    out.push_str(&key);
                    let column = inner + width(&key);
                    out.push_str(&broken(&entry.value, At { column, indent: inner, behind }));
                }
            }
        }
    }
    out.push_str(" }");
    out
}

/// The column behind a text that begins at a place.
fn at_end(text: &str, at: At) -> usize {
    match text.rsplit_once('\n') {
        Some((_, line)) => width(line),
        None => at.column + width(text),
    }
}
