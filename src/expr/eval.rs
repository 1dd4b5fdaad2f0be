//! Evaluation over sets of possible values.
//!
//! **Total**: every node has a value for every input; what has none in the law is open, with its problem noted.
//! **Sound**: the set holds the plain result of every completion of the inputs. **Point**: complete inputs give one value.

use std::collections::HashMap;

use crate::expr::context::{Cause, Context, Problem, RecordAt, tidy};
use crate::expr::program::{Aggregate, AggregateKind, Node, Op, Scale};
use crate::expr::steps;
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::source::alike;
use crate::value::{Bound, Day, DayRange, Interval, Number, Record, Truth, Value, Words};

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

/// So many causes may be there more than once before they are put in order.
const MOST_CAUSES: usize = 1024;

/// With fewer records than this, looking each of them up takes no less than looking at it.
const FEW_RECORDS: usize = 4;

/// What looking at a record came to, for all that are like it.
struct Looked {
    counts: Truth,
    body: Option<Value>,
    /// Of what is open the fields of the record itself.
    own: Vec<Cause>,
}

/// Adds up what the records give.
struct Tally {
    kind: AggregateKind,
    sum: Option<Interval>,
    truth: Truth,
    extreme: Option<Value>,
    /// The smallest or largest over the records that count for sure.
    sure: Option<Value>,
}

impl Aggregate {
    fn over(&self, node: &Node, context: &mut Context<'_>) -> Value {
        let names = context.names;
        context.read(self.input);
        let list = match context.inputs.get(self.input) {
            Some(Value::List(list)) => Some(list),
            _ => None,
        };
        let mut tally = Tally::new(self.kind);
        let (mark, mut most) = (context.causes.len(), MOST_CAUSES);
        // Records that nothing tells apart come to the same, unless one of them is looked at from somewhere else as well.
        let is_apart = |at: &RecordAt<'_>| at.input != self.input;
        let apart = context.local.each.iter().all(is_apart) && context.records.iter().all(is_apart);
        let few = list.is_none_or(|list| list.records.len() < FEW_RECORDS);
        let alike = if apart && !few { context.alike(self.input, self.list) } else { None };
        let mut looked: HashMap<usize, Looked> = HashMap::new();
        for (index, record) in list.iter().flat_map(|list| list.records.iter().enumerate()) {
            let at = RecordAt { input: self.input, list: self.list, index, record };
            match alike.as_ref().and_then(|alike| alike.of(index)) {
                Some(first) if first != index => self.look_like(looked.get(&first), at, &mut tally, context),
                Some(first) => {
                    let before = context.causes.len();
                    let (counts, body) = self.look(at, false, &mut tally, context);
                    let is_own = |cause: &&Cause| matches!(cause, Cause::Field { input, record, .. } if (*input, *record) == (self.input, index));
                    let own = context.causes.get(before..).unwrap_or_default().iter().filter(is_own).cloned().collect();
                    looked.insert(first, Looked { counts, body, own });
                }
                None => {
                    self.look(at, false, &mut tally, context);
                }
            }
            // A `let` that looks at all records has all of their causes, for each record again.
            if context.causes.len() > mark + most {
                let mut own = context.causes.split_off(mark);
                tidy(&mut own);
                most = MOST_CAUSES + 2 * own.len();
                context.causes.append(&mut own);
            }
        }
        if list.is_none_or(|list| list.open) {
            context.causes.push(Cause::Input(self.input));
            if let Some(declared) = names.lists.get(self.list) {
                let mark = context.causes.len();
                let at = RecordAt { input: self.input, list: self.list, index: 0, record: &declared.any };
                self.look(at, true, &mut tally, context);
                // What one more record could say is not what is missing: the list is.
                context.causes.truncate(mark);
            }
        }
        tally.finish().unwrap_or_else(|problem| {
            context.problem(problem, &node.span);
            anything(&node.ty)
        })
    }

    /// Looks into the first record that counts; `None` where none does for sure.
    pub fn first_that_counts<'a, R>(
        &self,
        context: &mut Context<'a>,
        look: &mut dyn FnMut(&mut Context<'a>) -> R,
    ) -> Option<R> {
        let Some(Value::List(list)) = context.inputs.get(self.input) else { return None };
        for (index, record) in list.records.iter().enumerate() {
            context.records.push(RecordAt { input: self.input, list: self.list, index, record });
            let counts = self.filter.as_ref().is_none_or(|filter| filter.truth(context).is_true());
            let counts = counts && record.is_there();
            let seen = counts.then(|| look(context));
            context.records.pop();
            if seen.is_some() {
                return seen;
            }
        }
        None
    }

    /// One record, or, where `more`, any number of further ones like it: whether it counts, and what it gives.
    fn look<'a>(
        &self,
        at: RecordAt<'a>,
        more: bool,
        tally: &mut Tally,
        context: &mut Context<'a>,
    ) -> (Truth, Option<Value>) {
        context.records.push(at);
        let mark = context.causes.len();
        let counts = self.filter.as_ref().map_or(Truth::TRUE, |filter| filter.truth(context));
        let mut body = None;
        if !counts.is_false() {
            body = self.body.as_ref().map(|body| body.eval(context));
            tally.add(at.record, counts, body.clone(), more);
            at.uncounted(self.kind, context);
        }
        at.untold(mark, context);
        context.records.pop();
        (counts, body)
    }

    /// One record that is like another, which was looked at.
    fn look_like(&self, looked: Option<&Looked>, at: RecordAt<'_>, tally: &mut Tally, context: &mut Context<'_>) {
        steps::take(1);
        let Some(Looked { counts, body, own }) = looked else { return };
        if !counts.is_false() {
            tally.add(at.record, *counts, body.clone(), false);
        }
        // Its own fields are open where those of the other are; the rest was told.
        let its = own.iter().map(|cause| match cause {
            Cause::Field { input, list, field, .. } => {
                Cause::Field { input: *input, record: at.index, list: *list, field: *field }
            }
            cause => cause.clone(),
        });
        context.causes.extend(its);
    }
}

impl RecordAt<'_> {
    /// Notes that a result is open as nobody knows how many the record stands for.
    pub(super) fn uncounted(&self, kind: AggregateKind, context: &mut Context<'_>) {
        let by_number = matches!(kind, AggregateKind::Count | AggregateKind::Sum);
        if self.record.more > 0 && (by_number || !self.record.is_there()) {
            let RecordAt { input, list, index, .. } = *self;
            context.causes.push(Cause::Field { input, record: index, list, field: Record::TIMES });
        }
    }

    /// What a record says that is not listed is not what is missing: the list is.
    pub(super) fn untold(&self, mark: usize, context: &mut Context<'_>) {
        if self.record.unlisted && context.causes.len() > mark {
            context.causes.truncate(mark);
            context.causes.push(Cause::Input(self.input));
        }
    }
}

impl Tally {
    fn new(kind: AggregateKind) -> Tally {
        let truth = Truth::of(kind == AggregateKind::All);
        Tally { kind, sum: Some(Interval::ZERO), truth, extreme: None, sure: None }
    }

    fn add(&mut self, record: &Record, counts: Truth, body: Option<Value>, more: bool) {
        let is_there = if record.is_there() { Truth::TRUE } else { Truth::OPEN };
        match self.kind {
            AggregateKind::Count | AggregateKind::Sum => {
                let each = match body {
                    Some(Value::Quantity(each)) => each,
                    _ => Interval::whole(1),
                };
                let counted = each.given(if more { Truth::OPEN } else { counts });
                let many = if more { Interval::at_least(Number::ZERO) } else { record.count() };
                self.sum = self.sum.and_then(|sum| sum.plus(counted.multiply(many)?));
            }
            AggregateKind::Any | AggregateKind::All => {
                let holds = match body {
                    Some(Value::Truth(holds)) => holds,
                    _ => Truth::TRUE,
                };
                let counts = if more { Truth::OPEN } else { counts.and(is_there) };
                self.truth = if self.kind == AggregateKind::Any {
                    self.truth.or(counts.and(holds))
                } else {
                    self.truth.and(counts.negate().or(holds))
                };
            }
            AggregateKind::Run | AggregateKind::Union | AggregateKind::Days | AggregateKind::Reached => {}
            AggregateKind::Min | AggregateKind::Max => {
                let Some(value) = body else { return };
                let smallest = self.kind == AggregateKind::Min;
                let pick = |so_far: Option<Value>| match so_far {
                    Some(so_far) => extreme(&so_far, &value, smallest),
                    None => value.clone(),
                };
                self.extreme = Some(pick(self.extreme.take()));
                if counts.and(is_there).is_true() && !more {
                    self.sure = Some(pick(self.sure.take()));
                }
            }
        }
    }

    fn finish(self) -> Result<Value, Problem> {
        match self.kind {
            AggregateKind::Count | AggregateKind::Sum => self.sum.map(Value::Quantity).ok_or(Problem::OutOfRange),
            AggregateKind::Any | AggregateKind::All => Ok(Value::Truth(self.truth)),
            // The far end from all records, the near end from those that count for sure.
            AggregateKind::Min | AggregateKind::Max => match (self.extreme, self.sure) {
                (Some(all), Some(sure)) => Ok(match (all, sure, self.kind == AggregateKind::Min) {
                    (Value::Quantity(all), Value::Quantity(sure), true) => {
                        Value::Quantity(Interval { lo: all.lo, hi: sure.hi })
                    }
                    (Value::Quantity(all), Value::Quantity(sure), false) => {
                        Value::Quantity(Interval { lo: sure.lo, hi: all.hi })
                    }
                    (Value::Date(all), Value::Date(sure), true) => Value::Date(DayRange { lo: all.lo, hi: sure.hi }),
                    (Value::Date(all), Value::Date(sure), false) => Value::Date(DayRange { lo: sure.lo, hi: all.hi }),
                    (all, _, _) => all,
                }),
                // There may be no record at all, and then there is no smallest or largest.
                _ => Err(Problem::EmptyList),
            },
            AggregateKind::Run | AggregateKind::Union | AggregateKind::Days | AggregateKind::Reached => {
                Err(Problem::NoValue)
            }
        }
    }
}

fn extreme(a: &Value, b: &Value, smallest: bool) -> Value {
    match (a, b, smallest) {
        (Value::Quantity(a), Value::Quantity(b), true) => Value::Quantity(a.min(*b)),
        (Value::Quantity(a), Value::Quantity(b), false) => Value::Quantity(a.max(*b)),
        (Value::Date(a), Value::Date(b), true) => Value::Date(a.min(*b)),
        (Value::Date(a), Value::Date(b), false) => Value::Date(a.max(*b)),
        _ => a.clone(),
    }
}
