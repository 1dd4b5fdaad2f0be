//! A clause's window that reaches beyond the policy's, or never meets that of a clause it displaces.

use crate::check::{Check, place};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Item, Raw};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::Day;

pub(super) static CHECK: Check = Check {
    code: Code::warning("window-outside-policy", "有效期不重合", "windows do not fit each other"),
    page: Text::new(
        "条款的 `effective` 超出政策自身的有效期（超出的部分不起作用，计算只在政策有效期内进行），\
         或条款要取代（`instead_of`）的另一条款与它的有效期毫无重合。核对日期；条款先于政策生效的，改政策的有效期。",
        "The `effective` of a clause reaches beyond the policy's own window, where it counts for nothing, or a clause displaces \
         (`instead_of`) another whose window it never meets. See which date is wrong; where a clause holds before its policy does, it is \
         the policy's window that must change.",
    ),
    bad: r#"
[[clauses]]
id        = "1"
cite      = "第一条"
title     = { zh = "购房补贴", en = "Housing subsidy" }
for       = "person"
effective = { from = 2023-05-01, to = 2025-12-31 }
amount    = "1万元"
"#,
    good: r#"
[[clauses]]
id        = "1"
cite      = "第一条"
title     = { zh = "购房补贴", en = "Housing subsidy" }
for       = "person"
effective = { from = 2024-05-01, to = 2025-12-31 }
amount    = "1万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for clause in &policy.clauses {
        found.extend(beyond(policy, clause));
        for displaced in &clause.instead_of {
            let Some(other) = policy.clauses.get(displaced.clause) else { continue };
            if clause.window.lo.max(other.window.lo) > clause.window.hi.min(other.window.hi) {
                let label = Text::made(
                    format!("与所取代的条款 {} 的有效期没有重合", other.id),
                    format!("its window never meets that of clause {}, which it displaces", other.id),
                );
                let help = Text::new("核对两条的 `effective`", "see `effective` of both clauses");
                let at = place::key(policy, clause, "instead_of");
                found.push(CHECK.code.at(at, label).help(help).about(&clause.id));
            }
        }
    }
    found
}

/// The ends of a clause's window that lie outside the policy's.
fn beyond(policy: &Policy, clause: &Clause) -> Vec<Diagnostic> {
    let end = |key: &str| -> Option<(Day, Span)> {
        let Raw::Table(window) = &place::clause(policy, clause)?.get("effective")?.value else { return None };
        let Item { value: Raw::Date(date), span } = window.get(key)? else { return None };
        Some((Day::parse(date)?, span.clone()))
    };
    let (from, to) = (policy.window.lo, policy.window.hi);
    let early = end("from").filter(|(day, _)| *day < from).map(|(_, span)| {
        (span, Text::made(format!("早于政策生效日 {from}"), format!("before the policy takes effect on {from}")))
    });
    let late = end("to")
        .filter(|(day, _)| *day > to)
        .map(|(_, span)| (span, Text::made(format!("晚于政策截止日 {to}"), format!("after the policy ends on {to}"))));
    let help = Text::new(
        "超出的部分不起作用；改条款或政策的 `effective`",
        "what lies beyond counts for nothing; mend `effective` of the clause or of the policy",
    );
    let both = [early, late].into_iter().flatten();
    both.map(|(span, label)| CHECK.code.at(span, label).help(help.clone()).about(&clause.id)).collect()
}
