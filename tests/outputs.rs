//! What becomes of output: a device that takes nothing is noticed by every verb, a reader that has gone away is none of
//! anybody's business, and nothing is written over what is read.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may fail")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const POLICY: &str = r#"
[policy]
id        = "grant"
title     = { zh = "示范", en = "Example" }
issuer    = { zh = "示范", en = "Example" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }

[applicants.person]
label = { zh = "个人", en = "Person" }

[facts.price]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "价款", en = "Price" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "补贴", en = "Grant" }
for    = "person"
amount = "price"
"#;
const CASES: &str = r#"
[[cases]]
name      = "所付即所得"
applicant = { kind = "person" }
as_of     = 2025-01-01
facts     = { price = "100元" }
expect    = { "1" = { awarded = "100元" } }
"#;

/// A folder with a small policy, an applicant, and a table; it goes with the test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let folder = std::env::temp_dir().join(format!("duixian-outputs-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("cases")).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("policy.toml", POLICY);
        write("cases/all.toml", CASES);
        write("one.toml", "[applicant]\nkind = \"person\"\nas_of = 2025-01-01\n[facts]\nprice = \"100元\"\n");
        write("table.csv", "id,kind,as_of,price\np1,person,2025-01-01,100元\n");
        write("paid.csv", "id,clause,amount\np1,1,10元\n");
        write("text.txt", "示范\n第一条 按价款给予补贴。\n");
        let place = Place(folder);
        let result = place.run("calc one.toml --policy policy.toml --format json", Stdio::piped());
        fs::write(place.0.join("result.json"), result.stdout).unwrap();
        place
    }

    fn run(&self, line: &str, output: Stdio) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.current_dir(&self.0).args(line.split_whitespace()).env("LANG", "en_GB.UTF-8").env_remove("LC_ALL");
        command.stdin(Stdio::null()).stdout(output).stderr(Stdio::piped()).output().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Every verb that writes to standard output, in a form in which it does.
const LINES: &[&str] = &[
    "--help",
    "--version",
    "ask one.toml --policy policy.toml",
    "audit policy.toml text.txt",
    "batch table.csv --policy policy.toml",
    "batch table.csv --policy policy.toml --wide",
    "batch table.csv --policy policy.toml --to jsonl",
    "book policy.toml -o book",
    "calc one.toml --policy policy.toml",
    "calc one.toml --policy policy.toml --format json",
    "calc one.toml --policy policy.toml --format html",
    "calc one.toml --policy policy.toml --format csv",
    "calc one.toml --policy policy.toml --format markdown",
    "check policy.toml",
    "columns table.csv --policy policy.toml",
    "completions bash",
    "diff policy.toml policy.toml",
    "draft text.txt",
    "explain one.toml 1 --policy policy.toml",
    "explain-code too-deep",
    "lsp --help",
    "man",
    "needs one.toml --policy policy.toml",
    "policies",
    "policies show qingyuan 19",
    "policies show policy.toml --format html",
    "schema policy",
    "settle results.jsonl --policy policy.toml",
    "template policy.toml",
    "test policy.toml",
    "test policy.toml --coverage",
    "verify result.json",
];

#[test]
fn a_device_that_takes_nothing_is_noticed_by_every_verb() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        eprintln!("SKIPPED: there is no /dev/full here");
        return;
    }
    let place = Place::new("full");
    let written = place.run("batch table.csv --policy policy.toml --to jsonl -o results.jsonl", Stdio::null());
    assert!(written.status.success());
    for line in LINES {
        let whole = place.run(line, Stdio::piped());
        let status = whole.status.code();
        assert!(!whole.stdout.is_empty(), "{line} writes nothing: {}", String::from_utf8_lossy(&whole.stderr));
        assert_ne!(status, Some(2), "{line}: {}", String::from_utf8_lossy(&whole.stderr));
        let full = place.run(line, File::options().write(true).open(full).unwrap().into());
        let said = String::from_utf8_lossy(&full.stderr);
        assert_eq!(full.status.code(), Some(2), "{line}: {said}");
        let about: Vec<&str> = said.lines().filter(|line| line.contains("the disk is full")).collect();
        assert_eq!(about.len(), 1, "{line}: {said}");
    }
    // Every verb is there: whoever adds one adds its line.
    let help = String::from_utf8(place.run("--help", Stdio::piped()).stdout).unwrap();
    let verbs = help.lines().skip_while(|line| !line.starts_with("Commands")).skip(1);
    let verbs = verbs.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let verbs = verbs.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_whitespace().next());
    for verb in verbs.filter(|verb| !["help", "fmt"].contains(verb)) {
        assert!(LINES.iter().any(|line| line.split(' ').next() == Some(verb)), "no line for {verb}");
    }
    // A file that is only laid out when asked writes to standard output where that differs.
    let full = place.run("fmt --check policy.toml", File::options().write(true).open(full).unwrap().into());
    assert!(matches!(full.status.code(), Some(0 | 2)));
}

#[test]
fn a_reader_that_has_gone_away_is_not_complained_of() {
    let place = Place::new("gone");
    for line in LINES.iter().filter(|line| !line.starts_with("settle")) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let gone = place.run(line, writer.into());
        let said = String::from_utf8_lossy(&gone.stderr);
        assert!(!said.contains("cannot be written"), "{line}: {said}");
    }
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let place = Place::new("over");
    let folder = &place.0;
    fs::hard_link(folder.join("table.csv"), folder.join("hard.csv")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("table.csv", folder.join("soft.csv")).unwrap();
    let written = place.run("batch table.csv --policy policy.toml --to jsonl -o results.jsonl", Stdio::null());
    assert!(written.status.success());
    let batch = "batch table.csv --policy policy.toml --list paid=paid.csv";
    let lines = [
        format!("{batch} -o table.csv"),
        format!("{batch} -o ./cases/../table.csv"),
        format!("{batch} -o hard.csv"),
        format!("{batch} -o soft.csv"),
        format!("{batch} -o paid.csv"),
        format!("{batch} -o policy.toml"),
        format!("{batch} --rejects table.csv"),
        format!("{batch} --payments table.csv"),
        format!("{batch} --payments paid.csv"),
        format!("{batch} -o new-open.csv --payments new.csv"),
        format!("{batch} --rejects policy.toml"),
        format!("{batch} -o new.csv --rejects new.csv"),
        format!("{batch} -o new.csv --rejects ./new.csv"),
        "batch . --policy policy.toml -o one.toml".to_owned(),
        "settle results.jsonl --policy policy.toml --to jsonl -o results.jsonl".to_owned(),
        "settle results.jsonl --policy policy.toml -o policy.toml".to_owned(),
        "test policy.toml --junit policy.toml".to_owned(),
        "test policy.toml --junit cases/all.toml".to_owned(),
    ];
    let names = ["table.csv", "paid.csv", "policy.toml", "one.toml", "results.jsonl", "cases/all.toml"];
    let before: Vec<String> = names.iter().map(|name| place.read(name)).collect();
    for line in &lines {
        let ran = place.run(line, Stdio::piped());
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{line}: {said}");
        assert!(
            said.contains("nothing was read or written") || said.contains("Nothing was read or written"),
            "{line}: {said}"
        );
        assert!(ran.stdout.is_empty(), "{line}");
        for (name, before) in names.iter().zip(&before) {
            assert_eq!(place.read(name), *before, "{line}: {name}");
        }
        assert!(!folder.join("new.csv").exists(), "{line}");
    }
    // A device is written to and stays one; a link stays a link.
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let ran = place.run("batch table.csv --policy policy.toml -o /dev/null", Stdio::piped());
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let ran = place.run("batch table.csv --policy policy.toml -o /dev/stdout", Stdio::piped());
        assert!(String::from_utf8_lossy(&ran.stdout).contains("p1"), "{}", String::from_utf8_lossy(&ran.stderr));
        std::os::unix::fs::symlink("target.csv", folder.join("link.csv")).unwrap();
        fs::write(folder.join("target.csv"), "old").unwrap();
        let ran = place.run("batch table.csv --policy policy.toml -o link.csv", Stdio::piped());
        assert!(ran.status.success());
        assert!(fs::symlink_metadata(folder.join("link.csv")).unwrap().file_type().is_symlink());
        assert!(place.read("target.csv").contains("p1"));
    }
}
