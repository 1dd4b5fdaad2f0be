//! Which dates begin a time that is counted, and which end it.

use std::collections::HashSet;

use crate::assess::slot::Slot;
use crate::clause::Clause;
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::policy::Policy;

/// A fact, or a field: the list's input and the field.
type Date = (usize, Option<usize>);

/// The dates of a clause by what they do to the times it counts.
#[derive(Debug, Default)]
pub struct Periods {
    begins: HashSet<Date>,
    ends: HashSet<Date>,
}

impl Periods {
    /// Those of a clause: the arguments of `months`, and the ends of its accrual.
    pub fn of(policy: &Policy, clause: &Clause) -> Periods {
        let mut periods = Periods::default();
        super::walk::each(policy, clause.expressions(), &mut |node| {
            if let Op::Call(Builtin::Months, arguments) = &node.op
                && let [from, until] = arguments.as_slice()
            {
                dates(policy, clause, from, None, &mut periods.begins);
                dates(policy, clause, until, None, &mut periods.ends);
            }
            if let Op::Aggregate(spans) = &node.op
                && spans.kind.of_spans()
            {
                let list = Some(spans.input);
                spans.body.iter().for_each(|from| dates(policy, clause, from, list, &mut periods.begins));
                spans.rest.first().iter().for_each(|until| dates(policy, clause, until, list, &mut periods.ends));
            }
        });
        for rule in clause.accrual.iter() {
            dates(policy, clause, &rule.from, None, &mut periods.begins);
            rule.until.iter().for_each(|until| dates(policy, clause, until, None, &mut periods.ends));
        }
        periods
    }

    /// Whether the times grow where the date is later; none where it is neither a beginning nor an end, or both.
    pub fn grows_with(&self, slot: Slot) -> Option<bool> {
        let date = match slot {
            Slot::Input(input) => (input, None),
            Slot::Field(input, _, _, field) => (input, Some(field)),
        };
        match (self.begins.contains(&date), self.ends.contains(&date)) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            _ => None,
        }
    }
}

/// The dates that an expression is made of, `let`s and definitions followed.
fn dates(policy: &Policy, clause: &Clause, node: &Node, list: Option<usize>, found: &mut HashSet<Date>) {
    let mut waiting = vec![(node, list)];
    while let Some((node, list)) = waiting.pop() {
        match &node.op {
            Op::Input(input) => drop(found.insert((*input, None))),
            Op::EachField(field) => drop(clause.each.as_ref().map(|each| found.insert((each.input, Some(*field))))),
            Op::Field(_, field) => drop(list.map(|list| found.insert((list, Some(*field))))),
            // A `let` uses earlier ones only, so this ends.
            Op::Let(place) => waiting.extend(clause.let_nodes.get(*place).map(|node| (node, list))),
            Op::Define(place) => {
                waiting.extend(policy.names.defines.get(*place).map(|define| (&define.node, list)));
            }
            _ => {}
        }
        let list = match &node.op {
            Op::Aggregate(aggregate) => Some(aggregate.input),
            _ => list,
        };
        waiting.extend(node.children().into_iter().map(|child| (child, list)));
    }
}
