//! What came out, held against what is expected. Every difference is kept, not only the first.

use crate::applicant::Applicant;
use crate::assess::model::{Amounts, Assessment, Line, Status};
use crate::cases::together::Sums;
use crate::cases::{Difference, Differing, Parting, Ran, Values, inner, keys, parting};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::measure::Measure;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, read_figure};
use crate::value::{Bound, Interval, Unit};

codes! {
    static UNKNOWN_LINE: Code = Code::new("unknown-line", "没有这一行", "there is no such line");
    static UNKNOWN_CONCLUSION: Code = Code::new("unknown-conclusion", "没有这种结论", "there is no such conclusion");
    static NOTHING_EXPECTED: Code = Code::new("nothing-expected", "没有写预期什么", "nothing is expected");
    static TOLERANT: Code = Code::new("tolerance-for-money", "金额不能有误差", "money has no tolerance");
    static NOT_A_COUNT: Code = Code::new("not-a-count", "这里应为个数", "a number of conditions is wanted here");
}

/// The clause that the key of an expectation names: `8.1` of `8.1#2`.
pub fn clause_of(key: &str) -> &str {
    key.split('#').next().unwrap_or(key)
}

/// Whether an expectation has the clause worked out: all of them where a sum is expected.
pub(super) fn names(expect: &Table, clause: &str) -> bool {
    expect.entries().iter().any(|entry| entry.key == "totals" || clause_of(&entry.key) == clause)
}

/// Reports a case of which nothing is expected, and every line of which nothing is: it would pass whatever comes out.
pub(super) fn something<'t>(
    case: &Table,
    expects: impl Iterator<Item = &'t Table> + Clone,
    faults: &mut Vec<Diagnostic>,
) {
    let mut report = |span| {
        let help = Text::new(
            "写明应得出什么，如 `{ status = \"eligible\", awarded = \"5万元\" }`",
            "say what must come out, such as `{ status = \"eligible\", awarded = \"5万元\" }`",
        );
        faults.push(
            NOTHING_EXPECTED.at(span, Text::new("这样怎么都会通过", "this passes whatever comes out")).help(help),
        );
    };
    if expects.clone().all(|expect| expect.entries().is_empty()) {
        report(case.head());
    }
    for entry in expects.flat_map(Table::entries) {
        if matches!(&entry.item.value, Raw::Table(wanted) if wanted.entries().is_empty()) {
            report(entry.key_span.clone());
        }
    }
}

/// Compares what is expected of a clause, or of everything, over several applicants.
pub(super) fn sums(entry: &Entry, found: Option<Sums>, policy: &Policy, ran: &mut Ran) {
    let Some(wanted) = entry.item.table(&mut ran.faults) else { return };
    let Some(found) = found else {
        let known = policy.clauses.iter().map(|clause| clause.id.as_str());
        let help = did_you_mean(&entry.key, known).unwrap_or_else(|| {
            Text::new(
                "对全部申请人只写条款或 `totals`；某位申请人的各行写在其 `expect` 中",
                "over all applicants a clause or `totals` is named; lines of one of them stand in its own `expect`",
            )
        });
        ran.faults.push(UNKNOWN_LINE.at(entry.key_span.clone(), Text::default()).help(help));
        return;
    };
    wanted.only(&keys::SUMS.names(), &mut ran.faults);
    let (unit, measure) =
        policy.clause(&entry.key).map_or((policy.names.money.unit(), None), |place| unit_of(policy, place));
    let compared =
        [("awarded", found.awarded), ("due", found.due), ("overpaid", found.overpaid), ("lifetime", found.lifetime)];
    let compared: Vec<Difference> = compared
        .into_iter()
        .filter_map(|(key, found)| amount(wanted, key, Some(found), (&unit, measure), policy, &mut ran.faults))
        .collect();
    if !compared.is_empty() {
        let applicant = Some(entry.key.clone()).filter(|key| key != "totals");
        ran.differing.push(Differing {
            span: entry.key_span.clone(),
            applicant,
            line: None,
            differences: compared,
            parting: Parting::Sums,
        });
    }
}

/// Compares one entry of `expect`.
pub(super) fn entry(entry: &Entry, assessment: &Assessment, of: (&Policy, &Applicant), ran: &mut Ran) {
    let (policy, applicant) = of;
    let Some(wanted) = entry.item.table(&mut ran.faults) else { return };
    let span = entry.key_span.clone();
    if entry.key == "totals" {
        let differences = totals(wanted, assessment, policy, &mut ran.faults);
        if !differences.is_empty() {
            ran.differing.push(Differing { span, applicant: None, line: None, differences, parting: Parting::Sums });
        }
        return;
    }
    let record = entry.key.split_once('#').map(|(_, record)| record.parse::<usize>().ok());
    let is_it = |line: &&Line| {
        line.clause == clause_of(&entry.key)
            && record.is_none_or(|record| line.record.as_ref().map(|own| own.index) == record)
    };
    let found = assessment.lines.iter().find(is_it);
    if let Some(item) = wanted.get("there")
        && item.bool(&mut ran.faults) == Some(false)
        && policy.clause(clause_of(&entry.key)).is_some()
    {
        wanted.only(&["there"], &mut ran.faults);
        // What is not for the applicant, and what has no record, is told in a line that says so.
        if let Some(line) = found.filter(|line| line.conclusion.is_some()) {
            let differences = vec![Difference { key: "there", span: item.span.clone(), values: Values::There }];
            let (line, parting) = (Some(line.clone()), Parting::Sums);
            ran.differing.push(Differing { span, applicant: None, line, differences, parting });
        }
        return;
    }
    let Some(line) = found else {
        let known = policy.clauses.iter().map(|clause| clause.id.as_str());
        let help = did_you_mean(clause_of(&entry.key), known);
        ran.faults.push(UNKNOWN_LINE.at(span, Text::default()).help(help));
        return;
    };
    wanted.only(&keys::LINE.names(), &mut ran.faults);
    let mut differences = differences(wanted, line, policy, &mut ran.faults);
    differences.extend(inner::lets(wanted, line, policy, applicant, &mut ran.faults));
    differences.extend(inner::steps(wanted, line, policy, &mut ran.faults));
    differences.extend(inner::parts(wanted, &line.parts(), policy, &mut ran.faults));
    if !differences.is_empty() {
        let parting = parting::of(line, &differences);
        ran.differing.push(Differing { span, applicant: None, line: Some(line.clone()), differences, parting });
    }
    ran.lines.push(line.clone());
}

fn totals(wanted: &Table, found: &Assessment, policy: &Policy, faults: &mut Vec<Diagnostic>) -> Vec<Difference> {
    wanted.only(&keys::SUMS.names(), faults);
    let totals = &found.totals;
    let sums = [
        ("awarded", totals.awarded),
        ("due", totals.due),
        ("overpaid", totals.overpaid),
        ("lifetime", totals.lifetime),
    ];
    let compared = sums
        .into_iter()
        .map(|(key, found)| amount(wanted, key, Some(found), (&policy.names.money.unit(), None), policy, faults));
    let mut differences: Vec<Difference> = compared.collect::<Vec<_>>().into_iter().flatten().collect();
    differences.extend(inner::parts(wanted, &found.parts(), policy, faults));
    differences
}

fn differences(wanted: &Table, line: &Line, policy: &Policy, faults: &mut Vec<Diagnostic>) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differs = |key, item: &Item, values| differences.push(Difference { key, span: item.span.clone(), values });
    if let Some(item) = wanted.get("status")
        && let Some(name) = item.text(faults)
        && name != line.status.name()
    {
        match Status::EVERY.into_iter().find(|status| status.name() == name) {
            Some(expected) => differs("status", item, Values::Status(expected, line.status, line.reason.clone())),
            None => {
                let help = did_you_mean(name, Status::EVERY.iter().map(|status| status.name()));
                faults.push(UNKNOWN_CONCLUSION.at(item.span.clone(), Text::default()).help(help));
            }
        }
    }
    if let Some(item) = wanted.get("failed") {
        let count = match &item.value {
            Raw::Integer(count) => count.parse::<usize>().ok(),
            _ => None,
        };
        match count {
            None => faults.push(NOT_A_COUNT.at(item.span.clone(), item.describe())),
            Some(count) if count != line.failed.len() => {
                differs("failed", item, Values::Failed(count, line.failed.clone()));
            }
            Some(_) => {}
        }
    }
    if let Some(item) = wanted.get("missing") {
        let mut names: Vec<String> = item.texts(faults).into_iter().map(|(name, _)| name).collect();
        let mut found: Vec<&str> = line.missing.iter().map(|fact| fact.name.as_str()).collect();
        names.sort();
        found.sort_unstable();
        if names != found {
            differs("missing", item, Values::Missing(names, line.missing.clone()));
        }
    }
    // What is expected may be written in any unit of the clause's kind.
    let (unit, measure) =
        policy.clause(&line.clause).map_or((policy.names.money.unit(), None), |place| unit_of(policy, place));
    let of = |pick: fn(&Amounts) -> Interval| line.amounts.as_ref().map(pick);
    for (key, found) in [
        ("entitled", of(|amounts| amounts.entitled)),
        ("awarded", of(|amounts| amounts.awarded)),
        ("due", of(|amounts| amounts.due)),
        ("overpaid", of(|amounts| amounts.overpaid)),
        ("used", line.term.map(|term| term.used)),
        ("left", line.term.map(|term| term.left)),
        ("over", line.term.map(|term| term.over)),
        ("lifetime", of(|amounts| amounts.lifetime)),
    ] {
        differences.extend(amount(wanted, key, found, (&unit, measure), policy, faults));
    }
    differences
}

/// The unit of a clause's amounts, and how they are shown.
pub(super) fn unit_of(policy: &Policy, place: usize) -> (Unit, Option<&Measure>) {
    let clause = policy.clauses.get(place);
    let unit = match clause.and_then(|clause| clause.amount.as_ref()).map(|amount| &amount.ty) {
        Some(Type::Quantity(unit)) => unit.clone(),
        _ => policy.names.money.unit(),
    };
    (unit, clause.and_then(|clause| clause.measure.as_ref()))
}

fn amount(
    wanted: &Table,
    key: &'static str,
    found: Option<Interval>,
    (unit, measure): (&Unit, Option<&Measure>),
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) -> Option<Difference> {
    let item = wanted.get(key)?;
    let expected = differing(item, found, (unit, measure), policy, faults)?;
    let name = measure.map_or_else(|| policy.names.unit_name(unit), |measure| measure.name.clone());
    let values = Values::Amount(Box::new((expected, found, name)));
    Some(Difference { key, span: item.span.clone(), values })
}

/// What is expected of an amount, where that is not what was found.
pub(super) fn differing(
    item: &Item,
    found: Option<Interval>,
    (unit, measure): (&Unit, Option<&Measure>),
    policy: &Policy,
    faults: &mut Vec<Diagnostic>,
) -> Option<Interval> {
    let (expected, loose) = expected(item, unit, policy, faults)?;
    let tell = |interval: Interval| measure.map_or(interval, |measure| measure.interval(interval));
    let expected = tell(expected);
    let meets = match found {
        Some(found) if loose => expected.lo <= found.lo && found.hi <= expected.hi,
        found => found == Some(expected),
    };
    (!meets).then_some(expected)
}

/// What is expected of an amount, and whether anything inside it will do.
fn expected(item: &Item, unit: &Unit, policy: &Policy, faults: &mut Vec<Diagnostic>) -> Option<(Interval, bool)> {
    let Raw::Table(table) = &item.value else {
        let number = Bound::At(read_figure(item, unit, &policy.names, faults)?);
        return Some((Interval { lo: number, hi: number }, false));
    };
    let Some((about, within)) = table.get("about").zip(table.get("within")) else {
        table.only(&["at_least", "at_most"], faults);
        let mut number = |item: &Item| read_figure(item, unit, &policy.names, faults).map(Bound::At);
        let lo = table.get("at_least").map_or(Some(Bound::Below), &mut number)?;
        let hi = table.get("at_most").map_or(Some(Bound::Above), &mut number)?;
        return Some((Interval { lo, hi }, false));
    };
    table.only(&["about", "within"], faults);
    if *unit == policy.names.money.unit() {
        let label = Text::new("金额须一分不差", "money must be right to the cent");
        faults.push(TOLERANT.at(item.span.clone(), label));
        return None;
    }
    let about = read_figure(about, unit, &policy.names, faults)?;
    let within = read_figure(within, unit, &policy.names, faults)?;
    let (lo, hi) = (about.minus(within)?, about.plus(within)?);
    Some((Interval { lo: Bound::At(lo), hi: Bound::At(hi) }, true))
}
