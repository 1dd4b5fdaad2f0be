//! One worker: reads the rows of a chunk, works them out, and writes what they came to.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use crate::applicant::Applicant as Read;
use crate::assess::model::{Line, Totals, Warning};
use crate::assess::warnings;
use crate::batch::engine::Engine;
use crate::batch::engines::{Engines, Seat};
use crate::batch::others::{Other, Others, between, put_into};
use crate::batch::output::{Applicant, Writer};
use crate::batch::people::People;
use crate::batch::plan::Assessed;
use crate::batch::result::{Owned, views, yuan};
use crate::batch::{Across, Choice, LineView, Made, Plan, Shape, Summary, TotalsView, Versus, papers, people};
use crate::diff::effect::Met;
use crate::lang::Text;
use crate::rows::reserved::row_place;
use crate::rows::{Column, Fault, Fingerprint, Ids, Lines, Piece, Quick, Records, Row, Sheet};
use crate::settle::{Claimant, OfApplicant};
use crate::value::{Day, Interval};

/// Rows that go through the run together.
pub(super) struct Chunk {
    pub sheet: Arc<Sheet>,
    pub piece: Piece,
    /// The number of its first row, which is above those of all rows before it.
    pub first: u64,
    /// The places of rows whose ids were met before, and the file and line of where.
    pub refused: Vec<(usize, (Arc<str>, u64))>,
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
struct Table<'c> {
    records: &'c Records,
    sheet: &'c Sheet,
    /// The id of each row that has one; those of lines of JSON as far as they were read.
    ids: Vec<Option<Cow<'c, str>>>,
    /// The number of the first row.
    first: u64,
}

impl<'c> Table<'c> {
    /// The places, lines and ids of the rows that have one.
    fn ids(&self) -> impl Iterator<Item = (usize, u64, &str)> {
        let ids = self.ids.iter().enumerate();
        ids.filter_map(|(row, id)| Some((row, self.records.line(row), id.as_deref()?)))
    }

    /// The applicant of a row; `read`: the name, where the row was read. Of one that was not, nothing in the cell is hidden.
    fn applicant<'a>(
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
    /// Memory for the clauses of a row that are left to the general evaluation.
    left: Vec<usize>,
}

impl<'p> Worker<'p> {
    /// Knows ids by this key.
    pub fn new(plan: &'p Plan<'p>, key: Fingerprint) -> Worker<'p> {
        let (records, engines) = (Records::default(), Engines::new(plan));
        let quick = if plan.compile && matches!(plan.choice, Choice::All) { Quick::new(&plan.setup) } else { None };
        let policies = plan.versus.map_or(&plan.setup.policies, |versus| &versus.both);
        let (lines, others, writer) = (Lines::new(policies), Others::default(), Writer::new(plan));
        let general = General { plan, lines, quick, others, writer, told: VecDeque::new(), left: Vec::new() };
        Worker { plan, key, records, engines, general }
    }

    /// Works out a chunk; `output` is empty and lends its memory.
    pub fn work(&mut self, mut chunk: Chunk, output: Vec<u8>) -> Done {
        let sheet = Arc::clone(&chunk.sheet);
        self.records.take(std::mem::take(&mut chunk.piece), &sheet);
        for (row, (file, line)) in &chunk.refused {
            let place = row_place(file, *line);
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
            && let Some((id, applicant)) = quick.read(line, &table.sheet.file)
        {
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
            let assessed = plan.work_out(&mut applicant, places, &|_, _| true);
            let others = self.others.of(plan, &assessed.policies, &assessed.assessment.applicant.kind);
            tell(plan, &mut self.writer, table, row, assessed, Beside::Others(&others), done);
            self.take_back(*applicant);
            return;
        };
        self.left.clear();
        self.left.extend(engine.left(seat));
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
            let left = &self.left;
            let assessed = plan.work_out(&mut applicant, places, &|_, clause| left.contains(&clause));
            let mut lines = Vec::new();
            engine.lines(seat, &mut lines);
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
        done.summary.compiled(self.plan, engine.policy, engine.as_of(), awarded, warnings);
        // A clause with a limit over all applicants that may apply is never compiled.
        if matches!(self.plan.across, Across::Gather) {
            return;
        }
        let applicant = table.applicant(row, name, engine.as_of(), warnings);
        if self.writer.compiled(&applicant, &engine.outcomes, place, &mut done.output) {
            return;
        }
        let mut lines = Vec::new();
        engine.lines(place, &mut lines);
        self.writer.row(&applicant, &lines, &TotalsView::Known { awarded, lifetime }, &mut done.output);
    }
}

/// The lines of a row that its general evaluation did not work out.
enum Beside<'b> {
    /// Those of clauses for other kinds.
    Others(&'b [Other]),
    /// Those that a compiled policy has worked out, and counted, and their sums: awarded, and what can still come.
    WorkedOut(&'b [LineView<'b>], (i64, i64)),
}

/// Writes and counts what a row came to, by the general evaluation.
fn tell<'p>(
    plan: &Plan<'p>,
    writer: &mut Writer<'p>,
    table: &Table<'_>,
    place: usize,
    mut assessed: Assessed,
    beside: Beside<'_>,
    done: &mut Done,
) {
    let ordinal = table.first + place as u64;
    let asks = |line: &Line| {
        let mut others = line.readings.iter().flat_map(|effect| &effect.others);
        !line.claims.is_empty() || others.any(|other| !other.claims.is_empty())
    };
    let claims = assessed.assessment.lines.iter().any(asks);
    let wants_papers = plan.papers.are_wanted() && !matches!(plan.across, Across::Gather);
    let tells_steps = plan.tells_steps() && !matches!(plan.across, Across::Gather);
    let mut more = [Interval::ZERO; 2];
    let (mut others, mut worked_out) = (Vec::new(), Vec::new());
    match beside {
        Beside::Others(own) if wants_papers => put_into(&mut assessed.assessment, own, plan, &assessed.policies),
        Beside::Others(own) => others.extend(own.iter().map(Other::view)),
        Beside::WorkedOut(own, (awarded, lifetime)) => {
            worked_out.extend_from_slice(own);
            more = [awarded, lifetime].map(yuan);
        }
    }
    let assessment = &assessed.assessment;
    done.summary.elsewhere += assessed.elsewhere;
    done.summary.later += assessed.later;
    done.people.add(place, table.records.line(place), assessed.people);
    let name = Some(assessment.applicant.name.as_deref().unwrap_or(""));
    let applicant = table.applicant(place, name, assessment.as_of, &assessment.warnings);
    match plan.across {
        Across::Gather => {
            done.summary.assessed += 1;
            if claims {
                let of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
                done.claims.extend(of.claimant(ordinal, &applicant.id_or_line()));
            }
        }
        Across::Settled(decisions) if claims => {
            let mut of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
            let decided = of.settle(decisions, ordinal, &applicant.id_or_line(), &plan.setup.policies);
            done.changed |= decided.is_err();
            let mut settled = tells_steps.then(|| assessment.clone());
            if let Some(settled) = &mut settled {
                of.tell(settled, &plan.setup.policies);
            }
            let own = views(&of, settled.as_ref().map_or(&[], |settled| &settled.lines));
            let all =
                Written { own: &own, others: &others, worked_out: &worked_out, more, policies: &assessed.policies };
            all.count(plan, &applicant, &of.totals, done);
            all.write(writer, &applicant, &of.totals, done);
            if let Some(settled) = settled.as_ref().filter(|_| wants_papers) {
                papers::make(plan, &applicant, ordinal, &own, settled, done);
            }
        }
        Across::Later if claims => {
            let of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
            let is_json = plan.shape == Shape::Json;
            let written = |of: &OfApplicant, counts: bool, writes: bool, writer: &mut Writer<'p>, done: &mut Done| {
                let own = views(of, &assessment.lines);
                let policies = &assessed.policies;
                let all = Written { own: &own, others: &others, worked_out: &worked_out, more, policies };
                if counts {
                    all.count(plan, &applicant, &of.totals, done);
                }
                if writes {
                    all.write(writer, &applicant, &of.totals, done);
                }
            };
            // The claims are in an object, for whoever settles them; until then the line says what it comes to by itself.
            written(&of, false, is_json, writer, done);
            written(&of.unsettled(), true, !is_json, writer, done);
        }
        Across::Settled(_) | Across::Later => {
            let place = |line: &Line| plan.find(&line.policy, &line.clause, assessed.policies.iter().copied());
            let lines = assessment.lines.iter();
            let owned: Vec<Owned<'_>> = lines
                .filter_map(|line| {
                    place(line).map(|(policy, clause)| Owned::of(line, policy, clause, &plan.setup.policies))
                })
                .collect();
            let own: Vec<LineView<'_>> = owned.iter().map(Owned::view).collect();
            let all =
                Written { own: &own, others: &others, worked_out: &worked_out, more, policies: &assessed.policies };
            all.count(plan, &applicant, &assessment.totals, done);
            all.write(writer, &applicant, &assessment.totals, done);
            if wants_papers {
                papers::make(plan, &applicant, ordinal, &own, assessment, done);
            }
        }
    }
}

/// What is written of one applicant.
struct Written<'w> {
    /// The lines of the general evaluation.
    own: &'w [LineView<'w>],
    /// Those of clauses for other kinds.
    others: &'w [LineView<'w>],
    /// Those that a compiled policy has worked out, and counted.
    worked_out: &'w [LineView<'w>],
    /// What these are awarded, and can still come to.
    more: [Interval; 2],
    policies: &'w [usize],
}

impl Written<'_> {
    /// The sums of all lines.
    fn totals(&self, own: &Totals) -> Totals {
        let plus = |sum: Interval, more: Interval| sum.plus(more).unwrap_or(Interval::ANY);
        let [awarded, lifetime] = self.more;
        Totals {
            awarded: plus(own.awarded, awarded),
            due: plus(own.due, awarded),
            lifetime: plus(own.lifetime, lifetime),
            ..own.clone()
        }
    }

    fn count(&self, plan: &Plan<'_>, applicant: &Applicant<'_>, own: &Totals, done: &mut Done) {
        let mut lines = self.own.to_vec();
        between(&mut lines, self.others, self.policies);
        // What a compiled policy has worked out is the same under every reading that is told here.
        done.summary.applicant(plan, applicant, &lines, own);
        let [awarded, _] = self.more;
        done.summary.beside(awarded);
        done.summary.spend(plan, applicant, &lines, own.due, awarded);
    }

    fn write(&self, writer: &mut Writer<'_>, applicant: &Applicant<'_>, own: &Totals, done: &mut Done) {
        let mut lines = self.own.to_vec();
        between(&mut lines, self.others, self.policies);
        between(&mut lines, self.worked_out, self.policies);
        writer.row(applicant, &lines, &TotalsView::Exact(&self.totals(own)), &mut done.output);
    }
}
