//! The sentences of the law that can be read another way, with the amounts under each reading.

use crate::assess::model::{Assessment, Line, OtherReading, ReadingEffect};
use crate::lang::Lang;
use crate::report::amount::money;
use crate::report::layout::Block;
use crate::report::told::{clause_name, line};
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Interval;

/// One question: the option used, and for each other option the lines that it changes.
struct Question<'a> {
    effect: &'a ReadingEffect,
    /// Each other option with the lines that change.
    options: Vec<(&'a OtherReading, Vec<String>)>,
}

/// Each question once, and below it each other option with what it changes.
pub fn blocks(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    let mut questions: Vec<Question<'_>> = Vec::new();
    // A line that is not shown because it does not apply may under another reading.
    for line in &assessment.lines {
        for effect in &line.readings {
            let known =
                questions.iter().position(|known| known.effect.policy == effect.policy && known.effect.id == effect.id);
            let place = known.unwrap_or_else(|| {
                questions.push(Question { effect, options: Vec::new() });
                questions.len() - 1
            });
            let Some(question) = questions.get_mut(place) else { continue };
            for other in &effect.others {
                let change = change(assessment, line, other, lang);
                match question.options.iter_mut().find(|(known, _)| known.option == other.option) {
                    Some((_, changes)) => changes.push(change),
                    None => question.options.push((other, vec![change])),
                }
            }
        }
    }
    questions.iter().flat_map(|question| question.blocks(lang)).collect()
}

impl Question<'_> {
    fn blocks(&self, lang: Lang) -> Vec<Block> {
        let id = bracketed(&clean(&self.effect.id), lang);
        let used = match (&self.effect.used, lang) {
            (Some((_, option)), Lang::Zh) => format!("现按：{}", say(option, lang)),
            (Some((_, option)), Lang::En) => format!("taken: {}", say(option, lang)),
            (None, Lang::Zh) => "读法未选".to_owned(),
            (None, Lang::En) => "left open".to_owned(),
        };
        let mut blocks =
            vec![Block::bullet(format!("{}{id}", say(&self.effect.question, lang))), Block::under_bullet(used)];
        for (other, changes) in &self.options {
            let changes = changes.join(words::SEMICOLON.get(lang));
            let option = say(&other.label, lang);
            blocks.push(Block::under_bullet(match lang {
                Lang::Zh => format!("若按：{option} —— {changes}"),
                Lang::En => format!("if: {option} — {changes}"),
            }));
        }
        blocks
    }
}

/// `第五条 核定 50,000 → 54,000`
fn change(assessment: &Assessment, line: &Line, other: &OtherReading, lang: Lang) -> String {
    let record = line::record(line, lang).map_or_else(String::new, |record| bracketed(&record, lang));
    let mut said = format!("{}{record}", clause_name(assessment, &line.policy, &line.clause, lang));
    let arrow = |now: Option<Interval>, then: Option<Interval>| {
        let then = then.filter(|then| now != Some(*then))?;
        let now = now.map_or_else(|| "—".to_owned(), |now| money(now, lang));
        Some(format!("{now} → {}", money(then, lang)))
    };
    let then = other.amounts.as_ref();
    let awarded = arrow(line.amounts.as_ref().map(|amounts| amounts.awarded), then.map(|then| then.awarded));
    let lifetime = arrow(line.amounts.as_ref().map(|amounts| amounts.lifetime), then.map(|then| then.lifetime));
    if let Some(awarded) = &awarded {
        said.push_str(&format!(" {awarded}"));
    }
    // The whole term is told where it changes in another way than what is awarded to date.
    if let Some(lifetime) = lifetime.filter(|lifetime| awarded.as_ref() != Some(lifetime)) {
        let head = if lang == Lang::Zh { "全期" } else { "whole term" };
        let comma = if awarded.is_some() { words::COMMA.get(lang) } else { " " };
        said.push_str(&format!("{comma}{head} {lifetime}"));
    }
    for more in line::other_amounts(line, other, lang) {
        said.push_str(&format!(" {more}"));
    }
    if other.status != line.status {
        let status = words::status_as(other.status, line.kind).0;
        said.push_str(&bracketed(&status.get(lang).to_lowercase(), lang));
    }
    said
}
