//! The applicants: dates, words and counts from a generator with a fixed seed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};

use chrono::{Days, NaiveDate};

/// Clauses of the policy.
pub const CLAUSES: usize = 7;

const HEADS: &str = "id,birth_date,degree,arrived_on,first_home,purchase_date,hires,station_entered_on,station_left_on,\
training_for,training_days,degree_gained,degree_gained_on,title_gained,title_gained_on";

/// Xorshift: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }

    /// A day of so many from a first one.
    fn day(&mut self, first: NaiveDate, days: u64) -> NaiveDate {
        first + Days::new(self.below(days))
    }

    /// The same, or nothing for so many in a hundred.
    fn day_or_never(&mut self, first: NaiveDate, days: u64, never: u64) -> String {
        if self.below(100) < never { "never".to_owned() } else { self.day(first, days).to_string() }
    }
}

/// A table.
#[derive(Clone, Copy)]
pub struct Table {
    /// How many rows.
    pub count: usize,
    /// How many in a hundred lack the degree; the others are complete.
    pub lacking: u64,
    /// Whether the rows are in the order of their ids.
    pub in_order: bool,
}

/// Writes a table.
pub fn write(path: &str, table: Table) {
    let Table { count, lacking, in_order } = table;
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "{HEADS}").unwrap();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let degrees = ["none", "associate", "bachelor", "bachelor", "bachelor", "master", "master", "doctor"];
    let titles = ["none", "junior", "middle", "associate_senior", "senior"];
    let mut row = String::new();
    for number in 1..=count {
        row.clear();
        let birth = dice.day(date(1975, 1, 1), 30 * 365);
        let degree = if dice.below(100) < lacking { "" } else { dice.word(&degrees) };
        let arrived = dice.day(date(2022, 6, 1), 4 * 365);
        let home = dice.word(&["true", "false"]);
        let bought = dice.day_or_never(date(2022, 6, 1), 4 * 365, 40);
        let hires = dice.below(120);
        let entered = dice.day_or_never(date(2022, 1, 1), 4 * 365, 70);
        let left = dice.day_or_never(date(2026, 1, 1), 700, 50);
        let training = dice.word(&["none", "master", "doctor"]);
        let days = dice.below(200);
        let (gained, gained_on) = (dice.word(&degrees), dice.day_or_never(date(2022, 6, 1), 4 * 365, 70));
        let (title, title_on) = (dice.word(&titles), dice.day_or_never(date(2022, 6, 1), 4 * 365, 70));
        // An odd factor gives every number below 2²³ another one.
        let id = if in_order { number } else { number * 5_130_877 % (1 << 23) };
        write!(
            row,
            "A{id:07},{birth},{degree},{arrived},{home},{bought},{hires},{entered},{left},{training},{days}天,{gained},{gained_on},{title},{title_on}"
        )
        .unwrap();
        writeln!(out, "{row}").unwrap();
    }
    out.flush().unwrap();
}
