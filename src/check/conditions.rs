//! Every condition of a policy with what it can come to.

use crate::check::possible::{Question, all_of};
use crate::check::walk;
use crate::clause::Clause;
use crate::expr::measure::Measured;
use crate::expr::program::{Aggregate, AggregateKind, Node, Op, Print};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Truth, Value};

/// A condition that was asked.
pub struct Asked<'p> {
    /// Where it stands.
    pub node: &'p Node,
    /// What it can come to where it is reached.
    pub truth: Truth,
    /// The clause that has it, or the section of the file.
    pub about: &'p str,
    /// What follows from it.
    pub role: Role,
}

/// What follows from a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Without it the clause pays nothing.
    Requires,
    /// Without it a rule does not apply.
    When,
    /// It chooses between two values.
    Branch,
    /// It says which records count.
    Filter,
}

impl Role {
    /// What comes of a condition that never holds.
    pub fn never(self) -> Text {
        match self {
            Role::Requires => Text::new("永远不成立，本条永远不给付", "never holds, so the clause never applies"),
            Role::When => Text::new("永远不成立，本规则永远不适用", "never holds, so the rule never applies"),
            Role::Branch => Text::new("走到这里时永远不成立", "never holds where it is asked"),
            Role::Filter => Text::new("没有记录会符合", "no record ever fits"),
        }
    }

    /// What comes of a condition that always holds.
    pub fn always(self) -> Text {
        match self {
            Role::Requires => Text::new("永远成立，不起作用", "always holds, so it decides nothing"),
            Role::When => Text::new("永远成立，可以删去", "always holds and can be left out"),
            Role::Branch => Text::new(
                "走到这里时永远成立，`else` 永远用不到",
                "always holds where it is asked, so its `else` is never used",
            ),
            Role::Filter => Text::new("所有记录都符合", "every record fits"),
        }
    }
}

/// Every condition of the policy, in no particular order.
pub fn all(policy: &Policy) -> Vec<Asked<'_>> {
    let mut asked = Vec::new();
    for clause in &policy.clauses {
        let question = Question::of_clause(policy, clause);
        let whens = clause.limits.iter().filter_map(|limit| limit.when.as_ref());
        let whens = whens.chain(clause.instead_of.iter().filter_map(|displaced| displaced.when.as_ref()));
        let requires = clause.requires.iter().map(|condition| (&condition.test, Role::Requires));
        for (node, role) in requires.chain(whens.map(|when| (when, Role::When))) {
            asked.push(Asked { node, truth: question.truth(&settled(node)), about: &clause.id, role });
        }
        for node in clause.expressions() {
            branches(&question, node, &mut Vec::new(), &clause.id, &mut asked);
        }
        filters(policy, clause, &mut asked);
    }
    for define in &policy.names.defines {
        let question = Question::outside(policy, &define.node, None);
        branches(&question, &define.node, &mut Vec::new(), &define.name, &mut asked);
    }
    for when in policy.highest_only.iter().filter_map(|rule| rule.when.as_ref()) {
        let truth = Question::outside(policy, when, None).truth(&settled(when));
        asked.push(Asked { node: when, truth, about: "highest_only", role: Role::When });
    }
    // A table that is looked up twice has its cells in the tree twice.
    asked.sort_by_key(|asked| asked.node.span.range.start);
    asked.dedup_by_key(|asked| (asked.node.span.range.clone(), asked.role));
    asked
}

fn not(node: &Node) -> Node {
    Node {
        op: Op::Not(Box::new(node.clone())),
        ty: Type::Bool,
        span: node.span.clone(),
        measured: Measured::Several,
        print: Print::default(),
    }
}

/// The condition with what compares an expression with itself decided: over sets of values the two sides would be strangers.
fn settled(node: &Node) -> Node {
    let op = match &node.op {
        Op::Compare(operator, left, right) if walk::text(left) == walk::text(right) => {
            let holds = matches!(operator, Binary::Equal | Binary::AtMost | Binary::AtLeast);
            Op::Constant(Value::Truth(Truth::of(holds)), None)
        }
        Op::And(left, right) => Op::And(Box::new(settled(left)), Box::new(settled(right))),
        Op::Or(left, right) => Op::Or(Box::new(settled(left)), Box::new(settled(right))),
        Op::Not(inner) => Op::Not(Box::new(settled(inner))),
        _ => return node.clone(),
    };
    Node { op, ..node.clone() }
}

/// Whether all of these can hold.
fn together(question: &Question<'_>, path: &[Node], last: &Node) -> Truth {
    all_of(path.iter().chain([last])).map_or(Truth::OPEN, |all| question.truth(&settled(&all)))
}

/// The conditions of `if` below a node, each asked where those before it lead to it.
fn branches<'p>(
    question: &Question<'_>,
    node: &'p Node,
    path: &mut Vec<Node>,
    about: &'p str,
    asked: &mut Vec<Asked<'p>>,
) {
    let Op::If(condition, yes, no) = &node.op else {
        let path = if matches!(node.op, Op::Aggregate(_)) { &mut Vec::new() } else { path };
        node.children().into_iter().for_each(|child| branches(question, child, path, about, asked));
        return;
    };
    branches(question, condition, path, about, asked);
    let of_a_record = walk::is_of_a_record(condition);
    if !of_a_record {
        let may_hold = !together(question, path, condition).is_false();
        let may_fail = !together(question, path, &not(condition)).is_false();
        // Where neither can be, the whole is never reached, and what leads to it is told.
        if may_hold || may_fail {
            // What holds from a day on, and always did, is no branch too many.
            let may_fail = may_fail || node.since().is_some();
            let truth = Truth { may_hold, may_fail };
            asked.push(Asked { node: condition, truth, about, role: Role::Branch });
        }
    }
    for (branch, leads) in [(yes, (**condition).clone()), (no, not(condition))] {
        if !of_a_record {
            path.push(leads);
        }
        branches(question, branch, path, about, asked);
        if !of_a_record {
            path.pop();
        }
    }
}

/// The conditions of counts and sums: whether a record can fit, and whether one can fail to.
fn filters<'p>(policy: &'p Policy, clause: &'p Clause, asked: &mut Vec<Asked<'p>>) {
    let mut found: Vec<(&'p Aggregate, &'p Node)> = Vec::new();
    walk::own(clause, &mut |node| {
        if let Op::Aggregate(aggregate) = &node.op
            && let Some(filter) = &aggregate.filter
        {
            found.push((aggregate, filter));
        }
    });
    for (aggregate, filter) in found {
        // A count inside a count speaks of the records of both.
        if clause.each.as_ref().is_some_and(|each| each.list == aggregate.list) || is_nested(filter) {
            continue;
        }
        let question = Question::of_clause(policy, clause).with_one_record(aggregate.input, aggregate.list);
        let all = Aggregate {
            kind: AggregateKind::Any,
            filter: None,
            body: Some(Box::new(filter.clone())),
            ..aggregate.clone()
        };
        let node = Node {
            op: Op::Aggregate(all),
            ty: Type::Bool,
            span: filter.span.clone(),
            measured: Measured::Several,
            print: Print::default(),
        };
        asked.push(Asked { node: filter, truth: question.truth(&node), about: &clause.id, role: Role::Filter });
    }
}

fn is_nested(filter: &Node) -> bool {
    matches!(filter.op, Op::Field(depth, _) if depth > 0) || filter.children().into_iter().any(is_nested)
}
