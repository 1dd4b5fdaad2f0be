//! A limit of one applicant's own lines, on a clause that has one line.

use crate::check::{Check, words};
use crate::clause::{Clause, Limit};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::expr::program::Op;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("limit-without-effect", "限额限不住任何人", "a limit limits nobody"),
    page: Text::new(
        "没有 `each` 的条款，一个申请人只有一行；没有写 `across = \"applicants\"` 的名额只在一个申请人自己的各行之间分，至少一个名额就限不住。\
         每年若干名、每家若干名的，补上 `across = \"applicants\"`；只是封顶的，写 `at_most`。",
        "Without `each` a clause has one line for an applicant, and a limit without `across = \"applicants\"` is shared among one applicant's own lines: one place or more limits nobody. \
         For so many a year, or of an enterprise, add `across = \"applicants\"`; a mere cap is `at_most`.",
    ),
    bad: r#"
[facts.selected_on]
type  = "date"
label = { zh = "入选日期", en = "Selected on" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "创新奖", en = "Prize" }
for    = "person"
event  = "selected_on"
amount = "5万元"
limits = [{ at_most = 10, per = "year(selected_on)", order = "selected_on", zh = "每年10名", en = "ten a year" }]
"#,
    good: r#"
[facts.selected_on]
type  = "date"
label = { zh = "入选日期", en = "Selected on" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "创新奖", en = "Prize" }
for    = "person"
event  = "selected_on"
amount = "5万元"
limits = [{ at_most = 10, per = "year(selected_on)", order = "selected_on", across = "applicants", zh = "每年10名", en = "ten a year" }]
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| of_clause(clause, own))
}

fn of_clause(clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let limits = words::beside(own, "limits", &clause.limits);
    let idle = |limit: &Limit| clause.each.is_none() && !limit.across && !limit.money && is_one_or_more(limit);
    let told = |(table, _): (&Table, &Limit)| {
        let label = Text::new("本条一个申请人只有一行", "an applicant has one line here");
        let help = Text::new(
            "补上 `across = \"applicants\"`；只是封顶的写 `at_most`",
            "add `across = \"applicants\"`; a mere cap is `at_most`",
        );
        CHECK.code.at(table.span.clone(), label).help(help).about(&clause.id)
    };
    limits.filter(|(_, limit)| idle(limit)).map(told).collect()
}

fn is_one_or_more(limit: &Limit) -> bool {
    match &limit.at_most.op {
        Op::Constant(Value::Quantity(range), _) => range.as_point().is_some_and(|most| most >= Number::ONE),
        _ => false,
    }
}
