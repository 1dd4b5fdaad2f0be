//! A clause whose id and cite name different articles, where all others name the same.

use crate::audit::article;
use crate::check::{Check, place};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning("id-not-of-article", "编号与条文号不一致", "a clause's id is not that of its article"),
    page: Text::new(
        "多数条款的编号就是条文号（`19.1` 引第十九条），这一条却不是：多半把两条的编号或 `cite` 写反了，申请人看到的依据就是别的条文。\
         编号本来另有排法的政策不受此限。",
        "The ids of most clauses are the numbers of their articles (`19.1` cites 第十九条), and this one's is not: mostly the ids or cites of two \
         clauses are exchanged, and the applicant is shown another article. Policies whose ids go by something else are left alone.",
    ),
    bad: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "甲", en = "One" }
for    = "person"
amount = "1万元"

[[clauses]]
id     = "2"
cite   = "第三条"
title  = { zh = "乙", en = "Two" }
for    = "person"
amount = "2万元"

[[clauses]]
id     = "3.1"
cite   = "第三条第一项"
title  = { zh = "丙", en = "Three" }
for    = "person"
amount = "3万元"

[[clauses]]
id     = "4"
cite   = "第四条"
title  = { zh = "丁", en = "Four" }
for    = "person"
amount = "4万元"
"#,
    good: r#"
[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "甲", en = "One" }
for    = "person"
amount = "1万元"

[[clauses]]
id     = "2"
cite   = "第二条"
title  = { zh = "乙", en = "Two" }
for    = "person"
amount = "2万元"

[[clauses]]
id     = "3.1"
cite   = "第三条第一项"
title  = { zh = "丙", en = "Three" }
for    = "person"
amount = "3万元"

[[clauses]]
id     = "4"
cite   = "第四条"
title  = { zh = "丁", en = "Four" }
for    = "person"
amount = "4万元"
"#,
    find,
};

/// Of fewer nobody can say by what they go.
const FEWEST: usize = 3;

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let numbered = |clause: &Clause| Some((first_number(&clause.id)?, article(&clause.cite)?));
    let all: Vec<(&Clause, (u32, u32))> =
        policy.clauses.iter().filter_map(|clause| Some((clause, numbered(clause)?))).collect();
    let (same, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, (id, cited))| id == cited);
    if same.len() < FEWEST || same.len() < 2 * other.len() {
        return Vec::new();
    }
    let told = other.into_iter().filter(|(clause, _)| clause.supplement.is_none());
    told.map(|(clause, (id, cited))| {
        let label = Text::made(
            format!("编号是 {id}，引的是第 {cited} 条（项）"),
            format!("the id says {id}, and the article is number {cited}"),
        );
        let help = Text::new("核对编号和 `cite`", "see which of the two is right");
        CHECK.code.at(place::key(policy, clause, "cite"), label).help(help).about(&clause.id)
    })
    .collect()
}

/// The first number of an id: 6 of `annex.6.2`.
fn first_number(id: &str) -> Option<u32> {
    id.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}
