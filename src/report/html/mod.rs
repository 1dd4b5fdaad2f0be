//! A statement for the file (核定表): one self-contained page that prints on A4, with room for signatures. Several applicants
//! are several statements of one document, each on a new page.

pub(in crate::report) mod markup;
mod paying;
mod statement;

use super::record::Record;
use super::signing::Signing;
use super::{Format, Look, words};
use crate::assess::model::Assessment;
use crate::lang::{Lang, Text};
use crate::source::clean;

/// A printable statement.
pub static HTML: Format = Format {
    name: "html",
    about: Text::new(
        "可打印存档的核定表（A4，一个文件）",
        "a statement to print and file (A4, one page without outside parts)",
    ),
    names_record: true,
    begin: |look| begin(look, ""),
    one: |assessment, look, record| {
        statement::write(assessment, look, &Beside { record: record.cloned(), ..Beside::default() })
    },
    between: "",
    end: END,
};

const END: &str = "</body>\n</html>\n";

/// What a statement says beside what was worked out.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What the applicant is called among others.
    pub id: Option<String>,
    /// The columns that are carried along, by their heads.
    pub kept: Vec<(String, String)>,
    /// Who issues it, and who signs.
    pub signing: Signing,
    /// What went into it.
    pub record: Option<Record>,
}

/// The whole page of one applicant.
pub fn statement(assessment: &Assessment, look: &Look, beside: &Beside) -> String {
    // Pages that come apart say whose they are.
    let name = assessment.applicant.name.as_deref().map(clean);
    let id = beside.id.as_deref().map(clean).filter(|id| Some(id) != name.as_ref());
    let whose: Vec<String> = name.into_iter().chain(id).chain([assessment.as_of.to_string()]).collect();
    let whose = format!(
        "@page {{ @bottom-left {{ content: {}; font-size: 8pt; white-space: nowrap; }} }}\n",
        quoted(&whose.join(" · "))
    );
    format!("{}{}{END}", begin(look, &whose), statement::write(assessment, look, beside))
}

/// A text as a string of a style sheet, which nothing in it can end.
fn quoted(text: &str) -> String {
    let safe = |character: char| match character {
        ' ' | '·' | '*' | '-' => character.to_string(),
        _ if character.is_alphanumeric() => character.to_string(),
        _ => format!("\\{:x} ", u32::from(character)),
    };
    format!("\"{}\"", text.chars().map(safe).collect::<String>())
}

/// Everything that the page looks like. Nothing is fetched.
const STYLE: &str = include_str!("style.css");

fn begin(look: &Look, more: &str) -> String {
    let lang = if look.lang == Lang::Zh { "zh-CN" } else { "en" };
    let title = words::STATEMENT.get(look.lang);
    // Whatever page of a statement somebody holds says whether it may be paid by.
    let (open, close) = if look.lang == Lang::Zh { ("【", "】") } else { ("[", "]") };
    let marked = format!(
        "@page no-basis {{ @top-center {{ content: \"{open}{}{close}\"; font-size: 9pt; font-weight: 700; }} }}",
        words::NO_BASIS.get(look.lang)
    );
    // The policy forbids the page to load or run anything, whatever stands in it.
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{marked}\n{more}</style>\n</head>\n<body>\n"
    )
}
