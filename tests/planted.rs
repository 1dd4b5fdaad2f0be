//! Plants changes in the shipped policies: every figure in the expressions of a clause or a definition is changed (amounts
//! times ten and by ten, other numbers with their digits turned round, or one more where that gives nothing new), and every
//! clause that computes something is dropped. A case must notice each. Nothing and one of something (`0元`, `1天`, `0.01元`)
//! serve the calculation and are no figures.
//!
//! A sample of the changes is tried by default. `DUIXIAN_PLANTED=all cargo test --release --test planted` tries all of them,
//! `DUIXIAN_PLANTED=200` so many; `DUIXIAN_SEED` draws another sample.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duixian::cases;
use duixian::policy;
use duixian::source::Source;

/// How many changes are tried where nothing is said.
const SAMPLE: usize = 40;

/// Keys whose texts are no expressions.
const WORDS: &[&str] = &[
    "across",
    "cite",
    "clause",
    "category",
    "direction",
    "each",
    "en",
    "figure",
    "for",
    "id",
    "kind",
    "mode",
    "part",
    "to",
    "zh",
];

/// Kinds of clauses that compute nothing.
const WITHOUT_AMOUNT: &[&str] = &["status", "service", "discretion", "principle", "target"];

/// A change that changes nothing.
struct Equivalent {
    policy: &'static str,
    clause: &'static str,
    /// A part of the line that it is in.
    line: &'static str,
    old: &'static str,
    new: &'static str,
    /// Not read: for whoever reads this.
    #[allow(dead_code, reason = "an explanation")]
    because: &'static str,
}

const EQUIVALENT: &[Equivalent] = &[
    Equivalent {
        policy: "linxia",
        clause: "1.3",
        line: "min(3年, 6年 - leave_earlier - 3年)",
        old: "3年",
        new: "4年",
        because: "what is left of the six years after the first three is never more than three",
    },
    Equivalent {
        policy: "qingyuan",
        clause: "5",
        line: "else 5万元 + 2000元/人 × further",
        old: "2000元/人",
        new: "20000元/人",
        because: "amount and ceiling are the same formula: the lower of the two counts",
    },
    Equivalent {
        policy: "qingyuan",
        clause: "5",
        line: "then 5万元 + min(2000元/人 × further, 5万元)",
        old: "2000元/人",
        new: "20000元/人",
        because: "the ceiling beside it has the 2000元 as well",
    },
    Equivalent {
        policy: "qingyuan",
        clause: "5",
        line: "at_most = ",
        old: "5万元",
        new: "50万元",
        because: "without a ceiling the formula of the ceiling is the amount itself",
    },
    Equivalent {
        policy: "qingyuan",
        clause: "18",
        line: "- sum(if reading.days_over_22 == uncapped then days else min(days, 22天)",
        old: "22天",
        new: "23天",
        because: "22 days under article 17 leave nothing of 22, and so do 23",
    },
    Equivalent {
        policy: "qingyuan",
        clause: "19.2",
        line: "else 36个月 × max(rate, later_rate)",
        old: "36个月",
        new: "63个月",
        because: "36 months of accrual bind already",
    },
];

/// A policy and what is needed to try it.
struct Shipped {
    id: String,
    path: PathBuf,
    text: String,
    cases: Vec<Arc<Source>>,
}

/// A change of a policy's text.
struct Change {
    policy: usize,
    clause: String,
    line: usize,
    range: Range<usize>,
    old: String,
    new: String,
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn source(path: &Path) -> Arc<Source> {
    Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
}

fn shipped() -> Vec<Shipped> {
    let folders = sorted(Path::new("policies")).into_iter().filter(|path| path.join("cases").is_dir());
    let read = |folder: PathBuf| Shipped {
        id: folder.file_name().unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(folder.join("policy.toml")).unwrap(),
        cases: sorted(&folder.join("cases")).iter().map(|path| source(path)).collect(),
        path: folder.join("policy.toml"),
    };
    folders.map(read).collect()
}

/// The sections of a policy: heading and range, heading included.
fn sections(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut starts: Vec<usize> = text.match_indices("\n[").map(|(at, _)| at + 1).collect();
    starts.push(text.len());
    let heading = |start: usize| text[start..].lines().next().unwrap().trim();
    starts.windows(2).map(|ends| (heading(ends[0]), ends[0]..ends[1])).collect()
}

/// The texts in quotes of a section, each with the key that it is the value of; a key in quotes (`"10人" = …`) has none.
fn quoted(text: &str, section: Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let (mut at, mut key) = (section.start, String::new());
    while at < section.end {
        let rest = &text[at..section.end];
        let first = rest.chars().next().unwrap();
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(behind) = rest.strip_prefix("\"\"\"") {
            let length = behind.find("\"\"\"").unwrap();
            found.push((key.clone(), at + 3..at + 3 + length));
            at += length + 6;
        } else if let Some(behind) = rest.strip_prefix('"') {
            let length = behind.find('"').unwrap();
            let is_key = behind[length + 1..].trim_start_matches(' ').starts_with('=');
            found.push((if is_key { String::new() } else { key.clone() }, at + 1..at + 1 + length));
            if is_key {
                key = behind[..length].to_owned();
            }
            at += length + 2;
        } else if first.is_ascii_lowercase() {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_.".contains(c)).unwrap_or(rest.len());
            let word = &rest[..length];
            if rest[length..].trim_start_matches(' ').starts_with('=') {
                key = word.to_owned();
            }
            at += length;
        } else {
            at += first.len_utf8();
        }
    }
    found
}

/// The figures of an expression: the digits, and the unit behind them. Dates, nothing (`0元`) and one of something are left
/// alone.
fn figures(expression: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = expression[at..].find(|c: char| c.is_ascii_digit()).map(|found| at + found) {
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let end = start + expression[start..].find(|c| !is_digit(c)).unwrap_or(expression.len() - start);
        let unit =
            expression[end..].find(|c: char| !c.is_alphabetic() && c != '%' && c != '/').map(|found| end + found);
        let unit = &expression[end..unit.unwrap_or(expression.len())];
        let before = expression[..start].chars().next_back();
        let in_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let date = end - start == 4 && expression[end..].starts_with('-');
        at = end + if date { "-01-01".len() } else { 0 };
        let digits = &expression[start..end];
        let serves =
            digits.trim_matches(['0', '.']).is_empty() || digits == "1" && !unit.contains('万') || digits == "0.01";
        if !in_name && !date && !serves {
            found.push((start..end, unit));
        }
    }
    found
}

/// What is put in the place of digits.
fn other(digits: &str, unit: &str) -> Vec<String> {
    if unit.contains('元') {
        let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
        let fraction = digits.split_once('.').map_or("", |(_, fraction)| fraction);
        let up = match fraction {
            "" => format!("{digits}0"),
            fraction => format!("{whole}{}.{}0", &fraction[..1], &fraction[1..]),
        };
        let (head, last) = whole.split_at(whole.len() - 1);
        let down = format!("{}.{last}{fraction}", if head.is_empty() { "0" } else { head });
        return vec![up, down];
    }
    let turned: String = digits.chars().rev().collect();
    let turned = turned.trim_start_matches('0');
    if turned != digits && !digits.contains('.') {
        return vec![turned.to_owned()];
    }
    vec![digits.parse::<u64>().map_or_else(|_| format!("{digits}1"), |number| (number + 1).to_string())]
}

/// Every change of a policy.
fn changes(place: usize, text: &str) -> Vec<Change> {
    let mut found = Vec::new();
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    for (heading, section) in sections(text) {
        let is_clause = heading == "[[clauses]]";
        if !is_clause && heading != "[define]" {
            continue;
        }
        let texts = quoted(text, section.clone());
        let value = |key: &str| texts.iter().find(|(known, _)| known == key).map(|(_, range)| &text[range.clone()]);
        let clause = if is_clause { value("id").unwrap() } else { "[define]" }.to_owned();
        let change = |range: Range<usize>, new: String| Change {
            policy: place,
            clause: clause.clone(),
            line: line(range.start),
            old: text[range.clone()].to_owned(),
            range,
            new,
        };
        for (_, range) in texts.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
            for (digits, unit) in figures(&text[range.clone()]) {
                let at = range.start + digits.start..range.start + digits.end + unit.len();
                let written = &text[range.clone()][digits];
                found.extend(other(written, unit).iter().map(|new| change(at.clone(), format!("{new}{unit}"))));
            }
        }
        let computes = is_clause && !value("kind").is_some_and(|kind| WITHOUT_AMOUNT.contains(&kind));
        found.extend(computes.then(|| change(section, String::new())));
    }
    found
}

/// Whether the policy with the change can no longer be read, or a case comes out otherwise.
fn is_noticed(shipped: &Shipped, change: &Change) -> bool {
    let mut text = shipped.text.clone();
    text.replace_range(change.range.clone(), &change.new);
    let file = Source::new(shipped.path.display().to_string(), text);
    let vocabulary = |name: &str| Some(source(&PathBuf::from(format!("policies/{name}.toml"))));
    let (policy, _) = policy::read(&file, &vocabulary);
    policy.is_none_or(|policy| shipped.cases.iter().any(|source| !cases::run(source, &policy).faults.is_empty()))
}

fn is_equivalent(shipped: &Shipped, change: &Change) -> bool {
    let line = shipped.text.lines().nth(change.line - 1).unwrap();
    EQUIVALENT.iter().any(|known| {
        (known.policy, known.clause) == (&shipped.id, &change.clause)
            && (known.old, known.new) == (&change.old, &change.new)
            && line.contains(known.line)
    })
}

/// So many of the changes, drawn with a seed.
fn sample(mut changes: Vec<Change>, size: usize) -> Vec<Change> {
    let seed = std::env::var("DUIXIAN_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut state: u64 = seed.unwrap_or(20_240_301) | 1;
    while changes.len() > size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let count = u64::try_from(changes.len()).unwrap();
        changes.swap_remove(usize::try_from(state % count).unwrap());
    }
    changes
}

#[test]
fn a_case_notices_every_change_of_a_figure() {
    let shipped = shipped();
    let all: Vec<Change> =
        shipped.iter().enumerate().flat_map(|(place, policy)| changes(place, &policy.text)).collect();
    assert!(all.len() > SAMPLE, "only {} changes were found", all.len());
    let asked = std::env::var("DUIXIAN_PLANTED").unwrap_or_default();
    let size = if asked == "all" { all.len() } else { asked.parse().unwrap_or(SAMPLE) };
    let tried = sample(all, size);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut unnoticed = Vec::new();
        while let Some(change) = tried.get(next.fetch_add(1, Ordering::Relaxed)) {
            let policy = &shipped[change.policy];
            if !is_equivalent(policy, change) && !is_noticed(policy, change) {
                let what = match change.new.as_str() {
                    "" => "dropped".to_owned(),
                    new => format!("{} → {new}", change.old),
                };
                let (path, line) = (policy.path.display(), change.line);
                let stands = policy.text.lines().nth(line - 1).unwrap().trim();
                unnoticed.push(format!("{path}:{line} clause {}: {what}\n    {stands}", change.clause));
            }
        }
        unnoticed
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut unnoticed: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    unnoticed.sort();
    let count = (unnoticed.len(), tried.len());
    assert!(
        unnoticed.is_empty(),
        "{} of {} changes are noticed by no case:\n{}",
        count.0,
        count.1,
        unnoticed.join("\n")
    );
}

#[test]
fn figures_are_found_and_changed() {
    let found = |text: &'static str| -> Vec<(&str, Vec<String>)> {
        figures(text).into_iter().map(|(digits, unit)| (unit, other(&text[digits.clone()], unit))).collect()
    };
    let texts = |new: &[&str]| new.iter().map(|new| (*new).to_owned()).collect::<Vec<String>>();
    assert_eq!(
        found("5万元 + 2000元/人 × further"),
        [("万元", texts(&["50", "0.5"])), ("元/人", texts(&["20000", "200.0"]))]
    );
    assert_eq!(
        found("min(36个月, x2) > 22天/月 and on >= 2024-01-01 or 0元"),
        [("个月", texts(&["63"])), ("天/月", texts(&["23"]))]
    );
    assert_eq!(
        found("50% × 8人 × 1.5万元"),
        [("%", texts(&["5"])), ("人", texts(&["9"])), ("万元", texts(&["15.0", "0.15"]))]
    );
}
