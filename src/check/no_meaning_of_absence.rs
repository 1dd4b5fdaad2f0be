//! A fact of which nobody said what a blank means, and without which most clauses stay open.

use std::collections::HashSet;

use crate::check::{Check, place, walk};
use crate::clause::kind::Measures;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::{Input, Origin};
use crate::expr::program::Op;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::note(
        "no-meaning-of-absence",
        "空缺没有含义，多数条款因此待定",
        "a blank means nothing, and most clauses wait for it",
    ),
    page: Text::new(
        "某种申请人的有金额条款，多半要问这项事实，而声明里没有写空缺是什么意思（`absent`）：不填就全部待定。\
         空缺对经办人有固定含义（没有发生、没有记录、否）的，写上；否则不必改，这只是提醒。",
        "Most clauses with an amount, for one kind of applicant, ask for this fact, and its declaration does not say what a blank means \
         (`absent`): left out, it keeps all of them open. Where a blank has a meaning to an officer (it did not happen, there is no \
         record, no), write it; otherwise leave it. This is a note only.",
    ),
    bad: r#"
[facts.in_debt]
type  = "bool"
label = { zh = "列入失信名单", en = "Blacklisted" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "甲补贴", en = "Subsidy A" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "1万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "乙补贴", en = "Subsidy B" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "2万元"

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "丙补贴", en = "Subsidy C" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "3万元"
"#,
    good: r#"
[facts.in_debt]
type   = "bool"
absent = false
label  = { zh = "列入失信名单（没有不填）", en = "Blacklisted (if not: leave out)" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "甲补贴", en = "Subsidy A" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "1万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "乙补贴", en = "Subsidy B" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "2万元"

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "丙补贴", en = "Subsidy C" }
for      = "person"
requires = [{ test = "not in_debt", zh = "未列入失信名单", en = "not blacklisted" }]
amount   = "3万元"
"#,
    find,
};

/// Fewer clauses for a kind of applicant say nothing of "most".
const FEWEST: usize = 3;

fn find(policy: &Policy) -> Vec<Diagnostic> {
    // For each clause with an amount what it asks for.
    let asks: Vec<(&[usize], HashSet<usize>)> = policy
        .clauses
        .iter()
        .filter(|clause| clause.kind.measures != Measures::Nothing)
        .map(|clause| {
            let mut inputs: HashSet<usize> = clause.each.iter().map(|each| each.input).collect();
            walk::each(policy, clause.expressions(), &mut |node| match &node.op {
                Op::Input(place) => drop(inputs.insert(*place)),
                Op::Aggregate(aggregate) => drop(inputs.insert(aggregate.input)),
                _ => {}
            });
            (clause.applies_to.as_slice(), inputs)
        })
        .collect();
    let mut found = Vec::new();
    for (at, input) in policy.names.inputs.iter().enumerate().filter(|(_, input)| could_say(input)) {
        let Some(entry) = place::input(policy, &input.name, &input.origin) else { continue };
        for (kind, (_, label)) in policy.names.applicant_kinds.iter().enumerate() {
            let own = || asks.iter().filter(|(kinds, _)| kinds.contains(&kind));
            let (all, asking) = (own().count(), own().filter(|(_, inputs)| inputs.contains(&at)).count());
            if all >= FEWEST && asking * 2 > all {
                let here = Text::made(
                    format!("适用于{}的 {all} 个有金额条款中，{asking} 个要问它", label.zh),
                    format!("{asking} of {all} clauses with an amount for: {} ask for it", label.en),
                );
                let help = Text::new("空缺有固定含义的，写 `absent`", "where a blank has a meaning, write `absent`");
                found.push(CHECK.code.at(entry.key_span.clone(), here).help(help).about(&input.name));
                break;
            }
        }
    }
    found
}

/// Whether a declaration could say what a blank means, and does not.
fn could_say(input: &Input) -> bool {
    let could = matches!(input.ty, Type::Bool | Type::Date | Type::List(_));
    could && input.origin == Origin::Fact && input.name != "other_benefits" && !input.absent.is_point()
}
