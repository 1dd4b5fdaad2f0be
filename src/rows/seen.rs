//! Ids that were met before.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use crate::rows::Heads;
use crate::rows::reserved::row_place;
use crate::source::folded;

/// So many ids are remembered, which bounds the memory; what comes later is compared with these.
const MOST: usize = 4_000_000;
/// So many maps hold them.
const MAPS: usize = 32;

/// Remembers each id by its fingerprint of 64 bits: two of a million ids have the same with a chance of one in thirty million,
/// and are then refused, never mixed up.
///
/// As long as every id is above the one before, as in a table in the order of its ids, none can have come before: then they
/// are only noted, which costs far less than looking each up.
#[derive(Debug)]
pub struct Seen {
    /// So many are remembered.
    most: usize,
    key: Fingerprint,
    tables: Tables,
    /// The highest id; none: there was none yet.
    highest: Option<String>,
    /// Ids in order, which were not looked up so far.
    noted: Vec<(u64, Place)>,
    /// Once they are not in order: in several maps, so that one that grows does not need the memory of all of them twice.
    maps: Option<Box<[HashMap<u64, Place, Plain>; MAPS]>>,
    count: usize,
    /// How many were not remembered.
    past: u64,
}

impl Default for Seen {
    fn default() -> Seen {
        Seen::of_most(MOST)
    }
}

/// The number of a table and a line in it.
pub type Place = (u32, u32);

/// The tables in which rows were met: their files, and the column of their ids where rows are told by their cells.
#[derive(Debug, Default)]
pub struct Tables(Vec<(Arc<str>, Option<String>)>);

impl Tables {
    /// What a row is remembered by; rows of one table follow on each other.
    pub fn place(&mut self, file: &Arc<str>, heads: &Heads, line: u64) -> Place {
        if self.0.last().is_none_or(|(last, _)| last != file) {
            self.0.push((Arc::clone(file), heads.ids_at()));
        }
        (u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX), u32::try_from(line).unwrap_or(u32::MAX))
    }

    /// The same in words: `people.csv:17`, and of a workbook where its id stands: `people.xlsx 花名册!A17`.
    pub fn words(&self, (table, line): Place) -> String {
        match self.0.get(table as usize) {
            Some((file, Some(column))) => format!("{file}!{column}{line}"),
            Some((file, None)) => row_place(file, u64::from(line)),
            None => String::new(),
        }
    }
}

/// Takes fingerprints of ids, by a key that nobody knows beforehand.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(RandomState);

impl Fingerprint {
    /// That of an id, as it is compared.
    pub fn of(&self, id: &str) -> u64 {
        self.0.hash_one(id)
    }
}

/// The ids of rows that follow on each other.
#[derive(Debug, Default)]
pub struct Ids {
    /// For each row that has one its place among the rows, its line, and the id's fingerprint.
    rows: Vec<(usize, u64, u64)>,
    /// The first and the last, where each is above the one before.
    ends: Option<(String, String)>,
}

impl Ids {
    /// Those of rows: their places, lines and ids. Ids that differ only in the width of their characters are one.
    pub fn of<'r>(key: &Fingerprint, rows: impl Iterator<Item = (usize, u64, &'r str)>) -> Ids {
        let mut found = Vec::new();
        let mut ends: Option<(Cow<'_, str>, Cow<'_, str>)> = None;
        let mut in_order = true;
        for (row, line, id) in rows {
            let id = folded(id);
            found.push((row, line, key.of(&id)));
            in_order &= ends.as_ref().is_none_or(|(_, last)| *last < id);
            ends = Some((ends.map_or_else(|| id.clone(), |(first, _)| first), id));
        }
        let ends = ends.filter(|_| in_order).map(|(first, last)| (first.into_owned(), last.into_owned()));
        Ids { rows: found, ends }
    }
}

impl Seen {
    /// Remembers every id, for who holds more of each row than that.
    pub fn all() -> Seen {
        Seen::of_most(usize::MAX)
    }

    fn of_most(most: usize) -> Seen {
        let (key, tables) = (Fingerprint::default(), Tables::default());
        Seen { most, key, tables, highest: None, noted: Vec::new(), maps: None, count: 0, past: 0 }
    }

    /// Of how many ids nobody would see if they came again. None as long as they came in their order.
    pub fn unseen(&self) -> u64 {
        if self.maps.is_some() { self.past } else { 0 }
    }

    /// What ids are to be known by here.
    pub fn key(&self) -> Fingerprint {
        self.key.clone()
    }

    /// Remembers ids; gives the rows of those that were met before, and where. `file`: that of a row.
    pub fn met<'f>(&mut self, ids: &Ids, heads: &Heads, file: impl Fn(usize) -> &'f Arc<str>) -> Vec<(usize, String)> {
        let is_above = |ids: &Ids| {
            let above = |(first, _): &(String, String)| self.highest.as_ref().is_none_or(|highest| highest < first);
            ids.rows.is_empty() || ids.ends.as_ref().is_some_and(above)
        };
        let in_order = self.maps.is_none() && is_above(ids);
        if in_order {
            if let Some((_, last)) = &ids.ends {
                self.highest = Some(last.clone());
            }
        } else {
            self.look_up_from_now_on();
        }
        let mut found = Vec::with_capacity(self.count_of(ids));
        for (row, line, fingerprint) in &ids.rows {
            let place = self.tables.place(file(*row), heads, *line);
            if let Some(first) = self.remember(*fingerprint, place) {
                found.push((*row, self.tables.words(first)));
            }
        }
        found
    }

    /// Where an id was met first; none: here.
    pub fn first(&mut self, id: &str, file: &Arc<str>, line: u64) -> Option<String> {
        let ids = Ids::of(&self.key, std::iter::once((0, line, id)));
        self.met(&ids, &Heads::default(), |_| file).pop().map(|(_, first)| first)
    }

    fn look_up_from_now_on(&mut self) {
        if self.maps.is_none() {
            self.maps = Some(Box::default());
            self.count = 0;
            for (fingerprint, place) in std::mem::take(&mut self.noted) {
                self.remember(fingerprint, place);
            }
        }
    }

    /// How many of these were met. Asked for many at once, this brings them all near while the memory is slow to give one.
    fn count_of(&self, ids: &Ids) -> usize {
        let Some(maps) = &self.maps else { return 0 };
        let is_known = |(_, _, fingerprint): &&(usize, u64, u64)| {
            maps.get(map_of(*fingerprint)).is_some_and(|map| map.contains_key(fingerprint))
        };
        ids.rows.iter().filter(is_known).count()
    }

    /// Where an id was met first; none: here.
    fn remember(&mut self, fingerprint: u64, place: Place) -> Option<Place> {
        let room = self.count < self.most;
        match &mut self.maps {
            None => {
                if room {
                    self.noted.push((fingerprint, place));
                    self.count += 1;
                } else {
                    self.past += 1;
                }
                None
            }
            Some(maps) => match maps.get_mut(map_of(fingerprint))?.entry(fingerprint) {
                Entry::Occupied(found) => Some(*found.get()),
                Entry::Vacant(free) => {
                    if room {
                        free.insert(place);
                        self.count += 1;
                    } else {
                        self.past += 1;
                    }
                    None
                }
            },
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Each chunk's ids by lines; the lines of those met before, and where.
    fn met(chunks: &[&[&str]]) -> Vec<Vec<(usize, String)>> {
        met_by(&mut Seen::default(), chunks)
    }

    fn met_by(seen: &mut Seen, chunks: &[&[&str]]) -> Vec<Vec<(usize, String)>> {
        let (file, mut line) = (Arc::from("a.csv"), 0);
        let of = |ids: &&[&str]| {
            let rows = ids.iter().enumerate().map(|(row, id)| (row, line + 1 + row as u64, *id));
            let ids = Ids::of(&seen.key(), rows);
            line += ids.rows.len() as u64;
            seen.met(&ids, &Heads::default(), |_| &file)
        };
        chunks.iter().map(of).collect()
    }

    #[test]
    fn ids_that_come_again_are_found_in_order_or_not() {
        let none = Vec::new();
        let at = |row, line| vec![(row, format!("a.csv:{line}"))];
        assert_eq!(met(&[&["a", "b"], &["c", "d"], &["d", "e"]]), [none.clone(), none.clone(), at(0, 4)]);
        assert_eq!(met(&[&["a", "b"], &["b"]]), [none.clone(), at(0, 2)]);
        assert_eq!(met(&[&["b", "a"], &["c"], &["a", "x"]]), [none.clone(), none.clone(), at(0, 2)]);
        assert_eq!(met(&[&["a", "a"], &[], &["a"]]), [at(1, 1), none.clone(), at(0, 1)]);
        assert_eq!(met(&[&[], &["c"], &["b", "c"]]), [none.clone(), none, at(1, 1)]);
    }

    #[test]
    fn what_is_not_remembered_is_counted_unless_it_cannot_come_again() {
        let mut ordered = Seen::of_most(2);
        assert!(met_by(&mut ordered, &[&["a", "b"], &["c", "d"]]).concat().is_empty());
        assert_eq!(ordered.unseen(), 0);
        // The second d is not seen; c, both d, and x are not remembered.
        assert_eq!(met_by(&mut ordered, &[&["x", "a", "d"]]).concat(), [(1, "a.csv:1".to_owned())]);
        assert_eq!(ordered.unseen(), 4);
    }
}
