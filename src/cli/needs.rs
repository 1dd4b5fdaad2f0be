//! `duixian needs`: which missing facts matter most, and what to ask.

use std::path::PathBuf;

use clap::Args;

use crate::cli::asking::{Asking, Looking, is_wanted};
use crate::cli::explain::TextFormat;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings};
use crate::explain::needs;
use crate::lang::Lang;
use crate::report::render_needs;

/// List the missing facts, the one that narrows the total most first, with the question to put / 待补事实，按收窄合计的多少排列
#[derive(Debug, Args)]
pub(super) struct Needs {
    /// The applicant file; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(value_name = "APPLICANT.toml")]
    applicant: PathBuf,
    #[command(flatten)]
    asking: Asking,
    /// Look only at this clause / 只看此条款
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// How the list is written / 输出格式
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
    #[command(flatten)]
    looking: Looking,
}

impl Needs {
    /// Prints the list.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        let mut shelf = Shelf::default();
        let asked = match self.asking.one(&self.applicant, &self.clauses, &mut shelf, lang, around) {
            Ok(asked) => asked,
            Err(exit) => return exit,
        };
        let wanted = |policy: &str, clause: &str| is_wanted(&self.clauses, policy, clause);
        let found = needs(&asked.policies, &asked.applicant, &wanted);
        let look = self.looking.look(lang, true, around);
        let text = render_needs(&found, self.format.form(), &look);
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }
}
