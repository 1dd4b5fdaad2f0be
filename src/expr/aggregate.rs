//! What a list comes to: counts, sums, extremes and truths over the records that count.

use std::collections::HashMap;

use crate::expr::context::{Cause, Context, Problem, RecordAt, tidy};
use crate::expr::eval::anything;
use crate::expr::program::{Aggregate, AggregateKind, Node};
use crate::expr::steps;
use crate::value::{DayRange, Interval, Number, Record, Truth, Value};

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
pub(super) struct Tally {
    kind: AggregateKind,
    sum: Option<Interval>,
    truth: Truth,
    extreme: Option<Value>,
    /// The smallest or largest over the records that count for sure.
    sure: Option<Value>,
}

impl Aggregate {
    pub(super) fn over(&self, node: &Node, context: &mut Context<'_>) -> Value {
        if let Some(best) = &self.best {
            return self.over_best(best, node, context);
        }
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
        let alike = if apart && !few && !self.by_line { context.alike(self.input, self.list) } else { None };
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
        if self.is_open(list.map(|list| &**list), context) {
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

    /// Looks at every record by itself, whether it counts or not; at none of a list of which only the first by an order count.
    pub fn each_record<'a>(
        &self,
        context: &mut Context<'a>,
        look: &mut dyn FnMut(usize, &'a Record, &mut Context<'a>),
    ) {
        let Some(Value::List(list)) = context.inputs.get(self.input).filter(|_| self.best.is_none()) else { return };
        for (index, record) in list.records.iter().enumerate() {
            context.records.push(RecordAt { input: self.input, list: self.list, index, record });
            look(index, record, context);
            context.records.pop();
        }
    }

    /// Looks into the first record that counts; `None` where none does for sure.
    pub fn first_that_counts<'a, R>(
        &self,
        context: &mut Context<'a>,
        look: &mut dyn FnMut(&mut Context<'a>) -> R,
    ) -> Option<R> {
        let Some(Value::List(list)) = context.inputs.get(self.input).filter(|_| self.best.is_none()) else {
            return None;
        };
        for (index, record) in list.records.iter().enumerate() {
            let at = RecordAt { input: self.input, list: self.list, index, record };
            if !self.belongs(&at, context).is_true() {
                continue;
            }
            context.records.push(at);
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
        let belongs = self.belongs(&at, context);
        if belongs.is_false() {
            return (belongs, None);
        }
        context.records.push(at);
        let mark = context.causes.len();
        let counts = self.filter.as_ref().map_or(belongs, |filter| filter.truth(context).and(belongs));
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
        let by_number = matches!(kind, AggregateKind::Count | AggregateKind::Records | AggregateKind::Sum);
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
    pub(super) fn new(kind: AggregateKind) -> Tally {
        let truth = Truth::of(kind == AggregateKind::All);
        Tally { kind, sum: Some(Interval::ZERO), truth, extreme: None, sure: None }
    }

    fn add(&mut self, record: &Record, counts: Truth, body: Option<Value>, more: bool) {
        let is_there = if record.is_there() { Truth::TRUE } else { Truth::OPEN };
        match self.kind {
            AggregateKind::Count | AggregateKind::Records | AggregateKind::Sum => {
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
                if counts.and(is_there).is_true() && !more {
                    self.settle(value.clone());
                }
                self.widen(value);
            }
        }
    }

    /// Takes in what one of the records perhaps is.
    pub(super) fn widen(&mut self, value: Value) {
        self.extreme = Some(self.further(self.extreme.as_ref(), value));
    }

    /// Takes in what one of them is for sure.
    pub(super) fn settle(&mut self, value: Value) {
        self.sure = Some(self.further(self.sure.as_ref(), value));
    }

    fn further(&self, so_far: Option<&Value>, value: Value) -> Value {
        match so_far {
            Some(so_far) => extreme(so_far, &value, self.kind == AggregateKind::Min),
            None => value,
        }
    }

    pub(super) fn finish(self) -> Result<Value, Problem> {
        match self.kind {
            AggregateKind::Count | AggregateKind::Records | AggregateKind::Sum => {
                self.sum.map(Value::Quantity).ok_or(Problem::OutOfRange)
            }
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
