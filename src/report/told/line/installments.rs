//! The parts of an amount: each by itself while they are few, and a summary of a long schedule.

use crate::assess::model::{Installment, InstallmentState, Line, Status};
use crate::lang::Lang;
use crate::report::amount::{days, sum};
use crate::report::words::{self, say};
use crate::value::Day;

/// As many are told one by one.
const FEW: usize = 4;

/// A line for each part, or one for all of them.
pub fn texts(line: &Line, lang: Lang) -> Vec<String> {
    // Of what is refused only what was lost is told: nothing is to come.
    let refused = line.status == Status::NotEligible;
    match line.installments.as_slice() {
        [] => Vec::new(),
        parts if refused && !parts.iter().any(|part| part.state == InstallmentState::Lost) => Vec::new(),
        parts if parts.len() <= FEW => parts.iter().map(|part| one(line, part, lang)).collect(),
        parts => vec![summary(line, parts, lang)],
    }
}

/// `首期：200,000元，2024-03-01 已到期`
fn one(line: &Line, part: &Installment, lang: Lang) -> String {
    let amount = sum(part.amount, line.unit.as_ref(), lang);
    let (colon, comma) = (words::COLON.get(lang), words::COMMA.get(lang));
    format!("{}{colon}{amount}{comma}{}", say(&part.label, lang), standing(part, lang))
}

/// Where a part stands, with its day where that says something.
fn standing(part: &Installment, lang: Lang) -> String {
    let day = days(part.due_on, lang).filter(|_| part.due_on.lo != Day::NEVER);
    match (part.state, lang, day) {
        (InstallmentState::Due, Lang::Zh, Some(day)) => format!("{day} 已到期"),
        (InstallmentState::Due, Lang::Zh, None) => "已到期".to_owned(),
        (InstallmentState::Due, Lang::En, Some(day)) => format!("due since {day}"),
        (InstallmentState::Due, Lang::En, None) => "due".to_owned(),
        (InstallmentState::NotYet, Lang::Zh, Some(day)) => format!("未到期（{day}）"),
        (InstallmentState::NotYet, Lang::Zh, None) => "未到期".to_owned(),
        (InstallmentState::NotYet, Lang::En, Some(day)) => format!("not yet due ({day})"),
        (InstallmentState::NotYet, Lang::En, None) => "not yet due".to_owned(),
        (InstallmentState::Lost, Lang::Zh, Some(day)) => format!("不再发放（{day}）"),
        (InstallmentState::Lost, Lang::Zh, None) => "不再发放".to_owned(),
        (InstallmentState::Lost, Lang::En, Some(day)) => format!("no longer payable ({day})"),
        (InstallmentState::Lost, Lang::En, None) => "no longer payable".to_owned(),
        (InstallmentState::Open, Lang::Zh, Some(day)) => format!("到期日待定（{day}）"),
        (InstallmentState::Open, Lang::Zh, None) => "到期日待定".to_owned(),
        (InstallmentState::Open, Lang::En, Some(day)) => format!("date open ({day})"),
        (InstallmentState::Open, Lang::En, None) => "date open".to_owned(),
    }
}

/// `共36期：已到期14期，未到期22期；下期 2025-07-09，3,000元`
fn summary(line: &Line, parts: &[Installment], lang: Lang) -> String {
    let states = [InstallmentState::Due, InstallmentState::NotYet, InstallmentState::Open, InstallmentState::Lost];
    let counted = states.map(|state| (state, parts.iter().filter(|part| part.state == state).count()));
    let said = counted.iter().filter(|(_, count)| *count > 0).map(|(state, count)| match (lang, state) {
        (Lang::Zh, InstallmentState::Due) => format!("已到期{count}期"),
        (Lang::Zh, InstallmentState::NotYet) => format!("未到期{count}期"),
        (Lang::Zh, InstallmentState::Open) => format!("待定{count}期"),
        (Lang::Zh, InstallmentState::Lost) => format!("不再发放{count}期"),
        (Lang::En, InstallmentState::Due) => format!("{count} due so far"),
        (Lang::En, InstallmentState::NotYet) => format!("{count} to come"),
        (Lang::En, InstallmentState::Open) => format!("{count} open"),
        (Lang::En, InstallmentState::Lost) => format!("{count} no longer payable"),
    });
    let said = said.collect::<Vec<_>>().join(words::COMMA.get(lang));
    let next = parts.iter().find(|part| part.state == InstallmentState::NotYet).and_then(|part| {
        let (day, amount) = (days(part.due_on, lang)?, sum(part.amount, line.unit.as_ref(), lang));
        Some(match lang {
            Lang::Zh => format!("；下期 {day}，{amount}"),
            Lang::En => format!("; next payment of {amount} on {day}"),
        })
    });
    let count = parts.len();
    match lang {
        Lang::Zh => format!("共{count}期：{said}{}", next.unwrap_or_default()),
        Lang::En => format!("{count} payments: {said}{}", next.unwrap_or_default()),
    }
}
