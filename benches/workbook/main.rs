//! 20,000 applicants in a workbook through `duixian batch`, measured against reading the same workbook with calamine alone.
//!
//! `cargo bench --bench workbook`, or `cargo bench --bench workbook -- 100000` for more rows.
//!
//! Every figure is a ratio of processor times of whole processes in one run; each process runs several times and the fastest
//! counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    reason = "a measurement may fail, and its figures are ratios"
)]

#[path = "../million/measure.rs"]
mod measure;
#[path = "../million/rows.rs"]
mod rows;

use std::path::Path;
use std::process::Command;

use calamine::{Reader, Xlsx, open_workbook};
use measure::Run;
use rows::Table;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const POLICY: &str = "benches/million/policy.toml";
const TURNS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [verb, from] = arguments.as_slice()
        && verb == "read"
    {
        println!("{}", read(from));
        return;
    }
    let count: usize = arguments.first().map_or(20_000, |count| count.parse().expect("a number of rows"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (table, book, results) = (path("workbook.csv"), path("workbook.xlsx"), path("workbook-results.csv"));
    rows::write(&table, Table { count, lacking: 0, in_order: true });
    write(&table, &book);
    println!("{count} rows, {} bytes of workbook", std::fs::metadata(&book).unwrap().len());

    let this = std::env::current_exe().unwrap();
    let batch = |input: &str, jobs: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.args(["batch", input, "--policy", POLICY, "--as-of", "2025-12-31", "--kind", "person", "--wide"]);
        command.args(["--jobs", jobs, "-o", &results]);
        command
    };
    let mut runs: [Vec<Run>; 4] = Default::default();
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..TURNS {
        let _ = std::fs::remove_file(&results);
        runs[0].push(Run::of(Command::new(&this).args(["read", &book]), &[0]));
        runs[1].push(Run::of(&mut batch(&book, "1"), &[0]));
        runs[2].push(Run::of(&mut batch(&book, "2"), &[0]));
        runs[3].push(Run::of(&mut batch(&table, "1"), &[0]));
    }
    let [alone, one, two, csv] = runs.map(|runs| Run::fastest(&runs));
    let names = ["calamine alone", "batch --jobs 1", "batch --jobs 2", "batch, from CSV"];
    for (name, run) in names.iter().zip([alone, one, two, csv]) {
        println!("{name:<16}{:>7.3} s processor, {:.3} s wall", run.processor, run.wall);
    }
    println!("processor time, batch to calamine, one job:   {:.2} (2.0 wanted)", one.processor / alone.processor);
    println!("processor time, batch to calamine, two jobs:  {:.2} (2.0 wanted)", two.processor / alone.processor);
}

/// Reads every cell of the first sheet as calamine does; gives how many are filled.
fn read(path: &str) -> usize {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.used_cells().count()
}

/// The table as a workbook: days as days, counts as numbers, everything else as texts.
fn write(table: &str, path: &str) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(table).unwrap();
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.unwrap().iter()) {
            if let Ok(date) = ExcelDateTime::parse_from_str(cell) {
                sheet.write_datetime_with_format(row, column, &date, &day).unwrap();
            } else if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save(path).unwrap();
}
