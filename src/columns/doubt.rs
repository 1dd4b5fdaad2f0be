//! Conditions and events where something that they ask for is open: the general evaluation is asked how each stands, and nothing
//! else of the line. What surely fails by another condition needs no more.

use crate::assess::step;
use crate::columns::build::{Builder, Scope, Shape};
use crate::columns::op::Reg;
use crate::columns::source::Asks;
use crate::expr::context::RecordAt;
use crate::expr::program::Node;
use crate::value::{Day, DayRange, Value};

/// What must be open in a row for a condition or an event to be in doubt there.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    inputs: Vec<usize>,
    /// Of records of lists: the input, and the field.
    listed: Vec<(usize, usize)>,
    /// Or any field of the record.
    fields: bool,
    /// Of an event: the clause's window.
    window: Option<DayRange>,
}

/// Nothing that is asked for is open: the columns say what it comes to.
pub(super) const SETTLED: i64 = 0;
/// A condition that holds, whatever is open; an event of which nobody can say that it never happened, lies outside or comes later.
pub(super) const STANDS: i64 = 1;
/// A condition that fails, whatever is open; an event that never happens.
pub(super) const FALLS: i64 = 2;
/// What hangs on what is open.
pub(super) const HANGS: i64 = 3;

impl Doubt {
    /// Whether any of them is open in a row; `each`: the record that the row is.
    pub fn is_in(&self, inputs: &[Value], each: Option<RecordAt<'_>>) -> bool {
        let open = |value: &Value| !value.is_point();
        let field = |(slot, field): &(usize, usize)| {
            let Some(Value::List(list)) = inputs.get(*slot) else { return false };
            list.records.iter().any(|record| record.fields.get(*field).is_some_and(open))
        };
        self.inputs.iter().any(|slot| inputs.get(*slot).is_none_or(open))
            || self.listed.iter().any(field)
            || self.fields && each.is_some_and(|at| at.record.fields.iter().any(open))
    }

    /// What the general evaluation says of it, in a column.
    pub fn standing(&self, value: &Value, as_of: Day) -> i64 {
        match (value, self.window) {
            (Value::Truth(truth), _) if truth.is_true() => STANDS,
            (Value::Truth(truth), _) if truth.is_false() => FALLS,
            (Value::Date(event), Some(window)) => {
                let (happened, inside, reached) = step::own::standing(*event, window, as_of);
                if happened.is_false() {
                    return FALLS;
                }
                if [happened, inside, reached].iter().any(|truth| truth.is_false()) { HANGS } else { STANDS }
            }
            _ => HANGS,
        }
    }
}

impl<'a> Builder<'a> {
    /// How a condition or, with the clause's window, an event stands where what it asks for is open: a column of [`SETTLED`],
    /// [`STANDS`], [`FALLS`] and [`HANGS`]. `None`: the columns alone say what it comes to.
    pub fn doubt(&mut self, node: &'a Node, window: Option<DayRange>, scope: &Scope<'a>) -> Option<Reg> {
        if !self.may_ask || self.same_in_every_row(node).is_some() {
            return None;
        }
        let mut asks = Asks::default();
        self.asks(node, scope, &mut asks);
        let under = self.under.clone().filter(|(slot, _)| asks.inputs.contains(slot));
        let mut inputs = asks.inputs;
        inputs.sort_unstable();
        inputs.dedup();
        let is_open = |slot: &usize| self.context.inputs.get(*slot).is_none_or(|value| !value.is_point());
        inputs.retain(is_open);
        if asks.steps || inputs.is_empty() && !asks.fields {
            return None;
        }
        let mut listed = asks.listed;
        listed.sort_unstable();
        listed.dedup();
        let doubt = Doubt { inputs, listed, fields: asks.fields, window };
        Some(self.asked(node, scope, (under, Some(doubt)), Shape::Number(1)))
    }
}
