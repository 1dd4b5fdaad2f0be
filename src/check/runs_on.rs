//! A time that is counted past its end: an accrual without `until` where something can end it, and the later of two ends.

use crate::check::{Check, walk, words};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::function::Builtin;
use crate::expr::names::{Input, Origin};
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, place};
use crate::value::{Day, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("runs-on", "计算的时间没有截止", "a time is counted past its end"),
    page: Text::new(
        "两种情形：`accrual` 没有 `until`，而同类申请人的另一处计算因某个日期（离职、搬离等，空缺表示没有）截止，这里人走了仍在累计；\
         期间的末日取几个日期中较晚的（`max(left_on, as_of)`），没有离开的就一直数下去，离开了的也数到今天。补上 `until`，末日取较早的。",
        "Two of them: an `accrual` without `until`, while another clause for the same applicants stops on a day that may come (left, moved away; blank: it has not), \
         so that this one goes on for who is gone; and an end that is the later of several days (`max(left_on, as_of)`), so that who has left is counted until today, \
         and who has not without end. Add `until`, and take the earlier day.",
    ),
    bad: r#"
[facts.employed_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[facts.left_on]
type   = "date"
absent = "never"
label  = { zh = "离职日期（在职不填）", en = "Left on (still there: leave out)" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
for     = "person"
event   = "employed_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "employed_on" }

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "留用奖励", en = "Reward for staying" }
for      = "person"
event    = "employed_on"
requires = [{ test = "months(employed_on, min(left_on, as_of)) >= 24个月", zh = "在职满24个月", en = "employed for 24 months" }]
amount   = "5万元"
"#,
    good: r#"
[facts.employed_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[facts.left_on]
type   = "date"
absent = "never"
label  = { zh = "离职日期（在职不填）", en = "Left on (still there: leave out)" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
for     = "person"
event   = "employed_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "employed_on", until = "left_on" }

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "留用奖励", en = "Reward for staying" }
for      = "person"
event    = "employed_on"
requires = [{ test = "months(employed_on, min(left_on, as_of)) >= 24个月", zh = "在职满24个月", en = "employed for 24 months" }]
amount   = "5万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = policy.clauses.iter().flat_map(|clause| later(policy, clause)).collect();
    for clause in policy.clauses.iter().filter(|clause| clause.supplement.is_none()) {
        if !clause.accrual.as_ref().is_some_and(|rule| rule.until.is_none() && rule.counts_until.is_none()) {
            continue;
        }
        let for_same = |other: &&Clause| other.applies_to.iter().any(|kind| clause.applies_to.contains(kind));
        let others = policy.clauses.iter().filter(for_same).flat_map(|other| ends(policy, other));
        // An accrual with `at_most` alone is one for a fixed time only where nothing else can end.
        let Some(end) = others.filter_map(|node| open_end(policy, node)).next() else { continue };
        let (zh, en) = (words::plain(&end.label.zh), words::plain(&end.label.en));
        let label =
            Text::made(format!("没有 `until`，“{zh}”以后仍在累计"), format!("without `until` it goes on after “{en}”"));
        let help = Text::made(format!("补上 `until = \"{}\"`", end.name), format!("add `until = \"{}\"`", end.name));
        found.push(CHECK.code.at(place::key(policy, clause, "accrual"), label).help(help).about(&clause.id));
    }
    found
}

/// The expressions that say when a time ends.
fn ends<'p>(policy: &'p Policy, clause: &'p Clause) -> Vec<&'p Node> {
    let mut found: Vec<&Node> = clause.accrual.iter().filter_map(|rule| rule.until.as_ref()).collect();
    walk::each(policy, clause.expressions(), &mut |node| match &node.op {
        Op::Call(Builtin::Months, arguments) => found.extend(arguments.get(1)),
        Op::Aggregate(spans) if spans.kind.of_spans() => found.extend(spans.rest.first()),
        _ => {}
    });
    found
}

/// The day among these that may never come, of which a blank says that it has not.
fn open_end<'p>(policy: &'p Policy, node: &Node) -> Option<&'p Input> {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match node.op {
            Op::Input(place) => {
                let input = policy.names.inputs.get(place).filter(|input| is_never_unless_given(input));
                if input.is_some() {
                    return input;
                }
            }
            Op::Define(place) => waiting.extend(policy.names.defines.get(place).map(|define| &define.node)),
            Op::Call(Builtin::Min, ref arms) => waiting.extend(arms),
            _ => {}
        }
    }
    None
}

fn is_never_unless_given(input: &Input) -> bool {
    let never = matches!(&input.absent, Value::Date(day) if day.as_point() == Some(Day::NEVER));
    input.ty == Type::Date && input.origin == Origin::Fact && never
}

/// Ends that are the later of today, or of a day that may never come, and another.
fn later(policy: &Policy, clause: &Clause) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut waiting = ends(policy, clause);
    while let Some(node) = waiting.pop() {
        match &node.op {
            Op::Call(Builtin::Max, arms) => {
                let today = arms.iter().any(|arm| matches!(arm.op, Op::AsOf));
                let open = arms.iter().any(|arm| open_end(policy, arm).is_some());
                if today || open {
                    let label = Text::new("末日取了较晚的一天", "the end is the later day");
                    let help = Text::new("末日取较早的一天：`min(…)`", "take the earlier day: `min(…)`");
                    found.push(CHECK.code.at(node.span.clone(), label).help(help).about(&clause.id));
                }
            }
            Op::Call(Builtin::Min, arms) => waiting.extend(arms),
            Op::Let(place) => waiting.extend(clause.let_nodes.get(*place)),
            Op::Define(place) => waiting.extend(policy.names.defines.get(*place).map(|define| &define.node)),
            _ => {}
        }
    }
    found.dedup_by_key(|found| found.labels.first().map(|(span, _)| span.range.clone()));
    found
}
