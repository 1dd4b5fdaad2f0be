//! `duixian lsp`: the language server over standard input and output.

use std::fs;
use std::path::Path;

use clap::Args;

use crate::cli::asking::LangName;
use crate::cli::{Exit, Surroundings, explain_code, files, shelf};
use crate::document::Table;
use crate::lang::Lang;
use crate::lsp::{Host, serve};

/// Answer an editor about policies, vocabularies, cases and applicant files / 编辑器的语言服务，经标准输入输出
#[derive(Debug, Args)]
pub(super) struct Lsp {
    /// The language: zh or en; by default the client's / 语言，默认由客户端决定
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// Streams are standard input and output; accepted because some clients say so / 部分客户端会传入，可省略
    #[arg(long)]
    stdio: bool,
}

/// The files on this machine.
struct Disk {
    folder: std::path::PathBuf,
}

impl Host for Disk {
    fn read(&self, path: &str) -> Option<String> {
        let source = files::read(Path::new(path), &self.folder, &mut std::io::empty(), Lang::En).ok()?;
        Some(source.text.clone())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten().filter_map(Result::ok);
        let wanted = entries.filter(|entry| {
            let path = entry.path();
            path.is_dir() || path.extension().is_some_and(|extension| extension == "toml")
        });
        let mut names: Vec<String> =
            wanted.filter_map(|entry| Some(format!("{folder}/{}", entry.file_name().to_str()?))).collect();
        names.sort();
        names
    }

    fn fitting(&self, applicant: &Table) -> Vec<usize> {
        shelf::fitting_places(applicant)
    }

    fn page(&self, code: &str, lang: Lang) -> Option<String> {
        explain_code::page_of(code, lang)
    }
}

impl Lsp {
    /// Serves one client; a client that goes without a word makes the exit status 1, as the protocol has it.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let fixed = self.lang.is_some();
        let lang = self.lang.map_or(lang, LangName::lang);
        let host = Disk { folder: around.folder.clone() };
        if serve(around.input, around.output, &host, lang, fixed) { Exit::Done } else { Exit::Open }
    }
}
