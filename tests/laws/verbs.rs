//! Two verbs, one meaning: what `batch` says of an applicant among many is what `calc` says of that one's file.

use std::fs;
use std::io;
use std::path::Path;

use duixian::cli::Exit;
use serde_json::Value;

use crate::applicant::{Applicant, Telling, applicant};
use crate::case::{Case, Law, hold};
use crate::choices::Choices;
use crate::columns::table;
use crate::policy::id;
use crate::program::agreement::{as_json, same};
use crate::program::run_in;
use crate::schema::READINGS;

/// Applicants, and how much each of their files says.
pub type Population = Vec<(Applicant, Telling)>;

/// The applicant of a case and others of the same policy, each told in full and in part.
pub fn population(case: &Case) -> Population {
    let more = case.unsaid.iter().map(|numbers| applicant(numbers, &case.unsaid, &case.policy.clauses));
    let all = std::iter::once(case.applicant.clone()).chain(more).zip(case.unsaid.iter().cycle());
    all.flat_map(|(applicant, numbers)| {
        let tellings = [Telling::all(&applicant), Telling::some(&applicant, numbers)];
        tellings.map(|telling| (applicant.clone(), telling))
    })
    .collect()
}

/// The same with nothing but what a table of facts has room for, on the same day.
pub fn facts_alone(case: &Case, population: Population) -> Population {
    let alone = |(applicant, telling): (Applicant, Telling)| {
        let (records, others, paid) = Default::default();
        let as_of = case.applicant.as_of;
        let telling = Telling { list: false, fields: Vec::new(), others: Vec::new(), ..telling };
        (Applicant { as_of, records, others, paid, ..applicant }, telling)
    };
    population.into_iter().map(alone).collect()
}

/// The readings that are taken, as the command line has them; the others are left open.
fn readings(case: &Case) -> Vec<String> {
    let taken = Telling::some(&case.applicant, &case.unsaid[0]).readings;
    let options = READINGS.iter().zip(case.applicant.readings.iter().zip(taken)).filter(|(_, (_, taken))| *taken);
    let options = options.flat_map(|((name, words), (option, _))| {
        ["--reading".to_owned(), format!("{name}={}", words.words()[*option])]
    });
    ["--policy", "policy.toml", "--readings", "open"].map(str::to_owned).into_iter().chain(options).collect()
}

/// Runs a line in a folder, where nothing may be refused; gives the values that it writes.
fn values(folder: &Path, verb: &[&str], asking: &[String]) -> Result<Vec<Value>, String> {
    let line: Vec<&str> = verb.iter().copied().chain(asking.iter().map(String::as_str)).collect();
    let run = run_in(folder, &line, &mut io::empty());
    let values = serde_json::Deserializer::from_str(&run.output).into_iter().collect::<Result<Vec<Value>, _>>();
    match values {
        Ok(values) if run.exit == Exit::Done => Ok(values),
        _ => Err(format!("{line:?} ends with {:?}:\n{}\n{}", run.exit, run.errors, run.output)),
    }
}

/// Holds the lines of the input against the breakdowns of the applicants' own files. `of_rows`: what the rows do not say
/// themselves; `only`: which clauses.
fn agree(case: &Case, population: &Population, input: &str, bytes: &[u8], of_rows: &[&str], only: &[&str]) -> Law {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("policy.toml", case.policy.write().as_bytes());
    write(input, bytes);
    let files: Vec<String> = (0..population.len()).map(|place| format!("r{place}.toml")).collect();
    let texts: Vec<String> = population.iter().map(|(applicant, telling)| applicant.write(telling)).collect();
    files.iter().zip(&texts).for_each(|(file, text)| write(file, text.as_bytes()));
    let asking: Vec<String> = readings(case).into_iter().chain(only.iter().map(|word| (*word).to_owned())).collect();
    // One applicant does not show what limits over all of them leave.
    let batch = [&["batch", input, "--unsettled", "--to", "jsonl"], of_rows].concat();
    let batch = values(folder.path(), &batch, &asking)?;
    let calc: Vec<&str> = ["calc", "--format", "json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let calc = values(folder.path(), &calc, &asking)?;
    if [batch.len(), calc.len()] != [population.len(); 2] {
        return Err(format!("of {} applicants {} and {} are told", population.len(), batch.len(), calc.len()));
    }
    for (place, (batch, calc)) in batch.iter().zip(&calc).enumerate() {
        same(&format!("r{place}"), batch, calc)
            .map_err(|what| format!("{what}\n# {asking:?}\n# ---- r{place}.toml\n{}", texts[place]))?;
    }
    Ok(())
}

#[test]
fn batch_says_what_calc_says_of_every_applicant() {
    hold(60, |case| {
        let broken = |what: String| case.broken(&what, &Telling::all(&case.applicant));
        let population = population(case);
        let lines = population.iter().enumerate().map(|(place, (applicant, telling))| {
            let text = applicant.write(telling);
            as_json(&format!("r{place}"), &text) + "\n"
        });
        let lines: String = lines.collect();
        agree(case, &population, "people.jsonl", lines.as_bytes(), &[], &[]).map_err(broken)?;
        // Rows of a table may be worked out by the compiled policy, a single clause more often than all of them.
        let (rows, as_of) = (facts_alone(case, population), case.applicant.as_of.to_string());
        let clause = Choices::new(&case.unsaid[0]).below(case.policy.clauses.len() + 1);
        let only = case.policy.clauses.get(clause).map(|_| id(clause));
        let only: Vec<&str> = only.iter().flat_map(|id| ["--clause", id]).collect();
        agree(case, &rows, "people.csv", &table(&rows), &["--kind", "person", "--as-of", &as_of], &only).map_err(broken)
    });
}
