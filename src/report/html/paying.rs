//! What is paid now: line by line with the time that it is for, the sum in figures and in words, and what is to be taken back.

use super::markup::{element, escape, joined, row};
use crate::assess::model::{Assessment, Line};
use crate::expr::formula::UnitName;
use crate::lang::{Lang, Text};
use crate::report::amount::money;
use crate::report::told::clause_name;
use crate::report::told::line::record;
use crate::report::words::{self, bracketed, say};
use crate::report::{amount, capital, payment};
use crate::value::Interval;

/// The section; it stands there where nothing is due, too, because somebody signs for that.
pub fn section(assessment: &Assessment, lang: Lang) -> String {
    let head = |text: &Text| ("th", "", escape(text.get(lang)));
    let due = ("th", "amount", escape(words::DUE.get(lang)));
    let heads = [head(&words::CLAUSE), head(&words::TITLE), head(&words::PERIOD), head(&words::OFFICE), due];
    let mut rows = row(heads);
    let mut lines = assessment.lines.iter().filter(|line| payment::is_due(line)).peekable();
    let table = lines.peek().is_some().then(|| {
        lines.for_each(|line| rows.push_str(&of_line(assessment, line, lang)));
        element("table", "paying", &format!("\n{rows}"))
    });
    let currency = assessment.currency();
    let mut sums = sum(&words::IN_ALL, assessment.totals.due, currency, lang);
    if assessment.totals.overpaid != Interval::ZERO {
        sums.push_str(&sum(&words::TO_TAKE_BACK, assessment.totals.overpaid, currency, lang));
    }
    let sums = element("table", "paid", &format!("\n{sums}"));
    let heading = element("h2", "", words::THIS_PAYMENT.get(lang));
    element("section", "due-now", &format!("\n{heading}{}{sums}", table.unwrap_or_default()))
}

fn of_line(assessment: &Assessment, line: &Line, lang: Lang) -> String {
    let text = |text: &str| ("td", "", joined(text));
    let title = say(&line.title, lang) + &record(line, lang).map_or_else(String::new, |name| bracketed(&name, lang));
    let office = line.office.as_ref().map(|office| say(office, lang)).unwrap_or_default();
    let due = line.amounts.as_ref().map_or(Interval::ZERO, |amounts| amounts.due);
    row([
        text(&clause_name(assessment, &line.policy, &line.clause, lang)),
        text(&title),
        text(&payment::period(line, lang)),
        text(&office),
        ("td", "amount", joined(&money(due, lang))),
    ])
}

/// A sum in figures and in words.
fn sum(label: &Text, amount: Interval, currency: Option<&UnitName>, lang: Lang) -> String {
    let words = match amount.as_point() {
        // Vouchers have words for 人民币 only.
        Some(point) if currency.is_none_or(|unit| unit.zh == "元") => {
            capital::in_words(point, lang).unwrap_or_else(|| amount::sum(amount, currency, lang))
        }
        Some(_) => amount::sum(amount, currency, lang),
        None => words::NOT_SETTLED.get(lang).to_owned(),
    };
    let head = |text: &Text| ("th", "", escape(text.get(lang)));
    let figure = ("td", "amount", joined(&money(amount, lang)));
    row([head(label), figure, head(&words::IN_WORDS), ("td", "words", escape(&words))])
}
