//! Tight bounds: where what is missing is finite (truths, words, readings left open), it is worked out case by case.
//!
//! A case is given up as soon as it can add nothing: what is known of it without looking further is no wider than what the
//! cases so far reach. Records of which nothing tells one from the other stand for each other.

use crate::assess::blend;
use crate::assess::draft::{Draft, Joint, Told, Trace};
use crate::assess::model::Failed;
use crate::assess::purse::{Budget, Spent};
use crate::assess::slot::{Completion, Slot};
use crate::assess::world::{Look, World};
use crate::expr::context::{Cause, tidy};
use crate::expr::steps;
use crate::value::{Interval, Record, Value};

/// With more cases than this, it is first tried whether a few of them reach all there is.
const MANY: usize = 64;

/// Draws together what single cases give.
trait Found {
    /// Whether what these drafts leave possible was found before.
    fn covers(&self, drafts: &[Draft]) -> bool;
    /// Adds what the drafts leave possible under a completion.
    fn take_in(&mut self, drafts: Vec<Draft>, completion: &[(Slot, Value)]);
}

/// Drafts over all cases, each with the completions that reach its ends.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What every case leaves possible.
    pub draft: Draft,
    /// Reaches the lower end of what is awarded to date.
    pub lowest: Completion,
    /// Reaches the upper end.
    pub highest: Completion,
    /// Whether some cases were not worked out, so that the bounds are perhaps not reached.
    pub loose: bool,
    /// What is shown of the cases in which the clause can pay; `None` where it cannot, or nothing is to be shown.
    trace: Option<Trace>,
    /// The conditions that fail in every case.
    failed: Vec<Failed>,
}

impl World<'_> {
    /// Works out these clauses in every case of what is missing and finite, as far as that can add anything and the budget
    /// lasts; beyond it the bounds are sound but perhaps not reached. The drafts are what they come to before cases are told apart.
    pub fn settle_from(
        &self,
        drafts: Vec<Draft>,
        clauses: &[usize],
        told: Told,
        budget: Budget<'_>,
        look: Look<'_>,
    ) -> Vec<Settled> {
        if !drafts.iter().any(Draft::is_open) {
            return drafts.into_iter().map(Settled::plain).collect();
        }
        let work = |world: &World<'_>, only: Option<usize>| world.lines(clauses, only, told, look);
        let mut cases = Cases::new(self, clauses, &work, budget);
        if !self.has_own_lines(clauses) {
            return cases.settle(drafts);
        }
        // Of records that are perhaps there no case can be told.
        let one = |draft: Draft| {
            cases.only = draft.record;
            if draft.record.is_some() { cases.settle(vec![draft]) } else { vec![Settled::plain(draft)] }
        };
        drafts.into_iter().flat_map(one).collect()
    }

    /// The sums over all lines of what `of` gives, in every case of what is missing and finite, and whether cases were left out.
    pub fn sum(
        &self,
        clauses: &[usize],
        budget: Budget<'_>,
        of: &dyn Fn(&[Draft]) -> Vec<Interval>,
    ) -> (Vec<Interval>, bool) {
        let work = |world: &World<'_>, _: Option<usize>| world.run(clauses, Told::Nothing);
        let drafts = self.run(clauses, Told::Nothing);
        let mut sums = Sums { of, sums: Vec::new() };
        let loose = Cases::new(self, clauses, &work, budget).explore(&drafts, &mut sums);
        (sums.sums, loose)
    }
}

/// Works out all lines, or those of one record.
type Work<'c> = &'c dyn Fn(&World<'_>, Option<usize>) -> Vec<Draft>;

/// The cases of what is missing, worked out one after the other.
struct Cases<'c, 'a> {
    world: World<'a>,
    clauses: &'c [usize],
    work: Work<'c>,
    /// The one record whose line is worked out, if not all are.
    only: Option<usize>,
    budget: Budget<'c>,
    spent: Spent,
    /// Lists whose records have lines of their own: which record it is matters.
    told_apart: Vec<usize>,
    /// What is given so far.
    path: Completion,
    loose: bool,
}

impl<'c, 'a> Cases<'c, 'a> {
    fn new(world: &World<'a>, clauses: &'c [usize], work: Work<'c>, budget: Budget<'c>) -> Cases<'c, 'a> {
        let each = clauses.iter().filter_map(|place| world.policy.clauses.get(*place)?.each.as_ref());
        let told_apart = each.map(|each| each.input).collect();
        let (world, spent) = (world.clone(), Spent::default());
        Cases { world, clauses, work, only: None, budget, spent, told_apart, path: Vec::new(), loose: false }
    }

    /// The lines in every case.
    fn settle(&mut self, drafts: Vec<Draft>) -> Vec<Settled> {
        if !drafts.iter().any(Draft::is_open) {
            return drafts.into_iter().map(Settled::plain).collect();
        }
        let mut lines = Lines(Vec::new());
        let loose = self.explore(&drafts, &mut lines);
        let mut settled = lines.0;
        for (line, whole) in settled.iter_mut().zip(drafts) {
            line.loose = loose && line.draft.is_open();
            // That is known of one case.
            line.draft.hangs_on = None;
            if line.draft.is_open() {
                // What was cut is a reason as well; problems count only where a case still has them.
                line.draft.causes.extend(whole.causes.into_iter().filter(|cause| !matches!(cause, Cause::Problem(..))));
                tidy(&mut line.draft.causes);
            }
        }
        settled
    }

    /// Everything that the drafts leave possible once cases are told apart; whether some were left out.
    fn explore(&mut self, drafts: &[Draft], found: &mut dyn Found) -> bool {
        self.loose = false;
        let cases = self.finite(drafts);
        if cases.is_empty() {
            found.take_in(drafts.to_vec(), &[]);
            return false;
        }
        // What a run takes is asked of one that shows nothing, so that it is the same whatever is shown.
        let before = steps::taken();
        self.world.lines(self.clauses, self.only, Told::Nothing, Look::default());
        self.spent = self.budget.open(steps::taken().wrapping_sub(before));
        let count = cases.iter().fold(1usize, |count, slot| {
            let cases = if count > MANY { 1 } else { self.world.cases(*slot).map_or(1, |cases| cases.len()) };
            count.saturating_mul(cases)
        });
        if count > MANY {
            self.dive(drafts, true, found);
            self.dive(drafts, false, found);
        }
        self.split(drafts, found);
        self.budget.close(&self.spent);
        self.loose
    }

    /// What among the reasons of open drafts has few cases, in no order and perhaps more than once. How many of a record there
    /// are is none of them where each has a line of its own: a case with one more would have one line more, and lines are
    /// compared one by one.
    fn open<'s>(&'s self, drafts: &'s [Draft]) -> impl Iterator<Item = Slot> + 's {
        let makes_lines = |slot: &Slot| match slot {
            Slot::Field(input, _, _, field) => *field == Record::TIMES && self.told_apart.contains(input),
            Slot::Input(_) => false,
        };
        let causes = drafts.iter().filter(|draft| draft.is_open()).flat_map(|draft| &draft.causes);
        causes.filter_map(Slot::of).filter(move |slot| !makes_lines(slot) && self.world.has_cases(*slot))
    }

    /// The same in order, each once. What concerns the whole applicant comes first: it settles more than what concerns one
    /// record.
    fn finite(&self, drafts: &[Draft]) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.open(drafts).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// The first of them with its cases.
    fn first(&self, drafts: &[Draft]) -> Option<(Slot, Vec<Value>)> {
        let slot = self.open(drafts).min()?;
        Some((slot, self.world.cases(slot)?))
    }

    fn run(&mut self) -> Option<Vec<Draft>> {
        self.spent.take().then(|| (self.work)(&self.world, self.only))
    }

    /// Gives all that is missing a value, whole columns of records at once, so that one end is reached if that is possible.
    fn dive(&mut self, whole: &[Draft], upper: bool, found: &mut dyn Found) {
        let mut drafts = whole.to_vec();
        let mut undo: Completion = Vec::new();
        while let Some((first, cases)) = self.first(&drafts) {
            let mut column: Vec<Slot> = self.open(&drafts).filter(|slot| slot.same_column(first)).collect();
            column.sort_unstable();
            column.dedup();
            let mut best: Option<(usize, Value, Vec<Draft>)> = None;
            for case in cases {
                let before: Vec<(Slot, Option<Value>)> =
                    column.iter().map(|slot| (*slot, self.world.set(*slot, case.clone()))).collect();
                let there = self.run();
                for (slot, value) in before {
                    value.into_iter().for_each(|value| drop(self.world.set(slot, value)));
                }
                let Some(there) = there else { break };
                let score = there.iter().zip(whole).map(|(draft, whole)| draft.reaches(whole, upper)).sum();
                if best.as_ref().is_none_or(|(so_far, ..)| score > *so_far) {
                    best = Some((score, case, there));
                }
            }
            let Some((_, case, there)) = best else { break };
            for slot in column {
                undo.extend(self.world.set(slot, case.clone()).map(|before| (slot, before)));
                self.path.push((slot, case.clone()));
            }
            drafts = there;
        }
        if self.first(&drafts).is_none() {
            found.take_in(drafts, &self.path);
        }
        self.path.clear();
        for (slot, before) in undo.into_iter().rev() {
            self.world.set(slot, before);
        }
    }

    fn split(&mut self, drafts: &[Draft], found: &mut dyn Found) {
        let cut = if found.covers(drafts) { None } else { self.first(drafts) };
        let Some((slot, cases)) = cut else { return found.take_in(drafts.to_vec(), &self.path) };
        let alike = self.alike(slot);
        for place in 0..cases.len() {
            let Some(case) = cases.get(place) else { continue };
            let mark = self.path.len();
            // Of records that nothing tells apart the first has the first of their values.
            let rest = cases.get(place..).unwrap_or_default().iter().cloned().reduce(|a, b| a.hull(&b));
            let mut undo: Completion =
                self.world.set(slot, case.clone()).map(|before| (slot, before)).into_iter().collect();
            self.path.push((slot, case.clone()));
            for (other, rest) in alike.iter().zip(rest.iter().cycle()) {
                undo.extend(self.world.set(*other, rest.clone()).map(|before| (*other, before)));
                if rest.is_point() {
                    self.path.push((*other, rest.clone()));
                }
            }
            match self.run() {
                Some(there) => self.split(&there, found),
                None => self.loose = true,
            }
            self.path.truncate(mark);
            for (slot, before) in undo.into_iter().rev() {
                self.world.set(slot, before);
            }
            if self.loose {
                // What is not looked at any more can be all that was possible before.
                return found.take_in(drafts.to_vec(), &[]);
            }
        }
    }

    /// The same field of the later records that nothing tells from this one's.
    fn alike(&self, slot: Slot) -> Vec<Slot> {
        let Slot::Field(input, record, list, field) = slot else { return Vec::new() };
        let Some(Value::List(records)) = self.world.inputs.get(input) else { return Vec::new() };
        if self.told_apart.contains(&input) {
            return Vec::new();
        }
        let Some(declared) = self.world.policy.names.lists.get(list) else { return Vec::new() };
        let Some(own) = records.records.get(record) else { return Vec::new() };
        let later = records.records.iter().enumerate().skip(record + 1);
        later
            .filter(|(_, other)| declared.alike(own, other))
            .map(|(other, _)| Slot::Field(input, other, list, field))
            .collect()
    }
}

/// Lines and the completions that reach their ends.
struct Lines(Vec<Settled>);

impl Found for Lines {
    fn covers(&self, drafts: &[Draft]) -> bool {
        !self.0.is_empty() && self.0.iter().zip(drafts).all(|(line, draft)| draft.within(&line.draft))
    }

    fn take_in(&mut self, drafts: Vec<Draft>, completion: &[(Slot, Value)]) {
        let end = || completion.iter().rev().cloned().collect::<Completion>();
        if self.0.is_empty() {
            let line = |draft| Settled { lowest: end(), highest: end(), ..Settled::plain(draft) };
            self.0.extend(drafts.into_iter().map(line));
            return;
        }
        for (line, mut draft) in self.0.iter_mut().zip(drafts) {
            line.show(draft.trace.take());
            if draft.to_date.lo < line.draft.to_date.lo {
                line.lowest = end();
            }
            if draft.to_date.hi > line.draft.to_date.hi {
                line.highest = end();
            }
            line.draft.take_in(draft);
        }
    }
}

/// Sums over the lines.
struct Sums<'f> {
    of: &'f dyn Fn(&[Draft]) -> Vec<Interval>,
    sums: Vec<Interval>,
}

impl Found for Sums<'_> {
    fn covers(&self, drafts: &[Draft]) -> bool {
        let within = |(sum, now): (&Interval, Interval)| sum.hull(now) == *sum;
        !self.sums.is_empty() && self.sums.iter().zip((self.of)(drafts)).all(within)
    }

    fn take_in(&mut self, drafts: Vec<Draft>, _: &[(Slot, Value)]) {
        let now = (self.of)(&drafts);
        if self.sums.is_empty() {
            self.sums = now;
        } else {
            self.sums.iter_mut().zip(now).for_each(|(sum, now)| *sum = sum.hull(now));
        }
    }
}

impl Settled {
    /// A draft of which no cases were worked out.
    pub fn plain(mut draft: Draft) -> Settled {
        let trace = draft.trace.take();
        let failed = trace.as_ref().map_or_else(Vec::new, |trace| trace.failed.clone());
        Settled { draft, lowest: Vec::new(), highest: Vec::new(), loose: false, trace: trace.filter(shows), failed }
    }

    /// Adds what is shown of another case.
    fn show(&mut self, other: Option<Trace>) {
        let Some(other) = other else { return };
        self.failed = blend::failed(std::mem::take(&mut self.failed), &other.failed);
        self.trace = match (self.trace.take(), Some(other).filter(shows)) {
            (Some(own), Some(other)) => Some(own.hull(other)),
            (own, other) => own.or(other),
        };
    }

    /// What is shown of all cases.
    pub fn shown(&mut self) -> Trace {
        let failed = std::mem::take(&mut self.failed);
        Trace { failed, ..self.trace.take().unwrap_or_default() }
    }
}

/// Whether a calculation is shown: what a condition or the window excludes would only blur that of the other cases.
fn shows(trace: &Trace) -> bool {
    !trace.steps.is_empty()
}

impl Draft {
    /// Whether what it leaves possible is possible by the other as well.
    fn within(&self, wide: &Draft) -> bool {
        let truths = |draft: &Draft| {
            let holds = [draft.happened, draft.inside, draft.reached, draft.meets, draft.in_time];
            holds.into_iter().chain([draft.refused, draft.over_cap, draft.under_floor])
        };
        let amounts = |draft: &Draft| {
            let earned = draft.earned.unwrap_or(draft.to_date);
            let used = draft.used.unwrap_or(Interval::ZERO);
            [draft.entitled, draft.entitled_in_all, draft.to_date, draft.lifetime, earned, used]
        };
        truths(self).zip(truths(wide)).all(|(own, wide)| wide.hull(own) == wide)
            && amounts(self).into_iter().zip(amounts(wide)).all(|(own, wide)| wide.hull(own) == wide)
            && (self.endless || !wide.endless)
            && wide.losses.iter().all(|loss| self.losses.contains(loss))
    }

    /// How many of the upper, or lower, ends of the whole are still in reach.
    fn reaches(&self, whole: &Draft, upper: bool) -> usize {
        let (own, all) = (self.holds(), whole.holds());
        let ends = |own: Interval, all: Interval| if upper { own.hi == all.hi } else { own.lo == all.lo };
        let holds = if upper { own.may_hold == all.may_hold } else { own.may_fail == all.may_fail };
        usize::from(holds)
            + usize::from(ends(self.to_date, whole.to_date))
            + usize::from(ends(self.lifetime, whole.lifetime))
            + usize::from(ends(self.entitled, whole.entitled))
    }

    /// Leaves possible what the other does as well.
    fn take_in(&mut self, other: Draft) {
        let joint = self.joint.zip(other.joint).filter(|(own, joint)| {
            let as_left = own.own == (self.to_date, self.lifetime) && joint.own == (other.to_date, other.lifetime);
            as_left && (own.group, own.lines) == (joint.group, joint.lines)
        });
        self.happened = self.happened.hull(other.happened);
        self.inside = self.inside.hull(other.inside);
        self.reached = self.reached.hull(other.reached);
        self.meets = self.meets.hull(other.meets);
        self.in_time = self.in_time.hull(other.in_time);
        self.entitled = self.entitled.hull(other.entitled);
        self.entitled_in_all = self.entitled_in_all.hull(other.entitled_in_all);
        if self.earned.is_some() || other.earned.is_some() {
            let earned = self.earned.unwrap_or(self.to_date);
            self.earned = Some(earned.hull(other.earned.unwrap_or(other.to_date)));
        }
        self.to_date = self.to_date.hull(other.to_date);
        self.lifetime = self.lifetime.hull(other.lifetime);
        self.if_held = self.if_held.hull(other.if_held);
        self.endless &= other.endless;
        self.used = self.used.zip(other.used).map(|(a, b)| a.hull(b)).or(self.used).or(other.used);
        self.joint = joint.map(|(own, joint)| Joint {
            sum: (own.sum.0.hull(joint.sum.0), own.sum.1.hull(joint.sum.1)),
            own: (self.to_date, self.lifetime),
            ..own
        });
        self.loose |= other.loose || (self.joint.is_none() && other.joint.is_some());
        self.losses.retain(|loss| other.losses.contains(loss));
        self.because.retain(|because| other.because.contains(because));
        self.refused = self.refused.hull(other.refused);
        self.over_cap = self.over_cap.hull(other.over_cap);
        self.under_floor = self.under_floor.hull(other.under_floor);
        self.depend(&other.causes, &other.reads);
        tidy(&mut self.causes);
    }
}
