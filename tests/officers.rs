//! The officers' guide walked from end to end: its own commands, on a form of fifty people with mistakes of every kind in it, and on
//! a register that is not edited. What everybody gets is worked out by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::Path;

use duixian::cli::Exit;
use program::Outcome;
use program::filling::{Filling, id, leaked};
use program::form::{duixian, n, t};
use program::workbook::Put::{self, Error, Formula, Number, Text};
use program::workbook::{cells, corrected, number_of};

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

/// A part of a workbook, as it is written.
fn part(path: &Path, name: &str) -> String {
    let mut book = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(book.by_name(name).unwrap()).unwrap()
}

// Days as a workbook counts them.
const JAN_10_2024: &str = "45301";
const JAN_10_2025: &str = "45667";
const MARCH_1_2024: &str = "45352";
const JUNE_1_2024: &str = "45444";
const JUNE_15_2025: &str = "45823";

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

/// Mistakes, no two of a kind.
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
    // A record without an id: the second year of 002.
    filling.put_in(EXPERTS, 28, 0, None);
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

/// Somebody's mistakes in a form, and how they are mended.
struct Mistakes<'m> {
    /// The form, as a command of the guide calls it.
    form: &'m str,
    /// So many rows of lists belong to nobody; of the applicants 13 are rejected.
    left: usize,
    /// Where each mistake stands, and what is said of it.
    told: &'m [(&'m str, &'m str)],
    /// What is mended when the rows come back, all but two of which stay, and then in these: sheet, row, head and what is put there.
    mended: [&'m [(&'m str, &'m str, &'m str, Put)]; 2],
}

/// Walks through the guide from a form that is filled in until nothing is rejected, and on to what is signed; gives what the last
/// run says.
fn walk(at: &Path, of: &Mistakes<'_>) -> Outcome {
    let named = |command: &Vec<String>| -> Vec<String> {
        command.iter().map(|word| if word == "form.xlsx" { of.form.to_owned() } else { word.clone() }).collect()
    };
    let all: Vec<Vec<String>> = commands(&section("八")).iter().map(named).collect();
    let [_, _, first, returned, again, last] = all.as_slice() else { panic!("{all:?}") };
    let ran = run(at, first);
    assert_eq!(ran.exit, Exit::Open);
    assert!(ran.errors.contains("读入 50 行：已核算 37，退回 13"), "{}", ran.errors);
    assert!(ran.errors.contains(&format!("名单中有 {} 行没有对应的申请人", of.left)), "{}", ran.errors);
    let rejects = fs::read_to_string(at.join("rejects.csv")).unwrap();
    for (place, told) in of.told {
        let here = |line: &&str| line.starts_with(&format!("{} {place},", of.form));
        let line = rejects.lines().find(here).unwrap_or_else(|| panic!("{place}\n{rejects}"));
        assert!(line.contains(told), "{place}: {line}");
    }
    // What is signed says so, too.
    duixian(at, &["batch", of.form, "--to", "xlsx", "-o", "first.xlsx", "--rejects", "none.csv"]);
    assert!(cells(&at.join("first.xlsx"), "汇总").concat().concat().contains("行没有对应的申请人"));
    // Back to whoever filled it in, who overlooks two.
    assert_eq!(run(at, returned).exit, Exit::Open);
    let mend = |book: &str, all: &[(&str, &str, &str, Put)]| {
        let rows: Vec<String> = all.iter().map(|(_, row, ..)| format!("{} {row}", of.form)).collect();
        let all: Vec<_> =
            all.iter().zip(&rows).map(|((sheet, _, head, put), row)| (*sheet, &**row, *head, *put)).collect();
        corrected(&at.join(book), &all);
    };
    let [first, second] = of.mended;
    mend("back.xlsx", first);
    let ran = run(at, again);
    assert!(ran.errors.contains("读入 50 行：已核算 48，退回 2"), "{}", ran.errors);
    assert!(!ran.errors.contains("没有对应的申请人"), "{}", ran.errors);
    mend("again.xlsx", second);
    let ran = run(at, last);
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    assert!(ran.errors.contains("读入 50 行：已核算 50，退回 0"), "{}", ran.errors);
    let [finish] = commands(&section("九")).try_into().unwrap();
    let ran = run(at, &named(&finish));
    assert_eq!(ran.exit, Exit::Done, "{}", ran.errors);
    assert_eq!(fs::read_dir(at.join("statements")).unwrap().count(), 50);
    assert_eq!(duixian(at, &["verify", "results.xlsx"]).exit, Exit::Done);
    ran
}

/// Whether `--wide` says of everybody what was worked out by hand: awarded at least and at most, and due at least.
fn are_as_by_hand(at: &Path, wanted: impl Fn(usize) -> [&'static str; 3]) {
    let mut reader = csv::Reader::from_path(at.join("results.csv")).unwrap();
    let heads = reader.headers().unwrap().clone();
    let places = ["total awarded at_least", "total awarded at_most", "total due at_least"]
        .map(|name| heads.iter().position(|head| head == name).unwrap());
    let mut count = 0;
    for (number, row) in (1..).zip(reader.records()) {
        let row = row.unwrap();
        assert_eq!(row[0], format!("{number:03}"));
        assert_eq!(places.map(|place| row[place].to_owned()), wanted(number), "{number}");
        count = number;
    }
    assert_eq!(count, 50);
}

/// What a column of the payment list adds up to, by its head.
fn listed(at: &Path, sheet: &str, head: &str) -> f64 {
    let rows = cells(&at.join("payments.xlsx"), sheet);
    let line = rows.iter().find(|row| row[0] == "编号").unwrap_or_else(|| panic!("{rows:?}"));
    let column = line.iter().position(|known| known.starts_with(head)).unwrap_or_else(|| panic!("{line:?}"));
    let own = rows.iter().filter(|row| row[0].len() == 3 && row[0].starts_with('0'));
    own.filter_map(|row| row[column].parse::<f64>().ok()).sum()
}

fn statement(at: &Path, number: usize) -> String {
    fs::read_to_string(at.join(format!("statements/{number:05}-{number:03}.html"))).unwrap()
}

#[test]
fn fifty_people_are_worked_out_as_the_guide_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(run(at, &commands(&section("八"))[0]).exit, Exit::Done);
    let form = at.join("form.xlsx");
    let mut filling = fifty(&form);
    mistaken(&mut filling);
    filling.write(&form);
    let set = "按作用和贡献核定的补助（元）";
    let ran = walk(
        at,
        &Mistakes {
            form: "form.xlsx",
            left: 4,
            told: &[
                ("申请人!U4", "没有这个选项；应为“性别”之一；可用：女、男"),
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
                ("柔性引进的各服务年度!A28", "缺少编号"),
            ],
            mended: [
                &[
                    ("申请人", "申请人!A4", "性别", Text("男")),
                    (EXPERTS, "柔性引进的各服务年度!A6", "服务年度首日", Number(JAN_10_2024)),
                    (EXPERTS, "柔性引进的各服务年度!A9", set, Text("25 000")),
                    (EXPERTS, "柔性引进的各服务年度!A10", set, Number("25000")),
                    ("申请人", "申请人!A12", "编号", Text("011")),
                    ("申请人", "申请人!A14", "编号", Text("013")),
                    ("申请人", "申请人!A17", EXPERTS, Text("见表")),
                    (EXPERTS, "柔性引进的各服务年度!A19", "编号", Text("018")),
                    (EXPERTS, "柔性引进的各服务年度!A28", "编号", Text("002")),
                    (RESULTS, "职务成果的转化、出售!A2", "取得收益日期", Number(JUNE_1_2024)),
                    (RESULTS, "职务成果的转化、出售!A4", "转化、出售收益（元）", Number("100000")),
                    ("申请人", "申请人!A27", "本次离岗末日（仍在离岗不填）", Number(JAN_10_2025)),
                    ("申请人", "申请人!A29", "此前已发", Text("无")),
                ],
                &[
                    (EXPERTS, "柔性引进的各服务年度!A9", set, Number("25000")),
                    (RESULTS, "职务成果的转化、出售!A11", "取得收益日期", Text("2024-02-29")),
                ],
            ],
        },
    );
    // Printed, the 41 columns of what went back and the reasons take several pages beside each other, each with heads, ids and names.
    let back = at.join("back.xlsx");
    let people = number_of(&back, "申请人");
    let setup = part(&back, &format!("xl/worksheets/sheet{people}.xml"));
    let beside = setup.split_once("fitToWidth=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    assert!((3..=8).contains(&beside.parse::<u16>().unwrap()), "{beside}");
    assert!(part(&back, "xl/workbook.xml").contains("申请人!$A:$B,申请人!$1:$1"));

    are_as_by_hand(at, |number| match number {
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
    });
    // 5 × 20,000 + 10 × 25,000 + 5 × 40,000 + 4 × 30,000 = 670,000 are awarded, less 10,000 and, of 30,000, the 25,000 that were due:
    // 635,000; and 5 × 25,000 = 125,000 are open.
    assert!(ran.errors.contains("核定合计 670,000至795,000元，本次应发 635,000至760,000元"), "{}", ran.errors);
    // Twenty-four years less that of 007, which was paid: 23 lines.
    let told = "发放清单：23 笔，635,000元；待定未列 5 笔，0至125,000元；两项合计即本次应发 635,000至760,000元";
    assert!(ran.errors.contains(told), "{}", ran.errors);
    assert_eq!(listed(at, "发放", "金额"), 635_000.0);
    assert_eq!(listed(at, "待定", "至多"), 125_000.0);
    // Whoever was paid too much has it in the statement, and whoever sold a result what the share is.
    assert!(statement(at, 7).contains("5,000") && statement(at, 7).contains("待收回"));
    assert!(statement(at, 1).contains("人民币伍万元整"));
    assert!(statement(at, 21).contains("60,000"));
}

// Of Qingyuan.
const QUARTERS: &str = "实习各季度";
const SPANS: &str = "实习期间";
const TITLES: &str = "工作期间提升的职称";
const INSURED: &str = "参保期间";
const PAID: &str = "此前已发";
const DEGREE: &str = "引进时已取得的最高学位";
const ARRIVED: &str = "到区内企业就业或创业的首日";

/// Fifty people as of 15 June 2025, under a draft.
///
/// | who | what | by hand |
/// | --- | --- | --- |
/// | 001–020 | masters who arrived on 1 March 2024 | 15 complete months of 1,200: 18,000 each |
/// | 021–030 | bachelors | 15 × 1,000 = 15,000 each |
/// | 031–035 | doctors | 15 × 1,500 = 22,500 each |
/// | 036–040 | students on an internship, 22 + 11 + 11 days of months of 22 | 44 ÷ 22 × 1,000 = 2,000 each |
/// | 041–045 | risen to an associate senior title, more than a year of work insured in the zone | 20,000 each |
/// | 046–048 | nothing | 0 |
/// | 049, 050 | as the first, and nobody knows the degree | 0 to 22,500 each |
/// | 001, 002 | 20,000 and 10,000 were paid | nothing due, 2,000 too much; 8,000 due |
fn fifty_of_a_draft(form: &Path) -> Filling {
    let mut filling = Filling::of(form);
    let nobody = [
        ("评估日期", n(JUNE_15_2025)),
        ("评选为企业杰出人才日期（参评未入选填“从未”）", t("从未")),
        ("当年评选名次", None),
        ("当年评选总人数（人）", None),
    ];
    let came = ["此前在清远市域以外学习或工作", "在清远高新区企业就业或创业（已离开的填离开前）"];
    let student = ["就读高校与清远高新区管委会合作", "由学校组织到区内单位实习", "实习经人才办审核认定"];
    for number in 1..=50 {
        filling.person(number, &nobody);
        match number {
            1..=35 | 49.. => {
                came.iter().for_each(|head| filling.put(number, head, t("是")));
                filling.put(number, "出生日期", t("1995-08-20"));
                filling.put(number, ARRIVED, n(MARCH_1_2024));
                filling.put(
                    number,
                    DEGREE,
                    match number {
                        1..=20 => t("硕士"),
                        21..=30 => t("学士"),
                        31..=35 => t("博士"),
                        _ => None,
                    },
                );
            }
            36..=40 => {
                student.iter().for_each(|head| filling.put(number, head, t("是")));
                filling.put(number, "在读（培养）层次", t("本科学历"));
                [SPANS, QUARTERS].iter().for_each(|list| filling.put(number, list, t("见表")));
                filling.row(SPANS, vec![id(number), t("2024/7/1"), t("2024年9月30日")]);
                filling.row(QUARTERS, vec![id(number), t("2024-07-01"), n("22"), n("11"), n("11")]);
            }
            41..=45 => {
                [INSURED, TITLES].iter().for_each(|list| filling.put(number, list, t("见表")));
                let until = if number == 42 { t("2024-03-31") } else { t("2025-05-31") };
                filling.row(INSURED, vec![id(number), t("清远高新区"), t("2023-06-01"), until]);
                let (gained, from) = (t("2024-02-01"), t("2023-06-01"));
                filling.row(TITLES, vec![id(number), t("副高级"), gained, t("是"), from, t("2025-05-31")]);
            }
            _ => {}
        }
    }
    // The rest of what 042 was insured.
    filling.row(INSURED, vec![id(42), t("清远高新区"), t("2024-04-01"), t("2025-05-31")]);
    for (number, sum) in [(1, "20000"), (2, "10000")] {
        filling.put(number, PAID, t("见表"));
        filling.row(PAID, vec![id(number), t("19.2 青年人才生活补助"), None, n(sum), t("2025-03-20")]);
    }
    filling
}

#[test]
fn fifty_people_under_a_draft_are_worked_out_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(run(at, &commands(&section("八"))[1]).exit, Exit::Done);
    let form = at.join("draft.xlsx");
    assert!(cells(&form, "填表说明").concat().concat().contains("征求意见稿"));
    let mut filling = fifty_of_a_draft(&form);
    // A clause that there is not; a sum as text with a comma.
    filling.put_in(PAID, 2, 1, t("19.9 青年人才"));
    filling.put_in(PAID, 3, 3, t("10,000"));
    filling.put(3, DEGREE, t("硕士生"));
    filling.put(5, ARRIVED, t("去年三月"));
    filling.put(11, "编号", None);
    filling.put(13, "编号", t("012"));
    filling.put(21, "出生日期", Some(Formula));
    filling.put(25, PAID, None);
    filling.put(31, "出生日期", t("1995-02-30"));
    filling.put_in(QUARTERS, 3, 2, t("22个月"));
    filling.put_in(SPANS, 4, 0, t("099"));
    filling.put_in(TITLES, 5, 1, Some(Error));
    filling.put_in(INSURED, 7, 0, None);
    filling.put(46, "博士后进站日期", n(MARCH_1_2024));
    filling.put(46, "博士后出站日期（仍在站不填）", n(JAN_10_2024));
    filling.write(&form);
    let ran = walk(
        at,
        &Mistakes {
            form: "draft.xlsx",
            left: 2,
            told: &[
                ("此前已发!B2", "没有这个条款"),
                ("此前已发!D3", "是否应为 10000"),
                ("申请人!E4", "没有这个选项"),
                ("申请人!X6", "应为日期"),
                ("申请人!A12", "缺少编号"),
                ("申请人!A14", "与 draft.xlsx 申请人!A13 的重复"),
                ("申请人!D22", "公式没有保存结果"),
                ("申请人!AU26", "必须填 见表 或 无"),
                ("申请人!D32", "没有“1995-02-30”这一天"),
                ("实习各季度!C3", "单位不符"),
                ("实习期间!A4", "没有此编号的申请人"),
                ("申请人!S39", "名单里没有这个编号的行"),
                ("工作期间提升的职称!B5", "单元格是错误值"),
                ("参保期间!A7", "缺少编号"),
                ("申请人!J47", "出站不早于进站"),
            ],
            mended: [
                &[
                    (PAID, "此前已发!A2", "条款", Text("19.2 青年人才生活补助")),
                    (PAID, "此前已发!A3", "金额（元）", Text("10 000")),
                    ("申请人", "申请人!A4", DEGREE, Text("硕士")),
                    ("申请人", "申请人!A6", ARRIVED, Number(MARCH_1_2024)),
                    ("申请人", "申请人!A12", "编号", Text("011")),
                    ("申请人", "申请人!A14", "编号", Text("013")),
                    ("申请人", "申请人!A22", "出生日期", Text("1995-08-20")),
                    ("申请人", "申请人!A26", PAID, Text("无")),
                    (QUARTERS, "实习各季度!A3", "第一个月工作天数（天）", Number("22")),
                    (SPANS, "实习期间!A4", "编号", Text("038")),
                    (TITLES, "工作期间提升的职称!A5", "职称", Text("副高级")),
                    (INSURED, "参保期间!A7", "编号", Text("042")),
                    ("申请人", "申请人!A47", "博士后出站日期（仍在站不填）", Number(JAN_10_2025)),
                ],
                &[
                    (PAID, "此前已发!A3", "金额（元）", Number("10000")),
                    ("申请人", "申请人!A32", "出生日期", Text("1995-08-20")),
                ],
            ],
        },
    );
    are_as_by_hand(at, |number| match number {
        1 => ["18000.00", "18000.00", "0.00"],
        2 => ["18000.00", "18000.00", "8000.00"],
        3..=20 => ["18000.00", "18000.00", "18000.00"],
        21..=30 => ["15000.00", "15000.00", "15000.00"],
        31..=35 => ["22500.00", "22500.00", "22500.00"],
        36..=40 => ["2000.00", "2000.00", "2000.00"],
        41..=45 => ["20000.00", "20000.00", "20000.00"],
        49.. => ["0.00", "22500.00", "0.00"],
        _ => ["0.00", "0.00", "0.00"],
    });
    // 20 × 18,000 + 10 × 15,000 + 5 × 22,500 + 5 × 2,000 + 5 × 20,000 = 732,500, and 2 × 22,500 = 45,000 are open; of the first
    // 18,000 and 10,000 were paid.
    assert!(ran.errors.contains("核定合计 732,500至777,500元，本次应发 704,500至749,500元"), "{}", ran.errors);
    // All 45 who get something but 001.
    let told = "发放清单：44 笔，704,500元；待定未列 2 笔，0至45,000元；两项合计即本次应发 704,500至749,500元";
    assert!(ran.errors.contains(told), "{}", ran.errors);
    assert_eq!(listed(at, "发放", "金额"), 704_500.0);
    assert_eq!(listed(at, "待定", "至多"), 45_000.0);
    assert!(statement(at, 1).contains("2,000") && statement(at, 1).contains("待收回"));
    assert!(statement(at, 3).contains("人民币壹万捌仟元整"));
    // That nothing can be paid by it stands on everything.
    for sheet in ["发放", "待定"] {
        assert!(cells(&at.join("payments.xlsx"), sheet).concat().concat().contains("不作为发放依据"), "{sheet}");
    }
    assert!((1..=50).all(|number| statement(at, number).contains("不作为发放依据")));
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
    // What goes back has the words to choose from, the table's own first.
    let line: Vec<String> = work.iter().map(|word| word.replace("register.csv", "register.xlsx")).collect();
    let line: Vec<&str> = line.iter().map(String::as_str).chain(["--rejects", "back.xlsx"]).collect();
    duixian(at, &line);
    let back = part(&at.join("back.xlsx"), "xl/worksheets/sheet1.xml");
    assert!(back.contains("sqref=\"G4:G") && back.contains("<formula1>\"√,是,否\"</formula1>"), "{back}");
    let ran = worked("register.xlsx");
    let told = "register.xlsx 花名册!C5: “申请人/身份证号”列：“6229**********0038”：公民身份号码的校验码不符";
    assert!(ran.errors.contains(told) && ran.errors.contains("读入 3 行：已核算 2，退回 1"), "{}", ran.errors);
}
