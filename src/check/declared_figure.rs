//! `not_computed` and `derived` entries in which nothing could be a figure.

use crate::audit::unreadable;
use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::new("declared-figure", "声明的数字不是数字", "a declared figure is none"),
    page: Text::new(
        "`not_computed`、`derived` 的 `figure` 里没有任何数字或日期，与官方文本核对时对不上任何东西。照条文写：`5万元`、`三年`、`2026-01-01`。",
        "The `figure` of an entry of `not_computed` or `derived` holds no numeral and no date, so that it can account for nothing in the official \
         text. Write it as the text does: `5万元`, `三年`, `2026-01-01`.",
    ),
    bad: r#"
[[clauses]]
id           = "1"
cite         = "第一条"
title        = { zh = "引才奖励", en = "Reward for hiring" }
for          = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "abc", zh = "不核算", en = "not computed" }]
"#,
    good: r#"
[[clauses]]
id           = "1"
cite         = "第一条"
title        = { zh = "引才奖励", en = "Reward for hiring" }
for          = "enterprise"
amount       = "5万元"
not_computed = [{ figure = "三年", zh = "不核算", en = "not computed" }]
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for clause in &policy.clauses {
        for span in unreadable(policy, clause) {
            let label = Text::new("这里没有数字或日期", "there is no figure and no date in it");
            found.push(CHECK.code.at(span, label).about(&clause.id));
        }
    }
    found
}
