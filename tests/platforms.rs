//! Four platforms a school, of enterprises with several of them, in one batch and in parts that are settled afterwards.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::io::{self, Cursor};
use std::sync::Arc;

use duixian::applicant::When;
use duixian::batch::settle::{Gathering, Writing};
use duixian::batch::{Across, Plan, Shape, Sink, run};
use duixian::document::parse;
use duixian::lang::Lang;
use duixian::policy::{self, Policy, builtin};
use duixian::rows::{Content, Document, Fault, Heads, Next, Row, Rows, Setup, Sheet};
use duixian::settle::decide;
use duixian::source::Source;
use duixian::value::{Day, Value, Words};

/// Documents of applicants, as rows.
struct Documents {
    sheet: Arc<Sheet>,
    rows: std::vec::IntoIter<Row>,
}

impl Rows for Documents {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        self.rows.next().map(Next::Row)
    }
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    fn results(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()> {
        let faults: Vec<String> = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        assert!(faults.is_empty(), "{faults:?}");
        Ok(())
    }

    fn progress(&mut self, _rows: u64) -> bool {
        true
    }
}

/// The enterprise that was paid for a platform before.
const PAID: &str = "paid";

/// An enterprise's id and its platforms: name, school, and the day; an empty one is not known.
type Enterprise<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)]);

fn documents(enterprises: &[Enterprise<'_>]) -> Documents {
    let row = |(place, (id, platforms)): (usize, &Enterprise<'_>)| {
        let mut text =
            "[applicant]\nkind = \"enterprise\"\n[facts]\nenterprise_in_zone = true\nschool_supports = []\n".to_owned();
        for (name, school, built_on) in *platforms {
            text += &format!("[[facts.fusion_platforms]]\nname = \"{name}\"\n");
            for (key, value) in [("school", format!("\"{school}\"")), ("built_on", (*built_on).to_owned())] {
                if value.len() > 2 {
                    text += &format!("{key} = {value}\n");
                }
            }
        }
        if *id == PAID {
            text += "[[paid]]\nclause = \"qingyuan/9\"\namount = \"50000元\"\non = 2025-06-01\n";
        }
        let table = parse(&Source::new("applicant.toml", text), &mut Vec::new()).unwrap();
        let content = Content::Document(Box::new(Document { table, id: Some((*id).to_owned()), file: None }));
        Row { line: place as u64 + 1, content }
    };
    let rows: Vec<Row> = enterprises.iter().enumerate().map(row).collect();
    let sheet = Arc::new(Sheet { file: "enterprises".into(), heads: Heads::default(), separator: b',' });
    Documents { sheet, rows: rows.into_iter() }
}

fn qingyuan() -> Policy {
    let found = builtin::policy("qingyuan").unwrap();
    let vocabulary = |name: &str| builtin::vocabulary(name).map(|(path, text)| Source::new(path, text));
    policy::read(&Source::new(found.path, found.text), &vocabulary).0.unwrap()
}

fn plan<'a>(policy: &'a Policy, readings: &[(&str, &str)], shape: Shape) -> Plan<'a> {
    let take = |(reading, option): &(&str, &str)| {
        let slot = policy.names.input(&format!("reading.{reading}")).unwrap();
        let duixian::expr::types::Type::Enum(words) = policy.names.inputs[slot].ty else { panic!("no reading") };
        let place = policy.names.enums[words].words.iter().position(|(word, _)| word == option).unwrap();
        (slot, Value::Words(Words::one(place)))
    };
    let as_of = Day::parse("2025-12-31").unwrap();
    Plan {
        readings: vec![readings.iter().map(take).collect()],
        wanted: vec![policy.clauses.iter().map(|clause| clause.id == "9").collect()],
        shape,
        ..Plan::new(Setup::new(vec![policy], When { as_of: Some(as_of), today: as_of, ignore_payments: false }))
    }
}

fn written(plan: &Plan<'_>, enterprises: &[Enterprise<'_>]) -> Vec<u8> {
    let mut kept = Kept::default();
    let finished = run(plan, &mut std::iter::once(Box::new(documents(enterprises)) as _), 2, &mut kept).unwrap();
    assert!(!finished.changed);
    kept.0
}

fn in_two_passes(plan: &mut Plan<'_>, enterprises: &[Enterprise<'_>]) -> String {
    let first = plan.for_claims();
    let mut tables = std::iter::once(Box::new(documents(enterprises)) as _);
    let finished = run(&first, &mut tables, 2, &mut Kept::default()).unwrap();
    let decisions = decide(finished.claims, &plan.setup.policies);
    let settled = Plan { across: Across::Settled(&decisions), ..copy(plan) };
    String::from_utf8(written(&settled, enterprises)).unwrap()
}

fn copy<'a>(plan: &Plan<'a>) -> Plan<'a> {
    Plan { wanted: plan.wanted.clone(), across: Across::Later, ..plan.for_claims() }
}

/// Id, platform, status and amounts of every line of long results.
fn lines(results: &str) -> Vec<String> {
    let cells = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {} {} {}-{}", cells[0], cells[7], cells[8], cells[12], cells[13])
    };
    results.lines().map(cells).collect()
}

/// By the days at 甲校: a1 (1 January), b1 (February), c1 (March), d1 (April), e1 (May). a2 is with 甲校 too, but a has a1.
const ENTERPRISES: &[Enterprise<'_>] = &[
    ("a", &[("a1", "甲校", "2024-01-01"), ("a2", "甲校", "2024-01-15"), ("a3", "乙校", "2024-06-01")]),
    ("b", &[("b1", "甲校", "2024-02-01")]),
    ("c", &[("c1", "甲校", "2024-03-01")]),
    ("d", &[("d1", "甲校", "2024-04-01"), ("d2", "乙校", "2025-03-01")]),
    ("e", &[("e1", "甲校", "2025-05-01")]),
];

#[test]
fn the_first_four_platforms_of_a_school() {
    let policy = qingyuan();
    let mut plan = plan(&policy, &[], Shape::Long);
    // 甲校 has a1, b1, c1 and d1; a2 is the second of one enterprise, e1 the fifth of the school. 乙校 has two.
    let expected = [
        "a a1 eligible 50000.00-50000.00",
        "a a2 not_eligible 0.00-0.00",
        "a a3 eligible 50000.00-50000.00",
        "b b1 eligible 50000.00-50000.00",
        "c c1 eligible 50000.00-50000.00",
        "d d1 eligible 50000.00-50000.00",
        "d d2 eligible 50000.00-50000.00",
        "e e1 not_eligible 0.00-0.00",
    ];
    assert_eq!(lines(&in_two_passes(&mut plan, ENTERPRISES)), expected);
}

#[test]
fn four_every_year_or_chosen_by_the_zone() {
    let policy = qingyuan();
    // Four each year: e1 is the first of 2025.
    let mut yearly = plan(&policy, &[("article9_period", "per_year")], Shape::Long);
    assert_eq!(lines(&in_two_passes(&mut yearly, ENTERPRISES))[7], "e e1 eligible 50000.00-50000.00");
    // The zone chooses four of the five of 甲校: any of them may be left out. 乙校 has two only.
    let mut chosen = plan(&policy, &[("article9_which_four", "zone_selects")], Shape::Long);
    let results = in_two_passes(&mut chosen, ENTERPRISES);
    assert_eq!(lines(&results)[0], "a a1 undetermined 0.00-50000.00");
    assert_eq!(lines(&results)[2], "a a3 eligible 50000.00-50000.00");
    assert_eq!(lines(&results)[7], "e e1 undetermined 0.00-50000.00");
    assert!(results.contains("由主管部门选定"), "{results}");
}

#[test]
fn what_was_paid_for_a_platform_that_is_left_out_is_overpaid() {
    let policy = qingyuan();
    let mut enterprises = ENTERPRISES.to_vec();
    enterprises.push((PAID, &[("g1", "甲校", "2025-06-01")]));
    let results = in_two_passes(&mut plan(&policy, &[], Shape::Long), &enterprises);
    // Awarded 0, paid 50,000: nothing due, 50,000 too much.
    let line = results.lines().find(|line| line.starts_with(PAID)).unwrap();
    assert!(line.contains(",元,0.00,0.00,50000.00,0.00,0.00,50000.00,50000.00,0.00,0.00,"), "{line}");
}

#[test]
fn a_platform_without_a_day_may_come_first() {
    let policy = qingyuan();
    let mut enterprises = ENTERPRISES.to_vec();
    enterprises.push(("f", &[("f1", "甲校", "")]));
    let results = lines(&in_two_passes(&mut plan(&policy, &[], Shape::Long), &enterprises));
    // f1 may have any place: a1 to c1 are inside with it or without, d1 is the fourth or fifth, e1 the fifth or sixth.
    assert_eq!(results[4], "c c1 eligible 50000.00-50000.00");
    assert_eq!(results[5], "d d1 undetermined 0.00-50000.00");
    assert_eq!(results[7], "e e1 not_eligible 0.00-0.00");
    assert_eq!(results[8], "f f1 undetermined 0.00-50000.00");
}

#[test]
fn parts_settled_in_any_order_give_what_one_batch_gives() {
    let policy = qingyuan();
    let mut enterprises = ENTERPRISES.to_vec();
    enterprises.push(("f", &[("f1", "甲校", ""), ("f2", "", "2024-07-01")]));
    let mut plan = plan(&policy, &[], Shape::Json);
    let whole = in_two_passes(&mut plan, &enterprises);
    let (one, other) = enterprises.split_at(2);
    let (one, other) = (written(&plan, one), written(&plan, other));
    let settle = |parts: &[&Vec<u8>]| {
        let mut gathering = Gathering::new(&plan);
        for part in parts {
            gathering.file(&"part".into(), &mut Cursor::new(part)).unwrap();
        }
        assert!(gathering.faults.is_empty());
        let decisions = decide(gathering.claims, &plan.setup.policies);
        let mut writing = Writing::new(&plan, &decisions);
        let mut kept = Kept::default();
        for part in parts {
            writing.file(&mut Cursor::new(part), &mut kept).unwrap();
        }
        assert!(!writing.changed);
        String::from_utf8(kept.0).unwrap()
    };
    assert_eq!(settle(&[&one, &other]), whole);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&settle(&[&other, &one])), sorted(&whole));
}

#[test]
fn only_what_says_that_it_was_made_for_settling_is_settled() {
    let policy = qingyuan();
    let plan = plan(&policy, &[], Shape::Json);
    let made = String::from_utf8(written(&plan, ENTERPRISES)).unwrap();
    let refused = |text: &str| {
        let mut gathering = Gathering::new(&plan);
        gathering.file(&"part".into(), &mut Cursor::new(text)).unwrap();
        let reasons = gathering.faults.iter().map(|fault| fault.reason.en.to_string());
        reasons.collect::<Vec<_>>()
    };
    assert!(refused(&made).is_empty());
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let line = made.lines().next().unwrap();
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        change(&mut value);
        refused(&value.to_string()).concat()
    };
    // Without the mark; without the claims, so that three platforms of one line would be paid whatever the others are.
    let unmarked = changed(&|value| drop(value.as_object_mut().unwrap().remove("for_settling")));
    assert!(unmarked.starts_with("this line was not made to be settled"), "{unmarked}");
    let without_claims = changed(&|value| {
        for line in value["lines"].as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("claims");
        }
    });
    assert!(without_claims.starts_with("this line should have "), "{without_claims}");
    // By another version of the policy, and by a policy that nobody knows.
    let other = changed(&|value| value["for_settling"]["policies"]["qingyuan"] = "0123456789abcdef".into());
    assert!(other.starts_with("the batch used another version of the policy qingyuan"), "{other}");
    let misspelt = changed(&|value| value["lines"][0]["policy"] = "qingyaun".into());
    assert!(misspelt.contains("did you mean qingyuan/9?"), "{misspelt}");
}
