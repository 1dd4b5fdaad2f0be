//! Input too large, too deep or too long to write down in a page: each gives a located message in words and exit status 2,
//! in bounded time, and never a panic.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use duixian::cli::Exit;
use program::run_in;

/// Far more than any of these takes, on a slow machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(30);

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("duixian-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs in either language; the exit status is 2, nothing is on standard output, and the messages have all of `wanted`.
fn refused(what: &str, arguments: &[&str], folder: &Path, input: &dyn Fn() -> Box<dyn Read>, wanted: [&[&str]; 2]) {
    for (lang, wanted) in ["en", "zh"].into_iter().zip(wanted) {
        let begun = Instant::now();
        let outcome = run_in(folder, &[&["calc", "--lang", lang], arguments].concat(), &mut input());
        let taken = begun.elapsed();
        let start: String = outcome.errors.chars().take(2000).collect();
        assert_eq!(outcome.exit, Exit::Unusable, "{what}, {lang}: {start}{}", outcome.output);
        assert!(outcome.output.is_empty(), "{what}, {lang}: a refused file has no result");
        for part in wanted {
            assert!(outcome.errors.contains(part), "{what}, {lang}: no {part:?} in\n{start}");
        }
        assert!(outcome.errors.len() < 200_000, "{what}, {lang}: {} bytes of messages", outcome.errors.len());
        assert!(outcome.errors.chars().all(|c| c == '\n' || !c.is_control()), "{what}, {lang}: control characters");
        assert!(taken < LONGEST, "{what}, {lang}: took {taken:?}");
    }
}

fn applicant(what: &str, text: &str, wanted: [&[&str]; 2]) {
    let text = text.to_owned();
    let input = move || -> Box<dyn Read> { Box::new(io::Cursor::new(text.clone().into_bytes())) };
    refused(what, &["-", "--policy", "qingyuan"], Path::new(""), &input, wanted);
}

/// A policy of one clause with this amount.
fn policy(what: &str, amount: &str, wanted: [&[&str]; 2]) {
    let folder = Folder::new(&format!("policy-{}", what.replace(' ', "-")));
    let head = r#"
        [policy]
        id     = "demo"
        title  = { zh = "示范政策", en = "Demonstration" }
        issuer = { zh = "示范区管委会", en = "Demonstration zone" }
        status = "in_force"
        [applicants.person]
        label = { zh = "个人", en = "Person" }
        [[clauses]]
        id    = "1"
        cite  = "第一条"
        title = { zh = "津贴", en = "Allowance" }
        for   = "person"
    "#;
    fs::write(folder.0.join("policy.toml"), format!("{head}\namount = {amount}\n")).unwrap();
    let input = || -> Box<dyn Read> { Box::new(io::Cursor::new("[applicant]\nkind = \"person\"\n")) };
    refused(what, &["-", "--policy", "policy.toml"], &folder.0, &input, wanted);
}

const ANY: [&[&str]; 2] = [&["error"], &["错误"]];

#[test]
fn a_file_of_100_megabytes() {
    let folder = Folder::new("large");
    fs::File::create(folder.0.join("large.toml")).unwrap().set_len(100 * 1024 * 1024).unwrap();
    let nothing = || -> Box<dyn Read> { Box::new(io::empty()) };
    let wanted: [&[&str]; 2] = [&["large.toml: the file is larger than 4 MiB"], &["large.toml：文件超过 4 MiB"]];
    refused("applicant", &["large.toml"], &folder.0, &nothing, wanted);
    refused("policy", &["x.toml", "--policy", "large.toml"], &folder.0, &nothing, wanted);
    let endless = || -> Box<dyn Read> { Box::new(io::repeat(b'#')) };
    refused("endless input", &["-"], &folder.0, &endless, [&["-: the file is larger"], &["-：文件超过"]]);
}

#[test]
fn text_that_is_not_utf_8() {
    let folder = Folder::new("latin");
    let text = b"[applicant]\nname = \"M\xfcller\"\nkind = \"person\"\n";
    fs::write(folder.0.join("latin.toml"), text).unwrap();
    let nothing = || -> Box<dyn Read> { Box::new(io::empty()) };
    let wanted: [&[&str]; 2] = [&["latin.toml:2: this is not UTF-8"], &["latin.toml:2：不是 UTF-8"]];
    refused("applicant", &["latin.toml"], &folder.0, &nothing, wanted);
    // 中文 as GBK, which Windows editors write.
    let gbk = || -> Box<dyn Read> { Box::new(io::Cursor::new(b"# \xd6\xd0\xce\xc4\n")) };
    refused("input", &["-"], &folder.0, &gbk, [&["-:1: this is not UTF-8"], &["-:1：不是 UTF-8"]]);
}

#[test]
fn brackets_10_000_deep() {
    let deep: [&[&str]; 2] = [&["error[bad-toml]", "-:4:", "nested too deeply"], &["错误[bad-toml]", "嵌套过深"]];
    for (what, open, close) in [("arrays", "[", "]"), ("tables", "{ a = ", " }")] {
        let value = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        applicant(what, &format!("[applicant]\nkind = \"person\"\n[facts]\nhires = {value}\n"), deep);
        applicant(what, &format!("[applicant]\nkind = \"person\"\n[facts]\nhires = {}\n", open.repeat(10_000)), ANY);
    }
    let key = vec!["a"; 10_000].join(".");
    applicant("a dotted key", &format!("[applicant]\nkind = \"person\"\n[facts]\n{key} = 1\n"), ANY);
    applicant("a dotted section", &format!("[applicant]\nkind = \"person\"\n[{key}]\n"), ANY);
}

#[test]
fn expressions_10_000_deep_or_long() {
    let deep: [&[&str]; 2] = [&["error[too-deep]", "policy.toml:15:"], &["错误[too-deep]", "policy.toml:15:"]];
    let n = 5_000;
    for (what, text) in [
        ("brackets", format!("{}1元{}", "(".repeat(n), ")".repeat(n))),
        ("open brackets", "(".repeat(n)),
        ("minus", format!("{}1元", "-".repeat(n))),
        ("not", format!("{}true", "not ".repeat(3_000))),
        ("calls", format!("{}1元{}", "max(".repeat(n / 2), ", 1元)".repeat(n / 2))),
        ("if", "if true then 1元 else ".repeat(500) + "1元"),
        ("lookups", format!("a{}", "[a".repeat(n))),
        ("nested lookups", format!("{}a", "a[".repeat(n))),
        ("a long sum", "1 + ".repeat(3_000) + "1"),
        ("a very long sum", "1元 + ".repeat(200_000) + "1元"),
    ] {
        policy(what, &format!("\"{text}\""), deep);
    }
}

#[test]
fn numbers_of_40_digits() {
    let digits = "9".repeat(40);
    let wanted: [&[&str]; 2] = [&["-:4:", "not a number that can be used", "28"], &["-:4:", "数字无法识别", "28"]];
    for value in [format!("\"{digits}元\""), digits.clone(), format!("\"0.{digits}元\""), format!("\"{digits}万元\"")]
    {
        let text = format!("[applicant]\nkind = \"enterprise\"\n[[facts.fund_grants]]\namount = {value}\n");
        applicant(&value, &text, wanted);
    }
    let text = format!("[applicant]\nkind = \"enterprise\"\n[[facts.student_batches]]\nstudents = {digits}\n");
    applicant("a count", &text, wanted);
    let times = format!("[applicant]\nkind = \"enterprise\"\n[[facts.hires]]\ntimes = {digits}\n");
    applicant("times", &times, [&["-:4:", "a whole number from 1"], &["-:4:", "1 至 1000000"]]);
    policy(
        "digits",
        &format!("\"{digits}元\""),
        [&["bad-number", "policy.toml:15:"], &["bad-number", "policy.toml:15:"]],
    );
    policy("product", &format!("\"{0}元 × {0}人\"", "9".repeat(20)), ANY);
}

#[test]
fn more_faults_than_anyone_will_read() {
    let more: [&[&str]; 2] = [&["more errors are not listed"], &["未逐一列出"]];
    let keys: String = (0..20_000).map(|n| format!("unknown_fact_{n} = 1\n")).collect();
    applicant("keys", &format!("[applicant]\nkind = \"person\"\n[facts]\n{keys}"), more);
    let records = "{ x = 1 }, ".repeat(20_000);
    applicant("records in a line", &format!("[applicant]\nkind = \"person\"\n[facts]\nhires = [{records}]\n"), more);
    let lines = "garbage\n".repeat(20_000);
    applicant("lines", &lines, ANY);
    let name = "名".repeat(500_000);
    applicant("a long name", &format!("[applicant]\nkind = \"{name}\"\n"), ANY);
    applicant("a long key", &format!("[applicant]\nkind = \"person\"\n[facts]\n{} = 1\n", "k".repeat(500_000)), ANY);
}

#[test]
fn as_many_records_as_may_be() {
    let records = "{ times = 1000000 }, ".repeat(100_001);
    let text = format!("[applicant]\nkind = \"enterprise\"\n[facts]\nhires = [{records}]\n");
    applicant("records", &text, [&["error[too-many-records]", "100000"], &["错误[too-many-records]", "100000"]]);
}

/// The nearest vocabulary is taken: beside the file, then beside the folder of a `policy.toml`. One that lies above any other file by
/// chance is nobody's.
#[test]
fn the_nearest_vocabulary_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let words = |kind: &str| {
        format!(
            "[vocabulary]\nid = \"words\"\ntitle = {{ zh = \"词汇\", en = \"Words\" }}\n\n[applicants.{kind}]\nlabel = {{ zh = \"申请人\", en = \"{kind}\" }}\n"
        )
    };
    let policy = "[policy]\nid = \"demo\"\ntitle = { zh = \"办法\", en = \"Demo\" }\nissuer = { zh = \"示例区\", en = \"Demo zone\" }\nstatus = \"in_force\"\neffective = { from = 2024-01-01, to = 2026-12-31 }\nuses = [\"words\"]\n\n[[clauses]]\nid = \"1\"\ncite = \"第一条\"\ntitle = { zh = \"补助\", en = \"Grant\" }\nfor = \"KIND\"\namount = \"100元\"\n";
    let template = |file: &str| run_in(folder.path(), &["template", file, "--lang", "en"], &mut io::empty());
    // Above: `far`; beside the one file: `near`.
    write("words.toml", &words("far"));
    write("demo/policy.toml", &policy.replace("KIND", "far"));
    write("demo/other.toml", &policy.replace("KIND", "far"));
    assert_eq!(template("demo/policy.toml").exit, Exit::Done);
    let refused = template("demo/other.toml");
    assert!(refused.errors.contains("unknown-vocabulary"), "{}", refused.errors);
    write("demo/words.toml", &words("near"));
    for file in ["demo/policy.toml", "demo/other.toml"] {
        write(file, &policy.replace("KIND", "near"));
        let run = template(file);
        assert_eq!(run.exit, Exit::Done, "{file}: {}", run.errors);
    }
}
