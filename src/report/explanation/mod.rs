//! An explanation as a tree: what the clause says, its time, its conditions, the amount, the conclusion, the readings, and
//! what would change the answer.

mod amount;
mod change;
mod conditions;
mod counted;

use super::ink::{Ink, finish};
use super::layout::Block;
use super::table::{NARROWEST, paragraphs};
use super::told::head;
use super::told::line::{other_amounts, record};
use super::tree::Branch;
use super::words::{self, bracketed, say};
use super::{Look, amount as figures};
use crate::assess::model::{Line, OtherReading, Status};
use crate::explain::model::{Derivation, Explanation};
use crate::lang::Lang;
use crate::source::clean;
use crate::value::{Day, DayRange};

/// The whole output.
pub fn render(explanation: &Explanation, look: &Look) -> String {
    let width = look.width.max(NARROWEST);
    let lang = look.lang;
    let mut parts = vec![paragraphs(&head::blocks(&explanation.assessment, lang), width)];
    let trees = explanation.derivations.iter().map(|derivation| tree(derivation, lang).lines(width).join("\n"));
    parts.extend(trees);
    let warned: Vec<Block> =
        explanation.assessment.warnings.iter().map(|warning| Block::bullet(say(&warning.text, lang))).collect();
    if !warned.is_empty() {
        let heading = Block::plain(Ink::Yellow.on(words::WARNINGS.get(lang)));
        parts.push(paragraphs(&[vec![heading], warned].concat(), width));
    }
    finish(&parts.join("\n\n"), look.color)
}

/// Words of a language.
pub(super) fn of(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

/// A heading before what it is about: `结论：…`.
pub(super) fn lead(lang: Lang, zh: &str, en: &str, text: &str) -> String {
    format!("{}{}{text}", Ink::Bold.on(&of(lang, zh, en)), words::COLON.get(lang))
}

fn tree(derivation: &Derivation, lang: Lang) -> Branch {
    let line = &derivation.line;
    let mut under = Vec::new();
    under
        .extend(derivation.summary.as_ref().map(|text| Branch::leaf(lead(lang, "要点", "In short", &say(text, lang)))));
    under
        .extend(line.office.as_ref().map(|text| Branch::leaf(lead(lang, "责任单位", "Responsible", &say(text, lang)))));
    under.push(Branch::leaf(lead(lang, "期限", "In time", &time(derivation, lang))));
    under.extend(conditions::branch(derivation, lang));
    under.extend(counted::branch(derivation, lang));
    under.extend(amount::branch(derivation, lang));
    under.push(conclusion(line, lang));
    under.extend(readings(derivation, lang));
    if !line.notes.is_empty() {
        let notes = line.notes.iter().map(|note| Branch::leaf(say(note, lang))).collect();
        under.push(Branch::new(Ink::Bold.on(words::NOTES.get(lang)), notes));
    }
    under.extend(change::branch(derivation, lang));
    Branch::new(title(line, lang), under)
}

/// `第十九条第一项（19.1） 青年人才购房补贴 · 补助`
fn title(line: &Line, lang: Lang) -> String {
    let id = clean(&line.clause);
    let place = match lang {
        _ if line.cite.is_empty() => id,
        Lang::Zh => format!("{}{}", clean(&line.cite), bracketed(&id, lang)),
        Lang::En => format!("Clause {id} ({})", clean(&line.cite)),
    };
    let record = record(line, lang).map_or_else(String::new, |record| bracketed(&record, lang));
    let title = Ink::Bold.on(&say(&line.title, lang));
    format!("{place}  {title}{record} · {}", say(&line.kind_label, lang))
}

/// The window, and the date that must lie in it.
fn time(derivation: &Derivation, lang: Lang) -> String {
    let DayRange { lo, hi } = derivation.window;
    let window = match (lang, lo == Day::FIRST, hi == Day::NEVER) {
        (_, true, true) => of(lang, "未写有效期", "no window stated"),
        (Lang::Zh, false, true) => format!("自 {lo} 起"),
        (Lang::En, false, true) => format!("from {lo}"),
        (Lang::Zh, true, false) => format!("至 {hi}"),
        (Lang::En, true, false) => format!("until {hi}"),
        (Lang::Zh, false, false) => format!("{lo} 至 {hi}"),
        (Lang::En, false, false) => format!("{lo} to {hi}"),
    };
    let Some(event) = figures::days(derivation.event, lang) else {
        let open = Ink::Yellow.on(&of(lang, "依据日期待定", "the date that counts is open"));
        return format!("{window}{}{open}", words::SEMICOLON.get(lang));
    };
    let what = if derivation.own_event {
        of(lang, "依据日期", "the date that counts,")
    } else {
        of(lang, "评估日期", "the evaluation date,")
    };
    let standing = match derivation.in_time {
        found if found.is_true() => Ink::Green.on(&of(lang, "在期限内", "lies inside")),
        found if found.is_false() && derivation.event.lo == Day::NEVER => {
            Ink::Red.on(&of(lang, "没有发生", "has not happened"))
        }
        found if found.is_false() => {
            Ink::Red.on(&of(lang, "不在期限内，或尚未到", "lies outside, or has not come yet"))
        }
        _ => Ink::Yellow.on(&of(lang, "是否在期限内待定", "may lie inside or not")),
    };
    let semicolon = words::SEMICOLON.get(lang);
    match (derivation.event.lo == Day::NEVER, lang) {
        (true, _) => format!("{window}{semicolon}{}{standing}", of(lang, "依据的事项", "what it depends on ")),
        (false, Lang::Zh) => format!("{window}{semicolon}{what} {event} {standing}"),
        (false, Lang::En) => format!("{window}{semicolon}{what} {event}, {standing}"),
    }
}

/// The conclusion with the amounts, and what is missing for it.
fn conclusion(line: &Line, lang: Lang) -> Branch {
    let (status, ink) = words::status_of(line);
    let colon = words::COLON.get(lang);
    let mut reason = say(&line.full_reason(), lang);
    if !line.failed.is_empty() && line.status == Status::NotEligible {
        reason = format!("{}{}", ink.on(status.get(lang)), bracketed(&reason, lang));
    } else if !reason.is_empty() && !matches!(line.status, Status::Met | Status::Stated) {
        reason = format!("{}{colon}{reason}", ink.on(status.get(lang)));
    }
    let mut under = Vec::new();
    if let Some(amounts) = &line.amounts {
        let unit = line.unit.as_ref();
        let mut told = |label: &crate::lang::Text, amount| {
            under.push(Branch::leaf(format!("{}{colon}{}", label.get(lang), figures::sum(amount, unit, lang))));
        };
        told(&words::AWARDED, amounts.awarded);
        match line.term {
            Some(term) => {
                told(&words::USED, term.used);
                told(&words::LEFT, term.left);
            }
            // Nobody is paid a figure.
            None if !line.is_money() => {}
            None => {
                told(&words::PAID, crate::value::Interval::point(amounts.paid));
                told(&words::DUE, amounts.due);
            }
        }
        if amounts.overpaid != crate::value::Interval::ZERO {
            told(&words::OVERPAID, amounts.overpaid);
        }
        if line.is_endless() {
            under.push(Branch::leaf(format!("{}{colon}{}", words::WHOLE_TERM.get(lang), words::WITHOUT_END.get(lang))));
        } else if amounts.lifetime != amounts.awarded {
            told(&words::WHOLE_TERM, amounts.lifetime);
        }
    }
    if !line.missing.is_empty() {
        let labels: Vec<String> = line.missing.iter().map(|fact| say(&fact.label, lang)).collect();
        let labels = labels.join(words::LISTED.get(lang));
        under.push(Branch::leaf(format!("{}{colon}{labels}", words::TO_SUPPLY.get(lang))));
    }
    Branch::new(lead(lang, "结论", "Conclusion", &reason), under)
}

/// The readings that matter with what the others give, and those that do not.
fn readings(derivation: &Derivation, lang: Lang) -> Option<Branch> {
    let line = &derivation.line;
    let colon = words::COLON.get(lang);
    let mut under = Vec::new();
    for effect in &line.readings {
        let mut options = Vec::new();
        if let Some((_, used)) = &effect.used {
            options.push(Branch::leaf(format!("{}{colon}{}", of(lang, "采用", "taken"), say(used, lang))));
        }
        options.extend(effect.others.iter().map(|other| Branch::leaf(otherwise(line, other, lang))));
        let id = bracketed(&clean(&effect.id), lang);
        under.push(Branch::new(format!("{}{id}", say(&effect.question, lang)), options));
    }
    if !derivation.taken.is_empty() {
        let told = derivation.taken.iter().map(|(id, question, option)| {
            let id = bracketed(&clean(id), lang);
            Branch::leaf(format!("{}{id}{colon}{}", say(question, lang), say(option, lang)))
        });
        let heading = of(lang, "另采用，对结果没有影响", "also taken, without effect here");
        under.push(Branch::new(heading, told.collect()));
    }
    (!under.is_empty()).then(|| Branch::new(Ink::Bold.on(&of(lang, "读法", "Readings")), under))
}

/// `若按月计：核定 42,000元 → 45,000元`
fn otherwise(line: &Line, other: &OtherReading, lang: Lang) -> String {
    let amounts = other.amounts.as_ref();
    let outcome = crate::explain::model::Outcome {
        status: other.status,
        awarded: amounts.map(|amounts| amounts.awarded),
        lifetime: amounts.map(|amounts| amounts.lifetime),
    };
    let mut then = change::outcome(line, &outcome, lang);
    for more in other_amounts(line, other, lang) {
        then.push_str(words::COMMA.get(lang));
        then.push_str(&more);
    }
    match lang {
        Lang::Zh => format!("若“{}”：{then}", say(&other.label, lang)),
        Lang::En => format!("if “{}”: {then}", say(&other.label, lang)),
    }
}
