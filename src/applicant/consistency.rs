//! Facts that contradict each other are an error, not a result.

use std::cmp::Ordering;
use std::iter;

use crate::applicant::identity::{self, Standing};
use crate::applicant::read::{Facts, TOO_MANY};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::context::{Context, Local, RecordAt};
use crate::expr::eval::compare;
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::{Consistent, Pairs, Policy};
use crate::source::Span;
use crate::value::{Day, Record, Truth, Value};

codes! {
    static CONTRADICTION: Code = Code::new("contradiction", "所填事实相互矛盾", "these facts contradict each other");
}

/// At most so many faults are told.
const MOST_TOLD: usize = 100;
/// More records than this are not compared two by two.
const MOST_PAIRED: usize = 1_000;

/// Reports every rule of the policy that the facts break for sure. `head` is the place to name where no fact has one.
pub(super) fn check(facts: &Facts<'_>, as_of: Day, head: &Span, diagnostics: &mut Vec<Diagnostic>) {
    let mut context = Context::new(&facts.policy.names, &facts.values, as_of);
    for rule in &facts.policy.consistent {
        let mut told: Vec<(usize, usize)> = Vec::new();
        for (each, beside) in places(rule, &facts.values, &mut context) {
            // The same two the other way round say nothing more.
            let two = each.zip(beside).map(|(one, other)| (one.index, other.index));
            if two.is_some_and(|(one, other)| told.contains(&(other, one))) {
                continue;
            }
            let before = diagnostics.len();
            broken(rule, each, beside, facts, &mut context, head, diagnostics);
            told.extend(two.filter(|_| diagnostics.len() > before));
            if diagnostics.len() >= MOST_TOLD {
                break;
            }
        }
        if let Some(span) = too_many(rule, facts) {
            let label = Text::made(
                format!("这份名单须逐两条核对，最多 {MOST_PAIRED} 条"),
                format!("this list is compared two by two: at most {MOST_PAIRED} records"),
            );
            diagnostics.push(TOO_MANY.at(span.clone(), label));
        }
    }
}

/// Whether these inputs of a policy break none of its rules for sure: whether a file with them would be accepted.
pub fn agree(policy: &Policy, inputs: &[Value], as_of: Day) -> bool {
    agreed(policy, inputs, as_of).is_some()
}

/// The same; where they break none, whether nothing in their lists is perhaps the same as another.
pub(crate) fn agreed(policy: &Policy, inputs: &[Value], as_of: Day) -> Option<bool> {
    let mut context = Context::new(&policy.names, inputs, as_of);
    let rules = policy.consistent.iter().all(|rule| {
        !is_too_long(rule, inputs)
            && places(rule, inputs, &mut context).all(|(each, beside)| {
                context.enter(Local { each, ..Local::NONE });
                context.put_beside(beside);
                !rule.condition.test.truth(&mut context).is_false()
            })
    });
    if !rules {
        return None;
    }
    let mut apart = true;
    for identity in &policy.identities {
        match identity::standing(identity, &mut context) {
            Standing::Apart => {}
            Standing::Agrees => apart = false,
            Standing::Contradicts => return None,
        }
    }
    Some(apart)
}

/// The record that a rule is tested for, and the one beside it.
type Place<'a> = (Option<RecordAt<'a>>, Option<RecordAt<'a>>);

/// Every place at which a rule is tested.
fn places<'a>(
    rule: &'a Consistent,
    inputs: &'a [Value],
    context: &mut Context<'a>,
) -> Box<dyn Iterator<Item = Place<'a>> + 'a> {
    let Some(each) = &rule.each else { return Box::new(iter::once((None, None))) };
    let Some(Value::List(list)) = inputs.get(each.input) else { return Box::new(iter::empty()) };
    let at = move |index: usize, record: &'a Record| RecordAt { input: each.input, list: each.list, index, record };
    let records = move || {
        list.records
            .iter()
            .enumerate()
            .filter(|(_, record)| record.is_there())
            .map(move |(index, record)| at(index, record))
    };
    match &rule.pairs {
        None => Box::new(records().map(|record| (Some(record), None))),
        Some(_) if list.records.len() > MOST_PAIRED => Box::new(iter::empty()),
        Some(Pairs::All) => {
            // A record that stands for several stands beside its like.
            let two = |one: &RecordAt<'a>, other: &RecordAt<'a>| one.index != other.index || one.record.times > 1;
            let beside = move |one: RecordAt<'a>| {
                records().filter(move |other| two(&one, other)).map(move |other| (Some(one), Some(other)))
            };
            Box::new(records().flat_map(beside))
        }
        Some(Pairs::Next(by)) => {
            let mut sorted: Vec<(Value, RecordAt<'a>)> = Vec::new();
            for record in records() {
                context.enter(Local::NONE);
                context.put_beside(Some(record));
                sorted.push((by.eval(context), record));
            }
            // Who follows whom is known only where all places are.
            if list.open
                || list.records.iter().any(|record| !record.is_there())
                || sorted.iter().any(|(place, _)| !place.is_point())
            {
                return Box::new(iter::empty());
            }
            sorted.sort_by(|(a, _), (b, _)| order(a, b));
            let records: Vec<RecordAt<'a>> = sorted.into_iter().map(|(_, record)| record).collect();
            let next = records.clone().into_iter().zip(records.into_iter().skip(1));
            Box::new(next.map(|(one, other)| (Some(one), Some(other))))
        }
    }
}

fn order(one: &Value, other: &Value) -> Ordering {
    if compare(Binary::Less, one, other).is_true() {
        Ordering::Less
    } else if compare(Binary::Greater, one, other).is_true() {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Whether a rule's list is too long to be compared two by two.
fn is_too_long(rule: &Consistent, inputs: &[Value]) -> bool {
    let each = rule.pairs.as_ref().and(rule.each.as_ref());
    let list = each.and_then(|each| inputs.get(each.input));
    matches!(list, Some(Value::List(list)) if list.records.len() > MOST_PAIRED)
}

/// Where such a list begins.
fn too_many<'f>(rule: &Consistent, facts: &'f Facts<'_>) -> Option<&'f Span> {
    let each = rule.each.as_ref().filter(|_| is_too_long(rule, &facts.values))?;
    facts.spans.get(each.input)?.as_ref()
}

fn broken<'a>(
    rule: &'a Consistent,
    each: Option<RecordAt<'a>>,
    beside: Option<RecordAt<'a>>,
    facts: &Facts<'_>,
    context: &mut Context<'a>,
    head: &Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    context.enter(Local { each, ..Local::NONE });
    context.put_beside(beside);
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
    let place = |at: RecordAt<'_>| facts.heads.get(at.input)?.get(at.index).cloned();
    let list = each.and_then(place).into_iter().chain(beside.and_then(place));
    let own = each.map(|at| at.input);
    let read = (0..facts.spans.len()).filter(|place| context.reads.contains(*place) && own != Some(*place));
    let mut spans = list.chain(read.filter_map(|place| facts.spans.get(place).cloned().flatten()));
    let first = spans.next().unwrap_or_else(|| head.clone());
    let more: Vec<Span> = spans.take(3).collect();
    let diagnostic = CONTRADICTION.at(first, label);
    diagnostics.push(more.into_iter().fold(diagnostic, |diagnostic, span| diagnostic.and(span, Text::default())));
}
