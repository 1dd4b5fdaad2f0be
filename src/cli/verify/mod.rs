//! `duixian verify RESULT`: works a result out again, and says whether it is the same.

mod changes;
mod open;
mod rerun;
mod why;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::asking::Looking;
use crate::cli::{Exit, Surroundings, say};
use crate::lang::{Lang, Text};
use crate::report::again::Differences;
use crate::report::record::Record;
use crate::source::clean;
use open::Held;
use rerun::Again;

/// Work a result out again and say whether it is the same, to the amount / 复核一份结果：重新核算，逐项比对
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A result of `calc` (JSON, a statement) or of `batch` (JSON Lines or CSV with --record, a workbook, a statement); `-` is
    /// standard input / 结果文件：calc 的 JSON 或核定表，batch 的结果、工作簿或核定表
    #[arg(value_name = "RESULT")]
    result: PathBuf,
    /// The applicants' file, where it is no longer where it was / 申请人文件（已不在原处时）
    #[arg(long, value_name = "FILE")]
    applicant: Option<PathBuf>,
    /// The policy now, instead of the one that the result names; repeatable / 改用此政策
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    /// The policy of then: which of the changes since then makes the result another / 当时的政策：说明是哪处改动所致
    #[arg(long, value_name = "FILE")]
    old_policy: Option<String>,
    #[command(flatten)]
    looking: Looking,
}

/// What a verb that holds one result says of it.
type Said<T> = Result<T, String>;

impl Verify {
    /// Prints what is otherwise; 0 where everything is the same.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        let held = match self.held(lang, around) {
            Ok(held) => held,
            Err(text) => {
                say(around, lang, &text);
                return Exit::Unusable;
            }
        };
        let mut exit = Exit::Done;
        for one in held {
            match one.and_then(|one| self.one(one, lang, around)) {
                Ok(true) => {}
                Ok(false) if exit == Exit::Done => exit = Exit::Open,
                Ok(false) => {}
                Err(text) => {
                    say(around, lang, &text);
                    exit = Exit::Unusable;
                }
            }
        }
        exit
    }

    /// The results of the file, each with its record.
    fn held(&self, lang: Lang, around: &mut Surroundings<'_>) -> Said<Vec<Said<Held>>> {
        let held = open::held(&self.result, lang, around)?;
        if self.applicant.is_some() && held.len() > 1 {
            let text = Text::new(
                "文件中有几份结果，--applicant 只能用于一份",
                "there are several results in the file; --applicant is for one",
            );
            return Err(text.get(lang).to_owned());
        }
        Ok(held)
    }

    /// Whether one result is the same.
    fn one(&self, held: Held, lang: Lang, around: &mut Surroundings<'_>) -> Said<bool> {
        let again = |policies: &[String]| Again { policies: policies.to_vec(), applicant: self.applicant.clone() };
        let Held { record, who, .. } = &held;
        let now = again(&self.policies).work_out(&held, lang, around)?;
        let mut differences = Differences::default();
        open::compare(&held, &now, &mut differences, lang)?;
        let changed = changes::changes(record, &now.record);
        let mut said = head(who, &differences, lang);
        differences.first.iter().for_each(|difference| said.push_str(&format!("  {}\n", difference.line(lang))));
        let more = differences.count - differences.first.len() as u64;
        if more > 0 {
            said.push_str(&match lang {
                Lang::Zh => format!("  另有 {more} 处，未逐一列出\n"),
                Lang::En => format!("  {more} more are not listed\n"),
            });
        }
        changed.iter().for_each(|change| said.push_str(&format!("  {}\n", change.get(lang))));
        if let Some(old) = &self.old_policy {
            let policies = if self.policies.is_empty() { policies_of(&now.record) } else { self.policies.clone() };
            said.push_str(&why::why(old, &policies, (&held, &differences), &again, lang, around)?);
        }
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{said}");
        Ok(differences.count == 0 && changed.is_empty())
    }
}

/// The policies that a record names, as a command line names them.
fn policies_of(record: &Record) -> Vec<String> {
    use crate::policy::builtin;
    use crate::report::record::Role;
    let files = record.policies.iter().flat_map(|policy| &policy.files);
    let files = files.filter(|file| matches!(file.role, Role::Policy | Role::Supplement));
    let name =
        |name: &str| builtin::policies().iter().find(|known| known.path == name).map(|known| known.id.to_owned());
    files.map(|file| name(&file.name).unwrap_or_else(|| file.name.clone())).collect()
}

fn head(who: &str, differences: &Differences, lang: Lang) -> String {
    let who = clean(who);
    match (differences.count, lang) {
        (0, Lang::Zh) => format!("{who}：结果一致\n"),
        (0, Lang::En) => format!("{who}: the same\n"),
        (count, Lang::Zh) => format!("{who}：结果不一致，{count} 处\n"),
        (1, Lang::En) => format!("{who}: not the same, in one place\n"),
        (count, Lang::En) => format!("{who}: not the same, in {count} places\n"),
    }
}

/// Whether a path stands for standard input.
fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}
