//! Those who share a limit, so that each can ask how many, and how much, come before it: at least and at most.

use crate::allot::Turn;
use crate::value::{Bound, Interval, Number};

/// One who asks for a part of a limit.
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

/// How many stand for a number that is not known.
const MANY: i64 = 1 << 40;

/// Where one stands in the order, turn included.
type Place = (Bound, Turn);

/// A sum of amounts, some of them perhaps without bound.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: i64,
    amount: Option<Number>,
    /// How many have no bound, or no longer fit.
    open: i64,
}

impl Sum {
    fn and(self, count: i64, amount: Bound) -> Sum {
        let count = self.count.saturating_add(count);
        let so_far = self.amount.unwrap_or(Number::ZERO);
        match amount.number().map(|amount| so_far.plus(amount)) {
            Some(Some(amount)) => Sum { count, amount: Some(amount), ..self },
            _ => Sum { count, open: self.open + 1, ..self },
        }
    }
}

/// Those who share a limit, in their order.
#[derive(Debug, Default)]
pub(super) struct Population {
    /// The latest places of those who ask for sure, with what they ask for at least up to each.
    sure: Vec<(Place, Sum)>,
    /// The earliest places of all, with what they ask for at most up to each.
    possible: Vec<(Place, Sum)>,
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

fn summed(mut places: Vec<(Place, i64, Bound)>) -> Vec<(Place, Sum)> {
    places.sort_unstable_by_key(|(place, _, _)| *place);
    let mut sum = Sum::default();
    places
        .into_iter()
        .map(|(place, count, amount)| {
            sum = sum.and(count, amount);
            (place, sum)
        })
        .collect()
}

fn up_to(places: &[(Place, Sum)], count: usize) -> Sum {
    count.checked_sub(1).and_then(|last| places.get(last)).map_or_else(Sum::default, |(_, sum)| *sum)
}

fn weight(member: &Member) -> i64 {
    if member.many { MANY } else { 1 }
}

impl Population {
    pub fn new(members: impl Iterator<Item = Member> + Clone) -> Population {
        let sure = members.clone().filter(|member| member.sure);
        Population {
            sure: summed(sure.map(|member| ((member.order.hi, member.turn), 1, member.asked.lo)).collect()),
            possible: summed(
                members.map(|member| ((member.order.lo, member.turn), weight(&member), member.asked.hi)).collect(),
            ),
        }
    }

    /// How many there may be.
    pub fn size(&self) -> i64 {
        up_to(&self.possible, self.possible.len()).count
    }

    /// What comes before a member; `own`: whether it is one of them itself.
    pub fn before(&self, member: &Member, own: bool) -> Before {
        let first = (member.order.lo, member.turn);
        let last = (member.order.hi, member.turn);
        let sure = up_to(&self.sure, self.sure.partition_point(|(place, _)| *place < first));
        let count = self.possible.partition_point(|(place, _)| *place < last);
        // Of several records that nobody has listed, others may come before each.
        let itself = own && !member.many && first < last;
        self.bounds(sure, up_to(&self.possible, count), member, itself)
    }

    /// What all others ask for, wherever they stand.
    pub fn others(&self, member: &Member, own: bool) -> Before {
        let mut sure = up_to(&self.sure, self.sure.len());
        if own && member.sure {
            sure.count -= 1;
            let amount = member.asked.lo.number().and_then(|own| sure.amount?.minus(own));
            sure.amount = amount.or(sure.amount);
        }
        self.bounds(sure, up_to(&self.possible, self.possible.len()), member, own && !member.many)
    }

    fn bounds(&self, sure: Sum, possible: Sum, member: &Member, itself: bool) -> Before {
        let mut possible = possible;
        if itself {
            possible.count -= weight(member);
            match member.asked.hi {
                Bound::At(own) => {
                    let amount = possible.amount.and_then(|amount| amount.minus(own));
                    possible.amount = amount.or(possible.amount);
                }
                _ => possible.open -= 1,
            }
        }
        let most = if possible.open > 0 { Bound::Above } else { Bound::At(possible.amount.unwrap_or(Number::ZERO)) };
        // An amount that no longer fits leaves the sum of the others as what is sure.
        let least = Bound::At(sure.amount.unwrap_or(Number::ZERO).max(Number::ZERO));
        Before { sure: sure.count, possible: possible.count, asked: Interval { lo: least.min(most), hi: most } }
    }
}
