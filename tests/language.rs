//! `docs/language.md` is complete and true: it has every key, kind, status and function that the program knows, the grammar
//! of the parser, and examples that give what they say.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod rows;

use std::collections::BTreeSet;
use std::fs;

use duixian::applicant::keys::{FILE, HEAD, PAID};
use duixian::clause::kind::KINDS;
use duixian::expr::check::callable;
use duixian::keys::Keys;
use duixian::policy::keys::ALL;
use duixian::policy::{self, STANDINGS};
use duixian::source::Source;

fn page() -> String {
    fs::read_to_string("docs/language.md").unwrap()
}

/// A part of the page: its heading, and its lines up to the next heading.
fn parts(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut parts: Vec<(&str, Vec<&str>)> = vec![("", Vec::new())];
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        if line.starts_with('#') && !fenced {
            parts.push((line, Vec::new()));
        } else {
            parts.last_mut().unwrap().1.push(line);
        }
    }
    parts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

/// The names in what is set as code: between backticks, and in blocks.
fn code_words<'a>(lines: &[&'a str]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut fenced = false;
    for line in lines {
        let code: Vec<&str> = if fenced { vec![*line] } else { line.split('`').skip(1).step_by(2).collect() };
        fenced ^= line.starts_with("```");
        found.extend(code.iter().flat_map(|code| words(code)));
    }
    found
}

/// The block with this info string.
fn block<'a>(page: &'a str, info: &str) -> &'a str {
    let (_, after) = page.split_once(&format!("```{info}\n")).unwrap();
    after.split("\n```").next().unwrap()
}

/// The words of code that describe the tables of a place: the parts with its heading, or, for a table inside another, the
/// row of its key there.
fn described<'a>(parts: &'a [(&'a str, Vec<&'a str>)], pattern: &str) -> BTreeSet<&'a str> {
    let names: Vec<&str> = pattern.split('.').filter(|name| *name != "*").collect();
    let (first, inner) = names.split_first().unwrap();
    let is_heading = |heading: &str| {
        [format!("[{first}]"), format!("[{first}."), format!("[[{first}]]")]
            .iter()
            .any(|wanted| heading.contains(wanted))
    };
    let lines = parts.iter().filter(|(heading, _)| is_heading(heading)).flat_map(|(_, lines)| lines.iter().copied());
    let row = |line: &'a str, key: &str| -> BTreeSet<&'a str> {
        let cell = line.strip_prefix("| ").and_then(|row| row.split(" | ").next());
        if cell.is_some_and(|cell| code_words(&[cell]).contains(key)) {
            code_words(&[line])
        } else if line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            words(line).collect()
        } else {
            BTreeSet::new()
        }
    };
    match inner {
        [] => code_words(&lines.collect::<Vec<_>>()),
        [.., key] => lines.flat_map(|line| row(line, key)).collect(),
    }
}

#[test]
fn every_key_is_described_where_it_stands() {
    let page = page();
    let parts = parts(&page);
    let mut lost = Vec::new();
    for Keys { at, keys, .. } in ALL {
        let keys: Vec<&str> = keys.iter().map(|key| key.name).collect();
        match at.first() {
            // A file's own tables: each has a heading.
            None => {
                let has = |key: &&&str| !described(&parts, key).is_empty() || page.contains(&format!("[{key}"));
                lost.extend(keys.iter().filter(|key| !has(key)).map(|key| format!("[{key}]")));
            }
            Some(pattern) => {
                let found = described(&parts, pattern);
                lost.extend(keys.iter().filter(|key| !found.contains(**key)).map(|key| format!("{pattern}.{key}")));
            }
        }
    }
    let applicant = parts.iter().find(|(heading, _)| *heading == "## An applicant file").unwrap();
    let found = code_words(&applicant.1);
    lost.extend(
        [&FILE, &HEAD, &PAID]
            .map(|keys| keys.names())
            .concat()
            .iter()
            .filter(|key| !found.contains(**key))
            .map(|key| (*key).to_owned()),
    );
    assert!(lost.is_empty(), "docs/language.md does not describe: {lost:#?}");
}

#[test]
fn every_kind_status_and_choice_has_its_place() {
    let page = page();
    let parts = parts(&page);
    let first_cells = |heading: &str| -> Vec<String> {
        let (_, lines) = parts.iter().find(|(known, _)| *known == heading).unwrap();
        lines.iter().filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned())).collect()
    };
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(first_cells("### Kinds of benefit"), kinds);
    let found = described(&parts, "policy");
    let lost: Vec<_> = STANDINGS.iter().map(|standing| standing.name).filter(|name| !found.contains(name)).collect();
    assert!(lost.is_empty(), "statuses: {lost:?}");
    // The enums that keys of the language choose from.
    let (policy, _) = policy::read(&Source::new("example.toml", block(&page, "toml example.toml")), &|_| None);
    let policy = policy.unwrap();
    for (choice, place) in [("overlap_method", "overlap"), ("part_periods", "clauses")] {
        let found = described(&parts, place);
        let words = &policy.names.enums[policy.names.enum_places[choice]].words;
        let lost: Vec<_> = words.iter().filter(|(word, _)| !found.contains(word.as_str())).collect();
        assert!(lost.is_empty(), "{choice}: {lost:?}");
    }
}

#[test]
fn every_function_has_an_example_and_every_example_is_true() {
    let page = page();
    // Lines keep their numbers.
    let from = page.find("## Functions and operators").unwrap();
    let to = page.find("```toml example.toml").unwrap();
    let examples: String =
        page[..to].char_indices().map(|(at, c)| if at < from && c != '\n' { ' ' } else { c }).collect();
    let rows = rows::rows(&examples);
    let shown = |name: &str| {
        rows.iter().any(|(_, left, _)| {
            let call = format!("{name}(");
            let mut before = left.match_indices(&call).map(|(at, _)| left[..at].chars().next_back());
            before.any(|before| !before.is_some_and(|c| c.is_alphanumeric() || c == '_'))
        })
    };
    let without: Vec<&str> = callable().into_iter().filter(|name| !shown(name)).collect();
    assert!(without.is_empty(), "functions without an example: {without:?}");
    let wrong = rows::wrong(&rows, block(&page, "toml example.toml"), block(&page, "toml applicant.toml"));
    assert!(wrong.is_empty(), "docs/language.md: line, expression, and what it does not give: {wrong:#?}");
}

#[test]
fn the_grammar_is_the_parser_s() {
    let page = page();
    let parser = fs::read_to_string("src/expr/parser.rs").unwrap();
    let grammar: Vec<&str> = parser
        .lines()
        .skip_while(|line| *line != "//! ```text")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| line.strip_prefix("//! ").unwrap())
        .collect();
    assert!(grammar.len() > 10);
    assert_eq!(block(&page, ""), grammar.join("\n"));
}
