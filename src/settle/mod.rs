//! Limits over all applicants (`across = "applicants"`): who is inside, who is left out, and what is left of each claim.
//!
//! ```text
//! claims of every applicant ─▶ Claims ─▶ decide ─▶ Decisions, a line each ─▶ words
//! ```
//!
//! Nothing is guessed: where a claim, its key or its place in the order is not known, the outcome is what every completion
//! leaves possible. Equal places in the order go by the applicant's id, and the line says so. The order in which the claims
//! were gathered decides nothing.

mod applicant;
mod claims;
mod decide;
mod decision;
mod otherwise;
mod packed;
mod stated;
mod together;
mod turn;
mod words;

pub use crate::allot::{Outcome, Settled};
pub use applicant::{OfApplicant, OfLine};
pub use claims::{Alternative, Claimant, ClaimingLine, Claims};
pub use decide::decide;
pub use decision::{Changed, Decision, Decisions, Tally};
pub use otherwise::{Otherwise, alternatives, of_line};
pub use stated::{Stated, take_over, with_stated};
pub use together::{Closer, Narrower};
pub use words::{reason, refusal, to_be_settled};
