//! The job of `examples/spark`, run for real on a small file. Without PySpark and Java it is skipped, and says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

const DUIXIAN: &str = env!("CARGO_BIN_EXE_duixian");
const ROWS: usize = 2_000;
/// Rows 3, 503, 1003 and 1503 are made bad.
const BAD: usize = 4;
const BATCH: [&str; 8] =
    ["--policy", "qingyuan", "--as-of", "2025-12-31", "--clause", "qingyuan/20", "--clause", "qingyuan/23"];

/// The Python that Spark is told to use, or the usual one.
fn python() -> Command {
    Command::new(std::env::var("PYSPARK_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Runs to the end, and shows everything where that fails.
fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{errors}", output.status);
    output
}

/// The files that Spark wrote, in their order.
fn parts(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().to_str().unwrap().to_owned());
    let mut names: Vec<String> = names.filter(|name| name.contains("/part-")).collect();
    names.sort();
    names
}

#[test]
fn parts_of_a_file_under_spark_come_to_the_same_as_one_process() {
    let has_pyspark = works(python().args(["-c", "import pyspark"]));
    if !has_pyspark || !works(Command::new("java").arg("-version")) {
        let lacking = if has_pyspark { "java" } else { "pyspark" };
        // Not by a macro of print: the test runner would keep that to itself.
        writeln!(std::io::stderr(), "SKIPPED tests/spark.rs: {lacking} is not installed").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = done(python().args(["examples/spark/applicants.py", &ROWS.to_string()]));
    fs::write(path("applicants.jsonl"), made.stdout).unwrap();

    let job = done(
        python()
            .args(["examples/spark/job.py", &path("applicants.jsonl"), &path("out"), "--duixian", DUIXIAN])
            .args(["--parts", "4", "--compare", "--"])
            .args(BATCH)
            .env("SPARK_LOCAL_IP", "127.0.0.1"),
    );
    let said = String::from_utf8(job.stdout).unwrap();
    let counts = format!("parts: {ROWS} rows read, {} assessed, {BAD} rejected", ROWS - BAD);
    assert!(said.contains(&counts), "{said}");
    assert!(said.ends_with("one process: the same sums, 0 lines differ\n"), "{said}");
    let results = parts(&folder.path().join("out/results"));
    assert!(results.len() >= 4, "{results:?}");
    let rejects: String =
        parts(&folder.path().join("out/rejects")).iter().map(|part| fs::read_to_string(part).unwrap()).collect();
    assert_eq!(rejects.lines().count(), BAD, "{rejects}");

    // Ten awards a year, one an enterprise, over all parts. 20 a year are selected, from more than ten enterprises: ten of them
    // draw 50,000 元 in each of the two years, 1,000,000 together. Until that is settled it looks like 40 × 50,000.
    assert!(said.contains("\nqingyuan/23 ") && said.contains("2,000,000.00         40\n"), "{said}");
    let settle = ["--policy", "qingyuan", "--to", "jsonl", "--lang", "en", "-o", &path("settled")];
    let settled = done(Command::new(DUIXIAN).arg("settle").args(&results).args(settle));
    let said = String::from_utf8(settled.stderr).unwrap();
    let award = said.lines().find(|line| line.contains("qingyuan/23 Award")).unwrap();
    assert!(award.contains(": 20 eligible, ") && award.ends_with("; awarded 1,000,000 yuan"), "{said}");
    // The same, to the byte, as where one process reads the whole file.
    let alone = Command::new(DUIXIAN)
        .args(["batch", &path("applicants.jsonl"), "--to", "jsonl", "-o", &path("alone")])
        .args(BATCH)
        .output()
        .unwrap();
    assert_eq!(alone.status.code(), Some(1), "{}", String::from_utf8_lossy(&alone.stderr));
    assert!(fs::read(path("settled")).unwrap() == fs::read(path("alone")).unwrap(), "settled results differ");
}
