//! One worker: reads the rows of a chunk, works them out, and writes what they came to.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;

use crate::applicant::Applicant as Read;
use crate::assess::model::Warning;
use crate::assess::warnings;
use crate::batch::engine::Engine;
use crate::batch::engines::{Engines, Seat};
use crate::batch::others::Others;
use crate::batch::output::{Applicant, Writer};
use crate::batch::people::People;
use crate::batch::told::{Beside, tell};
use crate::batch::{Across, Choice, KnownSums, Made, Plan, Summary, TotalsView, Versus, people};
use crate::columns::Why;
use crate::diff::effect::Met;
use crate::lang::Text;
use crate::rows::{Column, Fault, Fingerprint, Ids, Lines, Piece, Quick, Records, Row, Sheet};
use crate::settle::{Claimant, Otherwise};
use crate::value::Day;

/// Rows that go through the run together.
pub(super) struct Chunk {
    pub sheet: Arc<Sheet>,
    pub piece: Piece,
    /// The number of its first row, which is above those of all rows before it.
    pub first: u64,
    /// The places of rows whose ids were met before, and the file and line of where.
    pub refused: Vec<(usize, String)>,
}

/// What a chunk came to.
pub(super) struct Done {
    pub chunk: Chunk,
    /// The ids of its rows.
    pub ids: Ids,
    /// What is written for them.
    pub output: Vec<u8>,
    /// What is wrong with those that could not be used.
    pub faults: Vec<Fault>,
    pub summary: Summary,
    /// Who stands in the records of its rows.
    pub people: People,
    /// How many rows were worked out by compiled policies.
    pub compiled: u64,
    /// How many lines of rows were, and how many lines there are.
    pub lines: (u64, u64),
    /// How many were not, by the places of policy and clause, and why.
    pub left: BTreeMap<(usize, usize, Why), u64>,
    /// How many lines of JSON were read straight into values.
    pub quick: u64,
    /// What is claimed of limits over all applicants.
    pub claims: Vec<Claimant>,
    /// Whether a row is not the one whose claims were settled.
    pub changed: bool,
    /// The lines of a payment list, where one is wanted.
    pub payments: Vec<u8>,
    /// The statements that were made.
    pub made: Vec<Made>,
    /// Why one could not be.
    pub failed: Option<io::Error>,
    /// What applicants came to under two policies, where that is asked.
    pub met: Vec<Met>,
}

/// The rows of a chunk, taken apart.
pub(super) struct Table<'c> {
    pub records: &'c Records,
    sheet: &'c Sheet,
    /// The id of each row that has one; those of lines of JSON as far as they were read.
    ids: Vec<Option<Cow<'c, str>>>,
    /// The number of the first row.
    pub first: u64,
}

impl<'c> Table<'c> {
    /// The places, lines and ids of the rows that have one.
    fn ids(&self) -> impl Iterator<Item = (usize, u64, &str)> {
        let ids = self.ids.iter().enumerate();
        ids.filter_map(|(row, id)| Some((row, self.records.line(row), id.as_deref()?)))
    }

    /// The applicant of a row; `read`: the name, where the row was read. Of one that was not, nothing in the cell is hidden.
    pub fn applicant<'a>(
        &'a self,
        row: usize,
        read: Option<&'a str>,
        as_of: Day,
        warnings: &'a [Warning],
    ) -> Applicant<'a> {
        let name = read.or_else(|| self.records.text(row, self.sheet.heads.place(&Column::Name)));
        let id = self.ids.get(row).and_then(Option::as_deref);
        let kept = self.sheet.heads.kept().iter();
        let kept = kept.map(|column| self.records.text(row, Some(*column)).unwrap_or("")).collect();
        Applicant { id, line: self.records.line(row), name: name.unwrap_or(""), as_of, kept, warnings }
    }
}

/// Works chunks out one after the other.
pub(super) struct Worker<'p> {
    plan: &'p Plan<'p>,
    key: Fingerprint,
    records: Records,
    engines: Engines<'p>,
    general: General<'p>,
}

/// What works out rows one by one.
struct General<'p> {
    plan: &'p Plan<'p>,
    /// Reads lines of JSON.
    lines: Lines<'p>,
    /// Reads those that are written in the plainest way.
    quick: Option<Quick<'p>>,
    others: Others,
    writer: Writer<'p>,
    /// Rows that were read and are not told yet.
    told: VecDeque<Told>,
    /// Memory for the clauses of a row that are left to the general evaluation, and why.
    left: Vec<(usize, Why)>,
    /// Memory for what other options of readings make of the lines of a row that a compiled policy has worked out.
    changed: Vec<Otherwise>,
}

impl<'p> Worker<'p> {
    /// Knows ids by this key.
    pub fn new(plan: &'p Plan<'p>, key: Fingerprint) -> Worker<'p> {
        let (records, engines) = (Records::default(), Engines::new(plan));
        let quick = if plan.compile && matches!(plan.choice, Choice::All) { Quick::new(&plan.setup) } else { None };
        let policies = plan.versus.map_or(&plan.setup.policies, |versus| &versus.both);
        let (lines, others, writer) = (Lines::new(policies), Others::default(), Writer::new(plan));
        let (told, left, changed) = (VecDeque::new(), Vec::new(), Vec::new());
        let general = General { plan, lines, quick, others, writer, told, left, changed };
        Worker { plan, key, records, engines, general }
    }

    /// Works out a chunk; `output` is empty and lends its memory.
    pub fn work(&mut self, mut chunk: Chunk, output: Vec<u8>) -> Done {
        let sheet = Arc::clone(&chunk.sheet);
        self.records.take(std::mem::take(&mut chunk.piece), &sheet);
        for (row, place) in &chunk.refused {
            let reason = Text::made(
                format!("编号与 {place} 的重复；每位申请人只写一行"),
                format!("this id stands at {place} already; an applicant has one row"),
            );
            self.records.read_json(*row, &mut self.general.lines, &sheet);
            self.records.refuse(*row, reason, &sheet);
        }
        let records = &self.records;
        let ids = records.rows().map(|row| records.id(row, &sheet).map(Cow::Borrowed)).collect();
        let mut table = Table { records, sheet: &sheet, ids, first: chunk.first };
        let mut done = Done {
            chunk,
            ids: Ids::default(),
            output,
            faults: Vec::new(),
            summary: Summary::default(),
            people: People::default(),
            compiled: 0,
            lines: (0, 0),
            left: BTreeMap::new(),
            quick: 0,
            claims: Vec::new(),
            changed: false,
            payments: Vec::new(),
            made: Vec::new(),
            failed: None,
            met: Vec::new(),
        };
        let mut rows = records.rows();
        if let Some(versus) = self.plan.versus {
            rows.by_ref().for_each(|row| self.general.both(versus, &mut table, row, &mut done));
        }
        while !rows.is_empty() {
            let (count, engine) = self.engines.block(records, rows.clone(), &sheet);
            let block = rows.start..rows.start + count.max(1);
            rows.start = block.end;
            let read = match engine {
                Some(engine) => {
                    engine.run(records, block.clone(), &sheet);
                    let general = engine.outcomes.general.iter();
                    general.zip(block.clone()).filter(|(general, _)| **general).map(|(_, row)| row).collect()
                }
                None => block.clone().collect::<Vec<usize>>(),
            };
            self.general.read_all(&read, &mut table, &mut self.engines, &mut done);
            self.engines.run_seated();
            let of_cells = self.engines.last();
            let lines = self.plan.clauses().count() as u64;
            for (place, row) in block.enumerate() {
                if let Some(engine) = of_cells.filter(|engine| engine.outcomes.general.get(place) == Some(&false)) {
                    done.summary.read += 1;
                    done.lines.0 += lines;
                    done.lines.1 += lines;
                    self.general.compiled(&table, row, (engine, place), (None, &[]), &mut done);
                    continue;
                }
                self.general.tell_read(&mut table, row, &self.engines, &mut done);
            }
        }
        done.ids = Ids::of(&self.key, table.ids());
        self.engines.tell(&mut done.summary);
        done.chunk.piece = self.records.give_back();
        done
    }
}

/// What was read of a row, and where it is worked out.
enum Told {
    /// What is wrong with it.
    Faulty(Vec<Fault>),
    /// The applicant, and the places of the policies that are for it; seated, or by the general evaluation alone.
    Read(Box<Read>, Vec<usize>, Option<Seat>),
}

impl<'p> General<'p> {
    /// One row under two policies.
    fn both(&mut self, versus: &Versus<'p>, table: &mut Table<'_>, place: usize, done: &mut Done) {
        done.summary.read += 1;
        let row = match table.records.json(place) {
            Some(line) => {
                let number = table.records.line(place);
                Cow::Owned(Row { line: number, content: self.lines.content(line, number, &table.sheet.file) })
            }
            None => table.records.row(place, table.sheet),
        };
        if let Some(slot) = table.ids.get_mut(place) {
            *slot = row.id(table.sheet).map(|id| Cow::Owned(id.to_owned()));
        }
        let found = versus.row(self.plan, &row, table.sheet, table.first + place as u64);
        let is_used = found.met.sides.iter().any(Option::is_some);
        *(if is_used { &mut done.summary.assessed } else { &mut done.summary.rejected }) += 1;
        done.changed |= found.changed;
        done.faults.extend(found.faults);
        done.met.push(found.met);
    }

    /// Reads rows, and seats those that a compiled policy can work out.
    fn read_all(&mut self, rows: &[usize], table: &mut Table<'_>, engines: &mut Engines<'p>, done: &mut Done) {
        for row in rows {
            let told = match self.read(table, *row, &mut done.quick) {
                Ok((mut applicant, places)) => {
                    let seat = engines.seat(&mut applicant, &places);
                    Told::Read(Box::new(applicant), places, seat)
                }
                Err(faults) => Told::Faulty(faults),
            };
            self.told.push_back(told);
        }
    }

    /// The applicant of a row with the places of the policies that are for it, or what is wrong with the row.
    fn read(
        &mut self,
        table: &mut Table<'_>,
        place: usize,
        quickly: &mut u64,
    ) -> Result<(Read, Vec<usize>), Vec<Fault>> {
        let Some(line) = table.records.json(place) else {
            return self.plan.applicant(&table.records.row(place, table.sheet), table.sheet);
        };
        let mut found = |id: Option<String>| {
            if let Some(slot) = table.ids.get_mut(place) {
                *slot = id.map(Cow::Owned);
            }
        };
        if let Some(quick) = &mut self.quick
            && let Some((id, mut applicant)) = quick.read(line, &table.sheet.file)
        {
            // What tells records apart may hang on a reading.
            applicant.apart &= self.plan.readings.iter().all(Vec::is_empty);
            found(id);
            *quickly += 1;
            return Ok((applicant, vec![0]));
        }
        let number = table.records.line(place);
        let row = Row { line: number, content: self.lines.content(line, number, &table.sheet.file) };
        found(row.id(table.sheet).map(str::to_owned));
        self.plan.applicant(&row, table.sheet)
    }

    /// Writes and counts the next row that was read.
    fn tell_read(&mut self, table: &mut Table<'_>, row: usize, engines: &Engines<'p>, done: &mut Done) {
        let Some(told) = self.told.pop_front() else { return };
        done.summary.read += 1;
        let (mut applicant, places, seat) = match told {
            Told::Read(applicant, places, seat) => (applicant, places, seat),
            Told::Faulty(faults) => {
                done.summary.rejected += 1;
                done.faults.extend(faults);
                return;
            }
        };
        let plan = self.plan;
        let wanted = |place: &usize| {
            plan.wanted.get(*place).map_or(0, |clauses| clauses.iter().filter(|wanted| **wanted).count())
        };
        let lines = places.iter().map(wanted).sum::<usize>() as u64;
        done.lines.1 += lines;
        let seated = seat.and_then(|seat| Some((engines.of(seat)?, seat.row)));
        let Some((engine, seat)) = seated else {
            for (policy, clause) in plan.clauses().filter(|(policy, _)| places.contains(policy)) {
                *done.left.entry((policy, clause, Why::Row)).or_default() += 1;
            }
            let assessed = plan.work_out(&mut applicant, places, &|_, _| true);
            let others = self.others.of(plan, &assessed.policies, &assessed.assessment.applicant.kind);
            tell(plan, &mut self.writer, table, row, assessed, Beside::Others(&others), done);
            self.take_back(*applicant);
            return;
        };
        self.left.clear();
        self.left.extend(engine.left(seat));
        for (clause, why) in &self.left {
            *done.left.entry((engine.policy, *clause, *why)).or_default() += 1;
        }
        done.lines.0 += lines - (self.left.len() as u64).min(lines);
        if self.left.is_empty() {
            let policy = plan.setup.policies.get(engine.policy).copied();
            let warnings = warnings::in_brief(&policy.into_iter().collect::<Vec<_>>(), &applicant);
            let inputs = applicant.inputs.iter().map(Vec::as_slice);
            done.people.add(
                row,
                table.records.line(row),
                people::of(policy.into_iter().zip(inputs), &applicant.kind, applicant.as_of),
            );
            let name = Some(applicant.name.as_deref().unwrap_or(""));
            self.compiled(table, row, (engine, seat), (name, &warnings), done);
        } else {
            let is_left = |clause: usize| self.left.iter().any(|(left, _)| *left == clause);
            let assessed = plan.work_out(&mut applicant, places, &|_, clause| is_left(clause));
            engine.otherwise(seat, &mut self.changed);
            let mut lines = Vec::new();
            engine.lines(seat, &self.changed, &mut lines);
            let beside = Beside::WorkedOut(&lines, engine.sums(seat));
            tell(plan, &mut self.writer, table, row, assessed, beside, done);
        }
        self.take_back(*applicant);
    }

    fn take_back(&mut self, applicant: Read) {
        if let Some(quick) = &mut self.quick {
            quick.take_back(applicant);
        }
    }

    /// Writes a row that a compiled policy has worked out alone; its lines are counted by the engine. With the name and the
    /// warnings of one who was read.
    fn compiled(
        &mut self,
        table: &Table<'_>,
        row: usize,
        (engine, place): (&Engine<'p>, usize),
        (name, warnings): (Option<&str>, &[Warning]),
        done: &mut Done,
    ) {
        let (awarded, lifetime) = engine.sums(place);
        done.compiled += 1;
        engine.otherwise(place, &mut self.changed);
        let mut lines = Vec::new();
        if !self.changed.is_empty() {
            engine.lines(place, &self.changed, &mut lines);
        }
        done.summary.compiled(self.plan, (engine.policy, engine.as_of()), awarded, warnings, &lines);
        // A clause with a limit over all applicants that may apply is never compiled.
        if matches!(self.plan.across, Across::Gather) {
            return;
        }
        let applicant = table.applicant(row, name, engine.as_of(), warnings);
        if self.writer.compiled(&applicant, (&engine.outcomes, place), &self.changed, &mut done.output) {
            return;
        }
        if self.changed.is_empty() {
            engine.lines(place, &self.changed, &mut lines);
        }
        let known = KnownSums { awarded, due: awarded, lifetime };
        self.writer.row(&applicant, &lines, &TotalsView::Known(known), &mut done.output);
    }
}
