//! A policy with an applicant, the run of a law over many of them, and what a law that fails shows.

use std::fmt;

use duixian::assess::assess;
use duixian::assess::model::{Assessment, Line};
use duixian::lang::Lang;
use duixian::policy::{self, Policy as Read};
use duixian::source::Source;
use duixian::value::Interval;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::applicant::{Applicant, Telling, applicant};
use crate::generate;
use crate::policy::{Policy, id};
pub use crate::program::tries::run;

/// One case.
pub struct Case {
    pub policy: Policy,
    /// The same as the program reads it.
    pub read: Read,
    pub applicant: Applicant,
    /// Numbers for what is left unsaid, each list for a try of its own.
    pub unsaid: Vec<Vec<u32>>,
}

/// A generated policy as the program reads it.
pub fn read(text: String) -> Read {
    let source = Source::new("policy.toml", text);
    let (read, faults) = policy::read(&source, &|_| None);
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    read.unwrap_or_else(|| panic!("a generated policy is at fault:\n{shown}\n{}", source.text))
}

/// What a broken law says.
pub type Law = Result<(), String>;

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as shown above")
    }
}

impl Case {
    fn new(
        front: &[u32],
        clauses: &[(Vec<u32>, Vec<u32>)],
        facts: &[u32],
        records: &[Vec<u32>],
        unsaid: Vec<Vec<u32>>,
    ) -> Case {
        let policy = generate::policy(front, clauses);
        let read = read(policy.write());
        let applicant = applicant(facts, records, &policy.clauses);
        Case { policy, read, applicant, unsaid }
    }

    /// The assessment of an applicant of whom so much is told.
    pub fn assess(&self, applicant: &Applicant, telling: &Telling) -> Assessment {
        assess(&[&self.read], &applicant.read(telling, &self.read))
    }

    /// The assessment of the applicant of whom everything is told.
    pub fn complete(&self) -> Assessment {
        self.assess(&self.applicant, &Telling::all(&self.applicant))
    }

    /// A broken law with everything that is needed to look into it.
    pub fn broken(&self, what: &str, told: &Telling) -> String {
        let (policy, all) = (self.policy.write(), Telling::all(&self.applicant));
        let (told, complete) = (self.applicant.write(told), self.applicant.write(&all));
        format!(
            "{what}\n\n# ---- policy\n{policy}\n# ---- applicant, as told\n{told}\n# ---- applicant, complete\n{complete}\n"
        )
    }

    /// The clause of a line, and the place of its record.
    pub fn place(&self, line: &Line) -> (usize, Option<usize>) {
        let clause = (0..self.policy.clauses.len()).find(|place| id(*place) == line.clause).unwrap();
        (clause, line.record.as_ref().map(|record| record.index - 1))
    }
}

/// A line of an amount, as a message names it.
pub fn name(line: &Line) -> String {
    let record = line.record.as_ref().map_or_else(String::new, |record| format!("#{}", record.index));
    format!("{}{record}", line.clause)
}

/// The amounts of a line that may be open, each with its name.
pub fn amounts(line: &Line) -> Option<[(&'static str, Interval); 5]> {
    line.amounts.as_ref().map(|amounts| {
        [
            ("entitled", amounts.entitled),
            ("awarded", amounts.awarded),
            ("due", amounts.due),
            ("overpaid", amounts.overpaid),
            ("lifetime", amounts.lifetime),
        ]
    })
}

/// An interval, as a message shows it.
pub fn shown(interval: Interval) -> String {
    let end = |end: duixian::value::Bound| end.number().map_or_else(|| "…".to_owned(), |number| number.to_string());
    format!("[{}, {}]", end(interval.lo), end(interval.hi))
}

/// Numbers for a policy: those in front, and two lists for each clause.
pub type PolicyNumbers = (Vec<u32>, Vec<(Vec<u32>, Vec<u32>)>);

/// Numbers for a policy of up to so many clauses.
pub fn policy_numbers(clauses: usize) -> impl Strategy<Value = PolicyNumbers> {
    (numbers(160), vec((numbers(160), numbers(60)), 1..=clauses))
}

/// Up to so many numbers.
pub fn numbers(most: usize) -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), 0..most)
}

/// Tries a law on so many cases, and shows the smallest that breaks it.
pub fn hold(usual: u32, law: impl Fn(&Case) -> Law) {
    let all = (policy_numbers(4), numbers(60), vec(numbers(14), 0..5), vec(numbers(60), 1..4));
    let cases = all
        .prop_map(|((front, clauses), facts, records, unsaid)| Case::new(&front, &clauses, &facts, &records, unsaid));
    run(usual, &cases, |case| law(case));
}
