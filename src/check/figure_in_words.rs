//! A figure in the words of a clause that is not among those it calculates with.

use crate::audit::figure::{Amount, Figure};
use crate::audit::known::Known;
use crate::check::possible::Question;
use crate::check::{Check, words};
use crate::clause::kind::Measures;
use crate::clause::{Clause, Installment, Limit};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "figure-in-words",
        "文字中的数字与计算不符",
        "a figure in the words is not the one that is calculated",
    ),
    page: Text::new(
        "有金额的条款，其标题、概述和条件、期次、限额的文字中写的数字，不在计算所用的数字之列：多半改了算式没改文字，或中英文不一致。\
         有意不核算的写入 `not_computed`，推算得出的写入 `derived`。年与月通算，分期的合计也算。",
        "A figure in the title, the summary, or the words of a condition, part or limit of a clause with an amount is not among those \
         that the clause calculates with: mostly the formula was changed and the words were not, or the two languages differ. What is \
         deliberately not computed goes into `not_computed`, what follows into `derived`. Years count as months; the sum of the parts is known.",
    ),
    bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
summary       = { zh = "硕士2万元，博士5万元。", en = "20,000 元 with a master's degree, 30,000 元 with a doctor's." }
for           = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
summary       = { zh = "硕士2万元，博士5万元。", en = "20,000 元 with a master's degree, 50,000 元 with a doctor's." }
for           = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let of_clauses = words::in_clauses(policy, |at, clause, own| match clause.kind.measures {
        Measures::Nothing => Vec::new(),
        _ => of_clause(policy, at, clause, own),
    });
    // What several clauses share is known to each of them.
    let views: Vec<(&Clause, &Limit)> = policy.limits_over_clauses().collect();
    let shared = words::beside(&policy.document, "limits", &views).flat_map(|(table, (clause, _))| {
        let at = policy.clause(&clause.id).unwrap_or_default();
        against(&Known::of(policy, at), None, words::both(table).collect(), &clause.id)
    });
    of_clauses.into_iter().chain(shared).collect()
}

fn of_clause(policy: &Policy, at: usize, clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let said = words::of(own, &["title", "summary", "requires", "installments", "limits"]);
    against(&Known::of(policy, at), sum_of_parts(policy, clause).as_ref(), said, &clause.id)
}

/// The figures in words that are not among those that are known.
fn against(known: &Known, sum: Option<&Figure>, words: Vec<words::Words<'_>>, about: &str) -> Vec<Diagnostic> {
    let help = Text::new(
        "改正文字或算式；有意不核算的写入 `not_computed`，推算的写入 `derived`",
        "mend the words or the formula; declare in `not_computed` what is not computed, in `derived` what follows",
    );
    let mut found = Vec::new();
    for said in words {
        for (figure, range) in said.figures() {
            let rest = said.text.get(range.end..).unwrap_or("");
            if known.has(&figure) || sum.is_some_and(|sum| sum.agrees(&figure)) || is_nothing(&figure, rest, known) {
                continue;
            }
            let written = said.text.get(range.clone()).unwrap_or("");
            let label = Text::made(
                format!("本条的计算中没有“{written}”"),
                format!("the clause does not calculate with “{written}”"),
            );
            found.push(CHECK.code.at(said.inside(range), label).help(help.clone()).about(about));
        }
    }
    found
}

/// What all parts come to together, where that is bounded.
fn sum_of_parts(policy: &Policy, clause: &Clause) -> Option<Figure> {
    let question = Question::of_clause(policy, clause);
    let most = |part: &Installment| {
        let values = question.values_where(&part.amount, None).into_iter();
        let tops = values.map(|value| match value {
            Value::Quantity(range) => range.hi,
            _ => Bound::Above,
        });
        tops.max()?.number()
    };
    let parts = clause.installments.iter().map(most).collect::<Option<Vec<Number>>>()?;
    let sum = parts.into_iter().try_fold(Number::ZERO, Number::plus)?;
    Some(Figure::amount(sum, &policy.names.money.word))
}

/// Whether a figure says nothing that could be calculated otherwise: one of something, one to one; or whether it stands in a
/// list whose last member has the 万 or 亿 of all.
fn is_nothing(figure: &Figure, behind: &str, known: &Known) -> bool {
    let Figure::Amount(Amount { number, unit, .. }) = figure else { return figure.says_nothing() };
    let one = *number == Number::ONE && unit.as_deref() != Some("月");
    let in_list = unit.is_none() && behind.starts_with('、');
    let scaled =
        |by: i64| number.multiply(Number::whole(by)).is_some_and(|number| known.has(&Figure::amount(number, "元")));
    figure.says_nothing() || one || (in_list && (scaled(10_000) || scaled(100_000_000)))
}
