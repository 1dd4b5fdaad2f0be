//! The shipped policies pass every check, every code can be explained, and every applicant that a check shows can be read.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;
mod shown;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use duixian::audit::{audit, pages};
use duixian::check::{self, CHECKS};
use duixian::cli::Exit;
use duixian::policy;
use duixian::source::Source;

fn run(arguments: &[&str]) -> program::Outcome {
    program::run_in(Path::new("."), arguments, &mut std::io::empty())
}

#[test]
fn the_shipped_policies_have_nothing_open() {
    for folder in fs::read_dir("policies").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let outcome = run(&["check", &folder.display().to_string(), "--lang", "en"]);
        assert!(outcome.exit == Exit::Done, "{}\n{}", outcome.output, outcome.errors);
    }
}

/// Every finding of a policy, accepted ones too.
fn verified(policy: &policy::Policy, name: &str) -> usize {
    let found = check::all(policy);
    let all = found.open.iter().chain(found.accepted.iter().map(|(finding, _)| finding));
    all.map(|finding| {
        shown::verify(policy, finding).unwrap_or_else(|what| panic!("{name}: {}: {what}", finding.code.name))
    })
    .sum()
}

#[test]
fn every_applicant_that_shows_a_fault_shows_it_in_calc() {
    let mut seen = 0;
    for check in CHECKS {
        let source = Source::new("example.toml", check::example(check.bad));
        let policy = policy::read(&source, &|_| None).0.unwrap();
        seen += verified(&policy, check.code.name);
    }
    assert!(seen > 1, "only {seen} applicants were shown");
    // The shipped policies accept some findings: those are as true as others.
    let vocabulary = Source::new("vocabulary.toml", fs::read_to_string("policies/vocabulary.toml").unwrap());
    for folder in fs::read_dir("policies").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let source = Source::new("policy.toml", fs::read_to_string(folder.join("policy.toml")).unwrap());
        let policy = policy::read(&source, &|_| Some(vocabulary.clone())).0.unwrap();
        seen += verified(&policy, &folder.display().to_string());
    }
    assert!(seen > 12, "only {seen} applicants were shown");
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The names in `Code::new("…"` and its like, wherever they stand in the source.
fn declared() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut names = BTreeSet::new();
    for text in files.iter().map(|path| fs::read_to_string(path).unwrap()) {
        for call in ["Code::new(", "Code::warning(", "Code::note("] {
            for (at, _) in text.match_indices(call) {
                let rest = text[at + call.len()..].trim_start();
                if let Some(name) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                    names.insert(name.to_owned());
                }
            }
        }
    }
    names
}

#[test]
fn every_code_of_the_source_is_listed_and_explained() {
    let list = run(&["explain-code", "--lang", "en"]).output;
    let listed: BTreeSet<String> =
        list.lines().filter_map(|line| Some(line.strip_prefix("  ")?.split(' ').next()?.to_owned())).collect();
    let declared = declared();
    assert!(declared.len() > 60, "only {} codes were found", declared.len());
    // The example in the documentation of `codes!` is none.
    assert_eq!(declared.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(listed.difference(&declared).collect::<Vec<_>>(), Vec::<&String>::new());
    for name in &listed {
        for lang in ["zh", "en"] {
            let outcome = run(&["explain-code", name, "--lang", lang]);
            assert!(outcome.exit == Exit::Done && outcome.output.contains(name.as_str()), "{name}");
        }
    }
}

#[test]
fn every_check_has_a_page_of_cases() {
    for check in CHECKS {
        let name = check.code.name;
        let mut pages = Vec::new();
        sources(Path::new("tests/cases/check"), &mut pages);
        let has = |page: &PathBuf| fs::read_to_string(page).unwrap().starts_with(&format!("# `{name}`"));
        assert!(pages.iter().any(has), "{name} has no page in tests/cases/check");
    }
}

/// What is wrong with the policy of an example, alone or against its text.
fn faults(policy: &str, articles: &str) -> BTreeSet<&'static str> {
    let (read, faults) = policy::read(&Source::new("example.toml", check::example(policy)), &|_| None);
    let mut names: BTreeSet<&str> = faults.iter().map(|fault| fault.code.name).collect();
    if let (Some(policy), false) = (read, articles.is_empty()) {
        let text = Source::new("example.txt", pages::text(articles));
        names.extend(audit(&policy, &text).open.iter().map(|fault| fault.code.name));
    }
    names
}

#[test]
fn every_code_of_an_audit_has_an_example_that_shows_it() {
    for page in pages::PAGES.iter().chain(policy::pages::PAGES) {
        let bad = faults(page.bad, page.text);
        assert!(bad.contains(page.name), "{}: {bad:?}", page.name);
        let text = if page.good_text.is_empty() { page.text } else { page.good_text };
        assert_eq!(faults(page.good, text), BTreeSet::new(), "{}, mended", page.name);
    }
    let list = run(&["explain-code", "--lang", "en"]).output;
    let of_audit = list.split("Against the official text").nth(1).unwrap().split("\n\n").next().unwrap();
    for name in of_audit.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()) {
        assert!(pages::PAGES.iter().any(|page| page.name == name), "{name} has no example");
    }
}
