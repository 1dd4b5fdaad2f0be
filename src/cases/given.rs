//! What a case gives: the applicant of its file with its own facts and payments, and the readings it takes.

use crate::applicant::{Applicant, When, from_document};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::names::Origin;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, Value};

codes! {
    static NO_EVALUATION_DATE: Code = Code::new("no-evaluation-date", "没有评估日期", "there is no evaluation date");
    static UNKNOWN_PARAMETER: Code = Code::new("unknown-parameter", "没有这个参数", "there is no such parameter");
    static UNKNOWN_READING: Code = Code::new("unknown-reading", "没有这个读法或选项", "there is no such reading or option");
}

/// The file's applicant with a case's own facts and payments, or that with those of one of several applicants.
pub(super) fn applicant(shared: &Table, own: &Table, faults: &mut Vec<Diagnostic>) -> Table {
    let mut applicant = shared.without(&["cases"]);
    let unset = own.get("unset").map(|item| item.texts(faults)).unwrap_or_default();
    let unset: Vec<&str> = unset.iter().map(|(name, _)| name.as_str()).collect();
    let known = shared.get("facts").and_then(|item| item.table(faults)).map(|facts| facts.without(&unset));
    let facts = own.get("facts").and_then(|item| item.table(faults));
    let facts = match (known, facts) {
        (Some(known), Some(facts)) => Some(known.with(facts.entries().iter().cloned())),
        (Some(facts), None) => Some(facts),
        (None, facts) => facts.cloned(),
    };
    if let Some(facts) = facts {
        applicant = applicant.with([entry("facts", facts)]);
    }
    let of = |keys: &[&str]| own.entries().iter().filter(|entry| keys.contains(&entry.key.as_str())).cloned().collect();
    let head: Vec<Entry> = of(&["kind", "as_of"]);
    if let (Some(known), false) = (shared.get("applicant").and_then(|item| item.table(faults)), head.is_empty()) {
        applicant = applicant.with([entry("applicant", known.clone().with(head))]);
    }
    let more: Vec<Entry> = of(&["paid", "other_benefits"]);
    applicant.with(more)
}

fn entry(key: &str, table: Table) -> Entry {
    let span = table.span.clone();
    Entry { key: key.to_owned(), key_span: span.clone(), item: Item { value: Raw::Table(table), span } }
}

/// An applicant as the policy reads it, with what is wrong with it. Without an evaluation date nothing is read: what comes out
/// would change by the day.
pub(super) fn document(
    name: &str,
    applicant: &Table,
    case: &Table,
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) -> Option<(Option<Applicant>, Vec<Diagnostic>)> {
    if let Some(head) = applicant.get("applicant").and_then(|item| item.table(faults))
        && head.get("as_of").is_none()
    {
        let label = Text::new("这个案例没有写 `as_of`", "this case has no `as_of`");
        let help = Text::new(
            "在 `[applicant]` 或这个案例中写 `as_of = 2025-06-30`",
            "write `as_of = 2025-06-30` in `[applicant]`, or in this case",
        );
        faults.push(NO_EVALUATION_DATE.at(case.head(), label).help(help));
        return None;
    }
    let when = When { as_of: None, today: Day::FIRST, ignore_payments: false };
    Some(from_document(name, applicant, &[policy], when, &|_| false))
}

/// The same, where nothing may be wrong, with the options that the case takes.
pub(super) fn read(
    name: &str,
    applicant: &Table,
    case: &Table,
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) -> Option<Applicant> {
    let (read, found) = document(name, applicant, case, policy, faults)?;
    faults.extend(found);
    let mut read = read?;
    let Some(inputs) = read.inputs.first_mut() else { return Some(read) };
    if let Some(options) = case.get("readings") {
        readings(options, policy, inputs, faults);
    }
    if let Some(values) = case.get("parameters") {
        parameters(values, policy, inputs, faults);
    }
    Some(read)
}

/// Takes the options that the case names.
fn readings(item: &Item, policy: &Policy, inputs: &mut [Value], faults: &mut Vec<Diagnostic>) {
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

/// Gives parameters the values that the case names; of one that changes with time every value.
fn parameters(item: &Item, policy: &Policy, inputs: &mut [Value], faults: &mut Vec<Diagnostic>) {
    let Some(table) = item.table(faults) else { return };
    for entry in table.entries() {
        let place = policy.names.input(&entry.key);
        let known = place.and_then(|place| policy.names.inputs.get(place));
        let Some((place, input)) = place.zip(known).filter(|(_, input)| matches!(input.origin, Origin::Parameter(_)))
        else {
            let of = policy.names.inputs.iter().filter(|input| matches!(input.origin, Origin::Parameter(_)));
            let help = did_you_mean(&entry.key, of.map(|input| input.name.as_str()));
            faults.push(UNKNOWN_PARAMETER.at(entry.key_span.clone(), Text::default()).help(help));
            continue;
        };
        let Some(value) = crate::policy::given(&entry.item, input, &policy.names, faults) else { continue };
        for place in std::iter::once(place).chain(input.versions.iter().map(|version| version.input)) {
            if let Some(slot) = inputs.get_mut(place) {
                slot.clone_from(&value);
            }
        }
    }
}
