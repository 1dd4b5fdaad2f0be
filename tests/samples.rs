//! Every sample gives a breakdown, in both languages and as JSON, from the built-in policies that fit it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::Path;

use duixian::cli::Exit;

#[test]
fn every_sample_is_answered() {
    let mut seen = 0;
    for folder in fs::read_dir("samples").unwrap().map(|entry| entry.unwrap().path()) {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let text = fs::read_to_string(&path).unwrap();
            // A supplement is no applicant.
            if path.extension().is_none_or(|extension| extension != "toml") || text.contains("supplements = ") {
                continue;
            }
            let path = path.display().to_string();
            for format in [&["--lang", "zh"][..], &["--lang", "en"], &["--format", "json"]] {
                let line = [&["calc", path.as_str()][..], format].concat();
                let run = program::run_in(Path::new("."), &line, &mut std::io::empty());
                assert!(run.exit == Exit::Done && !run.output.is_empty(), "{path} {format:?}: {}", run.errors);
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} samples were found");
}
