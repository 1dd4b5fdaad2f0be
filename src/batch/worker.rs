//! One worker: reads the rows of a chunk, works them out, and writes what they came to.

use std::sync::Arc;

use crate::assess::model::Totals;
use crate::batch::across::OfApplicant;
use crate::batch::engine::{Engine, Engines};
use crate::batch::output::{Applicant, Writer};
use crate::batch::result::Owned;
use crate::batch::{Across, LineView, Plan, Summary, TotalsView};
use crate::rows::{Column, Content, Fault, Row, Sheet};
use crate::settle::Claimant;

/// Rows that go through the run together.
pub(super) struct Chunk {
    pub sheet: Arc<Sheet>,
    pub rows: Vec<Row>,
    /// How many rows came before them.
    pub first: u64,
}

/// What a chunk came to.
#[derive(Default)]
pub(super) struct Done {
    /// The rows, for their memory.
    pub rows: Vec<Row>,
    /// What is written for them.
    pub output: Vec<u8>,
    /// What is wrong with those that could not be used.
    pub faults: Vec<Fault>,
    pub summary: Summary,
    /// How many rows were worked out by compiled policies.
    pub compiled: u64,
    /// What is claimed of limits over all applicants.
    pub claims: Vec<Claimant>,
    /// Whether a row is not the one whose claims were settled.
    pub changed: bool,
}

/// Works chunks out one after the other.
pub(super) struct Worker<'p> {
    plan: &'p Plan<'p>,
    engines: Engines<'p>,
    writer: Writer<'p>,
}

impl<'p> Worker<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Worker<'p> {
        Worker { plan, engines: Engines::new(plan), writer: Writer::new(plan) }
    }

    /// Works out a chunk; `output` is empty and lends its memory.
    pub fn work(&mut self, chunk: Chunk, output: Vec<u8>) -> Done {
        let mut done = Done { output, ..Done::default() };
        let mut rows = chunk.rows.as_slice();
        let mut first = chunk.first;
        while !rows.is_empty() {
            let (count, engine) = self.engines.block(rows, &chunk.sheet);
            let (block, rest) = rows.split_at_checked(count.max(1)).unwrap_or((rows, &[]));
            rows = rest;
            let ordinal = first;
            first += block.len() as u64;
            let Some(engine) = engine else {
                for (ordinal, row) in (ordinal..).zip(block) {
                    general(self.plan, &mut self.writer, row, ordinal, &chunk.sheet, &mut done);
                }
                continue;
            };
            engine.run(block);
            together(self.plan, &mut self.writer, engine, (ordinal, block), &chunk.sheet, &mut done);
        }
        self.engines.tell(&mut done.summary);
        done.rows = chunk.rows;
        done
    }
}

/// A block of rows that the engine has worked out, but for those that go the general way.
fn together<'p>(
    plan: &Plan<'p>,
    writer: &mut Writer<'p>,
    engine: &Engine<'p>,
    (first, rows): (u64, &[Row]),
    sheet: &Sheet,
    done: &mut Done,
) {
    // A clause with a limit over all applicants that may apply is never compiled.
    let writes = !matches!(plan.across, Across::Gather);
    let outcomes = &engine.outcomes;
    let mut lines = Vec::new();
    let (mut count, mut sum) = (0, 0);
    let sums = outcomes.awarded.iter().zip(&outcomes.lifetime).zip(&outcomes.general);
    for (place, (row, ((awarded, lifetime), goes_the_general_way))) in rows.iter().zip(sums).enumerate() {
        if *goes_the_general_way {
            general(plan, writer, row, first + place as u64, sheet, done);
            continue;
        }
        count += 1;
        sum += i128::from(*awarded);
        if !writes {
            continue;
        }
        lines.clear();
        engine.lines(place, &mut lines);
        let applicant =
            Applicant { id: row.id(sheet), line: row.line, name: name(row, sheet, &None), as_of: engine.as_of() };
        writer.row(&applicant, &lines, &TotalsView::Known { awarded: *awarded, lifetime: *lifetime }, &mut done.output);
    }
    done.compiled += count;
    done.summary.read += count;
    done.summary.assessed += count;
    done.summary.awarded.add_fen(sum);
    done.summary.due.add_fen(sum);
}

/// One row by the general evaluation.
fn general<'p>(plan: &Plan<'p>, writer: &mut Writer<'p>, row: &Row, ordinal: u64, sheet: &Sheet, done: &mut Done) {
    done.summary.read += 1;
    let assessed = match plan.assess(row, sheet) {
        Ok(assessed) => assessed,
        Err(faults) => {
            done.summary.rejected += 1;
            done.faults.extend(faults);
            return;
        }
    };
    let assessment = &assessed.assessment;
    let applicant = Applicant {
        id: row.id(sheet),
        line: row.line,
        name: name(row, sheet, &assessment.applicant.name),
        as_of: assessment.as_of,
    };
    let claims = assessment.lines.iter().any(|line| !line.claims.is_empty());
    match plan.across {
        Across::Gather => {
            done.summary.assessed += 1;
            if claims {
                let of = OfApplicant::of(assessment, plan, &assessed.policies);
                done.claims.extend(of.claimant(ordinal, &applicant.id_or_line()));
            }
        }
        Across::Settled(decisions) if claims => {
            let mut of = OfApplicant::of(assessment, plan, &assessed.policies);
            let decided = decisions.of(ordinal, &applicant.id_or_line());
            let decided = decided.and_then(|decisions| of.settle(&decisions, plan));
            done.changed |= decided.is_err();
            write(writer, &applicant, &of.views(), &of.totals, done);
        }
        Across::Settled(_) | Across::Later => {
            let place = |line| plan.place_of(line, &assessed.policies);
            let lines = assessment.lines.iter();
            let owned: Vec<Owned<'_>> =
                lines.filter_map(|line| place(line).map(|(policy, clause)| Owned::of(line, policy, clause))).collect();
            let lines: Vec<LineView<'_>> = owned.iter().map(Owned::view).collect();
            write(writer, &applicant, &lines, &assessment.totals, done);
        }
    }
}

/// Writes and counts what one applicant came to.
fn write(writer: &mut Writer<'_>, applicant: &Applicant<'_>, lines: &[LineView<'_>], totals: &Totals, done: &mut Done) {
    done.summary.applicant(lines, totals);
    writer.row(applicant, lines, &TotalsView::Exact(totals), &mut done.output);
}

/// The applicant's name as the row has it.
fn name<'r>(row: &'r Row, sheet: &Sheet, read: &'r Option<String>) -> &'r str {
    match &row.content {
        Content::Cells(record) => {
            let cell = sheet.heads.place(&Column::Name).and_then(|place| record.get(place));
            cell.and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or("")
        }
        _ => read.as_deref().unwrap_or(""),
    }
}
