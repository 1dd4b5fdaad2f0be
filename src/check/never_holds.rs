//! A condition that can never hold.

use crate::check::Check;
use crate::check::conditions;
use crate::check::possible::{Question, all_of};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::new("condition-never-holds", "条件永远不成立", "a condition can never hold"),
    page: Text::new(
        "无论事实如何，条件都不成立：条款、规则或分支形同虚设。几个条件各自成立、合在一起却不可能的，也在此列。\
         多半是比较方向写反、上下限颠倒，或枚举词写错。按事实的取值范围逐一推算，确定不成立才报告。",
        "Whatever the facts are, the condition does not hold, so a clause, a rule or a branch is there for nothing. Conditions that \
         each can hold but never together count too. Mostly a comparison is turned round, two limits are swapped, or a word is the \
         wrong one. Found by working the condition out over everything that facts can be; only what is sure is reported.",
    ),
    bad: r#"
[facts.age]
type  = "quantity"
unit  = "岁"
min   = 0
max   = "120岁"
label = { zh = "年龄", en = "Age" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "青年补贴", en = "Allowance for the young" }
for      = "person"
requires = [
  { test = "age >= 18岁", zh = "已成年", en = "of age" },
  { test = "age < 18岁 or age > 120岁", zh = "不超龄", en = "not too old" },
]
amount   = "1000元"
"#,
    good: r#"
[facts.age]
type  = "quantity"
unit  = "岁"
min   = 0
max   = "120岁"
label = { zh = "年龄", en = "Age" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "青年补贴", en = "Allowance for the young" }
for      = "person"
requires = [
  { test = "age >= 18岁", zh = "已成年", en = "of age" },
  { test = "age <= 35岁", zh = "不超龄", en = "not too old" },
]
amount   = "1000元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let help = Text::new(
        "核对比较的方向和数字；确实用不到的，删去",
        "see which way it compares, and with what; what is never used can go",
    );
    let never = conditions::all(policy).into_iter().filter(|asked| asked.truth.is_false());
    let mut found: Vec<Diagnostic> = never
        .map(|asked| {
            let label = asked.role.never();
            CHECK.code.at(asked.node.span.clone(), label).help(help.clone()).about(asked.about)
        })
        .collect();
    found.extend(policy.clauses.iter().filter_map(|clause| together(policy, clause)));
    found
}

/// More conditions than people write are not held against each other.
const MOST_CONDITIONS: usize = 64;

/// Conditions of which each can hold, but not all of them.
fn together(policy: &Policy, clause: &Clause) -> Option<Diagnostic> {
    let question = Question::of_clause(policy, clause);
    let tests: Vec<_> = clause.requires.iter().map(|condition| &condition.test).take(MOST_CONDITIONS).collect();
    if tests.len() < 2 || tests.iter().any(|test| question.truth(test).is_false()) {
        return None;
    }
    let fails = |count: &usize| {
        let all = all_of(tests.iter().take(*count).copied());
        all.is_some_and(|all| question.truth(&all).is_false())
    };
    let count = (2..=tests.len()).find(fails)?;
    let last = *tests.get(count - 1)?;
    // The one that it cannot hold with, where it is one.
    let other = tests.iter().take(count - 1).find(|test| {
        let both = all_of([**test, last]);
        both.is_some_and(|both| question.truth(&both).is_false())
    });
    let label = Text::new(
        "与前面的条件不能同时成立，本条永远不给付",
        "never holds together with what is required before it, so the clause never applies",
    );
    let help = Text::new("两个条件至少改一个", "mend one of the two");
    let found = CHECK.code.at(last.span.clone(), label).help(help).about(&clause.id);
    Some(match other {
        Some(other) => found.and(other.span.clone(), Text::new("与此矛盾", "it contradicts this")),
        None => found,
    })
}
