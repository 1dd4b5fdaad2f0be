//! What an expression of a policy can come to over everything that can be given: evaluation over the domains of all facts,
//! cut into cases where that decides more. What comes out is sound: nothing that can happen lies outside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::assess::slot::Slot;
use crate::assess::world::World;
use crate::clause::{Clause, Each};
use crate::expr::context::{Cause, Context, Local, RecordAt};
use crate::expr::measure::Measured;
use crate::expr::names::{Input, Names, Origin};
use crate::expr::program::{Node, Op, Print};
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Bound, Day, DayRange, Interval, List, Number, Truth, Value};

/// From one value to the next: few state an amount or a time more finely than to a millionth.
const FINEST: Number = Number::inverse(1_000_000);
/// The same, to make sure.
const NEARER: Number = Number::inverse(1_000_000_000_000);

/// Cases that one question is worth. More leave the answer sound, but perhaps open.
const CASES: usize = 400;

/// The figures and days that values are compared with: between two of them nothing changes.
#[derive(Clone, Debug, Default)]
pub struct Cuts {
    /// Figures of each unit.
    numbers: Vec<(Type, Figures)>,
    /// Days.
    pub days: BTreeSet<Day>,
}

/// Figures of one unit, in order: they are looked at for every case of every question, and put in order once.
#[derive(Clone, Debug, Default)]
struct Figures {
    all: Vec<Number>,
    /// A quarter of the least way from one to the next.
    quarter: Option<Number>,
}

impl Figures {
    fn of(mut all: Vec<Number>) -> Figures {
        all.sort();
        all.dedup();
        let quarters = all.windows(2).filter_map(|pair| match pair {
            [a, b] => b.minus(*a)?.divide(Number::whole(4)),
            _ => None,
        });
        let quarter = quarters.min();
        Figures { all, quarter }
    }
}

impl Cuts {
    /// Those of these nodes and all below them.
    pub fn of(policy: &Policy, nodes: Vec<&Node>) -> Cuts {
        let mut cuts = Cuts::default();
        let mut numbers: Vec<(Type, Vec<Number>)> = Vec::new();
        let mut add =
            |ty: &Type, more: &mut dyn Iterator<Item = Number>| match numbers.iter_mut().find(|(known, _)| known == ty)
            {
                Some((_, known)) => known.extend(more),
                None => numbers.push((ty.clone(), more.collect())),
            };
        super::walk::each(policy, nodes, &mut |node| match &node.op {
            Op::Constant(Value::Quantity(range), _) => add(&node.ty, &mut range.as_point().into_iter()),
            Op::Constant(Value::Date(range), _) => {
                cuts.days.extend(range.as_point().filter(|day| *day > Day::FIRST && *day < Day::LAST));
            }
            Op::Scale(scale, _) => {
                add(&scale.over, &mut scale.steps.iter().map(|(threshold, _)| threshold.at));
            }
            _ => {}
        });
        cuts.numbers = numbers.into_iter().map(|(ty, all)| (ty, Figures::of(all))).collect();
        cuts
    }

    /// Adds others.
    pub fn extend(&mut self, others: Cuts) {
        for (ty, more) in others.numbers {
            match self.numbers.iter_mut().find(|(known, _)| *known == ty) {
                Some((_, own)) => *own = Figures::of([std::mem::take(&mut own.all), more.all].concat()),
                None => self.numbers.push((ty, more)),
            }
        }
        self.days.extend(others.days);
    }

    fn figures(&self, ty: &Type) -> Option<&Figures> {
        self.numbers.iter().find(|(known, _)| known == ty).map(|(_, figures)| figures)
    }

    /// The figures of a type, in ascending order.
    pub fn of_type(&self, ty: &Type) -> Vec<Number> {
        self.figures(ty).map_or_else(Vec::new, |figures| figures.all.clone())
    }

    /// Cuts what is possible in two or more; none where nothing cuts it.
    pub fn pieces(&self, value: &Value, input: &Input, finest: Number) -> Option<Vec<Value>> {
        match value {
            Value::Quantity(range) => {
                let figures = self.figures(&input.ty)?;
                // From one value to the next; where two cuts are nearer than that, there is still something between them.
                let finest = match figures.quarter {
                    _ if input.integer => Number::ONE,
                    Some(quarter) => finest.min(quarter),
                    None => finest,
                };
                // Each figure, and what is next to it, in order: it is cut at the middle one of those inside.
                let cut = |place: usize| {
                    let figure = *figures.all.get(place / 2)?;
                    if place.is_multiple_of(2) { Some(figure) } else { figure.plus(finest) }
                };
                let count = figures.all.len() * 2;
                let from = first(count, |place| cut(place).is_none_or(|cut| range.lo < Bound::At(cut)));
                let to = first(count, |place| cut(place).is_none_or(|cut| Bound::At(cut) > range.hi));
                let cut = (from < to).then(|| cut(from + (to - from) / 2)).flatten()?;
                let below = Bound::At(cut.minus(finest)?).max(range.lo);
                let (lower, upper) = (Interval { hi: below, ..*range }, Interval { lo: Bound::At(cut), ..*range });
                Some(vec![Value::Quantity(lower), Value::Quantity(upper)])
            }
            Value::Date(range) if range.hi == Day::NEVER && range.lo < Day::NEVER => {
                let real = DayRange { hi: Day::LAST, ..*range };
                Some(vec![Value::Date(real), Value::Date(DayRange::point(Day::NEVER))])
            }
            Value::Date(range) => {
                let inside = |day: &Day| range.lo < *day && *day <= range.hi;
                let both = self.days.iter().flat_map(|day| [*day, day.plus_days(1)]);
                let cuts: Vec<Day> = both.filter(inside).collect();
                let cut = cuts.get(cuts.len() / 2).copied()?;
                let (before, from) = (DayRange { hi: cut.plus_days(-1), ..*range }, DayRange { lo: cut, ..*range });
                Some(vec![Value::Date(before), Value::Date(from)])
            }
            other => other.cases(),
        }
    }
}

/// The first of so many places for which something holds, where it holds for all behind it.
fn first(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}

/// The declaration of what a slot holds.
pub fn declared(names: &Names, slot: Slot) -> Option<&Input> {
    match slot {
        Slot::Input(place) => names.inputs.get(place),
        Slot::Field(_, _, list, field) => names.lists.get(list)?.fields.get(field),
    }
}

/// Everything that an input can be: what a policy says of its parameters holds, everything else is open.
fn anything(input: &Input) -> Value {
    match (&input.ty, &input.origin) {
        (Type::List(_), _) => Value::List(Arc::new(List { records: Vec::new(), open: true })),
        (_, Origin::Parameter(_)) => input.absent.clone(),
        _ => input.domain.clone(),
    }
}

/// An expression, and what stands around it.
pub struct Question<'p> {
    policy: &'p Policy,
    clause: Option<&'p Clause>,
    each: Option<&'p Each>,
    cuts: Cuts,
    /// The evaluation date, for clauses that name no other event.
    as_of: Node,
    world: World<'p>,
}

impl<'p> Question<'p> {
    /// About expressions of a clause.
    pub fn of_clause(policy: &'p Policy, clause: &'p Clause) -> Question<'p> {
        Question::new(policy, Some(clause), clause.each.as_ref(), clause.expressions(), &clause.span)
    }

    /// About an expression outside any clause, perhaps of a record.
    pub fn outside(policy: &'p Policy, node: &'p Node, each: Option<&'p Each>) -> Question<'p> {
        Question::new(policy, None, each, vec![node], &node.span)
    }

    fn new(
        policy: &'p Policy,
        clause: Option<&'p Clause>,
        each: Option<&'p Each>,
        nodes: Vec<&'p Node>,
        span: &Span,
    ) -> Question<'p> {
        let mut world = World::new(policy, policy.names.inputs.iter().map(anything).collect(), Day::LAST);
        if let Some(each) = each {
            one_record(&mut world, each.input, each.list, true);
        }
        let as_of = Node {
            op: Op::AsOf,
            ty: Type::Date,
            span: span.clone(),
            measured: Measured::Several,
            print: Print::default(),
        };
        Question { policy, clause, each, cuts: Cuts::of(policy, nodes), as_of, world }
    }

    /// Lets a list be one record of which nothing is known.
    pub fn with_one_record(mut self, input: usize, list: usize) -> Question<'p> {
        one_record(&mut self.world, input, list, false);
        self
    }

    fn eval(&self, node: &Node, world: &World<'_>) -> (Value, Vec<Cause>) {
        let mut context = Context::new(&self.policy.names, &world.inputs, world.as_of);
        context.turn_to(DayRange { lo: Day::FIRST, hi: Day::LAST });
        let each = self.each.and_then(|each| {
            let Some(Value::List(list)) = world.inputs.get(each.input) else { return None };
            let record = list.records.first()?;
            Some(RecordAt { input: each.input, list: each.list, index: 0, record })
        });
        context.enter(match self.clause {
            None => Local { each, ..Local::NONE },
            Some(clause) => Local {
                lets: &clause.let_nodes,
                named: &clause.let_named,
                each,
                window: clause.window,
                event: Some(clause.event.as_ref().unwrap_or(&self.as_of)),
                accrued: Interval::at_least(Number::ZERO),
            },
        });
        let value = node.eval(&mut context);
        (value, std::mem::take(&mut context.causes))
    }

    /// The worlds to look at next: the first reason for being open that has pieces, piece by piece.
    fn cut<'w>(&self, world: &World<'w>, causes: &[Cause], finest: Number) -> Option<Vec<World<'w>>> {
        causes.iter().filter_map(Slot::of).find_map(|slot| {
            let input = declared(&self.policy.names, slot)?;
            let pieces = self.cuts.pieces(world.value(slot)?, input, finest)?;
            Some(pieces.into_iter().map(|piece| world.with(slot, piece)).collect())
        })
    }

    /// Whether a condition can hold, and whether it can fail.
    pub fn truth(&self, node: &Node) -> Truth {
        let truth = self.cases(node, &self.world, &mut CASES.clone(), FINEST);
        if !truth.is_point() {
            return truth;
        }
        // What lies between a figure and the next value that is looked at may be otherwise: looked at much nearer, it must
        // come to the same.
        truth.hull(self.cases(node, &self.world, &mut CASES.clone(), NEARER))
    }

    fn cases(&self, node: &Node, world: &World<'_>, budget: &mut usize, finest: Number) -> Truth {
        let (value, causes) = self.eval(node, world);
        let Value::Truth(truth) = value else { return Truth::OPEN };
        *budget = budget.saturating_sub(1);
        if truth.is_point() || *budget == 0 {
            return truth;
        }
        let Some(worlds) = self.cut(world, &causes, finest) else { return truth };
        let mut all: Option<Truth> = None;
        for world in worlds {
            let one = self.cases(node, &world, budget, finest);
            let hull = all.map_or(one, |so_far| so_far.hull(one));
            if !hull.is_point() {
                return hull;
            }
            all = Some(hull);
        }
        all.unwrap_or(truth)
    }

    /// What a quantity or date can be where the condition can hold, case by case.
    pub fn values_where(&self, node: &Node, condition: Option<&Node>) -> Vec<Value> {
        let mut found = Vec::new();
        self.gather(node, condition, &self.world, &mut CASES.clone(), &mut found);
        found
    }

    fn gather(
        &self,
        node: &Node,
        condition: Option<&Node>,
        world: &World<'_>,
        budget: &mut usize,
        found: &mut Vec<Value>,
    ) {
        *budget = budget.saturating_sub(1);
        let (holds, mut causes) = match condition {
            None => (Truth::TRUE, Vec::new()),
            Some(condition) => match self.eval(condition, world) {
                (Value::Truth(truth), causes) => (truth, causes),
                (_, causes) => (Truth::OPEN, causes),
            },
        };
        if holds.is_false() {
            return;
        }
        let (value, more) = self.eval(node, world);
        causes.extend(more);
        let worlds = if *budget == 0 { None } else { self.cut(world, &causes, FINEST) };
        match worlds {
            None => found.push(value),
            Some(worlds) => worlds.iter().for_each(|world| self.gather(node, condition, world, budget, found)),
        }
    }
}

/// Puts one record into a list, of which nothing is known; there may be more of them where `open`.
fn one_record(world: &mut World<'_>, input: usize, list: usize, open: bool) {
    let record = world.policy.names.lists.get(list).map(|list| list.any.clone()).unwrap_or_default();
    if let Some(slot) = world.inputs.get_mut(input) {
        *slot = Value::List(Arc::new(List { records: vec![record], open }));
    }
}

/// All of these conditions in one; none where there is none. Halves of halves, so that many conditions nest no deeper than a few.
pub fn all_of<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> Option<Node> {
    let mut all: Vec<Node> = nodes.into_iter().cloned().collect();
    while all.len() > 1 {
        let mut halved = Vec::with_capacity(all.len().div_ceil(2));
        let mut left = all.into_iter();
        while let Some(first) = left.next() {
            halved.push(match left.next() {
                Some(second) => {
                    let span = second.span.clone();
                    Node {
                        op: Op::And(Box::new(first), Box::new(second)),
                        ty: Type::Bool,
                        span,
                        measured: Measured::Several,
                        print: Print::default(),
                    }
                }
                None => first,
            });
        }
        all = halved;
    }
    all.pop()
}
