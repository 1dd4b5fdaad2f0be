//! What another option of a reading would make of the sums of a run.

use std::collections::BTreeMap;

use crate::batch::LineView;
use crate::batch::sums::{Counts, OfClause, Sum};
use crate::settle::{Alternative, Otherwise};
use crate::value::Interval;

/// What another option of a reading would change.
#[derive(Clone, Debug, Default)]
pub struct OfReading {
    /// Applicants of whom a line comes out otherwise.
    pub applicants: u64,
    /// What those of their lines that change and count are awarded now, and would be.
    pub awarded: (Sum, Sum),
    /// What is due for them now, and would be.
    pub due: (Sum, Sum),
    /// What all of their lines that count are awarded now, and would be; once the run is finished, those of everybody.
    pub awarded_in_all: (Sum, Sum),
    /// What is due for them, likewise.
    pub due_in_all: (Sum, Sum),
    /// By the places of policy and clause, those of its lines that change; once the run is finished, all of them.
    pub clauses: BTreeMap<(usize, usize), Changed>,
}

/// Lines of a clause as they are, and as they would be.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// How many change.
    pub lines: u64,
    /// How they come out.
    pub counts: (Counts, Counts),
    /// What they are awarded.
    pub awarded: (Sum, Sum),
}

impl Changed {
    fn extend(&mut self, more: &Changed) {
        self.lines += more.lines;
        self.counts.0.each(more.counts.0, u64::saturating_add);
        self.counts.1.each(more.counts.1, u64::saturating_add);
        self.awarded.0.add(more.awarded.0.0);
        self.awarded.1.add(more.awarded.1.0);
    }

    /// Adds the lines of the clause that do not change.
    fn complete(&mut self, of: &OfClause) {
        let mut same = of.counts;
        same.each(self.counts.0, u64::saturating_sub);
        self.counts.1.each(same, u64::saturating_add);
        self.awarded.1.add(of.awarded.without(self.awarded.0));
        (self.counts.0, self.awarded.0) = (of.counts, of.awarded);
    }
}

/// The lines of an applicant, and what those that count are awarded and due together.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a, 'l> {
    lines: &'a [LineView<'l>],
    now: (Sum, Sum),
}

impl<'a, 'l> Lines<'a, 'l> {
    pub(super) fn of(lines: &'a [LineView<'l>]) -> Lines<'a, 'l> {
        let mut now = (Sum::default(), Sum::default());
        for (awarded, due) in lines.iter().filter(|line| line.counted).map(LineView::comes_to) {
            now.0.add(awarded);
            now.1.add(due);
        }
        Lines { lines, now }
    }

    /// Whether they come to this together; limits that they share may leave less than what each may get.
    pub(super) fn come_to(self, (awarded, due): (Interval, Interval)) -> bool {
        (self.now.0.0, self.now.1.0) == (awarded, due)
    }

    /// What those that count are awarded and due together under another option, where those that change `were` so much, and then are.
    fn under(self, alternative: Alternative, were: (Sum, Sum), are: (Sum, Sum)) -> (Sum, Sum) {
        let of = |now: Sum, was: Sum, then: Sum, side: fn((Interval, Interval)) -> Interval| {
            let mut sum = Sum::default();
            if now.0.lo.number().is_some() && now.0.hi.number().is_some() {
                sum.add(now.without(was));
                sum.add(then.0);
            } else {
                // Of what has no end nothing can be taken off.
                let counted = self.lines.iter().filter(|line| line.counted);
                counted.for_each(|line| sum.add(side(line.comes_to_under(alternative))));
            }
            sum
        };
        (of(self.now.0, were.0, are.0, |(awarded, _)| awarded), of(self.now.1, were.1, are.1, |(_, due)| due))
    }
}

impl OfReading {
    /// Adds an applicant of whom a line comes out otherwise under this option, or of whom the total may; the lines are awarded so much
    /// now, and so much is due. `changed` are those that come out otherwise.
    pub(super) fn add(
        &mut self,
        alternative: Alternative,
        changed: &[(&LineView<'_>, &Otherwise)],
        all: Lines<'_, '_>,
        (awarded, due): (Interval, Interval),
    ) {
        self.applicants += u64::from(!changed.is_empty());
        let (mut was, mut is) = ((Sum::default(), Sum::default()), (Sum::default(), Sum::default()));
        for (line, other) in changed {
            let (now, then) = (line.comes_to(), other.comes_to());
            if line.counted {
                [(&mut was.0, now.0), (&mut was.1, now.1), (&mut is.0, then.0), (&mut is.1, then.1)]
                    .into_iter()
                    .for_each(|(sum, amount)| sum.add(amount));
            }
            let changed = self.clauses.entry((line.policy, line.clause)).or_default();
            changed.lines += 1;
            changed.counts.0.add(line.verdict.status, 1);
            changed.counts.1.add(other.status, 1);
            changed.awarded.0.add(now.0);
            changed.awarded.1.add(then.0);
        }
        let then = all.under(alternative, was, is);
        let sums = [&mut self.awarded, &mut self.due, &mut self.awarded_in_all, &mut self.due_in_all];
        let more = [(was.0, is.0), (was.1, is.1), (Sum::default(), then.0), (Sum::default(), then.1)];
        for (sum, (now, then)) in sums.into_iter().zip(more) {
            sum.0.add(now.0);
            sum.1.add(then.0);
        }
        self.awarded_in_all.0.add(awarded);
        self.due_in_all.0.add(due);
    }

    /// Adds what does not change, of a run that came to this.
    pub(super) fn complete(&mut self, awarded: Sum, due: Sum, clauses: &BTreeMap<(usize, usize), OfClause>) {
        self.awarded_in_all.1.add(awarded.without(self.awarded_in_all.0));
        self.due_in_all.1.add(due.without(self.due_in_all.0));
        (self.awarded_in_all.0, self.due_in_all.0) = (awarded, due);
        for (place, changed) in &mut self.clauses {
            if let Some(of) = clauses.get(place) {
                changed.complete(of);
            }
        }
    }

    pub(super) fn extend(&mut self, more: &OfReading) {
        self.applicants += more.applicants;
        let own = [&mut self.awarded, &mut self.due, &mut self.awarded_in_all, &mut self.due_in_all];
        for (own, more) in own.into_iter().zip([more.awarded, more.due, more.awarded_in_all, more.due_in_all]) {
            own.0.add(more.0.0);
            own.1.add(more.1.0);
        }
        for (place, more) in &more.clauses {
            self.clauses.entry(*place).or_default().extend(more);
        }
    }
}
