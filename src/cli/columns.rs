//! `duixian columns TABLE`: a map of columns for a table that is already there, to be looked over.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::asking::LangName;
use crate::cli::batch::open::{Form, decoded, said, shown, unreadable};
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::rows::Fault;
use crate::rows::propose::{Grid, Proposal};
use crate::source::clean;

/// Propose what the columns of a table hold, as a file for `batch --columns` / 为已有的名册拟定各列的含义
#[derive(Debug, Args)]
pub(super) struct Columns {
    /// The table: .csv, .tsv or .xlsx / 名册
    #[arg(value_name = "TABLE")]
    table: PathBuf,
    /// A built-in policy's id, a policy file, or its folder; repeatable / 内置编号、文件或文件夹
    #[arg(long = "policy", value_name = "ID|FILE|DIR", required = true)]
    policies: Vec<String>,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Columns {
    /// Prints the proposal; 1 where somebody has to decide about a column.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut shelf = Shelf::default();
        let Some(places) = shelf.asked(&self.policies, lang, around) else { return Exit::Unusable };
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        let file: Arc<str> = clean(&self.table.display().to_string()).into();
        let proposal = match self.grid(&file, around).and_then(|grid| Proposal::of(&grid, &policies, &file)) {
            Ok(proposal) => proposal,
            Err(faults) => {
                for fault in &faults {
                    let _ = writeln!(around.errors, "{}", said(&shown(fault, false), lang));
                }
                return Exit::Unusable;
            }
        };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", proposal.text(&file, lang));
        let (sure, doubtful) = proposal.counts();
        let _ = match lang {
            Lang::Zh => writeln!(around.errors, "可以确定 {sure} 列，待人核定 {doubtful} 列"),
            Lang::En => writeln!(around.errors, "{sure} columns are sure, {doubtful} have to be decided"),
        };
        if doubtful > 0 { Exit::Open } else { Exit::Done }
    }

    fn grid(&self, file: &Arc<str>, around: &Surroundings<'_>) -> Result<Grid, Vec<Fault>> {
        let opened = File::open(around.folder.join(&self.table)).map_err(|error| unreadable(file, &error))?;
        match Form::of(&self.table) {
            Form::Xlsx => Grid::of_workbook(opened, file),
            _ => Grid::of_text(decoded(opened, file)?, file),
        }
    }
}
