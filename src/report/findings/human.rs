//! Findings as diagnostics, and a line a policy that counts them.

use super::{Checked, count};
use crate::diagnostic::Severity;
use crate::lang::{Lang, Text};
use crate::source::clean;

pub(super) fn render(checked: &[Checked<'_>], lang: Lang, accepted: bool) -> String {
    let mut text = String::new();
    for (_, found) in checked {
        for finding in &found.open {
            text.push_str(&finding.render(lang));
            text.push('\n');
        }
        for (finding, reason) in found.accepted.iter().filter(|_| accepted) {
            let because =
                Text::made(format!("已接受：{}", reason.because.zh), format!("accepted: {}", reason.because.en));
            text.push_str(&finding.clone().help(because).render(lang));
            text.push('\n');
        }
    }
    for (policy, found) in checked {
        let [errors, warnings, notes] =
            [Severity::Error, Severity::Warning, Severity::Note].map(|severity| count(found, severity));
        let (id, taken) = (clean(&policy.id), found.accepted.len());
        text.push_str(&match lang {
            Lang::Zh => format!("{id}：错误 {errors}，警告 {warnings}，提醒 {notes}；已接受 {taken}\n"),
            Lang::En => {
                let of = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
                let (errors, warnings, notes) = (of(errors, "error"), of(warnings, "warning"), of(notes, "note"));
                format!("{id}: {errors}, {warnings}, {notes}; {taken} accepted\n")
            }
        });
    }
    text
}
