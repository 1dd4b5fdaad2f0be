//! What evaluations came by: which parts of the expressions were worked out, and with which outcomes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::source::Span;
use crate::value::Value;

use super::context::Context;

/// A place in a source: the source, from, to.
type Place = (usize, usize, usize);

/// What became of a part of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// It was worked out where it was sure to count.
    pub reached: bool,
    /// It was known to be true.
    pub held: bool,
    /// It was known to be false.
    pub failed: bool,
    /// It was true or false, and nobody knew which.
    pub open: bool,
    /// Of a reading: the options taken, a bit each.
    pub options: u64,
}

/// Outcomes of the parts of expressions, by the place where each stands.
#[derive(Debug, Default)]
pub struct Watch(RefCell<HashMap<Place, Outcomes>>);

fn place(span: &Span) -> Place {
    (Arc::as_ptr(&span.source) as usize, span.range.start, span.range.end)
}

impl Watch {
    /// What became of the part at a place; `None` where it was never worked out.
    pub fn at(&self, span: &Span) -> Option<Outcomes> {
        self.0.borrow().get(&place(span)).copied()
    }

    /// Adds what another watch saw.
    pub fn take_in(&self, other: &Watch) {
        let mut all = self.0.borrow_mut();
        for (place, more) in other.0.borrow().iter() {
            let outcomes = all.entry(*place).or_default();
            outcomes.reached |= more.reached;
            outcomes.held |= more.held;
            outcomes.failed |= more.failed;
            outcomes.open |= more.open;
            outcomes.options |= more.options;
        }
    }

    fn note(&self, node: &Node, value: &Value, sure: bool, context: &Context<'_>) {
        let mut all = self.0.borrow_mut();
        let outcomes = all.entry(place(&node.span)).or_default();
        // One branch of several that are open says nothing of the others.
        if !sure {
            return;
        }
        outcomes.reached = true;
        match (value, &node.op) {
            (Value::Truth(truth), _) => {
                outcomes.held |= truth.is_true();
                outcomes.failed |= truth.is_false();
                outcomes.open |= !truth.is_point();
            }
            (Value::Words(words), Op::Input(input)) => {
                let input = context.names.inputs.get(*input);
                let is_reading = input.is_some_and(|input| matches!(input.origin, Origin::Reading(_)));
                if let Some(word) = words.point().filter(|_| is_reading) {
                    outcomes.options |= u32::try_from(word).ok().and_then(|word| 1_u64.checked_shl(word)).unwrap_or(0);
                }
            }
            _ => {}
        }
    }
}

impl Context<'_> {
    /// Tells the watch, if there is one, what came out.
    pub(super) fn tell(&self, node: &Node, value: &Value) {
        if let Some(watch) = self.watch {
            watch.note(node, value, self.doubts == 0, self);
        }
    }

    /// Works out one of several that are open.
    pub(super) fn in_doubt<T>(&mut self, doubt: bool, work: impl FnOnce(&mut Self) -> T) -> T {
        self.doubts += usize::from(doubt);
        let result = work(self);
        self.doubts -= usize::from(doubt);
        result
    }
}
