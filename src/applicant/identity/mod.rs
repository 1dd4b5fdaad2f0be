//! One thing listed twice, and periods of one thing that overlap. What is sure is refused; what nobody can say is told.

mod apart;
mod overlaps;
mod twice;

use std::borrow::Cow;

use crate::applicant::read::Facts;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::context::{Context, Local, RecordAt};
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::{Identity, Policy};
use crate::source::{Span, clean, folded};
use crate::value::{Day, List, Record, Value};
use apart::are_apart;
use overlaps::overlaps;
use twice::twice;

codes! {
    static SAME_TWICE: Code = Code::new("same-thing-twice", "同一事项登记了两次", "the same thing is listed twice");
    static OVERLAPPING: Code = Code::new("overlapping-periods", "同一事项的时间重叠", "periods of the same thing overlap");
}

/// At most so many faults are told of one list.
const MOST_TOLD: usize = 20;

/// Two records of a list, by their places; the same place twice where one record stands for several.
type Two = (usize, usize);

/// How something stands in a list twice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Twice {
    Same,
    Numbered,
    Overlapping,
}

/// What a list says twice, and what nobody can tell.
#[derive(Debug, Default)]
struct Found {
    same: Vec<Two>,
    overlapping: Vec<Two>,
    /// How many things of the list may be the same as another.
    unsure: u64,
    /// Of the same, those that agree in the field that tells apart those of one name.
    numbered: Vec<Two>,
    /// A name that several have whom nothing tells apart, and their places.
    name: Option<(String, Vec<usize>)>,
}

/// Reports every thing that stands in a list twice for sure, and all periods that overlap for sure.
pub(super) fn check(facts: &Facts<'_>, as_of: Day, diagnostics: &mut Vec<Diagnostic>) {
    let mut context = Context::new(&facts.policy.names, &facts.values, as_of);
    for identity in &facts.policy.identities {
        let Some(Value::List(list)) = facts.values.get(identity.input) else { continue };
        let found = look(identity, list, &mut context);
        let numbered = found.numbered.iter().map(|two| (Twice::Numbered, two));
        let same = found.same.iter().map(|two| (Twice::Same, two));
        // Of what is the same, that its periods overlap says nothing more.
        let other = |two: &&Two| !found.same.contains(two) && !found.numbered.contains(two);
        let overlapping = found.overlapping.iter().filter(other).map(|two| (Twice::Overlapping, two));
        for (twice, two) in numbered.chain(same).chain(overlapping).take(MOST_TOLD) {
            let fault = fault(twice, *two, identity, list, facts);
            // Two policies that share a list say the same.
            let places = |fault: &Diagnostic| fault.labels.iter().map(|(span, _)| span.clone()).collect::<Vec<Span>>();
            let known = |fault: &Diagnostic| {
                diagnostics.iter().any(|other| {
                    other.code.name == fault.code.name && {
                        let (one, two) = (places(other), places(fault));
                        one.len() == two.len() && one.iter().zip(&two).all(|(one, two)| one.is(two))
                    }
                })
            };
            if let Some(fault) = fault.filter(|fault| !known(fault)) {
                diagnostics.push(fault);
            }
        }
    }
}

/// What can be said of a list's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// None of them is perhaps the same as another.
    Apart,
    /// None of them is the same as another for sure.
    Agrees,
    /// Something stands in it twice.
    Contradicts,
}

/// What can be said of a policy's list.
pub(super) fn standing<'a>(identity: &'a Identity, context: &mut Context<'a>) -> Standing {
    let Some(Value::List(list)) = context.inputs.get(identity.input) else { return Standing::Apart };
    let found = look(identity, list, context);
    if !(found.same.is_empty() && found.numbered.is_empty() && found.overlapping.is_empty()) {
        return Standing::Contradicts;
    }
    if found.unsure == 0 && found.name.is_none() { Standing::Apart } else { Standing::Agrees }
}

/// For each list of the policy of which nobody can say whether something stands in it twice: that it is so, and what would tell.
pub fn unsure(policy: &Policy, inputs: &[Value], as_of: Day) -> Vec<Text> {
    let mut context = Context::new(&policy.names, inputs, as_of);
    let mut told = Vec::new();
    for identity in &policy.identities {
        if let Some(Value::List(list)) = inputs.get(identity.input) {
            told.extend(tell(&look(identity, list, &mut context), identity, policy));
        }
    }
    told
}

fn tell(found: &Found, identity: &Identity, policy: &Policy) -> Vec<Text> {
    let names = &policy.names;
    let list = names.inputs.get(identity.input).map(|input| input.label.clone()).unwrap_or_default();
    let fields = names.lists.get(identity.list).map_or(&[][..], |list| list.fields.as_slice());
    let number = identity.number.and_then(|(_, number)| fields.get(number)).map(|field| &field.label);
    let mut told = Vec::new();
    if let (Some(name), Some(number)) = (&found.name, number) {
        let (name, places) = (clean(&name.0), &name.1);
        let named: Vec<String> = places.iter().take(MOST_TOLD).map(|place| (place + 1).to_string()).collect();
        let more = if places.len() > MOST_TOLD { "…" } else { "" };
        let (zh, en) = (named.join("、"), named.join(", "));
        told.push(Text::made(
            format!("“{}”中第{zh}{more}条同名（{name}），是否为同一个无从核对；填写{}可以区分", list.zh, number.zh),
            format!(
                "{}: records {en}{more} are called {name}, and nothing says whether they are the same; state: {}",
                list.en, number.en
            ),
        ));
    }
    if found.unsure > 0 {
        let (count, what) = (found.unsure, what(&identity.expressions(), identity, policy));
        let verb = if count == 1 { "does" } else { "do" };
        told.push(Text::made(
            format!("“{}”中有{count}条没有写明{}，是否重复登记无从核对", list.zh, what.zh),
            format!("{}: {count} of its records {verb} not state {}, so that repeats cannot be seen", list.en, what.en),
        ));
    }
    told
}

/// The fields that some expressions name.
fn what(nodes: &[&Node], identity: &Identity, policy: &Policy) -> Text {
    let fields = policy.names.lists.get(identity.list).map_or(&[][..], |list| list.fields.as_slice());
    let mut places: Vec<usize> = Vec::new();
    let mut waiting: Vec<&Node> = nodes.iter().rev().copied().collect();
    while let Some(node) = waiting.pop() {
        if let Op::Field(0, place) = node.op
            && !places.contains(&place)
        {
            places.push(place);
        }
        waiting.extend(node.children());
    }
    let labels: Vec<Text> =
        places.iter().filter_map(|place| fields.get(*place)).map(|field| field.label.clone()).collect();
    Text::join(&labels, "、", ", ")
}

fn fault(
    twice: Twice,
    (first, second): Two,
    identity: &Identity,
    list: &List,
    facts: &Facts<'_>,
) -> Option<Diagnostic> {
    let heads = facts.heads.get(identity.input)?;
    let whole = || facts.spans.get(identity.input).cloned().flatten();
    let head = |place: usize| heads.get(place).cloned().or_else(whole);
    let record = list.records.get(second)?;
    let name = record.label.as_deref().map(clean);
    let (first_head, second_head): (Option<Span>, Option<Span>) = (head(first), head(second));
    let overlapping = twice == Twice::Overlapping;
    let fields = facts.policy.names.lists.get(identity.list).map_or(&[][..], |list| list.fields.as_slice());
    let number = identity.number.and_then(|(_, number)| fields.get(number));
    let by = match (&identity.no_overlap, twice, number) {
        (_, Twice::Numbered, Some(number)) => number.label.clone(),
        (Some(periods), Twice::Overlapping, _) => what(&[&periods.from, &periods.until], identity, facts.policy),
        _ => what(&identity.unique_by.iter().collect::<Vec<_>>(), identity, facts.policy),
    };
    let called = |open: &str, close: &str| name.as_ref().map(|name| format!("{open}{name}{close}")).unwrap_or_default();
    let several = first_head.as_ref().zip(second_head.as_ref()).is_some_and(|(one, other)| one.is(other));
    // As they are written: what stands for several is one.
    let written = |place: usize| {
        let new = |two: &[Span]| matches!(two, [one, other] if !one.is(other));
        1 + heads.get(..=place).map_or(place, |heads| heads.windows(2).filter(|two| new(two)).count())
    };
    let (first, second) = (written(first), written(second));
    let label = match (several, overlapping) {
        (true, _) => Text::made(
            format!("写明了{}的记录只代表一项，`times` 应为 1{}", by.zh, called("（", "）")),
            format!("a record that states {} stands for one thing: `times` must be 1{}", by.en, called(" (", ")")),
        ),
        (false, true) => Text::made(
            format!("第{}条与第{}条的时间重叠{}", first, second, called("（", "）")),
            format!("the periods of records {} and {} overlap{}", first, second, called(" (", ")")),
        ),
        (false, false) => Text::made(
            format!("第{}条与第{}条的{}相同{}", first, second, by.zh, called("（", "）")),
            format!("records {} and {} agree in {}{}", first, second, by.en, called(" (", ")")),
        ),
    };
    let code = if overlapping { &OVERLAPPING } else { &SAME_TWICE };
    let diagnostic = code.at(second_head.clone()?, label);
    let diagnostic = match first_head.filter(|_| !several) {
        Some(first) => diagnostic.and(first, Text::new("另一条", "the other")),
        None => diagnostic,
    };
    let help = number.filter(|_| twice == Twice::Same).map(|field| {
        let (key, label) = (&field.name, &field.label);
        Text::made(
            format!("确为同名的不同对象，填写{}（`{key}`）以区分", label.zh),
            format!("if these are several of one name, tell them apart by `{key}` ({})", label.en),
        )
    });
    Some(diagnostic.help(help))
}

/// What a record is called, as it is compared with those of other applicants.
#[derive(Debug)]
pub struct Called {
    /// All that makes it the same, but for its number.
    pub key: String,
    /// Its name as it is written.
    pub name: String,
    /// Whether it states the number that tells apart those of one name.
    pub numbered: bool,
}

/// What the records of a list are called, where all of it is known.
pub fn called(identity: &Identity, policy: &Policy, inputs: &[Value], as_of: Day) -> Vec<Called> {
    let Some(Value::List(list)) = inputs.get(identity.input) else { return Vec::new() };
    let mut context = Context::new(&policy.names, inputs, as_of);
    let keys = keys(&identity.unique_by, identity, list, &mut context);
    let one = |(record, keys): (&Record, Vec<Option<String>>)| {
        let keys: Option<Vec<String>> = keys.into_iter().collect();
        let numbered = identity.number_of(record).is_some();
        Some(Called { key: keys?.join("\n"), name: record.label.clone()?, numbered })
    };
    list.records.iter().zip(keys).filter_map(one).collect()
}

fn look<'a>(identity: &'a Identity, list: &'a List, context: &mut Context<'a>) -> Found {
    let mut found = Found::default();
    if list.records.is_empty() {
        return found;
    }
    if are_apart(identity, list, context) {
        return found;
    }
    if !identity.unique_by.is_empty() {
        let keys = keys(&identity.unique_by, identity, list, context);
        twice(identity, list, &keys, &mut found);
    }
    if let Some(periods) = &identity.no_overlap {
        let within = keys(&periods.within, identity, list, context);
        overlaps(periods, identity, list, within, context, &mut found);
    }
    found
}

fn record_at<'a>(identity: &Identity, index: usize, record: &'a Record) -> RecordAt<'a> {
    RecordAt { input: identity.input, list: identity.list, index, record }
}

/// What some expressions are of each record, where they are known.
fn keys<'a>(
    nodes: &'a [Node],
    identity: &Identity,
    list: &'a List,
    context: &mut Context<'a>,
) -> Vec<Vec<Option<String>>> {
    let mut all = Vec::with_capacity(list.records.len());
    for (index, record) in list.records.iter().enumerate() {
        context.enter(Local::NONE);
        context.put_beside(Some(record_at(identity, index, record)));
        all.push(nodes.iter().map(|node| key(&node.eval(context))).collect());
    }
    all
}

/// A known value as a key; texts are the same whatever their blanks and widths.
fn key(value: &Value) -> Option<String> {
    match value {
        Value::Text(Some(text)) => Some(bare(text).into_owned()).filter(|text| !text.is_empty()),
        value => value.is_point().then(|| format!("{value:?}")),
    }
}

/// A name as it is compared with others of its list: folded, without blanks inside, capitals as small letters.
fn bare(text: &str) -> Cow<'_, str> {
    let text = folded(text);
    // As most are.
    let is_bare = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '!'..='@' | '['..='~');
    if text.chars().all(is_bare) {
        return text;
    }
    Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect())
}

impl Identity {
    /// The number of a record, where it has one.
    fn number_of(&self, record: &Record) -> Option<String> {
        self.number.and_then(|(_, place)| key(record.fields.get(place)?))
    }

    /// Which of some expressions is the name that the number stands beside.
    fn name_part(&self, nodes: &[Node]) -> Option<usize> {
        let (name, _) = self.number?;
        nodes.iter().position(|node| matches!(node.op, Op::Field(0, field) if field == name))
    }
}

/// The keys of a record with its number in place of its name, where all of them are known.
fn numbered(keys: &[Option<String>], name_part: usize, number: Option<String>) -> Option<Vec<String>> {
    let of = |(part, key): (usize, &Option<String>)| if part == name_part { number.clone() } else { key.clone() };
    keys.iter().enumerate().map(of).collect()
}
