//! A clause that pays without a category, in a policy with a rule against double payment: the rule passes it by.

use crate::check::Check;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning("no-category", "条款没有写用途类别", "a clause has no category"),
    page: Text::new(
        "政策写了 `[overlap]`（从高、不重复），按 `category` 找同一事项的其他资金；没有类别的条款不受它约束，也不与别的条款核对是否重复给付。\
         补上 `category`；确实不受此限的，用 `[[accepted]]` 写明。",
        "The policy has `[overlap]`, which finds other money for the same thing by `category`. A clause without one is passed by, and is not held \
         against other clauses either. Add `category`; where the rule does not hold, accept the finding with the reason.",
    ),
    bad: r#"
[overlap]
cite  = "附则"
title = { zh = "从高不重复", en = "The higher, once" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "购房补贴", en = "Subsidy for buyers" }
for    = "person"
amount = "5万元"
"#,
    good: r#"
[overlap]
cite  = "附则"
title = { zh = "从高不重复", en = "The higher, once" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "购房补贴", en = "Subsidy for buyers" }
for      = "person"
category = "housing"
amount   = "5万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let Some(rule) = &policy.overlap else { return Vec::new() };
    let paying = policy.clauses.iter().filter(|clause| clause.kind.counted == Counted::Total);
    let told = paying.filter(|clause| clause.category.is_none() && clause.supplement.is_none());
    told.map(|clause| {
        let label = Text::made(
            format!("没有 `category`，{}（{}）管不到它", rule.title.zh, rule.cite),
            format!("without `category`, the rule of {} ({}) does not reach it", rule.cite, rule.title.en),
        );
        let help = Text::new("补上 `category`", "add `category`");
        CHECK.code.at(clause.span.clone(), label).help(help).about(&clause.id)
    })
    .collect()
}
