//! The expression language: text → tokens → syntax → checked program → value, and the calculation written down on the way.

mod aggregate;
pub mod belongs;
mod best;
pub mod came_to;
pub mod check;
mod common;
pub mod context;
pub mod eval;
pub mod explain;
pub mod formula;
pub mod function;
pub mod lexer;
pub mod measure;
pub mod names;
pub mod parser;
pub mod program;
pub mod since;
pub mod snippet;
pub mod spans;
pub mod steps;
pub mod suppose;
pub mod syntax;
pub mod types;
pub mod watch;

use crate::diagnostic::Code;

/// Every code that this room raises, file by file.
pub(crate) static CODES: &[&[&Code]] = &[check::CODES, lexer::CODES, parser::CODES];
