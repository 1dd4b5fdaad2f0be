//! Applicants in TOML files of their own.

use std::sync::Arc;

use crate::document::parse;
use crate::lang::Text;
use crate::rows::{Content, Document, Fault, Heads, Next, Row, Rows, Sheet, asked};
use crate::source::{Source, clean, of_unseen, unseen};

/// A file that was read, or why it could not be.
type Read = Result<Arc<Source>, Text>;

/// Rows that are files; each goes by the name of its file.
pub struct Documents<I> {
    files: I,
    sheet: Arc<Sheet>,
}

impl<I: Iterator<Item = (String, Arc<str>, Read)>> Documents<I> {
    /// Takes files: each with the id it goes by, and what to call it.
    pub fn new(folder: &Arc<str>, files: I) -> Documents<I> {
        Documents {
            files,
            sheet: Arc::new(Sheet { file: Arc::clone(folder), heads: Heads::default(), separator: b',' }),
        }
    }
}

impl<I: Iterator<Item = (String, Arc<str>, Read)>> Rows for Documents<I> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        let (id, file, read) = self.files.next()?;
        let hidden = unseen(&id);
        let id = Some(clean(id.trim())).filter(|id| !id.is_empty());
        let fault = |line, reason| Fault { id: id.clone(), ..Fault::of_line(&file, line, reason) };
        let content = match read {
            Err(reason) => Content::Faulty(vec![fault(1, reason)]),
            Ok(_) if hidden.is_some() => {
                Content::Faulty(hidden.map(of_unseen).map(|reason| fault(0, reason)).into_iter().collect())
            }
            Ok(_) if id.is_none() => Content::Faulty(vec![fault(0, asked::no_id())]),
            Ok(source) => {
                let mut diagnostics = Vec::new();
                match parse(&source, &mut diagnostics) {
                    Some(table) => {
                        let file = Some(Arc::clone(&file));
                        Content::Document(Box::new(Document { table, id: id.clone(), file }))
                    }
                    None => {
                        let faults = diagnostics.iter().map(|diagnostic| {
                            let line = diagnostic.labels.first().map_or(1, |(span, _)| span.place().line as u64);
                            fault(line, Fault::words(diagnostic))
                        });
                        Content::Faulty(faults.collect())
                    }
                }
            }
        };
        Some(Next::Row(Row { line: 1, content }))
    }
}
