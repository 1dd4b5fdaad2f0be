//! What is named in applicant files and files of cases.

use crate::document::{Entry, Item, Raw, Table};
use crate::lsp::index::{Sort, Thing, Walk, inside};

impl Walk<'_> {
    /// An applicant, a file of cases, or one case.
    pub(super) fn applicant(&mut self, table: &Table) {
        for entry in table.entries() {
            let items = match &entry.item.value {
                Raw::Array(items) => items.as_slice(),
                _ => std::slice::from_ref(&entry.item),
            };
            let tables =
                || items.iter().filter_map(|item| if let Raw::Table(table) = &item.value { Some(table) } else { None });
            match entry.key.as_str() {
                "applicant" => {
                    let kinds = tables().filter_map(|head| head.get("kind"));
                    kinds.for_each(|kind| self.named(Sort::Applicant, "", kind));
                }
                "facts" => tables().for_each(|facts| self.facts(facts, "")),
                "cases" => tables().for_each(|case| self.applicant(case)),
                "unset" => self.named(Sort::Input, "", &entry.item),
                "paid" => tables().filter_map(|paid| paid.get("clause")).for_each(|clause| self.clause_of(clause)),
                "other_benefits" => {
                    for other in tables() {
                        other.get("category").into_iter().for_each(|item| self.named(Sort::Category, "", item));
                        other.get("level").into_iter().for_each(|item| self.named(Sort::Word, "level", item));
                        other.get("clause").into_iter().for_each(|item| self.clause_of(item));
                    }
                }
                "readings" => {
                    for reading in tables().flat_map(Table::entries) {
                        self.key(Sort::Reading, "", reading);
                        self.named(Sort::Choice, &reading.key, &reading.item);
                    }
                }
                "expect" => tables().flat_map(Table::entries).for_each(|expected| self.expected(expected)),
                _ => {}
            }
        }
    }

    fn key(&mut self, sort: Sort, owner: &str, entry: &Entry) {
        let range = inside(self.source, &entry.key_span.range);
        self.site(Thing::new(sort, owner, &entry.key), range, false);
    }

    /// Facts, or the fields of a record.
    fn facts(&mut self, facts: &Table, list: &str) {
        let sort = if list.is_empty() { Sort::Input } else { Sort::Field };
        for entry in facts.entries() {
            self.key(sort, list, entry);
            let ty = self.known.things.get(&Thing::new(sort, list, &entry.key)).map(|known| known.ty.clone());
            self.value(&entry.item, &ty.unwrap_or_default(), &entry.key);
        }
    }

    fn value(&mut self, item: &Item, ty: &str, name: &str) {
        match &item.value {
            Raw::Text(word) if self.known.has(Sort::Word, ty, word) => self.named(Sort::Word, ty, item),
            Raw::Text(_) if ty == "quantity" => self.phrase(item, None),
            Raw::Array(items) => items.iter().for_each(|item| self.value(item, ty, name)),
            Raw::Table(record) if ty == "list" => self.facts(record, name),
            Raw::Table(part) => part.entries().iter().for_each(|entry| self.value(&entry.item, ty, name)),
            _ => {}
        }
    }

    /// `qingyuan/19.1`, `19.1`
    fn clause_of(&mut self, item: &Item) {
        let Raw::Text(text) = &item.value else { return };
        let range = inside(self.source, &item.span.range);
        let id = text.rsplit('/').next().unwrap_or(text);
        self.site(Thing::new(Sort::Clause, "", id), range.end - id.len().min(range.len())..range.end, false);
    }

    /// `19.1`, `8[2]`
    fn expected(&mut self, entry: &Entry) {
        if entry.key == "totals" {
            return;
        }
        let id = crate::cases::clause_of(&entry.key);
        let range = inside(self.source, &entry.key_span.range);
        self.site(Thing::new(Sort::Clause, "", id), range.start..range.start + id.len(), false);
        let Raw::Table(expected) = &entry.item.value else { return };
        if let Some(missing) = expected.get("missing") {
            self.missing(missing);
        }
    }

    fn missing(&mut self, item: &Item) {
        match &item.value {
            Raw::Text(name) if self.known.has(Sort::Input, "", name) => self.named(Sort::Input, "", item),
            Raw::Array(items) => items.iter().for_each(|item| self.missing(item)),
            _ => {}
        }
    }
}
