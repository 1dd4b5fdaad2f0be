//! The applicants as a table, and a table for each of their lists.

use duixian::expr::names::{Input, Origin};
use duixian::expr::types::Type;
use duixian::policy::Policy;

use crate::applicants::{Applicant, Said};

/// The heads of the table of applicants, and of one for each list that somebody has records of: the list's name and its heads.
pub fn heads(policy: &Policy) -> (Vec<usize>, Vec<(usize, String)>) {
    let inputs = policy.names.inputs.iter().enumerate();
    let facts = inputs.filter(|(_, input)| input.origin == Origin::Fact && input.name != "other_benefits");
    let (lists, plain): (Vec<_>, Vec<_>) = facts.partition(|(_, input)| matches!(input.ty, Type::List(_)));
    let list = |(place, input): (usize, &Input)| (place, input.name.clone());
    (plain.into_iter().map(|(place, _)| place).collect(), lists.into_iter().map(list).collect())
}

/// An applicant as a row of the table of applicants.
pub fn row(applicant: &Applicant, heads: &[usize], number: usize, out: &mut csv::Writer<impl std::io::Write>) {
    let said = |head: &usize| {
        let found = applicant.facts.iter().find(|(place, _)| place == head);
        match found {
            Some((_, Said::One(text))) => text.as_str(),
            _ => "",
        }
    };
    let id = format!("P{number:07}");
    out.write_record([id.as_str(), &applicant.kind].into_iter().chain(heads.iter().map(said))).unwrap();
}

/// The records of one of its lists as rows.
pub fn records(applicant: &Applicant, list: usize, number: usize, out: &mut csv::Writer<impl std::io::Write>) {
    let id = format!("P{number:07}");
    if let Some((_, Said::List(records))) = applicant.facts.iter().find(|(place, _)| *place == list) {
        for record in records {
            out.write_record([id.as_str()].into_iter().chain(record.iter().map(|(_, text)| text.as_str()))).unwrap();
        }
    }
}
