//! Whether a text is a draft, on trial or repealed, by its head, against what the policy says of itself.

use std::sync::Arc;

use crate::audit::STANDING;
use crate::diagnostic::Diagnostic;
use crate::lang::Text;
use crate::policy::{Policy, place};
use crate::source::{Source, Span};

/// What the head of a text says, and what the policy's `status` is then.
const MARKS: &[(&str, &str)] = &[
    ("征求意见", "draft"),
    ("公开征求", "draft"),
    ("草案", "draft"),
    ("送审稿", "draft"),
    ("讨论稿", "draft"),
    ("已废止", "repealed"),
    ("已失效", "repealed"),
    ("（废止）", "repealed"),
    ("(废止)", "repealed"),
    ("试行", "trial"),
    ("试点", "trial"),
];

/// Lines that can hold a title.
const HEAD: usize = 12;
/// A longer line is a sentence.
const LONGEST: usize = 60;

/// What does not agree.
pub fn compare(policy: &Policy, text: &Arc<Source>) -> Option<Diagnostic> {
    let said = said(text);
    let span = place::section(policy, "policy")
        .iter()
        .find(|entry| entry.key == "status")
        .map(|entry| entry.item.span.clone())?;
    let now = policy.status.name;
    let (label, mark) = match said {
        Some((wanted, at)) if wanted != now && !(wanted == "trial" && now == "unknown") => {
            let mark = text.text.get(at.clone()).unwrap_or("");
            let label = Text::made(
                format!("文本标题写“{mark}”，应为 `{wanted}`"),
                format!("the text calls itself “{mark}”, which is `{wanted}`"),
            );
            (label, Some(Span::new(text, at)))
        }
        None if matches!(now, "draft" | "trial" | "repealed") => {
            let label = Text::made(
                format!("文本标题没有这样写（{}）", policy.status.label.zh),
                format!("the head of the text says nothing of it ({})", policy.status.label.en),
            );
            (label, None)
        }
        _ => return None,
    };
    let help = Text::new("`status` 照文本的标题写", "`status` is what the head of the text says");
    let found = STANDING.at(span, label).help(help);
    Some(match mark {
        Some(mark) => found.and(mark, Text::new("文本这样写", "the text says so")),
        None => found,
    })
}

/// What the text calls itself. The titles of other documents (《…》) in a sentence say nothing of this one.
pub fn said(text: &Arc<Source>) -> Option<(&'static str, std::ops::Range<usize>)> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.text.split_inclusive('\n') {
        let short = line.trim().chars().count() <= LONGEST && !line.contains(['。', '，', '；']);
        let numbered = line.trim().starts_with('第') && line.contains('条');
        if numbered || lines.len() >= HEAD {
            break;
        }
        if short && !line.trim().is_empty() {
            lines.push((at, line));
        }
        at += line.len();
    }
    let found = |(mark, status): &(&'static str, &'static str)| {
        let (at, line) = lines.iter().find(|(_, line)| line.contains(mark))?;
        let start = at + line.find(mark)?;
        Some((*status, start..start + mark.len()))
    };
    MARKS.iter().find_map(found)
}
