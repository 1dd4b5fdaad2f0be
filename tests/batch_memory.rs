//! `duixian batch` on a line without end: in a process of its own, whose memory is measured.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use program::{Outcome, demo, run_in};

fn batch(folder: &Path, input: &mut dyn Read) -> Outcome {
    let line = ["batch", "-", "--policy", "policy.toml", "--wide", "--lang", "en"];
    run_in(folder, &line, input)
}

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
