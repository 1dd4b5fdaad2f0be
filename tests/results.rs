//! `docs/results.md` names every key of the JSON and every column of the CSV, and none that is not there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names in the first column of the tables of a section.
fn documented(section: &str) -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/results.md")).unwrap();
    let text = page.split("\n## ").find(|part| part.starts_with(section)).unwrap();
    let cells = text.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split_whitespace()).map(|name| name.trim_matches('`').to_owned()).collect()
}

fn samples() -> Vec<PathBuf> {
    let policies = fs::read_dir(root().join("samples")).unwrap().map(|entry| entry.unwrap().path());
    let files = policies.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let applicants = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let mut files: Vec<PathBuf> =
        applicants.filter(|path| !fs::read_to_string(path).unwrap().contains("supplements")).collect();
    files.sort();
    files
}

fn calc(sample: &Path, format: &str) -> String {
    let line = ["calc", &sample.display().to_string(), "--format", format, "--all"];
    program::run_in(root(), &line, &mut std::io::empty()).output
}

/// The paths of all keys, without those of amounts and of texts in words, which the page names once.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let names: BTreeSet<&str> = object.keys().map(String::as_str).collect();
            let plain = [BTreeSet::from(["zh", "en"]), BTreeSet::from(["at_least", "at_most"])];
            // A unit has the shape of a text, and is named.
            if plain.contains(&names) && !path.ends_with(".unit") {
                return;
            }
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                keys(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_documented_and_no_other() {
    let mut found = BTreeSet::new();
    for sample in samples() {
        let text = calc(&sample, "json");
        keys(
            &serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", sample.display())),
            "",
            &mut found,
        );
    }
    assert_eq!(found, documented("JSON"));
}

#[test]
fn every_column_of_the_csv_is_documented_and_no_other() {
    let text = calc(samples().first().unwrap(), "csv");
    let head: BTreeSet<String> = text.lines().next().unwrap().split(',').map(str::to_owned).collect();
    assert_eq!(head, documented("CSV"));
}

#[test]
fn the_csv_says_what_the_json_says() {
    for sample in samples() {
        let json: Value = serde_json::from_str(&calc(&sample, "json")).unwrap();
        let csv = calc(&sample, "csv");
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let lines = json.get("lines").unwrap().as_array().unwrap();
        assert_eq!(rows.len(), lines.len(), "{}", sample.display());
        for (row, line) in rows.iter().zip(lines) {
            for (head, cell) in heads.iter().zip(row) {
                let amount = head.strip_suffix("_at_least").map(|key| (key, "at_least"));
                let amount = amount.or(head.strip_suffix("_at_most").map(|key| (key, "at_most")));
                let said = match (amount, head.as_str()) {
                    (Some((key, end)), _) => line.get(key).and_then(|amount| amount.get(end)),
                    (None, "policy" | "clause" | "cite" | "status" | "counted" | "paid") => line.get(head),
                    _ => continue,
                };
                assert_eq!(said.and_then(Value::as_str).unwrap_or(""), cell, "{} {head}", sample.display());
            }
        }
    }
}
