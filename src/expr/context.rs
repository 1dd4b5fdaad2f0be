//! What an evaluation reads, and what it leaves behind: why a result is open, and which readings it used.

use crate::expr::names::Names;
use crate::expr::program::Node;
use crate::expr::watch::Watch;
use crate::source::Span;
use crate::value::{Day, DayRange, Interval, Record, Value};

/// Why a result is open. In the order of the declarations; what has no value comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An input that is not known, or only in part.
    Input(usize),
    /// A field of a record: the list's input, the record's place, the field.
    Field {
        /// The input that holds the list.
        input: usize,
        /// The record's place in it.
        record: usize,
        /// The place of the list's declaration.
        list: usize,
        /// The field's place.
        field: usize,
    },
    /// Something that has no value, and where.
    Problem(Problem, Span),
}

/// Puts causes in their order, each once.
pub fn tidy(causes: &mut Vec<Cause>) {
    causes.sort_unstable();
    causes.dedup();
}

/// Something that has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// A number beyond what is reckoned with.
    OutOfRange,
    /// A division by zero, or by what may be zero.
    DivisionByZero,
    /// A table without a cell for the word.
    NoCell,
    /// The smallest or largest of nothing.
    EmptyList,
    /// A date moved by a fraction of a month or day.
    Fraction,
    /// A function that has no value for its arguments.
    NoValue,
    /// A value that holds from a day on, asked of an earlier one.
    NotYet,
}

/// Which inputs were read, as a set of places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads(Vec<u64>);

impl Reads {
    /// Adds a place.
    pub fn insert(&mut self, place: usize) {
        let (cell, bit) = (place / 64, place % 64);
        if self.0.len() <= cell {
            self.0.resize(cell + 1, 0);
        }
        if let Some(cell) = self.0.get_mut(cell) {
            *cell |= 1 << bit;
        }
    }

    /// Adds the places of another set.
    pub fn extend(&mut self, other: &Reads) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (cell, more) in self.0.iter_mut().zip(&other.0) {
            *cell |= more;
        }
    }

    /// Whether a place is in it.
    pub fn contains(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|cell| cell & (1 << (place % 64)) != 0)
    }
}

/// A record that is looked at.
#[derive(Clone, Copy, Debug)]
pub struct RecordAt<'a> {
    /// The input that holds its list.
    pub input: usize,
    /// The place of the list's declaration.
    pub list: usize,
    /// Its place in the list.
    pub index: usize,
    /// What it holds.
    pub record: &'a Record,
}

/// The result of a `let` or definition, kept so that it is worked out once.
#[derive(Clone, Debug)]
struct Memo {
    value: Value,
    causes: Vec<Cause>,
    reads: Reads,
}

/// Results kept for a list of nodes that refer to each other.
#[derive(Debug, Default)]
pub struct Memos(Vec<Option<Memo>>);

impl Memos {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// What a clause adds to the names of its policy while it is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Local<'a> {
    /// The nodes of its `let`s.
    pub lets: &'a [Node],
    /// Which of them are shown as steps of their own.
    pub named: &'a [bool],
    /// The record it is worked out for.
    pub each: Option<RecordAt<'a>>,
    /// The first and last day of its window.
    pub window: DayRange,
    /// Its event date; none: the evaluation date.
    pub event: Option<&'a Node>,
    /// What has accrued, in months.
    pub accrued: Interval,
}

impl Local<'_> {
    /// Outside any clause.
    pub const NONE: Local<'static> =
        Local { lets: &[], named: &[], each: None, window: DayRange::ANY, event: None, accrued: Interval::ZERO };
}

/// What an evaluation reads and leaves behind.
#[derive(Debug)]
pub struct Context<'a> {
    /// The names of the policy.
    pub names: &'a Names,
    /// The inputs, in the order of their declaration.
    pub inputs: &'a [Value],
    /// The evaluation date.
    pub as_of: Day,
    /// The day that `as_of` means in an expression: the evaluation date, unless the same is asked of another day.
    today: DayRange,
    /// What the clause adds.
    pub local: Local<'a>,
    /// The records looked at by counts and sums, outermost first.
    pub(super) records: Vec<RecordAt<'a>>,
    /// Where the records of the expression now evaluated begin.
    pub(super) base: usize,
    /// Why the results so far are open. A part that turns out to be known takes its causes back.
    pub causes: Vec<Cause>,
    /// Which inputs were read.
    pub reads: Reads,
    defines: Memos,
    lets: Memos,
    /// The event date at the only place.
    event: Memos,
    /// Who is told what every part of an expression came to.
    pub watch: Option<&'a Watch>,
    /// Whether sums are worked out as they stand, without drawing together what stands in them twice.
    pub(super) plain: bool,
    /// How many values that are no steps of their own the formula tells so far.
    pub(super) unfolded: usize,
    /// Within how many branches that perhaps do not count the evaluation is.
    pub(super) doubts: usize,
}

impl<'a> Context<'a> {
    /// A fresh evaluation over these inputs.
    pub fn new(names: &'a Names, inputs: &'a [Value], as_of: Day) -> Context<'a> {
        Context {
            names,
            inputs,
            as_of,
            today: DayRange::point(as_of),
            local: Local::NONE,
            records: Vec::new(),
            base: 0,
            causes: Vec::new(),
            reads: Reads::default(),
            defines: Memos::default(),
            lets: Memos::default(),
            event: Memos::default(),
            watch: None,
            plain: false,
            unfolded: 0,
            doubts: 0,
        }
    }

    /// Asks the same of another day; what was worked out for this one is forgotten. Gives the day before.
    pub fn turn_to(&mut self, day: DayRange) -> DayRange {
        self.defines.clear();
        self.lets.clear();
        std::mem::replace(&mut self.today, day)
    }

    /// The day that `as_of` means.
    pub(super) fn today(&self) -> DayRange {
        self.today
    }

    /// Turns to another clause or record: its event and its `let`s are worked out afresh.
    pub fn enter(&mut self, local: Local<'a>) {
        self.local = local;
        self.lets.clear();
        self.event.clear();
        self.causes.clear();
        self.reads = Reads::default();
    }

    /// Puts a record beside the one that is worked out, for an expression that names it.
    pub fn put_beside(&mut self, record: Option<RecordAt<'a>>) {
        self.records.clear();
        self.records.extend(record);
    }

    /// The clause's event date.
    pub fn event(&mut self) -> DayRange {
        let Some(node) = self.local.event else { return DayRange::point(self.as_of) };
        match self.remembered(0, node, |context| &mut context.event) {
            Value::Date(range) => range,
            _ => DayRange::ANY,
        }
    }

    /// The value of a `let`.
    pub(super) fn let_value(&mut self, place: usize) -> Option<Value> {
        let node = self.local.lets.get(place)?;
        Some(self.remembered(place, node, |context| &mut context.lets))
    }

    /// The value of a definition.
    pub(super) fn define_value(&mut self, place: usize) -> Option<Value> {
        let names = self.names;
        let node = &names.defines.get(place)?.node;
        Some(self.remembered(place, node, |context| &mut context.defines))
    }

    fn remembered(&mut self, place: usize, node: &Node, of: fn(&mut Self) -> &mut Memos) -> Value {
        if let Some(Some(memo)) = of(self).0.get(place).cloned() {
            self.causes.extend(memo.causes);
            self.reads.extend(&memo.reads);
            return memo.value;
        }
        let mark = self.causes.len();
        let outer_reads = std::mem::take(&mut self.reads);
        // The expression has records of its own; those of the expression that uses it are out of its sight.
        let outer_base = std::mem::replace(&mut self.base, self.records.len());
        let value = node.eval(self);
        self.base = outer_base;
        // Each once: what is used twice in what is used twice would otherwise be there four times.
        let mut causes = self.causes.split_off(mark.min(self.causes.len()));
        tidy(&mut causes);
        self.causes.extend_from_slice(&causes);
        let reads = std::mem::replace(&mut self.reads, outer_reads);
        self.reads.extend(&reads);
        let memos = &mut of(self).0;
        if memos.len() <= place {
            memos.resize_with(place + 1, || None);
        }
        if let Some(memo) = memos.get_mut(place) {
            *memo = Some(Memo { value: value.clone(), causes, reads });
        }
        value
    }

    /// Notes that something has no value.
    pub fn problem(&mut self, problem: Problem, span: &Span) {
        self.causes.push(Cause::Problem(problem, span.clone()));
    }
}
