//! `duixian draft TEXT`: the skeleton of a policy file from its official text.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::asking::LangName;
use crate::cli::batch::save::written;
use crate::cli::{Exit, Surroundings, files, outputs, say};
use crate::draft;
use crate::lang::{Lang, Text};

/// Draw up the skeleton of a policy file from its official text / 由官方文本拟出政策文件的骨架
#[derive(Debug, Args)]
pub(super) struct Draft {
    /// The official text / 官方文本
    #[arg(value_name = "TEXT")]
    text: PathBuf,
    /// Where the policy file goes; what is there already stays / 政策文件，已有的不覆盖
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The policy's id / 政策编号
    #[arg(long, value_name = "ID", default_value = "draft")]
    id: String,
    /// The language of messages and comments: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Draft {
    /// Writes the skeleton; that all of it is to be confirmed stands in it, and is said.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        match self.drafted(lang, around) {
            Ok(()) => Exit::Done,
            Err(text) => {
                say(around, lang, &text);
                Exit::Unusable
            }
        }
    }

    fn drafted(&self, lang: Lang, around: &mut Surroundings<'_>) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if self.id.is_empty() || !self.id.chars().all(plain) {
            let text = Text::new(
                "编号（--id）只用字母、数字、`-` 和 `_`",
                "an id (--id) has only letters, digits, `-` and `_`",
            );
            return Err(text.get(lang).to_owned());
        }
        if let Some(output) = &self.output {
            outputs::apart(&[output.as_path()], std::slice::from_ref(&self.text), &around.folder, lang)?;
            self.free(output, lang, around)?;
        }
        let source =
            files::official(&self.text, &around.folder, around.input, lang).map_err(|error| format!("{error:#}"))?;
        let drafted = draft::Draft::of(&source);
        let (articles, figures) =
            (drafted.articles.len(), drafted.articles.iter().map(|article| article.figures.len()).sum::<usize>());
        if articles == 0 {
            let text = Text::made(
                format!(
                    "{}：没有找到条文（第一条、一、（一）、1.）；请核对是不是官方文本，条号是不是写在行首",
                    source.name
                ),
                format!(
                    "{}: no article was found (第一条, 一、（一）, 1.); see whether this is an official text and its numbers stand at the heads of lines",
                    source.name
                ),
            );
            return Err(text.get(lang).to_owned());
        }
        let text = drafted.policy(&self.id, lang);
        match &self.output {
            Some(output) => written(output, &around.folder, text.as_bytes(), lang)?,
            // A reader that has gone away wants no more.
            None => {
                let _ = write!(around.output, "{text}");
            }
        }
        let _ = match lang {
            Lang::Zh => writeln!(around.errors, "条文 {articles} 条，数字 {figures} 个，均待核定"),
            Lang::En => writeln!(around.errors, "{articles} articles, {figures} figures, all to be confirmed"),
        };
        Ok(())
    }

    /// A policy that somebody has worked on is not drawn up anew.
    fn free(&self, output: &Path, lang: Lang, around: &Surroundings<'_>) -> Result<(), String> {
        if !around.folder.join(output).is_file() {
            return Ok(());
        }
        let name = crate::source::clean(&output.display().to_string());
        let text = Text::made(
            format!("{name} 已经存在，不覆盖；请写到另一个文件"),
            format!("{name} is there already and stays; write to another file"),
        );
        Err(text.get(lang).to_owned())
    }
}
