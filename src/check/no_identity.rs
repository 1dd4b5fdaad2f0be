//! A list of which a clause pays record by record, and nobody said what makes a record the same thing.

use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::Origin;
use crate::lang::Text;
use crate::policy::{Policy, place};

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "no-identity",
        "逐条给付的名单没有写明怎样算同一项",
        "nothing says when two records that are paid one by one are the same",
    ),
    page: Text::new(
        "条款对名单逐条给付（`each`），而名单没有写怎样的两条是同一项：同一项登记两次就发两次。\
         写上 `unique_by`（相同即为同一项的字段）；时间段写 `no_overlap`；人名会重复的，另设证件号码字段，写作 `identity`。",
        "A clause pays for each record of a list (`each`), and the list does not say when two records are the same thing: what is entered \
         twice is paid twice. Give it `unique_by` (fields that agree only for the same thing), `no_overlap` for periods, and, as names \
         can repeat, a field with a number as `identity`.",
    ),
    bad: r#"
[facts.patents]
type         = "list"
label_by     = "title"
label        = { zh = "专利", en = "Patents" }
fields.title = { type = "text", label = { zh = "名称", en = "Title" } }
fields.held  = { type = "bool", label = { zh = "已授权", en = "Granted" } }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "专利奖励", en = "Award for patents" }
for      = "enterprise"
each     = "patents as patent"
requires = [{ test = "patent.held", zh = "已授权", en = "granted" }]
amount   = "1万元"
"#,
    good: r#"
[facts.patents]
type         = "list"
label_by     = "title"
unique_by    = "title"
label        = { zh = "专利", en = "Patents" }
fields.title = { type = "text", label = { zh = "名称", en = "Title" } }
fields.held  = { type = "bool", label = { zh = "已授权", en = "Granted" } }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "专利奖励", en = "Award for patents" }
for      = "enterprise"
each     = "patents as patent"
requires = [{ test = "patent.held", zh = "已授权", en = "granted" }]
amount   = "1万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, list) in policy.names.lists.iter().enumerate() {
        let paid = policy.clauses.iter().find(|clause| clause.each.as_ref().is_some_and(|each| each.list == at));
        let Some(clause) = paid.filter(|_| !policy.identities.iter().any(|identity| identity.list == at)) else {
            continue;
        };
        // A list of a vocabulary is said there.
        let Some(entry) = place::input(policy, &list.name, &Origin::Fact) else { continue };
        let label = Text::made(
            format!("{}逐条给付，同一项登记两次就发两次", clause.cite),
            format!("{} pays for each record: what is entered twice is paid twice", clause.cite),
        );
        let help = Text::new("写上 `unique_by`，或 `no_overlap`", "add `unique_by`, or `no_overlap`");
        found.push(CHECK.code.at(entry.key_span.clone(), label).help(help).about(&list.name));
    }
    found
}
