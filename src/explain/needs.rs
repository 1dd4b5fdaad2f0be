//! Which missing facts matter, ranked by how much each narrows the awarded total in its worst case.

use std::collections::BTreeMap;

use crate::applicant::Applicant;
use crate::assess::model::{Assessment, Counted, Missing, Status};
use crate::assess::purse::Purse;
use crate::assess::slot::{Likes, Slot};
use crate::assess::world::World;
use crate::assess::{Detail, assess_some, assess_trial};
use crate::explain::edit::{Edit, changed};
use crate::explain::model::{Knowing, Need, Needs};
use crate::explain::spread::spread;
use crate::expr::explain::{show, show_input};
use crate::expr::formula::Shown;
use crate::expr::names::Input;
use crate::expr::steps;
use crate::policy::Policy;
use crate::value::{Bound, Interval, Number, Value};

/// For more missing facts than this, what each would settle is not worked out; these come last.
const MOST_WEIGHED: usize = 40;
/// Nor where trying takes more steps than this in all.
const MOST_STEPS: u64 = 8_000_000;

/// The missing facts that matter for the clauses wanted, the one that narrows the total most first.
pub fn needs(policies: &[&Policy], applicant: &Applicant, wanted: &dyn Fn(&str, &str) -> bool) -> Needs {
    let assessment = assess_some(policies, applicant, wanted, Detail::Full);
    let mut needs: Vec<Need> = Vec::new();
    let likes = policies.iter().zip(&applicant.inputs).map(|(policy, inputs)| {
        let world = World::new(policy, inputs.clone(), applicant.as_of);
        (Likes::of(&world), world)
    });
    let (known, purse) = (BTreeMap::new(), Purse::of(MOST_STEPS));
    let mut weighing =
        Weighing { policies, applicant, assessment: &assessment, worlds: likes.collect(), known, purse, tried: 0 };
    for missing in &assessment.missing {
        let weighed = weighing.weigh(missing);
        let tried = weighed.is_some();
        let Weighed { values, worst } = weighed.unwrap_or_default();
        let (fact, ask) = (missing.fact.clone(), missing.ask.clone());
        let mut clauses = missing.clauses.clone();
        clauses.dedup();
        needs.push(Need { fact, ask, clauses, values, worst, tried });
    }
    let open = count_open(&assessment);
    let blank = Knowing { awarded: assessment.totals.awarded, open };
    // Stable: of those that narrow as much, the one that keeps more clauses open comes first.
    needs.sort_by(|a, b| {
        let weight = |need: &Need| {
            let worst = need.worst.unwrap_or(blank);
            let narrowest = need.values.iter().map(|(_, knowing)| width(knowing)).min();
            (width(&worst), worst.open, narrowest.unwrap_or(width(&blank)), std::cmp::Reverse(need.clauses.len()))
        };
        weight(a).cmp(&weight(b))
    });
    Needs { assessment, needs }
}

/// How wide an interval is; without an end wider than any.
fn width(knowing: &Knowing) -> Bound {
    match (knowing.awarded.lo, knowing.awarded.hi) {
        (Bound::At(lo), Bound::At(hi)) => Bound::At(hi.minus(lo).unwrap_or(Number::ZERO)),
        _ => Bound::Above,
    }
}

fn wider(one: &Knowing, other: &Knowing) -> bool {
    (width(one), one.open) > (width(other), other.open)
}

fn count_open(assessment: &Assessment) -> usize {
    assessment.lines.iter().filter(|line| line.status == Status::Undetermined).count()
}

/// What was found by trying values of a missing fact.
#[derive(Clone, Default)]
struct Weighed {
    values: Vec<(Shown, Knowing)>,
    /// Over the single values that were tried.
    worst: Option<Knowing>,
}

/// What is weighed, and what was found before.
struct Weighing<'a> {
    policies: &'a [&'a Policy],
    applicant: &'a Applicant,
    assessment: &'a Assessment,
    /// What is known for each policy, and which records are alike.
    worlds: Vec<(Likes, World<'a>)>,
    /// By the place of the policy and the slot.
    known: BTreeMap<(usize, Slot), Weighed>,
    /// What trying may still take.
    purse: Purse,
    /// For how many facts values were tried.
    tried: usize,
}

impl Weighing<'_> {
    /// What the values of a missing fact lead to: the clauses that it keeps open are worked out again with each, and the
    /// others are added as they are. `None` where that would take too much.
    fn weigh(&mut self, missing: &Missing) -> Option<Weighed> {
        let (policies, assessment) = (self.policies, self.assessment);
        let (at, slot) = missing.at;
        let (likes, world) = self.worlds.get(at)?;
        // Of records that nothing tells apart, each value of a field leads to the same.
        let like = (at, likes.first(slot));
        if let Some(weighed) = self.known.get(&like) {
            return Some(weighed.clone());
        }
        if self.tried >= MOST_WEIGHED || self.purse.is_empty() {
            return None;
        }
        // Several policies may be settled with each other: then everything is worked out again.
        let alone = policies.len() == 1;
        let touched = |policy: &str, clause: &str| match alone {
            true => missing.clauses.iter().any(|(id, own)| id == policy && own == clause),
            false => assessment.lines.iter().any(|line| line.policy == policy && line.clause == clause),
        };
        let names = &world.policy.names;
        let input = match slot {
            Slot::Input(place) => names.inputs.get(place),
            Slot::Field(_, _, list, field) => names.lists.get(list).and_then(|list| list.fields.get(field)),
        };
        let weighed = input.and_then(|input| self.values(at, world, slot, input, &touched)).unwrap_or_default();
        // Of values that were not all tried the worst is not known.
        if self.purse.is_empty() {
            return None;
        }
        self.tried += 1;
        self.known.insert(like, weighed.clone());
        Some(weighed)
    }

    fn values(
        &self,
        at: usize,
        world: &World<'_>,
        slot: Slot,
        input: &Input,
        touched: &dyn Fn(&str, &str) -> bool,
    ) -> Option<Weighed> {
        let (policies, applicant, assessment, policy) = (self.policies, self.applicant, self.assessment, world.policy);
        let elsewhere = assessment.lines.iter().filter(|line| !touched(&line.policy, &line.clause));
        let counted = elsewhere.clone().filter(|line| line.counted == Counted::Total);
        let base = Interval::sum(counted.filter_map(|line| line.amounts.as_ref()).map(|amounts| amounts.awarded))?;
        let open = elsewhere.filter(|line| line.status == Status::Undetermined).count();
        let total = assessment.totals.awarded;
        let know = |edit: &Edit| {
            if self.purse.is_empty() {
                return None;
            }
            let before = steps::taken();
            let then = assess_trial(policies, &changed(policies, at, applicant, edit)?, touched);
            self.purse.pay(steps::taken().wrapping_sub(before));
            // Looking at some lines alone never widens what is known of the whole.
            let awarded = then.totals.awarded.plus(base).and_then(|sum| sum.meet(total)).unwrap_or(total);
            Some(Knowing { awarded, open: open + count_open(&then) })
        };
        let value = world.value(slot)?;
        if let (Value::List(_), Slot::Input(place)) = (value, slot) {
            let edit = Edit::Empty(place);
            let mut closed = value.clone();
            if let Value::List(list) = &mut closed {
                let whole = std::sync::Arc::make_mut(list);
                *whole = std::mem::take(whole).closed();
            }
            // Only that there is none can be tried, which is not the worst case.
            let values = vec![(show(&closed, &input.ty, &policy.names), know(&edit)?)];
            return Some(Weighed { values, worst: None });
        }
        let windows =
            policy.clauses.iter().filter(|clause| touched(&policy.id, &clause.id)).map(|clause| clause.window);
        let mut stops = vec![applicant.as_of];
        stops.extend(windows.flat_map(|window| [window.lo, window.hi, window.hi.plus_days(1)]));
        stops.sort_unstable();
        stops.dedup();
        let mut worst: Option<Knowing> = None;
        let mut outcome = |value: &Value| {
            let known = know(&Edit::Set(slot, value.clone()))?;
            // Once the fact is known it is one value, not a range of them.
            if value.is_point() && worst.is_none_or(|worst| wider(&known, &worst)) {
                worst = Some(known);
            }
            Some(known)
        };
        let sets = spread((input, &policy.names), value, &stops, &mut outcome, &|knowing| knowing.open);
        let values = sets.into_iter().map(|(set, then)| (show_input(&set, input, &policy.names), then)).collect();
        Some(Weighed { values, worst })
    }
}
