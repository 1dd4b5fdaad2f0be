//! Faults of the system under the real program: each read, write, rename, sync and spawn fails once, by `strace`, and processes
//! are killed at any moment. Afterwards what was written is complete, or is what stood there before; there is a message, and
//! nothing unfinished is left. Without `strace` the first part is skipped with a word.
//!
//! `DUIXIAN_FAULTS=500` tries so many calls of each kind, and so many kills of each verb; 4 are usual.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail, and says what it could not try"
)]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use program::demo;
use tempfile::TempDir;

const BEFORE: &str = "what was there\n";

/// A run that writes files, of which each stands there before.
struct Run {
    name: &'static str,
    line: &'static [&'static str],
    writes: &'static [&'static str],
}

const RUNS: &[Run] = &[
    Run {
        name: "batch, in CSV",
        line: &[
            "batch",
            "people.csv",
            "-o",
            "out.csv",
            "--rejects",
            "rejects.csv",
            "--jobs",
            "2",
            "--policy",
            "policy.toml",
        ],
        writes: &["out.csv", "rejects.csv"],
    },
    Run {
        name: "batch, as a workbook",
        line: &["batch", "people.csv", "--to", "xlsx", "-o", "out.xlsx", "--jobs", "1", "--policy", "policy.toml"],
        writes: &["out.xlsx"],
    },
    Run {
        name: "batch, under a limit over all",
        line: &["batch", "people.csv", "--to", "jsonl", "-o", "out.jsonl", "--jobs", "1", "--policy", "limited.toml"],
        writes: &["out.jsonl"],
    },
    Run {
        name: "batch, on standard output",
        line: &["batch", "people.csv", "--jobs", "1", "--policy", "policy.toml"],
        writes: &[],
    },
    Run {
        name: "settle",
        line: &["settle", "parts.jsonl", "--policy", "limited.toml", "-o", "out.csv"],
        writes: &["out.csv"],
    },
    Run { name: "calc", line: &["calc", "a.toml", "--policy", "policy.toml"], writes: &[] },
    Run { name: "template", line: &["template", "policy.toml", "--xlsx", "-o", "form.xlsx"], writes: &["form.xlsx"] },
    Run { name: "fmt", line: &["fmt", "unlaid.toml"], writes: &["unlaid.toml"] },
];

/// The calls that fail, and how.
const CALLS: &[(&str, &str)] = &[
    ("openat", "EACCES"),
    ("read", "EIO"),
    ("pread64", "EIO"),
    ("statx", "EACCES"),
    ("lseek", "EIO"),
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("ftruncate", "EIO"),
    ("rename", "EACCES"),
    ("renameat", "EACCES"),
    ("fchmod", "EPERM"),
    ("fsync", "EIO"),
    ("clone3", "EAGAIN"),
];

fn tries() -> usize {
    std::env::var("DUIXIAN_FAULTS").map_or(4, |count| count.parse().unwrap())
}

fn folder() -> TempDir {
    let policy = demo::policy();
    let folder = demo::folder(&policy);
    let limit = "limits = [{ at_most = 1, order = \"rent\", across = \"applicants\", zh = \"一名\", en = \"one\" }]\n";
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("limited.toml", &format!("{policy}{limit}"));
    write("unlaid.toml", &policy.replace("id       = \"1\"", "id=\"1\""));
    write("a.toml", "[applicant]\nkind = \"person\"\n[facts]\nrent = \"800元/月\"\n");
    let rows: String = (0..200).map(|id| format!("{id},person,{}元/月\n", 800 + id)).collect();
    write("people.csv", &format!("id,kind,rent\n{rows}wrong,person,800\n"));
    let line = ["batch", "people.csv", "--unsettled", "--to", "jsonl", "-o", "parts.jsonl", "--policy", "limited.toml"];
    assert!(duixian(folder.path(), &line).output().unwrap().status.code().is_some_and(|code| code < 2));
    for name in RUNS.iter().flat_map(|run| run.writes).filter(|name| **name != "unlaid.toml") {
        write(name, BEFORE);
    }
    folder
}

fn duixian(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.args(line).args(["--lang", "en"]).current_dir(folder).stdin(Stdio::null());
    if line[0] != "template" && line[0] != "settle" && line[0] != "fmt" {
        command.args(["--as-of", "2025-06-30"]);
    }
    command
}

/// The run under `strace` with these options.
fn traced(folder: &Path, run: &Run, options: &[&str]) -> Output {
    let whole = duixian(folder, run.line);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "trace"]).args(options).arg(whole.get_program()).args(whole.get_args());
    command.current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// The files that a run writes.
fn written(folder: &Path, run: &Run) -> BTreeMap<String, Option<Vec<u8>>> {
    run.writes.iter().map(|name| ((*name).to_owned(), fs::read(folder.join(name)).ok())).collect()
}

/// What a fault breaks of what is promised.
fn broken(
    run: &Run,
    before: &Written,
    whole: (&Written, &Output),
    after: (&Written, &Output),
    folder: &Path,
) -> Vec<String> {
    let errors = String::from_utf8_lossy(&after.1.stderr);
    let mut faults = Vec::new();
    let code = after.1.status.code();
    if code.is_none() || errors.contains("panicked") || errors.contains("stack backtrace") {
        faults.push(format!("it ends with {:?}", after.1.status));
    }
    let as_usual = code == whole.1.status.code();
    if !as_usual && errors.trim().is_empty() {
        faults.push("nothing is said".to_owned());
    }
    if as_usual && after.1.stdout != whole.1.stdout {
        faults.push("standard output is another".to_owned());
    }
    for (name, content) in after.0 {
        let is_whole = *content == whole.0[name];
        if as_usual && !is_whole {
            faults.push(format!("{name} is another, though all went well"));
        }
        if !is_whole && *content != before[name] {
            faults.push(format!("{name} is neither what was there nor complete"));
        }
    }
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    faults.extend(names.filter(|name| name.starts_with('.')).map(|name| format!("{name} is left")));
    faults.into_iter().map(|fault| format!("{}: {fault}: {errors}", run.name)).collect()
}

type Written = BTreeMap<String, Option<Vec<u8>>>;

/// Some of the first `count` numbers, the first and the last among them.
fn some(count: usize, most: usize) -> Vec<usize> {
    let step = count.div_ceil(most.max(2)).max(1);
    (1..=count).filter(|turn| turn % step == 0 || *turn == 1 || *turn == count).collect()
}

#[test]
fn a_call_that_fails_leaves_what_was_there_or_all_of_it() {
    if !Command::new("strace").args(["-qq", "true"]).output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: there is no strace here, or it may not trace");
        return;
    }
    let (mut faults, mut tried) = (Vec::new(), 0);
    for run in RUNS {
        let reference = folder();
        let calls: Vec<&str> = CALLS.iter().map(|(call, _)| *call).collect();
        let output = traced(reference.path(), run, &["-e", &format!("trace={}", calls.join(","))]);
        let whole = written(reference.path(), run);
        let trace = fs::read_to_string(reference.path().join("trace")).unwrap();
        for (call, error) in CALLS {
            let of =
                |line: &&str| line.split_whitespace().nth(1).is_some_and(|name| name.starts_with(&format!("{call}(")));
            let count = trace.lines().filter(of).count();
            for turn in some(count, tries()) {
                let folder = folder();
                let before = written(folder.path(), run);
                let inject = format!("inject={call}:error={error}:when={turn}");
                let after = traced(folder.path(), run, &["-e", &inject]);
                // What the loader does before the program begins is the system's own.
                if String::from_utf8_lossy(&after.stderr).contains("error while loading") {
                    continue;
                }
                tried += 1;
                let found =
                    broken(run, &before, (&whole, &output), (&written(folder.path(), run), &after), folder.path());
                faults.extend(
                    found.into_iter().map(|fault| format!("{call} {turn} of {count} fails with {error}: {fault}")),
                );
            }
        }
    }
    eprintln!("{tried} faults injected");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_kill_at_any_moment_leaves_what_was_there_or_all_of_it() {
    let mut killed = 0;
    for run in RUNS.iter().filter(|run| !run.writes.is_empty()) {
        let reference = folder();
        let started = Instant::now();
        duixian(reference.path(), run.line).output().unwrap();
        let (took, whole) = (started.elapsed(), written(reference.path(), run));
        let folder = folder();
        let before = written(folder.path(), run);
        for turn in 0..tries() {
            for (name, content) in &before {
                fs::write(folder.path().join(name), content.as_ref().unwrap()).unwrap();
            }
            let mut child =
                duixian(folder.path(), run.line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Moments spread over the whole run, by steps that never meet again.
            let part = (turn as u64 * 61 + 7) % 101;
            std::thread::sleep(took * u32::try_from(part).unwrap() / 100 + Duration::from_micros(turn as u64 % 97));
            child.kill().unwrap();
            killed += usize::from(child.wait().unwrap().code().is_none());
            for (name, content) in written(folder.path(), run) {
                let is_so = content == before[&name] || content == whole[&name];
                assert!(is_so, "{}: {name} is neither what was there nor complete", run.name);
            }
            for entry in fs::read_dir(folder.path()).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if name.starts_with('.') {
                    assert!(name.starts_with(".unfinished-"), "{}: {name}", run.name);
                    fs::remove_file(path).unwrap();
                }
            }
        }
    }
    eprintln!("{killed} processes killed");
}
