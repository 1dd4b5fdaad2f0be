//! What a case gives: the applicant of its file with its own facts and payments, and the readings it takes.

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::{Entry, Item, Raw, Table};
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Value;

codes! {
    static UNKNOWN_READING: Code = Code::new("unknown-reading", "没有这个读法或选项", "there is no such reading or option");
}

/// The file's applicant with the case's own facts and payments.
pub(super) fn applicant(document: &Table, case: &Table, faults: &mut Vec<Diagnostic>) -> Table {
    let mut applicant = document.without(&["cases"]);
    let entries = |key: &'static str| case.entries().iter().filter(move |entry| entry.key == key);
    let unset = case.get("unset").map(|item| item.texts(faults)).unwrap_or_default();
    let unset: Vec<&str> = unset.iter().map(|(name, _)| name.as_str()).collect();
    let shared = document.get("facts").and_then(|item| item.table(faults)).map(|facts| facts.without(&unset));
    let own = case.get("facts").and_then(|item| item.table(faults));
    let facts = match (shared, own) {
        (Some(shared), Some(own)) => Some(shared.with(own.entries())),
        (Some(facts), None) => Some(facts),
        (None, own) => own.cloned(),
    };
    if let Some(facts) = facts {
        let span = facts.span.clone();
        let item = Item { value: Raw::Table(facts), span: span.clone() };
        applicant = applicant.with(&[Entry { key: "facts".to_owned(), key_span: span, item }]);
    }
    let more: Vec<Entry> = entries("paid").chain(entries("other_benefits")).cloned().collect();
    applicant.with(&more)
}

/// Takes the options that the case names.
pub(super) fn readings(item: &Item, policy: &Policy, inputs: &mut [Value], faults: &mut Vec<Diagnostic>) {
    let Some(table) = item.table(faults) else { return };
    for entry in table.entries() {
        let place = policy.names.input(&format!("reading.{}", entry.key));
        let input = place.and_then(|place| policy.names.inputs.get(place));
        let Some((place, input)) = place.zip(input) else {
            faults.push(UNKNOWN_READING.at(entry.key_span.clone(), Text::default()));
            continue;
        };
        if let Some(value) = crate::policy::given(&entry.item, input, &policy.names, faults)
            && let Some(slot) = inputs.get_mut(place)
        {
            *slot = value;
        }
    }
}
