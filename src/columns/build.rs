//! From a checked expression to operations on columns.
//!
//! What is the same in every row is found by the general evaluation itself: with every column of the table taken as unknown, a
//! part that still has one value has it in every row, because the general evaluation is sound.

use std::collections::HashMap;

use crate::clause::Clause;
use crate::columns::calendar::lane;
use crate::columns::op::{Op, Reg};
use crate::columns::over::{Inner, Listed, hangs_on_record};
use crate::columns::simpler::Simpler;
use crate::columns::source::Filled;
use crate::expr::context::Context;
use crate::expr::eval::anything;
use crate::expr::function::Builtin;
use crate::expr::names::Names;
use crate::expr::program::{Node, Op as Expression};
use crate::expr::syntax::Binary;
use crate::policy::Policy;
use crate::value::number::Rounding;
use crate::value::{Bound, DayRange, Interval, Number, Value};

/// Denominators and factors beyond this are left to the general evaluation.
pub(super) const LARGEST: i64 = 1_000_000_000_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 0 or 1.
    Truth,
    /// The place of a word.
    Word,
    /// The number of a day.
    Day,
    /// A numerator; the denominator.
    Number(i64),
}

/// A column and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub reg: Reg,
    pub shape: Shape,
}

/// What the names of a clause mean while its expressions are compiled.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub clause: Option<&'a Clause>,
    pub accrued: Option<Column>,
    pub as_of: Column,
    /// Whether that is a later day than the evaluation date.
    pub later: bool,
}

/// A part of an expression by its place in memory, and the other option of a reading under which it is asked.
pub(super) type Question = (*const Node, Option<(usize, Value)>, bool);

/// A part that has a name, by its place in memory, and what its scope says of days and accruals.
pub(super) type Named = (*const Node, Reg, Option<Reg>, bool);

/// The operations so far. The same operation on the same columns is there once.
pub(super) struct Builder<'a> {
    pub names: &'a Names,
    /// For each input that is a column of the table what it holds.
    pub columns: &'a HashMap<usize, Column>,
    /// Where each row is a record: the same for its fields.
    pub fields: Option<&'a HashMap<usize, Column>>,
    pub ops: Vec<Op>,
    pub known: HashMap<Op, Reg>,
    pub context: Context<'a>,
    /// Columns that are filled for every row.
    pub filled: Vec<Filled>,
    /// Whether parts may be worked out by the general evaluation, row by row.
    pub may_ask: bool,
    /// Those that are: by their places in memory, and what reading they are asked under.
    pub known_asked: HashMap<Question, Reg>,
    /// The other option of a reading under which is compiled now.
    pub under: Option<(usize, Value)>,
    /// What the parts that have a name have been compiled to, so that each is compiled once however often it is named.
    pub named: HashMap<Named, Option<Column>>,
    /// Lists over which something is counted or added up.
    pub listed: Vec<Listed>,
    /// While that is compiled for each of the records: the operations on them are here, and those on rows there.
    pub inner: Option<Inner>,
    policy: &'a Policy,
}

impl<'a> Builder<'a> {
    /// Over these inputs, of which some are columns. Those are every value that a row may give them.
    pub fn new(
        policy: &'a Policy,
        (columns, fields): (&'a HashMap<usize, Column>, Option<&'a HashMap<usize, Column>>),
        filled: Vec<Filled>,
        may_ask: bool,
        context: Context<'a>,
    ) -> Builder<'a> {
        let ops: Vec<Op> = (0..filled.len()).map(Op::Input).collect();
        let known = ops.iter().cloned().enumerate().map(|(place, op)| (op, place)).collect();
        let (names, known_asked, under, named) = (&policy.names, HashMap::new(), None, HashMap::new());
        let (listed, inner) = (Vec::new(), None);
        Builder {
            names,
            columns,
            fields,
            ops,
            known,
            context,
            filled,
            may_ask,
            known_asked,
            under,
            named,
            listed,
            inner,
            policy,
        }
    }

    /// What was made: the operations, and what fills the columns that are given.
    pub fn made(self) -> (Vec<Op>, Vec<Filled>, Vec<Listed>) {
        (self.ops, self.filled, self.listed)
    }

    /// The place of a clause of the policy.
    pub fn place_of(&self, clause: &Clause) -> Option<usize> {
        self.policy.clauses.iter().position(|known| std::ptr::eq(known, clause))
    }

    /// The column of an operation.
    pub fn op(&mut self, op: Op) -> Reg {
        let op = match self.simpler(op) {
            Simpler::Column(reg) => return reg,
            Simpler::Op(op) => op,
        };
        if let Some(place) = self.known.get(&op) {
            return *place;
        }
        let place = self.ops.len();
        self.ops.push(op.clone());
        self.known.insert(op, place);
        place
    }

    pub fn constant(&mut self, value: i64, shape: Shape) -> Column {
        Column { reg: self.op(Op::Constant(value)), shape }
    }

    pub fn truth(&mut self, op: Op) -> Column {
        Column { reg: self.op(op), shape: Shape::Truth }
    }

    pub fn day(&mut self, op: Op) -> Column {
        Column { reg: self.op(op), shape: Shape::Day }
    }

    pub fn whole(&mut self, op: Op) -> Column {
        Column { reg: self.op(op), shape: Shape::Number(1) }
    }

    /// A value that is the same in every row.
    pub fn fixed(&mut self, value: &Value) -> Option<Column> {
        match value {
            Value::Truth(truth) => Some(self.constant(i64::from(truth.is_true()), Shape::Truth)),
            Value::Words(words) => Some(self.constant(i64::try_from(words.point()?).ok()?, Shape::Word)),
            Value::Date(range) => Some(self.constant(lane(range.as_point()?), Shape::Day)),
            Value::Quantity(interval) => self.number(interval.as_point()?),
            Value::Text(_) | Value::List(_) => None,
        }
    }

    pub fn number(&mut self, number: Number) -> Option<Column> {
        let (numerator, denominator) = number.parts();
        let (numerator, denominator) = (i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?);
        (denominator <= LARGEST).then(|| self.constant(numerator, Shape::Number(denominator)))
    }

    /// The value that a part has in every row, if it has one.
    pub fn same_in_every_row(&mut self, node: &Node) -> Option<Value> {
        let mark = self.context.causes.len();
        let value = node.eval(&mut self.context);
        self.context.causes.truncate(mark);
        value.is_point().then_some(value)
    }

    /// Compiles a part; `None` where it cannot be expressed.
    pub fn node(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        if self.inner.is_some() && !hangs_on_record(node) {
            return self.of_rows(node, scope);
        }
        if let Some(value) = self.same_in_every_row(node)
            && let Some(column) = self.fixed(&value)
        {
            return Some(column);
        }
        self.made_of(node, scope).or_else(|| self.ask(node, scope))
    }

    /// A part that has a name, compiled once.
    fn named(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        let key = (std::ptr::from_ref(node), scope.as_of.reg, scope.accrued.map(|column| column.reg), scope.later);
        if let Some(column) = self.named.get(&key) {
            return *column;
        }
        let column = self.node(node, scope);
        self.named.insert(key, column);
        column
    }

    /// A part as an operation on the columns of its parts.
    fn made_of(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        match &node.op {
            Expression::Constant(value, _) => self.fixed(value),
            Expression::Input(place) => match self.columns.get(place) {
                Some(column) => Some(*column),
                None => self.unknown(*place),
            },
            Expression::Let(place) => self.named(scope.clause?.let_nodes.get(*place)?, scope),
            Expression::Define(place) => {
                let names = self.names;
                self.named(&names.defines.get(*place)?.node, scope)
            }
            Expression::AsOf => Some(scope.as_of),
            Expression::Event => match &scope.clause?.event {
                Some(event) => self.node(event, scope),
                None => Some(scope.as_of),
            },
            Expression::Accrued => scope.accrued,
            Expression::EachField(field) => self.fields?.get(field).copied(),
            Expression::Not(inner) => {
                let inner = self.node(inner, scope)?;
                Some(self.truth(Op::Not(inner.reg)))
            }
            Expression::Negate(inner) => {
                let inner = self.node(inner, scope)?;
                Some(Column { reg: self.op(Op::Times(inner.reg, -1)), shape: inner.shape })
            }
            Expression::And(left, right) => {
                let (left, right) = (self.node(left, scope)?, self.node(right, scope)?);
                Some(self.truth(Op::And(left.reg, right.reg)))
            }
            Expression::Or(left, right) => {
                let (left, right) = (self.node(left, scope)?, self.node(right, scope)?);
                Some(self.truth(Op::Or(left.reg, right.reg)))
            }
            Expression::Compare(operator, left, right) => {
                let (left, right) = (self.node(left, scope)?, self.node(right, scope)?);
                self.compare(*operator, left, right)
            }
            Expression::In(value, options) => self.is_in(value, options, scope),
            Expression::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, scope),
            Expression::Shift { date, by, months, back } => {
                let (date, by) = (self.node(date, scope)?, self.node(by, scope)?);
                let mut by = self.as_whole(by)?.reg;
                if *back {
                    by = self.op(Op::Times(by, -1));
                }
                let op = if *months { Op::PlusMonths(date.reg, by) } else { Op::PlusDays(date.reg, by) };
                Some(self.day(op))
            }
            Expression::DaysBetween(left, right) => {
                let (left, right) = (self.node(left, scope)?, self.node(right, scope)?);
                Some(self.whole(Op::DaysBetween(left.reg, right.reg)))
            }
            Expression::If(condition, yes, no) => {
                // A branch that no row takes need not be expressed.
                match self.same_in_every_row(condition) {
                    Some(Value::Truth(truth)) if truth.is_true() => return self.node(yes, scope),
                    Some(Value::Truth(_)) => return self.node(no, scope),
                    _ => {}
                }
                let condition = self.node(condition, scope)?;
                let (yes, no) = (self.node(yes, scope)?, self.node(no, scope)?);
                let (yes, no, shape) = self.alike(yes, no)?;
                Some(Column { reg: self.op(Op::Select(condition.reg, yes, no)), shape })
            }
            Expression::Lookup(table, cells, index) => {
                let index = self.node(index, scope)?;
                let mut found = Vec::with_capacity(cells.len());
                for cell in cells {
                    let cell = cell.and_then(|place| table.cells.get(place));
                    found.push(match cell {
                        Some((_, node)) => Some(self.same_in_every_row(node)?),
                        None => None,
                    });
                }
                let (cells, shape) = self.cells(&found)?;
                let number = matches!(shape, Shape::Number(_));
                Some(Column { reg: self.op(Op::Table { index: index.reg, cells, number }), shape })
            }
            Expression::Scale(scale, argument) => {
                let argument = self.node(argument, scope)?;
                if scale.marginal { self.slices(scale, argument) } else { self.threshold(scale, argument) }
            }
            Expression::Call(function, arguments) => self.call(*function, arguments, scope),
            Expression::Known(inner) => {
                let inner = self.node(inner, scope)?;
                Some(match inner.shape {
                    Shape::Day => self.truth(Op::Comes(inner.reg)),
                    _ => self.truth(Op::Equal(inner.reg, inner.reg)),
                })
            }
            Expression::Nothing(_) => {
                let shape = shape_of(&anything(&node.ty))?;
                Some(Column { reg: self.op(Op::Unknown), shape })
            }
            Expression::Field(depth, field) => self.field_of_record(*depth, *field),
            Expression::Aggregate(aggregate) => self.over(aggregate, scope),
            Expression::WindowFrom | Expression::WindowTo | Expression::Among(..) | Expression::CameTo(_) => None,
        }
    }

    /// An input that no column gives and that is not known.
    fn unknown(&mut self, place: usize) -> Option<Column> {
        let input = self.names.inputs.get(place)?;
        let shape = shape_of(&input.domain)?;
        Some(Column { reg: self.op(Op::Unknown), shape })
    }

    /// A number of whole units.
    pub fn as_whole(&mut self, column: Column) -> Option<Column> {
        (column.shape == Shape::Number(1)).then_some(column)
    }

    pub fn compare(&mut self, operator: Binary, left: Column, right: Column) -> Option<Column> {
        let (left, right, _) = self.alike(left, right)?;
        Some(self.truth(match operator {
            Binary::Equal => Op::Equal(left, right),
            Binary::NotEqual => Op::Differ(left, right),
            Binary::Less => Op::Less(left, right),
            Binary::AtLeast => Op::AtMost(right, left),
            Binary::Greater => Op::Less(right, left),
            Binary::AtMost => Op::AtMost(left, right),
            _ => return None,
        }))
    }

    fn is_in(&mut self, value: &'a Node, options: &'a [Node], scope: &Scope<'a>) -> Option<Column> {
        let value = self.node(value, scope)?;
        if value.shape == Shape::Word {
            let mut set = 0u64;
            let mut all = true;
            for option in options {
                match self.same_in_every_row(option) {
                    Some(Value::Words(words)) => set |= 1 << (words.point()? & 63),
                    _ => all = false,
                }
            }
            if all {
                return Some(self.truth(Op::Within(value.reg, set)));
            }
        }
        let mut found: Option<Column> = None;
        for option in options {
            let option = self.node(option, scope)?;
            let same = self.compare(Binary::Equal, value, option)?;
            found = Some(match found {
                Some(so_far) => self.truth(Op::Or(so_far.reg, same.reg)),
                None => same,
            });
        }
        found
    }

    fn arithmetic(&mut self, operator: Binary, left: &'a Node, right: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        if operator == Binary::Divide {
            // Only by what is the same in every row.
            let Some(Value::Quantity(divisor)) = self.same_in_every_row(right) else { return None };
            let by = Number::ONE.divide(divisor.as_point()?)?;
            let (left, by) = (self.node(left, scope)?, self.number(by)?);
            return self.multiply(left, by);
        }
        let (left, right) = (self.node(left, scope)?, self.node(right, scope)?);
        match operator {
            Binary::Multiply => self.multiply(left, right),
            Binary::Add => self.plus(left, right),
            Binary::Subtract => {
                let (left, right, shape) = self.alike(left, right)?;
                Some(Column { reg: self.op(Op::Subtract(left, right)), shape })
            }
            _ => None,
        }
    }

    /// A built-in function; one of which no column can be made goes the general way.
    fn call(&mut self, function: Builtin, arguments: &'a [Node], scope: &Scope<'a>) -> Option<Column> {
        let mut columns =
            || arguments.iter().map(|argument| self.node(argument, scope)).collect::<Option<Vec<Column>>>();
        match function {
            Builtin::Round => self.rounding(arguments, Rounding::HalfUp, scope),
            Builtin::Floor => self.rounding(arguments, Rounding::Down, scope),
            Builtin::Ceil => self.rounding(arguments, Rounding::Up, scope),
            Builtin::Min | Builtin::Max => {
                let columns = columns()?;
                let (first, rest) = columns.split_first()?;
                let smaller = function == Builtin::Min;
                rest.iter().try_fold(*first, |found, next| self.extreme(found, *next, smaller))
            }
            Builtin::Months => {
                let [from, to]: [Column; 2] = columns()?.try_into().ok()?;
                Some(self.whole(Op::Months(from.reg, to.reg)))
            }
            Builtin::PeriodEnd => {
                let [from, months]: [Column; 2] = columns()?.try_into().ok()?;
                let months = self.as_whole(months)?;
                Some(self.day(Op::EndOfMonths(from.reg, months.reg)))
            }
            Builtin::Age => {
                let (birth, on, early) = match columns()?.as_slice() {
                    [birth, on] => (*birth, *on, self.constant(0, Shape::Truth)),
                    [birth, on, early] => (*birth, *on, *early),
                    _ => return None,
                };
                Some(self.whole(Op::Age(birth.reg, on.reg, early.reg)))
            }
            Builtin::MonthStart => {
                let [day]: [Column; 1] = columns()?.try_into().ok()?;
                Some(self.day(Op::MonthStart(day.reg)))
            }
            Builtin::MonthEnd => {
                let [day]: [Column; 1] = columns()?.try_into().ok()?;
                Some(self.day(Op::MonthEnd(day.reg)))
            }
            Builtin::Year => {
                let [day]: [Column; 1] = columns()?.try_into().ok()?;
                Some(self.whole(Op::Year(day.reg)))
            }
            Builtin::Month => {
                let [day]: [Column; 1] = columns()?.try_into().ok()?;
                Some(self.whole(Op::Month(day.reg)))
            }
            Builtin::Day => {
                let [day]: [Column; 1] = columns()?.try_into().ok()?;
                Some(self.whole(Op::DayOfMonth(day.reg)))
            }
            // There are no columns of texts.
            Builtin::StartsWith => None,
        }
    }

    /// A number to a multiple of a step that is the same in every row.
    fn rounding(&mut self, arguments: &'a [Node], direction: Rounding, scope: &Scope<'a>) -> Option<Column> {
        let [number, step] = arguments else { return None };
        let Some(Value::Quantity(step)) = self.same_in_every_row(step) else { return None };
        let number = self.node(number, scope)?;
        self.rounded(number, step.as_point().filter(|step| *step > Number::ZERO)?, direction)
    }

    /// The window of a clause as two days.
    pub fn window(&mut self, window: DayRange) -> (Column, Column) {
        (self.constant(lane(window.lo), Shape::Day), self.constant(lane(window.hi), Shape::Day))
    }
}

/// What a column of such values holds; a number with any denominator.
pub(super) fn shape_of(domain: &Value) -> Option<Shape> {
    match domain {
        Value::Truth(_) => Some(Shape::Truth),
        Value::Words(_) => Some(Shape::Word),
        Value::Date(_) => Some(Shape::Day),
        Value::Quantity(_) => Some(Shape::Number(1)),
        Value::Text(_) | Value::List(_) => None,
    }
}

/// Anything from 0 up.
pub(super) const SOME: Interval = Interval { lo: Bound::ZERO, hi: Bound::Above };
