//! `duixian draft TEXT`: the skeleton of a policy file from its official text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::audit::passage::{Passage, passages};
use crate::cli::asking::LangName;
use crate::cli::batch::save::written;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, files, outputs, say};
use crate::draft;
use crate::lang::{Lang, Text};
use crate::source::Source;

/// Draw up the skeleton of a policy file from its official text / 由官方文本拟出政策文件的骨架
#[derive(Debug, Args)]
pub(super) struct Draft {
    /// The official text / 官方文本
    #[arg(value_name = "TEXT")]
    text: PathBuf,
    /// Where the policy file goes; what is there already stays / 政策文件，已有的不覆盖
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the text goes as it was read, to look at / 读出的文字写到哪里，供核对
    #[arg(long = "text", value_name = "FILE")]
    written: Option<PathBuf>,
    /// The policy's id / 政策编号
    #[arg(long, value_name = "ID", default_value = "draft")]
    id: String,
    /// A policy of an older edition: says what the new text asks of it, and with -o writes it so / 按新文本核对并更新的政策
    #[arg(long, value_name = "POLICY", requires = "old", conflicts_with = "id")]
    update: Option<String>,
    /// The older edition, from which that policy was written / 该政策所依据的旧文本
    #[arg(long, value_name = "TEXT", requires = "update")]
    old: Option<PathBuf>,
    /// The language of messages and comments: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Draft {
    /// Writes the skeleton; that all of it is to be confirmed stands in it, and is said.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let done = match (&self.update, &self.old) {
            (Some(policy), Some(old)) => self.updated(policy, old, lang, around),
            _ => self.drafted(lang, around),
        };
        match done {
            Ok(()) => Exit::Done,
            Err(text) => {
                say(around, lang, &text);
                Exit::Unusable
            }
        }
    }

    /// The text, where there are articles in it, written out where that is wanted.
    fn source(&self, also: &[&Path], lang: Lang, around: &mut Surroundings<'_>) -> Result<Arc<Source>, String> {
        let outputs: Vec<&Path> = self.output.iter().chain(&self.written).map(PathBuf::as_path).collect();
        let inputs: Vec<PathBuf> =
            std::iter::once(self.text.as_path()).chain(also.iter().copied()).map(Path::to_path_buf).collect();
        outputs::apart(&outputs, &inputs, &around.folder, lang)?;
        for output in outputs {
            self.free(output, lang, around)?;
        }
        let source = articles(&self.text, lang, around)?;
        if let Some(written_to) = &self.written {
            written(written_to, &around.folder, source.text.as_bytes(), lang)?;
        }
        Ok(source)
    }

    /// What a new edition asks of a policy.
    fn updated(&self, policy: &str, old: &Path, lang: Lang, around: &mut Surroundings<'_>) -> Result<(), String> {
        let source = self.source(&[old, Path::new(policy)], lang, around)?;
        let old = articles(old, lang, around)?;
        let mut shelf = Shelf::default();
        let asked = [policy.to_owned()];
        let places = shelf.unfinished(&asked, lang, around);
        let found = places.and_then(|places| places.first().copied()).and_then(|place| shelf.get(place));
        let Some(policy) = found else {
            let text = Text::new("政策先要能读，才能更新", "a policy must be readable before it can be updated");
            return Err(text.get(lang).to_owned());
        };
        let update = draft::Update::of(policy, &old, &source);
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", update.render(lang));
        let _ = writeln!(around.errors, "{}", update.summary(lang));
        let own = policy.clauses.iter().find(|clause| clause.supplement.is_none()).map(|clause| &clause.span.source);
        if let (Some(output), Some(own)) = (&self.output, own)
            && let Some(text) = update.policy(own, lang)
        {
            written(output, &around.folder, text.as_bytes(), lang)?;
        }
        Ok(())
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
        let source = self.source(&[], lang, around)?;
        let drafted = draft::Draft::of(&source);
        let articles = drafted.articles.len();
        let figures: usize = drafted.articles.iter().map(|article| article.figures.len()).sum();
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

/// An official text that has articles.
fn articles(path: &Path, lang: Lang, around: &mut Surroundings<'_>) -> Result<Arc<Source>, String> {
    let source = files::official(path, lang, around).map_err(|error| format!("{error:#}"))?;
    if passages(&source).iter().any(Passage::is_article) {
        return Ok(source);
    }
    let text = Text::made(
        format!("{}：没有找到条文（第一条、一、（一）、1.）；请核对是不是官方文本，条号是不是写在行首", source.name),
        format!(
            "{}: no article was found (第一条, 一、（一）, 1.); see whether this is an official text and its numbers stand at the heads of lines",
            source.name
        ),
    );
    Err(text.get(lang).to_owned())
}
