//! One meaning, two executions: what a compiled policy says of a row is what the general evaluation says, to the byte.

use std::cell::Cell;
use std::io;
use std::sync::Arc;

use duixian::applicant::When;
use duixian::batch::{Across, Choice, Plan, Shape, Sink, run};
use duixian::lang::Lang;
use duixian::policy::Policy;
use duixian::rows::{Csv, Fault, Heads, Rows, Setup};
use duixian::value::{Value, Words};

use crate::applicant::{Applicant, Telling, applicant};
use crate::case::{Case, hold};
use crate::schema::{FACTS, READINGS};

/// What a run leaves behind.
#[derive(Default, PartialEq)]
struct Kept {
    results: Vec<u8>,
    faults: Vec<String>,
    summary: String,
    compiled: u64,
}

impl Sink for Kept {
    fn results(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.results.extend_from_slice(bytes);
        Ok(())
    }

    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()> {
        self.faults.extend(faults.iter().map(|fault| fault.render(Lang::En)));
        Ok(())
    }

    fn progress(&mut self, _rows: u64) -> bool {
        true
    }
}

/// One row an applicant: every fact that is no list.
fn table(rows: &[(Applicant, Telling)]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(std::iter::once("id").chain(FACTS.iter().map(|fact| fact.name))).unwrap();
    for (place, (applicant, telling)) in rows.iter().enumerate() {
        let cells = applicant.cells(telling);
        table.write_record(std::iter::once(format!("r{place}")).chain(cells)).unwrap();
    }
    table.into_inner().unwrap()
}

fn kept(
    policy: &Policy,
    case: &Case,
    table: &[u8],
    wanted: &dyn Fn(usize) -> bool,
    shape: Shape,
    compile: bool,
) -> Kept {
    let readings = READINGS.iter().zip(&case.applicant.readings).map(|((name, _), option)| {
        let place = policy.names.input(&format!("reading.{name}")).unwrap();
        (place, Value::Words(Words::one(*option)))
    });
    let as_of = case.applicant.as_of;
    let plan = Plan {
        setup: Setup {
            policies: vec![policy],
            when: When { as_of: Some(as_of), today: as_of },
            kind: Some("person".to_owned()),
            place: None,
            lists: Arc::default(),
        },
        choice: Choice::All,
        elsewhere: &|_| false,
        readings: vec![readings.collect()],
        wanted: vec![(0..policy.clauses.len()).map(wanted).collect()],
        lang: Lang::En,
        shape,
        compile,
        across: Across::Later,
    };
    let file: Arc<str> = "table.csv".into();
    let heads = |names| Heads::read(names, &plan.setup.policies, false, &file, 1);
    let opened = Csv::open(table, &file, heads).unwrap_or_else(|faults| panic!("{faults:?}"));
    let mut kept = Kept::default();
    let mut tables = std::iter::once(Box::new(opened) as Box<dyn Rows>);
    let finished = run(&plan, &mut tables, 1, &mut kept).unwrap();
    Kept { summary: format!("{:?}", finished.summary), compiled: finished.compiled, ..kept }
}

#[test]
fn compiled_rows_say_what_the_general_evaluation_says() {
    let (all, compiled) = (Cell::new(0), Cell::new(0));
    hold(150, |case| {
        let policy = &case.read;
        let more = case.unsaid.iter().map(|numbers| applicant(numbers, &[], &case.policy.clauses));
        let applicants: Vec<Applicant> = std::iter::once(case.applicant.clone()).chain(more).collect();
        let mut rows = Vec::new();
        for applicant in applicants {
            rows.push((applicant.clone(), Telling::all(&applicant)));
            for numbers in &case.unsaid {
                rows.push((applicant.clone(), Telling::some(&applicant, numbers)));
            }
        }
        let table = table(&rows);
        // Clause by clause, so that one that cannot be compiled does not keep the others from it; and all together.
        for only in (0..policy.clauses.len()).map(Some).chain([None]) {
            let wanted = |clause: usize| only.is_none_or(|only| only == clause);
            // The objects say everything; the tables are looked at once.
            let tables = [Shape::Wide, Shape::Long].into_iter().filter(|_| only.is_none());
            for shape in std::iter::once(Shape::Json).chain(tables) {
                let general = kept(policy, case, &table, &wanted, shape, false);
                let fast = kept(policy, case, &table, &wanted, shape, true);
                all.set(all.get() + rows.len() as u64);
                compiled.set(compiled.get() + fast.compiled);
                let same = Kept { compiled: 0, ..fast } == general;
                if !same {
                    let fast = kept(policy, case, &table, &wanted, shape, true);
                    let what = format!(
                        "compiled:\n{}\n{:?}\n{}\ngeneral:\n{}\n{:?}\n{}\ntable:\n{}",
                        String::from_utf8_lossy(&fast.results),
                        fast.faults,
                        fast.summary,
                        String::from_utf8_lossy(&general.results),
                        general.faults,
                        general.summary,
                        String::from_utf8_lossy(&table)
                    );
                    return Err(case.broken(&what, &Telling::all(&case.applicant)));
                }
            }
        }
        Ok(())
    });
    let (all, compiled) = (all.get(), compiled.get());
    assert!(compiled * 20 > all, "too few rows were compiled for the law to say anything: {compiled} of {all}");
}
