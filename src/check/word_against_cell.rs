//! 硕士5万元 in the words and 2万元 in the cell.

use crate::audit::pairs;
use crate::check::{Check, words};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "word-against-cell",
        "文字与表格对不上",
        "the words and the table give a word different figures",
    ),
    page: Text::new(
        "标题、概述中写在某个词（或某一档）旁边的数字，在表格、分档或按词选择的算式里给了另一个词：多半是两格写反了。\
         看得懂的写法：“硕士2万元、博士5万元”，“按博士、硕士分别给予5万元、2万元”，“达到20人、10人的，奖励5万元、2万元”。",
        "A figure that stands beside a word (or a threshold) in the title or summary belongs to another one in the table, the scale or the \
         choice: mostly two cells are exchanged. Read are: 硕士2万元、博士5万元; 按博士、硕士分别给予5万元、2万元; 达到20人、10人的，奖励5万元、2万元.",
    ),
    bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
summary       = { zh = "硕士2万元，博士5万元。", en = "A settling allowance by degree." }
for           = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "5万元", doctor = "2万元" }
amount        = "support[highest]"

[[accepted]]
check = "amount-falls"
of    = "1"
zh    = "示例只看文字"
en    = "this example is about the words"
"#,
    good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
summary       = { zh = "硕士2万元，博士5万元。", en = "A settling allowance by degree." }
for           = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| of_clause(policy, clause, own))
}

fn of_clause(policy: &Policy, clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entries in pairs::of_clause(policy, clause) {
        for said in words::of(own, &["title", "summary"]).into_iter().filter(|said| said.chinese) {
            for wrong in pairs::mismatches(said.text, &entries) {
                let written = said.text.get(wrong.range.clone()).unwrap_or("");
                let label = Text::made(
                    format!("文字中“{}”旁边是 {written}", wrong.beside),
                    format!("beside “{}” the words have {written}", wrong.beside),
                );
                let help = Text::new("核对条文，改正其中一处", "see the text, and mend one of the two");
                let diagnostic = CHECK.code.at(wrong.entry.span.clone(), label);
                let words = said.inside(wrong.range.clone());
                found.push(diagnostic.and(words, Text::new("文字", "the words")).help(help).about(&clause.id));
            }
        }
    }
    found.dedup_by_key(|found| found.labels.first().map(|(span, _)| span.range.clone()));
    found
}
