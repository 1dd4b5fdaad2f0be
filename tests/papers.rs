//! What leaves the office: a folder of statements and a payment list, as `batch` makes them beside its results.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use duixian::cli::Exit;
use program::{Outcome, demo, run_in};
use tempfile::TempDir;

/// A year's rent to whoever lives here; the second clause has two places, by the score.
const FACTS: &str = "
[facts.lives_here]
type  = \"bool\"
label = { zh = \"在区居住\", en = \"Lives here\" }

[facts.score]
type  = \"quantity\"
label = { zh = \"评分\", en = \"Score\" }
";
const KEYS: &str = "
requires = [{ test = \"lives_here\", zh = \"在区居住\", en = \"lives here\" }]
amount   = \"rent * 12个月\"

[[clauses]]
id     = \"2\"
cite   = \"第二条\"
title  = { zh = \"入选奖励\", en = \"Prize\" }
for    = \"person\"
office = { zh = \"人才办\", en = \"Talent office\" }
requires = [{ test = \"score >= 60\", zh = \"评分合格\", en = \"a sufficient score\" }]
amount = \"5000元\"
limits = [{ at_most = 2, order = \"score\", order_by = \"highest_first\", across = \"applicants\", zh = \"两名\", en = \"two places\" }]
";

const TABLE: &str = "id,name,account,rent,lives_here,score
11010519491231002X,林听澜,6222020200112233445,1000.05元/月,true,90
a/../b,周,6222020200112233446,500元/月,,80
A,李,6222020200112233447,800元/月,true,70
a,王,6222020200112233448,800元/月,false,50
";

fn folder(status: &str) -> TempDir {
    let policy = demo::policy_with(FACTS, KEYS).replace("in_force", status);
    let folder = demo::folder(&policy);
    fs::write(folder.path().join("people.csv"), TABLE).unwrap();
    folder
}

fn batch(folder: &Path, more: &[&str]) -> Outcome {
    let always = ["batch", "people.csv", "--policy", "policy.toml", "--kind", "person", "--as-of", "2025-06-30"];
    run_in(folder, &[&always[..], &["--keep", "account", "-o", "results.csv"], more].concat(), &mut io::empty())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_statement_says_what_is_paid() {
    let folder = folder("in_force");
    let run = batch(folder.path(), &["--statements", "out"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let out = folder.path().join("out");
    // Ids that differ by case, or would lead elsewhere, have files of their own.
    assert_eq!(names(&out), ["00001-1101__________002X.html", "00002-a____b.html", "00003-A.html", "00004-a.html"]);
    let page = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let first = page("00001-1101__________002X.html");
    // 1000.05 × 12 + 5000 = 17,000.60.
    for said in
        ["人民币壹万柒仟元陆角整", "6222020200112233445", "1101**********002X", "人才办", "people.csv", "单位（盖章）"]
    {
        assert!(first.contains(said), "{said}\n{first}");
    }
    assert!(!first.contains("11010519491231002X") && !first.contains("不作为发放依据】</p>"), "{first}");
    let second = page("00002-a____b.html");
    assert!(second.contains("金额尚未确定，不能据此发放"), "{second}");
    // Third by the score, where there are two places: settled, and told as settled.
    let third = page("00003-A.html");
    assert!(third.contains("人民币玖仟陆佰元整"), "{third}");
    assert!(!third.contains("未核"), "{third}");
    let run = batch(folder.path(), &["--statements", "shown", "--unmasked", "--due-only", "--lang", "en"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    assert_eq!(
        names(&folder.path().join("shown")),
        ["00001-11010519491231002X.html", "00002-a____b.html", "00003-A.html"]
    );
}

#[test]
fn who_signs_stands_in_a_file() {
    let folder = folder("draft");
    let signing = "office = \"<某办>\"\n[[lines]]\nrole = \"复核\"\ntitle = \"科长\"\n";
    fs::write(folder.path().join("signing.toml"), signing).unwrap();
    let run = batch(folder.path(), &["--statements", "out", "--signing", "signing.toml"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let page = fs::read_to_string(folder.path().join("out/00003-A.html")).unwrap();
    for said in ["&lt;某办&gt;", "<th>复核<br>科长</th>", "signing.toml", " class=\"no-basis\">"] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert!(!page.contains("盖章"));
    fs::write(folder.path().join("signing.toml"), "[[lines]]\ntitle = \"科长\"\n").unwrap();
    let run = batch(folder.path(), &["--statements", "out2", "--signing", "signing.toml"]);
    assert!(run.exit == Exit::Unusable && run.errors.contains("signing.toml:1"), "{}", run.errors);
}

#[test]
fn a_folder_is_new_and_whole_or_not_there() {
    let folder = folder("in_force");
    let here = folder.path();
    fs::create_dir(here.join("full")).unwrap();
    fs::write(here.join("full/old.html"), "old").unwrap();
    fs::create_dir(here.join("empty")).unwrap();
    let before = names(here);
    for (arguments, told) in [
        (&["--statements", "full"][..], "新的（或空的）文件夹"),
        (&["--statements", "people.csv"], "people.csv 是一个文件"),
        (&["--statements", "none/out"], "没有这个文件夹"),
        (&["--statements", "."], "新的（或空的）文件夹"),
        (&["--statements", "empty", "--rejects", "empty/rejects.csv"], "新的（或空的）文件夹"),
        (&["--payments", "-"], "要给出文件"),
        (&["--payments", "full"], "要给出文件"),
        (&["--statements", "out", "--unsettled"], "涉及全部申请人的限额"),
        (&["--payments", "pay.csv", "--unsettled"], "涉及全部申请人的限额"),
    ] {
        let run = batch(here, arguments);
        assert_eq!(run.exit, Exit::Unusable, "{arguments:?} {}", run.errors);
        assert!(run.errors.contains(told), "{arguments:?} {}", run.errors);
        assert_eq!(names(here), before, "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(here.join("full/old.html")).unwrap(), "old");
    let run = batch(here, &["--statements", "empty"]);
    assert_eq!((run.exit, names(&here.join("empty")).len()), (Exit::Done, 4), "{}", run.errors);
    // Of a row that is refused only when the whole table is known there is no statement.
    fs::write(here.join("people.csv"), format!("{TABLE}A,双,1,800元/月,true,99\n")).unwrap();
    let run = batch(here, &["--statements", "out"]);
    assert_eq!((run.exit, names(&here.join("out")).len()), (Exit::Open, 4), "{}", run.errors);
}

/// What a line would ask of a limit under another reading is told nobody where the line comes out the same; it is settled all the same.
#[test]
fn papers_are_made_where_another_reading_would_ask_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let samples = fs::canonicalize("samples/qingyuan").unwrap();
    fs::create_dir(folder.path().join("people")).unwrap();
    for sample in ["bachelor-turned-31", "enterprise-papers-to-follow", "enterprise-runs-classes"] {
        fs::copy(samples.join(format!("{sample}.toml")), folder.path().join(format!("people/{sample}.toml"))).unwrap();
    }
    let line = ["batch", "people", "--policy", "qingyuan", "-o", "out.csv", "--statements", "out"];
    let run = run_in(folder.path(), &line, &mut io::empty());
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    assert_eq!(names(&folder.path().join("out")).len(), 3);
}

/// The lines of a table, each by its heads.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| heads.iter().cloned().zip(row.iter().map(str::to_owned)).collect()).collect()
}

#[test]
fn what_is_paid_and_what_is_open_are_what_is_due() {
    let folder = folder("in_force");
    let here = folder.path();
    let run = batch(here, &["--payments", "pay.csv"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    let paid = table(&here.join("pay.csv"));
    let of = |row: &BTreeMap<String, String>, heads: &[&str]| {
        heads.iter().map(|head| row[*head].clone()).collect::<Vec<_>>()
    };
    let heads = ["编号", "account", "条款", "金额（元）", "发放日期", "所属期间", "注意"];
    let rows: Vec<Vec<String>> = paid.iter().map(|row| of(row, &heads)).collect();
    // 1000.05 × 12 = 12,000.60; 800 × 12 = 9600; places for the best two of 90, 80, 70.
    assert_eq!(
        rows,
        [
            ["11010519491231002X", "6222020200112233445", "demo/1", "12000.60", "", "一次性", ""],
            ["11010519491231002X", "6222020200112233445", "demo/2", "5000.00", "", "一次性", ""],
            ["a/../b", "6222020200112233446", "demo/2", "5000.00", "", "一次性", ""],
            ["A", "6222020200112233447", "demo/1", "9600.00", "", "一次性", ""],
            ["合计", "", "", "31600.60", "", "", ""],
        ]
    );
    let open = table(&here.join("pay-open.csv"));
    assert_eq!(open.len(), 2);
    assert_eq!(of(&open[1], &["编号", "至少（元）", "至多（元）"]), ["合计", "0.00", "6000.00"]);
    assert_eq!(
        of(&open[0], &["编号", "条款", "至少（元）", "至多（元）", "待补"]),
        ["a/../b", "demo/1", "0.00", "6000.00", "在区居住"]
    );
    // 12,000.60 + 5000 + 5000 + 9600 = 31,600.60, and up to 500 × 12 = 6000 more.
    let told = "发放清单：4 笔，31,600.60元；待定未列 1 笔，0至6,000元；两项合计即本次应发 31,600.60至37,600.60元";
    assert!(run.errors.contains(told), "{}", run.errors);
    // It comes back as it is, and nothing of it is due again.
    let run = batch(here, &["--list", "paid=pay.csv", "--payments", "again.csv"]);
    assert_eq!(run.exit, Exit::Done, "{}", run.errors);
    assert!(run.errors.contains("发放清单：0 笔，0元；待定未列 1 笔，0至6,000元"), "{}", run.errors);
    // Columns of other tables are not passed over for that.
    fs::write(here.join("paid.csv"), "编号,条款,金额（元）,所属期间\nA,1,10,x\n").unwrap();
    let run = batch(here, &["--list", "paid=paid.csv"]);
    assert!(run.exit == Exit::Unusable && run.errors.contains("所属期间"), "{}", run.errors);
}

/// A payment with a misspelt id may have been to somebody on the list, who would be paid twice.
#[test]
fn a_payment_list_says_that_rows_of_lists_belong_to_nobody() {
    let folder = folder("in_force");
    let here = folder.path();
    fs::write(here.join("paid.csv"), "编号,条款,金额（元）\nB,1,9600\n").unwrap();
    let run = batch(here, &["--list", "paid=paid.csv", "--payments", "pay.csv"]);
    assert_eq!(run.exit, Exit::Open, "{}", run.errors);
    for name in ["pay.csv", "pay-open.csv"] {
        let rows = table(&here.join(name));
        let last = rows.last().unwrap();
        assert!(last["编号"] == "合计" && last["注意"].contains("1 行不知属于谁，未计入"), "{name}: {last:?}");
    }
}

#[test]
fn a_payment_list_is_a_workbook_that_comes_back() {
    for lang in ["zh", "en"] {
        let folder = folder("in_force");
        let here = folder.path();
        let run = batch(here, &["--payments", "pay.xlsx", "--lang", lang]);
        assert_eq!(run.exit, Exit::Done, "{}", run.errors);
        let mut book: Xlsx<_> = open_workbook(here.join("pay.xlsx")).unwrap();
        let sheets = if lang == "zh" {
            ["发放", "待定", "说明", "record"]
        } else {
            ["Payments", "Open", "About", "record"]
        };
        assert_eq!(book.sheet_names(), sheets);
        let rows = book.worksheet_range(sheets[0]).unwrap();
        assert_eq!(rows.get_value((1, 2)), Some(&Data::String("6222020200112233445".to_owned())));
        assert_eq!(rows.get_value((1, 5)), Some(&Data::Float(12_000.6)));
        assert_eq!(book.worksheet_range(sheets[1]).unwrap().height(), 3);
        // 31,600.60 below four lines.
        let total = if lang == "zh" { "合计" } else { "Total" };
        assert_eq!(rows.get_value((5, 0)), Some(&Data::String(total.to_owned())));
        assert_eq!(rows.get_value((5, 5)), Some(&Data::Float(31_600.6)));
        let run = batch(here, &["--list", "paid=pay.xlsx", "--lang", "zh", "--payments", "again.csv"]);
        assert_eq!(run.exit, Exit::Done, "{}", run.errors);
        assert!(run.errors.contains("发放清单：0 笔，0元"), "{}", run.errors);
    }
}

#[test]
fn what_gives_no_claim_is_marked_on_every_page() {
    for (status, as_of, mark) in [("draft", "2025-06-30", "征求意见稿"), ("in_force", "2027-01-01", "已过有效期")]
    {
        let folder = folder(status);
        let here = folder.path();
        let line = ["batch", "people.csv", "--policy", "policy.toml", "--kind", "person", "--as-of", as_of];
        let run = run_in(
            here,
            &[&line[..], &["--keep", "account", "--payments", "pay.xlsx", "--statements", "out"]].concat(),
            &mut io::empty(),
        );
        assert_eq!(run.exit, Exit::Done, "{}", run.errors);
        let mut book: Xlsx<_> = open_workbook(here.join("pay.xlsx")).unwrap();
        for sheet in ["发放", "待定"] {
            let rows = book.worksheet_range(sheet).unwrap();
            let above = rows.get_value((0, 0)).unwrap().to_string();
            assert!(above.contains("不作为发放依据") && above.contains(mark), "{above}");
        }
        let more = ["--keep", "account", "--payments", "pay.csv"];
        let run = run_in(here, &[&line[..], &more].concat(), &mut io::empty());
        assert_eq!(run.exit, Exit::Done, "{}", run.errors);
        let list = fs::read_to_string(here.join("pay.csv")).unwrap();
        assert!(list.starts_with("不作为发放依据") && list.contains(mark), "{list}");
        // Whoever was paid all the same was paid: it comes back, and what stands above it is told.
        for list in ["pay.xlsx", "pay.csv"] {
            let paid = format!("paid={list}");
            let more = ["--keep", "account", "--list", &paid, "--payments", "again.csv"];
            let run = run_in(here, &[&line[..], &more].concat(), &mut io::empty());
            assert_eq!(run.exit, Exit::Done, "{}", run.errors);
            assert!(run.errors.contains("第 1 行在列名之上，作为标题略过：“不作为发放依据"), "{}", run.errors);
            assert!(run.errors.contains("发放清单：0 笔，0元"), "{}", run.errors);
        }
        let page = fs::read_to_string(here.join("out/00003-A.html")).unwrap();
        assert!(
            page.contains(" class=\"no-basis\">") && page.contains(&format!("【{mark}、不作为发放依据】")),
            "{page}"
        );
    }
}
