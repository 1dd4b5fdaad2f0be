//! What is wrong with the open files, in the words of the command line.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::applicant::{When, from_document};
use crate::cases;
use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::parse;
use crate::lang::Lang;
use crate::lsp::files::{Content, Doc, Files};
use crate::policy::builtin;
use crate::value::Day;

/// More than this nobody reads; the command line shows as many.
const MOST: usize = 100;

/// The faults of every open file that is to be looked at again, path by path.
pub(super) fn changed(files: &mut Files<'_>, lang: Lang) -> Vec<(String, Vec<Value>)> {
    let stale = std::mem::take(&mut files.stale);
    let mut told = Vec::new();
    for path in stale {
        let Some(doc) = files.opened.get(&path).cloned() else {
            told.push((path, Vec::new()));
            continue;
        };
        let thorough = files.thorough.remove(&path);
        let faults = of(files, &doc, thorough);
        // A fault of another file is told there.
        let own = faults.iter().filter(|fault| fault.labels.first().is_none_or(|(span, _)| span.source.name == path));
        let own: Vec<Value> = own.take(MOST).map(|fault| one(files, &doc, fault, lang)).collect();
        told.push((path, own));
    }
    told
}

/// Everything that is wrong with a file. What takes longer than a key may, is looked for only where it is `thorough`.
pub(super) fn of(files: &mut Files<'_>, doc: &Doc, thorough: bool) -> Vec<Diagnostic> {
    match doc.content() {
        Content::Policy | Content::Supplement => {
            let supplement = (doc.content() == Content::Supplement).then_some(doc);
            let Some(held) = files.policy_of(doc).and_then(|path| files.policy(&path, supplement)) else {
                let mut faults = Vec::new();
                parse(&doc.source, &mut faults);
                return faults;
            };
            let found = held.policy.as_ref().filter(|_| thorough).map(|policy| check::all(policy).open);
            held.faults.iter().cloned().chain(found.unwrap_or_default()).collect()
        }
        Content::Vocabulary => {
            // By way of a policy that uses it; its own syntax at least.
            let held = files.policy_of(doc).and_then(|path| files.policy(&path, None));
            let of_policy = held.map(|held| held.faults.clone());
            of_policy.unwrap_or_else(|| {
                let mut faults = Vec::new();
                parse(&doc.source, &mut faults);
                faults
            })
        }
        Content::Cases => {
            let file = cases::File::read(&doc.source);
            let mut faults = file.faults.clone();
            let held = files.policy_of(doc).and_then(|path| files.policy(&path, None));
            if let Some(policy) = held.as_ref().and_then(|held| held.policy.as_ref()).filter(|_| faults.is_empty()) {
                faults.extend(file.run(policy).into_iter().flat_map(|ran| ran.faults));
            }
            let mut seen: BTreeMap<(usize, &str), ()> = BTreeMap::new();
            let first = |fault: &Diagnostic| fault.labels.first().map_or(0, |(span, _)| span.range.start);
            // What all cases share is wrong once.
            faults.retain(|fault| seen.insert((first(fault), fault.code.name), ()).is_none());
            faults
        }
        Content::Applicant => {
            let mut faults = Vec::new();
            let Some(document) = parse(&doc.source, &mut faults) else { return faults };
            if document.get("applicant").is_none() {
                return faults;
            }
            let mut paths: Vec<String> = files.policy_of(doc).into_iter().collect();
            let fitting = files.host.fitting(&document);
            let others = fitting.iter().skip(1).filter_map(|place| builtin::policies().get(*place));
            paths.extend(others.map(|known| known.path.to_owned()));
            let held: Vec<_> = paths.iter().filter_map(|path| files.policy(path, None)).collect();
            let policies: Vec<_> = held.iter().filter_map(|held| held.policy.as_ref()).collect();
            if policies.is_empty() {
                return faults;
            }
            let when = When { as_of: None, today: Day::FIRST, ignore_payments: false };
            let (_, found) = from_document(&doc.path, &document, &policies, when, &|_| false);
            faults.extend(found);
            faults
        }
    }
}

fn one(files: &mut Files<'_>, doc: &Doc, fault: &Diagnostic, lang: Lang) -> Value {
    let severity = match fault.code.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Note => 3,
    };
    let range = fault.labels.first().map_or(0..0, |(span, _)| span.range.clone());
    let mut message = fault.code.title.get(lang).to_owned();
    let label = fault.labels.first().map_or("", |(_, label)| label.get(lang));
    if !label.is_empty() {
        message.push_str(if lang == Lang::Zh { "：" } else { ": " });
        message.push_str(label);
    }
    for help in &fault.help {
        message.push_str(if lang == Lang::Zh { "\n提示：" } else { "\nhelp: " });
        message.push_str(help.get(lang));
    }
    let mut related = Vec::new();
    for (span, label) in fault.labels.iter().skip(1) {
        let other = if span.source.name == doc.path { None } else { files.doc(&span.source.name) };
        let lines = other.as_ref().map_or(&doc.lines, |other| &other.lines);
        let range = lines.range(&span.source.text, &span.range, files.bytes);
        related.push(json!({
            "location": { "uri": files.uri(&span.source.name), "range": range },
            "message": label.get(lang),
        }));
    }
    json!({
        "range": doc.lines.range(&doc.source.text, &range, files.bytes),
        "severity": severity,
        "code": fault.code.name,
        "source": "duixian",
        "message": message,
        "relatedInformation": related,
    })
}
