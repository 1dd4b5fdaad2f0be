//! Ids that were met before.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// So many ids are remembered, which bounds the memory; what comes later is compared with these.
const MOST: usize = 4_000_000;
/// So many maps hold them.
const MAPS: usize = 32;

/// Remembers each id by its fingerprint of 64 bits: two of a million ids have the same with a chance of one in thirty million,
/// and are then refused, never mixed up.
#[derive(Debug, Default)]
pub struct Seen {
    /// In several maps, so that one that grows does not need the memory of all of them twice.
    fingerprints: [HashMap<u64, (u32, u32), Plain>; MAPS],
    count: usize,
    key: Fingerprint,
    files: Vec<Arc<str>>,
}

/// Takes fingerprints of ids, by a key that nobody knows beforehand.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(RandomState);

impl Fingerprint {
    /// An id's fingerprint.
    pub fn of(&self, id: &str) -> u64 {
        self.0.hash_one(id)
    }
}

impl Seen {
    /// What ids are to be known by here.
    pub fn key(&self) -> Fingerprint {
        self.key.clone()
    }

    /// How many of these were met. Asked for many at once, it brings them all near while the memory is slow to give one.
    pub fn count(&self, fingerprints: impl Iterator<Item = u64>) -> usize {
        let is_known = |fingerprint: &u64| {
            let map = self.fingerprints.get(map_of(*fingerprint));
            map.is_some_and(|map| map.contains_key(fingerprint))
        };
        fingerprints.filter(is_known).count()
    }

    /// Where an id was met first; none: here.
    pub fn first(&mut self, fingerprint: u64, file: &Arc<str>, line: u64) -> Option<(Arc<str>, u64)> {
        if self.files.last() != Some(file) {
            self.files.push(Arc::clone(file));
        }
        let place = (u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX), u32::try_from(line).unwrap_or(u32::MAX));
        let room = self.count < MOST;
        let map = self.fingerprints.get_mut(map_of(fingerprint))?;
        match map.entry(fingerprint) {
            Entry::Occupied(found) => {
                let (file, line) = *found.get();
                Some((Arc::clone(self.files.get(file as usize)?), u64::from(line)))
            }
            Entry::Vacant(free) => {
                if room {
                    free.insert(place);
                    self.count += 1;
                }
                None
            }
        }
    }
}

/// The map that holds a fingerprint.
fn map_of(fingerprint: u64) -> usize {
    usize::try_from(fingerprint >> 32).unwrap_or(0) % MAPS
}

/// Takes a fingerprint as its own hash.
#[derive(Clone, Copy, Debug, Default)]
struct Plain(u64);

impl BuildHasher for Plain {
    type Hasher = Plain;

    fn build_hasher(&self) -> Plain {
        Plain(0)
    }
}

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
