//! A policy compiled, clause by clause: those that have one line for each row, and, list by list, those that have one for each
//! record of it.

use std::collections::{BTreeMap, HashMap};

use crate::applicant::replace;
use crate::assess::line::{for_others, without_records};
use crate::clause::Clause;
use crate::clause::kind::{Counted, Measures};
use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::lane;
use crate::columns::clause::Compiled;
use crate::columns::op::{Op, Reg};
use crate::columns::over::Listed;
use crate::columns::program::{Constants, Line, OfRecords, Program, RowsOf, Under, What};
use crate::columns::records::OfList;
use crate::columns::simpler::only_needed;
use crate::columns::source::{Filled, Source, shape_of_input};
use crate::columns::why::Why;
use crate::expr::context::Context;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// Clauses with more conditions go the general way.
const MOST_CONDITIONS: usize = 12;

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
        let columns = columns(given, 0);
        let source = |(reg, (slot, shape)): (usize, &(usize, Shape))| Filled {
            reg,
            shape: *shape,
            source: Source::Given(*slot),
        };
        let filled = given.iter().enumerate().map(source).collect();
        let worlds = Worlds::new(constants, others);
        let mut open = constants.inputs.clone();
        for (slot, _) in others {
            let domain = policy.names.inputs.get(*slot).map(|input| (*slot, input.domain.clone()));
            replace(&mut open, domain.as_slice());
        }
        let asks = rows == RowsOf::Read;
        let context = Context::new(&policy.names, &open, as_of);
        let mut builder = Builder::new(policy, (&columns, None), filled, asks, context);
        let is_for = |clause: &Clause| clause.applies_to.contains(&kind);
        let linked = linked(policy, &mut builder, &is_for);
        // Where others may pay for the same thing, every line may hang on it.
        let nobody_else = policy.overlap.as_ref().is_none_or(|rule| {
            matches!(constants.inputs.get(rule.input), Some(Value::List(list)) if list.records.is_empty())
                && !columns.contains_key(&rule.input)
        });
        builder.context = Context::new(&policy.names, &constants.inputs, as_of);
        let guards = if asks { Some(Vec::new()) } else { guards(policy, &mut builder, as_of) };
        let own = |place: &usize| constants.wanted.get(*place).copied().unwrap_or(false);
        let own: Vec<(usize, &Clause)> = policy.clauses.iter().enumerate().filter(|(place, _)| own(place)).collect();
        let lists = if asks && nobody_else { lists(constants, &own, given, &worlds) } else { Vec::new() };
        let (mut lines, mut left) = (Vec::new(), Vec::new());
        for (place, clause) in own {
            let what = if !is_for(clause) {
                Ok(What::Same(Box::new(for_others(policy, clause))))
            } else if !nobody_else {
                Err(Why::Row)
            } else if clause.each.is_some() {
                builder.of_records(policy, (place, clause), &lists).ok_or(Why::Records)
            } else {
                builder.worked(constants, (place, clause), &worlds)
            };
            match what {
                Ok(what) => lines.push(Line { clause: place, counted: clause.kind.counted == Counted::Total, what }),
                Err(why) => left.push((place, why)),
            }
        }
        let place = |clause: &usize| lines.iter().position(|line| line.clause == *clause);
        let linked = linked.into_iter().map(|clauses| {
            let own: Vec<usize> = clauses.iter().filter_map(place).collect();
            // One that is not asked for has its say all the same.
            let left = own.len() < clauses.len();
            (own, left)
        });
        let linked = linked.collect();
        let own = Program::of(builder.made(), given.len(), lines, guards);
        Program { left, linked, lists, ..own }
    }

    /// The same for rows that are the records of a list: the clauses that have a line for each of them, as far as they can be
    /// expressed.
    fn of_records(
        constants: &Constants<'_>,
        (input, clauses): (usize, &[(usize, &Clause)]),
        given: &[(usize, Shape)],
        worlds: &Worlds,
    ) -> Program {
        let Constants { policy, as_of, .. } = *constants;
        let names = &policy.names;
        let declared = names.lists.iter().find(|list| list.input == input);
        let fields = declared.map_or(&[][..], |list| list.fields.as_slice()).iter().enumerate();
        let fields: Vec<(usize, Shape)> =
            fields.filter_map(|(place, field)| Some((place, shape_of_input(field, names)?))).collect();
        let (of_inputs, of_fields) = (columns(given, 0), columns(&fields, given.len()));
        let inputs = given.iter().map(|(slot, shape)| (Source::Given(*slot), *shape));
        let fields = fields.iter().map(|(field, shape)| (Source::Field(*field), *shape));
        let filled = inputs.chain(fields).enumerate().map(|(reg, (source, shape))| Filled { reg, shape, source });
        let context = Context::new(names, &constants.inputs, as_of);
        let mut builder = Builder::new(policy, (&of_inputs, Some(&of_fields)), filled.collect(), true, context);
        let mut lines = Vec::new();
        for (place, clause) in clauses {
            if let Ok(what) = builder.worked(constants, (*place, clause), worlds) {
                lines.push(Line { clause: *place, counted: clause.kind.counted == Counted::Total, what });
            }
        }
        Program::of(builder.made(), 0, lines, None)
    }

    /// What lines and guards need of these operations; the first `given` of them are the columns of inputs.
    fn of(
        (mut ops, mut filled, listed): (Vec<Op>, Vec<Filled>, Vec<Listed>),
        given: usize,
        mut lines: Vec<Line>,
        mut guards: Option<Vec<Reg>>,
    ) -> Program {
        let ends = lines.iter_mut().flat_map(Line::columns).chain(guards.iter_mut().flatten());
        let ends: Vec<Reg> = ends.map(|reg| *reg).collect();
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
        let given = (0..given).map(|reg| places.get(reg).copied().flatten()).collect();
        let is_work = |op: &Op| !matches!(op, Op::Constant(_) | Op::Unknown | Op::Input(_));
        let work = ops.iter().enumerate().filter(|(_, op)| is_work(op)).map(|(place, _)| place).collect();
        let reads = |list: usize| ops.iter().any(|op| matches!(op, Op::Over(over) if over.list == list));
        let listed = listed.into_iter().enumerate().map(|(place, list)| reads(place).then_some(list)).collect();
        let (left, linked, lists) = (Vec::new(), Vec::new(), Vec::new());
        Program { ops, work, filled, given, lines, guards, left, linked, lists, listed }
    }
}

/// The columns of what is given, the first of which stands at a place.
fn columns(given: &[(usize, Shape)], first: Reg) -> HashMap<usize, Column> {
    let column =
        |(place, (slot, shape)): (usize, &(usize, Shape))| (*slot, Column { reg: first + place, shape: *shape });
    given.iter().enumerate().map(column).collect()
}

/// The clauses that have a line for each record, list by list.
fn lists(
    constants: &Constants<'_>,
    own: &[(usize, &Clause)],
    given: &[(usize, Shape)],
    worlds: &Worlds,
) -> Vec<OfList> {
    let is_fixed = |input: usize| matches!(constants.inputs.get(input), Some(Value::List(list)) if list.is_complete());
    let own = own.iter().filter(|(_, clause)| clause.is_for(Some(constants.kind)));
    let mut by_list: BTreeMap<usize, Vec<(usize, &Clause)>> = BTreeMap::new();
    for (place, clause) in own {
        if let Some(each) = clause.each.as_ref().filter(|each| !is_fixed(each.input)) {
            by_list.entry(each.input).or_default().push((*place, clause));
        }
    }
    let of = |(input, clauses): (usize, Vec<(usize, &Clause)>)| {
        let list = clauses.first().and_then(|(_, clause)| Some(clause.each.as_ref()?.list))?;
        let program = Program::of_records(constants, (input, &clauses), given, worlds);
        program.says_any().then_some(OfList { input, list, program })
    };
    by_list.into_iter().filter_map(of).collect()
}

impl<'a> Builder<'a> {
    /// A clause whose line is worked out, under the options taken and the others.
    fn worked(
        &mut self,
        constants: &'a Constants<'a>,
        (place, clause): (usize, &'a Clause),
        worlds: &'a Worlds,
    ) -> Result<What, Why> {
        let policy = constants.policy;
        let touching = policy.touched.iter().filter(|touched| touched.clauses.get(place) == Some(&true));
        let touching: Vec<usize> = touching.map(|touched| touched.input).collect();
        let mut line = |world, under: Option<&(usize, Value)>| {
            self.context = Context::new(&policy.names, world, constants.as_of);
            self.under = under.cloned();
            self.line(policy, clause, constants.as_of)
        };
        let taken = line(&constants.inputs, None).ok_or(Why::Part)?;
        let mut under = Under::default();
        let options = worlds.others.iter().enumerate();
        for (option, (other, world)) in options.filter(|(_, ((slot, _), _))| touching.contains(slot)) {
            let compiled = worlds.inputs.get(*world).and_then(|world| line(world, Some(other)));
            let compiled = compiled.ok_or(Why::Option)?;
            if compiled == taken {
                continue;
            }
            let known = under.compiled.iter().position(|known| *known == compiled);
            under.options.push((option, known.unwrap_or(under.compiled.len())));
            under.compiled.extend(known.is_none().then_some(compiled));
        }
        Ok(What::Worked(Box::new(taken), under))
    }

    /// A clause that has one line; `None` where it is left to the general evaluation.
    fn line(&mut self, policy: &'a Policy, clause: &'a Clause, as_of: Day) -> Option<Compiled> {
        self.turn_to(Some(clause));
        // The last day of payment may be that of the clause's own window; where there is no amount, nothing hangs on it.
        let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
        let last = match policy.payable_until.as_ref().filter(|_| has_amount) {
            None => Some((Day::NEVER, None)),
            Some(node) => match self.same_in_every_row(node) {
                Some(Value::Date(last)) => last.as_point().map(|last| {
                    // A figure is not paid, so its payment does not end.
                    let ended = (last < as_of && !clause.is_figure()).then(|| Text::same(last.to_string()));
                    (if policy.payable_to_one_day { last } else { Day::NEVER }, ended)
                }),
                _ => None,
            },
        };
        self.clause(policy, clause, as_of, last).filter(|compiled| compiled.conditions.len() <= MOST_CONDITIONS)
    }

    /// A clause that has a line for each record: one of these lists may have its lines.
    fn of_records(&mut self, policy: &Policy, (place, clause): (usize, &Clause), lists: &[OfList]) -> Option<What> {
        let input = clause.each.as_ref()?.input;
        let count = match self.context.inputs.get(input)? {
            Value::List(list) if list.records.is_empty() && !list.open => self.constant(0, Shape::Number(1)),
            Value::List(_) if self.may_ask => self.source(Source::Count(input), Shape::Number(1)),
            _ => return None,
        };
        let line = lists.iter().enumerate().find_map(|(list, of)| Some((list, of.line(place)?)));
        let without = Box::new(without_records(policy, clause));
        let has_amount = clause.kind.measures == Measures::Money;
        Some(What::OfRecords(OfRecords { count: count.reg, without, has_amount, line }))
    }
}

/// The options of readings that are not taken.
struct Worlds {
    /// The input and the value of each, and which of the inputs it is worked out with.
    others: Vec<((usize, Value), usize)>,
    /// The inputs under them: options that touch no clause in common share them, as each clause is asked under one of its own only.
    inputs: Vec<Vec<Value>>,
}

impl Worlds {
    fn new(constants: &Constants<'_>, others: &[(usize, Value)]) -> Worlds {
        let mut worlds = Worlds { others: Vec::new(), inputs: Vec::new() };
        let mut busy: Vec<Vec<bool>> = Vec::new();
        for (slot, value) in others {
            let touched = constants.policy.touched.iter().find(|touched| touched.input == *slot);
            let touches = touched.map_or(&[][..], |touched| touched.clauses.as_slice());
            let is_free = |busy: &Vec<bool>| !busy.iter().zip(touches).any(|(busy, touches)| *busy && *touches);
            let world = busy.iter().position(is_free).unwrap_or_else(|| {
                worlds.inputs.push(constants.inputs.clone());
                busy.push(vec![false; touches.len()]);
                busy.len() - 1
            });
            if let (Some(inputs), Some(busy)) = (worlds.inputs.get_mut(world), busy.get_mut(world)) {
                replace(inputs, &[(*slot, value.clone())]);
                busy.iter_mut().zip(touches).for_each(|(busy, touches)| *busy |= *touches);
            }
            worlds.others.push(((*slot, value.clone()), world));
        }
        worlds
    }
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
