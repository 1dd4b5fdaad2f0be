//! `duixian batch` on a line without end: in a process of its own, whose memory is measured.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use program::{Outcome, demo, run_in};

fn batch(folder: &Path, input: &mut dyn Read) -> Outcome {
    let line = ["batch", "-", "--policy", "policy.toml", "--wide", "--lang", "en"];
    run_in(folder, &line, input)
}

/// One at a time: memory is measured.
static ALONE: Mutex<()> = Mutex::new(());

/// So many bytes of one line, which stand nowhere.
struct Endless {
    before: &'static [u8],
    left: u64,
    after: &'static [u8],
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.before.is_empty() {
            return self.before.read(into);
        }
        if self.left > 0 {
            let count = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            into[..count].fill(b'x');
            self.left -= count as u64;
            return Ok(count);
        }
        self.after.read(into)
    }
}

/// The most memory that this process has had, in bytes; none where the system does not tell.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

#[test]
fn a_line_of_a_gigabyte_is_passed_over_in_bounded_memory() {
    let _alone = ALONE.lock();
    let folder = demo::folder(&demo::policy());
    let heads = b"id,kind,rent\n1,";
    let rest = "\n2,person,900元/月\n".as_bytes();
    let (left, before) = (1 << 30, peak());
    let run = batch(folder.path(), &mut Endless { before: heads, left, after: rest });
    // 900 × 12
    assert!(run.output.contains("\n2,,eligible,10800.00,"), "{}", run.output);
    assert!(run.errors.starts_with("-:2: this record is longer than 1 MiB"), "{}", run.errors);

    let object = r#"{"id":"2","kind":"person","rent":"900元/月"}"#;
    let rest: &'static [u8] = Box::leak(format!("\"}}\n{object}\n").into_bytes().into_boxed_slice());
    let run = batch(folder.path(), &mut Endless { before: b"{\"id\": \"", left, after: rest });
    // 900 × 12
    assert!(run.output.contains("\n2,,eligible,10800.00,"), "{}", run.output);
    assert!(run.errors.starts_with("-:1: this line is longer than 1 MiB"), "{}", run.errors);
    if let (Some(before), Some(after)) = (before, peak()) {
        assert!(after - before < 64 << 20, "{} bytes more", after - before);
    }
}

/// 9,600 a year, of which 100, 200, 300 and the number of the applicant were paid: 9,000 less the number are due.
#[test]
fn a_list_that_is_more_than_fits_into_memory_is_kept_outside() {
    const PEOPLE: u64 = 1200;
    let _alone = ALONE.lock();
    let folder = demo::folder(&demo::policy());
    let note = "付".repeat(7000);
    let mut people = "id,kind,rent\n".to_owned();
    let mut paid = fs::File::create(folder.path().join("paid.csv")).unwrap();
    paid.write_all("id,clause,amount,note\n".as_bytes()).unwrap();
    let mut pay = |id: &str, amount: u64| writeln!(paid, "{id},1,{amount}元,{note}").unwrap();
    for id in 1..=PEOPLE {
        people += &format!("a{id},person,800元/月\n");
        pay(&format!("a{id}"), 100);
        pay(&format!("ａ{id}"), 200);
    }
    // The others in another order, and one that is nobody's.
    pay("nobody", 1);
    for id in (1..=PEOPLE).rev() {
        pay(&format!("a{id}"), 300);
        pay(&format!("a{id}"), id);
    }
    fs::write(folder.path().join("people.csv"), people).unwrap();
    let line = ["batch", "people.csv", "--list", "paid=paid.csv", "--policy", "policy.toml", "--lang", "en"];
    let line = [&line[..], &["--to", "csv", "--wide", "--as-of", "2025-06-30"]].concat();
    let before = peak();
    let run = run_in(folder.path(), &line, &mut io::empty());
    let after = peak();
    let heads: Vec<&str> = run.output.lines().next().unwrap_or_default().split(',').collect();
    let due = heads
        .iter()
        .position(|head| *head == "total due at_least")
        .unwrap_or_else(|| panic!("{heads:?} {}", run.errors));
    for (id, row) in run.output.lines().skip(1).enumerate() {
        assert_eq!(row.split(',').nth(due), Some(&*format!("{}.00", 8999 - id)), "{row}");
    }
    assert_eq!(run.output.lines().count() as u64, 1 + PEOPLE, "{}", run.errors);
    assert!(run.errors.contains("paid.csv:2402") && run.errors.contains("no applicant with this id"), "{}", run.errors);
    if let (Some(before), Some(after)) = (before, after) {
        // 100 MB of notes.
        assert!(after - before < 70 << 20, "{} bytes more", after - before);
    }

    // Where nothing can be kept, nothing is begun.
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    let run =
        command.args(line).current_dir(folder.path()).env("TMPDIR", folder.path().join("nowhere")).output().unwrap();
    let errors = String::from_utf8_lossy(&run.stderr);
    assert_eq!((run.status.code(), run.stdout.len()), (Some(2), 0), "{errors}");
    assert!(errors.contains("TMPDIR"), "{errors}");
}
