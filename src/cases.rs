//! Cases of a policy: an applicant and what must come out, with every figure worked out by hand. See `docs/cases.md`.

use std::sync::Arc;

use crate::applicant::{When, from_document};
use crate::assess::model::{Assessment, Line};
use crate::assess::{Detail, assess_some};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::{Entry, Item, Raw, Table, parse};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, read_figure};
use crate::source::{Source, Span};
use crate::value::{Bound, Interval, Unit, Value};

codes! {
    static NOT_AS_EXPECTED: Code = Code::new("not-as-expected", "与预期不符", "this is not what was expected");
    static UNKNOWN_LINE: Code = Code::new("unknown-line", "没有这一行", "there is no such line");
    static UNKNOWN_READING: Code = Code::new("unknown-reading", "没有这个读法或选项", "there is no such reading or option");
}

/// What became of a file of cases.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many cases there are.
    pub cases: usize,
    /// Every difference and every fault.
    pub faults: Vec<Diagnostic>,
}

/// Runs the cases of a file against their policy.
pub fn run(source: &Arc<Source>, policy: &Policy) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(document) = parse(source, &mut outcome.faults) else { return outcome };
    document.only(&["applicant", "facts", "cases"], &mut outcome.faults);
    let cases = document.need("cases", &mut outcome.faults).and_then(|item| item.array(&mut outcome.faults));
    for item in cases.unwrap_or_default() {
        outcome.cases += 1;
        let mut faults = Vec::new();
        if let Some(case) = item.table(&mut faults) {
            one(&source.name, &document, case, policy, &mut faults);
        }
        outcome.faults.append(&mut faults);
    }
    outcome
}

fn one(file: &str, document: &Table, case: &Table, policy: &Policy, faults: &mut Vec<Diagnostic>) {
    case.only(&["name", "as_of", "facts", "unset", "paid", "other_benefits", "readings", "expect"], faults);
    case.need_text("name", faults);
    let Some(expect) = case.need("expect", faults).and_then(|item| item.table(faults)) else { return };
    let as_of = case.get("as_of").and_then(|item| item.day(faults));
    let applicant = applicant_document(document, case, faults);
    let when = When { as_of, today: crate::value::Day::FIRST };
    let (applicant, found) = from_document(file, &applicant, &[policy], when, &|_| false);
    faults.extend(found);
    let Some(mut applicant) = applicant else { return };
    if let (Some(readings), Some(inputs)) = (case.get("readings"), applicant.inputs.first_mut()) {
        take_readings(readings, policy, inputs, faults);
    }
    // Only what is expected is worked out, and all of it where a sum is expected.
    let names = |entry: &Entry, clause: &str| {
        entry.key == "totals" || entry.key.split('#').next().is_some_and(|named| named == clause)
    };
    let wanted = |_: &str, clause: &str| expect.entries().iter().any(|entry| names(entry, clause));
    let assessment = assess_some(&[policy], &applicant, &wanted, Detail::Full);
    for entry in expect.entries() {
        compare(entry, &assessment, policy, faults);
    }
}

/// The file's applicant with the case's own facts and payments.
fn applicant_document(document: &Table, case: &Table, faults: &mut Vec<Diagnostic>) -> Table {
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

fn take_readings(item: &Item, policy: &Policy, inputs: &mut [Value], faults: &mut Vec<Diagnostic>) {
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

fn compare(entry: &Entry, assessment: &Assessment, policy: &Policy, faults: &mut Vec<Diagnostic>) {
    let Some(wanted) = entry.item.table(faults) else { return };
    if entry.key == "totals" {
        wanted.only(&["awarded", "due", "overpaid", "lifetime"], faults);
        let totals = &assessment.totals;
        for (key, found) in [
            ("awarded", totals.awarded),
            ("due", totals.due),
            ("overpaid", totals.overpaid),
            ("lifetime", totals.lifetime),
        ] {
            amount(wanted, key, Some(found), &Unit::base("元"), policy, faults);
        }
        return;
    }
    let (clause, record) = match entry.key.split_once('#') {
        Some((clause, record)) => (clause, record.parse::<usize>().ok()),
        None => (entry.key.as_str(), None),
    };
    let line = assessment.lines.iter().find(|line| {
        line.clause == clause && record.is_none_or(|record| line.record.as_ref().is_some_and(|own| own.index == record))
    });
    let Some(line) = line else {
        faults.push(UNKNOWN_LINE.at(entry.key_span.clone(), Text::default()));
        return;
    };
    wanted.only(&["status", "entitled", "awarded", "due", "lifetime", "overpaid", "missing", "failed"], faults);
    compare_line(wanted, line, policy, faults);
}

fn compare_line(wanted: &Table, line: &Line, policy: &Policy, faults: &mut Vec<Diagnostic>) {
    if let Some(item) = wanted.get("status")
        && let Some(status) = item.text(faults)
        && status != line.status.name()
    {
        let why = Text::made(
            format!("实际为 {}（{}）", line.status.name(), line.reason.zh),
            format!("it is {} ({})", line.status.name(), line.reason.en),
        );
        faults.push(NOT_AS_EXPECTED.at(item.span.clone(), why));
    }
    let amounts = line.amounts.as_ref();
    let of = |pick: fn(&crate::assess::model::Amounts) -> Interval| amounts.map(pick);
    // A term is expected in months, a grant in 元.
    let clause = policy.clause(&line.clause).and_then(|place| policy.clauses.get(place));
    let unit = match clause.and_then(|clause| clause.amount.as_ref()).map(|amount| &amount.ty) {
        Some(Type::Quantity(unit)) => unit.clone(),
        _ => Unit::base("元"),
    };
    for (key, found) in [
        ("entitled", of(|amounts| amounts.entitled)),
        ("awarded", of(|amounts| amounts.awarded)),
        ("due", of(|amounts| amounts.due)),
        ("lifetime", of(|amounts| amounts.lifetime)),
        ("overpaid", of(|amounts| amounts.overpaid)),
    ] {
        amount(wanted, key, found, &unit, policy, faults);
    }
    if let Some(item) = wanted.get("missing") {
        let mut names: Vec<String> = item.texts(faults).into_iter().map(|(name, _)| name).collect();
        let mut found: Vec<String> = line.missing.iter().map(|fact| fact.name.clone()).collect();
        names.sort();
        found.sort();
        if names != found {
            differs(&item.span, &found.join(", "), faults);
        }
    }
    if let Some(item) = wanted.get("failed")
        && let Raw::Integer(count) = &item.value
        && *count != line.failed.len().to_string()
    {
        differs(&item.span, &line.failed.len().to_string(), faults);
    }
}

fn differs(span: &Span, found: &str, faults: &mut Vec<Diagnostic>) {
    faults.push(NOT_AS_EXPECTED.at(span.clone(), Text::made(format!("实际为 {found}"), format!("it is {found}"))));
}

fn amount(
    wanted: &Table,
    key: &str,
    found: Option<Interval>,
    unit: &Unit,
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(item) = wanted.get(key) else { return };
    let mut number = |item: &Item| read_figure(item, unit, &policy.names, faults).map(Bound::At);
    let expected = match &item.value {
        Raw::Table(table) => {
            let end = |key: &str| table.get(key);
            let lo = end("at_least").map_or(Some(Bound::Below), &mut number);
            let hi = end("at_most").map_or(Some(Bound::Above), &mut number);
            lo.zip(hi).map(|(lo, hi)| Interval { lo, hi })
        }
        _ => number(item).map(|number| Interval { lo: number, hi: number }),
    };
    if let Raw::Table(table) = &item.value {
        table.only(&["at_least", "at_most"], faults);
    }
    if let Some(expected) = expected
        && found != Some(expected)
    {
        differs(&item.span, &found.map_or_else(|| "–".to_owned(), shown), faults);
    }
}

fn shown(interval: Interval) -> String {
    let end = |bound: Bound| bound.number().map_or_else(|| "…".to_owned(), |number| number.to_string());
    if interval.is_point() {
        end(interval.lo)
    } else {
        format!("{{ at_least = {}, at_most = {} }}", end(interval.lo), end(interval.hi))
    }
}
