//! Every expression of a policy, and every part of each.

use crate::clause::Clause;
use crate::expr::program::{Node, Op};
use crate::policy::Policy;
pub use crate::policy::walk::each;

/// The expressions outside clauses, definitions left out: they count where something uses them.
pub fn outside(policy: &Policy) -> Vec<&Node> {
    let mut all: Vec<&Node> = policy.triggers_until.iter().chain(&policy.payable_until).collect();
    all.extend(policy.consistent.iter().map(|rule| &rule.condition.test));
    all.extend(policy.highest_only.iter().filter_map(|rule| rule.when.as_ref()));
    if let Some(rule) = &policy.overlap {
        all.extend([&rule.counts, &rule.method, &rule.by_installment].into_iter().flatten());
    }
    all
}

/// Visits the clause's own nodes, definitions not followed.
pub fn own<'p>(clause: &'p Clause, visit: &mut dyn FnMut(&'p Node)) {
    let mut waiting = clause.expressions();
    while let Some(node) = waiting.pop() {
        visit(node);
        waiting.extend(node.children());
    }
}

/// Whether a part of the node speaks of a record of a count or sum around it.
pub fn is_of_a_record(node: &Node) -> bool {
    let inside = |node: &Node| matches!(node.op, Op::Field(..));
    // What a count inside looks at is its own business.
    let below = || node.children().into_iter().any(is_of_a_record);
    inside(node) || (!matches!(node.op, Op::Aggregate(_)) && below())
}

/// The text of a node as the file has it, without blanks: two nodes of one clause with the same text are the same.
pub fn text(node: &Node) -> String {
    let text = node.span.source.text.get(node.span.range.clone()).unwrap_or("");
    // Where escapes hide its place, a node has the place of the whole string, and so have its neighbours.
    if text.starts_with(['"', '\'']) {
        return format!("{:p}", std::ptr::from_ref(node));
    }
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a node names what only its clause has: a `let`, the window, the event, what has accrued; and a field of its record,
/// unless `records` says that others have the same.
pub fn is_local(node: &Node, records: bool) -> bool {
    let own = match node.op {
        Op::Let(_) | Op::WindowFrom | Op::WindowTo | Op::Event | Op::Accrued => true,
        Op::EachField(_) => !records,
        _ => false,
    };
    own || node.children().into_iter().any(|child| is_local(child, records))
}
