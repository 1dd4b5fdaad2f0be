//! Whatever is given to the program: samples with something changed, cut, doubled or put in, for each way into it.
//!
//! ```text
//! cargo test --test hostile                                   # a few hundred of each
//! DUIXIAN_HOSTILE=100000:7 cargo test --release --test hostile # so many of each, of seed 7
//! DUIXIAN_HOSTILE_SEEDS=fuzz/corpus cargo test --test hostile # writes the samples, for fuzzing with coverage (docs/robustness.md)
//! ```
//!
//! What once broke something lies in `tests/hostile/found/ORACLE/` and is tried every time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod oracles;
#[path = "../program/mod.rs"]
mod program;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use oracles::{ORACLES, Oracle, Place};

/// A small generator of numbers (xorshift), the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }
}

/// What means something somewhere, and what should not be there.
const SLIPS: &[&str] = &[
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "=",
    ",",
    ".",
    "-",
    "+",
    "×",
    "÷",
    "/",
    "<",
    ">",
    "0",
    "9",
    "e",
    "_",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "#",
    "元",
    "万",
    "月",
    "人",
    "%",
    "“",
    "，",
    "（",
    "第",
    "条",
    "二",
    "\0",
    "\u{1b}",
    "\u{202e}",
    "\u{feff}",
    "\u{200b}",
    "\u{a0}",
    "\u{3000}",
    "９",
    "😀",
    "null",
    "true",
    "never",
    "times",
    "more",
    "99999999999999999999",
    "0.0000000000000000001",
    "2024-02-30",
    "0001-01-01",
    "9999-12-31",
    "\"\"\"",
    "&#0;",
    "<c/>",
    " and ",
    " where ",
    "not ",
    "1e9",
];

/// The bytes with up to four slips: something lost, doubled, exchanged, replaced, put in, moved; rarely a byte that is no text.
fn slipped(given: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = given.to_vec();
    for _ in 0..=dice.below(3) {
        let mut at = dice.below(bytes.len());
        while at > 0 && bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
            at -= 1;
        }
        let longest = dice.of(&[1, 2, 8, 60]);
        let mut end = (at + 1 + dice.below(longest)).min(bytes.len());
        while bytes.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
            end += 1;
        }
        let at = at.min(end);
        let piece = bytes[at..end].to_vec();
        match dice.below(16) {
            0..2 => drop(bytes.drain(at..end)),
            2..4 => drop(bytes.splice(at..at, piece)),
            4..8 => drop(bytes.splice(at..end, dice.of(SLIPS).bytes())),
            8..12 => drop(bytes.splice(at..at, dice.of(SLIPS).bytes())),
            12 => drop(bytes.splice(at..end, [0xFF])),
            // A whole line is lost or comes twice.
            13..15 => {
                let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
                let to = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |place| at + place + 1);
                let line = bytes[from..to].to_vec();
                drop(bytes.splice(from..to, if dice.below(2) == 0 { Vec::new() } else { line.repeat(2) }));
            }
            // A piece stands where it does not belong.
            _ => {
                bytes.drain(at..end);
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

/// So many of each, of this seed.
fn wanted() -> (usize, u64) {
    let wanted = std::env::var("DUIXIAN_HOSTILE").unwrap_or_else(|_| "60".to_owned());
    let (count, seed) = wanted.split_once(':').unwrap_or((&wanted, "20240301"));
    (count.parse().unwrap(), seed.parse().unwrap())
}

fn hold(oracle: &Oracle, place: &Place, data: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| (oracle.hold)(place, data))).is_err() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{}", oracle.name));
        fs::write(&file, data).unwrap();
        panic!("{} does not hold: see {}", oracle.name, file.display());
    }
}

fn try_out(name: &str) {
    let oracle = ORACLES.iter().find(|oracle| oracle.name == name).unwrap();
    let place = Place::new();
    for found in fs::read_dir(format!("tests/hostile/found/{name}")).into_iter().flatten() {
        hold(oracle, &place, &fs::read(found.unwrap().path()).unwrap());
    }
    let (count, seed) = wanted();
    let mut dice = Dice(seed | 1);
    let seeds = (oracle.seeds)();
    for seed in &seeds {
        hold(oracle, &place, seed);
    }
    for round in 0..count {
        hold(oracle, &place, &slipped(&seeds[round % seeds.len()], &mut dice));
    }
}

macro_rules! oracles {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            try_out(stringify!($name));
        }
    )*

    #[test]
    fn every_oracle_is_tried() {
        let tried = [$(stringify!($name)),*];
        assert_eq!(ORACLES.iter().map(|oracle| oracle.name).collect::<Vec<_>>(), tried);
        let Some(folder) = std::env::var_os("DUIXIAN_HOSTILE_SEEDS") else { return };
        for oracle in ORACLES {
            let folder = Path::new(&folder).join(oracle.name);
            fs::create_dir_all(&folder).unwrap();
            for (place, seed) in (oracle.seeds)().iter().enumerate() {
                fs::write(folder.join(place.to_string()), seed).unwrap();
            }
        }
    }};
}

oracles! { policy expression applicant shipped table records lines sheet workbook text document results result cases messages }
