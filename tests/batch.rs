//! `duixian batch` on what a page cannot hold: encodings, workbooks, lines without end, and the same results as `calc`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::{self, Read, Write as _};
use std::path::Path;

use duixian::cli::Exit;
use program::agreement::{as_json, same};
use program::{Outcome, demo, run_in};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::Value;

/// Beside the rent.
const FACTS: &str = r#"
[facts.rank]
type  = "degree"
label = { zh = "学位", en = "Degree" }

[facts.share]
type  = "quantity"
label = { zh = "比例", en = "Share" }

[facts.arrived_on]
type  = "date"
label = { zh = "到区日期", en = "Arrived on" }

[facts.has_home]
type  = "bool"
label = { zh = "已有住房", en = "Has a home" }
"#;

const KEYS: &str = r#"
requires = [{ test = "rank >= master and not has_home and arrived_on >= 2024-01-01", zh = "符合", en = "it holds" }]
amount   = "rent * share * 12个月"
"#;

fn folder() -> tempfile::TempDir {
    demo::folder(&demo::policy_with(FACTS, KEYS))
}

/// Runs `batch` with the policy, results one row an applicant.
fn batch(folder: &Path, arguments: &[&str], input: &mut dyn Read) -> Outcome {
    let line = [&["batch", "--policy", "policy.toml", "--wide", "--lang", "en"], arguments].concat();
    run_in(folder, &line, input)
}

/// The id, the status and what is awarded at least, of each row.
fn statuses(run: &Outcome) -> Vec<String> {
    let row = |line: &str| line.split(',').take(4).collect::<Vec<_>>().join(" ");
    run.output.lines().skip(1).map(row).collect()
}

const TABLE: &str = "编号,姓名,kind,学位,月租金,比例,到区日期,已有住房\n\
                     1,沈未央,person,博士,800元/月,0.1,2024/3/1,否\n\
                     2,罗一帆,person,硕士,900元/月,0.5,2024-03-01,否\n";
// 800 × 0.1 × 12 = 960; 900 × 0.5 × 12 = 5,400.
const AWARDED: [&str; 2] = ["1 沈未央 eligible 960.00", "2 罗一帆 eligible 5400.00"];

#[test]
fn every_encoding_of_office_programs_gives_the_same() {
    let folder = folder();
    let utf_16: Vec<u8> = "\u{feff}".encode_utf16().chain(TABLE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let encodings = [
        TABLE.as_bytes().to_vec(),
        ["\u{feff}", TABLE].concat().into_bytes(),
        encoding_rs::GB18030.encode(TABLE).0.into_owned(),
        TABLE.replace('\n', "\r\n").into_bytes(),
        utf_16,
    ];
    for (which, bytes) in encodings.into_iter().enumerate() {
        fs::write(folder.path().join("people.csv"), &bytes).unwrap();
        let run = batch(folder.path(), &["people.csv"], &mut io::empty());
        assert_eq!(statuses(&run), AWARDED, "{which}: {}", run.errors);
        assert_eq!(run.exit, Exit::Done);
        // Byte by byte through a pipe.
        let run = batch(folder.path(), &["-"], &mut Slow(&bytes));
        assert_eq!(statuses(&run), AWARDED, "{which} through a pipe: {}", run.errors);
    }
}

/// Gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(1);
        self.0.read(&mut into[..most])
    }
}

#[test]
fn the_last_day_of_payment_is_that_of_the_clause() {
    let keys = "event = \"2024-06-01\"\neffective = { to = 2024-12-31 }\namount = \"rent * 12个月\"\n";
    let until = "payable_until = \"window.to\"\nuses      =";
    let folder = demo::folder(&demo::policy_with("", keys).replace("uses      =", until));
    let row = "id,name,kind,rent\n1,a,person,800元/月\n";
    let on = |day: &str| statuses(&batch(folder.path(), &["-", "--as-of", day], &mut row.as_bytes()));
    // The policy is in force until 2026; the clause pays until its own last day.
    assert_eq!(on("2024-12-31"), ["1 a eligible 9600.00"]);
    assert_eq!(on("2025-06-30"), ["1 a not_eligible 0.00"]);
}

#[test]
fn a_limit_that_may_not_apply_leaves_what_it_would_leave() {
    let limited = |at_most: &str| {
        let when = "when = \"arrived_on >= 2024-01-01\", zh = \"限额\", en = \"limit\"";
        let keys = format!("amount = \"rent * 12个月\"\nlimits = [{{ at_most = \"{at_most}\", {when} }}]\n");
        let folder = demo::folder(&demo::policy_with(FACTS, &keys));
        let row = r#"{"id": "1", "name": "a", "kind": "person", "rent": "800元/月"}"#;
        statuses(&batch(folder.path(), &["-", "--from", "jsonl"], &mut row.as_bytes()))
    };
    // Nobody said when they arrived. 600 of 800 × 12 = 9,600 at least; the first of two places is theirs in any case.
    assert_eq!(limited("600元"), ["1 a undetermined 600.00"]);
    assert_eq!(limited("2"), ["1 a eligible 9600.00"]);
}

#[test]
fn gb18030_is_found_out_far_behind_ascii_heads() {
    let folder = folder();
    let mut bytes = b"id,name,kind,rank,rent,share,arrived_on,has_home\n".to_vec();
    for id in 0..5000 {
        bytes.extend_from_slice(
            format!("{id},a,person,bachelor,800/x,0.1,2024-03-01,false\n").replace("/x", "").as_bytes(),
        );
    }
    let row = "9999,沈未央，女,person,博士,800元/月,0.1,2024-03-01,否\n";
    bytes.extend_from_slice(&encoding_rs::GB18030.encode(row).0);
    let run = batch(folder.path(), &["-"], &mut bytes.as_slice());
    assert_eq!(statuses(&run).last().unwrap(), "9999 沈未央，女 eligible 960.00", "{}", run.errors);
    assert!(run.errors.contains("5001 rows read: 1 assessed, 5000 rejected"), "{}", run.errors);
}

#[test]
fn a_row_in_another_encoding_is_refused_alone() {
    let folder = folder();
    let broken = "3,沈未央,person,博士,800元/月,0.1,2024-03-01,否\n";
    let mut utf_8 = TABLE.as_bytes().to_vec();
    utf_8.extend_from_slice(&encoding_rs::GB18030.encode(broken).0);
    utf_8.extend_from_slice("4,罗,person,硕士,900元/月,0.5,2024-03-01,否\n".as_bytes());
    let run = batch(folder.path(), &["-"], &mut utf_8.as_slice());
    assert_eq!(statuses(&run), [AWARDED[0], AWARDED[1], "4 罗 eligible 5400.00"]);
    assert!(run.errors.starts_with("-:4: some of its bytes are no text"), "{}", run.errors);
    assert_eq!(run.exit, Exit::Open);

    let mut other = encoding_rs::GB18030.encode(TABLE).0.into_owned();
    other.extend_from_slice(b"3,\xFF\xFF,person,master,900,0.5,2024-03-01,no\n");
    let run = batch(folder.path(), &["-"], &mut other.as_slice());
    assert_eq!(statuses(&run), AWARDED);
    assert!(run.errors.starts_with("-:4: some of its bytes are no text"), "{}", run.errors);
}

#[test]
fn what_is_no_text_is_said_at_once() {
    let folder = folder();
    let files: [(&[u8], &str); 6] = [
        (b"id,name\0\0\0", "bad.csv: this is no text file (it has NUL bytes)"),
        (b"PK\x03\x04rest of it", "bad.csv: this is an XLSX or ZIP file, no CSV"),
        (b"\xD0\xCF\x11\xE0rest of it", "bad.csv: this is an old Excel file (.xls)"),
        (b"\x1F\x8B\x08 and so on", "bad.csv: this is a gzip file"),
        (b"%PDF-1.7 and so on", "bad.csv: this is a PDF file"),
        (b"\xFF\xFE\xFD,\x80\x81,\xFF\xFF\n", "bad.csv:1: "),
    ];
    for (bytes, words) in files {
        fs::write(folder.path().join("bad.csv"), bytes).unwrap();
        let run = batch(folder.path(), &["bad.csv"], &mut io::empty());
        assert!(run.errors.starts_with(&format!("error: {words}")), "{words}: {}", run.errors);
        assert_eq!((run.exit, run.output.as_str()), (Exit::Unusable, ""));
    }
    fs::write(folder.path().join("bad.xlsx"), b"PK\x03\x04rest of it").unwrap();
    let run = batch(folder.path(), &["bad.xlsx"], &mut io::empty());
    assert!(run.errors.starts_with("error: bad.xlsx: this is no XLSX file that can be read"), "{}", run.errors);
    assert_eq!(run.exit, Exit::Unusable);
}

const HEADS: [&str; 8] = ["编号", "姓名", "kind", "学位", "月租金", "比例", "到区日期", "已有住房"];

/// A workbook whose rows are written by `write`.
#[test]
fn what_is_wrong_with_a_million_heads_is_told_in_a_few_lines() {
    let folder = demo::folder(&demo::policy());
    fs::write(folder.path().join("wide.csv"), format!("id,kind,rent{}\n", ",".repeat(1_000_000))).unwrap();
    let run = batch(folder.path(), &["wide.csv"], &mut io::empty());
    assert_eq!(run.exit, Exit::Unusable);
    assert_eq!(run.errors.lines().count(), 21, "{}", run.errors);
    assert!(run.errors.ends_with("error: wide.csv:1: 999980 more columns cannot be used\n"), "{}", run.errors);
}

fn workbook(path: &Path, write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, head) in (0..).zip(HEADS) {
        sheet.write_string(0, place, head).unwrap();
    }
    write(sheet);
    book.save(path).unwrap();
}

/// Takes away the results “no result” of formulas, as programs leave them out that do not calculate.
fn without_results(path: &Path) {
    let mut old = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut new = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for place in 0..old.len() {
        let mut text = String::new();
        let mut entry = old.by_index(place).unwrap();
        entry.read_to_string(&mut text).unwrap();
        new.start_file(entry.name().unwrap().to_string(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(text.replace("<v>no result</v>", "").as_bytes()).unwrap();
    }
    fs::write(path, new.finish().unwrap().into_inner()).unwrap();
}

/// Cells of a row that comes to 960, but for the date.
fn fill(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, id: &str) {
    for (place, text) in (0..).zip([id, "沈未央", "person", " 博士 ", "800元/月"]) {
        sheet.write_string(row, place, text).unwrap();
    }
    sheet.write_number(row, 5, 0.1).unwrap();
    sheet.write_string(row, 6, "2024-03-01").unwrap();
    sheet.write_boolean(row, 7, false).unwrap();
}

#[test]
fn a_workbook_means_what_it_shows() {
    let folder = folder();
    workbook(&folder.path().join("people.xlsx"), |sheet| {
        let as_a_date = Format::new().set_num_format("yyyy/m/d");
        for row in 1..=9 {
            fill(sheet, row, &row.to_string());
        }
        let day = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
        // A date by its format, and one as the bare number of days: 1 March 2024 is 45,352.
        sheet.write_datetime_with_format(1, 6, &day, &as_a_date).unwrap();
        sheet.write_number(2, 6, 45_352).unwrap();
        // 0.1 + 0.2 is 0.3, as the spreadsheet shows it: 800 × 0.3 × 12 = 2,880.
        sheet.write_formula(3, 5, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
        sheet.write_formula(4, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(5, 5, Formula::new("=A1").set_result("no result")).unwrap();
        // A year is no date, and a time of day is none either.
        sheet.write_number(6, 6, 2024).unwrap();
        sheet
            .write_datetime_with_format(7, 6, ExcelDateTime::parse_from_str("2024-03-01T12:00:00").unwrap(), &as_a_date)
            .unwrap();
        sheet.merge_range(8, 1, 9, 1, "两人", &Format::new()).unwrap();
        // An id of 18 digits has lost its last ones; it looks like a number of identity, which no message shows whole.
        fill(sheet, 11, "x");
        sheet.write_number(11, 0, 440_102_199_001_011_234_f64).unwrap();
        fill(sheet, 12, "12");
        sheet.write_string(12, 9, "stray").unwrap();
        fill(sheet, 13, "13");
        sheet.write_number(13, 0, 13).unwrap();
    });
    without_results(&folder.path().join("people.xlsx"));
    let run = batch(folder.path(), &["people.xlsx"], &mut io::empty());
    let row = |id: &str, awarded: &str| format!("{id} 沈未央 eligible {awarded}");
    assert_eq!(statuses(&run), [row("1", "960.00"), row("2", "960.00"), row("3", "2880.00"), row("13", "960.00")]);
    let said = [
        "people.xlsx Sheet1!F5: column “比例”: “#DIV/0!”: the cell holds an error value",
        "people.xlsx Sheet1!F6: column “比例”: this formula has no saved result",
        "people.xlsx Sheet1!G7: column “到区日期”: “2024”: this number is no date",
        "people.xlsx Sheet1!G8: column “到区日期”: “45352.5”: this date has a time of day",
        "people.xlsx Sheet1!B9: merged cells B9:B10",
        "people.xlsx Sheet1!B10: merged cells B9:B10",
        "people.xlsx Sheet1!A12: column “编号”: “4401**********1260”: this number has more than the 15 digits",
        "people.xlsx Sheet1!J13: “stray”: column 10 has no head",
        "12 rows read: 4 assessed, 8 rejected",
    ];
    for (line, words) in run.errors.lines().zip(said) {
        assert!(line.starts_with(words), "{words}\n{line}");
    }
    assert_eq!(run.exit, Exit::Open);
}

#[test]
fn a_workbook_with_a_title_over_its_heads_is_refused() {
    let folder = folder();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 3, "2025年申请人名册", &Format::new()).unwrap();
    sheet.write_string(1, 0, "编号").unwrap();
    book.save(folder.path().join("title.xlsx")).unwrap();
    let run = batch(folder.path(), &["title.xlsx"], &mut io::empty());
    assert!(
        run.errors.starts_with("error: title.xlsx Sheet1!A1: the first row, of the heads, has merged cells A1:D1"),
        "{}",
        run.errors
    );
    assert_eq!(run.exit, Exit::Unusable);
}

#[test]
fn results_in_a_workbook_are_numbers_and_never_formulas() {
    use calamine::{Data, Reader};
    let folder = folder();
    let table = TABLE.replace("罗一帆", "=1+1");
    fs::write(folder.path().join("people.csv"), table).unwrap();
    let line = ["people.csv", "--to", "xlsx", "-o", "out.xlsx"];
    let run = batch(folder.path(), &line, &mut io::empty());
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let first = fs::read(folder.path().join("out.xlsx")).unwrap();
    batch(folder.path(), &line, &mut io::empty());
    assert_eq!(first, fs::read(folder.path().join("out.xlsx")).unwrap(), "the same bytes on every run");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("out.xlsx")).unwrap();
    // The last one is hidden: the record of the run.
    assert_eq!(book.sheet_names(), ["Assessment", "Totals", "About", "record"]);
    let results = book.worksheet_range("Assessment").unwrap();
    assert_eq!(results.get_value((1, 3)), Some(&Data::String("Awarded".to_owned())));
    assert_eq!(results.get_value((2, 3)), Some(&Data::Float(960.0)));
    assert_eq!(results.get_value((3, 1)), Some(&Data::String("=1+1".to_owned())));
    assert!(book.worksheet_formula("Assessment").unwrap().is_empty());
    let totals = book.worksheet_range("Totals").unwrap();
    // 960 + 5,400
    assert_eq!(totals.get_value((0, 8)), Some(&Data::Float(6360.0)));
    // The row below two sums, four counts, a blank, a title and the heads.
    assert_eq!(totals.get_value((9, 8)), Some(&Data::Float(6360.0)));
    assert_eq!(totals.get_value((9, 4)), Some(&Data::Float(2.0)));
}

#[test]
fn one_name_with_two_applicants_stands_in_the_workbook_with_both_places() {
    use calamine::Reader;
    let hires = "[facts.hires]\ntype = \"list\"\nlabel = { zh = \"新聘\", en = \"Hires\" }\nlabel_by = \"person\"\nunique_by = \"person\"\n\
                 identity = \"id_number\"\nfields.person = { type = \"text\", label = { zh = \"姓名\", en = \"Name\" } }\n\
                 fields.id_number = { type = \"text\", label = { zh = \"证件号码\", en = \"Number\" } }\n";
    let folder = demo::folder(&demo::policy_with(hires, "amount = \"1000元 * count(hires)\"\n"));
    let rows = "{\"id\": \"a\", \"kind\": \"person\", \"hires\": [{\"person\": \"陈一\"}]}\n\
                {\"id\": \"b\", \"kind\": \"person\", \"hires\": [{\"person\": \"陈一\", \"id_number\": \"2\"}]}\n";
    fs::write(folder.path().join("people.jsonl"), rows).unwrap();
    let run = batch(folder.path(), &["people.jsonl", "--to", "xlsx", "-o", "out.xlsx"], &mut io::empty());
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("out.xlsx")).unwrap();
    let totals = book.worksheet_range("Totals").unwrap();
    let cells: Vec<String> = totals.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    let place = cells.iter().position(|cell| cell == "To be looked at").unwrap();
    assert!(cells[place + 1].starts_with("1 name stands in the lists of two applicants"), "{cells:?}");
    assert_eq!(cells[place + 2], "陈一 people.jsonl:1 = people.jsonl:2");
}

#[test]
fn the_order_and_the_bytes_do_not_depend_on_the_jobs() {
    let folder = folder();
    let mut table = TABLE.lines().next().unwrap().to_owned() + "\n";
    for id in 0..20_000 {
        let word = ["博士", "硕士", "学士", "", "none", "bad"][id % 6];
        table.push_str(&format!("{id},n{id},person,{word},{}元/月,0.{},2024-03-01,否\n", id % 1000, id % 7));
    }
    fs::write(folder.path().join("people.csv"), table).unwrap();
    for shape in [&["--to", "csv"][..], &["--to", "jsonl"]] {
        let of = |jobs: &str| {
            let line = [&["people.csv", "--jobs", jobs, "--rejects", "rejects.csv"], shape].concat();
            let run = batch(folder.path(), &line, &mut io::empty());
            (run.output, run.errors, fs::read_to_string(folder.path().join("rejects.csv")).unwrap())
        };
        let one = of("1");
        assert!(one.1.starts_with("20000 rows read: 16667 assessed, 3333 rejected"), "{}", one.1);
        assert!(one == of("2") && one == of("5"), "{shape:?}");
    }
}

#[test]
fn batch_says_what_calc_says_of_every_sample() {
    let mut seen = 0;
    for folder in fs::read_dir("samples").unwrap().map(|entry| entry.unwrap().path()) {
        let (applicants, lines) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mut expected, mut json_lines) = (Vec::new(), String::new());
        let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            if path.extension().is_none_or(|ending| ending != "toml") || text.contains("supplements = ") {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap();
            let id = name.strip_suffix(".toml").unwrap();
            fs::write(applicants.path().join(name), &text).unwrap();
            json_lines.push_str(&as_json(id, &text));
            json_lines.push('\n');
            let path = path.to_str().unwrap();
            let calc = run_in(Path::new("."), &["calc", path, "--format", "json"], &mut io::empty());
            let calc: Value = serde_json::from_str(&calc.output).unwrap_or_else(|error| panic!("{path}: {error}"));
            expected.push((id.to_owned(), calc));
            seen += 1;
        }
        fs::write(lines.path().join("all.jsonl"), &json_lines).unwrap();
        let all = lines.path().join("all.jsonl");
        for input in [applicants.path(), all.as_path()] {
            // One applicant does not show what limits over all of them leave.
            let line = ["batch", input.to_str().unwrap(), "--unsettled", "--to", "jsonl"];
            let run = run_in(Path::new("."), &line, &mut io::empty());
            assert_eq!(run.exit, Exit::Done, "{}: {}", input.display(), run.errors);
            let results: Vec<Value> = run.output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(results.len(), expected.len(), "{}", run.errors);
            for (result, (id, calc)) in results.iter().zip(&expected) {
                same(id, result, calc).unwrap_or_else(|what| panic!("{what}"));
            }
        }
    }
    assert!(seen > 40, "only {seen} samples were found");
}

/// Ids are compared by what they are, and come out as they came in; what cannot be seen in one is refused with its place.
#[test]
fn ids_are_compared_by_what_can_be_seen() {
    let folder = folder();
    let table = |ids: &[&str]| {
        let row = |id: &&str| format!("{id},沈未央,person,博士,800元/月,０．１,２０２４年３月１日,否\n");
        format!("{}{}", &TABLE[..TABLE.find('\n').unwrap() + 1], ids.iter().map(row).collect::<String>())
    };
    // 800 × 0.1 × 12 = 960, from figures and a day in full-width forms.
    fs::write(folder.path().join("a.csv"), table(&["甲１", "\u{3000}乙2\u{a0}", "甲1", "乙２", "丙"])).unwrap();
    let run = batch(folder.path(), &["a.csv"], &mut io::empty());
    let ids: Vec<&str> = run.output.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, ["甲１", "乙2", "丙"], "{}{}", run.output, run.errors);
    assert!(run.output.lines().skip(1).all(|line| line.contains(",960.00,")), "{}", run.output);
    for told in ["a.csv:4", "a.csv:5"] {
        assert!(run.errors.contains(told), "{}", run.errors);
    }
    // Joiners, marks and turns of direction, in ids, in words and in heads; a selector of a variant is part of its 汉字.
    for hidden in
        ['\u{200b}', '\u{200d}', '\u{feff}', '\u{202e}', '\u{2060}', '\u{2068}', '\u{ad}', '\u{7f}', '\u{e0041}']
    {
        let code = format!("U+{:04X}", u32::from(hidden));
        let plain = table(&["甲", "乙"]);
        for (from, to) in
            [("\n甲,", format!("\n{hidden}甲,")), ("博士", format!("博{hidden}士")), ("学位", format!("学位{hidden}"))]
        {
            fs::write(folder.path().join("a.csv"), plain.replacen(from, &to, 1)).unwrap();
            let run = batch(folder.path(), &["a.csv"], &mut io::empty());
            assert!(run.errors.contains(&code) && run.errors.contains("a.csv:"), "{to:?}: {}", run.errors);
        }
        let lines =
            format!("{{\"id\": \"甲{hidden}1\", \"kind\": \"person\"}}\n{{\"id\": \"甲1\", \"kind\": \"person\"}}\n");
        fs::write(folder.path().join("a.jsonl"), lines).unwrap();
        let run = batch(folder.path(), &["a.jsonl"], &mut io::empty());
        assert!(run.errors.contains(&code) && run.errors.contains("a.jsonl:1"), "{}", run.errors);
        assert_eq!(run.output.lines().count(), 2, "{}", run.output);
    }
    fs::write(folder.path().join("a.csv"), table(&["葛\u{e0100}"])).unwrap();
    let run = batch(folder.path(), &["a.csv"], &mut io::empty());
    assert_eq!(
        run.output.lines().nth(1).and_then(|line| line.split(',').next()),
        Some("葛\u{e0100}"),
        "{}",
        run.errors
    );
}

/// As LibreOffice opens and saves it, and as it prints it: on A4 upon its side.
#[test]
fn an_office_program_opens_and_prints_the_results() {
    use calamine::{Reader, Xlsx, open_workbook};
    if std::process::Command::new("soffice").arg("--version").output().is_err() {
        // Past the capture of tests' output.
        writeln!(io::stderr(), "SKIPPED: there is no soffice on this machine").unwrap();
        return;
    }
    let folder = folder();
    fs::write(folder.path().join("people.csv"), TABLE).unwrap();
    run_in(
        folder.path(),
        &["batch", "people.csv", "--policy", "policy.toml", "--to", "xlsx", "-o", "out.xlsx"],
        &mut io::empty(),
    );
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    for form in ["xlsx:Calc MS Excel 2007 XML", "pdf"] {
        let line = [profile.as_str(), "--headless", "--convert-to", form, "--outdir", "saved", "out.xlsx"];
        std::process::Command::new("soffice").args(line).current_dir(folder.path()).output().unwrap();
    }
    let read = |name: &str| -> Vec<calamine::Range<calamine::Data>> {
        let mut book: Xlsx<_> = open_workbook(folder.path().join(name)).unwrap();
        book.sheet_names().iter().map(|sheet| book.worksheet_range(sheet).unwrap()).collect()
    };
    let (own, saved) = (read("out.xlsx"), read("saved/out.xlsx"));
    // With the hidden sheet of the record.
    assert_eq!(own.len(), 5);
    for (own, saved) in own.iter().zip(&saved) {
        for (row, column, cell) in own.used_cells() {
            let saved = saved.get_value((u32::try_from(row).unwrap(), u32::try_from(column).unwrap()));
            assert_eq!(saved.map(ToString::to_string), Some(cell.to_string()), "{row} {column}");
        }
    }
    let pdf = String::from_utf8_lossy(&fs::read(folder.path().join("saved/out.pdf")).unwrap()).into_owned();
    // 297 × 210 mm are 842 × 595 points.
    assert!(pdf.contains("/MediaBox [0 0 841.") || pdf.contains("/MediaBox[0 0 841."), "{:.400}", pdf);
}
