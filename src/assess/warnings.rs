//! What an officer must know before signing.

use crate::applicant::{Applicant, identity};
use crate::assess::line::PolicyLines;
use crate::assess::model::{Line, Status, Warning};
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Bound;

/// Records that are perhaps the same thing.
pub const PERHAPS_TWICE: &str = "perhaps-twice";
/// Totals that are perhaps wider than need be.
pub const LOOSE_TOTALS: &str = "loose-totals";
/// What other options of readings come to is perhaps wider than need be.
pub const LOOSE_READINGS: &str = "loose-readings";
/// What must be known of one applicant's results wherever they are written.
pub const OF_APPLICANT: [&str; 3] = [PERHAPS_TWICE, LOOSE_TOTALS, LOOSE_READINGS];

/// The warnings, those about whole policies first.
pub(super) fn warnings(parts: &[PolicyLines<'_>], applicant: &Applicant, lines: &[Line]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (place, policy) in parts.iter().map(|part| part.policy).enumerate() {
        let title = &policy.title;
        if let Some(text) = &policy.status.warning {
            let text = Text::made(format!("《{}》：{}", title.zh, text.zh), format!("{}: {}", title.en, text.en));
            warnings.push(Warning { code: policy.status.name, text });
        }
        if applicant.as_of > policy.window.hi {
            let last = policy.window.hi;
            let text = Text::made(
                format!("《{}》有效期至 {last}，评估日期已过有效期", title.zh),
                format!("{}: valid until {last}, which is before the evaluation date", title.en),
            );
            warnings.push(Warning { code: "expired", text });
        }
        for supplement in &policy.supplements {
            let title = &supplement.title;
            let (zh, en) = if supplement.invented {
                ("（其中数字为虚构，仅作演示）", ", whose figures are invented")
            } else {
                ("", "")
            };
            let text = Text::made(
                format!("已并用补充文件《{}》{zh}", title.zh),
                format!("applied with the supplement {}{en}", title.en),
            );
            warnings.push(Warning { code: "supplement", text });
        }
        warnings.extend(perhaps_twice(place, policy, applicant));
        let notes = policy.notes.iter();
        warnings.extend(notes.map(|note| Warning { code: "policy-note", text: note.clone() }));
    }
    let mut unchecked: Vec<String> = Vec::new();
    for (part, line) in parts.iter().flat_map(|part| lines.iter().map(move |line| (part, line))) {
        let place = part.policy.clause(&line.clause).filter(|_| line.policy == part.policy.id);
        let clause = place.and_then(|place| part.policy.clauses.get(place));
        let pays = matches!(line.status, Status::Eligible | Status::Undetermined);
        if pays
            && !unchecked.contains(&line.cite)
            && clause.is_some_and(|clause| !part.unchecked_limits(clause).is_empty())
        {
            unchecked.push(line.cite.clone());
        }
    }
    warnings.extend((!unchecked.is_empty()).then(|| unchecked_limits(&unchecked)));
    for line in lines {
        let overpaid = line.amounts.as_ref().is_some_and(|amounts| amounts.overpaid.lo > Bound::ZERO);
        if overpaid {
            let text = Text::made(
                format!("{}《{}》已发金额多于核定金额", line.cite, line.title.zh),
                format!("{} ({}): more was paid than is awarded", line.cite, line.title.en),
            );
            warnings.push(Warning { code: "overpaid", text });
        }
    }
    for payment in applicant.paid.iter().filter(|payment| payment.policy.is_none()) {
        let clause = crate::source::clean(&payment.clause);
        let text = Text::made(
            format!("已发记录中的条款 {clause} 属于未计算的政策，未计入"),
            format!("a payment for clause {clause} belongs to a policy that was not applied, and was left out"),
        );
        warnings.push(Warning { code: "payment-elsewhere", text });
    }
    warnings
}

/// That clauses, by where they stand, have limits over all applicants that were not checked.
pub fn unchecked_limits(cites: &[String]) -> Warning {
    let text = Text::made(
        format!("{}有涉及全部申请人的限额，单个核算未核对", cites.join("、")),
        format!("limits over all applicants were not checked: {}", cites.join(", ")),
    );
    Warning { code: "unchecked-limit", text }
}

/// What every result says, however briefly: records that are perhaps the same thing.
pub fn in_brief(policies: &[&Policy], applicant: &Applicant) -> Vec<Warning> {
    let policies = policies.iter().copied().enumerate();
    policies.flat_map(|(place, policy)| perhaps_twice(place, policy, applicant)).collect()
}

fn perhaps_twice(place: usize, policy: &Policy, applicant: &Applicant) -> Vec<Warning> {
    if applicant.apart {
        return Vec::new();
    }
    let unsure = applicant.inputs.get(place).map(|inputs| identity::unsure(policy, inputs, applicant.as_of));
    unsure.into_iter().flatten().map(|text| Warning { code: PERHAPS_TWICE, text }).collect()
}

/// That what other options of readings come to is perhaps not reached.
pub(super) fn loose_readings() -> Warning {
    let text = Text::new(
        "其他读法下未逐一核算各种情形（待补事项过多）：所列区间必含实际结果，但可能偏宽，“结果不同”也可能只是区间宽窄不同",
        "not every case was worked out under other readings (too much is missing): what is shown for them holds whatever comes, but may be wider than need be, and seem to differ only for that",
    );
    Warning { code: LOOSE_READINGS, text }
}

/// That the bounds of the sums are perhaps not reached.
pub(super) fn loose_sums() -> Warning {
    let text = Text::new(
        "合计未逐一核算各种情形（待补事项过多，或几项限额互相牵制）：区间必含实际结果，但可能偏宽",
        "not every case of the totals was worked out (too much is missing, or limits depend on each other): they hold whatever comes, but may be wider than need be",
    );
    Warning { code: LOOSE_TOTALS, text }
}
