//! One who asks for a part of a limit.

use crate::value::{Interval, Truth};

/// Who comes first among equals: the applicant's turn, the clause's among those that share the limit, the line's.
pub type Turn = (u32, u32, u32);

/// One who asks for a part of a limit.
pub trait Seat {
    /// Where its outcome belongs, for whoever asks.
    fn place(&self) -> usize;
    /// The limit's place among those of its clause.
    fn limit(&self) -> usize;
    /// Decides between equal places in the order; nobody has the same.
    fn turn(&self) -> Turn;
    /// The place of its key.
    fn key(&self) -> usize;
    /// Whether the limit applies to it.
    fn applies(&self) -> Truth;
    /// Whether it asks for anything.
    fn stands(&self) -> Truth;
    /// Whether it stands for any number of others.
    fn many(&self) -> bool;
    /// Its place in the order.
    fn order(&self) -> Interval;
    /// How much there is, as it says.
    fn at_most(&self) -> Interval;
    /// What is left of it so far, to date and in all.
    fn left(&self) -> (Interval, Interval);

    /// What it asks for: over its whole term.
    fn asked(&self) -> Interval {
        let (to_date, lifetime) = self.left();
        to_date.max(lifetime).floor_at_zero()
    }
}

/// What one asks for and where, as far as it is known to ask.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Decides between equal places in the order; nobody has the same.
    pub turn: Turn,
    /// Its place in the order.
    pub order: Interval,
    /// What it asks for: money, or nothing that matters.
    pub asked: Interval,
    /// Whether it is sure to ask for something.
    pub sure: bool,
    /// Whether it stands for any number of others.
    pub many: bool,
}

pub(super) fn member(seat: &impl Seat) -> Member {
    let claims = seat.applies().and(seat.stands());
    Member {
        turn: seat.turn(),
        order: seat.order(),
        asked: seat.asked().given(claims),
        sure: claims.is_true() && !seat.many(),
        many: seat.many(),
    }
}
