//! A condition that always holds.

use crate::check::Check;
use crate::check::conditions;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning("condition-always-holds", "条件永远成立", "a condition always holds"),
    page: Text::new(
        "无论事实如何，条件都成立：它拦不住任何人，或者 `else` 之后永远用不到。多半是界限写错，或比较的是同一件事。\
         确定成立才报告。",
        "Whatever the facts are, the condition holds, so it keeps nobody out, or what stands behind its `else` is never used. Mostly a \
         limit is wrong. Only what is sure is reported.",
    ),
    bad: r#"
[facts.staff]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "员工人数", en = "Staff" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "稳岗奖励", en = "Reward for keeping staff" }
for      = "enterprise"
requires = [{ test = "staff >= 0人", zh = "达到人数", en = "enough staff" }]
amount   = "1万元"
"#,
    good: r#"
[facts.staff]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "员工人数", en = "Staff" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "稳岗奖励", en = "Reward for keeping staff" }
for      = "enterprise"
requires = [{ test = "staff >= 10人", zh = "达到10人", en = "ten people or more" }]
amount   = "1万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let help = Text::new("改正界限；多余的条件删去", "mend the limit, or leave the condition out");
    let always = conditions::all(policy).into_iter().filter(|asked| asked.truth.is_true());
    always
        .map(|asked| CHECK.code.at(asked.node.span.clone(), asked.role.always()).help(help.clone()).about(asked.about))
        .collect()
}
