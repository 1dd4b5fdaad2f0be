//! `duixian check [POLICY…]`: what is probably wrong with a policy that can be worked out.

use clap::{Args, ValueEnum};

use crate::check;
use crate::cli::asking::LangName;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings};
use crate::diagnostic::Severity;
use crate::lang::Lang;
use crate::policy::builtin;
use crate::report::findings::{Checked, FindingsFormat, findings};

/// Look for what is probably wrong with policies: dead conditions, gaps, cliffs, what is unused… / 静态检查政策文件
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Built-in policies' ids, policy files, or their folders; all built-in ones if none is given / 内置编号、文件或文件夹
    #[arg(value_name = "POLICY")]
    policies: Vec<String>,
    /// How findings are written / 输出格式
    #[arg(long, value_enum, default_value = "human")]
    format: FormatName,
    /// Also show what the policy accepts, with its reasons / 已接受的也列出
    #[arg(long)]
    accepted: bool,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Human,
    Json,
    Github,
}

impl Check {
    /// Prints what is found; the exit status says whether anything but notes is.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut shelf = Shelf::default();
        let asked = if self.policies.is_empty() {
            builtin::policies().iter().map(|known| known.id.to_owned()).collect()
        } else {
            self.policies.clone()
        };
        let Some(places) = shelf.asked(&asked, lang, around) else { return Exit::Unusable };
        let policies = places.iter().filter_map(|place| shelf.get(*place));
        let checked: Vec<Checked<'_>> = policies.map(|policy| (policy, check::all(policy))).collect();
        let format = match self.format {
            FormatName::Human => FindingsFormat::Human,
            FormatName::Json => FindingsFormat::Json,
            FormatName::Github => FindingsFormat::Github,
        };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", findings(&checked, format, lang, self.accepted));
        let open = checked.iter().flat_map(|(_, found)| &found.open);
        if open.map(|finding| finding.code.severity).max() > Some(Severity::Note) { Exit::Open } else { Exit::Done }
    }
}
