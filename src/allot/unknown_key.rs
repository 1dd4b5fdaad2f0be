//! Those of whom it is not known with whom they share: they may belong to any group that fits what is known.

use std::collections::BTreeMap;

use crate::allot::population::{Before, Member, Population};
use crate::allot::seat::member;
use crate::allot::{Became, Key, Run, Seat};
use crate::value::Interval;

/// Those of whom the same parts are known, by these parts.
type ByParts = BTreeMap<Vec<String>, Population>;

/// Those whose key is not known, by what is known of it.
pub(super) struct Floating {
    /// For each pattern of known parts, by these parts.
    pub patterns: BTreeMap<Vec<bool>, ByParts>,
    /// For each two patterns, those of the second by the parts that both know: who differs in one of them shares nothing.
    alike: BTreeMap<(Vec<bool>, Vec<bool>), ByParts>,
    /// How much each of them says there is.
    pub at_most: Option<Interval>,
}

/// What those whose key is not known may share with: all groups that fit a pattern, as one, and the size of the largest.
pub(super) type Fitting = BTreeMap<(Vec<bool>, Vec<String>), (Population, i64)>;

pub(super) fn known_parts(key: &Key, pattern: &[bool]) -> Vec<String> {
    key.iter().zip(pattern).filter(|(_, known)| **known).filter_map(|(part, _)| part.clone()).collect()
}

/// What two patterns both know.
pub(super) fn both(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}

pub(super) fn pattern(key: &Key) -> Vec<bool> {
    key.iter().map(Option::is_some).collect()
}

impl<S: Seat> Run<'_, S> {
    pub(super) fn floating(&self, unknown: &[(usize, Vec<&S>)]) -> Floating {
        let mut by_pattern: BTreeMap<Vec<bool>, Vec<(&Key, Vec<Member>)>> = BTreeMap::new();
        for (key, seats) in unknown {
            let Some(key) = self.keys.get(*key) else { continue };
            let members = seats.iter().map(|seat| member(*seat)).collect();
            by_pattern.entry(pattern(key)).or_default().push((key, members));
        }
        let by_parts = |known: &[bool], of: &[(&Key, Vec<Member>)]| {
            let mut groups: BTreeMap<Vec<String>, Vec<Member>> = BTreeMap::new();
            for (key, members) in of {
                groups.entry(known_parts(key, known)).or_default().extend(members.iter().cloned());
            }
            groups.into_iter().map(|(parts, members)| (parts, Population::new(members.into_iter()))).collect()
        };
        let patterns = by_pattern.iter().map(|(pattern, of)| (pattern.clone(), by_parts(pattern, of))).collect();
        let two =
            |one: &Vec<bool>, other: &Vec<bool>, of| ((one.clone(), other.clone()), by_parts(&both(one, other), of));
        let alike =
            by_pattern.keys().flat_map(|one| by_pattern.iter().map(move |(other, of)| two(one, other, of))).collect();
        let seats = || unknown.iter().flat_map(|(_, seats)| seats);
        let at_most = seats().map(|seat| seat.at_most()).reduce(Interval::hull);
        Floating { patterns, alike, at_most }
    }

    /// For each thing known of an unknown key, the groups that it may belong to.
    pub(super) fn fit(&self, known: &[(usize, Vec<&S>)], floating: &Floating) -> Fitting {
        let mut fitting = Fitting::new();
        for (pattern, by_parts) in &floating.patterns {
            let mut fits: BTreeMap<Vec<String>, (Vec<Member>, i64)> = BTreeMap::new();
            for (key, seats) in known {
                let Some(key) = self.keys.get(*key) else { continue };
                let parts = known_parts(key, pattern);
                if !by_parts.contains_key(&parts) {
                    continue;
                }
                let members: Vec<Member> = seats.iter().map(|seat| member(*seat)).collect();
                let size = Population::new(members.iter().cloned()).size();
                let (all, largest) = fits.entry(parts).or_default();
                all.extend(members);
                *largest = size.max(*largest);
            }
            for (parts, (members, largest)) in fits {
                fitting.insert((pattern.clone(), parts), (Population::new(members.into_iter()), largest));
            }
        }
        fitting
    }

    /// One of whom it is not known with whom it shares.
    pub(super) fn unknown_key(
        &self,
        seat: &S,
        key: &Key,
        fits: Option<&(Population, i64)>,
        floating: &Floating,
    ) -> Became {
        let member = member(seat);
        let pool = seat.at_most().hull(floating.at_most.unwrap_or_else(|| seat.at_most()));
        let of = |population: &Population, own: bool| {
            let before =
                if self.rule.in_proportion { population.others(&member, own) } else { population.before(&member, own) };
            before.perhaps()
        };
        let mut before = fits.map_or(Before::NOTHING, |(population, _)| of(population, false));
        if let Some((_, largest)) = fits {
            before.possible = before.possible.min(*largest);
        }
        let own = pattern(key);
        for ((_, other), by_parts) in floating.alike.iter().filter(|((one, _), _)| *one == own) {
            if let Some(population) = by_parts.get(&known_parts(key, &both(&own, other))) {
                before = before.and(of(population, *other == own));
            }
        }
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
