//! A workbook of results says what CSV and JSON Lines say: every applicant and every line that applies is there, in order, with
//! its words and its figures.

use std::fs;
use std::io;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use duixian::cli::Exit;
use serde_json::Value;

use crate::applicant::Telling;
use crate::case::{Law, hold};
use crate::program::agreement::as_json;
use crate::program::run_in;
use crate::verbs::population;

/// What a cell says, as CSV would.
fn said(cell: Option<&Data>) -> String {
    match cell {
        None | Some(Data::Empty) => String::new(),
        Some(Data::String(text)) if text == "待定" => "?".to_owned(),
        Some(Data::String(text)) => text.clone(),
        Some(Data::Float(number)) => format!("{number:.6}"),
        Some(Data::DateTime(day)) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Some(other) => panic!("{other:?}"),
    }
}

/// A figure of CSV or JSON as a workbook has it: a number, unless it has more digits than those of a spreadsheet.
fn figure(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if text.bytes().filter(u8::is_ascii_digit).count() <= 15 => format!("{number:.6}"),
        _ => text.to_owned(),
    }
}

fn sheet(book: &mut Xlsx<io::BufReader<fs::File>>, name: &str, heads: usize) -> Vec<Vec<String>> {
    let range = book.worksheet_range(name).unwrap();
    range.rows().skip(heads).map(|row| row.iter().map(|cell| said(Some(cell))).collect()).collect()
}

/// The status that words stand for.
fn status(words: &str) -> &'static [&'static str] {
    match words {
        "符合" => &["eligible", "met"],
        "适用" => &["eligible"],
        "达到" => &["met"],
        "载明" => &["stated"],
        "不符合" | "未达到" => &["not_eligible"],
        "待定" | "?" => &["undetermined"],
        _ => &["not_applicable"],
    }
}

const ENDS: [&str; 4] = ["awarded", "due", "overpaid", "lifetime"];

/// The figures of some amounts: awarded, paid, due, overpaid, lifetime. `of` gives one; none: no bound, or no amount.
fn figures(of: &dyn Fn(&str) -> Option<String>, exists: bool) -> Vec<String> {
    let mut all = Vec::new();
    for key in ENDS {
        for end in ["at_least", "at_most"] {
            let bound = of(&format!("{key} {end}")).filter(|bound| !bound.is_empty());
            all.push(if exists { bound.map_or_else(|| "?".to_owned(), |bound| figure(&bound)) } else { String::new() });
        }
        if key == "awarded" {
            all.push(of("paid").map(|paid| figure(&paid)).unwrap_or_default());
        }
    }
    all
}

fn law(folder: &Path) -> Law {
    let asking = ["batch", "people.jsonl", "--policy", "policy.toml", "--lang", "zh"];
    let run = |more: &[&str]| {
        let run = run_in(folder, &[&asking[..], more].concat(), &mut io::empty());
        if run.exit == Exit::Done { Ok(run.output) } else { Err(format!("{more:?}: {:?}\n{}", run.exit, run.errors)) }
    };
    let (rows, objects) = (run(&["--to", "csv"])?, run(&["--to", "jsonl"])?);
    run(&["--to", "xlsx", "-o", "out.xlsx"])?;
    let mut book: Xlsx<_> = open_workbook(folder.join("out.xlsx")).unwrap();
    let differs = |what: &str, told: &[String], wanted: &[String]| {
        if told == wanted { Ok(()) } else { Err(format!("{what}\nbook   {told:?}\nwanted {wanted:?}")) }
    };
    let applicants = sheet(&mut book, "核定表", 2);
    let objects: Vec<Value> = objects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if applicants.len() != objects.len() {
        return Err(format!("{} rows for {} applicants", applicants.len(), objects.len()));
    }
    for (row, object) in applicants.iter().zip(&objects) {
        let totals = &object["totals"];
        let of = |key: &str| {
            let mut found = totals;
            for part in key.split(' ') {
                found = &found[part];
            }
            found.as_str().map(str::to_owned)
        };
        let name = object["name"].as_str().unwrap_or("").to_owned();
        let who = [object["id"].as_str().unwrap().to_owned(), name, object["as_of"].as_str().unwrap().to_owned()];
        differs("an applicant", &row[..3], &who)?;
        differs("totals", &row[3..12], &figures(&of, true))?;
    }
    let lines = sheet(&mut book, "明细", 1);
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let at = |row: &csv::StringRecord, head: &str| {
        row.get(heads.iter().position(|known| known == head).unwrap()).unwrap().to_owned()
    };
    let applying: Vec<&csv::StringRecord> = rows.iter().filter(|row| at(row, "status") != "not_applicable").collect();
    if lines.len() != applying.len() {
        return Err(format!("{} lines for {}", lines.len(), applying.len()));
    }
    for (line, row) in lines.iter().zip(applying) {
        let wanted = ["id", "name", "as_of", "clause", "cite", "title", "record"].map(|head| at(row, head));
        differs("a line", &line[..7], &wanted)?;
        if !status(&line[7]).contains(&at(row, "status").as_str()) {
            return Err(format!("{} of {row:?}", line[7]));
        }
        let reason = at(row, "reason");
        differs("a reason", &line[8..9], &[reason.strip_prefix('\'').unwrap_or(&reason).to_owned()])?;
        let of = |key: &str| Some(at(row, &key.replace(' ', "_")));
        differs("amounts", &line[11..20], &figures(&of, !at(row, "unit").is_empty()))?;
        differs("readings", &line[20..21], &[at(row, "readings")])?;
    }
    Ok(())
}

#[test]
fn a_workbook_says_what_csv_and_json_say() {
    hold(60, |case| {
        let folder = tempfile::tempdir().unwrap();
        let lines = population(case);
        let lines: String = (lines.iter().enumerate())
            .map(|(place, (applicant, telling))| as_json(&format!("r{place}"), &applicant.write(telling)) + "\n")
            .collect();
        fs::write(folder.path().join("policy.toml"), case.policy.write()).unwrap();
        fs::write(folder.path().join("people.jsonl"), lines).unwrap();
        law(folder.path()).map_err(|what| case.broken(&what, &Telling::all(&case.applicant)))
    });
}
