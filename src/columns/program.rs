//! A policy compiled for many rows, and what a block of rows comes to.

use crate::assess::conclusion::Verdict;
use crate::columns::CellReader;
use crate::columns::clause::Compiled;
use crate::columns::lanes::{ASK, BLOCK, Lane, Lanes};
use crate::columns::op::{Op, Reg};
use crate::columns::outcome::{LineOutcomes, Outcomes};
use crate::columns::over::{Columns, Listed};
use crate::columns::quantity::common_multiple;
use crate::columns::records::{OfList, OutcomesOfRecords, Records};
use crate::columns::source::{Filled, Filler};
use crate::columns::why::Why;
use crate::expr::context::RecordAt;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// What every row of a program has in common.
#[derive(Clone, Debug)]
pub struct Constants<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The kind of applicant: its place.
    pub kind: usize,
    /// The evaluation date.
    pub as_of: Day,
    /// The values of its inputs, where no column gives them.
    pub inputs: Vec<Value>,
    /// Whether each clause is wanted.
    pub wanted: &'a [bool],
}

/// A policy compiled for rows that give the same inputs.
#[derive(Debug)]
pub struct Program {
    pub(super) ops: Vec<Op>,
    /// The operations that are to be worked out for every block.
    pub(super) work: Vec<Reg>,
    /// Columns that are filled for every row, in the order in which that is done.
    pub(super) filled: Vec<Filled>,
    /// For each of the inputs that were given the place of its column.
    pub(super) given: Vec<Option<Reg>>,
    pub(super) lines: Vec<Line>,
    /// Rows in which one of these holds, or is not known, may contradict themselves; none: that cannot be told.
    pub(super) guards: Option<Vec<Reg>>,
    /// Clauses that are left to the general evaluation in every row, and why.
    pub(super) left: Vec<(usize, Why)>,
    /// Clauses of which one may take something from another: the places of their lines, and whether
    /// there are others.
    pub(super) linked: Vec<(Vec<usize>, bool)>,
    /// Lists whose records have lines of their own.
    pub(super) lists: Vec<OfList>,
    /// Lists over which something is counted or added up.
    pub(super) listed: Vec<Option<Listed>>,
}

/// One line of every row.
#[derive(Debug)]
pub(super) struct Line {
    pub clause: usize,
    pub counted: bool,
    pub what: What,
}

#[derive(Debug)]
pub(super) enum What {
    /// The same in every row.
    Same(Box<Verdict>),
    /// One for each record.
    OfRecords(OfRecords),
    /// Worked out; and under the other options of readings that make other operations of it.
    Worked(Box<Compiled>, Under),
}

/// The lines of a clause that has one for each record.
#[derive(Debug)]
pub(super) struct OfRecords {
    /// How many there are; not known: the general evaluation is asked.
    pub count: Reg,
    /// What is said where there is none, and whether that shows an amount of 0.
    pub without: Box<Verdict>,
    pub has_amount: bool,
    /// Where their lines are worked out: the place of the list, and of the line in its program; none: by the general evaluation.
    pub line: Option<(usize, usize)>,
}

/// What becomes of a line under other options of readings.
#[derive(Debug, Default)]
pub(super) struct Under {
    /// What is compiled, where it is not the same.
    pub compiled: Vec<Compiled>,
    /// For each option that is one of these its place among all, and that of what is compiled.
    pub options: Vec<(usize, usize)>,
}

/// Where the values of a program's columns come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsOf {
    /// Cells of a table, of which it is not known whether they contradict each other.
    Cells,
    /// What was read of an applicant: nothing in it contradicts itself, and the general evaluation may be asked about it.
    Read,
}

impl Program {
    /// Clauses that are left to the general evaluation in every row, and why.
    pub fn left(&self) -> &[(usize, Why)] {
        &self.left
    }

    /// Whether it says anything of any clause, be it the same in every row.
    pub fn says_any(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether it works cells out by itself: without any clause left, and knowing which rows may contradict themselves.
    pub fn is_whole(&self) -> bool {
        self.left.is_empty() && self.guards.is_some()
    }

    /// Room for a block of rows.
    pub fn lanes(&self) -> Lanes {
        let records = self.lists.iter().map(|_| Records::default()).collect();
        Lanes { records, ..Lanes::new(&self.ops, &self.listed) }
    }

    /// Room for what a block of rows comes to.
    pub fn outcomes(&self) -> Outcomes {
        let line = |line: &Line| {
            let of = (line.clause, line.counted);
            match &line.what {
                What::Same(verdict) => LineOutcomes::new(of, (false, 100), Some((**verdict).clone())),
                What::OfRecords(records) => {
                    let same = Some((*records.without).clone());
                    let compiled = records.line.and_then(|(list, line)| self.lists.get(list)?.compiled(line));
                    let parts = compiled.map_or(100, |(compiled, _)| compiled.parts());
                    LineOutcomes::new(of, (records.has_amount, parts), same).for_records(records.line)
                }
                What::Worked(compiled, under) => {
                    LineOutcomes::new(of, (compiled.has_amount, compiled.parts()), None).beside(under)
                }
            }
        };
        let lines: Vec<LineOutcomes> = self.lines.iter().map(line).collect();
        let counted = lines.iter().filter(|line| line.counted).map(|line| line.parts);
        Outcomes {
            general: [false; BLOCK],
            parts: counted.fold(100, |all, parts| common_multiple(all, parts).unwrap_or(all)),
            lines,
            awarded: [0; BLOCK],
            lifetime: [0; BLOCK],
            records: self.lists.iter().map(|_| OutcomesOfRecords::default()).collect(),
        }
    }

    /// Fills the column of an input, by its place among those that were given, from its cells. Marks rows of which one is for
    /// the general way.
    pub fn fill<'c>(
        &self,
        given: usize,
        reader: &CellReader,
        cells: impl Iterator<Item = &'c [u8]>,
        lanes: &mut Lanes,
        outcomes: &mut Outcomes,
    ) {
        // A column that nothing hangs on may still hold what cannot be read.
        let spare = &mut Lane::BLANK.clone();
        let lane = self.given.get(given).copied().flatten().and_then(|reg| lanes.lanes.get_mut(reg)).unwrap_or(spare);
        reader.fill(cells, lane, &mut outcomes.general);
    }

    /// Forgets the rows that were put in.
    pub fn begin(&self, lanes: &mut Lanes) {
        for filled in &self.filled {
            lanes.lanes.get_mut(filled.reg).into_iter().for_each(|lane| lane.marked = false);
        }
        self.lists.iter().zip(&mut lanes.records).for_each(|(list, records)| list.begin(records));
        lanes.lists.iter_mut().flatten().for_each(Columns::begin);
    }

    /// Puts one row into the columns: the values of the policy's inputs, which are the same again behind it.
    pub fn put(&self, row: usize, inputs: &mut [Value], constants: &Constants<'_>, lanes: &mut Lanes) {
        let filler = Filler { policy: constants.policy, as_of: constants.as_of };
        self.put_row(row, &filler, (inputs, None), lanes);
        self.lists.iter().zip(&mut lanes.records).for_each(|(list, records)| list.put(inputs, &filler, records));
    }

    /// Puts one row into its own columns; `each`: the record that it is, where it is one.
    pub(super) fn put_row(
        &self,
        row: usize,
        filler: &Filler<'_>,
        (inputs, each): (&mut [Value], Option<RecordAt<'_>>),
        lanes: &mut Lanes,
    ) {
        filler.row(&self.filled, inputs, each, |reg, value| lanes.put(reg, row, value));
        let lists = self.listed.iter().zip(&mut lanes.lists);
        lists.filter_map(|(list, records)| list.as_ref().zip(records.as_mut())).for_each(|(list, records)| {
            list.put(row, inputs, records);
        });
    }

    /// Works out a block of so many rows, at most [`BLOCK`], whose columns are filled; `constants` are those of the compilation.
    pub fn run(&self, constants: &Constants<'_>, rows: usize, lanes: &mut Lanes, outcomes: &mut Outcomes) {
        for place in &self.work {
            if let Some(op) = self.ops.get(*place) {
                lanes.work(*place, op, rows);
            }
        }
        for guard in self.guards.iter().flatten() {
            let guard = lanes.lane(*guard);
            for (general, (holds, mark)) in outcomes.general.iter_mut().zip(guard.values.iter().zip(&guard.unknown)) {
                *general |= (*holds != 0 && *mark == 0) || mark & ASK != 0;
            }
        }
        let lists = self.lists.iter().zip(&mut lanes.records).zip(&mut outcomes.records);
        lists.for_each(|((list, records), out)| list.run(constants, records, out));
        for (line, out) in self.lines.iter().zip(&mut outcomes.lines) {
            match &line.what {
                What::Same(_) => out.general = outcomes.general,
                What::OfRecords(of) => {
                    let lines = of.line.and_then(|(list, line)| {
                        let (lanes, outcomes) = (lanes.records.get(list)?, outcomes.records.get(list)?);
                        self.lists.get(list)?.lines(line, lanes, outcomes)
                    });
                    out.conclude_records(lanes.lane(of.count), lines.as_ref(), (rows, &outcomes.general));
                }
                What::Worked(compiled, under) => {
                    out.conclude_all(compiled, &under.compiled, lanes, (rows, &outcomes.general), constants);
                }
            }
        }
        for (lines, left) in &self.linked {
            outcomes.link(lines, *left);
        }
        outcomes.add_up();
    }
}

impl Line {
    /// The columns that it is concluded from.
    pub fn columns(&mut self) -> Box<dyn Iterator<Item = &mut Reg> + '_> {
        match &mut self.what {
            What::Same(_) => Box::new(std::iter::empty()),
            What::OfRecords(of) => Box::new(std::iter::once(&mut of.count)),
            What::Worked(compiled, under) => {
                Box::new(std::iter::once(&mut **compiled).chain(&mut under.compiled).flat_map(Compiled::columns))
            }
        }
    }
}
