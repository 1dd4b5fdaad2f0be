//! A file of applicants, row by row: what `calc` says for one, for each of a million.
//!
//! ```text
//! rows ─▶ chunks ─▶ workers (read, assess, write) ─▶ output, in the order of the rows
//!                                                 ├▶ rejects
//!                                                 └▶ summary
//! ```
//!
//! Limits over all applicants take two passes: the first only gathers what is claimed of them ([`Across::Gather`]), the second
//! writes what was decided ([`Across::Settled`]). [`settle`] does the same on results that were written before.

mod budget;
mod engine;
mod engines;
mod flow;
mod others;
pub mod output;
mod papers;
mod people;
mod plan;
mod reading;
mod result;
pub mod settle;
mod summary;
mod sums;
mod told;
mod versus;
mod worker;

pub use budget::{Budget, End, Spent};
pub use flow::{Finished, Sink, run};
pub use output::Shape;
pub use papers::{Made, Paper, Papers, Statements};
pub use plan::{Across, Choice, Plan};
pub use result::{AcrossView, KnownSums, LineView, Sums, TotalsView};
pub use summary::Summary;
pub use sums::Counts;
pub use versus::Versus;
