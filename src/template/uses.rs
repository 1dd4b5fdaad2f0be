//! Which facts clauses use: through definitions, intermediate values, tables, scales and lists, and through the clauses
//! that can take something from them.

use std::collections::{BTreeMap, BTreeSet};

use crate::clause::{Clause, Limit};
use crate::expr::names::Origin;
use crate::expr::program::{Belongs, Node, Op};
use crate::policy::{Policy, walk};

/// Facts by their places.
#[derive(Debug, Default)]
pub struct Uses {
    /// The facts, each with the clauses that use it; lists too.
    pub inputs: BTreeMap<usize, BTreeSet<usize>>,
    /// The fields that are used, by the places of list and field.
    pub fields: BTreeSet<(usize, usize)>,
}

impl Uses {
    /// Those of these clauses, for these kinds of applicants.
    pub fn of(policy: &Policy, clauses: &[usize], kinds: &[usize]) -> Uses {
        let mut uses = Uses::default();
        for &place in &linked(policy, clauses, kinds) {
            let Some(clause) = policy.clauses.get(place) else { continue };
            let each = clause.each.as_ref();
            let mut walk = Walk {
                policy,
                uses: &mut uses,
                clause: place,
                each: each.map(|each| each.list),
                defined: BTreeSet::new(),
            };
            if let Some(each) = each {
                walk.input(each.input);
            }
            nodes(clause).for_each(|node| walk.node(node, &mut Vec::new()));
            let whole = policy.triggers_until.iter().chain(&policy.payable_until);
            let rules = policy.highest_only.iter().filter(|rule| rule.clauses.contains(&place));
            whole.chain(rules.filter_map(|rule| rule.when.as_ref())).for_each(|node| walk.node(node, &mut Vec::new()));
        }
        // What names a record is asked with it.
        for list in policy.names.lists.iter().enumerate() {
            let (place, list) = list;
            if let Some(label) = list.label_by.filter(|_| uses.inputs.contains_key(&list.input)) {
                uses.fields.insert((place, label));
            }
        }
        uses
    }
}

/// The clauses and those whose outcome changes theirs: what displaces them, and what competes with them.
fn linked(policy: &Policy, clauses: &[usize], kinds: &[usize]) -> BTreeSet<usize> {
    let mut all: BTreeSet<usize> = clauses.iter().copied().collect();
    let is_for = |place: &usize| {
        policy.clauses.get(*place).is_some_and(|clause| clause.applies_to.iter().any(|kind| kinds.contains(kind)))
    };
    loop {
        let before = all.len();
        for (place, clause) in policy.clauses.iter().enumerate() {
            if is_for(&place) && clause.instead_of.iter().any(|displaced| all.contains(&displaced.clause)) {
                all.insert(place);
            }
        }
        let limits = policy.limits.iter().filter(|limit| !limit.across).map(|limit| &limit.clauses);
        for together in policy.highest_only.iter().map(|rule| &rule.clauses).chain(limits) {
            if together.iter().any(|place| all.contains(place)) {
                all.extend(together.iter().copied().filter(is_for));
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

/// Every expression of a clause.
fn nodes(clause: &Clause) -> impl Iterator<Item = &Node> {
    let accrual = clause.accrual.iter().flat_map(|accrual| {
        let rest = [&accrual.until, &accrual.at_most, &accrual.part, &accrual.counts_from, &accrual.counts_until];
        std::iter::once(&accrual.from).chain(rest.into_iter().flatten())
    });
    let limits = clause.limits.iter().flat_map(Limit::expressions);
    let single = [&clause.event, &clause.amount, &clause.at_least, &clause.at_most, &clause.used];
    (single.into_iter().flatten())
        .chain(&clause.let_nodes)
        .chain(clause.requires.iter().map(|condition| &condition.test))
        .chain(accrual)
        .chain(clause.installments.iter().flat_map(|part| [&part.amount, &part.due]))
        .chain(limits)
        .chain(clause.instead_of.iter().filter_map(|displaced| displaced.when.as_ref()))
}

/// The categories of other schemes' money that matter to these clauses: their own, where it is set off, and any, where they
/// look at it themselves.
pub(super) fn categories_of_others(policy: &Policy, clauses: &[usize]) -> Vec<usize> {
    let wanted: Vec<&Clause> = clauses.iter().filter_map(|place| policy.clauses.get(*place)).collect();
    let list = policy.names.lists.iter().position(|list| list.name == "other_benefits");
    let mut looked_at = false;
    let nodes = wanted.iter().flat_map(|clause| clause.expressions()).collect();
    walk::each(policy, nodes, &mut |node| {
        looked_at |= matches!(&node.op, Op::Aggregate(aggregate) if Some(aggregate.list) == list);
    });
    if looked_at {
        return (0..policy.names.categories.len()).collect();
    }
    let own = wanted.iter().filter(|_| policy.overlap.is_some()).filter_map(|clause| clause.category);
    let own: BTreeSet<usize> = own.collect();
    own.into_iter().collect()
}

/// A walk through the expressions of one clause.
struct Walk<'a> {
    policy: &'a Policy,
    uses: &'a mut Uses,
    clause: usize,
    /// The list that the clause is worked out over.
    each: Option<usize>,
    /// The definitions that were followed.
    defined: BTreeSet<usize>,
}

impl Walk<'_> {
    fn input(&mut self, place: usize) {
        let input = self.policy.names.inputs.get(place);
        // Other schemes' money has a section of its own.
        if input.is_some_and(|input| input.origin == Origin::Fact && input.name != "other_benefits") {
            self.uses.inputs.entry(place).or_default().insert(self.clause);
        }
    }

    /// `lists` are those whose records are looked at around this node, the outermost first.
    fn node(&mut self, node: &Node, lists: &mut Vec<usize>) {
        match &node.op {
            Op::Input(place) => self.input(*place),
            Op::Define(place) if self.defined.insert(*place) => {
                let policy = self.policy;
                if let Some(define) = policy.names.defines.get(*place) {
                    self.node(&define.node, &mut Vec::new());
                }
            }
            Op::EachField(field) => self.uses.fields.extend(self.each.map(|list| (list, *field))),
            Op::Field(depth, field) => self.uses.fields.extend(lists.get(*depth).map(|list| (*list, *field))),
            Op::Aggregate(aggregate) => {
                self.input(aggregate.input);
                if let Some(Belongs { list, name, number }) = aggregate.owner.as_ref().map(|owner| &owner.by) {
                    for (mine, theirs) in std::iter::once(name).chain(number) {
                        self.uses.fields.extend([(aggregate.list, *mine), (*list, *theirs)]);
                    }
                }
                lists.push(aggregate.list);
                node.children().into_iter().for_each(|child| self.node(child, lists));
                lists.pop();
                return;
            }
            Op::Lookup(table, _, index) => {
                self.node(index, lists);
                // Cells and steps are expressions of their own.
                table.cells.iter().for_each(|(_, cell)| self.node(cell, &mut Vec::new()));
                return;
            }
            Op::Scale(scale, argument) => {
                self.node(argument, lists);
                scale.steps.iter().for_each(|(_, step)| self.node(step, &mut Vec::new()));
                return;
            }
            _ => {}
        }
        node.children().into_iter().for_each(|child| self.node(child, lists));
    }
}
