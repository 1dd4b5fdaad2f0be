//! What changes with time in a clause: an expression, table, scale or condition that holds from a day on, and the day on which
//! it is taken.

use std::sync::Arc;

use super::{Reader, Shared};
use crate::clause::{Condition, Let};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::check::{Versions, Wanted};
use crate::expr::program::Node;
use crate::expr::since::{Since, between, chain, event, nothing};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::declare::expression;
use crate::policy::versions::{follows, no_day, since, versions};
use crate::source::Span;
use crate::value::Day;

/// A value that no expression names.
pub(super) fn hidden(name: &str) -> Let {
    Let { name: format!("[{name}]"), label: None }
}

impl Reader<'_> {
    /// `values_on`, as the first of the clause's intermediate values, and what all clauses share. Without it what changes with time
    /// is taken on the day of the event.
    pub(super) fn values_on(&mut self, shared: &Shared) {
        let item = self.table.get("values_on");
        // What changes with time is not known before the day is.
        let node = item
            .and_then(|item| expression(item, self.names, &self.scope, &Wanted::Exactly(Type::Date), self.diagnostics));
        shared.hand_over(self);
        let first = shared.scope.day.clone().zip(self.let_nodes.first_mut());
        self.scope.day = match (first, node) {
            (Some((day, slot)), node) => {
                node.into_iter().for_each(|node| *slot = node);
                Some(day)
            }
            (None, Some(node)) => Some(self.keep(hidden("values_on"), node)),
            (None, None) => Some(event(&self.table.head())),
        };
    }

    pub(super) fn expression(&mut self, item: &Item, wanted: &Wanted) -> Option<Node> {
        expression(item, self.names, &self.scope, wanted, self.diagnostics)
    }

    /// An expression, or one from each day on; the first decides the type of all.
    pub(super) fn over_time(&mut self, item: &Item, wanted: &Wanted) -> Option<Node> {
        if !matches!(item.value, Raw::Array(_)) {
            return self.expression(item, wanted);
        }
        let mut wanted = wanted.clone();
        let (mut values, mut whole) = (Vec::new(), true);
        for version in versions(item, self.diagnostics)? {
            let Some(node) = self.expression(version.is, &wanted) else {
                whole = false;
                continue;
            };
            wanted = Wanted::Exactly(node.ty.clone());
            values.push((version.since, node));
        }
        self.taken(values, &item.span).filter(|_| whole)
    }

    /// What holds on the clause's day.
    fn taken(&self, values: Vec<(Since, Node)>, span: &Span) -> Option<Node> {
        let ty = values.first().map(|(_, node)| node.ty.clone())?;
        Some(chain(self.scope.day.as_ref()?, values, nothing(ty, span)))
    }

    /// A condition that is asked from a day on, or until one.
    pub(super) fn in_force(&mut self, item: &Item, condition: Condition) -> Option<Condition> {
        let Raw::Table(table) = &item.value else { return None };
        let mut end = |key: &str| match table.get(key) {
            Some(item) => since(item, self.diagnostics).map(Some),
            None => Some(None),
        };
        let (from, until) = (end("from"), end("until"));
        let (from, until) = (from?, until?);
        if let (Some(from), Some(until)) = (&from, &until)
            && from.day > until.day
        {
            follows(Some(from.day), until, self.diagnostics);
        }
        let day = self.scope.day.clone()?;
        let test = between(&day, from.as_ref(), until.as_ref(), condition.test);
        let (zh, en) = match (from.map(|from| from.day), until.map(|until| until.day)) {
            (None, None) => return Some(Condition { test, ..condition }),
            (Some(from), None) => (format!("自 {from} 起"), format!("from {from} on")),
            (None, Some(until)) => (format!("至 {until}"), format!("until {until}")),
            (Some(from), Some(until)) => (format!("{from} 至 {until}"), format!("from {from} to {until}")),
        };
        let text = &condition.text;
        let text = Text::made(format!("{}（{zh}）", text.zh), format!("{} ({en})", text.en));
        Some(Condition { test, text })
    }

    /// A table or scale, or one from each day on. `read` reads one of them; the first decides what the others must be.
    pub(super) fn versions_of<T>(
        &mut self,
        entry: &Entry,
        mut read: impl FnMut(&mut Self, &Table, Option<&T>) -> Option<T>,
    ) -> Option<Versions<T>> {
        let parts: Vec<(Option<Since>, &Item)> = match &entry.item.value {
            Raw::Array(_) => {
                let all = versions(&entry.item, self.diagnostics)?;
                all.into_iter().map(|version| (Some(version.since), version.is)).collect()
            }
            _ => vec![(None, &entry.item)],
        };
        let mut all: Vec<(Option<Since>, Arc<T>)> = Vec::new();
        for (since, item) in parts {
            let first = all.first().map(|(_, first)| Arc::clone(first));
            let found = item.table(self.diagnostics).and_then(|table| read(self, table, first.as_deref()));
            all.push((since, Arc::new(found?)));
        }
        Some(Versions { name: entry.key.clone(), all })
    }

    /// A table whose keys are days: what holds from each of them on. `None` where its keys are none.
    pub(super) fn by_day(&mut self, name: &str, table: &Table) -> Option<Option<Vec<(Since, Node)>>> {
        let first = table.entries().first()?;
        Day::parse(&first.key)?;
        let mut wanted = Wanted::Anything;
        let (mut values, mut whole): (Vec<(Since, Node)>, bool) = (Vec::new(), true);
        for cell in table.entries() {
            let Some(day) = Day::parse(&cell.key) else {
                whole = false;
                no_day(&cell.key_span, self.diagnostics);
                continue;
            };
            let since = Since { day, span: cell.key_span.clone() };
            follows(values.last().map(|(last, _)| last.day), &since, self.diagnostics);
            let Some(node) = self.expression(&cell.item, &wanted) else {
                whole = false;
                continue;
            };
            wanted = Wanted::Exactly(node.ty.clone());
            // An expression of its own, out of sight of the records where it is looked up.
            values.push((since, self.keep(hidden(&format!("{name} {day}")), node)));
        }
        Some(whole.then_some(values))
    }
}
