//! A case whose facts must be refused, because they contradict each other.

use crate::cases::Ran;
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::Item;
use crate::lang::Text;
use crate::policy::Policy;

codes! {
    static NOT_REFUSED: Code = Code::new("not-refused", "应予退回，却受理了", "this should be refused, and is accepted");
    static REFUSED_OTHERWISE: Code =
        Code::new("refused-otherwise", "退回的理由不是所写的", "it is refused for another reason");
    static UNKNOWN_REFUSAL: Code = Code::new("unknown-refusal", "没有这样的规则", "there is no such rule");
}

/// Holds what is wrong with the facts against what the case names: the words of a `[[consistent]]` rule in either language, or
/// the name of a message (`same-thing-twice`). Each of them must be found, and nothing else.
pub(super) fn compare(item: &Item, policy: &Policy, found: Vec<Diagnostic>, ran: &mut Ran) {
    let wanted = item.texts(&mut ran.faults);
    let mut used = vec![false; wanted.len()];
    let before = ran.faults.len();
    for fault in found {
        let rule = policy.consistent.iter().find(|rule| told_of(&fault, &rule.condition.text));
        let is_it = |word: &str| match rule {
            Some(rule) => is_named(word, &rule.condition.text),
            None => word == fault.code.name,
        };
        match wanted.iter().position(|(word, _)| is_it(word)) {
            Some(place) => {
                used.iter_mut().skip(place).take(1).for_each(|used| *used = true);
                ran.refused.extend(rule.map(|rule| rule.condition.text.clone()));
            }
            None => {
                ran.faults.push(REFUSED_OTHERWISE.at(item.span.clone(), Text::default()));
                ran.faults.push(fault);
            }
        }
    }
    let is_refused_otherwise = ran.faults.len() > before;
    for ((word, span), _) in wanted.into_iter().zip(used).filter(|(_, used)| !used) {
        let rules = || policy.consistent.iter().map(|rule| &rule.condition.text);
        let is_rule = rules().any(|text| is_named(&word, text));
        let is_code = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if !is_rule && !is_code {
            let known = rules().flat_map(|text| [text.zh.as_ref(), text.en.as_ref()]);
            ran.faults.push(UNKNOWN_REFUSAL.at(span, Text::default()).help(did_you_mean(&word, known)));
        } else if !is_refused_otherwise {
            ran.faults.push(NOT_REFUSED.at(span, Text::default()));
        }
    }
}

fn is_named(word: &str, text: &Text) -> bool {
    text.zh == word || text.en == word
}

/// Whether a message tells of the rule with these words.
fn told_of(fault: &Diagnostic, words: &Text) -> bool {
    let own = fault.labels.first().map(|(_, label)| label);
    fault.code.name == "contradiction" && own.is_some_and(|label| label.zh.ends_with(&format!("应当：{}", words.zh)))
}
