//! What lines are counted under.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Each key that lines are counted under, once, in the order in which they were met; in little room, for there may be one for each
/// of a million lines.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// What is known of them, one part behind the other.
    texts: String,
    /// Where each part ends there; none for one that is not known.
    ends: Vec<(usize, bool)>,
    /// Where the parts of each key end.
    keys: Vec<usize>,
    /// Their places by fingerprints; one that is taken by another key goes to the next that is free.
    places: HashMap<u64, usize>,
    fingerprint: RandomState,
}

impl Keys {
    /// The place of a key of these parts; `None`: not known.
    pub fn place(&mut self, key: &[Option<String>]) -> usize {
        let parts = || key.iter().map(Option::as_deref);
        let mut fingerprint = self.fingerprint.hash_one(key);
        while let Some(place) = self.places.get(&fingerprint) {
            if self.parts(*place).eq(parts()) {
                return *place;
            }
            fingerprint = fingerprint.wrapping_add(1);
        }
        for part in parts() {
            self.texts.push_str(part.unwrap_or_default());
            self.ends.push((self.texts.len(), part.is_some()));
        }
        let place = self.keys.len();
        self.keys.push(self.ends.len());
        self.places.insert(fingerprint, place);
        place
    }

    /// The parts of the key at a place.
    pub fn parts(&self, place: usize) -> impl Iterator<Item = Option<&str>> {
        let before = |ends: Option<usize>| ends.unwrap_or(0);
        let first = before(place.checked_sub(1).and_then(|last| self.keys.get(last)).copied());
        let ends = self.ends.get(first..self.keys.get(place).copied().unwrap_or(first)).unwrap_or_default();
        let mut start = before(first.checked_sub(1).and_then(|last| self.ends.get(last)).map(|(end, _)| *end));
        ends.iter().map(move |(end, is_known)| {
            let text = self.texts.get(std::mem::replace(&mut start, *end)..*end);
            text.filter(|_| *is_known)
        })
    }

    /// Whether all parts of the key at a place are known.
    pub fn is_known(&self, place: usize) -> bool {
        self.parts(place).all(|part| part.is_some())
    }

    /// The place here of every key of others.
    pub(crate) fn take(&mut self, others: &Keys) -> Vec<usize> {
        let owned =
            |place: usize| -> Vec<Option<String>> { others.parts(place).map(|part| part.map(str::to_owned)).collect() };
        (0..others.keys.len()).map(|place| self.place(&owned(place))).collect()
    }

    /// Whether something is not known of any of them.
    pub fn any_unknown(&self) -> bool {
        self.ends.iter().any(|(_, is_known)| !is_known)
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn a_key_has_one_place_and_its_parts_back() {
        let key = |parts: &[Option<&str>]| parts.iter().map(|part| part.map(str::to_owned)).collect::<Vec<_>>();
        let all: [&[Option<&str>]; 6] = [
            &[Some("a"), Some("bc")],
            &[Some("ab"), Some("c")],
            &[],
            &[None, Some("")],
            &[Some(""), None],
            &[Some("a")],
        ];
        let mut keys = Keys::default();
        for _ in 0..2 {
            let places: Vec<usize> = all.iter().map(|parts| keys.place(&key(parts))).collect();
            assert_eq!(places, [0, 1, 2, 3, 4, 5]);
        }
        for (place, parts) in all.iter().enumerate() {
            assert_eq!(keys.parts(place).collect::<Vec<_>>(), *parts);
            assert_eq!(keys.is_known(place), parts.iter().all(Option::is_some));
        }
        assert_eq!(keys.parts(6).count(), 0);
    }
}
