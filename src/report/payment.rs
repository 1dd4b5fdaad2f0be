//! What a payment that is due now is for: which parts of a schedule, or which time.

use crate::assess::model::{Counted, Installment, InstallmentState, Line, PolicyHead};
use crate::lang::{Lang, Text};
use crate::policy::Standing;
use crate::report::amount::{days, money, sum};
use crate::report::words::say;
use crate::value::{Day, Interval, Number};

/// Whether something is due by a line, or may be.
pub fn is_due(line: &Line) -> bool {
    let due = line.amounts.as_ref().map(|amounts| amounts.due);
    line.counted == Counted::Total && due.is_some_and(|due| due != Interval::ZERO)
}

/// Whether nothing may be paid by a policy: it is not, or no longer, known to be in force.
pub fn is_no_basis(policy: &PolicyHead) -> bool {
    no_basis(policy.status, policy.expired)
}

/// The same, by the standing of the policy and whether its last day is past.
pub fn no_basis(standing: &str, expired: bool) -> bool {
    expired || Standing::of(standing).is_none_or(|standing| !standing.is_basis())
}

/// What a payment of what is due by a line covers, in words.
pub fn period(line: &Line, lang: Lang) -> String {
    let paid = line.amounts.as_ref().map_or(Number::ZERO, |amounts| amounts.paid);
    let parts: Vec<&Installment> = line.installments.iter().filter(|part| is_reached(part)).collect();
    if !parts.is_empty() {
        return of_parts(line, &parts, paid, lang);
    }
    let Some(time) = &line.working.time else { return Text::new("一次性", "once").get(lang).to_owned() };
    let from = days(time.from, lang).unwrap_or_else(|| Text::new("起始日待定", "a day not known").get(lang).to_owned());
    let months = money(time.to_date, lang);
    match lang {
        Lang::Zh if !time.from.is_point() => {
            format!("{months} 个月（起始日：{from}）{}", less_paid(line, paid, lang))
        }
        Lang::Zh => format!("自 {from} 起 {months} 个月{}", less_paid(line, paid, lang)),
        Lang::En if time.to_date == Interval::whole(1) => format!("1 month from {from}{}", less_paid(line, paid, lang)),
        Lang::En => format!("{months} months from {from}{}", less_paid(line, paid, lang)),
    }
}

/// Whether a part is due, or may be.
fn is_reached(part: &Installment) -> bool {
    matches!(part.state, InstallmentState::Due | InstallmentState::Open) && part.amount != Interval::ZERO
}

/// Earlier payments are for the earlier parts.
fn of_parts(line: &Line, parts: &[&Installment], paid: Number, lang: Lang) -> String {
    let mut left = Some(paid);
    let mut rest = parts;
    while let [first, behind @ ..] = rest {
        let after = left.and_then(|left| first.amount.as_point().and_then(|amount| left.minus(amount)));
        match after.filter(|after| !after.is_negative()) {
            Some(after) if !behind.is_empty() => (left, rest) = (Some(after), behind),
            _ => break,
        }
    }
    let (Some(first), Some(last)) = (rest.first(), rest.last()) else { return String::new() };
    let named = |part: &Installment| {
        let day = days(part.due_on, lang).filter(|_| part.due_on.lo != Day::NEVER);
        match (day, lang) {
            (Some(day), Lang::Zh) => format!("{}（{day}）", say(&part.label, lang)),
            (Some(day), Lang::En) => format!("{} ({day})", say(&part.label, lang)),
            (None, _) => say(&part.label, lang),
        }
    };
    let less = less_paid(line, left.unwrap_or(paid), lang);
    match (rest.len(), lang) {
        (1, _) => format!("{}{less}", named(first)),
        (count, Lang::Zh) => format!("{}至{}，共{count}期{less}", named(first), named(last)),
        (count, Lang::En) => format!("{} to {}, {count} payments{less}", named(first), named(last)),
    }
}

fn less_paid(line: &Line, paid: Number, lang: Lang) -> String {
    if paid == Number::ZERO {
        return String::new();
    }
    let paid = sum(Interval::point(paid), line.unit.as_ref(), lang);
    match lang {
        Lang::Zh => format!("，其中已发 {paid}"),
        Lang::En => format!(", of which {paid} paid before"),
    }
}
