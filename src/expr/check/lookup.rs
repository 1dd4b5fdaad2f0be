//! A cell of a table, looked up by a word.

use std::sync::Arc;

use super::{Checker, TYPE_MISMATCH, UNKNOWN_NAME, UNKNOWN_WORD};
use crate::diagnostic::did_you_mean;
use crate::expr::program::{Node, Op, Table};
use crate::expr::syntax::{Part, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;

impl Checker<'_> {
    pub(super) fn index(&mut self, table: &Syntax, index: &Syntax, syntax: &Syntax) -> Option<Node> {
        let Part::Name(name) = &table.part else {
            let diagnostic =
                UNKNOWN_NAME.at(self.span(&table.range), Text::new("没有这张表", "there is no such table"));
            return self.fault(diagnostic);
        };
        let (scope, names) = (self.scope, self.names);
        if let Some((_, values)) = scope.by_day.iter().find(|(known, _)| known == name) {
            return self.by_day(values.clone(), index, syntax);
        }
        let Some(found) = scope.tables.iter().find(|table| table.name == *name) else {
            let input = names.input(name).and_then(|place| Some((place, names.inputs.get(place)?)));
            if let Some((place, input)) = input.filter(|(_, input)| !input.versions.is_empty()) {
                return self.on_a_day(place, input, index, syntax);
            }
            if self.is_faulty(name) {
                return None;
            }
            let known = scope.tables.iter().map(|table| table.name.as_str());
            let known: Vec<&str> = known.chain(scope.by_day.iter().map(|(name, _)| name.as_str())).collect();
            let label = Text::new("没有这张表", "there is no such table");
            let diagnostic = UNKNOWN_NAME.at(self.span(&table.range), label).help(did_you_mean(name, known));
            return self.fault(diagnostic);
        };
        let index = self.check(index, None)?;
        let Type::Enum(place) = index.ty else {
            let stands = self.names.describe(&index.ty);
            let label = Text::made(
                format!("这里是{}；表按选项查", stands.zh),
                format!("this is {}; a table is looked up by a word", stands.en),
            );
            let diagnostic = TYPE_MISMATCH.at(index.span.clone(), label);
            return self.fault(diagnostic);
        };
        let mut all = Vec::new();
        for (since, table) in &found.all {
            let node = self.cell(table, place, &index, syntax)?;
            all.push((since.clone(), node));
        }
        self.of_versions(name, all, syntax)
    }

    fn cell(&mut self, found: &Arc<Table>, place: usize, index: &Node, syntax: &Syntax) -> Option<Node> {
        let words = self.names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
        for (word, cell) in &found.cells {
            if !words.iter().any(|(known, _)| known == word) {
                let wanted = self.names.describe(&Type::Enum(place));
                let label = Text::made(
                    format!("表中的 `{word}` 不是{}", wanted.zh),
                    format!("`{word}` of the table is not {}", wanted.en),
                );
                let known: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
                let diagnostic = UNKNOWN_WORD.at(cell.span.clone(), label).help(did_you_mean(word, known));
                self.diagnostics.push(diagnostic);
                return None;
            }
        }
        let cells = words.iter().map(|(word, _)| found.cells.iter().position(|(cell, _)| cell == word)).collect();
        let ty = found.ty.clone();
        self.node(Op::Lookup(Arc::clone(found), cells, Box::new(index.clone())), ty, syntax)
    }
}
