//! What a change does to those whom it concerns, over the same completions of what is open ([`crate::assess::pair`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::twins::{Twin, Twins};
use crate::diff::Change;
use crate::expr::formula::UnitName;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Interval, Number};

/// What one applicant came to under both policies.
#[derive(Clone, Debug)]
pub struct Met {
    /// The applicant's id, or the line where there is none.
    pub id: String,
    /// The name.
    pub name: String,
    /// Under the old policy and under the new one; none: the row was refused there.
    pub sides: [Option<Outcome>; 2],
    /// For each clause of [`Twins::clauses`](crate::assess::twins::Twins) the difference, over the same completions of what is
    /// open; `None` where no change reaches it.
    pub differences: Vec<Option<Interval>>,
    /// The difference of all of them together.
    pub total: Interval,
    /// Whether bounds are perhaps not reached.
    pub loose: bool,
}

/// What an applicant came to under one of them.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What each clause came to that applies, by its place among the clauses of both.
    pub clauses: BTreeMap<usize, OfLine>,
    /// The sum of all that counts.
    pub total: Interval,
}

/// What a clause came to for an applicant, over all its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfLine {
    /// What is awarded, in 元.
    pub awarded: Interval,
    /// What it comes to.
    pub state: State,
    /// Whether a limit over all applicants was shared out.
    pub settled: bool,
}

/// What a clause comes to for an applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing.
    Nothing,
    /// Something is open.
    Open,
    /// It is met, or pays.
    Paid,
}

impl Met {
    /// Of whom nothing is known yet.
    pub fn new(id: String) -> Met {
        let (name, sides, differences) = (String::new(), [None, None], Vec::new());
        Met { id, name, sides, differences, total: Interval::ZERO, loose: false }
    }
}

impl OfLine {
    const NONE: OfLine = OfLine { awarded: Interval::ZERO, state: State::Nothing, settled: false };

    /// Together with another record.
    #[must_use]
    pub fn and(self, other: OfLine) -> OfLine {
        let state = match (self.state, other.state) {
            (State::Open, _) | (_, State::Open) => State::Open,
            (one, two) => one.max(two),
        };
        OfLine { awarded: plus(self.awarded, other.awarded), state, settled: self.settled || other.settled }
    }
}

/// What is different for one applicant.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Each clause that is or may be different: its place among [`Effect::clauses`], before, after, and the difference.
    pub clauses: Vec<(usize, OfLine, OfLine, Interval)>,
    /// The difference in all.
    pub total: Interval,
}

/// A clause over all applicants.
#[derive(Clone, Debug)]
pub struct OfClause {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What is awarded before, after, and the difference.
    pub sums: [Interval; 3],
    /// For how many it is more, less, and not known.
    pub counts: Counts,
    /// How many go from one state to another: `[before][after]`, by [`State`].
    pub turns: [[u64; 3]; 3],
}

/// How many gain, lose, stay, and may do either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Surely more.
    pub gain: u64,
    /// Surely less.
    pub lose: u64,
    /// Surely the same.
    pub same: u64,
    /// Not known.
    pub open: u64,
}

impl Counts {
    fn add(&mut self, difference: Interval) {
        *match sign(difference) {
            Some(1) => &mut self.gain,
            Some(-1) => &mut self.lose,
            Some(_) => &mut self.same,
            None => &mut self.open,
        } += 1;
    }
}

/// What a change does.
#[derive(Debug)]
pub struct Effect {
    /// How many rows both sides could use.
    pub rows: u64,
    /// Rows that only the old side, only the new side, and neither could use.
    pub refused: [u64; 3],
    /// Rows of lists that belong to no applicant.
    pub left: u64,
    /// What is awarded in all before, after, and the difference.
    pub sums: [Interval; 3],
    /// How many applicants gain, lose, stay, and may do either.
    pub counts: Counts,
    /// Of how many of these not every case was told apart: bounds hold, and are perhaps not reached.
    pub loose: u64,
    /// Clause by clause, those of the old policy first.
    pub clauses: Vec<OfClause>,
    /// Who surely gains most, and loses most: ten each.
    pub most: [Vec<(String, String, Interval)>; 2],
    /// How many differences lie between each of [`STEPS`] and the next; those that are not known are not among them.
    pub spread: Vec<u64>,
    /// What amounts are in.
    pub money: UnitName,
    /// Where it was asked: what each part of the change does alone, and what is left of the difference in all.
    pub by_change: Option<(Vec<OfPart>, Interval)>,
}

/// What a part of the change does alone.
#[derive(Debug)]
pub struct OfPart {
    /// What is different.
    pub changes: Vec<Change>,
    /// The difference in all.
    pub difference: Interval,
    /// How many applicants gain, lose, stay, and may do either.
    pub counts: Counts,
}

/// The lower ends of the distribution, in 元; below the first and above the last there is one more each.
pub const STEPS: &[i64] = &[-100_000, -10_000, -1_000, 0, 1_000, 10_000, 100_000];

/// How many are listed on either side.
const LISTED: usize = 10;

fn plus(a: Interval, b: Interval) -> Interval {
    a.plus(b).unwrap_or(Interval::ANY)
}

/// 1, −1 or 0 where that is sure.
fn sign(difference: Interval) -> Option<i8> {
    match difference {
        Interval::ZERO => Some(0),
        _ if difference.lo > Bound::ZERO => Some(1),
        _ if difference.hi < Bound::ZERO => Some(-1),
        _ => None,
    }
}

impl Effect {
    /// Before any row.
    pub fn new(twins: &Twins<'_>) -> Effect {
        let of = |twin: &Twin| {
            let [old, new] = twin.places;
            let own = |policy: &Policy, place: Option<usize>| {
                policy.clauses.get(place?).map(|clause| (clause.id.clone(), clause.title.clone()))
            };
            let (id, title) = own(twins.old, old).or_else(|| own(twins.new, new)).unwrap_or_default();
            OfClause { id, title, sums: [Interval::ZERO; 3], counts: Counts::default(), turns: [[0; 3]; 3] }
        };
        Effect {
            money: twins.new.names.money_name(),
            rows: 0,
            refused: [0; 3],
            left: 0,
            sums: [Interval::ZERO; 3],
            counts: Counts::default(),
            loose: 0,
            clauses: twins.clauses.iter().map(of).collect(),
            most: [Vec::new(), Vec::new()],
            spread: vec![0; STEPS.len() + 1],
            by_change: None,
        }
    }

    /// Takes over what each part does alone; the rest is what they do together.
    pub fn divide(&mut self, parts: Vec<OfPart>) {
        let [_, _, whole] = self.sums;
        let alone = parts.iter().fold(Interval::ZERO, |sum, part| plus(sum, part.difference));
        let rest = whole.minus(alone).unwrap_or(Interval::ANY);
        self.by_change = Some((parts, rest));
    }

    /// One applicant under both; gives what is different, where anything is or may be.
    pub fn add(&mut self, met: &Met) -> Option<Moved> {
        let (before, after) = match &met.sides {
            [Some(before), Some(after)] => (before, after),
            sides => {
                let [old, new, none] = &mut self.refused;
                *(match sides {
                    [Some(_), None] => old,
                    [None, Some(_)] => new,
                    _ => none,
                }) += 1;
                return None;
            }
        };
        self.rows += 1;
        let mut moved =
            Moved { id: met.id.clone(), name: met.name.clone(), clauses: Vec::new(), total: Interval::ZERO };
        // What several claim was shared out since clauses were looked at together.
        let mut settled = false;
        let places: BTreeSet<usize> = before.clauses.keys().chain(after.clauses.keys()).copied().collect();
        for place in places {
            let Some(clause) = self.clauses.get_mut(place) else { continue };
            let of = |side: &Outcome| side.clauses.get(&place).copied().unwrap_or(OfLine::NONE);
            let (was, is) = (of(before), of(after));
            let apart = is.awarded.minus(was.awarded).unwrap_or(Interval::ANY);
            let difference = match met.differences.get(place).copied().flatten() {
                None if was == is => Interval::ZERO,
                // What several claim was shared out since.
                _ if was.settled || is.settled => apart,
                None => apart,
                // Both are sound, so what both leave possible is too.
                Some(found) => found.meet(apart).unwrap_or(apart),
            };
            settled |= difference != Interval::ZERO && (was.settled || is.settled);
            clause.sums = add([was.awarded, is.awarded, difference], clause.sums);
            clause.counts.add(difference);
            if let Some(count) = clause.turns.get_mut(was.state as usize).and_then(|row| row.get_mut(is.state as usize))
            {
                *count += 1;
            }
            moved.total = plus(moved.total, difference);
            if difference != Interval::ZERO || was.state != is.state {
                moved.clauses.push((place, was, is, difference));
            }
        }
        // Sums may be narrower than their parts together.
        let direct = after.total.minus(before.total).unwrap_or(Interval::ANY);
        moved.total = moved.total.meet(direct).unwrap_or(direct);
        if let Some(total) = moved.total.meet(met.total).filter(|_| !settled) {
            moved.total = total;
        }
        self.loose += u64::from(met.loose && moved.total.as_point().is_none());
        self.sums = add([before.total, after.total, moved.total], self.sums);
        self.counts.add(moved.total);
        self.list(&moved);
        (!moved.clauses.is_empty()).then_some(moved)
    }

    fn list(&mut self, moved: &Moved) {
        let Some(point) = moved.total.as_point() else { return };
        let place = STEPS.iter().take_while(|step| point >= Number::whole(**step)).count();
        if point != Number::ZERO
            && let Some(count) = self.spread.get_mut(place)
        {
            *count += 1;
        }
        let [up, down] = &mut self.most;
        let (list, order) = match sign(moved.total) {
            Some(1) => (up, 1),
            Some(-1) => (down, -1),
            _ => return,
        };
        list.push((moved.id.clone(), moved.name.clone(), moved.total));
        // Who came first stays first among equals.
        list.sort_by(|a, b| if order > 0 { b.2.lo.cmp(&a.2.lo) } else { a.2.hi.cmp(&b.2.hi) });
        list.truncate(LISTED);
    }
}

fn add([a, b, c]: [Interval; 3], [x, y, z]: [Interval; 3]) -> [Interval; 3] {
    [plus(a, x), plus(b, y), plus(c, z)]
}
