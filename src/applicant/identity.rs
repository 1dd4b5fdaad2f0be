//! One thing listed twice, and periods of one thing that overlap. What is sure is refused; what nobody can say is told.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::applicant::read::Facts;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::context::{Context, Local, RecordAt};
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::{Identity, NoOverlap, Policy};
use crate::source::{Span, clean, folded};
use crate::value::{Bound, Day, List, Number, Record, Value};

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
    /// A name that several have whom nothing tells apart.
    name: Option<String>,
}

/// Reports every thing that stands in a list twice for sure, and all periods that overlap for sure.
pub(super) fn check(facts: &Facts<'_>, as_of: Day, diagnostics: &mut Vec<Diagnostic>) {
    for identity in &facts.policy.identities {
        let Some(Value::List(list)) = facts.values.get(identity.input) else { continue };
        let found = look(identity, list, facts.policy, &facts.values, as_of);
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

/// Whether a policy's list has nothing twice for sure.
pub(super) fn agrees(identity: &Identity, policy: &Policy, inputs: &[Value], as_of: Day) -> bool {
    let Some(Value::List(list)) = inputs.get(identity.input) else { return true };
    let found = look(identity, list, policy, inputs, as_of);
    found.same.is_empty() && found.numbered.is_empty() && found.overlapping.is_empty()
}

/// For each list of the policy of which nobody can say whether something stands in it twice: that it is so, and what would tell.
pub fn unsure(policy: &Policy, inputs: &[Value], as_of: Day) -> Vec<Text> {
    let one = |identity: &Identity| {
        let Some(Value::List(list)) = inputs.get(identity.input) else { return None };
        let found = look(identity, list, policy, inputs, as_of);
        Some(tell(&found, identity, policy))
    };
    policy.identities.iter().filter_map(one).flatten().collect()
}

fn tell(found: &Found, identity: &Identity, policy: &Policy) -> Vec<Text> {
    let names = &policy.names;
    let list = names.inputs.get(identity.input).map(|input| input.label.clone()).unwrap_or_default();
    let fields = names.lists.get(identity.list).map_or(&[][..], |list| list.fields.as_slice());
    let number = identity.number.and_then(|(_, number)| fields.get(number)).map(|field| &field.label);
    let mut told = Vec::new();
    if let (Some(name), Some(number)) = (&found.name, number) {
        let name = clean(name);
        told.push(Text::made(
            format!("“{}”中有几条同名（{name}），是否为同一个无从核对；填写{}可以区分", list.zh, number.zh),
            format!(
                "{}: several are called {name}, and nothing says whether they are the same; state: {}",
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

fn look(identity: &Identity, list: &List, policy: &Policy, inputs: &[Value], as_of: Day) -> Found {
    let mut found = Found::default();
    if list.records.is_empty() {
        return found;
    }
    let mut context = Context::new(&policy.names, inputs, as_of);
    if are_apart(identity, list, &mut context) {
        return found;
    }
    if !identity.unique_by.is_empty() {
        let keys = keys(&identity.unique_by, identity, list, &mut context);
        twice(identity, list, &keys, &mut found);
    }
    if let Some(periods) = &identity.no_overlap {
        let within = keys(&periods.within, identity, list, &mut context);
        overlaps(periods, identity, list, within, &mut context, &mut found);
    }
    found
}

/// Whether a short list, as nearly all are, surely has nothing twice: each record is one thing, and differs from every other in
/// something that makes it the same; and no period of one shares a day with one of another. Then there is nothing to sort.
fn are_apart<'a>(identity: &'a Identity, list: &'a List, context: &mut Context<'a>) -> bool {
    const FEW: usize = 8;
    let records = list.records.as_slice();
    if !records.iter().all(Record::is_one) || records.len() > FEW {
        return false;
    }
    if records.len() == 1 {
        return true;
    }
    // Periods within a name are told apart by its number, where there is one.
    let number = identity.number.map(|(_, number)| number);
    if number.is_some() && identity.no_overlap.is_some() {
        return false;
    }
    let mut all: Vec<Apart> = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        context.enter(Local::NONE);
        context.put_beside(Some(record_at(identity, index, record)));
        let Some(unique_by) = plain(&identity.unique_by, context) else { return false };
        let period = match &identity.no_overlap {
            None => None,
            Some(periods) => {
                let Some(within) = plain(&periods.within, context) else { return false };
                // The days that it has for sure.
                Some((within, periods.from.date(context).hi, periods.until.date(context).lo))
            }
        };
        let number = number.and_then(|place| record.fields.get(place)).and_then(as_compared);
        all.push(Apart { unique_by, number, period });
    }
    let mut rest = all.as_slice();
    while let Some((one, others)) = rest.split_first() {
        if others.iter().any(|other| !one.is_apart(other)) {
            return false;
        }
        rest = others;
    }
    true
}

/// What tells a record apart.
struct Apart {
    unique_by: Vec<Value>,
    number: Option<Value>,
    /// What its period must be the only one within, and from when until when it is for sure.
    period: Option<(Vec<Value>, Day, Day)>,
}

impl Apart {
    /// Whether nothing of it is what the other has.
    fn is_apart(&self, other: &Apart) -> bool {
        let same = !self.unique_by.is_empty() && self.unique_by == other.unique_by;
        let numbered = self.number.is_some() && self.number == other.number;
        let overlap = match (&self.period, &other.period) {
            (Some((within, from, until)), Some((other, other_from, other_until))) => {
                within == other && from <= other_until && other_from <= until
            }
            _ => false,
        };
        !same && !numbered && !overlap
    }
}

/// What some expressions are of a record, as they are compared; none where one is not known.
fn plain<'a>(nodes: &'a [Node], context: &mut Context<'a>) -> Option<Vec<Value>> {
    nodes.iter().map(|node| as_compared(&node.eval(context))).collect()
}

/// A known value as it is compared with others.
fn as_compared(value: &Value) -> Option<Value> {
    match value {
        Value::Text(Some(text)) => match bare(text) {
            bare if bare.is_empty() => None,
            Cow::Borrowed(bare) if bare.len() == text.len() => Some(value.clone()),
            bare => Some(Value::Text(Some(bare.into()))),
        },
        value => value.is_point().then(|| value.clone()),
    }
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

/// All that a record says, as keys; what it leaves open as it is left open.
fn says(record: &Record) -> Vec<String> {
    record.fields.iter().map(|field| key(field).unwrap_or_else(|| format!("{field:?}"))).collect()
}

/// What agrees in everything that makes it the same.
fn twice(identity: &Identity, list: &List, all: &[Vec<Option<String>>], found: &mut Found) {
    let number = |record: &Record| identity.number_of(record);
    let name_part = identity.name_part(&identity.unique_by);
    let mut by_number: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    let mut open: Vec<usize> = Vec::new();
    let all_numbered = list.records.iter().all(|record| number(record).is_some());
    for (place, (record, keys)) in list.records.iter().zip(all).enumerate() {
        let number = number(record);
        let known = match name_part {
            Some(part) => numbered(keys, part, number),
            None => keys.iter().cloned().collect(),
        };
        let named: Option<Vec<&str>> = keys.iter().map(Option::as_deref).collect();
        if record.count().hi > Bound::At(Number::ONE) && (known.is_some() || named.is_some()) {
            found.same.push((place, place));
            continue;
        }
        // What is only perhaps there is nothing twice for sure.
        if !record.is_there() {
            continue;
        }
        let has_number = known.is_some() && name_part.is_some();
        if let Some(known) = known.filter(|_| name_part.is_some()) {
            match by_number.get(&known) {
                Some(first) => {
                    found.numbered.push((*first, place));
                    continue;
                }
                None => drop(by_number.insert(known, place)),
            }
        }
        match named {
            Some(named) => by_name.entry(named).or_default().push(place),
            // By its number it is told from all that have one.
            None if has_number && all_numbered => {}
            None => open.push(place),
        }
    }
    for (names, places) in &by_name {
        let Some((first, rest)) = places.split_first().filter(|(_, rest)| !rest.is_empty()) else { continue };
        if name_part.is_none() {
            found.same.extend(rest.iter().map(|place| (*first, *place)));
            continue;
        }
        // What says all the same is the same slip; what differs may be another of that name.
        let mut said: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut unnumbered = 0;
        for place in places {
            let Some(record) = list.records.get(*place) else { continue };
            if number(record).is_none() {
                unnumbered += 1;
                let says = says(record);
                match said.get(&says) {
                    Some(first) => found.same.push((*first, *place)),
                    None => drop(said.insert(says, *place)),
                }
            }
        }
        if unnumbered > 0 {
            found.name = found.name.take().or_else(|| {
                let name = list.records.get(*first)?.label.clone();
                name.or_else(|| names.first().map(|name| (*name).to_owned()))
            });
        }
    }
    let numbers: Vec<Option<String>> = list.records.iter().map(number).collect();
    found.unsure += alone(list, all, name_part.map(|part| (part, numbers.as_slice())), &open);
}

/// Of records that do not say all of what makes them the same: how many things may be the same as another of the list.
/// `numbers` are what tells apart those that agree in one part, the name.
fn alone(list: &List, all: &[Vec<Option<String>>], numbers: Option<(usize, &[Option<String>])>, open: &[usize]) -> u64 {
    let most = |record: &Record| u64::from(record.times) + u64::from(record.more);
    let parts = all.first().map_or(0, Vec::len);
    let part = |part: usize| Met::of(all.iter().map(|keys| keys.get(part).and_then(Option::as_deref)), list, most);
    let met: Vec<Met<'_>> = (0..parts).map(part).collect();
    let of_numbers = numbers.map(|(_, numbers)| Met::of(numbers.iter().map(Option::as_deref), list, most));
    let total: u64 = list.records.iter().map(most).fold(0, u64::saturating_add);
    let unsure = |place: &&usize| {
        let Some(keys) = all.get(**place) else { return false };
        // One part that nothing else of the list can have tells it from all of them.
        let apart = keys.iter().zip(&met).enumerate().any(|(part, (key, met))| {
            let by_key = met.only(key.as_deref());
            let number = numbers.filter(|(name, _)| *name == part).and_then(|(_, numbers)| numbers.get(**place));
            match (number.and_then(Option::as_deref), &of_numbers) {
                // The same number is the same thing, whatever the name; of what has none the name must tell it.
                (Some(number), Some(of)) => of.once(number) && (of.unknown == 0 || by_key),
                _ => by_key,
            }
        });
        !apart && total > 1
    };
    let times = |place: &usize| list.records.get(*place).map_or(0, |record| u64::from(record.times));
    open.iter().filter(unsure).map(times).sum()
}

/// How many things of a list have each key of one part, and how many a key that is not known.
struct Met<'k> {
    keys: BTreeMap<&'k str, u64>,
    unknown: u64,
}

impl<'k> Met<'k> {
    fn of(keys: impl Iterator<Item = Option<&'k str>>, list: &List, most: impl Fn(&Record) -> u64) -> Met<'k> {
        let mut met = Met { keys: BTreeMap::new(), unknown: 0 };
        for (key, record) in keys.zip(&list.records) {
            let count = match key {
                Some(key) => met.keys.entry(key).or_default(),
                None => &mut met.unknown,
            };
            *count = count.saturating_add(most(record));
        }
        met
    }

    fn once(&self, key: &str) -> bool {
        self.keys.get(key) == Some(&1)
    }

    /// Whether nothing else of the list can have this key.
    fn only(&self, key: Option<&str>) -> bool {
        self.unknown == 0 && key.is_some_and(|key| self.once(key))
    }
}

/// Periods that share a day for sure, within what is the same: by the number where there is one. Of one name of which a number
/// is missing nobody can say.
fn overlaps<'a>(
    periods: &'a NoOverlap,
    identity: &Identity,
    list: &'a List,
    within: Vec<Vec<Option<String>>>,
    context: &mut Context<'a>,
    found: &mut Found,
) {
    let name_part = identity.name_part(&periods.within);
    let mut sure: BTreeMap<Vec<String>, Vec<(Day, Day, usize)>> = BTreeMap::new();
    let mut named: BTreeMap<Vec<String>, Vec<(Day, Day, usize)>> = BTreeMap::new();
    for (place, (record, keys)) in list.records.iter().zip(within).enumerate() {
        let by_name: Option<Vec<String>> = keys.iter().cloned().collect();
        let by_number = name_part.and_then(|part| numbered(&keys, part, identity.number_of(record)));
        if by_name.is_none() && by_number.is_none() || !record.is_there() {
            continue;
        }
        let mut date = |node: &'a Node| {
            context.enter(Local::NONE);
            context.put_beside(Some(record_at(identity, place, record)));
            node.date(context)
        };
        // The days that it has for sure.
        let (from, until) = (date(&periods.from).hi, date(&periods.until).lo);
        if from > until || from == Day::NEVER {
            continue;
        }
        if record.times > 1 {
            found.overlapping.push((place, place));
        }
        let period = (from, until, place);
        let known = if name_part.is_some() { by_number } else { by_name.clone() };
        known.into_iter().for_each(|keys| sure.entry(keys).or_default().push(period));
        let name = by_name.filter(|_| name_part.is_some());
        name.into_iter().for_each(|keys| named.entry(keys).or_default().push(period));
    }
    for group in sure.values_mut() {
        group.sort_unstable();
        let mut last: Option<(Day, usize)> = None;
        for (from, until, place) in group {
            if let Some((reached, first)) = last.filter(|(reached, _)| *from <= *reached) {
                // In the order of the file.
                found.overlapping.push((first.min(*place), first.max(*place)));
                if reached >= *until {
                    continue;
                }
            }
            last = Some((*until, *place));
        }
    }
    for group in named.values_mut() {
        group.sort_unstable();
        // The last days of those so far, and of those without a number.
        let (mut all, mut unnumbered): (Option<Day>, Option<Day>) = (None, None);
        for (from, until, place) in group {
            let record = list.records.get(*place);
            let has_number = record.is_some_and(|record| identity.number_of(record).is_some());
            if (if has_number { unnumbered } else { all }).is_some_and(|reached| *from <= reached) {
                found.name = found.name.take().or_else(|| record?.label.clone());
            }
            all = all.max(Some(*until));
            unnumbered = if has_number { unnumbered } else { unnumbered.max(Some(*until)) };
        }
    }
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
