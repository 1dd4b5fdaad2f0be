//! duixian.

pub mod assess;
pub mod clause;
pub mod diagnostic;
pub mod document;
pub mod expr;
pub mod lang;
pub mod policy;
pub mod source;
pub mod value;
