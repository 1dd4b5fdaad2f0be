//! What holds of any bytes that are given to the program. Each oracle is one way in; `main.rs` tries it on changed samples,
//! and `fuzz/` on whatever reaches code that nothing reached before.
//!
//! None of them may panic, hang or run out of memory; what more holds stands at each.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Write as _};

use duixian::cli::Exit;
use duixian::policy::{self, Policy};
use duixian::source::Source;
use serde_json::Value;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::program::agreement::{as_json, same};
use crate::program::{Outcome, run_in};

const POLICY: &str = include_str!("policy.toml");
const VOCABULARY: &str = include_str!("../../policies/vocabulary.toml");
const APPLICANT: &str = include_str!("applicant.toml");
const CASES: &str = include_str!("cases.toml");
const TEXT: &str = include_str!("text.txt");

/// A way into the program.
pub struct Oracle {
    pub name: &'static str,
    /// Panics where something does not hold.
    pub hold: fn(&Place, &[u8]),
    /// What it is tried on first.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

pub const ORACLES: &[Oracle] = &[
    Oracle {
        name: "policy",
        hold: policy,
        seeds: || vec![POLICY.into(), include_str!("../../policies/linxia/policy.toml").into()],
    },
    Oracle { name: "expression", hold: expression, seeds: expressions },
    Oracle { name: "applicant", hold: applicant, seeds: || vec![APPLICANT.into()] },
    Oracle { name: "shipped", hold: shipped, seeds: samples },
    Oracle { name: "table", hold: table, seeds: || vec![TABLE.into()] },
    Oracle { name: "records", hold: records, seeds: || vec![RECORDS.into()] },
    Oracle { name: "lines", hold: lines, seeds: || vec![LINES.into()] },
    Oracle { name: "sheet", hold: sheet, seeds: || vec![SHEET.into()] },
    Oracle { name: "workbook", hold: workbook, seeds: || vec![book(SHEET.as_bytes())] },
    Oracle { name: "text", hold: text, seeds: || vec![TEXT.into()] },
    Oracle { name: "document", hold: document, seeds: || vec![DOCUMENT.into()] },
    Oracle { name: "results", hold: results, seeds: || vec![claims()] },
    Oracle { name: "result", hold: result, seeds: || vec![calculated()] },
    Oracle { name: "cases", hold: cases, seeds: || vec![CASES.into()] },
    Oracle { name: "messages", hold: messages, seeds: || vec![MESSAGES.into()] },
];

/// A folder that holds the policy and its vocabulary.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("policy.toml", POLICY), ("vocabulary.toml", VOCABULARY), ("applicant.toml", APPLICANT)] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Place(folder)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, data: &[u8]) {
        fs::write(self.path(name), data).unwrap();
    }

    fn run(&self, line: &str) -> Outcome {
        self.run_on(line, &[])
    }

    fn run_on(&self, line: &str, mut input: &[u8]) -> Outcome {
        let outcome = run_in(self.0.path(), &line.split(' ').collect::<Vec<_>>(), &mut input);
        if line == "lsp" {
            // An editor is given its own text back, whatever stands in it.
            return outcome;
        }
        let moves = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\r'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!outcome.output.contains(moves), "{line}: the output moves the cursor");
        assert!(!outcome.errors.contains(moves), "{line}: what is said moves the cursor");
        outcome
    }
}

/// A policy that was laid out anew is laid out already, and says what it said; whatever else is asked of it ends.
fn policy(place: &Place, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let vocabulary = |name: &str| (name == "vocabulary").then(|| Source::new("vocabulary.toml", VOCABULARY));
    let read = |name: &str, text: &str| policy::read(&Source::new(name, text), &vocabulary).0;
    let laid_out = duixian::fmt::format(&Source::new("given.toml", text)).ok();
    if let Some(laid_out) = &laid_out {
        let again = duixian::fmt::format(&Source::new("given.toml", laid_out.as_str()));
        assert_eq!(again.as_ref().ok(), Some(laid_out), "laid out twice, it differs");
    }
    place.put("given.toml", data);
    place.run("check given.toml");
    let Some(given) = read("given.toml", text) else { return };
    if let Some(laid_out) = laid_out {
        let anew = read("anew.toml", &laid_out).expect("a policy that was laid out is one still");
        means_the_same(place, &given, &anew, &laid_out);
    }
    place.run("policies show given.toml");
    place.run("template given.toml");
    place.run("calc applicant.toml --policy given.toml --as-of 2025-06-30");
    place.run("batch applicant.toml --policy given.toml --as-of 2025-06-30");
}

fn means_the_same(place: &Place, given: &Policy, anew: &Policy, laid_out: &str) {
    assert_eq!(given.clauses.len(), anew.clauses.len());
    place.put("anew.toml", laid_out.as_bytes());
    let told = place.run("diff given.toml anew.toml");
    assert_eq!(told.exit, Exit::Done, "what is laid out is another policy: {}{}", told.output, told.errors);
}

/// A clause that pays what an expression comes to: the same in both executions.
fn expression(place: &Place, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let escaped: String = text.chars().map(|sign| format!("\\U{:08X}", u32::from(sign))).collect();
    let clause = format!(
        "\n[[clauses]]\nid = \"5\"\ncite = \"第五条\"\ntitle = {{ zh = \"式\", en = \"Expression\" }}\nfor = \"person\"\namount = \"{escaped}\"\n"
    );
    place.put("given.toml", [POLICY, &clause].concat().as_bytes());
    place.put("applicants.csv", TABLE.as_bytes());
    let whole =
        place.run("batch applicants.csv --policy given.toml --as-of 2025-06-30 --unsettled --to jsonl --jobs 1");
    for line in whole.output.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let id = row["id"].as_str().unwrap();
        let cells = TABLE.lines().find(|line| line.split(',').next() == Some(id)).unwrap();
        place.put("one.toml", as_toml(cells).as_bytes());
        let calc = place.run("calc one.toml --policy given.toml --as-of 2025-06-30 --format json");
        let calc: Value = serde_json::from_str(&calc.output).unwrap();
        same(id, &row, &calc).unwrap();
    }
}

/// A row of [`TABLE`] as an applicant file.
fn as_toml(cells: &str) -> String {
    let mut file = "[applicant]\nkind = \"person\"\n[facts]\n".to_owned();
    let heads = TABLE.lines().next().unwrap().split(',');
    for (head, cell) in heads.zip(cells.split(',')).skip(2) {
        match (head, cell) {
            (_, "") => {}
            ("owner", truth) => file += &format!("owner = {}\n", truth == "是"),
            ("arrived_on", day) => file += &format!("arrived_on = {day}\n"),
            (head, cell) => file += &format!("{head} = {cell:?}\n"),
        }
    }
    file
}

/// `batch` says of an applicant what `calc` says.
fn applicant(place: &Place, data: &[u8]) {
    place.put("given.toml", data);
    place.run("needs given.toml --policy policy.toml");
    place.run("explain given.toml --policy policy.toml --clause 1");
    let calc = place.run("calc given.toml --policy policy.toml --format json --no-record");
    let batch = place.run("batch given.toml --policy policy.toml --unsettled --to jsonl --jobs 1");
    if calc.exit != Exit::Done {
        return;
    }
    let calc: Value = serde_json::from_str(&calc.output).unwrap();
    let Some(row) = batch.output.lines().next() else {
        // Ids of applicants come from the names of files in both; only `batch` asks for tables that JSON can hold.
        panic!("batch takes nothing of what calc takes: {}", batch.errors);
    };
    let row: Value = serde_json::from_str(row).unwrap();
    same(row["id"].as_str().unwrap(), &row, &calc).unwrap();
    let Ok(text) = std::str::from_utf8(data) else { return };
    let line = as_json("given", text);
    let line =
        place.run_on("batch - --from jsonl --policy policy.toml --unsettled --to jsonl --jobs 1", line.as_bytes());
    if let Some(row) = line.output.lines().next() {
        let row: Value = serde_json::from_str(row).unwrap();
        same("given", &row, &calc).unwrap();
    }
}

/// An applicant of a shipped policy: there is a result or there are messages, never both, in every format.
fn shipped(place: &Place, data: &[u8]) {
    for format in ["table --lang en", "json", "csv", "markdown", "html"] {
        let outcome = place.run_on(&format!("calc - --policy qingyuan --format {format}"), data);
        assert_eq!(outcome.exit == Exit::Done, !outcome.output.is_empty());
        assert_eq!(outcome.exit == Exit::Done, outcome.errors.is_empty());
    }
}

fn samples() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/qingyuan");
    let mut found: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    found.sort();
    found.iter().map(|path| fs::read(path).unwrap()).collect()
}

const BATCH: &str = "batch - --policy policy.toml --as-of 2025-06-30 --unsettled --to jsonl --rejects - --jobs 1";

/// What the rows of an input come to, by their ids.
fn worked_out(outcome: &Outcome) -> Vec<Value> {
    outcome.output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Rows are accounted for, and come to what each comes to alone.
fn table(place: &Place, data: &[u8]) {
    let line = format!("{BATCH} --from csv");
    let whole = place.run_on(&line, data);
    let rows = worked_out(&whole);
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let plain = !data.contains(&b'"') && !data.contains(&b'\r') && std::str::from_utf8(data).is_ok();
    if !plain || whole.exit == Exit::Unusable {
        return;
    }
    let blank = |line: &&[u8]| line.iter().all(|byte| b", \t".contains(byte));
    let Some(head) = lines.iter().position(|line| !blank(line)) else { return };
    let visible = |line: &&&[u8]| {
        String::from_utf8_lossy(line).chars().any(|sign| !sign.is_whitespace() && sign != ',' && sign != ';')
    };
    let wanted = lines[head + 1..].iter().filter(visible).count();
    assert!(rows.len() >= wanted, "{wanted} lines, and {} rows are told", rows.len());
    for row in rows.iter().filter(|row| row.get("faults").is_none()).take(4) {
        let id = row["id"].as_str().unwrap();
        let own: Vec<&&[u8]> = lines[head + 1..]
            .iter()
            .filter(|line| line.split(|byte| b",\t;".contains(byte)).any(|cell| cell.trim_ascii() == id.as_bytes()))
            .collect();
        let [own] = own[..] else { continue };
        let alone = [lines[head], *own].join(&b'\n');
        let alone = worked_out(&place.run_on(&line, &alone));
        assert_eq!(alone.first(), Some(row), "the row says another thing alone");
    }
}

/// A list's records: their applicants are worked out, or refused with what is wrong.
fn records(place: &Place, data: &[u8]) {
    place.put("hires.csv", data);
    let outcome = place.run_on(&format!("{BATCH} --from csv --list hires=hires.csv"), TABLE.as_bytes());
    if outcome.exit != Exit::Unusable {
        let ids: BTreeSet<String> = worked_out(&outcome).iter().map(|row| row["id"].to_string()).collect();
        assert!(ids.len() >= TABLE.lines().count() - 1, "only these are told: {ids:?}");
    }
}

/// Every line comes to what it comes to alone.
fn lines(place: &Place, data: &[u8]) {
    let line = format!("{BATCH} --from jsonl");
    let whole = place.run_on(&line, data);
    if whole.exit == Exit::Unusable || std::str::from_utf8(data).is_err() {
        return;
    }
    let rows = worked_out(&whole);
    let given: Vec<&[u8]> =
        data.split(|byte| *byte == b'\n').filter(|line| line.iter().any(|byte| !b" \t\r".contains(byte))).collect();
    assert!(
        rows.len() >= given.iter().filter(|line| !line.is_empty()).count(),
        "{} lines, and {} rows",
        given.len(),
        rows.len()
    );
    for given in given.iter().take(4) {
        let alone = worked_out(&place.run_on(&line, given));
        for row in alone.iter().filter(|row| row.get("faults").is_none()) {
            let told =
                rows.iter().any(|other| other == row || other.get("faults").is_some() && other["id"] == row["id"]);
            assert!(told, "the line says another thing alone");
        }
    }
}

/// A workbook whose first sheet is this XML.
fn sheet(place: &Place, data: &[u8]) {
    workbook(place, &book(data));
}

/// Rows of a workbook are worked out or refused.
fn workbook(place: &Place, data: &[u8]) {
    place.put("given.xlsx", data);
    let outcome = place.run("batch given.xlsx --policy policy.toml --as-of 2025-06-30 --to jsonl --rejects - --jobs 1");
    worked_out(&outcome);
    place.run("columns given.xlsx --policy policy.toml");
}

fn book(sheet: &[u8]) -> Vec<u8> {
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in
        PARTS.iter().map(|(name, part)| (*name, part.as_bytes())).chain([("xl/worksheets/sheet1.xml", sheet)])
    {
        written.start_file(name, SimpleFileOptions::default()).unwrap();
        written.write_all(part).unwrap();
    }
    written.finish().unwrap().into_inner()
}

/// A skeleton is drawn up of it, which is a policy file that is laid out; it audits against its own text.
fn text(place: &Place, data: &[u8]) {
    place.put("given.txt", data);
    place.run("audit policy.toml given.txt");
    let drafted = place.run("draft given.txt");
    if drafted.exit == Exit::Done {
        let source = Source::new("drafted.toml", drafted.output.as_str());
        let laid_out = duixian::fmt::format(&source).unwrap_or_else(|_| panic!("what is drafted is no policy file"));
        assert_eq!(laid_out, drafted.output, "what is drafted is not laid out");
        place.put("drafted.toml", drafted.output.as_bytes());
        place.run("audit drafted.toml given.txt");
    }
}

/// The same of a Word document with this text.
fn document(place: &Place, data: &[u8]) {
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    written.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    written.write_all(data).unwrap();
    place.put("given.docx", &written.finish().unwrap().into_inner());
    place.run("draft given.docx");
    place.put("given.html", data);
    place.run("draft given.html");
}

/// Results are settled, or refused.
fn results(place: &Place, data: &[u8]) {
    place.put("given.jsonl", data);
    place.run("settle given.jsonl --policy policy.toml --to jsonl");
    place.run("settle given.jsonl --policy policy.toml --wide");
}

/// A result is held to what it says, or refused.
fn result(place: &Place, data: &[u8]) {
    place.put("given.json", data);
    place.run("verify given.json");
}

/// Cases pass, fail or are refused.
fn cases(place: &Place, data: &[u8]) {
    fs::create_dir_all(place.path("cases")).unwrap();
    place.put("cases/given.toml", data);
    place.run("test .");
}

/// A client's messages, a line each: the server answers and ends.
fn messages(place: &Place, data: &[u8]) {
    let mut input = Vec::new();
    for line in data.split(|byte| *byte == b'\n').take(50) {
        input.extend_from_slice(format!("Content-Length: {}\r\n\r\n", line.len()).as_bytes());
        input.extend_from_slice(line);
    }
    place.run_on("lsp", &input);
}

fn expressions() -> Vec<Vec<u8>> {
    let clause_amounts = [
        "min(rent × 40%, 2000元/月) × 12个月",
        "if degree >= master and not owner then 2万元 else max(asked - 1万元, 0元)",
        "floor(months(arrived_on, as_of), 12个月) × 1000元/月",
        "sum(pay of hires where degree == doctor and hired_on >= 2024-05-01) × 1个月",
        "count(highest 2 of hires by pay, lowest hired_on) × 1万元/人",
        "round(asked ÷ 3, 100元) + 500元 × min(3, 4)",
        "asked × if starts_with(code, \"C\") then 1.5% else 3‰",
        "any(hires where pay > 9000元/月) and all(hires where degree != none)",
    ];
    clause_amounts.map(|text| text.as_bytes().to_vec()).to_vec()
}

/// What `batch` makes of [`TABLE`] to be settled.
fn claims() -> Vec<u8> {
    Place::new().run_on(&format!("{BATCH} --from csv"), TABLE.as_bytes()).output.into_bytes()
}

fn calculated() -> Vec<u8> {
    Place::new().run("calc applicant.toml --policy policy.toml --format json").output.into_bytes()
}

const TABLE: &str = "\
编号,kind,degree,rent,asked,owner,code,arrived_on
p1,person,master,3000元/月,20万元,否,C39,2024-09-15
p2,person,doctor,,90万元,是,C1,2024-01-05
p3,person,none,1元/月,0元,否,I65,2025-06-30
p4,person,,2999.99元/月,123456.78元,,,
";

const RECORDS: &str = "\
编号,person,degree,hired_on,pay,times
p1,陈一,bachelor,2024-02-01,6000元/月,
p1,李二,doctor,2024-05-20,9000元/月,
p2,,,,,3
p4,王三,master,,,
";

const LINES: &str = r#"{"id": "p1", "kind": "person", "degree": "master", "rent": "3000元/月", "asked": "20万元", "owner": false, "code": "C39", "arrived_on": "2024-09-15"}
{"id": "p2", "kind": "person", "hires": [{"person": "陈一", "degree": "doctor", "hired_on": "2024-02-01", "pay": "6000元/月"}, {"times": 3}]}
{"id": "p3", "kind": "person", "asked": {"at_least": "1万元", "at_most": "2万元"}, "degree": {"one_of": ["bachelor", "doctor"]}, "paid": [{"clause": "1", "amount": "100元", "on": "2025-01-02"}]}
{"id": "p4", "kind": "person", "owner": null, "hires": [], "as_of": "2025-01-01"}
"#;

const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="B1" t="inlineStr"><is><t>kind</t></is></c><c r="C1" t="inlineStr"><is><t>asked</t></is></c><c r="D1" t="inlineStr"><is><t>arrived_on</t></is></c></row><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>person</t></is></c><c r="C2" t="str"><v>20万元</v></c><c r="D2" s="1"><v>45550</v></c></row></sheetData></worksheet>"#;

const PARTS: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="申请人" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><t>p1</t></si></sst>"#,
    ),
    (
        "xl/styles.xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    ),
];

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>示例办法</w:t></w:r></w:p><w:p><w:r><w:t>第一条 每月补贴2000元，最长24个月。</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>硕士</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>5万元</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"#;

const MESSAGES: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}
{"jsonrpc":"2.0","method":"initialized","params":{}}
{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///given/policy.toml","languageId":"toml","version":1,"text":"[policy]\nid = \"small\"\n\n[[clauses]]\nid = \"1\"\namount = \"rent × 12个月\"\n"}}}
{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///given/policy.toml"},"position":{"line":5,"character":12}}}
{"jsonrpc":"2.0","id":3,"method":"textDocument/completion","params":{"textDocument":{"uri":"file:///given/policy.toml"},"position":{"line":5,"character":12}}}
{"jsonrpc":"2.0","id":4,"method":"shutdown"}
{"jsonrpc":"2.0","method":"exit"}
"#;
