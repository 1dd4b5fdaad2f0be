//! The same column with less work: what is the same in every row is worked out beforehand, and an operation that changes
//! nothing is left out. Marks stay what they would be.

use crate::columns::build::Builder;
use crate::columns::calendar;
use crate::columns::op::{Op, Reg};

/// How far back the least value of a column is looked for.
const DEPTH: usize = 6;

/// What an operation comes to.
pub(super) enum Simpler {
    /// A column that is there.
    Column(Reg),
    /// Another operation, or the same.
    Op(Op),
}

impl Builder<'_> {
    /// What an operation comes to.
    pub fn simpler(&self, op: Op) -> Simpler {
        use Simpler::Column;
        let truth = |holds: bool| Simpler::Op(Op::Constant(i64::from(holds)));
        let fixed = |reg: &Reg| self.fixed_at(*reg);
        match &op {
            Op::Not(a) => match self.ops.get(*a) {
                Some(Op::Constant(value)) => return truth(*value == 0),
                Some(Op::Less(left, right)) => return Simpler::Op(Op::AtMost(*right, *left)),
                Some(Op::AtMost(left, right)) => return Simpler::Op(Op::Less(*right, *left)),
                Some(Op::Equal(left, right)) => return Simpler::Op(Op::Differ(*left, *right)),
                Some(Op::Differ(left, right)) => return Simpler::Op(Op::Equal(*left, *right)),
                _ => {}
            },
            Op::Comes(a) => {
                if let Some(day) = fixed(a) {
                    return truth(calendar::comes(day));
                }
            }
            Op::Less(a, b) | Op::AtMost(a, b) | Op::Equal(a, b) | Op::Differ(a, b) => {
                if let (Some(a), Some(b)) = (fixed(a), fixed(b)) {
                    return truth(match op {
                        Op::Less(..) => a < b,
                        Op::AtMost(..) => a <= b,
                        Op::Equal(..) => a == b,
                        _ => a != b,
                    });
                }
            }
            Op::And(a, b) | Op::Or(a, b) => {
                let decides = i64::from(matches!(op, Op::Or(..)));
                match (fixed(a), fixed(b)) {
                    (Some(one), _) if one == decides => return Column(*a),
                    (_, Some(one)) if one == decides => return Column(*b),
                    (Some(_), _) => return Column(*b),
                    (_, Some(_)) => return Column(*a),
                    _ => {}
                }
            }
            Op::Minimum(a, b) => {
                if let (Some(a), Some(b)) = (fixed(a), fixed(b)) {
                    return Simpler::Op(Op::Constant(a.min(b)));
                }
            }
            Op::Maximum(a, b) => match (fixed(a), fixed(b)) {
                (Some(a), Some(b)) => return Simpler::Op(Op::Constant(a.max(b))),
                (None, Some(floor)) if self.marks_plainly(*a) && self.least(*a, DEPTH) >= Some(floor) => {
                    return Column(*a);
                }
                _ => {}
            },
            Op::Times(a, times) => {
                if let Some(Op::Times(b, before)) = self.ops.get(*a)
                    && let Some(both) = before.checked_mul(*times)
                {
                    return Simpler::Op(Op::Times(*b, both));
                }
            }
            _ => {}
        }
        Simpler::Op(op)
    }

    /// The value that a column has in every row, if that is known.
    pub fn fixed_at(&self, reg: Reg) -> Option<i64> {
        match self.ops.get(reg) {
            Some(Op::Constant(value)) => Some(*value),
            _ => None,
        }
    }

    /// Whether a column marks what is not known in one way only, as every operation on it would.
    fn marks_plainly(&self, reg: Reg) -> bool {
        !matches!(self.ops.get(reg), Some(Op::Table { .. } | Op::Select(..)) | None)
    }

    /// No known value of a column is below this.
    fn least(&self, reg: Reg, depth: usize) -> Option<i64> {
        let depth = depth.checked_sub(1)?;
        let not_negative = |regs: &[&Reg]| regs.iter().all(|reg| self.least(**reg, depth) >= Some(0)).then_some(0);
        match self.ops.get(reg)? {
            Op::Constant(value) => Some(*value),
            Op::Months(..) | Op::MonthsUpTo(..) | Op::Age(..) => Some(0),
            Op::Table { cells, .. } => cells.iter().flatten().min().copied(),
            Op::Threshold(_, steps) => steps.iter().map(|(_, value)| *value).min().map(|least| least.min(0)),
            Op::Steps(a, _, _) => not_negative(&[a]),
            Op::Times(a, times) if *times >= 0 => not_negative(&[a]),
            Op::Multiply(a, b) => not_negative(&[a, b]),
            Op::Maximum(a, b) => self.least(*a, depth).max(self.least(*b, depth)),
            _ => None,
        }
    }
}

/// Leaves only the operations that these columns need, and says for each that was there where it is now.
pub(super) fn only_needed(ops: &mut Vec<Op>, ends: impl Iterator<Item = Reg>) -> Vec<Option<Reg>> {
    let mut needed = vec![false; ops.len()];
    ends.for_each(|end| needed.get_mut(end).into_iter().for_each(|end| *end = true));
    // Operands stand before what needs them.
    for (place, op) in ops.iter().enumerate().rev() {
        if needed.get(place) == Some(&true) {
            op.operands().into_iter().for_each(|operand| needed.get_mut(operand).into_iter().for_each(|of| *of = true));
        }
    }
    let mut count = 0;
    let mut place = |needed: &bool| {
        let place = needed.then_some(count);
        count += usize::from(*needed);
        place
    };
    let places: Vec<Option<Reg>> = needed.iter().map(&mut place).collect();
    let to = |reg: &mut Reg| *reg = places.get(*reg).copied().flatten().unwrap_or(*reg);
    let kept = std::mem::take(ops).into_iter().zip(&needed).filter(|(_, needed)| **needed);
    *ops = kept.map(|(op, _)| op).collect();
    ops.iter_mut().for_each(|op| op.each_operand(&mut |operand| to(operand)));
    places
}
