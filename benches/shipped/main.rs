//! What a row of the shipped policies costs, all clauses asked for, against copying and parsing the same lines.
//!
//! `cargo bench --bench shipped`, or `cargo bench --bench shipped -- 100000` for so many rows of each policy; by default so many
//! that it takes about a minute. `-- 100000 qingyuan` for one policy.
//!
//! The applicants are made from each policy's own declarations (persons and enterprises, lists included); a thousand different
//! ones, again and again under new ids. One in twenty lacks a fact. Every figure is processor time of whole processes, less
//! that of one that has no row; each process runs several times and the fastest counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement may fail, and its figures are ratios"
)]

mod applicants;
mod floors;
#[path = "../million/measure.rs"]
mod measure;
mod share;
mod tables;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use applicants::{Applicant, Dice};
use duixian::policy::{self, Policy, builtin};
use duixian::source::Source;
use duixian::value::Day;
use measure::{Run, peak};

const AS_OF: &str = "2025-12-31";
const POLICIES: [&str; 5] = ["qingyuan", "linxia", "jianghai", "horinger", "hubei"];
const DIFFERENT: usize = 1_000;
const ROWS: usize = 4_000;
const TURNS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["copy", from, to] => return floors::copy(from, to),
        ["parse", from] => {
            assert!(floors::parse(from) > 0 || from.ends_with("none.jsonl"));
            return;
        }
        _ => {}
    }
    let rows: usize = arguments.first().map_or(ROWS, |count| count.parse().expect("a number of rows"));
    let wanted = |id: &&&str| arguments.get(1).is_none_or(|only| only == **id);
    for id in POLICIES.iter().filter(wanted) {
        one(id, rows);
    }
    println!("peak memory of any of them: {:.1} MiB", peak());
}

/// Measures one policy.
fn one(id: &str, rows: usize) {
    let policy = read(id);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = |name: &str| folder.join(format!("{id}-{name}")).to_str().unwrap().to_owned();
    let made = make(&policy);
    let (complete, mixed): (Vec<&Applicant>, Vec<&Applicant>) =
        (made.0.iter().collect(), made.0.iter().zip(&made.1).enumerate().map(pick).collect());
    let lacking: Vec<&Applicant> = made.1.iter().collect();
    let write = |name: &str, of: &[&Applicant], rows: usize| {
        let path = path(name);
        let mut out = BufWriter::new(File::create(&path).unwrap());
        let mut line = String::new();
        for number in 0..rows {
            line.clear();
            applicants::json(&policy, of[number % of.len()], number, &mut line);
            out.write_all(line.as_bytes()).unwrap();
        }
        out.flush().unwrap();
        path
    };
    let (none, all) = (write("none.jsonl", &complete, 0), write("complete.jsonl", &complete, rows));
    let (mixed, missing) = (write("mixed.jsonl", &mixed, rows), write("lacking.jsonl", &lacking, rows));
    let (table, lists) = tables(&policy, &complete, rows, &path);
    let bytes = std::fs::metadata(&all).unwrap().len() as usize / rows.max(1);
    println!("{id}: {rows} rows of {bytes} bytes; µs of processor a row, and how often what parsing takes");

    let this = std::env::current_exe().unwrap();
    let results = path("results");
    let batch = |input: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.args(["batch", input, "--policy", id, "--as-of", AS_OF, "-o", &results]).args(more);
        fastest(&mut command)
    };
    let start = batch(&none, &["--unsettled", "--jobs", "1"]);
    let each = |run: Run, start: Run| (run.processor - start.processor) / rows as f64 * 1e6;
    let floor = |verb: &[&str], empty: &[&str]| {
        let of = |words: &[&str]| fastest(Command::new(&this).args(words));
        each(of(verb), of(empty))
    };
    let parsing = floor(&["parse", &all], &["parse", &none]);
    let copied = path("copied");
    let copying = floor(&["copy", &all, &copied], &["copy", &none, &copied]);
    println!("  {:<44}{copying:>9.2}", "copying the lines (memchr)");
    println!("  {:<44}{parsing:>9.2}", "parsing them (serde_json)");
    let tell = |what: &str, run: Run| {
        let each = each(run, start);
        let wall = (run.wall - start.wall) / (run.processor - start.processor);
        println!("  {what:<44}{each:>9.2}{:>8.0} ×   wall to processor {wall:.2}", each / parsing);
    };
    let general = ["--unsettled", "--jobs", "1"];
    let with = |more: &[&'static str]| [&general[..], more].concat();
    tell("complete, JSON Lines to wide CSV", batch(&all, &with(&["--wide"])));
    tell("the same, other readings not compared", batch(&all, &with(&["--wide", "--taken-only"])));
    tell("complete, JSON Lines to long CSV", batch(&all, &with(&[])));
    tell("complete, JSON Lines to wide CSV, two jobs", batch(&all, &["--unsettled", "--wide", "--jobs", "2"]));
    tell("one in twenty lacking a fact", batch(&mixed, &with(&["--wide"])));
    tell("all lacking a fact", batch(&missing, &with(&["--wide"])));
    let mut joined = with(&["--wide"]);
    joined.extend(lists.iter().flat_map(|list| ["--list", list.as_str()]));
    tell("complete, CSV and list tables to wide CSV", batch(&table, &joined));
    for (what, path) in [("complete", &all), ("all lacking a fact", &missing)] {
        let of = |compares: bool| {
            let rows = File::open(path).unwrap();
            let (rows, lines, causes) = share::compiled(&policy, rows, Day::parse(AS_OF).unwrap(), compares);
            (format!("{:.0}% of the lines, {:.0}% of the rows", lines * 100.0, rows * 100.0), causes)
        };
        let ((compared, causes), (alone, _)) = (of(true), of(false));
        println!("  compiled, {what}: {compared}; other readings not compared: {alone}; of the lines were not:");
        causes.iter().for_each(|cause| println!("    {cause}"));
    }
    println!("  start, without rows: {:.1} ms of processor", start.processor * 1e3);
}

fn fastest(command: &mut Command) -> Run {
    Run::fastest(&(0..TURNS).map(|_| Run::of(command, &[0])).collect::<Vec<_>>())
}

fn read(id: &str) -> Policy {
    let found = builtin::policy(id).unwrap();
    let vocabulary = |name: &str| builtin::vocabulary(name).map(|(path, text)| Source::new(path, text));
    policy::read(&Source::new(found.path, found.text), &vocabulary).0.unwrap()
}

/// Different applicants of every kind in turn, complete and with one fact left out.
fn make(policy: &Policy) -> (Vec<Applicant>, Vec<Applicant>) {
    let as_of = Day::parse(AS_OF).unwrap();
    let kinds: Vec<&str> = policy.names.applicant_kinds.iter().map(|(id, _)| id.as_str()).collect();
    let some = |lacking: usize| {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let one = |number: usize| applicants::applicant(policy, kinds[number % kinds.len()], as_of, lacking, &mut dice);
        (0..DIFFERENT).map(one).collect()
    };
    (some(0), some(1))
}

/// One in twenty lacks a fact.
fn pick<'a>((number, (complete, lacking)): (usize, (&'a Applicant, &'a Applicant))) -> &'a Applicant {
    if number % 20 == 7 { lacking } else { complete }
}

/// The same applicants as a table, and a table for each list: the first's path, and the arguments for the others.
fn tables(policy: &Policy, of: &[&Applicant], rows: usize, path: &dyn Fn(&str) -> String) -> (String, Vec<String>) {
    let (facts, lists) = tables::heads(policy);
    let open = |name: &str| csv::Writer::from_path(path(name)).unwrap();
    let name = |place: &usize| policy.names.inputs[*place].name.as_str();
    let mut table = open("complete.csv");
    table.write_record(["id", "kind"].into_iter().chain(facts.iter().map(name))).unwrap();
    for number in 0..rows {
        tables::row(of[number % of.len()], &facts, number, &mut table);
    }
    table.flush().unwrap();
    let mut arguments = Vec::new();
    for (place, list) in lists {
        let file = format!("{list}.csv");
        let mut records = open(&file);
        let declared = policy.names.lists.iter().find(|known| known.input == place).unwrap();
        let fields = declared.fields.iter().map(|field| field.name.as_str());
        records.write_record(["id"].into_iter().chain(fields)).unwrap();
        for number in 0..rows {
            tables::records(of[number % of.len()], place, number, &mut records);
        }
        records.flush().unwrap();
        arguments.push(format!("{list}={}", path(&file)));
    }
    (path("complete.csv"), arguments)
}
