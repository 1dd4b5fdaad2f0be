//! `[[paid]]`: what was paid before, each payment with its clause. One that belongs to nothing is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::applicant::read::{Facts, Reader};
use crate::applicant::{Paid, keys};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Item, Raw, Table};
use crate::lang::Text;
use crate::policy::{PAID, builtin, payment, read_amount};
use crate::source::folded;
use crate::value::{self, Bound, Interval, Number, Record, Value};

codes! {
    static UNKNOWN_CLAUSE: Code = Code::new("unknown-clause", "没有这个条款", "there is no such clause");
    static UNKNOWN_POLICY: Code = Code::new("unknown-policy", "没有这个政策", "there is no such policy");
    static AMBIGUOUS_RECORD: Code = Code::new("ambiguous-record", "不止一条记录叫这个名称", "more than one record has this name");
    static NEVER_PAID: Code = Code::new("never-paid", "这一条款不发放款项", "nothing is paid under this clause");
    static NOT_POSITIVE: Code = Code::new("not-positive", "应为正数", "this must be above 0");
    static BELOW_COIN: Code = Code::new("below-coin", "没有这样的金额", "no such amount can be paid");
    static UNKNOWN_RECORD: Code = Code::new("unknown-record", "没有这条记录", "there is no such record");
}

impl Facts<'_> {
    /// Lets the policy's expressions see what was paid under it.
    pub(super) fn put_paid(&mut self, paid: &[&Paid]) {
        let names: Vec<Option<String>> = paid.iter().map(|paid| self.name_of_record(paid)).collect();
        let awards = Awards::of(paid.iter().copied().zip(&names));
        let record = |(one, name): (&&Paid, &Option<String>)| {
            payment(&one.clause, one.amount, one.on, name.as_deref(), awards.with(one, name))
        };
        let records = paid.iter().zip(&names).map(record).collect();
        let place = self.policy.names.input(PAID);
        if let Some(slot) = place.and_then(|place| self.values.get_mut(place)) {
            *slot = Value::List(Arc::new(value::List { records, open: false }));
        }
    }

    /// The name of the record that a payment was for: the one it gives, or the only one there is.
    fn name_of_record(&self, paid: &Paid) -> Option<String> {
        let clause = self.policy.clauses.get(self.policy.clause(&paid.clause)?)?;
        let Value::List(list) = self.values.get(clause.each.as_ref()?.input)? else { return None };
        let record = match (paid.record, list.records.as_slice()) {
            (Some(place), records) => records.get(place)?,
            (None, [only]) if !list.open && only.is_there() && only.times == 1 => only,
            _ => return None,
        };
        record.label.as_deref().map(str::to_owned)
    }
}

/// What is known of a payment's record or award: `None` is every one of them, `Some(None)` those that do not say.
type Told<'p> = Option<Option<&'p str>>;

/// What was paid in all for a clause, a record and an award.
struct Awards<'p>(BTreeMap<(&'p str, Told<'p>, Told<'p>), Option<Number>>);

impl<'p> Awards<'p> {
    fn of(paid: impl Iterator<Item = (&'p Paid, &'p Option<String>)>) -> Awards<'p> {
        let mut sums: BTreeMap<_, Option<Number>> = BTreeMap::new();
        for (one, name) in paid {
            for record in [None, Some(name.as_deref())] {
                for award in [None, Some(one.award.as_deref())] {
                    let sum = sums.entry((one.clause.as_str(), record, award)).or_insert(Some(Number::ZERO));
                    *sum = sum.and_then(|sum| sum.plus(one.amount));
                }
            }
        }
        Awards(sums)
    }

    /// What was paid in all under the award that a payment is a part of. One that does not say which, beside others for what
    /// may be the same thing, may be a part of theirs.
    fn with(&self, one: &'p Paid, name: &'p Option<String>) -> Interval {
        let named = |told: Option<&'p str>| told.map_or(vec![None], |told| vec![Some(Some(told)), Some(None)]);
        let sum = |records: Vec<Told<'p>>, awards: Vec<Told<'p>>| {
            let groups = records
                .iter()
                .flat_map(|record| awards.iter().map(move |award| (one.clause.as_str(), *record, *award)));
            groups.filter_map(|group| self.0.get(&group)).try_fold(Number::ZERO, |sum, group| sum.plus((*group)?))
        };
        let award = one.award.as_deref();
        let surely = match award {
            Some(_) => sum(vec![Some(name.as_deref())], vec![Some(award)]),
            None => Some(one.amount),
        };
        let perhaps = sum(named(name.as_deref()), named(award));
        Interval { lo: surely.map_or(Bound::ZERO, Bound::At), hi: perhaps.map_or(Bound::Above, Bound::At) }
    }
}

impl<'a> Reader<'a, '_> {
    pub(super) fn paid(&mut self, document: &Table, all: &[Facts<'a>]) -> Vec<Paid> {
        let Some(item) = document.get("paid") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items.iter().filter_map(|item| self.payment(item, all)).collect()
    }

    fn payment(&mut self, item: &Item, all: &[Facts<'a>]) -> Option<Paid> {
        let table = item.table(self.diagnostics)?;
        table.only(&keys::PAID.names(), self.diagnostics);
        let clause_item = table.need("clause", self.diagnostics);
        let amount_item = table.need("amount", self.diagnostics);
        let on = table.get("on").and_then(|item| item.day(self.diagnostics));
        let clause_item = clause_item?;
        let text = clause_item.word(self.diagnostics)?;
        let text = text.as_ref();
        let (policy_id, clause) = match text.split_once('/') {
            Some((policy, clause)) => (Some(policy), clause),
            None => (None, text),
        };
        let found = all.iter().position(|facts| {
            policy_id.map_or(facts.policy.clause(clause).is_some(), |policy| facts.policy.id == policy)
        });
        let several: Vec<&str> = all
            .iter()
            .filter(|facts| facts.policy.clause(clause).is_some())
            .map(|facts| facts.policy.id.as_str())
            .collect();
        if let ([first, second, ..], None) = (several.as_slice(), policy_id) {
            let label = Text::made(
                format!("不止一个政策有这一条款；写成 `{first}/{clause}` 或 `{second}/{clause}`"),
                format!("more than one policy has it; write `{first}/{clause}` or `{second}/{clause}`"),
            );
            self.diagnostics.push(UNKNOWN_CLAUSE.at(clause_item.span.clone(), label));
            return None;
        }
        if let Some(id) = policy_id.filter(|_| found.is_none()) {
            self.policy_elsewhere(id, clause_item, all)?;
        }
        let facts = found.and_then(|place| all.get(place));
        let place = facts.and_then(|facts| facts.policy.clause(clause));
        if place.is_none() && (facts.is_some() || policy_id.is_none()) {
            let known: Vec<&str> =
                all.iter().flat_map(|facts| facts.policy.clauses.iter().map(|clause| clause.id.as_str())).collect();
            let help = did_you_mean(clause, known);
            self.diagnostics.push(UNKNOWN_CLAUSE.at(clause_item.span.clone(), Text::default()).help(help));
            return None;
        }
        let figure = facts.zip(place).and_then(|(facts, place)| facts.policy.clauses.get(place));
        if figure.is_some_and(Clause::is_figure) {
            let label = Text::new("它只给出一个数值", "it gives a figure, and no more");
            let help = Text::new("改为发放该款项的条款", "name the clause under which the money was paid");
            self.diagnostics.push(NEVER_PAID.at(clause_item.span.clone(), label).help(help));
            return None;
        }
        let amount_item = amount_item?;
        let names = &all.first()?.policy.names;
        let amount = read_amount(amount_item, &names.money.unit(), names, self.diagnostics)?;
        if amount.is_negative() || amount == Number::ZERO {
            self.diagnostics.push(NOT_POSITIVE.at(amount_item.span.clone(), Text::default()));
            return None;
        }
        if amount.divide(names.money.coin).is_none_or(|coins| !coins.is_whole()) {
            let coin = names.money_told(names.money.coin);
            let label = Text::made(
                format!("能发的最小金额是{}", coin.zh),
                format!("the smallest amount that can be paid is {}", coin.en),
            );
            let help = Text::new("写实际发放的金额", "give the amount that was paid");
            self.diagnostics.push(BELOW_COIN.at(amount_item.span.clone(), label).help(help));
            return None;
        }
        let record = match (table.get("record"), facts, place) {
            (Some(item), Some(facts), Some(place)) => Some(record_place(item, facts, place, self.diagnostics)?),
            _ => None,
        };
        let award = table.get("award").and_then(|item| {
            item.shows(self.diagnostics)?;
            match &item.value {
                Raw::Text(text) | Raw::Date(text) | Raw::Integer(text) => Some(folded(text).into_owned()),
                _ => item.text(self.diagnostics).map(str::to_owned),
            }
        });
        let clause = if found.is_some() { clause } else { text };
        Some(Paid { policy: found, clause: clause.to_owned(), record, amount, on, award })
    }

    /// A payment under a policy that is not applied here is told; under one that nobody knows it is refused: it would be
    /// missing where it was meant for.
    fn policy_elsewhere(&mut self, id: &str, item: &Item, all: &[Facts<'_>]) -> Option<()> {
        if self.ignore_payments || builtin::policy(id).is_some() {
            return Some(());
        }
        let in_use = all.iter().map(|facts| facts.policy.id.as_str());
        let help = did_you_mean(id, in_use.chain(builtin::policies().iter().map(|known| known.id)));
        let label =
            Text::new("所用政策和内置政策都不叫这个编号", "neither a policy in use nor a built-in one has this id");
        self.diagnostics.push(UNKNOWN_POLICY.at(item.span.clone(), label).help(help));
        None
    }
}

/// The record that a payment is for: its place from 1, or its name.
fn record_place(item: &Item, facts: &Facts<'_>, clause: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let each = facts.policy.clauses.get(clause).and_then(|clause| clause.each.as_ref());
    let records: &[Record] = match each.and_then(|each| facts.values.get(each.input)) {
        Some(Value::List(list)) => list.records.split(|record| !record.is_there()).next().unwrap_or_default(),
        _ => &[],
    };
    item.shows(diagnostics)?;
    // A number is the place in the list, or a year or what else the record is called by a number.
    let place = match &item.value {
        Raw::Integer(text) => text.parse::<usize>().ok().and_then(|place| place.checked_sub(1)),
        _ => None,
    };
    let named = match &item.value {
        Raw::Text(text) | Raw::Date(text) | Raw::Integer(text) => Some(folded(text)),
        _ => None,
    };
    let is_named = |record: &Record| named.is_some() && record.label.as_deref().map(folded) == named;
    let mut fitting = records.iter().enumerate().filter(|(at, record)| place == Some(*at) || is_named(record));
    let found = fitting.next().map(|(at, _)| at);
    if let (Some(first), Some((second, _))) = (found, fitting.next()) {
        let (first, second) = (first + 1, second + 1);
        let label = match place {
            None => Text::made(
                format!("第{first}条和第{second}条都叫这个名称；写第几条"),
                format!("records {first} and {second} both have it; give the number"),
            ),
            Some(_) => Text::made(
                format!("第{first}条和第{second}条，一条是这个位置，一条叫这个名称；把名称写在引号里"),
                format!(
                    "of records {first} and {second}, one stands at this place and one has this name; write the name in quotes"
                ),
            ),
        };
        diagnostics.push(AMBIGUOUS_RECORD.at(item.span.clone(), label));
        return None;
    }
    if found.is_none() {
        let known: Vec<&str> = records.iter().filter_map(|record| record.label.as_deref()).collect();
        let help = match &item.value {
            Raw::Text(text) | Raw::Integer(text) => did_you_mean(text, known),
            _ => None,
        };
        let count = records.len();
        let label = if each.is_some() {
            Text::made(
                format!("名单共 {count} 条；写第几条，或写其名称"),
                format!("there are {count}; give its number, or its name"),
            )
        } else {
            Text::new("这一条款不按记录核定", "this clause is not worked out for each record")
        };
        diagnostics.push(UNKNOWN_RECORD.at(item.span.clone(), label).help(help));
    }
    found
}
