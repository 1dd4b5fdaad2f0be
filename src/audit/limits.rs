//! What words say of a limit: for each year, for each of something, who comes first; against how it is written.

use crate::clause::Limit;
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;

/// What is against the words.
pub struct Against {
    /// In words.
    pub label: Text,
}

const YEARS: &[&str] = &["每年", "每年度", "年度", "当年", "同一年", "每学年", "一年内", "每自然年"];
const EACH: &[&str] = &[
    "每家",
    "每个企业",
    "每所",
    "每户",
    "每校",
    "同一",
    "一家",
    "一所",
    "每单位",
    "每个单位",
    "每人",
    "每个平台",
    "每个项目",
];
const HIGHEST: &[&str] =
    &["从高到低", "由高到低", "高者优先", "最高者", "高分优先", "多者优先", "从多到少", "晚者优先", "择优"];
const LOWEST: &[&str] =
    &["从低到高", "由低到高", "先到先得", "先后", "先报", "早者优先", "名次", "从早到晚", "从少到多", "低者优先"];

const ALL: &[&str] = &["全市", "全区", "全州", "全县", "全省", "全国", "评选", "遴选", "择优", "名额"];

/// The keys of a limit that are against some words; `around` is all that is said of it.
pub fn against(policy: &Policy, limit: &Limit, text: &str, around: &str) -> Vec<(&'static str, Against)> {
    // Over one applicant's own lines, the same applicant is all that there is: `同一企业` of what enterprises apply for.
    let kinds = policy.names.applicant_kinds.iter().filter(|_| !limit.across);
    let text = kinds.fold(text.to_owned(), |text, (_, label)| text.replace(&format!("同一{}", label.zh), ""));
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let by_year = limit.per.iter().any(|node| is_year(policy, node));
    let by_other = limit.per.iter().any(|node| !is_year(policy, node));
    let mut found = Vec::new();
    let mut add = |key: &'static str, zh: &'static str, en: &'static str| {
        found.push((key, Against { label: Text::new(zh, en) }));
    };
    if says(YEARS) && !by_year {
        add("per", "文字写“每年”，`per` 里没有年份", "the words say each year, and `per` has no year");
    }
    if by_year && !YEARS.iter().any(|word| around.contains(word)) {
        add("per", "`per` 里有年份，文字没有写“每年”", "`per` has a year, and the words say nothing of years");
    }
    // Over one applicant's own lines, each enterprise has its own anyway.
    if (says(EACH) && limit.across || says(&["同一"])) && !by_other {
        add(
            "per",
            "文字写“每家、同一”，`per` 里没有相应的一项",
            "the words say for each of something, and `per` does not",
        );
    }
    if says(ALL) && !limit.across {
        add(
            "across",
            "文字写的是全体申请人的名额，这里只限一个申请人自己的",
            "the words share out among all applicants, this limits one applicant's own lines",
        );
    }
    let says = |words: &[&str]| words.iter().any(|word| around.contains(word));
    if limit.order.is_some() {
        if says(HIGHEST) && !says(LOWEST) && !limit.highest_first {
            add("order_by", "文字写高者在先，这里从低到高", "the words put the highest first, here the lowest is");
        }
        if says(LOWEST) && !says(HIGHEST) && limit.highest_first {
            add(
                "order_by",
                "文字写低者（先者）在先，这里从高到低",
                "the words put the lowest or the earliest first, here the highest is",
            );
        }
    }
    found
}

/// Whether a key tells years apart: `year(…)`, or a fact that is a year by its name.
fn is_year(policy: &Policy, node: &Node) -> bool {
    match &node.op {
        Op::Call(Builtin::Year, _) => true,
        Op::Define(place) => policy.names.defines.get(*place).is_some_and(|define| is_year(policy, &define.node)),
        Op::Input(place) => policy
            .names
            .inputs
            .get(*place)
            .is_some_and(|input| input.label.zh.contains("年度") || input.label.zh.contains("年份")),
        Op::Arithmetic(Binary::Add | Binary::Subtract, left, right) => is_year(policy, left) || is_year(policy, right),
        _ => false,
    }
}
