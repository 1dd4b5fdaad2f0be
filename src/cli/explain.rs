//! `duixian explain`: how one clause came out as it did, and what would change it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::asking::{Asking, Looking, names};
use crate::cli::shelf::Shelf;
use crate::cli::trial::Trial;
use crate::cli::{Exit, Surroundings, say};
use crate::explain::explain;
use crate::lang::Lang;
use crate::report::{Form, render_explanation};

/// Show how a clause comes out as it does, and what would change the answer / 逐步说明一个条款的核定过程，以及怎样会改变结果
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The applicant file; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(value_name = "APPLICANT.toml")]
    applicant: PathBuf,
    /// The clause: `19.1`, an article with all its parts `19`, or `qingyuan/19.1` / 条款
    #[arg(value_name = "CLAUSE")]
    clause: String,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    trial: Trial,
    /// How the explanation is written / 输出格式
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
    #[command(flatten)]
    looking: Looking,
}

/// A format of what is no table.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TextFormat {
    Text,
    Json,
}

impl TextFormat {
    /// The format.
    pub fn form(self) -> Form {
        match self {
            TextFormat::Text => Form::Text,
            TextFormat::Json => Form::Json,
        }
    }
}

impl Explain {
    /// Prints the derivation of every line of the clause.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        let mut shelf = Shelf::default();
        let clauses = std::slice::from_ref(&self.clause);
        let mut asked = match self.asking.one(&self.applicant, clauses, &mut shelf, lang, around) {
            Ok(asked) => asked,
            Err(exit) => return exit,
        };
        let wanted = |policy: &str, clause: &str| names(&self.clause, policy, clause);
        let (values, warnings) = match self.trial.of(&asked.policies, false) {
            Ok(tried) => tried,
            Err(texts) => {
                texts.iter().for_each(|text| say(around, lang, text.get(lang)));
                return Exit::Unusable;
            }
        };
        asked.applicant.replace(&values);
        let mut explanation = explain(&asked.policies, &asked.applicant, &wanted);
        explanation.assessment.warnings.extend(warnings);
        let look = self.looking.look(lang, true, around);
        let text = render_explanation(&explanation, self.format.form(), &look);
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }
}
