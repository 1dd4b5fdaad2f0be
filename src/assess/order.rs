//! In which order clauses are worked out of which some name what others came to.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::came_to::What;
use crate::policy::Policy;

/// The clauses that are still to be worked out, and which of them can be: each after those that it names, and what is left of one once
/// all are there that may take something from it.
pub(super) struct Order {
    /// Those of which nothing is worked out yet.
    left: BTreeSet<usize>,
    /// Those of them of which everything is known that they ask for.
    ready: BTreeSet<usize>,
    /// Of how much each still waits.
    waits: BTreeMap<usize, usize>,
    /// Who waits for a clause by its own words, and for what is left of it.
    waiting: [BTreeMap<usize, Vec<usize>>; 2],
    /// The set of clauses that take something from each other in which each is; and the members of each, with how many are still left.
    set_of: BTreeMap<usize, usize>,
    sets: BTreeMap<usize, (Vec<usize>, usize)>,
}

impl Order {
    pub fn of(policy: &Policy, clauses: &[usize]) -> Order {
        let left: BTreeSet<usize> = clauses.iter().copied().collect();
        let mut waits: BTreeMap<usize, usize> = left.iter().map(|place| (*place, 0)).collect();
        let mut waiting: [BTreeMap<usize, Vec<usize>>; 2] = Default::default();
        let (mut set_of, mut sets) = (BTreeMap::new(), BTreeMap::new());
        let [own, whole] = &mut waiting;
        for place in &left {
            let uses = policy.clauses.get(*place).map_or(&[][..], |clause| clause.uses.as_slice());
            for one in uses {
                let of = if one.what == What::Awarded { &mut *whole } else { &mut *own };
                of.entry(one.clause).or_default().push(*place);
                waits.entry(*place).and_modify(|count| *count += 1);
            }
            let set = policy.tied.get(*place).copied().unwrap_or(*place);
            set_of.insert(*place, set);
            let (members, count): &mut (Vec<usize>, usize) = sets.entry(set).or_default();
            members.push(*place);
            *count += 1;
        }
        let ready = left.iter().copied().filter(|place| waits.get(place) == Some(&0)).collect();
        Order { left, ready, waits, waiting, set_of, sets }
    }

    /// The next clause to be worked out by its own words. In a policy that could be read one is always ready; should none be, the
    /// first is taken all the same, as no line may be lost.
    pub fn next(&mut self) -> Option<usize> {
        let place = self.ready.pop_first().or_else(|| self.left.first().copied())?;
        self.left.remove(&place);
        Some(place)
    }

    /// Notes that a clause was worked out by its own words; gives its set, where all of that is.
    pub fn worked_out(&mut self, place: usize) -> Option<Vec<usize>> {
        self.known(0, place);
        let (members, count) = self.sets.get_mut(self.set_of.get(&place)?)?;
        *count = count.saturating_sub(1);
        (*count == 0).then(|| members.clone())
    }

    /// Notes that it is known what is left of a clause.
    pub fn settled(&mut self, place: usize) {
        self.known(1, place);
    }

    fn known(&mut self, what: usize, place: usize) {
        let waiting = self.waiting.get_mut(what).and_then(|waiting| waiting.remove(&place));
        for other in waiting.into_iter().flatten() {
            let Some(count) = self.waits.get_mut(&other) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 && self.left.contains(&other) {
                self.ready.insert(other);
            }
        }
    }
}
