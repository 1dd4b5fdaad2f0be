//! Every package that the program, its build or its tests need stands in `docs/dependencies.md`, with version, licence and how
//! much of it is `unsafe`.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;

#[test]
fn every_package_of_the_lock_file_is_listed() {
    let lock: toml::Table = fs::read_to_string("Cargo.lock").unwrap().parse().unwrap();
    let packages = lock.get("package").and_then(toml::Value::as_array).unwrap();
    let word = |package: &toml::Value, key: &str| package.get(key).unwrap().as_str().unwrap().to_owned();
    let locked: BTreeSet<String> = packages
        .iter()
        .filter(|package| word(package, "name") != "duixian")
        .map(|package| format!("{} {}", word(package, "name"), word(package, "version")))
        .collect();
    let page = fs::read_to_string("docs/dependencies.md").unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let listed: BTreeSet<String> = rows
        .map(|row| row.split('|').map(str::trim).collect::<Vec<_>>())
        .filter_map(|cells| Some(format!("{} {}", cells.get(1)?, cells.get(2)?)))
        .filter(|name| !name.starts_with("---"))
        .collect();
    let missing: Vec<&String> = locked.difference(&listed).collect();
    let gone: Vec<&String> = listed.difference(&locked).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not listed: {missing:#?}\nno longer needed: {gone:#?}");
}
