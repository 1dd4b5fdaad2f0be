//! Those of whom it is not known with whom they share: they may belong to any group that fits what is known.

use std::collections::BTreeMap;

use crate::allot::population::{Before, Population};
use crate::allot::seat::member;
use crate::allot::{Became, Keys, Run, Seat};
use crate::value::Interval;

/// Those of whom the same parts are known, by these parts.
type ByParts<'s, 'k, S> = BTreeMap<Vec<&'k str>, Population<'s, S>>;

/// Those whose key is not known, by what is known of it.
pub(super) struct Floating<'s, 'k, S> {
    /// For each pattern of known parts, by these parts.
    patterns: BTreeMap<Vec<bool>, ByParts<'s, 'k, S>>,
    /// For each two patterns, those of the second by the parts that both know: who differs in one of them shares nothing.
    alike: BTreeMap<(Vec<bool>, Vec<bool>), ByParts<'s, 'k, S>>,
    /// How much each of them says there is.
    pub at_most: Option<Interval>,
}

/// What those whose key is not known may share with: all groups that fit a pattern, as one, and the size of the largest.
pub(super) type Fitting<'s, 'k, S> = BTreeMap<(Vec<bool>, Vec<&'k str>), (Population<'s, S>, i64)>;

/// What is known of a key at the places of a pattern.
pub(super) fn known_parts<'k>(keys: &'k Keys, key: usize, pattern: &[bool]) -> Vec<&'k str> {
    keys.parts(key).zip(pattern).filter(|(_, known)| **known).filter_map(|(part, _)| part).collect()
}

/// What two patterns both know.
pub(super) fn both(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}

/// Which parts of a key are known.
pub(super) fn pattern(keys: &Keys, key: usize) -> Vec<bool> {
    keys.parts(key).map(|part| part.is_some()).collect()
}

/// The key of those who have one.
fn key_of<S: Seat>(seats: &[&S]) -> Option<usize> {
    seats.first().map(|seat| seat.key())
}

impl<'s, 'k, S: Seat> Floating<'s, 'k, S> {
    /// Those who may share with whoever has this key.
    pub fn fitting(&self, keys: &'k Keys, key: usize) -> Vec<&Population<'s, S>> {
        let fits =
            self.patterns.iter().filter_map(|(pattern, by_parts)| by_parts.get(&known_parts(keys, key, pattern)));
        fits.collect()
    }
}

impl<'k, S: Seat> Run<'k, S> {
    pub(super) fn floating<'s>(&self, unknown: impl Iterator<Item = &'s [&'s S]>) -> Floating<'s, 'k, S> {
        let mut by_pattern: BTreeMap<Vec<bool>, Vec<(usize, &[&S])>> = BTreeMap::new();
        let mut at_most: Option<Interval> = None;
        for seats in unknown {
            let Some(key) = key_of(seats) else { continue };
            by_pattern.entry(pattern(self.keys, key)).or_default().push((key, seats));
            at_most = seats.iter().map(|seat| seat.at_most()).chain(at_most).reduce(Interval::hull);
        }
        let by_parts = |known: &[bool], of: &[(usize, &[&'s S])]| {
            let mut groups: BTreeMap<Vec<&str>, Vec<&S>> = BTreeMap::new();
            for (key, seats) in of {
                groups.entry(known_parts(self.keys, *key, known)).or_default().extend_from_slice(seats);
            }
            groups.into_iter().map(|(parts, seats)| (parts, Population::new(seats))).collect()
        };
        let patterns = by_pattern.iter().map(|(pattern, of)| (pattern.clone(), by_parts(pattern, of))).collect();
        let two =
            |one: &Vec<bool>, other: &Vec<bool>, of| ((one.clone(), other.clone()), by_parts(&both(one, other), of));
        let alike =
            by_pattern.keys().flat_map(|one| by_pattern.iter().map(move |(other, of)| two(one, other, of))).collect();
        Floating { patterns, alike, at_most }
    }

    /// For each thing known of an unknown key, the groups that it may belong to.
    pub(super) fn fit<'s>(
        &self,
        known: impl Iterator<Item = &'s [&'s S]> + Clone,
        floating: &Floating<'s, 'k, S>,
    ) -> Fitting<'s, 'k, S> {
        let mut fitting = Fitting::new();
        for (pattern, by_parts) in &floating.patterns {
            let mut fits: BTreeMap<Vec<&str>, (Vec<&S>, i64)> = BTreeMap::new();
            for seats in known.clone() {
                let Some(key) = key_of(seats) else { continue };
                let parts = known_parts(self.keys, key, pattern);
                if !by_parts.contains_key(&parts) {
                    continue;
                }
                let (all, largest) = fits.entry(parts).or_default();
                all.extend_from_slice(seats);
                *largest = Population::new(seats.to_vec()).size().max(*largest);
            }
            for (parts, (seats, largest)) in fits {
                fitting.insert((pattern.clone(), parts), (Population::new(seats), largest));
            }
        }
        fitting
    }

    /// Those of whom it is not known with whom they share, under one key.
    pub(super) fn unknown_key(
        &self,
        seats: &[&S],
        fitting: &Fitting<'_, 'k, S>,
        floating: &Floating<'_, 'k, S>,
        tell: &mut dyn FnMut(Became),
    ) {
        let Some(key) = key_of(seats) else { return };
        let pattern = pattern(self.keys, key);
        let parts = known_parts(self.keys, key, &pattern);
        let own = (pattern, parts);
        let fits = fitting.get(&own);
        // Those of other patterns, and of its own, who may share with it.
        let others = floating.alike.iter().filter(|((one, _), _)| *one == own.0);
        let others = others.filter_map(|((one, other), by_parts)| {
            let found = by_parts.get(&known_parts(self.keys, key, &both(one, other)))?;
            Some((found, *other == own.0))
        });
        let others: Vec<(&Population<'_, S>, bool)> = others.collect();
        seats.iter().for_each(|seat| tell(self.floats(*seat, fits, &others, floating.at_most)));
    }

    fn floats(
        &self,
        seat: &S,
        fits: Option<&(Population<'_, S>, i64)>,
        others: &[(&Population<'_, S>, bool)],
        at_most: Option<Interval>,
    ) -> Became {
        let member = member(seat);
        let pool = seat.at_most().hull(at_most.unwrap_or_else(|| seat.at_most()));
        let of = |population: &Population<'_, S>, own: bool| {
            let before =
                if self.rule.in_proportion { population.others(&member, own) } else { population.before(&member, own) };
            before.perhaps()
        };
        let mut before = fits.map_or(Before::NOTHING, |(population, _)| of(population, false));
        if let Some((_, largest)) = fits {
            before.possible = before.possible.min(*largest);
        }
        let before = others.iter().fold(before, |before, (population, own)| before.and(of(population, *own)));
        if self.rule.money && seat.many() {
            // Its records may belong to any number of groups, each with a pool of its own.
            return self.became(seat, seat.asked().hull(Interval::ZERO), false, before, pool, None);
        }
        if self.rule.in_proportion {
            self.in_part(seat, before, pool, None)
        } else {
            self.in_turn(seat, before, pool, None)
        }
    }
}
