//! What two sides have in common: one open value compared or combined with itself is one value, not two.
//!
//! Intervals forget where they come from: `x − x` over 0 to 10 would be −10 to 10. Here both sides are written as sums of the
//! same unknown things, through `let`s, definitions, shifts of dates, `min` and `max`; what stands on both sides falls away, and
//! only the rest is open. Every answer here is a further bound beside the plain one, so that leaving something out is safe.
//!
//! A day so near the end of the calendar that a shift would leave it is not reckoned with where nothing is known of it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::expr::context::Context;
use crate::expr::eval::compare;
use crate::expr::function::Builtin;
use crate::expr::program::{Best, Node, Op};
use crate::expr::steps;
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::value::{Bound, Day, DayRange, Interval, Number, Truth, Value};

/// So many parts are looked at for one answer.
const MOST_STEPS: u32 = 600;

/// A part of an expression, and where the records begin that it can see.
#[derive(Clone, Copy)]
struct At<'n> {
    node: &'n Node,
    base: usize,
}

/// A thing, how many times it stands in a sum, and what it has in common with all that are the same.
struct Term<'n> {
    at: At<'n>,
    times: Number,
    print: Option<u64>,
}

/// A sum of unknown things, each so many times.
#[derive(Default)]
struct Sum<'n> {
    terms: Vec<Term<'n>>,
    rest: Option<Interval>,
    /// Whether a thing stood in it more than once.
    shared: bool,
    /// Whether a date moved by months is taken apart into the date and so many days, more or less.
    deep: bool,
}

struct Common<'c, 'n> {
    context: &'c Context<'n>,
    steps: u32,
}

impl<'n> Sum<'n> {
    fn add(&mut self, more: Option<Interval>) -> Option<()> {
        self.rest = Some(self.rest.unwrap_or(Interval::ZERO).plus(more?)?);
        Some(())
    }
}

/// How many days so many months are, from whatever day.
fn days_of(months: i64) -> Interval {
    let (lo, hi) = match months.unsigned_abs() {
        0 => (0, 0),
        1 => (28, 31),
        2 => (59, 62),
        // A month of the calendar has 146,097 ÷ 4800 days on average; spells without a leap year are up to 3 days off that.
        many => {
            let average = i64::try_from(many).unwrap_or(i64::MAX).saturating_mul(146_097) / 4_800;
            (average - 4, average.saturating_add(5))
        }
    };
    let days = Interval::between(Number::whole(lo), Number::whole(hi));
    if months < 0 { days.negate() } else { days }
}

fn point(value: &Value) -> Option<Number> {
    match value {
        Value::Quantity(interval) => interval.as_point(),
        _ => None,
    }
}

/// A day as a number; `None` where it may be never.
fn number_of(range: DayRange) -> Option<Interval> {
    Some(Interval::between(Number::whole(range.lo.number()?), Number::whole(range.hi.number()?)))
}

impl<'n> Common<'_, 'n> {
    fn step(&mut self) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        steps::take(1);
        Some(())
    }

    /// What a name stands for.
    fn resolve(&mut self, mut at: At<'n>) -> Option<At<'n>> {
        loop {
            self.step()?;
            let (local, names) = (self.context.local, self.context.names);
            let node = match &at.node.op {
                Op::Let(place) => local.lets.get(*place),
                Op::Define(place) => names.defines.get(*place).map(|define| &define.node),
                Op::Event => local.event,
                _ => None,
            };
            let Some(node) = node else { return Some(at) };
            // An expression of its own, out of sight of the records around it.
            at = At { node, base: self.context.records.len() };
        }
    }

    /// The value of a fact or field, without any work.
    fn slot(&self, at: At<'n>) -> Option<&'n Value> {
        let (record, field) = match &at.node.op {
            Op::Input(place) => return self.context.inputs.get(*place),
            Op::EachField(field) => (self.context.local.each, field),
            Op::Field(depth, field) => (self.context.records.get(at.base + depth).copied(), field),
            _ => return None,
        };
        record?.record.fields.get(*field)
    }

    /// Whether two parts are the same field of one and the same record.
    fn same_field(&self, a: At<'n>, b: At<'n>) -> bool {
        let place = |at: At<'n>| match &at.node.op {
            Op::Field(depth, field) => Some((Some(at.base + depth), *field)),
            Op::EachField(field) => Some((None, *field)),
            _ => None,
        };
        let (Some((a, a_field)), Some((b, b_field))) = (place(a), place(b)) else { return false };
        if a_field != b_field {
            return false;
        }
        if a == b {
            return true;
        }
        let record = |at: Option<usize>| match at {
            Some(at) => self.context.records.get(at).copied(),
            None => self.context.local.each,
        };
        // What stands for several, or for any further one, is not the same as itself.
        record(a).zip(record(b)).is_some_and(|(a, b)| {
            let any = self.context.names.lists.get(a.list).map(|list| &list.any);
            (a.input, a.index) == (b.input, b.index)
                && std::ptr::eq(a.record, b.record)
                && a.record.is_one()
                && !any.is_some_and(|any| std::ptr::eq(any, a.record))
        })
    }

    /// What a part has in common with all that [`Common::same`] says are the same: their kinds, what they name, and so on below.
    fn print(&self, node: &'n Node) -> Option<u64> {
        let below = match &node.op {
            Op::Let(place) => Some(self.context.local.lets.get(*place)),
            Op::Define(place) => Some(self.context.names.defines.get(*place).map(|define| &define.node)),
            // Which node that is depends on the clause.
            Op::Event => Some(None),
            _ => None,
        };
        if let Some(below) = below {
            return self.print(below?);
        }
        node.print.get(|| {
            let mut print = DefaultHasher::new();
            match &node.op {
                Op::Field(_, field) | Op::EachField(field) => ("field", field).hash(&mut print),
                Op::Constant(value, _) => ("constant", format!("{value:?}")).hash(&mut print),
                Op::Input(place) => ("input", place).hash(&mut print),
                Op::CameTo(named) => ("clause", named.clause, named.what).hash(&mut print),
                Op::Lookup(table, ..) => ("table", Arc::as_ptr(table) as usize).hash(&mut print),
                Op::Scale(scale, _) => ("scale", Arc::as_ptr(scale) as usize).hash(&mut print),
                Op::Compare(operator, ..) => ("compare", format!("{operator:?}")).hash(&mut print),
                Op::Arithmetic(operator, ..) => ("arithmetic", format!("{operator:?}")).hash(&mut print),
                Op::Call(builtin, _) => ("call", format!("{builtin:?}")).hash(&mut print),
                op => std::mem::discriminant(op).hash(&mut print),
            }
            let children = match &node.op {
                // Of these only what they are looked up by.
                Op::Lookup(_, _, index) | Op::Scale(_, index) => vec![&**index],
                _ => node.children(),
            };
            for child in children {
                self.print(child)?.hash(&mut print);
            }
            Some(print.finish())
        })
    }

    /// Whether two parts have the same value whatever the facts are.
    fn same(&mut self, a: At<'n>, b: At<'n>) -> bool {
        let Some((a, b)) = self.resolve(a).zip(self.resolve(b)) else { return false };
        if std::ptr::eq(a.node, b.node) && a.base == b.base {
            return true;
        }
        if self.print(a.node).zip(self.print(b.node)).is_some_and(|(a, b)| a != b) {
            return false;
        }
        let mut all = |left: &[&'n Node], right: &[&'n Node]| {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| self.same(At { node: left, base: a.base }, At { node: right, base: b.base }))
        };
        match (&a.node.op, &b.node.op) {
            (Op::Constant(x, _), Op::Constant(y, _)) => x == y && x.is_point() && a.node.ty == b.node.ty,
            (Op::Input(x), Op::Input(y)) => x == y,
            (Op::CameTo(x), Op::CameTo(y)) => x == y && (x.record.is_none() || a.base == b.base),
            (Op::Field(..) | Op::EachField(_), Op::Field(..) | Op::EachField(_)) => self.same_field(a, b),
            (Op::AsOf, Op::AsOf)
            | (Op::WindowFrom, Op::WindowFrom)
            | (Op::WindowTo, Op::WindowTo)
            | (Op::Event, Op::Event)
            | (Op::Accrued, Op::Accrued) => true,
            (Op::Lookup(x, _, i), Op::Lookup(y, _, j)) => Arc::ptr_eq(x, y) && all(&[&**i], &[&**j]),
            (Op::Scale(x, i), Op::Scale(y, j)) => Arc::ptr_eq(x, y) && all(&[&**i], &[&**j]),
            (Op::Compare(x, ..), Op::Compare(y, ..)) | (Op::Arithmetic(x, ..), Op::Arithmetic(y, ..)) if x != y => {
                false
            }
            (Op::Call(x, _), Op::Call(y, _)) if x != y => false,
            (Op::Shift { months: x, back: p, .. }, Op::Shift { months: y, back: q, .. }) if (x, p) != (y, q) => false,
            (Op::Aggregate(x), Op::Aggregate(y)) if x.owner != y.owner || (x.owner.is_some() && a.base != b.base) => {
                false
            }
            (Op::Aggregate(x), Op::Aggregate(y))
                if (x.kind, x.input, x.filter.is_some(), x.body.is_some(), x.best.as_deref().map(Best::shape))
                    != (y.kind, y.input, y.filter.is_some(), y.body.is_some(), y.best.as_deref().map(Best::shape)) =>
            {
                false
            }
            (x, y) => {
                std::mem::discriminant(x) == std::mem::discriminant(y)
                    && a.node.ty == b.node.ty
                    && all(&a.node.children(), &b.node.children())
            }
        }
    }

    /// Adds a part, so many times, to a sum. A factor of 0 keeps what stood in it and fell away.
    fn sum(&mut self, at: At<'n>, times: Number, sum: &mut Sum<'n>) -> Option<()> {
        let at = self.resolve(at)?;
        let part = |node: &'n Node| At { node, base: at.base };
        if let Op::Constant(value, _) = &at.node.op
            && let Some(number) = point(value)
        {
            return sum.add(number.multiply(times).map(Interval::point));
        }
        if let Some(number) = self.slot(at).and_then(point) {
            return sum.add(number.multiply(times).map(Interval::point));
        }
        match &at.node.op {
            Op::Negate(inner) => return self.sum(part(inner), times.negate(), sum),
            Op::Arithmetic(operator @ (Binary::Add | Binary::Subtract), left, right) => {
                self.sum(part(left), times, sum)?;
                return self.sum(part(right), if *operator == Binary::Add { times } else { times.negate() }, sum);
            }
            Op::Arithmetic(operator @ (Binary::Multiply | Binary::Divide), left, right) => {
                let (a, b) = (self.figure(part(left)), self.figure(part(right)));
                match (operator, a, b) {
                    (Binary::Multiply, Some(a), _) => return self.sum(part(right), times.multiply(a)?, sum),
                    (Binary::Multiply, _, Some(b)) => return self.sum(part(left), times.multiply(b)?, sum),
                    (Binary::Divide, _, Some(b)) => return self.sum(part(left), times.divide(b)?, sum),
                    _ => {}
                }
            }
            Op::DaysBetween(left, right) => {
                self.sum(part(left), times, sum)?;
                return self.sum(part(right), times.negate(), sum);
            }
            Op::Shift { date, by, months: false, back } => {
                self.sum(part(date), times, sum)?;
                return self.sum(part(by), if *back { times.negate() } else { times }, sum);
            }
            Op::Shift { date, by, months: true, back } if sum.deep => {
                if let Some(by) = self.figure(part(by)).and_then(Number::to_i64) {
                    let moved = days_of(if *back { by.checked_neg()? } else { by });
                    sum.add(moved.multiply(Interval::point(times)))?;
                    return self.sum(part(date), times, sum);
                }
            }
            Op::Call(builtin @ (Builtin::MonthStart | Builtin::MonthEnd), arguments) if sum.deep => {
                let days = Interval::between(Number::ZERO, Number::whole(30));
                let days = if *builtin == Builtin::MonthStart { days.negate() } else { days };
                sum.add(days.multiply(Interval::point(times)))?;
                return self.sum(part(arguments.first()?), times, sum);
            }
            Op::Call(Builtin::PeriodEnd, arguments) if sum.deep => {
                let [date, by] = arguments.as_slice() else { return None };
                if let Some(by) = self.figure(part(by)).and_then(Number::to_i64) {
                    let days = days_of(by.max(0)).plus(Interval::between(Number::whole(-1), Number::ZERO))?;
                    sum.add(days.multiply(Interval::point(times)))?;
                    return self.sum(part(date), times, sum);
                }
            }
            Op::Call(builtin @ (Builtin::Min | Builtin::Max), arguments) => {
                if let Some(picked) = self.picked(*builtin == Builtin::Min, arguments, at.base) {
                    return self.sum(part(picked), times, sum);
                }
            }
            _ => {}
        }
        let print = self.print(at.node);
        for known in &mut sum.terms {
            let perhaps = known.print.zip(print).is_none_or(|(known, own)| known == own);
            if perhaps && self.same(known.at, at) {
                sum.shared = true;
                known.times = known.times.plus(times)?;
                return Some(());
            }
        }
        sum.terms.push(Term { at, times, print });
        Some(())
    }

    /// A figure, or a fact that is known.
    fn figure(&mut self, at: At<'n>) -> Option<Number> {
        let at = self.resolve(at)?;
        match &at.node.op {
            Op::Constant(value, _) => point(value),
            Op::Negate(inner) => self.figure(At { node: inner, base: at.base }).map(Number::negate),
            _ => self.slot(at).and_then(point),
        }
    }

    /// The argument that is the smallest, or largest, whatever the facts are.
    fn picked(&mut self, smallest: bool, arguments: &'n [Node], base: usize) -> Option<&'n Node> {
        arguments.iter().find(|one| {
            arguments.iter().all(|other| {
                let (low, high) = if smallest { (*one, other) } else { (other, *one) };
                std::ptr::eq(*one, other)
                    || self.difference(At { node: high, base }, At { node: low, base }).is_some_and(|sum| {
                        sum.terms.iter().all(|term| term.times == Number::ZERO)
                            && sum.rest.unwrap_or(Interval::ZERO).lo >= Bound::ZERO
                    })
            })
        })
    }

    /// The first side less the second.
    fn difference(&mut self, left: At<'n>, right: At<'n>) -> Option<Sum<'n>> {
        self.total([(left, Number::ONE), (right, Number::whole(-1))])
    }

    /// The sum of parts: first as they stand, so that what is the same falls away whole; then what is left is taken apart.
    fn total(&mut self, parts: impl IntoIterator<Item = (At<'n>, Number)>) -> Option<Sum<'n>> {
        let mut whole = Sum::default();
        for (at, times) in parts {
            self.sum(at, times, &mut whole)?;
        }
        let mut sum = Sum { rest: whole.rest, shared: whole.shared, deep: true, terms: Vec::new() };
        for Term { at, times, .. } in whole.terms {
            self.sum(at, times, &mut sum)?;
        }
        Some(sum)
    }

    /// The order of two sides, from what they are made of: `None` where that says nothing. With `strict` whether the left is
    /// below the right, otherwise whether it is not above it.
    fn ordered(&mut self, strict: bool, left: At<'n>, right: At<'n>) -> Option<Truth> {
        let (left, right) = (self.resolve(left)?, self.resolve(right)?);
        if self.same(left, right) {
            return Some(Truth::of(!strict));
        }
        let parts = |at: At<'n>| match &at.node.op {
            Op::Call(builtin @ (Builtin::Min | Builtin::Max), arguments) => Some((*builtin == Builtin::Min, arguments)),
            _ => None,
        };
        // min(a, b) ≤ c where one of them is, c ≤ min(a, b) where both are; and the other way round for max.
        if let Some((is_min, arguments)) = parts(left) {
            let base = left.base;
            return self.several(is_min, arguments, |common, node| common.ordered(strict, At { node, base }, right));
        }
        if let Some((is_min, arguments)) = parts(right) {
            let base = right.base;
            return self.several(!is_min, arguments, |common, node| common.ordered(strict, left, At { node, base }));
        }
        None
    }

    fn several(
        &mut self,
        one_is_enough: bool,
        parts: &'n [Node],
        mut of: impl FnMut(&mut Self, &'n Node) -> Option<Truth>,
    ) -> Option<Truth> {
        let decided = parts.iter().any(|part| {
            of(self, part).is_some_and(|truth| if one_is_enough { truth.is_true() } else { truth.is_false() })
        });
        decided.then(|| Truth::of(one_is_enough))
    }
}

impl Node {
    /// What a sum of parts comes to where something stands in it more than once, and whether a date in it may be never; `None`
    /// where nothing does, or never is a part of the rest.
    fn drawn_together(parts: &[(&Node, Number)], context: &mut Context<'_>) -> Option<(Interval, bool)> {
        let (mark, base) = (context.causes.len(), context.base);
        let mut common = Common { context, steps: MOST_STEPS };
        let sum = common.total(parts.iter().map(|(node, times)| (At { node, base }, *times)))?;
        if !sum.shared {
            return None;
        }
        let (mut total, mut never) = (sum.rest.unwrap_or(Interval::ZERO), false);
        let plain = std::mem::replace(&mut context.plain, true);
        for Term { at, times, .. } in &sum.terms {
            let gone = *times == Number::ZERO;
            if gone && at.node.ty != Type::Date {
                continue;
            }
            context.base = at.base;
            let each = match at.node.eval(context) {
                Value::Quantity(each) => Some(each),
                Value::Date(range) => number_of(range),
                _ => None,
            };
            never |= each.is_none();
            let part = each.filter(|_| !gone).and_then(|each| each.multiply(Interval::point(*times)));
            total = if gone { total } else { part.and_then(|part| total.plus(part)).unwrap_or(Interval::ANY) };
        }
        (context.base, context.plain) = (base, plain);
        context.causes.truncate(mark);
        Some((total, never))
    }

    /// What is known of a comparison beyond the values of its two sides.
    pub(super) fn compared(operator: Binary, left: &Node, right: &Node, context: &mut Context<'_>) -> Truth {
        if matches!(left.op, Op::Constant(..)) || matches!(right.op, Op::Constant(..)) {
            return Truth::OPEN;
        }
        let base = context.base;
        let at = |node| At { node, base };
        let (left_at, right_at) = (at(left), at(right));
        {
            let mut common = Common { context, steps: MOST_STEPS };
            let of = |truth: Option<Truth>| truth.unwrap_or(Truth::OPEN);
            let found = match operator {
                Binary::Equal | Binary::NotEqual => {
                    let same = common.same(left_at, right_at);
                    if same { Truth::of(operator == Binary::Equal) } else { Truth::OPEN }
                }
                Binary::Less => of(common.ordered(true, left_at, right_at)),
                Binary::AtMost => of(common.ordered(false, left_at, right_at)),
                Binary::Greater => of(common.ordered(true, right_at, left_at)),
                Binary::AtLeast => of(common.ordered(false, right_at, left_at)),
                _ => Truth::OPEN,
            };
            if found.is_point() {
                return found;
            }
        }
        let parts = [(left, Number::ONE), (right, Number::whole(-1))];
        let Some((difference, never)) = Node::drawn_together(&parts, context) else { return Truth::OPEN };
        let zero = Value::Quantity(Interval::ZERO);
        let truth = compare(operator, &Value::Quantity(difference), &zero);
        // Never and a while is never.
        if never { truth.hull(compare(operator, &zero, &zero)) } else { truth }
    }

    /// What is known of a sum, product, quotient or number of days beyond the values of its parts.
    pub(super) fn combined(&self, plain: Interval, context: &mut Context<'_>) -> Option<Interval> {
        match &self.op {
            Op::Arithmetic(Binary::Add, left, right) => {
                Some(Node::drawn_together(&[(left, Number::ONE), (right, Number::ONE)], context)?.0)
            }
            Op::Arithmetic(Binary::Subtract, left, right) => {
                Some(Node::drawn_together(&[(left, Number::ONE), (right, Number::whole(-1))], context)?.0)
            }
            Op::DaysBetween(left, right) => {
                let parts = [(&**left, Number::ONE), (&**right, Number::whole(-1))];
                Node::drawn_together(&parts, context).and_then(|(days, never)| (!never).then_some(days))
            }
            Op::Arithmetic(operator @ (Binary::Multiply | Binary::Divide), left, right) => {
                let base = context.base;
                let same =
                    Common { context, steps: MOST_STEPS }.same(At { node: left, base }, At { node: right, base });
                match (same, operator) {
                    // Of what may be 0 there is no quotient, and then the plain one has no end.
                    (true, Binary::Divide) => (plain != Interval::ANY).then(|| Interval::point(Number::ONE)),
                    (true, _) => Some(Interval { lo: Bound::ZERO, hi: Bound::Above }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What is known of a number of months from a day to the end of a period that begins on it.
    pub(super) fn months_of(&self, context: &Context<'_>) -> Option<Interval> {
        let Op::Call(Builtin::Months, arguments) = &self.op else { return None };
        let [from, to] = arguments.as_slice() else { return None };
        let base = context.base;
        let mut common = Common { context, steps: MOST_STEPS };
        let (from, to) = (common.resolve(At { node: from, base })?, common.resolve(At { node: to, base })?);
        if common.same(from, to) {
            return Some(Interval::ZERO);
        }
        let (date, by) = match &to.node.op {
            Op::Call(Builtin::PeriodEnd, arguments) => match arguments.as_slice() {
                [date, by] => (date, by),
                _ => return None,
            },
            Op::Shift { date, by, months: true, back: false } => (&**date, &**by),
            _ => return None,
        };
        let months = common.figure(At { node: by, base: to.base }).filter(|months| months.is_whole())?;
        if months.is_negative() || !common.same(from, At { node: date, base: to.base }) {
            return None;
        }
        // Of a period that never begins there is no month.
        let never = !matches!(common.slot(from), Some(Value::Date(range)) if range.hi != Day::NEVER);
        let months = Interval::point(months);
        Some(if never { months.hull(Interval::ZERO) } else { months })
    }

    /// Whether one of two truths holds exactly where the other fails.
    pub(super) fn opposite(&self, other: &Node, context: &Context<'_>) -> bool {
        let base = context.base;
        let mut common = Common { context, steps: MOST_STEPS };
        let at = |node| At { node, base };
        let (Some(a), Some(b)) = (common.resolve(at(self)), common.resolve(at(other))) else { return false };
        match (&a.node.op, &b.node.op) {
            (Op::Not(inner), _) => common.same(At { node: inner, base: a.base }, b),
            (_, Op::Not(inner)) => common.same(a, At { node: inner, base: b.base }),
            (Op::Compare(x, a_left, a_right), Op::Compare(y, b_left, b_right)) => {
                use Binary::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
                // Every order as whether one side is below the other, or is not.
                let below = |operator: Binary, left, right| match operator {
                    Less => (Less, true, left, right),
                    AtLeast => (Less, false, left, right),
                    Greater => (Less, true, right, left),
                    AtMost => (Less, false, right, left),
                    operator => (Equal, operator != NotEqual, left, right),
                };
                let ((x, holds, a_low, a_high), (y, also, b_low, b_high)) =
                    (below(*x, a_left, a_right), below(*y, b_left, b_right));
                let (a, b) = (|node| At { node, base: a.base }, |node| At { node, base: b.base });
                x == y && holds != also && common.same(a(a_low), b(b_low)) && common.same(a(a_high), b(b_high))
            }
            _ => false,
        }
    }
}
