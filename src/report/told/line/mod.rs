//! One line of the breakdown: its cells, whatever the columns are.

pub mod calculation;
pub mod conclusion;
pub mod installments;
pub mod parts;

pub use conclusion::fault;

use super::shape::{Part, Shape};
use crate::assess::model::{Amounts, Line, OtherReading, Status};
use crate::lang::{Lang, Text};
use crate::report::amount::{money, sum};
use crate::report::ink::{Ink, JOINER, NO_BREAK_BLANK};
use crate::report::layout::Block;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Interval;

/// Makes the rows of a breakdown, and collects the notes that belong below it.
pub struct Rows {
    /// The language.
    pub lang: Lang,
    /// Which columns there are.
    pub shape: Shape,
    /// The notes so far, each once; a line refers to them by number, from 1.
    pub notes: Vec<String>,
}

impl Rows {
    /// Those of this shape.
    pub fn new(lang: Lang, shape: Shape) -> Rows {
        Rows { lang, shape, notes: Vec::new() }
    }

    /// A line's cells, one for each column.
    pub fn cells(&mut self, line: &Line) -> Vec<Vec<Block>> {
        let shape = self.shape;
        let cell = |(_, _, parts): &(_, _, &[Part])| parts.iter().flat_map(|part| self.part(*part, line)).collect();
        let mut cells: Vec<Vec<Block>> = shape.iter().map(cell).collect();
        if line.status == Status::NotApplicable {
            for block in cells.iter_mut().flatten() {
                block.text = Ink::Dim.on(&block.text);
            }
        }
        cells
    }

    /// The paragraphs of a part of a line.
    fn part(&mut self, part: Part, line: &Line) -> Vec<Block> {
        let lang = self.lang;
        let amount = |pick: fn(&Amounts) -> Interval| {
            let none = || words::NO_AMOUNT.get(lang).to_owned();
            vec![Block::plain(line.amounts.as_ref().map_or_else(none, |amounts| amount(line, pick(amounts), lang)))]
        };
        match part {
            Part::Place => place(line, lang),
            Part::Title => vec![Block::plain(self.title(line))],
            Part::Office => line.office.iter().map(|office| self.office(office)).collect(),
            Part::Calculation => calculation::blocks(line, lang),
            Part::Entitled => amount(|amounts| amounts.entitled),
            Part::Awarded => amount(|amounts| amounts.awarded),
            // Nothing of a term is paid or due.
            Part::Paid | Part::Due if !line.is_money() => vec![Block::plain(words::NO_AMOUNT.get(lang))],
            Part::Paid => amount(|amounts| Interval::point(amounts.paid)),
            Part::Due => amount(|amounts| amounts.due),
            Part::Sums => sums(line, lang).into_iter().map(Block::plain).collect(),
            Part::Conclusion => conclusion::blocks(line, lang),
        }
    }

    /// The title with its record, its kind where it is no grant, and the numbers of its notes.
    fn title(&mut self, line: &Line) -> String {
        let mut text = say(&line.title, self.lang);
        if let Some(record) = record(line, self.lang) {
            text.push_str(&bracketed(&record, self.lang));
        }
        if line.status != Status::NotApplicable {
            text = Ink::Bold.on(&text);
        }
        if line.kind != "grant" {
            text.push_str(&format!(" · {}", say(&line.kind_label, self.lang)));
        }
        for note in &line.notes {
            text.push_str(&format!("{NO_BREAK_BLANK}[{}]", self.number(say(note, self.lang))));
        }
        text
    }

    fn office(&self, office: &Text) -> Block {
        let lead = words::OFFICE.get(self.lang);
        Block::plain(Ink::Dim.on(&format!("{lead}{}{}", words::COLON.get(self.lang), say(office, self.lang))))
    }

    /// The number of a note, which is the same for the same words.
    fn number(&mut self, note: String) -> usize {
        let known = self.notes.iter().position(|known| *known == note);
        known.unwrap_or_else(|| {
            self.notes.push(note);
            self.notes.len().saturating_sub(1)
        }) + 1
    }
}

/// What a line's record is called.
pub fn record(line: &Line, lang: Lang) -> Option<String> {
    let record = line.record.as_ref()?;
    Some(match (&record.label, lang) {
        (Some(label), _) => clean(label),
        (None, Lang::Zh) => format!("第{}项", record.index),
        (None, Lang::En) => format!("no. {}", record.index),
    })
}

/// Where the clause stands in the law, broken only before a 第, with its id, by which the command knows it.
fn place(line: &Line, lang: Lang) -> Vec<Block> {
    let id = clean(&line.clause);
    if lang == Lang::En || line.cite.is_empty() {
        return vec![Block::plain(id)];
    }
    let mut cite = String::new();
    for character in clean(&line.cite).chars() {
        if !cite.is_empty() && character != '第' {
            cite.push(JOINER);
        }
        cite.push(character);
    }
    let quiet = if line.status == Status::NotApplicable { id } else { Ink::Dim.on(&id) };
    vec![Block::plain(cite), Block::plain(quiet)]
}

/// An amount of a line: bare where it is in 元, with its unit otherwise.
fn amount(line: &Line, amount: Interval, lang: Lang) -> String {
    match &line.unit {
        Some(unit) if !unit.money => sum(amount, Some(unit), lang),
        _ => money(amount, lang),
    }
}

/// `核定 42,000 · 已发 36,000 · 本次应发 6,000`, where there are amounts.
fn sums(line: &Line, lang: Lang) -> Option<String> {
    let amounts = line.amounts.as_ref()?;
    let sums =
        [(&words::AWARDED, amounts.awarded), (&words::PAID, Interval::point(amounts.paid)), (&words::DUE, amounts.due)];
    let shown = if !line.is_money() { 1 } else { sums.len() };
    let sums = sums
        .into_iter()
        .take(shown)
        .map(|(head, sum)| format!("{}{NO_BREAK_BLANK}{}", head.get(lang), amount(line, sum, lang)));
    Some(sums.collect::<Vec<_>>().join(" · "))
}

/// What else changes under another reading where what is awarded stays: `应得 5,000 → 6,000`.
pub fn other_amounts(line: &Line, other: &OtherReading, lang: Lang) -> Vec<String> {
    let (Some(now), Some(then)) = (&line.amounts, &other.amounts) else { return Vec::new() };
    let arrow = |head: &Text, now: Interval, then: Interval| {
        let (now, then) = (amount(line, now, lang), amount(line, then, lang));
        (now != then).then(|| format!("{} {now} → {then}", head.get(lang).to_lowercase()))
    };
    let together = other.together.into_iter().flat_map(|told| {
        let (awarded, lifetime) = (told.awarded, told.lifetime);
        let lifetime = Some(lifetime).filter(|lifetime| *lifetime != awarded);
        let lifetime = lifetime.and_then(|(now, then)| arrow(&words::OF_LIMIT_LIFETIME, now, then));
        arrow(&words::OF_LIMIT, awarded.0, awarded.1).into_iter().chain(lifetime)
    });
    if now.awarded != then.awarded {
        return together.collect();
    }
    let paid = |amounts: &Amounts| Interval::point(amounts.paid);
    let parts = [
        (&words::ENTITLED, now.entitled, then.entitled),
        (&words::PAID, paid(now), paid(then)),
        (&words::DUE, now.due, then.due),
        (&words::OVERPAID, now.overpaid, then.overpaid),
    ];
    parts.into_iter().filter_map(|(head, now, then)| arrow(head, now, then)).chain(together).collect()
}
