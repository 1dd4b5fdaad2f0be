//! Values that hold from a day on: the last whose day has come counts, and before the first there is none.
//!
//! They are a chain of `if`s over the day, so that whatever knows conditions knows them. Nobody wrote those comparisons: each
//! stands where its day is written.

use crate::expr::context::Problem;
use crate::expr::measure::Measured;
use crate::expr::program::{Node, Op, Print};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::source::Span;
use crate::value::{Day, DayRange, Value};

/// From which day on, and where that is written.
#[derive(Clone, Debug)]
pub struct Since {
    /// The day.
    pub day: Day,
    /// Its place.
    pub span: Span,
}

fn made(op: Op, ty: Type, span: &Span) -> Node {
    let measured = Measured::of_op(&op, &ty);
    Node { op, ty, span: span.clone(), measured, print: Print::default() }
}

/// The clause's event day, asked for at a place where nobody wrote it.
pub fn event(span: &Span) -> Node {
    made(Op::Event, Type::Date, span)
}

/// No value, as the day lies before the first that has one.
pub fn nothing(ty: Type, span: &Span) -> Node {
    Node { op: Op::Nothing(Problem::NotYet), ty, span: span.clone(), measured: Measured::Any, print: Print::default() }
}

/// What holds on a day: the last of `values`, which stand in the order of their days, that has begun by then, or else `before`.
pub fn chain(on: &Node, values: Vec<(Since, Node)>, before: Node) -> Node {
    values.into_iter().fold(before, |earlier, (since, value)| {
        let begun = compared(Binary::AtLeast, on, &since);
        let (ty, span) = (value.ty.clone(), value.span.clone());
        made(Op::If(Box::new(begun), Box::new(value), Box::new(earlier)), ty, &span)
    })
}

/// A condition that is asked only between two days, both included.
pub fn between(on: &Node, from: Option<&Since>, until: Option<&Since>, test: Node) -> Node {
    let held = |span: &Span| made(Op::Constant(Value::Truth(crate::value::Truth::TRUE), None), Type::Bool, span);
    let bounds = [from.map(|since| (Binary::AtLeast, since)), until.map(|since| (Binary::AtMost, since))];
    bounds.into_iter().flatten().fold(test, |test, (operator, since)| {
        let (asked, span) = (compared(operator, on, since), test.span.clone());
        let otherwise = held(&span);
        made(Op::If(Box::new(asked), Box::new(test), Box::new(otherwise)), Type::Bool, &span)
    })
}

fn compared(operator: Binary, on: &Node, since: &Since) -> Node {
    let day = made(Op::Constant(Value::Date(DayRange::point(since.day)), None), Type::Date, &since.span);
    let on = Node { span: since.span.clone(), ..on.clone() };
    made(Op::Compare(operator, Box::new(on), Box::new(day)), Type::Bool, &since.span)
}

impl Node {
    /// Of a value that holds from a day on: the day.
    pub fn since(&self) -> Option<Day> {
        let Op::If(condition, ..) = &self.op else { return None };
        condition.is_of_time()
    }

    /// What it is from which day on, the earliest first; the whole without a day where it does not change with time, or where
    /// that it does stands elsewhere, as with a parameter.
    pub fn over_time(&self) -> Vec<(Option<Day>, &Node)> {
        let mut found = Vec::new();
        let mut at = self;
        while let (Some(day), Op::If(_, value, earlier)) = (at.since(), &at.op) {
            found.push((Some(day), &**value));
            at = earlier;
        }
        found.reverse();
        match found.as_slice() {
            [(_, only)] if only.span.range == at.span.range => vec![(None, self)],
            [] => vec![(None, self)],
            [first, .., last] if first.1.span.range == last.1.span.range => vec![(None, self)],
            _ => found,
        }
    }

    /// Of something with a name that is taken as it is on a day, a parameter, table or scale: that day, and the last of what it is.
    pub fn taken_on(&self) -> Option<(&Node, &Node)> {
        let Op::If(condition, last, _) = &self.op else { return None };
        let Op::Compare(_, on, _) = &condition.op else { return None };
        let is_it = |node: &Node| node.span.range == last.span.range;
        let mut at = self;
        while let (Some(_), Op::If(_, value, earlier)) = (at.since(), &at.op) {
            if !is_it(value) {
                return None;
            }
            at = earlier;
        }
        let is_taken = condition.is_of_time().is_some() && is_it(at);
        let is_named = matches!(last.op, Op::Input(_) | Op::Lookup(..) | Op::Scale(..));
        (is_taken && is_named).then_some((&**on, &**last))
    }

    /// The day of a comparison that is not written: it asks whether something has begun, or is not over yet.
    pub fn is_of_time(&self) -> Option<Day> {
        let Op::Compare(_, on, day) = &self.op else { return None };
        let Op::Constant(Value::Date(range), _) = &day.op else { return None };
        let stands = |node: &Node| node.span.range == self.span.range;
        range.as_point().filter(|_| stands(on) && stands(day))
    }
}
