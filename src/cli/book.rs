//! `duixian book [POLICY…] -o FOLDER`: policies as pages that lead to each other, in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::asking::LangName;
use crate::cli::batch::save::written;
use crate::cli::outputs::in_words;
use crate::cli::policies::worked;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, say};
use crate::lang::{Lang, Text};
use crate::policy::{Policy, builtin};
use crate::report::page::{self, GENERATOR, Link};
use crate::source::clean;

/// Each language with the folder of its pages, the way to those of the other one, and what that calls itself.
const LANGUAGES: [(Lang, &str, &str, &str); 2] = [(Lang::Zh, "", "en/", "English"), (Lang::En, "en", "../", "中文")];

/// Write policies as pages to read: articles, formulas, readings, questions, worked examples / 把政策写成网页汇编
///
/// FOLDER gets index.html and a page a policy in Chinese, and the same in English in FOLDER/en. Nothing in them asks for a
/// network; they can be searched, linked to and printed.
#[derive(Debug, Args)]
pub(super) struct Book {
    /// Built-in policies' ids, policy files or folders; none: all built-in ones / 政策编号、文件或文件夹，不写则为全部内置政策
    #[arg(value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    /// The folder for the pages; pages of an earlier book are replaced, other files stay / 网页文件夹
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    /// The language of messages: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Book {
    /// Writes the pages; where one cannot be, those before it are new and the rest as they were.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let Some(pages) = self.pages(lang, around) else { return Exit::Unusable };
        let done = taken(&around.folder, &self.output, &pages, lang)
            .and_then(|()| write(&around.folder, &self.output, &pages, lang));
        if let Err(text) = done {
            say(around, lang, &text);
            return Exit::Unusable;
        }
        let (count, shown) = (pages.len(), clean(&self.output.display().to_string()));
        let _ = match lang {
            Lang::Zh => writeln!(around.output, "{count} 页写入 {shown}；从 index.html 读起（英文见 en/index.html）"),
            Lang::En => {
                writeln!(around.output, "{count} pages in {shown}; begin with en/index.html (Chinese: index.html)")
            }
        };
        Exit::Done
    }

    /// Every page: its path in the folder, and its text.
    fn pages(&self, lang: Lang, around: &mut Surroundings<'_>) -> Option<Vec<(PathBuf, String)>> {
        let asked = if self.policies.is_empty() {
            builtin::policies().iter().map(|known| known.id.to_owned()).collect()
        } else {
            self.policies.clone()
        };
        let mut shelf = Shelf::default();
        let places = shelf.asked(&asked, lang, around)?;
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        let mut pages = Vec::new();
        for (lang, folder, other, name) in LANGUAGES {
            let link = |file: &str| Link { path: format!("{other}{file}"), shown: name.to_owned() };
            pages.push((Path::new(folder).join("index.html"), page::index(&policies, &[link("index.html")], lang)));
        }
        for policy in &policies {
            // The same words that asked for it lead to its cases.
            let asked = asked.iter().find(|asked| **asked == policy.id).cloned();
            let asked = asked.unwrap_or_else(|| policy.source.name.clone());
            let worked = worked(&asked, policy, None, lang, around)?;
            let file = format!("{}.html", policy.id);
            for (lang, folder, other, name) in LANGUAGES {
                let all = Text::new("全部政策", "All policies").get(lang).to_owned();
                let links = [
                    Link { path: "index.html".to_owned(), shown: all },
                    Link { path: format!("{other}{file}"), shown: name.to_owned() },
                ];
                let page = page::page(policy, &|_| true, Some(&worked), lang);
                pages.push((Path::new(folder).join(&file), page::html(&page, &links, lang)));
            }
        }
        Some(pages)
    }
}

/// Refuses to write over what is no page of a book.
fn taken(folder: &Path, shown: &Path, pages: &[(PathBuf, String)], lang: Lang) -> Result<(), String> {
    let mark = format!("<meta name=\"generator\" content=\"{}", GENERATOR.split(' ').next().unwrap_or_default());
    let is_other = |path: &&PathBuf| {
        let path = folder.join(shown).join(path);
        path.exists() && !fs::read_to_string(&path).is_ok_and(|text| text.contains(&mark))
    };
    let Some(path) = pages.iter().map(|(path, _)| path).find(is_other) else { return Ok(()) };
    let path = clean(&shown.join(path).display().to_string());
    Err(match lang {
        Lang::Zh => format!("{path}：已有文件，且不是汇编的网页，不覆盖；请换一个文件夹"),
        Lang::En => format!("{path}: there is a file that is no page of a book, and it stays; name another folder"),
    })
}

/// Writes each page whole, or leaves what was there.
fn write(folder: &Path, shown: &Path, pages: &[(PathBuf, String)], lang: Lang) -> Result<(), String> {
    for (path, text) in pages {
        let path = shown.join(path);
        let made = folder.join(&path).parent().map_or(Ok(()), fs::create_dir_all);
        made.map_err(|error| {
            let (path, error) = (clean(&path.display().to_string()), in_words(&error, lang));
            match lang {
                Lang::Zh => format!("{path}：无法写入（{error}）"),
                Lang::En => format!("{path}: cannot be written ({error})"),
            }
        })?;
        written(&path, folder, text.as_bytes(), lang)?;
    }
    Ok(())
}
