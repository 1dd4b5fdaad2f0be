//! A statement for the file (核定表): one self-contained page that prints on A4, with room for signatures. Several applicants
//! are several statements of one document, each on a new page.

mod markup;
mod statement;

use super::{Format, Look, words};
use crate::lang::{Lang, Text};

/// A printable statement.
pub static HTML: Format = Format {
    name: "html",
    about: Text::new(
        "可打印存档的核定表（A4，一个文件）",
        "a statement to print and file (A4, one page without outside parts)",
    ),
    names_files: true,
    begin,
    one: statement::write,
    between: "",
    end: "</body>\n</html>\n",
};

/// Everything that the page looks like. Nothing is fetched.
const STYLE: &str = include_str!("style.css");

fn begin(look: &Look) -> String {
    let lang = if look.lang == Lang::Zh { "zh-CN" } else { "en" };
    let title = words::STATEMENT.get(look.lang);
    // The policy forbids the page to load or run anything, whatever stands in it.
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    )
}
