//! One meaning, two executions: what a compiled policy says of a row is what the general evaluation says, to the byte.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use duixian::applicant::When;
use duixian::assess::Detail;
use duixian::batch::{Finished, Plan, Shape, Sink, run};
use duixian::document::{Item, Raw, parse};
use duixian::expr::names::Input;
use duixian::lang::Lang;
use duixian::policy::{self, Policy, builtin};
use duixian::rows::{Csv, Fault, Heads, Json, Rows, Setup};
use duixian::source::Source;
use duixian::value::{Day, Value, Words};

#[path = "../../benches/shipped/applicants.rs"]
mod made_up;
#[allow(clippy::float_arithmetic, reason = "shares are told in percent")]
#[path = "../../benches/shipped/share.rs"]
mod share;

use made_up::{Dice, OTHERS};

use crate::applicant::{Applicant, Telling, applicant};
use crate::case::{Case, hold};
use crate::schema::{FACTS, READINGS};

/// What a run leaves behind.
#[derive(Default, PartialEq)]
pub struct Kept {
    pub results: Vec<u8>,
    pub faults: Vec<String>,
    pub summary: String,
    pub compiled: u64,
    pub lines: (u64, u64),
    pub quick: u64,
}

impl Kept {
    /// Without what tells by which way it was worked out.
    pub fn said(self) -> Kept {
        Kept { compiled: 0, lines: (0, 0), quick: 0, ..self }
    }
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
pub fn table(rows: &[(Applicant, Telling)]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(std::iter::once("id").chain(FACTS.iter().map(|fact| fact.name))).unwrap();
    for (place, (applicant, telling)) in rows.iter().enumerate() {
        let cells = applicant.cells(telling);
        table.write_record(std::iter::once(format!("r{place}")).chain(cells)).unwrap();
    }
    table.into_inner().unwrap()
}

/// What the rows of a table have in common.
pub struct Common {
    kind: String,
    as_of: Day,
    readings: Vec<(usize, Value)>,
}

impl Common {
    pub fn of(case: &Case) -> Common {
        let policy = &case.read;
        let readings = READINGS.iter().zip(&case.applicant.readings).map(|((name, _), option)| {
            let place = policy.names.input(&format!("reading.{name}")).unwrap();
            (place, Value::Words(Words::one(*option)))
        });
        Common { kind: "person".to_owned(), as_of: case.applicant.as_of, readings: readings.collect() }
    }
}

fn kept(
    policy: &Policy,
    common: &Common,
    table: &[u8],
    wanted: &dyn Fn(usize) -> bool,
    shape: Shape,
    compile: bool,
) -> Kept {
    let file: Arc<str> = "table.csv".into();
    let open = |policies: &[&Policy]| {
        let heads = |names| Heads::read(names, policies, false, &file, 1);
        let opened = Csv::open(io::Cursor::new(table.to_vec()), &file, heads);
        Box::new(opened.unwrap_or_else(|faults| panic!("{faults:?}"))) as Box<dyn Rows>
    };
    kept_of(policy, common, &open, wanted, shape, compile)
}

/// A text as lines of JSON.
pub fn json(text: &str) -> Box<dyn Rows> {
    Box::new(Json::open(io::Cursor::new(text.to_owned()), &"lines.jsonl".into(), false))
}

/// What becomes of the rows of a table.
pub fn kept_of(
    policy: &Policy,
    common: &Common,
    open: &dyn Fn(&[&Policy]) -> Box<dyn Rows>,
    wanted: &dyn Fn(usize) -> bool,
    shape: Shape,
    compile: bool,
) -> Kept {
    compared(policy, common, open, wanted, shape, (compile, false))
}

/// The same; it is said whether it is compiled, and whether other options of readings are looked at.
fn compared(
    policy: &Policy,
    common: &Common,
    open: &dyn Fn(&[&Policy]) -> Box<dyn Rows>,
    wanted: &dyn Fn(usize) -> bool,
    shape: Shape,
    (compile, compares): (bool, bool),
) -> Kept {
    let as_of = common.as_of;
    let when = When { as_of: Some(as_of), today: as_of, ignore_payments: false };
    let plan = Plan {
        readings: vec![common.readings.clone()],
        wanted: vec![(0..policy.clauses.len()).map(wanted).collect()],
        lang: Lang::En,
        shape,
        compile,
        detail: if compares { Detail::Compared } else { Detail::Brief },
        ..Plan::new(Setup { kind: Some(common.kind.clone()), ..Setup::new(vec![policy], when) })
    };
    let mut kept = Kept::default();
    let mut tables = std::iter::once(open(&plan.setup.policies));
    let finished = run(&plan, &mut tables, 1, &mut kept).unwrap();
    let Finished { mut summary, compiled, lines, quick, .. } = finished;
    summary.finish(&plan);
    Kept { summary: format!("{summary:?}"), compiled, lines, quick, ..kept }
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
        let (table, common) = (table(&rows), Common::of(case));
        // Clause by clause, so that one that cannot be compiled does not keep the others from it; and all together.
        for only in (0..policy.clauses.len()).map(Some).chain([None]) {
            let wanted = |clause: usize| only.is_none_or(|only| only == clause);
            // The objects say everything; the tables are looked at once.
            let tables = [Shape::Wide, Shape::Long].into_iter().filter(|_| only.is_none());
            for shape in std::iter::once(Shape::Json).chain(tables) {
                let general = kept(policy, &common, &table, &wanted, shape, false);
                let fast = kept(policy, &common, &table, &wanted, shape, true);
                all.set(all.get() + rows.len() as u64);
                compiled.set(compiled.get() + fast.compiled);
                let general = general.said();
                let same = fast.said() == general;
                if !same {
                    let fast = kept(policy, &common, &table, &wanted, shape, true);
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

/// A sample as a table of one row, without its lists; with its kind and evaluation date.
fn sample(path: &Path) -> Option<(Vec<u8>, String, Day)> {
    let source = Source::new("sample.toml", fs::read_to_string(path).unwrap());
    let document = parse(&source, &mut Vec::new())?;
    let section = |key: &str| match &document.get(key)?.value {
        Raw::Table(table) => Some(table),
        _ => None,
    };
    let head = section("applicant")?;
    let text = |key: &str| match &head.get(key)?.value {
        Raw::Text(text) | Raw::Date(text) => Some(text.clone()),
        _ => None,
    };
    let cell = |item: &Item| match &item.value {
        Raw::Text(text) | Raw::Integer(text) | Raw::Float(text) | Raw::Date(text) => Some(text.clone()),
        Raw::Bool(truth) => Some(truth.to_string()),
        // What is known in part stands in a cell as it does in the file.
        Raw::Table(_) => source.text.get(item.span.range.clone()).map(str::to_owned),
        Raw::Array(_) => None,
    };
    let facts = section("facts")?.entries().iter();
    let cells: Vec<(&str, String)> = facts.filter_map(|entry| Some((entry.key.as_str(), cell(&entry.item)?))).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(cells.iter().map(|(name, _)| *name)).unwrap();
    table.write_record(cells.iter().map(|(_, cell)| cell)).unwrap();
    Some((table.into_inner().unwrap(), text("kind")?, Day::parse(&text("as_of")?)?))
}

#[test]
fn samples_come_out_alike() {
    let mut compiled = 0;
    for known in builtin::policies() {
        let vocabulary = |name: &str| builtin::vocabulary(name).map(|(path, text)| Source::new(path, text));
        let policy = policy::read(&Source::new(known.path, known.text), &vocabulary).0.unwrap();
        let Ok(folder) = fs::read_dir(Path::new("samples").join(known.id)) else { continue };
        let paths = folder.map(|entry| entry.unwrap().path());
        for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
            let Some((table, kind, as_of)) = sample(&path) else { continue };
            let common = Common { kind, as_of, readings: Vec::new() };
            for only in 0..policy.clauses.len() {
                let wanted = |clause: usize| clause == only;
                let general = kept(&policy, &common, &table, &wanted, Shape::Json, false);
                let fast = kept(&policy, &common, &table, &wanted, Shape::Json, true);
                compiled += fast.compiled;
                let clause = &policy.clauses[only].id;
                assert!(fast.said() == general.said(), "{}: clause {clause}", path.display());
            }
        }
    }
    assert!(compiled > 300, "too few lines of the samples were compiled: {compiled}");
}

/// The same table with the unit that stands in most cells of a column in its head instead; and how many cells lost theirs.
fn with_units_in_heads(table: &[u8]) -> (Vec<u8>, u64) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(table).records() {
        rows.push(record.unwrap().iter().map(str::to_owned).collect());
    }
    let unit = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned();
    let is_figure = |cell: &str| cell.starts_with(|c: char| c.is_ascii_digit()) && !cell.contains(['-', '"']);
    let mut moved = 0;
    for column in 1..rows[0].len() {
        let cells = || rows[1..].iter().map(|row| row[column].as_str()).filter(|cell| is_figure(cell));
        let Some(head) = cells().map(unit).find(|unit| !unit.is_empty()) else { continue };
        // What has none would get it.
        if cells().any(|cell| cell.parse::<i64>().is_ok_and(|number| number != 0) || cell.parse::<f64>().is_ok()) {
            continue;
        }
        for row in &mut rows[1..] {
            if is_figure(&row[column])
                && unit(&row[column]) == head
                && let Some(bare) = row[column].strip_suffix(&head)
            {
                row[column] = bare.to_owned();
                moved += 1;
            }
        }
        let name = &rows[0][column];
        rows[0][column] = if moved % 2 == 0 { format!("{name}（{head}）") } else { format!("{name} [{head}]") };
    }
    let mut written = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| written.write_record(row).unwrap());
    (written.into_inner().unwrap(), moved)
}

#[test]
fn a_unit_in_the_head_says_what_it_says_in_the_cells() {
    let (moved, compiled) = (Cell::new(0), Cell::new(0));
    hold(150, |case| {
        let policy = &case.read;
        let applicants = case.unsaid.iter().map(|numbers| applicant(numbers, &[], &case.policy.clauses));
        let rows: Vec<(Applicant, Telling)> = std::iter::once(case.applicant.clone())
            .chain(applicants)
            .map(|applicant| (applicant.clone(), Telling::all(&applicant)))
            .collect();
        let (in_cells, common) = (table(&rows), Common::of(case));
        let (in_heads, count) = with_units_in_heads(&in_cells);
        moved.set(moved.get() + count);
        for compile in [false, true] {
            let cells = kept(policy, &common, &in_cells, &|_| true, Shape::Json, compile);
            let heads = kept(policy, &common, &in_heads, &|_| true, Shape::Json, compile);
            compiled.set(compiled.get() + heads.compiled);
            if cells.results != heads.results || cells.faults.len() != heads.faults.len() {
                let what = format!(
                    "compiled: {compile}\nin the heads:\n{}\n{:?}\n{}\nin the cells:\n{}\n{:?}\n{}",
                    String::from_utf8_lossy(&heads.results),
                    heads.faults,
                    String::from_utf8_lossy(&in_heads),
                    String::from_utf8_lossy(&cells.results),
                    cells.faults,
                    String::from_utf8_lossy(&in_cells)
                );
                return Err(case.broken(&what, &Telling::all(&case.applicant)));
            }
        }
        Ok(())
    });
    assert!(moved.get() > 100, "too few cells had a unit for the law to say anything: {}", moved.get());
}

/// So many applicants of each kind are made up for every shipped policy; `DUIXIAN_APPLICANTS` for another number.
const APPLICANTS: usize = 2;

/// How many applicants of each kind, and from which numbers they are made.
fn given() -> (usize, Dice) {
    let given = |name: &str| std::env::var(name).ok().and_then(|count| count.parse().ok());
    let seed = given("DUIXIAN_APPLICANTS_SEED").unwrap_or(0) as u64;
    (given("DUIXIAN_APPLICANTS").unwrap_or(APPLICANTS), Dice(0x9e37_79b9_7f4a_7c15 ^ seed))
}

/// Holds lines of JSON against each other, compiled and not; how many of the lines of results were compiled, and of how many.
fn come_out_alike(policy: &Policy, as_of: Day, text: &str, (shape, compares): (Shape, bool)) -> (u64, u64) {
    let common = Common { kind: "person".to_owned(), as_of, readings: Vec::new() };
    let open = |_: &[&Policy]| json(text);
    let run = |compile| compared(policy, &common, &open, &|_| true, shape, (compile, compares));
    let (fast, general) = (run(true), run(false));
    let lines = fast.lines;
    let (fast, general) = (fast.said(), general.said());
    let name = format!("{} of {}", policy.id, policy.source.name);
    assert_eq!(fast.faults, general.faults, "{name}");
    let texts = [&fast.results, &general.results].map(|text| String::from_utf8(text.clone()).unwrap());
    for (row, (fast, general)) in texts[0].lines().zip(texts[1].lines()).enumerate() {
        let line = text.lines().nth(row).unwrap_or_default();
        assert!(fast == general, "{name} on {as_of}:\n{fast}\n{general}\n{line}");
    }
    assert_eq!(fast.summary, general.summary, "{name}");
    assert!(fast == general, "{name}");
    lines
}

fn read(source: &Arc<Source>) -> Option<Policy> {
    let vocabulary = |name: &str| builtin::vocabulary(name).map(|(path, text)| Source::new(path, text));
    policy::read(source, &vocabulary).0
}

#[test]
#[allow(clippy::print_stdout, reason = "how much was compiled is of interest")]
fn applicants_of_the_shipped_policies_come_out_alike() {
    let (count, mut dice) = given();
    for known in builtin::policies() {
        let policy = read(&Source::new(known.path, known.text)).unwrap();
        let mut shares = Vec::new();
        for lacking in [0, 1, 3] {
            let (mut all, mut compiled) = (0, 0);
            for as_of in ["2025-12-31", "2024-02-29"].map(|day| Day::parse(day).unwrap()) {
                let mut text = String::new();
                let kinds =
                    policy.names.applicant_kinds.iter().cycle().take(count * policy.names.applicant_kinds.len());
                for (number, (kind, _)) in kinds.enumerate() {
                    let made = made_up::applicant(&policy, kind, as_of, lacking, &mut dice);
                    made_up::json(&policy, &made, number, &mut text);
                }
                // The objects say everything; the tables are looked at once.
                let tables = [(Shape::Wide, false), (Shape::Long, true)].into_iter().filter(|_| lacking == 1);
                for how in std::iter::once((Shape::Json, true)).chain(tables) {
                    let lines = come_out_alike(&policy, as_of, &text, how);
                    (compiled, all) = (compiled + lines.0, all + lines.1);
                }
            }
            shares.push(format!("{:.1}%", compiled as f64 / all as f64 * 100.0));
        }
        println!(
            "{}: of the lines with none, one and three facts missing were compiled {}",
            known.id,
            shares.join(", ")
        );
    }
}

/// How much of the shipped policies must stay in columns, in percent of the lines and of the rows: of complete applicants and of
/// those who lack a fact, other options of readings compared and not. A few points below what it is: a fact more in a policy makes
/// other applicants.
const STAYS: [(&str, [(f64, f64); 4]); 5] = [
    ("qingyuan", [(98.5, 75.0), (98.5, 70.0), (98.5, 65.0), (98.5, 65.0)]),
    ("linxia", [(98.5, 70.0), (98.5, 70.0), (98.5, 65.0), (98.5, 65.0)]),
    ("jianghai", [(98.5, 75.0), (98.5, 70.0), (98.5, 65.0), (98.5, 65.0)]),
    ("horinger", [(99.5, 95.0), (99.5, 95.0), (98.5, 85.0), (98.5, 85.0)]),
    ("hubei", [(99.5, 95.0), (99.0, 85.0), (99.0, 85.0), (99.0, 80.0)]),
];

#[test]
#[allow(clippy::print_stdout, reason = "what is left, and why, is of interest")]
fn rows_of_the_shipped_policies_stay_in_columns() {
    let as_of = Day::parse("2025-12-31").unwrap();
    for (id, least) in STAYS {
        let known = builtin::policies().iter().find(|known| known.id == id).unwrap();
        let policy = read(&Source::new(known.path, known.text)).unwrap();
        for ((lacking, compares), (lines, rows)) in
            [(0, false), (0, true), (1, false), (1, true)].into_iter().zip(least)
        {
            let (mut text, mut dice) = (String::new(), Dice(0x9e37_79b9_7f4a_7c15));
            for (number, (kind, _)) in policy.names.applicant_kinds.iter().cycle().take(200).enumerate() {
                let made = made_up::applicant(&policy, kind, as_of, lacking, &mut dice);
                made_up::json(&policy, &made, number, &mut text);
            }
            let found = share::compiled(&policy, text.as_bytes(), as_of, compares);
            let found = (found.1 * 100.0, found.0 * 100.0, found.2);
            println!(
                "{id}, {lacking} lacking, compared {compares}: {:.1}% of the lines, {:.1}% of the rows",
                found.0, found.1
            );
            found.2.iter().for_each(|why| println!("{why}"));
            assert!(found.0 >= lines && found.1 >= rows, "{id}, {lacking} lacking, compared {compares}: {found:?}");
        }
    }
}

/// The policies that the pages show, of which there is one for everything that the language can say.
fn policies_of_pages() -> Vec<Policy> {
    let mut folders = vec![Path::new("tests/cases").to_owned(), Path::new("docs").to_owned()];
    let (mut pages, mut found) = (Vec::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        for block in text.split("\n```toml ").skip(1) {
            let (name, body) = block.split_once('\n').unwrap();
            let body = body.split("\n```").next().unwrap();
            let file = files.entry(name.trim_start_matches('+')).or_default();
            *file = if name.starts_with('+') { format!("{file}\n{body}\n") } else { format!("{body}\n") };
            if file.contains("[policy]") {
                found.extend(read(&Source::new(format!("{} {name}", page.display()), file.clone())));
            }
        }
    }
    found
}

#[test]
fn applicants_of_the_policies_of_pages_come_out_alike() {
    let (count, mut dice) = given();
    let (mut all, mut compiled, mut policies) = (0, 0, 0);
    for policy in policies_of_pages() {
        policies += 1;
        // The objects say everything; the tables are looked at once.
        for (day, how) in [("2025-06-30", (Shape::Json, true)), ("2025-12-31", (Shape::Wide, false))] {
            let (as_of, mut text) = (Day::parse(day).unwrap(), String::new());
            for number in 0..6 * count {
                for (kind, _) in &policy.names.applicant_kinds {
                    let (wanted, lacking) = (|input: &Input| input.name != OTHERS || number % 2 == 1, number % 4 / 3);
                    let made = made_up::applicant_with(&policy, (kind, as_of), lacking, &wanted, &mut dice);
                    made_up::json(&policy, &made, number, &mut text);
                }
            }
            let lines = come_out_alike(&policy, as_of, &text, how);
            (compiled, all) = (compiled + lines.0, all + lines.1);
        }
    }
    assert!(policies > 60 && compiled * 4 > all, "{policies} policies, {compiled} lines of {all}");
}
