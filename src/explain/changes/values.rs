//! One value changed: to the other truth, the nearest word, the nearest number or day.

use super::{Goal, Search};
use crate::assess::naming;
use crate::assess::slot::Slot;
use crate::explain::edit::Edit;
use crate::explain::judge::{Seen, is_better};
use crate::explain::ladder::Ladder;
use crate::explain::model::What;
use crate::explain::search::Tried;
use crate::expr::explain::show_input;
use crate::expr::formula::Shown;
use crate::expr::names::Input;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Day, DayRange, Value, Words};

/// A text that no file has.
const ANOTHER: &str = "\u{fffc}";

impl Search<'_> {
    /// One value: the other truth, the nearest word, the nearest number or day.
    pub(super) fn value(&mut self, slot: Slot, input: &Input, value: &Value, times: u32) {
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
        let Some(ladder) = Ladder::of(input, from, false, &self.judge.policy.names) else { return };
        let fine = Ladder::of(input, from, true, &self.judge.policy.names);
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
            let room = if coarse > 0 { ladder.up } else { ladder.down };
            if steps.abs() < coarse.abs()
                && coarse.abs() <= room
                && let (Some(near), Some(far)) = (tried.at(steps), tried.at(coarse))
                && near.outcome != far.outcome
                && is_better(&far.outcome, &near.outcome)
            {
                steps = coarse;
            }
            let (Some(seen), Some(to)) = (tried.at(steps), ladder.value(steps)) else { continue };
            let fine = fine.as_ref().unwrap_or(&ladder);
            // What grows with every step has no boundary.
            let further = tried.at(steps + steps.signum());
            let grows = goal == Goal::Better && further.is_some_and(|further| further.outcome != seen.outcome);
            let exact = if grows { None } else { self.boundary(goal, slot, (&ladder, fine), steps, &seen) };
            let (ladder, steps, seen, to) = match exact {
                Some((steps, seen, to)) => (fine, steps, seen, to),
                None => (&ladder, steps, seen, to),
            };
            let names = &judge.policy.names;
            let by = match from {
                // The distance of two numbers is told in their unit.
                Value::Quantity(_) => ladder.way(steps).map(|way| show_input(&way, input, names)),
                _ => ladder.by(steps, names),
            };
            let what = self.fact(slot, input, from, &to, by.map(|by| (by, steps > 0)), times);
            self.keep(goal, Edit::Set(slot, to), what, &seen);
        }
    }

    /// The boundary itself, between the last step that did not do and the first that did, where it does the same: 19.5%, not
    /// 20%.
    fn boundary(
        &self,
        goal: Goal,
        slot: Slot,
        (ladder, fine): (&Ladder, &Ladder),
        steps: i64,
        found: &Seen,
    ) -> Option<(i64, Seen, Value)> {
        let (mut before, mut after) = (fine.as_far_as(ladder, steps - steps.signum())?, fine.as_far_as(ladder, steps)?);
        let mut best = None;
        let reaches = |steps: i64| {
            let to = fine.value(steps)?;
            let seen = self.judge.after(&[Edit::Set(slot, to.clone())])?;
            Some((self.reached(goal, &seen), seen, to))
        };
        while (after - before).abs() > 1 {
            let middle = before + (after - before) / 2;
            let (reached, seen, to) = reaches(middle)?;
            if reached && (goal != Goal::Better || seen.outcome == found.outcome) {
                (after, best) = (middle, Some((middle, seen, to)));
            } else {
                before = middle;
            }
        }
        best
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
}
