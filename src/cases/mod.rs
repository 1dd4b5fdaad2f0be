//! Cases of a policy: an applicant and what must come out, with every figure worked out by hand. See `docs/testing.md`.

mod compare;
mod exceptions;
mod given;
mod inner;
pub mod keys;
mod parting;
mod refused;
mod together;

use std::sync::Arc;

use crate::applicant::Applicant;
use crate::assess::model::{FactName, Failed, Line, Status};
use crate::assess::{Detail, assess_watched};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Item, Table, parse};
use crate::expr::formula::{Shown, UnitName};
use crate::expr::watch::Watch;
use crate::lang::Text;
use crate::policy::Policy;
use crate::settle::Outcome;
use crate::source::{Source, Span};
use crate::value::Interval;

pub use compare::clause_of;
pub use exceptions::{Equivalent, Exceptions, Unreachable};
pub use parting::Parting;

/// Every code that this room raises, file by file.
pub(crate) static CODES: &[&[&Code]] = &[compare::CODES, given::CODES, inner::CODES, refused::CODES, together::CODES];

/// A file of cases.
#[derive(Debug)]
pub struct File {
    /// Its text.
    pub source: Arc<Source>,
    document: Option<Table>,
    cases: Vec<Table>,
    /// What is wrong with the file as a whole.
    pub faults: Vec<Diagnostic>,
}

/// What became of one case.
#[derive(Debug)]
pub struct Ran {
    /// What it shows.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What keeps it from being worked out, or from being compared.
    pub faults: Vec<Diagnostic>,
    /// The lines and sums that are not as expected.
    pub differing: Vec<Differing>,
    /// Every line that an expectation names.
    pub lines: Vec<Line>,
    /// What limits over all applicants made of these.
    pub came: Vec<Came>,
    /// The words of the rules by which the facts are refused, as the case expects.
    pub refused: Vec<Text>,
    /// The applicant that was worked out; `None` where there are several, or none.
    pub given: Option<Box<Applicant>>,
}

/// What a limit over all applicants made of a line.
#[derive(Clone, Debug)]
pub struct Came {
    /// The clause.
    pub clause: String,
    /// The limit's place among the clause's, from 0.
    pub limit: usize,
    /// What came of it.
    pub outcome: Outcome,
}

/// A line, or the sums, that are not as expected.
#[derive(Debug)]
pub struct Differing {
    /// Where the expectation stands.
    pub span: Span,
    /// Of several applicants: whose line it is; of sums over all of them: the clause.
    pub applicant: Option<String>,
    /// The line; none: the sums.
    pub line: Option<Line>,
    /// Every difference.
    pub differences: Vec<Difference>,
    /// From where on the line is not as expected.
    pub parting: Parting,
}

/// Something expected that came out otherwise.
#[derive(Debug)]
pub struct Difference {
    /// The key of the expectation: `awarded`.
    pub key: &'static str,
    /// Where the expected value stands.
    pub span: Span,
    /// What is expected, and what came out.
    pub values: Values,
}

/// Two values of one kind: what is expected, and what came out.
#[derive(Debug)]
pub enum Values {
    /// Conclusions, and the reason of the actual one.
    Status(Status, Status, Text),
    /// Amounts with their unit; none: the line has no amount.
    Amount(Box<(Interval, Option<Interval>, UnitName)>),
    /// Missing facts.
    Missing(Vec<String>, Vec<FactName>),
    /// How many conditions fail, and which do.
    Failed(usize, Vec<Failed>),
    /// Of a `let`: its name, and both values.
    Let(Box<(String, Shown, Shown)>),
    /// Of a step: what it is, and both amounts with their unit; none: there is no such step.
    Step(Box<(String, Interval, Option<Interval>, UnitName)>),
    /// That the line is not there, although it is.
    There,
}

impl Ran {
    /// Whether everything is as expected.
    pub fn passed(&self) -> bool {
        self.faults.is_empty() && self.differing.is_empty()
    }
}

impl File {
    /// Reads a file of cases; what is wrong with it is among its faults.
    pub fn read(source: &Arc<Source>) -> File {
        let mut faults = Vec::new();
        let document = parse(source, &mut faults);
        let mut cases = Vec::new();
        if let Some(document) = &document {
            document.only(&keys::FILE.names(), &mut faults);
            let items = document.need("cases", &mut faults).and_then(|item| item.array(&mut faults));
            cases = items.unwrap_or_default().iter().filter_map(|item| item.table(&mut faults).cloned()).collect();
        }
        File { source: Arc::clone(source), document, cases, faults }
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether the case at a place expects something of a clause, or of everything.
    pub fn is_about(&self, place: usize, clause: &str) -> bool {
        let Some(case) = self.cases.get(place) else { return false };
        let table = |item: &Item| item.table(&mut Vec::new()).cloned();
        let several = case.get("applicants").and_then(|item| item.array(&mut Vec::new()).map(<[_]>::to_vec));
        let several = several.unwrap_or_default();
        let tables = several.iter().filter_map(table).chain([case.clone()]);
        let expects: Vec<Table> = tables.filter_map(|of| of.get("expect").and_then(table)).collect();
        expects.iter().any(|expect| compare::names(expect, clause))
    }

    /// Whether a case of it expects its facts to be refused.
    pub fn refuses(&self) -> bool {
        self.cases.iter().any(|case| case.get("refused").is_some())
    }

    /// Runs every case against its policy.
    pub fn run(&self, policy: &Policy) -> Vec<Ran> {
        (0..self.len()).filter_map(|place| self.run_one(place, policy, None)).collect()
    }

    /// Runs the case at a place, told to a watch; `None` where there is none.
    pub fn run_one(&self, place: usize, policy: &Policy, watch: Option<&Watch>) -> Option<Ran> {
        self.run_in(place, policy, Detail::Full, watch)
    }

    /// Whether the case at a place passes; nothing is explained.
    pub fn passes(&self, place: usize, policy: &Policy) -> bool {
        self.run_in(place, policy, Detail::Brief, None).is_some_and(|ran| ran.passed())
    }

    fn run_in(&self, place: usize, policy: &Policy, detail: Detail, watch: Option<&Watch>) -> Option<Ran> {
        let (document, case) = (self.document.as_ref()?, self.cases.get(place)?);
        let mut faults = Vec::new();
        // Facts that are refused have no result to be compared.
        let is_refused = case.get("refused").is_some();
        let mut names = keys::CASE.names();
        names.retain(|name| !is_refused || !["expect", "applicants"].contains(name));
        case.only(&names, &mut faults);
        let name = case.need_text("name", &mut faults).unwrap_or_default().to_owned();
        let (differing, lines, came, refused) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut ran = Ran { name, span: case.head(), faults, differing, lines, came, refused, given: None };
        // Steps are told only where everything is.
        let detail = if inner::expects_steps(case) { Detail::Full } else { detail };
        let subject = Subject { name: &self.source.name, document, case, policy };
        match case.get("applicants").filter(|_| !is_refused) {
            None => subject.work_out(detail, watch, &mut ran),
            Some(several) => {
                let several = several.array(&mut ran.faults).unwrap_or_default().to_vec();
                together::work_out(&subject, &several, detail, watch, &mut ran);
            }
        }
        Some(ran)
    }
}

/// A case with what it stands in.
struct Subject<'a> {
    name: &'a str,
    document: &'a Table,
    case: &'a Table,
    policy: &'a Policy,
}

impl Subject<'_> {
    /// Works out a case of one applicant.
    fn work_out(&self, detail: Detail, watch: Option<&Watch>, ran: &mut Ran) {
        if let Some(refused) = self.case.get("refused") {
            let applicant = given::applicant(self.document, self.case, &mut ran.faults);
            let read = given::document(self.name, &applicant, self.case, self.policy, &mut ran.faults);
            if let Some((_, found)) = read {
                refused::compare(refused, self.policy, found, ran);
            }
            return;
        }
        let Some(expect) = self.case.need("expect", &mut ran.faults).and_then(|item| item.table(&mut ran.faults))
        else {
            return;
        };
        compare::something(self.case, std::iter::once(expect), &mut ran.faults);
        let applicant = given::applicant(self.document, self.case, &mut ran.faults);
        let Some(applicant) = given::read(self.name, &applicant, self.case, self.policy, &mut ran.faults) else {
            return;
        };
        // Only what is expected is worked out, and all of it where a sum is expected.
        let wanted = |_: &str, clause: &str| compare::names(expect, clause);
        let assessment = assess_watched(&[self.policy], &applicant, &wanted, detail, watch);
        for entry in expect.entries() {
            compare::entry(entry, &assessment, (self.policy, &applicant), ran);
        }
        ran.given = Some(Box::new(applicant));
    }
}
