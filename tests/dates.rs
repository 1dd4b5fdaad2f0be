//! The tables of `docs/dates.md`: in each row the first expression gives the second.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod rows;

use std::fs;

const POLICY: &str = r#"
[policy]
id     = "dates"
title  = { zh = "日期", en = "Dates" }
issuer = { zh = "测试", en = "Tests" }
status = "in_force"
[applicants.person]
label = { zh = "个人", en = "Person" }
[[clauses]]
id    = "row"
cite  = "行"
title = { zh = "行", en = "row" }
for   = "person"
kind  = "service"
"#;

#[test]
fn every_row_gives_what_it_says() {
    let page = fs::read_to_string("docs/dates.md").unwrap();
    let rows = rows::rows(&page);
    assert!(rows.len() > 30, "the tables of docs/dates.md were not found");
    let wrong = rows::wrong(&rows, POLICY, "[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n");
    assert!(wrong.is_empty(), "docs/dates.md: line, expression, and what it does not give: {wrong:#?}");
}
