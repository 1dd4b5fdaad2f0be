//! Facts that contradict each other are an error, not a result.

use crate::applicant::read::Facts;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::context::{Context, Local, RecordAt};
use crate::lang::Text;
use crate::policy::{Consistent, Policy};
use crate::source::Span;
use crate::value::{Day, Truth, Value};

codes! {
    static CONTRADICTION: Code = Code::new("contradiction", "所填事实相互矛盾", "these facts contradict each other");
}

/// Reports every rule of the policy that the facts break for sure. `head` is the place to name where no fact has one.
pub(super) fn check(facts: &Facts<'_>, as_of: Day, head: &Span, diagnostics: &mut Vec<Diagnostic>) {
    let mut context = Context::new(&facts.policy.names, &facts.values, as_of);
    for rule in &facts.policy.consistent {
        let Some(each) = &rule.each else {
            broken(rule, None, facts, &mut context, head, diagnostics);
            continue;
        };
        let Some(Value::List(list)) = facts.values.get(each.input) else { continue };
        for (index, record) in list.records.iter().enumerate() {
            let at = RecordAt { input: each.input, list: each.list, index, record };
            broken(rule, Some(at), facts, &mut context, head, diagnostics);
        }
    }
}

/// Whether these inputs of a policy break none of its rules for sure: whether a file with them would be accepted.
pub fn agree(policy: &Policy, inputs: &[Value], as_of: Day) -> bool {
    let holds = |rule: &Consistent, each: Option<RecordAt<'_>>| {
        let mut context = Context::new(&policy.names, inputs, as_of);
        context.enter(Local { each, ..Local::NONE });
        !rule.condition.test.truth(&mut context).is_false()
    };
    policy.consistent.iter().all(|rule| match &rule.each {
        None => holds(rule, None),
        Some(each) => match inputs.get(each.input) {
            Some(Value::List(list)) => list.records.iter().enumerate().all(|(index, record)| {
                holds(rule, Some(RecordAt { input: each.input, list: each.list, index, record }))
            }),
            _ => true,
        },
    })
}

fn broken<'a>(
    rule: &'a Consistent,
    each: Option<RecordAt<'a>>,
    facts: &Facts<'_>,
    context: &mut Context<'a>,
    head: &Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    context.enter(Local { each, ..Local::NONE });
    let holds: Truth = rule.condition.test.truth(context);
    if !holds.is_false() {
        return;
    }
    let record = each.map(|at| {
        let place = at.index + 1;
        let name = |open: &str, close: &str| at.record.label.as_ref().map(|name| format!("{open}{name}{close}"));
        Text::made(
            format!("第{place}条{}", name("（", "）").unwrap_or_default()),
            format!("of record {place}{} ", name(" (", ")").unwrap_or_default()),
        )
    });
    let record = record.unwrap_or_default();
    let text = &rule.condition.text;
    let label = Text::made(
        format!("{}应当：{}", record.zh, text.zh),
        format!("expected {}: {}", record.en, text.en).replace(" :", ":"),
    );
    let list = each.and_then(|at| facts.heads.get(at.input)?.get(at.index).cloned());
    let own = each.map(|at| at.input);
    let read = (0..facts.spans.len()).filter(|place| context.reads.contains(*place) && own != Some(*place));
    let mut spans = list.into_iter().chain(read.filter_map(|place| facts.spans.get(place).cloned().flatten()));
    let first = spans.next().unwrap_or_else(|| head.clone());
    let more: Vec<Span> = spans.take(3).collect();
    let diagnostic = CONTRADICTION.at(first, label);
    diagnostics.push(more.into_iter().fold(diagnostic, |diagnostic, span| diagnostic.and(span, Text::default())));
}
