//! The fast way: a policy's expressions compiled for many rows at once, column by column, on whole numbers.
//!
//! ```text
//! policy + what every row has in common ──▶ Program (one list of operations, each on whole columns)
//! cells, or what was read of applicants ──▶ lanes ──▶ Program::run ──▶ conclusions and amounts in 分, or "ask the general evaluation"
//! ```
//!
//! **One meaning, two executions.** The general evaluation says what a policy means. A program is worked out only where it is
//! sure to say the same: every lane carries a mark for values that it does not know — a blank, a number too large, a table
//! without the cell — and a line that ends on such a mark goes the general way, while the others of its row stay. Counts and sums over the records of a
//! list are columns of their own. A part that has no columns, such as a text, is worked out by the general evaluation for each row and stands in a lane like a fact. What a
//! program cannot express at all goes the general way too, clause by clause, with what depends on it ([`Why`]); where a line is not
//! met, nothing hangs on its amount, its limits, or what may take its place. A clause with a line for each record has a program of
//! which the rows are the records of the block; limits over them are only held against what is asked for: one that may take something
//! goes the general way. Other options of readings are worked out and compared in the same columns. A property test holds the two against each other.

mod build;
mod calendar;
mod cell;
mod clause;
mod compile;
mod conclude;
mod doubt;
mod lanes;
mod op;
mod outcome;
mod over;
mod program;
mod quantity;
mod records;
mod simpler;
mod source;
mod surely;
mod why;

pub use build::Shape;
pub use cell::CellReader;
pub use lanes::{BLOCK, Lanes};
pub use outcome::{At, LineOutcomes, Outcomes, Tally};
pub use program::{Constants, Program, RowsOf};
pub use source::shape_of_input;
pub use why::Why;
