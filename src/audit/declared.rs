//! What a clause declares about figures: `not_computed` and `derived`.

use crate::audit::figure::{Amount, Figure};
use crate::audit::{numeral, reader, working};
use crate::clause::Clause;
use crate::document::{Item, Raw};
use crate::policy::{Policy, place};
use crate::source::Span;

/// One entry.
#[derive(Debug)]
pub struct Declared {
    /// As it is written.
    pub written: String,
    /// The figures in it; none where it holds none, or something that cannot be read.
    pub figures: Vec<Figure>,
    /// Where it stands.
    pub span: Span,
}

impl Declared {
    /// Whether one of its figures is this one of the text; the times that the text has with it need not be repeated.
    pub fn is_of_text(&self, text: &Figure) -> bool {
        self.figures.iter().any(|figure| self.has(figure, text))
    }

    /// Whether one figure of it is this one of the text.
    pub fn has(&self, figure: &Figure, text: &Figure) -> bool {
        let without = |figure: &Figure| match figure {
            Figure::Amount(amount) => Figure::Amount(Amount { per: Vec::new(), around: Vec::new(), ..amount.clone() }),
            other => other.clone(),
        };
        figure.agrees(text) || without(figure).agrees(&without(text))
    }

    /// Whether one of its figures is this one of the clause.
    pub fn is_of_clause(&self, working: &Figure) -> bool {
        self.figures.iter().any(|figure| working.agrees(figure))
    }

    /// Whether it stands so in a text: what holds a numeral without being a figure (`二十大`, `六大平台`, `数十家`) can only be
    /// declared as it is written.
    pub fn stands_in(&self, text: &str) -> bool {
        plain(text).contains(&plain(&self.written))
    }

    /// Whether it is what is written here.
    pub fn is_written(&self, written: &str) -> bool {
        plain(&self.written) == plain(written)
    }

    /// Whether anything in it could be a number.
    pub fn has_numeral(&self) -> bool {
        self.written.chars().any(numeral::is_part)
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The entries of a key of a clause.
pub fn of(policy: &Policy, clause: &Clause, key: &str) -> Vec<Declared> {
    let entries = if key == "derived" { &clause.derived } else { &clause.not_computed };
    if entries.is_empty() {
        return Vec::new();
    }
    let items: &[Item] = match place::clause(policy, clause).and_then(|own| own.get(key)).map(|item| &item.value) {
        Some(Raw::Array(items)) => items,
        _ => &[],
    };
    let span = |at: usize| match items.get(at).map(|item| &item.value) {
        Some(Raw::Table(table)) => table.get("figure").map(|figure| working::unquoted(&figure.span)),
        _ => None,
    };
    let one = |(at, (written, _)): (usize, &(String, _))| {
        let found = reader::read(written, 0);
        let read = found.iter().all(|found| found.figure.is_some());
        let figures = if read { found.into_iter().filter_map(|found| found.figure).collect() } else { Vec::new() };
        Declared { written: written.clone(), figures, span: span(at).unwrap_or_else(|| clause.span.clone()) }
    };
    entries.iter().enumerate().map(one).collect()
}
