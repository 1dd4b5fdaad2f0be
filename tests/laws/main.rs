//! Laws that hold for every policy and every applicant, tried on small random ones.
//!
//! - *Point*: where everything is known every amount is one number, and where a clause stands alone it is the number that
//!   the plain calculation gives ([`plain`]).
//! - *Sound*: whatever is left unsaid, the amounts and conclusions of the complete applicant stay among those printed.
//! - *Tight*: where only truths, words and readings are missing, both ends of an amount are reached, by the values shown.
//! - *Columns*: a line that is worked out by a compiled policy comes out as by the general evaluation, to the byte; for
//!   applicants made up from the shipped policies' own declarations as well.
//! - *Lines*: a line of JSON that is read straight into values comes out as one that is read as a document, to the byte.
//! - *Verbs*: `batch` says of every applicant of a file what `calc` says of that one.
//! - *Books*: a workbook of results says what CSV and JSON Lines say, and of other readings what a run under them comes to.
//! - *Payments*: a payment list has every line whose due is certain, and no other; what it pays and what is open are what is due in
//!   the run; it is read back as what was paid.
//! - *Effects*: every option of a reading that changes a line is told at that line, and no other; among many applicants too,
//!   limits over all of them included.
//! - *Currency*: a policy in another currency comes to the same numbers.
//! - *Differences*: a change of a policy does to an applicant what is told of it, whatever is unsaid; no change does nothing.
//! - *Detail*: what is told briefly is what is told in full.
//! - *Steps*: every equation shown is true, every step holds what it is once everything is known, and the last one is what is
//!   awarded.
//! - *Identity*: what stands in a list twice, overlaps or contradicts its like for sure is refused with both places, as a look at every
//!   two records finds it; what nobody can say is told, and nothing else.
//! - *Checks*: what a check says of an applicant that it shows is what `calc` says; what never holds has no value for which
//!   it does.
//! - *Unseen*: one blank or hidden character more, anywhere in an input, is no part of it, refused with its place, or shown.
//! - *Over time*: nothing is awarded beyond the whole term, and what is awarded once is not taken back: whoever pays as advised
//!   is never told that it was too much.
//! - *Parts*: parts of an amount add up to it, each within its cap; what is open holds every completion.
//! - *Came to*: what a clause says of another is what that one's line says, whoever of records that look alike gets it.
//! - *Sums*: totals, payments, instalments and schedules add up, and what is open says why.
//!
//! Each law is tried on the same policies at every run. For more of them, or others:
//!
//! ```text
//! DUIXIAN_LAWS=20000 cargo test --release --test laws       # so many cases
//! DUIXIAN_LAWS=20000:7 cargo test --release --test laws     # so many others, of seed 7
//! DUIXIAN_APPLICANTS=500 cargo test --release --test laws shipped   # so many of each kind of each shipped policy
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_enum_variant,
    reason = "a test that cannot go on should stop, and need not be small"
)]

mod applicant;
mod belongs;
mod books;
mod came_to;
mod case;
mod checks;
mod choices;
mod columns;
mod currency;
mod detail;
mod differences;
mod effects;
mod functions;
mod generate;
mod identity;
mod lines;
mod one_value;
mod over_time;
mod parts;
mod payments;
mod plain;
mod point;
mod policy;
mod populations;
#[path = "../program/mod.rs"]
mod program;
mod ratio;
mod schema;
#[path = "../shown/mod.rs"]
mod shown;
mod sound;
mod spans;
mod steps;
mod sums;
mod syntax;
mod tight;
mod unseen;
mod verbs;
