//! How a diagnostic looks on a terminal or in a log.

use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, Text};
use crate::source::{Span, clean};

/// Longer lines are shown in part, so that a file of one line does not fill the screen.
const LONGEST_LINE: usize = 160;

/// A line with what its labels underline, and their words: the last one's behind the underlines, the others' below.
fn excerpt(labels: &[(Span, Text)], lang: Lang, gutter: usize, out: &mut String) {
    let Some((first, _)) = labels.first() else { return };
    let line = first.place().line;
    let mut row = |head: &str, text: &str| {
        out.push_str(format!("{head:>gutter$} | {text}").trim_end());
        out.push('\n');
    };
    // Asked before anything is done with it: a line may be as long as the file, and have a fault at every character.
    let whole = first.source.line(line.saturating_sub(1));
    if whole.chars().take(LONGEST_LINE + 1).count() > LONGEST_LINE {
        let note = match lang {
            Lang::Zh => "（该行过长，从略）",
            Lang::En => "(the line is too long to show)",
        };
        for (_, label) in labels {
            row(&line.to_string(), &format!("{note} {}", clean(label.get(lang))));
        }
        return;
    }
    row(&line.to_string(), &first.underline().0);
    let (mut carets, mut below) = (String::new(), Vec::new());
    for (place, (span, label)) in labels.iter().enumerate() {
        let (_, before, under) = span.underline();
        let label = clean(label.get(lang));
        carets.push_str(&" ".repeat(before.saturating_sub(carets.len())));
        carets.push_str(&"^".repeat(under.min(LONGEST_LINE)));
        if place + 1 == labels.len() {
            row("", &format!("{carets} {label}"));
        } else if !label.is_empty() {
            below.push(format!("{:before$}{label}", ""));
        }
    }
    below.iter().rev().for_each(|label| row("", label));
}

/// Whether the second label can stand in the same line as the first, behind it.
fn beside((first, _): &(Span, Text), (second, _): &(Span, Text)) -> bool {
    first.source.name == second.source.name
        && first.place().line == second.place().line
        && first.range.end <= second.range.start
}

impl Diagnostic {
    /// The whole message, with a line break at its end.
    pub fn render(&self, lang: Lang) -> String {
        let severity = self.code.severity.label();
        let severity = severity.get(lang);
        let mut out = format!("{severity}[{}]: {}\n", self.code.name, self.code.title.get(lang));
        let widest = self.labels.iter().map(|(span, _)| span.place().line.to_string().len()).max().unwrap_or(1);
        let mut shown: Option<&Span> = None;
        for labels in self.labels.chunk_by(beside) {
            let Some((span, _)) = labels.first() else { continue };
            let place = span.place();
            let same_file = shown.is_some_and(|last| last.source.name == span.source.name);
            if !same_file {
                let (name, line, column) = (clean(&span.source.name), place.line, place.column);
                out.push_str(&format!("{:widest$}--> {name}:{line}:{column}\n{:widest$} |\n", "", ""));
            }
            excerpt(labels, lang, widest, &mut out);
            shown = Some(span);
        }
        for help in &self.help {
            let word = match lang {
                Lang::Zh => "提示",
                Lang::En => "help",
            };
            out.push_str(&format!("{:widest$} = {word}: {}\n", "", clean(help.get(lang))));
        }
        for (what, file) in &self.shown_by {
            let word = match lang {
                Lang::Zh => "示例",
                Lang::En => "shown by",
            };
            out.push_str(&format!("{:widest$} = {word}: {}\n", "", clean(what.get(lang))));
            for line in file.lines() {
                out.push_str(format!("{:widest$} |     {}", "", clean(line)).trim_end());
                out.push('\n');
            }
        }
        out
    }
}
