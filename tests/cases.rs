//! Every case of every policy, found by walking `policies/*/cases`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duixian::lang::Lang;
use duixian::policy::{self, Policy};
use duixian::source::Source;

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn source(path: &Path) -> Arc<Source> {
    Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
}

fn read(folder: &Path) -> Policy {
    let file = source(&folder.join("policy.toml"));
    let vocabulary = |name: &str| Some(source(&folder.join(format!("../{name}.toml"))));
    let (policy, faults) = policy::read(&file, &vocabulary);
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    policy.unwrap_or_else(|| panic!("{shown}"))
}

#[test]
fn every_case_comes_out_as_worked_out_by_hand() {
    let (mut cases, mut faults) = (0, String::new());
    for folder in sorted(Path::new("policies")).iter().filter(|path| path.join("policy.toml").is_file()) {
        let policy = read(folder);
        for path in sorted(&folder.join("cases")) {
            // For work on one file: DUIXIAN_CASES=article-15 cargo test --test cases
            let wanted = std::env::var("DUIXIAN_CASES").unwrap_or_default();
            if !path.display().to_string().contains(&wanted) {
                continue;
            }
            let outcome = duixian::cases::run(&source(&path), &policy);
            cases += outcome.cases;
            faults.extend(outcome.faults.iter().map(|fault| fault.render(Lang::En) + "\n"));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    println!("{cases} cases");
    assert!(cases > 0, "no case was found");
}
