//! The parts of a line, and the columns that they stand in.

use crate::lang::Text;

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where the clause stands.
    Place,
    /// The title.
    Title,
    /// Who is responsible.
    Office,
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

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Where the clause stands: narrow.
    Place,
    /// Words, which can be wrapped.
    Words,
    /// Amounts, which stay on one line while there is room, at the right.
    Amounts,
}

/// Columns: the head of each, what stands in it, and the parts of a line that do.
pub type Shape = &'static [(&'static Text, Content, &'static [Part])];
