//! Comparisons that are open, supposed to hold or to fail: a case of what is not known, where no value of a single fact says it.
//!
//! `a < b` of two open days is one truth, wherever it is asked for: supposed once, it is the same in every clause, and in another
//! policy that asks for the same. That some cases together have no completion makes bounds wider, and never wrong.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::expr::context::{Cause, Context};
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::value::{Day, DayRange, Truth, Value};

/// So many are noted of one run.
const MOST_MET: usize = 64;

/// A comparison, by what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The same for all that say the same.
    pub number: u32,
    /// The inputs that it hangs on.
    pub inputs: Vec<usize>,
    /// Whether it asks for the record that its clause is worked out for.
    pub of_record: bool,
}

/// The comparisons of a policy, by where they are.
#[derive(Clone, Debug, Default)]
pub struct Atoms(BTreeMap<usize, Option<Atom>>);

fn place(node: &Node) -> usize {
    std::ptr::from_ref(node) as usize
}

impl Atoms {
    /// Adds a comparison; one that says something else in another clause is none.
    pub fn insert(&mut self, node: &Node, atom: Option<Atom>) {
        let own = self.0.entry(place(node)).or_insert_with(|| atom.clone());
        if *own != atom {
            *own = None;
        }
    }

    fn get(&self, node: &Node) -> Option<&Atom> {
        self.0.get(&place(node))?.as_ref()
    }
}

/// Which comparison: its number, the record where it asks for one, and of which side it is where the other knows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Which {
    number: u32,
    record: Option<usize>,
    new: Option<bool>,
}

/// What was met in a run, and keeps it open.
#[derive(Clone, Debug, PartialEq)]
pub enum Met {
    /// A comparison, and the inputs that it hangs on.
    Open(Which, Vec<usize>),
    /// A fact that is held against a known value.
    Against(Cause, Value),
}

/// What is supposed in a run, and what it meets.
#[derive(Debug)]
pub struct Suppose<'s> {
    /// The comparisons of the policy.
    pub atoms: &'s Atoms,
    /// Which inputs are not known to be the same on the other side, and whether this is the new one.
    pub apart: (&'s [bool], bool),
    /// What is supposed.
    pub supposed: &'s [(Which, bool)],
    /// What is met.
    pub met: RefCell<Vec<Met>>,
}

impl Suppose<'_> {
    /// Notes what is met, once.
    pub fn note(&self, met: impl FnOnce() -> Met) {
        let mut all = self.met.borrow_mut();
        if all.len() < MOST_MET {
            let met = met();
            if !all.contains(&met) {
                all.push(met);
            }
        }
    }

    /// What a node comes to that is open without it.
    pub(super) fn of(&self, node: &Node, value: Value, context: &mut Context<'_>) -> Value {
        match &node.op {
            Op::Compare(_, left, right) => {
                self.against([left, right], context);
                let Some(which) = self.which(node, context) else { return value };
                match self.supposed.iter().find(|(known, _)| *known == which.0) {
                    Some((_, holds)) => Value::Truth(Truth::of(*holds)),
                    None => {
                        self.note(|| Met::Open(which.0, which.1.to_vec()));
                        value
                    }
                }
            }
            // A day that comes, whichever it is, is known in every completion.
            Op::Known(inner) => {
                let mark = context.causes.len();
                let comes = matches!(inner.eval(context), Value::Date(range) if range.hi != Day::NEVER);
                context.causes.truncate(mark);
                if comes { Value::Truth(Truth::TRUE) } else { value }
            }
            Op::Call(Builtin::Min | Builtin::Max, arguments) => {
                if let [one, other] = arguments.as_slice() {
                    self.against([one, other], context);
                }
                value
            }
            _ => value,
        }
    }

    /// Which comparison a node is where it is evaluated.
    fn which(&self, node: &Node, context: &Context<'_>) -> Option<(Which, &[usize])> {
        // Of records of a list each has a truth of its own; on another day the same may not be the case.
        if !context.records.is_empty() || context.today() != DayRange::point(context.as_of) {
            return None;
        }
        let atom = self.atoms.get(node)?;
        let record = if atom.of_record {
            // What stands for several is not one truth.
            let each = context.local.each.filter(|each| each.record.is_one() && each.is_listed(context.names));
            Some(each?.index)
        } else {
            None
        };
        let (apart, new) = self.apart;
        let is_apart = atom.inputs.iter().any(|input| apart.get(*input).copied().unwrap_or(true));
        Some((Which { number: atom.number, record, new: is_apart.then_some(new) }, &atom.inputs))
    }

    /// Notes a fact that is held against what is known.
    fn against(&self, sides: [&Node; 2], context: &mut Context<'_>) {
        let [left, right] = sides;
        for (own, other) in [(left, right), (right, left)] {
            let Some(cause) = fact(own, context) else { continue };
            let mark = context.causes.len();
            let known = other.eval(context);
            context.causes.truncate(mark);
            if known.is_point() && matches!(known, Value::Date(_) | Value::Quantity(_)) {
                self.note(|| Met::Against(cause, known));
            }
        }
    }
}

/// The fact, or field of the clause's own record, that a node is.
fn fact(node: &Node, context: &Context<'_>) -> Option<Cause> {
    match &node.op {
        Op::Input(place) => Some(Cause::Input(*place)),
        Op::EachField(field) => {
            let at = context.local.each?;
            Some(Cause::Field { input: at.input, record: at.index, list: at.list, field: *field })
        }
        Op::Let(place) => fact(context.local.lets.get(*place)?, context),
        Op::Define(place) => fact(&context.names.defines.get(*place)?.node, context),
        Op::Event => fact(context.local.event?, context),
        _ => None,
    }
}
