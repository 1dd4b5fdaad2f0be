//! CSV, one row an applicant, with three columns for each clause: its status, and what is awarded at least and at most. The
//! records of a clause that is worked out for each are added up.

use std::borrow::Cow;

use super::long::parts;
use super::{Applicant, cell, mark, marks, readings};
use crate::assess::divided;
use crate::assess::model::Status;
use crate::batch::{LineView, Plan, TotalsView};
use crate::columns::{At, Outcomes};
use crate::settle::Otherwise;
use crate::value::{Day, Interval, Number};

/// What is kept between rows.
pub(in crate::batch) struct Wide<'p> {
    plan: &'p Plan<'p>,
    /// For each policy and clause the place of its columns.
    places: Vec<Vec<Option<usize>>>,
    /// How many clauses have columns.
    count: usize,
    /// Memory for the sums of a row.
    groups: Vec<Option<Group>>,
    statuses: Vec<Written>,
    /// What must be known of the first policy, on the day that it was last asked for.
    mark: Option<(Day, String)>,
}

/// A status as it is written, with the commas around it.
struct Written {
    status: Status,
    /// Before an amount.
    alone: Short,
    /// With an amount of 0.
    of_nothing: Short,
    /// Where there is no amount.
    without: Short,
}

/// A few bytes. All of them are copied and what is too much is dropped, which is faster than to copy just as many as there are.
struct Short {
    bytes: [u8; 32],
    length: usize,
}

impl Short {
    fn of(text: &str) -> Short {
        let mut bytes = [0; 32];
        let length = text.len().min(bytes.len());
        bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        Short { bytes, length }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let length = out.len() + self.length;
        out.extend_from_slice(&self.bytes);
        out.truncate(length);
    }
}

impl Written {
    fn of(status: Status) -> Written {
        let name = status.name();
        let short = |text: String| Short::of(&text);
        Written {
            status,
            alone: short(format!(",{name},")),
            of_nothing: short(format!(",{name},0.00,0.00")),
            without: short(format!(",{name},,")),
        }
    }
}

/// The lines of one clause, added up.
#[derive(Clone, Copy)]
struct Group {
    status: Status,
    awarded: Option<Interval>,
}

pub(super) fn heads(plan: &Plan<'_>) -> Vec<u8> {
    let mut out = b"id,name".to_vec();
    cell::kept(plan.kept.iter().map(String::as_str), &mut out);
    let several = plan.setup.policies.len() > 1;
    for (policy, clause) in plan.clauses() {
        let Some(policy) = plan.setup.policies.get(policy) else { continue };
        let Some(clause) = policy.clauses.get(clause) else { continue };
        let name = if several { format!("{}/{}", policy.id, clause.id) } else { clause.id.clone() };
        for column in ["status", "at_least", "at_most"] {
            out.push(b',');
            cell::text(&format!("{name} {column}"), &mut out);
        }
    }
    for total in ["awarded", "paid", "due", "overpaid", "lifetime"] {
        if total == "paid" {
            out.extend_from_slice(b",total paid");
        } else {
            out.extend_from_slice(format!(",total {total} at_least,total {total} at_most").as_bytes());
        }
    }
    out.extend_from_slice(b",readings,mark");
    if plan.is_divided() {
        out.extend_from_slice(b",parts");
    }
    out.push(b'\n');
    out
}

impl<'p> Wide<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Wide<'p> {
        let mut places: Vec<Vec<Option<usize>>> =
            plan.wanted.iter().map(|clauses| clauses.iter().map(|_| None).collect()).collect();
        let mut count = 0;
        for (place, (policy, clause)) in plan.clauses().enumerate() {
            if let Some(slot) = places.get_mut(policy).and_then(|clauses| clauses.get_mut(clause)) {
                *slot = Some(place);
            }
            count = place + 1;
        }
        let statuses = Status::EVERY.map(Written::of).into();
        Wide { plan, places, count, groups: Vec::new(), statuses, mark: None }
    }

    pub fn row(
        &mut self,
        applicant: &Applicant<'_>,
        lines: &[LineView<'_>],
        totals: &TotalsView<'_>,
        out: &mut Vec<u8>,
    ) {
        cell::id(applicant.id, applicant.line, out);
        out.push(b',');
        cell::text(applicant.name, out);
        cell::kept(applicant.kept.iter().copied(), out);
        self.added_up(lines, out);
        out.push(b',');
        match totals {
            TotalsView::Known(sums) => known((sums.awarded, sums.lifetime), out),
            TotalsView::Exact(totals) => {
                cell::range(totals.awarded, out);
                out.push(b',');
                out.extend_from_slice(totals.paid.money().as_bytes());
                for range in [totals.due, totals.overpaid, totals.lifetime] {
                    out.push(b',');
                    cell::range(range, out);
                }
            }
        }
        out.push(b',');
        self.of_policies(applicant, lines, out);
        if self.plan.is_divided() {
            let mut sums = Vec::new();
            lines.iter().filter(|line| line.counted).for_each(|line| divided::extend(&mut sums, line.parts()));
            out.push(b',');
            cell::text(&parts(&sums), out);
        }
        out.push(b'\n');
    }

    /// The readings that matter for the lines, and the marks of their policies. Of several policies each is named.
    fn of_policies(&self, applicant: &Applicant<'_>, lines: &[LineView<'_>], out: &mut Vec<u8>) {
        let several = self.places.len() > 1;
        let mut all: Vec<Cow<'_, str>> = Vec::new();
        for id in lines.iter().flat_map(|line| readings(self.plan, several.then_some(usize::MAX), line.otherwise)) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        cell::text(&all.join(" "), out);
        out.push(b',');
        let marks = marks(self.plan, lines, applicant.as_of).filter_map(|(policy, _)| {
            let mark = mark(policy, applicant.as_of);
            let named = || mark.split(' ').map(|word| format!("{}/{word}", policy.id)).collect::<Vec<_>>().join(" ");
            (!mark.is_empty()).then(|| if several { named() } else { mark.clone() })
        });
        cell::text(&applicant.marked(&marks.collect::<Vec<_>>().join(" ")), out);
    }

    /// Writes a row of a block that was worked out together; says whether its lines are those of the columns, so that it could.
    pub fn compiled(
        &mut self,
        applicant: &Applicant<'_>,
        (outcomes, row): (&Outcomes, usize),
        changed: &[Otherwise],
        out: &mut Vec<u8>,
    ) -> bool {
        // Of one policy, the lines of a compiled one are all that are wanted, in order.
        if self.places.len() != 1 {
            return false;
        }
        cell::id(applicant.id, applicant.line, out);
        out.push(b',');
        cell::text(applicant.name, out);
        cell::kept(applicant.kept.iter().copied(), out);
        for line in &outcomes.lines {
            // Of several records, that which stands for all.
            let mut found: Option<(Status, bool)> = None;
            outcomes.of_line(line, row, &mut |at: At<'_>| {
                let Some(status) = at.line.verdict(at.row).map(|verdict| verdict.status) else { return };
                if found.is_none_or(|(before, _)| rank(status) > rank(before)) {
                    found = Some((status, at.line.has_amount));
                }
            });
            let (status, has_amount) = found.unwrap_or((Status::Undetermined, false));
            let has_amount = has_amount && status != Status::NotApplicable;
            let written = self.statuses.iter().find(|written| written.status == status);
            match (written, line.amounts(row).0) {
                (None, _) => {}
                (Some(written), _) if !has_amount => written.without.write(out),
                (Some(written), Number::ZERO) => written.of_nothing.write(out),
                (Some(written), awarded) => {
                    written.alone.write(out);
                    cell::both(awarded, out);
                }
            }
        }
        out.push(b',');
        known(outcomes.sums(row), out);
        out.push(b',');
        if !changed.is_empty() {
            cell::text(&readings(self.plan, None, changed).join(" "), out);
        }
        out.push(b',');
        if self.mark.as_ref().is_none_or(|(day, _)| *day != applicant.as_of) {
            let policy = self.plan.setup.policies.first();
            self.mark = policy.map(|policy| (applicant.as_of, mark(policy, applicant.as_of)));
        }
        let mark = self.mark.as_ref().map_or("", |(_, mark)| mark);
        if applicant.warnings.is_empty() {
            out.extend_from_slice(mark.as_bytes());
        } else {
            out.extend_from_slice(applicant.marked(mark).as_bytes());
        }
        // A line that is divided is not compiled.
        if self.plan.is_divided() {
            out.push(b',');
        }
        out.push(b'\n');
        true
    }

    fn place(&self, line: &LineView<'_>) -> Option<usize> {
        self.places.get(line.policy)?.get(line.clause).copied().flatten()
    }

    fn added_up(&mut self, lines: &[LineView<'_>], out: &mut Vec<u8>) {
        let mut groups = std::mem::take(&mut self.groups);
        groups.clear();
        groups.resize(self.count, None);
        for line in lines {
            let Some(slot) = self.place(line).and_then(|place| groups.get_mut(place)) else { continue };
            let (status, awarded) = (line.verdict.status, line.sums.map(|sums| sums.awarded()));
            *slot = Some(match *slot {
                None => Group { status, awarded },
                Some(before) => Group {
                    status: if rank(status) > rank(before.status) { status } else { before.status },
                    awarded: match (before.awarded, awarded) {
                        (Some(a), Some(b)) => Some(a.plus(b).unwrap_or(Interval::ANY)),
                        (a, b) => a.or(b),
                    },
                },
            });
        }
        for group in &groups {
            out.push(b',');
            if let Some(group) = group {
                out.extend_from_slice(group.status.name().as_bytes());
            }
            out.push(b',');
            match group.and_then(|group| group.awarded) {
                Some(awarded) => cell::range(awarded, out),
                None => out.push(b','),
            }
        }
        self.groups = groups;
    }
}

/// The totals of an applicant who was paid nothing.
fn known((awarded, lifetime): (Number, Number), out: &mut Vec<u8>) {
    cell::both(awarded, out);
    out.extend_from_slice(b",0.00,");
    cell::both(awarded, out);
    out.extend_from_slice(b",0.00,0.00,");
    cell::both(lifetime, out);
}

/// Which status stands for several records: one that is open, else one that pays.
pub(super) fn rank(status: Status) -> u8 {
    match status {
        Status::NotApplicable => 0,
        Status::NotEligible => 1,
        Status::Stated => 2,
        Status::Met => 3,
        Status::Eligible => 4,
        Status::Undetermined => 5,
    }
}
