//! Who may share a limit: those whose keys agree in every part that both know.

use std::collections::{BTreeMap, BTreeSet};

use crate::allot::Keys;
use crate::allot::unknown_key::{both, known_parts, pattern};

/// Keys in circles: nobody shares with anybody of another circle.
#[derive(Debug, Default)]
pub struct MayShare {
    circles: BTreeMap<usize, usize>,
    /// Those in which it is not known who shares with whom.
    open: BTreeSet<usize>,
}

impl MayShare {
    /// The circles of some of the keys, named by their places.
    pub fn new(asked: impl Iterator<Item = usize>, keys: &Keys) -> MayShare {
        let mut by_pattern: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
        let mut found = MayShare::default();
        for place in asked {
            if found.circles.insert(place, place).is_none() {
                by_pattern.entry(pattern(keys, place)).or_default().push(place);
            }
        }
        for (own, unknown) in by_pattern.iter().filter(|(own, _)| own.contains(&false)) {
            for (other, of) in &by_pattern {
                let known = both(own, other);
                let mut alike: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
                for place in unknown {
                    alike.entry(known_parts(keys, *place, &known)).or_default().push(*place);
                }
                for place in of {
                    // Once they are in one circle, any of them stands for all.
                    let Some(them) = alike.get_mut(&known_parts(keys, *place, &known)) else { continue };
                    them.iter().for_each(|one| found.join(*one, *place));
                    them.truncate(1);
                }
            }
        }
        let unknown = by_pattern.iter().filter(|(own, _)| own.contains(&false)).flat_map(|(_, unknown)| unknown);
        found.open = unknown.map(|place| found.circle(*place)).collect();
        found
    }

    /// The circle of a key, by the place of one of its keys.
    pub fn circle(&self, key: usize) -> usize {
        let mut at = key;
        while let Some(next) = self.circles.get(&at).filter(|next| **next != at) {
            at = *next;
        }
        at
    }

    /// Whether it is not known who of a circle shares with whom.
    pub fn is_open(&self, circle: usize) -> bool {
        self.open.contains(&circle)
    }

    fn join(&mut self, one: usize, other: usize) {
        let (of_one, of_other) = (self.circle(one), self.circle(other));
        let circle = of_one.min(of_other);
        // The ways to it are kept short.
        self.circles.extend([one, other, of_one, of_other].map(|key| (key, circle)));
    }
}
