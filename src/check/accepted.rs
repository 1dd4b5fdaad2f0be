//! Findings that a policy accepts with a reason, and acceptances that are for nothing.

use crate::check::{CHECKS, Check, Findings};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::lang::Text;
use crate::policy::{Accepted, Policy};

/// The check of acceptances themselves.
pub static CHECK: Check = Check {
    code: Code::warning("accepted-for-nothing", "接受的检查结果并不存在", "what is accepted was not found"),
    page: Text::new(
        "`[[accepted]]` 写明一项检查结果如文件所定，不是错误：`check` 是检查名，`of` 是条款编号（或事实、类别等的名称），\
         `zh`、`en` 是理由。检查名写错，或检查已无此结果时，这一项应当删去，否则以后真有问题也会被它盖住。",
        "`[[accepted]]` says that a finding is as the law has it: `check` is the check's name, `of` the clause's id (or the name of a \
         fact, a category…), `zh` and `en` the reason. Where the check's name is wrong, or the finding is gone, the entry must go: it would \
         cover up a later fault.",
    ),
    bad: r#"
[[accepted]]
check = "condition-always-holds"
of    = "1"
zh    = "文件原文如此"
en    = "the text has it so"

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "一次性补贴", en = "One-off subsidy" }
for      = "person"
amount   = "1万元"
"#,
    good: r#"
[[accepted]]
check = "condition-always-holds"
of    = "1"
zh    = "文件原文如此"
en    = "the text has it so"

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "一次性补贴", en = "One-off subsidy" }
for      = "person"
requires = [{ test = "true", zh = "任何人", en = "anybody" }]
amount   = "1万元"
"#,
    // What an acceptance is for is known only when all other checks have run.
    find: |_| Vec::new(),
};

/// Parts what is accepted from what is open, and adds the acceptances that are for nothing.
pub(super) fn sort_out(policy: &Policy, found: Vec<Diagnostic>) -> Findings<'_> {
    let mut findings = Findings { open: Vec::new(), accepted: Vec::new() };
    let answers = |accepted: &Accepted, found: &Diagnostic| {
        accepted.check == found.code.name && found.about.as_deref() == Some(accepted.of.as_str())
    };
    let mut needed = vec![false; policy.accepted.len()];
    for diagnostic in found {
        let answer = policy.accepted.iter().enumerate().find(|(_, accepted)| answers(accepted, &diagnostic));
        match answer {
            None => findings.open.push(diagnostic),
            Some((place, accepted)) => {
                if let Some(needed) = needed.get_mut(place) {
                    *needed = true;
                }
                findings.accepted.push((diagnostic, accepted));
            }
        }
    }
    let idle = policy.accepted.iter().zip(needed).filter(|(_, needed)| !needed);
    findings.open.extend(idle.map(|(accepted, _)| for_nothing(accepted)));
    // From top to bottom, as they will be mended.
    let place = |found: &Diagnostic| {
        let first = found.labels.first().map(|(span, _)| span);
        first.map(|span| (span.source.name.clone(), span.range.start))
    };
    findings.open.sort_by_key(place);
    findings.accepted.sort_by_key(|(found, _)| place(found));
    findings
}

fn for_nothing(accepted: &Accepted) -> Diagnostic {
    let (check, of) = (&accepted.check, &accepted.of);
    let known = CHECKS.iter().any(|known| known.code.name == check);
    let (label, help) = if known {
        let label = Text::made(format!("`{check}` 对 `{of}` 没有结果"), format!("`{check}` finds nothing in `{of}`"));
        (label, Some(Text::new("删去这一项", "take the entry out")))
    } else {
        let label = Text::made(format!("没有检查 `{check}`"), format!("there is no check `{check}`"));
        (label, did_you_mean(check, CHECKS.iter().map(|known| known.code.name)))
    };
    CHECK.code.at(accepted.span.clone(), label).help(help).about(of)
}
