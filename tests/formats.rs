//! Workbooks as office programs save them: what the formats of their cells say of numbers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::io;
use std::path::Path;

use duixian::cli::Exit;
use program::{Outcome, demo, run_in};
use rust_xlsxwriter::{Format, Workbook};

const FACTS: &str = r#"
[facts.share]
type  = "quantity"
label = { zh = "比例", en = "Share" }
"#;

/// The rent of a year, in part.
fn folder() -> tempfile::TempDir {
    demo::folder(&demo::policy_with(FACTS, "amount = \"rent * share * 12个月\"\n"))
}

fn batch(folder: &Path, arguments: &[&str]) -> Outcome {
    let line = [&["batch", "--policy", "policy.toml", "--wide", "--kind", "person"], arguments].concat();
    run_in(folder, &line, &mut io::empty())
}

/// One row: a rent below this head, with this format, and a share likewise; what is awarded, or what is told.
fn one(rent: (&str, f64, &str), share: (&str, f64, &str)) -> Result<String, String> {
    let folder = folder();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["编号", rent.0, share.0].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), text).unwrap();
    }
    sheet.write_string(1, 0, "甲").unwrap();
    for (column, (_, number, format)) in [rent, share].into_iter().enumerate() {
        let format = Format::new().set_num_format(format);
        sheet.write_number_with_format(1, u16::try_from(column).unwrap() + 1, number, &format).unwrap();
    }
    book.save(folder.path().join("a.xlsx")).unwrap();
    let run = batch(folder.path(), &["a.xlsx"]);
    match run.exit {
        Exit::Done => Ok(run.output.lines().nth(1).unwrap().split(',').nth(3).unwrap().to_owned()),
        _ => Err(run.errors),
    }
}

/// The stored value counts: 800元/月 × 20% × 12 = 1,920.
#[test]
fn a_format_is_a_unit() {
    for (rent, share) in [
        (("月租金（元/月）", 800.0, "General"), ("比例（%）", 20.0, "0")),
        (("月租金", 800.0, "0\"元/月\""), ("比例", 0.2, "0%")),
        (("月租金（元/月）", 800.0, "#,##0.00\"元/月\""), ("比例（%）", 0.2, "0.0%")),
        (("月租金（万元/月）", 0.08, "0.00"), ("比例", 0.2, "General")),
        (("月租金", 0.08, "0.00\" 万元/月\""), ("比例", 0.2, "0.00")),
        // 9,600元/年 are 800元/月.
        (("月租金", 9600.0, "0\"元/年\""), ("比例", 0.2, "0.00")),
    ] {
        assert_eq!(one(rent, share).as_deref(), Ok("1920.00"), "{rent:?} {share:?}");
    }
}

#[test]
fn what_a_format_shows_is_what_is_meant_or_it_is_refused() {
    let share = ("比例", 0.2, "0.00");
    for (head, number, format, told) in [
        ("月租金（元/月）", 800.0, "0\"万元/月\"", "单元格格式的单位是万元/月，列名的单位是元/月"),
        ("月租金（元/月）", 800.0, "0\"股\"", "单元格格式的单位是股"),
        ("月租金", 800.0, "0\"股\"", "单位“股”不认识"),
        ("月租金", 800.0, "0\"元\"", "单位是元"),
        ("月租金", 800.0, "0%", "单位是纯数"),
        ("月租金（元/月）", 800.0, "0,", "显示的数与保存的不同"),
        ("月租金（元/月）", 800.0, "0!.0,\"万元/月\"", "显示的数与保存的不同"),
        ("月租金", 800.0, "0", "写进列名，如“月租金（元/月）”"),
    ] {
        let errors = one((head, number, format), share).unwrap_err();
        assert!(errors.contains(told), "{head} {format}: {errors}");
    }
}

/// Old workbooks and those with a password look alike from outside.
#[test]
fn what_is_no_open_workbook_says_what_to_do() {
    let folder = folder();
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (rest, told) in [(b"rest of it".to_vec(), "旧式表格文件（.xls、.et）"), (encrypted, "加了密码")] {
        fs::write(folder.path().join("a.xlsx"), [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), rest].concat()).unwrap();
        let run = batch(folder.path(), &["a.xlsx"]);
        assert!(run.errors.contains(told), "{}", run.errors);
        assert_eq!(run.exit, Exit::Unusable);
    }
}
