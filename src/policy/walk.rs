//! Every expression below others, through definitions.

use std::collections::HashSet;

use crate::expr::program::{Node, Op};
use crate::policy::Policy;

/// Visits these nodes and all below them, definitions followed, each definition once.
pub fn each<'p>(policy: &'p Policy, nodes: Vec<&'p Node>, visit: &mut dyn FnMut(&'p Node)) {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut waiting = nodes;
    while let Some(node) = waiting.pop() {
        visit(node);
        if let Op::Define(place) = node.op
            && seen.insert(place)
        {
            waiting.extend(policy.names.defines.get(place).map(|define| &define.node));
        }
        waiting.extend(node.children());
    }
}
