//! The claims of all applicants, as small as they can be kept.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::allot::Keys;
use crate::assess::model::Claim;
use crate::settle::packed::{Packed, Packing};
use crate::value::{Interval, Truth};

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
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    pub ordinal: u64,
    /// Where the id ends among all of them.
    id: usize,
    /// The place of the first line.
    pub first: u32,
}

/// A line, and what is left of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub who: u32,
    pub policy: u32,
    pub clause: u32,
    /// The place of the first thing that it asks for.
    asks: u32,
    pub overlaps: bool,
    pub paid: bool,
    /// Whether it claims anything, by what is left of it.
    pub stands: Truth,
    /// The same before any limit took something.
    pub stood: Truth,
    /// What it claimed to date and in all.
    pub claimed: (Packed, Packed),
    /// What is left of it.
    pub left: (Packed, Packed),
}

/// What a line asks of one limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asks {
    /// The place of the line.
    pub line: u32,
    pub limit: u32,
    /// The place of its key.
    pub key: u32,
    pub applies: Truth,
    pub many: bool,
    pub order: Packed,
    pub at_most: Packed,
}

/// The claims of all applicants: their ids, lines and what these ask for each in one list, for there may be millions of them.
#[derive(Debug, Default)]
pub struct Claims {
    ids: String,
    pub(super) who: Vec<Who>,
    pub(super) lines: Vec<Line>,
    pub(super) asks: Vec<Asks>,
    /// Every key that was met.
    pub(super) keys: Keys,
    pub(super) packing: Packing,
    /// Under other options of readings what those claim who then claim something else, be it nothing.
    under: BTreeMap<Alternative, Claims>,
}

/// A place in one of the lists.
pub(super) fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
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
        let who = self.enter(ordinal, id);
        for line in lines {
            let Some(claim) = line.claims.first() else { continue };
            let claimed = (self.packing.pack(claim.to_date), self.packing.pack(claim.lifetime));
            self.lines.push(Line {
                who,
                policy: small(line.policy),
                clause: small(line.clause),
                asks: small(self.asks.len()),
                overlaps: claim.overlaps,
                paid: line.paid,
                stands: claim.stands,
                stood: claim.stands,
                claimed,
                left: claimed,
            });
            let place = small(self.lines.len() - 1);
            line.claims.into_iter().for_each(|claim| self.ask(place, claim));
        }
    }

    fn enter(&mut self, ordinal: u64, id: &str) -> u32 {
        self.ids.push_str(id);
        self.who.push(Who { ordinal, id: self.ids.len(), first: small(self.lines.len()) });
        small(self.who.len() - 1)
    }

    fn ask(&mut self, line: u32, claim: Claim) {
        self.asks.push(Asks {
            line,
            limit: small(claim.limit),
            key: small(self.keys.place(&claim.key)),
            applies: claim.applies,
            many: claim.many,
            order: self.packing.pack(claim.order),
            at_most: self.packing.pack(claim.at_most),
        });
    }

    /// What is claimed under other options of readings by those who then claim something else.
    pub(super) fn take_alternatives(&mut self) -> BTreeMap<Alternative, Claims> {
        std::mem::take(&mut self.under)
    }

    /// The same claims, with those of some applicants taken from elsewhere.
    pub(super) fn with(&self, others: &Claims) -> Claims {
        let mut all = Claims { keys: self.keys.clone(), packing: self.packing.clone(), ..Claims::default() };
        let keys = all.keys.take(&others.keys);
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
            let at = all.enter(who.ordinal, source.id(place));
            for place in source.lines_of(place) {
                let Some(line) = source.lines.get(place) else { continue };
                let mut line = Line { who: at, asks: small(all.asks.len()), ..*line };
                if from_others {
                    let mut pack = |packed| all.packing.pack(others.packing.get(packed));
                    line.claimed = (pack(line.claimed.0), pack(line.claimed.1));
                    line.left = line.claimed;
                }
                all.lines.push(line);
                for ask in source.asks_of(place) {
                    let mut ask = Asks { line: small(all.lines.len() - 1), ..*ask };
                    if from_others {
                        ask.key = keys.get(ask.key as usize).map_or(ask.key, |place| small(*place));
                        let mut pack = |packed| all.packing.pack(others.packing.get(packed));
                        (ask.order, ask.at_most) = (pack(ask.order), pack(ask.at_most));
                    }
                    all.asks.push(ask);
                }
            }
        }
    }

    /// Lets go of what only deciding needs.
    pub(super) fn forget_asks(&mut self) {
        (self.asks, self.keys) = (Vec::new(), Keys::default());
    }

    /// The id of the applicant at this place.
    pub(super) fn id(&self, place: usize) -> &str {
        let before = place.checked_sub(1).and_then(|before| self.who.get(before));
        let end = self.who.get(place).map_or(0, |who| who.id);
        self.ids.get(before.map_or(0, |who| who.id)..end).unwrap_or_default()
    }

    /// The places of the lines of the applicant at this place.
    pub(super) fn lines_of(&self, place: usize) -> Range<usize> {
        let first = |place: usize| self.who.get(place).map_or(self.lines.len(), |who| who.first as usize);
        first(place)..first(place + 1)
    }

    /// The places of what the line at this place asks for, of `all` in the list.
    pub(super) fn places_of_asks(&self, line: usize, all: usize) -> Range<usize> {
        let first = |line: usize| self.lines.get(line).map_or(all, |line| line.asks as usize);
        first(line)..first(line + 1)
    }

    /// What the line at this place asks for.
    pub(super) fn asks_of(&self, line: usize) -> &[Asks] {
        self.asks.get(self.places_of_asks(line, self.asks.len())).unwrap_or_default()
    }

    /// What the line at this place asks of a limit.
    pub(super) fn ask_of(&self, line: usize, limit: u32) -> Option<&Asks> {
        self.asks_of(line).iter().find(|ask| ask.limit == limit)
    }

    /// What a line claims, to date and in all.
    pub(super) fn get(&self, (to_date, lifetime): (Packed, Packed)) -> (Interval, Interval) {
        (self.packing.get(to_date), self.packing.get(lifetime))
    }
}
