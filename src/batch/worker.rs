//! One worker: reads the rows of a chunk, works them out, and writes what they came to.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::assess::model::{Line, Totals, Warning};
use crate::batch::engine::{Engine, Engines};
use crate::batch::others::{Other, Others, between, put_into};
use crate::batch::output::{Applicant, Writer};
use crate::batch::people::People;
use crate::batch::plan::Assessed;
use crate::batch::result::{Owned, views};
use crate::batch::{Across, Choice, LineView, Made, Plan, Shape, Summary, TotalsView, papers};
use crate::lang::Text;
use crate::rows::{Column, Fault, Fingerprint, Ids, Lines, Piece, Quick, Records, Row, Sheet};
use crate::settle::{Claimant, OfApplicant};
use crate::value::Day;

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
}

impl<'p> Worker<'p> {
    /// Knows ids by this key.
    pub fn new(plan: &'p Plan<'p>, key: Fingerprint) -> Worker<'p> {
        let (records, engines) = (Records::default(), Engines::new(plan));
        let quick = if plan.compile && matches!(plan.choice, Choice::All) { Quick::new(&plan.setup) } else { None };
        let (lines, others, writer) = (Lines::new(&plan.setup.policies), Others::default(), Writer::new(plan));
        let general = General { plan, lines, quick, others, writer };
        Worker { plan, key, records, engines, general }
    }

    /// Works out a chunk; `output` is empty and lends its memory.
    pub fn work(&mut self, mut chunk: Chunk, output: Vec<u8>) -> Done {
        let sheet = Arc::clone(&chunk.sheet);
        self.records.take(std::mem::take(&mut chunk.piece), &sheet);
        for (row, (file, line)) in &chunk.refused {
            let reason = Text::made(
                format!("编号与 {file}:{line} 的重复；每位申请人只写一行"),
                format!("this id stands at {file}:{line} already; an applicant has one row"),
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
            quick: 0,
            claims: Vec::new(),
            changed: false,
            payments: Vec::new(),
            made: Vec::new(),
            failed: None,
        };
        let mut rows = records.rows();
        while !rows.is_empty() {
            let (count, engine) = self.engines.block(records, rows.clone(), &sheet);
            let block = rows.start..rows.start + count.max(1);
            rows.start = block.end;
            let Some(engine) = engine else {
                block.for_each(|row| self.general.row(&mut table, row, &mut done));
                continue;
            };
            engine.run(records, block.clone(), &sheet);
            together(self.plan, &mut self.general, engine, &mut table, block, &mut done);
        }
        done.ids = Ids::of(&self.key, table.ids());
        self.engines.tell(&mut done.summary);
        done.chunk.piece = self.records.give_back();
        done
    }
}

/// A block of rows that the engine has worked out, but for those that go the general way.
fn together<'p>(
    plan: &Plan<'p>,
    one_by_one: &mut General<'p>,
    engine: &Engine<'p>,
    table: &mut Table<'_>,
    rows: Range<usize>,
    done: &mut Done,
) {
    // A clause with a limit over all applicants that may apply is never compiled.
    let writes = !matches!(plan.across, Across::Gather);
    let outcomes = &engine.outcomes;
    let mut lines = Vec::new();
    let (mut count, mut sum) = (0, 0);
    let sums = outcomes.awarded.iter().zip(&outcomes.lifetime).zip(&outcomes.general);
    for (place, (row, ((awarded, lifetime), goes_the_general_way))) in rows.zip(sums).enumerate() {
        if *goes_the_general_way {
            one_by_one.row(table, row, done);
            continue;
        }
        count += 1;
        sum += i128::from(*awarded);
        if !writes {
            continue;
        }
        let applicant = table.applicant(row, None, engine.as_of(), &[]);
        let writer = &mut one_by_one.writer;
        if writer.compiled(&applicant, outcomes, place, &mut done.output) {
            continue;
        }
        lines.clear();
        engine.lines(place, &mut lines);
        writer.row(&applicant, &lines, &TotalsView::Known { awarded: *awarded, lifetime: *lifetime }, &mut done.output);
    }
    done.compiled += count;
    done.summary.read += count;
    done.summary.assessed += count;
    done.summary.expire(plan, engine.policy, engine.as_of(), count);
    done.summary.awarded.add_fen(sum);
    done.summary.due.add_fen(sum);
}

impl General<'_> {
    /// One row by the general evaluation.
    fn row(&mut self, table: &mut Table<'_>, place: usize, done: &mut Done) {
        done.summary.read += 1;
        match self.assess(table, place, &mut done.quick) {
            Ok(assessed) => {
                let kind = &assessed.assessment.applicant.kind;
                let others = self.others.of(self.plan, &assessed.policies, kind);
                tell(self.plan, &mut self.writer, table, place, assessed, &others, done);
            }
            Err(faults) => {
                done.summary.rejected += 1;
                done.faults.extend(faults);
            }
        }
    }

    /// What a row comes to, or what is wrong with it.
    fn assess(&mut self, table: &mut Table<'_>, place: usize, quickly: &mut u64) -> Result<Assessed, Vec<Fault>> {
        let Some(line) = table.records.json(place) else {
            return self.plan.assess(&table.records.row(place, table.sheet), table.sheet);
        };
        let mut found = |id: Option<String>| {
            if let Some(slot) = table.ids.get_mut(place) {
                *slot = id.map(Cow::Owned);
            }
        };
        if let Some(quick) = &mut self.quick
            && let Some((id, mut applicant)) = quick.read(line, &table.sheet.file)
        {
            found(id);
            *quickly += 1;
            let assessed = self.plan.work_out(&mut applicant, vec![0]);
            quick.take_back(applicant);
            return Ok(assessed);
        }
        let number = table.records.line(place);
        let row = Row { line: number, content: self.lines.content(line, number, &table.sheet.file) };
        found(row.id(table.sheet).map(str::to_owned));
        self.plan.assess(&row, table.sheet)
    }
}

/// Writes and counts what a row came to, by the general evaluation.
fn tell<'p>(
    plan: &Plan<'p>,
    writer: &mut Writer<'p>,
    table: &Table<'_>,
    place: usize,
    mut assessed: Assessed,
    others: &[Other],
    done: &mut Done,
) {
    let ordinal = table.first + place as u64;
    let asks = |line: &Line| {
        let mut others = line.readings.iter().flat_map(|effect| &effect.others);
        !line.claims.is_empty() || others.any(|other| !other.claims.is_empty())
    };
    let claims = assessed.assessment.lines.iter().any(asks);
    let wants_papers = plan.papers.are_wanted() && !matches!(plan.across, Across::Gather);
    let is_whole = claims || wants_papers;
    if is_whole {
        put_into(&mut assessed.assessment, others, plan, &assessed.policies);
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
            write(plan, writer, &applicant, &views(&of), &of.totals, done);
            if wants_papers {
                let mut settled = assessed.assessment.clone();
                of.tell(&mut settled, &plan.setup.policies);
                papers::make(plan, &applicant, ordinal, &views(&of), &settled, done);
            }
        }
        Across::Later if claims => {
            let of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
            if plan.shape == Shape::Json {
                // The claims are in it, for whoever settles them; until then the line says what it comes to by itself.
                writer.row(&applicant, &views(&of), &TotalsView::Exact(&of.totals), &mut done.output);
            }
            let of = of.unsettled();
            done.summary.applicant(plan, &applicant, &views(&of), &of.totals);
            if plan.shape != Shape::Json {
                writer.row(&applicant, &views(&of), &TotalsView::Exact(&of.totals), &mut done.output);
            }
        }
        Across::Settled(_) | Across::Later => {
            let place = |line: &Line| plan.find(&line.policy, &line.clause, assessed.policies.iter().copied());
            let lines = assessment.lines.iter();
            let owned: Vec<Owned<'_>> = lines
                .filter_map(|line| {
                    place(line).map(|(policy, clause)| Owned::of(line, policy, clause, &plan.setup.policies))
                })
                .collect();
            let mut lines: Vec<LineView<'_>> = Vec::with_capacity(owned.len() + others.len());
            lines.extend(owned.iter().map(Owned::view));
            if !is_whole {
                between(&mut lines, others, &assessed.policies);
            }
            write(plan, writer, &applicant, &lines, &assessment.totals, done);
            if wants_papers {
                papers::make(plan, &applicant, ordinal, &lines, assessment, done);
            }
        }
    }
}

/// Writes and counts what one applicant came to.
fn write(
    plan: &Plan<'_>,
    writer: &mut Writer<'_>,
    applicant: &Applicant<'_>,
    lines: &[LineView<'_>],
    totals: &Totals,
    done: &mut Done,
) {
    done.summary.applicant(plan, applicant, lines, totals);
    writer.row(applicant, lines, &TotalsView::Exact(totals), &mut done.output);
}
