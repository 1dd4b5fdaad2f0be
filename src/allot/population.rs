//! Those who share a limit, so that each can ask how many, and how much, come before it: at least and at most.

use crate::allot::Turn;
use crate::allot::seat::{Member, Seat, member};
use crate::value::{Bound, Interval, Number};

/// How many stand for a number that is not known.
const MANY: i64 = 1 << 40;

/// Where one stands in the order, turn included.
type Place = (Bound, Turn);

/// A sum of amounts, some of them perhaps without bound.
#[derive(Clone, Copy, Debug)]
struct Sum {
    count: i64,
    amount: Number,
    /// How many have no bound, or no longer fit.
    open: i64,
}

impl Sum {
    const NOTHING: Sum = Sum { count: 0, amount: Number::ZERO, open: 0 };

    fn and(self, (count, amount): (i64, Bound)) -> Sum {
        let count = self.count.saturating_add(count);
        match amount.number().and_then(|amount| self.amount.plus(amount)) {
            Some(amount) => Sum { count, amount, ..self },
            None => Sum { count, open: self.open + 1, ..self },
        }
    }
}

/// Where one stands in an order, and what counts of it there.
#[derive(Clone, Copy, Debug)]
enum Side {
    /// At the latest place, with what it asks for at least.
    Sure,
    /// At the earliest place, with what it asks for at most.
    Possible,
}

impl Side {
    fn place(self, seat: &impl Seat) -> Place {
        match self {
            Side::Sure => (seat.order().hi, seat.turn()),
            Side::Possible => (seat.order().lo, seat.turn()),
        }
    }

    fn asks(self, seat: &impl Seat) -> (i64, Bound) {
        let member = member(seat);
        match self {
            Side::Sure => (1, member.asked.lo),
            Side::Possible => (weight(&member), member.asked.hi),
        }
    }
}

/// Some in an order, with what those before every so manieth ask for together; the rest is added up when it is asked for, which is
/// what keeps a million of them small.
#[derive(Debug)]
struct Queue<'s, S> {
    side: Side,
    seats: Vec<&'s S>,
    sums: Vec<Sum>,
}

/// So many stand between two sums that are kept.
const APART: usize = 16;

impl<'s, S: Seat> Queue<'s, S> {
    fn new(side: Side, mut seats: Vec<&'s S>) -> Queue<'s, S> {
        let in_order = |a: &&S, b: &&S| side.place(*a) <= side.place(*b);
        if !seats.is_sorted_by(in_order) {
            seats.sort_unstable_by_key(|seat| side.place(*seat));
        }
        let mut sum = Sum::NOTHING;
        let mut sums = Vec::with_capacity(seats.len() / APART + 1);
        for chunk in seats.chunks(APART) {
            sums.push(sum);
            sum = chunk.iter().fold(sum, |sum, seat| sum.and(side.asks(*seat)));
        }
        if seats.len().is_multiple_of(APART) {
            sums.push(sum);
        }
        Queue { side, seats, sums }
    }

    /// What the first so many ask for.
    fn up_to(&self, count: usize) -> Sum {
        let kept = count / APART;
        let rest = self.seats.get(kept * APART..count).unwrap_or_default();
        let sum = self.sums.get(kept).copied().unwrap_or(Sum::NOTHING);
        rest.iter().fold(sum, |sum, seat| sum.and(self.side.asks(*seat)))
    }

    /// What those before a place ask for.
    fn before(&self, place: Place) -> Sum {
        self.up_to(self.seats.partition_point(|seat| self.side.place(*seat) < place))
    }

    fn all(&self) -> Sum {
        self.up_to(self.seats.len())
    }
}

/// Those who share a limit, in their order.
#[derive(Debug)]
pub(super) struct Population<'s, S> {
    /// Those who ask for sure, by their latest places.
    sure: Queue<'s, S>,
    /// All, by their earliest places.
    possible: Queue<'s, S>,
}

/// What comes before somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// How many, for sure.
    pub sure: i64,
    /// How many, at most.
    pub possible: i64,
    /// How much they ask for.
    pub asked: Interval,
}

impl Before {
    pub const NOTHING: Before = Before { sure: 0, possible: 0, asked: Interval::ZERO };

    /// With what others ask for who come from elsewhere.
    pub fn and(self, other: Before) -> Before {
        Before {
            sure: self.sure.saturating_add(other.sure),
            possible: self.possible.saturating_add(other.possible),
            asked: self.asked.plus(other.asked).unwrap_or(Interval { lo: Bound::ZERO, hi: Bound::Above }),
        }
    }

    /// Where nothing of it is sure.
    pub fn perhaps(self) -> Before {
        Before { sure: 0, possible: self.possible, asked: self.asked.hull(Interval::ZERO) }
    }
}

fn weight(member: &Member) -> i64 {
    if member.many { MANY } else { 1 }
}

impl<'s, S: Seat> Population<'s, S> {
    pub fn new(seats: Vec<&'s S>) -> Population<'s, S> {
        let sure = seats.iter().copied().filter(|seat| member(*seat).sure).collect();
        Population { sure: Queue::new(Side::Sure, sure), possible: Queue::new(Side::Possible, seats) }
    }

    /// How many there may be.
    pub fn size(&self) -> i64 {
        self.possible.all().count
    }

    /// What comes before a member; `own`: whether it is one of them itself.
    pub fn before(&self, member: &Member, own: bool) -> Before {
        let first = (member.order.lo, member.turn);
        let last = (member.order.hi, member.turn);
        // Of several records that nobody has listed, others may come before each.
        let itself = own && !member.many && first < last;
        self.bounds(self.sure.before(first), self.possible.before(last), member, itself)
    }

    /// What all others ask for, wherever they stand.
    pub fn others(&self, member: &Member, own: bool) -> Before {
        let mut sure = self.sure.all();
        if own && member.sure {
            sure.count -= 1;
            let amount = member.asked.lo.number().and_then(|own| sure.amount.minus(own));
            sure.amount = amount.unwrap_or(sure.amount);
        }
        self.bounds(sure, self.possible.all(), member, own && !member.many)
    }

    fn bounds(&self, sure: Sum, possible: Sum, member: &Member, itself: bool) -> Before {
        let mut possible = possible;
        if itself {
            possible.count -= weight(member);
            match member.asked.hi {
                Bound::At(own) => {
                    possible.amount = possible.amount.minus(own).unwrap_or(possible.amount);
                }
                _ => possible.open -= 1,
            }
        }
        let most = if possible.open > 0 { Bound::Above } else { Bound::At(possible.amount) };
        // An amount that no longer fits leaves the sum of the others as what is sure.
        let least = Bound::At(sure.amount.max(Number::ZERO));
        Before { sure: sure.count, possible: possible.count, asked: Interval { lo: least.min(most), hi: most } }
    }
}
