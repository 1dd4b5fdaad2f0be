//! How a diagnostic looks on a terminal or in a log.

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::source::{Span, clean};

/// Longer lines are shown in part, so that a file of one line does not fill the screen.
const LONGEST_LINE: usize = 160;

fn excerpt(span: &Span, label: &str, lang: Lang, gutter: usize, out: &mut String) {
    let (text, before, under) = span.underline();
    let line = span.place().line;
    let label = clean(label);
    if text.chars().count() > LONGEST_LINE {
        let note = match lang {
            Lang::Zh => "（该行过长，从略）",
            Lang::En => "(the line is too long to show)",
        };
        out.push_str(&format!("{line:gutter$} | {note} {label}\n"));
        return;
    }
    out.push_str(&format!("{line:gutter$} | {text}\n"));
    out.push_str(&format!("{:gutter$} | {:before$}{} {label}", "", "", "^".repeat(under.min(LONGEST_LINE))));
    while out.ends_with(' ') {
        out.pop();
    }
    out.push('\n');
}

impl Diagnostic {
    /// The whole message, with a line break at its end.
    pub fn render(&self, lang: Lang) -> String {
        let severity = match lang {
            Lang::Zh => "错误",
            Lang::En => "error",
        };
        let mut out = format!("{severity}[{}]: {}\n", self.code.name, self.code.title.get(lang));
        let widest = self.labels.iter().map(|(span, _)| span.place().line.to_string().len()).max().unwrap_or(1);
        let mut shown: Option<&Span> = None;
        for (span, label) in &self.labels {
            let place = span.place();
            let same_file = shown.is_some_and(|last| last.source.name == span.source.name);
            if !same_file {
                let (name, line, column) = (clean(&span.source.name), place.line, place.column);
                out.push_str(&format!("{:widest$}--> {name}:{line}:{column}\n{:widest$} |\n", "", ""));
            }
            excerpt(span, label.get(lang), lang, widest, &mut out);
            shown = Some(span);
        }
        for help in &self.help {
            let word = match lang {
                Lang::Zh => "提示",
                Lang::En => "help",
            };
            out.push_str(&format!("{:widest$} = {word}: {}\n", "", clean(help.get(lang))));
        }
        out
    }
}
