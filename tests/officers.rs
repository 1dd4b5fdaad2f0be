//! The officers' guide walked from end to end: its own commands, on a form of fifty people with mistakes of every kind in it, and on
//! a register that is not edited. What everybody gets is worked out by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use duixian::cli::Exit;
use program::Outcome;
use program::form::{duixian, n, t};
use program::workbook::Put::{self, Error, Formula, Number, Text};
use program::workbook::{Row, cells, corrected, fill, number_of};

/// A section of the guide, from its heading to the next.
fn section(number: &str) -> String {
    let page = fs::read_to_string("docs/officers.zh.md").unwrap();
    let start = page.find(&format!("\n## {number}、")).unwrap();
    let rest = &page[start + 1..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

/// Its commands, in their order.
fn commands(section: &str) -> Vec<Vec<String>> {
    let lines = section.lines().filter_map(|line| line.strip_prefix("$ duixian "));
    lines.map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

fn run(folder: &Path, command: &[String]) -> Outcome {
    duixian(folder, &command.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The block of the guide that writes this file.
fn block(section: &str, name: &str) -> String {
    let (_, rest) = section.split_once(&format!(" {name}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

const EXPERTS: &str = "柔性引进的各服务年度";
const RESULTS: &str = "职务成果的转化、出售";
const RESEARCHER: &str = "高校、科研院所等事业单位的科研人员";

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// A form that is filled in: applicants by their heads, and the rows of other sheets.
struct Filling {
    heads: Vec<String>,
    plain: Vec<Option<Put>>,
    people: Vec<Vec<Option<Put>>>,
    lists: BTreeMap<&'static str, Vec<Vec<Option<Put>>>>,
}

impl Filling {
    /// For a form where nobody is anything: what is not said otherwise is 否 or 无.
    fn of(form: &Path) -> Filling {
        let heads = cells(form, "申请人").remove(0);
        let known: Vec<Vec<String>> = cells(form, "duixian").into_iter().filter(|row| row[3] == "applicants").collect();
        assert_eq!(known.len(), heads.len());
        let plain = known.iter().map(|row| match row[6].as_str() {
            "bool" => t("否"),
            "list" => t("无"),
            number if number.starts_with("number") => n("0"),
            _ => None,
        });
        Filling { plain: plain.collect(), heads, people: Vec::new(), lists: BTreeMap::new() }
    }

    fn place(&self, head: &str) -> usize {
        self.heads.iter().position(|known| known == head).unwrap_or_else(|| panic!("{head}"))
    }

    fn person(&mut self, number: usize, own: &[(&str, Option<Put>)]) {
        let mut row = self.plain.clone();
        row[0] = t(leaked(format!("{number:03}")));
        row[1] = t(leaked(format!("申请人{number}")));
        self.people.push(row);
        own.iter().for_each(|(head, put)| self.put(number, head, *put));
    }

    /// Puts something into the row of the applicant of this number.
    fn put(&mut self, number: usize, head: &str, put: Option<Put>) {
        let place = self.place(head);
        self.people[number - 1][place] = put;
    }

    fn row(&mut self, list: &'static str, row: Vec<Option<Put>>) {
        self.lists.entry(list).or_default().push(row);
    }

    /// Puts something into a row of a list, by its line.
    fn put_in(&mut self, list: &str, line: usize, column: usize, put: Option<Put>) {
        self.lists.get_mut(list).unwrap()[line - 2][column] = put;
    }

    fn write(&self, form: &Path) {
        let people: Vec<Row<'_>> = self.people.iter().map(Vec::as_slice).collect();
        let lists: Vec<(usize, Vec<Row<'_>>)> = (self.lists.iter())
            .map(|(list, rows)| (number_of(form, list), rows.iter().map(Vec::as_slice).collect()))
            .collect();
        let mut sheets: Vec<(usize, &[Row<'_>])> = vec![(number_of(form, "申请人"), &people)];
        sheets.extend(lists.iter().map(|(sheet, rows)| (*sheet, rows.as_slice())));
        fill(form, &sheets);
    }
}

/// A part of a workbook, as it is written.
fn part(path: &Path, name: &str) -> String {
    let mut book = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(book.by_name(name).unwrap()).unwrap()
}

fn id(number: usize) -> Option<Put> {
    t(leaked(format!("{number:03}")))
}

// Days as a workbook counts them.
const JAN_10_2024: &str = "45301";
const JAN_10_2025: &str = "45667";
const MARCH_1_2024: &str = "45352";
const JUNE_1_2024: &str = "45444";

/// Fifty people.
///
/// | who | what | by hand |
/// | --- | --- | --- |
/// | 001–005 | an expert's year from 10 January 2024, 18,000 set | the floor: 20,000 each |
/// | 006–015 | the same, 25,000 set | 25,000 each |
/// | 016–020 | the same, 40,000 set | 40,000 each |
/// | 001–004 | a second year, 30,000 set | 30,000 each besides |
/// | 006, 007 | 10,000 and 30,000 were paid | 15,000 due; nothing due, 5,000 too much |
/// | 021–040 | a result sold for 100,000, of which 60% were agreed | 60,000 each, from whoever employs them: in no sum |
/// | 041–045 | nothing | 0 |
/// | 046–050 | a year as an expert of 25,000, of whom nobody knows whether the rules make them one | 0 to 25,000 each |
fn fifty(form: &Path) -> Filling {
    let mut filling = Filling::of(form);
    for number in 1..=50 {
        match number {
            1..=20 | 46..=50 => filling.person(number, &[(EXPERTS, t("见表")), ("性别", t("女"))]),
            21..=40 => filling.person(number, &[(RESEARCHER, t("是")), (RESULTS, t("见表"))]),
            _ => filling.person(number, &[]),
        }
    }
    for number in (1..=20).chain(46..=50) {
        let set = match number {
            1..=5 => "18000",
            16..=20 => "40000",
            _ => "25000",
        };
        let is_one = if number > 45 { None } else { t("是") };
        filling.row(EXPERTS, vec![id(number), is_one, n(JAN_10_2024), None, n(set)]);
    }
    for number in 1..=4 {
        filling.row(EXPERTS, vec![id(number), t("是"), n(JAN_10_2025), None, n("30000")]);
    }
    for number in 21..=40 {
        let name = t(leaked(format!("成果{number}")));
        let patent = t(leaked(format!("ZL2024{number}")));
        filling.row(RESULTS, vec![id(number), name, patent, n(JUNE_1_2024), n("100000"), n("20000"), n("60")]);
    }
    for (number, sum) in [(6, "10000"), (7, "30000")] {
        filling.put(number, "此前已发", t("见表"));
        let clause = t("2.1 柔性引进高层次人才补助");
        filling.row("此前已发", vec![id(number), clause, t("2024-01-10"), n(sum), n(MARCH_1_2024)]);
    }
    filling
}

/// Thirteen mistakes, no two of a kind.
fn mistaken(filling: &mut Filling) {
    // A word that is none of those to choose from.
    filling.put(3, "性别", t("男性"));
    // A text for a day; sums as text with a comma, and with another unit. Of a list the line is the number and the heads' line.
    filling.put_in(EXPERTS, 6, 2, t("去年年底"));
    filling.put_in(EXPERTS, 9, 4, t("25,000"));
    filling.put_in(EXPERTS, 10, 4, t("25000元/月"));
    // No id, and an id twice.
    filling.put(11, "编号", None);
    filling.put(13, "编号", t("012"));
    // There is none, it says, and there is one.
    filling.put(16, EXPERTS, t("无"));
    // A record of somebody who is not here, and so none of whoever it is of.
    filling.put_in(EXPERTS, 19, 0, t("099"));
    // A formula without its value, and an error.
    filling.put_in(RESULTS, 2, 3, Some(Formula));
    filling.put_in(RESULTS, 4, 4, Some(Error));
    // A leave that ends before it begins.
    filling.put(26, "离岗创办企业", t("是"));
    filling.put(26, "本次离岗首日", n(MARCH_1_2024));
    filling.put(26, "本次离岗末日（仍在离岗不填）", n(JAN_10_2024));
    // What must be said is not.
    filling.put(28, "此前已发", None);
    // A day that there is not.
    filling.put_in(RESULTS, 11, 3, t("2024-02-30"));
}

/// What `--wide` says of each applicant: awarded at least and at most, and due at least.
fn sums(path: &Path) -> BTreeMap<String, [String; 3]> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads = reader.headers().unwrap().clone();
    let places = ["total awarded at_least", "total awarded at_most", "total due at_least"]
        .map(|name| heads.iter().position(|head| head == name).unwrap());
    let row = |row: csv::StringRecord| (row[0].to_owned(), places.map(|place| row[place].to_owned()));
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn fifty_people_are_worked_out_as_the_guide_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let walk = commands(&section("八"));
    let [make, _, first, returned, again, last] = walk.as_slice() else { panic!("{walk:?}") };
    let [finish] = commands(&section("九")).try_into().unwrap();
    assert_eq!(run(at, make).exit, Exit::Done);
    let form = at.join("form.xlsx");
    let mut filling = fifty(&form);
    mistaken(&mut filling);
    filling.write(&form);

    let ran = run(at, first);
    assert_eq!(ran.exit, Exit::Open);
    assert!(ran.errors.contains("读入 50 行：已核算 37，退回 13"), "{}", ran.errors);
    assert!(ran.errors.contains("名单中有 3 行没有对应的申请人"), "{}", ran.errors);
    let rejects = fs::read_to_string(at.join("rejects.csv")).unwrap();
    for (place, told) in [
        ("申请人!U4", "没有这个选项"),
        ("柔性引进的各服务年度!C6", "应为日期"),
        ("柔性引进的各服务年度!E9", "25000"),
        ("柔性引进的各服务年度!E10", "元/月"),
        ("申请人!A12", "缺少编号"),
        ("申请人!A14", "与 form.xlsx 申请人!A13 的重复"),
        ("申请人!K17", "应填“见表”"),
        ("申请人!K19", "名单里没有这个编号的行"),
        ("职务成果的转化、出售!D2", "公式没有保存结果"),
        ("职务成果的转化、出售!E4", "单元格是错误值"),
        ("申请人!H27", "离岗末日不早于首日"),
        ("申请人!AO29", "必须填 见表 或 无"),
        ("职务成果的转化、出售!D11", "没有“2024-02-30”这一天"),
        ("柔性引进的各服务年度!A12", "没有此编号的申请人"),
        ("柔性引进的各服务年度!A14", "没有此编号的申请人"),
        ("柔性引进的各服务年度!A19", "没有此编号的申请人"),
    ] {
        let here = |line: &&str| line.starts_with(&format!("form.xlsx {place},"));
        let line = rejects.lines().find(here).unwrap_or_else(|| panic!("{place}\n{rejects}"));
        assert!(line.contains(told), "{place}: {line}");
    }

    // Back to whoever filled it in, who overlooks two.
    assert_eq!(run(at, returned).exit, Exit::Open);
    let back = at.join("back.xlsx");
    // Printed, its 41 columns and the reasons take several pages beside each other, each with heads, ids and names.
    let people = number_of(&back, "申请人");
    let setup = part(&back, &format!("xl/worksheets/sheet{people}.xml"));
    let beside = setup.split_once("fitToWidth=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    assert!((3..=8).contains(&beside.parse::<u16>().unwrap()), "{beside}");
    assert!(part(&back, "xl/workbook.xml").contains("申请人!$A:$B,申请人!$1:$1"));
    corrected(
        &back,
        &[
            ("申请人", "form.xlsx 申请人!A4", "性别", Text("男")),
            (EXPERTS, "form.xlsx 柔性引进的各服务年度!A6", "服务年度首日", Number(JAN_10_2024)),
            (EXPERTS, "form.xlsx 柔性引进的各服务年度!A9", "按作用和贡献核定的补助（元）", Text("25 000")),
            (EXPERTS, "form.xlsx 柔性引进的各服务年度!A10", "按作用和贡献核定的补助（元）", Number("25000")),
            ("申请人", "form.xlsx 申请人!A12", "编号", Text("011")),
            ("申请人", "form.xlsx 申请人!A14", "编号", Text("013")),
            ("申请人", "form.xlsx 申请人!A17", EXPERTS, Text("见表")),
            (EXPERTS, "form.xlsx 柔性引进的各服务年度!A19", "编号", Text("018")),
            (RESULTS, "form.xlsx 职务成果的转化、出售!A2", "取得收益日期", Number(JUNE_1_2024)),
            (RESULTS, "form.xlsx 职务成果的转化、出售!A4", "转化、出售收益（元）", Number("100000")),
            ("申请人", "form.xlsx 申请人!A27", "本次离岗末日（仍在离岗不填）", Number(JAN_10_2025)),
            ("申请人", "form.xlsx 申请人!A29", "此前已发", Text("无")),
        ],
    );
    let ran = run(at, again);
    assert!(ran.errors.contains("读入 50 行：已核算 48，退回 2"), "{}", ran.errors);
    let more = at.join("again.xlsx");
    corrected(
        &more,
        &[
            (EXPERTS, "form.xlsx 柔性引进的各服务年度!A9", "按作用和贡献核定的补助（元）", Number("25000")),
            (RESULTS, "form.xlsx 职务成果的转化、出售!A11", "取得收益日期", Text("2024-02-29")),
        ],
    );
    let ran = run(at, last);
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    assert!(ran.errors.contains("读入 50 行：已核算 50，退回 0"), "{}", ran.errors);

    // Everybody, as by hand.
    let found = sums(&at.join("results.csv"));
    let numbers: Vec<String> = (1..=50).map(|number| format!("{number:03}")).collect();
    assert!(found.keys().eq(numbers.iter()), "{:?}", found.keys());
    for (number, name) in (1..=50).zip(&numbers) {
        let wanted = match number {
            // 20,000 + 30,000
            1..=4 => ["50000.00", "50000.00", "50000.00"],
            5 => ["20000.00", "20000.00", "20000.00"],
            // 25,000 − 10,000; 25,000 − 30,000 is nothing
            6 => ["25000.00", "25000.00", "15000.00"],
            7 => ["25000.00", "25000.00", "0.00"],
            8..=15 => ["25000.00", "25000.00", "25000.00"],
            16..=20 => ["40000.00", "40000.00", "40000.00"],
            46..=50 => ["0.00", "25000.00", "0.00"],
            _ => ["0.00", "0.00", "0.00"],
        };
        assert_eq!(found[name], wanted, "{name}");
    }

    // Results, statements and the list.
    let ran = run(at, &finish);
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    assert_eq!(fs::read_dir(at.join("statements")).unwrap().count(), 50);
    // 5 × 20,000 + 10 × 25,000 + 5 × 40,000 + 4 × 30,000 = 670,000 are awarded, less 10,000 and, of 30,000, the 25,000 that were due:
    // 635,000; and 5 × 25,000 = 125,000 are open.
    assert!(ran.errors.contains("核定合计 670,000至795,000元，本次应发 635,000至760,000元"), "{}", ran.errors);
    // Twenty-four years less that of 007, which was paid: 23 lines.
    let told = "发放清单：23 笔，635,000元；待定未列 5 笔，0至125,000元；两项合计即本次应发 635,000至760,000元";
    assert!(ran.errors.contains(told), "{}", ran.errors);
    let sum = |sheet: &str, column: usize| -> f64 {
        let rows = cells(&at.join("payments.xlsx"), sheet);
        rows.iter()
            .filter(|row| row[0].len() == 3 && row[0].starts_with('0'))
            .filter_map(|row| row[column].parse::<f64>().ok())
            .sum()
    };
    let heads = |sheet: &str| cells(&at.join("payments.xlsx"), sheet);
    let of = |sheet: &str, head: &str| {
        let rows = heads(sheet);
        let line = rows.iter().find(|row| row[0] == "编号").unwrap_or_else(|| panic!("{rows:?}"));
        line.iter().position(|known| known.starts_with(head)).unwrap_or_else(|| panic!("{line:?}"))
    };
    assert_eq!(sum("发放", of("发放", "金额")), 635_000.0);
    assert_eq!(sum("待定", of("待定", "至多")), 125_000.0);
    // Whoever was paid too much has it in the statement, and whoever sold a result what the share is.
    let statement =
        |number: usize| fs::read_to_string(at.join(format!("statements/{number:05}-{number:03}.html"))).unwrap();
    assert!(statement(7).contains("5,000") && statement(7).contains("待收回"));
    assert!(statement(1).contains("人民币伍万元整"));
    assert!(statement(21).contains("60,000"));
    assert_eq!(duixian(at, &["verify", "results.xlsx"]).exit, Exit::Done);
}

#[test]
fn a_register_is_worked_out_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let page = section("十");
    fs::write(at.join("register.csv"), block(&page, "register.csv")).unwrap();
    fs::write(at.join("map.toml"), block(&page, "map.toml")).unwrap();
    let all = commands(&page);
    let [propose, work] = all.as_slice() else { panic!("{all:?}") };
    // As an office keeps it, in a workbook with merged titles and heads.
    let lines: Vec<Vec<String>> = {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(at.join("register.csv")).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let plain = rust_xlsxwriter::Format::new();
    let made = |wrong: bool| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("花名册").unwrap();
        for (row, line) in (0_u32..).zip(&lines) {
            for (column, text) in (0_u16..).zip(line).filter(|(_, text)| !text.is_empty()) {
                let is_a_number = row > 2 && column == 5;
                // The last character of the second number is changed.
                let text = if wrong && row == 4 && column == 2 { text.replace("0037", "0038") } else { text.clone() };
                if is_a_number {
                    sheet.write_number(row, column, text.parse::<f64>().unwrap()).unwrap();
                } else {
                    sheet.write_string(row, column, text).unwrap();
                }
            }
        }
        sheet.merge_range(0, 0, 0, 7, &lines[0][0], &plain).unwrap();
        sheet.merge_range(1, 1, 1, 3, "申请人", &plain).unwrap();
        sheet.merge_range(1, 4, 1, 6, "服务年度1", &plain).unwrap();
        book.save(at.join("register.xlsx")).unwrap();
    };
    made(false);
    // What is proposed for the workbook is what is proposed for the text, but for its name.
    let proposed = |name: &str| {
        let line: Vec<String> = propose.iter().map(|word| word.replace("register.csv", name)).collect();
        run(at, &line).output.replace(name, "").replace("sheet  = \"花名册\"\n", "")
    };
    assert_eq!(proposed("register.csv"), proposed("register.xlsx"));
    let worked = |name: &str| {
        let line: Vec<String> = work.iter().map(|word| word.replace("register.csv", name)).collect();
        run(at, &line)
    };
    // 25,000 + 20,000, the floor of what is 18,000, + 60,000.
    for name in ["register.csv", "register.xlsx"] {
        let ran = worked(name);
        assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
        assert!(ran.errors.contains("核定合计 105,000元"), "{}", ran.errors);
        let list = fs::read_to_string(at.join("list.csv")).unwrap();
        assert!(list.contains("6217000000000000002,linxia/2.1,2024-09-01,20000.00"), "{list}");
        assert!(!list.contains("622922"), "{list}");
    }
    made(true);
    let ran = worked("register.xlsx");
    let told = "register.xlsx 花名册!C5: “申请人/身份证号”列：“6229**********0038”：公民身份号码的校验码不符";
    assert!(ran.errors.contains(told) && ran.errors.contains("读入 3 行：已核算 2，退回 1"), "{}", ran.errors);
}

#[test]
fn what_comes_of_a_draft_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let made = run(at, &commands(&section("八"))[1]);
    assert_eq!(made.exit, Exit::Done, "{}", made.errors);
    let form = at.join("draft.xlsx");
    assert!(cells(&form, "填表说明").concat().concat().contains("征求意见稿"));
    let mut filling = Filling::of(&form);
    filling.person(1, &[("引进时已取得的最高学位", t("硕士"))]);
    for head in ["此前在清远市域以外学习或工作", "在清远高新区企业就业或创业（已离开的填离开前）"]
    {
        filling.put(1, head, t("是"));
    }
    filling.put(1, "到区内企业就业或创业的首日", n(MARCH_1_2024));
    filling.put(1, "出生日期", t("1995-08-20"));
    filling.write(&form);
    let line = ["batch", "draft.xlsx", "--as-of", "2025-06-15", "--to", "xlsx", "-o", "results.xlsx"];
    let ran = duixian(at, &[&line[..], &["--statements", "statements", "--payments", "payments.xlsx"]].concat());
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    // 15 complete months of 1,200 from 1 March 2024 to 15 June 2025.
    assert!(ran.errors.contains("核定合计 18,000元"), "{}", ran.errors);
    assert!(cells(&at.join("payments.xlsx"), "发放").concat().concat().contains("不作为发放依据"));
    assert!(fs::read_to_string(at.join("statements/00001-001.html")).unwrap().contains("不作为发放依据"));
}
