//! Amounts that grow by the month or year: what has accrued to date, what can still accrue, and when each part is paid.

use crate::assess::draft::Trace;
use crate::assess::model::{AccruedTime, Installment, InstallmentState, Step};
use crate::assess::step::amount::{bounded, worked_out};
use crate::assess::step::own::Own;
use crate::clause::part_periods::{COMPLETE, DAILY, STARTED, TOUCHED};
use crate::clause::{Accrual, Clause};
use crate::expr::context::Context;
use crate::expr::explain::show;
use crate::expr::function::months;
use crate::expr::function::months_type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::number::Rounding;
use crate::value::{Bound, Day, DayRange, Interval, Number, Value, Words};

/// A schedule has at most this many parts; a longer one is not written out.
const LONGEST_SCHEDULE: i64 = 1200;

/// The time that counts.
struct Time {
    /// From when on.
    start: DayRange,
    /// Until when, whatever the evaluation date.
    end: DayRange,
    /// The longest time.
    at_most: Option<Interval>,
    /// How part periods count: places in the enum `part_periods`.
    part: Words,
    /// Whether only complete years count.
    yearly: bool,
}

impl Time {
    fn of(policy: &Policy, rule: &Accrual, context: &mut Context<'_>) -> Time {
        let window = context.local.window;
        let from = rule.from.date(context);
        let counts_from = rule.counts_from.as_ref().map_or(DayRange::point(window.lo), |node| node.date(context));
        let last = rule.counts_until.as_ref().or(policy.triggers_until.as_ref());
        let counts_until = last.map_or(DayRange::point(window.hi), |node| node.date(context));
        let until = rule.until.as_ref().map_or(DayRange::point(Day::NEVER), |node| node.date(context));
        let at_most = rule.at_most.as_ref().map(|node| node.quantity(context));
        let part = rule.part.as_ref().map_or(Words::one(COMPLETE), |node| match node.eval(context) {
            Value::Words(words) => words,
            _ => Words::one(COMPLETE),
        });
        Time { start: from.max(counts_from), end: until.min(counts_until), at_most, part, yearly: rule.yearly }
    }

    /// What has accrued to a last day, in months.
    fn accrued(&self, end: DayRange) -> Interval {
        let ways = self.part.iter().map(|part| {
            let months = counted(part, self.start, end);
            let months = match self.at_most {
                Some(at_most) => months.min(at_most).floor_at_zero(),
                None => months,
            };
            if !self.yearly {
                return months;
            }
            // A year begun is a year where periods begun count.
            let direction = if part == STARTED { Rounding::Up } else { Rounding::Down };
            months.round(Number::whole(12), direction).unwrap_or(Interval::ANY)
        });
        ways.reduce(Interval::hull).unwrap_or(Interval::ZERO)
    }
}

/// The months from one day to another in one way of counting; fewest from the latest start to the earliest end.
fn counted(part: usize, start: DayRange, end: DayRange) -> Interval {
    if part == COMPLETE {
        return months::between(start, end);
    }
    // What never begins counts nothing, even where it has no end.
    if start.lo == Day::NEVER {
        return Interval::ZERO;
    }
    let (first, last) = (end.lo.min(Day::LAST), end.hi);
    // By days, a later start can count more: of the month of the end, the first day counts it by its days, and the last day
    // before it does not count it at all.
    let by_days = |day: Day| part == DAILY && start.lo <= day && day <= start.hi;
    let fewest = [start.hi].into_iter().chain(Some(first.month_start().plus_days(-1)).filter(|day| by_days(*day)));
    let most = [start.lo].into_iter().chain(Some(last.month_start()).filter(|day| by_days(*day)));
    let fewest = fewest.filter_map(|start| in_part(part, start, first)).min().unwrap_or(Number::ZERO);
    let most = if last == Day::NEVER { None } else { most.filter_map(|start| in_part(part, start, last)).max() };
    Interval { lo: Bound::At(fewest), hi: most.map_or(Bound::Above, Bound::At) }
}

/// The months from one known day to another; 0 where the end is before the start.
fn in_part(part: usize, start: Day, end: Day) -> Option<Number> {
    if end < start || start == Day::NEVER {
        return Some(Number::ZERO);
    }
    match part {
        STARTED => {
            let complete = start.months_to(end)?;
            let more = complete == 0 || start.end_of_months(complete) < end;
            Some(Number::whole(complete + i64::from(more)))
        }
        TOUCHED => start.month_start().months_to(end.month_end()).map(Number::whole),
        _ => {
            let last = start.month_end();
            let days = |from: Day, to: Day| Some(to.number()? - from.number()? + 1);
            let first =
                Number::whole(days(start, end.min(last))?).divide(Number::whole(days(start.month_start(), last)?))?;
            first.plus(Number::whole(last.plus_days(1).months_to(end)?))
        }
    }
}

/// What has accrued to date, in months.
pub(in crate::assess) fn so_far(policy: &Policy, rule: &Accrual, context: &mut Context<'_>) -> Interval {
    let time = Time::of(policy, rule, context);
    time.accrued(time.end.min(DayRange::point(context.as_of)))
}

/// The amount for what has accrued, and for what can.
pub(super) fn amount(
    policy: &Policy,
    clause: &Clause,
    rule: &Accrual,
    last_paid: DayRange,
    context: &mut Context<'_>,
    mut shown: Option<&mut Trace>,
) -> Own {
    let time = Time::of(policy, rule, context);
    let to_date = time.accrued(time.end.min(DayRange::point(context.as_of)));
    // What accrues after the last day of payment can never be paid.
    let end = time.end.min(last_paid);
    let lifetime = time.accrued(end);
    context.local.accrued = to_date;
    if let Some(shown) = shown.as_deref_mut() {
        let value = show(&Value::Quantity(to_date), &months_type(), context.names);
        let label = match time.at_most.filter(|at_most| to_date == *at_most) {
            Some(_) => Text::new("已累计（已达最长期限）", "accrued, which is the longest time"),
            None => Text::new("已累计", "accrued"),
        };
        shown.steps.push(Step { kind: "accrued", label, formula: None, value });
        let (from, until, at_most) = (time.start, end, time.at_most);
        shown.working.time = Some(AccruedTime { from, until, to_date, lifetime, at_most });
    }
    let amount = worked_out(clause, context, shown.as_deref_mut());
    let awarded = bounded(clause, amount, context, shown.as_deref_mut());
    context.local.accrued = lifetime;
    let today = context.turn_to(last_day(end, context.as_of));
    context.take_whole(true);
    let entitled_in_all = worked_out(clause, context, None);
    let all = bounded(clause, entitled_in_all, context, None).amount;
    context.take_whole(false);
    context.turn_to(today);
    let never_ends = end == DayRange::point(Day::NEVER) && time.at_most.is_none();
    if let Some(shown) = shown {
        shown.installments = schedule(clause, &time, lifetime, context);
    }
    Own {
        entitled: amount.floor_at_zero(),
        entitled_in_all: entitled_in_all.floor_at_zero(),
        to_date: awarded.amount,
        lifetime: all,
        // What a cap holds, or does not grow, has an end.
        endless: never_ends && all.hi == Bound::Above && all.lo > awarded.amount.hi,
        over_cap: awarded.over_cap,
        under_floor: awarded.under_floor,
        parts: Vec::new(),
    }
}

/// The day on which all that can come has come; the evaluation date where that day never comes.
pub(super) fn last_day(end: DayRange, as_of: Day) -> DayRange {
    let first = if end.hi == Day::NEVER { as_of } else { end.lo };
    let last = match end.hi {
        Day::NEVER if end.is_point() => as_of,
        last => last.min(Day::LAST),
    };
    DayRange { lo: first, hi: last }.max(DayRange::point(as_of))
}

/// The parts, each with the last day of its period: differences of the amounts accrued, so that they add up to the whole.
fn schedule(clause: &Clause, time: &Time, lifetime: Interval, context: &mut Context<'_>) -> Vec<Installment> {
    let (Some(start), Some(all)) = (time.start.as_point(), lifetime.as_point().and_then(Number::to_i64)) else {
        return Vec::new();
    };
    // What hangs on other clauses does not grow by these parts alone.
    if time.part != Words::one(COMPLETE) || !clause.uses.is_empty() {
        return Vec::new();
    }
    let step = if time.yearly { 12 } else { 1 };
    if all / step > LONGEST_SCHEDULE {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut before = Interval::ZERO;
    for months in (1..=all / step).map(|part| part * step) {
        context.local.accrued = Interval::whole(months);
        let today = context.turn_to(DayRange::point(start.end_of_months(months)));
        let so_far = worked_out(clause, context, None);
        let so_far = bounded(clause, so_far, context, None).amount;
        context.turn_to(today);
        let amount = so_far.minus(before).filter(|_| so_far.is_point() && before.is_point());
        let Some(amount) = amount else { return Vec::new() };
        before = so_far;
        let due_on = start.end_of_months(months);
        let state = if due_on <= context.as_of { InstallmentState::Due } else { InstallmentState::NotYet };
        let part = months / step;
        let label = if time.yearly {
            Text::made(format!("第{part}年"), format!("year {part}"))
        } else {
            Text::made(format!("第{part}个月"), format!("month {part}"))
        };
        parts.push(Installment { label, amount, due_on: DayRange::point(due_on), state });
    }
    parts
}
