//! One who asks for a part of a limit.

use crate::settle::Decisions;
use crate::settle::claims::{Asks, Line};
use crate::settle::population::Member;
use crate::value::{Interval, Truth};

/// One who asks.
pub(super) struct Seat<'a> {
    pub line: usize,
    pub turn: (u32, u32),
    pub ask: &'a Asks,
    of: &'a Line,
    pub stands: Truth,
}

impl Seat<'_> {
    /// What is left of it so far, to date and in all.
    pub(super) fn left(&self) -> (Interval, Interval) {
        (self.of.left.0.get(), self.of.left.1.get())
    }

    pub(super) fn asked(&self) -> Interval {
        let (to_date, lifetime) = self.left();
        to_date.max(lifetime).floor_at_zero()
    }

    pub(super) fn member(&self) -> Member {
        let claims = self.ask.applies.and(self.stands);
        Member {
            turn: self.turn,
            order: self.ask.order.get(),
            asked: self.asked().given(claims),
            sure: claims.is_true() && !self.ask.many,
            many: self.ask.many,
        }
    }
}

pub(super) fn seat<'a>(place: usize, line: &'a Line, ask: &'a Asks, turns: &[u32], decisions: &Decisions) -> Seat<'a> {
    let first = decisions.who.get(line.who).map_or(0, |who| who.first);
    let own = u32::try_from(place.saturating_sub(first)).unwrap_or(u32::MAX);
    let turn = (turns.get(line.who).copied().unwrap_or(u32::MAX), own);
    Seat { line: place, turn, ask, of: line, stands: line.stands }
}
