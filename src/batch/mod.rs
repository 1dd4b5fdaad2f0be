//! A file of applicants, row by row: what `calc` says for one, for each of a million.
//!
//! ```text
//! rows ─▶ chunks ─▶ workers (read, assess, write) ─▶ output, in the order of the rows
//!                                                 ├▶ rejects
//!                                                 └▶ summary
//! ```

mod engine;
mod flow;
pub mod output;
mod plan;
mod result;
mod summary;
mod worker;

pub use flow::{Finished, Sink, run};
pub use output::Shape;
pub use plan::{Choice, Plan};
pub use result::{LineView, Sums, TotalsView};
pub use summary::Summary;
