//! The shipped policies and samples under `duixian test`, and the changes planted in the policies.
//!
//! A sample of the changes is tried by default. `DUIXIAN_PLANTED=all cargo test --release --test cases` tries all of them,
//! `DUIXIAN_PLANTED=200` so many; `DUIXIAN_SEED` draws another sample. For work on one policy or file:
//! `duixian test policies/qingyuan/cases/article-15-hiring.toml`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duixian::assess::model::Line;
use duixian::assess::{Detail, assess_some};
use duixian::cases::{Exceptions, File};
use duixian::clause::kind::Counted;
use duixian::cli::Exit;
use duixian::lang::Lang;
use duixian::mutation::{Subject, changes, sample};
use duixian::policy;
use duixian::report::testing;
use duixian::source::Source;
use duixian::value::{Bound, Day};

/// How many changes of a policy are tried where nothing is said.
const SAMPLE: usize = 12;

fn source(path: &Path) -> Arc<Source> {
    Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_case_passes_and_reaches_what_can_be_reached() {
    let line = ["test", "policies", "--coverage", "--lang", "en"];
    let run = program::run_in(Path::new("."), &line, &mut std::io::empty());
    assert!(run.exit == Exit::Done, "{}{}", run.output, run.errors);
}

/// Cases in which nothing has happened that has a day, with the reason why their clause says another thing after its last day.
const OF_TODAY: &[(&str, &[&str], &str)] = &[
    (
        "14.1",
        &["a graduate who qualifies", "the day it was printed", "the last day", "reading day_before: its own last day"],
        "nobody has asked for a loan: shown is what may be borrowed on the day it is looked at",
    ),
    ("14.2", &["a small enterprise founded by talent", "the last day"], "the same"),
];

/// Which record of its list a line is for.
fn record(line: &Line) -> Option<usize> {
    line.record.as_ref().map(|record| record.index)
}

/// How many cases of a clause in which something was earned inside the term are looked at again.
const EARNED: usize = 4;

#[test]
fn what_was_earned_inside_the_term_stays_when_it_is_looked_at_later() {
    let (mut told, mut clauses, mut skipped) = (Vec::new(), 0, 0);
    for folder in sorted(Path::new("policies")).iter().filter(|path| path.join("policy.toml").is_file()) {
        let find = |name: &str| Some(source(&folder.join(format!("../{name}.toml"))));
        let policy = policy::read(&source(&folder.join("policy.toml")), &find).0.unwrap();
        let files: Vec<File> = sorted(&folder.join("cases")).iter().map(|path| File::read(&source(path))).collect();
        for clause in policy.clauses.iter().filter(|clause| clause.kind.counted != Counted::Not) {
            let end = clause.window.hi;
            if end == Day::NEVER {
                continue;
            }
            let about = files.iter().flat_map(|file| (0..file.len()).map(move |place| (file, place)));
            let earned = about.filter(|(file, place)| file.is_about(*place, &clause.id)).filter_map(|(file, place)| {
                let ran = file.run_one(place, &policy, None)?;
                if OF_TODAY.iter().any(|(of, names, _)| *of == clause.id && names.contains(&ran.name.as_str())) {
                    skipped += 1;
                    return None;
                }
                let applicant = ran.given.filter(|applicant| applicant.as_of <= end)?;
                let sure = |line: &Line| line.amounts.as_ref().map(|amounts| (record(line), amounts.awarded.lo));
                let lines = ran.lines.iter().filter(|line| line.clause == clause.id).filter_map(sure);
                let lines: Vec<_> = lines.filter(|(_, awarded)| *awarded > Bound::ZERO).collect();
                (!lines.is_empty()).then_some((ran.name, applicant, lines))
            });
            let earned: Vec<_> = earned.take(EARNED).collect();
            clauses += usize::from(!earned.is_empty());
            for (name, mut applicant, before) in earned {
                for later in [1, 400] {
                    applicant.as_of = end.plus_days(later);
                    let after = assess_some(&[&policy], &applicant, &|_, id| id == clause.id, Detail::Brief);
                    for (place, awarded) in &before {
                        let line = after.lines.iter().find(|line| record(line) == *place);
                        let amounts = line.and_then(|line| line.amounts.as_ref());
                        if amounts.is_none_or(|amounts| amounts.awarded.lo < *awarded) {
                            told.push(format!("{} {}: {name}, {later} days after the last", policy.id, clause.id));
                        }
                    }
                }
            }
        }
    }
    let listed: usize = OF_TODAY.iter().map(|(_, names, _)| names.len()).sum();
    assert!(
        told.is_empty() && clauses > 30 && skipped == listed,
        "of {clauses} clauses, {skipped} cases left out: {told:#?}"
    );
}

#[test]
fn every_sample_gives_its_golden_output() {
    let run = program::run_in(Path::new("."), &["test", "samples", "--lang", "en"], &mut std::io::empty());
    assert!(run.exit == Exit::Done && !run.output.contains("no golden output"), "{}{}", run.output, run.errors);
}

#[test]
fn a_case_notices_every_planted_change() {
    let asked = std::env::var("DUIXIAN_PLANTED").unwrap_or_default();
    let seed = std::env::var("DUIXIAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_240_301);
    let size = if asked == "all" { usize::MAX } else { asked.parse().unwrap_or(SAMPLE) };
    let mut wrong = Vec::new();
    for folder in sorted(Path::new("policies")).iter().filter(|path| path.join("policy.toml").is_file()) {
        let find = |name: &str| Some(source(&folder.join(format!("../{name}.toml"))));
        let policy = policy::read(&source(&folder.join("policy.toml")), &find).0.unwrap();
        let files: Vec<File> = sorted(&folder.join("cases")).iter().map(|path| File::read(&source(path))).collect();
        let untested = folder.join("untested.toml");
        let exceptions = if untested.is_file() { Exceptions::read(&source(&untested)) } else { Exceptions::default() };
        let subject = Subject { policy: &policy, files: &files, exceptions: &exceptions, find: &find };
        let mut tried = subject.try_out(sample(changes(&policy), size, seed));
        if asked != "all" {
            // Of a sample it is not known which entries are needed.
            tried.stale.clear();
        }
        if !(tried.unnoticed.is_empty() && tried.stale.is_empty()) {
            wrong.push(testing::mutation(&policy, &tried, &exceptions, Lang::En, 150));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
