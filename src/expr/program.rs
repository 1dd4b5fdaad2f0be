//! A checked expression: names are places, units are gone, and nothing in it can be of the wrong type.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::expr::came_to::CameTo;
use crate::expr::context::Problem;
use crate::expr::function::Builtin;
use crate::expr::measure::{Measure, Measured};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::{Span, alike};
use crate::value::{Bound, Number, Truth, Value};

/// A part of a checked expression.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// What it gives.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
    /// The unit that its parts are written in.
    pub measured: Measured,
    /// What it has in common with all that say the same.
    pub print: Print,
}

/// A number that two parts of one clause have in common wherever they say the same; none where that cannot be told beforehand.
#[derive(Debug, Default)]
pub struct Print(OnceLock<Option<u64>>);

impl Print {
    /// The number, worked out once.
    pub fn get(&self, work: impl FnOnce() -> Option<u64>) -> Option<u64> {
        *self.0.get_or_init(work)
    }
}

impl Clone for Print {
    /// A copy may become a part of something else.
    fn clone(&self) -> Print {
        Print::default()
    }
}

/// How a figure of the policy is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// `5万元`
    pub text: String,
    /// 50000
    pub number: Number,
    /// 元, or 元/年
    pub measure: Arc<Measure>,
}

/// What a node does. Places are places in the lists of the policy or clause that the expression was checked for.
#[derive(Clone, Debug)]
pub enum Op {
    /// A fixed value.
    Constant(Value, Option<Written>),
    /// A fact, parameter or reading.
    Input(usize),
    /// A `let` of the clause.
    Let(usize),
    /// A definition of the policy.
    Define(usize),
    /// A field of the record that the clause is worked out for.
    EachField(usize),
    /// A field of a record looked at by a count or sum: which one, from the outermost of this expression, and the field.
    Field(usize, usize),
    /// The evaluation date.
    AsOf,
    /// The first day of the clause's window.
    WindowFrom,
    /// The last day of the clause's window.
    WindowTo,
    /// The clause's event date.
    Event,
    /// What has accrued, in months.
    Accrued,
    /// What another clause came to.
    CameTo(CameTo),
    /// `not`
    Not(Box<Node>),
    /// `-`
    Negate(Box<Node>),
    /// `and`
    And(Box<Node>, Box<Node>),
    /// `or`
    Or(Box<Node>, Box<Node>),
    /// A comparison of two values of one type.
    Compare(Binary, Box<Node>, Box<Node>),
    /// Whether the value is one of several.
    In(Box<Node>, Vec<Node>),
    /// Whether a text is one of many.
    Among(Box<Node>, Arc<Texts>),
    /// Arithmetic on quantities.
    Arithmetic(Binary, Box<Node>, Box<Node>),
    /// A date moved by months (or days), forward or back.
    Shift {
        /// The date.
        date: Box<Node>,
        /// How far.
        by: Box<Node>,
        /// Whether in months; otherwise in days.
        months: bool,
        /// Whether back.
        back: bool,
    },
    /// The days from the second date to the first.
    DaysBetween(Box<Node>, Box<Node>),
    /// `if`
    If(Box<Node>, Box<Node>, Box<Node>),
    /// A table's cell: for each word of the index's enum the place of its cell.
    Lookup(Arc<Table>, Vec<Option<usize>>, Box<Node>),
    /// A scale's step.
    Scale(Arc<Scale>, Box<Node>),
    /// A built-in function.
    Call(Builtin, Vec<Node>),
    /// Something over the records of a list.
    Aggregate(Aggregate),
    /// Whether something is given.
    Known(Box<Node>),
    /// What has no value, and why.
    Nothing(Problem),
}

/// Something over the records of a list.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// What.
    pub kind: AggregateKind,
    /// The input that holds the list.
    pub input: usize,
    /// The place of the list's declaration.
    pub list: usize,
    /// Which records.
    pub filter: Option<Box<Node>>,
    /// What of each; none for a count. Of spans the first day.
    pub body: Option<Box<Node>>,
    /// Of spans: the last day; then, for `reached`, how long a run must be; then the gap that breaks no run.
    pub rest: Vec<Node>,
    /// Of the list only so many, the first by an order; `filter` is then asked of these.
    pub best: Option<Box<Best>>,
    /// Of the list only those records that belong to this one.
    pub owner: Option<Owner>,
    /// Whether it asks for the line of each record, which tells apart records that say the same.
    pub by_line: bool,
}

/// A record to which records of another list belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Which of the records looked at, from the outermost; none: the one that the clause is worked out for.
    pub record: Option<usize>,
    /// What they agree in.
    pub by: Belongs,
}

/// What says to which record of another list a record belongs: the other's name, and a number that tells apart those of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belongs {
    /// The place of the other list.
    pub list: usize,
    /// The field that names it: here and there.
    pub name: (usize, usize),
    /// The field that tells apart those of one name: here and there.
    pub number: Option<(usize, usize)>,
}

/// The first records of a list by an order.
#[derive(Clone, Debug)]
pub struct Best {
    /// How many.
    pub count: Node,
    /// Which records are compared.
    pub among: Option<Node>,
    /// By what: where the first is equal the next one decides.
    pub by: Vec<By>,
    /// Where it is written.
    pub span: Span,
}

/// What records are put in order by.
#[derive(Clone, Debug)]
pub struct By {
    /// What.
    pub key: Node,
    /// Whether the highest come first; otherwise the lowest.
    pub highest: bool,
    /// Where that is said.
    pub word: Span,
}

/// What is done over the records of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// How many.
    Count,
    /// Added up.
    Sum,
    /// The smallest, or earliest.
    Min,
    /// The largest, or latest.
    Max,
    /// Whether one holds.
    Any,
    /// Whether all hold.
    All,
    /// The complete months of the longest run of spans.
    Run,
    /// The complete months of all runs of spans.
    Union,
    /// The days that spans cover.
    Days,
    /// The first day on which a run of spans is so long.
    Reached,
    /// The records themselves, for a name that stands for them. Shown, they are counted.
    Records,
}

impl AggregateKind {
    /// The word for it in an expression.
    pub fn word(self) -> &'static str {
        match self {
            AggregateKind::Count => "count",
            AggregateKind::Sum => "sum",
            AggregateKind::Min => "min",
            AggregateKind::Max => "max",
            AggregateKind::Any => "any",
            AggregateKind::All => "all",
            AggregateKind::Run => "run",
            AggregateKind::Union => "union",
            AggregateKind::Days => "days",
            AggregateKind::Reached => "reached",
            AggregateKind::Records => "records",
        }
    }

    /// All that can be called.
    pub const EVERY: [AggregateKind; 10] = [
        AggregateKind::Count,
        AggregateKind::Sum,
        AggregateKind::Min,
        AggregateKind::Max,
        AggregateKind::Any,
        AggregateKind::All,
        AggregateKind::Run,
        AggregateKind::Union,
        AggregateKind::Days,
        AggregateKind::Reached,
    ];

    /// Whether it looks at records as spans from a day until a day.
    pub fn of_spans(self) -> bool {
        matches!(self, AggregateKind::Run | AggregateKind::Union | AggregateKind::Days | AggregateKind::Reached)
    }
}

/// A lookup by enum word.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The words with their cells, all of one type.
    pub cells: Vec<(String, Node)>,
    /// The type of the cells.
    pub ty: Type,
}

/// Texts that one is held against: codes, names.
#[derive(Debug, Default)]
pub struct Texts {
    /// Its name.
    pub name: String,
    /// In words.
    pub label: Text,
    /// The file that has them, where they stand in one of their own.
    pub file: Option<String>,
    /// As they are written, each with its place.
    pub written: Vec<(String, Span)>,
    /// As they are compared: without regard to width, blanks around them and capitals.
    pub alike: BTreeSet<String>,
}

impl Texts {
    /// Whether a text is one of them; of one that is not known that is open, unless there is none.
    pub fn has(&self, text: Option<&str>) -> Truth {
        match text {
            _ if self.alike.is_empty() => Truth::FALSE,
            Some(text) => Truth::of(self.alike.contains(&*alike(text))),
            None => Truth::OPEN,
        }
    }
}

/// Where a step of a scale begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold {
    /// The number, in base units.
    pub at: Number,
    /// Whether only what lies above the number reaches the step (超过); otherwise the number itself does (达到).
    pub above: bool,
}

impl Threshold {
    /// The figure of a key, and whether `>` stands before it: `> 100人`, `≥ 100人`, `100人`.
    pub fn key(text: &str) -> (bool, &str) {
        let text = text.trim();
        let rest = |sign: &[&str]| sign.iter().find_map(|sign| text.strip_prefix(sign)).map(str::trim_start);
        match (rest(&["≥", ">=", "＞="]), rest(&[">", "＞"])) {
            (Some(figure), _) => (false, figure),
            (None, Some(figure)) => (true, figure),
            (None, None) => (false, text),
        }
    }

    /// Whether a number, or the end of a range, reaches the step.
    pub fn is_reached(self, by: Bound) -> bool {
        let at = Bound::At(self.at);
        if self.above { at < by } else { at <= by }
    }
}

/// Steps by threshold.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// The unit of the thresholds.
    pub over: Type,
    /// How that is written.
    pub over_measure: Measure,
    /// Thresholds in ascending order with the value from each on.
    pub steps: Vec<(Threshold, Node)>,
    /// The type of the values.
    pub ty: Type,
    /// Whether each slice has its own rate; otherwise the highest threshold reached decides.
    pub marginal: bool,
}

impl Best {
    /// What two that do the same have in common beside their expressions.
    pub fn shape(&self) -> (bool, Vec<bool>) {
        (self.among.is_some(), self.by.iter().map(|by| by.highest).collect())
    }

    /// Its expressions.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.among.iter().chain(std::iter::once(&self.count)).chain(self.by.iter().map(|by| &by.key))
    }

    fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.among.iter_mut().chain(std::iter::once(&mut self.count)).chain(self.by.iter_mut().map(|by| &mut by.key))
    }
}

impl Aggregate {
    /// Its expressions.
    pub fn nodes(&self) -> Vec<&Node> {
        let own = self.filter.iter().chain(&self.body).map(|node| &**node).chain(&self.rest);
        own.chain(self.best.iter().flat_map(|best| best.nodes())).collect()
    }

    /// The same, to change them.
    pub fn nodes_mut(&mut self) -> Vec<&mut Node> {
        let own = self.filter.iter_mut().chain(&mut self.body).map(|node| &mut **node).chain(&mut self.rest);
        own.chain(self.best.iter_mut().flat_map(|best| best.nodes_mut())).collect()
    }
}

impl Node {
    /// The nodes right below this one, cells of tables and steps of scales included.
    pub fn children(&self) -> Vec<&Node> {
        match &self.op {
            Op::Constant(..)
            | Op::Input(_)
            | Op::Let(_)
            | Op::Define(_)
            | Op::EachField(_)
            | Op::Field(..)
            | Op::AsOf
            | Op::WindowFrom
            | Op::WindowTo
            | Op::Event
            | Op::Accrued
            | Op::CameTo(_)
            | Op::Nothing(_) => Vec::new(),
            Op::Not(inner) | Op::Negate(inner) | Op::Known(inner) | Op::Among(inner, _) => vec![inner],
            Op::And(left, right)
            | Op::Or(left, right)
            | Op::Compare(_, left, right)
            | Op::Arithmetic(_, left, right)
            | Op::DaysBetween(left, right) => vec![left, right],
            Op::Shift { date, by, .. } => vec![date, by],
            Op::If(condition, yes, no) => vec![condition, yes, no],
            Op::In(value, options) => std::iter::once(&**value).chain(options).collect(),
            Op::Lookup(table, _, index) => {
                std::iter::once(&**index).chain(table.cells.iter().map(|(_, cell)| cell)).collect()
            }
            Op::Scale(scale, argument) => {
                std::iter::once(&**argument).chain(scale.steps.iter().map(|(_, step)| step)).collect()
            }
            Op::Call(_, arguments) => arguments.iter().collect(),
            Op::Aggregate(aggregate) => aggregate.nodes(),
        }
    }

    /// The nodes right below this one that are its own: cells of tables and steps of scales stand elsewhere.
    pub fn children_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.op {
            Op::Constant(..)
            | Op::Input(_)
            | Op::Let(_)
            | Op::Define(_)
            | Op::EachField(_)
            | Op::Field(..)
            | Op::AsOf
            | Op::WindowFrom
            | Op::WindowTo
            | Op::Event
            | Op::Accrued
            | Op::CameTo(_)
            | Op::Nothing(_) => Vec::new(),
            Op::Not(inner)
            | Op::Negate(inner)
            | Op::Known(inner)
            | Op::Among(inner, _)
            | Op::Lookup(_, _, inner)
            | Op::Scale(_, inner) => vec![inner],
            Op::And(left, right)
            | Op::Or(left, right)
            | Op::Compare(_, left, right)
            | Op::Arithmetic(_, left, right)
            | Op::DaysBetween(left, right) => vec![left, right],
            Op::Shift { date, by, .. } => vec![date, by],
            Op::If(condition, yes, no) => vec![condition, yes, no],
            Op::In(value, options) => std::iter::once(&mut **value).chain(options).collect(),
            Op::Call(_, arguments) => arguments.iter_mut().collect(),
            Op::Aggregate(aggregate) => aggregate.nodes_mut(),
        }
    }

    /// Whether it asks for the line that a clause has for a record.
    pub fn asks_for_lines(&self) -> bool {
        let own = matches!(&self.op, Op::CameTo(CameTo { record: Some(_), .. }));
        own || self.children().into_iter().any(Node::asks_for_lines)
    }
}
