//! A node worked out with its calculation written down on the way, and values as they are shown.

use crate::expr::context::{Context, RecordAt};
use crate::expr::eval::{anything, arithmetic};
use crate::expr::formula::{Formula, Shown};
use crate::expr::names::{Input, Names};
use crate::expr::program::{Aggregate, AggregateKind, Node, Op, Scale};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::value::{Interval, Truth, Value};

/// A sum of more parts than this is shown as one number.
const MOST_PARTS: usize = 6;

/// So many values that are no steps of their own are told in their places; of more the formula would be unreadable.
const MOST_UNFOLDED: usize = 32;

/// A value of a type as it is shown.
pub fn show(value: &Value, ty: &Type, names: &Names) -> Shown {
    match (value, ty) {
        (Value::Truth(truth), _) => Shown::Truth(*truth),
        (Value::Words(words), Type::Enum(place)) => {
            let known = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
            Shown::Words(words.iter().filter_map(|word| known.get(word).map(|(_, label)| label.clone())).collect())
        }
        (Value::Quantity(interval), Type::Quantity(unit)) => {
            Shown::Quantity { interval: *interval, unit: names.unit_name(unit), written: None }
        }
        (Value::Date(range), _) => Shown::Date(*range),
        (Value::Text(text), _) => Shown::Text(text.as_deref().map(str::to_owned)),
        (Value::List(list), _) => {
            let count = list.records.iter().map(|record| record.times as usize).sum();
            Shown::List { count, open: !list.is_complete() }
        }
        // The records of a name for some of a list are counted.
        (Value::Quantity(interval), Type::List(place)) => {
            let unit = names.lists.get(*place).map(|list| names.unit_name(&list.unit)).unwrap_or_default();
            Shown::Quantity { interval: *interval, unit, written: None }
        }
        (Value::Words(_) | Value::Quantity(_), _) => Shown::Text(None),
    }
}

/// A value of an input as it is shown: in the unit of its declaration.
pub fn show_input(value: &Value, input: &Input, names: &Names) -> Shown {
    match (value, input.measure(names)) {
        (Value::Quantity(interval), Some(measure)) => measure.shown(*interval),
        _ => show(value, &input.ty, names),
    }
}

impl Node {
    /// A value of it as it is shown: in the unit that its parts are written in.
    pub fn show(&self, value: &Value, names: &Names) -> Shown {
        match (value, self.measure(names)) {
            (Value::Quantity(interval), Some(measure)) => measure.shown(*interval),
            _ => show(value, &self.ty, names),
        }
    }

    /// Its value, with the calculation that gave it.
    pub fn explain(&self, context: &mut Context<'_>) -> (Value, Formula) {
        context.unfolded = 0;
        self.told(context)
    }

    fn told(&self, context: &mut Context<'_>) -> (Value, Formula) {
        let mark = context.causes.len();
        let (value, formula) = self.explained(context);
        let value = self.drawn(value, context);
        if value.is_point() {
            context.causes.truncate(mark);
        }
        context.tell(self, &value);
        (value, formula)
    }

    fn explained(&self, context: &mut Context<'_>) -> (Value, Formula) {
        match &self.op {
            Op::Constant(value, Some(written)) => {
                let shown = Shown::Quantity {
                    interval: Interval::point(written.number),
                    unit: written.measure.name.clone(),
                    written: Some(written.text.clone()),
                };
                (value.clone(), Formula::Value(shown))
            }
            Op::Arithmetic(operator, left, right) => {
                let ((left, left_formula), (right, right_formula)) = (left.told(context), right.told(context));
                let (Value::Quantity(a), Value::Quantity(b)) = (&left, &right) else { return self.plain(context) };
                let result = arithmetic(*operator, *a, *b).unwrap_or_else(|problem| {
                    context.problem(problem, &self.span);
                    Interval::ANY
                });
                let formula = Formula::operation(*operator, left_formula, right_formula);
                (Value::Quantity(result), formula)
            }
            // A value that is no step of its own is told in its place.
            Op::Let(place)
                if context.unfolded < MOST_UNFOLDED && !context.local.named.get(*place).copied().unwrap_or(true) =>
            {
                context.unfolded += 1;
                match context.local.lets.get(*place) {
                    Some(node) => alone(node, context),
                    None => self.plain(context),
                }
            }
            Op::If(condition, yes, no) => {
                let truth = condition.truth(context);
                if let Some(day) = self.since().filter(|_| truth.is_true()) {
                    let (value, formula) = yes.told(context);
                    (value, Formula::Since { day, value: Box::new(formula) })
                } else if truth.is_point() {
                    if truth.is_true() { yes } else { no }.told(context)
                } else {
                    self.plain(context)
                }
            }
            Op::Lookup(table, cells, index) => {
                let word = match index.eval(context) {
                    Value::Words(words) => words.point(),
                    _ => None,
                };
                let cell = word.and_then(|word| cells.get(word).copied().flatten()).and_then(|at| table.cells.get(at));
                match cell {
                    Some((_, cell)) => alone(cell, context),
                    None => self.plain(context),
                }
            }
            Op::Scale(scale, argument) if !scale.marginal => {
                let reached = scale.reached(argument.quantity(context));
                let step = match reached {
                    (Some(first), Some(last)) if first == last => scale.steps.get(first),
                    _ => None,
                };
                match step {
                    Some((threshold, step)) => {
                        let (value, formula) = alone(step, context);
                        let above = threshold.above;
                        let threshold = scale.over_measure.shown(Interval::point(threshold.at));
                        (value, Formula::Tier { threshold, above, value: Box::new(formula) })
                    }
                    None => self.plain(context),
                }
            }
            Op::Scale(scale, argument) => {
                let value = self.eval(context);
                let slices = scale.shown_slices(argument, context);
                let shown = || Formula::Value(self.show(&value, context.names));
                let formula = slices.unwrap_or_else(shown);
                (value, formula)
            }
            Op::Call(builtin, arguments) if builtin.function().shown > 0 => {
                let function = builtin.function();
                let explained: Vec<(Value, Formula)> =
                    arguments.iter().map(|argument| argument.told(context)).collect();
                let (values, arguments): (Vec<Value>, Vec<Formula>) = explained.into_iter().unzip();
                match (function.apply)(&values) {
                    Some(value) => {
                        let shown = arguments.into_iter().take(function.shown).collect();
                        (value, Formula::Call { function: *builtin, arguments: shown })
                    }
                    None => self.plain(context),
                }
            }
            Op::Aggregate(sum) if sum.kind == AggregateKind::Sum => {
                let value = self.eval(context);
                let formula = sum.parts(context);
                let shown = || Formula::Value(self.show(&value, context.names));
                let formula = formula.unwrap_or_else(shown);
                (value, formula)
            }
            _ => self.plain(context),
        }
    }

    fn plain(&self, context: &mut Context<'_>) -> (Value, Formula) {
        let value = self.eval(context);
        let shown = self.show(&value, context.names);
        (value, Formula::Value(shown))
    }

    /// The declaration of the input or field that this is.
    pub fn named<'a>(&self, context: &Context<'a>) -> Option<&'a Input> {
        let (at, field) = match &self.op {
            Op::Input(place) => return context.names.inputs.get(*place),
            Op::EachField(field) => (context.local.each, field),
            Op::Field(depth, field) => (context.records.get(context.base + depth).copied(), field),
            _ => return None,
        };
        context.names.lists.get(at?.list)?.fields.get(*field)
    }
}

impl Scale {
    /// The slices that are reached, each with its rate, as an addition; `None` where they are not known, or none is.
    fn shown_slices(&self, argument: &Node, context: &mut Context<'_>) -> Option<Formula> {
        let mark = context.causes.len();
        let argument = argument.quantity(context).as_point()?;
        let ends = self.steps.iter().skip(1).map(|(threshold, _)| threshold.at).chain([argument]);
        let mut sum = None;
        for ((threshold, rate), end) in self.steps.iter().zip(ends).filter(|((from, _), _)| from.at < argument) {
            let slice = self.over_measure.shown(Interval::point(argument.min(end).minus(threshold.at)?));
            let slice = Formula::operation(Binary::Multiply, Formula::Value(slice), alone(rate, context).1);
            sum = Some(match sum {
                None => slice,
                Some(left) => Formula::operation(Binary::Add, left, slice),
            });
        }
        context.causes.truncate(mark);
        sum
    }
}

impl Aggregate {
    /// The parts of a sum over a few known records, as an addition.
    fn parts(&self, context: &mut Context<'_>) -> Option<Formula> {
        let inputs = context.inputs;
        let Some(Value::List(list)) = inputs.get(self.input) else { return None };
        let body = self.body.as_ref()?;
        let mark = context.causes.len();
        let shares = match &self.best {
            Some(best) => Some(best.shares(self, context)?),
            None => None,
        };
        let mut sum: Option<Formula> = None;
        let mut count = 0;
        for (index, record) in list.records.iter().enumerate() {
            let among = shares.as_ref().map(|shares| shares.of.get(index).and_then(|share| share.known()));
            match among {
                Some(Some(0)) => continue,
                Some(None) => count = MOST_PARTS + 1,
                Some(Some(_)) | None => {}
            }
            let at = RecordAt { input: self.input, list: self.list, index, record };
            if self.belongs(&at, context).is_false() {
                continue;
            }
            context.records.push(at);
            let counts = self.filter.as_ref().map_or(Truth::TRUE, |filter| filter.truth(context));
            let part = counts.is_true().then(|| body.told(context).1);
            context.records.pop();
            if !counts.is_point() || (part.is_some() && !record.is_one()) {
                count = MOST_PARTS + 1;
            }
            let Some(part) = part else { continue };
            count += 1;
            if count > MOST_PARTS {
                break;
            }
            sum = Some(match sum {
                None => part,
                Some(left) => Formula::operation(Binary::Add, left, part),
            });
        }
        context.causes.truncate(mark);
        sum.filter(|_| count <= MOST_PARTS && !self.is_open(Some(&**list), context))
    }
}

fn alone(cell: &Node, context: &mut Context<'_>) -> (Value, Formula) {
    let outer = std::mem::replace(&mut context.base, context.records.len());
    let explained = cell.told(context);
    context.base = outer;
    explained
}

/// A value of which nothing is known, as it is shown.
pub fn unknown(ty: &Type, names: &Names) -> Shown {
    show(&anything(ty), ty, names)
}
