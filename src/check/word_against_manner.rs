//! 不足一个月的按一个月计 in the words and only complete months in the clause; 舍去 and rounding up.

use crate::audit::manner;
use crate::check::{Check, words};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning("word-against-manner", "文字与计算办法不符", "the words and the way of counting do not agree"),
    page: Text::new(
        "概述、附注或条件的文字写不足一个月的按一个月计、不计，写舍去、进上去、四舍五入，写分几期发放，而 `accrual`、`rounding`、`installments` 不是这样；\
         或者一条的标题、概述写从高、不重复，而整份政策没有 `[overlap]`、`[[highest_only]]`、`instead_of`，也没有条款看 `other_benefits`。",
        "The words of a clause say whether a month that is not complete counts, which way a sum is rounded, or in how many parts it is paid, and `accrual`, `rounding` or `installments` \
         do otherwise; or a title or summary says that only the higher counts, and the whole policy has no `[overlap]`, `[[highest_only]]` or `instead_of`, and nothing looks at `other_benefits`.",
    ),
    bad: r#"
[facts.rented_on]
type  = "date"
label = { zh = "起租日期", en = "Rented from" }

[facts.ended_on]
type  = "date"
label = { zh = "退租日期", en = "Rented until" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
summary = { zh = "每月1000元，不足一个月的按一个月计。", en = "1,000 元 a month, a month begun counts." }
for     = "person"
event   = "rented_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "rented_on", until = "ended_on" }
"#,
    good: r#"
[facts.rented_on]
type  = "date"
label = { zh = "起租日期", en = "Rented from" }

[facts.ended_on]
type  = "date"
label = { zh = "退租日期", en = "Rented until" }

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "租房补贴", en = "Rent" }
summary = { zh = "每月1000元，不足一个月的按一个月计。", en = "1,000 元 a month, a month begun counts." }
for     = "person"
event   = "rented_on"
amount  = "1000元/月 × accrued"
accrual = { per = "month", from = "rented_on", until = "ended_on", part = "started" }
"#,
    find,
};

const ONCE: &[&str] = &["从高", "就高", "不重复享受", "不得重复", "不再重复", "不重复"];

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = words::in_clauses(policy, |_, clause, own| of_clause(policy, clause, own));
    let looks = |clause: &Clause| !clause.instead_of.is_empty() || manner::looks_at_other_money(policy, clause);
    let ruled = policy.overlap.is_some() || !policy.highest_only.is_empty() || policy.clauses.iter().any(looks);
    if !ruled {
        found.extend(words::in_clauses(policy, |_, clause, own| {
            let said = words::of(own, &["title", "summary"]);
            let said = said.into_iter().find(|said| said.chinese && ONCE.iter().any(|word| said.text.contains(word)));
            let told = |said: words::Words<'_>| {
                let label = Text::new("政策没有这样的规则", "the policy has no such rule");
                let help = Text::new(
                    "写 `[overlap]` 或 `[[highest_only]]`，或在条款中看 `other_benefits`",
                    "write `[overlap]` or `[[highest_only]]`, or look at `other_benefits` in the clauses",
                );
                CHECK.code.at(said.item.span.clone(), label).help(help).about(&clause.id)
            };
            said.map(told).into_iter().collect()
        }));
    }
    found
}

fn of_clause(policy: &Policy, clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let told = |against: manner::Against| {
        let span = own.get(against.key).map_or_else(|| clause.span.clone(), |item| item.span.clone());
        CHECK.code.at(span, against.label).about(&clause.id)
    };
    manner::against(policy, clause, own, &words::all_chinese(own)).into_iter().map(told).collect()
}
