//! The fast way through a chunk: rows that have their kind, place and evaluation date in common are worked out together by a
//! compiled program.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::applicant::replace;
use crate::batch::summary::Summary;
use crate::batch::{AcrossView, LineView, Plan, Sums};
use crate::columns::{BLOCK, Constants, Lanes, Outcomes, Program};
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::policy::{Policy, Touched};
use crate::rows::{Column, Records, Row, Sheet};
use crate::value::{Value, Words};

/// More kinds of rows than this are not told apart: the rest goes the general way.
const MOST_KINDS: usize = 64;

/// What rows have in common: the cells of their kind, place and evaluation date.
type Key = Vec<u8>;

/// The programs for one table.
pub(super) struct Engines<'p> {
    plan: &'p Plan<'p>,
    sheet: Option<Arc<Sheet>>,
    /// The columns that make the key.
    keys: Vec<usize>,
    engines: HashMap<Key, Option<Engine<'p>>>,
}

/// A program with its memory.
pub(super) struct Engine<'p> {
    constants: Constants<'p>,
    /// The policy's place in the plan.
    pub policy: usize,
    program: Program,
    /// The table's column for each input.
    columns: Vec<usize>,
    /// The column of the id, where there is one.
    id: Option<usize>,
    lanes: Lanes,
    pub outcomes: Outcomes,
    /// The same under every other option of the readings that can touch a line: a row that comes out otherwise under one goes
    /// the general way, which says so.
    under: Vec<Under<'p>>,
    /// For each line how many rows came to each verdict, and the sum of what they are awarded.
    counts: Vec<(Vec<u64>, i128)>,
}

/// A program under another option of a reading, with its memory.
struct Under<'p> {
    constants: Constants<'p>,
    program: Program,
    lanes: Lanes,
    outcomes: Outcomes,
}

impl<'p> Engines<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Engines<'p> {
        Engines { plan, sheet: None, keys: Vec::new(), engines: HashMap::new() }
    }

    /// How many of the rows can be worked out together, and by what; `None`: they go the general way.
    pub fn block(
        &mut self,
        records: &Records,
        rows: Range<usize>,
        sheet: &Arc<Sheet>,
    ) -> (usize, Option<&mut Engine<'p>>) {
        if !self.sheet.as_ref().is_some_and(|known| Arc::ptr_eq(known, sheet)) {
            self.sheet = Some(Arc::clone(sheet));
            self.engines.clear();
            let keys = [Column::Kind, Column::Place, Column::AsOf];
            self.keys = keys.iter().filter_map(|column| sheet.heads.place(column)).collect();
        }
        // Records that are joined to a row are no columns.
        let has_lists = !self.plan.setup.lists.is_empty() || !sheet.heads.lists().is_empty();
        if !self.plan.compile || self.plan.papers.are_wanted() || has_lists || sheet.heads.is_of_a_form() {
            return (rows.len(), None);
        }
        let first = rows.start;
        if !records.is_cells(first) {
            return (1, None);
        }
        let is_alike = |row: &usize| {
            records.is_cells(*row)
                && self.keys.iter().all(|column| records.cell(*row, *column) == records.cell(first, *column))
        };
        let count = rows.take(BLOCK).take_while(is_alike).count();
        let mut key = Key::new();
        for place in &self.keys {
            key.extend_from_slice(records.cell(first, *place).unwrap_or_default());
            key.push(0);
        }
        if !self.engines.contains_key(&key) {
            if self.engines.len() >= MOST_KINDS {
                return (count, None);
            }
            match Engine::make(self.plan, &records.row(first, sheet), sheet) {
                Made::Engine(engine) => self.engines.insert(key.clone(), Some(*engine)),
                Made::Never => self.engines.insert(key.clone(), None),
                // This row tells nothing about the others.
                Made::NotYet => return (1, None),
            };
        }
        (count, self.engines.get_mut(&key).and_then(Option::as_mut))
    }

    /// Tells the summary what rows came to since the last time.
    pub fn tell(&mut self, summary: &mut Summary) {
        for engine in self.engines.values_mut().flatten() {
            engine.tell(summary);
        }
    }
}

/// The other options of the readings that can touch a wanted clause: the place of the input, and the option.
fn others(policy: &Policy, constants: &Constants<'_>) -> Vec<(usize, usize)> {
    // A clause that is not wanted may still displace one that is.
    let displaces = |clause: usize| {
        policy.clauses.get(clause).is_some_and(|clause| !clause.instead_of.is_empty())
            || policy.highest_only.iter().any(|rule| rule.clauses.contains(&clause))
    };
    let matters = |clause: usize| constants.wanted.get(clause).copied().unwrap_or(false) || displaces(clause);
    let touches = |touched: &&Touched| {
        touched.overlap || touched.clauses.iter().enumerate().any(|(clause, asks)| *asks && matters(clause))
    };
    let mut found = Vec::new();
    for touched in policy.touched.iter().filter(touches) {
        let options = policy.names.inputs.get(touched.input).and_then(|input| match input.ty {
            Type::Enum(place) => policy.names.enums.get(place),
            _ => None,
        });
        // Left open, a reading is one of the facts that are missing.
        let Some(Value::Words(taken)) = constants.inputs.get(touched.input) else { continue };
        let (Some(options), Some(taken)) = (options, taken.point()) else { continue };
        let options = (0..options.words.len()).filter(|option| *option != taken);
        found.extend(options.map(|option| (touched.input, option)));
    }
    found
}

enum Made<'p> {
    Engine(Box<Engine<'p>>),
    Never,
    NotYet,
}

impl<'p> Engine<'p> {
    /// A program for rows like this one.
    fn make(plan: &'p Plan<'p>, row: &Row, sheet: &Sheet) -> Made<'p> {
        let Ok((applicant, places)) = plan.applicant(row, sheet) else { return Made::NotYet };
        let [place] = places.as_slice() else { return Made::Never };
        let (Some(policy), Some(wanted)) = (plan.setup.policies.get(*place).copied(), plan.wanted.get(*place)) else {
            return Made::Never;
        };
        let Some(kind) = policy.kind(&applicant.kind) else { return Made::Never };
        let blank = policy.names.inputs.iter().map(|input| input.absent.clone());
        let mut inputs: Vec<Value> = blank.collect();
        replace(&mut inputs, plan.readings.get(*place).map_or(&[], Vec::as_slice));
        let (mut columns, mut given) = (Vec::new(), Vec::new());
        for (column, what) in sheet.heads.columns.iter().enumerate() {
            let Column::Fact(_, targets, _) = what else { continue };
            for (_, slot) in targets.iter().filter(|(policy, _)| policy == place) {
                let Some(input) = policy.names.inputs.get(*slot) else { continue };
                // A text is any text, to a program: where one matters, it cannot be compiled.
                if input.origin == Origin::Fact && input.ty == Type::Text {
                    if let Some(value) = inputs.get_mut(*slot) {
                        value.clone_from(&input.domain);
                    }
                    continue;
                }
                columns.push(column);
                given.push((*slot, sheet.heads.unit(column).map(|unit| unit.written.as_str())));
            }
        }
        let constants = Constants { policy, kind, as_of: applicant.as_of, inputs, wanted };
        let Some(program) = Program::compile(&constants, &given) else { return Made::Never };
        let mut under = Vec::new();
        let others = if plan.compares { others(policy, &constants) } else { Vec::new() };
        for (reading, option) in others {
            let mut constants = constants.clone();
            replace(&mut constants.inputs, &[(reading, Value::Words(Words::one(option)))]);
            let Some(program) = Program::compile(&constants, &given) else { return Made::Never };
            let (lanes, outcomes) = (program.lanes(), program.outcomes());
            under.push(Under { constants, program, lanes, outcomes });
        }
        let (lanes, outcomes) = (program.lanes(), program.outcomes());
        let counts = vec![(Vec::new(), 0); outcomes.lines.len()];
        let id = sheet.heads.place(&Column::Id);
        Made::Engine(Box::new(Engine {
            constants,
            policy: *place,
            program,
            columns,
            id,
            lanes,
            outcomes,
            under,
            counts,
        }))
    }

    /// Works out a block of rows of cells; `outcomes` then say which of them must go the general way.
    pub fn run(&mut self, records: &Records, rows: Range<usize>, sheet: &Sheet) {
        let block = records.block(rows.clone(), sheet);
        self.program.run(&self.constants, &block, &self.columns, &mut self.lanes, &mut self.outcomes);
        for under in &mut self.under {
            under.program.run(&under.constants, &block, &self.columns, &mut under.lanes, &mut under.outcomes);
            self.outcomes.differ(&under.outcomes, rows.len());
        }
        if let Some(id) = self.id {
            for (general, id) in self.outcomes.general.iter_mut().zip(block.column(id)) {
                *general |= id.trim_ascii().is_empty();
            }
        }
        for (general, row) in self.outcomes.general.iter_mut().zip(rows.clone()) {
            *general |= !records.is_text(row, sheet);
        }
        for (line, (counts, sum)) in self.outcomes.lines.iter().zip(&mut self.counts) {
            counts.resize(line.verdicts.len(), 0);
            let rows = line.verdict.iter().zip(&line.awarded).zip(&self.outcomes.general).take(rows.len());
            for ((verdict, awarded), _) in rows.filter(|(_, general)| !**general) {
                *sum += i128::from(*awarded);
                if let Some(count) = counts.get_mut(*verdict as usize) {
                    *count += 1;
                }
            }
        }
    }

    /// The lines of one row of the block.
    pub fn lines<'e>(&'e self, row: usize, lines: &mut Vec<LineView<'e>>) {
        for line in &self.outcomes.lines {
            let (Some(verdict), Some(awarded), Some(lifetime)) =
                (line.verdict(row), line.awarded.get(row), line.lifetime.get(row))
            else {
                continue;
            };
            let applies = line.has_amount && verdict.status != crate::assess::model::Status::NotApplicable;
            lines.push(LineView {
                policy: self.policy,
                clause: line.clause,
                record: None,
                verdict,
                missing: &[],
                counted: line.counted,
                sums: applies.then_some(Sums::Known { awarded: *awarded, lifetime: *lifetime }),
                unit: None,
                across: AcrossView::None,
                otherwise: &[],
            });
        }
    }

    /// The evaluation date of its rows.
    pub fn as_of(&self) -> crate::value::Day {
        self.constants.as_of
    }

    fn tell(&mut self, summary: &mut Summary) {
        for (line, (counts, sum)) in self.outcomes.lines.iter().zip(&mut self.counts) {
            let of = summary.of(self.policy, line.clause);
            for (verdict, count) in line.verdicts.iter().zip(counts.iter_mut()).filter(|(_, count)| **count > 0) {
                of.add(verdict, std::mem::take(count));
            }
            of.awarded.add_fen(std::mem::take(sum));
        }
    }
}
