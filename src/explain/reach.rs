//! Which facts, fields and readings an expression can read: everything that is named in it, through `let`s and definitions.

use crate::clause::{Clause, Limit};
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::policy::Policy;

/// What can be read, in the order in which it was met.
#[derive(Default)]
pub(super) struct Reach {
    /// Places of facts, parameters and readings.
    pub inputs: Vec<usize>,
    /// Fields of lists: the place of the list's declaration, the field.
    pub fields: Vec<(usize, usize)>,
    /// Definitions and `let`s that were followed.
    followed: Vec<(bool, usize)>,
    /// Other clauses that were followed.
    clauses: Vec<usize>,
}

fn note<T: PartialEq>(known: &mut Vec<T>, found: T) {
    if !known.contains(&found) {
        known.push(found);
    }
}

impl Reach {
    /// What one expression of a clause can read.
    pub fn of(policy: &Policy, clause: &Clause, node: &Node) -> Reach {
        let mut reach = Reach::default();
        reach.follow(policy, clause, node, &mut Vec::new());
        reach
    }

    /// What a clause can read, conditions first.
    pub fn of_clause(policy: &Policy, clause: &Clause) -> Reach {
        Reach::beside(policy, clause, Vec::new())
    }

    /// The same, beside clauses that were followed.
    fn beside(policy: &Policy, clause: &Clause, clauses: Vec<usize>) -> Reach {
        let mut reach = Reach { clauses, ..Reach::default() };
        let accrual = clause.accrual.iter().flat_map(|rule| {
            let more = [&rule.until, &rule.at_most, &rule.part, &rule.counts_from, &rule.counts_until];
            std::iter::once(&rule.from).chain(more.into_iter().flatten())
        });
        let limits = clause.limits.iter().flat_map(Limit::expressions);
        let nodes = clause
            .event
            .iter()
            .chain(clause.requires.iter().map(|condition| &condition.test))
            .chain(&clause.amount)
            .chain(&clause.at_least)
            .chain(&clause.at_most)
            .chain(accrual)
            .chain(clause.installments.iter().flat_map(|part| [&part.amount, &part.due]))
            .chain(limits)
            .chain(&clause.used)
            .chain(&policy.triggers_until)
            .chain(&policy.payable_until);
        for node in nodes {
            reach.follow(policy, clause, node, &mut Vec::new());
        }
        reach
    }

    /// Adds what another expression or clause can read.
    pub fn extend(&mut self, other: Reach) {
        other.inputs.into_iter().for_each(|place| note(&mut self.inputs, place));
        other.fields.into_iter().for_each(|field| note(&mut self.fields, field));
    }

    /// Whether an input is a fact that an applicant may give.
    pub fn is_fact(policy: &Policy, place: usize) -> bool {
        let input = policy.names.inputs.get(place);
        input.is_some_and(|input| input.origin == Origin::Fact && input.name != "other_benefits")
    }

    /// `lists` are the lists whose records the expression looks at, outermost first.
    fn follow(&mut self, policy: &Policy, clause: &Clause, node: &Node, lists: &mut Vec<usize>) {
        let into = |reach: &mut Reach, key: (bool, usize), node: Option<&Node>| {
            if !reach.followed.contains(&key) {
                reach.followed.push(key);
                node.into_iter().for_each(|node| reach.follow(policy, clause, node, &mut Vec::new()));
            }
        };
        match &node.op {
            Op::Input(place) => note(&mut self.inputs, *place),
            Op::Let(place) => into(self, (true, *place), clause.let_nodes.get(*place)),
            Op::Define(place) => into(self, (false, *place), policy.names.defines.get(*place).map(|found| &found.node)),
            Op::EachField(field) => {
                clause.each.iter().for_each(|each| note(&mut self.fields, (each.list, *field)));
            }
            Op::Field(depth, field) => {
                lists.get(*depth).iter().for_each(|list| note(&mut self.fields, (**list, *field)));
            }
            Op::Aggregate(aggregate) => {
                note(&mut self.inputs, aggregate.input);
                lists.push(aggregate.list);
                node.children().into_iter().for_each(|child| self.follow(policy, clause, child, lists));
                lists.pop();
            }
            Op::CameTo(named) if !self.clauses.contains(&named.clause) => {
                self.clauses.push(named.clause);
                let Some(other) = policy.clauses.get(named.clause) else { return };
                let other = Reach::beside(policy, other, self.clauses.clone());
                other.clauses.iter().for_each(|clause| note(&mut self.clauses, *clause));
                self.extend(other);
            }
            Op::Event => clause.event.iter().for_each(|node| self.follow(policy, clause, node, &mut Vec::new())),
            _ => node.children().into_iter().for_each(|child| self.follow(policy, clause, child, lists)),
        }
    }
}
