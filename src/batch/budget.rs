//! Where a sum of money ends that is paid out to one applicant after the other: what is due now, and then month by month what is
//! still to come of schedules.

use std::collections::BTreeMap;

use crate::assess::model::{Counted, InstallmentState, Line};
use crate::batch::LineView;
use crate::settle::{Alternative, alternatives};
use crate::value::{Bound, Day, Interval, Number};

/// What one applicant takes of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What the applicant goes by.
    pub who: String,
    /// What is due.
    pub due: Interval,
    /// What would be due under other options of readings, where that is something else.
    pub others: Vec<(Alternative, Interval)>,
    /// What is still to come, by the first and the last day on which it may.
    pub to_come: Vec<(Day, Day, Interval)>,
}

/// An applicant who does not get everything any more.
#[derive(Clone, Debug)]
pub struct End {
    /// Which of all applicants, from 1.
    pub number: u64,
    /// What the applicant goes by.
    pub who: String,
    /// What those before are due together.
    pub before: Interval,
    /// What this one is due.
    pub due: Interval,
}

/// The money under one set of readings.
#[derive(Clone, Debug)]
pub struct Spent {
    /// What all are due together.
    pub due: Interval,
    /// Where it ends if everybody is due the most, and the least; none: it does not.
    pub ends: [Option<End>; 2],
}

/// A budget, and what has been taken of it.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// How much there is; none: nobody asked.
    pub sum: Option<Number>,
    /// Under the readings taken.
    pub taken: Spent,
    /// Under other options.
    pub others: BTreeMap<Alternative, Spent>,
    /// What is still to come, by the first day of its month: at least that has come by its end, and at most.
    months: BTreeMap<Day, [Interval; 2]>,
    applicants: u64,
    /// Those who were not taken yet.
    parts: Vec<Part>,
}

impl Default for Spent {
    fn default() -> Spent {
        Spent { due: Interval::ZERO, ends: [None, None] }
    }
}

fn plus(a: Interval, b: Interval) -> Interval {
    a.plus(b).unwrap_or(Interval::ANY)
}

impl Spent {
    /// Whether it is more than there is, at most and at least.
    fn is_beyond(due: Interval, sum: Number) -> [bool; 2] {
        let beyond = |end: Bound| matches!(end, Bound::Above) || end.number().is_some_and(|end| end > sum);
        [beyond(due.hi), beyond(due.lo)]
    }

    fn take(&mut self, sum: Number, number: u64, who: &str, due: Interval) {
        let before = self.due;
        self.due = plus(self.due, due);
        for (end, is_beyond) in self.ends.iter_mut().zip(Spent::is_beyond(self.due, sum)) {
            if is_beyond && end.is_none() {
                *end = Some(End { number, who: who.to_owned(), before, due });
            }
        }
    }

    /// What is left of so much; nothing where it is used up.
    pub fn left(&self, sum: Number) -> Interval {
        Interval::point(sum).minus(self.due).unwrap_or(Interval::ANY).floor_at_zero()
    }
}

impl Part {
    /// What an applicant takes whose lines these are; `more` is due besides, whatever the readings.
    pub fn of(who: String, lines: &[LineView<'_>], due: Interval, more: Interval) -> Part {
        let counted = || lines.iter().filter(|line| line.counted);
        let others = alternatives(lines.iter().map(|line| line.otherwise)).into_iter().map(|alternative| {
            let then = counted().map(|line| line.comes_to_under(alternative).1).fold(Interval::ZERO, plus);
            (alternative, plus(then, more))
        });
        let to_come = counted().filter_map(|line| line.working).flat_map(to_come).collect();
        Part { who, due: plus(due, more), others: others.collect(), to_come }
    }
}

/// The parts of a line whose days have not come.
fn to_come(line: &Line) -> impl Iterator<Item = (Day, Day, Interval)> {
    let is_counted = line.counted == Counted::Total;
    let parts = line.installments.iter().filter(move |part| is_counted && part.state == InstallmentState::NotYet);
    parts.map(|part| (part.due_on.lo, part.due_on.hi, part.amount))
}

impl Budget {
    /// One of so much.
    pub fn new(sum: Option<Number>) -> Budget {
        Budget { sum, ..Budget::default() }
    }

    /// Notes what an applicant takes, whose turn comes when all before have been taken.
    pub(super) fn note(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// Takes what the next applicants take.
    pub(super) fn extend(&mut self, other: Budget) {
        other.parts.into_iter().for_each(|part| self.take(part));
    }

    /// Takes what was noted.
    pub(super) fn take_noted(&mut self) {
        std::mem::take(&mut self.parts).into_iter().for_each(|part| self.take(part));
    }

    fn take(&mut self, part: Part) {
        let Some(sum) = self.sum else { return };
        self.applicants += 1;
        for (alternative, _) in &part.others {
            // Until here nobody was due anything else.
            self.others.entry(*alternative).or_insert_with(|| self.taken.clone());
        }
        self.taken.take(sum, self.applicants, &part.who, part.due);
        for (alternative, spent) in &mut self.others {
            let own = part.others.iter().find(|(known, _)| known == alternative);
            spent.take(sum, self.applicants, &part.who, own.map_or(part.due, |(_, due)| *due));
        }
        for (first, last, amount) in part.to_come {
            let zero = Bound::At(Number::ZERO);
            for (day, end, most) in [(last, amount.lo, 0), (first, amount.hi, 1)] {
                if day == Day::NEVER {
                    continue;
                }
                let month = self.months.entry(day.month_start()).or_insert([Interval::ZERO; 2]);
                let added =
                    if most == 0 { Interval { lo: end, hi: Bound::Above } } else { Interval { lo: zero, hi: end } };
                if let Some(own) = month.get_mut(most) {
                    *own = plus(*own, added);
                }
            }
        }
    }

    /// The months in which it ends, if in all of them the most comes as early as it may, and the least as late; by their first days.
    /// None: it lasts for all that is to come; or it does not last for what is due now.
    pub fn months(&self) -> [Option<Day>; 2] {
        let Some(sum) = self.sum else { return [None, None] };
        let mut due = self.taken.due;
        let mut ends = [None, None];
        for (month, [least, most]) in &self.months {
            due = plus(due, Interval { lo: least.lo, hi: most.hi });
            for ((end, is_beyond), now) in ends.iter_mut().zip(Spent::is_beyond(due, sum)).zip(&self.taken.ends) {
                if is_beyond && end.is_none() && now.is_none() {
                    *end = Some(*month);
                }
            }
        }
        ends
    }

    /// Whether anything is to come.
    pub fn has_months(&self) -> bool {
        !self.months.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(who: &str, least: i64, most: i64) -> Part {
        let due = Interval::between(Number::whole(least), Number::whole(most));
        Part { who: who.to_owned(), due, others: Vec::new(), to_come: Vec::new() }
    }

    fn ends(budget: &Budget) -> [Option<&str>; 2] {
        budget.taken.ends.each_ref().map(|end| end.as_ref().map(|end| end.who.as_str()))
    }

    #[test]
    fn it_ends_at_the_first_who_does_not_get_everything() {
        let mut budget = Budget::new(Some(Number::whole(100)));
        for part in [part("a", 60, 60), part("b", 40, 40)] {
            budget.note(part);
        }
        budget.take_noted();
        // 60 + 40 is all of it, and enough.
        assert_eq!((ends(&budget), budget.taken.left(Number::whole(100))), ([None, None], Interval::ZERO));
        budget.note(part("c", 0, 1));
        budget.note(part("d", 1, 1));
        budget.take_noted();
        // At most 101 with c; at least 101 with d.
        assert_eq!(ends(&budget), [Some("c"), Some("d")]);
    }

    #[test]
    fn another_reading_begins_with_what_all_before_are_due() {
        let alternative = Alternative { policy: 0, reading: 0, taken: 0, option: 1 };
        let mut budget = Budget::new(Some(Number::whole(100)));
        budget.note(part("a", 60, 60));
        let more = Interval::whole(50);
        budget.note(Part { others: vec![(alternative, more)], ..part("b", 30, 30) });
        budget.note(part("c", 20, 20));
        budget.take_noted();
        // 60 + 30 + 20 = 110 ends at c; 60 + 50 = 110 at b.
        assert_eq!(ends(&budget), [Some("c"), Some("c")]);
        let other = &budget.others[&alternative];
        assert_eq!(other.ends[1].as_ref().unwrap().who, "b");
        assert_eq!(other.due, Interval::whole(130));
    }

    #[test]
    fn what_is_to_come_uses_it_up_month_by_month() {
        let day = |text: &str| Day::parse(text).unwrap();
        let mut budget = Budget::new(Some(Number::whole(100)));
        let (july, august) = (day("2025-07-31"), day("2025-08-31"));
        let to_come = vec![(july, july, Interval::whole(30)), (july, august, Interval::whole(40))];
        budget.note(Part { to_come, ..part("a", 50, 50) });
        budget.take_noted();
        // By the end of July 50 + 30 at least, and 50 + 30 + 40 at most; by the end of August 120.
        assert_eq!(budget.months(), [Some(day("2025-07-01")), Some(day("2025-08-01"))]);
    }
}
