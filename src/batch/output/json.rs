//! JSON Lines, one object an applicant. Amounts are texts with two places; an end without bound is null.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Applicant, marks};
use crate::assess::model::{self, Claim, PartSum, PartSums};
use crate::batch::{Across, AcrossView, KnownSums, LineView, Plan, Sums, TotalsView};
use crate::clause::Clause;
use crate::expr::names::Money;
use crate::lang::Text;
use crate::settle::Settled;
use crate::value::{Interval, Number, Truth};

/// The version of the shape.
pub const SCHEMA: &str = "duixian/result@2";

#[derive(Serialize)]
struct Of<'a> {
    schema: &'static str,
    id: String,
    name: &'a str,
    as_of: String,
    /// What is carried along from the row.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    kept: serde_json::Map<String, serde_json::Value>,
    /// The policies that lines are of.
    policies: Vec<OfPolicy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    for_settling: Option<ForSettling<'a>>,
    lines: Vec<OfLine<'a>>,
    totals: Amounts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<OfWarning<'a>>,
}

#[derive(Serialize)]
struct OfWarning<'a> {
    code: &'a str,
    text: &'a Text,
}

/// That limits over all applicants are still to be settled: how many claims there are, and by which version of which policy.
#[derive(Serialize)]
struct ForSettling<'a> {
    claims: usize,
    policies: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct OfPolicy<'a> {
    id: &'a str,
    status: &'static str,
    /// Whether the evaluation date is after its last day.
    expired: bool,
    /// What it pays in, where that is not 元.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
}

#[derive(Serialize)]
struct OfLine<'a> {
    policy: &'a str,
    clause: &'a str,
    record: Option<String>,
    status: &'static str,
    reason: Cow<'a, Text>,
    /// The conditions that fail, one by one.
    #[serde(skip_serializing_if = "<[Text]>::is_empty")]
    failed: &'a [Text],
    missing: Vec<&'a str>,
    counted: bool,
    amounts: Option<Amounts>,
    /// Who bears what is awarded, or of which year it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<OfParts>,
    /// What is still to be settled over all applicants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<OfClaim<'a>>,
    /// What was settled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    settled: Vec<OfSettled<'a>>,
    /// The readings under another option of which it comes out, or claims, otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<OfReading<'a>>,
}

#[derive(Serialize)]
struct OfParts {
    by: String,
    of: Vec<OfPart>,
}

#[derive(Serialize)]
struct OfPart {
    id: String,
    awarded: Range,
    due: Range,
}

impl OfParts {
    fn of(parts: PartSums) -> OfParts {
        let of =
            |part: PartSum| OfPart { id: part.name.name, awarded: Range::of(part.awarded), due: Range::of(part.due) };
        OfParts { by: parts.by.name, of: parts.parts.into_iter().map(of).collect() }
    }
}

#[derive(Serialize)]
struct OfReading<'a> {
    policy: &'a str,
    id: &'a str,
    /// The option taken.
    taken: &'a str,
    others: Vec<OfOption<'a>>,
}

/// The line under another option.
#[derive(Serialize)]
struct OfOption<'a> {
    option: &'a str,
    status: &'static str,
    amounts: Option<Amounts>,
    /// What it then claims, where that is something else and still to be settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<OfClaim<'a>>>,
}

impl<'a> OfReading<'a> {
    fn all(plan: &Plan<'a>, line: &LineView<'a>, clause: &'a Clause) -> Vec<OfReading<'a>> {
        let own = match line.across {
            AcrossView::Claims(claims) => claims,
            AcrossView::None | AcrossView::Settled(_) => &[],
        };
        let mut found: Vec<OfReading<'a>> = Vec::new();
        for other in line.otherwise {
            let alternative = other.alternative;
            let Some(named) = plan.reading(alternative.policy, alternative.reading) else { continue };
            let option = OfOption {
                option: named.option(alternative.option),
                status: other.status.name(),
                amounts: other.amounts.as_ref().map(Amounts::of),
                claims: (other.claims != own)
                    .then(|| other.claims.iter().filter_map(|claim| OfClaim::of(claim, clause)).collect()),
            };
            let (policy, id) = (named.policy.id.as_str(), named.id());
            match found.last_mut().filter(|last| (last.policy, last.id) == (policy, id)) {
                Some(last) => last.others.push(option),
                None => {
                    let taken = named.option(alternative.taken);
                    found.push(OfReading { policy, id, taken, others: vec![option] });
                }
            }
        }
        found
    }
}

/// A claim on a limit, which is named by its place among the clause's, from 1. Numbers are exact; null: not known.
#[derive(Serialize)]
struct OfClaim<'a> {
    limit: usize,
    text: &'a Text,
    applies: Option<bool>,
    stands: Option<bool>,
    many: bool,
    overlaps: bool,
    key: &'a [Option<String>],
    order: Range,
    limited_to: Range,
    to_date: Range,
    lifetime: Range,
    missing: Vec<&'a str>,
}

#[derive(Serialize)]
struct OfSettled<'a> {
    limit: usize,
    text: &'a Text,
    outcome: &'static str,
    rank: Option<Rank>,
    of: Option<u32>,
    tied: bool,
}

#[derive(Serialize)]
struct Rank {
    at_least: u32,
    at_most: u32,
}

fn truth(truth: Truth) -> Option<bool> {
    truth.is_point().then(|| truth.is_true())
}

impl<'a> OfClaim<'a> {
    fn of(claim: &'a Claim, clause: &'a Clause) -> Option<OfClaim<'a>> {
        Some(OfClaim {
            limit: claim.limit + 1,
            text: &clause.limits.get(claim.limit)?.text,
            applies: truth(claim.applies),
            stands: truth(claim.stands),
            many: claim.many,
            overlaps: claim.overlaps,
            key: &claim.key,
            order: Range::exact(claim.order),
            limited_to: Range::exact(claim.at_most),
            to_date: Range::exact(claim.to_date),
            lifetime: Range::exact(claim.lifetime),
            missing: claim.missing.iter().map(|fact| fact.name.as_str()).collect(),
        })
    }
}

impl<'a> OfSettled<'a> {
    fn of(settled: &Settled, clause: &'a Clause) -> Option<OfSettled<'a>> {
        Some(OfSettled {
            limit: settled.limit + 1,
            text: &clause.limits.get(settled.limit)?.text,
            outcome: settled.outcome.name(),
            rank: settled.rank.map(|(at_least, at_most)| Rank { at_least, at_most }),
            of: settled.of,
            tied: settled.tied,
        })
    }
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
pub(super) struct Range {
    at_least: Option<String>,
    at_most: Option<String>,
}

impl Amounts {
    fn of(amounts: &model::Amounts) -> Amounts {
        Amounts {
            awarded: Range::of(amounts.awarded),
            paid: amounts.paid.money(),
            due: Range::of(amounts.due),
            overpaid: Range::of(amounts.overpaid),
            lifetime: Range::of(amounts.lifetime),
        }
    }
}

impl Range {
    pub fn of(interval: Interval) -> Range {
        let end = |number: Option<Number>| number.map(Number::money);
        Range { at_least: end(interval.lo.number()), at_most: end(interval.hi.number()) }
    }

    fn exact(interval: Interval) -> Range {
        let end = |number: Option<Number>| number.map(Number::exact);
        Range { at_least: end(interval.lo.number()), at_most: end(interval.hi.number()) }
    }
}

fn known(sums: &KnownSums) -> Amounts {
    let of = |number: Number| Range::of(Interval::point(number));
    Amounts {
        awarded: of(sums.awarded),
        paid: Number::ZERO.money(),
        due: of(sums.due),
        overpaid: of(Number::ZERO),
        lifetime: of(sums.lifetime),
    }
}

/// The fingerprints of the plan's policies, where its results are for `settle`; else none.
pub(super) fn fingerprints(plan: &Plan<'_>) -> Vec<String> {
    if !matches!(plan.across, Across::Later) || !plan.has_limits_across() {
        return Vec::new();
    }
    plan.setup.policies.iter().map(|policy| policy.fingerprint()).collect()
}

pub(super) fn row<'a>(
    plan: &Plan<'a>,
    fingerprints: &[String],
    applicant: &Applicant<'_>,
    lines: &[LineView<'a>],
    totals: &TotalsView<'_>,
    out: &mut Vec<u8>,
) {
    let policies = marks(plan, lines, applicant.as_of);
    let policies = policies.map(|(policy, expired)| OfPolicy {
        id: &policy.id,
        status: policy.status.name,
        expired,
        currency: (policy.names.money != Money::default()).then_some(policy.names.money.word.as_str()),
    });
    let policies = policies.collect();
    let of_policy = |line: &LineView<'_>| {
        Some((plan.setup.policies.get(line.policy)?.id.as_str(), fingerprints.get(line.policy)?.as_str()))
    };
    let made_by: BTreeMap<&str, &str> = lines.iter().filter_map(of_policy).collect();
    let lines = lines.iter().filter_map(|line| {
        let policy = plan.setup.policies.get(line.policy)?;
        let clause = policy.clauses.get(line.clause)?;
        let amounts = line.sums.map(|sums| match sums {
            Sums::Known(sums) => known(&sums),
            Sums::Exact(amounts) => Amounts::of(amounts),
        });
        let record = line.record.map(|record| record.label.clone().unwrap_or_else(|| record.index.to_string()));
        let (claims, settled) = match line.across {
            AcrossView::None => (&[][..], &[][..]),
            AcrossView::Claims(claims) => (claims, &[][..]),
            AcrossView::Settled(settled) => (&[][..], settled),
        };
        Some(OfLine {
            policy: &policy.id,
            clause: &clause.id,
            record,
            status: line.verdict.status.name(),
            reason: super::long::why(plan, line),
            failed: &line.verdict.failed,
            missing: line.missing.iter().map(|fact| fact.name.as_str()).collect(),
            counted: line.counted,
            amounts,
            parts: line.parts().into_iter().map(OfParts::of).collect(),
            claims: claims.iter().filter_map(|claim| OfClaim::of(claim, clause)).collect(),
            settled: settled.iter().filter_map(|settled| OfSettled::of(settled, clause)).collect(),
            readings: OfReading::all(plan, line, clause),
        })
    });
    let totals = match totals {
        TotalsView::Known(sums) => known(sums),
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
    let lines: Vec<OfLine<'_>> = lines.collect();
    let claims = lines.iter().map(|line| line.claims.len()).sum();
    let for_settling = (!fingerprints.is_empty()).then_some(ForSettling { claims, policies: made_by });
    let warnings = applicant.warnings.iter().map(|warning| OfWarning { code: warning.code, text: &warning.text });
    let (name, warnings) = (applicant.name, warnings.collect());
    let kept = plan.kept.iter().zip(&applicant.kept);
    let kept = kept.map(|(head, cell)| (head.clone(), serde_json::Value::from(*cell))).collect();
    let of = Of { schema: SCHEMA, id, name, as_of, kept, policies, for_settling, lines, totals, warnings };
    // Texts, numbers and lists always have a JSON form, and memory does not refuse to be written to.
    let _ = serde_json::to_writer(&mut *out, &of);
    out.push(b'\n');
}
