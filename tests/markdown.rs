//! The examples of every page: `README.md`, `README.zh.md`, `docs/*.md`, and `tests/cases/<room>/<file>.md` for
//! `src/<room>/<file>.rs`.
//!
//! A block with the info string `toml applicant.toml` writes that file into the page's own folder; `toml +applicant.toml` adds
//! to it, after a blank line. A `console` block holds
//! `$ ` command lines, each followed by its complete output (standard output, then standard error) and, where it is not 0,
//! `exit status: N`. `duixian …` runs in the page's folder, may take its standard input from a file with `< file`, and
//! may be told with `CI=1 ` before it that nobody watches;
//! `cargo run --release -- …` runs in the repository, and `cat FILE` shows what a command has written.
//!
//! `BLESS=1 cargo test --test markdown` rewrites what differs and names each file it changed; then read `git diff`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;

/// A fenced block of a page.
struct Block {
    /// The line of its first fence, from 1.
    line: usize,
    /// What stands behind the fence.
    info: String,
    /// The places of its lines among the page's.
    body: std::ops::Range<usize>,
}

/// The pages of a folder and of those in it.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

fn blocks(page: &Path, lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    for (place, line) in lines.iter().enumerate() {
        let fence = line.get(..line.len() - line.trim_start_matches('`').len()).unwrap_or("");
        match open {
            Some((first, start)) if *line == first => {
                let info = lines[start].trim_start_matches('`').trim().to_owned();
                blocks.push(Block { line: start + 1, info, body: start + 1..place });
                open = None;
            }
            None if fence.len() >= 3 => open = Some((fence, place)),
            _ => {}
        }
    }
    assert!(open.is_none(), "{}:{}: this block has no end", page.display(), open.map_or(0, |(_, start)| start + 1));
    blocks
}

/// The words of a command line; single quotes hold one together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quoted, mut begun) = (String::new(), false, false);
    for character in line.chars() {
        match character {
            '\'' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => {
                begun = true;
                word.push(other);
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// The complete output of a command line as a page shows it.
fn output(command: &str, folder: &Path, place: &str) -> String {
    if let Some(file) = command.strip_prefix("cat ") {
        let none = |_| format!("cat: {file}: no such file\nexit status: 1\n");
        return fs::read_to_string(folder.join(file)).unwrap_or_else(none);
    }
    let (ci, command) = command.strip_prefix("CI=1 ").map_or((false, command), |command| (true, command));
    let (folder, line) = match command.strip_prefix("cargo run --release -- ") {
        Some(line) => (Path::new(env!("CARGO_MANIFEST_DIR")), line),
        None => (folder, command.strip_prefix("duixian ").unwrap_or_else(|| panic!("{place}: cannot run `{command}`"))),
    };
    let (line, input) = match line.split_once(" < ") {
        Some((line, file)) => (line, fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{place}: {error}"))),
        None => (line, Vec::new()),
    };
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = program::run_where(folder, &words, &mut input.as_slice(), ci);
    let mut text = outcome.output + &outcome.errors;
    if outcome.exit != Exit::Done {
        text.push_str(&format!("exit status: {}\n", outcome.exit as u8));
    }
    text
}

/// What stands and what came, from the first line that differs to the last, with a little around them.
fn difference(stands: &[&str], came: &[&str], from_line: usize) -> String {
    const AROUND: usize = 2;
    let same = |(a, b): &(&&str, &&str)| a == b;
    let before = stands.iter().zip(came).take_while(same).count();
    let after = stands[before..].iter().rev().zip(came[before..].iter().rev()).take_while(same).count();
    let mut text = String::new();
    let mut rows = |mark: &str, lines: &[&str]| {
        lines.iter().for_each(|line| text.push_str(&format!("    {mark} {line}\n")));
    };
    rows(" ", &stands[before.saturating_sub(AROUND)..before]);
    rows("-", &stands[before..stands.len() - after]);
    rows("+", &came[before..came.len() - after]);
    let tail = &came[came.len() - after..];
    rows(" ", &tail[..tail.len().min(AROUND)]);
    format!("  from line {} (- stands in the page, + came out):\n{text}", from_line + before)
}

/// Runs a page: its text with every output as it came, and what differs.
fn run_page(page: &Path, text: &str) -> (String, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("duixian-{}", std::process::id()));
    let folder = folder.join(page.display().to_string().replace(['/', '\\'], "-"));
    fs::create_dir_all(&folder).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut blessed, mut copied, mut faults) = (Vec::<String>::new(), 0, Vec::new());
    for block in blocks(page, &lines) {
        let place = format!("{}:{}", page.display(), block.line);
        let body = &lines[block.body.clone()];
        if let Some((_, name)) = block.info.split_once(' ') {
            assert!(!name.contains(".."), "{place}: a page writes into its own folder only");
            let text: String = body.iter().map(|line| format!("{line}\n")).collect();
            let (name, before) = match name.strip_prefix('+') {
                Some(name) => (name, fs::read_to_string(folder.join(name)).unwrap() + "\n"),
                None => (name, String::new()),
            };
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, before + &text).unwrap();
        } else if block.info == "console" {
            blessed.extend(lines[copied..block.body.start].iter().map(|line| (*line).to_owned()));
            copied = block.body.end;
            let commands: Vec<usize> = (0..body.len()).filter(|at| body[*at].starts_with("$ ")).collect();
            assert_eq!(commands.first(), Some(&0), "{place}: a console block begins with a `$ ` line");
            for (which, &at) in commands.iter().enumerate() {
                let stands = &body[at + 1..commands.get(which + 1).copied().unwrap_or(body.len())];
                let came = output(&body[at][2..], &folder, &place);
                let came: Vec<&str> = came.lines().collect();
                if stands != came {
                    let shown = difference(stands, &came, block.body.start + at + 2);
                    faults.push(format!("{place}: {}\n{shown}", body[at]));
                }
                blessed.push(body[at].to_owned());
                blessed.extend(came.iter().map(|line| (*line).to_owned()));
            }
        }
    }
    blessed.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
    fs::remove_dir_all(&folder).unwrap();
    (blessed.iter().map(|line| format!("{line}\n")).collect(), faults)
}

#[test]
fn every_example_gives_what_its_page_shows() {
    let bless = std::env::var_os("BLESS").is_some_and(|value| !value.is_empty());
    assert!(
        !bless || std::env::var_os("CI").is_none(),
        "BLESS rewrites what is expected; it is refused where CI is set"
    );
    let mut pages = vec![PathBuf::from("README.md"), PathBuf::from("README.zh.md")];
    walk(Path::new("docs"), &mut pages);
    walk(Path::new("tests/cases"), &mut pages);
    let mut all = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let (blessed, faults) = run_page(&page, &text);
        if bless && !faults.is_empty() {
            fs::write(&page, blessed).unwrap();
            // Past the capture of tests' output: whoever blesses shall see what changed.
            writeln!(std::io::stderr(), "blessed {}", page.display()).unwrap();
        } else {
            all.extend(faults);
        }
    }
    assert!(all.is_empty(), "\n{}\nif this is right: BLESS=1 cargo test --test markdown", all.join("\n"));
}

#[test]
fn every_page_of_cases_mirrors_a_source_file() {
    let mut pages = Vec::new();
    walk(Path::new("tests/cases"), &mut pages);
    let lost = |page: &&PathBuf| {
        let source = Path::new("src").join(page.strip_prefix("tests/cases").unwrap());
        !source.with_extension("rs").is_file() && !source.with_extension("").is_dir()
    };
    let lost: Vec<&PathBuf> = pages.iter().filter(lost).collect();
    assert!(lost.is_empty(), "no source file of the same name: {lost:?}");
}
