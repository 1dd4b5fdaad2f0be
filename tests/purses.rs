//! Where a purse runs out, `calc` and `batch` stop at the same case, whatever is shown and however many threads work, and say
//! that bounds may be loose: of lines, of sums, and of what other readings come to.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;

use program::agreement::{as_json, same};
use program::{Outcome, demo, run_in, tries};
use proptest::collection::vec;
use serde_json::Value;

/// How far a sum of some of these amounts, all even, is from an odd one: never 0, though that looks possible until every case was
/// tried. Under the second option of a reading it is measured from another one.
fn policy(amounts: &[i64], from: i64) -> String {
    let fact = |place: usize| {
        format!("[facts.b{place}]\ntype = \"bool\"\nlabel = {{ zh = \"事实{place}\", en = \"Fact {place}\" }}\n")
    };
    let facts: String = (0..amounts.len()).map(fact).collect();
    let reading = "[readings.target]\nquestion = { zh = \"怎么读\", en = \"How\" }\ndefault = \"one\"\n\
                   options.one = { zh = \"一\", en = \"one\" }\noptions.two = { zh = \"二\", en = \"two\" }\n\
                   because = { zh = \"故\", en = \"so\" }\n";
    let each = |(place, amount): (usize, &i64)| format!("(if b{place} then {amount}元 else 0元)");
    let sum: Vec<String> = amounts.iter().enumerate().map(each).collect();
    let (sum, other) = (sum.join(" + "), from + 2);
    let keys = format!(
        "let.sum = \"{sum}\"\nlet.from = \"if reading.target == one then {from}元 else {other}元\"\n\
         amount = \"max(sum - from, from - sum)\"\n"
    );
    demo::policy_with(&(facts + reading), &keys)
}

/// The least and the most that can be.
fn ends(amounts: &[i64], from: i64) -> (i64, i64) {
    let sums = (0..1_u32 << amounts.len()).map(|case| {
        let some = amounts.iter().enumerate().filter(|(place, _)| case >> place & 1 == 1);
        (some.map(|(_, amount)| amount).sum::<i64>() - from).abs()
    });
    sums.fold((i64::MAX, 0), |(least, most), one| (least.min(one), most.max(one)))
}

fn run(folder: &std::path::Path, line: &[&str]) -> Outcome {
    let whole = [line, &["--policy", "policy.toml", "--as-of", "2025-06-30", "--lang", "en"]].concat();
    run_in(folder, &whole, &mut std::io::empty())
}

fn says(result: &Value, code: &str) -> bool {
    result["warnings"].as_array().into_iter().flatten().any(|warning| warning["code"] == code)
}

#[test]
fn calc_and_batch_stop_at_the_same_case_and_say_so() {
    tries::run(2, &vec(1_i64..2000, 12), |half| {
        let amounts: Vec<i64> = half.iter().map(|amount| amount * 2).collect();
        let from = half.iter().sum::<i64>() | 1;
        let folder = demo::folder(&policy(&amounts, from));
        let text = "[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n\n[facts]\nrent = \"800元/月\"\n";
        fs::write(folder.path().join("a.toml"), text).unwrap();
        let rows: String = (0..2).map(|id| as_json(&id.to_string(), text) + "\n").collect();
        fs::write(folder.path().join("people.jsonl"), rows).unwrap();
        let calc = run(folder.path(), &["calc", "a.toml", "--format", "json"]);
        let calc: Value = serde_json::from_str(&calc.output).map_err(|_| calc.errors)?;
        let batch = |jobs: &str| run(folder.path(), &["batch", "people.jsonl", "--to", "jsonl", "--jobs", jobs]).output;
        let results = batch("1");
        if results != batch("2") {
            return Err("the number of threads makes a difference".to_owned());
        }
        for (id, line) in results.lines().enumerate() {
            let result: Value = serde_json::from_str(line).unwrap();
            same(&id.to_string(), &result, &calc)?;
            // 2^12 cases are more than are tried.
            if !says(&result, "loose-readings") || !says(&calc, "loose-readings") {
                return Err("nothing is said of what other readings come to".to_owned());
            }
        }
        let notes = calc["lines"][0]["notes"].to_string();
        if !notes.contains("wider than need be") && !notes.contains("perhaps") {
            return Err(format!("nothing is said of the line: {notes}"));
        }
        let end = |end: &str| calc["lines"][0]["awarded"][end].as_str().and_then(|text| text.parse::<f64>().ok());
        let (least, most) = ends(&amounts, from);
        let holds = end("at_least").is_some_and(|end| end <= least as f64)
            && end("at_most").is_some_and(|end| end >= most as f64);
        if holds { Ok(()) } else { Err(format!("{least} to {most} is not inside: {}", calc["lines"][0]["awarded"])) }
    });
}

/// Of 70,000 for A 30,000, B 20,000 (the floor), C 40,000 or nothing and D 25,000: where C gets all, the money ends at C; where C gets
/// nothing, A, B and D are due 75,000, and it ends at D. So the workbook says, and so does `settle` of lines that were written.
#[test]
fn a_budget_ends_at_the_same_applicant_in_the_workbook_and_in_settle() {
    use calamine::{Reader, Xlsx, open_workbook};
    let folder = tempfile::tempdir().unwrap();
    let years = "id,year_from,granted,recognized\n1,2024-01-10,30000元,yes\n2,2024-01-10,18000元,yes\n\
                 3,2024-01-10,40000元,\n4,2024-01-10,25000元,yes\n";
    fs::write(folder.path().join("people.csv"), "id,name\n1,A\n2,B\n3,C\n4,D\n").unwrap();
    fs::write(folder.path().join("years.csv"), years).unwrap();
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        run_in(folder.path(), &words, &mut std::io::empty())
    };
    let batch = "batch people.csv --list flexible_years=years.csv --policy linxia --clause 2.1 --kind person --as-of 2025-06-30";
    let words = "最早发到第 3 位（编号 3）、最迟发到第 4 位（编号 4）时不足";
    let ran = run(&format!("{batch} --budget 7万元 --to xlsx -o results.xlsx"));
    assert!(ran.errors.contains(words), "{}", ran.errors);
    let mut book: Xlsx<_> = open_workbook(folder.path().join("results.xlsx")).unwrap();
    let sheet = book.worksheet_range("汇总").unwrap();
    let rows: Vec<String> = sheet
        .rows()
        .map(|row| {
            row.iter().map(|cell| cell.to_string()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("|")
        })
        .collect();
    let at = rows.iter().position(|row| row == "预算 70,000元，按名册先后发放");
    let told = at.map(|at| &rows[at + 2]);
    assert_eq!(told, Some(&format!("现取读法|{words}|75000|115000")), "{rows:#?}");

    let written = run(&format!("{batch} --to jsonl -o lines.jsonl"));
    assert!(folder.path().join("lines.jsonl").exists(), "{}", written.errors);
    let settled = run("settle lines.jsonl --policy linxia --budget 7万元");
    assert!(settled.errors.contains(words) && settled.errors.contains("75,000–115,000元"), "{}", settled.errors);
    // For 115,000 it lasts in any case.
    let settled = run("settle lines.jsonl --policy linxia --budget 115000元");
    assert!(!settled.errors.contains("时不足") && settled.errors.contains("预算 115,000元"), "{}", settled.errors);
}

/// 1,000 to 1,001元 are asked for twice. By the reading taken there are 1,000元 besides what was asked for once: 2,000 to 2,001元 in
/// all. By the other there is twice what was asked for, 2,000 to 2,002元, although each line alone comes to what it came to.
#[test]
fn a_total_that_a_shared_limit_holds_back_is_told_under_other_readings() {
    let asked = "[facts.asked]\ntype = \"quantity\"\nunit = \"元\"\nlabel = { zh = \"申请金额\", en = \"Asked\" }\n";
    let reading = "[readings.pool]\nquestion = { zh = \"怎么读\", en = \"How\" }\ndefault = \"narrow\"\n\
                   options.narrow = { zh = \"窄\", en = \"narrow\" }\noptions.wide = { zh = \"宽\", en = \"wide\" }\n\
                   because = { zh = \"故\", en = \"so\" }\n";
    let rest = "amount = \"asked\"\n\n[[clauses]]\nid = \"2\"\ncite = \"第二条\"\ntitle = { zh = \"二\", en = \"Two\" }\n\
                summary = { zh = \"二\", en = \"two\" }\nfor = \"person\"\namount = \"asked\"\n\n\
                [[limits]]\nclauses = [\"1\", \"2\"]\ncite = \"第三条\"\nzh = \"合计\"\nen = \"in all\"\n";
    let limit = "at_most = \"if reading.pool == narrow then 1000元 + asked else asked + asked\"\n";
    let folder = demo::folder(&demo::policy_with(&(asked.to_owned() + reading), &(rest.to_owned() + limit)));
    let row = r#"{"id": "甲", "kind": "person", "asked": {"at_least": "1000元", "at_most": "1001元"}}"#;
    fs::write(folder.path().join("a.jsonl"), row).unwrap();
    let told = run(folder.path(), &["batch", "a.jsonl", "--working", "--to", "xlsx", "-o", "out.xlsx"]);
    assert_eq!(told.exit, duixian::cli::Exit::Done, "{}", told.errors);
    let rows = program::workbook::cells(&folder.path().join("out.xlsx"), "Totals");
    let upper = |row: &[String]| row.iter().filter_map(|cell| cell.parse::<f64>().ok()).fold(0.0, f64::max);
    let in_all: Vec<_> = rows.iter().filter(|row| row.iter().any(|cell| cell == "Awarded in all (yuan)")).collect();
    let [now, then] = in_all.as_slice() else { panic!("{rows:?}") };
    assert!((upper(now) - 2001.0).abs() < 0.001, "{now:?}");
    assert!((upper(then) - 2002.0).abs() < 0.001, "{then:?}");

    // For one applicant likewise, once for both lines.
    let applicant =
        "[applicant]\nkind = \"person\"\n\n[facts]\nasked = { at_least = \"1000元\", at_most = \"1001元\" }\n";
    fs::write(folder.path().join("a.toml"), applicant).unwrap();
    let told = run(folder.path(), &["calc", "a.toml"]);
    let words = "if: wide — clause 1 awarded within the limit in all 2,000–2,001 → 2,000–2,002";
    assert_eq!(told.output.matches(words).count(), 1, "{}{}", told.output, told.errors);
    let told = run(folder.path(), &["calc", "a.toml", "--format", "json"]);
    let told: Value = serde_json::from_str(&told.output).unwrap();
    let together = &told["lines"][0]["readings"][0]["others"][0]["together"]["awarded"];
    assert_eq!(together, &serde_json::json!({ "at_least": "2000.00", "at_most": "2002.00" }), "{told}");
}
