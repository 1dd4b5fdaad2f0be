//! A policy compiled for many rows, and what a block of rows comes to.

use std::collections::HashMap;

use crate::applicant::replace;
use crate::assess::conclusion::Verdict;
use crate::assess::line::{for_others, without_records};
use crate::clause::Clause;
use crate::clause::kind::{Counted, Measures};
use crate::columns::CellReader;
use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::lane;
use crate::columns::clause::Compiled;
use crate::columns::lanes::{ASK, BLOCK, Lane, Lanes};
use crate::columns::op::{Op, Reg};
use crate::columns::outcome::{LineOutcomes, Outcomes};
use crate::columns::simpler::only_needed;
use crate::columns::source::{Filled, Filler, Source};
use crate::columns::why::Why;
use crate::expr::context::Context;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// Clauses with more conditions go the general way.
const MOST_CONDITIONS: usize = 12;

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
    ops: Vec<Op>,
    /// The operations that are to be worked out for every block.
    work: Vec<Reg>,
    /// Columns that are filled for every row, in the order in which that is done.
    filled: Vec<Filled>,
    /// For each of the inputs that were given the place of its column.
    given: Vec<Option<Reg>>,
    lines: Vec<Line>,
    /// Rows in which one of these holds, or is not known, may contradict themselves; none: that cannot be told.
    guards: Option<Vec<Reg>>,
    /// Clauses that are left to the general evaluation in every row, and why.
    left: Vec<(usize, Why)>,
    /// Clauses of which one may take something from another: the places of their lines, and whether
    /// there are others.
    linked: Vec<(Vec<usize>, bool)>,
}

/// One line of every row.
#[derive(Debug)]
struct Line {
    clause: usize,
    counted: bool,
    what: What,
}

#[derive(Debug)]
enum What {
    /// The same in every row.
    Same(Box<Verdict>),
    /// Where there is no record, which this column says; whether it shows an amount of 0.
    WithoutRecords(Reg, Box<Verdict>, bool),
    /// Worked out; and under the other options of readings that make other operations of it.
    Worked(Box<Compiled>, Under),
}

/// What becomes of a line under other options of readings.
#[derive(Debug, Default)]
struct Under {
    /// What is compiled, where it is not the same.
    compiled: Vec<Compiled>,
    /// For each option that is one of these its place among all, and that of what is compiled.
    options: Vec<(usize, usize)>,
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
    /// Compiles the wanted clauses, each by itself: what cannot be expressed is left to the general evaluation, with what depends
    /// on it. `given` are the inputs that rows give, each with what its column holds; `others` the options of readings that are
    /// not taken and could make something else of a line: the input, and the value.
    pub fn compile(
        constants: &Constants<'_>,
        given: &[(usize, Shape)],
        rows: RowsOf,
        others: &[(usize, Value)],
    ) -> Program {
        let Constants { policy, kind, as_of, .. } = *constants;
        let columns = given.iter().enumerate();
        let columns: HashMap<usize, Column> =
            columns.map(|(reg, (slot, shape))| (*slot, Column { reg, shape: *shape })).collect();
        let source = |(reg, (slot, shape)): (usize, &(usize, Shape))| Filled {
            reg,
            shape: *shape,
            source: Source::Given(*slot),
        };
        let filled = given.iter().enumerate().map(source).collect();
        let (worlds, of_options) = worlds(constants, others);
        let mut open = constants.inputs.clone();
        for (slot, _) in others {
            let domain = policy.names.inputs.get(*slot).map(|input| (*slot, input.domain.clone()));
            replace(&mut open, domain.as_slice());
        }
        let asks = rows == RowsOf::Read;
        let mut builder = Builder::new(policy, &columns, filled, asks, Context::new(&policy.names, &open, as_of));
        let is_for = |clause: &Clause| clause.applies_to.contains(&kind);
        let linked = linked(policy, &mut builder, &is_for);
        // Where others may pay for the same thing, every line may hang on it.
        let nobody_else = policy.overlap.as_ref().is_none_or(|rule| {
            matches!(constants.inputs.get(rule.input), Some(Value::List(list)) if list.records.is_empty())
                && !columns.contains_key(&rule.input)
        });
        builder.context = Context::new(&policy.names, &constants.inputs, as_of);
        let guards = if asks { Some(Vec::new()) } else { guards(policy, &mut builder, as_of) };
        let (mut lines, mut left) = (Vec::new(), Vec::new());
        for (place, clause) in policy.clauses.iter().enumerate() {
            if !constants.wanted.get(place).copied().unwrap_or(false) {
                continue;
            }
            let counted = clause.kind.counted == Counted::Total;
            let what = if !is_for(clause) {
                Ok(What::Same(Box::new(for_others(policy, clause))))
            } else if !nobody_else {
                Err(Why::Row)
            } else if clause.each.is_some() {
                builder.without_records(policy, clause).ok_or(Why::Records)
            } else {
                let touching = policy.touched.iter().filter(|touched| touched.clauses.get(place) == Some(&true));
                let touching: Vec<usize> = touching.map(|touched| touched.input).collect();
                let mut line = |world, under: Option<&(usize, Value)>| {
                    builder.context = Context::new(&policy.names, world, as_of);
                    builder.under = under.cloned();
                    builder.line(policy, clause, as_of)
                };
                line(&constants.inputs, None).ok_or(Why::Part).and_then(|taken| {
                    let mut under = Under::default();
                    let options = others.iter().zip(&of_options).enumerate();
                    for (option, (other, world)) in options.filter(|(_, ((slot, _), _))| touching.contains(slot)) {
                        let compiled = worlds.get(*world).and_then(|world| line(world, Some(other)));
                        let compiled = compiled.ok_or(Why::Option)?;
                        if compiled == taken {
                            continue;
                        }
                        let known = under.compiled.iter().position(|known| *known == compiled);
                        under.options.push((option, known.unwrap_or(under.compiled.len())));
                        under.compiled.extend(known.is_none().then_some(compiled));
                    }
                    Ok(What::Worked(Box::new(taken), under))
                })
            };
            match what {
                Ok(what) => lines.push(Line { clause: place, counted, what }),
                Err(why) => left.push((place, why)),
            }
        }
        let Builder { mut ops, mut filled, .. } = builder;
        let mut guards = guards;
        let ends: Vec<Reg> =
            lines.iter_mut().flat_map(Line::columns).chain(guards.iter_mut().flatten()).map(|reg| *reg).collect();
        let places = only_needed(&mut ops, ends.into_iter());
        let to = |reg: &mut Reg| {
            places.get(*reg).copied().flatten().is_some_and(|place| {
                *reg = place;
                true
            })
        };
        lines.iter_mut().flat_map(Line::columns).chain(guards.iter_mut().flatten()).for_each(|reg| {
            to(reg);
        });
        filled.retain_mut(|filled| to(&mut filled.reg));
        filled.sort_by_key(Filled::turn);
        let given = (0..given.len()).map(|reg| places.get(reg).copied().flatten()).collect();
        let is_work = |op: &Op| !matches!(op, Op::Constant(_) | Op::Unknown | Op::Input(_));
        let work = ops.iter().enumerate().filter(|(_, op)| is_work(op)).map(|(place, _)| place).collect();
        let place = |clause: &usize| lines.iter().position(|line| line.clause == *clause);
        let linked = linked.into_iter().map(|clauses| {
            let own: Vec<usize> = clauses.iter().filter_map(place).collect();
            // One that is not asked for has its say all the same.
            let left = own.len() < clauses.len();
            (own, left)
        });
        let linked = linked.collect();
        Program { ops, work, filled, given, lines, guards, left, linked }
    }

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
        Lanes::new(&self.ops)
    }

    /// Room for what a block of rows comes to.
    pub fn outcomes(&self) -> Outcomes {
        let line = |line: &Line| {
            let (same, has_amount) = match &line.what {
                What::Same(verdict) => (Some((**verdict).clone()), false),
                What::WithoutRecords(_, verdict, has_amount) => (Some((**verdict).clone()), *has_amount),
                What::Worked(compiled, under) => {
                    let own = LineOutcomes::new(line.clause, line.counted, compiled.has_amount, None);
                    return own.beside(under.compiled.len(), &under.options);
                }
            };
            LineOutcomes::new(line.clause, line.counted, has_amount, same)
        };
        Outcomes {
            general: [false; BLOCK],
            lines: self.lines.iter().map(line).collect(),
            awarded: [0; BLOCK],
            lifetime: [0; BLOCK],
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
    }

    /// Puts one row into the columns: the values of the policy's inputs, which are the same again behind it.
    pub fn put(&self, row: usize, inputs: &mut [Value], constants: &Constants<'_>, lanes: &mut Lanes) {
        let filler = Filler { policy: constants.policy, as_of: constants.as_of };
        filler.row(&self.filled, inputs, |reg, value| {
            if let Some(lane) = lanes.lanes.get_mut(reg) {
                lane.put(row, value);
            }
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
        for (line, out) in self.lines.iter().zip(&mut outcomes.lines) {
            match &line.what {
                What::Same(_) => out.general = outcomes.general,
                What::WithoutRecords(reg, ..) => out.conclude_where(lanes.lane(*reg), &outcomes.general),
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
    fn columns(&mut self) -> Box<dyn Iterator<Item = &mut Reg> + '_> {
        match &mut self.what {
            What::Same(_) => Box::new(std::iter::empty()),
            What::WithoutRecords(reg, ..) => Box::new(std::iter::once(reg)),
            What::Worked(compiled, under) => {
                Box::new(std::iter::once(&mut **compiled).chain(&mut under.compiled).flat_map(Compiled::columns))
            }
        }
    }
}

impl<'a> Builder<'a> {
    /// A clause that has one line; `None` where it is left to the general evaluation.
    fn line(&mut self, policy: &'a Policy, clause: &'a Clause, as_of: Day) -> Option<Compiled> {
        self.turn_to(Some(clause));
        // The last day of payment may be that of the clause's own window; where there is no amount, nothing hangs on it.
        let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
        let last = match policy.payable_until.as_ref().filter(|_| has_amount) {
            None => Some((Day::NEVER, None)),
            Some(node) => match self.same_in_every_row(node) {
                Some(Value::Date(last)) => last.as_point().map(|last| {
                    let ended = (last < as_of).then(|| Text::same(last.to_string()));
                    (if policy.payable_to_one_day { last } else { Day::NEVER }, ended)
                }),
                _ => None,
            },
        };
        self.clause(policy, clause, as_of, last).filter(|compiled| compiled.conditions.len() <= MOST_CONDITIONS)
    }

    /// A clause that has a line for each record, as far as there is none.
    fn without_records(&mut self, policy: &Policy, clause: &Clause) -> Option<What> {
        let input = clause.each.as_ref()?.input;
        let is_empty = match self.context.inputs.get(input)? {
            Value::List(list) if list.records.is_empty() && !list.open => self.constant(1, Shape::Truth),
            Value::List(_) if self.may_ask => self.source(Source::IsEmpty(input), Shape::Truth),
            _ => return None,
        };
        let verdict = Box::new(without_records(policy, clause));
        Some(What::WithoutRecords(is_empty.reg, verdict, clause.kind.measures == Measures::Money))
    }
}

/// The inputs under other options of readings, and for each option which of these: options that touch no clause in common share
/// them, as each clause is asked under one of its own only.
fn worlds(constants: &Constants<'_>, others: &[(usize, Value)]) -> (Vec<Vec<Value>>, Vec<usize>) {
    let (mut worlds, mut of_options) = (Vec::new(), Vec::new());
    let mut busy: Vec<Vec<bool>> = Vec::new();
    for (slot, value) in others {
        let touched = constants.policy.touched.iter().find(|touched| touched.input == *slot);
        let touches = touched.map_or(&[][..], |touched| touched.clauses.as_slice());
        let is_free = |busy: &Vec<bool>| !busy.iter().zip(touches).any(|(busy, touches)| *busy && *touches);
        let world = busy.iter().position(is_free).unwrap_or_else(|| {
            worlds.push(constants.inputs.clone());
            busy.push(vec![false; touches.len()]);
            busy.len() - 1
        });
        if let (Some(world), Some(busy)) = (worlds.get_mut(world), busy.get_mut(world)) {
            replace(world, &[(*slot, value.clone())]);
            busy.iter_mut().zip(touches).for_each(|(busy, touches)| *busy |= *touches);
        }
        of_options.push(world);
    }
    (worlds, of_options)
}

/// Clauses that one of the steps between clauses may have to do with in some row, under whatever option of a reading: those that
/// give way to each other, or of which only the highest counts.
fn linked<'a>(policy: &'a Policy, builder: &mut Builder<'a>, is_for: &dyn Fn(&Clause) -> bool) -> Vec<Vec<usize>> {
    let own: Vec<bool> = policy.clauses.iter().map(is_for).collect();
    let is_own = |place: usize| own.get(place).copied().unwrap_or(false);
    let mut linked = Vec::new();
    builder.turn_to(None);
    for rule in &policy.highest_only {
        let members: Vec<usize> = rule.clauses.iter().copied().filter(|place| is_own(*place)).collect();
        if members.len() > 1 && builder.may_hold(rule.when.as_ref()) {
            linked.push(members);
        }
    }
    // Which of the clauses such a limit applies to may differ: where two of them are met they go the general way.
    for limit in policy.limits.iter().filter(|limit| !limit.across) {
        let members: Vec<usize> = limit.clauses.iter().copied().filter(|place| is_own(*place)).collect();
        if members.len() > 1 {
            linked.push(members);
        }
    }
    for (place, clause) in policy.clauses.iter().enumerate().filter(|(place, _)| is_own(*place)) {
        builder.turn_to(Some(clause));
        for rule in clause.instead_of.iter().filter(|rule| is_own(rule.clause)) {
            if builder.may_hold(rule.when.as_ref()) {
                linked.push(vec![place, rule.clause]);
            }
        }
    }
    linked
}

/// The rules against contradictions that rows may break.
fn guards<'a>(policy: &'a Policy, builder: &mut Builder<'a>, as_of: Day) -> Option<Vec<Reg>> {
    let mut guards = Vec::new();
    let today = builder.constant(lane(as_of), Shape::Day);
    let scope = Scope { clause: None, accrued: None, as_of: today, later: false };
    let listed =
        |input: usize| matches!(builder.context.inputs.get(input), Some(Value::List(list)) if !list.records.is_empty());
    if policy.identities.iter().any(|identity| listed(identity.input)) {
        return None;
    }
    for rule in &policy.consistent {
        if let Some(each) = &rule.each {
            match builder.context.inputs.get(each.input) {
                Some(Value::List(list)) if list.records.is_empty() => continue,
                _ => return None,
            }
        }
        builder.turn_to(None);
        let fails = builder.surely_fails(&rule.condition.test, &scope)?;
        if !matches!(builder.ops.get(fails.reg), Some(Op::Constant(0))) {
            guards.push(fails.reg);
        }
    }
    Some(guards)
}
