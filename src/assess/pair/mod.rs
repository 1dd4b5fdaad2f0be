//! One applicant under two policies, over the **same** completions of what is not known: what is open is given one value in both
//! before they are held against each other. So what no change reaches differs by exactly 0, and the bounds of the rest are those
//! of one applicant, not of two.
//!
//! Cases are told apart where that can still widen what was found: facts with few values one by one, dates and numbers by what they
//! are held against, comparisons of open things by whether they hold, the rest by halves. Where the purse ends, what is left is taken as wide as it is: bounds are sound, but perhaps not reached.

mod cut;
mod linear;

use std::cell::RefCell;
use std::cmp::Reverse;

use crate::applicant::Applicant;
use crate::assess::draft::{Draft, Told};
use crate::assess::line::PolicyLines;
use crate::assess::model::{Assessment, Counted};
use crate::assess::pair::linear::{Linear, Thing};
use crate::assess::slot::{Completion, Slot};
use crate::assess::twins::{Twin, Twins};
use crate::assess::world::{Look, World};
use crate::assess::{Detail, Purses, finish};
use crate::clause::Clause;
use crate::expr::steps;
use crate::expr::suppose::{Met, Suppose, Which};
use crate::policy::Policy;
use crate::value::{Bound, Interval, Record, Value};

/// So many cases may be worked out for clauses that depend on each other.
const CASES: usize = 256;
/// So often a date or a number may be halved.
const HALVES: usize = 32;
/// So many steps an applicant may take.
const STEPS: u64 = 2_000_000;

/// What an applicant comes to under two policies.
#[derive(Debug)]
pub struct Both {
    /// Under the old one, and under the new one.
    pub sides: [Assessment; 2],
    /// By the places of [`Twins::clauses`]: the difference of what is awarded to date by clauses that count, new less old. `None`
    /// where no change reaches the clause: then it is exactly 0, whatever is open.
    pub clauses: Vec<Option<Interval>>,
    /// The difference of all of them together.
    pub total: Interval,
    /// Whether something was left that could not be told apart, so that bounds are perhaps not reached.
    pub loose: bool,
}

/// Works an applicant out under both; each was read against its own policy alone. Clauses that are not `wanted` on a side are
/// worked out only where a wanted one depends on them.
pub fn assess_both(twins: &Twins<'_>, applicants: [&Applicant; 2], wanted: [&dyn Fn(usize) -> bool; 2]) -> Both {
    let work = |policy, applicant: &Applicant, wanted: &dyn Fn(usize) -> bool, purses: &Purses| {
        let inputs = applicant.inputs.first().cloned().unwrap_or_default();
        let wanted = |_: usize, clause: usize| wanted(clause);
        PolicyLines::work_out(policy, 0, inputs, applicant, &wanted, Detail::Brief, (None, &purses.lines))
    };
    let [before, after] = applicants;
    let [wanted_before, wanted_after] = wanted;
    let purses = [Purses::whole(), Purses::whole()];
    let [of_old, of_new] = &purses;
    let old = work(twins.old, before, wanted_before, of_old);
    let new = work(twins.new, after, wanted_after, of_new);
    let mut clauses = vec![None; twins.clauses.len()];
    let (mut left, mut total, mut loose) = (STEPS, Interval::ZERO, false);
    for together in together(twins, &old, &new) {
        if let Some(mut cases) = Cases::of(twins, [&old, &new], together) {
            let found = cases.explore(&mut left);
            loose |= cases.loose;
            let all = found.last().copied().unwrap_or(Interval::ZERO);
            total = total.plus(all).unwrap_or(Interval::ANY);
            for (place, found) in cases.counted.iter().zip(found) {
                clauses.get_mut(*place).into_iter().for_each(|slot| *slot = Some(found));
            }
        }
    }
    let told = |parts: PolicyLines<'_>, applicant, purses| finish(&[parts], applicant, Detail::Brief, purses, None);
    Both { sides: [told(old, before, of_old), told(new, after, of_new)], clauses, total, loose }
}

/// Which clauses must be looked at together, by their places among the twins: what is worked out together in either policy.
fn together(twins: &Twins<'_>, old: &PolicyLines<'_>, new: &PolicyLines<'_>) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut join = |mut own: Vec<usize>| {
        sets.retain_mut(|set| {
            let shares = set.iter().any(|place| own.contains(place));
            if shares {
                own.append(set);
            }
            !shares
        });
        own.sort_unstable();
        own.dedup();
        sets.push(own);
    };
    for (side, part) in [old, new].into_iter().enumerate() {
        for group in &part.groups {
            let is_in =
                |twin: &Twin| twin.places.get(side).copied().flatten().is_some_and(|at| group.clauses.contains(&at));
            join(twins.clauses.iter().enumerate().filter(|(_, twin)| is_in(twin)).map(|(place, _)| place).collect());
        }
    }
    sets
}

/// Something that is open, in the old policy, in the new one, or in both.
type Open = [Option<Slot>; 2];

/// What tells one set of completions from others.
#[derive(Clone)]
enum Case {
    /// A value of something that is open.
    Given(Open, Box<[Option<Value>; 2]>),
    /// Whether an open comparison holds.
    Supposed(Which, bool),
}

/// A set of completions, and what the difference of each clause is over all of them; last that of all clauses together.
struct Part {
    cases: Vec<Case>,
    found: Vec<Interval>,
    open: Vec<Open>,
    /// What was met on either side.
    met: [Vec<Met>; 2],
}

/// A line, and its amount as a sum of what is open.
type Line = (Draft, Option<Linear>);
type Lines = Vec<Line>;

/// Clauses that are looked at together, under both policies.
struct Cases<'c, 'p> {
    twins: &'c Twins<'p>,
    worlds: [World<'p>; 2],
    /// The places of the clauses in each policy.
    places: [Vec<usize>; 2],
    /// Those that count, by their places among the twins.
    counted: Vec<usize>,
    /// Whether a difference of conditions or amounts alone can be read off the lines.
    plain: bool,
    /// Whether nothing of the policy takes anything from its lines.
    alone: bool,
    /// Which inputs are not the same on both sides.
    apart: [Vec<bool>; 2],
    halves: usize,
    loose: bool,
}

impl<'c, 'p> Cases<'c, 'p> {
    /// `None` where no change reaches them.
    fn of(twins: &'c Twins<'p>, parts: [&PolicyLines<'p>; 2], together: Vec<usize>) -> Option<Cases<'c, 'p>> {
        let [old, new] = parts;
        let worlds = [&old.world, &new.world];
        let own = || together.iter().filter_map(|place| twins.clauses.get(*place));
        let places = [0, 1].map(|side| {
            let mut places: Vec<usize> = own().filter_map(|twin| twin.places.get(side).copied().flatten()).collect();
            // Only what is for this kind of applicant, and wanted, was worked out.
            places.retain(|place| parts.get(side).is_some_and(|part| part.clauses.contains(place)));
            places.sort_unstable();
            places
        });
        let shared = |side: usize, part: &PolicyLines<'_>| {
            let asked = |input: &usize| {
                let mut groups = part.groups.iter().filter(|group| {
                    places.get(side).is_some_and(|places| group.clauses.iter().any(|clause| places.contains(clause)))
                });
                groups.any(|group| group.asked.contains(*input))
            };
            let lists = part.policy.clauses.iter().enumerate();
            let lists = lists.filter(|(place, _)| places.get(side).is_some_and(|places| places.contains(place)));
            let lists = lists.filter_map(|(_, clause)| clause.each.as_ref()).map(|each| each.input);
            let lists = lists.chain(part.policy.overlap.as_ref().map(|rule| rule.input));
            let mut all = (0..part.policy.names.inputs.len()).filter(asked).chain(lists);
            all.all(|input| twins.is_shared(worlds, side == 1, input))
        };
        let same_facts = twins.same_day && shared(0, old) && shared(1, new);
        let across = |clause: &Clause| clause.is_limited_across();
        let limited = parts
            .iter()
            .zip(&places)
            .any(|(part, places)| places.iter().filter_map(|place| part.policy.clauses.get(*place)).any(across));
        // What is left of a limit over all applicants hangs on what the others come to.
        let same_others = !limited || (twins.same_rows && twins.has_same_figures(worlds));
        if same_facts && same_others && own().all(|twin| twin.unchanged) {
            return None;
        }
        let mut counted = together.clone();
        counted.retain(|place| {
            twins.clauses.get(*place).is_some_and(|twin| {
                let [before, after] = twin.places;
                counts(twins.old, before) || counts(twins.new, after)
            })
        });
        let alone = |part: &PolicyLines<'_>, places: &[usize]| {
            let others = part.policy.overlap.as_ref().and_then(|rule| part.world.inputs.get(rule.input));
            let others = matches!(others, Some(Value::List(list)) if !list.records.is_empty());
            let free = |clause: &Clause| !others && clause.limits.iter().all(|limit| limit.across);
            places.len() == 1 && places.first().and_then(|place| part.policy.clauses.get(*place)).is_some_and(free)
        };
        let alone = places.iter().zip(parts).all(|(places, part)| alone(part, places));
        let plain = same_facts && alone;
        let apart = [0, 1].map(|side| {
            let inputs = parts.get(side).map_or(0, |part| part.policy.names.inputs.len());
            (0..inputs).map(|input| !twins.same_day || !twins.is_shared(worlds, side == 1, input)).collect()
        });
        let worlds = [old.world.clone(), new.world.clone()];
        Some(Cases { twins, worlds, places, counted, plain, alone, apart, halves: HALVES, loose: false })
    }

    /// The difference of each clause that counts.
    fn explore(&mut self, left: &mut u64) -> Vec<Interval> {
        let before = steps::taken();
        let first = self.work(Vec::new());
        let most = usize::try_from(*left / steps::taken().wrapping_sub(before).max(1)).unwrap_or(CASES).min(CASES);
        let mut runs = 0;
        let mut found: Option<Vec<Interval>> = None;
        let mut waiting = vec![first];
        let is_within = |found: &Option<Vec<Interval>>, part: &Part| {
            found
                .as_ref()
                .is_some_and(|found| found.iter().zip(&part.found).all(|(found, own)| found.hull(*own) == *found))
        };
        loop {
            waiting.retain(|part| !is_within(&found, part));
            // The one that may reach furthest comes next; what is known comes first, as it makes others needless.
            let next = waiting.iter().enumerate().min_by_key(|(_, part)| {
                let is_known = part.found.iter().all(|own| own.is_point());
                (!is_known, Reverse(reach(&part.found)), part.cases.len())
            });
            let Some((place, _)) = next else { break };
            let part = waiting.swap_remove(place);
            let is_known = part.found.iter().all(|own| own.is_point());
            let cases = if runs < most && !is_known { self.cut(&part) } else { None };
            let Some(cases) = cases else {
                self.loose |= !is_known;
                found = Some(match found {
                    None => part.found,
                    Some(found) => found.iter().zip(&part.found).map(|(a, b)| a.hull(*b)).collect(),
                });
                continue;
            };
            for case in cases {
                runs += 1;
                waiting.push(self.work(part.cases.iter().cloned().chain([case]).collect()));
            }
        }
        *left = left.saturating_sub(steps::taken().wrapping_sub(before));
        found.unwrap_or_default()
    }

    fn world(&self, new: bool) -> &World<'p> {
        let [old, latest] = &self.worlds;
        if new { latest } else { old }
    }

    fn value(&self, open: Open) -> Option<&Value> {
        let [old, new] = open;
        old.and_then(|slot| self.world(false).value(slot)).or_else(|| new.and_then(|slot| self.world(true).value(slot)))
    }

    fn give(&mut self, cases: &[Case]) -> [Completion; 2] {
        let mut undo = [Vec::new(), Vec::new()];
        for case in cases {
            let Case::Given(open, case) = case else { continue };
            let sides = open.iter().zip(case.iter()).zip(self.worlds.iter_mut().zip(&mut undo));
            for ((slot, value), (world, undo)) in sides {
                if let (Some(slot), Some(value)) = (slot, value) {
                    undo.extend(world.set(*slot, value.clone()).map(|before| (*slot, before)));
                }
            }
        }
        undo
    }

    fn take_back(&mut self, undo: &mut [Completion; 2]) {
        for (world, undo) in self.worlds.iter_mut().zip(undo) {
            for (slot, before) in undo.drain(..).rev() {
                world.set(slot, before);
            }
        }
    }

    /// Works out a set of completions.
    fn work(&mut self, cases: Vec<Case>) -> Part {
        let mut undo = self.give(&cases);
        let supposed =
            |case: &Case| if let Case::Supposed(which, holds) = case { Some((*which, *holds)) } else { None };
        let supposed: Vec<(Which, bool)> = cases.iter().filter_map(supposed).collect();
        let run = |world: &World<'_>, places: &[usize], new: bool| {
            let ([of_old, of_new], [apart_old, apart_new]) = (&self.twins.atoms, &self.apart);
            let (atoms, apart) = if new { (of_new, apart_new) } else { (of_old, apart_old) };
            let apart = (apart.as_slice(), new);
            let suppose = Suppose { atoms, apart, supposed: &supposed, met: RefCell::new(Vec::new()) };
            let look = Look { suppose: Some(&suppose), ..Look::default() };
            let drafts = world.lines(places, None, Told::Nothing, look);
            let sum = |draft: &Draft| {
                let is_open = self.alone && !draft.if_held.is_point() && draft.holds().may_hold;
                let sum = if is_open { Linear::of(world, draft, &suppose) } else { None };
                sum.and_then(|sum| sum.by(|thing| self.shared(thing, new)))
            };
            let sums = drafts.iter().map(sum).collect();
            let lines: Lines = drafts.into_iter().zip::<Vec<Option<Linear>>>(sums).collect();
            (lines, suppose.met.into_inner())
        };
        let [before, after] = &self.places;
        let (old, met_old) = run(self.world(false), before, false);
        let (new, met_new) = run(self.world(true), after, true);
        let mut found: Vec<Interval> = self.counted.iter().map(|place| self.difference(*place, &old, &new)).collect();
        let differs =
            |place: &&usize| self.counted.iter().zip(&found).any(|(own, found)| own == *place && !found.is_point());
        let twins: Vec<&Twin> =
            self.counted.iter().filter(differs).filter_map(|place| self.twins.clauses.get(*place)).collect();
        let open = self.open([&old, &new], &twins);
        found.push(Interval::sum(found.iter().copied()).unwrap_or(Interval::ANY));
        self.take_back(&mut undo);
        Part { cases, found, open, met: [met_old, met_new] }
    }

    /// What keeps the lines of these clauses open and can be cut.
    fn open(&self, lines: [&Lines; 2], twins: &[&Twin]) -> Vec<Open> {
        let mut all: Vec<Open> = Vec::new();
        for (side, lines) in lines.into_iter().enumerate() {
            let drafts = lines.iter().map(|line| &line.0);
            let own = |draft: &&Draft| {
                draft.is_open()
                    && twins.iter().any(|twin| twin.places.get(side).copied().flatten() == Some(draft.clause))
            };
            let worlds = [self.world(false), self.world(true)];
            for slot in drafts.filter(own).flat_map(|draft| &draft.causes).filter_map(Slot::of) {
                // One record more would be one line more.
                if matches!(slot, Slot::Field(_, _, _, Record::TIMES)) {
                    continue;
                }
                let other = if side == 0 { self.twins.slot(slot) } else { self.twins.back(slot) };
                let open = if side == 0 { [Some(slot), other] } else { [other, Some(slot)] };
                // What is not the same on both sides is open on each by itself.
                let [one, two] = open;
                let same = one.zip(two).is_some_and(|(one, two)| {
                    let [old, new] = worlds;
                    self.twins.is_shared([old, new], false, one.input()) && old.value(one) == new.value(two)
                });
                all.push(match (same, side) {
                    (true, _) => open,
                    (false, 0) => [Some(slot), None],
                    (false, _) => [None, Some(slot)],
                });
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Something open by its name in the old policy, where it is the same in both.
    fn shared(&self, thing: Thing, new: bool) -> Option<Thing> {
        let Thing::Slot(slot) = thing else { return Some(thing) };
        let apart = self.apart.get(usize::from(new))?;
        if apart.get(slot.input()).copied().unwrap_or(true) {
            return None;
        }
        if new { self.twins.back(slot).map(Thing::Slot) } else { self.twins.slot(slot).map(|_| thing) }
    }

    /// The difference of one clause over a set of completions.
    fn difference(&self, place: usize, old: &Lines, new: &Lines) -> Interval {
        let Some(twin) = self.twins.clauses.get(place) else { return Interval::ANY };
        let [before, after] = twin.places;
        let (old, new) = (of(self.twins.old, before, old), of(self.twins.new, after, new));
        let sum = |lines: &[&Line]| Interval::sum(lines.iter().map(|line| line.0.to_date)).unwrap_or(Interval::ANY);
        let apart = sum(&new).minus(sum(&old)).unwrap_or(Interval::ANY);
        if !self.alone || old.len() != new.len() {
            return apart;
        }
        let mut lines = old.iter().zip(&new).map(|(old, new)| self.line(twin, old, new));
        let read = lines.try_fold(Interval::ZERO, |sum, line| sum.plus(line?));
        // Both are sound, so what both leave possible is too.
        read.and_then(|read| read.meet(apart)).unwrap_or(apart)
    }

    /// The difference of two lines that have the same conditions or the same amount, or are both met; `None` where another step
    /// took something.
    fn line(&self, twin: &Twin, (old, of_old): &Line, (new, of_new): &Line) -> Option<Interval> {
        let is_plain = |draft: &Draft| {
            draft.losses.is_empty() && draft.refused.is_false() && draft.to_date == draft.if_held.given(draft.holds())
        };
        if old.record != new.record || !is_plain(old) || !is_plain(new) {
            return None;
        }
        let same_amount = self.plain && twin.same_amount;
        let amounts = || {
            if same_amount {
                return Some(Interval::ZERO);
            }
            let clauses = [self.twins.old.clauses.get(old.clause)?, self.twins.new.clauses.get(new.clause)?];
            let same_time = self.plain && twin.same_time;
            let sums = of_old.clone().zip(of_new.clone()).filter(|(old, _)| same_time || !old.accrues());
            let read = sums.and_then(|(old, new)| old.difference(new, clauses));
            let apart = new.if_held.minus(old.if_held)?;
            Some(read.and_then(|read| read.meet(apart)).unwrap_or(apart))
        };
        let (was, is) = (old.holds(), new.holds());
        if was.is_true() && is.is_true() {
            return amounts();
        }
        if self.plain && twin.same_conditions {
            // Where it does not hold, nothing was worked out.
            return if was == is { Some(amounts()?.given(is)) } else { None };
        }
        if !same_amount {
            return None;
        }
        let mut all: Option<Interval> = None;
        let mut add = |is: Interval| all = Some(all.map_or(is, |all: Interval| all.hull(is)));
        if was.may_hold && is.may_fail {
            add(old.if_held.negate());
        }
        if was.may_fail && is.may_hold {
            add(new.if_held);
        }
        if was.may_hold && is.may_hold || was.may_fail && is.may_fail {
            add(Interval::ZERO);
        }
        all
    }
}

/// Whether a clause counts in the sums.
fn counts(policy: &Policy, place: Option<usize>) -> bool {
    let clause = place.and_then(|place| policy.clauses.get(place));
    clause.is_some_and(|clause| clause.kind.counted == Counted::Total)
}

/// The lines of a clause, where it counts.
fn of<'d>(policy: &Policy, place: Option<usize>, lines: &'d Lines) -> Vec<&'d Line> {
    let own = lines.iter().filter(|line| Some(line.0.clause) == place);
    if counts(policy, place) { own.collect() } else { Vec::new() }
}

/// How far a part reaches beyond nothing, for the order in which parts are looked at.
fn reach(found: &[Interval]) -> Bound {
    let width = |own: &Interval| match (own.lo, own.hi) {
        (Bound::At(lo), Bound::At(hi)) => hi.minus(lo).map_or(Bound::Above, Bound::At),
        _ => Bound::Above,
    };
    found.iter().map(width).max().unwrap_or(Bound::ZERO)
}
