//! The tables of `docs/dates.md`: in each row the first expression gives the second. Every row becomes a clause whose one
//! condition is that they are equal.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;

use duixian::applicant::{self, When};
use duixian::assess::assess;
use duixian::assess::model::Status;
use duixian::lang::Lang;
use duixian::policy;
use duixian::source::Source;
use duixian::value::Day;

const HEAD: &str = r#"
[policy]
id     = "dates"
title  = { zh = "日期", en = "Dates" }
issuer = { zh = "测试", en = "Tests" }
status = "in_force"
[applicants.person]
label = { zh = "个人", en = "Person" }
"#;

/// The line of each row and its two expressions.
fn rows(page: &str) -> Vec<(usize, &str, &str)> {
    page.lines()
        .enumerate()
        .filter_map(|(place, line)| {
            let mut cells = line.strip_prefix("| `")?.split('`');
            let (left, _, right) = (cells.next()?, cells.next()?, cells.next()?);
            Some((place + 1, left, right))
        })
        .collect()
}

#[test]
fn every_row_gives_what_it_says() {
    let page = fs::read_to_string("docs/dates.md").unwrap();
    let rows = rows(&page);
    let clause = |(line, left, right): &(usize, &str, &str)| {
        format!(
            "[[clauses]]\nid = \"{line}\"\ncite = \"{line}\"\nkind = \"service\"\nfor = \"person\"\n\
             title = {{ zh = \"行\", en = \"row\" }}\n\
             requires = [{{ test = \"{left} == {right}\", zh = \"相等\", en = \"equal\" }}]\n"
        )
    };
    let text = HEAD.to_owned() + &rows.iter().map(clause).collect::<String>();
    let (policy, faults) = policy::read(&Source::new("docs/dates.md", text), &|_| None);
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let policy = policy.unwrap_or_else(|| panic!("{shown}"));
    let source = Source::new("person", "[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n");
    let day = Day::parse("2025-06-30").unwrap();
    let (applicant, _) = applicant::read(&source, &[&policy], When { as_of: None, today: day });
    let assessment = assess(&[&policy], &applicant.unwrap());
    assert_eq!(assessment.lines.len(), rows.len());
    assert!(rows.len() > 30, "the tables of docs/dates.md were not found");
    let checked = rows.iter().zip(&assessment.lines);
    let wrong: Vec<_> = checked.filter(|(_, line)| line.status != Status::Met).map(|(row, _)| row).collect();
    assert!(wrong.is_empty(), "docs/dates.md: line, expression, and what it does not give: {wrong:#?}");
}
