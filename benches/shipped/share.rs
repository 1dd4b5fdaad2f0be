//! How many of the rows, and of their lines, compiled policies worked out.

use std::fs::File;
use std::io::{self, BufReader};
use std::sync::Arc;

use duixian::applicant::When;
use duixian::assess::Detail;
use duixian::batch::{Across, Choice, Papers, Plan, Shape, Sink, run};
use duixian::lang::Lang;
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

/// The parts of one, of rows and of lines of JSON in a file.
pub fn compiled(policy: &Policy, path: &str, as_of: Day, compares: bool) -> (f64, f64) {
    let plan = Plan {
        setup: Setup {
            policies: vec![policy],
            when: When { as_of: Some(as_of), today: as_of, ignore_payments: false },
            kind: None,
            place: None,
            lists: Arc::default(),
        },
        choice: Choice::All,
        elsewhere: &|_| false,
        readings: vec![Vec::new()],
        wanted: vec![vec![true; policy.clauses.len()]],
        lang: Lang::Zh,
        shape: Shape::Wide,
        compile: true,
        across: Across::Later,
        detail: if compares { Detail::Compared } else { Detail::Brief },
        budget: None,
        versus: None,
        is_wide: true,
        kept: Vec::new(),
        papers: Papers::default(),
    };
    let table = Json::open(BufReader::new(File::open(path).unwrap()), &path.into(), false);
    let mut tables = std::iter::once(Box::new(table) as Box<dyn Rows>);
    let finished = run(&plan, &mut tables, 1, &mut Nowhere).unwrap();
    let part = |some: u64, all: u64| some as f64 / all.max(1) as f64;
    (part(finished.compiled, finished.summary.read), part(finished.lines.0, finished.lines.1))
}
