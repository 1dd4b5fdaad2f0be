//! What testing a policy found: failures, coverage, changes that no case notices, and the same for machines.

mod coverage;
mod failure;
mod junit;
mod mutation;

use crate::lang::Text;
use crate::report::ink::finish;
use crate::report::layout::Block;
use crate::source::{Span, clean};

pub use coverage::coverage;
pub(super) use coverage::named;
pub use failure::{failure, golden};
pub use junit::{Case, Suite, junit};
pub use mutation::mutation;

/// A path and a place in it, as editors follow it.
fn at(span: &Span) -> String {
    let place = span.place();
    format!("{}:{}:{}", clean(&span.source.name), place.line, place.column)
}

fn text(blocks: &[Block], width: usize) -> String {
    let lines: Vec<String> = blocks.iter().flat_map(|block| block.lines(width)).collect();
    finish(&lines.join("\n"), false)
}

/// Something at a place: `path:line:column  what`.
fn placed(span: &Span, what: &str) -> Block {
    Block::under(format!("{}  {what}", at(span)))
}

/// Exceptions that excuse nothing.
fn stale(spans: &[&Span], what: &Text, lang: crate::lang::Lang) -> Vec<Block> {
    spans.iter().map(|span| placed(span, what.get(lang))).collect()
}
