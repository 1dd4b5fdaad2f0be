//! How a run of `duixian batch` ends when it is interrupted, killed, out of disk or no longer read: with the real program.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail, and says what it could not try"
)]

mod program;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use program::demo;

const HEADS: &str = "id,kind,rent\n";

fn duixian(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.arg("batch").args(arguments).args(["--policy", "policy.toml", "--as-of", "2025-06-30", "--lang", "en"]);
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn row(id: usize) -> String {
    format!("{id},person,800元/月\n")
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Starts a run into `out.csv`, feeds it, and sends the signal when it has begun to write.
fn interrupted(folder: &Path, signal: &str) -> (Child, Option<i32>, String) {
    fs::write(folder.join("out.csv"), "what was there\n").unwrap();
    let mut child = duixian(folder, &["-", "-o", "out.csv", "--rejects", "rejects.csv"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(HEADS.as_bytes()).unwrap();
    let started = Instant::now();
    let (mut id, mut sent) = (0, false);
    let ended = loop {
        for _ in 0..2000 {
            id += 1;
            // A process that has gone reads no more.
            if input.write_all(row(id).as_bytes()).is_err() {
                break;
            }
        }
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let begun = names(folder).iter().any(|name| name.starts_with(".unfinished-"));
        if begun && id >= 4_000 && !sent {
            let pid = child.id().to_string();
            assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
            sent = true;
        }
        assert!(started.elapsed() < Duration::from_secs(300), "it goes on in spite of {signal}");
        sleep(Duration::from_millis(5));
    };
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    (child, ended.code(), errors)
}

#[test]
fn an_interrupt_leaves_nothing_behind() {
    let folder = demo::folder(&demo::policy());
    let (_, code, errors) = interrupted(folder.path(), "-INT");
    assert_eq!(errors, "error: interrupted; no result file was written\n");
    assert_eq!(code, Some(2));
    assert_eq!(names(folder.path()), ["out.csv", "policy.toml"]);
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap(), "what was there\n");
}

#[test]
fn a_kill_leaves_the_older_file_untouched() {
    let folder = demo::folder(&demo::policy());
    let (_, code, _) = interrupted(folder.path(), "-KILL");
    assert_eq!(code, None);
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap(), "what was there\n");
    let others: Vec<String> =
        names(folder.path()).into_iter().filter(|name| name.starts_with('.') || name == "rejects.csv").collect();
    assert!(others.iter().all(|name| name.starts_with(".unfinished-")), "{others:?}");
}

#[test]
fn a_pipe_that_is_closed_ends_the_run_quietly() {
    let folder = demo::folder(&demo::policy());
    let table: String = std::iter::once(HEADS.to_owned()).chain((0..50_000).map(row)).collect();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let mut child = duixian(folder.path(), &["people.csv"]).spawn().unwrap();
    let mut start = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn no_progress_is_shown_in_a_pipe() {
    let folder = demo::folder(&demo::policy());
    let table: String = std::iter::once(HEADS.to_owned()).chain((0..5000).map(row)).collect();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let output = duixian(folder.path(), &["people.csv"]).stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("5000 rows read: 5000 assessed") && !errors.contains(['\r', '\u{1b}']), "{errors}");
}

#[test]
fn a_full_standard_output_is_said() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("SKIPPED: there is no /dev/full here");
        return;
    };
    let folder = demo::folder(&demo::policy());
    let table: String = std::iter::once(HEADS.to_owned()).chain((0..5000).map(row)).collect();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let mut command = duixian(folder.path(), &["people.csv"]);
    let output = command.stdin(Stdio::null()).stdout(full).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "error: the results cannot be written (the disk is full)\n");
    assert_eq!(output.status.code(), Some(2));
}

/// A disk of a megabyte, until it is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success()).then_some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_the_older_file_untouched() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("SKIPPED: no file system may be mounted here");
        return;
    };
    let folder = demo::folder(&demo::policy());
    let table: String = std::iter::once(HEADS.to_owned()).chain((0..20_000).map(row)).collect();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    for (name, form) in [("out.csv", "csv"), ("out.xlsx", "xlsx"), ("out.jsonl", "jsonl")] {
        let out = disk.0.path().join(name);
        fs::write(&out, "what was there\n").unwrap();
        let line = ["people.csv", "--to", form, "-o", out.to_str().unwrap()];
        let output = duixian(folder.path(), &line).stdin(Stdio::null()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        let path = out.display();
        let said = format!("error: {path}: cannot be written (the disk is full); what was there is untouched\n");
        assert_eq!(errors, said);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(fs::read_to_string(&out).unwrap(), "what was there\n");
        assert!(!names(disk.0.path()).iter().any(|name| name.starts_with('.')), "{:?}", names(disk.0.path()));
    }
}

/// Waits until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_pipe_that_says_nothing_is_left_at_the_first_signal() {
    for signal in ["-INT", "-TERM"] {
        for input in ["-", "pipe.csv"] {
            let folder = demo::folder(&demo::policy());
            assert!(Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status().unwrap().success());
            let mut child = duixian(folder.path(), &[input, "-o", "out.csv"]).spawn().unwrap();
            if input == "-" {
                child.stdin.as_mut().unwrap().write_all(format!("{HEADS}{}", row(1)).as_bytes()).unwrap();
            }
            until("it begins", || names(folder.path()).iter().any(|name| name.starts_with(".unfinished-")));
            sleep(Duration::from_millis(200));
            assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
            let mut code = None;
            until("it ends", || {
                code = child.try_wait().unwrap().map(|ended| ended.code());
                code.is_some()
            });
            let mut errors = String::new();
            child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
            assert_eq!((code, errors.as_str()), (Some(Some(2)), "error: interrupted; no result file was written\n"));
            assert_eq!(names(folder.path()), ["pipe.csv", "policy.toml"]);
        }
    }
}

/// A table that is read twice, for a limit over all applicants, and the place of a letter in its last row.
fn read_twice(folder: &Path) -> u64 {
    let row = |id: usize| format!("{id:05},{},person,800元/月\n", "x".repeat(200));
    let table: String = std::iter::once("id,name,kind,rent\n".to_owned()).chain((0..10_000).map(row)).collect();
    let place = table.rfind('x').unwrap();
    fs::write(folder.join("people.csv"), table).unwrap();
    place as u64
}

/// Runs a batch, and changes the table in place, its size unchanged, between the two times that it is read: the rejects go to a
/// pipe, which is opened in between.
fn edited(folder: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    use std::os::unix::fs::FileExt;
    let place = read_twice(folder);
    assert!(Command::new("mkfifo").arg(folder.join("rejects")).status().unwrap().success());
    let line = [&["people.csv", "--rejects", "rejects", "--jobs", "1"], more].concat();
    let child = duixian(folder, &line).stdin(Stdio::null()).spawn().unwrap();
    let mut rejects = File::open(folder.join("rejects")).unwrap();
    File::options().write(true).open(folder.join("people.csv")).unwrap().write_all_at(b"y", place).unwrap();
    let rest = std::thread::spawn(move || rejects.read_to_end(&mut Vec::new()));
    let output = child.wait_with_output().unwrap();
    rest.join().unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_table_that_is_changed_between_the_two_passes_is_noticed() {
    let limit = "amount = \"rent * 12个月\"\nlimits = [{ at_most = 1, order = \"rent\", across = \"applicants\", zh = \"一名\", en = \"one\" }]\n";
    let said = "the input was changed while it was read, so limits over all applicants cannot be settled; run again when it stays as it is";
    let folder = demo::folder(&demo::policy_with("", limit));
    let (code, _, errors) = edited(folder.path(), &["-o", "out.csv"]);
    assert_eq!((code, errors), (Some(2), format!("error: {said}\n")));
    assert_eq!(names(folder.path()), ["people.csv", "policy.toml", "rejects"]);
    for (form, last) in
        [("csv", format!("\"the results above do not count: {said}\"\n")), ("jsonl", "do not count".to_owned())]
    {
        let folder = demo::folder(&demo::policy_with("", limit));
        let (code, output, errors) = edited(folder.path(), &["--to", form]);
        assert_eq!((code, errors), (Some(2), format!("error: {said}\n")));
        let found = output.lines().last().unwrap();
        match form {
            "csv" => assert_eq!(format!("{found}\n"), last),
            _ => assert!(found.starts_with("{\"schema\":\"duixian/void@1\",\"reason\":{\"zh\":"), "{found}"),
        }
    }
}

#[test]
fn few_files_and_too_many_jobs_end_in_words() {
    let folder = demo::folder(&demo::policy());
    let table: String = std::iter::once(HEADS.to_owned()).chain((0..3000).map(row)).collect();
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let output = duixian(folder.path(), &["people.csv", "--jobs", "100000"]).stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && errors.contains("1..=256"), "{errors}");
    let limited = |limit: &str, jobs: &str| {
        let command = format!(
            "ulimit {limit} && exec \"$0\" batch people.csv --jobs {jobs} --policy policy.toml --as-of 2025-06-30 --lang en -o out.csv"
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", &command, env!("CARGO_BIN_EXE_duixian")]).current_dir(folder.path());
        let output = shell.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // No file can be opened: words, and no panic.
    let (code, errors) = limited("-n 4", "1");
    assert!(code == Some(2) && errors.starts_with("error: ") && !errors.contains("panicked"), "{code:?} {errors}");
    // Too little address space for anything: words, before anything is read.
    let (code, errors) = limited("-v 60000", "1");
    assert!(code == Some(2) && errors.starts_with("error: the address space is limited"), "{code:?} {errors}");
    // More threads than the address space has room for: fewer work, and the results are the same.
    let results = |limit: &str, jobs: &str| {
        let (code, errors) = limited(limit, jobs);
        assert_eq!(code, Some(0), "{limit} {jobs}: {errors}");
        fs::read_to_string(folder.path().join("out.csv")).unwrap()
    };
    let whole = results("-n 64", "1");
    for (limit, jobs) in [("-v 400000", "64"), ("-v 800000", "64"), ("-v 800000", "256")] {
        assert_eq!(results(limit, jobs), whole, "{limit} {jobs}");
    }
}

#[test]
fn a_clock_before_1970_ends_in_words() {
    let folder = demo::folder(&demo::policy());
    let clock = "#include <time.h>\n#include <unistd.h>\n#include <sys/syscall.h>\n\
                 int clock_gettime(clockid_t clock, struct timespec *time) {\n\
                 int result = syscall(SYS_clock_gettime, clock, time);\n\
                 if (clock == CLOCK_REALTIME && time) time->tv_sec = -86400;\n\
                 return result;\n}\n";
    fs::write(folder.path().join("clock.c"), clock).unwrap();
    let mut made = Command::new("cc");
    made.args(["-shared", "-fPIC", "-o", "clock.so", "clock.c"]).current_dir(folder.path());
    if !made.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: there is no compiler for C here");
        return;
    }
    let mut command = duixian(folder.path(), &["-"]);
    command.env("LD_PRELOAD", folder.path().join("clock.so")).env("LC_ALL", "en_GB.UTF-8").stdin(Stdio::null());
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "this computer's clock says a day before 1970; set it right first\n");
    assert_eq!(output.status.code(), Some(2));
}
