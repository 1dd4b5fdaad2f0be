//! An event that can never fall inside its clause's window.

use crate::check::Check;
use crate::check::possible::{Question, all_of};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Value;

pub(super) static CHECK: Check = Check {
    code: Code::new("event-outside-window", "触发日永远不在有效期内", "an event can never fall inside the window"),
    page: Text::new(
        "条款的 `event` 必须落在有效期内才给付；按条件和事实推算，它永远落在之前或之后（或根本不会发生），条款因此永远不给付。\
         多半是日期算式方向写反，或条件要求的日期与有效期矛盾。",
        "A clause pays only where its `event` lies inside its window. By its conditions and by what facts can be, the event always lies \
         before it or after it, or never happens, so the clause never pays. Mostly a date is moved the wrong way, or a condition asks \
         for a day that the window excludes.",
    ),
    bad: r#"
[facts.bought_on]
type  = "date"
label = { zh = "购房日期", en = "Home bought on" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "购房补贴", en = "Housing subsidy" }
for      = "person"
event    = "bought_on"
requires = [{ test = "bought_on <= 2023-12-31", zh = "2023年底前购房", en = "bought by the end of 2023" }]
amount   = "1万元"
"#,
    good: r#"
[facts.bought_on]
type  = "date"
label = { zh = "购房日期", en = "Home bought on" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "购房补贴", en = "Housing subsidy" }
for      = "person"
event    = "bought_on"
requires = [{ test = "bought_on <= 2024-12-31", zh = "2024年底前购房", en = "bought by the end of 2024" }]
amount   = "1万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    policy.clauses.iter().filter_map(|clause| of_clause(policy, clause)).collect()
}

fn of_clause(policy: &Policy, clause: &Clause) -> Option<Diagnostic> {
    let event = clause.event.as_ref()?;
    let question = Question::of_clause(policy, clause);
    let holds = all_of(clause.requires.iter().map(|condition| &condition.test));
    let window = clause.window;
    let may_lie_inside = |value: &Value| match value {
        Value::Date(range) => range.lo <= window.hi.min(crate::value::Day::LAST) && range.hi >= window.lo,
        _ => true,
    };
    let values = question.values_where(event, holds.as_ref());
    // Where the conditions never hold, that is told elsewhere.
    if values.is_empty() || values.iter().any(may_lie_inside) {
        return None;
    }
    let label = Text::made(
        format!("永远不在 {} 至 {} 之间", window.lo, window.hi),
        format!("never from {} to {}", window.lo, window.hi),
    );
    let help = Text::new(
        "核对 `event`、条件中的日期和 `effective`",
        "see `event`, the days in the conditions, and `effective`",
    );
    Some(CHECK.code.at(event.span.clone(), label).help(help).about(&clause.id))
}
