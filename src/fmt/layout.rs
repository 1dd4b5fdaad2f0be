//! Sections: headings, blank lines, and entries whose `=` signs stand below each other.

use crate::fmt::tree::{Entry, Line, Section, Tree};
use crate::fmt::value::{is_block, key, of_entry};
use crate::source::width;

/// A list of records whose key is longer than the others by more than this stays out of their line.
const OUTSTANDING: usize = 3;

/// The file's new text.
pub(super) fn text(tree: &Tree) -> String {
    let mut page = Page::default();
    for section in &tree.sections {
        page.section(section);
    }
    // What stands directly below the last entry stays there.
    page.lines(&tree.tail);
    page.end()
}

#[derive(Default)]
struct Page {
    text: String,
    /// Whether a blank line comes before the next one.
    blank: bool,
}

impl Page {
    fn line(&mut self, line: &str) {
        if std::mem::take(&mut self.blank) && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn lines(&mut self, lines: &[Line]) {
        for line in lines {
            match line {
                Line::Blank => self.blank = true,
                Line::Comment(text) => self.line(text),
            }
        }
    }

    fn end(self) -> String {
        self.text
    }

    fn section(&mut self, section: &Section) {
        if section.bracket.is_empty() {
            self.entries(&section.entries);
            return;
        }
        // A comment directly below the entries before, with a blank line behind it, is about them.
        let first_blank = section.before.iter().position(|line| *line == Line::Blank);
        let (above, own) = section.before.split_at(first_blank.unwrap_or(0));
        self.lines(above);
        self.blank = true;
        self.lines(own);
        let (open, close) = if section.bracket == "[" { ("[", "]") } else { ("[[", "]]") };
        let comment = section.comment.as_ref().map(|comment| format!(" {comment}")).unwrap_or_default();
        self.line(&format!("{open}{}{close}{comment}", section.path.join(".")));
        self.entries(&section.entries);
    }

    fn entries(&mut self, entries: &[Entry]) {
        // A list of records ends its run; a blank line and another head of dotted keys begin one.
        let together = |a: &Entry, b: &Entry| {
            let head = |entry: &Entry| entry.key.split_last().map(|(_, head)| head.to_vec());
            !is_block(&a.value) && !b.before.contains(&Line::Blank) && head(a) == head(b)
        };
        for run in entries.chunk_by(together) {
            self.run(run);
        }
    }

    fn run(&mut self, run: &[Entry]) {
        let widest = |keys: &mut dyn Iterator<Item = &Entry>| keys.map(|entry| width(&key(entry))).max().unwrap_or(0);
        let column = widest(&mut run.iter().filter(|entry| !is_block(&entry.value)));
        let with_lists = widest(&mut run.iter());
        let column = if with_lists <= column + OUTSTANDING { with_lists } else { column };
        let texts: Vec<String> = run
            .iter()
            .map(|entry| {
                let key = key(entry);
                let gap = column.saturating_sub(width(&key));
                let head = format!("{key}{:gap$} = ", "");
                format!("{head}{}", of_entry(&entry.value, width(&head)))
            })
            .collect();
        let entries: Vec<(&Entry, &String)> = run.iter().zip(&texts).collect();
        let beside = |(a, above): &(&Entry, &String), (b, below): &(&Entry, &String)| {
            let short = !above.contains('\n') && !below.contains('\n');
            short && a.comment.is_some() && b.comment.is_some() && b.before.is_empty()
        };
        for lines in entries.chunk_by(beside) {
            let end = if lines.len() == 1 { 0 } else { lines.iter().map(|(_, text)| width(text)).max().unwrap_or(0) };
            for (entry, text) in lines {
                self.lines(&entry.before);
                match &entry.comment {
                    Some(comment) => {
                        let gap = end.saturating_sub(width(text));
                        self.line(&format!("{text}{:gap$} {comment}", ""));
                    }
                    None => self.line(text),
                }
            }
        }
    }
}
