//! One applicant's results as they are written, and what limits over all applicants leave of them.
//!
//! A run over rows and a run over written results come here with the same amounts, those that are printed, and so come to the
//! same.

use std::collections::BTreeSet;

use crate::assess::model::{
    Amounts, Assessment, Claim, Counted, Division, FactName, RecordName, Status, Totals, Verdict,
};
use crate::clause::{Clause, Limit};
use crate::lang::Text;
use crate::policy::{Policy, among};
use crate::settle::otherwise::{self, is_written_alike, printed, printed_all};
use crate::settle::{
    Alternative, Changed, Claimant, ClaimingLine, Decision, Decisions, Otherwise, Outcome, Settled, reason, refusal,
};
use crate::value::{Bound, Interval, Number};

/// One applicant's results.
#[derive(Debug)]
pub struct OfApplicant {
    /// The lines that were worked out.
    pub lines: Vec<OfLine>,
    /// Their sums.
    pub totals: Totals,
}

/// One line of them.
#[derive(Clone, Debug)]
pub struct OfLine {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// Which record, for a clause that is worked out once per record.
    pub record: Option<RecordName>,
    /// The conclusion and its reason.
    pub verdict: Verdict,
    /// The facts that would settle it.
    pub missing: Vec<FactName>,
    /// Whether it is in the totals.
    pub counted: bool,
    /// What it comes to, where it has an amount.
    pub amounts: Option<Amounts>,
    /// How that is divided.
    pub divisions: Vec<Division>,
    /// The unit of its amounts; none: 元.
    pub unit: Option<String>,
    /// What is still to be settled.
    pub claims: Vec<Claim>,
    /// What was settled.
    pub settled: Vec<Settled>,
    /// What it comes to, and claims, under other options of readings.
    pub otherwise: Vec<Otherwise>,
}

fn less(a: Interval, b: Number) -> Interval {
    a.minus(Interval::point(b)).unwrap_or(Interval::ANY).floor_at_zero()
}

/// Anything from nothing upwards.
const ANYTHING: Interval = Interval { lo: Bound::ZERO, hi: Bound::Above };

impl OfApplicant {
    /// What an assessment prints; `places` are those of its policies among these.
    pub fn of(assessment: &Assessment, policies: &[&Policy], places: &[usize]) -> OfApplicant {
        let lines = assessment.lines.iter().filter_map(|line| {
            let (policy, clause) = among::find(policies, &line.policy, &line.clause, places.iter().copied())?;
            Some(OfLine {
                policy,
                clause,
                record: line.record.clone(),
                verdict: Verdict::of_line(line),
                missing: line.missing.clone(),
                counted: line.counted == Counted::Total,
                amounts: line.amounts.as_ref().map(printed_all),
                divisions: line.divisions.clone(),
                unit: line.unit.as_ref().map(|unit| unit.zh.clone()),
                claims: line.claims.clone(),
                settled: Vec::new(),
                otherwise: otherwise::of_line(line, policies),
            })
        });
        let totals = &assessment.totals;
        let totals = Totals {
            awarded: printed(totals.awarded),
            paid: totals.paid.as_money(),
            due: printed(totals.due),
            overpaid: printed(totals.overpaid),
            lifetime: printed(totals.lifetime),
            not_counted: Vec::new(),
        };
        OfApplicant { lines: lines.collect(), totals }
    }

    /// What it claims, if anything, under the options taken and under others.
    pub fn claimant(&self, ordinal: u64, id: &str) -> Option<Claimant> {
        let asks_otherwise = |line: &&OfLine, of: Alternative| {
            line.otherwise.iter().any(|other| other.alternative == of && other.claims != line.claims)
        };
        let under: Vec<(Alternative, Vec<ClaimingLine>)> = (self.alternatives().into_iter())
            .filter(|of| self.lines.iter().any(|line| asks_otherwise(&line, *of)))
            .map(|of| (of, self.under(of).claiming()))
            .collect();
        let lines = self.claiming();
        (!lines.is_empty() || !under.is_empty()).then(|| Claimant { ordinal, id: id.to_owned(), lines, under })
    }

    fn claiming(&self) -> Vec<ClaimingLine> {
        let lines = self.lines.iter().filter(|line| !line.claims.is_empty());
        let was_paid = |line: &OfLine| line.amounts.as_ref().is_some_and(|amounts| amounts.paid > Number::ZERO);
        let claiming = |line: &OfLine| ClaimingLine {
            policy: line.policy,
            clause: line.clause,
            paid: was_paid(line),
            claims: line.claims.clone(),
        };
        lines.map(claiming).collect()
    }

    /// The other options of readings under which one of its lines comes out, or claims, otherwise.
    fn alternatives(&self) -> BTreeSet<Alternative> {
        otherwise::alternatives(self.lines.iter().map(|line| line.otherwise.as_slice()))
    }

    /// The same under another option of a reading.
    fn under(&self, alternative: Alternative) -> OfApplicant {
        let of = |line: &OfLine| {
            let mut then = OfLine { otherwise: Vec::new(), ..line.clone() };
            if let Some(other) = line.otherwise.iter().find(|other| other.alternative == alternative) {
                then.verdict.status = other.status;
                (then.amounts, then.claims) = (other.amounts.clone(), other.claims.clone());
            }
            then
        };
        OfApplicant { lines: self.lines.iter().map(of).collect(), totals: self.totals.clone() }
    }

    /// Notes of each line under which options it comes out otherwise than now.
    fn compare(&mut self, then: &[(Alternative, OfApplicant)]) {
        for (place, line) in self.lines.iter_mut().enumerate() {
            let now = (line.verdict.status, line.amounts.as_ref());
            let others = then.iter().filter_map(|(alternative, of)| Some((*alternative, of.lines.get(place)?)));
            let others =
                others.filter(|(_, then)| !is_written_alike(now, (then.verdict.status, then.amounts.as_ref())));
            let other = |(alternative, then): (Alternative, &OfLine)| Otherwise {
                alternative,
                status: then.verdict.status,
                amounts: then.amounts.clone(),
                claims: Vec::new(),
            };
            line.otherwise = others.map(other).collect();
        }
    }

    /// Takes over what was decided on its claims, under the options taken and under others.
    pub fn settle(
        &mut self,
        decisions: &Decisions,
        ordinal: u64,
        id: &str,
        policies: &[&Policy],
    ) -> Result<(), Changed> {
        let mut all = self.alternatives();
        all.extend(decisions.alternatives());
        let under = |alternative: Alternative| {
            let mut of = self.under(alternative);
            of.settle_one(&decisions.under(alternative).of(ordinal, id)?, policies)?;
            Ok((alternative, of))
        };
        let then: Vec<(Alternative, OfApplicant)> = all.into_iter().map(under).collect::<Result<_, Changed>>()?;
        self.settle_one(&decisions.of(ordinal, id)?, policies)?;
        self.compare(&then);
        Ok(())
    }

    /// Takes over what was decided on its claims under one option of every reading.
    fn settle_one(&mut self, decisions: &[Decision], policies: &[&Policy]) -> Result<(), Changed> {
        let claiming = self.lines.iter().filter(|line| !line.claims.is_empty()).count();
        if claiming != decisions.len() {
            return Err(Changed);
        }
        let before: Vec<Option<Amounts>> = self.lines.iter().map(|line| line.amounts.clone()).collect();
        let mut reopened: Vec<String> = Vec::new();
        let lines = self.lines.iter_mut().filter(|line| !line.claims.is_empty());
        for (line, decision) in lines.zip(decisions) {
            let asked = line.claims.first().map(|claim| (claim.to_date, claim.lifetime));
            if (line.policy, line.clause) != (decision.policy, decision.clause) || asked != Some(decision.claimed) {
                return Err(Changed);
            }
            let Some(clause) = among::clause(policies, line.policy, line.clause) else { continue };
            line.settle(decision, clause);
            if decision.overlaps && decision.left != decision.claimed {
                reopened.extend(among::category(policies, line.policy, line.clause).map(str::to_owned));
            }
        }
        for line in &mut self.lines {
            let category = among::category(policies, line.policy, line.clause);
            if line.settled.is_empty() && category.is_some_and(|own| reopened.iter().any(|other| other == own)) {
                line.reopen();
            }
        }
        self.settle_payments(&before);
        let same = self.lines.iter().zip(&before).all(|(line, before)| line.amounts == *before);
        if !same {
            self.add_up();
        }
        Ok(())
    }

    /// As it stands while limits over all applicants are still to be settled: a line that asks for something may get none of it.
    pub fn unsettled(self) -> OfApplicant {
        let all = self.alternatives().into_iter();
        let then: Vec<(Alternative, OfApplicant)> = all.map(|of| (of, self.under(of).unsettled_one())).collect();
        let mut now = self.unsettled_one();
        now.compare(&then);
        now
    }

    fn unsettled_one(mut self) -> OfApplicant {
        let totals = &mut self.totals;
        let or_less = |total: Interval, taken: Bound| match taken {
            Bound::At(taken) => less(total, taken).hull(total),
            Bound::Below | Bound::Above => total.hull(Interval::ZERO),
        };
        for line in self.lines.iter_mut().filter(|line| !line.claims.is_empty()) {
            line.verdict.status = Status::Undetermined;
            let Some(amounts) = &mut line.amounts else { continue };
            if line.counted {
                totals.awarded = or_less(totals.awarded, amounts.awarded.lo);
                totals.due = or_less(totals.due, amounts.due.lo);
                totals.lifetime = or_less(totals.lifetime, amounts.lifetime.lo);
                let more = totals.overpaid.plus(Interval::point(amounts.paid)).unwrap_or(Interval::ANY);
                totals.overpaid = totals.overpaid.hull(more);
            }
            amounts.awarded = amounts.awarded.hull(Interval::ZERO);
            amounts.due = amounts.due.hull(Interval::ZERO);
            amounts.lifetime = amounts.lifetime.hull(Interval::ZERO);
            amounts.overpaid = amounts.overpaid.hull(Interval::point(amounts.paid));
        }
        self
    }

    /// Sets payments against what is left of clauses of which something was taken.
    fn settle_payments(&mut self, before: &[Option<Amounts>]) {
        let of = |line: &OfLine| (line.policy, line.clause);
        let changed: Vec<(usize, usize)> = (self.lines.iter().zip(before))
            .filter(|(line, before)| line.amounts != **before)
            .map(|(line, _)| of(line))
            .collect();
        for place in changed {
            let own = |line: &&mut OfLine| of(line) == place;
            let paid = |line: &&mut OfLine| line.amounts.as_ref().map(|amounts| amounts.paid);
            let payments: Vec<Number> = self.lines.iter_mut().filter(own).filter_map(|line| paid(&line)).collect();
            let all = payments.iter().fold(Number::ZERO, |sum, paid| sum.plus(*paid).unwrap_or(sum));
            let alone = payments.len() == 1 || all == Number::ZERO;
            for line in self.lines.iter_mut().filter(own) {
                let Some(amounts) = &mut line.amounts else { continue };
                let due = less(amounts.awarded, amounts.paid).min(amounts.due);
                let over = less(Interval::point(amounts.paid), Number::ZERO);
                let over = over.minus(amounts.awarded).unwrap_or(Interval::ANY).floor_at_zero();
                if alone {
                    amounts.due = due;
                    amounts.overpaid = if line.counted { over.max(amounts.overpaid) } else { amounts.overpaid };
                } else {
                    // Which of the clause's lines a payment was for may change with what is left of them.
                    amounts.due = less(amounts.awarded, all).min(due).hull(due);
                    let most = Interval::point(all).minus(amounts.awarded).unwrap_or(Interval::ANY).floor_at_zero();
                    amounts.overpaid = Interval::ZERO.hull(most);
                }
            }
        }
    }

    /// The sums, line by line.
    fn add_up(&mut self) {
        let counted = || self.lines.iter().filter(|line| line.counted).filter_map(|line| line.amounts.as_ref());
        let sum = |of: fn(&Amounts) -> Interval| Interval::sum(counted().map(of)).unwrap_or(Interval::ANY);
        let (awarded, due) = (sum(|amounts| amounts.awarded), sum(|amounts| amounts.due));
        let (overpaid, lifetime) = (sum(|amounts| amounts.overpaid), sum(|amounts| amounts.lifetime));
        self.totals = Totals { awarded, due, overpaid, lifetime, paid: self.totals.paid, not_counted: Vec::new() };
    }
}

impl OfLine {
    fn settle(&mut self, decision: &Decision, clause: &Clause) {
        let claims = std::mem::take(&mut self.claims);
        let sure = claims.iter().all(|claim| claim.stands.is_true());
        if decision.left != decision.claimed
            && let Some(amounts) = &mut self.amounts
        {
            (amounts.awarded, amounts.lifetime) = (printed(decision.left.0), printed(decision.left.1));
        }
        self.settled.clone_from(&decision.settled);
        let limit = |settled: &Settled| clause.limits.get(settled.limit);
        let words = |settled: &Settled| limit(settled).map(|limit: &Limit| reason(limit, settled));
        let came_out = |outcome: Outcome| decision.settled.iter().filter(move |settled| settled.outcome == outcome);
        let base = self.verdict.reason.clone();
        if let Some(out) = came_out(Outcome::LeftOut).next() {
            let Some(words) = words(out) else { return };
            if sure {
                let failed = limit(out).map(refusal).into_iter().collect();
                self.verdict = Verdict { status: Status::NotEligible, reason: words, failed, gist: None };
                self.missing.clear();
            } else {
                let reason = Text::made(
                    format!("{}；无论如何不发，{}", base.zh, words.zh),
                    format!("{}; nothing is paid in any case, {}", base.en, words.en),
                );
                self.verdict = Verdict { status: Status::Undetermined, reason, failed: Vec::new(), gist: None };
            }
            return;
        }
        let open: Vec<Text> = came_out(Outcome::Open).filter_map(words).collect();
        let was_open = self.verdict.status == Status::Undetermined;
        let parts: Vec<Text> = if open.is_empty() {
            std::iter::once(base).chain(decision.settled.iter().filter_map(words)).collect()
        } else {
            self.verdict.status = Status::Undetermined;
            let is_open = |claim: &&Claim| came_out(Outcome::Open).any(|settled| settled.limit == claim.limit);
            for fact in claims.iter().filter(is_open).flat_map(|claim| &claim.missing) {
                if !self.missing.iter().any(|known| known.name == fact.name) {
                    self.missing.push(fact.clone());
                }
            }
            was_open.then_some(base).into_iter().chain(open).collect()
        };
        self.verdict.reason = Text::join(&parts, "；", "; ");
    }

    /// Something else for the same purpose was cut by a limit: what was set off against both may now fall to this line.
    fn reopen(&mut self) {
        let Some(amounts) = &mut self.amounts else { return };
        let paid = Interval::point(amounts.paid);
        (amounts.awarded, amounts.due, amounts.lifetime) = (ANYTHING, ANYTHING, ANYTHING);
        amounts.overpaid = amounts.overpaid.hull(paid).hull(Interval::ZERO);
        let reason = Text::new(
            "同类事项有涉及全部申请人的限额，且不得重复享受：限额核定后须单独重算",
            "another benefit for the same purpose was cut by a limit over all applicants; what the two leave of each other is to be worked out again",
        );
        self.verdict = Verdict { status: Status::Undetermined, reason, failed: Vec::new(), gist: None };
    }
}
