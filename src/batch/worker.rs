//! One worker: reads the rows of a chunk, works them out, and writes what they came to.

use std::sync::Arc;

use crate::assess::model::Status;
use crate::batch::engine::{Engine, Engines};
use crate::batch::output::{Applicant, Writer};
use crate::batch::result::Owned;
use crate::batch::{LineView, Plan, Summary, TotalsView};
use crate::rows::{Column, Content, Fault, Row, Sheet};

/// Rows that go through the run together.
pub(super) struct Chunk {
    pub sheet: Arc<Sheet>,
    pub rows: Vec<Row>,
}

/// What a chunk came to.
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
        let mut done = Done { rows: Vec::new(), output, faults: Vec::new(), summary: Summary::default(), compiled: 0 };
        let mut rows = chunk.rows.as_slice();
        while !rows.is_empty() {
            let (count, engine) = self.engines.block(rows, &chunk.sheet);
            let (block, rest) = rows.split_at_checked(count.max(1)).unwrap_or((rows, &[]));
            rows = rest;
            let Some(engine) = engine else {
                for row in block {
                    general(self.plan, &mut self.writer, row, &chunk.sheet, &mut done);
                }
                continue;
            };
            engine.run(block);
            together(self.plan, &mut self.writer, engine, block, &chunk.sheet, &mut done);
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
    rows: &[Row],
    sheet: &Sheet,
    done: &mut Done,
) {
    let outcomes = &engine.outcomes;
    let mut lines = Vec::new();
    let (mut count, mut sum) = (0, 0);
    let sums = outcomes.awarded.iter().zip(&outcomes.lifetime).zip(&outcomes.general);
    for (place, (row, ((awarded, lifetime), goes_the_general_way))) in rows.iter().zip(sums).enumerate() {
        if *goes_the_general_way {
            general(plan, writer, row, sheet, done);
            continue;
        }
        lines.clear();
        engine.lines(place, &mut lines);
        count += 1;
        sum += i128::from(*awarded);
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
fn general<'p>(plan: &Plan<'p>, writer: &mut Writer<'p>, row: &Row, sheet: &Sheet, done: &mut Done) {
    done.summary.read += 1;
    let assessed = match plan.assess(row, sheet) {
        Ok(assessed) => assessed,
        Err(faults) => {
            done.summary.rejected += 1;
            done.faults.extend(faults);
            return;
        }
    };
    let owned: Vec<Owned<'_>> = assessed
        .assessment
        .lines
        .iter()
        .filter_map(|line| {
            let policies = assessed.policies.iter().copied();
            let named = |place: &usize| plan.setup.policies.get(*place).map(|policy| &policy.id) == Some(&line.policy);
            let policy = policies.into_iter().find(named)?;
            let clause = plan.setup.policies.get(policy)?.clause(&line.clause)?;
            Some(Owned::of(line, policy, clause))
        })
        .collect();
    let lines: Vec<LineView<'_>> = owned.iter().map(Owned::view).collect();
    for line in &lines {
        done.summary.line(line);
    }
    let open = lines.iter().any(|line| line.verdict.status == Status::Undetermined);
    let totals = &assessed.assessment.totals;
    done.summary.assessed += 1;
    done.summary.open += u64::from(open);
    done.summary.awarded.add(totals.awarded);
    done.summary.due.add(totals.due);
    let assessment = &assessed.assessment;
    let applicant = Applicant {
        id: row.id(sheet),
        line: row.line,
        name: name(row, sheet, &assessment.applicant.name),
        as_of: assessment.as_of,
    };
    writer.row(&applicant, &lines, &TotalsView::Exact(totals), &mut done.output);
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
