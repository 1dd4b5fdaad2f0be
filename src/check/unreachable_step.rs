//! A step of a scale that no argument ever reaches.

use crate::check::possible::{Question, all_of};
use crate::check::{Check, place, walk};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::program::{Node, Op, Scale};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Interval, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("unreachable-step", "分档中有一档永远到不了", "a step of a scale can never be reached"),
    page: Text::new(
        "按条款的条件和事实的取值范围，`scale` 的自变量永远到不了这一档，或总是高于这一档。\
         多半是事实的 `max`、条件的界限与分档不一致。",
        "By the conditions of the clause and by what the facts can be, the argument of the `scale` never reaches this step, or is always \
         above it. Mostly the `max` of a fact, or the limit of a condition, does not fit the scale.",
    ),
    bad: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
max     = "60人"
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "引才奖励", en = "Reward for hiring" }
for           = "enterprise"
requires      = [{ test = "hired >= 20人", zh = "新聘20人以上", en = "twenty or more hired" }]
scale.support = { "10人" = "5万元", "20人" = "10万元", "50人" = "20万元", "80人" = "30万元" }
amount        = "support(hired)"
"#,
    good: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "引才奖励", en = "Reward for hiring" }
for           = "enterprise"
requires      = [{ test = "hired >= 10人", zh = "新聘10人以上", en = "ten or more hired" }]
scale.support = { "10人" = "5万元", "20人" = "10万元", "50人" = "20万元", "80人" = "30万元" }
amount        = "support(hired)"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    policy.clauses.iter().flat_map(|clause| of_clause(policy, clause)).collect()
}

fn of_clause(policy: &Policy, clause: &Clause) -> Vec<Diagnostic> {
    let mut uses: Vec<(&Scale, Vec<&Node>)> = Vec::new();
    walk::own(clause, &mut |node| {
        let Op::Scale(scale, argument) = &node.op else { return };
        match uses.iter_mut().find(|(known, _)| known.name == scale.name) {
            Some((_, arguments)) => arguments.push(argument),
            None => uses.push((scale, vec![argument])),
        }
    });
    let question = Question::of_clause(policy, clause);
    let holds = all_of(clause.requires.iter().map(|condition| &condition.test));
    let mut found = Vec::new();
    for (scale, arguments) in uses {
        if arguments.iter().any(|argument| walk::is_of_a_record(argument)) {
            continue;
        }
        let ranges: Vec<Interval> =
            arguments.iter().flat_map(|argument| ranges(&question, clause, argument, holds.as_ref())).collect();
        for (at, (threshold, step)) in scale.steps.iter().enumerate() {
            let reaches = |range: &&Interval| threshold.is_reached(range.hi);
            // A slice counts also where the argument lies above it.
            let above = scale.steps.get(at + 1).filter(|_| !scale.marginal);
            let stays = |range: &&Interval| above.is_none_or(|(next, _)| !next.is_reached(range.lo));
            let label = if !ranges.iter().any(|range| reaches(&range)) {
                Text::new("永远达不到这一档", "this step is never reached")
            } else if !ranges.iter().any(|range| reaches(&range) && stays(&range)) {
                Text::new("总是高于这一档，这一档用不到", "the argument is always above this step")
            } else {
                continue;
            };
            let help = Text::new(
                "核对事实的 `min`、`max` 和条件的界限；用不到的档删去",
                "see `min` and `max` of the fact and the limits of the conditions; a step that is never used can go",
            );
            found.push(CHECK.code.at(entry(policy, clause, scale, step), label).help(help).about(&clause.id));
        }
    }
    found
}

/// What the argument can be where the conditions can hold.
fn ranges(question: &Question<'_>, clause: &Clause, argument: &Node, holds: Option<&Node>) -> Vec<Interval> {
    let values = question.values_where(argument, holds);
    let quantity = |value: Value| match value {
        Value::Quantity(range) => range,
        _ => Interval::ANY,
    };
    values.into_iter().map(quantity).filter_map(|range| required(clause, argument, range)).collect()
}

/// The range inside what the conditions say of the very same expression.
fn required(clause: &Clause, argument: &Node, mut range: Interval) -> Option<Interval> {
    let own = walk::text(argument);
    let mut waiting: Vec<&Node> = clause.requires.iter().map(|condition| &condition.test).collect();
    while let Some(node) = waiting.pop() {
        match &node.op {
            Op::And(left, right) => waiting.extend([&**left, &**right]),
            Op::Compare(operator, left, right) if walk::text(left) == own => {
                let Op::Constant(Value::Quantity(limit), _) = right.op else { continue };
                match operator {
                    Binary::AtLeast | Binary::Greater => range.lo = range.lo.max(limit.lo),
                    Binary::AtMost | Binary::Less => range.hi = range.hi.min(limit.hi),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    (range.lo <= range.hi).then_some(range)
}

/// Where a step stands, threshold and value.
fn entry(policy: &Policy, clause: &Clause, scale: &Scale, step: &Node) -> Span {
    let own = place::part(policy, clause, "scale").iter().find(|entry| entry.key == scale.name);
    let steps = match own.map(|entry| &entry.item.value) {
        Some(crate::document::Raw::Table(table)) => table.entries(),
        _ => &[],
    };
    let holds = |entry: &&crate::document::Entry| entry.item.span.range.contains(&step.span.range.start);
    steps.iter().find(holds).map_or_else(|| step.span.clone(), |entry| entry.key_span.clone())
}
