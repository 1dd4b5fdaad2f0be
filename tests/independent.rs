//! The money clauses of two policies, worked out a second time: `tests/independent/` is written in another language, from the
//! official texts and not from the policy files, and compared on applicants whose days lie at boundaries.
//!
//! `DUIXIAN_INDEPENDENT=100000:7` compares so many applicants, of that seed; 1,000 are usual.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may fail, and says what it could not try")]

use std::process::Command;

#[test]
fn a_second_calculation_from_the_texts_agrees() {
    let wanted = std::env::var("DUIXIAN_INDEPENDENT").unwrap_or_else(|_| "1000".to_owned());
    let (count, seed) = wanted.split_once(':').unwrap_or((&wanted, "0"));
    let mut command = Command::new("python3");
    command.args(["-B", "tests/independent/compare.py", env!("CARGO_BIN_EXE_duixian"), count, seed]);
    let Ok(output) = command.output() else {
        eprintln!("SKIPPED: there is no python3 here");
        return;
    };
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("differences: none"), "{told}");
    eprint!("{told}");
}
