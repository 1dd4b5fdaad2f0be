//! At whom a budget ends, in words for the summary and the workbook, and as the last object of JSON Lines.

use serde::Serialize;

use super::json::Range;
use crate::batch::{Budget, End, Plan, Spent, Summary};
use crate::lang::{Lang, Text};
use crate::report::amount;
use crate::report::words::{bracketed, say};
use crate::settle::Alternative;
use crate::source::clean;
use crate::value::{Day, Interval, Number};

/// The version of the shape.
const SCHEMA: &str = "duixian/budget@1";

/// What becomes of the budget under one set of readings.
pub struct Outcome {
    /// The reading and the option that is taken instead; none: as they are taken.
    pub reading: Option<(String, String)>,
    /// What is due.
    pub due: Interval,
    /// Where it ends, in words.
    pub words: String,
}

/// What there is, in words.
pub fn heading(plan: &Plan<'_>) -> Option<Text> {
    let sum = Interval::point(plan.budget?);
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| amount::sum(sum, Some(&plan.money_name()), lang));
    Some(Text::made(
        format!("预算 {zh}，按名册先后发放"),
        format!("a budget of {en}, paid out in the order of the rows"),
    ))
}

/// Under the readings taken, and under every other option that changes something.
pub fn outcomes(plan: &Plan<'_>, summary: &Summary) -> Vec<Outcome> {
    let budget = &summary.budget;
    let Some(sum) = budget.sum else { return Vec::new() };
    let taken = Outcome { reading: None, due: budget.taken.due, words: words(plan, budget, &budget.taken, sum, true) };
    let others = budget.others.iter().filter_map(|(alternative, spent)| {
        let words = words(plan, budget, spent, sum, false);
        Some(Outcome { reading: Some(named(plan, *alternative)?), due: spent.due, words })
    });
    std::iter::once(taken).chain(others).collect()
}

fn named(plan: &Plan<'_>, alternative: Alternative) -> Option<(String, String)> {
    let named = plan.reading(alternative.policy, alternative.reading)?;
    let (_, label) = named.options.words.get(alternative.option)?;
    let id = format!("{}/{}={}", clean(&named.policy.id), clean(named.id()), named.option(alternative.option));
    Some((id, say(label, plan.lang)))
}

/// Whether anything of it is open, so that it ends between two places.
pub fn is_open(summary: &Summary) -> bool {
    let budget = &summary.budget;
    std::iter::once(&budget.taken).chain(budget.others.values()).any(|spent| !spent.due.is_point())
}

fn words(plan: &Plan<'_>, budget: &Budget, spent: &Spent, sum: Number, has_months: bool) -> String {
    let lang = plan.lang;
    let money = |range: Interval| amount::sum(range, Some(&plan.money_name()), lang);
    let who = |end: &End| match lang {
        Lang::Zh => format!("第 {} 位（编号 {}）", end.number, clean(&end.who)),
        Lang::En => format!("applicant {} (id {})", end.number, clean(&end.who)),
    };
    match &spent.ends {
        [Some(first), Some(last)] if first.number == last.number => {
            let (before, due) = (money(first.before), money(first.due));
            match lang {
                Lang::Zh => format!("发到{}时不足：此前各位 {before}，此人 {due}", who(first)),
                Lang::En => format!("it ends at {}: {before} before, {due} for this one", who(first)),
            }
        }
        [Some(first), Some(last)] => match lang {
            Lang::Zh => format!("最早发到{}、最迟发到{}时不足", who(first), who(last)),
            Lang::En => format!("it ends at {} at the earliest, at {} at the latest", who(first), who(last)),
        },
        [Some(first), None] => match lang {
            Lang::Zh => format!("最早发到{}时不足，也可能够发", who(first)),
            Lang::En => format!("it ends at {} at the earliest, and may suffice", who(first)),
        },
        [None, _] => {
            let left = money(spent.left(sum));
            let later = if has_months { months(budget, lang) } else { String::new() };
            match lang {
                Lang::Zh => format!("够发，余 {left}{later}"),
                Lang::En => format!("it suffices, leaving {left}{later}"),
            }
        }
    }
}

/// What becomes of what is left, month by month.
fn months(budget: &Budget, lang: Lang) -> String {
    if !budget.has_months() {
        return String::new();
    }
    match (budget.months().map(|month| month.map(|day| month_of(day, lang))), lang) {
        ([Some(first), Some(last)], Lang::Zh) if first == last => format!("；往后按期发放，{first}不足"),
        ([Some(first), Some(last)], Lang::Zh) => format!("；往后按期发放，最早{first}、最迟{last}不足"),
        ([Some(first), _], Lang::Zh) => format!("；往后按期发放，最早{first}不足，也可能够发"),
        ([None, _], Lang::Zh) => "；往后各期也够发".to_owned(),
        ([Some(first), Some(last)], Lang::En) if first == last => {
            format!("; of what is still to come it ends in {first}")
        }
        ([Some(first), Some(last)], Lang::En) => {
            format!("; of what is still to come it ends in {first} at the earliest, in {last} at the latest")
        }
        ([Some(first), _], Lang::En) => {
            format!("; of what is still to come it ends in {first} at the earliest, and may suffice")
        }
        ([None, _], Lang::En) => "; it suffices for what is still to come, too".to_owned(),
    }
}

fn month_of(day: Day, lang: Lang) -> String {
    let Some((year, month, _)) = day.parts() else { return day.to_string() };
    match lang {
        Lang::Zh => format!("{year}年{month}月"),
        Lang::En => format!("{year}-{month:02}"),
    }
}

/// The table at the end of the summary.
pub fn table(plan: &Plan<'_>, summary: &Summary) -> String {
    let (lang, Some(heading)) = (plan.lang, heading(plan)) else { return String::new() };
    let colon = if lang == Lang::Zh { "：" } else { ":" };
    let mut out = format!("{}{colon}\n", heading.get(lang));
    for Outcome { reading, due, words } in outcomes(plan, summary) {
        let due = amount::sum(due, Some(&plan.money_name()), lang);
        let under = match (reading, lang) {
            (None, Lang::Zh) => "现取读法".to_owned(),
            (None, Lang::En) => "readings taken".to_owned(),
            (Some((id, label)), Lang::Zh) => format!("若取“{label}”{}", bracketed(&id, lang)),
            (Some((id, label)), Lang::En) => format!("under “{label}”{}", bracketed(&id, lang)),
        };
        out.push_str(&match lang {
            Lang::Zh => format!("  {under}：本次应发 {due}；{words}\n"),
            Lang::En => format!("  {under}: due now {due}; {words}\n"),
        });
    }
    if is_open(summary) {
        out.push_str(OPEN.get(lang));
        out.push('\n');
    }
    out
}

/// What is said where it ends between two places.
pub const OPEN: Text = Text::new(
    "  有待定的金额：最早按最多算，最迟按最少算",
    "  some amounts are open: the earliest end counts the most that they can be, the latest the least",
);

#[derive(Serialize)]
struct Of {
    schema: &'static str,
    budget: String,
    taken: OfSpent,
    months: Ends<String>,
    readings: Vec<OfReading>,
}

#[derive(Serialize)]
struct OfReading {
    policy: String,
    reading: String,
    option: String,
    #[serde(flatten)]
    spent: OfSpent,
}

#[derive(Serialize)]
struct Ends<T> {
    earliest: Option<T>,
    latest: Option<T>,
}

#[derive(Serialize)]
struct OfSpent {
    due: Range,
    left: Range,
    ends: Ends<OfEnd>,
}

#[derive(Serialize)]
struct OfEnd {
    number: u64,
    id: String,
    before: Range,
    due: Range,
}

impl OfSpent {
    fn of(spent: &Spent, sum: Number) -> OfSpent {
        let [earliest, latest] = spent.ends.each_ref().map(|end| {
            end.as_ref().map(|end| OfEnd {
                number: end.number,
                id: clean(&end.who),
                before: Range::of(end.before),
                due: Range::of(end.due),
            })
        });
        OfSpent { due: Range::of(spent.due), left: Range::of(spent.left(sum)), ends: Ends { earliest, latest } }
    }
}

/// The last object of JSON Lines.
pub fn json(plan: &Plan<'_>, summary: &Summary, out: &mut Vec<u8>) {
    let budget = &summary.budget;
    let Some(sum) = budget.sum else { return };
    let readings = budget.others.iter().filter_map(|(alternative, spent)| {
        let named = plan.reading(alternative.policy, alternative.reading)?;
        let (policy, reading) = (clean(&named.policy.id), clean(named.id()));
        Some(OfReading {
            policy,
            reading,
            option: named.option(alternative.option).to_owned(),
            spent: OfSpent::of(spent, sum),
        })
    });
    let [earliest, latest] = budget.months().map(|month| month.map(|day| month_of(day, Lang::En)));
    let of = Of {
        schema: SCHEMA,
        budget: sum.money(),
        taken: OfSpent::of(&budget.taken, sum),
        months: Ends { earliest, latest },
        readings: readings.collect(),
    };
    // Texts, numbers and lists always have a JSON form, and memory does not refuse to be written to.
    let _ = serde_json::to_writer(&mut *out, &of);
    out.push(b'\n');
}
