//! Evaluation over sets of possible values.
//!
//! **Total**: every node has a value for every input; what has none in the law is open, with its problem noted.
//! **Sound**: the set holds the plain result of every completion of the inputs. **Point**: complete inputs give one value.

use crate::expr::context::{Cause, Context, Problem, RecordAt};
use crate::expr::program::{Node, Op, Scale};
use crate::expr::steps;
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::source::alike;
use crate::value::{Bound, Day, DayRange, Interval, Number, Truth, Value, Words};

/// Every value of a type.
pub fn anything(ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Truth(Truth::OPEN),
        Type::Enum(_) => Value::Words(Words::all(crate::value::words::MOST_WORDS)),
        Type::Date => Value::Date(DayRange::ANY),
        Type::Quantity(_) => Value::Quantity(Interval::ANY),
        Type::Text | Type::List(_) => Value::Text(None),
    }
}

/// Compares two values of one type.
pub fn compare(operator: Binary, left: &Value, right: &Value) -> Truth {
    let equal = || match (left, right) {
        (Value::Quantity(a), Value::Quantity(b)) => a.equals(*b),
        (Value::Date(a), Value::Date(b)) => a.equals(*b),
        (Value::Words(a), Value::Words(b)) => Truth { may_hold: a.meets(*b), may_fail: !(a.is_point() && a == b) },
        (Value::Truth(a), Value::Truth(b)) if a.is_point() && b.is_point() => Truth::of(a == b),
        (Value::Text(Some(a)), Value::Text(Some(b))) => Truth::of(a == b || alike(a) == alike(b)),
        _ => Truth::OPEN,
    };
    let below = |left: &Value, right: &Value| match (left, right) {
        (Value::Quantity(a), Value::Quantity(b)) => a.below(*b),
        (Value::Date(a), Value::Date(b)) => a.before(*b),
        (Value::Words(a), Value::Words(b)) => {
            Truth { may_hold: a.lowest() < b.highest(), may_fail: a.highest() >= b.lowest() }
        }
        _ => Truth::OPEN,
    };
    match operator {
        Binary::Equal => equal(),
        Binary::NotEqual => equal().negate(),
        Binary::Less => below(left, right),
        Binary::AtLeast => below(left, right).negate(),
        Binary::Greater => below(right, left),
        Binary::AtMost => below(right, left).negate(),
        _ => Truth::OPEN,
    }
}

/// Adds, subtracts, multiplies or divides; the problem where there is no number.
pub fn arithmetic(operator: Binary, left: Interval, right: Interval) -> Result<Interval, Problem> {
    match operator {
        Binary::Add => left.plus(right),
        Binary::Subtract => left.minus(right),
        Binary::Divide if right.contains(Number::ZERO) => return Err(Problem::DivisionByZero),
        Binary::Divide => left.divide(right),
        _ => left.multiply(right),
    }
    .ok_or(Problem::OutOfRange)
}

/// A date moved by a whole number of months or days at either end.
fn shift(date: DayRange, by: Interval, months: bool) -> Option<DayRange> {
    // Never stays never, however far it is moved.
    if date.as_point() == Some(Day::NEVER) {
        return Some(date);
    }
    let far = |bound: Bound, whole: fn(Number) -> Option<i64>| match bound {
        Bound::Below => Some(i64::from(i32::MIN)),
        Bound::At(number) => whole(number),
        Bound::Above => Some(i64::from(i32::MAX)),
    };
    let step = |day: Day, by: i64| if months { day.plus_months(by) } else { day.plus_days(by) };
    let (lo, hi) = (far(by.lo, Number::to_i64)?, far(by.hi, Number::to_i64)?);
    Some(DayRange { lo: step(date.lo, lo), hi: step(date.hi, hi) })
}

/// The days from the second date to the first.
fn days_between(left: DayRange, right: DayRange) -> Interval {
    let difference = |a: Day, b: Day| {
        let numbers = a.number().zip(b.number());
        numbers.map(|(a, b)| Bound::At(Number::whole(a - b)))
    };
    Interval {
        lo: difference(left.lo.min(Day::LAST), right.hi).unwrap_or(Bound::Below),
        hi: difference(left.hi, right.lo.min(Day::LAST)).unwrap_or(Bound::Above),
    }
}

impl Node {
    /// The values it can have.
    pub fn eval(&self, context: &mut Context<'_>) -> Value {
        steps::take(1);
        let mark = context.causes.len();
        let value = self.work(context);
        let value = self.drawn(value, context);
        let value = match context.suppose {
            Some(suppose) if !value.is_point() => suppose.of(self, value, context),
            _ => value,
        };
        if value.is_point() {
            context.causes.truncate(mark);
        }
        context.tell(self, &value);
        value
    }

    /// A value that is open, with what is known beyond it where one thing stands on both sides.
    pub(super) fn drawn(&self, value: Value, context: &mut Context<'_>) -> Value {
        if value.is_point() || context.plain {
            return value;
        }
        match (value, &self.op) {
            (Value::Truth(truth), Op::Compare(operator, left, right)) => {
                let more = Node::compared(*operator, left, right, context);
                Value::Truth(if more.is_point() { more } else { truth })
            }
            (Value::Truth(truth), Op::In(value, options)) => {
                let same = |option: &Node| Node::compared(Binary::Equal, value, option, context).is_true();
                Value::Truth(if options.iter().any(same) { Truth::TRUE } else { truth })
            }
            (Value::Truth(_), Op::And(left, right)) if left.opposite(right, context) => Value::Truth(Truth::FALSE),
            (Value::Truth(_), Op::Or(left, right)) if left.opposite(right, context) => Value::Truth(Truth::TRUE),
            (Value::Quantity(interval), _) => {
                let more = self.combined(interval, context).or_else(|| self.months_of(context));
                Value::Quantity(more.and_then(|more| interval.meet(more)).unwrap_or(interval))
            }
            (value, _) => value,
        }
    }

    /// As a truth; open where it is none, which a checked program rules out.
    pub fn truth(&self, context: &mut Context<'_>) -> Truth {
        match self.eval(context) {
            Value::Truth(truth) => truth,
            _ => Truth::OPEN,
        }
    }

    /// As a quantity.
    pub fn quantity(&self, context: &mut Context<'_>) -> Interval {
        match self.eval(context) {
            Value::Quantity(interval) => interval,
            _ => Interval::ANY,
        }
    }

    /// As a date.
    pub fn date(&self, context: &mut Context<'_>) -> DayRange {
        match self.eval(context) {
            Value::Date(range) => range,
            _ => DayRange::ANY,
        }
    }

    fn work(&self, context: &mut Context<'_>) -> Value {
        match &self.op {
            Op::Constant(value, _) => value.clone(),
            Op::Input(place) => {
                context.read(*place);
                let value = context.inputs.get(*place).cloned().unwrap_or_else(|| anything(&self.ty));
                if !value.is_point() {
                    context.causes.push(Cause::Input(*place));
                }
                value
            }
            Op::Let(place) => context.let_value(*place).unwrap_or_else(|| anything(&self.ty)),
            Op::Define(place) => context.define_value(*place).unwrap_or_else(|| anything(&self.ty)),
            Op::EachField(field) => self.field(context.local.each, *field, context),
            Op::Field(depth, field) => {
                let at = context.records.get(context.base + depth).copied();
                self.field(at, *field, context)
            }
            Op::AsOf => Value::Date(context.today()),
            Op::WindowFrom => Value::Date(DayRange::point(context.local.window.lo)),
            Op::WindowTo => Value::Date(DayRange::point(context.local.window.hi)),
            Op::Event => Value::Date(context.event()),
            Op::Accrued => Value::Quantity(context.local.accrued),
            Op::CameTo(named) => context.came_to(*named),
            Op::Not(inner) => Value::Truth(inner.truth(context).negate()),
            Op::Negate(inner) => Value::Quantity(inner.quantity(context).negate()),
            Op::And(left, right) => {
                let left = left.truth(context);
                Value::Truth(if left.is_false() { left } else { left.and(right.truth(context)) })
            }
            Op::Or(left, right) => {
                let left = left.truth(context);
                Value::Truth(if left.is_true() { left } else { left.or(right.truth(context)) })
            }
            Op::Compare(operator, left, right) => {
                let (left, right) = (left.eval(context), right.eval(context));
                Value::Truth(compare(*operator, &left, &right))
            }
            Op::In(value, options) => Value::Truth(is_in(value, options, context)),
            Op::Among(value, texts) => Value::Truth(match value.eval(context) {
                Value::Text(text) => texts.has(text.as_deref()),
                _ => Truth::OPEN,
            }),
            Op::Arithmetic(operator, left, right) => {
                let (left, right) = (left.quantity(context), right.quantity(context));
                Value::Quantity(arithmetic(*operator, left, right).unwrap_or_else(|problem| {
                    context.problem(problem, &self.span);
                    Interval::ANY
                }))
            }
            Op::Shift { date, by, months, back } => {
                let (date, by) = (date.date(context), by.quantity(context));
                let by = if *back { by.negate() } else { by };
                Value::Date(shift(date, by, *months).unwrap_or_else(|| {
                    context.problem(Problem::Fraction, &self.span);
                    DayRange::ANY
                }))
            }
            Op::DaysBetween(left, right) => {
                let (left, right) = (left.date(context), right.date(context));
                Value::Quantity(days_between(left, right))
            }
            Op::If(condition, yes, no) => {
                let condition = condition.truth(context);
                if condition.is_true() {
                    return yes.eval(context);
                }
                if condition.is_false() {
                    return no.eval(context);
                }
                context.in_doubt(true, |context| yes.eval(context).hull(&no.eval(context)))
            }
            Op::Lookup(table, cells, index) => {
                let words = match index.eval(context) {
                    Value::Words(words) => words,
                    _ => Words::all(cells.len()),
                };
                let mut found: Option<Value> = None;
                for word in words.iter().take_while(|word| *word < cells.len()) {
                    let cell = cells.get(word).copied().flatten().and_then(|place| table.cells.get(place));
                    let Some((_, cell)) = cell else {
                        context.problem(Problem::NoCell, &index.span);
                        return anything(&self.ty);
                    };
                    let value = context.in_doubt(!words.is_point(), |context| alone(cell, context));
                    found = Some(found.map_or_else(|| value.clone(), |so_far| so_far.hull(&value)));
                }
                found.unwrap_or_else(|| anything(&self.ty))
            }
            Op::Scale(scale, argument) => {
                let argument = argument.quantity(context);
                Value::Quantity(scale.at(argument, context).unwrap_or_else(|| {
                    context.problem(Problem::OutOfRange, &self.span);
                    Interval::ANY
                }))
            }
            Op::Call(builtin, arguments) => {
                let apply = builtin.function().apply;
                // One or two need no memory of their own.
                let found = match arguments.as_slice() {
                    [one] => apply(&[one.eval(context)]),
                    [one, other] => apply(&[one.eval(context), other.eval(context)]),
                    many => apply(&many.iter().map(|argument| argument.eval(context)).collect::<Vec<Value>>()),
                };
                found.unwrap_or_else(|| {
                    context.problem(Problem::NoValue, &self.span);
                    anything(&self.ty)
                })
            }
            Op::Aggregate(aggregate) if aggregate.kind.of_spans() => aggregate.of_spans(self, context),
            Op::Aggregate(aggregate) => aggregate.over(self, context),
            Op::Nothing(problem) => {
                context.problem(*problem, &self.span);
                anything(&self.ty)
            }
            Op::Known(inner) => {
                let value = inner.eval(context);
                Value::Truth(match value {
                    Value::Date(range) if range.as_point() == Some(Day::NEVER) => Truth::FALSE,
                    value if value.is_point() => Truth::TRUE,
                    _ => Truth::OPEN,
                })
            }
        }
    }

    fn field(&self, at: Option<RecordAt<'_>>, field: usize, context: &mut Context<'_>) -> Value {
        let Some(at) = at else { return anything(&self.ty) };
        let value = at.record.fields.get(field).cloned().unwrap_or_else(|| anything(&self.ty));
        if !value.is_point() {
            context.causes.push(Cause::Field { input: at.input, record: at.index, list: at.list, field });
        }
        value
    }
}

/// A cell of a table or scale: an expression of its own, out of sight of the records around it.
fn alone(cell: &Node, context: &mut Context<'_>) -> Value {
    let outer = std::mem::replace(&mut context.base, context.records.len());
    let value = cell.eval(context);
    context.base = outer;
    value
}

fn is_in(value: &Node, options: &[Node], context: &mut Context<'_>) -> Truth {
    let value = value.eval(context);
    if let (None, Value::Words(words), Some(all)) = (context.watch, &value, words(options)) {
        return Truth { may_hold: words.meets(all), may_fail: !words.within(all) };
    }
    let options: Vec<Value> = options.iter().map(|option| option.eval(context)).collect();
    if let Value::Words(words) = &value {
        let points = options.iter().map(|option| match option {
            Value::Words(option) if option.is_point() => Some(*option),
            _ => None,
        });
        if let Some(Some(all)) = points.collect::<Option<Vec<Words>>>().map(|all| all.into_iter().reduce(Words::hull)) {
            return Truth { may_hold: words.meets(all), may_fail: !words.within(all) };
        }
    }
    options.iter().fold(Truth::FALSE, |so_far, option| so_far.or(compare(Binary::Equal, &value, option)))
}

/// Words that are written out.
fn words(options: &[Node]) -> Option<Words> {
    let word = |option: &Node| match &option.op {
        Op::Constant(Value::Words(word), _) if word.is_point() => Some(*word),
        _ => None,
    };
    let mut all = word(options.first()?)?;
    for option in options {
        all = all.hull(word(option)?);
    }
    Some(all)
}

impl Scale {
    /// The steps that an argument may reach: the place of each threshold, `None` for below the first.
    pub fn reached(&self, argument: Interval) -> (Option<usize>, Option<usize>) {
        let place = |bound: Bound| self.steps.iter().rposition(|(threshold, _)| threshold.is_reached(bound));
        (place(argument.lo), place(argument.hi))
    }

    fn at(&self, argument: Interval, context: &mut Context<'_>) -> Option<Interval> {
        if self.marginal {
            return self.slices(argument, context);
        }
        let (first, last) = self.reached(argument);
        let mut found = first.is_none().then_some(Interval::ZERO);
        let range = first.unwrap_or(0)..last.map_or(0, |last| last + 1);
        for (_, step) in self.steps.get(range).unwrap_or_default() {
            let value = match context.in_doubt(first != last, |context| alone(step, context)) {
                Value::Quantity(value) => value,
                _ => Interval::ANY,
            };
            found = Some(found.map_or(value, |so_far| so_far.hull(value)));
        }
        found
    }

    /// Each slice of the argument with its own rate.
    fn slices(&self, argument: Interval, context: &mut Context<'_>) -> Option<Interval> {
        let mut sum = Interval::ZERO;
        let ends = self.steps.iter().skip(1).map(|(threshold, _)| Some(threshold.at)).chain([None]);
        for ((threshold, rate), end) in self.steps.iter().zip(ends) {
            let start = Interval::point(threshold.at);
            let top = end.map_or(argument, |end| argument.min(Interval::point(end)));
            let slice = top.max(start).minus(start)?;
            let rate = match alone(rate, context) {
                Value::Quantity(rate) => rate,
                _ => Interval::ANY,
            };
            sum = sum.plus(slice.multiply(rate)?)?;
        }
        Some(sum)
    }
}
