//! From what was worked out to the conclusion of a line, and its reason.

use crate::assess::draft::{Draft, Loss};
use crate::assess::model::{Failed, Status};
use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::lang::Text;
use crate::value::{Day, Interval};

/// The conclusion and its reason.
pub(super) fn conclude(clause: &Clause, draft: &Draft, failed: &[Failed], as_of: Day) -> (Status, Text) {
    if draft.happened.is_false() {
        return (Status::NotEligible, Text::new("所依据的事项没有发生", "what it depends on has not happened"));
    }
    if draft.inside.is_false() {
        return (Status::NotApplicable, window(clause));
    }
    if draft.reached.is_false() {
        let text = Text::made(
            format!("所依据的事项在评估日期（{as_of}）之后"),
            format!("what it depends on comes after the evaluation date ({as_of})"),
        );
        return (Status::NotEligible, text);
    }
    if draft.meets.is_false() {
        let texts: Vec<Text> = failed.iter().map(|failed| failed.text.clone()).collect();
        let texts = Text::join(&texts, "；", "; ");
        return (Status::NotEligible, Text::made(format!("不满足：{}", texts.zh), format!("not met: {}", texts.en)));
    }
    if !draft.holds().is_point() {
        return (Status::Undetermined, Text::new("条件待核", "whether the conditions hold is open"));
    }
    if clause.kind.measures == Measures::Nothing || (clause.amount.is_none() && clause.installments.is_empty()) {
        let goal = clause.kind.name == "target" && clause.requires.is_empty();
        let plain = Text::new("发文机关的工作目标，不产生权利", "a goal of the issuer; nobody is entitled to anything");
        return (Status::Met, if goal { plain } else { clause.kind.met.clone() });
    }
    if !draft.to_date.is_point() || !draft.lifetime.is_point() {
        return (Status::Undetermined, Text::new("符合条件，金额待定", "the conditions hold; the amount is open"));
    }
    let nothing = draft.to_date == Interval::ZERO && draft.lifetime == Interval::ZERO;
    if nothing && draft.refused.is_true() {
        return (Status::NotEligible, refused(&draft.losses));
    }
    if nothing && !draft.refused.is_false() {
        return (
            Status::Undetermined,
            Text::new("无论如何不发，依据待定", "nothing is paid in any case; on what ground is open"),
        );
    }
    match draft.losses.last() {
        Some(Loss::Overlap) if nothing => (
            Status::Eligible,
            Text::new("同一事项由其他政策支付，不重复享受", "another scheme pays for the same thing"),
        ),
        None if draft.to_date == Interval::ZERO && draft.entitled != Interval::ZERO => {
            (Status::Eligible, Text::new("封顶或限制后为 0", "the cap leaves nothing"))
        }
        _ if nothing && draft.entitled == Interval::ZERO => {
            (Status::Eligible, Text::new("按规定计算为 0", "the calculation gives 0"))
        }
        _ if draft.to_date == Interval::ZERO => {
            (Status::Eligible, Text::new("条件满足，尚未到期", "the conditions hold; nothing has fallen due yet"))
        }
        _ => (Status::Eligible, Text::new("各项条件均满足", "all conditions hold")),
    }
}

/// The last of the policy's own rules that left nothing.
fn refused(losses: &[Loss]) -> Text {
    match losses.iter().rfind(|loss| **loss != Loss::Overlap) {
        Some(Loss::Limit) => Text::new("名额或限额已用完", "the limit is used up"),
        Some(Loss::Displaced) => Text::new("由另一条款代替", "another clause takes its place"),
        Some(Loss::Lower) => Text::new("同类只取最高，另一条款较高", "only the highest counts, and another is higher"),
        Some(Loss::NoLongerPaid) => Text::new("评估日期已过最后发放日", "the last day of payment has passed"),
        Some(Loss::Overlap) | None => {
            Text::new("由限额或其他条款排除", "a limit or another clause leaves nothing of it")
        }
    }
}

fn window(clause: &Clause) -> Text {
    let (from, to) = (clause.window.lo, clause.window.hi);
    match (from == Day::FIRST, to == Day::NEVER) {
        (false, false) => Text::made(
            format!("不在条款有效期内（{from} 至 {to}）"),
            format!("outside the clause's window ({from} to {to})"),
        ),
        (false, true) => {
            Text::made(format!("早于条款起效日 {from}"), format!("before the clause takes effect on {from}"))
        }
        (true, _) => Text::made(format!("晚于条款截止日 {to}"), format!("after the clause's last day, {to}")),
    }
}
