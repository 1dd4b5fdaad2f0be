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
use crate::payments::exact;
use crate::program::agreement::as_json;
use crate::program::run_in;
use crate::schema::READINGS;
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
    let (rows, objects) = (run(&["--to", "csv", "--working"])?, run(&["--to", "jsonl", "--working"])?);
    run(&["--to", "xlsx", "-o", "out.xlsx", "--working"])?;
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
        // What is awarded for certain was worked out somehow.
        let least = of("awarded_at_least").filter(|least| !least.is_empty());
        if line[10].is_empty() && least.is_some_and(|least| figure(&least) != figure("0.00")) {
            return Err(format!("no working of {row:?}"));
        }
        differs("amounts", &line[12..21], &figures(&of, !at(row, "unit").is_empty()))?;
        differs("readings", &line[21..22], &[at(row, "readings")])?;
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

/// The rows of 汇总 below a title and its heads, up to a blank one.
fn below(totals: &[Vec<String>], title: &str) -> Vec<Vec<String>> {
    let rows = totals.iter().skip_while(|row| !row[0].starts_with(title)).skip(2);
    rows.take_while(|row| !row[0].is_empty()).cloned().collect()
}

/// Whether one range, of two cells, lies within another.
fn within(inner: &[String], outer: &[String]) -> bool {
    let ends =
        |cells: &[String]| (exact(&cells[0]).unwrap_or(i128::MIN / 2), exact(&cells[1]).unwrap_or(i128::MAX / 2));
    let (inner, outer) = (ends(inner), ends(outer));
    // Figures of six places as spreadsheets have them.
    outer.0 - inner.0 < 100 && inner.1 - outer.1 < 100
}

/// What 汇总 says that another reading would make of the sums is what a run under that reading comes to.
fn under_others(folder: &Path, taken: &[(&str, &str)]) -> Law {
    let run = |readings: &[(&str, &str)]| {
        let mut line: Vec<String> = [
            "batch",
            "people.jsonl",
            "--policy",
            "policy.toml",
            "--lang",
            "zh",
            "--working",
            "--to",
            "xlsx",
            "-o",
            "out.xlsx",
        ]
        .map(str::to_owned)
        .into();
        let taken = readings.iter().map(|(reading, option)| format!("{reading}={option}"));
        line.extend(taken.flat_map(|taken| ["--reading".to_owned(), taken]));
        let run = run_in(folder, &line.iter().map(String::as_str).collect::<Vec<_>>(), &mut io::empty());
        if run.exit != Exit::Done {
            return Err(format!("{line:?}: {:?}\n{}", run.exit, run.errors));
        }
        let mut book: Xlsx<_> = open_workbook(folder.join("out.xlsx")).unwrap();
        Ok(sheet(&mut book, "汇总", 0))
    };
    let now = run(taken)?;
    let told = below(&now, "改取其他读法后的合计");
    for (reading, words) in READINGS {
        let used = taken.iter().find(|(known, _)| known == reading).unwrap().1;
        for option in words.words().iter().filter(|option| **option != used) {
            let other: Vec<(&str, &str)> =
                (taken.iter()).map(|(known, used)| (*known, if known == reading { *option } else { *used })).collect();
            let then = run(&other)?;
            let told: Vec<&Vec<String>> = told.iter().filter(|row| row[1] == *reading && row[3] == *option).collect();
            let of = |clause: &str| told.iter().find(|row| row[2] == clause);
            let broken = |what: &str, told: &[String], is: &[String]| {
                Err(format!("{what} under {reading} = {option}\ntold {told:?}\nis   {is:?}"))
            };
            // Both sums in all stand first.
            for (sum, row, now) in [("核定合计（元）", &then[0], &now[0]), ("本次应发合计（元）", &then[1], &now[1])]
            {
                let told = of(sum).map_or(&now[8..10], |row| &row[8..10]);
                if !within(&row[8..10], told) {
                    return broken(sum, told, row);
                }
            }
            for (row, now) in below(&then, "逐条").iter().zip(below(&now, "逐条")) {
                let told = of(&row[1]).map_or(&now[4..10], |row| &row[4..10]);
                let both_known = told[4] == told[5] && row[8] == row[9];
                if both_known && told != &row[4..10] || !within(&row[8..10], &told[4..6]) || told[..4] != row[4..8] {
                    return broken(&row[1], told, row);
                }
            }
        }
    }
    Ok(())
}

#[test]
fn what_other_readings_would_make_of_the_sums_is_what_they_make_of_them() {
    hold(20, |case| {
        let folder = tempfile::tempdir().unwrap();
        let lines = population(case);
        let lines: String = (lines.iter().enumerate())
            .map(|(place, (applicant, telling))| as_json(&format!("r{place}"), &applicant.write(telling)) + "\n")
            .collect();
        fs::write(folder.path().join("policy.toml"), case.policy.write()).unwrap();
        fs::write(folder.path().join("people.jsonl"), lines).unwrap();
        let options = READINGS.iter().zip(&case.applicant.readings);
        let taken: Vec<(&str, &str)> =
            options.map(|((reading, words), option)| (*reading, words.words()[*option])).collect();
        under_others(folder.path(), &taken).map_err(|what| case.broken(&what, &Telling::all(&case.applicant)))
    });
}
