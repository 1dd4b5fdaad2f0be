//! What an evaluation reads, and what it leaves behind: why a result is open, and which readings it used.

use std::cell::RefCell;
use std::rc::Rc;

use crate::expr::came_to::Results;
use crate::expr::names::Names;
use crate::expr::program::Node;
use crate::expr::suppose::Suppose;
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
    /// The first so many, where several are equal and not all of them are among these.
    Tied,
}

/// Which inputs were read, as a set of places. The first few hundred need no memory of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    first: [u64; Reads::FIRST],
    rest: Vec<u64>,
}

impl Reads {
    const FIRST: usize = 4;

    /// Adds a place.
    pub fn insert(&mut self, place: usize) {
        let (cell, bit) = (place / 64, place % 64);
        if cell >= Reads::FIRST + self.rest.len() {
            self.rest.resize(cell + 1 - Reads::FIRST, 0);
        }
        let cell = self.first.get_mut(cell).or_else(|| self.rest.get_mut(cell.saturating_sub(Reads::FIRST)));
        if let Some(cell) = cell {
            *cell |= 1 << bit;
        }
    }

    /// Adds the places of another set.
    pub fn extend(&mut self, other: &Reads) {
        if self.rest.len() < other.rest.len() {
            self.rest.resize(other.rest.len(), 0);
        }
        let own = self.first.iter_mut().chain(&mut self.rest);
        for (cell, more) in own.zip(other.first.iter().chain(&other.rest)) {
            *cell |= more;
        }
    }

    /// The places that are in both.
    pub fn meet(mut self, other: &Reads) -> Reads {
        self.rest.truncate(other.rest.len());
        let own = self.first.iter_mut().chain(&mut self.rest);
        own.zip(other.first.iter().chain(&other.rest)).for_each(|(cell, other)| *cell &= other);
        self
    }

    /// Whether a place is in it.
    pub fn contains(&self, place: usize) -> bool {
        let cell = place / 64;
        let cell = self.first.get(cell).or_else(|| self.rest.get(cell.saturating_sub(Reads::FIRST)));
        cell.is_some_and(|cell| cell & (1 << (place % 64)) != 0)
    }
}

/// Which inputs several evaluations asked for that a result can hang on.
#[derive(Debug, Default)]
pub struct Asked(RefCell<Reads>);

impl Asked {
    /// Adds what an evaluation asked for.
    pub fn take_in(&self, context: &Context<'_>) {
        self.0.borrow_mut().extend(&context.asked);
    }

    /// Whether an input was asked for.
    pub fn contains(&self, place: usize) -> bool {
        self.0.borrow().contains(place)
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

impl RecordAt<'_> {
    /// Whether it is a record of its list, and not what stands for one more than there are.
    pub fn is_listed(&self, names: &Names) -> bool {
        let any = names.lists.get(self.list).map(|list| &list.any);
        !any.is_some_and(|any| std::ptr::eq(any, self.record))
    }
}

/// Which records of a list nothing tells apart.
#[derive(Debug)]
pub(super) struct Alike(Vec<usize>);

impl Alike {
    /// The place of the first record that is like the one at a place.
    pub fn of(&self, place: usize) -> Option<usize> {
        self.0.get(place).copied()
    }
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
    /// Which inputs were read since the evaluation began, whatever for, but to show something.
    asked: Reads,
    /// Whether what is evaluated is only to be shown, and no result hangs on it.
    for_show: bool,
    defines: Memos,
    lets: Memos,
    /// The event date at the only place.
    event: Memos,
    /// What is worked out for a window at the only place, and the window.
    of_window: (DayRange, Memos),
    /// Of lists, by their inputs, which records are alike.
    alike: Vec<(usize, Rc<Alike>)>,
    /// What clauses came to so far.
    pub results: Results,
    /// Whether what they come to is taken over their whole term.
    pub(super) whole: bool,
    /// Who is told what every part of an expression came to.
    pub watch: Option<&'a Watch>,
    /// What is supposed of comparisons that are open.
    pub suppose: Option<&'a Suppose<'a>>,
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
            asked: Reads::default(),
            for_show: false,
            defines: Memos::default(),
            lets: Memos::default(),
            event: Memos::default(),
            of_window: (DayRange::ANY, Memos::default()),
            alike: Vec::new(),
            results: Results::default(),
            whole: false,
            watch: None,
            suppose: None,
            plain: false,
            unfolded: 0,
            doubts: 0,
        }
    }

    /// Notes that an input is read.
    pub(super) fn read(&mut self, place: usize) {
        self.reads.insert(place);
        if !self.for_show {
            self.asked.insert(place);
        }
    }

    /// Whether what is evaluated is only to be shown.
    pub fn only_shows(&self) -> bool {
        self.for_show
    }

    /// Says whether what follows is only to be shown: whatever it comes to, no result hangs on it.
    pub fn show_only(&mut self, shows: bool) {
        self.for_show = shows;
    }

    /// Works out what is perhaps only to be shown, and gives what it asks for; [`Context::ask`] says that something hangs on it.
    pub fn aside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, Reads) {
        let outer = (std::mem::take(&mut self.reads), std::mem::replace(&mut self.for_show, true));
        let found = work(self);
        let reads = std::mem::replace(&mut self.reads, outer.0);
        self.for_show = outer.1;
        self.reads.extend(&reads);
        (found, reads)
    }

    /// Notes that a result hangs on what was asked for aside.
    pub fn ask(&mut self, reads: &Reads) {
        if !self.for_show {
            self.asked.extend(reads);
        }
    }

    /// Works something out apart from what was before: what it gives, why that is open, what it read, and what it asked for.
    pub fn apart<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, Vec<Cause>, Reads, Reads) {
        let causes = std::mem::take(&mut self.causes);
        let (reads, asked) = (std::mem::take(&mut self.reads), std::mem::take(&mut self.asked));
        let found = work(self);
        let causes = std::mem::replace(&mut self.causes, causes);
        (found, causes, std::mem::replace(&mut self.reads, reads), std::mem::replace(&mut self.asked, asked))
    }

    /// Takes over what was worked out apart.
    pub fn take_over(&mut self, causes: &[Cause], reads: &Reads, asked: &Reads) {
        self.causes.extend_from_slice(causes);
        self.reads.extend(reads);
        self.ask(asked);
    }

    /// Asks the same of another day; what was worked out for this one is forgotten. Gives the day before.
    pub fn turn_to(&mut self, day: DayRange) -> DayRange {
        self.defines.clear();
        self.lets.clear();
        self.of_window.1.clear();
        std::mem::replace(&mut self.today, day)
    }

    /// Forgets what the `let`s came to.
    pub(super) fn forget_lets(&mut self) {
        self.lets.clear();
    }

    /// What was asked for since the evaluation began.
    pub fn asked_so_far(&self) -> &Reads {
        &self.asked
    }

    /// The day that `as_of` means.
    pub(super) fn today(&self) -> DayRange {
        self.today
    }

    /// Turns to another clause or record: its event and its `let`s are worked out afresh.
    pub fn enter(&mut self, local: Local<'a>) {
        self.local = local;
        self.whole = false;
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

    /// The record beside the one that is worked out.
    pub fn beside(&self) -> Option<RecordAt<'a>> {
        self.records.first().copied()
    }

    /// Which records of the list in an input are alike, worked out once.
    pub(super) fn alike(&mut self, input: usize, list: usize) -> Option<Rc<Alike>> {
        if let Some((_, known)) = self.alike.iter().find(|(place, _)| *place == input) {
            return Some(Rc::clone(known));
        }
        let Some(Value::List(records)) = self.inputs.get(input) else { return None };
        let alike = Rc::new(Alike(self.names.lists.get(list)?.first_alike(&records.records)));
        self.alike.push((input, Rc::clone(&alike)));
        Some(alike)
    }

    /// The clause's event date.
    pub fn event(&mut self) -> DayRange {
        let Some(node) = self.local.event else { return DayRange::point(self.as_of) };
        match self.remembered(0, node, |context| &mut context.event) {
            Value::Date(range) => range,
            _ => DayRange::ANY,
        }
    }

    /// The value of an expression of the policy, always the same one, that asks for nothing of a clause but its window: it is
    /// worked out once for clauses of the same.
    pub fn of_window(&mut self, node: &Node) -> Value {
        if self.of_window.0 != self.local.window {
            self.of_window.0 = self.local.window;
            self.of_window.1.clear();
        }
        self.remembered(0, node, |context| &mut context.of_window.1)
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
        let memos = std::mem::take(of(self));
        if let Some(Some(memo)) = memos.0.get(place) {
            self.causes.extend_from_slice(&memo.causes);
            self.reads.extend(&memo.reads);
            // It was perhaps worked out to be shown.
            if !self.for_show {
                self.asked.extend(&memo.reads);
            }
            let value = memo.value.clone();
            *of(self) = memos;
            return value;
        }
        *of(self) = memos;
        let mark = self.causes.len();
        let outer_reads = std::mem::take(&mut self.reads);
        // The expression has records of its own; those of the expression that uses it are out of its sight.
        let outer_base = std::mem::replace(&mut self.base, self.records.len());
        let value = node.eval(self);
        self.base = outer_base;
        // Each once: what is used twice in what is used twice would otherwise be there four times.
        let mut causes: Vec<Cause> = self.causes.drain(mark.min(self.causes.len())..).collect();
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
