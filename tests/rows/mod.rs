//! Rows of a page's table, `| `expression` | `expression` | … |`: each must give what it says. Every row becomes a clause
//! whose one condition is that the two are equal.

#![allow(dead_code, reason = "each test uses what it needs")]

use duixian::applicant::{self, When};
use duixian::assess::assess;
use duixian::assess::model::Status;
use duixian::lang::Lang;
use duixian::policy;
use duixian::source::Source;
use duixian::value::Day;

/// A line of a page and its two expressions.
pub type Row<'a> = (usize, &'a str, &'a str);

/// The rows of a page.
pub fn rows(page: &str) -> Vec<Row<'_>> {
    page.lines()
        .enumerate()
        .filter_map(|(place, line)| {
            let mut cells = line.strip_prefix("| `")?.split('`');
            let (left, between, right) = (cells.next()?, cells.next()?, cells.next()?);
            (between == " | ").then_some((place + 1, left, right))
        })
        .collect()
}

/// Those that do not give what they say, for a policy whose last clause has everything but its condition.
pub fn wrong<'a>(rows: &[Row<'a>], policy: &str, applicant: &str) -> Vec<Row<'a>> {
    let (head, clause) = policy.split_once("[[clauses]]").unwrap();
    let (before, id) = clause.split_once("id ").unwrap();
    let (_, after) = id.split_once('\n').unwrap();
    let clause = |(line, left, right): &Row| {
        let id = format!("id = \"{line}\"\n");
        let requires = format!("requires = [{{ test = '({left}) == ({right})', zh = \"相等\", en = \"equal\" }}]\n");
        format!("[[clauses]]{before}{id}{requires}{after}\n")
    };
    let text = head.to_owned() + &rows.iter().map(clause).collect::<String>();
    let (policy, faults) = policy::read(&Source::new("rows", text), &|_| None);
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let policy = policy.unwrap_or_else(|| panic!("{shown}"));
    let day = Day::parse("2025-06-30").unwrap();
    let source = Source::new("applicant", applicant);
    let (applicant, faults) =
        applicant::read(&source, &[&policy], When { as_of: None, today: day, ignore_payments: false });
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let assessment = assess(&[&policy], &applicant.unwrap_or_else(|| panic!("{shown}")));
    assert_eq!(assessment.lines.len(), rows.len());
    let checked = rows.iter().zip(&assessment.lines);
    // What asks for no fact is stated.
    let holds = |status: Status| matches!(status, Status::Met | Status::Stated);
    checked.filter(|(_, line)| !holds(line.status)).map(|(row, _)| *row).collect()
}
