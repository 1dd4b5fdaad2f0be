//! Limits over all applicants, settled on results that were written before: what [`run`](crate::batch::run) over all rows at
//! once would have written.

mod lines;
mod read;

use std::io::{self, BufRead};
use std::sync::Arc;

use serde_json::Value;

use crate::batch::output::{Applicant, Writer};
use crate::batch::result::views;
use crate::batch::{Budget, Plan, Sink, Summary, TotalsView};
use crate::lang::Text;
use crate::rows::{Fault, Seen};
use crate::settle::{Claims, Decisions};
use crate::value::Interval;
use lines::Lines;
use read::OfResult;
pub use read::Range;

/// Reads the results of one file after the other, and gives each to `each` with its place among all of them, and its line.
struct Reader<'p> {
    plan: &'p Plan<'p>,
    /// Those of its policies.
    fingerprints: Vec<String>,
    ordinal: u64,
}

impl<'p> Reader<'p> {
    fn new(plan: &'p Plan<'p>) -> Reader<'p> {
        let fingerprints = plan.setup.policies.iter().map(|policy| policy.fingerprint()).collect();
        Reader { plan, fingerprints, ordinal: 0 }
    }
}

impl Reader<'_> {
    fn read(
        &mut self,
        input: &mut dyn BufRead,
        each: &mut dyn FnMut(u64, u64, Result<OfResult, Text>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut lines = Lines::new(input);
        while let Some((number, line)) = lines.next_line()? {
            let result = line.and_then(|line| OfResult::read(line, self.plan, &self.fingerprints));
            each(self.ordinal, number, result)?;
            self.ordinal += 1;
        }
        Ok(())
    }
}

/// What is claimed in files of results, and every line that cannot be used.
pub struct Gathering<'p> {
    reader: Reader<'p>,
    seen: Seen,
    /// What is claimed so far.
    pub claims: Claims,
    /// The heads of what was carried along, in the order in which they were met.
    pub kept: Vec<String>,
    /// What is wrong with lines.
    pub faults: Vec<Fault>,
}

impl<'p> Gathering<'p> {
    /// Nothing so far.
    pub fn new(plan: &'p Plan<'p>) -> Gathering<'p> {
        let reader = Reader::new(plan);
        Gathering { reader, seen: Seen::all(), claims: Claims::default(), kept: Vec::new(), faults: Vec::new() }
    }

    /// Reads one more file.
    pub fn file(&mut self, file: &Arc<str>, input: &mut dyn BufRead) -> io::Result<()> {
        let Gathering { reader, seen, claims, kept, faults } = self;
        reader.read(input, &mut |ordinal, line, result| {
            let fault = |reason: Text| Fault::of_line(file, line, reason);
            match result {
                Err(reason) => faults.push(fault(reason)),
                Ok(result) => match seen.first(&result.id, file, line) {
                    Some(first) => {
                        let reason = Text::made(
                            format!("编号与 {first} 的重复；每位申请人只能有一行结果"),
                            format!("this id stands at {first} already; an applicant has one line of results"),
                        );
                        faults.push(Fault { id: Some(result.id), ..fault(reason) });
                    }
                    None => {
                        kept.extend(
                            result.kept.keys().filter(|head| !kept.contains(head)).cloned().collect::<Vec<_>>(),
                        );
                        if let Some(claimant) = result.of.claimant(ordinal, &result.id) {
                            claims.add(claimant);
                        }
                    }
                },
            }
            Ok(())
        })
    }
}

/// Writes files of results with what was decided.
pub struct Writing<'p> {
    reader: Reader<'p>,
    decisions: &'p Decisions,
    writer: Writer<'p>,
    /// What it came to so far.
    pub summary: Summary,
    /// Whether a line is not the one whose claims were settled.
    pub changed: bool,
}

impl<'p> Writing<'p> {
    /// Nothing so far.
    pub fn new(plan: &'p Plan<'p>, decisions: &'p Decisions) -> Writing<'p> {
        let reader = Reader::new(plan);
        let summary = Summary { budget: Budget::new(plan.budget), ..Summary::default() };
        Writing { reader, decisions, writer: Writer::of_settled(plan), summary, changed: false }
    }

    /// Reads and writes one more file.
    pub fn file(&mut self, input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
        let Writing { reader, decisions, writer, summary, changed } = self;
        let plan = reader.plan;
        let mut output = Vec::new();
        reader.read(input, &mut |ordinal, line, result| {
            let Ok(mut result) = result else {
                *changed = true;
                return Ok(());
            };
            let decided = result.of.settle(decisions, ordinal, &result.id, &plan.setup.policies);
            *changed |= decided.is_err();
            let views = views(&result.of, &[]);
            summary.read += 1;
            let (as_of, warnings) = (result.as_of, result.warnings.as_slice());
            let kept =
                plan.kept.iter().map(|head| result.kept.get(head).and_then(Value::as_str).unwrap_or("")).collect();
            let applicant = Applicant { id: Some(&result.id), line, name: &result.name, as_of, kept, warnings };
            summary.applicant(plan, &applicant, &views, &result.of.totals, &[]);
            summary.spend(plan, &applicant, &views, result.of.totals.due, Interval::ZERO);
            summary.budget.take_noted();
            output.clear();
            writer.row(&applicant, &views, &TotalsView::Exact(&result.of.totals), &mut output);
            sink.results(&output)
        })
    }
}
