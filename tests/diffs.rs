//! `duixian diff` finds every change that means something, where it is and nowhere else, and none where nothing does.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may fail")]

use std::fs;
use std::sync::Arc;

use duixian::diff::{Change, Side, diff};
use duixian::mutation::{self, changes};
use duixian::policy::{self, Policy};
use duixian::source::Source;

/// How many changes of each policy are planted.
const PLANTED: usize = 40;

const POLICIES: [&str; 5] = ["horinger", "hubei", "jianghai", "linxia", "qingyuan"];

fn text(id: &str) -> String {
    fs::read_to_string(format!("policies/{id}/policy.toml")).unwrap()
}

fn vocabulary(name: &str) -> Option<Arc<Source>> {
    let path = format!("policies/{name}.toml");
    fs::read_to_string(&path).ok().map(|text| Source::new(path, text))
}

fn read(source: &Arc<Source>) -> Option<Policy> {
    policy::read(source, &vocabulary).0
}

fn between(old: &Policy, new: &Policy) -> Vec<Change> {
    diff(Side { policy: old, taken: &[] }, Side { policy: new, taken: &[] }).changes
}

#[test]
fn every_planted_change_is_found_where_it_is_and_nowhere_else() {
    let mut planted = 0;
    for id in POLICIES {
        let policy = read(&Source::new(id, text(id))).unwrap();
        assert!(between(&policy, &policy).is_empty());
        for change in mutation::sample(changes(&policy), PLANTED, 15) {
            // Some changes make a policy that cannot be read.
            let Some(changed) = read(&change.made()) else { continue };
            planted += 1;
            let what = format!("{id} {}: {} → {} in {}", change.clause, change.old(), change.new, change.line());
            let found = between(&policy, &changed);
            assert!(found.iter().any(|found| !found.wording), "not found: {what}");
            let is_clause = policy.clause(&change.clause).is_some();
            for found in &found {
                let clause = found.clause.as_ref().map(|clause| clause.id.as_str());
                assert_eq!(clause, Some(change.clause.as_str()).filter(|_| is_clause), "{what}\n{found:?}");
            }
            let back = between(&changed, &policy);
            assert_eq!(back.len(), found.len(), "as many the other way round: {what}");
            // A table into which nothing looks any more is gone with the expression that did.
            let is_gone = |found: &&Change| found.new.is_none() && found.key.starts_with(['t', 's']);
            let told = found.iter().filter(|found| !is_gone(found)).count();
            assert_eq!(told, 1, "one change is told as one: {what}\n{found:#?}");
        }
    }
    assert!(planted > 100, "{planted}");
}

#[test]
fn what_is_only_written_otherwise_is_no_difference() {
    for id in POLICIES {
        let old = text(id);
        let mut new: String =
            old.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line} \n")).collect();
        for (one, other) in [("\"5万元\"", "\"(50000元)\""), ("\"36个月\"", "\"3年\""), (" >= ", "  ≥ ")] {
            new = new.replace(one, other);
        }
        assert_ne!(old, new);
        let (old, new) = (read(&Source::new("old", old)).unwrap(), read(&Source::new("new", new)).unwrap());
        let found = between(&old, &new);
        assert!(found.is_empty(), "{id}: {found:#?}");
    }
}
