//! Units as people write them: a fact declared in 元/年 is shown in 元/年, and so is what is worked out of it alone.

use std::sync::Arc;

use crate::expr::formula::{Shown, UnitName};
use crate::expr::function::Builtin;
use crate::expr::lexer::Figure;
use crate::expr::names::{Input, Names};
use crate::expr::program::{AggregateKind, Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Interval, Number, Unit};

/// A unit as it is written, and how many base units one of it is: 1/12 元/月 for 元/年.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What it is called.
    pub name: UnitName,
    /// How many base units one of it is; never 0.
    pub factor: Number,
}

impl Measure {
    /// Base units as they are.
    pub fn base(unit: &Unit, names: &Names) -> Measure {
        Measure { name: names.unit_name(unit), factor: Number::ONE }
    }

    /// A number of base units in this unit.
    pub fn number(&self, base: Number) -> Number {
        base.divide(self.factor).unwrap_or(base)
    }

    /// A number of this unit in base units; `None` where it is out of range.
    pub fn in_base(&self, number: Number) -> Option<Number> {
        number.multiply(self.factor)
    }

    /// Numbers of base units in this unit.
    pub fn interval(&self, base: Interval) -> Interval {
        if self.factor == Number::ONE {
            return base;
        }
        base.divide(Interval::point(self.factor)).unwrap_or(Interval::ANY)
    }

    /// Numbers of base units as they are shown in this unit.
    pub fn shown(&self, base: Interval) -> Shown {
        Shown::Quantity { interval: self.interval(base), unit: self.name.clone(), written: None }
    }

    /// A number of base units in words: `−60元`, `3 months`.
    pub fn told(&self, base: Number) -> Text {
        let number = self.number(base);
        let written = number.to_string().replace('-', "−");
        let en = if number == Number::ONE { &self.name.en_one } else { &self.name.en_many };
        let gap = if en.starts_with(char::is_alphanumeric) { " " } else { "" };
        Text::made(format!("{written}{}", self.name.zh), format!("{written}{gap}{en}"))
    }

    /// Whether a bare whole number is accepted for it: what is counted needs no unit.
    pub fn counts(&self, unit: &Unit, names: &Names) -> bool {
        let counts = |word: &str| names.units.get(word).is_some_and(|known| known.counts);
        !unit.is_none() && (counts(&self.name.zh) || unit.powers().all(|(base, power)| power == 1 && counts(base)))
    }

    /// Whether a number of base units comes out in it with two places at most.
    fn suits(&self, base: Interval) -> bool {
        base.as_point().is_none_or(|number| {
            let hundredths = self.number(number).multiply(Number::whole(100));
            hundredths.is_some_and(Number::is_whole)
        })
    }
}

impl Names {
    /// The unit of a figure as it is written.
    pub fn measure(&self, figure: &Figure) -> Option<Measure> {
        let one = Figure { number: Number::ONE, ..figure.clone() };
        let (factor, _) = self.figure(&one).ok()?;
        Some(Measure { name: self.figure_unit(figure), factor })
    }
}

impl Input {
    /// The unit that it was declared in; base units where it has none of its own.
    pub fn measure(&self, names: &Names) -> Option<Measure> {
        let Type::Quantity(unit) = &self.ty else { return None };
        Some(self.measure.clone().unwrap_or_else(|| Measure::base(unit, names)))
    }
}

/// The unit that the parts of an expression are written in.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Measured {
    /// None of them has one that matters: a plain 0.
    Any,
    /// All in one.
    In(Arc<Measure>),
    /// In several, which only base units have in common; and what is no quantity.
    #[default]
    Several,
}

impl Measured {
    /// A unit; `Several` where there is none.
    pub fn of(measure: Option<Measure>) -> Measured {
        measure.map_or(Measured::Several, |measure| Measured::In(Arc::new(measure)))
    }

    /// `keeps`: whether one that was declared is kept beside others.
    fn and(self, other: &Measured, keeps: bool) -> Measured {
        match (self, other) {
            (Measured::Any, other) => other.clone(),
            (own, Measured::Any) => own,
            (Measured::In(a), Measured::In(b)) if a == *b => Measured::In(a),
            (Measured::In(own), _) if keeps && own.factor != Number::ONE => Measured::In(own),
            (_, Measured::In(other)) if keeps && other.factor != Number::ONE => Measured::In(Arc::clone(other)),
            _ => Measured::Several,
        }
    }

    /// Of values of one unit. Base units of a share or of something for each (1/月, 元/月) are nobody's words beside `%/年` or
    /// `元/年`: there the first that was declared counts.
    fn all<'n>(nodes: impl Iterator<Item = &'n Node>, unit: &Unit) -> Measured {
        nodes.fold(Measured::Any, |so_far, node| so_far.and(&node.measured, is_told_as_declared(unit)))
    }

    /// Of an operation, from its parts. What names something is measured as that is, and not asked here.
    pub fn of_op(op: &Op, ty: &Type) -> Measured {
        let Type::Quantity(unit) = ty else { return Measured::Several };
        let pure = Type::Quantity(Unit::none());
        match op {
            Op::Constant(_, Some(written)) if written.number == Number::ZERO => Measured::Any,
            Op::Constant(_, Some(written)) => Measured::In(written.measure.clone()),
            Op::Negate(inner) => inner.measured.clone(),
            Op::If(_, yes, no) => Measured::all([&**yes, &**no].into_iter(), unit),
            Op::Arithmetic(Binary::Add | Binary::Subtract, left, right) => {
                Measured::all([&**left, &**right].into_iter(), unit)
            }
            // 50% of 60% is told in percent.
            Op::Arithmetic(Binary::Multiply, left, right) if unit.is_none() && left.ty == pure => {
                left.measured.clone().and(&right.measured, false)
            }
            // A part of something is written as that is.
            Op::Arithmetic(Binary::Multiply, left, right) if left.ty == pure && !unit.is_none() => {
                right.measured.clone()
            }
            Op::Arithmetic(_, left, right) if right.ty == pure && !unit.is_none() => left.measured.clone(),
            Op::Lookup(table, ..) => Measured::all(table.cells.iter().map(|(_, cell)| cell), unit),
            Op::Scale(scale, _) if !scale.marginal => Measured::all(scale.steps.iter().map(|(_, step)| step), unit),
            Op::Call(Builtin::Min | Builtin::Max, arguments) => Measured::all(arguments.iter(), unit),
            Op::Call(Builtin::Round | Builtin::Floor | Builtin::Ceil, arguments) => {
                Measured::all(arguments.first().into_iter(), unit)
            }
            Op::Aggregate(aggregate)
                if matches!(aggregate.kind, AggregateKind::Sum | AggregateKind::Min | AggregateKind::Max) =>
            {
                Measured::all(aggregate.body.as_deref().into_iter(), unit)
            }
            _ => Measured::Several,
        }
    }
}

impl Node {
    /// The unit in which its value is shown: the one that its parts are written in where that is one for all of them, and
    /// base units otherwise. `None` where it is no quantity.
    pub fn measure(&self, names: &Names) -> Option<Measure> {
        let Type::Quantity(unit) = &self.ty else { return None };
        Some(match &self.measured {
            Measured::In(measure) => Measure::clone(measure),
            Measured::Any | Measured::Several => Measure::base(unit, names),
        })
    }
}

/// Whether base units are nobody's words for it: a share, or something for each.
fn is_told_as_declared(unit: &Unit) -> bool {
    unit.is_none() || unit.powers().any(|(_, power)| power < 0)
}

/// The unit in which the two sides of a comparison are told: that of what is the case, unless it was worked out and has none of its
/// own, or what is required does not come out in it.
pub fn compared(own: &Node, wanted: &Node, required: Option<Interval>, names: &Names) -> Option<Measure> {
    let (actual, other) = own.measure(names).zip(wanted.measure(names))?;
    let Some(required) = required else { return Some(actual) };
    let worked_out = own.measured == Measured::Several
        && other.factor != Number::ONE
        && matches!(&own.ty, Type::Quantity(unit) if is_told_as_declared(unit));
    Some(if worked_out || !actual.suits(required) && other.suits(required) { other } else { actual })
}
