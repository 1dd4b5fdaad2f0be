//! What an explanation says would change the answer does change it so: every change that is found for the samples is made in
//! the applicant's file, the file is read again, and the clause comes to what was said.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::fs;
use std::sync::Arc;

use duixian::applicant::{self, Applicant, When};
use duixian::assess::{Detail, assess_some};
use duixian::document::parse;
use duixian::explain::model::{Change, What};
use duixian::explain::{explain, outcome_of};
use duixian::expr::formula::Shown;
use duixian::policy::{self, Policy, builtin};
use duixian::source::Source;
use duixian::value::{Day, Number};
use toml::{Table, Value};

fn policies() -> Vec<Policy> {
    let read = |known: &builtin::Builtin| {
        let source = Source::new(known.path, known.text);
        let vocabulary = |name: &str| builtin::vocabulary(name).map(|(path, text)| Source::new(path, text));
        policy::read(&source, &vocabulary).0.unwrap()
    };
    builtin::policies().iter().map(read).collect()
}

fn read(text: &str, policy: &Policy, as_of: Option<Day>) -> Option<Applicant> {
    let source: Arc<Source> = Source::new("applicant.toml", text);
    let today = Day::parse("2025-06-30").unwrap();
    let document = parse(&source, &mut Vec::new())?;
    let when = When { as_of, today, ignore_payments: false };
    applicant::from_document(&source.name, &document, &[policy], when, &|_| true).0
}

/// A number as it may stand in a file.
fn number(number: Number, unit: &str) -> Value {
    match number.to_i64() {
        Some(whole) if unit.is_empty() => Value::Integer(whole),
        _ => Value::String(format!("{number}{unit}")),
    }
}

/// A value that was shown, as it may stand in a file.
fn written(shown: &Shown) -> Option<Value> {
    Some(match shown {
        Shown::Truth(truth) => Value::Boolean(truth.is_true()),
        Shown::Words(words) => Value::String(words.first()?.zh.to_string()),
        Shown::Date(range) if range.lo == Day::NEVER => Value::String("never".to_owned()),
        Shown::Date(range) => Value::Datetime(range.as_point()?.to_string().parse().unwrap()),
        Shown::Quantity { interval, unit, .. } => number(interval.as_point()?, &unit.zh),
        _ => return None,
    })
}

/// The file with a change made in it, and the evaluation date where that is what is changed.
fn made(file: &Table, what: &What) -> Option<(Table, Option<Day>)> {
    let mut file = file.clone();
    let facts = file.get_mut("facts")?.as_table_mut()?;
    match what {
        What::Later { to, .. } => return Some((file, Some(*to))),
        What::Fact { fact, to, .. } => match fact.name.split_once('[') {
            None => {
                facts.insert(fact.name.clone(), written(to)?);
            }
            Some((list, rest)) => {
                let (index, field) = rest.split_once("].")?;
                let records = facts.get_mut(list)?.as_array_mut()?;
                let record = records.get_mut(index.parse::<usize>().unwrap() - 1)?.as_table_mut()?;
                record.insert(field.to_owned(), written(to)?);
            }
        },
        What::Records { list, count, like } => {
            let Shown::Quantity { interval, .. } = count else { return None };
            let count = interval.as_point()?.to_i64()?;
            let records = facts.get_mut(&list.name)?.as_array_mut()?;
            let mut record = match like {
                Some((index, _)) => records.get(index - 1)?.as_table()?.clone(),
                None => Table::new(),
            };
            record.insert("times".to_owned(), Value::Integer(count));
            records.push(Value::Table(record));
        }
    }
    Some((file, None))
}

#[test]
fn a_change_that_is_suggested_does_what_it_says() {
    let (mut checked, mut skipped) = (0, 0);
    for policy in policies() {
        let folder = format!("samples/{}", policy.id);
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for (which, path) in paths.into_iter().enumerate() {
            let text = fs::read_to_string(&path).unwrap();
            let Some(applicant) = read(&text, &policy, None) else { continue };
            let file: Table = text.parse().unwrap();
            // A third of the clauses for each sample, another one each time.
            let clauses = policy.clauses.iter().enumerate().filter(|(place, _)| (place + which) % 3 == 0);
            let explained = clauses
                .map(|(_, clause)| clause)
                .map(|clause| explain(&[&policy], &applicant, &|_, asked| asked == clause.id));
            for derivation in explained.flat_map(|explanation| explanation.derivations) {
                let line = &derivation.line;
                let ways = derivation.conditions.iter().flat_map(|condition| &condition.met_by);
                let changes: Vec<&Change> = ways.chain(&derivation.changes).collect();
                for change in changes {
                    let Some((file, as_of)) = made(&file, &change.what) else {
                        skipped += 1;
                        continue;
                    };
                    let place = format!("{} {} {:?}", path.display(), line.clause, change.what);
                    let changed = read(&file.to_string(), &policy, as_of);
                    let changed = changed.unwrap_or_else(|| panic!("{place}: the file cannot be read"));
                    let after = assess_some(&[&policy], &changed, &|_, clause| clause == line.clause, Detail::Full);
                    let record = line.record.as_ref().map(|record| record.index);
                    let same = after
                        .lines
                        .iter()
                        .find(|after| record.is_none() || after.record.as_ref().map(|record| record.index) == record);
                    assert_eq!(outcome_of(same.unwrap()), change.outcome, "{place}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 200 && skipped * 5 < checked, "{checked} changes were made, {skipped} were not");
}
