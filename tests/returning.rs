//! What goes back to whoever filled in a table: the rejected rows with all their list rows as they came in, and why.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use duixian::cli::Exit;
use program::form::{APPLICANTS, PAID, PAPERS, batch, folder, n, t};
use program::tries;
use program::workbook::Put::{self, Error, Formula, Number, Text};
use program::workbook::{Row, correct, corrected, fill};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// A cell as it is stored.
fn stored(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(date) => format!("day {}", date.as_f64()),
        Data::Float(number) => format!("number {number}"),
        Data::Error(error) => format!("error {error}"),
        other => other.to_string(),
    }
}

/// The rows of a sheet from a line on, counted from 0.
fn rows(path: &Path, sheet: &str, from: u32) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let (height, width) = range.end().unwrap();
    let cell = |row, column| range.get_value((row, column)).map_or_else(String::new, stored);
    (from..=height).map(|row| (0..=width).map(|column| cell(row, column)).collect()).collect()
}

/// The cells of a sheet that are marked, below its heads.
fn marked(path: &Path, sheet: &str) -> BTreeSet<(u32, u32)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut cells = book.worksheet_cells_reader(sheet).unwrap();
    let is_marked = |style: &calamine::Style| {
        style.fill.as_ref().and_then(calamine::Fill::get_color).is_some_and(|color| color.to_argb() == 0xFFFF_C7CE)
    };
    let looks: Vec<bool> = cells.styles().iter().map(is_marked).collect();
    let mut found = BTreeSet::new();
    while let Some((row, column, look)) = cells.next_style_id().unwrap() {
        if row > 0 && looks[look] {
            found.insert((row, column));
        }
    }
    found
}

/// A row of the form with something else at one place.
fn row(id: &'static str, at: usize, put: Option<Put>) -> [Option<Put>; 9] {
    let mut row = [t(id), t("张"), None, t("博士"), n("45352"), n("800.5"), t("否"), t("无"), t("无")];
    row[at] = put;
    row
}

/// A form of eleven people, of which two rows can be worked out.
fn wrong() -> tempfile::TempDir {
    let folder = folder(&[]);
    let people = [
        row("0001", 7, t("见表")),
        // Nothing is said of papers of which there is one.
        row("0002", 7, None),
        row("0003", 3, t("大专生")),
        row("0004", 5, t("1,500")),
        row("0005", 5, Some(Formula)),
        row("0006", 4, Some(Error)),
        // The id of the first row once more.
        row("0001", 6, None),
        row("0008", 8, None),
        // What is wrong stands on another sheet.
        row("0009", 8, t("见表")),
        row("0010", 7, t("见表")),
        row("0011", 6, None),
    ];
    let people: Vec<Row<'_>> = people.iter().map(|row| row.as_slice()).collect();
    let papers: [Row<'_>; 5] = [
        &[t("0001"), t("甲"), t("硕士")],
        &[t("0002"), t("007"), t("硕士"), n("2")],
        &[t("0010"), t("乙"), t("院士")],
        &[t("0099"), t("丙"), t("硕士")],
        &[t("0010"), t("丁"), t("硕士")],
    ];
    let paid: [Row<'_>; 1] = [&[t("0009"), t("3 租房补贴"), n("0.1"), t("去年")]];
    let sheets: [(usize, &[Row<'_>]); 3] = [(APPLICANTS, &people), (PAPERS, &papers), (PAID, &paid)];
    fill(&folder.path().join("form.xlsx"), &sheets);
    folder
}

#[test]
fn a_form_goes_back_as_it_came_in() {
    let folder = wrong();
    let run = batch(folder.path(), &["form.xlsx", "--rejects", "back.xlsx", "-o", "results.csv"]);
    assert_eq!(run.exit, Exit::Open, "{}", run.errors);
    assert!(run.errors.contains("读入 11 行：已核算 2，退回 9"), "{}", run.errors);
    // Where a row went is said, and nothing else is listed.
    assert!(!run.errors.contains("申请人!"), "{}", run.errors);

    let back = folder.path().join("back.xlsx");
    let mut book: Xlsx<_> = open_workbook(&back).unwrap();
    assert_eq!(book.sheet_names(), ["填表说明", "申请人", "论文", "此前已发", "duixian"]);
    let heads: Vec<String> =
        book.worksheet_range("申请人").unwrap().rows().next().unwrap().iter().map(stored).collect();
    let wanted = "编号 姓名 评估日期 学位 到区日期 月租金（元/月） 已有住房 论文 此前已发 退回原因 原行";
    assert_eq!(heads.join(" "), wanted);
    // What is chosen from a list is chosen from it here, too.
    let drop_downs = std::cell::Cell::new(0);
    program::workbook::rewrite(&back, &|name, text| {
        if name == "xl/worksheets/sheet2.xml" {
            drop_downs.set(text.matches("<dataValidation type=\"list\"").count());
        }
        text
    });
    // The degree, whether there is a home, and both lists.
    assert_eq!(drop_downs.get(), 4);
    // Of every row all cells, and the place of what is wrong.
    let found = rows(&back, "申请人", 1);
    let cells: Vec<String> = found.iter().map(|row| row[..9].join("|")).collect();
    assert_eq!(
        cells,
        [
            "0002|张||博士|day 45352|number 800.5|否||无",
            "0003|张||大专生|day 45352|number 800.5|否|无|无",
            "0004|张||博士|day 45352|1,500|否|无|无",
            // A formula without a result must not come back as an empty cell.
            "0005|张||博士|day 45352|error #N/A|否|无|无",
            "0006|张||博士|error #N/A|number 800.5|否|无|无",
            "0001|张||博士|day 45352|number 800.5||无|无",
            "0008|张||博士|day 45352|number 800.5|否|无|",
            "0009|张||博士|day 45352|number 800.5|否|无|见表",
            "0010|张||博士|day 45352|number 800.5|否|见表|无",
        ]
    );
    let places = ["H3", "D4", "F5", "F6", "E7", "A8", "I9"].map(|cell| format!("form.xlsx 申请人!{cell}: "));
    let of_lists = ["form.xlsx 此前已发!D2: ".to_owned(), "form.xlsx 论文!C4: ".to_owned()];
    for (row, place) in found.iter().zip(places.iter().chain(&of_lists)) {
        assert!(row[9].starts_with(place), "{place} {row:?}");
    }
    let wanted = [(1, 7), (2, 3), (3, 5), (4, 5), (5, 4), (6, 0), (7, 8)];
    assert_eq!(marked(&back, "申请人"), wanted.into_iter().collect());
    // The records of those who go back, and one that belongs to nobody; those of 0001 stay with the row that was worked out.
    let papers: Vec<String> = rows(&back, "论文", 1).iter().map(|row| row[..4].join("|")).collect();
    assert_eq!(papers, ["0002|007|硕士|number 2", "0010|乙|院士|", "0099|丙|硕士|", "0010|丁|硕士|"]);
    assert_eq!(marked(&back, "论文"), [(2, 2), (3, 0)].into_iter().collect());
    assert_eq!(rows(&back, "此前已发", 1)[0][..4].join("|"), "0009|3 租房补贴|number 0.1|去年");

    // It is a form again: what was wrong still is, but for the id, which now stands alone; and so it goes back once more.
    let run = batch(folder.path(), &["back.xlsx", "--rejects", "again.xlsx", "-o", "results.csv"]);
    assert!(run.errors.contains("读入 9 行：已核算 1，退回 8"), "{}", run.errors);
    let again = rows(&folder.path().join("again.xlsx"), "申请人", 0);
    assert_eq!(again[0].len(), 11);
    let ids: Vec<&str> = again.iter().skip(1).map(|row| row[0].as_str()).collect();
    assert_eq!(ids, ["0002", "0003", "0004", "0005", "0006", "0008", "0009", "0010"]);
    assert!(again[1][9].starts_with("back.xlsx 申请人!H2: "), "{again:?}");
    // Where it came from at first stays known.
    assert!(again[1][9].lines().count() == 1 && again[1][10] == "form.xlsx 申请人!A3", "{again:?}");
}

#[test]
fn a_register_goes_back_with_its_titles() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), program::form::POLICY).unwrap();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap();
    let sheet = book.add_worksheet().set_name("花名册").unwrap();
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet.merge_range(0, 0, 0, 5, "2025年人才花名册", &Format::new().set_bold()).unwrap();
    for (column, (above, head)) in
        (0..).zip([("序号", ""), ("申请人", "姓名"), ("", "证件号"), ("", "学历"), ("来区", "日期"), ("租金", "元/月")])
    {
        sheet.write(1, column, above).unwrap();
        sheet.write(2, column, head).unwrap();
    }
    for (row, (id, degree)) in (3..).zip([("一", "博士"), ("二", "博士后"), ("三", "硕士"), ("四", "无学历")])
    {
        sheet.write(row, 0, id).unwrap();
        sheet.write(row, 1, format!("张{id}")).unwrap();
        sheet.write(row, 2, format!("44180219900101123{}", row)).unwrap();
        sheet.write(row, 3, degree).unwrap();
        sheet.write_with_format(row, 4, ExcelDateTime::from_ymd(2024, 3, 1).unwrap(), &day).unwrap();
        sheet.write(row, 5, 0.1 + f64::from(row)).unwrap();
    }
    sheet.write(7, 0, "合计").unwrap();
    sheet.write(7, 5, 24).unwrap();
    book.save(folder.path().join("register.xlsx")).unwrap();
    let map = r#"
keep = ["申请人/证件号"]
[rows]
sheet  = "花名册"
heads  = [2, 3]
first  = 4
beside = ["合计"]
[columns]
id         = "序号"
name       = "申请人/姓名"
rank       = "申请人/学历"
arrived_on = "来区/日期"
rent       = { from = "租金/元/月", unit = "元/月" }
"#;
    fs::write(folder.path().join("map.toml"), map).unwrap();
    let asking = ["--columns", "map.toml", "--kind", "person", "-o", "results.csv", "--rejects"];
    let run = batch(folder.path(), &[&["register.xlsx"], &asking[..], &["back.xlsx"]].concat());
    assert!(run.errors.contains("读入 4 行：已核算 2，退回 2"), "{}", run.errors);
    let back = folder.path().join("back.xlsx");
    let mut workbook: Xlsx<_> = open_workbook(&back).unwrap();
    assert_eq!(workbook.sheet_names(), ["花名册"]);
    assert_eq!(workbook.merge_cells_by_sheet_name("花名册").unwrap().len(), 1);
    let found: Vec<String> = rows(&back, "花名册", 0).iter().map(|row| row[..6].join("|")).collect();
    assert_eq!(
        found,
        [
            "2025年人才花名册|||||",
            "序号|申请人|||来区|租金",
            "|姓名|证件号|学历|日期|元/月",
            "二|张二|441802199001011234|博士后|day 45352|number 4.1",
            "四|张四|441802199001011236|无学历|day 45352|number 6.1",
        ]
    );
    // The heads of both reserved columns, over two lines, and the faulty cells.
    assert_eq!(marked(&back, "花名册"), [(1, 6), (1, 7), (2, 6), (2, 7), (3, 3), (4, 3)].into_iter().collect());
    // The same map reads it again.
    let run = batch(folder.path(), &[&["back.xlsx"], &asking[..], &["again.xlsx"]].concat());
    assert!(run.errors.contains("读入 2 行：已核算 0，退回 2"), "{}", run.errors);
}

#[test]
fn csv_goes_back_as_texts() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), program::form::POLICY).unwrap();
    let people =
        "编号,姓名,学位,月租金（元/月）\n01,甲,硕士,800\n02,乙,大专生,0800.50\n03,丙,硕士,700\n04,\"丁\n05,戊,硕士\n";
    fs::write(folder.path().join("people.csv"), people).unwrap();
    fs::write(folder.path().join("papers.csv"), "编号,题名,等级\n03,子,院士\n02,丑,博士\n01,寅,博士\n77,卯,博士\n")
        .unwrap();
    let asking = ["people.csv", "--list", "papers=papers.csv", "--kind", "person", "-o", "results.csv", "--rejects"];
    let run = batch(folder.path(), &[&asking[..], &["back.xlsx"]].concat());
    assert!(run.errors.contains("退回 4"), "{}", run.errors);
    let back = folder.path().join("back.xlsx");
    let found: Vec<String> = rows(&back, "people", 0).iter().map(|row| row[..4].join("|")).collect();
    let wanted =
        ["编号|姓名|学位|月租金（元/月）", "02|乙|大专生|0800.50", "03|丙|硕士|700", "04,\"丁|||", "05,戊,硕士|||"];
    assert_eq!(found, wanted);
    let papers: Vec<String> = rows(&back, "papers", 0).iter().map(|row| row[..3].join("|")).collect();
    assert_eq!(papers, ["编号|题名|等级", "03|子|院士", "02|丑|博士", "77|卯|博士"]);
    // What is no table has no rows that could go back.
    fs::write(folder.path().join("people.jsonl"), "").unwrap();
    for input in ["people.jsonl", "-"] {
        let run = batch(folder.path(), &[input, "--rejects", "back.xlsx"]);
        assert_eq!(run.exit, Exit::Unusable, "{}", run.errors);
        assert!(run.errors.contains("不是表格文件"), "{}", run.errors);
    }
}

/// What is awarded and due of each row.
fn sums(run: &str) -> Vec<String> {
    let heads: Vec<&str> = run.lines().next().unwrap().split(',').collect();
    let places = ["id", "total awarded at_most", "total due at_most"];
    let places = places.map(|name| heads.iter().position(|head| *head == name).unwrap());
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        places.map(|place| cells[place]).join(" ")
    };
    run.lines().skip(1).map(row).collect()
}

#[test]
fn what_was_corrected_stands_in_for_what_went_back() {
    let folder = wrong();
    let at = folder.path();
    batch(at, &["form.xlsx", "--rejects", "back.xlsx", "-o", "results.csv"]);
    // Nothing was corrected: it all goes back once more, from where it came at first.
    let run = batch(at, &["form.xlsx", "--corrected", "back.xlsx", "--rejects", "again.xlsx"]);
    assert!(run.errors.contains("读入 11 行：已核算 2，退回 9"), "{}", run.errors);
    assert_eq!(sums(&run.output), ["0001 11606.00 11606.00", "0011 9606.00 9606.00"]);
    let again = rows(&at.join("again.xlsx"), "申请人", 1);
    let from: Vec<&str> = again.iter().map(|row| row[10].strip_prefix("form.xlsx 申请人!A").unwrap()).collect();
    assert_eq!(from, ["3", "4", "5", "6", "7", "8", "9", "10", "11"]);
    // Corrected in part, and then the rest: a later file goes before an earlier one, which has the others.
    let part = [(APPLICANTS, "H2", Text("见表")), (APPLICANTS, "D3", Text("硕士")), (APPLICANTS, "F4", Number("1500"))];
    correct(&at.join("again.xlsx"), &part);
    let run = batch(at, &["form.xlsx", "--corrected", "again.xlsx", "--rejects", "last.xlsx"]);
    assert!(run.errors.contains("读入 11 行：已核算 5，退回 6"), "{}", run.errors);
    let rest = [
        (APPLICANTS, "F2", Number("900")),
        (APPLICANTS, "E3", Number("45352")),
        (APPLICANTS, "A4", Text("0007")),
        (APPLICANTS, "I5", Text("无")),
        (PAPERS, "C2", Text("博士")),
        (PAPERS, "A3", Text("0003")),
        (PAID, "D2", Number("45737")),
    ];
    correct(&at.join("last.xlsx"), &rest);
    let line = ["form.xlsx", "--corrected", "again.xlsx", "--corrected", "last.xlsx", "--rejects", "none.xlsx"];
    let run = batch(at, &line);
    // Only that 0003 says of papers that there are none, and now has one: in the last file it does not stand.
    assert!(run.errors.contains("读入 11 行：已核算 10，退回 1"), "{}", run.errors);
    let none = rows(&at.join("none.xlsx"), "申请人", 1);
    assert_eq!((none.len(), none[0][0].as_str(), none[0][10].as_str()), (1, "0003", "form.xlsx 申请人!A4"));

    // The whole of it. A record that was nobody's becomes that of 0003; the id that stood twice becomes 0007.
    let all = [
        (APPLICANTS, "H2", Text("见表")),
        (APPLICANTS, "D3", Text("硕士")),
        (APPLICANTS, "H3", Text("见表")),
        (APPLICANTS, "F4", Number("1500")),
        (APPLICANTS, "F5", Number("900")),
        (APPLICANTS, "E6", Number("45352")),
        (APPLICANTS, "A7", Text("0007")),
        (APPLICANTS, "I8", Text("无")),
        (PAPERS, "C3", Text("博士")),
        (PAPERS, "A4", Text("0003")),
        (PAID, "D2", Number("45737")),
    ];
    let corrected = at.join("corrected.xlsx");
    fs::copy(at.join("back.xlsx"), &corrected).unwrap();
    correct(&corrected, &all);
    let run = batch(at, &["form.xlsx", "--corrected", "corrected.xlsx", "--rejects", "none.xlsx"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    assert!(run.errors.contains("读入 11 行：已核算 11，退回 0"), "{}", run.errors);
    // By hand: 800.50 × 12 = 9,606 for the rent, at most 1,000 × 12, 900 × 12 = 10,800; 2,000 a paper; 0.10 was paid.
    assert_eq!(
        sums(&run.output),
        [
            "0001 11606.00 11606.00",
            "0002 13606.00 13606.00",
            "0003 11606.00 11606.00",
            "0004 12000.00 12000.00",
            "0005 10800.00 10800.00",
            "0006 9606.00 9606.00",
            "0007 9606.00 9606.00",
            "0008 9606.00 9606.00",
            "0009 9606.00 9605.90",
            "0010 13606.00 13606.00",
            "0011 9606.00 9606.00",
        ]
    );
    assert_eq!(rows(&at.join("none.xlsx"), "申请人", 0).len(), 1);
    // Both files are named with their digests where the results go into a workbook.
    batch(at, &["form.xlsx", "--corrected", "corrected.xlsx", "--to", "xlsx", "-o", "results.xlsx"]);
    let about = rows(&at.join("results.xlsx"), "说明", 0).concat().concat();
    assert!(about.contains("form.xlsx") && about.contains("corrected.xlsx"), "{about}");
}

#[test]
fn a_corrected_row_that_stands_in_for_nobody_is_told() {
    let folder = wrong();
    let at = folder.path();
    batch(at, &["form.xlsx", "--rejects", "back.xlsx", "-o", "results.csv"]);
    let told = |cells: &[(usize, &str, Put)], read: &str, wanted: &str| {
        fs::copy(at.join("back.xlsx"), at.join("bad.xlsx")).unwrap();
        correct(&at.join("bad.xlsx"), cells);
        let run = batch(at, &["form.xlsx", "--corrected", "bad.xlsx"]);
        assert!(run.errors.contains(read), "{wanted}\n{}", run.errors);
        assert!(run.errors.contains(wanted), "{wanted}\n{}", run.errors);
    };
    // An id that nobody has, of a row whose own was right: its row stays rejected, and so is this one.
    told(
        &[(APPLICANTS, "A2", Text("0077")), (PAPERS, "A2", Text("0077"))],
        "读入 12 行：已核算 2，退回 10",
        "bad.xlsx 申请人!A2: “编号”列：“0077”：原表中没有这个编号",
    );
    // One id twice.
    told(
        &[(APPLICANTS, "A3", Text("0002"))],
        "退回 10",
        "改正后的表中这个编号有 2 行（bad.xlsx 申请人!A2、bad.xlsx 申请人!A3）",
    );
    // A record that is given to somebody who was not returned, and says that there is none: rejected instead of the one whose
    // only fault it was, so 9 as before.
    told(&[(PAPERS, "A3", Text("0011"))], "退回 9", "form.xlsx 申请人!H12: “论文”列：“无”：名单里有这个编号的 1 行");
    // The same, of which nobody knows where it came from.
    let moved = [(PAPERS, "A3", Text("0011")), (PAPERS, "F3", Error)];
    told(&moved, "", "bad.xlsx 论文!A3: “编号”列：“0011”：此编号的申请人没有退回");
    // An id that was changed with the applicant, and not in the list.
    told(&[(APPLICANTS, "A2", Text("0077"))], "", "bad.xlsx 申请人!A2 的编号已由“0002”改为“0077”，名单里还是“0002”");
    // Another table than a form.
    fs::write(at.join("bad.csv"), "编号\n0002\n").unwrap();
    let run = batch(at, &["form.xlsx", "--corrected", "bad.csv"]);
    assert!(run.exit == Exit::Unusable && run.errors.contains("bad.csv"), "{}", run.errors);
}

#[test]
fn corrected_csv_stands_in_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("policy.toml"), program::form::POLICY).unwrap();
    let heads = "编号,学位,到区日期,月租金（元/月）\n";
    let write = |name: &str, rows: &str| fs::write(at.join(name), format!("{heads}{rows}")).unwrap();
    write("people.csv", "1,硕士,2024-03-01,800\n2,大专生,2024-03-01,800\n3,硕士,2024-03-01,700\n");
    write("corrected.csv", "2,博士,2024-03-01,500\n");
    let run = batch(at, &["people.csv", "--kind", "person", "--clause", "3", "--corrected", "corrected.csv"]);
    assert!(run.errors.contains("读入 3 行：已核算 3，退回 0"), "{}", run.errors);
    assert_eq!(sums(&run.output), ["1 9600.00 9600.00", "2 6000.00 6000.00", "3 8400.00 8400.00"]);
}

/// A person of the law below: places among `RANKS`, the day of arrival after 1 March 2024, the rent, and the ranks of papers.
#[derive(Clone, Debug)]
struct Person {
    rank: usize,
    day: u32,
    rent: u32,
    has_home: bool,
    papers: Vec<usize>,
}

/// A cell that is damaged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Damage {
    Id,
    Rank,
    Day,
    Rent,
    Home,
    Paper,
    PaperId,
}

const RANKS: [&str; 4] = ["专科", "学士", "硕士", "博士"];

fn kept(text: String) -> Put {
    Text(Box::leak(text.into_boxed_str()))
}

/// The cells of a table: applicants as id, rank, day, rent and home, and papers as id, title and rank.
struct Cells {
    people: Vec<[Put; 5]>,
    papers: Vec<[Put; 3]>,
}

impl Cells {
    fn of(people: &[Person]) -> Cells {
        let mut cells = Cells { people: Vec::new(), papers: Vec::new() };
        for (place, person) in people.iter().enumerate() {
            let id = kept(format!("r{place}"));
            let home = Text(if person.has_home { "是" } else { "否" });
            let day = kept(format!("2024-03-{:02}", person.day));
            cells.people.push([id, Text(RANKS[person.rank]), day, kept(person.rent.to_string()), home]);
            for (number, rank) in person.papers.iter().enumerate() {
                cells.papers.push([id, kept(format!("论文{place}{number}")), Text(RANKS[*rank])]);
            }
        }
        cells
    }

    /// The sheet, the line, the column and the damaged cell, and what belongs there.
    fn damage(&mut self, people: &[Person], (place, what): (usize, Damage)) -> Option<(bool, usize, usize, Put)> {
        let paper: usize = people[..place].iter().map(|person| person.papers.len()).sum();
        let (is_paper, column, bad) = match what {
            Damage::Id => (false, 0, None),
            Damage::Rank => (false, 1, t("院士")),
            Damage::Day => (false, 2, t("去年")),
            Damage::Rent => (false, 3, t("八百")),
            Damage::Home => (false, 4, t("大概")),
            Damage::Paper => (true, 2, t("院士")),
            Damage::PaperId => (true, 0, t("无此人")),
        };
        let bad = bad.unwrap_or(Text(""));
        if is_paper && people[place].papers.is_empty() {
            return None;
        }
        let (line, cell) = if is_paper {
            (paper + 2, &mut self.papers[paper][column])
        } else {
            (place + 2, &mut self.people[place][column])
        };
        Some((is_paper, line, column, std::mem::replace(cell, bad)))
    }

    /// Writes them as a form, or as CSV with a list, and gives what `batch` is asked for.
    fn write(&self, at: &Path, is_a_form: bool) -> Vec<&'static str> {
        if is_a_form {
            let made = program::form::duixian(at, &["template", "policy.toml", "--xlsx", "-o", "form.xlsx"]);
            assert_eq!(made.exit, Exit::Done, "{}", made.errors);
            let put = |put: Put| Some(put).filter(|put| !matches!(put, Text("")));
            let people: Vec<Vec<Option<Put>>> = (self.people.iter().enumerate())
                .map(|(place, [id, rank, day, rent, home])| {
                    let has = self
                        .papers
                        .iter()
                        .any(|row| matches!(row[1], Text(title) if title.starts_with(&format!("论文{place}"))));
                    let list = t(if has { "见表" } else { "无" });
                    vec![put(*id), None, None, put(*rank), put(*day), put(*rent), put(*home), list, t("无")]
                })
                .collect();
            let papers: Vec<Vec<Option<Put>>> = self.papers.iter().map(|row| row.map(put).to_vec()).collect();
            let people: Vec<Row<'_>> = people.iter().map(Vec::as_slice).collect();
            let papers: Vec<Row<'_>> = papers.iter().map(Vec::as_slice).collect();
            fill(&at.join("form.xlsx"), &[(APPLICANTS, &people), (PAPERS, &papers)]);
            return vec!["form.xlsx"];
        }
        let csv = |heads: &str, rows: &mut dyn Iterator<Item = Vec<Put>>| {
            let text = |put: &Put| if let Text(text) = put { *text } else { "" };
            let line = |row: Vec<Put>| row.iter().map(text).collect::<Vec<_>>().join(",") + "\n";
            heads.to_owned() + "\n" + &rows.map(line).collect::<String>()
        };
        let people =
            csv("编号,学位,到区日期,月租金（元/月）,已有住房", &mut self.people.iter().map(|row| row.to_vec()));
        let papers = csv("编号,题名,等级", &mut self.papers.iter().map(|row| row.to_vec()));
        fs::write(at.join("people.csv"), people).unwrap();
        fs::write(at.join("papers.csv"), papers).unwrap();
        vec!["people.csv", "--list", "papers=papers.csv", "--kind", "person"]
    }
}

/// Whoever corrects in the workbook that goes back exactly what was damaged gets what the undamaged table gives.
#[test]
fn what_is_corrected_comes_to_what_was_never_damaged() {
    let person = (0usize..4, 1u32..29, 100u32..3000, any::<bool>(), vec(0usize..4, 0..3));
    let person = person.prop_map(|(rank, day, rent, has_home, papers)| Person { rank, day, rent, has_home, papers });
    let damage = prop_oneof![
        Just(Damage::Id),
        Just(Damage::Rank),
        Just(Damage::Day),
        Just(Damage::Rent),
        Just(Damage::Home),
        Just(Damage::Paper),
        Just(Damage::PaperId),
    ];
    let values = (vec(person, 1..7), vec((0usize..7, damage), 1..6), any::<bool>());
    tries::run(40, &values, |(people, damages, is_a_form)| {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("policy.toml"), program::form::POLICY).unwrap();
        let run = |asked: &[&str], more: &[&str]| {
            let line = [&["batch", "--policy", "policy.toml"], asked, more].concat();
            program::form::duixian(at, &line)
        };
        let mut cells = Cells::of(people);
        let asked = cells.write(at, *is_a_form);
        let wanted = run(&asked, &[]);
        let mut done: Vec<(usize, Damage)> = Vec::new();
        let mut wrong = Vec::new();
        for (place, what) in damages.iter().map(|(place, what)| (place % people.len(), *what)) {
            if !done.contains(&(place, what)) {
                done.push((place, what));
                wrong.extend(cells.damage(people, (place, what)));
            }
        }
        cells.write(at, *is_a_form);
        let damaged = run(&asked, &["--rejects", "back.xlsx", "-o", "results.csv"]);
        if wrong.is_empty() {
            return Ok(());
        }
        if damaged.exit != Exit::Open {
            return Err(format!("{:?} {}", damaged.exit, damaged.errors));
        }
        let (sheets, heads) = if *is_a_form {
            (["申请人", "论文"], ["编号", "学位", "到区日期", "月租金（元/月）", "已有住房"])
        } else {
            (["people", "papers"], ["编号", "学位", "到区日期", "月租金（元/月）", "已有住房"])
        };
        let places: Vec<(&str, String, &str, Put)> = (wrong.into_iter())
            .map(|(is_paper, line, column, put)| {
                let sheet = sheets[usize::from(is_paper)];
                let from =
                    if *is_a_form { format!("form.xlsx {sheet}!A{line}") } else { format!("{sheet}.csv:{line}") };
                (sheet, from, if is_paper { ["编号", "题名", "等级"][column] } else { heads[column] }, put)
            })
            .collect();
        let places: Vec<(&str, &str, &str, Put)> =
            places.iter().map(|(sheet, from, head, put)| (*sheet, from.as_str(), *head, *put)).collect();
        corrected(&at.join("back.xlsx"), &places);
        let came = run(&asked, &["--corrected", "back.xlsx"]);
        if came.output == wanted.output && came.exit == wanted.exit {
            Ok(())
        } else {
            Err(format!(
                "{}\n{}\n-- undamaged:\n{}\n-- corrected:\n{}",
                damaged.errors, came.errors, wanted.output, came.output
            ))
        }
    });
}
