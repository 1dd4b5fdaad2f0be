//! What a run came to: how many applicants, and clause by clause how many were refused, and why, and what is awarded.

use std::collections::BTreeMap;

use crate::assess::divided;
use crate::assess::model::{Counted, PartSums, Status, Totals, Warning};
use crate::assess::warnings::{LOOSE_TOTALS, PERHAPS_TWICE};
use crate::batch::budget::{Budget, Part};
use crate::batch::output::Applicant;
use crate::batch::people::{Look, Met};
use crate::batch::reading::{Lines, OfReading};
use crate::batch::sums::{OfClause, Sum};
use crate::batch::{Across, AcrossView, LineView, Plan};
use crate::lang::Text;
use crate::settle::{Alternative, Narrower, Otherwise};
use crate::value::{Day, Interval, Number};

/// Counts and sums over many rows.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Rows that were read.
    pub read: u64,
    /// Rows that were worked out.
    pub assessed: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Rows of further tables that belong to no applicant.
    pub left: u64,
    /// Payments under policies that were not applied to their applicant.
    pub elsewhere: u64,
    /// Payments after the evaluation date, which are counted.
    pub later: u64,
    /// Applicants with records that are perhaps the same thing.
    pub perhaps_twice: u64,
    /// Who stands in the records of several applicants.
    pub met: Met,
    /// Whether the sums are perhaps wider than need be.
    pub loose: bool,
    /// Applicants of whom something is undetermined.
    pub open: u64,
    /// Lines of which limits over all applicants are still to be settled.
    pub unsettled: u64,
    /// What they are awarded together.
    pub awarded: Sum,
    /// What is due now.
    pub due: Sum,
    /// Of a payment list: what is due for certain, in how many lines, and how many lines are open.
    pub paid: Sum,
    /// Lines by which something is paid.
    pub paid_lines: u64,
    /// Lines by which something may be due.
    pub open_lines: u64,
    /// By the places of policy and clause.
    pub clauses: BTreeMap<(usize, usize), OfClause>,
    /// What other options of readings would change.
    pub readings: BTreeMap<Alternative, OfReading>,
    /// By the places of policies, how many applicants were worked out after its last day.
    pub expired: BTreeMap<usize, u64>,
    /// At whom the money ends, where that is asked.
    pub budget: Budget,
}

impl Summary {
    /// What is known of a clause.
    pub fn of(&mut self, policy: usize, clause: usize) -> &mut OfClause {
        self.clauses.entry((policy, clause)).or_default()
    }

    /// The options of readings under which somebody's line comes out otherwise.
    pub fn changing(&self) -> impl Iterator<Item = (&Alternative, &OfReading)> {
        self.readings.iter().filter(|(_, of)| of.applicants > 0)
    }

    /// What the parts of lines come to over all that count, with what is not divided.
    pub fn parts(&self, plan: &Plan<'_>) -> Vec<PartSums> {
        let counts = |(policy, clause): &(usize, usize)| {
            plan.clause(*policy, *clause).is_some_and(|clause| clause.kind.counted == Counted::Total)
        };
        let mut sums = Vec::new();
        for (_, of) in self.clauses.iter().filter(|(place, _)| counts(place)) {
            divided::extend(&mut sums, of.parts.iter().cloned());
        }
        sums.iter().map(|parts| divided::with_the_rest(parts, (self.awarded.0, self.due.0))).collect()
    }

    /// What somebody should look at before anything is paid: what is perhaps the same thing.
    pub fn looks(&self) -> Vec<Look> {
        let mut looks = Vec::new();
        if self.perhaps_twice > 0 {
            let count = self.perhaps_twice;
            let en = if count == 1 { "1 has".to_owned() } else { format!("{count} have") };
            let text = Text::made(
                format!("有 {count} 人的记录是否重复登记无从核对"),
                format!("{en} records that are perhaps the same thing"),
            );
            looks.push(Look { text, places: Vec::new() });
        }
        looks.extend(self.met.looks());
        if self.left > 0 {
            let count = self.left;
            let en = if count == 1 {
                "1 row of the lists belongs to no applicant and is not counted; where its id is wrong or missing, correct it and run again".to_owned()
            } else {
                format!(
                    "{count} rows of the lists belong to no applicant and are not counted; where ids are wrong or missing, correct them and run again"
                )
            };
            let zh = format!("名单中有 {count} 行没有对应的申请人，没有计入；编号有错漏的，补正后重新核算");
            looks.push(Look { text: Text::made(zh, en), places: Vec::new() });
        }
        looks
    }

    /// Adds what one applicant came to by the general evaluation, and what becomes of it and of the lines that a compiled policy has
    /// worked out `beside` under other options of readings.
    pub(super) fn applicant(
        &mut self,
        plan: &Plan<'_>,
        applicant: &Applicant<'_>,
        lines: &[LineView<'_>],
        totals: &Totals,
        beside: &[LineView<'_>],
    ) {
        let has = |code: &str| applicant.warnings.iter().any(|warning| warning.code == code);
        self.perhaps_twice += u64::from(has(PERHAPS_TWICE));
        self.loose |= has(LOOSE_TOTALS);
        lines.iter().for_each(|line| self.line(line));
        self.compare(plan, lines, (totals.awarded, totals.due), beside);
        let mut policies: Vec<usize> = lines.iter().map(|line| line.policy).collect();
        policies.dedup();
        policies.into_iter().for_each(|policy| self.expire(plan, policy, applicant.as_of, 1));
        self.assessed += 1;
        self.open += u64::from(lines.iter().any(|line| line.verdict.status == Status::Undetermined));
        self.unsettled += lines.iter().filter(|line| matches!(line.across, AcrossView::Claims(_))).count() as u64;
        self.awarded.add(totals.awarded);
        self.due.add(totals.due);
    }

    /// Notes what an applicant takes of the budget, if there is one; `more` is due besides.
    pub(super) fn spend(
        &mut self,
        plan: &Plan<'_>,
        applicant: &Applicant<'_>,
        lines: &[LineView<'_>],
        due: Interval,
        more: Interval,
    ) {
        if plan.budget.is_some() {
            self.budget.note(Part::of(applicant.id_or_line().into_owned(), lines, due, more));
        }
    }

    /// Adds what other options of readings would change: of lines that are awarded so much together, and of some of those that were
    /// worked out beside. What of these does not change is the same now and then.
    fn compare(
        &mut self,
        plan: &Plan<'_>,
        lines: &[LineView<'_>],
        (awarded, due): (Interval, Interval),
        beside: &[LineView<'_>],
    ) {
        let is_less = plan.compares() && !Lines::of(lines).come_to((awarded, due));
        let (mut all, mut awarded, mut due) = (lines.to_vec(), Sum(awarded), Sum(due));
        for line in beside.iter().filter(|line| !line.otherwise.is_empty()) {
            if let Some(sums) = line.sums.as_ref().filter(|_| line.counted) {
                awarded.add(sums.awarded());
                due.add(sums.due());
            }
            all.push(*line);
        }
        let mut changed: BTreeMap<Alternative, Vec<(&LineView<'_>, &Otherwise)>> = BTreeMap::new();
        for line in &all {
            for other in line.otherwise {
                changed.entry(other.alternative).or_default().push((line, other));
            }
        }
        if is_less {
            // Under another option they may come to more together, although none of them changes.
            for alternative in plan.alternatives(lines) {
                changed.entry(alternative).or_default();
            }
        }
        let lines = Lines::of(&all);
        for (alternative, changed) in changed {
            self.readings.entry(alternative).or_default().add(alternative, &changed, lines, (awarded.0, due.0));
        }
    }

    /// Adds what an applicant is awarded, and so due, by lines that a compiled policy has worked out beside others.
    pub(super) fn beside(&mut self, awarded: Interval) {
        self.awarded.add(awarded);
        self.due.add(awarded);
    }

    /// Adds one applicant whose lines a compiled policy has worked out, and told; these are they, where other options of readings
    /// change any of them.
    pub(super) fn compiled(
        &mut self,
        plan: &Plan<'_>,
        (policy, as_of): (usize, Day),
        awarded: Number,
        warnings: &[Warning],
        lines: &[LineView<'_>],
    ) {
        self.compare(plan, &[], (Interval::ZERO, Interval::ZERO), lines);
        self.perhaps_twice += u64::from(warnings.iter().any(|warning| warning.code == PERHAPS_TWICE));
        self.expire(plan, policy, as_of, 1);
        self.assessed += 1;
        self.beside(Interval::point(awarded));
    }

    /// Notes that so many applicants were worked out by a policy on a day, where that is after its last one.
    pub(super) fn expire(&mut self, plan: &Plan<'_>, policy: usize, as_of: Day, applicants: u64) {
        if plan.setup.policies.get(policy).is_some_and(|policy| policy.is_expired(as_of)) {
            *self.expired.entry(policy).or_default() += applicants;
        }
    }

    /// Adds one line.
    pub(super) fn line(&mut self, line: &LineView<'_>) {
        let of = self.of(line.policy, line.clause);
        of.add(line.verdict, 1);
        if let Some(sums) = &line.sums {
            of.awarded.add(sums.awarded());
            of.paid |= sums.paid() != Number::ZERO;
            divided::extend(&mut of.parts, line.parts());
        }
    }

    /// Ends the run: what other readings would make of its sums, and what limits over all applicants leave of them.
    pub fn finish(&mut self, plan: &Plan<'_>) {
        let (awarded, due) = (self.awarded, self.due);
        self.readings.values_mut().for_each(|of| of.complete(awarded, due, &self.clauses));
        self.narrow_by(plan);
    }

    /// Narrows the sums to what all lines of a limited clause come to together, where limits over all applicants were settled.
    /// What is due is narrowed where nothing was paid.
    fn narrow_by(&mut self, plan: &Plan<'_>) {
        let Across::Settled(decisions) = plan.across else { return };
        let counts = |policy: usize, clause: usize| {
            plan.clause(policy, clause).is_some_and(|clause| clause.kind.counted == Counted::Total)
        };
        let counted = self.clauses.iter().filter(|((policy, clause), _)| counts(*policy, *clause));
        let lines = Interval::sum(counted.map(|(_, of)| of.awarded.0));
        // Where an applicant's total is narrower than that of its lines, a difference between lines says nothing of totals.
        let by_lines = lines == Some(self.awarded.0);
        let unpaid = self.due.0 == self.awarded.0;
        // Not narrowed though who is inside is open: the sums hold, and are perhaps too wide.
        let cut = decisions.tallies.iter().any(|tally| {
            let narrowed = |one: &Narrower| (one.policy, one.clause) == (tally.policy, tally.clause);
            // An order that is known in part may say more than how many are inside.
            let limit = plan.clause(tally.policy, tally.clause).and_then(|clause| clause.limits.get(tally.limit));
            let is_ordered = limit.is_some_and(|limit| limit.order.is_some() && !limit.money);
            tally.open > 0 && (is_ordered || !(by_lines && decisions.narrower.iter().any(narrowed)))
        });
        for one in &decisions.narrower {
            let Some(of) = self.clauses.get_mut(&(one.policy, one.clause)) else { continue };
            of.awarded.0 = one.awarded.narrow(of.awarded.0);
            if by_lines && counts(one.policy, one.clause) {
                self.awarded.0 = one.awarded.narrow(self.awarded.0);
                if unpaid && !of.paid {
                    self.due.0 = one.awarded.narrow(self.due.0);
                }
            }
        }
        self.loose |= cut && !self.awarded.0.is_point();
    }

    /// Adds what other rows came to.
    pub fn extend(&mut self, other: Summary) {
        self.budget.extend(other.budget);
        self.read += other.read;
        self.assessed += other.assessed;
        self.rejected += other.rejected;
        self.left += other.left;
        self.elsewhere += other.elsewhere;
        self.later += other.later;
        self.perhaps_twice += other.perhaps_twice;
        self.met.extend(other.met);
        self.loose |= other.loose;
        self.open += other.open;
        self.unsettled += other.unsettled;
        self.awarded.add(other.awarded.0);
        self.due.add(other.due.0);
        self.paid.add(other.paid.0);
        self.paid_lines += other.paid_lines;
        self.open_lines += other.open_lines;
        for (policy, applicants) in other.expired {
            *self.expired.entry(policy).or_default() += applicants;
        }
        for (alternative, more) in other.readings {
            self.readings.entry(alternative).or_default().extend(&more);
        }
        for (place, more) in other.clauses {
            let own = self.clauses.entry(place).or_default();
            own.counts.each(more.counts, u64::saturating_add);
            own.awarded.add(more.awarded.0);
            own.paid |= more.paid;
            divided::extend(&mut own.parts, more.parts);
            for (key, (text, count)) in more.reasons {
                own.reasons.entry(key).or_insert_with(|| (text, 0)).1 += count;
            }
        }
    }
}
