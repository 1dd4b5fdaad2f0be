//! What a check says of an applicant that it shows, held against `calc`.

#![allow(dead_code, reason = "each test uses what it needs")]

use duixian::applicant::{self, When};
use duixian::assess::assess;
use duixian::assess::model::{Assessment, Line, Status};
use duixian::clause::kind::Counted;
use duixian::diagnostic::Diagnostic;
use duixian::lang::Lang;
use duixian::policy::Policy;
use duixian::source::Source;
use duixian::value::{Day, Interval, Number};

fn calc(policy: &Policy, file: &str) -> Result<Assessment, String> {
    let source = Source::new("applicant.toml", file);
    let (read, faults) =
        applicant::read(&source, &[policy], When { as_of: None, today: Day::FIRST, ignore_payments: false });
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    match read {
        Some(read) if faults.is_empty() => Ok(assess(&[policy], &read)),
        _ => Err(format!("`calc` does not take this applicant:\n{shown}\n{file}")),
    }
}

/// What is awarded in all, or under these clauses.
fn awarded(assessment: &Assessment, clauses: Option<&[&str]>) -> Option<Number> {
    let Some(clauses) = clauses else { return assessment.totals.awarded.as_point() };
    let own = assessment
        .lines
        .iter()
        .filter(|line| line.counted == Counted::Total && clauses.contains(&line.clause.as_str()));
    Interval::sum(own.filter_map(|line| Some(line.amounts.as_ref()?.awarded)))?.as_point()
}

/// The applicant with the value that a remark names: `name = "79人"  # 80人：20,000 元 / yuan`.
fn changed(file: &str) -> Option<(String, String)> {
    let mut sum = None;
    let lines: Vec<String> = file
        .lines()
        .map(|line| {
            let Some((said, remark)) = line.split_once("  # ").filter(|_| line.ends_with(" 元 / yuan")) else {
                return line.to_owned();
            };
            let (value, rest) = remark.split_once('：').unwrap();
            sum = Some(rest.trim_end_matches(" 元 / yuan").to_owned());
            let (name, before) = said.split_once(" = ").unwrap();
            let quote = if before.starts_with('"') { "\"" } else { "" };
            format!("{name} = {quote}{value}{quote}")
        })
        .collect();
    Some((lines.join("\n") + "\n", sum?))
}

fn same(what: &str, found: Option<Number>, wanted: &str, file: &str) -> Result<(), String> {
    let said = found.map(Number::grouped);
    if said.as_deref() == Some(wanted) {
        Ok(())
    } else {
        Err(format!("{what}: {wanted} is claimed, `calc` gives {said:?}\n{file}"))
    }
}

/// Whether everything that a finding shows is so. How many applicants it shows.
pub fn verify(policy: &Policy, finding: &Diagnostic) -> Result<usize, String> {
    for (what, file) in &finding.shown_by {
        let assessment = calc(policy, file)?;
        let claim = what.en.strip_prefix("an applicant with ").unwrap_or("");
        match finding.code.name {
            "amount-falls" => {
                let (sum, rest) = claim.split_once(" yuan ").unwrap();
                let (of, after) = rest.split_once("; with ").unwrap();
                let clauses: Option<Vec<&str>> = of.strip_prefix("under ").map(|ids| ids.split(", ").collect());
                same("before", awarded(&assessment, clauses.as_deref()), sum, file)?;
                let lower = after.rsplit_once(' ').unwrap().1;
                let (other, remark) = changed(file).ok_or_else(|| format!("no remark says what changes\n{file}"))?;
                if remark != lower {
                    return Err(format!("the remark says {remark}, the claim {lower}\n{file}"));
                }
                same("after", awarded(&calc(policy, &other)?, clauses.as_deref()), lower, &other)?;
                let number = |text: &str| Number::parse(&text.replace(',', "")).unwrap();
                if number(lower) >= number(sum) {
                    return Err(format!("{lower} is no less than {sum}\n{file}"));
                }
            }
            "can-pay-twice" => {
                let (first, second) = claim.split_once(" and ").unwrap();
                for part in [first.replace(" yuan", ""), second.to_owned()] {
                    let (sum, clause) = part.split_once(" under ").unwrap();
                    same(clause, awarded(&assessment, Some(&[clause])), sum, file)?;
                    if sum == "0" {
                        return Err(format!("{clause} pays nothing\n{file}"));
                    }
                }
            }
            "uncovered-word" => {
                let is_open =
                    |line: &Line| line.status == Status::Undetermined && finding.about.as_deref() == Some(&line.clause);
                if !assessment.lines.iter().any(is_open) {
                    return Err(format!("everything is determined\n{file}"));
                }
            }
            other => return Err(format!("nobody has said what {other} must show")),
        }
    }
    Ok(finding.shown_by.len())
}
