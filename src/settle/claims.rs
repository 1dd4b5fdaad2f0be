//! The claims of all applicants, as small as they can be kept.

use std::collections::{BTreeMap, HashMap};

use crate::allot::Key;
use crate::assess::model::Claim;
use crate::settle::packed::{Packed, Packing};
use crate::value::Truth;

/// Another option of a reading than the one taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alternative {
    /// The policy's place in the run.
    pub policy: usize,
    /// The reading: the place of its input.
    pub reading: usize,
    /// The option taken: its place.
    pub taken: usize,
    /// The other option.
    pub option: usize,
}

/// An applicant who claims something.
#[derive(Clone, Debug)]
pub struct Claimant {
    /// The applicant's place in the run; places only grow.
    pub ordinal: u64,
    /// The applicant's id.
    pub id: String,
    /// The lines that claim something.
    pub lines: Vec<ClaimingLine>,
    /// Under other options of readings the lines that then claim something, where that is something else.
    pub under: Vec<(Alternative, Vec<ClaimingLine>)>,
}

/// A line that claims something.
#[derive(Clone, Debug)]
pub struct ClaimingLine {
    /// The policy's place in the run.
    pub policy: usize,
    /// The clause's place in its policy.
    pub clause: usize,
    /// Whether something was paid for it before.
    pub paid: bool,
    /// What it claims.
    pub claims: Vec<Claim>,
}

/// One applicant.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub ordinal: u64,
    pub id: Box<str>,
    /// The place of the first line.
    pub first: usize,
}

/// A line, and what is left of it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub who: usize,
    pub policy: u32,
    pub clause: u32,
    pub overlaps: bool,
    pub paid: bool,
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
#[derive(Clone, Debug)]
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
    /// Under other options of readings what those claim who then claim something else, be it nothing.
    under: BTreeMap<Alternative, Claims>,
}

impl Claims {
    /// Takes over what an applicant claims; applicants come in the order of their ordinals.
    pub fn add(&mut self, claimant: Claimant) {
        let (ordinal, id) = (claimant.ordinal, claimant.id);
        for (alternative, lines) in claimant.under {
            self.under.entry(alternative).or_default().put(ordinal, &id, lines);
        }
        if !claimant.lines.is_empty() {
            self.put(ordinal, &id, claimant.lines);
        }
    }

    fn put(&mut self, ordinal: u64, id: &str, lines: Vec<ClaimingLine>) {
        let who = self.who.len();
        let first = self.lines.len();
        for line in lines {
            let Some(claim) = line.claims.first() else { continue };
            let claimed = (self.packing.pack(claim.to_date), self.packing.pack(claim.lifetime));
            let (left, stands) = (claimed.clone(), claim.stands);
            let overlaps = claim.overlaps;
            let asks = line.claims.into_iter().map(|claim| self.asks(claim)).collect();
            let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let (policy, clause, paid) = (place(line.policy), place(line.clause), line.paid);
            self.lines.push(Line { who, policy, clause, overlaps, paid, claimed, left, stands, stood: stands, asks });
        }
        self.who.push(Who { ordinal, id: id.into(), first });
    }

    /// What is claimed under each other option of a reading that changes what somebody claims.
    pub(super) fn alternatives(&mut self) -> Vec<(Alternative, Claims)> {
        let under = std::mem::take(&mut self.under);
        under.into_iter().map(|(alternative, others)| (alternative, self.with(&others))).collect()
    }

    /// The same claims, with those of some applicants taken from elsewhere.
    fn with(&self, others: &Claims) -> Claims {
        let mut all = Claims { keys: self.keys.clone(), packing: self.packing.clone(), ..Claims::default() };
        let mut names: Vec<(&Key, usize)> = others.keys.iter().map(|(key, place)| (key, *place)).collect();
        names.sort_unstable_by_key(|(_, place)| *place);
        let keys: Vec<usize> = names.into_iter().map(|(key, _)| all.key(key.clone())).collect();
        let (mut own, mut theirs) = (self.who.iter().enumerate().peekable(), others.who.iter().enumerate().peekable());
        loop {
            let next = (own.peek().map(|(_, who)| who.ordinal), theirs.peek().map(|(_, who)| who.ordinal));
            let from_others = match next {
                (None, None) => return all,
                (Some(ours), Some(other)) => other <= ours,
                (ours, _) => ours.is_none(),
            };
            if from_others && next.0 == next.1 {
                own.next();
            }
            let taken = if from_others { theirs.next() } else { own.next() };
            let Some((place, who)) = taken else { continue };
            let source = if from_others { others } else { self };
            let (first, at) = (all.lines.len(), all.who.len());
            for line in source.lines_of(place) {
                let mut line = Line { who: at, ..line.clone() };
                for ask in line.asks.iter_mut().filter(|_| from_others) {
                    ask.key = keys.get(ask.key).copied().unwrap_or(ask.key);
                }
                all.lines.push(line);
            }
            all.who.push(Who { first, ..who.clone() });
        }
    }

    /// The lines of the applicant at this place.
    fn lines_of(&self, place: usize) -> &[Line] {
        let first = self.who.get(place).map_or(0, |who| who.first);
        let end = self.who.get(place + 1).map_or(self.lines.len(), |next| next.first);
        self.lines.get(first..end).unwrap_or_default()
    }

    fn key(&mut self, key: Key) -> usize {
        let next = self.keys.len();
        *self.keys.entry(key).or_insert(next)
    }

    /// The applicants, their lines, the keys in their places, and what packs more amounts.
    pub(super) fn parts(self) -> (Vec<Who>, Vec<Line>, Vec<Key>, Packing) {
        let mut keys: Vec<(Key, usize)> = self.keys.into_iter().collect();
        keys.sort_unstable_by_key(|(_, place)| *place);
        (self.who, self.lines, keys.into_iter().map(|(key, _)| key).collect(), self.packing)
    }

    fn asks(&mut self, claim: Claim) -> Asks {
        let key = self.key(claim.key);
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
