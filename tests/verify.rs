//! A record that can be held to: whatever was written is worked out again, and what was changed in it, or in what it was worked
//! out from, is found and told where it stands.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use duixian::cli::Exit;
use duixian::lang::Text;
use duixian::report::again::{Differences, Row};
use program::{Outcome, run_in, tries};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

const POLICY: &str = r#"[policy]
id        = "yunpu"
title     = { zh = "云浦市购房补助办法", en = "Yunpu: grant for a home" }
issuer    = { zh = "云浦市人民政府", en = "Yunpu City" }
status    = "in_force"
effective = { from = 2024-01-01 }

[applicants.person]
label = { zh = "个人", en = "Person" }

[facts.price]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "房价", en = "Price" }

[readings.share]
question = { zh = "比例按百分之几？", en = "Which share?" }
options.ten    = { zh = "百分之十", en = "a tenth" }
options.twenty = { zh = "百分之二十", en = "a fifth" }
default = "ten"
because = { zh = "以通知为准", en = "the notice says so" }
sure    = "high"

[[clauses]]
id      = "1"
cite    = "第一条"
title   = { zh = "购房补助", en = "Grant for a home" }
for     = "person"
amount  = "if reading.share == ten then price × 10% else price × 20%"
at_most = "5万元"

[[clauses]]
id      = "2"
cite    = "第二条"
title   = { zh = "安家补助", en = "Grant for moving in" }
for     = "person"
amount  = "1000元"

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "大额补助", en = "Grant for a large home" }
for      = "person"
requires = [{ test = "price >= 100万元", zh = "房价100万元以上", en = "a price of a million or more" }]
amount   = "5元"
"#;

const PEOPLE: &str = "id,name,kind,price\n甲,罗小桥,person,30万元\n乙,沈未央,person,7万元\n";

struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
        fs::write(folder.path().join("people.csv"), PEOPLE).unwrap();
        let applicant =
            "[applicant]\nname = \"罗小桥\"\nkind = \"person\"\nas_of = 2025-03-01\n\n[facts]\nprice = \"30万元\"\n";
        fs::write(folder.path().join("applicant.toml"), applicant).unwrap();
        Bench(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, line: &str) -> Outcome {
        run_in(self.path(), &line.split(' ').collect::<Vec<_>>(), &mut io::empty())
    }

    /// A result of `calc`, kept.
    fn calc(&self, more: &str, name: &str) {
        let run = self.run(&format!("calc applicant.toml --policy policy.toml {more}"));
        assert_eq!((run.exit, run.errors.as_str()), (Exit::Done, ""));
        fs::write(self.path().join(name), run.output).unwrap();
    }

    /// Results of `batch`.
    fn batch(&self, more: &str) {
        let run = self.run(&format!("batch people.csv --policy policy.toml --as-of 2025-03-01 {more}"));
        assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    }

    /// Changes a file at the first place, which must be there.
    fn change(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(self.path().join(name), text.replacen(from, to, 1)).unwrap();
    }

    /// What is said of a result, without its first line; and that it is the same or not.
    fn verify(&self, line: &str, same: bool) -> Vec<String> {
        let run = self.run(&format!("verify {line} --lang en"));
        let lines: Vec<String> = run.output.lines().map(|line| line.trim_start().to_owned()).collect();
        assert_eq!(run.errors, "", "{line}");
        assert_eq!(run.exit, if same { Exit::Done } else { Exit::Open }, "{line}: {}", run.output);
        lines[1..].to_vec()
    }
}

/// Changes the parts of a workbook.
fn change_book(path: &Path, from: &str, to: &str) -> bool {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.push((part.name().unwrap().into_owned(), text));
    }
    let found = parts.iter().any(|(_, text)| text.contains(from));
    let mut written = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, text) in parts {
        written.start_file(name, SimpleFileOptions::default()).unwrap();
        written.write_all(text.replace(from, to).as_bytes()).unwrap();
    }
    written.finish().unwrap();
    found
}

#[test]
fn what_nobody_changed_is_the_same_in_every_format() {
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.calc("--format html --lang en", "r.html");
    bench.batch("-o r.csv --record");
    bench.batch("-o w.csv --wide --record --lang en");
    bench.batch("-o r.jsonl --to jsonl --record");
    bench.batch("-o r.xlsx --to xlsx --payments pay.xlsx --statements pages");
    for name in ["r.json", "r.html", "r.csv", "w.csv", "r.jsonl", "r.xlsx", "pay.xlsx", "pages/00001-甲.html"] {
        assert_eq!(bench.verify(name, true), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_changed_figure_is_found_where_it_stands() {
    let bench = Bench::new();
    // 10% of 30万元 are 3万元; of 7万元, 7,000元.
    bench.calc("--format json", "r.json");
    bench.change(
        "r.json",
        "\"awarded\": {\n        \"at_least\": \"30000.00\"",
        "\"awarded\": {\n        \"at_least\": \"31000.00\"",
    );
    let told = bench.verify("r.json", false);
    assert_eq!(told, ["clause yunpu/1: awarded: the result says 31000.00–30000.00, it comes to 30000.00"]);
    bench.calc("--format html --lang en", "r.html");
    bench.change(
        "r.html",
        "<td class=\"amounts\"><p class=\"plain\"><span class=\"whole\">30,000",
        "<td class=\"amounts\"><p class=\"plain\"><span class=\"whole\">39,000",
    );
    let told = bench.verify("r.html", false);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("Breakdown 1: Awarded: the result says 39,000"), "{told:?}");
    bench.batch("-o r.csv --record");
    bench.change("r.csv", "7000.00", "7100.00");
    let told = bench.verify("r.csv", false);
    assert_eq!(told, ["乙 yunpu 1: awarded_at_least: the result says 7100.00, it comes to 7000.00"]);
    bench.batch("-o r.jsonl --to jsonl --record");
    bench.change(
        "r.jsonl",
        "\"due\":{\"at_least\":\"30000.00\",\"at_most\":\"30000.00\"}",
        "\"due\":{\"at_least\":\"30000.00\",\"at_most\":\"35000.00\"}",
    );
    let told = bench.verify("r.jsonl", false);
    assert_eq!(told, ["甲 clause yunpu/1: due now: the result says 30000.00–35000.00, it comes to 30000.00"]);
    bench.batch("-o r.xlsx --to xlsx --lang en");
    assert!(change_book(&bench.path().join("r.xlsx"), "<v>7000</v>", "<v>7700</v>"));
    let told = bench.verify("r.xlsx", false);
    assert!(!told.is_empty() && told.iter().all(|line| line.contains("says 7700, it comes to 7000")), "{told:?}");
    bench.batch("--statements pages -o s.csv");
    let page = "pages/00002-乙.html";
    bench.change(page, "7,000", "7,001");
    assert!(!bench.verify(page, false).is_empty());
}

#[test]
fn a_line_that_is_gone_is_one_difference() {
    let bench = Bench::new();
    bench.batch("-o r.csv --record");
    let text = fs::read_to_string(bench.path().join("r.csv")).unwrap();
    let line = text.lines().find(|line| line.starts_with("甲") && line.contains(",2,")).unwrap();
    bench.change("r.csv", &format!("{line}\n"), "");
    let told = bench.verify("r.csv", false);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("甲 yunpu 2: the whole line: the result says nothing, it comes to "), "{told:?}");
}

#[test]
fn a_changed_record_is_found() {
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.change(
        "r.json",
        "\"id\": \"share\",\n            \"option\": \"ten\"",
        "\"id\": \"share\",\n            \"option\": \"twenty\"",
    );
    assert_eq!(bench.verify("r.json", false), ["reading yunpu.share: the result names twenty, ten is taken now"]);
    bench.calc("--format json", "r.json");
    let version = env!("CARGO_PKG_VERSION");
    bench.change("r.json", &format!("\"program\": \"duixian {version}\""), "\"program\": \"duixian 0.0.9\"");
    assert_eq!(bench.verify("r.json", false), [format!("program: it was duixian 0.0.9, it is duixian {version}")]);
    // The reading that was asked for.
    bench.calc("--format json --reading share=twenty", "r.json");
    assert!(bench.verify("r.json", true).is_empty());
    bench.change("r.json", "share=twenty", "share=ten");
    let told = bench.verify("r.json", false);
    // 20% of 30万元 are 6万元, of which 5万元 are paid; 10% are 3万元.
    assert!(
        told.contains(&"clause yunpu/1: awarded: the result says 50000.00, it comes to 30000.00".to_owned()),
        "{told:?}"
    );
    assert!(told.contains(&"reading yunpu.share: the result names twenty, ten is taken now".to_owned()), "{told:?}");
    // What people are shown must be what programs read.
    bench.calc("--format html --lang en --reading share=twenty", "r.html");
    assert!(bench.verify("r.html", true).is_empty());
    bench.change("r.html", "share = twenty (", "share = ten (");
    assert_eq!(
        bench.verify("r.html", false),
        ["worked out from: as its record: the result says nothing, it comes to share = twenty"]
    );
}

#[test]
fn another_policy_or_applicant_is_named_and_the_change_that_did_it() {
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.calc("--format html --lang en", "r.html");
    bench.batch("-o r.csv --record");
    fs::copy(bench.path().join("policy.toml"), bench.path().join("then.toml")).unwrap();
    // A grant that they do not get, and one of 800元 instead of 1,000元.
    bench.change("policy.toml", "\"5元\"", "\"6元\"");
    bench.change("policy.toml", "1000元", "800元");
    for name in ["r.json", "r.html", "r.csv"] {
        let told = bench.verify(&format!("{name} --old-policy then.toml"), false);
        let about = |words: &str| told.iter().filter(|line| line.contains(words)).count();
        assert_eq!(about("policy.toml is not the one of then (another digest)"), 1, "{told:?}");
        assert_eq!(
            about("under then.toml it is the same: all of it comes of what changed in the policy"),
            1,
            "{told:?}"
        );
        assert_eq!(about("第二条 (2): "), 1, "{told:?}");
        assert_eq!(about("第三条 (3): "), 0, "{told:?}");
        assert_eq!(about("one more change is in another clause; `duixian diff` tells it"), 1, "{told:?}");
    }
    // Another policy of the same name is not the one of then.
    bench.change("then.toml", "云浦市人民政府", "云浦县人民政府");
    let told = bench.verify("r.json --old-policy then.toml", false);
    assert!(told.contains(&"then.toml is not the policy that the result names (another fingerprint)".to_owned()));
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.change("applicant.toml", "30万元", "31万元");
    let told = bench.verify("r.json", false);
    assert!(told.contains(&"clause yunpu/1: awarded: the result says 30000.00, it comes to 31000.00".to_owned()));
    assert!(told.contains(&"Applicants' file: applicant.toml is not the one of then (another digest)".to_owned()));
}

#[test]
fn what_cannot_be_held_to_anything_is_refused_with_its_reason() {
    let bench = Bench::new();
    bench.calc("--format json --no-record", "r.json");
    bench.batch("-o r.csv");
    bench.batch("-o r.jsonl --to jsonl");
    for name in ["r.json", "r.csv", "r.jsonl"] {
        let run = bench.run(&format!("verify {name} --lang en"));
        assert_eq!(run.exit, Exit::Unusable, "{name}");
        assert!(run.errors.contains("does not say what it was worked out from"), "{name}: {}", run.errors);
    }
    // A record makes nothing but results, and those nowhere but in a folder of its own.
    bench.calc("--format json", "r.json");
    bench.change("r.json", "\"calc\"", "\"template\"");
    let run = bench.run("verify r.json --lang en");
    assert_eq!(run.exit, Exit::Unusable);
    assert!(run.errors.contains("the command that the result names cannot be used now"), "{}", run.errors);
    bench.batch("-o r.csv --record");
    bench.change(
        "r.csv.record.json",
        "\"r.csv\"",
        "\"taken.csv\",\"--rejects\",\"taken.txt\",\"--payments\",\"taken.xlsx\"",
    );
    bench.verify("r.csv", true);
    let taken = fs::read_dir(bench.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(taken.filter(|name| name.to_string_lossy().contains("taken")).count(), 0);
}

/// Where digits stand that a reader sees: of a page outside of tags and of its head, of data outside of the record.
fn digits(name: &str, text: &str) -> Vec<usize> {
    let (from, to) = match name.rsplit('.').next() {
        Some("html") => (text.find("<article").unwrap(), text.len()),
        Some("json") => (0, text.find("\"record\": {").unwrap()),
        _ => (0, text.len()),
    };
    let mut in_tag = false;
    let seen = text.char_indices().filter(|(at, c)| {
        in_tag = match c {
            '<' => true,
            '>' => false,
            _ => in_tag,
        };
        !in_tag && c.is_ascii_digit() && (from..to).contains(at)
    });
    seen.map(|(at, _)| at).collect()
}

#[test]
fn no_digit_can_be_another_without_being_found() {
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.calc("--format html --reading share=twenty", "r.html");
    bench.batch("-o r.csv --record");
    bench.batch("-o r.jsonl --to jsonl --record");
    let names = ["r.json", "r.html", "r.csv", "r.jsonl"];
    let kept = names.map(|name| fs::read_to_string(bench.path().join(name)).unwrap());
    let values = (0..names.len(), any::<prop::sample::Index>(), 1_u8..10);
    tries::run(40, &values, |(which, at, more)| {
        let (name, text) = (names[*which], &kept[*which]);
        let places = digits(name, text);
        let at = places[at.index(places.len())];
        let digit = (text.as_bytes()[at] - b'0' + more) % 10;
        let changed = format!("{}{digit}{}", &text[..at], &text[at + 1..]);
        fs::write(bench.path().join(name), changed).unwrap();
        let run = bench.run(&format!("verify {name} --lang en"));
        let line = text[..at].matches('\n').count() + 1;
        match run.exit {
            Exit::Open | Exit::Unusable => Ok(()),
            _ => Err(format!("{name}:{line}: {}", text.lines().nth(line - 1).unwrap())),
        }
    });
}

#[test]
fn what_is_cut_off_or_no_result_at_all_ends_in_words() {
    let bench = Bench::new();
    bench.calc("--format json", "r.json");
    bench.calc("--format html", "r.html");
    bench.batch("-o r.csv --record");
    bench.batch("-o r.xlsx --to xlsx");
    let names = ["r.json", "r.html", "r.csv", "r.xlsx"];
    let kept = names.map(|name| fs::read(bench.path().join(name)).unwrap());
    let values = (0..names.len(), any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..8));
    tries::run(40, &values, |(which, at, noise)| {
        let (name, bytes) = (names[*which], &kept[*which]);
        let at = at.index(bytes.len());
        fs::write(bench.path().join(name), [&bytes[..at], noise].concat()).unwrap();
        let run = bench.run(&format!("verify {name} --lang en"));
        let told = !run.errors.is_empty() || run.output.contains("not the same");
        // A page whose last lines are closing tags only is whole to a reader.
        if told || run.exit == Exit::Done { Ok(()) } else { Err(format!("{name} cut at {at}: {}", run.output)) }
    });
}

#[test]
fn rows_that_are_gone_changed_or_new_are_as_many_differences() {
    let row = |place: usize, cell: u32| Row {
        place: Text::same(place.to_string()),
        cells: vec![(Text::same("amount"), cell.to_string())],
    };
    // Of each row: nothing, gone, new before it, or changed.
    let values = prop::collection::vec(0_u8..8, 0..60);
    tries::run(200, &values, |kinds| {
        let (mut said, mut now, mut wanted) = (Vec::new(), Vec::new(), 0);
        for (place, kind) in kinds.iter().enumerate() {
            let own = row(place, 1);
            match kind {
                0 => said.push(own),
                1 => now.push(own),
                2 => {
                    said.push(own);
                    now.push(row(place, 2));
                }
                _ => {
                    said.push(own.clone());
                    now.push(own);
                }
            }
            wanted += u64::from(*kind < 3);
        }
        let mut found = Differences::default();
        let pass = |rows: Vec<Row>| rows.into_iter().map(Ok::<Row, ()>);
        found.compare(pass(said), pass(now)).unwrap();
        if found.count == wanted { Ok(()) } else { Err(format!("{} found, {wanted} made", found.count)) }
    });
}
