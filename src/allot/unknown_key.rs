//! Those of whom it is not known with whom they share: they may belong to any group that fits what is known.

use std::collections::BTreeMap;

use crate::allot::population::{Before, Member, Population};
use crate::allot::seat::member;
use crate::allot::{Became, Key, Run, Seat};
use crate::value::Interval;

/// Those whose key is not known, by what is known of it.
pub(super) struct Floating {
    /// For each pattern of known parts, by these parts.
    pub patterns: BTreeMap<Vec<bool>, BTreeMap<Vec<String>, Population>>,
    all: Population,
    /// How much each of them says there is.
    pub at_most: Option<Interval>,
}

/// What those whose key is not known may share with: all groups that fit a pattern, as one, and the size of the largest.
pub(super) type Fitting = BTreeMap<(Vec<bool>, Vec<String>), (Population, i64)>;

pub(super) fn known_parts(key: &Key, pattern: &[bool]) -> Vec<String> {
    key.iter().zip(pattern).filter(|(_, known)| **known).filter_map(|(part, _)| part.clone()).collect()
}

pub(super) fn pattern(key: &Key) -> Vec<bool> {
    key.iter().map(Option::is_some).collect()
}

impl<S: Seat> Run<'_, S> {
    pub(super) fn floating(&self, unknown: &[(usize, Vec<&S>)]) -> Floating {
        let mut patterns: BTreeMap<Vec<bool>, BTreeMap<Vec<String>, Population>> = BTreeMap::new();
        for (key, seats) in unknown {
            let Some(key) = self.keys.get(*key) else { continue };
            let pattern = pattern(key);
            let parts = known_parts(key, &pattern);
            patterns.entry(pattern).or_default().insert(parts, Population::new(seats.iter().map(|seat| member(*seat))));
        }
        let seats = || unknown.iter().flat_map(|(_, seats)| seats);
        let at_most = seats().map(|seat| seat.at_most()).reduce(Interval::hull);
        Floating { patterns, all: Population::new(seats().map(|seat| member(*seat))), at_most }
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
    pub(super) fn unknown_key(&self, seat: &S, fits: Option<&(Population, i64)>, floating: &Floating) -> Became {
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
        let before = before.and(of(&floating.all, true));
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
