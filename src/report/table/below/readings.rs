//! The sentences of the law that can be read another way, with the amounts under each reading.

use crate::assess::model::{Assessment, Line, OtherReading, ReadingEffect, Status};
use crate::lang::{Lang, Text};
use crate::report::amount::sum;
use crate::report::layout::Block;
use crate::report::table::{clause_name, row};
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Interval;

/// Each question once, and below it the lines that it changes.
pub fn blocks(assessment: &Assessment, lines: &[&Line], lang: Lang) -> Vec<Block> {
    let mut groups: Vec<(&str, &ReadingEffect, Vec<Block>)> = Vec::new();
    for line in lines {
        for effect in &line.readings {
            let text = Block::under_bullet(one_line(assessment, line, effect, lang));
            match groups.iter_mut().find(|(policy, known, _)| *policy == line.policy && known.id == effect.id) {
                Some((_, _, texts)) => texts.push(text),
                None => groups.push((&line.policy, effect, vec![text])),
            }
        }
    }
    let with_question = |(_, effect, texts): (&str, &ReadingEffect, Vec<Block>)| {
        let id = bracketed(&clean(&effect.id), lang);
        [vec![Block::bullet(format!("{}{id}", say(&effect.question, lang)))], texts].concat()
    };
    groups.into_iter().flat_map(with_question).collect()
}

/// `第五条：现按“含首笔”，核定 50,000元；若按“不含”，则核定 54,000元`
fn one_line(assessment: &Assessment, line: &Line, effect: &ReadingEffect, lang: Lang) -> String {
    let record = row::record(line, lang).map_or_else(String::new, |record| bracketed(&record, lang));
    let place = clause_name(assessment, &line.policy, &line.clause, lang);
    let lifetime = line.amounts.as_ref().map(|amounts| amounts.lifetime);
    let awarded = line.amounts.as_ref().map(|amounts| amounts.awarded);
    // The whole term is told only where a reading changes it, and it is not what is awarded to date under all of them.
    let changes = effect.others.iter().any(|other| other.lifetime.is_some() && other.lifetime != lifetime);
    let apart = lifetime != awarded || effect.others.iter().any(|other| other.lifetime != other.awarded);
    let changes = changes && apart;
    let now = amounts(line, awarded, lifetime.filter(|_| changes), lang);
    let now = if now.is_empty() { words::status(line.status).0.get(lang).to_lowercase() } else { now };
    let used = match (&effect.used, lang) {
        (Some((_, option)), Lang::Zh) => format!("现按“{}”，{now}", say(option, lang)),
        (Some((_, option)), Lang::En) => format!("read as “{}”, {now}", say(option, lang)),
        (None, Lang::Zh) => format!("读法未选，{now}"),
        (None, Lang::En) => format!("left open, {now}"),
    };
    let others = effect.others.iter().map(|other| {
        let then = outcome(line, other, changes, lang);
        match lang {
            Lang::Zh => format!("若按“{}”，则{then}", say(&other.label, lang)),
            Lang::En => format!("as “{}”, {then}", say(&other.label, lang)),
        }
    });
    let parts: Vec<String> = std::iter::once(used).chain(others).collect();
    format!("{place}{record}{}{}", words::COLON.get(lang), parts.join(words::SEMICOLON.get(lang)))
}

/// What the line comes to under another option: the conclusion where it is another one, and the amounts.
fn outcome(line: &Line, other: &OtherReading, lifetime: bool, lang: Lang) -> String {
    let amounts = match other.status {
        Status::NotEligible | Status::NotApplicable => String::new(),
        _ => amounts(line, other.awarded, other.lifetime.filter(|_| lifetime), lang),
    };
    let status: Text = words::status(other.status).0;
    let status = status.get(lang).to_lowercase();
    match (other.status == line.status, amounts.is_empty()) {
        (_, true) => status,
        (true, false) => amounts,
        (false, false) => format!("{status}{}{amounts}", words::COMMA.get(lang)),
    }
}

/// `核定 50,000元，全期合计 90,000元`
fn amounts(line: &Line, awarded: Option<Interval>, lifetime: Option<Interval>, lang: Lang) -> String {
    let write = |interval: Interval| sum(interval, line.unit.as_ref(), lang);
    let said = match lang {
        Lang::Zh => [
            awarded.map(|awarded| format!("核定 {}", write(awarded))),
            lifetime.map(|lifetime| format!("全期合计 {}", write(lifetime))),
        ],
        Lang::En => [
            awarded.map(|awarded| format!("{} awarded", write(awarded))),
            lifetime.map(|lifetime| format!("{} over the whole term", write(lifetime))),
        ],
    };
    said.into_iter().flatten().collect::<Vec<_>>().join(words::COMMA.get(lang))
}
