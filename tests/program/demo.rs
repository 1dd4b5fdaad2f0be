//! A small policy, for tests that are about files and not about money: a subsidy of a person's rent.

use std::fs;

use tempfile::TempDir;

const HEAD: &str = r#"
[policy]
id        = "demo"
title     = { zh = "示例办法", en = "Demo" }
issuer    = { zh = "示例区", en = "Demo zone" }
place     = { zh = "示例区", en = "Demo zone" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }
uses      = ["vocabulary"]

[facts.rent]
type  = "quantity"
unit  = "元/月"
label = { zh = "月租金", en = "Monthly rent" }
"#;

const CLAUSE: &str = r#"
[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "租房补贴", en = "Rent subsidy" }
summary  = { zh = "补贴租金", en = "the rent" }
for      = "person"
category = "housing"
"#;

/// The rent of a year: of `rent = "800元/月"`, 9,600.
pub fn policy() -> String {
    policy_with("", "amount   = \"rent * 12个月\"\n")
}

/// The policy with more facts than the rent, and with these keys at the end of its clause.
pub fn policy_with(facts: &str, keys: &str) -> String {
    [HEAD, facts, CLAUSE, keys].concat()
}

/// A folder that holds nothing but this policy, as `policy.toml`.
pub fn folder(policy: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    folder
}
