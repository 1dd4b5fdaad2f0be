//! The values of a number or a day as whole steps from where it is.

use crate::expr::explain::show;
use crate::expr::formula::Shown;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::value::number::Rounding;
use crate::value::{Bound, Day, DayRange, Interval, Number, Unit, Value};

/// No step leads further than this many.
const FURTHEST: i64 = 1 << 40;

/// Steps from a known value, over round ones: from 18.4% up they are 19%, 20%, …, and down 18%, 17%, …
pub(super) struct Ladder {
    from: From,
    /// How many steps down its declaration allows.
    pub down: i64,
    /// How many steps up.
    pub up: i64,
    /// A step that is worth speaking of: 1 for what is counted, 10,000 for 元.
    pub coarse: i64,
}

enum From {
    Number { at: Number, step: Number, ty: Type },
    Day(Day),
}

/// How far one step goes: the smallest that people make, or, for `finely`, the smallest that is written.
fn step(input: &Input, unit: &Unit, finely: bool, names: &Names) -> Option<(Number, i64)> {
    // A step is one of the unit that the number was declared in: 1元/年 is less than 1元/月.
    let factor = input.measure.as_ref().map_or(Number::ONE, |measure| measure.factor);
    if input.integer {
        return Some((factor, 1));
    }
    let is_money = *unit == names.money.unit();
    let hundredth = Number::fraction(1, 100)?;
    if unit.is_none() {
        return Some((if finely { hundredth.multiply(hundredth)? } else { hundredth }, 1));
    }
    // Periods and what is counted are told in whole ones.
    let is_whole = unit.powers().all(|(base, power)| power == 1 && matches!(base, "月" | "天" | "岁"));
    let factor = if is_money { Number::ONE } else { factor };
    let step = match finely && !is_whole {
        true if is_money => names.money.coin,
        true => factor.multiply(hundredth)?,
        false => factor,
    };
    Some((step, if is_money && !finely { 10_000 } else { 1 }))
}

/// The round value from which steps up, or down, are counted: the next below, or above.
fn round(at: Number, step: Number, up: bool) -> Option<Number> {
    at.round(step, if up { Rounding::Down } else { Rounding::Up })
}

impl Ladder {
    /// Steps from a known number or day.
    pub fn of(input: &Input, value: &Value, finely: bool, names: &Names) -> Option<Ladder> {
        match (value, &input.ty) {
            (Value::Quantity(interval), Type::Quantity(unit)) => {
                let at = interval.as_point()?;
                let (step, coarse) = step(input, unit, finely, names)?;
                let Value::Quantity(domain) = &input.domain else { return None };
                let room = |bound: Bound, back: bool| match bound {
                    Bound::At(end) => {
                        let from = round(at, step, !back).unwrap_or(at);
                        let way = if back { from.minus(end) } else { end.minus(from) };
                        let steps = way
                            .and_then(|way| way.divide(step))
                            .and_then(|steps| steps.round(Number::ONE, Rounding::Down)?.to_i64());
                        steps.map_or(0, |steps| steps.clamp(0, FURTHEST))
                    }
                    Bound::Below | Bound::Above => FURTHEST,
                };
                let (down, up) = (room(domain.lo, true), room(domain.hi, false));
                Some(Ladder { from: From::Number { at, step, ty: input.ty.clone() }, down, up, coarse })
            }
            (Value::Date(range), Type::Date) => range.as_point().and_then(Ladder::from_day),
            _ => None,
        }
    }

    /// Steps of one day from a day; `None` from never.
    pub fn from_day(day: Day) -> Option<Ladder> {
        let room = |from: Day, to: Day| Some(to.number()? - from.number()?);
        let (down, up) = (room(Day::FIRST, day)?, room(day, Day::LAST)?);
        Some(Ladder { from: From::Day(day), down, up, coarse: 1 })
    }

    /// The value so many steps on.
    pub fn value(&self, steps: i64) -> Option<Value> {
        match &self.from {
            From::Number { at, .. } if steps == 0 => Some(Value::Quantity(Interval::point(*at))),
            From::Number { at, step, .. } => {
                let moved = round(*at, *step, steps > 0)?.plus(step.multiply(Number::whole(steps))?)?;
                Some(Value::Quantity(Interval::point(moved)))
            }
            From::Day(day) => Some(Value::Date(DayRange::point(day.plus_days(steps)))),
        }
    }

    /// How far so many steps go, of a number.
    pub fn way(&self, steps: i64) -> Option<Value> {
        match &self.from {
            From::Number { at, .. } => {
                let Value::Quantity(to) = self.value(steps)? else { return None };
                let way = to.as_point()?.minus(*at)?;
                Some(Value::Quantity(Interval::point(if way < Number::ZERO { way.negate() } else { way })))
            }
            From::Day(_) => None,
        }
    }

    /// So many steps as a distance.
    pub fn by(&self, steps: i64, names: &Names) -> Option<Shown> {
        match &self.from {
            From::Number { ty, .. } => Some(show(&self.way(steps)?, ty, names)),
            From::Day(_) => Some(days(steps.abs(), names)),
        }
    }

    /// How many whole steps it is to where another begins; 0 where that is below.
    pub fn steps_to(&self, other: &Ladder) -> i64 {
        let (From::Number { at, step, .. }, From::Number { at: end, .. }) = (&self.from, &other.from) else { return 0 };
        let steps = round(*at, *step, true).and_then(|at| end.minus(at)?.divide(*step));
        let steps = steps.and_then(|steps| steps.round(Number::ONE, Rounding::Down)?.to_i64());
        steps.map_or(0, |steps| steps.clamp(0, FURTHEST))
    }

    /// How many of its own steps lead as far as so many of a coarser ladder from the same number.
    pub fn as_far_as(&self, other: &Ladder, steps: i64) -> Option<i64> {
        let From::Number { at, step, .. } = &self.from else { return None };
        let Value::Quantity(end) = other.value(steps)? else { return None };
        end.as_point()?.minus(round(*at, *step, steps > 0)?)?.divide(*step)?.to_i64()
    }

    /// How many steps it is to a day.
    pub fn to_day(&self, to: Day) -> Option<i64> {
        match &self.from {
            From::Day(day) => Some(to.number()? - day.number()?),
            From::Number { .. } => None,
        }
    }
}

/// A number of days as it is shown.
pub(super) fn days(count: i64, names: &Names) -> Shown {
    show(&Value::Quantity(Interval::whole(count)), &Type::Quantity(Unit::base("天")), names)
}
