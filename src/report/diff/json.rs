//! Differences as data. The shape is the structs of this file, in the order in which they are written: words stand in both
//! languages, lines and columns are counted from 1 in characters, and what is not there is null.

use serde::Serialize;

use crate::diff::{Change, Diff};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;

/// The version of the shape.
pub(super) const SCHEMA: &str = "duixian/diff@1";

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    old: Head<'d>,
    new: Head<'d>,
    /// Whether nothing is different.
    same: bool,
    /// Whether they have a clause in common.
    comparable: bool,
    changes: Vec<One<'d>>,
}

#[derive(Serialize)]
struct Head<'d> {
    id: &'d str,
    title: &'d Text,
    file: &'d str,
    /// The digest of the policy with all that it builds on.
    fingerprint: String,
}

#[derive(Serialize)]
pub(super) struct One<'d> {
    /// Null: the policy as a whole.
    clause: Option<Clause<'d>>,
    /// `table.rate.doctor`; `clause` where the clause itself is new or gone.
    key: &'d str,
    name: &'d Text,
    /// Null: it is new.
    old: Option<Side<'d>>,
    /// Null: it is gone.
    new: Option<Side<'d>>,
    /// Whether only words are different.
    wording: bool,
}

#[derive(Serialize)]
struct Clause<'d> {
    id: &'d str,
    cite: &'d str,
    title: &'d Text,
}

#[derive(Serialize)]
struct Side<'d> {
    text: &'d Text,
    /// Where an expression stands.
    place: Option<Place<'d>>,
}

#[derive(Serialize)]
struct Place<'d> {
    file: &'d str,
    line: usize,
    column: usize,
}

pub(super) fn render(diff: &Diff<'_>) -> String {
    let document = Document {
        schema: SCHEMA,
        old: head(diff.old),
        new: head(diff.new),
        same: diff.is_empty(),
        comparable: !diff.shares_nothing(),
        changes: diff.changes.iter().map(one).collect(),
    };
    // Texts, numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn head(policy: &Policy) -> Head<'_> {
    Head { id: &policy.id, title: &policy.title, file: &policy.source.name, fingerprint: policy.fingerprint() }
}

pub(super) fn one(change: &Change) -> One<'_> {
    let clause =
        change.clause.as_ref().map(|clause| Clause { id: &clause.id, cite: &clause.cite, title: &clause.title });
    One {
        clause,
        key: &change.key,
        name: &change.name,
        old: change.old.as_ref().map(|text| Side { text, place: place(change.old_at.as_ref()) }),
        new: change.new.as_ref().map(|text| Side { text, place: place(change.new_at.as_ref()) }),
        wording: change.wording,
    }
}

fn place(span: Option<&Span>) -> Option<Place<'_>> {
    let span = span?;
    let at = span.place();
    Some(Place { file: &span.source.name, line: at.line, column: at.column })
}
