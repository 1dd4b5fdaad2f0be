//! Above the breakdown: who asks, on which day, and under which policies.

use crate::assess::model::{Assessment, PolicyHead};
use crate::lang::Lang;
use crate::report::ink::Ink;
use crate::report::layout::Block;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;

/// What the applicant is called: by name, or else by the file.
pub fn name(assessment: &Assessment) -> String {
    let applicant = &assessment.applicant;
    clean(applicant.name.as_deref().unwrap_or(&applicant.file))
}

/// What amounts are in.
pub fn currency(assessment: &Assessment, lang: Lang) -> String {
    match (assessment.currency(), lang) {
        (None, _) => words::YUAN.get(lang).to_owned(),
        (Some(unit), Lang::Zh) => clean(&unit.zh),
        (Some(unit), Lang::En) => clean(&unit.en_many),
    }
}

/// The head's paragraphs: who asks and on which day, then each policy.
pub fn blocks(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    let name = name(assessment);
    let kind = bracketed(&say(&assessment.applicant.kind_label, lang), lang);
    let as_of = assessment.as_of;
    let terms = match lang {
        Lang::Zh => format!("评估日期 {as_of} · 金额单位：{}", currency(assessment, lang)),
        Lang::En => format!("as of {as_of} · amounts in {}", currency(assessment, lang)),
    };
    let mut blocks = vec![Block::plain(format!("{}{kind} · {terms}", Ink::Bold.on(&name)))];
    for policy in &assessment.policies {
        blocks.push(Block::plain(title(policy, lang)));
        blocks.push(Block::under(details(policy, lang)));
    }
    blocks
}

/// What stands above the table of one policy among several.
pub fn caption(assessment: &Assessment, policy: &str, lang: Lang) -> Block {
    let head = assessment.policies.iter().find(|head| head.id == policy);
    Block::plain(head.map_or_else(|| Ink::Bold.on(&clean(policy)), |head| title(head, lang)))
}

/// The title, and beside it what an officer must not overlook: a draft, an end.
pub fn title(policy: &PolicyHead, lang: Lang) -> String {
    let mut text = Ink::Bold.on(&say(&policy.title, lang));
    let mut mark = |ink: Ink, words: &str| match lang {
        Lang::Zh => text.push_str(&ink.on(&format!("【{words}】"))),
        Lang::En => text.push_str(&format!(" {}", ink.on(&format!("[{}]", words.to_uppercase())))),
    };
    if !in_force(policy) {
        mark(Ink::Yellow, &say(&policy.status_label, lang));
    }
    if policy.expired {
        mark(Ink::Red, words::EXPIRED.get(lang));
    }
    text
}

/// What an officer must not overlook of a policy: that it is not in force, that it has ended.
pub fn marks(policy: &PolicyHead, lang: Lang) -> Vec<String> {
    let standing = (!in_force(policy)).then(|| say(&policy.status_label, lang));
    let expired = policy.expired.then(|| words::EXPIRED.get(lang).to_owned());
    standing.into_iter().chain(expired).collect()
}

fn in_force(policy: &PolicyHead) -> bool {
    policy.status == "in_force"
}

/// From when to when it holds, where that is stated.
pub fn window(policy: &PolicyHead, lang: Lang) -> Option<String> {
    match (lang, policy.from, policy.to) {
        (_, None, None) => None,
        (Lang::Zh, Some(from), Some(to)) => Some(format!("有效期 {from} 至 {to}")),
        (Lang::Zh, Some(from), None) => Some(format!("自 {from} 起施行")),
        (Lang::Zh, None, Some(to)) => Some(format!("有效期至 {to}")),
        (Lang::En, Some(from), Some(to)) => Some(format!("valid {from} to {to}")),
        (Lang::En, Some(from), None) => Some(format!("valid from {from}")),
        (Lang::En, None, Some(to)) => Some(format!("valid to {to}")),
    }
}

/// Issuer, status and window.
fn details(policy: &PolicyHead, lang: Lang) -> String {
    let status = (in_force(policy) && !policy.expired).then(|| say(&policy.status_label, lang));
    [Some(say(&policy.issuer, lang)), status, window(policy, lang)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}
