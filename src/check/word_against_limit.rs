//! 每年 in the words of a limit and no year in its key; 得分高者优先 and the lowest first.

use crate::audit::limits;
use crate::check::{Check, words};
use crate::clause::{Clause, Limit};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning("word-against-limit", "限额的文字与写法不符", "the words of a limit are not what it does"),
    page: Text::new(
        "限额的文字写“每年”，`per` 里却没有年份；写“每家、同一院校”，`per` 里却没有别的；写“从高到低、高者优先”，`order_by` 却从低到高，\
         或者相反。`per` 漏了一项，名额就合在一起算；多了一项，就各算各的。",
        "The words of a limit say each year, and `per` has no year; they say each enterprise or the same school, and `per` has nothing else; \
         they say the highest first, and `order_by` begins with the lowest, or the other way round. A key that is missing in `per` counts all \
         together, one too many counts apart.",
    ),
    bad: r#"
[facts.projects]
type     = "list"
label_by = "name"
unique_by = "name"
label    = { zh = "项目", en = "Projects" }
fields.name     = { type = "text", label = { zh = "名称", en = "Name" } }
fields.begun_on = { type = "date", label = { zh = "开工日期", en = "Begun on" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "项目奖励", en = "Reward for projects" }
for    = "enterprise"
each   = "projects as project"
event  = "project.begun_on"
amount = "5万元"
limits = [{ at_most = 3, order = "project.begun_on", zh = "每年最多3项", en = "three projects a year" }]
"#,
    good: r#"
[facts.projects]
type     = "list"
label_by = "name"
unique_by = "name"
label    = { zh = "项目", en = "Projects" }
fields.name     = { type = "text", label = { zh = "名称", en = "Name" } }
fields.begun_on = { type = "date", label = { zh = "开工日期", en = "Begun on" } }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "项目奖励", en = "Reward for projects" }
for    = "enterprise"
each   = "projects as project"
event  = "project.begun_on"
amount = "5万元"
limits = [{ at_most = 3, per = "year(project.begun_on)", order = "project.begun_on", zh = "每年最多3项", en = "three projects a year" }]
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| {
        let limits = words::beside(own, "limits", &clause.limits);
        limits.flat_map(|(table, limit)| of_limit(policy, clause, table, limit)).collect()
    })
    .into_iter()
    .chain(over_clauses(policy))
    .collect()
}

/// The same of limits over several clauses, as the first of them sees each.
fn over_clauses(policy: &Policy) -> Vec<Diagnostic> {
    let views: Vec<(&Clause, &Limit)> = policy.limits_over_clauses().collect();
    let tables = words::beside(&policy.document, "limits", &views);
    tables.flat_map(|(table, (clause, limit))| of_limit(policy, clause, table, limit)).collect()
}

fn of_limit(policy: &Policy, clause: &Clause, table: &Table, limit: &Limit) -> Vec<Diagnostic> {
    let span = |key: &str| table.get(key).map_or_else(|| table.span.clone(), |item| item.span.clone());
    let told = |(key, label)| {
        let help = Text::new("改 `per`、`order_by`，或改文字", "mend `per`, `order_by` or the words");
        let found = CHECK.code.at(span(key), label).and(span("zh"), Text::new("文字", "the words"));
        found.help(help).about(&clause.id)
    };
    limits::against(policy, limit, &limit.text.zh, &limit.text.zh).into_iter().map(told).collect()
}
