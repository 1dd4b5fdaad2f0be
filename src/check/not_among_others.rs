//! A clause whose category is another matter's by its words, or that is for applicants who are never asked for what it asks.

use std::collections::BTreeSet;

use crate::check::{Check, walk, words};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::Origin;
use crate::expr::program::Op;
use crate::lang::Text;
use crate::policy::{Policy, place};

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "not-among-others",
        "类别或申请人像是别的条款的",
        "a category or an applicant seems to be another clause's",
    ),
    page: Text::new(
        "两种情形：条款的文字与本条 `category` 的名称毫无相同之处，标题却与另一类别相同，重复享受的核对会找错对象；\
         `for` 里的一种申请人，本条要问的事实别的条款从不问他，只问另一种申请人，多半是多写了。改正 `category` 或 `for`。",
        "Two of them: the words of a clause have nothing of its `category`, and its title has something of another one, so that the rule against double payment looks \
         at the wrong money; or one kind of applicant in `for` is asked by no other clause for anything that this one asks, which others ask of another kind: it was \
         probably written too many. Mend `category` or `for`.",
    ),
    bad: r#"
[categories.training]
label = { zh = "培训", en = "Training" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "培训补助", en = "Training" }
for      = "person"
category = "housing"
amount   = "1万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "住房补贴", en = "Housing" }
for      = "enterprise"
category = "housing"
amount   = "2万元"

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "技能培训奖励", en = "Reward for training" }
for      = "enterprise"
category = "training"
amount   = "3万元"
"#,
    good: r#"
[categories.training]
label = { zh = "培训", en = "Training" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "培训补助", en = "Training" }
for      = "person"
category = "training"
amount   = "1万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "住房补贴", en = "Housing" }
for      = "enterprise"
category = "housing"
amount   = "2万元"

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "技能培训奖励", en = "Reward for training" }
for      = "enterprise"
category = "training"
amount   = "3万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let paying: Vec<&Clause> = policy
        .clauses
        .iter()
        .filter(|clause| clause.kind.counted == Counted::Total && clause.supplement.is_none())
        .collect();
    // A vocabulary has more than the policy speaks of.
    let declared = place::section(policy, "categories").iter().map(|entry| entry.key.as_str());
    let declared: BTreeSet<&str> = declared.collect();
    let used: BTreeSet<usize> = paying.iter().filter_map(|clause| clause.category).collect();
    let is_known = |(place, (id, _)): &(usize, &(String, Text))| used.contains(place) || declared.contains(id.as_str());
    let known: Vec<usize> =
        policy.names.categories.iter().enumerate().filter(is_known).map(|(place, _)| place).collect();
    let asked: Vec<BTreeSet<usize>> = paying.iter().map(|clause| facts(policy, clause)).collect();
    let mut found = Vec::new();
    for (at, clause) in paying.iter().enumerate() {
        found.extend(category(policy, clause, &known));
        for kind in clause.applies_to.iter().filter(|_| clause.applies_to.len() > 1) {
            let others = || paying.iter().zip(&asked).enumerate().filter(|(other, _)| *other != at);
            let shares = |facts: &BTreeSet<usize>| asked.get(at).is_some_and(|own| !own.is_disjoint(facts));
            let mine = others().any(|(_, (other, facts))| other.applies_to.contains(kind) && shares(facts));
            let mut theirs = others().filter(|(_, (other, facts))| !other.applies_to.contains(kind) && shares(facts));
            let (Some((_, (other, _))), false) = (theirs.next(), mine) else { continue };
            let Some((_, label)) = policy.names.applicant_kinds.get(*kind) else { continue };
            let label = Text::made(
                format!("本条要问的事实，别的条款（如 {}）从不问“{}”", other.cite, label.zh),
                format!("what it asks, other clauses ({}) never ask of: {}", other.id, label.en),
            );
            let help = Text::new("核对条文给付的对象，改正 `for`", "see whom the text pays, and mend `for`");
            found.push(CHECK.code.at(place::key(policy, clause, "for"), label).help(help).about(&clause.id));
        }
    }
    found
}

/// What an applicant is asked for by a clause.
fn facts(policy: &Policy, clause: &Clause) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = clause.each.iter().map(|each| each.input).collect();
    walk::each(policy, clause.expressions(), &mut |node| match &node.op {
        Op::Input(place) => drop(found.insert(*place)),
        Op::Aggregate(aggregate) => drop(found.insert(aggregate.input)),
        _ => {}
    });
    let stated = |place: &usize| {
        policy
            .names
            .inputs
            .get(*place)
            .is_some_and(|input| input.origin == Origin::Fact && input.name != "other_benefits")
    };
    found.into_iter().filter(stated).collect()
}

/// Signs that any benefit may have in its name.
const OF_ANY: &str = "人才补贴助奖励资金费与和及的业建设服务其他类项高校企单位新支持";

fn category(policy: &Policy, clause: &Clause, known: &[usize]) -> Option<Diagnostic> {
    let own = place::clause(policy, clause)?;
    let label = |place: usize| policy.names.categories.get(place).map(|(_, label)| label);
    let mine = label(clause.category?)?;
    let said = words::all_chinese(own);
    let has = |text: &str, label: &str| {
        text.contains(label) || label.chars().any(|sign| !OF_ANY.contains(sign) && text.contains(sign))
    };
    if has(&said, &mine.zh) {
        return None;
    }
    let others = known.iter().copied().filter(|place| Some(*place) != clause.category);
    // One sign of a long name says little.
    let much = |label: &str| {
        let own: Vec<char> = label.chars().filter(|sign| !OF_ANY.contains(*sign)).collect();
        let shared = own.iter().filter(|sign| clause.title.zh.contains(**sign)).count();
        clause.title.zh.contains(label) || shared > 0 && shared * 2 >= own.len()
    };
    let other = others.filter_map(label).find(|label| much(&label.zh))?;
    let label = Text::made(
        format!("文字与“{}”毫无相同之处，标题与“{}”相同", mine.zh, other.zh),
        format!("nothing of “{}” in its words, and something of “{}” in its title", mine.en, other.en),
    );
    let help = Text::new("核对 `category`", "see `category`");
    Some(CHECK.code.at(place::key(policy, clause, "category"), label).help(help).about(&clause.id))
}
