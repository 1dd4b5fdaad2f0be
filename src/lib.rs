//! duixian.

pub mod applicant;
pub mod assess;
pub mod cases;
pub mod clause;
pub mod cli;
pub mod diagnostic;
pub mod document;
pub mod expr;
pub mod lang;
pub mod policy;
pub mod report;
pub mod source;
pub mod value;
