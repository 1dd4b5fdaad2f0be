//! Among many: what another option of a reading would change is told at every line, limits over all applicants included, and
//! the summary's sums are those of the lines. Every reading is changed to each of its options for the whole population, and
//! what then comes out is held against what was told. What is settled later is settled alike.

use std::fs;
use std::io;
use std::path::Path;

use duixian::cli::Exit;
use serde_json::{Value, json};

use crate::applicant::{Applicant, Telling};
use crate::case::{Case, Law, hold};
use crate::columns::table;
use crate::program::agreement::as_json;
use crate::program::run_in;
use crate::schema::READINGS;
use crate::verbs::{facts_alone, population};

const AMOUNTS: [&str; 5] = ["awarded", "paid", "due", "overpaid", "lifetime"];

/// What a line is written to come to.
fn outcome(of: &Value) -> Value {
    let amounts: Vec<&Value> = AMOUNTS.into_iter().map(|key| &of["amounts"][key]).collect();
    json!([of["status"], if of["status"] == "not_applicable" { Value::Null } else { json!(amounts) }])
}

/// The readings with these options, as the command line has them.
fn readings(options: &[usize]) -> Vec<String> {
    let options = READINGS.iter().zip(options);
    options
        .flat_map(|((name, words), option)| ["--reading".to_owned(), format!("{name}={}", words.words()[*option])])
        .collect()
}

struct Run {
    results: String,
    errors: String,
}

fn run(folder: &Path, verb: &[&str], asking: &[String]) -> Result<Run, String> {
    let line: Vec<&str> = verb.iter().copied().chain(asking.iter().map(String::as_str)).collect();
    let run = run_in(folder, &line, &mut io::empty());
    if run.exit != Exit::Done {
        return Err(format!("{line:?} ends with {:?}:\n{}\n{}", run.exit, run.errors, run.output));
    }
    Ok(Run { results: run.output, errors: run.errors })
}

fn lines(run: &Run) -> Result<Vec<Value>, String> {
    let rows = serde_json::Deserializer::from_str(&run.results).into_iter::<Value>();
    let mut lines = Vec::new();
    for row in rows {
        let row = row.map_err(|error| error.to_string())?;
        lines.extend(row["lines"].as_array().into_iter().flatten().cloned());
    }
    Ok(lines)
}

/// Holds one file of applicants against itself under every other option.
fn law(case: &Case, input: &str, bytes: &[u8], of_rows: &[&str]) -> Law {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("policy.toml", case.policy.write().as_bytes());
    write(input, bytes);
    let asking = ["--policy", "policy.toml"];
    let batch = [&["batch", input, "--to", "jsonl"], &asking[..], of_rows].concat();
    let options = case.applicant.readings.to_vec();
    let now = run(folder.path(), &batch, &readings(&options))?;
    let own = lines(&now)?;
    let later = run(folder.path(), &[&batch[..], &["--unsettled", "-o", "parts.jsonl"]].concat(), &readings(&options));
    later?;
    let settled = run(folder.path(), &[&["settle", "parts.jsonl", "--to", "jsonl"], &asking[..]].concat(), &[])?;
    if settled.results != now.results {
        return Err(format!("settled at once:\n{}\nsettled later:\n{}", now.results, settled.results));
    }
    for (place, (name, words)) in READINGS.iter().enumerate() {
        for (option, word) in words.words().iter().enumerate().filter(|(option, _)| *option != options[place]) {
            let mut others = options.clone();
            others[place] = option;
            let then = run(folder.path(), &batch, &readings(&others))?;
            let mut changed = 0;
            for (line, then) in own.iter().zip(&lines(&then)?) {
                let told = line["readings"].as_array().into_iter().flatten().filter(|of| of["id"] == json!(name));
                let told = told.flat_map(|of| of["others"].as_array().into_iter().flatten());
                let told: Vec<Value> = told.filter(|of| of["option"] == json!(word)).map(outcome).collect();
                let wanted: Vec<Value> =
                    Some(outcome(then)).filter(|then| *then != outcome(line)).into_iter().collect();
                if told != wanted {
                    return Err(format!("{name} = {word} at {line}\nthen {then}\ntold {told:?}\nwanted {wanted:?}"));
                }
                changed += usize::from(!wanted.is_empty());
            }
            if (changed > 0) != now.errors.contains(&format!("（{word}）")) {
                return Err(format!("{name} = {word} changes {changed} lines, and the summary says\n{}", now.errors));
            }
        }
    }
    Ok(())
}

#[test]
fn what_another_reading_would_change_among_many_is_told() {
    hold(40, |case| {
        let broken = |what: String| case.broken(&what, &Telling::all(&case.applicant));
        let population = population(case);
        let lines = population.iter().enumerate();
        let lines: String = lines
            .map(|(place, (applicant, telling))| as_json(&format!("r{place}"), &applicant.write(telling)) + "\n")
            .collect();
        law(case, "people.jsonl", lines.as_bytes(), &[]).map_err(broken)?;
        let (rows, as_of): (Vec<(Applicant, Telling)>, String) =
            (facts_alone(case, population), case.applicant.as_of.to_string());
        law(case, "people.csv", &table(&rows), &["--kind", "person", "--as-of", &as_of]).map_err(broken)
    });
}
