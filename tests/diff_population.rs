//! What a change does to a population: five changes planted in a policy are named, and the money beside each clause is what two
//! runs of `batch` give; an unchanged policy changes nothing for anybody, however much is open.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use duixian::cli::Exit;
use serde_json::Value;

/// Clause, what stands there and what is planted. Each stands once in the part of the file behind its clause's id.
const PLANTED: [(&str, &str, &str); 5] = [
    ("1", r#"amount = "30万元", due"#, r#"amount = "35万元", due"#),
    ("2", r#"amount = "10万元", due"#, r#"amount = "8万元", due"#),
    ("3", r#"amount = "20万元""#, r#"amount = "25万元""#),
    ("17.2", r#"doctor = "10万元""#, r#"doctor = "9万元""#),
    ("19.2", r#"doctor = "1500元/月""#, r#"doctor = "1400元/月""#),
];

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("duixian-population-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn run(&self, line: &str) -> program::Outcome {
        let words: Vec<&str> = line.split(' ').collect();
        program::run_in(&self.0, &words, &mut std::io::empty())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn planted(text: &str) -> String {
    let mut text = text.to_owned();
    for (clause, old, new) in PLANTED {
        let head = text.lines().find(|line| {
            let mut parts = line.split('=');
            parts.next().is_some_and(|key| key.trim() == "id")
                && parts.next().is_some_and(|id| id.trim() == format!("\"{clause}\""))
        });
        let at = text.find(head.unwrap()).unwrap();
        let place = at + text[at..].find(old).unwrap_or_else(|| panic!("{clause}: {old}"));
        text.replace_range(place..place + old.len(), new);
    }
    text
}

/// Applicants of all sorts; cells that are left blank are open. The numbers come from a fixed rule.
fn population(rows: u64) -> String {
    let mut text = "id,kind,as_of,enterprise_in_zone,station_approved_on,station_first_postdoc_on,sub_station_approved_on,sub_station_first_postdoc_on,birth_date,degree,\
                    zone_work_from,came_from_outside,registered_outside,arrived_on,works_in_zone,studying_for,joint_training_base,graduated_on\n"
        .to_owned();
    let mut seed: u64 = 20_250_630;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for row in 0..rows {
        let mut day = |from: u64, open: u64| match next(open) {
            0 => String::new(),
            _ => format!("{}-{:02}-{:02}", from + next(2), 1 + next(12), 1 + next(28)),
        };
        let days = [day(2024, 9), day(2026, 9), day(2023, 9), day(1990, 9), day(2024, 5), day(2024, 9), day(2024, 5)];
        let [approved, postdoc, sub, birth, work, arrived, graduated] = days;
        let mut one = |of: &[&'static str]| of[next(of.len() as u64) as usize];
        if row % 3 == 0 {
            let zone = one(&["true", "true", "false", ""]);
            // Whoever has no station yet may have recruited as a sub-station.
            let stations =
                if row % 6 == 0 { format!(",,{sub},{postdoc}") } else { format!("{approved},{postdoc},{sub},") };
            let _ = writeln!(text, "r{row},enterprise,2026-06-30,{zone},{stations},,,,,,,,,,");
        } else {
            let degree = one(&["bachelor", "master", "doctor", "doctor", ""]);
            let (outside, registered) = (one(&["true", "true", "false", ""]), one(&["true", "true", ""]));
            let (works, studying) = (one(&["true", "true", ""]), one(&["none", "master", "doctor", "doctor"]));
            let base = one(&["true", "true", "false", ""]);
            let _ = writeln!(
                text,
                "r{row},person,2026-06-30,,,,,,{birth},{degree},{work},{outside},{registered},{arrived},{works},{studying},{base},{graduated}"
            );
        }
    }
    text
}

/// What `batch` awards under each clause: from at least to at most, in 分; no upper end is `None`.
fn awarded(results: &str) -> BTreeMap<String, (i128, Option<i128>)> {
    let fen = |text: &str| text.replace('.', "").parse::<i128>().unwrap();
    let mut sums: BTreeMap<String, (i128, Option<i128>)> = BTreeMap::new();
    for line in results.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        for line in row["lines"].as_array().unwrap() {
            let own = sums.entry(line["clause"].as_str().unwrap().to_owned()).or_insert((0, Some(0)));
            let Some(range) = line["amounts"].get("awarded").filter(|_| line["counted"] == true) else { continue };
            own.0 += fen(range["at_least"].as_str().unwrap());
            own.1 = own.1.zip(range["at_most"].as_str().map(fen)).map(|(a, b)| a + b);
        }
    }
    sums
}

/// What the planted changes do to a population, and the clauses that differ: held against a batch on either side.
fn against_two_batches(folder: &Folder, people: &str, rows: u64) -> (Value, Vec<String>) {
    let results = ["old", "new"].map(|name| {
        let ran = folder.run(&format!("batch {people} --policy {name}.toml --to jsonl --taken-only"));
        assert!(ran.errors.contains("退回 0"), "{}", ran.errors);
        awarded(&ran.output)
    });
    let ran = folder.run(&format!("diff old.toml new.toml {people} --format json"));
    assert_eq!(ran.exit, Exit::Open, "{}", ran.errors);
    let effect: Value = serde_json::from_str(&ran.output).unwrap();
    assert_eq!(effect["rows"]["both"], rows);
    let money = |fen: i128| format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.abs() / 100, fen.abs() % 100);
    let mut different = Vec::new();
    for clause in effect["clauses"].as_array().unwrap() {
        let id = clause["clause"].as_str().unwrap();
        for (side, results) in ["before", "after"].iter().zip(&results) {
            let (lo, hi) = results.get(id).copied().unwrap_or((0, Some(0)));
            let most = hi.map_or(Value::Null, |hi| money(hi).into());
            assert_eq!(clause["awarded"][side]["at_least"], money(lo), "{id} {side}");
            assert_eq!(clause["awarded"][side]["at_most"], most, "{id} {side}");
        }
        let range = &clause["awarded"]["difference"];
        if range["at_least"] != "0.00" || range["at_most"] != "0.00" {
            different.push(id.to_owned());
        }
    }
    (effect, different)
}

#[test]
fn planted_changes_are_named_with_the_right_money_beside_each() {
    let folder = Folder::new("planted");
    let text = fs::read_to_string("policies/qingyuan/policy.toml").unwrap();
    fs::write(folder.0.join("old.toml"), &text).unwrap();
    fs::write(folder.0.join("new.toml"), planted(&text)).unwrap();
    fs::write(folder.0.join("people.csv"), population(60)).unwrap();

    let named: Value = serde_json::from_str(&folder.run("diff old.toml new.toml --format json").output).unwrap();
    let changes: Vec<&Value> = named["changes"].as_array().unwrap().iter().collect();
    let ids: Vec<&str> = changes.iter().map(|change| change["clause"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, PLANTED.map(|(clause, _, _)| clause), "{changes:#?}");

    // Of two thousand: each side of each clause is what a batch under that policy gives.
    fs::write(folder.0.join("many.csv"), population(2000)).unwrap();
    against_two_batches(&folder, "many.csv", 2000);
    let (effect, different) = against_two_batches(&folder, "people.csv", 60);
    // Each change alone: exactly the five, each with no less than what its clause may come to in all.
    let ran = folder.run("diff old.toml new.toml people.csv --by-change --format json");
    let alone: Value = serde_json::from_str(&ran.output).unwrap_or_else(|_| panic!("{}", ran.errors));
    let parts = alone["by_change"].as_array().unwrap();
    let ids: Vec<&str> = parts.iter().map(|part| part["changes"][0]["clause"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, PLANTED.map(|(clause, _, _)| clause), "{parts:#?}");
    let fen = |end: &Value| end.as_str().map(|text| text.replace('.', "").parse::<i128>().unwrap());
    for part in parts {
        assert_eq!(part["changes"].as_array().unwrap().len(), 1, "{part:#?}");
        let id = &part["changes"][0]["clause"]["id"];
        let (lo, hi) = (fen(&part["difference"]["at_least"]), fen(&part["difference"]["at_most"]));
        let own = effect["clauses"].as_array().unwrap().iter().find(|clause| clause["clause"] == *id).unwrap();
        let whole = &own["awarded"]["difference"];
        let (least, most) = (fen(&whole["at_least"]), fen(&whole["at_most"]));
        assert!(lo.is_none() || lo <= least, "{part:#?}\n{own:#?}");
        assert!(hi.is_none() || most <= hi, "{part:#?}\n{own:#?}");
    }
    // Of those of whom all of this is known the allowance by the month is exact, and so is what its change does.
    let text = population(120);
    let is_known = |line: &&str| line.contains(",person,") && line.split(',').skip(8).all(|cell| !cell.is_empty());
    let known: Vec<&str> = text.lines().take(1).chain(text.lines().filter(is_known)).collect();
    assert!(known.len() > 5, "{known:?}");
    fs::write(folder.0.join("known.csv"), known.join("\n")).unwrap();
    let results = ["old.toml", "new.toml"]
        .map(|policy| awarded(&folder.run(&format!("batch known.csv --policy {policy} --to jsonl")).output));
    let ran = folder.run("diff old.toml new.toml known.csv --by-change --format json");
    let alone: Value = serde_json::from_str(&ran.output).unwrap_or_else(|_| panic!("{}", ran.errors));
    let mut exact = Vec::new();
    for part in alone["by_change"].as_array().unwrap() {
        let id = part["changes"][0]["clause"]["id"].as_str().unwrap();
        let [was, is] = [0, 1].map(|side: usize| results[side].get(id).copied().unwrap_or((0, Some(0))));
        if was.1 == Some(was.0) && is.1 == Some(is.0) && is.0 != was.0 {
            let apart = Some(is.0 - was.0);
            let difference = &part["difference"];
            assert_eq!((fen(&difference["at_least"]), fen(&difference["at_most"])), (apart, apart), "{part:#?}");
            exact.push(id);
        }
    }
    assert_eq!(exact, ["19.2"], "what is known beside the change");
    // Clause 11 and others may be reached where something is open; what is certain is in the five.
    assert!(PLANTED.iter().all(|(clause, _, _)| different.iter().any(|known| known == clause)), "{different:?}");

    // Line by line: what is exact on both sides differs by exactly what it comes to on the two.
    let rows = folder.run("diff old.toml new.toml people.csv --format csv").output;
    let mut exact = BTreeMap::new();
    for row in rows.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let fen = |place: usize| cells[place].replace('.', "").parse::<i128>().unwrap();
        if cells[5] == cells[6] && cells[7] == cells[8] {
            assert_eq!((fen(9), fen(10)), (fen(7) - fen(5), fen(7) - fen(5)), "{row}");
            if fen(9) != 0 {
                *exact.entry(cells[2].to_owned()).or_insert(0) += 1;
            }
        }
    }
    let clauses: Vec<&str> = exact.keys().map(String::as_str).collect();
    assert!(clauses.iter().all(|clause| PLANTED.iter().any(|(planted, _, _)| planted == clause)), "{exact:?}");
    assert!(clauses.len() >= 2, "the population reaches the changes: {exact:?}");
}

#[test]
fn an_unchanged_policy_changes_nothing_for_anybody() {
    let folder = Folder::new("same");
    fs::write(folder.0.join("people.csv"), population(24)).unwrap();
    let ran = folder.run("diff qingyuan qingyuan people.csv --format json");
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    let effect: Value = serde_json::from_str(&ran.output).unwrap();
    let nothing = serde_json::json!({ "at_least": "0.00", "at_most": "0.00" });
    assert_eq!(effect["awarded"]["difference"], nothing);
    assert_ne!(effect["awarded"]["before"]["at_least"], effect["awarded"]["before"]["at_most"], "much is open");
    assert_eq!(effect["applicants"], serde_json::json!({ "gain": 0, "lose": 0, "same": 24, "open": 0 }));
    for clause in effect["clauses"].as_array().unwrap() {
        assert_eq!(clause["awarded"]["difference"], nothing, "{clause}");
    }
    assert_eq!(folder.run("diff qingyuan qingyuan people.csv --format csv").output.lines().count(), 1);
}

/// The difference of each clause, and of all together, of one applicant of Qingyuan under a changed policy.
fn differs(folder: &Folder, changes: &[usize], row: &str) -> (BTreeMap<String, (String, String)>, (String, String)) {
    let text = fs::read_to_string("policies/qingyuan/policy.toml").unwrap();
    let mut new = text.clone();
    for (id, old, latest) in changes.iter().map(|place| ARTICLES[*place]) {
        let at = new.find(&format!("\nid        = \"{id}\"\n")).unwrap();
        let place = at + new[at..].find(old).unwrap();
        new.replace_range(place..place + old.len(), latest);
    }
    fs::write(folder.0.join("old.toml"), text).unwrap();
    fs::write(folder.0.join("new.toml"), new).unwrap();
    let head = "id,kind,as_of,enterprise_in_zone,station_approved_on,station_first_postdoc_on,sub_station_approved_on";
    fs::write(folder.0.join("one.csv"), format!("{head}\n{row}\n")).unwrap();
    let ran = folder.run("diff old.toml new.toml one.csv --format json");
    let effect: Value = serde_json::from_str(&ran.output).unwrap_or_else(|_| panic!("{}", ran.errors));
    let ends = |range: &Value| {
        let end = |of: &str| range[of].as_str().unwrap_or("-").to_owned();
        (end("at_least"), end("at_most"))
    };
    let clauses = effect["clauses"].as_array().unwrap().iter();
    let clauses = clauses.map(|one| (one["clause"].as_str().unwrap().to_owned(), ends(&one["awarded"]["difference"])));
    (
        clauses.filter(|(_, range)| range.0 != "0.00" || range.1 != "0.00").collect(),
        ends(&effect["awarded"]["difference"]),
    )
}

/// Article 1, its second part; article 2, its first part; article 3.
const ARTICLES: [(&str, &str, &str); 3] = [
    ("1", r#"amount = "30万元", due"#, r#"amount = "35万元", due"#),
    ("2", r#"amount = "10万元", due"#, r#"amount = "8万元", due"#),
    ("3", r#"amount = "20万元""#, r#"amount = "25万元""#),
];

#[test]
fn what_is_open_is_one_thing_under_both_policies() {
    let folder = Folder::new("open");
    let range = |lo: &str, hi: &str| (lo.to_owned(), hi.to_owned());
    let only = |id: &str, lo: &str, hi: &str| (BTreeMap::from([(id.to_owned(), range(lo, hi))]), range(lo, hi));
    // Whatever the days are, article 1 pays nothing, 20万, or 20万 + 30万, which becomes 20万 + 35万: 0 or 50,000 more. Whether
    // article 3 stands in its place is the same under both.
    for row in
        ["a,enterprise,2026-06-30,true,,,", "b,enterprise,2026-06-30,,,,", "c,enterprise,2026-06-30,true,2024-05-01,,"]
    {
        assert_eq!(differs(&folder, &[0], row), only("1", "0.00", "50000.00"), "{row}");
    }
    // Article 2 pays 10万 or 10万 + 20万, which becomes 8万 or 8万 + 20万: nothing, or 20,000 less.
    for row in ["a,enterprise,2026-06-30,true,,,", "b,enterprise,2026-06-30,true,2024-10-02,2026-08-22,2024-06-15"] {
        assert_eq!(differs(&folder, &[1], row), only("2", "-20000.00", "0.00"), "{row}");
    }
    // Approved, and all the rest open: either article 3 is paid, 25万 for 20万, or article 1, at first without its second part:
    // each differs by 0 or 50,000, and never both of them.
    let (clauses, all) = differs(&folder, &[0, 2], "a,enterprise,2026-06-30,true,2024-05-01,,");
    let each = range("0.00", "50000.00");
    assert_eq!(clauses, BTreeMap::from([("1".to_owned(), each.clone()), ("3".to_owned(), each.clone())]));
    assert_eq!(all, each);
}
