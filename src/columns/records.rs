//! Lists whose records have lines of their own: the records of a block's rows are rows of a program by themselves.

use std::ops::Range;
use std::sync::Arc;

use crate::assess::model::RecordName;
use crate::columns::clause::{Capped, Compiled};
use crate::columns::lanes::{BLOCK, Lanes};
use crate::columns::op::Reg;
use crate::columns::outcome::{LineOutcomes, Outcomes};
use crate::columns::program::{Constants, Program, Under, What};
use crate::columns::source::{Filler, plain_count};
use crate::expr::context::RecordAt;
use crate::value::Value;

/// The clauses that have a line for each record of a list, compiled.
#[derive(Debug)]
pub(super) struct OfList {
    /// The input that holds it.
    pub input: usize,
    /// The place of its declaration.
    pub list: usize,
    /// Its rows are records.
    pub program: Program,
}

/// The records of a block of rows, [`BLOCK`] by [`BLOCK`].
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// What they are called.
    names: Vec<RecordName>,
    /// For each row that was put in where its records end.
    ends: Vec<usize>,
    blocks: Vec<Lanes>,
}

/// What their lines came to.
#[derive(Debug, Default)]
pub(super) struct OutcomesOfRecords {
    names: Vec<RecordName>,
    ends: Vec<usize>,
    blocks: Vec<Outcomes>,
}

/// The lines of one clause for all records of a block of rows.
pub(super) struct Lines<'r> {
    line: usize,
    compiled: &'r Compiled,
    under: &'r [Compiled],
    lanes: &'r [Lanes],
    outcomes: &'r OutcomesOfRecords,
}

impl OfList {
    /// The place of a clause's line.
    pub fn line(&self, clause: usize) -> Option<usize> {
        self.program.lines.iter().position(|line| line.clause == clause)
    }

    /// Forgets the records that were put in.
    pub fn begin(&self, records: &mut Records) {
        records.names.clear();
        records.ends.clear();
        records.blocks.iter_mut().for_each(|lanes| self.program.begin(lanes));
    }

    /// Puts the records of the next row in; of a list that has more than plain ones none.
    pub fn put(&self, inputs: &mut [Value], filler: &Filler<'_>, records: &mut Records) {
        if let Some(Value::List(list)) = inputs.get(self.input)
            && plain_count(list).is_some()
        {
            let list = Arc::clone(list);
            for (index, record) in list.records.iter().enumerate() {
                let (block, row) = (records.names.len() / BLOCK, records.names.len() % BLOCK);
                if records.blocks.len() <= block {
                    records.blocks.push(self.program.lanes());
                }
                let at = RecordAt { input: self.input, list: self.list, index, record };
                if let Some(lanes) = records.blocks.get_mut(block) {
                    self.program.put_row(row, filler, (&mut *inputs, Some(at)), lanes);
                }
                records.names.push(RecordName { index: index + 1, label: record.label.clone() });
            }
        }
        records.ends.push(records.names.len());
    }

    /// Works out the lines of all records that were put in.
    pub fn run(&self, constants: &Constants<'_>, records: &mut Records, outcomes: &mut OutcomesOfRecords) {
        outcomes.ends.clone_from(&records.ends);
        std::mem::swap(&mut outcomes.names, &mut records.names);
        let mut rest = outcomes.names.len();
        for (place, lanes) in records.blocks.iter_mut().enumerate() {
            if outcomes.blocks.len() <= place {
                outcomes.blocks.push(self.program.outcomes());
            }
            let rows = rest.min(BLOCK);
            rest -= rows;
            if let Some(outcomes) = outcomes.blocks.get_mut(place).filter(|_| rows > 0) {
                self.program.run(constants, rows, lanes, outcomes);
            }
        }
    }

    /// How the line at a place is worked out, and how under other options of readings.
    pub fn compiled(&self, line: usize) -> Option<(&Compiled, &Under)> {
        match &self.program.lines.get(line)?.what {
            What::Worked(compiled, under) => Some((compiled, under)),
            What::Same(_) | What::OfRecords(_) => None,
        }
    }

    /// The lines at a place.
    pub fn lines<'r>(
        &'r self,
        line: usize,
        records: &'r Records,
        outcomes: &'r OutcomesOfRecords,
    ) -> Option<Lines<'r>> {
        let (compiled, under) = self.compiled(line)?;
        Some(Lines { line, compiled, under: &under.compiled, lanes: &records.blocks, outcomes })
    }
}

impl OutcomesOfRecords {
    /// Where the records of a row are.
    pub fn of_row(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.ends.get(row).copied().unwrap_or(0);
        row.checked_sub(1).map_or(0, end)..end(row)
    }

    /// The line of a record, its row, and what the record is called.
    pub fn line(&self, line: usize, record: usize) -> Option<(&LineOutcomes, usize, &RecordName)> {
        let outcomes = self.blocks.get(record / BLOCK)?.lines.get(line)?;
        Some((outcomes, record % BLOCK, self.names.get(record)?))
    }

    /// The same, to be counted.
    pub fn line_mut(&mut self, line: usize, record: usize) -> Option<(&mut LineOutcomes, usize)> {
        Some((self.blocks.get_mut(record / BLOCK)?.lines.get_mut(line)?, record % BLOCK))
    }

    /// Every line of every block.
    pub fn every_line(&mut self) -> impl Iterator<Item = &mut LineOutcomes> {
        self.blocks.iter_mut().flat_map(|outcomes| &mut outcomes.lines)
    }
}

impl Lines<'_> {
    /// The lines of the records of a row, and their rows.
    pub fn of_row(&self, row: usize) -> impl Iterator<Item = (&LineOutcomes, usize)> {
        let records = self.outcomes.of_row(row);
        records.filter_map(|record| self.outcomes.line(self.line, record).map(|(line, row, _)| (line, row)))
    }

    /// Whether no limit takes anything from the lines of a row, under the options taken and every other.
    pub fn fit(&self, row: usize) -> bool {
        self.all_fit(row, self.compiled, Some)
            && (self.under.iter().enumerate())
                .all(|(place, compiled)| self.all_fit(row, compiled, |line| line.under(place)))
    }

    fn all_fit<'l>(
        &'l self,
        row: usize,
        compiled: &Compiled,
        of: impl Fn(&'l LineOutcomes) -> Option<&'l LineOutcomes>,
    ) -> bool {
        compiled.limits.iter().all(|limit| self.fits(row, limit, &of).unwrap_or(false))
    }

    /// Whether all that is asked for of a limit is there; `None` where that is not known.
    fn fits<'l>(
        &'l self,
        row: usize,
        limit: &Capped,
        of: &impl Fn(&'l LineOutcomes) -> Option<&'l LineOutcomes>,
    ) -> Option<bool> {
        let value = |record: usize, reg: Reg| {
            let lane = self.lanes.get(record / BLOCK)?.lane(reg);
            let (value, mark) = (lane.values.get(record % BLOCK)?, lane.unknown.get(record % BLOCK)?);
            (*mark == 0).then_some(*value)
        };
        let mut asked: Vec<(Option<Vec<i64>>, i128, i128)> = Vec::new();
        for record in self.outcomes.of_row(row) {
            let (line, at, _) = self.outcomes.line(self.line, record)?;
            let line = of(line)?;
            let asks = line.lifetime.get(at)?.max(line.awarded.get(at)?);
            if *asks == 0 || value(record, limit.applies) == Some(0) {
                continue;
            }
            let key = limit.per.iter().map(|part| value(record, *part)).collect();
            // What is there is in 分, or in such parts of which a place takes so many.
            let (asks, of) = limit.place.map_or((*asks, line.parts), |place| (place, 100));
            asked.push((key, i128::from(asks) * 100, i128::from(value(record, limit.at_most)?) * i128::from(of)));
        }
        // Whose key is not known may share it with anybody.
        let share = |one: &Option<Vec<i64>>, other: &Option<Vec<i64>>| one == other || one.is_none() || other.is_none();
        let fits = |(key, _, at_most): &(Option<Vec<i64>>, i128, i128)| {
            let all = asked.iter().filter(|(other, ..)| share(key, other)).map(|(_, asks, _)| *asks);
            all.sum::<i128>() <= *at_most
        };
        Some(asked.iter().all(fits))
    }
}
