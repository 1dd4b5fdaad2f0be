//! From what was worked out to the conclusion of a line, and its reason.

use crate::assess::draft::{Draft, Loss};
use crate::assess::model::{Line, Status};
use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::lang::Text;
use crate::value::{Day, DayRange, Interval};

/// What a line comes to, before it is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conclusion {
    /// The event never happened.
    NeverHappened,
    /// It lies outside the clause's window.
    OutsideWindow,
    /// It comes after the evaluation date.
    NotReached,
    /// The clause takes effect after the evaluation date.
    NotYetInForce,
    /// A condition fails.
    Fails,
    /// Whether the conditions hold is open.
    Open,
    /// Met, where there is no amount to compute.
    Met,
    /// The clause states something, and asks nothing of anybody.
    Stated,
    /// The conditions hold; the amount is open.
    AmountOpen,
    /// The policy's own rules leave nothing; the last of them that took something.
    Refused(Option<Loss>),
    /// Nothing is paid in any case; on what ground is open.
    GroundOpen,
    /// Another scheme pays for the same thing.
    PaidElsewhere,
    /// The cap or rounding leaves nothing.
    CappedToNothing,
    /// The calculation gives 0.
    ComesToNothing,
    /// Nothing has fallen due yet.
    NotYetDue,
    /// More of a term is used than there is.
    Overrun,
    /// All of a term is used.
    UsedUp,
    /// All conditions hold and something is owed.
    Owed,
}

impl Conclusion {
    /// The conclusion of a draft.
    pub(super) fn of(clause: &Clause, draft: &Draft, as_of: Day) -> Conclusion {
        if draft.happened.is_false() {
            return Conclusion::NeverHappened;
        }
        if draft.inside.is_false() {
            return Conclusion::OutsideWindow;
        }
        if draft.reached.is_false() {
            return Conclusion::not_reached(clause, as_of);
        }
        if draft.meets.is_false() {
            return Conclusion::Fails;
        }
        if !draft.holds().is_point() {
            return Conclusion::Open;
        }
        if !has_amount(clause) {
            return Conclusion::met(clause);
        }
        if !draft.to_date.is_point() || !draft.is_term_known() {
            return Conclusion::AmountOpen;
        }
        let nothing = draft.to_date == Interval::ZERO && draft.lifetime == Interval::ZERO;
        if nothing && draft.refused.is_true() {
            return Conclusion::Refused(draft.losses.iter().rfind(|loss| **loss != Loss::Overlap).copied());
        }
        if nothing && !draft.refused.is_false() {
            return Conclusion::GroundOpen;
        }
        if let Some(used) = draft.used.filter(|used| used.is_point()) {
            if draft.to_date.below(used).is_true() {
                return Conclusion::Overrun;
            }
            if draft.to_date == used {
                return Conclusion::UsedUp;
            }
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

    /// Of an event after the evaluation date: a clause that is not in force yet says nothing about it.
    pub(crate) fn not_reached(clause: &Clause, as_of: Day) -> Conclusion {
        if as_of < clause.window.lo { Conclusion::NotYetInForce } else { Conclusion::NotReached }
    }

    /// Of a clause without amount whose conditions hold.
    pub(crate) fn met(clause: &Clause) -> Conclusion {
        if clause.asks_nothing { Conclusion::Stated } else { Conclusion::Met }
    }

    /// As data spells it.
    pub fn name(self) -> &'static str {
        match self {
            Conclusion::NeverHappened => "never_happened",
            Conclusion::OutsideWindow => "outside_window",
            Conclusion::NotReached => "not_reached",
            Conclusion::NotYetInForce => "not_yet_in_force",
            Conclusion::Fails => "conditions_fail",
            Conclusion::Open => "conditions_open",
            Conclusion::Met => "met",
            Conclusion::Stated => "stated",
            Conclusion::AmountOpen => "amount_open",
            Conclusion::Refused(Some(Loss::Limit)) => "limit_used_up",
            Conclusion::Refused(Some(Loss::Displaced)) => "displaced",
            Conclusion::Refused(Some(Loss::Lower)) => "another_is_higher",
            Conclusion::Refused(Some(Loss::NoLongerPaid)) => "no_longer_paid",
            Conclusion::Refused(Some(Loss::Overlap) | None) => "excluded",
            Conclusion::GroundOpen => "ground_open",
            Conclusion::PaidElsewhere => "paid_elsewhere",
            Conclusion::CappedToNothing => "bounded_to_nothing",
            Conclusion::ComesToNothing => "comes_to_nothing",
            Conclusion::NotYetDue => "not_yet_due",
            Conclusion::Overrun => "term_overrun",
            Conclusion::UsedUp => "term_used_up",
            Conclusion::Owed => "owed",
        }
    }

    /// The status that goes with it.
    pub fn status(self) -> Status {
        match self {
            Conclusion::OutsideWindow => Status::NotApplicable,
            Conclusion::NeverHappened
            | Conclusion::NotReached
            | Conclusion::NotYetInForce
            | Conclusion::Fails
            | Conclusion::Refused(_) => Status::NotEligible,
            Conclusion::Open | Conclusion::AmountOpen | Conclusion::GroundOpen => Status::Undetermined,
            Conclusion::Met => Status::Met,
            Conclusion::Stated => Status::Stated,
            Conclusion::PaidElsewhere
            | Conclusion::CappedToNothing
            | Conclusion::ComesToNothing
            | Conclusion::NotYetDue
            | Conclusion::Overrun
            | Conclusion::UsedUp
            | Conclusion::Owed => Status::Eligible,
        }
    }

    /// Whether its reason speaks of what one applicant alone can tell: a day, or where an amount went.
    pub(crate) fn is_of_one(self) -> bool {
        matches!(
            self,
            Conclusion::NeverHappened
                | Conclusion::OutsideWindow
                | Conclusion::NotReached
                | Conclusion::Refused(_)
                | Conclusion::PaidElsewhere
                | Conclusion::CappedToNothing
                | Conclusion::ComesToNothing
                | Conclusion::Overrun
                | Conclusion::UsedUp
        )
    }

    /// The reason in words that leave out what only one applicant has.
    fn gist(self) -> Text {
        match self {
            Conclusion::NeverHappened => Text::new("所依据的事项没有发生", "what it depends on has not happened"),
            Conclusion::NotReached => {
                Text::new("所依据的事项在评估日期之后", "what it depends on comes after the evaluation date")
            }
            Conclusion::Refused(loss) => refused(loss),
            _ => Text::default(),
        }
    }

    /// The reason in words; `failed` are the words of the conditions that fail.
    pub fn reason<'t>(
        self,
        clause: &Clause,
        failed: impl Iterator<Item = &'t Text>,
        grounds: &Grounds,
        as_of: Day,
    ) -> Text {
        let because = |plain: Text| match &grounds.because {
            Some(because) => {
                Text::made(format!("{}：{}", plain.zh, because.zh), format!("{}: {}", plain.en, because.en))
            }
            None => plain,
        };
        let (event, day) = (&grounds.event, told(grounds.day));
        match self {
            Conclusion::NeverHappened => {
                Text::made(format!("没有发生：{}", event.zh), format!("has not happened: {}", event.en))
            }
            Conclusion::OutsideWindow => {
                let window = window(clause);
                Text::made(
                    format!("{} {}，{}", event.zh, day.zh, window.zh),
                    format!("{}, {}, is {}", event.en, day.en, window.en),
                )
            }
            Conclusion::NotReached => Text::made(
                format!("{} {}，在评估日期（{as_of}）之后", event.zh, day.zh),
                format!("{}, {}, comes after the evaluation date ({as_of})", event.en, day.en),
            ),
            Conclusion::NotYetInForce => {
                let from = clause.window.lo;
                Text::made(
                    format!("条款自 {from} 起施行，评估日期（{as_of}）尚未施行"),
                    format!("the clause takes effect on {from}, after the evaluation date ({as_of})"),
                )
            }
            Conclusion::Fails => {
                let texts: Vec<Text> = failed.cloned().collect();
                if texts.is_empty() {
                    return Text::new(
                        "待补事实无论如何，各项条件都不能同时满足",
                        "whatever is missing, the conditions cannot all hold",
                    );
                }
                let texts = Text::join(&texts, "；", "; ");
                Text::made(format!("不满足：{}", texts.zh), format!("not met: {}", texts.en))
            }
            Conclusion::Open => Text::new("条件待核", "whether the conditions hold is open"),
            Conclusion::Met => clause.kind.met.clone(),
            Conclusion::Stated => clause.kind.stated.clone(),
            Conclusion::AmountOpen if clause.is_figure() => {
                Text::new("符合条件，数值待定", "the conditions hold; the figure is open")
            }
            Conclusion::AmountOpen => Text::new("符合条件，金额待定", "the conditions hold; the amount is open"),
            // The clause that displaces it is the reason.
            Conclusion::Refused(Some(Loss::Displaced)) if grounds.because.is_some() => {
                grounds.because.clone().unwrap_or_default()
            }
            Conclusion::Refused(loss) => because(refused(loss)),
            Conclusion::GroundOpen => {
                Text::new("无论如何不发，依据待定", "nothing is paid in any case; on what ground is open")
            }
            Conclusion::PaidElsewhere => {
                because(Text::new("同一事项由其他政策支付，不重复享受", "another scheme pays for the same thing"))
            }
            Conclusion::CappedToNothing => Text::new("封顶或取整后为 0", "the cap or rounding leaves nothing"),
            Conclusion::ComesToNothing => Text::new("按规定计算为 0", "the calculation gives 0"),
            Conclusion::NotYetDue => Text::new("条件满足，尚未到期", "the conditions hold; nothing has fallen due yet"),
            Conclusion::Overrun => because(Text::new("已超过期限", "the term is overrun")),
            Conclusion::UsedUp => because(Text::new("期限已用完", "the term is used up")),
            Conclusion::Owed => Text::new("各项条件均满足", "all conditions hold"),
        }
    }
}

/// What decides, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Grounds {
    /// What the date is that must lie inside the window.
    pub event: Text,
    /// That date.
    pub day: DayRange,
    /// What took the amount, or why there is none.
    pub because: Option<Text>,
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
    /// The reason without the day or the figure that only this applicant has, for who counts reasons; `None`: as it is.
    pub gist: Option<Text>,
}

impl Verdict {
    /// That of a line.
    pub fn of_line(line: &Line) -> Verdict {
        let failed = line.failed.iter().filter(|_| line.conclusion == Some(Conclusion::Fails));
        Verdict {
            status: line.status,
            reason: line.reason.clone(),
            failed: failed.map(|failed| failed.text.clone()).collect(),
            gist: line.gist.clone(),
        }
    }

    /// A conclusion in words; `failed` are those of the conditions that fail.
    pub fn of<'t>(
        conclusion: Conclusion,
        clause: &Clause,
        failed: impl Iterator<Item = &'t Text> + Clone,
        grounds: &Grounds,
        as_of: Day,
    ) -> Verdict {
        let reason = conclusion.reason(clause, failed.clone(), grounds, as_of);
        let failed = if conclusion == Conclusion::Fails { failed.cloned().collect() } else { Vec::new() };
        let refused = conclusion.is_of_one() && conclusion.status() == Status::NotEligible;
        Verdict { status: conclusion.status(), reason, failed, gist: refused.then(|| conclusion.gist()) }
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

/// A day, or the days that it may be.
fn told(day: DayRange) -> Text {
    let DayRange { lo, hi } = day;
    match (lo == Day::FIRST, hi >= Day::LAST) {
        _ if lo == hi => Text::same(lo.to_string()),
        (true, _) => Text::made(format!("（不晚于 {hi}）"), format!("which is {hi} at the latest")),
        (_, true) => Text::made(format!("（不早于 {lo}）"), format!("which is {lo} at the earliest")),
        _ => Text::made(format!("（{lo} 至 {hi}）"), format!("which is from {lo} to {hi}")),
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
