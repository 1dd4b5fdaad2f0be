//! Facts that contradict each other: rows that may break a rule of the policy go the general way, which says what is wrong.

use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::lane;
use crate::columns::op::{Op, Reg};
use crate::expr::program::{Node, Op as Expression};
use crate::expr::syntax::Binary;
use crate::value::{Truth, Value};

impl<'a> Builder<'a> {
    /// Whether a truth surely fails, by row; `None` where that cannot be expressed. An input that is not known in any row is
    /// given the end of its domain that is best for the truth.
    pub fn surely_fails(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        match self.general(node) {
            truth if !truth.may_fail => return Some(self.constant(0, Shape::Truth)),
            truth if !truth.may_hold => return Some(self.constant(1, Shape::Truth)),
            _ => {}
        }
        match &node.op {
            Expression::Or(left, right) => {
                let (left, right) = (self.surely_fails(left, scope)?, self.surely_fails(right, scope)?);
                Some(self.truth(Op::And(left.reg, right.reg)))
            }
            Expression::And(left, right) => {
                let (left, right) = (self.surely_fails(left, scope)?, self.surely_fails(right, scope)?);
                Some(self.truth(Op::Or(left.reg, right.reg)))
            }
            // Of what is not known nobody can say that it is, or is not.
            Expression::Known(inner) if self.never_known(inner) => Some(self.constant(0, Shape::Truth)),
            Expression::Not(inner) if matches!(&inner.op, Expression::Known(inner) if self.never_known(inner)) => {
                Some(self.constant(0, Shape::Truth))
            }
            Expression::Compare(operator, left, right) => {
                let larger_left = matches!(operator, Binary::Greater | Binary::AtLeast);
                let smaller_left = matches!(operator, Binary::Less | Binary::AtMost);
                let left = self.best(left, larger_left, smaller_left, scope)?;
                let right = self.best(right, smaller_left, larger_left, scope)?;
                let holds = self.compare(*operator, left, right)?;
                Some(self.truth(Op::Not(holds.reg)))
            }
            _ => {
                let holds = self.node(node, scope)?;
                (!self.never(holds.reg)).then(|| self.truth(Op::Not(holds.reg)))
            }
        }
    }

    /// What the general evaluation says of it for any row.
    fn general(&mut self, node: &'a Node) -> Truth {
        let mark = self.context.causes.len();
        let truth = node.truth(&mut self.context);
        self.context.causes.truncate(mark);
        truth
    }

    /// Whether it is an input that no row gives.
    fn never_known(&self, node: &Node) -> bool {
        matches!(&node.op, Expression::Input(place) if !self.columns.contains_key(place)
            && self.context.inputs.get(*place).is_some_and(|value| !value.is_point()))
    }

    /// Whether a column is not known in any row.
    fn never(&self, reg: Reg) -> bool {
        let Some(op) = self.ops.get(reg) else { return true };
        matches!(op, Op::Unknown) || op.operands().into_iter().any(|operand| self.never(operand))
    }

    /// One side of a comparison, with what is not known at its larger or smaller end.
    fn best(&mut self, node: &'a Node, larger: bool, smaller: bool, scope: &Scope<'a>) -> Option<Column> {
        if self.never_known(node) {
            let Expression::Input(place) = &node.op else { return None };
            let value = self.context.inputs.get(*place)?;
            return match value {
                Value::Date(range) if larger => Some(self.constant(lane(range.hi), Shape::Day)),
                Value::Date(range) if smaller => Some(self.constant(lane(range.lo), Shape::Day)),
                Value::Words(words) if larger => Some(self.constant(i64::try_from(words.highest()).ok()?, Shape::Word)),
                Value::Words(words) if smaller => Some(self.constant(i64::try_from(words.lowest()).ok()?, Shape::Word)),
                Value::Quantity(interval) if larger => self.number(interval.hi.number()?),
                Value::Quantity(interval) if smaller => self.number(interval.lo.number()?),
                _ => None,
            };
        }
        let column = self.node(node, scope)?;
        (!self.never(column.reg)).then_some(column)
    }
}
