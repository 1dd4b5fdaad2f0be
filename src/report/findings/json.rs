//! Findings as data. The shape is the structs of this file, in the order in which they are written: words stand in both
//! languages, lines and columns are counted from 1 in characters, and what is not there is null.

use serde::Serialize;

use super::{Checked, count};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lang::Text;
use crate::policy::Accepted;
use crate::source::Span;

/// The version of the shape.
const SCHEMA: &str = "duixian/check@1";

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    policies: Vec<Policy<'d>>,
}

#[derive(Serialize)]
struct Policy<'d> {
    id: &'d str,
    file: &'d str,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<Finding<'d>>,
    accepted: Vec<Finding<'d>>,
}

#[derive(Serialize)]
struct Finding<'d> {
    check: &'static str,
    severity: &'static str,
    title: &'d Text,
    /// The clause's id, or the name of what is declared.
    about: Option<&'d str>,
    /// The first is the finding's own.
    places: Vec<Labelled<'d>>,
    help: &'d [Text],
    /// Applicant files that show it.
    shown_by: Vec<Shown<'d>>,
    /// Why the policy accepts it.
    because: Option<&'d Text>,
}

#[derive(Serialize)]
struct Labelled<'d> {
    file: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'d Text,
}

#[derive(Serialize)]
struct Shown<'d> {
    what: &'d Text,
    applicant: &'d str,
}

pub(super) fn render(checked: &[Checked<'_>]) -> String {
    let policies = checked.iter().map(|(policy, found)| Policy {
        id: &policy.id,
        file: &policy.source.name,
        errors: count(found, Severity::Error),
        warnings: count(found, Severity::Warning),
        notes: count(found, Severity::Note),
        findings: found.open.iter().map(|open| finding(open, None)).collect(),
        accepted: found.accepted.iter().map(|(taken, reason)| finding(taken, Some(reason))).collect(),
    });
    let document = Document { schema: SCHEMA, policies: policies.collect() };
    // Texts, numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'d>(diagnostic: &'d Diagnostic, accepted: Option<&'d Accepted>) -> Finding<'d> {
    Finding {
        check: diagnostic.code.name,
        severity: diagnostic.code.severity.name(),
        title: &diagnostic.code.title,
        about: diagnostic.about.as_deref(),
        places: diagnostic.labels.iter().map(|(span, label)| labelled(span, label)).collect(),
        help: &diagnostic.help,
        shown_by: diagnostic.shown_by.iter().map(|(what, applicant)| Shown { what, applicant }).collect(),
        because: accepted.map(|accepted| &accepted.because),
    }
}

fn labelled<'d>(span: &'d Span, label: &'d Text) -> Labelled<'d> {
    let (start, end) = (span.place(), span.source.place(span.range.end));
    Labelled {
        file: &span.source.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        label,
    }
}
