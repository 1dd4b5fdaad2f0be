//! A million applicants through `duixian batch`, measured against copying the same table record by record.
//!
//! `cargo bench --bench million`, or `cargo bench --bench million -- 100000` for fewer rows.
//!
//! Every figure is a ratio of processor times of whole processes in one run; each process runs several times and the fastest
//! counts. The amounts are compared with a calculation of their own, in whole 分.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement may fail, and its figures are ratios"
)]

mod independent;
mod measure;
mod rows;

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::process::Command;

use measure::{Run, peak};
use rows::Table;

const POLICY: &str = "benches/million/policy.toml";
const AS_OF: &str = "2025-12-31";
const TURNS: usize = 9;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [verb, from, to] = arguments.as_slice()
        && verb == "copy"
    {
        copy(from, to);
        return;
    }
    let count: usize = arguments.first().map_or(1_000_000, |count| count.parse().expect("a number of rows"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (input, copied, results) = (folder.join("applicants.csv"), folder.join("copy.csv"), folder.join("results.csv"));
    let (input, copied, results) = (input.to_str().unwrap(), copied.to_str().unwrap(), results.to_str().unwrap());
    let complete = Table { count, lacking: 0, in_order: true };
    rows::write(input, complete);
    let bytes = std::fs::metadata(input).unwrap().len();
    println!("{count} rows, {} bytes a row", bytes / count as u64);

    let this = std::env::current_exe().unwrap();
    let duixian = env!("CARGO_BIN_EXE_duixian");
    let batch = |jobs: &str, input: &str, results: &str| {
        let mut command = Command::new(duixian);
        command.args(["batch", input, "--policy", POLICY, "--as-of", AS_OF, "--kind", "person", "--wide"]);
        command.args(["--jobs", jobs, "-o", results]);
        command
    };
    let mut copying = Vec::new();
    let mut alone = Vec::new();
    let mut two = Vec::new();
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..TURNS {
        // Nobody's time goes into clearing away what was there.
        for file in [copied, results] {
            let _ = std::fs::remove_file(file);
        }
        copying.push(Run::of(Command::new(&this).args(["copy", input, copied]), &[0]));
        alone.push(Run::of(&mut batch("1", input, results), &[0]));
        two.push(Run::of(&mut batch("2", input, results), &[0]));
    }
    let peak = peak();
    let (copying, alone, two) = (Run::fastest(&copying), Run::fastest(&alone), Run::fastest(&two));
    println!("copy            {:>7.3} s processor", copying.processor);
    println!("batch --jobs 1  {:>7.3} s processor, {:.3} s wall", alone.processor, alone.wall);
    println!("batch --jobs 2  {:>7.3} s processor, {:.3} s wall", two.processor, two.wall);
    println!("processor time, batch to copy, one job:   {:.2} (2.0 wanted)", alone.processor / copying.processor);
    println!("processor time, batch to copy, two jobs:  {:.2} (2.0 wanted)", two.processor / copying.processor);
    println!("rows a processor second:                  {:.0}", count as f64 / two.processor);
    println!("wall to processor time with two jobs:     {:.2} (0.6 wanted)", two.wall / two.processor);
    println!("peak memory:                              {:.1} MiB (64 wanted)", peak);
    let different = independent::differences(input, results);
    println!("amounts that differ:                      {different} of {} (0 wanted)", count * rows::CLAUSES);
    assert_eq!(different, 0);

    // Ids that are not in order must be looked up.
    rows::write(input, Table { in_order: false, ..complete });
    let fastest = |jobs: &str| {
        Run::fastest(&(0..TURNS).map(|_| Run::of(&mut batch(jobs, input, results), &[0])).collect::<Vec<_>>())
    };
    let mixed = fastest("2");
    println!("ids not in order, to the copy, two jobs:  {:.2}", mixed.processor / copying.processor);

    // What a row costs that goes the general way: the same table, of which five in a hundred rows lack the degree.
    let fewer = Table { count: (count / 10).max(1), ..complete };
    rows::write(input, fewer);
    let all = fastest("1");
    rows::write(input, Table { lacking: 5, ..fewer });
    let lacking = fastest("1");
    let each = (lacking.processor - all.processor) / (fewer.count as f64 * 0.05) * 1e6;
    println!("a row that lacks the degree:              {each:.0} µs more");
    let different = independent::differences(input, results);
    println!("amounts that differ:                      {different} of {} (0 wanted)", fewer.count * rows::CLAUSES);
    assert_eq!(different, 0);
}

/// Copies a table record by record.
fn copy(from: &str, to: &str) {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(BufReader::new(File::open(from).unwrap()));
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(to).unwrap()));
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap() {
        writer.write_byte_record(&record).unwrap();
    }
    writer.flush().unwrap();
}
