//! A policy with a list, and its form.

use std::fs;
use std::io;
use std::path::Path;

use duixian::cli::Exit;

use super::workbook::Put::{self, Number, Text};
use super::{Outcome, run_in};

/// The policy.
pub const POLICY: &str = r#"
[policy]
id        = "demo"
title     = { zh = "示例办法", en = "Demo" }
issuer    = { zh = "示例区", en = "Demo zone" }
place     = { zh = "示例区", en = "Demo zone" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }
uses      = ["vocabulary"]

[facts.rank]
type  = "degree"
label = { zh = "学位", en = "Degree" }
ask   = { zh = "最高学位是什么？", en = "What is the highest degree?" }

[facts.arrived_on]
type  = "date"
label = { zh = "到区日期", en = "Arrived on" }

[facts.rent]
type  = "quantity"
unit  = "元/月"
min   = 0
label = { zh = "月租金", en = "Monthly rent" }

[facts.has_home]
type   = "bool"
absent = false
label  = { zh = "已有住房", en = "Has a home" }

[facts.papers]
type     = "list"
unit     = "项"
label    = { zh = "论文", en = "Papers" }
label_by = "title"
fields.title = { type = "text", label = { zh = "题名", en = "Title" } }
fields.rank  = { type = "degree", label = { zh = "等级", en = "Rank" } }

[[clauses]]
id       = "3"
cite     = "第三条"
title    = { zh = "租房补贴", en = "Rent subsidy" }
summary  = { zh = "按租金补贴一年，每月不超过1000元", en = "a year's rent, at most 1,000 a month" }
for      = "person"
category = "housing"
requires = [
  { test = "not has_home", zh = "没有住房", en = "without a home" },
  { test = "arrived_on >= 2024-01-01", zh = "2024年以后到区", en = "arrived in 2024 or later" },
  { test = "rank >= master", zh = "硕士以上", en = "a master's degree or higher" },
]
amount   = "min(rent, 1000元/月) * 12个月"

[[clauses]]
id       = "4"
cite     = "第四条"
title    = { zh = "论文奖励", en = "Award for papers" }
summary  = { zh = "每篇论文2000元", en = "2,000 a paper" }
for      = "person"
category = "living"
amount   = "2000元/项 * count(papers where rank >= master)"
"#;

pub fn duixian(folder: &Path, arguments: &[&str]) -> Outcome {
    run_in(folder, arguments, &mut io::empty())
}

/// A folder with the policy and its form, which was told nothing of.
pub fn folder(arguments: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
    let line = [&["template", "policy.toml", "--xlsx", "-o", "form.xlsx"], arguments].concat();
    let made = duixian(folder.path(), &line);
    assert_eq!((made.exit, made.errors.as_str(), made.output.as_str()), (Exit::Done, "", ""));
    folder
}

pub fn batch(folder: &Path, arguments: &[&str]) -> Outcome {
    duixian(folder, &[&["batch", "--policy", "policy.toml", "--wide"], arguments].concat())
}

/// Which sheet it is among all, from 1.
pub const APPLICANTS: usize = 2;
pub const PAPERS: usize = 3;
pub const PAID: usize = 4;

pub fn t(text: &'static str) -> Option<Put> {
    Some(Text(text))
}

pub fn n(number: &'static str) -> Option<Put> {
    Some(Number(number))
}
