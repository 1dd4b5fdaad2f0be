//! Nothing that cannot be seen passes through: whatever stands in the free texts of a policy, a vocabulary, a case or an
//! applicant, no verb writes a control character, a turn of direction or a character without width, in any format.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::Read as _;
use std::path::Path;

/// In TOML and JSON: a colour, a turn of direction, no width, the end of a line that is none, a bell, DEL, and 0x9b.
const POISON: &str = "\\u001b[31m红\\u202e\\u200b\\u2028\\u0007\\u007f\\u009b";
/// The same as it stands in a table.
const RAW: &str = "\u{1b}[31m红\u{202e}\u{200b}\u{2028}\u{7}\u{7f}\u{9b}";

/// A policy whose every free text is poisoned.
fn policy() -> String {
    let text = format!("{{ zh = \"甲{POISON}乙\", en = \"a{POISON}b\" }}");
    let inline = format!("zh = \"甲{POISON}乙\", en = \"a{POISON}b\"");
    format!(
        r#"
[policy]
id        = "poison"
title     = {text}
issuer    = {text}
office    = {text}
status    = "draft"
effective = {{ from = 2024-01-01, to = 2026-12-31 }}
notes     = [{text}]
uses      = ["words"]

[applicants.person]
label = {text}

[units."件"]
en     = {{ one = "piece", many = "pieces" }}
counts = true

[readings.first]
question = {text}
because  = {text}
default  = "wide"
options  = {{ wide = {text}, narrow = {text} }}

[parameters.rate]
type      = "quantity"
unit      = "元"
stands_in = "某文件{POISON}"
label     = {text}

[facts.price]
type  = "quantity"
unit  = "元"
min   = 0
label = {text}
ask   = {text}

[facts.town]
type  = "text"
label = {text}
ask   = {text}

[facts.rank]
type  = "rank"
label = {text}

[facts.things]
type      = "list"
unit      = "件"
label_by  = "name"
label     = {text}
fields.name  = {{ type = "text", label = {text} }}
fields.worth = {{ type = "quantity", unit = "元", label = {text} }}

[[clauses]]
id       = "1"
cite     = "第一条"
title    = {text}
summary  = {text}
office   = {text}
for      = "person"
requires = [{{ test = "price >= 10元", {inline} }}, {{ test = "reading.first == wide", {inline} }}]
let.half = {{ is = "price / 2", {inline} }}
amount   = "half"
at_most  = "1000元"
notes    = [{text}]

[[clauses]]
id     = "2"
cite   = "第二条"
title  = {text}
for    = "person"
each   = "things as thing"
amount = "thing.worth"
limits = [{{ at_most = "100元", {inline} }}]

[[clauses]]
id     = "3"
cite   = "第三条"
title  = {text}
for    = "person"
amount = "if rank == high then rate else 10元"

[[clauses]]
id    = "4"
cite  = "第四条"
title = {text}
for   = "person"
kind  = "principle"
not_computed = []
"#
    )
}

const CASES: &str = r#"
[[cases]]
name      = "甲POISON"
applicant = { kind = "person", name = "人POISON" }
as_of     = 2025-01-01
facts     = { price = "100元", town = "镇", things = [{ name = "物", worth = "10元" }] }
expect    = { "1" = { awarded = "51元", why = "因POISON" } }
"#;

/// What goes into a file: its text, or the texts inside a workbook.
fn texts(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(b"PK") {
        return String::from_utf8(bytes).unwrap();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for place in 0..archive.len() {
        archive.by_index(place).unwrap().read_to_string(&mut all).unwrap();
    }
    // Office programs write what XML cannot hold as `_x001B_`.
    assert!(!all.contains("_x00"), "an escaped control character in {}", path.display());
    all
}

fn hidden(text: &str) -> Option<char> {
    let hides = |character: char| {
        character.is_control() && !matches!(character, '\n' | '\r' | '\t')
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.trim_start_matches('\u{feff}').chars().find(|character| hides(*character))
}

#[test]
fn no_verb_passes_on_what_cannot_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("policy.toml", &policy());
    write(
        "words.toml",
        &format!(
            "[enums.rank]\nlabel = {{ zh = \"级{POISON}\", en = \"r{POISON}\" }}\nwords = {{ low = {{ zh = \"低{POISON}\", en = \"l{POISON}\" }}, high = {{ zh = \"高{POISON}\", en = \"h{POISON}\" }} }}\n"
        ),
    );
    write("cases/all.toml", &CASES.replace("POISON", POISON));
    write(
        "one.toml",
        &format!(
            "[applicant]\nname = \"人{POISON}\"\nkind = \"person\"\nas_of = 2025-01-01\n[facts]\nprice = \"100元\"\nrank = \"high\"\ntown = \"镇\"\n[[facts.things]]\nname = \"物\"\nworth = \"80元\"\n[[facts.things]]\nname = \"件\"\nworth = \"80元\"\n[[paid]]\nclause = \"1\"\namount = \"10元\"\nnote = \"记{POISON}\"\n"
        ),
    );
    write(
        "wrong.toml",
        &format!("[applicant]\nkind = \"人{POISON}\"\n[facts]\nprice = \"{POISON}\"\n\"x{POISON}\" = 1\n"),
    );
    write(
        "table.csv",
        &format!(
            "id,name,kind,as_of,price,town\np1,人{RAW},person,2025-01-01,100元,镇\np2,乙,person,2025-01-01,{RAW},镇\n"
        ),
    );
    write(
        "table.jsonl",
        &format!(
            "{{\"id\":\"p1\",\"applicant\":{{\"name\":\"人{POISON}\",\"kind\":\"person\",\"as_of\":\"2025-01-01\"}},\"facts\":{{\"price\":\"100元\",\"town\":\"镇\",\"things\":[{{\"name\":\"物\",\"worth\":\"80元\"}}]}}}}\n{{\"id\":\"p2\",\"applicant\":{{\"kind\":\"{POISON}\"}},\"facts\":{{\"{POISON}\":1}}}}\n"
        ),
    );
    write("text.txt", &format!("示范{RAW}\n第一条 按价款{RAW}给予5元补贴。\n"));
    write("answers.txt", "1\n\n2025-01-01\n?\nabc\n");
    let lines = [
        "calc one.toml --policy policy.toml --all",
        "calc one.toml --policy policy.toml --all --format json",
        "calc one.toml --policy policy.toml --all --format csv",
        "calc one.toml --policy policy.toml --all --format markdown",
        "calc one.toml --policy policy.toml --all --format html",
        "calc one.toml --policy policy.toml",
        "calc wrong.toml --policy policy.toml",
        "ask new.toml --policy policy.toml < answers.txt",
        "needs one.toml --policy policy.toml",
        "needs one.toml --policy policy.toml --format json",
        "explain one.toml 1 --policy policy.toml",
        "explain one.toml 2 --policy policy.toml --format json",
        "batch table.csv --policy policy.toml",
        "batch table.csv --policy policy.toml --wide",
        "batch table.csv --policy policy.toml --to jsonl",
        "batch table.jsonl --policy policy.toml",
        "batch table.jsonl --policy policy.toml --to jsonl -o results.jsonl --rejects rejects.jsonl",
        "batch table.csv --policy policy.toml --to xlsx -o results.xlsx",
        "batch . --policy policy.toml",
        "settle results.jsonl --policy policy.toml",
        "columns table.csv --policy policy.toml",
        "check policy.toml",
        "check policy.toml --format json",
        "audit policy.toml text.txt",
        "diff policy.toml policy.toml",
        "policies show policy.toml",
        "policies show policy.toml --cases",
        "policies show policy.toml --format html",
        "template policy.toml",
        "template policy.toml --csv --labels",
        "template policy.toml --xlsx -o form.xlsx",
        "test policy.toml",
        "test policy.toml --coverage",
        "test policy.toml --junit junit.xml",
        "schema applicant --policy policy.toml",
    ];
    let first = program::run_in(folder, &["calc", "one.toml", "--policy", "policy.toml"], &mut std::io::empty());
    assert!(first.output.contains("核定"), "{}", first.errors);
    let (mut seen, mut faults) = (0, Vec::new());
    for line in lines {
        for lang in ["zh", "en"] {
            let (line, input) = line.split_once(" < ").map_or((line, None), |(line, input)| (line, Some(input)));
            let mut words: Vec<&str> = line.split(' ').collect();
            words.extend(["--lang", lang]);
            let input = input.map_or(Vec::new(), |name| fs::read(folder.join(name)).unwrap());
            let ran = program::run_in(folder, &words, &mut &*input);
            if ran.errors.contains("Usage") || ran.errors.contains("用法") {
                faults.push(format!("{line}: {}", ran.errors));
            }
            for text in [&ran.output, &ran.errors] {
                seen += text.matches('\u{fffd}').count();
                if let Some(line) = text.lines().find(|line| hidden(line).is_some()) {
                    faults.push(format!("{} --lang {lang}: {}", words.join(" "), line.escape_debug()));
                }
            }
            for file in ["results.jsonl", "rejects.jsonl", "results.xlsx", "form.xlsx", "junit.xml"] {
                let path = folder.join(file);
                if path.exists() && words.contains(&file) {
                    let found = hidden(&texts(&path));
                    faults.extend(found.map(|found| format!("{line} --lang {lang}: {file}: {}", found.escape_debug())));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(seen > 100, "what cannot be seen is made visible, and not left out");
}
