//! Workbooks as input: what is hidden in them is told, and none of them takes more memory than is said.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use duixian::cli::Exit;
use program::{Outcome, demo, run_in};
use rust_xlsxwriter::{Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn batch(folder: &Path, more: &[&str]) -> Outcome {
    let line = [&["batch"], more, &["--policy", "policy.toml", "--as-of", "2025-06-30", "--lang", "en"]].concat();
    run_in(folder, &line, &mut io::empty())
}

#[test]
fn hidden_rows_columns_and_sheets_are_told() {
    let folder = demo::folder(&demo::policy());
    let mut book = Workbook::new();
    book.add_worksheet().set_name("old").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_name("people").unwrap();
    for (place, head) in (0..).zip(["id", "kind", "rent", "remark"]) {
        sheet.write_string(0, place, head).unwrap();
    }
    for row in 1..=9 {
        for (place, cell) in (0..).zip([format!("r{row}"), "person".to_owned(), "800元/月".to_owned(), "x".to_owned()])
        {
            sheet.write_string(row, place, cell).unwrap();
        }
    }
    // Lines 3, 5 to 7; line 20 has nothing in it; one has no height.
    for row in [2, 4, 5, 19] {
        sheet.set_row_hidden(row).unwrap();
    }
    sheet.set_row_height(6, 0).unwrap();
    sheet.set_column_hidden(2).unwrap();
    sheet.set_column_hidden(3).unwrap();
    sheet.set_active(true);
    book.add_worksheet().set_name("more").unwrap();
    book.save(folder.path().join("people.xlsx")).unwrap();
    let run = batch(folder.path(), &["people.xlsx", "--ignore-columns"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let notes: Vec<&str> = run.errors.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [
            "note: people.xlsx: 4 rows of the sheet “people” are hidden, or filtered out, and were read all the same: 3, 5–7; delete what is not to be read",
            "note: people.xlsx: the sheet “people” has hidden columns, which were read all the same: rent",
            "note: people.xlsx: only the first sheet that is shown, “people”, was read; not read: “more”",
        ]
    );
    // Nine rows of 800元/月 × 12个月 = 9,600, whether they are shown or not.
    assert!(run.errors.contains("9 rows read: 9 assessed, 0 rejected"), "{}", run.errors);
    assert!(run.errors.contains("awarded 86,400 yuan"), "{}", run.errors);
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook of one sheet with these rows and this table of texts, put together by hand. `formats`: those of its styles, by the
/// numbers that every office program knows: 0 is none, 9 is `0%`.
fn by_hand(path: &Path, rows: &str, texts: &str, behind: &str, formats: [u8; 2]) {
    let mut archive = ZipWriter::new(File::create(path).unwrap());
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/>"#)
    };
    let relations =
        |all: &[String]| format!(r#"{HEAD}<Relationships xmlns="{PACKAGE}">{}</Relationships>"#, all.concat());
    let parts = [
        ("_rels/.rels", relations(&[relation("rId1", "officeDocument", "xl/workbook.xml")])),
        (
            "xl/workbook.xml",
            format!(
                r#"{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[
                relation("rId1", "worksheet", "worksheets/sheet1.xml"),
                relation("rId2", "sharedStrings", "sharedStrings.xml"),
                relation("rId3", "styles", "styles.xml"),
            ]),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs>{}</cellXfs></styleSheet>"#,
                formats.map(|format| format!(r#"<xf numFmtId="{format}"/>"#)).concat()
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>"#),
        ),
        ("xl/sharedStrings.xml", format!(r#"{HEAD}<sst xmlns="{MAIN}">{texts}</sst>"#)),
    ];
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}

/// The most memory that this process has had, in bytes; none where the system does not tell.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

fn text(text: &str) -> String {
    format!("<si><t>{text}</t></si>")
}

/// `<c r="A1" t="s"><v>0</v></c>`: a cell with a text of the table.
fn cell(column: char, row: usize, of: usize) -> String {
    format!(r#"<c r="{column}{row}" t="s"><v>{of}</v></c>"#)
}

#[test]
fn a_small_file_takes_no_large_memory() {
    let folder = demo::folder(&demo::policy());
    let heads: String = [text("id"), text("kind"), text("rent"), text("person")].concat();
    let row_of_heads = format!("<row r=\"1\">{}{}{}</row>", cell('A', 1, 0), cell('B', 1, 1), cell('C', 1, 2));
    let row = |row: usize, of: usize| format!("<row r=\"{row}\">{}{}</row>", cell('A', row, of), cell('B', row, 3));
    let run = |rows: &str, texts: &str, behind: &str| {
        by_hand(
            &folder.path().join("b.xlsx"),
            &(row_of_heads.clone() + rows),
            &(heads.clone() + texts),
            behind,
            [0, 9],
        );
        assert!(fs::metadata(folder.path().join("b.xlsx")).unwrap().len() < 2 << 20);
        let run = batch(folder.path(), &["b.xlsx"]);
        assert_ne!(run.exit, Exit::Done);
        assert!(run.errors.len() < 40_000, "{}", run.errors.len());
        run.errors
    };
    // A text of nearly a megabyte in five thousand cells: each row is refused, with nothing of it held.
    let many: String = (2..5002).map(|place| row(place, 4)).collect();
    let errors = run(&many, &text(&"x".repeat(1_000_000)), "");
    assert!(errors.contains("b.xlsx s!A2: column “id”: the cell has more than the 32,767 characters"), "{errors}");
    // Of one that fits into a cell the rows are held until there are too many.
    let many: String = (2..12_002).map(|place| row(place, 4)).collect();
    let errors = run(&many, &text(&"x".repeat(32_767)), "");
    assert!(errors.contains("up to here the workbook has more than 256 MiB"), "{errors}");
    // Texts that no cell has: in the table, in a cell, in parts, in a comment, in a tag.
    let long = "x".repeat(3 << 20);
    let pieces = format!("<is>{}</is>", "<r><t>xxxxxxxxxxxxxxxxxxxxxxxxx</t></r>".repeat(60_000));
    let in_cell = |what: &str| format!("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\">{what}</c></row>");
    for (rows, texts) in [
        (String::new(), text(&long)),
        (in_cell(&format!("<is><t>{long}</t></is>")), String::new()),
        (in_cell(&pieces), String::new()),
        (format!("<!-- {} -->", "<>".repeat(1 << 20)), String::new()),
        (format!("<row r=\"2\" spans=\"{long}\"/>"), String::new()),
    ] {
        let errors = run(&rows, &texts, "");
        assert!(errors.contains("the workbook has a text of more than 1 MiB"), "{errors}");
    }
    // A shared formula of a number that would make a table of gigabytes; a row of cells without end; cells merged over and over.
    let formula = "<row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"4000000000\" ref=\"A2:A3\">1</f><v>1</v></c></row>";
    let endless = format!("<row r=\"2\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(20_000));
    let merged = format!("<mergeCells>{}</mergeCells>", "<mergeCell ref=\"A2:C9\"/>".repeat(2000));
    let merged_row = row(2, 3);
    for (rows, behind) in [(formula, ""), (&endless, ""), (&merged_row, &merged)] {
        let errors = run(rows, "", behind);
        assert!(errors.contains("more formulas, merged cells or cells in a row than any spreadsheet"), "{errors}");
    }
    // Millions of empty texts.
    let errors = run("", &"<si/>".repeat(3 << 20), "");
    assert!(errors.contains("64 MiB of them texts"), "{errors}");
    // 295 MB when this was written: the rows that are held, 256 MiB, and the program itself.
    assert!(peak().is_none_or(|peak| peak < 400 << 20), "{:?}", peak());
}

/// A number's format stands apart from the number, and both are found by following the sheet: where its cells are not in order, once
/// each, one of the two could be lost. 0.2 shown as 20% is never read as 0.2%.
#[test]
fn cells_out_of_order_are_refused() {
    let share = "[facts.share]\ntype = \"quantity\"\nunit = \"%\"\nlabel = { zh = \"比例\", en = \"Share\" }\n";
    let folder = demo::folder(&demo::policy_with(share, "amount = \"share * 10000元\"\n"));
    let texts = [text("id"), text("kind"), text("share（%）"), text("person"), text("a"), text("b")].concat();
    let heads =
        ["A", "B", "C"].iter().zip(0..).map(|(column, of)| format!(r#"<c r="{column}1" t="s"><v>{of}</v></c>"#));
    let heads = format!(r#"<row r="1">{}</row>"#, heads.collect::<String>());
    let cells = |row: usize, style: &str, share: &str| {
        [cell('A', row, row + 2), cell('B', row, 3), format!(r#"<c r="C{row}"{style}><v>{share}</v></c>"#)]
    };
    let row = |row: usize, cells: &[String]| format!(r#"<row r="{row}">{}</row>"#, cells.concat());
    let run = |rows: &str, formats: [u8; 2]| {
        by_hand(&folder.path().join("b.xlsx"), rows, &texts, "", formats);
        batch(folder.path(), &["b.xlsx"])
    };
    let styled = r#" s="1""#;
    // 20% and 5% of 10,000: 2,000 and 500. The second cell is shown as it is stored, or both are shown in hundredths.
    let (first, second) = (cells(2, styled, "0.2"), cells(3, "", "5"));
    let told = run(&[heads.clone(), row(2, &first), row(3, &second)].concat(), [0, 9]);
    assert!(told.exit == Exit::Done && told.errors.contains("awarded 2,500 yuan"), "{}", told.errors);
    let told = run(&[heads.clone(), row(2, &first), row(3, &cells(3, "", "0.05"))].concat(), [9, 9]);
    assert!(told.exit == Exit::Done && told.errors.contains("awarded 2,500 yuan"), "{}", told.errors);
    let swapped = |at: usize| {
        let mut cells = first.clone();
        cells.swap(at, at + 1);
        cells
    };
    for (rows, place) in [
        ([heads.clone(), row(3, &second), row(2, &first)], "A2"),
        ([row(2, &first), heads.clone(), row(3, &second)], "A1"),
        ([heads.clone(), row(2, &swapped(0)), row(3, &second)], "A2"),
        ([heads.clone(), row(2, &swapped(1)), row(3, &second)], "B2"),
        ([heads.clone(), row(2, &first), row(2, &first)], "A2"),
        ([heads.clone(), row(2, &first), row(9, &[first[2].clone()])], "C2"),
    ] {
        let told = run(&rows.concat(), [0, 9]);
        assert_eq!(told.exit, Exit::Unusable, "{}", told.errors);
        // A sheet that does not begin with its first row has no heads.
        let reason = format!("the cell {place} stands out of order in the file, or twice");
        let known = told.errors.contains(&reason) || told.errors.contains("the first row is empty");
        assert!(known && !told.errors.contains("awarded"), "{}", told.errors);
    }
}

/// Who has written a remark beside nothing has begun a row: it is told, as in CSV, and is no blank line.
#[test]
fn a_row_that_only_unused_columns_fill_is_told() {
    let folder = demo::folder(&demo::policy());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["id", "kind", "rent", "remark"], ["a", "person", "800元/月", ""], ["", "", "", "see below"]];
    for (line, row) in (0..).zip(rows) {
        for (place, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(line, place, cell).unwrap();
        }
    }
    // A formula without a result is something, too; a line of blanks is nothing.
    sheet.write_formula(3, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(4, 0, "  ").unwrap();
    book.save(folder.path().join("people.xlsx")).unwrap();
    fs::write(folder.path().join("people.csv"), rows.map(|row| row.join(",") + "\n").concat() + ",,,?\n ,,,\n")
        .unwrap();
    let told = |file: &str| {
        let run = batch(folder.path(), &[file, "--ignore-columns"]);
        assert!(run.errors.contains("3 rows read: 1 assessed, 2 rejected"), "{}", run.errors);
        let rejected = run.errors.lines().filter(|line| line.starts_with(file));
        rejected.map(|line| line.replace(file, "")).collect::<Vec<_>>()
    };
    let lines = told("people.xlsx");
    assert!(
        lines.len() == 2 && lines[0].starts_with(" Sheet1!A3: ") && lines[1].starts_with(" Sheet1!A4: "),
        "{lines:?}"
    );
    let plain: Vec<String> = lines.iter().map(|line| line.replace(" Sheet1!A", ":")).collect();
    assert_eq!(plain, told("people.csv"));
}

/// What offices send: each is told in an officer's words, with its sheet and cell, and every good row is worked out.
#[test]
fn what_offices_send_is_told_by_sheet_and_cell() {
    use program::form::{APPLICANTS, PAPERS, POLICY, batch as of_form, folder as with_form, t};
    use program::workbook::Put::{self, Error, Formula as NoResult, Number, Text};
    use program::workbook::{Row, fill, rewrite};

    let person = |id: &'static str, degree: &'static str, came: Put, rent: Put| {
        [t(id), None, None, t(degree), Some(came), Some(rent), t("否"), t("无"), t("无")]
    };
    let row = |id: &'static str| person(id, "博士", Number("45352"), Number("800"));
    let told = |what: &str, change: &dyn Fn(&Path), inputs: &[&str], exit: Exit, wanted: &[&str]| {
        let folder = with_form(&[]);
        let (first, second) = (row("1"), row("2"));
        fill(&folder.path().join("form.xlsx"), &[(APPLICANTS, &[&first[..], &second[..]])]);
        change(folder.path());
        let run = of_form(folder.path(), &[inputs, &["--as-of", "2025-06-30"]].concat());
        for words in wanted {
            assert!(run.errors.contains(words), "{what}: {words}\n{}", run.errors);
        }
        assert_eq!(run.exit, exit, "{what}: {}", run.errors);
    };
    let policy = |from: &'static str, to: &'static str| {
        move |at: &Path| fs::write(at.join("policy.toml"), POLICY.replace(from, to)).unwrap()
    };
    let book = |from: &'static str, to: &'static str| {
        move |at: &Path| {
            rewrite(&at.join("form.xlsx"), &|name, text| {
                if name == "xl/workbook.xml" { text.replace(from, to) } else { text }
            });
        }
    };
    let cells = |rows: Vec<[Option<Put>; 9]>| {
        move |at: &Path| {
            let _ = fs::remove_file(at.join("form.xlsx"));
            let made = program::form::duixian(at, &["template", "policy.toml", "--xlsx", "-o", "form.xlsx"]);
            assert_eq!(made.exit, Exit::Done);
            let first = row("1");
            let all: Vec<Row<'_>> = std::iter::once(&first[..]).chain(rows.iter().map(|row| &row[..])).collect();
            fill(&at.join("form.xlsx"), &[(APPLICANTS, &all)]);
        }
    };
    let form = ["form.xlsx"];

    // Of another policy, of another version whose facts fit, and of one whose facts do not.
    told(
        "policy",
        &policy("\"demo\"", "\"other\""),
        &form,
        Exit::Unusable,
        &["form.xlsx", "为政策“demo”制作，本次核算用的是“other”"],
    );
    told("version", &policy("2000元/项", "3000元/项"), &form, Exit::Done, &["另一版本制作", "已核算 2"]);
    let other = |at: &Path| {
        let text = POLICY.replace("facts.rent", "facts.lease").replace("min(rent,", "min(lease,");
        fs::write(at.join("policy.toml"), text).unwrap();
    };
    told("facts", &other, &form, Exit::Unusable, &["有 1 项与现行版本不符：rent"]);
    // Sheets that were renamed, and that are missing.
    let renamed = |at: &Path| {
        cells(vec![person("9", "院士", Number("45352"), Number("800"))])(at);
        book("申请人", "花名册")(at);
    };
    told("renamed", &renamed, &form, Exit::Open, &["form.xlsx 花名册!D3: “学位”列：“院士”", "已核算 1，退回 1"]);
    told("missing", &book("'申请人'!", "#REF!"), &form, Exit::Unusable, &["申请人的工作表已被删除"]);
    told(
        "missing list",
        &book("'论文'!", "#REF!"),
        &form,
        Exit::Unusable,
        &["form.xlsx 论文：这张工作表不属于申请表", "已核算 2"],
    );
    // A list's row without an applicant.
    let orphan = |at: &Path| {
        let record = [t("99"), t("甲"), t("硕士")];
        fill(&at.join("form.xlsx"), &[(PAPERS, &[&record[..]])]);
    };
    told("orphan", &orphan, &form, Exit::Open, &["form.xlsx 论文!A2: “编号”列：“99”：没有此编号的申请人", "已核算 2"]);
    // One id on two sheets.
    let twice = |at: &Path| {
        fs::copy(at.join("form.xlsx"), at.join("second.xlsx")).unwrap();
    };
    told(
        "twice",
        &twice,
        &["form.xlsx", "second.xlsx"],
        Exit::Open,
        &["second.xlsx 申请人!A2: 编号与 form.xlsx 申请人!A2 的重复", "已核算 2，退回 2"],
    );
    // Days as text, as numbers that count from 1904, and days that there are not.
    let days = cells(vec![
        person("2", "博士", Text("2024.3.1"), Number("800")),
        person("3", "博士", Text("去年三月"), Number("800")),
        person("4", "博士", Text("2024-02-30"), Number("800")),
        person("5", "博士", Number("2024"), Number("800")),
    ]);
    told(
        "days",
        &days,
        &form,
        Exit::Open,
        &[
            "申请人!E4: “到区日期”列：“去年三月”",
            "申请人!E5: ",
            "没有“2024-02-30”这一天",
            "申请人!E6: “到区日期”列：“2024”：这个数不是日期",
            "已核算 2，退回 3",
        ],
    );
    let from_1904 = |at: &Path| {
        // 1 March 2024 is 45,352 days from the beginning of 1900, and 1,462 fewer from that of 1904.
        rewrite(&at.join("form.xlsx"), &|name, text| match name {
            "xl/workbook.xml" => text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "),
            _ => text.replace("<v>45352</v>", "<v>43890</v>"),
        });
    };
    told("1904", &from_1904, &form, Exit::Done, &["已核算 2", "核定合计 19,200元"]);
    // Numbers as text; formulas without a result; errors.
    let numbers = cells(vec![
        person("2", "博士", Number("45352"), Text("1,500")),
        person("3", "博士", Number("45352"), Text("1 500")),
        person("4", "博士", Number("45352"), NoResult),
        person("5", "博士", Error, Number("800")),
        person("6", "博士", Number("45352"), Text("８００")),
    ]);
    told(
        "numbers",
        &numbers,
        &form,
        Exit::Open,
        &[
            "申请人!F3: “月租金（元/月）”列：“1,500”",
            "申请人!F4: ",
            "申请人!F5: “月租金（元/月）”列：公式没有保存结果",
            "申请人!E6: “到区日期”列：“#N/A”：单元格是错误值",
            "已核算 2，退回 4",
        ],
    );
    // What other programs keep otherwise.
    let old = |name: &'static str, more: &'static str| {
        move |at: &Path| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.resize(600, 0);
            bytes.extend(more.encode_utf16().flat_map(u16::to_le_bytes));
            fs::write(at.join(name), bytes).unwrap();
        }
    };
    told("password", &old("p.xlsx", "EncryptedPackage"), &["p.xlsx"], Exit::Unusable, &["p.xlsx：工作簿加了密码"]);
    for name in ["o.xls", "o.et", "o.xlsx"] {
        let words = format!("错误：{name}：这是旧式表格文件（.xls、.et），程序不读");
        told(name, &old(name, ""), &[name], Exit::Unusable, &[&words, "另存为“Excel 工作簿（.xlsx）”"]);
    }
    let whole = |name: &'static str, bytes: &'static [u8]| move |at: &Path| fs::write(at.join(name), bytes).unwrap();
    let table = b"PK\x03\x04\x14\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x2e\x00\x00\x00\x2e\x00\x00\x00\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    for name in ["o.ods", "o.xlsx"] {
        let words = format!("错误：{name}：这是 OpenDocument 文件（.ods）");
        told(name, &whole(name, table), &[name], Exit::Unusable, &[&words, "另存为 .xlsx"]);
    }
    // What systems export as .xls.
    for page in [
        &b"<html><body><table><tr><td>id</td></tr></table></body></html>"[..],
        b"\r\n<?xml version=\"1.0\"?><Workbook/>",
    ] {
        told("page", &whole("o.xls", page), &["o.xls"], Exit::Unusable, &["错误：o.xls：这是网页或 XML，不是表格"]);
    }
}
