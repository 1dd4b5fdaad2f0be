//! `duixian audit POLICY TEXT`: holds a policy against its official text.

use std::path::PathBuf;

use clap::Args;

use crate::audit;
use crate::cli::asking::LangName;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, files, say};
use crate::lang::Lang;

/// Hold a policy file against its official text: every article, every figure / 对照官方文本逐条逐数核对政策文件
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// A built-in policy's id, a policy file, or its folder / 内置编号、文件或文件夹
    #[arg(value_name = "POLICY")]
    policy: String,
    /// The official text / 官方文本
    #[arg(value_name = "TEXT")]
    text: PathBuf,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Audit {
    /// Prints what is open; the exit status says whether anything is.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut shelf = Shelf::default();
        let places = shelf.unfinished(std::slice::from_ref(&self.policy), lang, around);
        let Some(policy) = places.and_then(|places| places.first().and_then(|place| shelf.get(*place))) else {
            return Exit::Unusable;
        };
        let text = match files::official(&self.text, lang, around) {
            Ok(text) => text,
            Err(error) => {
                say(around, lang, &format!("{error:#}"));
                return Exit::Unusable;
            }
        };
        let found = audit::audit(policy, &text);
        let (articles, figures, clauses, open) =
            (found.articles, found.figures, policy.clauses.len(), found.open.len());
        let mut said: Vec<String> = found.open.iter().map(|diagnostic| diagnostic.render(lang)).collect();
        let unread = match (found.unread, lang) {
            (0, _) => String::new(),
            (unread, Lang::Zh) => format!("，读不出 {unread} 个"),
            (unread, Lang::En) => format!(", {unread} not read"),
        };
        said.push(match lang {
            Lang::Zh => format!("条文 {articles} 条，数字 {figures} 个{unread}，条款 {clauses} 个；未决 {open} 处\n"),
            Lang::En => format!("{articles} articles, {figures} figures{unread}, {clauses} clauses; {open} open\n"),
        });
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", said.join("\n"));
        if open > 0 { Exit::Open } else { Exit::Done }
    }
}
