//! From an official text to the skeleton of a policy file: every article a clause, with what its figures probably are beside
//! it. **No rule is made up**: whatever is only proposed stands in `todo`, and a policy with a `todo` calculates nothing.

pub mod editions;
mod figures;
mod head;
mod kinds;
mod patch;
mod said;
pub mod update;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::passage::{self, Key, Passage};
use crate::lang::Lang;
use crate::source::Source;
use crate::value::numeral::chinese;

pub use figures::{Guess, Placed};
pub use head::Head;
pub use update::Update;

/// A numbered part of a text, and what it probably is.
#[derive(Debug)]
pub struct Article {
    /// Its number as the text writes it: `第三条`, `二（一）`, `3`.
    pub name: String,
    /// The id of its clause.
    pub id: String,
    /// What its clause cites.
    pub cite: String,
    /// Its title, where the text has one.
    pub title: Option<String>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What it says.
    pub body: String,
    /// The kind of benefit that its words speak for.
    pub kind: &'static str,
    /// The kinds of applicants that it seems to be for; none where it names nobody.
    pub applicants: Vec<&'static str>,
    /// Its figures, and what each probably is.
    pub figures: Vec<Placed>,
    /// Titles of other documents that it names.
    pub documents: Vec<String>,
    /// Words without a measure.
    pub vague: Vec<&'static str>,
    /// Words that can be read in two ways.
    pub doubtful: Vec<&'static str>,
}

/// What a text seems to say.
#[derive(Debug)]
pub struct Draft {
    /// What it says of itself.
    pub head: Head,
    /// Its articles, in order.
    pub articles: Vec<Article>,
    /// The figures that stand in no article: before the first, and under mere headings.
    pub outside: Vec<Placed>,
}

/// More than this of anything is not listed beside a clause: a line that nobody reads.
const MOST_WORDS: usize = 12;

impl Draft {
    /// Reads a text. One without articles gives none.
    pub fn of(text: &Arc<Source>) -> Draft {
        let passages = passage::passages(text);
        let several = passages.iter().any(|passage| passage.part > 0);
        let mut articles: Vec<Article> = Vec::new();
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for passage in passages.iter().filter(|passage| passage.is_article()) {
            let mut article = article(text, passage, several);
            // The same number twice is one the reader took for another; the ids are told apart all the same.
            let same = ids.entry(article.id.clone()).or_insert(0_usize);
            *same += 1;
            if *same > 1 {
                article.id = format!("{}~{same}", article.id);
            }
            articles.push(article);
        }
        let outside = passages.iter().filter(|passage| !passage.is_article());
        let outside = outside.flat_map(|passage| figures::of(text, passage)).collect();
        Draft { head: Head::of(text, &passages), articles, outside }
    }

    /// The policy file, with comments in one language. `id` is what the policy shall be called.
    pub fn policy(&self, id: &str, lang: Lang) -> String {
        write::policy(self, id, lang)
    }
}

impl Update {
    /// The policy as the new edition asks for it, with its comments: cites renumbered, what changed to be confirmed, new articles
    /// behind the rest. None where the policy's file is no TOML.
    pub fn policy(&self, policy: &Arc<Source>, lang: Lang) -> Option<String> {
        patch::patched(self, policy, lang)
    }
}

fn article(text: &Arc<Source>, passage: &Passage, several: bool) -> Article {
    let body = text.text.get(passage.head.end..passage.range.end).unwrap_or("");
    let figures = figures::of(text, passage);
    let (number, cite) = match &passage.key {
        Some(Key::Article(number)) => (number.to_string(), passage.name.clone()),
        Some(Key::Item(number)) => (number.to_string(), format!("第{number}项")),
        Some(Key::Section(section, None)) => (section.to_string(), chinese(*section)),
        Some(Key::Section(section, Some(inner))) => {
            (format!("{section}.{inner}"), format!("{}（{}）", chinese(*section), chinese(*inner)))
        }
        None => ("0".to_owned(), passage.name.clone()),
    };
    let (id, cite) = match several {
        // Which numbering it belongs to: the first, the second …
        true => (format!("{}-{number}", passage.part + 1), format!("{}{cite}", part(passage.part))),
        false => (number, cite),
    };
    let documents = named(body);
    let kind = kinds::kind(body, &figures, &documents);
    let (vague, doubtful) = (kinds::found(body, kinds::VAGUE), kinds::found(body, kinds::DOUBTFUL));
    Article {
        name: passage.name.clone(),
        id,
        cite,
        title: title(passage, body),
        line: text.place(passage.head.start).line,
        body: body.trim().to_owned(),
        kind,
        applicants: kinds::applicants(body),
        figures,
        documents,
        vague,
        doubtful,
    }
}

/// What a numbering is called where there are several: 甲编, 乙编 …
fn part(place: usize) -> String {
    let sign = "甲乙丙丁戊己庚辛壬癸".chars().nth(place);
    sign.map_or_else(|| format!("附件{}编", place + 1), |sign| format!("{sign}编"))
}

/// The words behind the number where they are a title: alone on their line, or a short first sentence before others.
fn title(passage: &Passage, body: &str) -> Option<String> {
    const LONGEST: usize = 20;
    if !passage.title.is_empty() {
        return Some(passage.title.clone());
    }
    let (first, rest) = body.trim_start().split_once('。')?;
    let is_title = first.chars().count() <= LONGEST && !first.contains(['，', '：', '\n']) && !rest.trim().is_empty();
    is_title.then(|| first.to_owned())
}

/// The titles of documents that a text names: 《…》.
fn named(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('《') {
        let Some((title, behind)) = behind.split_once('》') else { break };
        let title = format!("《{}》", title.split_whitespace().collect::<String>());
        if !found.contains(&title) && found.len() < MOST_WORDS {
            found.push(title);
        }
        rest = behind;
    }
    found
}
