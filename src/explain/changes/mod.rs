//! What would change a line: one thing at a time is changed and the line worked out again, and the smallest change is kept.

mod records;
mod values;

use crate::assess::slot::Slot;
use crate::explain::edit::Edit;
use crate::explain::judge::{Judge, Seen, is_better, rank};
use crate::explain::ladder::{Ladder, days};
use crate::explain::model::{Change, What};
use crate::explain::reach::Reach;
use crate::explain::search::Tried;
use crate::value::{Interval, Value};

/// The evaluation date is moved by at most this many days: five years.
const LATEST: i64 = 1_826;

/// What is wanted of a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    /// The condition at this place holds.
    Meets(usize),
    /// The line is better.
    Better,
}

/// A change that was found, and for what.
pub(super) struct Found {
    pub goal: Goal,
    pub edit: Edit,
    pub change: Change,
}

/// The search for one line.
pub(super) struct Search<'a> {
    pub judge: &'a Judge<'a>,
    pub before: &'a Seen,
    pub goals: &'a [Goal],
    /// Whether a condition may be met at the price of a worse conclusion.
    pub lax: bool,
    /// What is awarded over all clauses as it is.
    pub total: Interval,
    pub found: Vec<Found>,
}

impl Search<'_> {
    /// Tries everything that the clause can read, in the order in which it reads it, and last a later day.
    pub fn run(mut self, reach: &Reach) -> Vec<Found> {
        let policy = self.judge.policy;
        let inputs = self.judge.applicant.inputs.get(self.judge.at).map_or(&[][..], Vec::as_slice);
        let each = self.judge.clause.each.as_ref();
        for &place in reach.inputs.iter().filter(|place| Reach::is_fact(policy, **place)) {
            let (Some(input), Some(value)) = (policy.names.inputs.get(place), inputs.get(place)) else { continue };
            match value {
                Value::List(list) if each.is_none_or(|each| each.input != place) => {
                    self.records(place, input, list);
                    self.fields(place, input, list, reach, None);
                }
                Value::List(list) => match self.judge.record {
                    Some(record) => self.fields(place, input, list, reach, Some(record)),
                    None => self.first(place, input, list),
                },
                value => self.value(Slot::Input(place), input, value, 1),
            }
        }
        if let (Some(each), None) = (each, self.judge.record)
            && !reach.inputs.contains(&each.input)
            && let (Some(input), Some(Value::List(list))) =
                (policy.names.inputs.get(each.input), inputs.get(each.input))
        {
            self.first(each.input, input, list);
        }
        if let (Some(each), Some(record)) = (each, self.judge.record)
            && !reach.inputs.contains(&each.input)
            && let (Some(input), Some(Value::List(list))) =
                (policy.names.inputs.get(each.input), inputs.get(each.input))
        {
            self.fields(each.input, input, list, reach, Some(record));
        }
        self.later();
        self.found
    }

    fn reached(&self, goal: Goal, seen: &Seen) -> bool {
        match goal {
            Goal::Meets(place) => {
                let meets = seen.holds.get(place).is_some_and(|holds| holds.is_true());
                meets && (self.lax || rank(seen.outcome.status) >= rank(self.before.outcome.status))
            }
            Goal::Better => is_better(&seen.outcome, &self.before.outcome),
        }
    }

    fn keep(&mut self, goal: Goal, edit: Edit, what: What, seen: &Seen) {
        let known = self.found.iter().find(|found| same(&found.change.what, &what));
        let total = match (&edit, known) {
            (Edit::On(_), _) => None,
            (_, Some(known)) => known.change.total,
            (edit, None) => self.judge.total_after(std::slice::from_ref(edit)).map(|after| (self.total, after)),
        };
        let change = change(what, self.before, seen, total);
        self.found.push(Found { goal, edit, change });
    }

    /// The nearest later evaluation date that does.
    fn later(&mut self) {
        let judge = self.judge;
        let Some(ladder) = Ladder::from_day(judge.applicant.as_of) else { return };
        let day = |steps: i64| match ladder.value(steps)? {
            Value::Date(range) => range.as_point(),
            _ => None,
        };
        let mut try_out = |steps: i64| judge.after(&[Edit::On(day(steps)?)]);
        let mut tried = Tried::new(&mut try_out);
        // Every month is a stop, so that no short window is passed over.
        let months: Vec<i64> = (1..=LATEST / 30).map(|month| month * 30).collect();
        for &goal in self.goals {
            let most = LATEST.min(ladder.up);
            let steps = tried.fewest(1, 1, most, &months, &|seen| self.reached(goal, seen));
            let found = steps.and_then(|steps| Some((steps, day(steps)?, tried.at(steps)?)));
            let Some((steps, to, seen)) = found else { continue };
            let what = What::Later { to, by: days(steps, &judge.policy.names) };
            self.keep(goal, Edit::On(to), what, &seen);
        }
    }
}

/// A change with the line before and after it.
fn change(what: What, before: &Seen, after: &Seen, total: Option<(Interval, Interval)>) -> Change {
    let more = |of: fn(&Seen) -> Option<Interval>| {
        let before = of(before).unwrap_or(Interval::ZERO);
        let gain = of(after)?.minus(before)?.as_point()?;
        (gain > crate::value::Number::ZERO).then(|| Interval::point(gain))
    };
    Change {
        what,
        outcome: after.outcome,
        gain: more(|seen| seen.outcome.awarded),
        lifetime_gain: more(|seen| seen.outcome.lifetime),
        total,
    }
}

/// Whether two changes are one.
pub(super) fn same(one: &What, other: &What) -> bool {
    match (one, other) {
        (What::Fact { fact: a, to: x, .. }, What::Fact { fact: b, to: y, .. }) => a == b && x == y,
        (What::Records { list: a, count: x, like: p }, What::Records { list: b, count: y, like: q }) => {
            a == b && x == y && p == q
        }
        (What::Later { to: a, .. }, What::Later { to: b, .. }) => a == b,
        _ => false,
    }
}
