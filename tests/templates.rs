//! Every template of every shipped policy is an applicant file that `calc` reads, as it stands and filled in.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;
use duixian::policy::builtin;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("duixian-template-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> program::Outcome {
    program::run_in(folder, arguments, &mut std::io::empty())
}

/// Every policy with every kind of applicant that it knows, and without one.
fn each(mut run: impl FnMut(&str, Option<&str>)) {
    for policy in builtin::policies() {
        run(policy.id, None);
        policy.kinds.iter().for_each(|kind| run(policy.id, Some(kind)));
    }
}

fn template(folder: &Path, policy: &str, kind: Option<&str>, lang: &str) -> String {
    let mut line = vec!["template", policy, "--lang", lang];
    line.extend(kind.iter().flat_map(|kind| ["--for", kind]));
    let outcome = run(folder, &line);
    assert_eq!((outcome.exit, outcome.errors.as_str()), (Exit::Done, ""), "{line:?}");
    outcome.output
}

#[test]
fn as_it_stands_nothing_is_paid_and_nothing_is_wrong() {
    let folder = folder("open");
    each(|policy, kind| {
        for lang in ["zh", "en"] {
            fs::write(folder.join("a.toml"), template(&folder, policy, kind, lang)).unwrap();
            let outcome = run(&folder, &["calc", "a.toml", "--policy", policy, "--format", "json"]);
            assert_eq!((outcome.exit, outcome.errors.as_str()), (Exit::Done, ""), "{policy} {kind:?}");
            let result: serde_json::Value = serde_json::from_str(&outcome.output).unwrap();
            for line in result.get("lines").unwrap().as_array().unwrap() {
                let text = |key: &str| line.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
                // Only what asks for no fact can be settled; nothing is owed yet.
                let paid = line.get("awarded").and_then(|range| range.get("at_least")).and_then(|end| end.as_str());
                assert!(paid.is_none_or(|paid| paid == "0.00"), "{policy} {}: {paid:?}", text("clause"));
                assert!(text("status") != "eligible", "{policy} {}", text("clause"));
            }
        }
    });
    fs::remove_dir_all(folder).unwrap();
}

/// The example that the comments above a line give.
fn example(comments: &[&str]) -> Option<String> {
    // An entry's own comments end in what can be written; a wrapped one goes on below.
    let text = comments.iter().map(|line| line.trim_start_matches(['#', ' '])).collect::<String>();
    let value = |behind: &str| {
        let rest = text.rsplit_once(behind)?.1;
        let end = rest.find(|c: char| !(c == '"' || c.is_alphanumeric() || "-_./%·".contains(c)));
        Some(rest.get(..end.unwrap_or(rest.len())).unwrap_or("").to_owned())
    };
    let last = comments.last().copied().unwrap_or("");
    if text.contains("选项：") && !last.contains("，如 ") {
        return value("选项：");
    }
    if last.contains("true（是）") {
        return Some("true".to_owned());
    }
    if last.contains("文字") || last.contains("加引号") {
        return Some("\"甲\"".to_owned());
    }
    value("，如 ")
}

#[test]
fn filled_in_by_its_own_examples_it_is_read() {
    let folder = folder("filled");
    let mut filled = 0;
    each(|policy, kind| {
        let template = template(&folder, policy, kind, "zh");
        let (mut text, mut comments) = (String::new(), Vec::new());
        for line in template.lines() {
            let free = line.trim_start_matches("# ");
            if line.starts_with("# [[") {
                text.push_str(&format!("{free}\n"));
                comments.clear();
            } else if let Some(key) = free.strip_suffix(" =").filter(|key| !key.contains(' ')) {
                // Which record was paid can be said only where there are some.
                if key != "record" {
                    let value =
                        example(&comments).unwrap_or_else(|| panic!("{policy}: no example for {key}: {comments:?}"));
                    text.push_str(&format!("{key} = {value}\n"));
                    filled += 1;
                }
                comments.clear();
            } else if line.starts_with('#') {
                comments.push(line);
            } else {
                text.push_str(&format!("{line}\n"));
                comments.clear();
            }
        }
        fs::write(folder.join("a.toml"), &text).unwrap();
        let outcome = run(&folder, &["calc", "a.toml", "--policy", policy, "--lang", "en"]);
        // One example for all dates contradicts itself where one must come before the other: that is told, and nothing else.
        let faults: Vec<&str> = outcome.errors.lines().filter(|line| line.starts_with("error")).collect();
        assert!(
            faults.iter().all(|fault| fault.starts_with("error[contradiction]")),
            "{policy} {kind:?}\n{}\n{text}",
            outcome.errors
        );
    });
    assert!(filled > 200, "{filled}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_heads_of_tables_name_facts_and_labels_once_each() {
    let folder = folder("csv");
    each(|policy, kind| {
        for labels in [false, true] {
            let mut line = vec!["template", policy, "--csv", "--lang", "en"];
            line.extend(kind.iter().flat_map(|kind| ["--for", kind]));
            line.extend(labels.then_some("--labels"));
            let outcome = run(&folder, &line);
            assert_eq!(outcome.exit, Exit::Done);
            let heads = |text: &str| -> Vec<String> {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
                let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
                assert_eq!(rows.len(), 1, "{text}");
                rows.first().unwrap().iter().map(str::to_owned).collect()
            };
            let unique = |heads: &[String]| {
                let mut sorted = heads.to_vec();
                sorted.sort();
                sorted.dedup();
                assert_eq!(sorted.len(), heads.len(), "{heads:?}");
            };
            let head = heads(&outcome.output);
            assert!(head.starts_with(&["id", "name", "kind"].map(str::to_owned)), "{head:?}");
            unique(&head);
            let lists = outcome.errors.trim().rsplit_once(": ").map_or("", |(_, lists)| lists);
            for list in lists.split(", ").filter(|list| !list.is_empty()) {
                let outcome = run(&folder, &[line.clone(), vec!["--list", list]].concat());
                let head = heads(&outcome.output);
                assert_eq!(
                    (head.first().map(String::as_str), head.last().map(String::as_str)),
                    (Some("id"), Some("times"))
                );
                unique(&head);
            }
        }
    });
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_batch_reads_the_head_of_its_table() {
    let folder = folder("batch");
    each(|policy, kind| {
        for (labels, lang) in [(None, "en"), (Some("--labels"), "zh"), (Some("--labels"), "en")] {
            let mut line = vec!["template", policy, "--csv", "--lang", lang];
            line.extend(kind.iter().flat_map(|kind| ["--for", kind]));
            line.extend(labels);
            let head = run(&folder, &line).output;
            // One applicant of whom nothing is known but the kind: every other cell is empty.
            let known = builtin::policy(policy).unwrap().kinds.first().unwrap();
            let mut cells = vec!["7", "甲", kind.unwrap_or(known)];
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(head.as_bytes());
            let columns = reader.records().next().unwrap().unwrap().len();
            cells.resize(columns, "");
            fs::write(folder.join("a.csv"), format!("{head}{}\n", cells.join(","))).unwrap();
            let outcome = run(&folder, &["batch", "a.csv", "--policy", policy, "--lang", "en"]);
            assert_eq!(outcome.exit, Exit::Done, "{line:?}\n{head}{}", outcome.errors);
            assert!(outcome.output.lines().count() > 1, "{policy}");
        }
    });
    fs::remove_dir_all(folder).unwrap();
}
