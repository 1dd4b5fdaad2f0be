//! A payment list has every line whose due is certain, and no other; what it pays and what is open are together what is due in the
//! run, as a workbook and as CSV; and it is read back, without editing, as what was paid.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use duixian::cli::Exit;
use serde_json::Value;

use crate::applicant::{Applicant, Telling};
use crate::case::{Law, hold};
use crate::program::agreement::as_json;
use crate::program::run_in;
use crate::verbs::population;

/// An amount in millionths.
pub fn exact(text: &str) -> Option<i128> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{places:0<6}");
    digits.parse().ok().filter(|_| !text.is_empty() && places.len() <= 6)
}

/// A sum with two ends, each open where something added to it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sum(Option<i128>, Option<i128>);

impl Sum {
    const NOTHING: Sum = Sum(Some(0), Some(0));

    fn add(self, more: Sum) -> Sum {
        let end = |a: Option<i128>, b: Option<i128>| Some(a? + b?);
        Sum(end(self.0, more.0), end(self.1, more.1))
    }
}

/// The lines of a list by their heads, without the one of sums, which comes apart.
type List = (Vec<BTreeMap<String, String>>, BTreeMap<String, String>);

fn split(mut lines: Vec<BTreeMap<String, String>>) -> List {
    let last = lines.pop().unwrap();
    assert_eq!(last["编号"], "合计");
    (lines, last)
}

fn of_csv(path: &Path) -> List {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let line = |row: csv::StringRecord| heads.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    split(reader.records().map(|row| line(row.unwrap())).collect())
}

fn of_book(book: &mut Xlsx<io::BufReader<fs::File>>, name: &str) -> List {
    let range = book.worksheet_range(name).unwrap();
    let text = |cell: &Data| match cell {
        Data::Float(number) => format!("{number:.6}"),
        Data::String(text) if text == "待定" => "?".to_owned(),
        other => other.to_string(),
    };
    let mut rows = range.rows().map(|row| row.iter().map(text).collect::<Vec<_>>());
    let heads = rows.next().unwrap();
    split(rows.map(|row| heads.iter().cloned().zip(row).collect()).collect())
}

fn amount(line: &BTreeMap<String, String>, head: &str) -> Option<i128> {
    exact(&line[head])
}

/// Holds the two lists against the results, and gives what they pay.
fn held(paid: &List, open: &List, wanted: &[(String, String)], due: Sum) -> Result<i128, String> {
    let lines: Vec<(String, String)> = paid.0.iter().map(|line| (line["编号"].clone(), line["条款"].clone())).collect();
    if lines != wanted {
        return Err(format!("the list pays {lines:?}\nand certain is {wanted:?}"));
    }
    let sum: i128 = paid.0.iter().map(|line| amount(line, "金额（元）").unwrap()).sum();
    if Some(sum) != amount(&paid.1, "金额（元）") {
        return Err(format!("{sum} is paid, and {:?} said", paid.1));
    }
    let left = Sum(amount(&open.1, "至少（元）"), amount(&open.1, "至多（元）"));
    let both = Sum(Some(sum), Some(sum)).add(left);
    if both != due {
        return Err(format!("{sum} and {left:?} are not {due:?}"));
    }
    if let Some(line) = open.0.iter().find(|line| line["至少（元）"] == line["至多（元）"] && line["至少（元）"] != "?")
    {
        return Err(format!("open, and certain: {line:?}"));
    }
    Ok(sum)
}

fn law(folder: &Path) -> Law {
    let asking = ["batch", "people.jsonl", "--policy", "policy.toml", "--lang", "zh"];
    let run = |more: &[&str]| {
        let run = run_in(folder, &[&asking[..], more].concat(), &mut io::empty());
        if run.exit == Exit::Done { Ok(run) } else { Err(format!("{more:?}: {:?}\n{}", run.exit, run.errors)) }
    };
    let results = run(&["--to", "jsonl", "--payments", "pay.csv"])?.output;
    run(&["--to", "jsonl", "--payments", "pay.xlsx"])?;
    let (mut due, mut wanted) = (Sum::NOTHING, Vec::new());
    let ends = |of: &Value| Sum(of["at_least"].as_str().and_then(exact), of["at_most"].as_str().and_then(exact));
    for object in results.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        due = due.add(ends(&object["totals"]["due"]));
        for line in object["lines"].as_array().unwrap().iter().filter(|line| line["counted"] == true) {
            let own = ends(&line["amounts"]["due"]);
            if own.0.is_some() && own.0 == own.1 && own != Sum::NOTHING {
                let place = format!("{}/{}", line["policy"].as_str().unwrap(), line["clause"].as_str().unwrap());
                wanted.push((object["id"].as_str().unwrap().to_owned(), place));
            }
        }
    }
    let (paid, open) = (of_csv(&folder.join("pay.csv")), of_csv(&folder.join("pay-open.csv")));
    let sum = held(&paid, &open, &wanted, due)?;
    let mut book: Xlsx<_> = open_workbook(folder.join("pay.xlsx")).unwrap();
    let (paid, open) = (of_book(&mut book, "发放"), of_book(&mut book, "待定"));
    held(&paid, &open, &wanted, due).map_err(|what| format!("as a workbook: {what}"))?;
    for list in ["paid=pay.csv", "paid=pay.xlsx"] {
        let back = run(&["--to", "jsonl", "--list", list])?.output;
        let objects = back.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let read: i128 = objects.map(|object| exact(object["totals"]["paid"].as_str().unwrap()).unwrap()).sum();
        if read != sum {
            return Err(format!("{sum} was paid by the list, and {read} came back of {list}"));
        }
    }
    Ok(())
}

#[test]
fn what_is_paid_and_what_is_open_are_what_is_due() {
    hold(25, |case| {
        let folder = tempfile::tempdir().unwrap();
        let lines = population(case).into_iter().enumerate().map(|(place, (applicant, telling))| {
            // What was paid before would stand in the table of the list and in the row.
            let applicant = Applicant { paid: Vec::new(), ..applicant };
            as_json(&format!("r{place}"), &applicant.write(&telling)) + "\n"
        });
        fs::write(folder.path().join("policy.toml"), case.policy.write()).unwrap();
        fs::write(folder.path().join("people.jsonl"), lines.collect::<String>()).unwrap();
        law(folder.path()).map_err(|what| case.broken(&what, &Telling::all(&case.applicant)))
    });
}
