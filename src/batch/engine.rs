//! A compiled policy with its memory: works out a block of rows that have their kind and evaluation date in common.

use std::ops::Range;

use crate::applicant::replace;
use crate::assess::model::{Amounts, Status};
use crate::batch::summary::Summary;
use crate::batch::{KnownSums, LineView, Plan, Sums};
use crate::columns::{At, BLOCK, CellReader, Constants, Lanes, LineOutcomes, Outcomes, Program, RowsOf};
use crate::columns::{Shape, Why, shape_of_input};
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::policy::{PAID, Touched};
use crate::rows::{Column, Records, Row, Sheet};
use crate::settle::{Alternative, Otherwise};
use crate::value::{Day, Interval, Number, Value, Words};

/// A program with its memory.
pub(super) struct Engine<'p> {
    constants: Constants<'p>,
    /// The policy's place in the plan.
    pub policy: usize,
    program: Program,
    /// The other options of readings that the program looks at.
    others: Vec<Alternative>,
    /// Of a table's cells: for each input the column, and what reads it.
    readers: Vec<(usize, CellReader)>,
    /// The column of the id, where there is one.
    id: Option<usize>,
    /// Inputs that must be in a row what they were when the program was made.
    fixed: Vec<usize>,
    /// How many rows are seated.
    seated: usize,
    lanes: Lanes,
    pub outcomes: Outcomes,
}

/// The other options of the readings that can touch a wanted clause of the policy at this place.
fn others(place: usize, constants: &Constants<'_>) -> Vec<Alternative> {
    let policy = constants.policy;
    let matters = |clause: usize| constants.wanted.get(clause).copied().unwrap_or(false);
    let touches =
        |touched: &&Touched| touched.clauses.iter().enumerate().any(|(clause, asks)| *asks && matters(clause));
    let mut found = Vec::new();
    for touched in policy.touched.iter().filter(touches) {
        let options = policy.names.inputs.get(touched.input).and_then(|input| match input.ty {
            Type::Enum(place) => policy.names.enums.get(place),
            _ => None,
        });
        // Left open, a reading is one of the facts that are missing.
        let Some(Value::Words(taken)) = constants.inputs.get(touched.input) else { continue };
        let (Some(options), Some(taken)) = (options, taken.point()) else { continue };
        let others = (0..options.words.len()).filter(|option| *option != taken);
        found.extend(others.map(|option| Alternative { policy: place, reading: touched.input, taken, option }));
    }
    found
}

/// What became of the making of one.
pub(super) enum Made<'p> {
    Engine(Box<Engine<'p>>),
    Never,
    NotYet,
}

impl<'p> Engine<'p> {
    fn new(plan: &Plan<'p>, policy: usize, constants: Constants<'p>, given: &[(usize, Shape)], rows: RowsOf) -> Self {
        let others = if plan.compares() { others(policy, &constants) } else { Vec::new() };
        let value = |of: &Alternative| (of.reading, Value::Words(Words::one(of.option)));
        let values: Vec<(usize, Value)> = others.iter().map(value).collect();
        let program = Program::compile(&constants, given, rows, &values);
        let (lanes, outcomes) = (program.lanes(), program.outcomes());
        let (readers, fixed) = (Vec::new(), Vec::new());
        Engine { constants, policy, program, others, readers, id: None, fixed, seated: 0, lanes, outcomes }
    }

    /// One for rows of cells like this one, where it can work all of them out.
    pub fn of_cells(plan: &'p Plan<'p>, row: &Row, sheet: &Sheet) -> Made<'p> {
        let Ok((applicant, places)) = plan.applicant(row, sheet) else { return Made::NotYet };
        let [place] = places.as_slice() else { return Made::Never };
        let (Some(policy), Some(wanted)) = (plan.setup.policies.get(*place).copied(), plan.wanted.get(*place)) else {
            return Made::Never;
        };
        let names = &policy.names;
        let Some(kind) = policy.kind(&applicant.kind) else { return Made::Never };
        let mut inputs: Vec<Value> = names.inputs.iter().map(|input| input.absent.clone()).collect();
        replace(&mut inputs, plan.readings.get(*place).map_or(&[], Vec::as_slice));
        let (mut readers, mut given) = (Vec::new(), Vec::new());
        for (column, what) in sheet.heads.columns.iter().enumerate() {
            let Column::Fact(_, targets, _) = what else { continue };
            for (_, slot) in targets.iter().filter(|(policy, _)| policy == place) {
                let (Some(input), Some(value)) = (names.inputs.get(*slot), inputs.get_mut(*slot)) else { continue };
                // A text is any text, to a program: where one matters, it cannot be compiled.
                if !(input.origin == Origin::Fact && input.ty == Type::Text) {
                    let head = sheet.heads.unit(column);
                    if head.is_some_and(|head| head.times != 1) {
                        return Made::Never;
                    }
                    let head = head.map(|head| head.written.as_str());
                    let Some((reader, shape)) = CellReader::new(input, names, value, head) else { return Made::Never };
                    readers.push((column, reader));
                    given.push((*slot, shape));
                }
                value.clone_from(&input.domain);
            }
        }
        let constants = Constants { policy, kind, as_of: applicant.as_of, inputs, wanted };
        let mut engine = Engine::new(plan, *place, constants, &given, RowsOf::Cells);
        if !engine.program.is_whole() {
            return Made::Never;
        }
        (engine.readers, engine.id) = (readers, sheet.heads.place(&Column::Id));
        Made::Engine(Box::new(engine))
    }

    /// One for applicants of this kind on this day, who have been read: these are the inputs of one of them. None where nothing
    /// could be compiled.
    pub fn of_read(plan: &'p Plan<'p>, place: usize, kind: usize, as_of: Day, read: &[Value]) -> Option<Engine<'p>> {
        let (policy, wanted) = (plan.setup.policies.get(place).copied()?, plan.wanted.get(place)?);
        let (mut inputs, mut given, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
        for ((slot, input), value) in policy.names.inputs.iter().enumerate().zip(read) {
            let of_others = policy.overlap.as_ref().is_some_and(|rule| rule.input == slot);
            if input.origin != Origin::Fact || of_others || input.name == PAID || input.domain.is_point() {
                fixed.push(slot);
                inputs.push(value.clone());
                continue;
            }
            given.extend(shape_of_input(input, &policy.names).map(|shape| (slot, shape)));
            inputs.push(input.domain.clone());
        }
        let constants = Constants { policy, kind, as_of, inputs, wanted };
        let engine = Engine { fixed, ..Engine::new(plan, place, constants, &given, RowsOf::Read) };
        engine.program.says_any().then_some(engine)
    }

    /// Takes in what was read of one applicant, and gives its place among those seated; `None` where there is no room, or
    /// something is not what it is for the others.
    pub fn seat(&mut self, inputs: &mut [Value]) -> Option<usize> {
        let is_same = |slot: &usize| inputs.get(*slot) == self.constants.inputs.get(*slot);
        if self.seated >= BLOCK || !self.fixed.iter().all(is_same) {
            return None;
        }
        let row = self.seated;
        if row == 0 {
            self.program.begin(&mut self.lanes);
        }
        self.program.put(row, inputs, &self.constants, &mut self.lanes);
        self.seated += 1;
        Some(row)
    }

    /// Works out those who are seated; the seats are free again.
    pub fn run_seated(&mut self) {
        let rows = std::mem::take(&mut self.seated);
        if rows > 0 {
            self.outcomes.begin();
            self.program.run(&self.constants, rows, &mut self.lanes, &mut self.outcomes);
            self.outcomes.count(rows);
        }
    }

    /// Works out a block of rows of cells; `outcomes` then say which of them must be read.
    pub fn run(&mut self, records: &Records, rows: Range<usize>, sheet: &Sheet) {
        let block = records.block(rows.clone(), sheet);
        self.outcomes.begin();
        for (given, (column, reader)) in self.readers.iter().enumerate() {
            self.program.fill(given, reader, block.column(*column), &mut self.lanes, &mut self.outcomes);
        }
        self.program.run(&self.constants, rows.len(), &mut self.lanes, &mut self.outcomes);
        self.outcomes.whole_rows_only();
        if let Some(id) = self.id {
            for (general, id) in self.outcomes.general.iter_mut().zip(block.column(id)) {
                *general |= id.trim_ascii().is_empty();
            }
        }
        for (general, row) in self.outcomes.general.iter_mut().zip(rows.clone()) {
            *general |= !records.is_text(row, sheet);
        }
        self.outcomes.count(rows.len());
    }

    /// The clauses of which the general evaluation must say what they come to for one row, and why.
    pub fn left(&self, row: usize) -> impl Iterator<Item = (usize, Why)> {
        let own = self.outcomes.lines.iter().filter(move |line| line.general.get(row) != Some(&false));
        let why = move |line: &LineOutcomes| (line.clause, line.why.get(row).copied().unwrap_or(Why::Row));
        self.program.left().iter().copied().chain(own.map(why))
    }

    /// What those lines of one row of the block that were worked out come to under other options of readings, line by line.
    pub fn otherwise(&self, row: usize, changed: &mut Vec<Otherwise>) {
        changed.clear();
        self.outcomes.of_row(row, &mut |at| {
            for (option, then) in at.line.otherwise(at.row) {
                let (Some(alternative), Some(verdict)) = (self.others.get(option), then.verdict(at.row)) else {
                    continue;
                };
                let (awarded, lifetime) = then.amounts(at.row);
                let (awarded, lifetime) = (Interval::point(awarded), Interval::point(lifetime));
                let due = if then.counted { awarded } else { Interval::ZERO };
                let (entitled, paid, overpaid) = (awarded, Number::ZERO, Interval::ZERO);
                let amounts = Amounts { entitled, awarded, paid, due, overpaid, lifetime };
                let amounts = then.has_amount.then_some(amounts);
                let status = verdict.status;
                changed.push(Otherwise { alternative: *alternative, status, amounts, claims: Vec::new() });
            }
        });
    }

    /// The lines of one row of the block that were worked out, with what other options make of them.
    pub fn lines<'e>(&'e self, row: usize, changed: &'e [Otherwise], lines: &mut Vec<LineView<'e>>) {
        let mut changed = changed;
        self.outcomes.of_row(row, &mut |At { line, row, record }| {
            let (own, rest) = changed.split_at_checked(line.otherwise(row).count()).unwrap_or_default();
            changed = rest;
            let Some(verdict) = line.verdict(row) else { return };
            let applies = line.has_amount && verdict.status != Status::NotApplicable;
            let known = || {
                let (awarded, lifetime) = line.amounts(row);
                // What may be borrowed, or is a share, is nobody's debt.
                Sums::Known(KnownSums { awarded, due: if line.counted { awarded } else { Number::ZERO }, lifetime })
            };
            let sums = applies.then(known);
            let view = LineView::plain((self.policy, line.clause), verdict, line.counted);
            let clause = self.constants.policy.clauses.get(line.clause);
            let measure = clause.and_then(|clause| clause.measure.as_ref()).filter(|_| applies);
            let unit = measure.map(|measure| measure.name.zh.as_str());
            lines.push(LineView { record, sums, unit, otherwise: own, ..view });
        });
    }

    /// What the lines of one row that were worked out are awarded, and can still come to.
    pub fn sums(&self, row: usize) -> (Number, Number) {
        self.outcomes.sums(row)
    }

    /// The evaluation date of its rows.
    pub fn as_of(&self) -> Day {
        self.constants.as_of
    }

    /// Tells the summary what rows came to since the last time.
    pub fn tell(&mut self, summary: &mut Summary) {
        for tally in self.outcomes.tell() {
            let of = summary.of(self.policy, tally.clause);
            for (verdict, count) in tally.verdicts.iter().zip(tally.counts).filter(|(_, count)| *count > 0) {
                of.add(verdict, count);
            }
            of.awarded.add(tally.awarded);
        }
    }
}
