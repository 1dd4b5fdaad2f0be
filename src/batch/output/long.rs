//! CSV, one row an applicant and line.

use std::borrow::Cow;

use super::{Applicant, cell, mark, readings};
use crate::assess::Detail;
use crate::assess::model::{Amounts, PartSum, PartSums, Status};
use crate::batch::{AcrossView, LineView, Plan, Sums};
use crate::lang::{Lang, Text};
use crate::report::fault;
use crate::settle::to_be_settled;
use crate::value::{Bound, Interval, Number};

const BEGIN: &str = "id,name,as_of";
const HEADS: &str = ",policy,clause,cite,title,record,status,reason,missing,unit,awarded_at_least,awarded_at_most,paid,\
due_at_least,due_at_most,overpaid_at_least,overpaid_at_most,lifetime_at_least,lifetime_at_most,readings,mark\n";

pub(super) fn heads(plan: &Plan<'_>) -> Vec<u8> {
    let mut out: Vec<u8> = BEGIN.into();
    cell::kept(plan.kept.iter().map(String::as_str), &mut out);
    out.extend_from_slice(HEADS.as_bytes());
    if plan.is_divided() {
        out.pop();
        out.extend_from_slice(b",parts\n");
    }
    out
}

pub(super) fn row(plan: &Plan<'_>, applicant: &Applicant<'_>, lines: &[LineView<'_>], out: &mut Vec<u8>) {
    let mut head = Vec::new();
    cell::id(applicant.id, applicant.line, &mut head);
    head.push(b',');
    cell::text(applicant.name, &mut head);
    head.push(b',');
    head.extend_from_slice(applicant.as_of.to_string().as_bytes());
    cell::kept(applicant.kept.iter().copied(), &mut head);
    head.push(b',');
    for line in lines {
        let Some(policy) = plan.setup.policies.get(line.policy) else { continue };
        let Some(clause) = policy.clauses.get(line.clause) else { continue };
        out.extend_from_slice(&head);
        for text in [&policy.id, &clause.id, &clause.cite] {
            cell::text(text, out);
            out.push(b',');
        }
        cell::text(clause.title.get(plan.lang), out);
        out.push(b',');
        if let Some(record) = line.record {
            match &record.label {
                Some(label) => cell::text(label, out),
                None => out.extend_from_slice(record.index.to_string().as_bytes()),
            }
        }
        out.push(b',');
        out.extend_from_slice(line.verdict.status.name().as_bytes());
        out.push(b',');
        cell::text(reason(plan, line).get(plan.lang), out);
        out.push(b',');
        let missing: Vec<&str> = line.missing.iter().map(|fact| fact.name.as_str()).collect();
        cell::text(&missing.join(" "), out);
        match (&line.sums, line.verdict.status) {
            (None, _) | (_, Status::NotApplicable) => out.extend_from_slice(b",,,,,,,,,,"),
            (Some(Sums::Known(sums)), _) => {
                out.push(b',');
                cell::text(line.unit.unwrap_or(plan.money()), out);
                out.push(b',');
                cell::both(sums.awarded, out);
                out.extend_from_slice(b",0.00,");
                cell::both(sums.due, out);
                out.extend_from_slice(b",0.00,0.00,");
                cell::both(sums.lifetime, out);
            }
            (Some(Sums::Exact(amounts)), _) => {
                out.push(b',');
                exact(amounts, line.unit.unwrap_or(""), out);
            }
        }
        out.push(b',');
        cell::text(&readings(plan, Some(line.policy), line.otherwise).join(" "), out);
        out.push(b',');
        cell::text(&applicant.marked(&mark(policy, applicant.as_of)), out);
        if plan.is_divided() {
            out.push(b',');
            cell::text(&parts(&line.parts()), out);
        }
        out.push(b'\n');
    }
}

/// `payer.province 50000.00; year.2025 6000.00..7000.00`: what each part is awarded, those that come to nothing left out.
pub(super) fn parts(parts: &[PartSums]) -> String {
    let one = |by: &str, part: &PartSum| {
        let end = |bound: Bound| bound.number().map_or_else(String::new, Number::money);
        let (lo, hi) = (end(part.awarded.lo), end(part.awarded.hi));
        let amount = if part.awarded.is_point() { lo } else { format!("{lo}..{hi}") };
        format!("{by}.{} {amount}", part.name.name)
    };
    let told = parts.iter().flat_map(|of| {
        let parts = of.parts.iter().filter(|part| part.awarded != Interval::ZERO);
        parts.map(|part| one(&of.by.name, part))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The reason; where limits over all applicants are still to be settled, it says so.
pub(super) fn reason<'l>(plan: &Plan<'_>, line: &'l LineView<'_>) -> Cow<'l, Text> {
    let whole = why(plan, line);
    let AcrossView::Claims(claims) = line.across else { return whole };
    let Some(clause) = plan.clause(line.policy, line.clause) else { return whole };
    let later = to_be_settled(claims.iter().filter_map(|claim| clause.limits.get(claim.limit)));
    Cow::Owned(Text::join([&*whole, &later], "；", "; "))
}

/// The reason, with the figures of the conditions that fail where the working was asked for.
pub(super) fn why<'l>(plan: &Plan<'_>, line: &'l LineView<'_>) -> Cow<'l, Text> {
    let working = line.working.filter(|_| plan.detail >= Detail::Steps);
    let failed = working.map_or(&[][..], |working| &working.failed);
    if failed.is_empty() {
        return Cow::Borrowed(&line.verdict.reason);
    }
    let faults: Vec<Text> =
        failed.iter().map(|failed| Text::made(fault(failed, Lang::Zh), fault(failed, Lang::En))).collect();
    Cow::Owned(Text::join(&faults, "；", "; "))
}

fn exact(amounts: &Amounts, unit: &str, out: &mut Vec<u8>) {
    cell::text(unit, out);
    out.push(b',');
    cell::range(amounts.awarded, out);
    out.push(b',');
    out.extend_from_slice(amounts.paid.money().as_bytes());
    for range in [amounts.due, amounts.overpaid, amounts.lifetime] {
        out.push(b',');
        cell::range(range, out);
    }
}
