//! Where columns come from: what a row gives, and what has no columns of its own — parts that ask for lists or texts. These the
//! general evaluation works out for each row, and what they come to stands in a column like anything else.

use std::collections::HashSet;

use crate::assess::step;
use crate::clause::Clause;
use crate::columns::build::{Builder, Column, SOME, Scope, Shape};
use crate::columns::calendar::lane;
use crate::columns::doubt::{Doubt, SETTLED};
use crate::columns::op::{Op, Reg};
use crate::expr::context::{Context, Local, RecordAt};
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::program::{Node, Op as Expression};
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::value::{Day, List, Number, Record, Unit, Value};

/// Lists with more records than this have no lines of records in columns.
const MOST_RECORDS: usize = 32;
/// Denominators of quantities that are not counted: amounts have hundredths.
const HUNDREDTHS: i64 = 100;

/// Where one column of a program comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The value of an input.
    Given(usize),
    /// How many records a list has, as [`plain_count`] says.
    Count(usize),
    /// A field of the record that the row is.
    Field(usize),
    /// What a part of an expression comes to.
    Asked(Box<Asked>),
}

/// A part of an expression that the general evaluation works out for each row.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    node: Node,
    /// The clause whose names it uses.
    clause: Option<usize>,
    /// The other option of a reading under which it is asked: the input, and the value.
    under: Option<(usize, Value)>,
    /// Asked only where one of these is open; otherwise [`SETTLED`].
    doubt: Option<Doubt>,
}

/// A column that is filled for every row.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub reg: Reg,
    pub shape: Shape,
    pub source: Source,
}

/// Where the parts of a program come from that are filled for every row, one by one.
pub(super) struct Filler<'a> {
    pub policy: &'a Policy,
    pub as_of: Day,
}

impl Filler<'_> {
    /// The values of a row's columns, in the order in which they are filled; `None`: the general evaluation does not know it
    /// either, or it is no number that a column holds. `each`: the record that the row is, where it is one.
    pub fn row(
        &self,
        filled: &[Filled],
        inputs: &mut [Value],
        each: Option<RecordAt<'_>>,
        mut put: impl FnMut(Reg, Option<i64>),
    ) {
        let mut asked = filled.iter().peekable();
        while let Some(one) = asked.peek() {
            match &one.source {
                Source::Given(slot) => put(one.reg, inputs.get(*slot).and_then(|value| number_of(value, one.shape))),
                Source::Count(slot) => {
                    let count = |value: &Value| match value {
                        Value::List(list) => plain_count(list).and_then(|count| i64::try_from(count).ok()),
                        _ => None,
                    };
                    put(one.reg, inputs.get(*slot).and_then(count));
                }
                Source::Field(field) => {
                    let value = each.and_then(|at| at.record.fields.get(*field));
                    put(one.reg, value.and_then(|value| number_of(value, one.shape)));
                }
                Source::Asked(first) => {
                    let under = first.under.clone();
                    let before = under.as_ref().and_then(|(slot, value)| {
                        Some((*slot, std::mem::replace(inputs.get_mut(*slot)?, value.clone())))
                    });
                    let mut context = Context::new(&self.policy.names, inputs, self.as_of);
                    let mut clause = None;
                    while let Some((one, part)) = asked.peek().and_then(|one| Some((one, one.asked()?)))
                        && part.under == under
                    {
                        if part.doubt.as_ref().is_some_and(|doubt| !doubt.is_in(context.inputs, each)) {
                            put(one.reg, Some(SETTLED));
                            asked.next();
                            continue;
                        }
                        if clause != Some(part.clause) {
                            let of = part.clause.and_then(|place| self.policy.clauses.get(place));
                            context.enter(of.map_or(Local::NONE, |clause| local(clause, each)));
                            clause = Some(part.clause);
                        }
                        let value = part.node.eval(&mut context);
                        put(
                            one.reg,
                            match &part.doubt {
                                Some(doubt) => Some(doubt.standing(&value, self.as_of)),
                                None => number_of(&value, one.shape),
                            },
                        );
                        asked.next();
                    }
                    if let Some((slot, value)) = before
                        && let Some(input) = inputs.get_mut(slot)
                    {
                        *input = value;
                    }
                    continue;
                }
            }
            asked.next();
        }
    }
}

impl Filled {
    fn asked(&self) -> Option<&Asked> {
        match &self.source {
            Source::Asked(asked) => Some(asked),
            Source::Given(_) | Source::Count(_) | Source::Field(_) => None,
        }
    }

    /// What is filled by one evaluation stands together.
    pub fn turn(&self) -> (usize, Option<(usize, usize)>, Option<usize>) {
        let under = |asked: &Asked| match &asked.under {
            Some((slot, Value::Words(words))) => Some((*slot, words.lowest())),
            _ => None,
        };
        match self.asked() {
            None => (0, None, None),
            Some(asked) => (1, under(asked), asked.clause),
        }
    }
}

/// What a clause adds to the names, for one of its lines.
pub(super) fn local<'c>(clause: &'c Clause, each: Option<RecordAt<'c>>) -> Local<'c> {
    Local { accrued: SOME, ..step::own::local(clause, each) }
}

/// How many records a list has, where each is one thing that is surely there, and there are no more; `None` where that is
/// otherwise, or they are many.
pub(super) fn plain_count(list: &List) -> Option<usize> {
    let is_plain = |record: &Record| record.is_one() && !record.unlisted;
    let count = list.records.len();
    (!list.open && count <= MOST_RECORDS && list.records.iter().all(is_plain)).then_some(count)
}

/// A value as a number in a column; `None` where it is not known, or does not fit.
pub(super) fn number_of(value: &Value, shape: Shape) -> Option<i64> {
    match (value, shape) {
        (value, _) if !value.is_point() => None,
        (Value::Truth(truth), Shape::Truth) => Some(i64::from(truth.is_true())),
        (Value::Words(words), Shape::Word) => i64::try_from(words.point()?).ok(),
        (Value::Date(range), Shape::Day) => Some(lane(range.as_point()?)),
        (Value::Quantity(interval), Shape::Number(denominator)) => scaled(interval.as_point()?, denominator),
        _ => None,
    }
}

/// A number as the numerator over a denominator.
pub(super) fn scaled(number: Number, denominator: i64) -> Option<i64> {
    number.multiply(Number::whole(denominator))?.to_i64()
}

/// The denominator of the numbers of a column.
pub(super) fn denominator_of(is_whole: bool, unit: &Unit, names: &Names) -> i64 {
    if is_whole || Measure::base(unit, names).counts(unit, names) { 1 } else { HUNDREDTHS }
}

/// What a column of an input holds; none for texts and lists.
pub fn shape_of_input(input: &Input, names: &Names) -> Option<Shape> {
    shape_of_type(&input.ty, input.integer, names)
}

fn shape_of_type(ty: &Type, is_whole: bool, names: &Names) -> Option<Shape> {
    match ty {
        Type::Bool => Some(Shape::Truth),
        Type::Date => Some(Shape::Day),
        Type::Enum(_) => Some(Shape::Word),
        Type::Quantity(unit) => Some(Shape::Number(denominator_of(is_whole, unit, names))),
        Type::Text | Type::List(_) => None,
    }
}

/// What a part of an expression asks for.
#[derive(Default)]
pub(super) struct Asks {
    pub inputs: Vec<usize>,
    /// The evaluation date.
    today: bool,
    /// What only the steps of a clause know.
    pub steps: bool,
    /// Fields of the record that the row is.
    pub fields: bool,
    /// Fields of the records of lists: the input, and the field.
    pub listed: Vec<(usize, usize)>,
    /// The parts with a name that were looked at, by their places in memory.
    seen: HashSet<*const Node>,
}

impl<'a> Builder<'a> {
    /// The column of a part that has none of its own; `None` where it hangs on more than what a row gives.
    pub fn ask(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        if !self.may_ask || self.inner.is_some() {
            return None;
        }
        let shape = shape_of_type(&node.ty, false, self.names)?;
        let mut asks = Asks::default();
        self.asks(node, scope, &mut asks);
        if asks.steps || (asks.today && scope.later) {
            return None;
        }
        let under = self.under.clone().filter(|(slot, _)| asks.inputs.contains(slot));
        Some(Column { reg: self.asked(node, scope, (under, None), shape), shape })
    }

    /// The column of a part that the general evaluation works out, once for each option of a reading that it hangs on.
    pub fn asked(
        &mut self,
        node: &'a Node,
        scope: &Scope<'a>,
        (under, doubt): (Option<(usize, Value)>, Option<Doubt>),
        shape: Shape,
    ) -> Reg {
        let key = (std::ptr::from_ref(node), under.clone(), doubt.is_some());
        if let Some(reg) = self.known_asked.get(&key) {
            return *reg;
        }
        let clause = scope.clause.and_then(|own| self.place_of(own));
        let source = Source::Asked(Box::new(Asked { node: node.clone(), clause, under, doubt }));
        let reg = self.source(source, shape).reg;
        self.known_asked.insert(key, reg);
        reg
    }

    /// A column that is filled for every row.
    pub fn source(&mut self, source: Source, shape: Shape) -> Column {
        let reg = self.op(Op::Input(self.filled.len()));
        self.filled.push(Filled { reg, shape, source });
        Column { reg, shape }
    }

    /// Adds what a part asks for.
    pub fn asks(&self, node: &'a Node, scope: &Scope<'a>, asks: &mut Asks) {
        match &node.op {
            Expression::Input(place) => asks.inputs.push(*place),
            Expression::Let(place) => {
                let named = scope.clause.and_then(|clause| clause.let_nodes.get(*place));
                if let Some(node) = named.filter(|node| asks.seen.insert(std::ptr::from_ref(*node))) {
                    self.asks(node, scope, asks);
                }
            }
            Expression::Define(place) => {
                let named = self.names.defines.get(*place).map(|define| &define.node);
                if let Some(node) = named.filter(|node| asks.seen.insert(std::ptr::from_ref(*node))) {
                    self.asks(node, scope, asks);
                }
            }
            Expression::AsOf => asks.today = true,
            Expression::Event => match scope.clause.and_then(|clause| clause.event.as_ref()) {
                Some(event) => self.asks(event, scope, asks),
                None => asks.today = true,
            },
            Expression::Accrued | Expression::CameTo(_) => asks.steps = true,
            Expression::EachField(_) => {
                asks.steps |= self.fields.is_none();
                asks.fields = true;
            }
            Expression::Aggregate(aggregate) => {
                asks.inputs.push(aggregate.input);
                fields_of_records(node, &mut |field| asks.listed.push((aggregate.input, field)));
                let of_record = aggregate.owner.as_ref().is_some_and(|owner| owner.record.is_none());
                asks.steps |= of_record && self.fields.is_none();
                asks.fields |= of_record;
            }
            _ => {}
        }
        node.children().into_iter().for_each(|node| self.asks(node, scope, asks));
    }
}

/// Looks at the fields of records that a part names, whichever list they are of.
fn fields_of_records(node: &Node, look: &mut dyn FnMut(usize)) {
    if let Expression::Field(_, field) = node.op {
        look(field);
    }
    node.children().into_iter().for_each(|node| fields_of_records(node, look));
}
