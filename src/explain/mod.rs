//! How a line came about, what would change it, and which missing facts matter most. What would change it is found by
//! trying: one thing is changed, and the clause is worked out again by the same steps as in the breakdown.

mod changes;
mod conditions;
mod counted;
mod edit;
mod judge;
mod ladder;
pub mod model;
mod needs;
mod reach;
mod search;
mod spread;
mod supply;

pub use needs::needs;

use std::cell::Cell;

use crate::applicant::Applicant;
use crate::assess::model::{Line, Status};
use crate::assess::purse::Purse;
use crate::assess::{Detail, assess_some};
use crate::clause::kind::Measures;
use crate::clause::{Clause, Limit};
use crate::explain::changes::{Found, Goal, Search, same};
use crate::explain::judge::{Judge, bears_on, outcome};
use crate::explain::model::{Change, Condition, Derivation, Explanation, Together, What};
use crate::explain::reach::Reach;
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{DayRange, Truth, Value};

/// Of a clause with more lines than this, what would change them is found for the first ones only.
const MOST_SEARCHED: usize = 12;
/// So many steps the search may take for all lines together; each may take what the others before it left of their shares.
const MOST_STEPS: u64 = 8_000_000;

/// The derivation of every line of the clauses wanted, by the ids of policy and clause.
pub fn explain(policies: &[&Policy], applicant: &Applicant, wanted: &dyn Fn(&str, &str) -> bool) -> Explanation {
    let asked: Vec<(usize, &Policy, &Clause)> = policies
        .iter()
        .enumerate()
        .flat_map(|(at, policy)| policy.clauses.iter().map(move |clause| (at, *policy, clause)))
        .filter(|(_, policy, clause)| wanted(&policy.id, &clause.id))
        .collect();
    let bears =
        |policy: &str, clause: &str| asked.iter().any(|(_, own, asked)| bears_on(policies, own, asked, policy, clause));
    let mut assessment = assess_some(policies, applicant, &bears, Detail::Full);
    assessment.lines.retain(|line| wanted(&line.policy, &line.clause));
    let (mut lines_left, mut steps_left) = (assessment.lines.len().min(MOST_SEARCHED) as u64, MOST_STEPS);
    let derivations = assessment.lines.iter().enumerate().filter_map(|(place, line)| {
        let of =
            |(_, policy, clause): &&(usize, &Policy, &Clause)| policy.id == line.policy && clause.id == line.clause;
        let (at, policy, clause) = asked.iter().find(of)?;
        let record = line.record.as_ref().and_then(|record| record.index.checked_sub(1));
        let share = steps_left / lines_left.max(1);
        let (purse, used) = (Purse::of(share), Cell::new(0));
        let judge = Judge { policies, applicant, at: *at, policy, clause, record, purse, used };
        let derivation = derivation(&judge, line, place < MOST_SEARCHED);
        steps_left = steps_left.saturating_sub(share - judge.purse.left());
        lines_left = lines_left.saturating_sub(1);
        Some(derivation)
    });
    let derivations = derivations.collect();
    Explanation { assessment, derivations }
}

fn derivation(judge: &Judge<'_>, line: &Line, searched: bool) -> Derivation {
    let (policy, clause) = (judge.policy, judge.clause);
    let for_others = line.status == Status::NotApplicable && !is_for(judge);
    let without_record = clause.each.is_some() && judge.record.is_none();
    let mut conditions = if for_others || without_record { Vec::new() } else { conditions::all(judge) };
    let (event, in_time) = event(judge);
    let mut reach = Reach::of_clause(policy, clause);
    let mut found = Vec::new();
    // Of what is met and has no amount nothing can be better.
    let settled = matches!(line.status, Status::Met | Status::Stated);
    let searched = searched || settled;
    if searched && !for_others && !settled {
        if conditions.iter().all(|condition| condition.holds.is_true()) {
            competitors(policy, clause).into_iter().for_each(|other| reach.extend(Reach::of_clause(policy, other)));
        }
        found = search(judge, &reach);
    }
    let limits = limits(judge);
    for one in &found {
        if let Goal::Meets(place) = one.goal
            && let Some(condition) = conditions.get_mut(place)
        {
            condition.met_by.push(one.change.clone());
        }
    }
    let together = together(judge, &conditions, &found);
    let better = found.into_iter().filter(|one| one.goal == Goal::Better);
    let mut changes: Vec<Change> = better.map(|one| one.change).collect();
    // What changes the conclusion before what only raises the amount.
    changes.sort_by_key(|change| change.outcome.status == line.status);
    let supply = if searched { supply::all(judge, line, &reach) } else { Vec::new() };
    let pays = clause.kind.measures == Measures::Money && clause.amount.is_some() || !clause.installments.is_empty();
    Derivation {
        line: line.clone(),
        summary: clause.summary.clone(),
        window: clause.window,
        event,
        own_event: clause.event.is_some(),
        in_time,
        conditions,
        counted: if for_others || without_record { Vec::new() } else { counted::all(judge) },
        rounding: clause.rounding.filter(|_| pays).map(|rule| rule.words(&judge.policy.names)),
        limits,
        taken: taken(judge, line, &reach),
        changes,
        together,
        supply,
        evaluations: judge.used.get(),
        cut_short: !searched || judge.is_exhausted(),
    }
}

/// Whether the clause is for this kind of applicant.
fn is_for(judge: &Judge<'_>) -> bool {
    judge.clause.is_for(judge.policy.kind(&judge.applicant.kind))
}

/// The date that must lie inside the window, and whether it does and is not after the evaluation date.
fn event(judge: &Judge<'_>) -> (DayRange, Truth) {
    let today = DayRange::point(judge.applicant.as_of);
    let Some(world) = judge.world(judge.applicant) else { return (today, Truth::OPEN) };
    let mut context = world.context();
    context.enter(world.local(judge.clause, judge.record));
    let event = context.event();
    let window = judge.clause.window;
    let inside = DayRange::point(window.lo).not_after(event).and(event.not_after(DayRange::point(window.hi)));
    (event, inside.and(event.not_after(today)))
}

/// The limits that apply, or may; those over all applicants are among the line's notes.
fn limits(judge: &Judge<'_>) -> Vec<Text> {
    let Some(world) = judge.world(judge.applicant) else { return Vec::new() };
    let mut context = world.context();
    context.enter(world.local(judge.clause, judge.record));
    context.take_whole(true);
    let mut applies =
        |limit: &&Limit| !limit.across && limit.when.as_ref().is_none_or(|when| !when.truth(&mut context).is_false());
    judge.clause.limits.iter().filter(|limit| applies(limit)).map(|limit| limit.text.clone()).collect()
}

/// Clauses that may take this one's place, or something of what there is for both.
fn competitors<'p>(policy: &'p Policy, clause: &Clause) -> Vec<&'p Clause> {
    let Some(own) = policy.clause(&clause.id) else { return Vec::new() };
    let displaces = |other: &&Clause| other.instead_of.iter().any(|displaced| displaced.clause == own);
    let ranked = policy.highest_only.iter().filter(|rule| rule.clauses.contains(&own));
    let ranked = ranked.flat_map(|rule| rule.clauses.iter().filter_map(|place| policy.clauses.get(*place)));
    let sharing = policy.sharing(own, false).filter_map(|place| policy.clauses.get(place));
    let mut all: Vec<&Clause> = policy.clauses.iter().filter(displaces).chain(ranked).chain(sharing).collect();
    all.retain(|other| other.id != clause.id);
    all
}

fn search(judge: &Judge<'_>, reach: &Reach) -> Vec<Found> {
    let (Some(before), Some(total)) = (judge.after(&[]), judge.total_after(&[])) else { return Vec::new() };
    let unmet: Vec<usize> =
        before.holds.iter().enumerate().filter(|(_, holds)| !holds.is_true()).map(|(place, _)| place).collect();
    let goals: Vec<Goal> = unmet.iter().copied().map(Goal::Meets).chain([Goal::Better]).collect();
    let mut found = Search { judge, before: &before, goals: &goals, lax: false, total, found: Vec::new() }.run(reach);
    // What can be met only at the price of a worse conclusion is told all the same.
    let met = |place: &usize| found.iter().any(|one| one.goal == Goal::Meets(*place));
    let goals: Vec<Goal> = unmet.iter().filter(|place| !met(place)).copied().map(Goal::Meets).collect();
    if !goals.is_empty() {
        found.extend(Search { judge, before: &before, goals: &goals, lax: true, total, found: Vec::new() }.run(reach));
    }
    found
}

/// Where several conditions fail, and each can be met by one change: all these changes at once.
fn together(judge: &Judge<'_>, conditions: &[Condition], found: &[Found]) -> Option<Together> {
    let failing = conditions.iter().enumerate().filter(|(_, condition)| condition.holds.is_false());
    let mut chosen: Vec<&Found> = Vec::new();
    let mut count = 0;
    for (place, _) in failing {
        count += 1;
        let meets = || found.iter().filter(|one| one.goal == Goal::Meets(place));
        // What meets another one as well is not changed a second time.
        let first = meets().find(|one| chosen.iter().any(|known| same(&known.change.what, &one.change.what)));
        let first = first.or_else(|| meets().next())?;
        if !chosen.iter().any(|known| same(&known.change.what, &first.change.what)) {
            chosen.push(first);
        }
    }
    if count < 2 || chosen.len() < 2 {
        return None;
    }
    let edits: Vec<_> = chosen.iter().map(|one| one.edit.clone()).collect();
    let seen = judge.after(&edits)?;
    let changes: Vec<What> = chosen.iter().map(|one| one.change.what.clone()).collect();
    Some(Together { changes, outcome: seen.outcome })
}

/// Readings that the clause asks for and that make no difference to the line.
fn taken(judge: &Judge<'_>, line: &Line, reach: &Reach) -> Vec<(String, Text, Text)> {
    let names = &judge.policy.names;
    let inputs = judge.applicant.inputs.get(judge.at).map_or(&[][..], Vec::as_slice);
    let mut taken = Vec::new();
    for place in &reach.inputs {
        let Some(input) = names.inputs.get(*place) else { continue };
        let (Origin::Reading(reading), Type::Enum(options)) = (&input.origin, &input.ty) else { continue };
        let Some(Value::Words(words)) = inputs.get(*place) else { continue };
        let option = words.point().and_then(|word| names.enums.get(*options)?.words.get(word));
        if let Some((_, label)) = option
            && !line.readings.iter().any(|effect| effect.policy == judge.policy.id && effect.id == reading.id)
        {
            taken.push((reading.id.clone(), input.label.clone(), label.clone()));
        }
    }
    taken
}

/// The outcome of a line, for who compares.
pub fn outcome_of(line: &Line) -> model::Outcome {
    outcome(line)
}
