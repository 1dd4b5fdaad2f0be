//! `[texts.<name>]`: texts that one is held against, in the policy or in a file beside it.

use std::sync::Arc;

use super::{BAD_TEXTS, DUPLICATE, Declaring, check_name};
use crate::document::{Entry, Item, Table};
use crate::expr::program::Texts;
use crate::lang::Text;
use crate::policy::keys;
use crate::source::{Source, Span, alike};

impl Declaring<'_> {
    /// Every list of texts; gives the files that were read for them.
    pub fn texts(&mut self, document: &Table, find: &dyn Fn(&str) -> Option<Arc<Source>>) -> Vec<Arc<Source>> {
        let mut files = Vec::new();
        for entry in self.sections(document, "texts") {
            if !check_name(&entry.key, &entry.key_span, self.diagnostics) {
                continue;
            }
            let before = self.diagnostics.len();
            let texts = self.texts_of(entry, find, &mut files);
            match texts.filter(|_| self.diagnostics.len() == before) {
                Some(texts) if self.names.input_places.contains_key(&texts.name) => self.taken(entry),
                Some(texts) => self.names.texts.push(Arc::new(texts)),
                None => {
                    self.names.faulty.insert(entry.key.clone());
                }
            }
        }
        files
    }

    fn texts_of(
        &mut self,
        entry: &Entry,
        find: &dyn Fn(&str) -> Option<Arc<Source>>,
        files: &mut Vec<Arc<Source>>,
    ) -> Option<Texts> {
        let table = entry.item.table(self.diagnostics)?;
        table.only(&keys::TEXTS.names(), self.diagnostics);
        let label = table.need_words("label", self.diagnostics)?;
        let (written, file) = match (table.get("is"), table.get("file")) {
            (Some(item), None) => (item.texts(self.diagnostics), None),
            (None, Some(item)) => {
                let source = self.file_of_texts(item, find)?;
                let (name, written) = (source.name.clone(), lines(&source));
                files.push(source);
                (written, Some(name))
            }
            _ => {
                let label = Text::new(
                    "用 `is = [\"甲\", \"乙\"]` 列出，或用 `file` 指明文件，二者取一",
                    "either `is = [\"one\", \"another\"]` or a `file` says what they are",
                );
                self.diagnostics.push(BAD_TEXTS.at(entry.key_span.clone(), label));
                return None;
            }
        };
        let mut texts = Texts { name: entry.key.clone(), label, file, ..Texts::default() };
        for (text, span) in &written {
            let text = alike(text);
            if text.is_empty() {
                let label = Text::new("空白的一项", "this text is blank");
                self.diagnostics.push(BAD_TEXTS.at(span.clone(), label));
            } else if !texts.alike.insert(text.into_owned()) {
                let label = Text::new("清单中已有这一项", "this text is in the list already");
                self.diagnostics.push(DUPLICATE.at(span.clone(), label));
            }
        }
        if written.is_empty() {
            let label = Text::new("清单中一项也没有", "there is no text in it");
            self.diagnostics.push(BAD_TEXTS.at(entry.key_span.clone(), label));
        }
        Some(Texts { written, ..texts })
    }

    fn file_of_texts(&mut self, item: &Item, find: &dyn Fn(&str) -> Option<Arc<Source>>) -> Option<Arc<Source>> {
        let name = item.text(self.diagnostics)?;
        let found = Some(name).filter(|name| name.ends_with(super::TEXTS)).and_then(find);
        if found.is_none() {
            let label = Text::new("找不到这份文件", "this file cannot be found");
            let help = Text::new(
                "文件与政策文件放在同一文件夹，UTF-8 文本，每行一项，名称如 excluded.txt，不带路径",
                "it stands in the folder of the policy's file, is UTF-8 text with one text a line, and is named without a path, \
                 such as excluded.txt",
            );
            self.diagnostics.push(BAD_TEXTS.at(item.span.clone(), label).help(help));
        }
        found
    }
}

/// The texts of a file, one a line; blank lines, and those that begin with `#`, are none.
fn lines(source: &Arc<Source>) -> Vec<(String, Span)> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in source.text.split_inclusive('\n') {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let from = start + line.find(text).unwrap_or(0);
            found.push((text.to_owned(), Span::new(source, from..from + text.len())));
        }
        start += line.len();
    }
    found
}
