//! What the checks say is so: applicants that they show are taken by `calc` and come to the sums that are claimed, and what is
//! said never to hold has no value for which it does.

use duixian::check;
use duixian::policy;
use duixian::source::Source;
use proptest::prelude::*;

use crate::case::{hold, run};
use crate::shown::verify;

#[test]
fn every_finding_shows_what_calc_says() {
    hold(60, |case| {
        let found = check::all(&case.read);
        for finding in found.open.iter().chain(found.accepted.iter().map(|(finding, _)| finding)) {
            verify(&case.read, finding)
                .map_err(|what| format!("{}: {what}\n{}", finding.code.name, case.policy.write()))?;
        }
        Ok(())
    });
}

const SIGNS: [&str; 4] = ["<", "<=", ">", ">="];

fn policy_with(tests: &[String]) -> policy::Policy {
    let requires: Vec<String> =
        tests.iter().map(|test| format!("{{ test = \"{test}\", zh = \"条件\", en = \"condition\" }}")).collect();
    let text = check::example(&format!(
        r#"
[facts.share]
type  = "quantity"
min   = 0
max   = 1
label = {{ zh = "份额", en = "Share" }}

[[clauses]]
id       = "1"
cite     = "第一条"
title    = {{ zh = "奖励", en = "Award" }}
for      = "enterprise"
requires = [{}]
amount   = "1万元"
"#,
        requires.join(", ")
    ));
    policy::read(&Source::new("policy.toml", text), &|_| None).0.unwrap()
}

/// Two bounds, each a whole number of 1/10^`places`, perhaps of a multiple of the share.
#[test]
fn what_never_holds_has_no_value_for_which_it_does() {
    let bound = || (0usize..4, 0i64..=1000, prop_oneof![Just(1i64), Just(3), Just(1000)]);
    let values = (bound(), bound(), 2u32..9, any::<bool>());
    run(300, &values, |((first, a, by), (second, b, other_by), places, near)| {
        let scale = 10_i64.pow(*places);
        // Near each other, so that hardly anything lies between them.
        let of = |number: i64| if *near { scale / 3 + number % 4 } else { number.min(scale) };
        let (a, b) = (of(*a), of(*b));
        let written = |number: i64| format!("{}.{:0width$}", number / scale, number % scale, width = *places as usize);
        let test = |sign: usize, number: i64, by: i64| {
            if by == 1 {
                format!("share {} {}", SIGNS[sign], written(number))
            } else {
                format!("share × {by} {} {}", SIGNS[sign], written(number))
            }
        };
        let tests = [test(*first, a, *by), test(*second, b, *other_by)];
        let policy = policy_with(&tests);
        let never = check::all(&policy).open.iter().any(|found| found.code.name == "condition-never-holds");
        // Every boundary and what lies between two of them, as fractions of one denominator.
        let whole = i128::from(scale) * 3000;
        let cut = |number: i64, by: i64| i128::from(number) * 3000 / i128::from(by);
        let mut ends = vec![0, whole, cut(a, *by), cut(b, *other_by)];
        ends.retain(|end| (0..=whole).contains(end));
        ends.sort_unstable();
        // Twice as fine, so that there is a middle.
        let points: Vec<i128> =
            ends.iter().map(|end| end * 2).chain(ends.windows(2).map(|pair| pair[0] + pair[1])).collect();
        let holds = |sign: usize, number: i64, by: i64, point: i128| {
            let (left, right) = (point * i128::from(by), i128::from(number) * 6000);
            [left < right, left <= right, left > right, left >= right][sign]
        };
        let some = points.iter().any(|point| holds(*first, a, *by, *point) && holds(*second, b, *other_by, *point));
        if never && some { Err(format!("{tests:?} can hold")) } else { Ok(()) }
    });
}
