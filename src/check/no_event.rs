//! A clause that pays and whose facts have dates, without an event: whatever happened before the window is paid too.

use crate::check::{Check, walk};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::function::Builtin;
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Value;

pub(super) static CHECK: Check = Check {
    code: Code::warning("no-event", "条款没有写事件", "a clause has no event"),
    page: Text::new(
        "多数给付条款都写了 `event`（哪一天须在有效期内），这一条没有，而它的事实里有日期：有效期以前的事也会给付。\
         条件拿日期与有效期的首日、末日相比的也在内：那就是 `event`。补上 `event`；确实不看日期的，用 `[[accepted]]` 写明。",
        "Most clauses that pay have an `event`, the day that must lie inside the window; this one has none, though its facts have dates: what \
         happened before the window is paid as well. So is one whose condition holds a day against the first or last day of the window: that is `event`. Add `event`; where no day matters, accept the finding with the reason.",
    ),
    bad: r#"
[facts.approved_on]
type  = "date"
label = { zh = "获批日期", en = "Approved on" }

[facts.arrived_on]
type  = "date"
label = { zh = "到区日期", en = "Arrived on" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "落户奖励", en = "Reward for settling" }
for    = "person"
event  = "arrived_on"
amount = "1万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "建站补助", en = "Grant for a station" }
for      = "enterprise"
requires = [{ test = "approved_on <= as_of", zh = "已获批", en = "approved" }]
amount   = "50万元"
"#,
    good: r#"
[facts.approved_on]
type  = "date"
label = { zh = "获批日期", en = "Approved on" }

[facts.arrived_on]
type  = "date"
label = { zh = "到区日期", en = "Arrived on" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "落户奖励", en = "Reward for settling" }
for    = "person"
event  = "arrived_on"
amount = "1万元"

[[clauses]]
id     = "2"
cite   = "第二条"
title  = { zh = "建站补助", en = "Grant for a station" }
for    = "enterprise"
event  = "approved_on"
amount = "50万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let paying = || policy.clauses.iter().filter(|clause| clause.kind.counted == Counted::Total);
    let (with, without): (Vec<&Clause>, Vec<&Clause>) = paying().partition(|clause| clause.event.is_some());
    let most_have = with.len() >= without.len();
    let own = without.into_iter().filter(|clause| clause.supplement.is_none());
    let told = own.filter(|clause| most_have && has_date(policy, clause) || tests_the_window(clause));
    told.map(|clause| {
        let label = Text::new(
            "事实里有日期，而没有写哪一天须在有效期内",
            "its facts have dates, and none of them must lie inside the window",
        );
        let help =
            Text::new("补上 `event`，如 `event = \"approved_on\"`", "add `event`, such as `event = \"approved_on\"`");
        CHECK.code.at(clause.span.clone(), label).help(help).about(&clause.id)
    })
    .collect()
}

/// Whether a condition holds a day that is stated against the first or last day of the window: that is what `event` is for.
fn tests_the_window(clause: &Clause) -> bool {
    let is_stated = |node: &Node| matches!(node.op, Op::Input(_) | Op::EachField(_)) && node.ty == Type::Date;
    let is_end = |node: &Node| match &node.op {
        Op::WindowFrom | Op::WindowTo => true,
        Op::Constant(Value::Date(day), _) => [clause.window.lo, clause.window.hi].map(Some).contains(&day.as_point()),
        _ => false,
    };
    let mut waiting: Vec<&Node> = clause.requires.iter().map(|condition| &condition.test).collect();
    while let Some(node) = waiting.pop() {
        match &node.op {
            Op::And(left, right) => waiting.extend([&**left, right]),
            Op::Compare(_, left, right) if is_stated(left) && is_end(right) || is_end(left) && is_stated(right) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Whether its expressions use a day that the applicant states, or its records have one; days of birth left out.
fn has_date(policy: &Policy, clause: &Clause) -> bool {
    let mut found = clause
        .each
        .as_ref()
        .and_then(|each| policy.names.lists.get(each.list))
        .is_some_and(|list| list.fields.iter().any(|field| field.ty == Type::Date));
    let mut births: Vec<*const Node> = Vec::new();
    walk::each(policy, clause.expressions(), &mut |node| {
        if let Op::Call(Builtin::Age, arguments) = &node.op {
            births.extend(arguments.first().map(std::ptr::from_ref));
        }
        let stated = match node.op {
            Op::Input(place) => policy.names.inputs.get(place).is_some_and(|input| input.origin == Origin::Fact),
            Op::Field(..) => true,
            _ => false,
        };
        found |= stated && node.ty == Type::Date && !births.contains(&std::ptr::from_ref(node));
    });
    found
}
