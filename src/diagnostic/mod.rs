//! What is wrong with a file: where, what stands there, what was wanted, and what to do about it.
//!
//! A [`Code`] is declared beside the check that raises it; this room knows only how a diagnostic looks.

mod nearest;
mod render;

pub use nearest::{did_you_mean, help_for, nearest};

use crate::lang::Text;
use crate::source::Span;

/// The name of a fault (`unit-mismatch`) and its headline.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab case; names the fault, not the cure.
    pub name: &'static str,
    /// One line, without a full stop.
    pub title: Text,
}

impl Code {
    /// A code with its headline.
    pub const fn new(name: &'static str, zh: &'static str, en: &'static str) -> Code {
        Code { name, title: Text::new(zh, en) }
    }

    /// A diagnostic of this code at a place.
    pub fn at(&'static self, span: Span, label: Text) -> Diagnostic {
        Diagnostic { code: self, labels: vec![(span, label)], help: Vec::new() }
    }
}

/// One fault.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which fault.
    pub code: &'static Code,
    /// The places, each with what stands there; the first is the fault's own.
    pub labels: Vec<(Span, Text)>,
    /// What to do about it.
    pub help: Vec<Text>,
}

impl Diagnostic {
    /// Shows a second place.
    pub fn and(mut self, span: Span, label: Text) -> Diagnostic {
        self.labels.push((span, label));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<Option<Text>>) -> Diagnostic {
        self.help.extend(help.into());
        self
    }
}
