//! The workbook that `template --xlsx` makes: opened again, filled in as an office program would, and read by `batch`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod program;

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use calamine::{Reader, Xlsx, open_workbook};
use duixian::cli::Exit;
use program::Outcome;
use program::form::{APPLICANTS, PAID, PAPERS, POLICY, batch, duixian, folder, n, t};
use program::workbook::Put::{self, Error, Formula, Number, Text};
use program::workbook::{Row, fill, rewrite};

/// The id, and what is awarded, paid and due in all, of each row.
fn sums(run: &Outcome) -> Vec<String> {
    let heads: Vec<&str> = run.output.lines().next().unwrap().split(',').collect();
    let wanted = ["id", "total awarded at_least", "total awarded at_most", "total paid", "total due at_least"];
    let places: Vec<usize> = wanted.iter().map(|name| heads.iter().position(|head| head == name).unwrap()).collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        places.iter().map(|place| cells[*place]).collect::<Vec<_>>().join(" ")
    };
    run.output.lines().skip(1).map(row).collect()
}

/// By hand: 1 has 800.50 × 12 = 9,606 for the rent and 4 × 2,000 for papers, of which 1,000 were paid; 2 has the cap of 12,000, and no paper; 3 has a
/// bachelor's degree, and nobody knows of papers. 45352 is 1 March 2024.
const GOOD: [Row<'static>; 3] = [
    &[
        Some(Text("1")),
        Some(Text("沈未央")),
        None,
        Some(Text("博士")),
        Some(Number("45352")),
        Some(Number("800.5")),
        Some(Text("否")),
        Some(Text("见表")),
        Some(Text("见表")),
    ],
    &[
        Some(Text("2")),
        None,
        Some(Text("2025-06-30")),
        Some(Text("master")),
        Some(Text("2024/3/1")),
        Some(Text("1500")),
        None,
        Some(Text("无")),
        Some(Text("无")),
    ],
    &[
        Some(Text("3")),
        None,
        None,
        Some(Text("学士")),
        Some(Text("2024年3月1日")),
        Some(Number("700")),
        None,
        Some(Text("不清楚")),
        Some(Text("无")),
    ],
];
const GOOD_PAPERS: [Row<'static>; 2] = [
    &[Some(Text("1")), Some(Text("甲")), Some(Text("硕士"))],
    &[Some(Text("1")), Some(Text("乙")), Some(Text("博士")), Some(Number("3"))],
];
const GOOD_PAID: [Row<'static>; 1] =
    [&[Some(Text("1")), Some(Text("3 租房补贴")), Some(Number("1000")), Some(Number("45737"))]];
const AWARDED: [&str; 3] =
    ["1 17606.00 17606.00 1000.00 16606.00", "2 12000.00 12000.00 0.00 12000.00", "3 0.00  0.00 0.00"];

fn filled(folder: &Path) {
    let sheets: [(usize, &[Row<'_>]); 3] = [(APPLICANTS, &GOOD), (PAPERS, &GOOD_PAPERS), (PAID, &GOOD_PAID)];
    fill(&folder.join("form.xlsx"), &sheets);
}

#[test]
fn a_form_is_in_one_language_throughout() {
    for (lang, sheets, heads) in [
        (
            "zh",
            ["填表说明", "申请人", "论文", "此前已发", "duixian"],
            ["编号", "姓名", "评估日期", "学位", "到区日期", "月租金（元/月）", "已有住房", "论文", "此前已发"],
        ),
        (
            "en",
            ["Instructions", "Applicants", "Papers", "Earlier payments", "duixian"],
            [
                "ID",
                "Name",
                "Evaluation date",
                "Degree",
                "Arrived on",
                "Monthly rent (yuan/month)",
                "Has a home",
                "Papers",
                "Earlier payments",
            ],
        ),
    ] {
        let folder = folder(&["--lang", lang]);
        let mut book: Xlsx<_> = open_workbook(folder.path().join("form.xlsx")).unwrap();
        assert_eq!(book.sheet_names(), sheets);
        let range = book.worksheet_range(sheets[1]).unwrap();
        // Nothing stands below the heads: an example is no data.
        assert_eq!(range.height(), 1);
        let found: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(found, heads);
        let names = book.defined_names();
        assert!(names.iter().any(|(name, _)| name == "duixian__applicants__rent"), "{names:?}");
        let empty = batch(folder.path(), &["form.xlsx"]);
        assert_eq!((empty.exit, empty.output.lines().count()), (Exit::Done, 1), "{}", empty.errors);
    }
}

#[test]
fn one_command_reads_all_sheets() {
    let folder = folder(&[]);
    filled(folder.path());
    let run = batch(folder.path(), &["form.xlsx"]);
    assert_eq!(sums(&run), AWARDED, "{}", run.errors);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    // A head of its own, a column that was renamed and a sheet that was too: what they hold is kept elsewhere.
    rewrite(&folder.path().join("form.xlsx"), &|name, text| match name {
        "xl/sharedStrings.xml" => text.replace("月租金（元/月）", "租金").replace("题名", "标题"),
        "xl/workbook.xml" => {
            text.replace("申请人", "2025年第一批").replace("'论文'!", "'发表'!").replace("\"论文\"", "\"发表\"")
        }
        _ => text,
    });
    let run = batch(folder.path(), &["form.xlsx"]);
    assert_eq!(sums(&run), AWARDED, "{}", run.errors);
    // A unit that can be seen in the head is the one that is meant: 800.5万元/月 is above the cap of 1,000.
    rewrite(&folder.path().join("form.xlsx"), &|_, text| text.replace("<t>租金</t>", "<t>租金（万元/月）</t>"));
    let run = batch(folder.path(), &["form.xlsx"]);
    assert_eq!(sums(&run)[0], "1 20000.00 20000.00 1000.00 19000.00", "{}", run.errors);
}

/// Hidden rows of a form count, and a hidden sheet that is no part of it does not; both are told, once.
/// Of two forms the second is opened when the first has been worked out. The rejects of the first go to a pipe that nobody empties:
/// more than it holds, so that the run waits, and the second is changed meanwhile.
#[cfg(unix)]
#[test]
fn a_form_that_is_changed_before_it_is_read_again_is_refused() {
    use std::io::Read as _;
    use std::process::Stdio;
    let folder = folder(&[]);
    fs::copy(folder.path().join("form.xlsx"), folder.path().join("first.xlsx")).unwrap();
    filled(folder.path());
    let bad: Row<'static> =
        &[Some(Text("9")), None, None, Some(Text("一个不存在的学位")), None, Some(Text("不是租金"))];
    fill(&folder.path().join("first.xlsx"), &[(APPLICANTS, &vec![bad; 1200])]);
    assert!(Command::new("mkfifo").arg(folder.path().join("rejects")).status().unwrap().success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.args([
        "batch",
        "--policy",
        "policy.toml",
        "--wide",
        "first.xlsx",
        "form.xlsx",
        "--rejects",
        "rejects",
        "--jobs",
        "1",
    ]);
    command.args(["--lang", "en"]).current_dir(folder.path()).stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut rejects = fs::File::open(folder.path().join("rejects")).unwrap();
    rewrite(&folder.path().join("form.xlsx"), &|_, text| text.replace("沈未央", "沈未来"));
    let rest = std::thread::spawn(move || rejects.read_to_end(&mut Vec::new()));
    let output = child.wait_with_output().unwrap();
    rest.join().unwrap().unwrap();
    let [results, errors] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let said = "the form was changed while it was being worked out; run this again";
    assert!(errors.lines().any(|line| line.starts_with("error: form.xlsx") && line.ends_with(said)), "{errors}");
    // Nothing of it is paid, neither by what it said before nor by what it says now.
    assert_eq!((output.status.code(), results.lines().count()), (Some(2), 1), "{results}");
}

#[test]
fn what_is_hidden_in_a_form_is_told() {
    let folder = folder(&[]);
    filled(folder.path());
    rewrite(&folder.path().join("form.xlsx"), &|name, text| match name {
        "xl/worksheets/sheet2.xml" => text.replace("<row r=\"3\"", "<row r=\"3\" hidden=\"1\""),
        "xl/worksheets/sheet3.xml" => text.replace("<row r=\"2\"", "<row r=\"2\" hidden=\"1\""),
        // A copy of the papers that the form's names know nothing of.
        "xl/workbook.xml" => {
            text.replace("</sheets>", "<sheet name=\"旧表\" sheetId=\"99\" state=\"hidden\" r:id=\"rId3\"/></sheets>")
        }
        _ => text,
    });
    let run = batch(folder.path(), &["form.xlsx"]);
    assert_eq!(sums(&run), AWARDED, "{}", run.errors);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    for told in [
        "工作表“申请人”有 1 行是隐藏的（含筛选掉的），已一并读入：第 3 行",
        "工作表“论文”有 1 行是隐藏的（含筛选掉的），已一并读入：第 2 行",
        "form.xlsx 旧表：这张隐藏的工作表不属于申请表，没有读取",
    ] {
        assert_eq!(run.errors.matches(told).count(), 1, "{told}: {}", run.errors);
    }
    assert!(!run.errors.contains("“duixian”") && !run.errors.contains("duixian："), "{}", run.errors);
}

/// Each mistake is told with its sheet and cell; the rows beside it are worked out, and every row is accounted for.
#[test]
fn every_mistake_has_its_cell() {
    let folder = folder(&[]);
    let row = |id: &'static str, at: usize, put: Option<Put>| {
        let mut row = [t(id), None, None, t("博士"), n("45352"), n("800.5"), t("否"), t("无"), t("无")];
        row[at] = put;
        row
    };
    let bad = [
        row("4", 7, None),
        row("5", 7, t("见表")),
        row("6", 8, None),
        row("7", 3, t("大专生")),
        row("8", 5, t("1,500")),
        row("9", 5, Some(Formula)),
        row("10", 4, Some(Error)),
        row("1", 6, None),
        row("12", 7, t("有")),
        row("13", 4, t("去年")),
        row("14", 5, n("-1")),
        row("15", 8, t("见表")),
    ];
    let rows: Vec<Row<'_>> = GOOD.into_iter().chain(bad.iter().map(|row| row.as_slice())).collect();
    let more: [Row<'_>; 2] = [&[t("4"), t("丙"), t("博士")], &[t("99"), t("丁"), t("博士")]];
    let papers: Vec<Row<'_>> = GOOD_PAPERS.into_iter().chain(more).collect();
    let payments: [Row<'_>; 2] = [GOOD_PAID[0], &[t("15"), t("5 没有的"), n("1")]];
    let sheets: [(usize, &[Row<'_>]); 3] = [(APPLICANTS, &rows), (PAPERS, &papers), (PAID, &payments)];
    fill(&folder.path().join("form.xlsx"), &sheets);
    let run = batch(folder.path(), &["form.xlsx", "--rejects", "rejects.csv"]);
    assert_eq!(sums(&run), AWARDED, "{}", run.errors);
    assert_eq!(run.exit, Exit::Open);
    assert!(run.errors.contains("读入 15 行：已核算 3，退回 12"), "{}", run.errors);
    assert!(run.errors.contains("名单中有 1 行没有对应的申请人"), "{}", run.errors);
    let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
    for (place, id, told) in [
        ("申请人!H5", "4", "名单里有这个编号的 1 行，这里应填“见表”"),
        ("申请人!H6", "5", "名单里没有这个编号的行"),
        ("申请人!I7", "6", "必须填 见表 或 无"),
        ("申请人!D8", "7", "没有这个选项"),
        ("申请人!F9", "8", "是否应为 1500"),
        ("申请人!F10", "9", "公式没有保存结果"),
        ("申请人!E11", "10", "单元格是错误值"),
        ("申请人!A12", "1", "与 form.xlsx 申请人!A2 的重复"),
        ("申请人!H13", "12", "这里只填 见表、无 或 不清楚"),
        ("申请人!E14", "13", "应为日期"),
        ("申请人!F15", "14", "不得小于 0元/月"),
        ("此前已发!B3", "15", "没有这个条款"),
        ("论文!A5", "99", "没有此编号的申请人"),
    ] {
        let here = |line: &&str| line.starts_with(&format!("form.xlsx {place},")) && line.contains(&format!(",{id},"));
        let line = rejects.lines().find(here).unwrap_or_else(|| panic!("{place}\n{rejects}"));
        assert!(line.contains(told), "{place}: {line}");
    }
    let run = batch(folder.path(), &["form.xlsx"]);
    assert!(run.errors.contains("form.xlsx 申请人!D8: “学位”列：“大专生”"), "{}", run.errors);
}

#[test]
fn a_form_of_another_making_is_told() {
    let told = |change: &dyn Fn(&Path), arguments: &[&str]| {
        let folder = folder(&[]);
        filled(folder.path());
        change(folder.path());
        let run = batch(folder.path(), &[&["form.xlsx"], arguments].concat());
        (run.exit, format!("{}{}", run.errors, run.output))
    };
    let policy = |from: &'static str, to: &'static str| {
        move |folder: &Path| fs::write(folder.join("policy.toml"), POLICY.replace(from, to)).unwrap()
    };
    let book = |from: &'static str, to: &'static str| {
        move |folder: &Path| {
            rewrite(&folder.join("form.xlsx"), &|name, text| {
                if name == "xl/workbook.xml" { text.replace(from, to) } else { text }
            });
        }
    };
    // Another version whose facts are the same, and one that asks for something else.
    let (exit, text) = told(&policy("2000元/项", "3000元/项"), &[]);
    assert!(exit == Exit::Done && text.contains("按“demo”的另一版本制作") && text.contains("21606.00"), "{text}");
    let (exit, text) = told(&policy("unit  = \"元/月\"", "unit  = \"元\""), &[]);
    assert_eq!(exit, Exit::Unusable, "{text}");
    let (exit, text) = told(
        &|folder| {
            let other = POLICY.replace("facts.rent", "facts.lease").replace("min(rent,", "min(lease,");
            fs::write(folder.join("policy.toml"), other).unwrap();
        },
        &[],
    );
    assert!(exit == Exit::Unusable && text.contains("有 1 项与现行版本不符：rent"), "{text}");
    let (exit, text) = told(&policy("\"demo\"", "\"other\""), &[]);
    assert!(exit == Exit::Unusable && text.contains("为政策“demo”制作，本次核算用的是“other”"), "{text}");
    // Sheets that were deleted.
    let (exit, text) = told(&book("'论文'!", "#REF!"), &[]);
    assert!(exit == Exit::Unusable && text.contains("这份名单的工作表已被删除"), "{text}");
    let (exit, text) = told(&book("'申请人'!", "#REF!"), &[]);
    assert!(exit == Exit::Unusable && text.contains("申请人的工作表已被删除"), "{text}");
    let (exit, text) = told(&book("duixian!$A$1", "#REF!$A$1"), &[]);
    assert!(exit == Exit::Unusable && text.contains("隐藏页"), "{text}");
    // Where a name was lost the head still says it; a list of which no column speaks any more is not passed over.
    let (exit, text) = told(&book("duixian__applicants__papers", "gone"), &[]);
    assert!(exit == Exit::Done && text.contains("17606.00"), "{text}");
    let gone = |folder: &Path| {
        rewrite(&folder.join("form.xlsx"), &|_, text| {
            text.replace("duixian__applicants__papers", "gone").replace("<t>论文</t>", "<t>其他</t>")
        });
    };
    let (exit, text) = told(&gone, &["--ignore-columns"]);
    assert!(exit == Exit::Open && text.contains("form.xlsx 论文!A2: 申请人表中没有这份名单的一列"), "{text}");
    // A sheet that is no part of it.
    let (exit, text) = told(&book("duixian__papers__", "gone__"), &[]);
    assert!(exit == Exit::Unusable && text.contains("form.xlsx 论文：这张工作表不属于申请表"), "{text}");
    // Other tables beside it.
    let (exit, text) = told(&|folder| fs::write(folder.join("more.csv"), "编号\n1\n").unwrap(), &["more.csv"]);
    assert!(exit == Exit::Unusable && text.contains("自带名单"), "{text}");
    let (exit, text) = told(&|_| {}, &["--list", "papers=more.csv"]);
    assert!(exit == Exit::Unusable && text.contains("不能再用 --list"), "{text}");
}

/// A sheet that a form keeps for itself, or a list's, takes no more memory than any other.
#[test]
fn a_small_form_takes_no_large_memory() {
    for sheet in ["sheet3", "sheet5"] {
        let folder = folder(&[]);
        filled(folder.path());
        let form = folder.path().join("form.xlsx");
        let texts = Cell::new(0);
        rewrite(&form, &|name, text| {
            if name != "xl/sharedStrings.xml" {
                return text;
            }
            texts.set(text.matches("<si>").count());
            text.replace("</sst>", &format!("<si><t>{}</t></si></sst>", "x".repeat(32_767)))
        });
        // One text in twelve thousand cells: 393 MB.
        let rows = (1000..13_000).map(|row| {
            let place = texts.get();
            format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>{place}</v></c></row>")
        });
        let rows: String = rows.collect();
        rewrite(&form, &|name, text| {
            if !name.ends_with(&format!("{sheet}.xml")) {
                return text;
            }
            text.replace("</sheetData>", &format!("{rows}</sheetData>"))
        });
        assert!(fs::metadata(&form).unwrap().len() < 2 << 20);
        let run = batch(folder.path(), &["form.xlsx", "--lang", "en"]);
        assert_eq!(run.exit, Exit::Unusable, "{sheet} {}", run.errors);
        assert!(run.errors.contains("up to here the workbook has more than 256 MiB"), "{sheet} {}", run.errors);
    }
}

/// A built-in policy needs not be named, and every form of every policy is read as it was made.
#[test]
fn forms_of_all_policies_are_read_as_they_are_made() {
    let folder = tempfile::tempdir().unwrap();
    for policy in duixian::policy::builtin::policies() {
        for lang in ["zh", "en"] {
            let line = ["template", policy.id, "--xlsx", "-o", "form.xlsx", "--lang", lang];
            let made = duixian(folder.path(), &line);
            assert_eq!((made.exit, made.errors.as_str()), (Exit::Done, ""), "{}", policy.id);
            let run = duixian(folder.path(), &["batch", "form.xlsx", "--to", "jsonl"]);
            assert_eq!((run.exit, run.output.as_str()), (Exit::Done, ""), "{} {lang}: {}", policy.id, run.errors);
        }
    }
}

/// As LibreOffice opens and saves it.
#[test]
fn an_office_program_keeps_what_a_form_says() {
    let found = Command::new("soffice").arg("--version").output();
    if found.is_err() {
        println!("skipped: there is no soffice on this machine");
        return;
    }
    let folder = folder(&[]);
    filled(folder.path());
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let saved = Command::new("soffice")
        .args([
            profile.as_str(),
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            "saved",
            "form.xlsx",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let saved_as = folder.path().join("saved/form.xlsx");
    assert!(saved_as.is_file(), "{}", String::from_utf8_lossy(&saved.stderr));
    let run = batch(folder.path(), &["saved/form.xlsx"]);
    assert_eq!(sums(&run), AWARDED, "{}", run.errors);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
}

/// Of a form everything is known: no map is proposed for its instructions.
#[test]
fn a_form_needs_no_map() {
    let folder = folder(&[]);
    let run = duixian(folder.path(), &["columns", "form.xlsx", "--policy", "policy.toml"]);
    assert_eq!((run.exit, run.output.as_str()), (Exit::Unusable, ""));
    assert!(
        run.errors.contains("form.xlsx：这是本程序生成的申请表") && run.errors.contains("duixian batch"),
        "{}",
        run.errors
    );
}
