//! A result that was written, held against the same worked out again: both as rows, whatever the format, and cell by cell.

pub mod data;
pub mod page;
pub mod sheet;

use std::collections::VecDeque;

use crate::lang::{Lang, Text};
use crate::source::clean;

/// Part of a result: a line of it, a row of a table, a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What tells it from others, in the words of the reader; the same in the result and worked out again.
    pub place: Text,
    /// What stands in it: what it is, and the value.
    pub cells: Vec<(Text, String)>,
}

/// One thing that the result says and that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub place: Text,
    /// What of it.
    pub what: Text,
    /// As the result says; none: it says nothing of it.
    pub said: Option<String>,
    /// As it comes out; none: nothing comes out.
    pub now: Option<String>,
}

/// What is different, as far as it is told.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// The first of them.
    pub first: Vec<Difference>,
    /// How many there are.
    pub count: u64,
}

/// More than these are only counted.
const MOST: usize = 100;
/// Behind a row that is missing, or too much, so many rows are looked through for the next that both have.
const AHEAD: usize = 1000;

impl Differences {
    fn add(&mut self, difference: Difference) {
        self.count += 1;
        if self.first.len() < MOST {
            self.first.push(difference);
        }
    }

    /// Holds the rows of a result against those worked out again; the first error of either ends it.
    pub fn compare<E>(
        &mut self,
        said: impl Iterator<Item = Result<Row, E>>,
        now: impl Iterator<Item = Result<Row, E>>,
    ) -> Result<(), E> {
        let (mut said, mut now) = (Ahead::of(said), Ahead::of(now));
        loop {
            said.fill(1)?;
            now.fill(1)?;
            match (said.rows.front(), now.rows.front()) {
                (None, None) => return Ok(()),
                (Some(old), Some(new)) if old.place == new.place => self.row(old, new),
                _ => {
                    said.fill(AHEAD)?;
                    now.fill(AHEAD)?;
                    let (gone, more) = apart(&said.rows, &now.rows);
                    said.rows.drain(..gone).for_each(|row| self.whole(&row, true));
                    now.rows.drain(..more).for_each(|row| self.whole(&row, false));
                    continue;
                }
            }
            said.rows.pop_front();
            now.rows.pop_front();
        }
    }

    fn row(&mut self, old: &Row, new: &Row) {
        let value = |cells: &[(Text, String)], of: &Text| cells.iter().find(|(what, _)| what == of).cloned();
        for (place, (what, said)) in old.cells.iter().enumerate() {
            // Mostly they stand in the same order.
            let same = new.cells.get(place).filter(|(other, _)| other == what).cloned();
            let now = same.or_else(|| value(&new.cells, what)).map(|(_, now)| now);
            if now.as_ref() != Some(said) {
                self.add(Difference { place: old.place.clone(), what: what.clone(), said: Some(said.clone()), now });
            }
        }
        for (what, now) in new.cells.iter().filter(|(what, _)| value(&old.cells, what).is_none()) {
            self.add(Difference { place: old.place.clone(), what: what.clone(), said: None, now: Some(now.clone()) });
        }
    }

    fn whole(&mut self, row: &Row, was: bool) {
        // What has a name in words is enough to know the line by; without such names all of it is told.
        let named: Vec<&(Text, String)> = row.cells.iter().filter(|(what, _)| what.zh != what.en).collect();
        let known = if named.is_empty() { row.cells.iter().collect() } else { named };
        let cells: Vec<&str> =
            known.iter().map(|(_, cell)| cell.as_str()).filter(|cell| !matches!(*cell, "" | "-")).collect();
        let text = cells.join("，");
        let (said, now) = if was { (Some(text), None) } else { (None, Some(text)) };
        self.add(Difference { place: row.place.clone(), what: Text::new("整行", "the whole line"), said, now });
    }
}

/// How many rows of each are passed over so that both go on with the same one: as few as can be.
fn apart(said: &VecDeque<Row>, now: &VecDeque<Row>) -> (usize, usize) {
    let place = |rows: &VecDeque<Row>, of: &Row| rows.iter().position(|row| row.place == of.place);
    let all = (said.len(), now.len());
    let mut best = all;
    for (gone, row) in said.iter().enumerate() {
        if gone >= best.0 + best.1 {
            break;
        }
        if let Some(more) = place(now, row).filter(|more| gone + more < best.0 + best.1) {
            best = (gone, more);
        }
    }
    best
}

/// Rows, and those that were looked at before it was their turn.
struct Ahead<I> {
    rest: I,
    rows: VecDeque<Row>,
}

impl<E, I: Iterator<Item = Result<Row, E>>> Ahead<I> {
    fn of(rest: I) -> Ahead<I> {
        Ahead { rest, rows: VecDeque::new() }
    }

    fn fill(&mut self, count: usize) -> Result<(), E> {
        while self.rows.len() < count {
            let Some(row) = self.rest.next() else { break };
            self.rows.push_back(row?);
        }
        Ok(())
    }
}

impl Difference {
    /// On one line.
    pub fn line(&self, lang: Lang) -> String {
        let place = match (self.place.get(lang), lang) {
            ("", _) => String::new(),
            (place, Lang::Zh) => format!("{}：", clean(place)),
            (place, Lang::En) => format!("{}: ", clean(place)),
        };
        let none = Text::new("没有", "nothing");
        let side = |side: &Option<String>| match side.as_deref() {
            None | Some("") => none.get(lang).to_owned(),
            Some(text) => clean(text),
        };
        let (what, said, now) = (clean(self.what.get(lang)), side(&self.said), side(&self.now));
        match lang {
            Lang::Zh => format!("{place}{what} 结果写 {said}，复核为 {now}"),
            Lang::En => format!("{place}{what}: the result says {said}, it comes to {now}"),
        }
    }
}
