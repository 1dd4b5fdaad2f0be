//! What a change does to those whom it concerns: two runs over the same applicants, held against each other. **Bounds are
//! sound**: what is open on either side leaves an interval, and a clause that no change can reach differs by exactly 0.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::diff::Diff;
use crate::expr::formula::UnitName;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Interval, Number};

/// What one row came to in one run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The applicant's id, or the line where there is none.
    pub id: String,
    /// The name.
    pub name: String,
    /// What each clause came to; none: the row was refused.
    pub clauses: Option<BTreeMap<String, OfLine>>,
    /// The sum of all that counts.
    pub total: Option<Interval>,
}

/// What a clause came to for an applicant, over all its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfLine {
    /// What is awarded, in 元.
    pub awarded: Interval,
    /// What it comes to.
    pub state: State,
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

impl OfLine {
    const NONE: OfLine = OfLine { awarded: Interval::ZERO, state: State::Nothing };

    /// Together with another record.
    #[must_use]
    pub fn and(self, other: OfLine) -> OfLine {
        let state = match (self.state, other.state) {
            (State::Open, _) | (_, State::Open) => State::Open,
            (one, two) => one.max(two),
        };
        OfLine { awarded: plus(self.awarded, other.awarded), state }
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
    /// Whether no change can reach it.
    pub untouched: bool,
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
    /// What is awarded in all before, after, and the difference.
    pub sums: [Interval; 3],
    /// How many applicants gain, lose, stay, and may do either.
    pub counts: Counts,
    /// Clause by clause, those of the old policy first.
    pub clauses: Vec<OfClause>,
    /// Who surely gains most, and loses most: ten each.
    pub most: [Vec<(String, String, Interval)>; 2],
    /// How many differences lie between each of [`STEPS`] and the next; those that are not known are not among them.
    pub spread: Vec<u64>,
    /// What amounts are in.
    pub money: UnitName,
    places: HashMap<String, usize>,
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

/// The ids of the clauses that a change may reach: those that are different, with all that are settled together with them; all
/// of them where something of the policy as a whole is different.
fn touched(diff: &Diff<'_>) -> Option<BTreeSet<String>> {
    let changes: Vec<_> = diff.changes.iter().filter(|change| !change.wording).collect();
    if changes.iter().any(|change| change.clause.is_none()) {
        return None;
    }
    let mut touched: BTreeSet<String> =
        changes.iter().filter_map(|change| change.clause.as_ref().map(|clause| clause.id.clone())).collect();
    // A clause that has another number now is known by both.
    for (old, new) in &diff.pairs {
        if let (Some(old), Some(new)) = (diff.old.clauses.get(*old), diff.new.clauses.get(*new))
            && old.id != new.id
        {
            touched.extend([old.id.clone(), new.id.clone()]);
        }
    }
    let groups: Vec<Vec<String>> = [diff.old, diff.new].into_iter().flat_map(together).collect();
    loop {
        let before = touched.len();
        for group in &groups {
            if group.iter().any(|id| touched.contains(id)) {
                touched.extend(group.iter().cloned());
            }
        }
        if touched.len() == before {
            return Some(touched);
        }
    }
}

/// Clauses of which one may count instead of another.
fn together(policy: &Policy) -> Vec<Vec<String>> {
    let id = |place: &usize| policy.clauses.get(*place).map(|clause| clause.id.clone());
    let mut groups: Vec<Vec<String>> =
        policy.highest_only.iter().map(|rule| rule.clauses.iter().filter_map(id).collect()).collect();
    let mut categories: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for clause in &policy.clauses {
        let displaced = clause.instead_of.iter().filter_map(|displaced| id(&displaced.clause));
        groups.push(std::iter::once(clause.id.clone()).chain(displaced).collect());
        if let Some(category) = clause.category {
            categories.entry(category).or_default().push(clause.id.clone());
        }
    }
    groups.extend(categories.into_values());
    groups
}

impl Effect {
    /// Before any row.
    pub fn new(diff: &Diff<'_>) -> Effect {
        let touched = touched(diff);
        let mut clauses: Vec<OfClause> = Vec::new();
        let mut places = HashMap::new();
        for clause in diff.old.clauses.iter().chain(&diff.new.clauses) {
            places.entry(clause.id.clone()).or_insert_with(|| {
                clauses.push(OfClause {
                    id: clause.id.clone(),
                    title: clause.title.clone(),
                    sums: [Interval::ZERO; 3],
                    counts: Counts::default(),
                    turns: [[0; 3]; 3],
                    untouched: touched.as_ref().is_some_and(|touched| !touched.contains(&clause.id)),
                });
                clauses.len() - 1
            });
        }
        Effect {
            money: diff.new.names.money_name(),
            rows: 0,
            refused: [0; 3],
            sums: [Interval::ZERO; 3],
            counts: Counts::default(),
            clauses,
            most: [Vec::new(), Vec::new()],
            spread: vec![0; STEPS.len() + 1],
            places,
        }
    }

    /// One row on both sides; gives what is different, where anything is or may be.
    pub fn add(&mut self, old: &Outcome, new: &Outcome) -> Option<Moved> {
        let (Some(before), Some(after)) = (&old.clauses, &new.clauses) else {
            let place = match (&old.clauses, &new.clauses) {
                (Some(_), _) => 0,
                (None, Some(_)) => 1,
                (None, None) => 2,
            };
            if let Some(count) = self.refused.get_mut(place) {
                *count += 1;
            }
            return None;
        };
        self.rows += 1;
        let mut moved =
            Moved { id: new.id.clone(), name: new.name.clone(), clauses: Vec::new(), total: Interval::ZERO };
        let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for id in ids {
            let Some(&place) = self.places.get(id) else { continue };
            let Some(clause) = self.clauses.get_mut(place) else { continue };
            let of = |side: &BTreeMap<String, OfLine>| side.get(id).copied().unwrap_or(OfLine::NONE);
            let (was, is) = (of(before), of(after));
            let difference = if clause.untouched && was == is {
                Interval::ZERO
            } else {
                is.awarded.minus(was.awarded).unwrap_or(Interval::ANY)
            };
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
        let (was, is) = (old.total.unwrap_or(Interval::ANY), new.total.unwrap_or(Interval::ANY));
        // Sums may be narrower than their parts together.
        let direct = is.minus(was).unwrap_or(Interval::ANY);
        moved.total = moved.total.meet(direct).unwrap_or(direct);
        self.sums = add([was, is, moved.total], self.sums);
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

/// The same rows of two runs, which come in the same order unless one run refuses a row.
#[derive(Debug, Default)]
pub struct Pairs {
    old: HashMap<String, VecDeque<Outcome>>,
    new: HashMap<String, VecDeque<Outcome>>,
}

impl Pairs {
    /// The next row of the old run, or of the new one; gives both where the other is there.
    pub fn meet(&mut self, is_new: bool, outcome: Outcome) -> Option<(Outcome, Outcome)> {
        let (own, other) = if is_new { (&mut self.new, &mut self.old) } else { (&mut self.old, &mut self.new) };
        let waiting = other.get_mut(&outcome.id).and_then(VecDeque::pop_front);
        match waiting {
            Some(partner) => {
                if other.get(&outcome.id).is_some_and(VecDeque::is_empty) {
                    other.remove(&outcome.id);
                }
                Some(if is_new { (partner, outcome) } else { (outcome, partner) })
            }
            None => {
                own.entry(outcome.id.clone()).or_default().push_back(outcome);
                None
            }
        }
    }

    /// How many have met nobody.
    pub fn left(&self) -> usize {
        self.old.values().chain(self.new.values()).map(VecDeque::len).sum()
    }
}
