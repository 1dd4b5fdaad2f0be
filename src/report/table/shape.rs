//! Which columns a table has at which width, and which parts of a line stand in each.

use crate::report::told::shape::Content::{Amounts, Place, Words};
use crate::report::told::shape::{Part, Shape};
use crate::report::words;

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
