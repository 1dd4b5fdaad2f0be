//! A case of several applicants: each is worked out as by itself, and limits over all of them are settled as in a batch.

use std::collections::BTreeMap;

use crate::applicant::Applicant;
use crate::assess::model::{Amounts, Assessment, Counted, Line, Totals};
use crate::assess::{Detail, assess_watched};
use crate::cases::{Came, Ran, Subject, compare, given, keys};
use crate::diagnostic::{Code, codes};
use crate::document::{Item, Table};
use crate::expr::watch::Watch;
use crate::lang::Text;
use crate::settle::{Claims, Decisions, OfApplicant, Settled, decide, take_over};
use crate::value::Interval;

codes! {
    static SAME_APPLICANT: Code = Code::new("same-applicant", "编号相同的申请人", "two applicants of one id");
}

/// One of several applicants.
struct One<'t> {
    id: String,
    applicant: Applicant,
    expect: Option<&'t Table>,
    assessment: Assessment,
    of: OfApplicant,
}

/// What all of them come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    pub awarded: Interval,
    pub due: Interval,
    pub lifetime: Interval,
    pub overpaid: Interval,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums { awarded: Interval::ZERO, due: Interval::ZERO, lifetime: Interval::ZERO, overpaid: Interval::ZERO }
    }
}

/// Works out a case of several applicants.
pub(super) fn work_out(subject: &Subject<'_>, items: &[Item], detail: Detail, watch: Option<&Watch>, ran: &mut Ran) {
    let tables: Vec<&Table> = items.iter().filter_map(|item| item.table(&mut ran.faults)).collect();
    let all = subject.case.get("expect").and_then(|item| item.table(&mut ran.faults));
    let expects: Vec<&Table> = tables.iter().filter_map(|table| table.get("expect")?.table(&mut ran.faults)).collect();
    compare::something(subject.case, expects.iter().copied().chain(all), &mut ran.faults);
    let wanted =
        |_: &str, clause: &str| expects.iter().copied().chain(all).any(|expect| compare::names(expect, clause));
    let mut found: Vec<One<'_>> = Vec::new();
    for table in tables {
        table.only(&keys::APPLICANT.names(), &mut ran.faults);
        let Some(id) = table.need_text("id", &mut ran.faults).map(str::to_owned) else { continue };
        if found.iter().any(|other| other.id == id) {
            let label = Text::new("同一案例中编号须各不相同", "ids within a case must differ");
            ran.faults.push(SAME_APPLICANT.at(table.head(), label));
        }
        let shared = given::applicant(subject.document, subject.case, &mut ran.faults);
        let own = given::applicant(&shared, table, &mut ran.faults);
        let Some(applicant) = given::read(subject.name, &own, subject.case, subject.policy, &mut ran.faults) else {
            continue;
        };
        let assessment = assess_watched(&[subject.policy], &applicant, &wanted, detail, watch);
        let of = OfApplicant::of(&assessment, &[subject.policy], &[0]);
        let expect = table.get("expect").and_then(|item| item.table(&mut Vec::new()));
        found.push(One { id, applicant, expect, assessment, of });
    }
    if !ran.faults.is_empty() {
        return;
    }
    let mut claims = Claims::default();
    for (one, ordinal) in found.iter().zip(0..) {
        one.of.claimant(ordinal, &one.id).into_iter().for_each(|claimant| claims.add(claimant));
    }
    let decisions = decide(claims, &[subject.policy]);
    for (one, ordinal) in found.iter_mut().zip(0..) {
        // The claims are those that were gathered a moment ago.
        let _ = one.of.settle(&decisions, ordinal, &one.id, &[subject.policy]);
        for (line, of) in one.assessment.lines.iter_mut().zip(&one.of.lines) {
            take_over(line, of, subject.policy);
        }
        one.assessment.totals = one.of.totals.clone();
    }
    for one in &found {
        let before = (ran.lines.len(), ran.differing.len());
        for entry in one.expect.iter().flat_map(|expect| expect.entries()) {
            compare::entry(entry, &one.assessment, (subject.policy, &one.applicant), ran);
        }
        for differing in ran.differing.iter_mut().skip(before.1) {
            differing.applicant = Some(one.id.clone());
        }
        let named: Vec<(&str, Option<usize>)> = ran.lines.iter().skip(before.0).map(place).collect();
        let own = one.assessment.lines.iter().zip(&one.of.lines).filter(|(line, _)| named.contains(&place(line)));
        let came = own.flat_map(|(line, of)| {
            let came = |settled: &Settled| Came {
                clause: line.clause.clone(),
                limit: settled.limit,
                outcome: settled.outcome,
            };
            of.settled.iter().map(came).collect::<Vec<_>>()
        });
        ran.came.extend(came.collect::<Vec<_>>());
    }
    let (of_clauses, of_all) = sums(&found, &decisions, subject);
    for entry in all.iter().flat_map(|expect| expect.entries()) {
        let of = if entry.key == "totals" {
            Some(of_all)
        } else {
            subject.policy.clause(&entry.key).map(|place| of_clauses.get(&place).copied().unwrap_or_default())
        };
        compare::sums(entry, of, subject.policy, ran);
    }
}

fn place(line: &Line) -> (&str, Option<usize>) {
    (&line.clause, line.record.as_ref().map(|record| record.index))
}

/// What clauses come to over all applicants, and what all of them come to: narrower than the sum of the lines where so many places
/// or so much money are shared out, whoever gets them.
fn sums(found: &[One<'_>], decisions: &Decisions, subject: &Subject<'_>) -> (BTreeMap<usize, Sums>, Sums) {
    let mut clauses: BTreeMap<usize, Sums> = BTreeMap::new();
    let mut lines = Sums::default();
    for line in found.iter().flat_map(|one| &one.of.lines) {
        let Some(amounts) = &line.amounts else { continue };
        clauses.entry(line.clause).or_default().add(amounts);
        if line.counted {
            lines.add(amounts);
        }
    }
    let mut all = Sums::default();
    found.iter().for_each(|one| all.add_totals(&one.of.totals));
    // As in the summary of a batch: where totals are those of the lines, and nothing was paid before.
    let whole_by_lines = lines.lifetime == all.lifetime;
    let (by_lines, unpaid) = (lines.awarded == all.awarded, all.due == all.awarded);
    for narrower in &decisions.narrower {
        let Some(of) = clauses.get_mut(&narrower.clause) else { continue };
        let clause = subject.policy.clauses.get(narrower.clause);
        let counts = clause.is_some_and(|clause| clause.kind.counted == Counted::Total);
        if of.due == of.awarded {
            of.due = narrower.awarded.narrow(of.due);
        }
        of.awarded = narrower.awarded.narrow(of.awarded);
        of.lifetime = narrower.lifetime.narrow(of.lifetime);
        if by_lines && counts {
            all.awarded = narrower.awarded.narrow(all.awarded);
            all.due = if unpaid { narrower.awarded.narrow(all.due) } else { all.due };
            all.lifetime = if whole_by_lines { narrower.lifetime.narrow(all.lifetime) } else { all.lifetime };
        }
    }
    (clauses, all)
}

impl Sums {
    fn add(&mut self, of: &Amounts) {
        self.plus(of.awarded, of.due, of.lifetime, of.overpaid);
    }

    fn add_totals(&mut self, of: &Totals) {
        self.plus(of.awarded, of.due, of.lifetime, of.overpaid);
    }

    fn plus(&mut self, awarded: Interval, due: Interval, lifetime: Interval, overpaid: Interval) {
        let add = |own: &mut Interval, more: Interval| *own = own.plus(more).unwrap_or(Interval::ANY);
        add(&mut self.awarded, awarded);
        add(&mut self.due, due);
        add(&mut self.lifetime, lifetime);
        add(&mut self.overpaid, overpaid);
    }
}
