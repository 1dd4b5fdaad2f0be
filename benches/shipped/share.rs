//! How many of the rows, and of their lines, compiled policies worked out.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Read};

use duixian::applicant::When;
use duixian::assess::Detail;
use duixian::batch::{Plan, Shape, Sink, run};
use duixian::columns::Why;
use duixian::policy::Policy;
use duixian::rows::{Fault, Json, Rows, Setup};
use duixian::value::Day;

struct Nowhere;

impl Sink for Nowhere {
    fn results(&mut self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn rejects(&mut self, _faults: &[Fault]) -> io::Result<()> {
        Ok(())
    }

    fn progress(&mut self, _rows: u64) -> bool {
        true
    }
}

/// How many lines were left, and of which clauses.
type Left<'p> = (u64, Vec<(u64, &'p str)>);

/// The parts of one, of rows and of lines of JSON; and why the others were left to the general evaluation, in words.
pub fn compiled(policy: &Policy, rows: impl Read, as_of: Day, compares: bool) -> (f64, f64, Vec<String>) {
    let when = When { as_of: Some(as_of), today: as_of, ignore_payments: false };
    let plan = Plan {
        shape: Shape::Wide,
        detail: if compares { Detail::Compared } else { Detail::Brief },
        is_wide: true,
        ..Plan::new(Setup::new(vec![policy], when))
    };
    let table = Json::open(rows, &"applicants.jsonl".into(), false);
    let mut tables = std::iter::once(Box::new(table) as Box<dyn Rows + '_>);
    let finished = run(&plan, &mut tables, 1, &mut Nowhere).unwrap();
    let part = |some: u64, all: u64| some as f64 / all.max(1) as f64;
    let mut by_cause: BTreeMap<Why, Left<'_>> = BTreeMap::new();
    for ((_, clause, why), count) in &finished.left {
        let of = by_cause.entry(*why).or_default();
        of.0 += count;
        of.1.push((*count, policy.clauses[*clause].id.as_str()));
    }
    let mut causes: Vec<_> = by_cause.into_iter().collect();
    causes.sort_by_key(|(_, (count, _))| Reverse(*count));
    let words = causes.into_iter().map(|(why, (count, mut clauses))| {
        clauses.sort_by_key(|(count, _)| Reverse(*count));
        let named = clauses.iter().take(8).map(|(count, id)| format!("{id} {count}"));
        let named = named.collect::<Vec<_>>().join(", ");
        format!("{:>6.1}%  {} ({named})", part(count, finished.lines.1) * 100.0, why.text())
    });
    let words = words.collect();
    (part(finished.compiled, finished.summary.read), part(finished.lines.0, finished.lines.1), words)
}
