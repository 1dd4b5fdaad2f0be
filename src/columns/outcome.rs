//! What a block of rows came to, line by line.

use std::collections::BTreeMap;

use crate::assess::conclusion::Verdict;
use crate::assess::model::{RecordName, Status};
use crate::columns::clause::Compiled;
use crate::columns::lanes::{BLOCK, Lane, Lanes};
use crate::columns::program::{Constants, Under};
use crate::columns::records::{Lines, OutcomesOfRecords};
use crate::columns::why::Why;
use crate::value::{Interval, Number};

/// What a block of rows came to.
#[derive(Debug)]
pub struct Outcomes {
    /// Rows that must go the general way, all of them.
    pub general: [bool; BLOCK],
    /// In the order of the clauses; without those that are left to the general evaluation in every row.
    pub lines: Vec<LineOutcomes>,
    /// How many parts of a 元 the sums are in.
    pub(super) parts: i64,
    /// What is awarded to each row by the lines that were worked out.
    pub(super) awarded: [i64; BLOCK],
    /// What these can still come to.
    pub(super) lifetime: [i64; BLOCK],
    /// Of lists whose records have lines of their own.
    pub(super) records: Vec<OutcomesOfRecords>,
}

/// A line of a row that was worked out, or of one of its records.
#[derive(Clone, Copy, Debug)]
pub struct At<'o> {
    /// The line.
    pub line: &'o LineOutcomes,
    /// Where in it.
    pub row: usize,
    /// The record.
    pub record: Option<&'o RecordName>,
}

/// What many rows came to in one line.
#[derive(Debug)]
pub struct Tally<'o> {
    /// The clause's place.
    pub clause: usize,
    /// Every verdict.
    pub verdicts: &'o [Verdict],
    /// How many rows came to each of them.
    pub counts: Vec<u64>,
    /// The sum of what they are awarded.
    pub awarded: Interval,
}

/// What one line came to, row by row.
#[derive(Clone, Debug)]
pub struct LineOutcomes {
    /// The clause's place.
    pub clause: usize,
    /// Whether it is in the totals.
    pub counted: bool,
    /// Whether it has an amount, where it applies.
    pub has_amount: bool,
    /// How many parts of the unit in which its amounts are told are one of that.
    pub(super) parts: i64,
    /// Rows in which the line must go the general way.
    pub general: [bool; BLOCK],
    /// Why.
    pub why: [Why; BLOCK],
    /// Rows in which it is met, or may still be, by its own words; or nobody knows.
    pub(super) alive: [bool; BLOCK],
    /// The place of each row's verdict.
    pub verdict: [u32; BLOCK],
    /// What is awarded, in such parts.
    pub(super) awarded: [i64; BLOCK],
    /// What it can still come to, in the same.
    pub(super) lifetime: [i64; BLOCK],
    /// Every verdict so far.
    pub verdicts: Vec<Verdict>,
    /// The place of the verdict of each code; none yet: the largest number.
    pub(super) places: Vec<u32>,
    /// The same where the verdict speaks of a day.
    pub(super) of_days: BTreeMap<(usize, i64), u32>,
    /// What it comes to under other options of readings, where that may be something else; and the rows in which it is.
    under: Vec<(LineOutcomes, [bool; BLOCK])>,
    /// For each option under which it may be its place among all that were given, and that of what it then comes to.
    options: Vec<(usize, usize)>,
    /// Where the lines of records are, if there is one for each: the place of the list, and of the line there.
    list: Option<(usize, usize)>,
    /// For each verdict how many rows came to it since that was told; and the sum of what they are awarded.
    counts: (Vec<u64>, i128),
}

impl Outcomes {
    /// Turns to another block.
    pub fn begin(&mut self) {
        self.general = [false; BLOCK];
    }

    /// Makes a row of which one line must go the general way one that does.
    pub fn whole_rows_only(&mut self) {
        for line in &self.lines {
            self.general.iter_mut().zip(&line.general).for_each(|(whole, line)| *whole |= line);
        }
    }

    /// Leaves lines to the general evaluation in rows where one of them may take something from another: where two of them are met,
    /// or may still be, under the options taken or others. What is not met gives nothing and takes nothing away. `left`: there
    /// are others than these, of which nothing is known here.
    pub(super) fn link(&mut self, lines: &[usize], left: bool) {
        let mut count = [u8::from(left); BLOCK];
        for line in lines.iter().filter_map(|place| self.lines.get(*place)) {
            for (row, count) in count.iter_mut().enumerate() {
                *count = count.saturating_add(u8::from(line.may_be_alive(row)));
            }
        }
        for line in lines {
            let Some(line) = self.lines.get_mut(*line) else { continue };
            for (row, _) in count.iter().enumerate().filter(|(_, count)| **count > 1) {
                if line.may_be_alive(row) && line.general.get(row) == Some(&false) {
                    line.leave(row, Why::Linked);
                }
            }
        }
    }

    /// Looks at the lines of a row that were worked out, in the order of the clauses and of the records.
    pub fn of_row<'o>(&'o self, row: usize, look: &mut impl FnMut(At<'o>)) {
        self.lines.iter().for_each(|line| self.of_line(line, row, look));
    }

    /// The same of one of the lines: itself, or one for each record.
    pub fn of_line<'o>(&'o self, line: &'o LineOutcomes, row: usize, look: &mut impl FnMut(At<'o>)) {
        if line.general.get(row) != Some(&false) {
            return;
        }
        let list = line.list.and_then(|(list, place)| Some((self.records.get(list)?, place)));
        let records = list.map_or(0..0, |(list, _)| list.of_row(row));
        if records.is_empty() {
            look(At { line, row, record: None });
        }
        for record in records {
            let found = list.and_then(|(list, place)| list.line(place, record));
            found.into_iter().for_each(|(line, row, name)| look(At { line, row, record: Some(name) }));
        }
    }

    /// Counts what so many rows came to, until it is told.
    pub fn count(&mut self, rows: usize) {
        for line in &mut self.lines {
            let Some((list, place)) = line.list.and_then(|(list, place)| Some((self.records.get_mut(list)?, place)))
            else {
                line.count(&self.general, rows);
                continue;
            };
            for (row, _) in self.general.iter().enumerate().take(rows).filter(|(_, general)| !**general) {
                if line.general.get(row) != Some(&false) {
                    continue;
                }
                let records = list.of_row(row);
                if records.is_empty() {
                    line.count_one(row);
                }
                for record in records {
                    let found = list.line_mut(place, record);
                    found.into_iter().for_each(|(line, row)| line.count_one(row));
                }
            }
        }
    }

    /// What rows came to since the last time, line by line.
    pub fn tell(&mut self) -> impl Iterator<Item = Tally<'_>> {
        let lines = self.lines.iter_mut().chain(self.records.iter_mut().flat_map(OutcomesOfRecords::every_line));
        lines.map(|line| {
            let (counts, awarded) = std::mem::take(&mut line.counts);
            let awarded = Number::fraction(awarded, i128::from(line.parts)).map_or(Interval::ANY, Interval::point);
            Tally { clause: line.clause, verdicts: &line.verdicts, counts, awarded }
        })
    }

    /// Adds up what the lines come to that are in the totals.
    pub(super) fn add_up(&mut self) {
        (self.awarded, self.lifetime) = ([0; BLOCK], [0; BLOCK]);
        for line in self.lines.iter_mut().filter(|line| line.counted) {
            let times = self.parts / line.parts;
            let mut over: Vec<usize> = Vec::new();
            let sums = self.awarded.iter_mut().zip(&mut self.lifetime);
            for (row, ((awarded, lifetime), (more, all))) in
                sums.zip(line.awarded.iter().zip(&line.lifetime)).enumerate()
            {
                let plus = |sum: i64, more: i64| more.checked_mul(times).and_then(|more| sum.checked_add(more));
                match (plus(*awarded, *more), plus(*lifetime, *all)) {
                    (Some(more), Some(all)) => (*awarded, *lifetime) = (more, all),
                    _ => over.push(row),
                }
            }
            over.into_iter().for_each(|row| line.leave(row, Why::Open));
        }
    }

    /// What the lines of a row that were worked out are awarded, and can still come to.
    pub fn sums(&self, row: usize) -> (Number, Number) {
        let of = |sums: &[i64; BLOCK]| told(sums.get(row).copied().unwrap_or(0), self.parts);
        (of(&self.awarded), of(&self.lifetime))
    }
}

/// So many parts of a unit, in the unit.
fn told(amount: i64, parts: i64) -> Number {
    if amount % parts == 0 {
        return Number::whole(amount / parts);
    }
    Number::fraction(i128::from(amount), i128::from(parts)).unwrap_or(Number::ZERO)
}

impl LineOutcomes {
    /// Whether it is met in a row, or may still be, under the options taken or others; or nobody knows.
    pub(super) fn may_be_alive(&self, row: usize) -> bool {
        let is_alive = |line: &LineOutcomes| line.alive.get(row) != Some(&false);
        is_alive(self) || self.under.iter().any(|(under, _)| is_alive(under))
    }

    /// Leaves it to the general evaluation in a row.
    fn leave(&mut self, row: usize, why: Why) {
        self.general.get_mut(row).into_iter().for_each(|general| *general = true);
        self.why.get_mut(row).into_iter().for_each(|own| *own = why);
        [&mut self.awarded, &mut self.lifetime]
            .into_iter()
            .filter_map(|sums| sums.get_mut(row))
            .for_each(|sum| *sum = 0);
    }

    /// Whether another line of the same clause comes to the same in a row.
    fn is_written_alike(&self, other: &LineOutcomes, row: usize) -> bool {
        let status = |line: &LineOutcomes| line.verdict(row).map(|verdict| verdict.status);
        let in_parts = |amounts: &[i64; BLOCK], of: &LineOutcomes| {
            i128::from(amounts.get(row).copied().unwrap_or(0)) * i128::from(of.parts)
        };
        let alike = |amounts: fn(&LineOutcomes) -> &[i64; BLOCK]| {
            in_parts(amounts(self), other) == in_parts(amounts(other), self)
        };
        let (own, others) = (status(self), status(other));
        own == others
            && (own == Some(Status::NotApplicable)
                || self.has_amount == other.has_amount
                    && (!self.has_amount || alike(|line| &line.awarded) && alike(|line| &line.lifetime)))
    }
}

impl LineOutcomes {
    /// Room for a line. `same`: what is said in every row, where that is so.
    pub(super) fn new(
        (clause, counted): (usize, bool),
        (has_amount, parts): (bool, i64),
        same: Option<Verdict>,
    ) -> LineOutcomes {
        LineOutcomes {
            clause,
            counted,
            has_amount,
            parts,
            general: [false; BLOCK],
            why: [Why::Row; BLOCK],
            alive: [false; BLOCK],
            verdict: [0; BLOCK],
            awarded: [0; BLOCK],
            lifetime: [0; BLOCK],
            verdicts: same.into_iter().collect(),
            places: Vec::new(),
            of_days: BTreeMap::new(),
            under: Vec::new(),
            options: Vec::new(),
            list: None,
            counts: (Vec::new(), 0),
        }
    }

    /// What it comes to under another option, by its place among those that were compiled.
    pub(super) fn under(&self, place: usize) -> Option<&LineOutcomes> {
        self.under.get(place).map(|(under, _)| under)
    }

    /// Counts what so many rows came to, but for those that go the general way.
    fn count(&mut self, whole: &[bool; BLOCK], rows: usize) {
        let (counts, sum) = &mut self.counts;
        counts.resize(self.verdicts.len(), 0);
        let general = self.general.iter().zip(whole).map(|(own, whole)| *own || *whole);
        let rows = self.verdict.iter().zip(&self.awarded).zip(general).take(rows);
        for ((verdict, awarded), _) in rows.filter(|(_, general)| !general) {
            *sum += i128::from(*awarded);
            counts.get_mut(*verdict as usize).into_iter().for_each(|count| *count += 1);
        }
    }

    /// Counts what a row came to.
    fn count_one(&mut self, row: usize) {
        let (Some(verdict), Some(awarded)) = (self.verdict.get(row), self.awarded.get(row)) else { return };
        let (counts, sum) = &mut self.counts;
        *sum += i128::from(*awarded);
        if counts.len() < self.verdicts.len() {
            counts.resize(self.verdicts.len(), 0);
        }
        counts.get_mut(*verdict as usize).into_iter().for_each(|count| *count += 1);
    }

    /// Room for what it comes to under other options: different lines, and for each option which of them it is.
    pub(super) fn beside(mut self, under: &Under) -> LineOutcomes {
        let line = |compiled: &Compiled| {
            LineOutcomes::new((self.clause, self.counted), (self.has_amount, compiled.parts()), None)
        };
        self.under = under.compiled.iter().map(|compiled| (line(compiled), [false; BLOCK])).collect();
        self.options.clone_from(&under.options);
        self
    }

    /// Room for one that adds up those of records, which are at these places of a list and of its lines.
    pub(super) fn for_records(self, list: Option<(usize, usize)>) -> LineOutcomes {
        LineOutcomes { list, ..self }
    }

    /// The other options, by their places among all that were given, under which a row comes out otherwise; and how.
    pub fn otherwise(&self, row: usize) -> impl Iterator<Item = (usize, &LineOutcomes)> {
        let differs = move |(_, differs): &&(LineOutcomes, [bool; BLOCK])| differs.get(row) == Some(&true);
        let then = move |(option, under): &(usize, usize)| {
            self.under.get(*under).filter(differs).map(|(then, _)| (*option, then))
        };
        self.options.iter().filter_map(then)
    }

    /// Concludes the line in every row, and notes under which other options it comes out otherwise. Where one of them is open, the
    /// general evaluation says so.
    pub(super) fn conclude_all(
        &mut self,
        compiled: &Compiled,
        under: &[Compiled],
        lanes: &Lanes,
        (rows, whole): (usize, &[bool; BLOCK]),
        constants: &Constants<'_>,
    ) {
        (self.general, self.why) = (*whole, [Why::Row; BLOCK]);
        self.conclude(compiled, lanes, rows, constants);
        let mut others = std::mem::take(&mut self.under);
        for ((other, differs), compiled) in others.iter_mut().zip(under) {
            (other.general, other.why) = (self.general, self.why);
            other.conclude(compiled, lanes, rows, constants);
            (self.general, self.why) = (other.general, other.why);
            for (row, differs) in differs.iter_mut().enumerate().take(rows) {
                *differs = !self.is_written_alike(other, row);
            }
        }
        if !others.is_empty() {
            let amounts = self.awarded.iter_mut().zip(&mut self.lifetime).zip(&self.general);
            amounts
                .filter(|(_, general)| **general)
                .for_each(|((awarded, lifetime), _)| (*awarded, *lifetime) = (0, 0));
        }
        self.under = others;
    }

    /// Says the same in every row without records, and adds up the lines of the others.
    pub(super) fn conclude_records(
        &mut self,
        count: &Lane,
        lines: Option<&Lines<'_>>,
        (rows, whole): (usize, &[bool; BLOCK]),
    ) {
        (self.general, self.why, self.alive) = (*whole, [Why::Records; BLOCK], [false; BLOCK]);
        (self.awarded, self.lifetime) = ([0; BLOCK], [0; BLOCK]);
        for (row, (count, mark)) in count.values.iter().zip(&count.unknown).enumerate().take(rows) {
            if *count == 0 && *mark == 0 {
                continue;
            }
            let left = match lines.filter(|_| *mark == 0) {
                Some(lines) => self.add_records(row, lines),
                None => {
                    self.alive.get_mut(row).into_iter().for_each(|alive| *alive = true);
                    Some(Why::Records)
                }
            };
            left.into_iter().for_each(|why| self.leave(row, why));
        }
    }

    /// Adds up the lines of the records of a row; why that is left to the general evaluation, if it is.
    fn add_records(&mut self, row: usize, lines: &Lines<'_>) -> Option<Why> {
        let mut left = None;
        for (line, at) in lines.of_row(row) {
            self.alive.get_mut(row).into_iter().for_each(|alive| *alive |= line.may_be_alive(at));
            if line.general.get(at) != Some(&false) {
                left = left.or(line.why.get(at).copied());
            }
            for (sums, own) in [(&mut self.awarded, &line.awarded), (&mut self.lifetime, &line.lifetime)] {
                if let (Some(sum), Some(own)) = (sums.get_mut(row), own.get(at)) {
                    *sum = sum.saturating_add(*own);
                }
            }
        }
        left.or_else(|| (!lines.fit(row)).then_some(Why::Limits))
    }

    /// What a row is awarded, and can still come to, in the unit in which that is told.
    pub fn amounts(&self, row: usize) -> (Number, Number) {
        let of = |amounts: &[i64; BLOCK]| told(amounts.get(row).copied().unwrap_or(0), self.parts);
        (of(&self.awarded), of(&self.lifetime))
    }

    /// A row's verdict.
    pub fn verdict(&self, row: usize) -> Option<&Verdict> {
        self.verdicts.get(*self.verdict.get(row)? as usize)
    }
}
