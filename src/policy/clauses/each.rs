//! `each = "timely as application"`: the list that a clause is worked out over, or a name for some of its records.

use super::{BAD_EACH, Reader, Shared};
use crate::clause::{Condition, Each};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Item, Raw};
use crate::expr::names::Names;
use crate::expr::parser::parse;
use crate::expr::snippet::Snippet;
use crate::lang::Text;
use crate::policy::PAID;
use crate::policy::declare::check_name;

/// Names for records that stand for each other, at most: more is a circle.
const DEEPEST: usize = 32;

/// `"classes as class"`: what stands on its two sides.
fn sides<'t>(item: &'t Item, diagnostics: &mut Vec<Diagnostic>) -> Option<(&'t str, &'t str)> {
    let text = item.text(diagnostics)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [list, "as", record] = words.as_slice() else {
        let help = Text::new("写作 \"classes as class\"", "write it as \"classes as class\"");
        diagnostics.push(BAD_EACH.at(item.span.clone(), Text::default()).help(help));
        return None;
    };
    check_name(record, &item.span, diagnostics);
    Some((list, record))
}

fn list(name: &str, names: &Names) -> Option<usize> {
    names.lists.iter().position(|known| known.name == name).filter(|_| name != PAID)
}

fn of(list: usize, record: &str, names: &Names) -> Option<Each> {
    Some(Each { name: record.to_owned(), list, input: names.lists.get(list)?.input })
}

fn unknown<'n>(item: &Item, name: &str, mut known: Vec<&'n str>, names: &'n Names, diagnostics: &mut Vec<Diagnostic>) {
    known.extend(names.lists.iter().map(|list| list.name.as_str()).filter(|name| *name != PAID));
    let help = did_you_mean(name, known);
    let label = Text::new("没有这份名单", "there is no such list");
    diagnostics.push(BAD_EACH.at(item.span.clone(), label).help(help));
}

/// `each` of a rule over the whole policy: a list.
pub(in crate::policy) fn each(item: &Item, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Each> {
    let (name, record) = sides(item, diagnostics)?;
    let Some(list) = list(name, names) else {
        unknown(item, name, Vec::new(), names, diagnostics);
        return None;
    };
    of(list, record, names)
}

impl Reader<'_> {
    /// `each` of a clause, with the name for some of the records where it is one. What these are is known after the clause's
    /// `let`s, and those may name the record.
    pub(super) fn each(&mut self, shared: &Shared) -> Option<(Each, Option<String>)> {
        let item = self.table.get("each")?;
        let (name, record) = sides(item, self.diagnostics)?;
        if let Some(list) = list(name, self.names) {
            return Some((of(list, record, self.names)?, None));
        }
        let Some(list) = self.list_of(name, shared, DEEPEST) else {
            let mut known: Vec<&str> = shared.scope.lets.iter().map(|known| known.name.as_str()).collect();
            known.extend(self.entries("let").iter().map(|entry| entry.key.as_str()));
            if !shared.scope.faulty.contains(name) {
                unknown(item, name, known, self.names, self.diagnostics);
            }
            return None;
        };
        Some((of(list, record, self.names)?, Some(name.to_owned())))
    }

    /// The list that a name, or what stands for it, is taken from.
    fn list_of(&mut self, name: &str, shared: &Shared, left: usize) -> Option<usize> {
        let left = left.checked_sub(1)?;
        let known = shared.scope.lets.iter().find(|known| known.name == name).and_then(|known| known.records.as_ref());
        if let Some(known) = known {
            return Some(known.list);
        }
        if let Some(define) = self.names.defines.iter().find(|define| define.name == name) {
            return define.node.records().map(|records| records.list);
        }
        if let Some(list) = list(name, self.names) {
            return Some(list);
        }
        let item = match self.entries("let").iter().find(|entry| entry.key == name).map(|entry| &entry.item)? {
            Item { value: Raw::Table(table), .. } => table.get("is")?,
            item => item,
        };
        let Raw::Text(text) = &item.value else { return None };
        // Its faults are told where it is read.
        let names = self.names;
        let syntax =
            parse(&Snippet::new(text, item.span.clone()), &|word| names.units.contains_key(word), &mut Vec::new())?;
        self.list_of(syntax.list()?, shared, left)
    }

    /// That a record is one of those that the clause is worked out over.
    pub(super) fn belongs(&mut self, name: &str) -> Option<Condition> {
        let place = self.scope.lets.iter().position(|known| known.name == name);
        let known = place.and_then(|place| self.scope.lets.get(place)?.records.clone());
        let defined = || self.names.defines.iter().find(|define| define.name == name)?.node.records();
        let records = known.or_else(defined)?;
        if records.best.is_some() {
            let label = Text::new("`each` 不取前几名", "`each` does not take the first so many");
            let help = Text::new(
                "`each` 写全部记录，名额写作 `limits = [{ at_most = 2, order = …, order_by = \"highest_first\", … }]`",
                "work it out over all of them, and write how many as `limits = [{ at_most = 2, order = …, order_by = \
                 \"highest_first\", … }]`",
            );
            let span = self.table.get("each").map_or_else(|| self.table.head(), |item| item.span.clone());
            self.diagnostics.push(BAD_EACH.at(span, label).help(help));
            return None;
        }
        let mut test = *records.filter?;
        test.of_each();
        let label = place.and_then(|place| self.lets.get(place)).and_then(|known| known.label.clone());
        // A name of the file says nothing to whoever reads the result.
        let list =
            || self.names.lists.get(self.scope.each.as_ref()?.1).and_then(|list| self.names.inputs.get(list.input));
        let text = match label {
            Some(label) => Text::made(format!("属于{}", label.zh), format!("one of {}", label.en)),
            None => {
                let of = list().map_or_else(|| Text::same(name.to_owned()), |list| list.label.clone());
                Text::made(format!("属于计入的“{}”", of.zh), format!("one of “{}” that counts", of.en))
            }
        };
        Some(Condition { test, text })
    }
}
