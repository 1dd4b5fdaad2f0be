//! *Parts*: parts of an amount add up to it, each within its cap; and where something is open, every completion stays inside.

use duixian::allot::{Portion, left, parts};
use duixian::value::{Interval, Number};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::case::run;
use crate::choices::Choices;

fn fen(number: usize) -> Number {
    Number::fraction(i128::try_from(number).unwrap(), 100).unwrap()
}

fn number(choices: &mut Choices, below: usize) -> Interval {
    let (a, b) = (choices.below(below), choices.below(below));
    if choices.chance(30) { Interval::between(fen(a.min(b)), fen(a.max(b))) } else { Interval::point(fen(a)) }
}

/// One of the numbers, as a point.
fn complete(choices: &mut Choices, interval: Interval) -> Interval {
    let (lo, hi) = (interval.lo.number().unwrap(), interval.hi.number().unwrap());
    let steps = hi.minus(lo).unwrap().divide(fen(1)).unwrap().to_i64().unwrap();
    let taken = choices.below(usize::try_from(steps).unwrap() + 1);
    Interval::point(lo.plus(fen(taken)).unwrap())
}

fn sum(amounts: &[Interval]) -> Interval {
    Interval::sum(amounts.iter().copied()).unwrap()
}

fn check(choices: &mut Choices<'_>) -> Result<(), String> {
    let count = 2 + choices.below(3);
    let rest = choices.below(count);
    let mut portion = |place: usize| {
        let share = choices.maybe(60, |choices| number(choices, 90));
        let is_capped = place != rest && (share.is_none() || choices.chance(40));
        let at_most = is_capped.then(|| number(choices, 4000));
        Portion { share, at_most, rest: place == rest }
    };
    let portions: Vec<Portion> = (0..count).map(&mut portion).collect();
    let amount = number(choices, 10_000);
    let open = parts(amount, &portions, fen(1));
    let known: Vec<Portion> = portions
        .iter()
        .map(|portion| Portion {
            share: portion.share.map(|share| complete(choices, share)),
            at_most: portion.at_most.map(|most| complete(choices, most)),
            ..*portion
        })
        .collect();
    let amount = complete(choices, amount);
    let exactly = parts(amount, &known, fen(1));
    let told = || format!("{amount:?} of {portions:?}, {known:?}: {exactly:?}, open {open:?}");
    if sum(&exactly) != amount {
        return Err(format!("does not add up: {}", told()));
    }
    for ((one, bounds), portion) in exactly.iter().zip(&open).zip(&known) {
        if !one.as_point().is_some_and(|one| bounds.contains(one)) {
            return Err(format!("{one:?} is not inside: {}", told()));
        }
        if portion.at_most.is_some_and(|most| one.hi > most.hi) {
            return Err(format!("{one:?} is above its cap: {}", told()));
        }
    }
    // Of what was paid so much is left that it adds up to what is due.
    let paid = complete(choices, Interval::between(Number::ZERO, amount.as_point().unwrap()));
    let due = amount.minus(paid).unwrap();
    let left = left(&exactly, &parts(paid, &known, fen(1)), due, fen(1));
    if sum(&left) != due { Err(format!("{left:?} is not {due:?}: {}", told())) } else { Ok(()) }
}

#[test]
fn parts_add_up() {
    run(2000, &vec(any::<u32>(), 0..48), |numbers| check(&mut Choices::new(numbers)));
}
