//! What a row came to by its general evaluation, told: counted, written, and what limits over all applicants are asked.

use crate::assess::model::{Line, Totals};
use crate::batch::others::{Other, between, put_into};
use crate::batch::output::{Applicant, Writer};
use crate::batch::plan::Assessed;
use crate::batch::result::{Owned, views};
use crate::batch::worker::{Done, Table};
use crate::batch::{Across, LineView, Plan, Shape, TotalsView, papers};
use crate::settle::OfApplicant;
use crate::value::{Interval, Number};

/// The lines of a row that its general evaluation did not work out.
pub(super) enum Beside<'b> {
    /// Those of clauses for other kinds.
    Others(&'b [Other]),
    /// Those that a compiled policy has worked out, and counted, and their sums: awarded, and what can still come.
    WorkedOut(&'b [LineView<'b>], (Number, Number)),
}

/// Writes and counts what a row came to, by the general evaluation.
pub(super) fn tell<'p>(
    plan: &Plan<'p>,
    writer: &mut Writer<'p>,
    table: &Table<'_>,
    place: usize,
    mut assessed: Assessed,
    beside: Beside<'_>,
    done: &mut Done,
) {
    let ordinal = table.first + place as u64;
    let asks = |line: &Line| {
        let mut others = line.readings.iter().flat_map(|effect| &effect.others);
        !line.claims.is_empty() || others.any(|other| !other.claims.is_empty())
    };
    let claims = assessed.assessment.lines.iter().any(asks);
    let wants_papers = plan.papers.are_wanted() && !matches!(plan.across, Across::Gather);
    let tells_steps = plan.tells_steps() && !matches!(plan.across, Across::Gather);
    let mut all = Written { plan, others: Vec::new(), worked_out: &[], more: [Interval::ZERO; 2], policies: &[] };
    match beside {
        Beside::Others(own) if wants_papers => put_into(&mut assessed.assessment, own, plan, &assessed.policies),
        Beside::Others(own) => all.others.extend(own.iter().map(Other::view)),
        Beside::WorkedOut(own, (awarded, lifetime)) => {
            (all.worked_out, all.more) = (own, [awarded, lifetime].map(Interval::point));
        }
    }
    all.policies = &assessed.policies;
    let assessment = &assessed.assessment;
    done.summary.elsewhere += assessed.elsewhere;
    done.summary.later += assessed.later;
    done.people.add(place, table.records.line(place), assessed.people);
    let name = Some(assessment.applicant.name.as_deref().unwrap_or(""));
    let applicant = &table.applicant(place, name, assessment.as_of, &assessment.warnings);
    match plan.across {
        Across::Gather => {
            done.summary.assessed += 1;
            if claims {
                let of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
                done.claims.extend(of.claimant(ordinal, &applicant.id_or_line()));
            }
        }
        Across::Settled(decisions) if claims => {
            let mut of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
            let decided = of.settle(decisions, ordinal, &applicant.id_or_line(), &plan.setup.policies);
            done.changed |= decided.is_err();
            let mut settled = tells_steps.then(|| assessment.clone());
            if let Some(settled) = &mut settled {
                of.tell(settled, &plan.setup.policies);
            }
            let own = views(&of, settled.as_ref().map_or(&[], |settled| &settled.lines));
            all.count(applicant, &own, &of.totals, done);
            all.write(writer, applicant, &own, &of.totals, done);
            if let Some(settled) = settled.as_ref().filter(|_| wants_papers) {
                papers::make(plan, applicant, ordinal, &own, settled, done);
            }
        }
        Across::Later if claims => {
            // The claims are in an object, for whoever settles them; until then the line says what it comes to by itself.
            let of = OfApplicant::of(assessment, &plan.setup.policies, &assessed.policies);
            let is_json = plan.shape == Shape::Json;
            if is_json {
                all.write(writer, applicant, &views(&of, &assessment.lines), &of.totals, done);
            }
            let of = of.unsettled();
            let own = views(&of, &assessment.lines);
            all.count(applicant, &own, &of.totals, done);
            if !is_json {
                all.write(writer, applicant, &own, &of.totals, done);
            }
        }
        Across::Settled(_) | Across::Later => {
            let place = |line: &Line| plan.find(&line.policy, &line.clause, assessed.policies.iter().copied());
            let lines = assessment.lines.iter();
            let owned: Vec<Owned<'_>> = lines
                .filter_map(|line| {
                    place(line).map(|(policy, clause)| Owned::of(line, policy, clause, &plan.setup.policies))
                })
                .collect();
            let own: Vec<LineView<'_>> = owned.iter().map(Owned::view).collect();
            all.count(applicant, &own, &assessment.totals, done);
            all.write(writer, applicant, &own, &assessment.totals, done);
            if wants_papers {
                papers::make(plan, applicant, ordinal, &own, assessment, done);
            }
        }
    }
}

/// What is written of one applicant beside the lines of the general evaluation.
struct Written<'w, 'p> {
    plan: &'w Plan<'p>,
    /// Lines of clauses for other kinds.
    others: Vec<LineView<'w>>,
    /// Those that a compiled policy has worked out, and counted.
    worked_out: &'w [LineView<'w>],
    /// What these are awarded, and can still come to.
    more: [Interval; 2],
    policies: &'w [usize],
}

impl<'p> Written<'_, 'p> {
    /// The sums of all lines.
    fn totals(&self, own: &Totals) -> Totals {
        let plus = |sum: Interval, more: Interval| sum.plus(more).unwrap_or(Interval::ANY);
        let [awarded, lifetime] = self.more;
        Totals {
            awarded: plus(own.awarded, awarded),
            due: plus(own.due, awarded),
            lifetime: plus(own.lifetime, lifetime),
            ..own.clone()
        }
    }

    fn count(&self, applicant: &Applicant<'_>, own: &[LineView<'_>], totals: &Totals, done: &mut Done) {
        let mut lines = own.to_vec();
        between(&mut lines, &self.others, self.policies);
        done.summary.applicant(self.plan, applicant, &lines, totals, self.worked_out);
        let [awarded, _] = self.more;
        done.summary.beside(awarded);
        done.summary.spend(self.plan, applicant, &lines, totals.due, awarded);
    }

    fn write(
        &self,
        writer: &mut Writer<'p>,
        applicant: &Applicant<'_>,
        own: &[LineView<'_>],
        totals: &Totals,
        done: &mut Done,
    ) {
        let mut lines = own.to_vec();
        between(&mut lines, &self.others, self.policies);
        between(&mut lines, self.worked_out, self.policies);
        writer.row(applicant, &lines, &TotalsView::Exact(&self.totals(totals)), &mut done.output);
    }
}
