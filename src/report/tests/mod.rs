//! Complete outputs of the hand-made assessments in `samples.rs`. The expected texts stand in `expected/`;
//! `BLESS=1 cargo test` rewrites them, and then `git diff` is what to read.

mod samples;

use std::path::Path;

use super::html::HTML;
use super::{FORMATS, JSON, Look, TABLE, render};
use crate::assess::model::{Assessment, Status};
use crate::lang::Lang;
use crate::source::width;

const PLAIN: Look = Look { lang: Lang::Zh, width: 80, color: false, all: false };

/// Compares an output with the file of that name, or writes the file.
#[track_caller]
fn expect(name: &str, output: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/tests/expected").join(name);
    if std::env::var_os("BLESS").is_some() && std::env::var_os("CI").is_none() {
        std::fs::write(&path, output).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(output == expected, "{name} differs:\n{output}");
}

#[track_caller]
fn expect_tables(name: &str, assessment: &Assessment, all: bool) {
    for (lang, tag) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for width in [80, 120, 160] {
            let look = Look { lang, width, all, ..PLAIN };
            expect(&format!("{name}-{tag}-{width}.txt"), &render(assessment, &TABLE, &look));
        }
    }
}

#[test]
fn a_person_with_everything_that_a_line_can_come_to() {
    expect_tables("person", &samples::person(), false);
}

#[test]
fn an_enterprise_under_two_policies_with_all_lines() {
    expect_tables("enterprise", &samples::enterprise(), true);
}

#[test]
fn the_same_as_data() {
    expect("person.json", &render(&samples::person(), &JSON, &PLAIN));
    expect("enterprise.json", &render(&samples::enterprise(), &JSON, &Look { all: true, ..PLAIN }));
}

#[test]
fn colours_stand_around_the_words_and_only_where_wanted() {
    let assessment = samples::person();
    let plain = render(&assessment, &TABLE, &Look { all: true, ..PLAIN });
    let colored = render(&assessment, &TABLE, &Look { all: true, color: true, ..PLAIN });
    assert!(!plain.contains('\u{1b}'));
    assert!(colored.contains("\u{1b}[32m符合\u{1b}[0m："));
    assert!(colored.contains("\u{1b}[31m不符合\u{1b}[0m"));
    let codes = ["\u{1b}[32m", "\u{1b}[31m", "\u{1b}[33m", "\u{1b}[2m", "\u{1b}[1m", "\u{1b}[0m"];
    let stripped = codes.iter().fold(colored.clone(), |text, code| text.replace(code, ""));
    assert_eq!(stripped, plain);
    // No line leaves a colour to the next one.
    for line in colored.lines() {
        let ends = line.matches("\u{1b}[0m").count();
        assert_eq!(line.matches('\u{1b}').count(), 2 * ends, "{line}");
    }
}

#[test]
fn nothing_from_a_file_reaches_the_terminal_as_a_command() {
    let mut assessment = samples::person();
    samples::poison(&mut assessment);
    for format in FORMATS {
        for lang in [Lang::Zh, Lang::En] {
            let output = render(&assessment, format, &Look { lang, width: 160, all: true, color: false });
            let bad = output.chars().find(|&c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{206f}').contains(&c));
            assert_eq!(bad, None, "{output}");
            // Markdown keeps the bracket from opening a link.
            assert!(output.contains("\u{fffd}[31m") || output.contains("\u{fffd}\\[31m"), "{output}");
        }
    }
}

#[test]
fn no_line_is_wider_than_asked_and_none_begins_with_closing_punctuation() {
    for assessment in [samples::person(), samples::enterprise()] {
        for lang in [Lang::Zh, Lang::En] {
            for wide in 40..200 {
                let output = render(&assessment, &TABLE, &Look { lang, width: wide, color: false, all: true });
                for line in output.lines() {
                    assert!(width(line) <= wide, "{} > {wide}: {line}", width(line));
                    assert!(
                        !line.trim_start().starts_with(['，', '。', '；', '、', '》', '”', '）', '：']),
                        "{wide}: {line}"
                    );
                }
            }
        }
    }
}

#[test]
fn refusals_are_brief_unless_all_is_asked_for() {
    let assessment = samples::person();
    let brief = render(&assessment, &TABLE, &Look { width: 200, ..PLAIN });
    let full = render(&assessment, &TABLE, &Look { width: 200, all: true, ..PLAIN });
    // Every clause is named in both; every reason only in full.
    for line in assessment.lines.iter().filter(|line| line.status != Status::NotApplicable) {
        assert!(brief.contains(&*line.title.zh) && full.contains(&*line.title.zh), "{}", line.title.zh);
    }
    assert!(brief.contains("另有1项条件不满足") && !brief.contains("在站满一个月"));
    assert!(full.contains("在站满一个月") && !full.contains("另有1项条件不满足"));
}

/// A statement says first what it comes to, in a few pages; it asks for nothing on the command line.
#[test]
fn a_statement_is_brief_too() {
    let assessment = samples::person();
    let brief = render(&assessment, &HTML, &PLAIN);
    let full = render(&assessment, &HTML, &Look { all: true, ..PLAIN });
    for line in assessment.lines.iter().filter(|line| line.status == Status::NotEligible) {
        assert!(brief.contains(&*line.title.zh) && full.contains(&*line.title.zh), "{}", line.title.zh);
    }
    assert!(brief.contains("<h3>不符合（") && brief.contains("条件不满足") && !brief.contains("--all"));
    assert!(!full.contains("<h3>不符合（"));
    let place = |words: &str| brief.find(words).unwrap();
    assert!(place("class=\"first\"") < place("class=\"lines\"") && place("class=\"lines\"") < place("class=\"brief\""));
}

#[test]
fn lines_that_do_not_apply_are_left_out_unless_asked_for() {
    let assessment = samples::person();
    let all = Look { all: true, ..PLAIN };
    assert!(!render(&assessment, &TABLE, &PLAIN).contains("企业引才就业扶持"));
    assert!(render(&assessment, &TABLE, &all).contains("企业引才就业扶持"));
    assert!(!render(&assessment, &JSON, &PLAIN).contains("not_applicable"));
    assert!(render(&assessment, &JSON, &all).contains("not_applicable"));
    let nothing = Assessment { lines: Vec::new(), ..assessment };
    assert!(render(&nothing, &TABLE, &PLAIN).contains("\n\n没有条款\n\n"));
}
