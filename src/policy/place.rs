//! Where things stand in a policy's file.

use crate::clause::Clause;
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::names::Origin;
use crate::policy::Policy;
use crate::source::Span;

fn table(item: &Item) -> Option<&Table> {
    match &item.value {
        Raw::Table(table) => Some(table),
        _ => None,
    }
}

/// The entries of a section, such as `[facts]`; none where the file has no such section.
pub fn section<'p>(policy: &'p Policy, name: &str) -> &'p [Entry] {
    policy.document.get(name).and_then(table).map_or(&[], Table::entries)
}

/// The clause's own table; none for a clause of a supplement, which stands in another file.
pub fn clause<'p>(policy: &'p Policy, clause: &Clause) -> Option<&'p Table> {
    let Raw::Array(items) = &policy.document.get("clauses")?.value else { return None };
    let is_own = |table: &&Table| match table.get("id").map(|item| &item.value) {
        Some(Raw::Text(id)) => clause.supplement.is_none() && *id == clause.id,
        _ => false,
    };
    // It is the last one that begins no later than the clause.
    let behind = items.partition_point(|item| item.span.range.start <= clause.span.range.start);
    let own = behind.checked_sub(1).and_then(|at| items.get(at)).and_then(table).filter(is_own);
    own.or_else(|| items.iter().filter_map(table).find(is_own))
}

/// The entries of a part of a clause, such as `table` or `let`.
pub fn part<'p>(policy: &'p Policy, of: &Clause, name: &str) -> &'p [Entry] {
    clause(policy, of).and_then(|own| own.get(name)).and_then(table).map_or(&[], Table::entries)
}

/// The value of a clause's key; where it cannot be found, the clause.
pub fn key(policy: &Policy, of: &Clause, name: &str) -> Span {
    clause(policy, of).and_then(|own| own.get(name)).map_or_else(|| of.span.clone(), |item| item.span.clone())
}

/// The entry that declares an input, where this file does; another stands in a vocabulary or a supplement.
pub fn input<'p>(policy: &'p Policy, name: &str, origin: &Origin) -> Option<&'p Entry> {
    let (part, name) = match origin {
        Origin::Fact => ("facts", name),
        Origin::Parameter(_) => ("parameters", name),
        Origin::Reading(reading) => ("readings", reading.id.as_str()),
        Origin::Paid => return None,
    };
    section(policy, part).iter().find(|entry| entry.key == name)
}
