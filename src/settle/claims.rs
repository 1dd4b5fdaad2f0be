//! The claims of all applicants, as small as they can be kept.

use std::collections::HashMap;

use crate::allot::Key;
use crate::assess::model::Claim;
use crate::settle::packed::{Packed, Packing};
use crate::value::Truth;

/// An applicant who claims something.
#[derive(Clone, Debug)]
pub struct Claimant {
    /// The applicant's place in the run; places only grow.
    pub ordinal: u64,
    /// The applicant's id.
    pub id: String,
    /// The lines that claim something.
    pub lines: Vec<ClaimingLine>,
}

/// A line that claims something.
#[derive(Clone, Debug)]
pub struct ClaimingLine {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// What it claims.
    pub claims: Vec<Claim>,
}

/// One applicant.
#[derive(Debug)]
pub(super) struct Who {
    pub ordinal: u64,
    pub id: Box<str>,
    /// The place of the first line.
    pub first: usize,
}

/// A line, and what is left of it.
#[derive(Debug)]
pub(super) struct Line {
    pub who: usize,
    pub policy: u32,
    pub clause: u32,
    pub overlaps: bool,
    /// What it claimed to date and in all.
    pub claimed: (Packed, Packed),
    /// What is left of it.
    pub left: (Packed, Packed),
    /// Whether it claims anything, by what is left of it.
    pub stands: Truth,
    /// The same before any limit took something.
    pub stood: Truth,
    pub asks: Box<[Asks]>,
}

/// What a line asks of one limit.
#[derive(Debug)]
pub(super) struct Asks {
    pub limit: u32,
    pub applies: Truth,
    pub many: bool,
    /// The place of its key.
    pub key: usize,
    pub order: Packed,
    pub at_most: Packed,
}

/// The claims of all applicants.
#[derive(Debug, Default)]
pub struct Claims {
    who: Vec<Who>,
    lines: Vec<Line>,
    /// Every key that was met, with its place.
    keys: HashMap<Key, usize>,
    packing: Packing,
}

impl Claims {
    /// Takes over what an applicant claims; applicants come in the order of their ordinals.
    pub fn add(&mut self, claimant: Claimant) {
        let who = self.who.len();
        let first = self.lines.len();
        for line in claimant.lines {
            let Some(claim) = line.claims.first() else { continue };
            let claimed = (self.packing.pack(claim.to_date), self.packing.pack(claim.lifetime));
            let (left, stands) = (claimed.clone(), claim.stands);
            let overlaps = claim.overlaps;
            let asks = line.claims.into_iter().map(|claim| self.asks(claim)).collect();
            let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let (policy, clause) = (place(line.policy), place(line.clause));
            self.lines.push(Line { who, policy, clause, overlaps, claimed, left, stands, stood: stands, asks });
        }
        if self.lines.len() > first {
            self.who.push(Who { ordinal: claimant.ordinal, id: claimant.id.into(), first });
        }
    }

    /// The applicants, their lines, the keys in their places, and what packs more amounts.
    pub(super) fn parts(self) -> (Vec<Who>, Vec<Line>, Vec<Key>, Packing) {
        let mut keys: Vec<(Key, usize)> = self.keys.into_iter().collect();
        keys.sort_unstable_by_key(|(_, place)| *place);
        (self.who, self.lines, keys.into_iter().map(|(key, _)| key).collect(), self.packing)
    }

    fn asks(&mut self, claim: Claim) -> Asks {
        let next = self.keys.len();
        let key = *self.keys.entry(claim.key).or_insert(next);
        Asks {
            limit: u32::try_from(claim.limit).unwrap_or(u32::MAX),
            applies: claim.applies,
            many: claim.many,
            key,
            order: self.packing.pack(claim.order),
            at_most: self.packing.pack(claim.at_most),
        }
    }
}
