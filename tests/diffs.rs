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

const POLICIES: [&str; 6] = ["over_time", "horinger", "hubei", "jianghai", "linxia", "qingyuan"];

/// Values that change with time: of a parameter, a table, a scale, a cell, an amount.
const OVER_TIME: &str = r#"
[policy]
id        = "over_time"
title     = { zh = "示范", en = "Example" }
issuer    = { zh = "示范", en = "Example" }
status    = "in_force"
effective = { from = 2012-01-01, to = 2026-12-31 }

[enums.degree]
label   = { zh = "学位", en = "degree" }
ordered = true
words   = { master = { zh = "硕士", en = "master" }, doctor = { zh = "博士", en = "doctor" } }

[applicants.person]
label = { zh = "个人", en = "Person" }

[facts.degree]
type  = "degree"
label = { zh = "学位", en = "Degree" }

[facts.moved_in]
type  = "date"
label = { zh = "入住日期", en = "Moved in on" }

[parameters.standard]
type  = "quantity"
unit  = "元"
label = { zh = "标准", en = "Standard" }
value = [{ from = 2012-01-01, is = "1000元" }, { from = 2018-01-01, is = "2000元" }]

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "补贴", en = "Grant" }
for      = "person"
event    = "moved_in"
requires = [{ test = "degree >= master", zh = "硕士以上", en = "master at least", from = 2016-01-01 }]
table.rate   = [{ from = 2012-01-01, is = { master = "1万元", doctor = "2万元" } },
                { from = 2018-01-01, is = { master = "3万元", doctor = [{ from = 2012-01-01, is = "4万元" }, { from = 2020-01-01, is = "5万元" }] } }]
scale.reward = [{ from = 2012-01-01, is = { "1000元" = "1元", "2000元" = "2元" } },
                { from = 2018-01-01, is = { "1000元" = "3元", "> 3000元" = "4元" } }]
amount   = "standard + rate[degree] + reward(standard)"
at_most  = [{ from = 2012-01-01, is = "3万元" }, { from = 2019-01-01, is = "6万元" }]
"#;

fn text(id: &str) -> String {
    if id == "over_time" {
        return OVER_TIME.to_owned();
    }
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
                // What a parameter is from a day on is told of the parameter, whichever clause asks for it.
                let stands =
                    Some(change.clause.as_str()).filter(|_| is_clause && !found.key.starts_with("parameters."));
                assert_eq!(clause, stands, "{what}\n{found:?}");
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
