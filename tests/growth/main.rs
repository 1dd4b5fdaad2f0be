//! Doubled input, at most about doubled cost: every verb on growing input of every kind.
//!
//! Cost is processor time of the thread (of the process, for `batch`), so that what else works hardly counts, and the least of
//! several turns. A
//! size is looked for at which the input, and not the start of the program, is what costs; there four times the input may cost
//! at most [`MOST`] times as much (four would be straight, sixteen a square). `DUIXIAN_GROWTH=500` looks at sizes at which one
//! run takes that many milliseconds (5 is usual), `DUIXIAN_GROWTH_ONLY=needs` at the measurements whose names hold the word;
//! every measurement is printed with `--nocapture`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::print_stderr,
    reason = "a test may fail, and measures"
)]

#[path = "../program/mod.rs"]
mod program;
mod shapes;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use duixian::cli::Exit;
use duixian::expr::steps;
use nix::time::{ClockId, clock_gettime};
use program::run_in;
use shapes::Shape;

/// How much more four times the input may cost.
const MOST: f64 = 7.5;
/// No input is made larger than this.
const LARGEST: usize = 1 << 17;
/// What takes less than this, in seconds, is too little to be compared.
const WORTH: f64 = 0.004;
/// The purses of a run, in counted steps, and what a run takes beside them: `explain` has 8 million, a calculation 11 million.
const PURSES: u64 = 20_000_000;
/// What takes less than this beside the start, in seconds, is not told from what takes as much.
const LITTLE: f64 = 0.002;
const TURNS: usize = 2;
const FURTHER_TURNS: usize = 12;

/// Held while the whole process is measured: nothing else may work then.
static ALONE: Mutex<()> = Mutex::new(());

/// Whose processor time is counted: what works through rows has threads of its own, all else is done by the thread that calls it.
fn whose(line: &[&str]) -> ClockId {
    if matches!(line, ["batch" | "settle" | "verify", ..] | ["diff", _, _, _, ..]) {
        ClockId::CLOCK_PROCESS_CPUTIME_ID
    } else {
        ClockId::CLOCK_THREAD_CPUTIME_ID
    }
}

/// Seconds of processor time used so far, to the nanosecond: what is charged by the tick of a clock is too coarse here.
fn used(by: ClockId) -> f64 {
    let time = clock_gettime(by).unwrap();
    time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9
}

/// What one run over an input costs, in seconds, and how it ended.
fn cost(folder: &Path, line: &[&str], exit: &mut Exit) -> f64 {
    let before = used(whose(line));
    *exit = run_in(folder, line, &mut std::io::empty()).exit;
    used(whose(line)) - before
}

/// The steps that a run counts.
fn counted(folder: &Path, line: &[&str]) -> u64 {
    let before = steps::taken();
    run_in(folder, line, &mut std::io::empty());
    steps::taken() - before
}

struct Measured {
    size: usize,
    start: f64,
    one: f64,
    four: f64,
    /// What was counted of it.
    steps: (u64, u64),
    exit: Exit,
}

impl Measured {
    fn grew(&self) -> f64 {
        // Of what ends at once nothing can be told; what takes next to nothing beside the start is taken for a little more.
        if self.four < WORTH { 1.0 } else { (self.four - self.start).max(0.0) / (self.one - self.start).max(LITTLE) }
    }

    /// Whether it grew as it may: straight, or, as long as a purse lasts, in counted steps that cost no more each.
    fn is_bounded(&self) -> bool {
        let (one, four) = self.steps;
        let each = (self.four / four.max(1) as f64) / (self.one / one.max(1) as f64);
        self.grew() <= MOST || four > 10_000 && four <= PURSES && each <= 2.5
    }
}

/// Input of one size, in a folder of its own.
fn folder(shape: &Shape, size: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    (shape.write)(folder.path(), size);
    folder
}

fn measure(shape: &Shape, line: &[&str], wanted: f64) -> Measured {
    let mut exit = Exit::Done;
    let least = |folder: &Path, turns: usize, exit: &mut Exit| {
        (0..turns).map(|_| cost(folder, line, exit)).fold(f64::INFINITY, f64::min)
    };
    let smallest = folder(shape, 1);
    let start = least(smallest.path(), TURNS, &mut exit);
    let mut size = match line.first() {
        // One at a time is changed, and all of it worked out again: a few are enough to see how that grows.
        Some(&("explain" | "needs")) => 2,
        // Clauses are held against each other in pairs, each against so many behind it.
        Some(&"check") => shape.first.max(shape.largest.min(96) / 4),
        _ => shape.first,
    };
    let mut one = folder(shape, size);
    let wanted = wanted.max(1.5 * start) + start;
    while size * 8 <= shape.largest.min(LARGEST) && least(one.path(), TURNS, &mut exit) < wanted {
        size *= 2;
        one = folder(shape, size);
    }
    let four = folder(shape, size * 4);
    let mut measured = Measured {
        size,
        start,
        one: least(one.path(), TURNS, &mut exit),
        four: cost(four.path(), line, &mut exit),
        steps: (0, 0),
        exit,
    };
    if measured.grew() > MOST {
        measured.steps = (counted(one.path(), line), counted(four.path(), line));
    }
    // A machine that does something else as well: the least of more turns.
    for _ in 0..FURTHER_TURNS {
        if measured.is_bounded() || measured.four > 1.0 {
            break;
        }
        measured.one = measured.one.min(cost(one.path(), line, &mut exit));
        measured.four = measured.four.min(cost(four.path(), line, &mut exit));
    }
    measured.exit = exit;
    measured
}

#[test]
fn four_times_the_input_costs_about_four_times_as_much() {
    let only = std::env::var("DUIXIAN_GROWTH_ONLY").unwrap_or_default();
    let shapes = shapes::all();
    let lines = shapes.iter().flat_map(|shape| shape.lines.iter().map(move |line| (shape, *line)));
    let wanted = lines.filter(|(shape, line)| named(shape, line).contains(&only));
    let (whole, own): (Vec<_>, Vec<_>) = wanted.partition(|(_, line)| whose(line) == ClockId::CLOCK_PROCESS_CPUTIME_ID);
    let mut faults = {
        let _alone = ALONE.lock().unwrap();
        measure_all(&whole, 1)
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    faults.extend(measure_all(&own, threads));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn named(shape: &Shape, line: &[&str]) -> String {
    format!("{} {}", shape.name, line.join(" "))
}

/// Measures in so many threads at once, each with the stack of a program's first thread; what is wrong.
fn measure_all(wanted: &[(&Shape, &[&str])], threads: usize) -> Vec<String> {
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((shape, line)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
            faults.lock().unwrap().extend(faults_of(shape, line));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            std::thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, work).unwrap();
        }
    });
    faults.into_inner().unwrap()
}

/// What is wrong with how one command line grows.
fn faults_of(shape: &Shape, line: &[&str]) -> Vec<String> {
    let milliseconds = std::env::var("DUIXIAN_GROWTH").ok().and_then(|text| text.parse::<f64>().ok()).unwrap_or(5.0);
    let name = named(shape, line);
    let measured = measure(shape, line, milliseconds / 1000.0);
    let told = format!(
        "{name}: {} {:.1} ms, four times {:.1} ms, start {:.1} ms: {:.1} times, {:?} steps ({:?})",
        measured.size,
        measured.one * 1e3,
        measured.four * 1e3,
        measured.start * 1e3,
        measured.grew(),
        measured.steps,
        measured.exit,
    );
    eprintln!("{told}");
    let mut faults = Vec::new();
    if measured.exit == Exit::Unusable {
        faults.push(format!("{name} is not usable"));
    }
    if !measured.is_bounded() {
        faults.push(told);
    }
    faults
}

#[test]
fn what_is_not_known_costs_no_more_than_the_purses() {
    let _alone = ALONE.lock().unwrap();
    let shapes = shapes::all();
    for (name, size) in [("partly known records, counted,", 24), ("unknown records, a line each,", 6)] {
        let shape = shapes.iter().find(|shape| shape.name == name).unwrap();
        let folder = folder(shape, size);
        for verb in ["calc", "explain", "needs"] {
            let line = shapes::ASKED.iter().find(|line| line.first() == Some(&verb)).unwrap();
            let steps = counted(folder.path(), line);
            assert!(steps <= PURSES, "{name} {verb:?} counts {steps} steps");
        }
    }
}
