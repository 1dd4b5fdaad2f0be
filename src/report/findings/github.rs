//! Findings as GitHub's workflow commands: `::error file=…,line=…,col=…,title=…::…`, one a line.

use super::Checked;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lang::Lang;

pub(super) fn render(checked: &[Checked<'_>], lang: Lang) -> String {
    checked.iter().flat_map(|(_, found)| &found.open).map(|finding| command(finding, lang)).collect()
}

fn command(finding: &Diagnostic, lang: Lang) -> String {
    let command = match finding.code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = finding.code.title.get(lang);
    let label = finding.labels.first().map_or("", |(_, label)| label.get(lang));
    let mut message = if label.is_empty() { title.to_owned() } else { format!("{title}: {label}") };
    for help in &finding.help {
        message.push('\n');
        message.push_str(help.get(lang));
    }
    let place = finding.labels.first().map(|(span, _)| {
        let (start, end) = (span.place(), span.source.place(span.range.end));
        // Columns are shown only where the finding lies in one line.
        let end = if end.line == start.line { format!(",endColumn={}", end.column) } else { String::new() };
        format!("file={},line={},col={}{end},", property(&span.source.name), start.line, start.column)
    });
    format!("::{command} {}title={}::{}\n", place.unwrap_or_default(), finding.code.name, data(&message))
}

/// A message: a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
