//! Which columns a table has at which width, and which parts of a line stand in each.

use super::grid::Content::{self, Amounts, Place, Words};
use crate::lang::Text;
use crate::report::words;

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where the clause stands.
    Place,
    /// The title.
    Title,
    /// How the amount came about.
    Calculation,
    /// The amount by the clause's own words.
    Entitled,
    /// The amount after all limits.
    Awarded,
    /// What was paid before.
    Paid,
    /// What is due now.
    Due,
    /// The amounts awarded, paid and due in one line of words.
    Sums,
    /// What it comes to and why.
    Conclusion,
}

/// A column: its head, how it takes its share of the width, and the parts that stand in it.
pub type Shape = &'static [(&'static Text, Content, &'static [Part])];

/// Each part in a column of its own.
static FULL: Shape = &[
    (&words::CLAUSE, Place, &[Part::Place]),
    (&words::TITLE, Words, &[Part::Title]),
    (&words::CALCULATION, Words, &[Part::Calculation]),
    (&words::ENTITLED, Amounts, &[Part::Entitled]),
    (&words::AWARDED, Amounts, &[Part::Awarded]),
    (&words::PAID, Amounts, &[Part::Paid]),
    (&words::DUE, Amounts, &[Part::Due]),
    (&words::CONCLUSION, Words, &[Part::Conclusion]),
];

/// The same with the calculation below the title.
static WIDE: Shape = &[
    (&words::CLAUSE, Place, &[Part::Place]),
    (&words::WORKING, Words, &[Part::Title, Part::Calculation]),
    (&words::ENTITLED, Amounts, &[Part::Entitled]),
    (&words::AWARDED, Amounts, &[Part::Awarded]),
    (&words::PAID, Amounts, &[Part::Paid]),
    (&words::DUE, Amounts, &[Part::Due]),
    (&words::CONCLUSION, Words, &[Part::Conclusion]),
];

/// All words in one column; the amount by the clause's own words is seen in the calculation.
static NARROW: Shape = &[
    (&words::CLAUSE, Place, &[Part::Place]),
    (&words::MATTER, Words, &[Part::Title, Part::Calculation, Part::Conclusion]),
    (&words::AWARDED, Amounts, &[Part::Awarded]),
    (&words::PAID, Amounts, &[Part::Paid]),
    (&words::DUE, Amounts, &[Part::Due]),
];

/// The amounts among the words.
static SLIM: Shape = &[
    (&words::CLAUSE, Place, &[Part::Place]),
    (&words::MATTER, Words, &[Part::Title, Part::Sums, Part::Calculation, Part::Conclusion]),
];

/// The columns for a width.
pub fn of(width: usize) -> Shape {
    match width {
        140.. => FULL,
        120.. => WIDE,
        64.. => NARROW,
        _ => SLIM,
    }
}
