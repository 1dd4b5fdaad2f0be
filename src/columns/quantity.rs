//! Quantities as columns: numerators over a denominator that the compiler knows, brought to one where two of them meet.

use crate::columns::build::{Builder, Column, LARGEST, Shape};
use crate::columns::op::{Direction, Op, Reg};
use crate::expr::program::Scale;
use crate::value::number::Rounding;
use crate::value::{Number, Value};

impl<'a> Builder<'a> {
    /// Both with one denominator.
    pub fn alike(&mut self, a: Column, b: Column) -> Option<(Reg, Reg, Shape)> {
        let (Shape::Number(left), Shape::Number(right)) = (a.shape, b.shape) else {
            return (a.shape == b.shape).then_some((a.reg, b.reg, a.shape));
        };
        let common = common_multiple(left, right)?;
        Some((self.scaled(a.reg, common / left), self.scaled(b.reg, common / right), Shape::Number(common)))
    }

    pub fn scaled(&mut self, reg: Reg, times: i64) -> Reg {
        if times == 1 { reg } else { self.op(Op::Times(reg, times)) }
    }

    /// A quantity with this denominator, where that keeps it whole.
    pub fn with_denominator(&mut self, column: Column, denominator: i64) -> Option<Reg> {
        let Shape::Number(own) = column.shape else { return None };
        (denominator % own == 0).then(|| self.scaled(column.reg, denominator / own))
    }

    /// The sum of two.
    pub fn plus(&mut self, a: Column, b: Column) -> Option<Column> {
        let (a, b, shape) = self.alike(a, b)?;
        Some(Column { reg: self.op(Op::Add(a, b)), shape })
    }

    /// The product of two.
    pub fn multiply(&mut self, a: Column, b: Column) -> Option<Column> {
        let (Shape::Number(left), Shape::Number(right)) = (a.shape, b.shape) else { return None };
        let denominator = left.checked_mul(right).filter(|product| *product <= LARGEST)?;
        let reg = match (self.fixed_at(a.reg), self.fixed_at(b.reg)) {
            (Some(times), None) => self.scaled(b.reg, times),
            (None, Some(times)) => self.scaled(a.reg, times),
            _ => self.op(Op::Multiply(a.reg, b.reg)),
        };
        Some(Column { reg, shape: Shape::Number(denominator) })
    }

    /// The smaller or larger of two.
    pub fn extreme(&mut self, a: Column, b: Column, smaller: bool) -> Option<Column> {
        let (a, b, shape) = self.alike(a, b)?;
        let op = if smaller { Op::Minimum(a, b) } else { Op::Maximum(a, b) };
        Some(Column { reg: self.op(op), shape })
    }

    /// Never below 0.
    pub fn floor_at_zero(&mut self, column: Column) -> Option<Column> {
        let zero = self.constant(0, column.shape);
        self.extreme(column, zero, false)
    }

    /// To a multiple of a step.
    pub fn rounded(&mut self, column: Column, step: Number, direction: Rounding) -> Option<Column> {
        let Shape::Number(denominator) = column.shape else { return None };
        let (step_above, step_below) = step.parts();
        let (step_above, step_below) = (i64::try_from(step_above).ok()?, i64::try_from(step_below).ok()?);
        // number ÷ denominator ÷ (above ÷ below) = number × below ÷ (denominator × above)
        let divisor = denominator.checked_mul(step_above).filter(|divisor| *divisor > 0 && *divisor <= LARGEST)?;
        let common = greatest_divisor(divisor, step_below);
        let (times, by) = (step_below / common, divisor / common);
        let scaled = self.scaled(column.reg, times);
        let direction = match direction {
            Rounding::HalfUp => Direction::HalfUp,
            Rounding::Up => Direction::Up,
            Rounding::Down => Direction::Down,
        };
        let steps = if by == 1 { scaled } else { self.op(Op::Steps(scaled, by, direction)) };
        Some(Column { reg: self.scaled(steps, step_above), shape: Shape::Number(step_below) })
    }

    /// Cells of a table, with one denominator.
    pub fn cells(&mut self, found: &[Option<Value>]) -> Option<(Vec<Option<i64>>, Shape)> {
        let mut columns: Vec<Option<(i64, Shape)>> = Vec::new();
        let mut shape: Option<Shape> = None;
        for value in found {
            let Some(value) = value else {
                columns.push(None);
                continue;
            };
            let column = self.fixed(value)?;
            let Some(Op::Constant(number)) = self.ops.get(column.reg) else { return None };
            columns.push(Some((*number, column.shape)));
            shape = Some(match (shape, column.shape) {
                (Some(Shape::Number(a)), Shape::Number(b)) => Shape::Number(common_multiple(a, b)?),
                (Some(so_far), own) if so_far == own => own,
                (None, own) => own,
                _ => return None,
            });
        }
        let shape = shape?;
        let scaled = |(number, own): (i64, Shape)| match (shape, own) {
            (Shape::Number(common), Shape::Number(own)) => number.checked_mul(common / own),
            _ => Some(number),
        };
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            cells.push(match column {
                Some(column) => Some(scaled(column)?),
                None => None,
            });
        }
        Some((cells, shape))
    }

    /// The highest threshold reached.
    pub fn threshold(&mut self, scale: &'a Scale, argument: Column) -> Option<Column> {
        let mut values = Vec::new();
        for (_, node) in &scale.steps {
            values.push(Some(self.same_in_every_row(node)?));
        }
        let (values, shape) = self.cells(&values)?;
        // All thresholds and the argument with one denominator.
        let Shape::Number(mut common) = argument.shape else { return None };
        for (threshold, _) in &scale.steps {
            common = common_multiple(common, i64::try_from(threshold.at.parts().1).ok()?)?;
        }
        let argument = self.with_denominator(argument, common)?;
        let mut steps = Vec::new();
        for ((threshold, _), value) in scale.steps.iter().zip(values) {
            let (above, below) = threshold.at.parts();
            let from = i64::try_from(above).ok()?.checked_mul(common / i64::try_from(below).ok()?)?;
            // Of whole numbers, above one is from the next on.
            steps.push((from.checked_add(i64::from(threshold.above))?, value?));
        }
        Some(Column { reg: self.op(Op::Threshold(argument, steps)), shape })
    }

    /// Each slice of the argument with its own rate.
    pub fn slices(&mut self, scale: &'a Scale, argument: Column) -> Option<Column> {
        let ends = scale.steps.iter().skip(1).map(|(threshold, _)| Some(threshold.at)).chain([None]);
        let mut sum: Option<Column> = None;
        for ((threshold, rate), end) in scale.steps.iter().zip(ends) {
            let Some(Value::Quantity(rate)) = self.same_in_every_row(rate) else { return None };
            let (start, rate) = (self.number(threshold.at)?, self.number(rate.as_point()?)?);
            let top = match end {
                Some(end) => {
                    let end = self.number(end)?;
                    self.extreme(argument, end, true)?
                }
                None => argument,
            };
            let top = self.extreme(top, start, false)?;
            let (top, start, shape) = self.alike(top, start)?;
            let slice = Column { reg: self.op(Op::Subtract(top, start)), shape };
            let part = self.multiply(slice, rate)?;
            sum = Some(match sum {
                Some(so_far) => self.plus(so_far, part)?,
                None => part,
            });
        }
        sum
    }
}

fn greatest_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// The least number that both divide; none beyond what is reckoned with.
pub(super) fn common_multiple(a: i64, b: i64) -> Option<i64> {
    (a / greatest_divisor(a, b)).checked_mul(b).filter(|common| *common <= LARGEST)
}
