//! What a calculation costs, step by step: `cargo bench`. Figures are worth comparing only within one run.

#![allow(clippy::unwrap_used, reason = "a benchmark may fail")]

use std::sync::Arc;

use divan::{Bencher, black_box};
use duixian::applicant::{self, Applicant, When};
use duixian::assess::assess;
use duixian::assess::draft::Told;
use duixian::assess::world::World;
use duixian::lang::Lang;
use duixian::policy::{self, Policy, builtin};
use duixian::report::{Look, TABLE, render};
use duixian::source::Source;
use duixian::value::Day;

fn main() {
    divan::main();
}

fn source() -> Arc<Source> {
    let found = builtin::policy("qingyuan").unwrap();
    Source::new(found.path, found.text)
}

fn vocabulary(name: &str) -> Option<Arc<Source>> {
    builtin::vocabulary(name).map(|(path, text)| Source::new(path, text))
}

fn read() -> Policy {
    policy::read(&source(), &vocabulary).0.unwrap()
}

/// A person all of whose facts are known for article 19, and hardly any for the others.
const PERSON: &str = r#"
applicant = { name = "bench", kind = "person", as_of = 2025-06-30 }
[facts]
birth_date = 1994-03-02
degree = "doctor"
double_bachelor = false
came_from_outside = true
works_in_zone = true
arrived_on = 2024-05-10
first_home = true
home_in_area = true
purchase_date = 2024-06-01
"#;

fn person(policy: &Policy) -> Applicant {
    let source = Source::new("bench.toml", PERSON);
    applicant::read(&source, &[policy], When { as_of: None, today: Day::today(), ignore_payments: false }).0.unwrap()
}

#[divan::bench]
fn load_and_check_the_policy(bencher: Bencher) {
    let source = source();
    bencher.bench_local(|| policy::read(black_box(&source), &vocabulary));
}

#[divan::bench]
fn read_an_applicant(bencher: Bencher) {
    let policy = read();
    bencher.bench_local(|| person(black_box(&policy)));
}

/// One clause with known facts, as a file of applicants would run it.
#[divan::bench]
fn one_clause(bencher: Bencher) {
    let policy = read();
    let inputs = person(&policy).inputs.remove(0);
    let world = World::new(&policy, inputs, Day::parse("2025-06-30").unwrap());
    let clause = policy.clause("19.1").unwrap();
    bencher.bench_local(|| black_box(&world).run(&[clause], Told::Nothing));
}

/// The whole breakdown: explained, with every case of what is missing and every other reading.
#[divan::bench]
fn the_whole_breakdown(bencher: Bencher) {
    let policy = read();
    let person = person(&policy);
    bencher.bench_local(|| assess(&[black_box(&policy)], &person));
}

#[divan::bench]
fn write_the_table(bencher: Bencher) {
    let policy = read();
    let assessment = assess(&[&policy], &person(&policy));
    let look = Look { lang: Lang::Zh, width: 100, color: false, all: false };
    bencher.bench_local(|| render(black_box(&assessment), &TABLE, &look));
}
