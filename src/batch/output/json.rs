//! JSON Lines, one object an applicant. Amounts are texts with two places; an end without bound is null.

use serde::Serialize;

use super::Applicant;
use crate::batch::result::yuan;
use crate::batch::{LineView, Plan, Sums, TotalsView};
use crate::lang::Text;
use crate::value::{Interval, Number};

/// The version of the shape.
const SCHEMA: &str = "duixian/result@1";

#[derive(Serialize)]
struct Of<'a> {
    schema: &'static str,
    id: String,
    name: &'a str,
    as_of: String,
    lines: Vec<OfLine<'a>>,
    totals: Amounts,
}

#[derive(Serialize)]
struct OfLine<'a> {
    policy: &'a str,
    clause: &'a str,
    record: Option<String>,
    status: &'static str,
    reason: &'a Text,
    missing: Vec<&'a str>,
    counted: bool,
    amounts: Option<Amounts>,
}

#[derive(Serialize)]
struct Amounts {
    awarded: Range,
    paid: String,
    due: Range,
    overpaid: Range,
    lifetime: Range,
}

#[derive(Serialize)]
struct Range {
    at_least: Option<String>,
    at_most: Option<String>,
}

impl Range {
    fn of(interval: Interval) -> Range {
        let end = |number: Option<Number>| number.map(Number::money);
        Range { at_least: end(interval.lo.number()), at_most: end(interval.hi.number()) }
    }
}

fn known(awarded: i64, lifetime: i64) -> Amounts {
    Amounts {
        awarded: Range::of(yuan(awarded)),
        paid: Number::ZERO.money(),
        due: Range::of(yuan(awarded)),
        overpaid: Range::of(Interval::ZERO),
        lifetime: Range::of(yuan(lifetime)),
    }
}

pub(super) fn row(
    plan: &Plan<'_>,
    applicant: &Applicant<'_>,
    lines: &[LineView<'_>],
    totals: &TotalsView<'_>,
    out: &mut Vec<u8>,
) {
    let lines = lines.iter().filter_map(|line| {
        let policy = plan.setup.policies.get(line.policy)?;
        let clause = policy.clauses.get(line.clause)?;
        let amounts = line.sums.map(|sums| match sums {
            Sums::Known { awarded, lifetime } => known(awarded, lifetime),
            Sums::Exact(amounts) => Amounts {
                awarded: Range::of(amounts.awarded),
                paid: amounts.paid.money(),
                due: Range::of(amounts.due),
                overpaid: Range::of(amounts.overpaid),
                lifetime: Range::of(amounts.lifetime),
            },
        });
        let record = line.record.map(|record| record.label.clone().unwrap_or_else(|| record.index.to_string()));
        Some(OfLine {
            policy: &policy.id,
            clause: &clause.id,
            record,
            status: line.verdict.status.name(),
            reason: &line.verdict.reason,
            missing: line.missing.iter().map(|fact| fact.name.as_str()).collect(),
            counted: line.counted,
            amounts,
        })
    });
    let totals = match totals {
        TotalsView::Known { awarded, lifetime } => known(*awarded, *lifetime),
        TotalsView::Exact(totals) => Amounts {
            awarded: Range::of(totals.awarded),
            paid: totals.paid.money(),
            due: Range::of(totals.due),
            overpaid: Range::of(totals.overpaid),
            lifetime: Range::of(totals.lifetime),
        },
    };
    let id = applicant.id.map_or_else(|| applicant.line.to_string(), str::to_owned);
    let as_of = applicant.as_of.to_string();
    let of = Of { schema: SCHEMA, id, name: applicant.name, as_of, lines: lines.collect(), totals };
    // Texts, numbers and lists always have a JSON form, and memory does not refuse to be written to.
    let _ = serde_json::to_writer(&mut *out, &of);
    out.push(b'\n');
}
