//! From what was worked out to the conclusion of a line, and its reason.

use crate::assess::draft::{Draft, Loss};
use crate::assess::model::Status;
use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::lang::Text;
use crate::value::{Day, Interval};

/// What a line comes to, before it is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conclusion {
    /// The event never happened.
    NeverHappened,
    /// It lies outside the clause's window.
    OutsideWindow,
    /// It comes after the evaluation date.
    NotReached,
    /// A condition fails.
    Fails,
    /// Whether the conditions hold is open.
    Open,
    /// Met, where there is no amount to compute.
    Met,
    /// The conditions hold; the amount is open.
    AmountOpen,
    /// The policy's own rules leave nothing; the last of them that took something.
    Refused(Option<Loss>),
    /// Nothing is paid in any case; on what ground is open.
    GroundOpen,
    /// Another scheme pays for the same thing.
    PaidElsewhere,
    /// The cap leaves nothing.
    CappedToNothing,
    /// The calculation gives 0.
    ComesToNothing,
    /// Nothing has fallen due yet.
    NotYetDue,
    /// All conditions hold and something is owed.
    Owed,
}

impl Conclusion {
    /// The conclusion of a draft.
    pub(super) fn of(clause: &Clause, draft: &Draft) -> Conclusion {
        if draft.happened.is_false() {
            return Conclusion::NeverHappened;
        }
        if draft.inside.is_false() {
            return Conclusion::OutsideWindow;
        }
        if draft.reached.is_false() {
            return Conclusion::NotReached;
        }
        if draft.meets.is_false() {
            return Conclusion::Fails;
        }
        if !draft.holds().is_point() {
            return Conclusion::Open;
        }
        if !has_amount(clause) {
            return Conclusion::Met;
        }
        if !draft.to_date.is_point() || !draft.lifetime.is_point() {
            return Conclusion::AmountOpen;
        }
        let nothing = draft.to_date == Interval::ZERO && draft.lifetime == Interval::ZERO;
        if nothing && draft.refused.is_true() {
            return Conclusion::Refused(draft.losses.iter().rfind(|loss| **loss != Loss::Overlap).copied());
        }
        if nothing && !draft.refused.is_false() {
            return Conclusion::GroundOpen;
        }
        let of = (draft.entitled == Interval::ZERO, draft.to_date == Interval::ZERO);
        Conclusion::of_amounts(of.0, of.1, draft.lifetime == Interval::ZERO, draft.losses.last().copied())
    }

    /// The conclusion where all conditions hold, from which amounts are 0 and the last loss that was not the policy's own.
    pub(crate) fn of_amounts(entitled: bool, to_date: bool, lifetime: bool, loss: Option<Loss>) -> Conclusion {
        let nothing = to_date && lifetime;
        match loss {
            Some(Loss::Overlap) if nothing => Conclusion::PaidElsewhere,
            None if to_date && !entitled => Conclusion::CappedToNothing,
            _ if nothing && entitled => Conclusion::ComesToNothing,
            _ if to_date => Conclusion::NotYetDue,
            _ => Conclusion::Owed,
        }
    }

    /// The status that goes with it.
    pub fn status(self) -> Status {
        match self {
            Conclusion::OutsideWindow => Status::NotApplicable,
            Conclusion::NeverHappened | Conclusion::NotReached | Conclusion::Fails | Conclusion::Refused(_) => {
                Status::NotEligible
            }
            Conclusion::Open | Conclusion::AmountOpen | Conclusion::GroundOpen => Status::Undetermined,
            Conclusion::Met => Status::Met,
            Conclusion::PaidElsewhere
            | Conclusion::CappedToNothing
            | Conclusion::ComesToNothing
            | Conclusion::NotYetDue
            | Conclusion::Owed => Status::Eligible,
        }
    }

    /// The reason in words; `failed` are the words of the conditions that fail.
    pub fn reason<'t>(self, clause: &Clause, failed: impl Iterator<Item = &'t Text>, as_of: Day) -> Text {
        match self {
            Conclusion::NeverHappened => Text::new("所依据的事项没有发生", "what it depends on has not happened"),
            Conclusion::OutsideWindow => window(clause),
            Conclusion::NotReached => Text::made(
                format!("所依据的事项在评估日期（{as_of}）之后"),
                format!("what it depends on comes after the evaluation date ({as_of})"),
            ),
            Conclusion::Fails => {
                let texts: Vec<Text> = failed.cloned().collect();
                let texts = Text::join(&texts, "；", "; ");
                Text::made(format!("不满足：{}", texts.zh), format!("not met: {}", texts.en))
            }
            Conclusion::Open => Text::new("条件待核", "whether the conditions hold is open"),
            Conclusion::Met => {
                let goal = clause.kind.name == "target" && clause.requires.is_empty();
                let plain =
                    Text::new("发文机关的工作目标，不产生权利", "a goal of the issuer; nobody is entitled to anything");
                if goal { plain } else { clause.kind.met.clone() }
            }
            Conclusion::AmountOpen => Text::new("符合条件，金额待定", "the conditions hold; the amount is open"),
            Conclusion::Refused(loss) => refused(loss),
            Conclusion::GroundOpen => {
                Text::new("无论如何不发，依据待定", "nothing is paid in any case; on what ground is open")
            }
            Conclusion::PaidElsewhere => {
                Text::new("同一事项由其他政策支付，不重复享受", "another scheme pays for the same thing")
            }
            Conclusion::CappedToNothing => Text::new("封顶或限制后为 0", "the cap leaves nothing"),
            Conclusion::ComesToNothing => Text::new("按规定计算为 0", "the calculation gives 0"),
            Conclusion::NotYetDue => Text::new("条件满足，尚未到期", "the conditions hold; nothing has fallen due yet"),
            Conclusion::Owed => Text::new("各项条件均满足", "all conditions hold"),
        }
    }
}

/// A conclusion in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The status.
    pub status: Status,
    /// The reason.
    pub reason: Text,
    /// The words of the conditions that fail, where that is the reason.
    pub failed: Vec<Text>,
}

impl Verdict {
    /// A conclusion in words; `failed` are those of the conditions that fail.
    pub fn of<'t>(
        conclusion: Conclusion,
        clause: &Clause,
        failed: impl Iterator<Item = &'t Text> + Clone,
        as_of: Day,
    ) -> Verdict {
        let reason = conclusion.reason(clause, failed.clone(), as_of);
        let failed = if conclusion == Conclusion::Fails { failed.cloned().collect() } else { Vec::new() };
        Verdict { status: conclusion.status(), reason, failed }
    }
}

/// Whether a clause has an amount to compute.
pub fn has_amount(clause: &Clause) -> bool {
    clause.kind.measures != Measures::Nothing && (clause.amount.is_some() || !clause.installments.is_empty())
}

/// The last of the policy's own rules that left nothing.
fn refused(loss: Option<Loss>) -> Text {
    match loss {
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
