//! A law of registers: a table that somebody keeps, with any title, heads, marks and order of columns, comes by the map that is
//! proposed for it to the same results as the same people in a table of the program's own, or to none.
//!
//! `DUIXIAN_LAWS=2000:7 cargo test --test registers` tries 2,000 registers of seed 7.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use duixian::cli::Exit;
use proptest::collection::vec;
use proptest::prelude::*;

const POLICY: &str = r#"
[policy]
id        = "demo"
title     = { zh = "示例办法", en = "Demo" }
issuer    = { zh = "示例区", en = "Demo zone" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }
uses      = ["vocabulary"]

[facts.grant]
type  = "quantity"
unit  = "元"
label = { zh = "引进补助", en = "Grant" }

[facts.rank]
type  = "degree"
label = { zh = "学位", en = "Degree" }

[facts.moved]
type  = "bool"
label = { zh = "已迁户口", en = "Household moved" }

[facts.children]
type  = "list"
unit  = "人"
label = { zh = "子女", en = "Children" }
fields.name       = { type = "text", label = { zh = "姓名", en = "Name" } }
fields.birth_date = { type = "date", label = { zh = "出生日期", en = "Date of birth" } }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "引进补助", en = "Grant" }
for      = "person"
requires = [{ test = "rank >= bachelor", zh = "学士以上", en = "a degree" }, { test = "moved", zh = "已迁户口", en = "moved" }]
amount   = "grant"

[[clauses]]
id     = "2"
cite   = "第二条"
title  = { zh = "子女补贴", en = "Children" }
for    = "person"
amount = "1000元/人 * count(children where birth_date >= 2020-01-01)"
"#;

/// A person; what is not known is left blank.
#[derive(Clone, Debug)]
struct Person {
    /// In thousands of 元.
    grant: Option<u32>,
    /// Among `RANKS`.
    rank: Option<usize>,
    moved: Option<bool>,
    /// Years of birth.
    children: Vec<u32>,
}

const RANKS: [&str; 4] = ["专科", "学士", "硕士", "博士"];

/// How a register is kept.
#[derive(Clone, Debug)]
struct Keeping {
    titles: usize,
    two_rows: bool,
    total: bool,
    grant: usize,
    rank: usize,
    moved: usize,
    /// Whether the day stands as `2021-05-01`, `2021/5/1` or `2021年5月1日`.
    day: usize,
    noise: bool,
    /// Whether something stands over a column that is alone below it.
    alone: bool,
    /// Whether it is a workbook, with merged heads and titles.
    is_a_book: bool,
    /// Sorts the columns.
    order: Vec<u32>,
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let person = (
        proptest::option::weighted(0.9, 1u32..90),
        proptest::option::weighted(0.9, 0usize..4),
        proptest::option::weighted(0.9, any::<bool>()),
        vec(2012u32..2025, 0..3),
    );
    vec(person.prop_map(|(grant, rank, moved, children)| Person { grant, rank, moved, children }), 1..7)
}

fn keeping() -> impl Strategy<Value = Keeping> {
    let marks = (0usize..4, 0usize..3, 0usize..4, 0usize..3);
    let whether = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (0usize..3, whether, marks, vec(any::<u32>(), 16)).prop_map(
        |(titles, (two_rows, total, noise, alone, is_a_book), (grant, rank, moved, day), order)| Keeping {
            titles,
            two_rows,
            total,
            grant,
            rank,
            moved,
            day,
            noise,
            alone,
            is_a_book,
            order,
        },
    )
}

/// A column: what stands over it where heads take two rows, its head, and its cells.
struct Column(&'static str, String, Vec<String>);

/// The columns in any order; those of one child stay together, as the merged cell over them wants.
fn columns(people: &[Person], keeping: &Keeping) -> Vec<Column> {
    let each = |cell: &dyn Fn(usize, &Person) -> String| -> Vec<String> {
        people.iter().enumerate().map(|(place, person)| cell(place, person)).collect()
    };
    let grant = |_: usize, person: &Person| match (person.grant, keeping.grant) {
        (None, _) => String::new(),
        (Some(grant), 0) => format!("{}.{}", grant / 10, grant % 10),
        (Some(grant), 1) => format!("{}000", grant),
        (Some(grant), 2) => format!("{grant}000元"),
        // Nobody knows of which unit.
        (Some(grant), _) => format!("{grant}000"),
    };
    let head = ["引进补助（万元）", "引进补助(元)", "引进补助", "引进补助"][keeping.grant];
    let rank = |_: usize, person: &Person| {
        person.rank.map_or(String::new(), |rank| match (keeping.rank, RANKS[rank]) {
            (1, "硕士" | "博士") => format!("{}研究生", RANKS[rank]),
            // A diploma is no degree.
            (2, "学士") => "本科".to_owned(),
            (_, word) => word.to_owned(),
        })
    };
    let (yes, no) = [("√", "×"), ("是", "否"), ("Y", "N"), ("有", "无")][keeping.moved];
    let moved =
        |_: usize, person: &Person| person.moved.map_or(String::new(), |moved| if moved { yes } else { no }.to_owned());
    let mut groups = vec![
        vec![Column("", "编号".to_owned(), each(&|place, _| format!("r{place}")))],
        vec![
            Column("申请人", "姓名".to_owned(), each(&|place, _| format!("人{place}"))),
            Column("申请人", "联系电话".to_owned(), each(&|place, _| format!("1380000{place:04}"))),
        ],
        vec![Column(if keeping.alone { "个人信息" } else { "" }, head.to_owned(), each(&grant))],
        vec![Column(if keeping.alone { "基本情况" } else { "" }, "学位".to_owned(), each(&rank))],
        vec![Column("", "已迁户口".to_owned(), each(&moved))],
    ];
    if keeping.noise {
        groups.push(vec![Column("", "备注".to_owned(), each(&|place, _| format!("见材料{place}")))]);
    }
    let most = people.iter().map(|person| person.children.len()).max().unwrap_or(0);
    for number in 0..most {
        let over = ["子女1", "子女2"][number];
        let name = |place: usize, person: &Person| {
            person.children.get(number).map_or(String::new(), |_| format!("子{place}{number}"))
        };
        let born = |_: usize, person: &Person| {
            person.children.get(number).map_or(String::new(), |year| match keeping.day {
                0 => format!("{year}-05-01"),
                1 => format!("{year}/5/1"),
                _ => format!("{year}年5月1日"),
            })
        };
        groups
            .push(vec![Column(over, "姓名".to_owned(), each(&name)), Column(over, "出生日期".to_owned(), each(&born))]);
    }
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|place| keeping.order[*place]);
    let mut groups: Vec<Option<Vec<Column>>> = groups.into_iter().map(Some).collect();
    order.into_iter().flat_map(|place| groups[place].take().unwrap()).collect()
}

/// The lines of a register, and how many of them are titles and heads.
fn register(people: &[Person], keeping: &Keeping) -> (Vec<Vec<String>>, usize, usize) {
    let columns = columns(people, keeping);
    let alone =
        |text: &str| std::iter::once(text.to_owned()).chain((1..columns.len()).map(|_| String::new())).collect();
    let titles = ["人才花名册", "填报单位：示例区"].iter().take(keeping.titles);
    let mut lines: Vec<Vec<String>> = titles.map(|title| alone(title)).collect();
    if keeping.two_rows {
        let mut last = "";
        let over = |column: &Column| match (column.0, &column.1) {
            ("", head) => {
                last = "";
                head.clone()
            }
            (group, _) => {
                let first = group != last;
                last = group;
                if first { group.to_owned() } else { String::new() }
            }
        };
        lines.push(columns.iter().map(over).collect());
        let own = |column: &Column| if column.0.is_empty() { String::new() } else { column.1.clone() };
        lines.push(columns.iter().map(own).collect());
    } else {
        // In one row the group and the head are one word.
        let head = |Column(group, head, _): &Column| match *group {
            "" | "申请人" | "个人信息" | "基本情况" => head.clone(),
            group => format!("{group}{head}"),
        };
        lines.push(columns.iter().map(head).collect());
    }
    for place in 0..people.len() {
        lines.push(columns.iter().map(|column| column.2[place].clone()).collect());
    }
    if keeping.total {
        lines.push(alone("合计"));
    }
    (lines, keeping.titles, 1 + usize::from(keeping.two_rows))
}

fn as_csv(lines: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    lines.iter().for_each(|line| writer.write_record(line).unwrap());
    writer.into_inner().unwrap()
}

/// As an office keeps it: titles over the whole width, a head over all columns and lines that it is for.
fn as_book(lines: &[Vec<String>], titles: usize, heads: usize) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let format = rust_xlsxwriter::Format::new();
    let sheet = book.add_worksheet();
    let at = |place: usize| u32::try_from(place).unwrap();
    let of = |place: usize| u16::try_from(place).unwrap();
    let cell = |line: usize, column: usize| lines[line].get(column).map_or("", String::as_str);
    let last = lines[0].len() - 1;
    for (place, line) in lines.iter().enumerate() {
        for (column, text) in line.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let below = titles + heads;
            let is_head = (titles..below).contains(&place);
            let down =
                if is_head && heads == 2 && place == titles && cell(place + 1, column).is_empty() { 1 } else { 0 };
            let room = |next: &usize| is_head && place + 1 < below && cell(place, *next).is_empty();
            let mut right = column + (column + 1..=last).take_while(room).count();
            if place < titles {
                right = last;
            }
            if down > 0 || right > column {
                sheet.merge_range(at(place), of(column), at(place + down), of(right), text, &format).unwrap();
            } else {
                sheet.write_string(at(place), of(column), text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The same people as the program's own heads have them, and their children.
fn plain(people: &[Person]) -> (String, String) {
    let (mut table, mut children) = ("id,name,grant,rank,moved\n".to_owned(), "id,name,birth_date\n".to_owned());
    for (place, person) in people.iter().enumerate() {
        let grant = person.grant.map_or(String::new(), |grant| format!("{grant}000元"));
        let rank = person.rank.map_or("", |rank| RANKS[rank]);
        let moved = person.moved.map_or("", |moved| if moved { "是" } else { "否" });
        table.push_str(&format!("r{place},人{place},{grant},{rank},{moved}\n"));
        for (number, year) in person.children.iter().enumerate() {
            children.push_str(&format!("r{place},子{place}{number},{year}-05-01\n"));
        }
    }
    (table, children)
}

/// Each row of a table by its heads.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| heads.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn holds(folder: &Path, people: &[Person], keeping: &Keeping, sure: &Cell<u32>) -> Result<(), String> {
    let (lines, titles, heads) = register(people, keeping);
    let (table, children) = plain(people);
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let csv = as_csv(&lines);
    let register = if keeping.is_a_book { "register.xlsx" } else { "register.csv" };
    write(register, &if keeping.is_a_book { as_book(&lines, titles, heads) } else { csv.clone() });
    write("plain.csv", table.as_bytes());
    write("children.csv", children.as_bytes());
    let run = |line: &[&str]| program::run_in(folder, line, &mut std::io::empty());
    let by_id = "children=children.csv";
    let mut line = vec!["batch", "plain.csv", "--policy", "demo", "--kind", "person", "--wide"];
    // Of whom no child is listed, nobody knows whether there is one: a list table would say that there is none.
    let listed = people.iter().all(|person| !person.children.is_empty());
    if listed {
        line.extend(["--list", by_id]);
    } else if people.iter().any(|person| !person.children.is_empty()) {
        return Ok(());
    }
    let wanted = run(&line);
    let proposed = run(&["columns", register, "--policy", "demo"]);
    write("map.toml", proposed.output.as_bytes());
    let line = ["batch", register, "--columns", "map.toml", "--policy", "demo", "--kind", "person", "--wide"];
    let found = run(&line);
    let text = String::from_utf8(csv).unwrap();
    let shown =
        || format!("{register}\n{text}\n{}\n{}\n{}\n{}", proposed.output, proposed.errors, found.output, found.errors);
    if proposed.errors.contains("待人核定 0 列") {
        sure.set(sure.get() + 1);
        let (wanted, found) = (rows(&wanted.output), rows(&found.output));
        let same = wanted.len() == found.len()
            && wanted
                .iter()
                .zip(&found)
                .all(|(wanted, found)| wanted.iter().all(|(head, cell)| found.get(head) == Some(cell)));
        // Nothing that is only guessed is sure.
        let guessed = keeping.grant == 3 && people.iter().any(|person| person.grant.is_some());
        if !same || guessed {
            return Err(format!("sure, and read otherwise (guessed: {guessed}):\n{}", shown()));
        }
    } else if found.exit == Exit::Done || !found.output.is_empty() {
        return Err(format!("not sure, and worked out:\n{}", shown()));
    }
    Ok(())
}

#[test]
fn a_register_comes_to_what_a_plain_table_comes_to_or_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("demo")).unwrap();
    fs::write(folder.path().join("demo/policy.toml"), POLICY).unwrap();
    let sure = Cell::new(0);
    program::tries::run(150, &(people(), keeping()), |(people, keeping)| holds(folder.path(), people, keeping, &sure));
    let (cases, _) = program::tries::size(150);
    assert!(sure.get() * 10 >= cases, "of {cases} registers only {} were read", sure.get());
}

/// A register that is no form: faults of its rows name the sheet and the cell, and so do those of a list's table. Colours and comments are
/// nothing; of 100,000 rows each is accounted for.
#[test]
fn a_large_register_is_told_by_sheet_and_cell() {
    use program::form::{POLICY, batch as of_form};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    let rows: u32 = 100_000;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("花名册").unwrap();
    let red = rust_xlsxwriter::Format::new().set_background_color(rust_xlsxwriter::Color::Red);
    for (column, head) in (0..).zip(["编号", "学位", "月租金（元/月）"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for row in 1..=rows {
        sheet.write_string(row, 0, format!("r{row}")).unwrap();
        sheet.write_string(row, 1, if row == rows { "院士" } else { "硕士" }).unwrap();
        sheet.write_number(row, 2, 800).unwrap();
    }
    sheet.write_string(50_000, 0, "r1").unwrap();
    sheet.write_string_with_format(7, 1, "博士", &red).unwrap();
    sheet.insert_note(7, 2, &rust_xlsxwriter::Note::new("已核")).unwrap();
    book.save(at.join("people.xlsx")).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("论文").unwrap();
    for (row, cells) in
        (0..).zip([["编号", "题名", "等级"], ["r2", "甲", "硕士"], ["r3", "乙", "院士"], ["x", "丙", "硕士"]])
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save(at.join("papers.xlsx")).unwrap();
    let line = ["people.xlsx", "--list", "papers=papers.xlsx", "--kind", "person", "-o", "out.csv", "--taken-only"];
    let run = of_form(at, &line);
    for words in [
        "people.xlsx 花名册!B100001: “学位”列：“院士”",
        "people.xlsx 花名册!A50001: 编号与 people.xlsx 花名册!A2 的重复",
        "papers.xlsx 论文!C3: “等级”列：“院士”",
        "papers.xlsx 论文!A4: “编号”列：“x”：没有此编号的申请人",
        "读入 100000 行：已核算 99997，退回 3",
    ] {
        assert!(run.errors.contains(words), "{words}\n{}", run.errors);
    }
    assert_eq!(run.exit, Exit::Open);
}

/// What a register has besides its applicants is never taken for one, and no number is read of which a spreadsheet has kept the
/// beginning only; as a workbook and as CSV alike.
#[test]
fn what_is_no_applicant_is_told_and_what_is_cut_short_is_refused() {
    use program::form::{POLICY, batch as of_form};
    const HEADS: [&str; 6] = ["编号", "学位", "到区日期", "月租金（元/月）", "已有住房", "银行账号"];
    let good = |id: &'static str| [id, "硕士", "2024-03-01", "800", "否", "0012"];
    let rows: [([&str; 6], &str); 15] = [
        (good("a"), ""),
        (good("总计部"), ""),
        (good("1E5"), ""),
        (["合计", "", "", "1600", "", ""], "A5: “编号”列：“合计”：这一行像合计、注或落款，不是申请人"),
        ([" 小 计：", "", "", "800", "", ""], "A6: “编号”列：“小 计：”：这一行像合计"),
        (["注：本表一式三份", "", "", "", "", ""], "A7: “编号”列：“注：本表一式三份”：这一行像合计"),
        (["审核人：李四", "", "", "", "", ""], "A8: “编号”列：“审核人：李四”：这一行像合计"),
        (HEADS, "A9: “编号”列：“编号”：这一行是列名，不是申请人"),
        (["编号", "题名", "等级", "", "", ""], "A10: "),
        (good("4.41802E+17"), "A11: “编号”列：“4.41802E+17”：这是表格软件对长号码的科学计数显示"),
        (["b", "硕士", "2024-03-01", "800", "否", "6.217E+18"], "F12: “银行账号”列：“6.217E+18”：这是表格软件"),
        (["c", "硕士", "2024年3月", "800", "否", ""], "C13: “到区日期”列：“2024年3月”：应为日期，写到日"),
        (["d", "硕士", "20240301", "800", "否", ""], "C14: “到区日期”列：“20240301”：应为日期，写到日"),
        (["e", "硕士", "2024-03-01", "800", "0", ""], "E15: “已有住房”列：“0”：应填 是 或 否"),
        (good("f"), ""),
    ];
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("policy.toml"), POLICY).unwrap();
    let lines: Vec<Vec<String>> =
        std::iter::once(HEADS).chain(rows.map(|(row, _)| row)).map(|row| row.map(str::to_owned).to_vec()).collect();
    fs::write(at.join("people.csv"), as_csv(&lines)).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0..).zip(&lines) {
        for (column, text) in (0..).zip(row).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(line, column, text).unwrap();
        }
    }
    book.save(at.join("people.xlsx")).unwrap();
    let run = |file: &str| {
        let line = [file, "--kind", "person", "--as-of", "2025-06-30", "--keep", "银行账号", "--taken-only"];
        let run = of_form(at, &line);
        // Four good rows of 800元/月 × 12个月.
        assert!(run.errors.contains("读入 15 行：已核算 4，退回 11"), "{}", run.errors);
        let of_rows = |text: &str| text.lines().filter(|line| line.contains(",0012,")).count();
        assert_eq!((of_rows(&run.output), run.output.matches(",9600.00,9600.00,").count()), (4, 4), "{}", run.output);
        run.errors
    };
    let (of_book, of_csv) = (run("people.xlsx"), run("people.csv"));
    for (row, (_, words)) in rows.iter().enumerate().filter(|(_, (_, words))| !words.is_empty()) {
        assert!(of_book.contains(&format!("people.xlsx Sheet1!{words}")), "{words}\n{of_book}");
        let (_, words) = words.split_once(": ").unwrap();
        assert!(of_csv.contains(&format!("people.csv:{}: {words}", row + 2)), "{words}\n{of_csv}");
    }
}

/// A number that is shown with zeros before it is that text where it is an id or an account.
#[test]
fn zeros_that_a_format_shows_stay() {
    use program::form::{POLICY, batch as of_form};
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let zeros = |format: &str| rust_xlsxwriter::Format::new().set_num_format(format);
    for (column, head) in (0..).zip(["编号", "银行账号", "学位", "月租金（元/月）"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for (row, id) in [(1, 17), (2, 1_234_567)] {
        sheet.write_number_with_format(row, 0, id, &zeros("000000")).unwrap();
        sheet.write_number_with_format(row, 1, 62, &zeros("00000000")).unwrap();
        sheet.write_string(row, 2, "硕士").unwrap();
        sheet.write_number_with_format(row, 3, 800, &zeros("00000")).unwrap();
    }
    book.save(folder.path().join("people.xlsx")).unwrap();
    let line = ["people.xlsx", "--kind", "person", "--as-of", "2025-06-30", "--keep", "银行账号", "--taken-only"];
    let run = of_form(folder.path(), &line);
    assert!(
        run.output.contains("\n000017,,00000062,") && run.output.contains("\n1234567,,00000062,"),
        "{}",
        run.output
    );
    // 800元/月 × 12个月, whatever zeros stand before it; nobody knows when they came.
    assert_eq!(run.output.matches(",0.00,9600.00,").count(), 2, "{}{}", run.output, run.errors);
}
