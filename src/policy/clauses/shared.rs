//! What every clause has beside its own: tables, scales and steps at the top level of a policy.
//!
//! They are read once, and each clause has those that it uses as though they stood in it, with its own event and window.

use std::collections::BTreeSet;

use super::Reader;
use super::over_time::hidden;
use crate::clause::{Clause, Let};
use crate::diagnostic::Diagnostic;
use crate::document::Table;
use crate::expr::check::Scope;
use crate::expr::names::Names;
use crate::expr::program::{Node, Op};
use crate::expr::since::event;
use crate::expr::types::Type;
use crate::source::Span;
use crate::value::{Truth, Value};

/// What every clause may use.
#[derive(Default)]
pub(in crate::policy) struct Shared {
    pub(super) scope: Scope,
    pub(super) lets: Vec<Let>,
    pub(super) nodes: Vec<Node>,
}

impl Shared {
    /// What its expressions may name, taken over by a clause whose event is known.
    pub(super) fn hand_over(&self, reader: &mut Reader<'_>) {
        reader.scope.lets.clone_from(&self.scope.lets);
        reader.scope.tables.clone_from(&self.scope.tables);
        reader.scope.scales.clone_from(&self.scope.scales);
        reader.scope.by_day.clone_from(&self.scope.by_day);
        reader.scope.faulty.clone_from(&self.scope.faulty);
        reader.lets.clone_from(&self.lets);
        reader.let_nodes.clone_from(&self.nodes);
    }
}

/// `[table]`, `[scale]` and `[let]` of a policy.
pub(in crate::policy) fn shared(document: &Table, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Shared {
    if ["table", "scale", "let"].iter().all(|key| document.get(key).is_none()) {
        return Shared::default();
    }
    let scope = Scope { window: true, event: true, ..Scope::default() };
    let (lets, let_nodes) = (Vec::new(), Vec::new());
    let mut reader = Reader { table: document, place: 0, names, ids: &[], scope, lets, let_nodes, diagnostics };
    // The day on which what changes with time is taken is the clause's own: the first of its values.
    reader.scope.day = Some(reader.keep(hidden("values_on"), event(&document.head())));
    reader.tables();
    reader.scales();
    reader.lets();
    Shared { scope: reader.scope, lets: reader.lets, nodes: reader.let_nodes }
}

impl Clause {
    /// Leaves out what it does not use of the first `count` values, which all clauses share: they are no steps of its, and ask for
    /// nothing.
    pub(super) fn without_unused(mut self, count: usize) -> Clause {
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let own = self.expressions();
        let mut waiting: Vec<&Node> = own.iter().skip(count).copied().collect();
        waiting.extend(self.notes.iter().filter_map(|note| note.when.as_ref()));
        let records = self.let_nodes.iter().take(count).enumerate().filter(|(_, node)| node.records().is_some());
        let records: Vec<(usize, &Span)> = records.map(|(place, node)| (place, &node.span)).collect();
        while let Some(node) = waiting.pop() {
            if let Op::Let(place) = node.op
                && place < count
                && used.insert(place)
            {
                waiting.extend(self.let_nodes.get(place));
            }
            // What a name for records stands for is written out where it is used.
            used.extend(records.iter().filter(|(_, records)| records.holds(&node.span)).map(|(place, _)| *place));
            waiting.extend(node.children());
        }
        for place in (0..count).filter(|place| !used.contains(place)) {
            if let Some(node) = self.let_nodes.get_mut(place) {
                node.op = Op::Constant(Value::Truth(Truth::TRUE), None);
                node.ty = Type::Bool;
                node.span = self.span.clone();
            }
            if let Some(known) = self.lets.get_mut(place) {
                known.label = None;
            }
            if let Some(named) = self.let_named.get_mut(place) {
                *named = false;
            }
        }
        self
    }

    /// Whether this is a value that all clauses share and this one does not use.
    pub fn leaves_out(&self, value: &Node) -> bool {
        matches!(value.op, Op::Constant(Value::Truth(_), None)) && value.span == self.span
    }
}
