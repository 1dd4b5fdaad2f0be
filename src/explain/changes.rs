//! What would change a line: one thing at a time is changed and the line worked out again, and the smallest change is kept.

use crate::assess::naming;
use crate::assess::split::Slot;
use crate::explain::edit::Edit;
use crate::explain::judge::{Judge, Seen, is_better, rank};
use crate::explain::ladder::{Ladder, days};
use crate::explain::model::{Change, What};
use crate::explain::reach::Reach;
use crate::explain::search::Tried;
use crate::expr::explain::{show, show_input};
use crate::expr::formula::Shown;
use crate::expr::names::Input;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Day, DayRange, Interval, List, Record, Value, Words};

/// Records of a list beyond these are not changed.
const MOST_RECORDS: usize = 12;
/// So many more records of a list that is worked out record by record.
const MOST_LINES: i64 = 8;
/// So many more of any other list.
const MOST_MORE: i64 = 100_000;
/// The evaluation date is moved by at most this many days: five years.
const LATEST: i64 = 1_826;

/// A text that no file has.
const ANOTHER: &str = "\u{fffc}";

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

    /// Fields of the records of a list: of one, or of the first few.
    fn fields(&mut self, place: usize, input: &Input, list: &List, reach: &Reach, only: Option<usize>) {
        let Type::List(declared) = input.ty else { return };
        let Some(fields) = self.judge.policy.names.lists.get(declared).map(|list| list.fields.as_slice()) else {
            return;
        };
        let read = |field: &usize| reach.fields.contains(&(declared, *field));
        let records = list.records.iter().enumerate().filter(|(index, _)| only.is_none_or(|only| only == *index));
        for (index, record) in records.take(MOST_RECORDS) {
            for field in (0..fields.len()).filter(read) {
                let (Some(input), Some(value)) = (fields.get(field), record.fields.get(field)) else { continue };
                self.value(Slot::Field(place, index, declared, field), input, value, record.times);
            }
        }
    }

    /// One value: the other truth, the nearest word, the nearest number or day.
    fn value(&mut self, slot: Slot, input: &Input, value: &Value, times: u32) {
        if !value.is_point() {
            return;
        }
        match value {
            Value::Truth(truth) => self.one_of(slot, input, value, &[Value::Truth(truth.negate())], false, times),
            Value::Words(words) => {
                let Type::Enum(place) = input.ty else { return };
                let Some((now, known)) = words.point().zip(self.judge.policy.names.enums.get(place)) else { return };
                let up = now + 1..known.words.len();
                let others: Vec<Value> = up.chain((0..now).rev()).map(|word| Value::Words(Words::one(word))).collect();
                self.one_of(slot, input, value, &others, !known.ordered, times);
            }
            Value::Quantity(_) => self.stepwise(slot, input, value, &[], times),
            Value::Date(range) if range.lo == Day::NEVER => self.happened(slot, input, value, times),
            Value::Date(range) => {
                let stops = self.stops();
                self.stepwise(slot, input, value, &stops, times);
                if input.may_be_never && range.is_point() {
                    let never = [Value::Date(DayRange::point(Day::NEVER))];
                    self.one_of(slot, input, value, &never, false, times);
                }
            }
            Value::Text(_) => self.another(slot, input, value, times),
            Value::List(_) => {}
        }
    }

    /// A text is another one, that nothing else is.
    fn another(&mut self, slot: Slot, input: &Input, from: &Value, times: u32) {
        let other = Value::Text(Some(ANOTHER.into()));
        let Some(seen) = self.judge.after(&[Edit::Set(slot, other.clone())]) else { return };
        for &goal in self.goals {
            if self.reached(goal, &seen) {
                let mut what = self.fact(slot, input, from, &other, None, times);
                if let What::Fact { to, .. } = &mut what {
                    *to = Shown::Words(vec![Text::new("另一个", "another")]);
                }
                self.keep(goal, Edit::Set(slot, other.clone()), what, &seen);
            }
        }
    }

    /// The first of several values that does, or, with `highest`, the one that gives most.
    fn one_of(&mut self, slot: Slot, input: &Input, from: &Value, to: &[Value], highest: bool, times: u32) {
        let seen: Vec<(&Value, Seen)> =
            to.iter().filter_map(|value| Some((value, self.judge.after(&[Edit::Set(slot, value.clone())])?))).collect();
        for &goal in self.goals {
            let mut does = seen.iter().filter(|(_, seen)| self.reached(goal, seen));
            let best = if highest {
                does.reduce(|best, other| if is_better(&other.1.outcome, &best.1.outcome) { other } else { best })
            } else {
                does.next()
            };
            let Some((value, seen)) = best else { continue };
            let what = self.fact(slot, input, from, value, None, times);
            self.keep(goal, Edit::Set(slot, (*value).clone()), what, seen);
        }
    }

    /// The nearest number or day that does, on either side.
    fn stepwise(&mut self, slot: Slot, input: &Input, from: &Value, stops: &[Day], times: u32) {
        let Some(ladder) = Ladder::of(input, from, false) else { return };
        let judge = self.judge;
        let mut try_out = |steps: i64| judge.after(&[Edit::Set(slot, ladder.value(steps)?)]);
        let mut tried = Tried::new(&mut try_out);
        let stops: Vec<i64> = stops.iter().filter_map(|day| ladder.to_day(*day)).collect();
        let back: Vec<i64> = stops.iter().map(|steps| -steps).collect();
        let mut nearest: Vec<(Goal, i64)> = Vec::new();
        for &goal in self.goals {
            let wanted = |seen: &Seen| self.reached(goal, seen);
            let up = tried.fewest(1, 1, ladder.up, &stops, &wanted);
            // Not farther down than what was found above.
            let most = up.map_or(ladder.down, |up| (up - 1).min(ladder.down));
            let down = tried.fewest(-1, 1, most, &back, &wanted);
            let Some(steps) = down.map(|steps| -steps).or(up) else { continue };
            nearest.push((goal, steps));
        }
        for (goal, steps) in nearest {
            let coarse = ladder.coarse * steps.signum();
            let mut steps = steps;
            // What grows with every 元 is told for a step that is worth speaking of.
            if steps.abs() < coarse.abs()
                && let (Some(near), Some(far)) = (tried.at(steps), tried.at(coarse))
                && near.outcome != far.outcome
                && is_better(&far.outcome, &near.outcome)
            {
                steps = coarse;
            }
            let (Some(seen), Some(to)) = (tried.at(steps), ladder.value(steps)) else { continue };
            let names = &judge.policy.names;
            let by = match (&from, input.percent) {
                // The distance of two shares is told in percent, as they are.
                (Value::Quantity(_), true) => ladder.way(steps).map(|way| show_input(&way, input, names)),
                _ => ladder.by(steps, names),
            };
            let what = self.fact(slot, input, from, &to, by.map(|by| (by, steps > 0)), times);
            self.keep(goal, Edit::Set(slot, to), what, &seen);
        }
    }

    /// What never happened happens on the evaluation date, or the nearest day before that does.
    fn happened(&mut self, slot: Slot, input: &Input, from: &Value, times: u32) {
        let Some(ladder) = Ladder::from_day(self.judge.applicant.as_of) else { return };
        let judge = self.judge;
        let mut try_out = |steps: i64| judge.after(&[Edit::Set(slot, ladder.value(steps)?)]);
        let mut tried = Tried::new(&mut try_out);
        let back: Vec<i64> = self.stops().iter().filter_map(|day| ladder.to_day(*day)).map(|steps| -steps).collect();
        for &goal in self.goals {
            let wanted = |seen: &Seen| self.reached(goal, seen);
            let today = tried.at(0).filter(&wanted).map(|_| 0);
            let steps = today.or_else(|| tried.fewest(-1, 1, ladder.down, &back, &wanted));
            let found = steps.and_then(|steps| Some((ladder.value(-steps)?, tried.at(-steps)?)));
            let Some((to, seen)) = found else { continue };
            let what = self.fact(slot, input, from, &to, None, times);
            self.keep(goal, Edit::Set(slot, to), what, &seen);
        }
    }

    /// More records like one of those that are there; of several that would do, the one of which the fewest are needed, and
    /// among these the last.
    fn records(&mut self, place: usize, input: &Input, list: &List) {
        if list.open {
            return;
        }
        let mut kinds: Vec<(usize, &Record)> = Vec::new();
        for (index, record) in list.records.iter().enumerate().rev() {
            if !kinds.iter().any(|(_, known)| known.fields == record.fields) && kinds.len() < MOST_RECORDS {
                kinds.push((index, record));
            }
        }
        let judge = self.judge;
        let by_line = judge.policies.iter().filter_map(|policy| Some((policy, policy.names.input(&input.name)?))).any(
            |(policy, place)| {
                policy.clauses.iter().any(|clause| clause.each.as_ref().is_some_and(|each| each.input == place))
            },
        );
        let most = if by_line { MOST_LINES } else { MOST_MORE };
        for &goal in self.goals {
            let mut best: Option<(i64, usize, Edit, Seen)> = None;
            for (index, record) in &kinds {
                let edit = |count: i64| -> Option<Edit> {
                    let count = u32::try_from(count).ok()?;
                    let (times, count) = if by_line { (1, count) } else { (count, 1) };
                    Some(Edit::More(place, Record { times, ..(*record).clone() }, count))
                };
                let mut try_out = |count: i64| judge.after(&[edit(count)?]);
                let mut tried = Tried::new(&mut try_out);
                let most = best.as_ref().map_or(most, |(fewest, ..)| fewest - 1);
                let fewest = tried.fewest(1, 1, most, &[], &|seen| self.reached(goal, seen));
                if let Some(count) = fewest
                    && let (Some(edit), Some(seen)) = (edit(count), tried.at(count))
                {
                    best = Some((count, *index, edit, seen));
                }
            }
            if let Some((count, index, edit, seen)) = best {
                let like = list.records.get(index).map(|record| (index + 1, record.label.clone()));
                let what = self.more(place, input, count, like);
                self.keep(goal, edit, what, &seen);
            } else if list.records.is_empty() {
                self.unknown_record(place, input, goal);
            }
        }
    }

    /// A first record of a list of which there is none.
    fn first(&mut self, place: usize, input: &Input, list: &List) {
        if list.open || !list.records.is_empty() {
            return;
        }
        for &goal in self.goals {
            self.unknown_record(place, input, goal);
        }
    }

    fn unknown_record(&mut self, place: usize, input: &Input, goal: Goal) {
        let Type::List(declared) = input.ty else { return };
        let Some(any) = self.judge.policy.names.lists.get(declared).map(|list| list.any.clone()) else { return };
        let edit = Edit::More(place, Record { times: 1, ..any }, 1);
        let Some(seen) = self.judge.after(std::slice::from_ref(&edit)) else { return };
        if self.reached(goal, &seen) {
            let what = self.more(place, input, 1, None);
            self.keep(goal, edit, what, &seen);
        }
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

    /// Days at which something may turn: the evaluation date, and both sides of both ends of the window.
    fn stops(&self) -> Vec<Day> {
        let window = self.judge.clause.window;
        let ends = [window.lo, window.hi].into_iter().filter(|day| (Day::FIRST..Day::LAST).contains(day));
        let sides = ends.flat_map(|day| [day.plus_days(-1), day, day.plus_days(1)]);
        sides.chain([self.judge.applicant.as_of]).collect()
    }

    fn fact(&self, slot: Slot, input: &Input, from: &Value, to: &Value, by: Option<(Shown, bool)>, times: u32) -> What {
        let policy = self.judge.policy;
        let inputs = self.judge.applicant.inputs.get(self.judge.at).map_or(&[][..], Vec::as_slice);
        let tell = |value: &Value| show_input(value, input, &policy.names);
        What::Fact { fact: naming::slot(policy, inputs, slot), from: tell(from), to: tell(to), by, times }
    }

    fn more(&self, place: usize, input: &Input, count: i64, like: Option<(usize, Option<String>)>) -> What {
        let policy = self.judge.policy;
        let unit = match input.ty {
            Type::List(declared) => policy.names.lists.get(declared).map(|list| list.unit.clone()),
            _ => None,
        };
        let count = Value::Quantity(Interval::whole(count));
        let count = show(&count, &Type::Quantity(unit.unwrap_or_default()), &policy.names);
        let inputs = self.judge.applicant.inputs.get(self.judge.at).map_or(&[][..], Vec::as_slice);
        What::Records { list: naming::slot(policy, inputs, Slot::Input(place)), count, like }
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
