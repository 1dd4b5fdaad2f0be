//! The tables of a run, opened one after the other.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::batch::Plan;
use crate::lang::Lang;
use crate::rows::{Csv, Fault, Heads, Rows};
use crate::source::clean;

/// Opens each table when the one before has ended.
pub(super) struct Inputs<'a> {
    pub paths: std::slice::Iter<'a, PathBuf>,
    pub folder: &'a Path,
    /// Standard input, which can be read once.
    pub input: Option<&'a mut dyn Read>,
    pub plan: &'a Plan<'a>,
    /// Whether columns that no policy asks for are passed over.
    pub ignore: bool,
    pub lang: Lang,
    /// What is wrong with tables that cannot be used.
    pub said: Vec<String>,
}

impl<'a> Iterator for Inputs<'a> {
    type Item = Box<dyn Rows + 'a>;

    fn next(&mut self) -> Option<Box<dyn Rows + 'a>> {
        loop {
            let path = self.paths.next()?;
            let file: Arc<str> = clean(&path.display().to_string()).into();
            let bytes: Box<dyn Read + 'a> = if path == Path::new("-") {
                match self.input.take() {
                    Some(input) => Box::new(input),
                    None => continue,
                }
            } else {
                match File::open(self.folder.join(path)) {
                    Ok(opened) => Box::new(BufReader::new(opened)),
                    Err(error) => {
                        self.said.push(match self.lang {
                            Lang::Zh => format!("错误：{file}：打不开（{error}）"),
                            Lang::En => format!("error: {file}: cannot be opened ({error})"),
                        });
                        continue;
                    }
                }
            };
            let heads = |names| Heads::read(names, &self.plan.setup.policies, self.ignore, &file, 1);
            match Csv::open(bytes, &file, heads) {
                Ok(table) => return Some(Box::new(table)),
                Err(faults) => {
                    let said: Vec<String> = faults.iter().map(|fault| self.render(fault)).collect();
                    self.said.extend(said);
                }
            }
        }
    }
}

impl Inputs<'_> {
    fn render(&self, fault: &Fault) -> String {
        let text = fault.render(self.lang);
        match self.lang {
            Lang::Zh => format!("错误：{text}"),
            Lang::En => format!("error: {text}"),
        }
    }
}
