//! What is left of a limit over all applicants, where that is known from elsewhere: one applicant's lines settled against it.

use std::collections::BTreeSet;

use crate::assess::line::unchecked;
use crate::assess::model::{
    Amounts, Assessment, Claim, Failed, Line, OtherReading, ReadingEffect, Status, Step, Totals, Warning,
};
use crate::assess::warnings::unchecked_limits;
use crate::clause::Pool;
use crate::expr::formula::Shown;
use crate::lang::Text;
use crate::policy::{Policy, among};
use crate::settle::{Claims, OfApplicant, OfLine, Outcome, decide};
use crate::value::{Interval, Number};

/// What is left of a limit, as somebody states it.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The policy's place in the run.
    pub policy: usize,
    /// Of what it is left.
    pub pool: Pool,
    /// So many lines, or so much money, from 0.
    pub left: Number,
    /// What it says in words: how much, and from where.
    pub text: Text,
}

impl Stated {
    /// The place of the limit among those of a line's clause, where the line asks for a part of it.
    fn limit_of(&self, line: &Line, policies: &[&Policy]) -> Option<usize> {
        let policy = policies.get(self.policy).filter(|policy| policy.id == line.policy)?;
        let clause = policy.clauses.get(policy.clause(&line.clause)?)?;
        clause.limits.iter().position(|limit| limit.pool == self.pool)
    }
}

/// Settles one applicant's lines against what is stated to be left, and says so at each. An error where what is stated cannot
/// be meant: the lines fall under several keys, each with its own limit.
pub fn with_stated(assessment: &mut Assessment, policies: &[&Policy], stated: &[Stated]) -> Result<(), Text> {
    for of in stated {
        let mut keys: BTreeSet<Vec<Option<String>>> = BTreeSet::new();
        for line in &mut assessment.lines {
            let Some(limit) = of.limit_of(line, policies) else { continue };
            for claim in line.claims.iter_mut().filter(|claim| claim.limit == limit) {
                claim.at_most = Interval::point(of.left);
                keys.insert(claim.key.clone());
            }
        }
        if keys.len() > 1 {
            return Err(Text::made(
                format!("{}：申请人的各行分属几个限额，无从得知所述余额属于哪一个", of.text.zh),
                format!(
                    "{}: the applicant's lines fall under several limits, and nobody knows which of them this is",
                    of.text.en
                ),
            ));
        }
    }
    let places: Vec<usize> = (0..policies.len()).collect();
    let mut own = OfApplicant::of(assessment, policies, &places);
    let limits = |line: &Line| -> Vec<usize> { stated.iter().filter_map(|of| of.limit_of(line, policies)).collect() };
    for (of, line) in own.lines.iter_mut().zip(&assessment.lines) {
        let limits = limits(line);
        of.claims.retain(|claim| limits.contains(&claim.limit));
        of.otherwise.clear();
    }
    let mut claims = Claims::default();
    own.claimant(0, "").into_iter().for_each(|claimant| claims.add(claimant));
    let decisions = decide(claims, policies);
    // The claims are those that were gathered a moment ago.
    let _ = own.settle(&decisions, 0, "", policies);
    for (line, of) in assessment.lines.iter_mut().zip(&own.lines) {
        let Some(policy) = policies.get(of.policy) else { continue };
        let limits = limits(line);
        if !line.claims.iter().any(|claim| limits.contains(&claim.limit)) {
            continue;
        }
        take_over(line, of, policy);
        // It is settled: what is asked of this limit is asked no more.
        line.claims.retain(|claim: &Claim| !limits.contains(&claim.limit));
        let all = policy.clauses.get(of.clause).map_or(&[][..], |clause| &clause.limits);
        let checked: Vec<Text> = limits.iter().filter_map(|limit| all.get(*limit)).map(unchecked).collect();
        line.notes.retain(|note| !checked.contains(note));
        let texts = stated.iter().filter(|of| of.limit_of(line, policies).is_some()).map(|of| of.text.clone());
        line.notes.extend(texts.collect::<Vec<_>>());
    }
    let (sums, totals) = (&mut assessment.totals, &own.totals);
    (sums.awarded, sums.due) = (totals.awarded, totals.due);
    (sums.overpaid, sums.lifetime) = (totals.overpaid, totals.lifetime);
    retell(assessment);
    for of in stated {
        assessment.warnings.push(Warning { code: "stated", text: of.text.clone() });
    }
    Ok(())
}

impl OfApplicant {
    /// Puts what limits over all applicants left of these lines, all of which are settled, into the assessment that they are
    /// of.
    pub fn tell(&self, assessment: &mut Assessment, policies: &[&Policy]) {
        for (line, of) in assessment.lines.iter_mut().zip(&self.lines) {
            let Some(policy) = policies.get(of.policy) else { continue };
            take_over(line, of, policy);
            // What is written is what is told.
            line.amounts.clone_from(&of.amounts);
            line.claims.clear();
            let limits = policy.clauses.get(of.clause).map_or(&[][..], |clause| &clause.limits);
            let checked: Vec<Text> = limits.iter().map(unchecked).collect();
            line.notes.retain(|note| !checked.contains(note));
            line.readings = effects(of, policies);
        }
        let not_counted = std::mem::take(&mut assessment.totals.not_counted);
        assessment.totals = Totals { not_counted, ..self.totals.clone() };
        retell(assessment);
    }
}

/// What a line comes to under other options of readings.
fn effects(of: &OfLine, policies: &[&Policy]) -> Vec<ReadingEffect> {
    let mut effects: Vec<ReadingEffect> = Vec::new();
    for other in &of.otherwise {
        let Some(named) = among::reading(policies, other.alternative.policy, other.alternative.reading) else {
            continue;
        };
        let Some((option, label)) = named.options.words.get(other.alternative.option).cloned() else { continue };
        let told = OtherReading {
            option,
            label,
            status: other.status,
            amounts: other.amounts.clone(),
            claims: Vec::new(),
            together: None,
            is_told: true,
        };
        match effects.iter_mut().find(|known| known.policy == named.policy.id && known.id == named.id()) {
            Some(known) => known.others.push(told),
            None => effects.push(ReadingEffect {
                policy: named.policy.id.clone(),
                id: named.id().to_owned(),
                question: named.input.label.clone(),
                used: named.options.words.get(other.alternative.taken).cloned(),
                others: vec![told],
            }),
        }
    }
    effects
}

/// Says anew which limits over all applicants were not checked.
fn retell(assessment: &mut Assessment) {
    let Some(place) = assessment.warnings.iter().position(|warning| warning.code == "unchecked-limit") else { return };
    let open = |line: &&Line| matches!(line.status, Status::Eligible | Status::Undetermined) && !line.claims.is_empty();
    let mut cites: Vec<String> = assessment.lines.iter().filter(open).map(|line| line.cite.clone()).collect();
    cites.dedup();
    assessment.warnings.remove(place);
    assessment.warnings.extend((!cites.is_empty()).then(|| unchecked_limits(&cites)));
}

/// Takes over what limits over all applicants made of a line.
pub fn take_over(line: &mut Line, of: &OfLine, policy: &Policy) {
    if of.settled.is_empty() && line.status == of.verdict.status {
        return;
    }
    line.status = of.verdict.status;
    line.reason = of.verdict.reason.clone();
    line.missing.clone_from(&of.missing);
    let awarded = |amounts: &Option<Amounts>| amounts.as_ref().map(|amounts| amounts.awarded);
    if let Some(left) = awarded(&of.amounts).filter(|left| awarded(&line.amounts) != Some(*left)) {
        let limits = policy.clauses.get(of.clause).map_or(&[][..], |clause| &clause.limits);
        let took = of.settled.iter().filter(|settled| settled.outcome != Outcome::Inside);
        let texts: Vec<&Text> = took.filter_map(|settled| Some(&limits.get(settled.limit)?.text)).collect();
        let value = Shown::Quantity { interval: left, unit: policy.names.money_name(), written: None };
        line.steps.push(Step { kind: "limit", label: Text::join(texts, "；", "; "), formula: None, value });
    }
    line.amounts.clone_from(&of.amounts);
    if !of.verdict.failed.is_empty() {
        let failed = |text: &Text| Failed {
            text: text.clone(),
            required: None,
            actual: None,
            distance: None,
            parts: Vec::new(),
        };
        line.failed = of.verdict.failed.iter().map(failed).collect();
    }
}
