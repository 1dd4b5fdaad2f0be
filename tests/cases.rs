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

use duixian::cases::{Exceptions, File};
use duixian::cli::Exit;
use duixian::lang::Lang;
use duixian::mutation::{Subject, changes, sample};
use duixian::policy;
use duixian::report::testing;
use duixian::source::Source;

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
