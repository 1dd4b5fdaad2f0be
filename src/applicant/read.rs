//! From a TOML file to an [`Applicant`], or to every fault that keeps it from being one.

use std::sync::Arc;

use crate::applicant::{Applicant, belongs, consistency, identity, keys};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean, help_for};
use crate::document::{Entry, Item, Raw, Table, parse, wrong_kind};
use crate::expr::names::{Input, List, Names, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, given, how_to_supplement, instead_of_age};
use crate::source::{Source, Span, clean, visible};
use crate::value::{self, Day, Record, Value};

codes! {
    static UNKNOWN_FACT: Code = Code::new("unknown-fact", "没有这项事实", "there is no such fact");
    static EMPTY_FILE: Code = Code::new("empty-file", "文件是空的", "the file is empty");
    static UNKNOWN_KIND: Code = Code::new("unknown-applicant-kind", "没有这种申请人", "there is no such kind of applicant");
    static UNKNOWN_CATEGORY: Code = Code::new("unknown-category", "没有这个用途类别", "there is no such category");
    pub(super) static TOO_MANY: Code = Code::new("too-many-records", "记录过多", "there are too many records");
}

/// More records than this in one file are refused.
const MOST_RECORDS: usize = 100_000;
/// More lines than this from records that stand for several are refused.
const MOST_LINES: usize = 1_000;
/// A record stands for at most this many equal ones.
pub const MOST_TIMES: u32 = 1_000_000;

/// The values of one policy's inputs, and where the file gives them.
pub(super) struct Facts<'a> {
    pub policy: &'a Policy,
    pub values: Vec<Value>,
    pub spans: Vec<Option<Span>>,
    /// For each input that is a list, where its records begin.
    pub heads: Vec<Vec<Span>>,
}

/// Which day a calculation is for, and how strictly the file is read.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The evaluation date asked for; it wins over the file's own.
    pub as_of: Option<Day>,
    /// The evaluation date where neither is given.
    pub today: Day,
    /// Whether payments under policies that nobody knows are passed over, and not refused.
    pub ignore_payments: bool,
}

/// Reads an applicant against policies. The applicant is there only if nothing is wrong; otherwise every fault is in the
/// list.
pub fn read(source: &Arc<Source>, policies: &[&Policy], when: When) -> (Option<Applicant>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some(document) = parse(source, &mut diagnostics) else { return (None, diagnostics) };
    from_document(&source.name, &document, policies, when, &|_| false)
}

/// The same for a document that was parsed or put together before; `file` is what to call it. `elsewhere` says whether a
/// policy that is not in use asks for a fact: such a fact is no misspelling, and is passed over.
pub fn from_document(
    file: &str,
    document: &Table,
    policies: &[&Policy],
    when: When,
    elsewhere: &dyn Fn(&str) -> bool,
) -> (Option<Applicant>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let applicant =
        Reader { policies, elsewhere, ignore_payments: when.ignore_payments, diagnostics: &mut diagnostics }
            .applicant(file, document, when);
    (applicant.filter(|_| diagnostics.is_empty()), diagnostics)
}

pub(super) struct Reader<'a, 'd> {
    pub(super) policies: &'a [&'a Policy],
    elsewhere: &'a dyn Fn(&str) -> bool,
    pub(super) ignore_payments: bool,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    fn applicant(&mut self, file: &str, document: &Table, when: When) -> Option<Applicant> {
        document.only(&keys::FILE.names(), self.diagnostics);
        if document.entries().is_empty() {
            let help = Text::new(
                "申请人写在 [applicant] 中，事实写在 [facts] 中",
                "[applicant] says who asks, [facts] what is known",
            );
            self.diagnostics.push(EMPTY_FILE.at(document.head(), Text::default()).help(help));
            return None;
        }
        let head = document.need("applicant", self.diagnostics)?.table(self.diagnostics)?;
        head.only(&keys::HEAD.names(), self.diagnostics);
        let name =
            head.get("name").and_then(|item| item.text(self.diagnostics)).map(|name| visible(name.trim()).into_owned());
        let kind = head.need("kind", self.diagnostics).and_then(|item| self.kind(item));
        if let Some(item) = head.get("place") {
            item.shows(self.diagnostics);
            item.texts(self.diagnostics);
        }
        let own_date = head.get("as_of").and_then(|item| item.day(self.diagnostics));
        let as_of = when.as_of.or(own_date).unwrap_or(when.today);
        let mut facts = self.facts(document);
        let paid = self.paid(document, &facts);
        for (place, facts) in facts.iter_mut().enumerate() {
            facts.put_paid(&paid.iter().filter(|paid| paid.policy == Some(place)).collect::<Vec<_>>());
        }
        if self.diagnostics.is_empty() {
            for facts in &facts {
                consistency::check(facts, as_of, &head.head(), self.diagnostics);
                identity::check(facts, as_of, self.diagnostics);
                belongs::check(facts, self.diagnostics);
            }
        }
        let (kind, kind_label) = kind?;
        let inputs = facts.into_iter().map(|facts| facts.values).collect();
        Some(Applicant { file: clean(file), name, kind, kind_label, as_of, inputs, paid, apart: false })
    }

    fn kind(&mut self, item: &Item) -> Option<(String, Text)> {
        let name = item.word(self.diagnostics)?;
        let name = name.as_ref();
        let all = || self.policies.iter().flat_map(|policy| policy.names.applicant_kinds.iter());
        let found = self.policies.iter().find_map(|policy| policy.kind_called(name));
        if found.is_none() {
            let mut known: Vec<&str> = all().map(|(id, _)| id.as_str()).collect();
            known.dedup();
            let help = did_you_mean(name, known);
            self.diagnostics.push(UNKNOWN_KIND.at(item.span.clone(), Text::default()).help(help));
        }
        found.cloned()
    }

    /// The inputs of every policy, with the file's values in place of what absence means.
    fn facts(&mut self, document: &Table) -> Vec<Facts<'a>> {
        let blank = |policy: &'a Policy| Facts {
            policy,
            values: policy.names.inputs.iter().map(|input| input.absent.clone()).collect(),
            spans: policy.names.inputs.iter().map(|_| None).collect(),
            heads: policy.names.inputs.iter().map(|_| Vec::new()).collect(),
        };
        let mut all: Vec<Facts<'a>> = self.policies.iter().map(|policy| blank(policy)).collect();
        let given = document.get("facts").and_then(|item| item.table(self.diagnostics));
        for entry in given.map_or(&[][..], Table::entries) {
            let mut known = false;
            let before = self.diagnostics.len();
            for facts in &mut all {
                let names = &facts.policy.names;
                let Some(place) = fact(names, &entry.key) else { continue };
                known = true;
                // Policies that share a vocabulary would say the same thing again.
                if self.diagnostics.len() > before {
                    continue;
                }
                let Some(input) = names.inputs.get(place) else { continue };
                if let Some(value) = value(&entry.item, input, facts.policy, self.diagnostics) {
                    let lines = facts
                        .policy
                        .clauses
                        .iter()
                        .any(|clause| clause.each.as_ref().is_some_and(|each| each.input == place));
                    let mut heads = heads(&entry.item);
                    let value =
                        if lines { one_by_one(value, &mut heads, &entry.key_span, self.diagnostics) } else { value };
                    if let Some(slot) = facts.values.get_mut(place) {
                        *slot = value;
                    }
                    if let Some(slot) = facts.spans.get_mut(place) {
                        *slot = Some(entry.key_span.clone());
                    }
                    if let Some(slot) = facts.heads.get_mut(place) {
                        *slot = heads;
                    }
                }
            }
            if !known && !(self.elsewhere)(&entry.key) {
                self.unknown_fact(entry);
            }
        }
        if let Some(item) = document.get("other_benefits") {
            for facts in &mut all {
                other_benefits(item, facts, self.diagnostics);
            }
        }
        all
    }

    fn unknown_fact(&mut self, entry: &Entry) {
        let names = self.policies.iter().flat_map(|policy| policy.names.inputs.iter());
        let known = names
            .filter(|input| input.origin == Origin::Fact && input.name != "other_benefits")
            .map(|input| input.name.as_str());
        let parameter = self.policies.iter().find_map(|policy| {
            let input = policy.names.inputs.get(policy.names.input(&entry.key)?)?;
            matches!(input.origin, Origin::Parameter(_)).then_some((policy, input))
        });
        if let Some((policy, input)) = parameter {
            let label = Text::new(
                "这是政策的参数，不是申请人的事实",
                "this is a parameter of the policy, no fact of an applicant",
            );
            let fault = UNKNOWN_FACT.at(entry.key_span.clone(), label);
            self.diagnostics.push(how_to_supplement(policy, input).into_iter().fold(fault, Diagnostic::help));
            return;
        }
        let help = instead_of_age(&entry.key, None, self.policies);
        let help = help.or_else(|| help_for(&entry.key, known, self.diagnostics));
        let label = Text::new("所用政策都不问这一项", "no policy in use asks for this");
        self.diagnostics.push(UNKNOWN_FACT.at(entry.key_span.clone(), label).help(help));
    }
}

/// The place of a fact that an applicant may give.
fn fact(names: &Names, key: &str) -> Option<usize> {
    let place = names.input(key)?;
    let input = names.inputs.get(place)?;
    (input.origin == Origin::Fact && key != "other_benefits").then_some(place)
}

fn value(item: &Item, input: &Input, policy: &Policy, diagnostics: &mut Vec<Diagnostic>) -> Option<Value> {
    let names = &policy.names;
    let Type::List(list) = input.ty else { return given(item, input, names, diagnostics) };
    let list = names.lists.get(list)?;
    let (records, open) = records(item, list, policy, diagnostics)?;
    Some(Value::List(Arc::new(value::List { records, open })))
}

/// A list that a clause works out record by record: what stands for several becomes several, a line each.
/// `heads` says where its records begin.
fn one_by_one(value: Value, heads: &mut Vec<Span>, span: &Span, diagnostics: &mut Vec<Diagnostic>) -> Value {
    let Value::List(list) = &value else { return value };
    if list.records.iter().all(Record::is_one) {
        return value;
    }
    let count: usize = list.records.iter().map(|record| record.times as usize).sum();
    if count > MOST_LINES {
        let label = Text::made(
            format!("逐条核定的名单最多 {MOST_LINES} 条"),
            format!("at most {MOST_LINES} where each is a line of its own"),
        );
        diagnostics.push(TOO_MANY.at(span.clone(), label));
        return value;
    }
    let whole = heads.drain(..).zip(&list.records).collect::<Vec<(Span, &Record)>>();
    let several = |(head, record): &(Span, &Record)| {
        let one = Record { times: 1, more: 0, ..(*record).clone() };
        vec![(head.clone(), one); record.times as usize]
    };
    // What is only perhaps there has no line of its own, and stands behind those that have.
    let perhaps = whole.iter().filter(|(_, record)| record.more > 0);
    let perhaps = perhaps.map(|(head, record)| (head.clone(), Record { times: 0, ..(*record).clone() }));
    let all: Vec<(Span, Record)> = whole.iter().flat_map(several).chain(perhaps).collect();
    let records = all.iter().map(|(_, record)| record.clone()).collect();
    *heads = all.into_iter().map(|(head, _)| head).collect();
    Value::List(Arc::new(value::List { records, open: list.open }))
}

/// Where the records of a list begin.
fn heads(item: &Item) -> Vec<Span> {
    let Raw::Array(items) = &item.value else { return Vec::new() };
    let head = |item: &Item| match &item.value {
        Raw::Table(table) => table.head(),
        _ => item.span.clone(),
    };
    items.iter().map(head).collect()
}

/// The records of a list, and whether there may be any number of others.
fn records(
    item: &Item,
    list: &List,
    policy: &Policy,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Vec<Record>, bool)> {
    let Raw::Array(items) = &item.value else {
        let section = if list.name == "other_benefits" { "" } else { "facts." };
        let wanted = Text::made(
            format!("记录（每条一个 [[{section}{}]] 表）", list.name),
            format!("a list of records (one [[{section}{}]] table each)", list.name),
        );
        wrong_kind(item, &wanted, diagnostics);
        return None;
    };
    if items.len() > MOST_RECORDS {
        let label = Text::made(format!("最多 {MOST_RECORDS} 条"), format!("at most {MOST_RECORDS}"));
        diagnostics.push(TOO_MANY.at(item.span.clone(), label));
        return None;
    }
    let mut known: Vec<&str> = list.fields.iter().map(|field| field.name.as_str()).collect();
    // One by one, as the names of fields do not live as long.
    keys::RECORD.names().iter().for_each(|name| known.push(name));
    let own = list.name == "other_benefits";
    known.retain(|name| !own || *name != "more");
    let (mut unlisted, mut open) = (Vec::new(), false);
    let mut records = Vec::with_capacity(items.len());
    for item in items {
        let Some(table) = item.table(diagnostics) else { continue };
        table.only_or(&known, &|key| instead_of_age(key, Some(&list.name), &[policy]), diagnostics);
        if let Some(item) = table.get("more").filter(|_| !own) {
            table.only(&["more"], diagnostics);
            match more(item, diagnostics) {
                Some((0, Record::ANY_NUMBER)) => open = true,
                Some((times, more)) => unlisted.push(Record { times, more, unlisted: true, ..list.any.clone() }),
                None => {}
            }
            continue;
        }
        let mut fields = Vec::with_capacity(list.fields.len());
        for field in &list.fields {
            let value = table.get(&field.name).and_then(|item| given(item, field, &policy.names, diagnostics));
            fields.push(value.unwrap_or_else(|| field.absent.clone()));
        }
        let label = list.label_of(&fields);
        let (times, more) =
            table.get("times").map_or(Some((1, 0)), |item| times(item, 1, diagnostics)).unwrap_or((1, 0));
        records.push(Record { fields, label, times, more, unlisted: false });
    }
    records.append(&mut unlisted);
    Some((records, open))
}

/// How many equal records one stands for: at least, and how many more perhaps. `least` is the smallest number by itself.
fn times(item: &Item, least: u32, diagnostics: &mut Vec<Diagnostic>) -> Option<(u32, u32)> {
    if let Raw::Table(table) = &item.value {
        table.only(&["at_least", "at_most"], diagnostics);
        let mut end = |key: &str| table.get(key).map(|item| Some(times(item, 0, diagnostics)?.0));
        let (lo, hi) = (end("at_least").unwrap_or(Some(0))?, end("at_most"));
        let more = hi.map_or(Some(Record::ANY_NUMBER), |hi| Some(hi?.saturating_sub(lo)))?;
        if hi.flatten().is_some_and(|hi| hi < lo || hi == 0) || table.entries().is_empty() {
            let wanted = Text::new("下限不大于上限的范围", "a range whose lower end is not above the upper");
            wrong_kind(item, &wanted, diagnostics);
            return None;
        }
        return Some((lo, more));
    }
    let found = match &item.value {
        Raw::Integer(text) => text.replace('_', "").parse().ok().filter(|times| (least..=MOST_TIMES).contains(times)),
        _ => None,
    };
    if found.is_none() {
        let wanted = Text::made(
            format!("{least} 至 {MOST_TIMES} 的整数，或 {{ at_least = …, at_most = … }}"),
            format!("a whole number from {least} to {MOST_TIMES}, or {{ at_least = …, at_most = … }}"),
        );
        wrong_kind(item, &wanted, diagnostics);
    }
    Some((found?, 0))
}

/// How many further records there are of which nothing is known: `true` is any number.
fn more(item: &Item, diagnostics: &mut Vec<Diagnostic>) -> Option<(u32, u32)> {
    if matches!(item.value, Raw::Bool(true)) || matches!(&item.value, Raw::Text(text) if text == "是") {
        return Some((0, Record::ANY_NUMBER));
    }
    if let Raw::Bool(_) | Raw::Text(_) = item.value {
        let wanted = Text::new(
            "true 或 { at_most = … }（名单齐全就不写）",
            "true or { at_most = … } (left out where the list is complete)",
        );
        wrong_kind(item, &wanted, diagnostics);
        return None;
    }
    times(item, 1, diagnostics)
}

/// `[[other_benefits]]`, each with a category that the policy knows.
fn other_benefits(item: &Item, facts: &mut Facts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let names = &facts.policy.names;
    let Some((place, list)) = names
        .input("other_benefits")
        .and_then(|place| Some((place, names.lists.iter().find(|list| list.input == place)?)))
    else {
        return;
    };
    let Some((records, open)) = records(item, list, facts.policy, diagnostics) else { return };
    if let Raw::Array(items) = &item.value {
        for item in items {
            let Raw::Table(table) = &item.value else { continue };
            for key in ["category", "amount"] {
                table.need(key, diagnostics);
            }
            let Some(item) = table.get("category") else { continue };
            let Some(name) = item.word(diagnostics) else { continue };
            let name = name.as_ref();
            if !names.categories.iter().any(|(known, _)| known == name) {
                let help = did_you_mean(name, names.categories.iter().map(|(known, _)| known.as_str()));
                diagnostics.push(UNKNOWN_CATEGORY.at(item.span.clone(), Text::default()).help(help));
            }
        }
    }
    if let Some(slot) = facts.values.get_mut(place) {
        *slot = Value::List(Arc::new(value::List { records, open }));
    }
}
