//! `duixian calc`: one breakdown an applicant.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::assess::model::{Assessment, Status};
use crate::assess::{Detail, assess_some};
use crate::cli::asking::{Asking, Looking, names};
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, files, say};
use crate::lang::Lang;
use crate::report::{Format, render};
use crate::source::Source;

/// Work out every clause for an applicant and print the breakdown / 逐条核算一位申请人
#[derive(Debug, Args)]
pub(super) struct Calc {
    /// Applicant files; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(required = true, value_name = "APPLICANT.toml")]
    applicants: Vec<PathBuf>,
    #[command(flatten)]
    asking: Asking,
    /// Show only this clause / 只列此条款
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// How the breakdown is written / 输出格式
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    /// Exit with 3 if something is undetermined / 有待定事项时以 3 退出
    #[arg(long)]
    strict: bool,
    /// Also show clauses that do not apply / 不适用的条款也列出
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    looking: Looking,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Table,
    Json,
}

impl Calc {
    /// Prints a breakdown for every applicant that can be read; one that cannot does not keep the others from theirs.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        // The process ends with the run; taking the policies apart piece by piece would only cost time.
        let mut shelf = ManuallyDrop::new(Shelf::default());
        let asked = match self.asking.places(&mut shelf, lang, around) {
            Ok(places) => places,
            Err(exit) => return exit,
        };
        let mut exit = Exit::Done;
        let mut printed = false;
        for path in &self.applicants {
            let source = match files::read(path, &around.folder, around.input, lang) {
                Ok(source) => source,
                Err(error) => {
                    say(around, lang, &format!("{error:#}"));
                    exit = Exit::Unusable;
                    continue;
                }
            };
            match self.one(&source, asked.as_deref(), &mut shelf, lang, around) {
                Some(assessment) => {
                    let text = self.render(&assessment, lang, around);
                    let gap = if printed && matches!(self.format, FormatName::Table) { "\n" } else { "" };
                    printed = true;
                    if write!(around.output, "{gap}{text}").is_err() {
                        // The reader has gone away.
                        return exit;
                    }
                    let open = assessment.lines.iter().any(|line| line.status == Status::Undetermined);
                    if self.strict && open && exit == Exit::Done {
                        exit = Exit::Undetermined;
                    }
                }
                None => exit = Exit::Unusable,
            }
        }
        exit
    }

    fn one(
        &self,
        source: &Arc<Source>,
        places: Option<&[usize]>,
        shelf: &mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<Assessment> {
        let asked = self.asking.read(source, places, &self.clauses, shelf, lang, around)?;
        let wanted = |policy: &str, clause: &str| {
            self.clauses.is_empty() || self.clauses.iter().any(|asked| names(asked, policy, clause))
        };
        let mut assessment = assess_some(&asked.policies, &asked.applicant, &wanted, Detail::Full);
        assessment.left_out = asked.left_out;
        Some(assessment)
    }

    fn render(&self, assessment: &Assessment, lang: Lang, around: &Surroundings<'_>) -> String {
        let format = match self.format {
            FormatName::Table => Format::Table,
            FormatName::Json => Format::Json,
        };
        let all = self.all || !self.clauses.is_empty();
        render(assessment, format, &self.looking.look(lang, all, around))
    }
}
