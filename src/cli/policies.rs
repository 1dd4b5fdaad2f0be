//! `duixian policies`: the list of policies; `duixian policies show ID [CLAUSE]`: one as a page.

use clap::{Args, Subcommand, ValueEnum};

use crate::cases::{Exceptions, File};
use crate::cli::asking::{LangName, names};
use crate::cli::shelf::Shelf;
use crate::cli::test::find;
use crate::cli::{Exit, PLAIN_WIDTH, Surroundings, say, show};
use crate::coverage::coverage;
use crate::diagnostic::did_you_mean;
use crate::expr::watch::Watch;
use crate::lang::Lang;
use crate::policy::{Policy, builtin};
use crate::report::page::{self, Worked};
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
    Show(Show),
}

#[derive(Debug, Args)]
struct Show {
    /// A built-in policy's id, a policy file, or its folder / 内置编号、文件或文件夹
    #[arg(value_name = "ID|FILE|DIR")]
    policy: String,
    /// Only this clause / 只看此条款
    clause: Option<String>,
    /// Run its cases, and show them as worked examples and what they cover; HTML always has them / 附算例与案例覆盖
    #[arg(long)]
    cases: bool,
    /// How it is written / 格式
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

/// How a policy is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For the terminal / 终端
    Text,
    /// A page that needs nothing beside it / 独立网页
    Html,
}

impl Policies {
    /// Prints the list or the page.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let width = self.width.map(usize::from).or(around.terminal).unwrap_or(PLAIN_WIDTH);
        let text = match &self.what {
            None => {
                let asked: Vec<String> = builtin::policies().iter().map(|known| known.id.to_owned()).collect();
                let mut shelf = Shelf::default();
                let Some(places) = shelf.asked(&asked, lang, around) else { return Exit::Unusable };
                let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
                Some(page::list(&policies, lang, width))
            }
            Some(What::Show(show)) => show.text(lang, width, around),
        };
        let Some(text) = text else { return Exit::Unusable };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }
}

impl Show {
    fn text(&self, lang: Lang, width: usize, around: &mut Surroundings<'_>) -> Option<String> {
        let mut shelf = Shelf::default();
        let places = shelf.asked(std::slice::from_ref(&self.policy), lang, around)?;
        let policy = places.first().and_then(|place| shelf.get(*place))?;
        let clause = self.clause.as_deref();
        let wanted = |id: &str| clause.is_none_or(|asked| names(asked, &policy.id, id));
        let Some(known) = policy.clauses.iter().find(|known| wanted(&known.id)) else {
            let asked = clause.unwrap_or_default();
            let near = did_you_mean(asked, policy.clauses.iter().map(|known| known.id.as_str()));
            let near = near.unwrap_or_default();
            let asked = clean(asked);
            let text = match lang {
                Lang::Zh => format!("没有条款“{asked}” {}", near.zh),
                Lang::En => format!("there is no clause “{asked}” {}", near.en),
            };
            say(around, lang, &text);
            return None;
        };
        let of_clause = clause.map(|_| known.id.as_str());
        let worked = match self.cases || self.format == Form::Html {
            true => Some(worked(&self.policy, policy, of_clause, lang, around)?),
            false => None,
        };
        let page = page::page(policy, &wanted, worked.as_ref(), lang);
        Some(match self.format {
            Form::Text => page::text(&page, false, lang, width),
            Form::Html => page::html(&page, &[], lang),
        })
    }
}

/// What the cases of a policy come to, all of them or those about a clause. Says what is wrong with them.
pub(super) fn worked(
    asked: &str,
    policy: &Policy,
    clause: Option<&str>,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Option<Worked> {
    // What is read with a supplement, or from standard input, has no cases of its own.
    let found = find::all(&[asked.to_owned()], around, lang).map(|found| found.policies).unwrap_or_default();
    let found = found.into_iter().find(|found| found.source.name == policy.source.name);
    let files: Vec<File> = found.iter().flat_map(|found| &found.cases).map(File::read).collect();
    let untested = found.as_ref().and_then(|found| found.untested.as_ref());
    let exceptions = untested.map(Exceptions::read).unwrap_or_default();
    files.iter().for_each(|file| show(&file.faults, lang, around));
    show(&exceptions.faults, lang, around);
    let is_faulty = !exceptions.faults.is_empty() || files.iter().any(|file| !file.faults.is_empty());
    if is_faulty {
        return None;
    }
    let (watch, mut ran) = (Watch::default(), Vec::new());
    for file in &files {
        let about = (0..file.len()).filter(|place| clause.is_none_or(|clause| file.is_about(*place, clause)));
        ran.extend(about.filter_map(|place| file.run_one(place, policy, Some(&watch))));
    }
    let passed = ran.iter().all(crate::cases::Ran::passed);
    let coverage = (passed && !ran.is_empty()).then(|| coverage(policy, &ran, &watch, &exceptions));
    Some(Worked { ran, coverage })
}
