//! `duixian fmt FILE…`: policy files laid out in one way.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::cli::asking::LangName;
use crate::cli::{Exit, Surroundings, files, say, show};
use crate::fmt::{format, unified};
use crate::lang::Lang;
use crate::source::{Source, clean};

/// Lay out policy files and vocabularies in one way / 统一政策文件的排版
#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Policy files, vocabularies, or folders of them; `-` filters standard input / 政策文件、词汇文件或文件夹，`-` 过滤标准输入
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Write nothing; show what would change and exit with 1 if anything would / 不改文件，只列出差异，有差异时以 1 退出
    #[arg(long)]
    check: bool,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Fmt {
    /// Rewrites every file that is laid out otherwise, and names it. One that cannot be used does not keep the others.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut exit = Exit::Done;
        for path in &self.paths {
            let found = match files::policy_files(path, &around.folder, around.input, lang) {
                Ok(found) => found,
                Err(error) => {
                    say(around, lang, &format!("{error:#}"));
                    exit = Exit::Unusable;
                    continue;
                }
            };
            for (path, source) in found {
                match self.one(&path, &source, lang, around) {
                    Exit::Open if exit == Exit::Done => exit = Exit::Open,
                    Exit::Unusable => exit = Exit::Unusable,
                    _ => {}
                }
            }
        }
        exit
    }

    fn one(&self, path: &Path, source: &Arc<Source>, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let text = match format(source) {
            Ok(text) => text,
            Err(diagnostics) => {
                show(&diagnostics, lang, around);
                return Exit::Unusable;
            }
        };
        let is_laid_out = text == source.text;
        // A reader that has gone away wants no more.
        if self.check && !is_laid_out {
            let difference = difference(source, &text, around.terminal.is_some());
            let _ = write!(around.output, "{difference}");
            return Exit::Open;
        }
        if self.check {
            return Exit::Done;
        }
        if path == Path::new("-") {
            let _ = write!(around.output, "{text}");
            return Exit::Done;
        }
        if is_laid_out {
            return Exit::Done;
        }
        match files::replace(&around.folder.join(path), &text) {
            Ok(()) => {
                let _ = match lang {
                    Lang::Zh => writeln!(around.output, "已排版 {}", source.name),
                    Lang::En => writeln!(around.output, "laid out {}", source.name),
                };
                Exit::Done
            }
            Err(error) => {
                let name = &source.name;
                let text = match lang {
                    Lang::Zh => format!("{name}：写不进去（{error}）；原有文件未动"),
                    Lang::En => format!("{name}: cannot be written ({error}); what was there is untouched"),
                };
                say(around, lang, &text);
                Exit::Unusable
            }
        }
    }
}

/// What would change, as a unified diff.
fn difference(source: &Source, text: &str, on_terminal: bool) -> String {
    let diff = unified(&source.name, &source.text, text);
    if !on_terminal {
        return diff;
    }
    diff.lines().map(|line| clean(line) + "\n").collect()
}
