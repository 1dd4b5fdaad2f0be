//! `untested.toml` beside a policy's cases: what no case can reach and which changes change nothing, each with its reason.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Table, parse};
use crate::lang::Text;
use crate::source::{Source, Span};

/// What no case can reach or notice.
#[derive(Debug, Default)]
pub struct Exceptions {
    /// Outcomes that no case can reach.
    pub unreachable: Vec<Unreachable>,
    /// Changes that change nothing.
    pub equivalent: Vec<Equivalent>,
    /// What is wrong with the file.
    pub faults: Vec<Diagnostic>,
}

/// An outcome that no case can reach.
#[derive(Debug)]
pub struct Unreachable {
    /// The clause; `define` for the policy's definitions, `policy` for its rules, `readings` for its readings.
    pub clause: String,
    /// The outcome as the report of coverage names it.
    pub outcome: String,
    /// Why.
    pub because: Text,
    /// Where it stands.
    pub span: Span,
}

/// A change that changes nothing.
#[derive(Debug)]
pub struct Equivalent {
    /// The clause, as above.
    pub clause: String,
    /// A part of the line that it is in.
    pub line: String,
    /// What stands there.
    pub old: String,
    /// What is put in its place.
    pub new: String,
    /// Why it changes nothing.
    pub because: Text,
    /// Where it stands.
    pub span: Span,
}

impl Exceptions {
    /// Reads the file; what is wrong with it is among its faults.
    pub fn read(source: &Arc<Source>) -> Exceptions {
        let mut found = Exceptions::default();
        let faults = &mut found.faults;
        let Some(document) = parse(source, faults) else { return found };
        document.only(&["unreachable", "equivalent"], faults);
        for table in tables(&document, "unreachable", faults) {
            table.only(&["clause", "outcome", "zh", "en"], faults);
            let texts = (text(&table, "clause", faults), text(&table, "outcome", faults));
            if let ((Some(clause), Some(outcome)), Some(because)) = (texts, table.own_words(faults)) {
                found.unreachable.push(Unreachable { clause, outcome, because, span: table.head() });
            }
        }
        for table in tables(&document, "equivalent", faults) {
            table.only(&["clause", "line", "old", "new", "zh", "en"], faults);
            let place = (text(&table, "clause", faults), text(&table, "line", faults));
            let change = (text(&table, "old", faults), text(&table, "new", faults));
            if let ((Some(clause), Some(line)), (Some(old), Some(new)), Some(because)) =
                (place, change, table.own_words(faults))
            {
                found.equivalent.push(Equivalent { clause, line, old, new, because, span: table.head() });
            }
        }
        found
    }
}

fn tables(document: &Table, key: &str, faults: &mut Vec<Diagnostic>) -> Vec<Table> {
    let items = document.get(key).and_then(|item| item.array(faults)).unwrap_or_default();
    items.iter().filter_map(|item| item.table(faults).cloned()).collect()
}

fn text(table: &Table, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
    table.need_text(key, faults).map(str::to_owned)
}
