//! The fast way: a policy's expressions compiled for many rows at once, column by column, on whole numbers.
//!
//! ```text
//! policy + what every row has in common ──▶ Program (one list of operations, each on whole columns)
//! cells ──▶ lanes ──▶ Program::run ──▶ conclusions and amounts in 分, or "ask the general evaluation"
//! ```
//!
//! **One meaning, two executions.** The general evaluation says what a policy means. A program is worked out only where it is
//! sure to say the same: every lane carries a mark for values that it does not know — a blank, a number too large, a table
//! without the cell — and a row that ends on such a mark goes the general way. What a program cannot express at all goes the
//! general way too. A property test holds the two against each other.

mod build;
mod calendar;
mod cell;
mod clause;
mod lanes;
mod op;
mod program;
mod quantity;
mod simpler;
mod surely;

pub use cell::CellReader;
pub use lanes::{BLOCK, Lanes};
pub use program::{Constants, Outcomes, Program};
