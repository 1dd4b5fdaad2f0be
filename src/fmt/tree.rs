//! A TOML file as it is written: every key, value and comment in its own spelling, and where a blank line stands.

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind, parse_document};

/// What stands before an entry or a heading, in lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// One blank line, or several.
    Blank,
    /// A comment, `#` included.
    Comment(String),
}

/// A file: what stands before the first heading, then a section for each heading.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub sections: Vec<Section>,
    /// What stands behind the last entry.
    pub tail: Vec<Line>,
}

/// A heading and the entries below it.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub before: Vec<Line>,
    /// `[` or `[[`; empty before the first heading.
    pub bracket: &'static str,
    pub path: Vec<String>,
    /// The comment behind the heading.
    pub comment: Option<String>,
    pub entries: Vec<Entry>,
}

/// A key with its value; in an array a value alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub before: Vec<Line>,
    /// The parts of the key as they are written; none in an array.
    pub key: Vec<String>,
    pub value: Value,
    /// The comment behind it in its line.
    pub comment: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    /// As it is written.
    Scalar(String),
    Array(Group),
    Table(Group),
}

impl Default for Value {
    fn default() -> Value {
        Value::Scalar(String::new())
    }
}

/// What stands between two brackets.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub entries: Vec<Entry>,
    /// Comments behind the last entry.
    pub tail: Vec<Line>,
}

/// Reads a text that is known to be TOML.
pub(super) fn read(text: &str) -> Tree {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    parse_document(&tokens, &mut |event: Event| events.push(event), &mut ());
    let mut reader = Reader { text, events: &events, at: 0, before: Vec::new(), line_begins: true };
    reader.document()
}

/// A key without its quotes.
pub(super) fn bare(part: &str) -> &str {
    part.trim_matches(['"', '\''])
}

struct Reader<'a> {
    text: &'a str,
    events: &'a [Event],
    at: usize,
    /// What has been passed since the last entry.
    before: Vec<Line>,
    /// Whether a line has just begun, so that another line break makes a blank line.
    line_begins: bool,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(EventKind, &'a str)> {
        let event = self.events.get(self.at)?;
        self.at += 1;
        Some((event.kind(), self.text.get(event.span().start()..event.span().end()).unwrap_or("")))
    }

    fn peek(&self) -> Option<EventKind> {
        self.events.get(self.at).map(Event::kind)
    }

    /// Passes over blanks, line breaks and comments. A comment in the line of what it follows becomes that one's own.
    fn pass(&mut self, mut last: Option<&mut Option<String>>) {
        while let Some(kind) = self.peek() {
            match kind {
                EventKind::Whitespace | EventKind::ValueSep => _ = self.next(),
                EventKind::Newline => {
                    _ = self.next();
                    if self.line_begins && self.before.last() != Some(&Line::Blank) {
                        self.before.push(Line::Blank);
                    }
                    self.line_begins = true;
                    last = None;
                }
                EventKind::Comment => {
                    let text = self.next().map_or("", |(_, text)| text).trim_end().to_owned();
                    match last.take() {
                        Some(own) if own.is_none() && !self.line_begins => *own = Some(text),
                        _ => self.before.push(Line::Comment(text)),
                    }
                    self.line_begins = false;
                }
                _ => return,
            }
        }
    }

    fn take_before(&mut self) -> Vec<Line> {
        self.line_begins = false;
        std::mem::take(&mut self.before)
    }

    fn document(&mut self) -> Tree {
        let mut tree = Tree::default();
        let mut section = Section::default();
        self.pass(None);
        while let Some(kind) = self.peek() {
            match kind {
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                    tree.sections.push(std::mem::take(&mut section));
                    section.before = self.take_before();
                    section.bracket = if kind == EventKind::StdTableOpen { "[" } else { "[[" };
                    section.path = self.heading();
                    self.pass(Some(&mut section.comment));
                }
                EventKind::SimpleKey => {
                    let entry = self.entry();
                    section.entries.push(entry);
                    self.pass(section.entries.last_mut().map(|entry| &mut entry.comment));
                }
                _ => _ = self.next(),
            }
        }
        tree.sections.push(section);
        tree.tail = self.take_before();
        tree
    }

    fn heading(&mut self) -> Vec<String> {
        let mut path = Vec::new();
        while let Some((kind, text)) = self.next() {
            match kind {
                EventKind::SimpleKey => path.push(text.to_owned()),
                EventKind::StdTableClose | EventKind::ArrayTableClose => break,
                _ => {}
            }
        }
        path
    }

    /// A key and its value, or, in an array, a value.
    fn entry(&mut self) -> Entry {
        let mut entry = Entry { before: self.take_before(), ..Entry::default() };
        while let Some((kind, text)) = self.next() {
            match kind {
                EventKind::SimpleKey => entry.key.push(text.to_owned()),
                EventKind::Scalar => {
                    entry.value = Value::Scalar(text.to_owned());
                    break;
                }
                EventKind::ArrayOpen => {
                    entry.value = Value::Array(self.group());
                    break;
                }
                EventKind::InlineTableOpen => {
                    entry.value = Value::Table(self.group());
                    break;
                }
                EventKind::Comment => entry.before.push(Line::Comment(text.trim_end().to_owned())),
                _ => {}
            }
        }
        self.line_begins = false;
        entry
    }

    fn group(&mut self) -> Group {
        let mut group = Group::default();
        let outside = std::mem::take(&mut self.before);
        self.pass(None);
        while let Some(kind) = self.peek() {
            if matches!(kind, EventKind::ArrayClose | EventKind::InlineTableClose) {
                _ = self.next();
                break;
            }
            let entry = self.entry();
            group.entries.push(entry);
            self.pass(group.entries.last_mut().map(|entry| &mut entry.comment));
        }
        group.tail = self.take_before();
        self.before = outside;
        group
    }
}
