//! What the guides in `docs/` claim beyond their commands: the cases of a guide hold, and what is written in two languages says
//! the same.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::fs;

use duixian::cases::File;
use duixian::lang::Lang;
use duixian::policy;
use duixian::report::testing::failure;
use duixian::source::Source;

/// The blocks of a page with this language: what stands behind it, and the text.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (info, body) = after.split_once('\n').unwrap();
        let (text, behind) = body.split_once("```").unwrap();
        let (own, name) = info.split_once(' ').unwrap_or((info, ""));
        if own == language {
            found.push((name, text));
        }
        rest = behind;
    }
    found
}

#[test]
fn the_cases_of_the_guide_to_writing_a_policy_hold() {
    let page = fs::read_to_string("docs/writing-a-policy.md").unwrap();
    let blocks = blocks(&page, "toml");
    let of = |wanted: &'static str| blocks.iter().filter(move |(name, _)| name.trim_start_matches('+') == wanted);
    let text: String = of("policy.toml").map(|(_, text)| format!("{text}\n")).collect();
    let vocabulary = |_: &str| Some(Source::new("vocabulary", fs::read_to_string("policies/vocabulary.toml").unwrap()));
    let (policy, faults) = policy::read(&Source::new("policy.toml", text), &vocabulary);
    let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    let policy = policy.unwrap_or_else(|| panic!("{faults}"));
    let (_, written) = of("cases/allowance.toml").next().unwrap();
    let ran = File::read(&Source::new("cases/allowance.toml", *written)).run(&policy);
    let failed: String = ran.iter().filter(|ran| !ran.passed()).map(|ran| failure(ran, Lang::En, 100)).collect();
    assert!(failed.is_empty(), "{failed}");
    assert_eq!(ran.len(), 4);
}

/// What must be alike in two languages: headings by their depth, commands, files and lists.
fn skeleton(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut info: Option<&str> = None;
    for line in page.lines() {
        if let Some(opened) = line.strip_prefix("```") {
            info = if info.is_some() { None } else { Some(opened) };
            found.push(line.to_owned());
        } else if info == Some("console") {
            found.extend(line.strip_prefix("$ ").map(|command| command.replace(" --lang en", "")));
        } else if info.is_some() {
            // Values and comments are in the page's language.
            found.push(line.split(" =").next().unwrap().trim_end().to_owned());
        } else {
            let kinds = ["## ", "# ", "| ", "- "];
            found.extend(kinds.iter().find(|kind| line.starts_with(**kind)).map(|kind| (*kind).to_owned()));
            found.extend(
                line.split_once(". ")
                    .filter(|(number, _)| number.parse::<u32>().is_ok())
                    .map(|(number, _)| number.to_owned()),
            );
        }
    }
    found
}

#[test]
fn the_officers_guide_is_the_same_in_both_languages() {
    let zh = skeleton(&fs::read_to_string("docs/officers.zh.md").unwrap());
    let en = skeleton(&fs::read_to_string("docs/officers.en.md").unwrap());
    assert!(zh.len() > 60);
    assert_eq!(zh, en);
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages = vec!["README.md".to_owned(), "README.zh.md".to_owned()];
    pages.extend(fs::read_dir("docs").unwrap().map(|entry| entry.unwrap().path().display().to_string()));
    let mut lost = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let beside = std::path::Path::new(&page).parent().unwrap().join(file);
            let target = if file.is_empty() { page.clone().into() } else { beside };
            let there = link.starts_with("http") || target.is_file();
            // As pages are shown: punctuation is left out, and blanks are hyphens.
            let is_kept = |char: &char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_');
            let slug = |line: &str| {
                line.trim_start_matches('#').trim().to_lowercase().chars().filter(is_kept).collect::<String>()
            };
            let heading = |line: &str| slug(line).replace(' ', "-") == anchor;
            let anchored = anchor.is_empty()
                || fs::read_to_string(&target)
                    .is_ok_and(|text| text.lines().any(|line| line.starts_with('#') && heading(line)));
            if !there || !anchored {
                lost.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}
