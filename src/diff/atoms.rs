//! Which comparisons of two policies say the same, so that what is supposed of one is supposed of the other.

use crate::clause::Clause;
use crate::diff::meaning::{Known, Meanings};
use crate::expr::program::{Node, Op};
use crate::expr::suppose::{Atom, Atoms};
use crate::policy::Policy;

/// Adds those of a policy.
pub(super) fn of_policy(policy: &Policy, known: &Known<'_>, meanings: &mut Meanings) -> Atoms {
    let mut atoms = Atoms::default();
    for define in &policy.names.defines {
        all(&define.node, known, meanings, &mut atoms);
    }
    for clause in &policy.clauses {
        let known = known.in_clause(clause, meanings);
        for node in clause.expressions() {
            all(node, &known, meanings, &mut atoms);
        }
    }
    atoms
}

fn all(node: &Node, known: &Known<'_>, meanings: &mut Meanings, atoms: &mut Atoms) {
    if let Op::Compare(..) = node.op {
        atoms.insert(node, atom(node, known, meanings));
    }
    node.children().into_iter().for_each(|child| all(child, known, meanings, atoms));
}

fn atom(node: &Node, known: &Known<'_>, meanings: &mut Meanings) -> Option<Atom> {
    let mut asks = Asks::default();
    asks.of(node, known)?;
    asks.inputs.sort_unstable();
    asks.inputs.dedup();
    let mut number = meanings.of(known, node, &mut Vec::new());
    if let Some(clause) = known.clause {
        if asks.window {
            number = meanings.within(format!("window {:?}", clause.window), vec![number]);
        }
        if let Some(event) = clause.event.as_ref().filter(|_| asks.event) {
            let event = meanings.of(known, event, &mut Vec::new());
            number = meanings.within("event".to_owned(), vec![number, event]);
        }
    }
    Some(Atom { number, inputs: asks.inputs, of_record: asks.record })
}

/// What an expression asks for, through all that it names.
#[derive(Default)]
struct Asks {
    inputs: Vec<usize>,
    record: bool,
    window: bool,
    event: bool,
}

impl Asks {
    /// `None` where it hangs on more than facts, readings and days.
    fn of(&mut self, node: &Node, known: &Known<'_>) -> Option<()> {
        let clause: Option<&Clause> = known.clause;
        match &node.op {
            Op::Input(place) => self.inputs.push(*place),
            Op::Let(place) => return self.of(clause?.let_nodes.get(*place)?, known),
            Op::Define(place) => return self.of(&known.policy.names.defines.get(*place)?.node, known),
            Op::EachField(_) => {
                self.record = true;
                self.inputs.push(clause?.each.as_ref()?.input);
            }
            Op::WindowFrom | Op::WindowTo => self.window = true,
            Op::Event => {
                self.event = true;
                if let Some(event) = &clause?.event {
                    self.of(event, known)?;
                }
            }
            Op::Aggregate(aggregate) => self.inputs.push(aggregate.input),
            Op::Accrued | Op::CameTo(_) | Op::Nothing(_) => return None,
            _ => {}
        }
        node.children().into_iter().try_for_each(|child| self.of(child, known))
    }
}
