//! The columns of a block of rows, and the work of one operation on them.

use crate::columns::calendar;
use crate::columns::op::{Direction, Op, Reg};
use crate::columns::over::{Columns, Listed};
use crate::columns::records::Records;

/// Rows that are worked out together: few enough for the columns to stay in the processor's cache.
pub const BLOCK: usize = 256;

/// The general evaluation may know what it is, or that it is one of several.
pub(super) const ASK: u8 = 1;
/// The general evaluation knows nothing of it either: a truth is open, a number is any number.
pub(super) const OPEN: u8 = 2;

/// One column of a block: a number for each row, and a mark where it is not known.
#[derive(Clone, Debug)]
pub struct Lane {
    pub(super) values: [i64; BLOCK],
    /// 0, [`ASK`] or [`OPEN`].
    pub(super) unknown: [u8; BLOCK],
    /// Whether any row is marked.
    pub(super) marked: bool,
}

/// The columns of a block.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub(super) lanes: Vec<Lane>,
    /// Of lists whose records have lines of their own.
    pub(super) records: Vec<Records>,
    /// Of lists over which something is counted or added up.
    pub(super) lists: Vec<Option<Columns>>,
    /// Memory for columns of their records.
    pub(super) scratch: Vec<Lane>,
}

impl Lane {
    pub(super) const BLANK: Lane = Lane { values: [0; BLOCK], unknown: [0; BLOCK], marked: false };

    /// Puts a row's value in; none: it is not known.
    fn put(&mut self, row: usize, value: Option<i64>) {
        if let (Some(slot), Some(mark)) = (self.values.get_mut(row), self.unknown.get_mut(row)) {
            (*slot, *mark) = (value.unwrap_or(0), if value.is_none() { ASK } else { 0 });
            self.marked |= value.is_none();
        }
    }

    fn mark(&mut self, marks: impl Iterator<Item = u8>) {
        for (own, mark) in self.unknown.iter_mut().zip(marks) {
            *own = mark;
        }
        self.marked = true;
    }
}

impl Lanes {
    /// Room for the columns of a program, with what is the same in every row filled in.
    pub(super) fn new(ops: &[Op], lists: &[Option<Listed>]) -> Lanes {
        let lane = |op: &Op| {
            let mut lane = Lane::BLANK;
            match op {
                Op::Constant(value) => lane.values = [*value; BLOCK],
                Op::Unknown => (lane.unknown, lane.marked) = ([ASK; BLOCK], true),
                _ => {}
            }
            lane
        };
        let lists = lists.iter().map(|list| list.as_ref().map(Listed::columns)).collect();
        Lanes { lanes: ops.iter().map(lane).collect(), records: Vec::new(), lists, scratch: Vec::new() }
    }

    /// Puts a row's value into a column.
    pub(super) fn put(&mut self, reg: Reg, row: usize, value: Option<i64>) {
        self.lanes.get_mut(reg).into_iter().for_each(|lane| lane.put(row, value));
    }

    /// A column.
    pub(super) fn lane(&self, reg: Reg) -> &Lane {
        static NOTHING: Lane = Lane { values: [0; BLOCK], unknown: [ASK; BLOCK], marked: true };
        self.lanes.get(reg).unwrap_or(&NOTHING)
    }

    /// Works one operation out for the first rows.
    pub(super) fn work(&mut self, place: Reg, op: &Op, rows: usize) {
        let Op::Over(over) = op else { return work(&mut self.lanes, place, op, rows) };
        let Some((before, [out, ..])) = self.lanes.split_at_mut_checked(place) else { return };
        match self.lists.get(over.list) {
            Some(Some(records)) => over.work(before, records, &mut self.scratch, out),
            _ => out.mark([ASK; BLOCK].into_iter()),
        }
    }
}

/// Works one operation out, from columns before it, for the first rows.
pub(super) fn work(lanes: &mut [Lane], place: Reg, op: &Op, rows: usize) {
    let Some((before, [out, ..])) = lanes.split_at_mut_checked(place) else { return };
    let get = |reg: &Reg| before.get(*reg);
    match op {
        // What is drawn together from records needs them.
        Op::Constant(_) | Op::Unknown | Op::Input(_) | Op::Over(_) => {}
        Op::Not(a) => compared(out, get(a), get(a), rows, |a, _| 1 - a),
        Op::And(a, b) => {
            let (Some(a), Some(b)) = (get(a), get(b)) else { return };
            junction(out, a, b, rows, 0);
        }
        Op::Or(a, b) => {
            let (Some(a), Some(b)) = (get(a), get(b)) else { return };
            junction(out, a, b, rows, 1);
        }
        Op::Within(a, set) => {
            let Some(a) = get(a) else { return };
            one(out, a, rows, |a| i64::from(set >> (a & 63) & 1 == 1));
        }
        Op::Less(a, b) => compared(out, get(a), get(b), rows, |a, b| i64::from(a < b)),
        Op::AtMost(a, b) => compared(out, get(a), get(b), rows, |a, b| i64::from(a <= b)),
        Op::Differ(a, b) => compared(out, get(a), get(b), rows, |a, b| i64::from(a != b)),
        Op::Equal(a, b) => compared(out, get(a), get(b), rows, |a, b| i64::from(a == b)),
        Op::Minimum(a, b) => two(out, get(a), get(b), rows, i64::min),
        Op::Maximum(a, b) => two(out, get(a), get(b), rows, i64::max),
        Op::Add(a, b) => two_checked(out, get(a), get(b), rows, i64::overflowing_add),
        Op::Subtract(a, b) => two_checked(out, get(a), get(b), rows, i64::overflowing_sub),
        Op::Multiply(a, b) => two_checked(out, get(a), get(b), rows, i64::overflowing_mul),
        Op::Times(a, times) => two_checked(out, get(a), get(a), rows, |a, _| a.overflowing_mul(*times)),
        Op::Steps(a, step, direction) => {
            let Some(a) = get(a) else { return };
            one(out, a, rows, |a| steps(a, *step, *direction));
        }
        Op::Table { index, cells, number } => {
            let Some(index) = get(index) else { return };
            let cell = |index: i64| usize::try_from(index).ok().and_then(|place| cells.get(place).copied().flatten());
            // Where there is no cell, a number may be any number.
            few(out, [index], rows, if *number { OPEN } else { ASK }, |[index]| cell(index));
        }
        Op::Threshold(a, steps) => {
            let Some(a) = get(a) else { return };
            one(out, a, rows, |a| {
                // Few steps: looking at all of them is faster than looking for one.
                steps.iter().fold(0, |so_far, (from, value)| if a >= *from { *value } else { so_far })
            });
        }
        Op::Select(condition, yes, no) => {
            let (Some(condition), Some(yes), Some(no)) = (get(condition), get(yes), get(no)) else { return };
            select(out, condition, yes, no, rows);
        }
        Op::Comes(a) => {
            let Some(a) = get(a) else { return };
            one(out, a, rows, |a| i64::from(calendar::comes(a)));
        }
        Op::Age(birth, on, early) => {
            let (Some(birth), Some(on), Some(early)) = (get(birth), get(on), get(early)) else { return };
            few(out, [birth, on, early], rows, ASK, |[birth, on, early]| calendar::age(birth, on, early));
        }
        Op::MonthsUpTo(from, to, most) => {
            let (Some(from), Some(to), Some(most)) = (get(from), get(to), get(most)) else { return };
            few(out, [from, to, most], rows, ASK, |[from, to, most]| calendar::months_up_to(from, to, most));
        }
        Op::Months(a, b) => days(out, get(a), get(b), rows, calendar::months),
        Op::EndOfMonths(a, b) => days(out, get(a), get(b), rows, calendar::end_of_months),
        Op::PlusMonths(a, b) => days(out, get(a), get(b), rows, calendar::plus_months),
        Op::PlusDays(a, b) => days(out, get(a), get(b), rows, calendar::plus_days),
        Op::DaysBetween(a, b) => days(out, get(a), get(b), rows, calendar::days_between),
        Op::MonthStart(a) => days(out, get(a), get(a), rows, |a, _| calendar::month_start(a)),
        Op::MonthEnd(a) => days(out, get(a), get(a), rows, |a, _| calendar::month_end(a)),
        Op::Year(a) => days(out, get(a), get(a), rows, |a, _| calendar::year(a)),
        Op::Month(a) => days(out, get(a), get(a), rows, |a, _| calendar::month(a)),
        Op::DayOfMonth(a) => days(out, get(a), get(a), rows, |a, _| calendar::day_of_month(a)),
    }
}

/// How many whole steps a number is.
fn steps(number: i64, step: i64, direction: Direction) -> i64 {
    let (floor, rest) = (number.div_euclid(step), number.rem_euclid(step));
    let up = match direction {
        Direction::Down => false,
        Direction::Up => rest != 0,
        // Below zero the middle goes down, away from zero. The step is far below half of what fits.
        Direction::HalfUp => rest * 2 > step || (rest * 2 == step && number >= 0),
    };
    floor + i64::from(up)
}

fn one(out: &mut Lane, a: &Lane, rows: usize, of: impl Fn(i64) -> i64) {
    for (out, a) in out.values.iter_mut().zip(&a.values).take(rows) {
        *out = of(*a);
    }
    out.marked = false;
    out.unknown = [0; BLOCK];
    if a.marked {
        out.mark(a.unknown.iter().map(|mark| u8::from(*mark != 0)));
    }
}

fn two(out: &mut Lane, a: Option<&Lane>, b: Option<&Lane>, rows: usize, of: impl Fn(i64, i64) -> i64) {
    let (Some(a), Some(b)) = (a, b) else { return };
    for ((out, a), b) in out.values.iter_mut().zip(&a.values).zip(&b.values).take(rows) {
        *out = of(*a, *b);
    }
    either(out, a, b);
}

/// A comparison with any number is an open truth.
fn compared(out: &mut Lane, a: Option<&Lane>, b: Option<&Lane>, rows: usize, of: impl Fn(i64, i64) -> i64) {
    two(out, a, b, rows, of);
    let (Some(a), Some(b)) = (a, b) else { return };
    if out.marked {
        let marks = a.unknown.iter().zip(&b.unknown).map(|(a, b)| a | b);
        out.mark(marks.map(|mark| if mark & ASK != 0 { ASK } else { mark }));
    }
}

/// What depends on both is not known where one is not.
fn either(out: &mut Lane, a: &Lane, b: &Lane) {
    out.marked = false;
    out.unknown = [0; BLOCK];
    if a.marked || b.marked {
        out.mark(a.unknown.iter().zip(&b.unknown).map(|(a, b)| u8::from(a | b != 0)));
    }
}

fn two_checked(out: &mut Lane, a: Option<&Lane>, b: Option<&Lane>, rows: usize, of: impl Fn(i64, i64) -> (i64, bool)) {
    let (Some(a), Some(b)) = (a, b) else { return };
    let mut any = false;
    for ((out, a), b) in out.values.iter_mut().zip(&a.values).zip(&b.values).take(rows) {
        let (value, over) = of(*a, *b);
        *out = value;
        any |= over;
    }
    either(out, a, b);
    if any {
        let over = a.values.iter().zip(&b.values).map(|(a, b)| u8::from(of(*a, *b).1));
        for (mark, over) in out.unknown.iter_mut().zip(over).take(rows) {
            *mark |= over;
        }
        out.marked = true;
    }
}

/// `and` (decided by 0) and `or` (decided by 1): one side that decides is enough, known or not the other.
fn junction(out: &mut Lane, a: &Lane, b: &Lane, rows: usize, decides: i64) {
    for ((out, a), b) in out.values.iter_mut().zip(&a.values).zip(&b.values).take(rows) {
        *out = if decides == 0 { a & b } else { a | b };
    }
    out.marked = false;
    out.unknown = [0; BLOCK];
    if !(a.marked || b.marked) {
        return;
    }
    let sides = a.values.iter().zip(&a.unknown).zip(b.values.iter().zip(&b.unknown));
    let marks = out.values.iter_mut().zip(&mut out.unknown);
    for ((out, mark), ((a, a_open), (b, b_open))) in marks.zip(sides).take(rows) {
        let decided = (*a_open == 0 && *a == decides) || (*b_open == 0 && *b == decides);
        *mark = match a_open | b_open {
            _ if decided => 0,
            open if open & ASK != 0 => ASK,
            open => open,
        };
        if decided {
            *out = decides;
        }
    }
    out.marked = true;
}

fn select(out: &mut Lane, condition: &Lane, yes: &Lane, no: &Lane, rows: usize) {
    let values = condition.values.iter().zip(yes.values.iter().zip(&no.values));
    for (out, (condition, (yes, no))) in out.values.iter_mut().zip(values).take(rows) {
        *out = if *condition != 0 { *yes } else { *no };
    }
    out.marked = false;
    out.unknown = [0; BLOCK];
    if condition.marked || yes.marked || no.marked {
        let open = condition.unknown.iter().zip(&condition.values).zip(yes.unknown.iter().zip(&no.unknown));
        let taken = |((open, condition), (yes, no)): ((&u8, &i64), (&u8, &u8))| match open {
            0 if *condition != 0 => *yes,
            0 => *no,
            _ => ASK,
        };
        out.mark(open.map(taken));
    }
}

fn days(out: &mut Lane, a: Option<&Lane>, b: Option<&Lane>, rows: usize, of: impl Fn(i64, i64) -> Option<i64>) {
    let (Some(a), Some(b)) = (a, b) else { return };
    few(out, [a, b], rows, ASK, |[a, b]| of(a, b));
}

/// What may have no value in a row, and then gets the mark `none`.
fn few<const N: usize>(out: &mut Lane, of: [&Lane; N], rows: usize, none: u8, value: impl Fn([i64; N]) -> Option<i64>) {
    let marked = of.iter().any(|lane| lane.marked);
    let mut any = false;
    let mut columns = of.map(|lane| lane.values.iter());
    for (row, (out, mark)) in out.values.iter_mut().zip(&mut out.unknown).enumerate().take(rows) {
        let values = columns.each_mut().map(|column| column.next().copied().unwrap_or(0));
        let open = marked && of.iter().any(|lane| lane.unknown.get(row) != Some(&0));
        let found = if open { None } else { value(values) };
        *out = found.unwrap_or(0);
        *mark = match found {
            Some(_) => 0,
            None if open => ASK,
            None => none,
        };
        any |= found.is_none();
    }
    out.marked = any;
}
