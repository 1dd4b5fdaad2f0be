//! Amounts as sums of what is open, so that two of them are held against each other thing by thing: 3000元/月 and 2500元/月 of the
//! same months differ by 500元 of each, and not by all of the one less nothing of the other.

use std::collections::BTreeMap;

use crate::assess::draft::Draft;
use crate::assess::slot::Slot;
use crate::assess::step::accrual;
use crate::assess::world::World;
use crate::clause::Clause;
use crate::expr::context::{Cause, Context};
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::expr::suppose::{Met, Suppose};
use crate::expr::syntax::Binary;
use crate::value::number::Rounding;
use crate::value::{Interval, Number, Value};

/// Something that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A fact or field, by its slot in the policy.
    Slot(Slot),
    /// What has accrued.
    Accrued,
}

/// So many of each thing, whose values are known so far, and a number.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    terms: BTreeMap<Thing, (Number, Interval)>,
    rest: Number,
}

impl Linear {
    fn number(rest: Number) -> Linear {
        Linear { terms: BTreeMap::new(), rest }
    }

    fn thing(thing: Thing, value: Interval) -> Linear {
        Linear { terms: BTreeMap::from([(thing, (Number::ONE, value))]), rest: Number::ZERO }
    }

    fn times(mut self, by: Number) -> Option<Linear> {
        self.rest = self.rest.multiply(by)?;
        for (times, _) in self.terms.values_mut() {
            *times = times.multiply(by)?;
        }
        Some(self)
    }

    fn plus(mut self, other: Linear) -> Option<Linear> {
        self.rest = self.rest.plus(other.rest)?;
        for (thing, (times, value)) in other.terms {
            let own = self.terms.entry(thing).or_insert((Number::ZERO, value));
            *own = (own.0.plus(times)?, own.1.meet(value)?);
        }
        Some(self)
    }

    fn range(&self) -> Option<Interval> {
        self.terms
            .values()
            .filter(|(times, _)| *times != Number::ZERO)
            .try_fold(Interval::point(self.rest), |sum, (times, value)| {
                sum.plus(value.multiply(Interval::point(*times))?)
            })
    }

    /// Whether it grows with time.
    pub fn accrues(&self) -> bool {
        self.terms.contains_key(&Thing::Accrued)
    }

    /// The same by the names of the other policy; `None` where something is not the same there.
    pub fn by(self, name: impl Fn(Thing) -> Option<Thing>) -> Option<Linear> {
        let terms = self.terms.into_iter().map(|(thing, of)| Some((name(thing)?, of)));
        Some(Linear { terms: terms.collect::<Option<_>>()?, rest: self.rest })
    }

    /// What a clause's amount comes to where it is met, before rounding; `None` where it is no such sum.
    pub fn of(world: &World<'_>, draft: &Draft, suppose: &Suppose<'_>) -> Option<Linear> {
        let clause = world.policy.clauses.get(draft.clause)?;
        let local = world.local(clause, draft.record);
        if !clause.installments.is_empty() || local.each.is_some_and(|each| !each.record.is_one()) {
            return None;
        }
        let mut context = world.context();
        context.suppose = Some(suppose);
        context.enter(local);
        if let Some(rule) = &clause.accrual {
            context.local.accrued = accrual::so_far(world.policy, rule, &mut context);
        }
        let mut amount = sum(clause.amount.as_ref()?, &mut context)?;
        for (bound, is_cap) in [(&clause.at_least, false), (&clause.at_most, true)] {
            let Some(bound) = bound else { continue };
            let limit = sum(bound, &mut context)?;
            amount = picked(amount, limit, is_cap, suppose)?;
        }
        let range = amount.range()?;
        (clause.floored(range) == range).then_some(amount)
    }

    /// The second less the first, as both are rounded.
    pub fn difference(self, new: Linear, clauses: [&Clause; 2]) -> Option<Interval> {
        let apart = new.plus(self.times(Number::whole(-1))?)?.range()?;
        let [before, after] = clauses.map(|clause| clause.rounding);
        match (before, after) {
            (None, None) => Some(apart),
            // Each is rounded by less than a coin, and the difference of both is so many coins.
            (Some(before), Some(after)) if before.to == after.to => {
                let (down, up) = (apart.round(after.to, Rounding::Down)?, apart.round(after.to, Rounding::Up)?);
                Some(Interval { lo: down.lo, hi: up.hi })
            }
            _ => None,
        }
    }
}

/// The smaller or larger, where it is known which of two that is.
fn picked(one: Linear, other: Linear, smaller: bool, suppose: &Suppose<'_>) -> Option<Linear> {
    let apart = other.clone().plus(one.clone().times(Number::whole(-1))?)?;
    let (apart_terms, rest, apart) = (&apart.terms, apart.rest, apart.range()?);
    let zero = Interval::ZERO;
    match (apart.lo >= zero.lo, apart.hi <= zero.hi) {
        (true, _) => Some(if smaller { one } else { other }),
        (_, true) => Some(if smaller { other } else { one }),
        _ => {
            // On either side of where both are equal it is known.
            let mut terms = apart_terms.iter().filter(|(_, (times, _))| *times != Number::ZERO);
            if let (Some((Thing::Slot(slot), (times, _))), None) = (terms.next(), terms.next()) {
                let equal = rest.negate().divide(*times)?;
                suppose.note(|| Met::Against(slot.cause(), Value::Quantity(Interval::point(equal))));
            }
            None
        }
    }
}

fn sum<'n>(node: &'n Node, context: &mut Context<'n>) -> Option<Linear> {
    let value = node.quantity(context);
    if let Some(number) = value.as_point() {
        return Some(Linear::number(number));
    }
    match &node.op {
        Op::Input(place) => Some(Linear::thing(Thing::Slot(Slot::of(&Cause::Input(*place))?), value)),
        Op::EachField(field) => {
            let at = context.local.each?;
            Some(Linear::thing(Thing::Slot(Slot::Field(at.input, at.index, at.list, *field)), value))
        }
        Op::Accrued => Some(Linear::thing(Thing::Accrued, value)),
        Op::Let(place) => sum(context.local.lets.get(*place)?, context),
        Op::Define(place) => sum(&context.names.defines.get(*place)?.node, context),
        Op::Negate(inner) => sum(inner, context)?.times(Number::whole(-1)),
        Op::Arithmetic(Binary::Add, left, right) => sum(left, context)?.plus(sum(right, context)?),
        Op::Arithmetic(Binary::Subtract, left, right) => {
            sum(left, context)?.plus(sum(right, context)?.times(Number::whole(-1))?)
        }
        Op::Arithmetic(Binary::Multiply, left, right) => {
            match (left.quantity(context).as_point(), right.quantity(context).as_point()) {
                (Some(by), _) => sum(right, context)?.times(by),
                (_, Some(by)) => sum(left, context)?.times(by),
                _ => None,
            }
        }
        Op::Arithmetic(Binary::Divide, left, right) => {
            let by = Number::ONE.divide(right.quantity(context).as_point()?)?;
            sum(left, context)?.times(by)
        }
        Op::If(condition, yes, no) => match condition.eval(context) {
            Value::Truth(truth) if truth.is_point() => sum(if truth.is_true() { yes } else { no }, context),
            _ => None,
        },
        Op::Call(builtin @ (Builtin::Min | Builtin::Max), arguments) => {
            let mut all = arguments.iter().map(|argument| sum(argument, context)).collect::<Option<Vec<_>>>()?;
            let first = all.pop()?;
            all.into_iter()
                .try_fold(first, |so_far, other| picked(so_far, other, *builtin == Builtin::Min, context.suppose?))
        }
        _ => None,
    }
}
