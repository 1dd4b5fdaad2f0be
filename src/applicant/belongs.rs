//! Records that belong to a record of another list: each names one, and only one.

use std::collections::BTreeMap;

use crate::applicant::read::Facts;
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::expr::belongs::belongs;
use crate::lang::Text;
use crate::source::{Span, alike, clean};
use crate::value::{Record, Value};

codes! {
    static NO_OWNER: Code = Code::new("belongs-to-nothing", "记录不属于任何一条", "the record belongs to nothing");
    static TWO_OWNERS: Code = Code::new("belongs-to-two", "记录属于不止一条", "the record belongs to more than one");
}

/// At most so many faults are told of one list.
const MOST_TOLD: usize = 20;

fn name(record: &Record, field: usize) -> Option<&str> {
    match record.fields.get(field) {
        Some(Value::Text(text)) => text.as_deref(),
        _ => None,
    }
}

/// Reports every record that says not to which one it belongs, or names none or several.
pub(super) fn check(facts: &Facts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (list, by) in facts.policy.names.lists.iter().filter_map(|list| Some((list, list.of.as_ref()?))) {
        let Some(owners) = facts.policy.names.lists.get(by.list) else { continue };
        let (Some(Value::List(mine)), Some(Value::List(theirs))) =
            (facts.values.get(list.input), facts.values.get(owners.input))
        else {
            continue;
        };
        let head = |input: usize, place: usize| facts.heads.get(input).and_then(|heads| heads.get(place)).cloned();
        let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, owner) in theirs.records.iter().enumerate() {
            if let Some(name) = name(owner, by.name.1) {
                named.entry(alike(name).into_owned()).or_default().push(place);
            }
        }
        // Who is not listed may be the one that is meant.
        let complete = !theirs.open && !theirs.records.iter().any(|record| record.unlisted);
        let field = list.fields.get(by.name.0).map(|field| field.label.clone()).unwrap_or_default();
        let label = facts.policy.names.inputs.get(owners.input).map(|input| input.label.clone()).unwrap_or_default();
        let mut told = 0;
        for (place, record) in mine.records.iter().enumerate().filter(|(_, record)| !record.unlisted) {
            let Some(span) = head(list.input, place) else { continue };
            let found = name(record, by.name.0).map(|name| {
                let all = named.get(&*alike(name)).map_or(&[][..], Vec::as_slice);
                let fits = |owner: &&usize| {
                    theirs.records.get(**owner).is_some_and(|owner| belongs(by, record, owner).is_true())
                };
                (name, all.iter().filter(fits).copied().collect::<Vec<usize>>())
            });
            let fault = match found {
                None => {
                    let label = Text::made(
                        format!("没有写明属于“{}”的哪一条", label.zh),
                        format!("it does not say to which record of {} it belongs", label.en),
                    );
                    let help = Text::made(format!("填写{}", field.zh), format!("state: {}", field.en));
                    NO_OWNER.at(span, label).help(help)
                }
                Some((name, all)) if all.is_empty() && complete => {
                    let known =
                        theirs.records.iter().filter_map(|owner| crate::applicant::belongs::name(owner, by.name.1));
                    let help = did_you_mean(name, known.take(MOST_TOLD).collect::<Vec<&str>>());
                    let name = clean(name);
                    let label = Text::made(
                        format!("“{}”中没有“{name}”", label.zh),
                        format!("{} has no record of the name {name}", label.en),
                    );
                    NO_OWNER.at(span, label).help(help)
                }
                Some((name, all)) if all.len() > 1 => {
                    let name = clean(name);
                    let label = Text::made(
                        format!("“{}”中有{}条“{name}”", label.zh, all.len()),
                        format!("{} has {} records of the name {name}", label.en, all.len()),
                    );
                    let here: Vec<Span> = all.iter().take(2).filter_map(|owner| head(owners.input, *owner)).collect();
                    let either = Text::new("可能属于这一条", "it may belong to this one");
                    let fault = here
                        .into_iter()
                        .fold(TWO_OWNERS.at(span, label), |fault, span| fault.and(span, either.clone()));
                    let number = by.number.and_then(|(number, _)| list.fields.get(number)).map(|field| &field.label);
                    fault.help(match number {
                        Some(number) => Text::made(
                            format!("两份名单都填写{}，以区分同名者", number.zh),
                            format!("state in both lists what tells them apart: {}", number.en),
                        ),
                        None => Text::new("给同名的记录不同的名称", "give records of one name different names"),
                    })
                }
                Some(_) => continue,
            };
            told += 1;
            // Two policies that share a list say the same.
            let known = diagnostics.iter().any(|other| {
                other.code.name == fault.code.name
                    && other.labels.first().zip(fault.labels.first()).is_some_and(|((one, _), (two, _))| one.is(two))
            });
            if !known && told <= MOST_TOLD {
                diagnostics.push(fault);
            }
        }
    }
}
