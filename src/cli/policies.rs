//! `duixian policies`: the list of policies; `duixian policies show ID [CLAUSE]`: one as a page.

use clap::{Args, Subcommand};

use crate::cli::asking::{LangName, names};
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, PLAIN_WIDTH, Surroundings, say};
use crate::diagnostic::did_you_mean;
use crate::lang::Lang;
use crate::policy::{Policy, builtin};
use crate::report::page;
use crate::source::clean;

/// List the built-in policies, or show one as a page / 列出内置政策，或逐条显示一件政策
#[derive(Debug, Args)]
pub(super) struct Policies {
    #[command(subcommand)]
    what: Option<What>,
    /// The language: zh or en / 语言
    #[arg(long, value_enum, global = true)]
    lang: Option<LangName>,
    /// Columns of the page / 宽度（列）
    #[arg(long, value_name = "COLUMNS", global = true, value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show a policy: articles, conditions, amounts, readings, what is not known / 逐条显示
    Show {
        /// A built-in policy's id, a policy file, or its folder / 内置编号、文件或文件夹
        #[arg(value_name = "ID|FILE|DIR")]
        policy: String,
        /// Only this clause / 只看此条款
        clause: Option<String>,
    },
}

impl Policies {
    /// Prints the list or the page.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let width = self.width.map(usize::from).or(around.terminal).unwrap_or(PLAIN_WIDTH);
        let mut shelf = Shelf::default();
        let (asked, clause) = match &self.what {
            None => (builtin::policies().iter().map(|known| known.id.to_owned()).collect(), None),
            Some(What::Show { policy, clause }) => (vec![policy.clone()], clause.as_deref()),
        };
        let Some(places) = shelf.asked(&asked, lang, around) else { return Exit::Unusable };
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        let text = match (&self.what, policies.as_slice()) {
            (Some(_), [policy]) => {
                let wanted = |id: &str| clause.is_none_or(|asked| names(asked, &policy.id, id));
                if !policy.clauses.iter().any(|known| wanted(&known.id)) {
                    let asked = clause.unwrap_or_default();
                    let near = did_you_mean(asked, policy.clauses.iter().map(|known| known.id.as_str()));
                    let near = near.unwrap_or_default();
                    let asked = clean(asked);
                    let text = match lang {
                        Lang::Zh => format!("没有条款“{asked}” {}", near.zh),
                        Lang::En => format!("there is no clause “{asked}” {}", near.en),
                    };
                    say(around, lang, &text);
                    return Exit::Unusable;
                }
                page::policy(policy, &wanted, lang, width)
            }
            _ => page::list(&policies, lang, width),
        };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }
}
