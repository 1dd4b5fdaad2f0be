//! Policy and applicant → [`Assessment`](model::Assessment): total, without I/O, without a clock.

mod across;
mod blend;
mod came_to;
mod claims;
pub mod conclusion;
pub mod divided;
pub mod draft;
pub(crate) mod grounds;
pub mod kept;
pub(crate) mod line;
pub mod linked;
mod missing;
pub mod model;
pub mod naming;
mod nothing;
mod order;
pub mod pair;
mod payment;
pub(crate) mod purse;
mod readings;
pub mod slot;
pub mod split;
pub mod step;
mod totals;
pub mod twins;
pub mod warnings;
pub mod world;

use crate::applicant::Applicant;
use crate::assess::line::PolicyLines;
use crate::assess::model::{Assessment, PolicyHead};
use crate::assess::purse::Purse;
use crate::expr::watch::Watch;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// How much of a calculation is told, each with what those before it tell. The conclusions and amounts are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Conclusions, reasons, amounts, what is missing, and the warnings that are of this applicant's own data.
    Brief,
    /// Also what the lines come to, and ask of limits over all applicants, under the other options of readings.
    Compared,
    /// Also every step.
    Steps,
    /// Also what each missing fact would settle, and warnings.
    Full,
}

/// Works out every clause of the policies for an applicant that was read against them, in the same order.
pub fn assess(policies: &[&Policy], applicant: &Applicant) -> Assessment {
    assess_some(policies, applicant, &|_, _| true, Detail::Full)
}

/// The same for the clauses that are wanted, by the ids of policy and clause. Others are worked out only where a wanted one
/// depends on them, and are not in the result.
pub fn assess_some(
    policies: &[&Policy],
    applicant: &Applicant,
    wanted: &dyn Fn(&str, &str) -> bool,
    detail: Detail,
) -> Assessment {
    assess_watched(policies, applicant, wanted, detail, None)
}

/// The same, told to a watch: what is given and the readings taken, not what else they might be.
pub fn assess_watched(
    policies: &[&Policy],
    applicant: &Applicant,
    wanted: &dyn Fn(&str, &str) -> bool,
    detail: Detail,
    watch: Option<&Watch>,
) -> Assessment {
    let mut assessment = assess_within(policies, applicant, &by_ids(policies, wanted), detail, watch, &Purses::whole());
    if detail == Detail::Full {
        assessment.lines.iter_mut().for_each(model::Line::leave_out_claims_of_readings);
    }
    assessment
}

/// The same for the clauses that are wanted by the places of policy and clause, with what lines would ask of limits over all
/// applicants under other options of readings, for whoever settles them.
pub fn assess_places(
    policies: &[&Policy],
    applicant: &Applicant,
    wanted: &dyn Fn(usize, usize) -> bool,
    detail: Detail,
) -> Assessment {
    assess_within(policies, applicant, wanted, detail, None, &Purses::whole())
}

/// What is wanted by ids, by places.
fn by_ids(policies: &[&Policy], wanted: &dyn Fn(&str, &str) -> bool) -> impl Fn(usize, usize) -> bool {
    move |policy, clause| {
        let policy = policies.get(policy);
        policy.is_some_and(|policy| policy.clauses.get(clause).is_some_and(|clause| wanted(&policy.id, &clause.id)))
    }
}

/// The lines of those of a policy's clauses that are not for a kind of applicant, each with its clause's place: the same for all
/// of that kind.
pub fn lines_for_others(policy: &Policy, kind: &str) -> Vec<(usize, model::Line)> {
    line::for_other_kinds(policy, kind)
}

/// Only what is needed to compare what an applicant comes to with what the same comes to after a change: each such trial has a
/// small purse of its own, the same for all, so that none looks better for having had more.
pub fn assess_trial(policies: &[&Policy], applicant: &Applicant, wanted: &dyn Fn(&str, &str) -> bool) -> Assessment {
    assess_within(policies, applicant, &by_ids(policies, wanted), Detail::Brief, None, &Purses::of_a_trial())
}

/// What the bounds of one applicant may cost, by what is worked out.
struct Purses {
    lines: Purse,
    effects: Purse,
    sums: Purse,
    missing: Purse,
}

impl Purses {
    fn whole() -> Purses {
        let of = Purse::of;
        Purses { lines: of(4_000_000), effects: of(3_000_000), sums: of(2_000_000), missing: of(2_000_000) }
    }

    fn of_a_trial() -> Purses {
        let of = Purse::of;
        Purses { lines: of(400_000), effects: of(0), sums: of(200_000), missing: of(0) }
    }
}

fn assess_within(
    policies: &[&Policy],
    applicant: &Applicant,
    wanted: &dyn Fn(usize, usize) -> bool,
    detail: Detail,
    watch: Option<&Watch>,
    purses: &Purses,
) -> Assessment {
    let Purses { lines: purse, effects: of_effects, .. } = purses;
    let work_out = |detail: Detail, changed: Option<(usize, usize, Value)>, purse: &Purse| {
        let given = policies.iter().zip(&applicant.inputs).enumerate();
        let mut parts: Vec<PolicyLines<'_>> = given
            .map(|(place, (policy, inputs))| {
                let mut inputs = inputs.clone();
                if let Some((of, slot, value)) = &changed
                    && *of == place
                    && let Some(slot) = inputs.get_mut(*slot)
                {
                    slot.clone_from(value);
                }
                let watch = watch.filter(|_| changed.is_none());
                PolicyLines::work_out(policy, place, inputs, applicant, wanted, detail, (watch, purse))
            })
            .collect();
        across::settle(&mut parts);
        parts
    };
    let parts = work_out(detail, None, purse);
    let again = |of: usize, slot: usize, value: Value| work_out(Detail::Brief, Some((of, slot, value)), of_effects);
    finish(&parts, applicant, detail, purses, Some(&again))
}

/// Works all policies out with another value of one input of one policy.
type Again<'a, 'p> = &'a dyn Fn(usize, usize, Value) -> Vec<PolicyLines<'p>>;

/// What the lines come to together, and how it is told; without `again` no other options of readings are looked at.
fn finish<'p>(
    parts: &[PolicyLines<'p>],
    applicant: &Applicant,
    detail: Detail,
    purses: &Purses,
    again: Option<Again<'_, 'p>>,
) -> Assessment {
    let full = detail == Detail::Full;
    let Purses { effects: of_effects, sums: of_sums, missing: of_missing, .. } = purses;
    let (effects, loose_effects) = match again.filter(|_| detail != Detail::Brief) {
        None => (parts.iter().map(PolicyLines::without_effects).collect(), false),
        Some(again) => readings::effects(parts, again, of_effects),
    };
    let mut all = parts.iter().zip(&effects).map(|(part, effects)| part.lines(effects));
    let mut lines: Vec<model::Line> = all.next().unwrap_or_default();
    lines.extend(all.flatten());
    claims::mark_overlaps(parts, &mut lines);
    let (totals, awarded, loose) = totals::totals(parts, &lines, of_sums);
    let missing = if full { missing::missing(parts, &awarded, of_missing) } else { Vec::new() };
    let mut warnings = match full {
        true => warnings::warnings(parts, applicant, &lines),
        false => warnings::in_brief(&parts.iter().map(|part| part.policy).collect::<Vec<_>>(), applicant),
    };
    warnings.extend(loose.then(warnings::loose_sums));
    warnings.extend(loose_effects.then(warnings::loose_readings));
    Assessment {
        applicant: model::Applicant {
            name: applicant.name.clone(),
            kind: applicant.kind.clone(),
            kind_label: applicant.kind_label.clone(),
            file: applicant.file.clone(),
        },
        as_of: applicant.as_of,
        policies: parts.iter().map(|part| head(part.policy, applicant.as_of)).collect(),
        lines,
        totals,
        missing,
        warnings,
        left_out: Vec::new(),
    }
}

fn head(policy: &Policy, as_of: Day) -> PolicyHead {
    PolicyHead {
        id: policy.id.clone(),
        title: policy.title.clone(),
        issuer: policy.issuer.clone(),
        status: policy.status.name,
        status_label: policy.status.label.clone(),
        from: (policy.window.lo != Day::FIRST).then_some(policy.window.lo),
        to: (policy.window.hi != Day::NEVER).then_some(policy.window.hi),
        expired: policy.is_expired(as_of),
        currency: policy.names.money_name(),
    }
}
