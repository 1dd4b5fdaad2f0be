//! What a line comes to and why.

use crate::assess::model::{Failed, Line, Status};
use crate::expr::formula::Shown;
use crate::lang::Lang;
use crate::report::amount::sum;
use crate::report::formula;
use crate::report::ink::Ink;
use crate::report::layout::Block;
use crate::report::words::{self, bracketed, say};
use crate::value::Interval;

/// The reason, or the first condition that fails with its figures; and how many more fail.
pub fn first_reason(line: &Line, lang: Lang) -> (String, usize) {
    match line.failed.as_slice() {
        [] => (say(&line.full_reason(), lang), 0),
        [first, others @ ..] => (fault(first, lang), others.len()),
    }
}

/// The status with its reason, the conditions that fail, and what would settle an open one.
pub fn blocks(line: &Line, lang: Lang) -> Vec<Block> {
    let (status, ink) = words::status_of(line);
    let colon = words::COLON.get(lang);
    // What does not apply is dim as a whole.
    let status = if ink == Ink::Dim { status.get(lang).to_owned() } else { ink.on(status.get(lang)) };
    let faults: Vec<String> = line.failed.iter().map(|failed| fault(failed, lang)).collect();
    // Conditions that fail are the reason, told with their figures.
    let (head, below) = match faults.as_slice() {
        [] => (say(&line.full_reason(), lang), &[][..]),
        [only] => (only.clone(), &[][..]),
        several => (String::new(), several),
    };
    // Met without an amount, the kind's own words say it all.
    let lead = if matches!(line.status, Status::Met | Status::Stated) {
        head
    } else if head.is_empty() {
        status
    } else {
        format!("{status}{colon}{head}")
    };
    let mut blocks = vec![Block::plain(lead)];
    blocks.extend(below.iter().map(Block::bullet));
    if !line.missing.is_empty() {
        let labels: Vec<String> = line.missing.iter().map(|fact| say(&fact.label, lang)).collect();
        let labels = labels.join(words::LISTED.get(lang));
        blocks.push(Block::plain(format!("{}{colon}{labels}", words::TO_SUPPLY.get(lang))));
    }
    if let Some(amounts) = line.amounts.as_ref().filter(|amounts| amounts.overpaid != Interval::ZERO) {
        let over = sum(amounts.overpaid, line.unit.as_ref(), lang);
        blocks.push(Block::plain(Ink::Red.on(&format!("{}{colon}{over}", words::OVERPAID.get(lang)))));
    }
    if !line.readings.is_empty() {
        blocks.push(Block::plain(words::READ_OTHERWISE.get(lang)));
    }
    blocks
}

/// A condition that fails, with what is required, what is the case, and how far off it is.
pub fn fault(failed: &Failed, lang: Lang) -> String {
    let lead = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let mut figures = measured(failed, lang);
    let parts = parts(&failed.parts, lang);
    if figures.is_empty() {
        figures = parts;
    }
    let figures = if figures.is_empty() { String::new() } else { bracketed(&figures, lang) };
    let text = say(&failed.text, lang);
    format!("{}{figures}", lead(&format!("不满足“{text}”"), &format!("fails “{text}”")))
}

/// Each part that would have been enough: `比例：要求 ≥ 20%，实际 18.4%，还差 1.6%；月租：…`
pub fn parts(parts: &[Failed], lang: Lang) -> String {
    let one = |part: &Failed| {
        let (text, figures) = (say(&part.text, lang), measured(part, lang));
        if figures.is_empty() { text } else { format!("{text}{}{figures}", words::COLON.get(lang)) }
    };
    parts.iter().map(one).collect::<Vec<_>>().join(words::SEMICOLON.get(lang))
}

/// `要求 ≥ 6个月，实际 5个月，还差 1个月`
fn measured(failed: &Failed, lang: Lang) -> String {
    let lead = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let required = failed.required.as_ref().map(|wanted| lead("要求 ", "required ") + &formula::required(wanted, lang));
    // Of a yes or no the condition's own words say enough.
    let actual = failed.actual.as_ref().filter(|actual| !matches!(actual, Shown::Truth(_)));
    let actual = actual.map(|actual| lead("实际 ", "actual ") + &formula::value(actual, lang));
    let sign = failed.required.as_ref().map(|(sign, _)| *sign);
    let distance = failed.distance.as_ref().map(|off| formula::distance(sign, off, lang));
    let figures: Vec<String> = [required, actual, distance].into_iter().flatten().collect();
    figures.join(words::COMMA.get(lang))
}
