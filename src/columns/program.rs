//! A policy compiled for many rows, and what a block of rows comes to.

use std::collections::{BTreeMap, HashMap};

use crate::assess::conclusion::{Conclusion, Grounds, Verdict};
use crate::assess::line::{for_others, without_records};
use crate::assess::model::Status;
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::columns::CellReader;
use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::{day, lane};
use crate::columns::clause::Compiled;
use crate::columns::lanes::{ASK, BLOCK, Lanes};
use crate::columns::op::{Op, Reg};
use crate::columns::simpler::needed;
use crate::expr::context::Context;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::Block;
use crate::value::{Day, DayRange, Value};

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
    readers: Vec<CellReader>,
    lines: Vec<Line>,
    /// Rows in which one of these holds, or is not known, may contradict themselves.
    guards: Vec<Reg>,
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
    /// The same in every row; whether it shows an amount of 0.
    Same(Box<Verdict>, bool),
    /// Worked out.
    Worked(Compiled),
}

impl Line {
    /// The columns that it is concluded from.
    fn columns(&self) -> Vec<Reg> {
        let What::Worked(compiled) = &self.what else { return Vec::new() };
        let amounts = compiled.amounts.iter().flat_map(|of| [of.entitled, of.to_date, of.lifetime]);
        let conditions = compiled.conditions.iter().copied();
        [compiled.event, compiled.happened, compiled.inside, compiled.reached]
            .into_iter()
            .chain(conditions)
            .chain(amounts)
            .collect()
    }
}

/// What a block of rows came to.
#[derive(Debug)]
pub struct Outcomes {
    /// Rows that must go the general way.
    pub general: [bool; BLOCK],
    /// In the order of the clauses.
    pub lines: Vec<LineOutcomes>,
    /// What is awarded to each row.
    pub awarded: [i64; BLOCK],
    /// What each row can still come to.
    pub lifetime: [i64; BLOCK],
}

/// What one line came to, row by row.
#[derive(Debug)]
pub struct LineOutcomes {
    /// The clause's place.
    pub clause: usize,
    /// Whether it is in the totals.
    pub counted: bool,
    /// Whether it has an amount, where it applies.
    pub has_amount: bool,
    /// The place of each row's verdict.
    pub verdict: [u32; BLOCK],
    /// What is awarded, in 分.
    pub awarded: [i64; BLOCK],
    /// What it can still come to, in 分.
    pub lifetime: [i64; BLOCK],
    /// Every verdict so far.
    pub verdicts: Vec<Verdict>,
    /// The place of the verdict of each code; none yet: the largest number.
    places: Vec<u32>,
    /// The same where the verdict speaks of a day.
    of_days: BTreeMap<(usize, i64), u32>,
}

impl Outcomes {
    /// Rows, of so many, that come out otherwise than others do go the general way.
    pub fn differ(&mut self, others: &Outcomes, rows: usize) {
        let alike = self.lines.len() == others.lines.len()
            && self.lines.iter().zip(&others.lines).all(|(line, other)| line.clause == other.clause);
        for row in 0..rows.min(BLOCK) {
            let goes = !alike
                || others.general.get(row).copied().unwrap_or(true)
                || self.lines.iter().zip(&others.lines).any(|(line, other)| !line.is_written_alike(other, row));
            if let Some(general) = self.general.get_mut(row) {
                *general |= goes;
            }
        }
    }
}

impl LineOutcomes {
    /// Whether another line of the same clause comes to the same in a row.
    fn is_written_alike(&self, other: &LineOutcomes, row: usize) -> bool {
        let status = |line: &LineOutcomes| line.verdict(row).map(|verdict| verdict.status);
        let of = |line: &LineOutcomes| (line.awarded.get(row).copied(), line.lifetime.get(row).copied());
        let (own, others) = (status(self), status(other));
        own == others
            && (own == Some(Status::NotApplicable)
                || self.has_amount == other.has_amount && (!self.has_amount || of(self) == of(other)))
    }
}

impl Program {
    /// Compiles the wanted clauses; `None` where something of them cannot be expressed. `given` are the inputs that the columns
    /// of the table give, in the order of [`Program::run`], each with the unit that the column's head has.
    pub fn compile(constants: &Constants<'_>, given: &[(usize, Option<&str>)]) -> Option<Program> {
        let Constants { policy, kind, as_of, .. } = *constants;
        let names = &policy.names;
        let mut readers = Vec::new();
        let mut columns = HashMap::new();
        let mut ops = Vec::new();
        let mut inputs = constants.inputs.clone();
        for (place, (slot, head)) in given.iter().enumerate() {
            let input = names.inputs.get(*slot)?;
            let (reader, shape) = CellReader::new(input, names, constants.inputs.get(*slot)?, *head)?;
            readers.push(reader);
            ops.push(Op::Input(place));
            columns.insert(*slot, Column { reg: place, shape });
            *inputs.get_mut(*slot)? = input.domain.clone();
        }
        let context = Context::new(names, &inputs, as_of);
        let mut builder = Builder::new(names, &columns, ops, context);
        // Steps between clauses must have nothing to do in any row.
        let is_for = |clause: &Clause| clause.applies_to.contains(&kind);
        let own = |place: usize| policy.clauses.get(place).is_some_and(is_for);
        builder.turn_to(None);
        for rule in &policy.highest_only {
            let members = rule.clauses.iter().filter(|place| own(**place)).count();
            if members > 1 && !builder.surely(rule.when.as_ref())?.is_false() {
                return None;
            }
        }
        if let Some(rule) = &policy.overlap {
            let Some(Value::List(others)) = constants.inputs.get(rule.input) else { return None };
            if !others.records.is_empty() || given.iter().any(|(slot, _)| *slot == rule.input) {
                return None;
            }
        }
        let guards = guards(policy, &mut builder, as_of)?;
        let mut lines = Vec::new();
        for (place, clause) in policy.clauses.iter().enumerate() {
            let wanted = constants.wanted.get(place).copied().unwrap_or(false);
            if is_for(clause) {
                builder.turn_to(Some(clause));
                for rule in &clause.instead_of {
                    // Also where it is not wanted itself, it may take the place of one that is.
                    let touches = wanted || constants.wanted.get(rule.clause).copied().unwrap_or(false);
                    if touches && own(rule.clause) && !builder.surely(rule.when.as_ref())?.is_false() {
                        return None;
                    }
                }
            }
            if !wanted {
                continue;
            }
            // The last day of payment may be that of the clause's own window.
            let mut last_paid = Day::NEVER;
            if let Some(node) = policy.payable_until.as_ref().filter(|_| is_for(clause)) {
                match builder.same_in_every_row(node)? {
                    Value::Date(last) if last.as_point()? >= as_of => {
                        last_paid = last.hi;
                    }
                    _ => return None,
                }
            }
            let last_paid = if policy.payable_to_one_day { last_paid } else { Day::NEVER };
            let counted = clause.kind.counted == Counted::Total;
            let what = if !is_for(clause) {
                What::Same(Box::new(for_others(policy, clause)), false)
            } else if let Some(each) = &clause.each {
                match constants.inputs.get(each.input) {
                    Some(Value::List(list)) if list.records.is_empty() && !list.open => {
                        What::Same(Box::new(without_records(policy, clause)), counted)
                    }
                    _ => return None,
                }
            } else {
                let compiled = builder.clause(policy, clause, as_of, last_paid)?;
                // What may be borrowed, or is a share, is due to nobody.
                if (compiled.amounts.is_some() && !counted) || compiled.conditions.len() > MOST_CONDITIONS {
                    return None;
                }
                What::Worked(compiled)
            };
            lines.push(Line { clause: place, counted, what });
        }
        let Builder { ops, .. } = builder;
        let ends = lines.iter().flat_map(Line::columns).chain(guards.iter().copied());
        let needed = needed(&ops, ends);
        let is_work = |(op, needed): (&Op, bool)| needed && !matches!(op, Op::Constant(_) | Op::Unknown | Op::Input(_));
        let work = ops.iter().zip(needed).enumerate().filter(|(_, op)| is_work(*op)).map(|(place, _)| place).collect();
        Some(Program { ops, work, readers, lines, guards })
    }

    /// Room for a block of rows.
    pub fn lanes(&self) -> Lanes {
        Lanes::new(&self.ops)
    }

    /// Room for what a block of rows comes to.
    pub fn outcomes(&self) -> Outcomes {
        let line = |line: &Line| {
            let (verdicts, has_amount) = match &line.what {
                What::Same(verdict, has_amount) => (vec![(**verdict).clone()], *has_amount),
                What::Worked(compiled) => (Vec::new(), compiled.amounts.is_some()),
            };
            LineOutcomes {
                clause: line.clause,
                counted: line.counted,
                has_amount,
                verdict: [0; BLOCK],
                awarded: [0; BLOCK],
                lifetime: [0; BLOCK],
                verdicts,
                places: Vec::new(),
                of_days: BTreeMap::new(),
            }
        };
        Outcomes {
            general: [false; BLOCK],
            lines: self.lines.iter().map(line).collect(),
            awarded: [0; BLOCK],
            lifetime: [0; BLOCK],
        }
    }

    /// Works out a block of at most [`BLOCK`] rows. `columns` are the table's columns of the inputs, in the order in which
    /// these were given; `constants` are those of the compilation.
    pub fn run(
        &self,
        constants: &Constants<'_>,
        block: &Block<'_>,
        columns: &[usize],
        lanes: &mut Lanes,
        outcomes: &mut Outcomes,
    ) {
        outcomes.general = [false; BLOCK];
        let rows = block.rows();
        for ((reader, lane), column) in self.readers.iter().zip(&mut lanes.lanes).zip(columns) {
            reader.fill(block.column(*column), lane, &mut outcomes.general);
        }
        for place in &self.work {
            if let Some(op) = self.ops.get(*place) {
                lanes.work(*place, op, rows);
            }
        }
        for guard in &self.guards {
            let guard = lanes.lane(*guard);
            for (general, (holds, mark)) in outcomes.general.iter_mut().zip(guard.values.iter().zip(&guard.unknown)) {
                *general |= (*holds != 0 && *mark == 0) || mark & ASK != 0;
            }
        }
        outcomes.awarded = [0; BLOCK];
        outcomes.lifetime = [0; BLOCK];
        for (line, out) in self.lines.iter().zip(&mut outcomes.lines) {
            let What::Worked(compiled) = &line.what else { continue };
            out.conclude(compiled, lanes, rows, &mut outcomes.general, constants);
            if !line.counted {
                continue;
            }
            for (sum, amount) in outcomes.awarded.iter_mut().zip(&out.awarded) {
                *sum = sum.saturating_add(*amount);
            }
            for (sum, amount) in outcomes.lifetime.iter_mut().zip(&out.lifetime) {
                *sum = sum.saturating_add(*amount);
            }
        }
    }
}

/// The rules against contradictions that rows may break.
fn guards<'a>(policy: &'a Policy, builder: &mut Builder<'a>, as_of: Day) -> Option<Vec<Reg>> {
    let mut guards = Vec::new();
    let today = builder.constant(lane(as_of), Shape::Day);
    let scope = Scope { clause: None, accrued: None, as_of: today };
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

/// Codes of conclusions; from [`FAILS`] on, the set of conditions that fail.
const NEVER_HAPPENED: usize = 0;
const OUTSIDE: usize = 1;
const NOT_REACHED: usize = 2;
const MET: usize = 3;
/// With three bits for which amounts are 0.
const HOLDS: usize = 4;
const FAILS: usize = 12;

impl LineOutcomes {
    /// A row's verdict.
    pub fn verdict(&self, row: usize) -> Option<&Verdict> {
        self.verdicts.get(*self.verdict.get(row)? as usize)
    }

    fn conclude(
        &mut self,
        compiled: &Compiled,
        lanes: &Lanes,
        rows: usize,
        general: &mut [bool; BLOCK],
        constants: &Constants<'_>,
    ) {
        let event = lanes.lane(compiled.event);
        let clause = constants.policy.clauses.get(self.clause);
        let not_yet =
            clause.is_some_and(|clause| Conclusion::not_reached(clause, constants.as_of) != Conclusion::NotReached);
        let (happened, inside, reached) =
            (lanes.lane(compiled.happened), lanes.lane(compiled.inside), lanes.lane(compiled.reached));
        let mut fails = [0usize; BLOCK];
        let mut open = [0u8; BLOCK];
        for (place, condition) in compiled.conditions.iter().enumerate() {
            let condition = lanes.lane(*condition);
            let rows_of = condition.values.iter().zip(&condition.unknown);
            for ((fails, open), (holds, mark)) in fails.iter_mut().zip(&mut open).zip(rows_of).take(rows) {
                *fails |= usize::from(*holds == 0 && *mark == 0) << place;
                *open |= mark;
            }
        }
        let amounts = compiled
            .amounts
            .as_ref()
            .map(|amounts| (lanes.lane(amounts.entitled), lanes.lane(amounts.to_date), lanes.lane(amounts.lifetime)));
        let at = |lane: &crate::columns::lanes::Lane, row: usize| {
            (lane.values.get(row).copied().unwrap_or(0), lane.unknown.get(row).copied().unwrap_or(1) != 0)
        };
        let rows_out = self.verdict.iter_mut().zip(&mut self.awarded).zip(&mut self.lifetime).zip(general);
        let rows_in = fails.iter().zip(&open).enumerate();
        for ((((verdict, awarded), lifetime), general), (row, (fails, open))) in rows_out.zip(rows_in).take(rows) {
            (*awarded, *lifetime) = (0, 0);
            let (happened, inside, reached) = (at(happened, row), at(inside, row), at(reached, row));
            let mut unknown = happened.1;
            let code = if happened.0 == 0 {
                NEVER_HAPPENED
            } else if inside.0 == 0 {
                unknown |= inside.1;
                OUTSIDE
            } else {
                // One that surely fails decides, whatever is open besides.
                unknown |= inside.1 | reached.1 | (open & ASK != 0) | (*open != 0 && *fails == 0);
                let mut zero = 0;
                if let Some((entitled, to_date, all)) = amounts
                    && *fails == 0
                {
                    let all = at(all, row);
                    unknown |= all.1;
                    *lifetime = all.0;
                    if reached.0 != 0 {
                        let (entitled, to_date) = (at(entitled, row), at(to_date, row));
                        unknown |= entitled.1 | to_date.1;
                        *awarded = to_date.0;
                        // What was had once is in the whole term.
                        *lifetime = all.0.max(to_date.0);
                        zero = usize::from(entitled.0 == 0)
                            | usize::from(to_date.0 == 0) << 1
                            | usize::from(*lifetime == 0) << 2;
                    }
                }
                match (reached.0 != 0, *fails, amounts.is_some()) {
                    (false, _, _) => NOT_REACHED,
                    (true, 0, true) => HOLDS + zero,
                    (true, 0, false) => MET,
                    (true, fails, _) => FAILS + fails,
                }
            };
            let on = at(event, row);
            let of_day = code == OUTSIDE || (code == NOT_REACHED && !not_yet);
            if unknown {
                *general = true;
            }
            if *general {
                (*awarded, *lifetime) = (0, 0);
                continue;
            }
            if of_day {
                let (verdicts, clause) = (&mut self.verdicts, self.clause);
                *verdict = *self.of_days.entry((code, on.0)).or_insert_with(|| {
                    let place = u32::try_from(verdicts.len()).unwrap_or(0);
                    verdicts.push(in_words(code, clause, compiled, on.0, constants));
                    place
                });
                continue;
            }
            let known = self.places.get(code).copied().filter(|place| *place != u32::MAX);
            *verdict = known.unwrap_or_else(|| {
                let place = u32::try_from(self.verdicts.len()).unwrap_or(0);
                self.verdicts.push(in_words(code, self.clause, compiled, on.0, constants));
                if self.places.len() <= code {
                    self.places.resize(code + 1, u32::MAX);
                }
                if let Some(slot) = self.places.get_mut(code) {
                    *slot = place;
                }
                place
            });
        }
    }
}

/// The conclusion of a code that tells which amounts are 0.
fn of_zero(code: usize) -> Conclusion {
    let zero = code - HOLDS;
    Conclusion::of_amounts(zero & 1 != 0, zero & 2 != 0, zero & 4 != 0, None)
}

/// The verdict of a code; `event`: the day of the event in its lane.
fn in_words(code: usize, clause: usize, compiled: &Compiled, event: i64, constants: &Constants<'_>) -> Verdict {
    let Some(clause) = constants.policy.clauses.get(clause) else {
        return Verdict { status: Status::NotEligible, reason: Text::default(), failed: Vec::new(), gist: None };
    };
    let conclusion = match code {
        NEVER_HAPPENED => Conclusion::NeverHappened,
        OUTSIDE => Conclusion::OutsideWindow,
        NOT_REACHED => Conclusion::not_reached(clause, constants.as_of),
        MET => Conclusion::met(clause),
        HOLDS..FAILS => of_zero(code),
        _ => Conclusion::Fails,
    };
    let fails = code.saturating_sub(FAILS);
    let failed = clause.requires.iter().enumerate().filter(|(place, _)| fails >> place & 1 == 1);
    let grounds = Grounds {
        event: compiled.event_name.clone(),
        day: day(event).map_or(DayRange::ANY, DayRange::point),
        because: None,
    };
    Verdict::of(conclusion, clause, failed.map(|(_, condition)| &condition.text), &grounds, constants.as_of)
}
