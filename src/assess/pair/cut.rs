//! How a set of completions is cut into cases.

use crate::assess::pair::{Case, Cases, Open, Part};
use crate::assess::slot::Slot;
use crate::expr::suppose::Met;
use crate::value::{Bound, Day, DayRange, Interval, Number, Value};

impl Cases<'_, '_> {
    /// What is open of a set of completions, cut into cases; `None` where nothing can be.
    pub(super) fn cut(&mut self, part: &Part) -> Option<Vec<Case>> {
        let mut undo = self.give(&part.cases);
        let few = || part.open.iter().find_map(|open| self.few(*open));
        let cases = few()
            .or_else(|| self.against(part))
            .or_else(|| part.open.iter().find_map(|open| self.by_days(*open, &[self.world(true).as_of])))
            .or_else(|| Self::supposed(part))
            .or_else(|| {
                let days = self.window_days();
                part.open.iter().find_map(|open| self.by_days(*open, &days))
            });
        let cases = cases.or_else(|| {
            if self.halves == 0 {
                return None;
            }
            let halved = part.open.iter().filter_map(|open| self.halves(*open));
            let (_, cases) = halved.max_by_key(|(wide, _)| *wide)?;
            self.halves = self.halves.saturating_sub(1);
            Some(cases)
        });
        self.take_back(&mut undo);
        cases
    }

    /// A fact by what it is held against.
    fn against(&self, part: &Part) -> Option<Vec<Case>> {
        part.met.iter().enumerate().find_map(|(side, met)| {
            met.iter().find_map(|met| {
                let Met::Against(cause, at) = met else { return None };
                let slot = Slot::of(cause)?;
                let open = part.open.iter().find(|open| open.get(side).copied().flatten() == Some(slot))?;
                match (self.value(*open)?, at) {
                    (Value::Date(range), Value::Date(at)) => {
                        let (at, before) = (at.as_point()?, at.lo.plus_days(-1));
                        let parts = [(range.lo, before), (at, at), (at.plus_days(1), range.hi)];
                        let is_inside = range.lo <= at && at <= range.hi && at < Day::LAST && !range.is_point();
                        let parts = parts.into_iter().filter(|(lo, hi)| lo <= hi);
                        let of = |(lo, hi): (Day, Day)| Self::case(*open, &Value::Date(DayRange { lo, hi }));
                        is_inside.then(|| parts.map(of).collect())
                    }
                    (Value::Quantity(range), Value::Quantity(at)) => {
                        let is_inside = range.lo < at.lo && at.hi < range.hi;
                        let parts = [Interval { lo: range.lo, hi: at.hi }, Interval { lo: at.lo, hi: range.hi }];
                        is_inside.then(|| parts.map(|part| Self::case(*open, &Value::Quantity(part))).into())
                    }
                    _ => None,
                }
            })
        })
    }

    /// A date by the first of these days that lies inside what it may be: up to that day, and after it.
    fn by_days(&self, open: Open, days: &[Day]) -> Option<Vec<Case>> {
        let Some(Value::Date(range)) = self.value(open) else { return None };
        let at = days.iter().copied().find(|at| range.lo <= *at && *at < range.hi && *at < Day::LAST)?;
        let parts = [(range.lo, at), (at.plus_days(1), range.hi)];
        Some(parts.map(|(lo, hi)| Self::case(open, &Value::Date(DayRange { lo, hi }))).into())
    }

    /// The days by which windows begin and end.
    fn window_days(&self) -> Vec<Day> {
        let policies = [self.twins.old, self.twins.new];
        let places = policies.into_iter().zip(&self.places);
        let clauses = places.flat_map(|(policy, places)| places.iter().filter_map(|place| policy.clauses.get(*place)));
        let mut days: Vec<Day> =
            clauses.flat_map(|clause| [clause.window.lo.plus_days(-1), clause.window.hi]).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// An open comparison that hangs on what is open.
    fn supposed(part: &Part) -> Option<Vec<Case>> {
        part.met.iter().enumerate().find_map(|(side, met)| {
            met.iter().find_map(|met| {
                let Met::Open(which, inputs) = met else { return None };
                let hangs =
                    |open: &Open| open.get(side).copied().flatten().is_some_and(|slot| inputs.contains(&slot.input()));
                part.open.iter().any(hangs).then(|| vec![Case::Supposed(*which, true), Case::Supposed(*which, false)])
            })
        })
    }

    /// A value for both sides: words and all else have the same place in both.
    fn case(open: Open, value: &Value) -> Case {
        Case::Given(open, Box::new(open.map(|slot| slot.map(|_| value.clone()))))
    }

    fn few(&self, open: Open) -> Option<Vec<Case>> {
        let [old, new] = open;
        let cases = match (old, new) {
            (Some(slot), _) => self.world(false).cases(slot),
            (None, Some(slot)) => self.world(true).cases(slot),
            (None, None) => None,
        };
        Some(cases?.iter().map(|value| Self::case(open, value)).collect())
    }

    /// The two halves of a date or a number, and how wide it is.
    fn halves(&self, open: Open) -> Option<(Number, Vec<Case>)> {
        let (wide, halves) = match self.value(open)? {
            Value::Date(range) => halved_days(*range)?,
            Value::Quantity(range) => halved(*range)?,
            _ => return None,
        };
        Some((wide, halves.iter().map(|value| Self::case(open, value)).collect()))
    }
}

fn halved_days(range: DayRange) -> Option<(Number, [Value; 2])> {
    let of = |lo: Day, hi: Day| Value::Date(DayRange { lo, hi });
    if range.is_point() {
        return None;
    }
    if range.hi == Day::NEVER {
        let last = Day::LAST.max(range.lo);
        return Some((Number::whole(i64::from(u32::MAX)), [of(range.lo, last), of(Day::NEVER, Day::NEVER)]));
    }
    let days = range.hi.number()?.checked_sub(range.lo.number()?)?;
    let middle = range.lo.plus_days(days / 2);
    Some((Number::whole(days), [of(range.lo, middle), of(middle.plus_days(1), range.hi)]))
}

fn halved(range: Interval) -> Option<(Number, [Value; 2])> {
    let (Bound::At(lo), Bound::At(hi)) = (range.lo, range.hi) else { return None };
    let wide = hi.minus(lo).filter(|wide| *wide > Number::ZERO)?;
    let middle = lo.plus(wide.divide(Number::whole(2))?)?;
    let of = |a: Number, b: Number| Value::Quantity(Interval::between(a, b));
    Some((wide, [of(lo, middle), of(middle, hi)]))
}
