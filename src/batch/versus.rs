//! Rows under two policies at once: what `diff` over a population holds against each other.

use std::collections::BTreeMap;

use crate::applicant::{Applicant, replace};
use crate::assess::model::{Assessment, Status};
use crate::assess::pair::assess_both;
use crate::assess::twins::Twins;
use crate::batch::{Across, Plan};
use crate::diff::effect::{Met, OfLine, Outcome, State};
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::{Fault, Row, Sheet};
use crate::settle::OfApplicant;
use crate::value::Interval;

/// The other policy of a run.
pub struct Versus<'a> {
    /// The plan under which each row is worked out as well.
    pub old: Plan<'a>,
    /// Both policies, as heads are read against them.
    pub both: Vec<&'a Policy>,
    /// What is the same in them.
    pub twins: Twins<'a>,
}

/// What one row came to under both, what is wrong with it, and whether it is not the one whose claims were settled.
pub(super) struct Found {
    pub met: Met,
    pub faults: Vec<Fault>,
    pub changed: bool,
}

impl<'a> Versus<'a> {
    /// Works out a row under both; `ordinal` is above those of all rows before it.
    pub(super) fn row(&self, plan: &Plan<'a>, row: &Row, sheet: &Sheet, ordinal: u64) -> Found {
        let id = row.id(sheet).map_or_else(|| row.line.to_string(), str::to_owned);
        let mut found = Found { met: Met::new(id), faults: Vec::new(), changed: false };
        let (old, new) = match (read(&self.old, row, sheet), read(plan, row, sheet)) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                let name = [&new, &old].into_iter().find_map(|side| side.as_ref().ok()?.name.clone());
                found.met.name = name.unwrap_or_default();
                let nothing = || Outcome { clauses: BTreeMap::new(), total: Interval::ZERO };
                found.met.sides = [old.is_ok(), new.is_ok()].map(|is_used| is_used.then(nothing));
                found.faults = told(old.err(), new.err());
                return found;
            }
        };
        let Met { id, name, sides, differences, total, loose } = &mut found.met;
        *name = new.name.clone().unwrap_or_default();
        let kinds = [self.twins.old.kind(&old.kind), self.twins.new.kind(&new.kind)];
        let [kind_before, kind_after] = kinds;
        let is_for = |side: &Plan<'_>, policy: &Policy, kind: Option<usize>, clause: usize| {
            side.is_wanted(0, clause) && policy.clauses.get(clause).is_some_and(|clause| clause.is_for(kind))
        };
        let before = |clause: usize| is_for(&self.old, self.twins.old, kind_before, clause);
        let after = |clause: usize| is_for(plan, self.twins.new, kind_after, clause);
        let both = assess_both(&self.twins, [&old, &new], [&before, &after]);
        (*differences, *total, *loose) = (both.clauses, both.total, both.loose);
        let [of_old, of_new] = &both.sides;
        let mut outcome = |side: &Plan<'a>, assessment: &Assessment, is_new: bool| {
            let mut of = OfApplicant::of(assessment, &side.setup.policies, &[0]);
            if of.lines.iter().any(|line| !line.claims.is_empty()) {
                match side.across {
                    Across::Settled(decisions) => {
                        found.changed |= of.settle(decisions, ordinal, id, &side.setup.policies).is_err();
                    }
                    Across::Later | Across::Gather => of = of.unsettled(),
                }
            }
            Some(self.outcome(&of, is_new))
        };
        *sides = [outcome(&self.old, of_old, false), outcome(plan, of_new, true)];
        found
    }

    fn outcome(&self, of: &OfApplicant, is_new: bool) -> Outcome {
        let mut clauses: BTreeMap<usize, OfLine> = BTreeMap::new();
        for line in &of.lines {
            let Some(place) = self.twins.place(is_new, line.clause) else { continue };
            let amounts = line.amounts.as_ref().filter(|_| line.counted);
            let state = match line.verdict.status {
                Status::Eligible | Status::Met => State::Paid,
                Status::Undetermined => State::Open,
                _ => State::Nothing,
            };
            let settled = !line.settled.is_empty() || !line.claims.is_empty();
            let own = OfLine { awarded: amounts.map_or(Interval::ZERO, |amounts| amounts.awarded), state, settled };
            clauses.entry(place).and_modify(|known| *known = known.and(own)).or_insert(own);
        }
        Outcome { clauses, total: of.totals.awarded }
    }
}

/// The applicant of a row by a plan of one policy.
fn read(plan: &Plan<'_>, row: &Row, sheet: &Sheet) -> Result<Applicant, Vec<Fault>> {
    let (mut applicant, _) = plan.applicant(row, sheet)?;
    for (inputs, taken) in applicant.inputs.iter_mut().zip(&plan.readings) {
        replace(inputs, taken);
    }
    Ok(applicant)
}

/// The faults of a row, each with the policy by which it is one, unless it is by both.
fn told(old: Option<Vec<Fault>>, new: Option<Vec<Fault>>) -> Vec<Fault> {
    let (mut old, mut new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let is_same = |one: &Fault, other: &Fault| (&one.column, &one.reason) == (&other.column, &other.reason);
    let (both, mut rest): (Vec<Fault>, Vec<Fault>) =
        new.drain(..).partition(|fault| old.iter().any(|other| is_same(fault, other)));
    old.retain(|fault| !both.iter().any(|other| is_same(fault, other)));
    let by = |fault: &mut Fault, zh: &str, en: &str| {
        let Text { zh: reason, en: words } = &fault.reason;
        fault.reason = Text::made(format!("{zh}：{reason}"), format!("{en}: {words}"));
    };
    old.iter_mut().for_each(|fault| by(fault, "按旧版", "under the old policy"));
    rest.iter_mut().for_each(|fault| by(fault, "按新版", "under the new policy"));
    both.into_iter().chain(old).chain(rest).collect()
}
