//! One character more, at any place of any cell, id, key, head or word, in every form of input: a blank around is no part of it, a
//! character that cannot be seen is refused with its place and code, and free text shows it. Nothing hidden ever comes out.

use std::fs;
use std::io;
use std::path::Path;

use duixian::cli::Exit;
use duixian::source::unseen;
use proptest::prelude::any;
use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value, json};

use crate::case::{Law, run};
use crate::program::{Outcome, demo, run_in};

const FACTS: &str = r#"
[enums.way]
label = { zh = "级别", en = "Level" }
words = { master = { zh = "硕士（全日制）", en = "Master" }, doctor = { zh = "博士", en = "Doctor" } }
[facts.study]
type  = "way"
label = { zh = "就读", en = "Study" }
[facts.since]
type  = "date"
label = { zh = "入住日期", en = "Since" }
[facts.school]
type  = "text"
label = { zh = "学校（全称）", en = "School" }
"#;

const CLAUSE: &str = r#"
requires = [
  { test = "study == master",     zh = "硕士", en = "a master" },
  { test = "since <= 2024-03-01",  zh = "已入住", en = "lives there" },
  { test = "school == \"甲校(A1)\"", zh = "甲校", en = "the school" },
]
amount   = "rent * 12个月"
"#;

/// Heads and cells of an applicant: who fulfils all conditions, as written with other widths, and gets 800元/月 × 12 = 9,600.
const PERSON: [(&str, &str); 7] = [
    ("编号", "r１"),
    ("姓名", "张三"),
    ("kind", "person"),
    ("月租金", "８00元/月"),
    ("就读", "硕士(全日制)"),
    ("since", "2024年３月1日"),
    ("学校(全称)", "甲校（Ａ1）"),
];
/// And of a payment.
const PAID: [(&str, &str); 4] = [("clause", "1"), ("金额", "１00元"), ("发放日期", "2025/01/０1"), ("备注", "第一笔")];
/// Of those with an id of their own: a list's.
const LISTED: [(&str, &str); 5] =
    [("申请人", "r1"), ("条款", "1"), ("amount", "100元"), ("on", "2025-01-01"), ("note", "第一笔")];

const BLANKS: [char; 9] =
    [' ', '\u{3000}', '\u{a0}', '\u{2000}', '\u{2003}', '\u{2009}', '\u{200a}', '\u{205f}', '\u{202f}'];
const HIDDEN: [char; 28] = [
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2063}',
    '\u{2066}',
    '\u{2067}',
    '\u{2069}',
    '\u{206f}',
    '\u{feff}',
    '\u{ad}',
    '\u{180e}',
    '\u{3164}',
    '\u{115f}',
    '\u{ffa0}',
    '\u{61c}',
    '\u{34f}',
    '\u{2800}',
    '\u{fff9}',
    '\u{e0041}',
    '\u{e007f}',
];

/// How the input is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Csv,
    Json,
    Book,
    Toml,
    List,
}

const FORMS: [Form; 5] = [Form::Csv, Form::Json, Form::Book, Form::Toml, Form::List];

/// Heads (or keys) and cells, one of which gets a character more.
type Pairs = Vec<(String, String)>;

fn pairs(all: &[(&str, &str)]) -> Pairs {
    all.iter().map(|(head, cell)| ((*head).to_owned(), (*cell).to_owned())).collect()
}

fn csv(pairs: &Pairs) -> String {
    let line = |pick: fn(&(String, String)) -> &String| {
        pairs.iter().map(|pair| pick(pair).as_str()).collect::<Vec<_>>().join(",")
    };
    format!("{}\n{}\n", line(|(head, _)| head), line(|(_, cell)| cell))
}

/// What the form has room for: the applicant's pairs, and those of the payment.
fn start(form: Form) -> (Pairs, Pairs) {
    let mut person = pairs(&PERSON);
    match form {
        Form::Csv | Form::Book => (person, Vec::new()),
        Form::List => (pairs(&PERSON), pairs(&LISTED)),
        Form::Json => (person, pairs(&PAID)),
        Form::Toml => {
            // The file's name is the id; and keys are names.
            person.remove(0);
            for ((key, _), name) in person.iter_mut().zip(["name", "kind", "rent", "study", "since", "school"]) {
                *key = name.to_owned();
            }
            person[4].1 = "2024-03-０1".to_owned();
            (person, pairs(&[("clause", "1"), ("amount", "１00元"), ("note", "第一笔")]))
        }
    }
}

fn batch(folder: &Path, form: Form, person: &Pairs, paid: &Pairs) -> Outcome {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let object =
        |pairs: &Pairs| pairs.iter().map(|(key, cell)| (key.clone(), json!(cell))).collect::<Map<String, Value>>();
    let mut line = vec!["batch"];
    match form {
        Form::Csv => write("people.csv", &csv(person)),
        Form::List => {
            write("people.csv", &csv(person));
            write("paid.csv", &csv(paid));
            line.extend(["--list", "paid=paid.csv"]);
        }
        Form::Json => {
            let mut object_of_all = object(person);
            object_of_all.insert("已发放".to_owned(), json!([object(paid)]));
            write("people.jsonl", &Value::Object(object_of_all).to_string());
        }
        Form::Book => {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            for (place, (head, cell)) in (0..).zip(person) {
                sheet.write_string(0, place, head).unwrap();
                sheet.write_string(1, place, cell).unwrap();
            }
            book.save(folder.join("people.xlsx")).unwrap();
        }
        Form::Toml => {
            let written = |pairs: &[(String, String)]| {
                pairs.iter().map(|(key, cell)| format!("\"{key}\" = \"{cell}\"\n")).collect::<String>()
            };
            let (own, facts) = person.split_at(2);
            let text = format!("[applicant]\n{}[facts]\n{}[[paid]]\n{}", written(own), written(facts), written(paid));
            write("r1.toml", &text);
        }
    }
    line.push(match form {
        Form::Csv | Form::List => "people.csv",
        Form::Json => "people.jsonl",
        Form::Book => "people.xlsx",
        Form::Toml => "r1.toml",
    });
    line.extend(["--policy", "policy.toml", "--as-of", "2025-06-30", "--lang", "en"]);
    run_in(folder, &line, &mut io::empty())
}

/// The amounts of a run's only line.
fn amounts(outcome: &Outcome) -> Option<String> {
    let line = outcome.output.lines().nth(1)?;
    line.split_once(",元,").map(|(_, amounts)| amounts.to_owned())
}

fn law(form: Form, pick: u32, in_head: bool, at: u32, character: char, blank: bool) -> Law {
    let folder = demo::folder(&demo::policy_with(FACTS, CLAUSE));
    let (mut person, mut paid) = start(form);
    let intact = batch(folder.path(), form, &person, &paid);
    // 9,600 awarded; 100 of it paid where the form tells of payments.
    let due =
        if paid.is_empty() { "9600.00,9600.00,0.00,9600.00,9600.00" } else { "9600.00,9600.00,100.00,9500.00,9500.00" };
    if intact.exit != Exit::Done || !amounts(&intact).is_some_and(|amounts| amounts.starts_with(due)) {
        return Err(format!("{form:?}: {:?}\n{}{}", intact.exit, intact.output, intact.errors));
    }
    // In a list table the character goes into the list, and into its applicants elsewhere.
    let own = if form == Form::List { 0 } else { person.len() };
    let place = pick as usize % (own + paid.len());
    let pair = if place < own { &mut person[place] } else { &mut paid[place - own] };
    let is_free = |head: &str| ["姓名", "name", "备注", "note"].contains(&head) && !in_head;
    let is_text = |head: &str| {
        ["姓名", "name", "备注", "note", "编号", "学校(全称)", "school", "申请人"].contains(&head) && !in_head
    };
    let (free, text) = (is_free(&pair.0), is_text(&pair.0));
    let word = if in_head { &mut pair.0 } else { &mut pair.1 };
    let end = word
        .char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .nth(at as usize % (word.chars().count() + 1))
        .unwrap();
    let around = end == 0 || end == word.len();
    word.insert(end, character);
    // A mark at the beginning of a file says how it is written, and is no part of its text.
    let is_mark = character == '\u{feff}' && form != Form::Json && place == 0 && end == 0 && in_head;
    if is_mark && matches!(form, Form::Csv | Form::List) {
        return Ok(());
    }
    let what = format!("{form:?} {word:?}");
    let after = batch(folder.path(), form, &person, &paid);
    let told = format!("{what}: {:?}\n{}{}", after.exit, after.output, after.errors);
    for line in after.output.lines().chain(after.errors.lines()) {
        if unseen(line).is_some_and(|hidden| hidden != '\t') {
            return Err(format!("something hidden comes out: {told}"));
        }
    }
    let refused = matches!(after.exit, Exit::Open | Exit::Unusable);
    let same = after.exit == Exit::Done && amounts(&after) == amounts(&intact);
    let located = ["people.csv:", "people.jsonl:1", "people.xlsx Sheet1!", "r1.toml:", "paid.csv:"];
    let is_located = refused && located.iter().any(|place| after.errors.contains(place));
    let holds = match (blank, free) {
        // A key of TOML is taken as it is quoted.
        (true, _) if around && !(in_head && form == Form::Toml) => same,
        // Inside it may be another text, and another id belongs to nobody.
        (true, _) if text => after.exit == Exit::Done || is_located,
        (true, _) => same || is_located,
        (false, true) => same && (after.output.contains('\u{fffd}') || place >= own),
        (false, false) => is_located && after.errors.contains(&format!("U+{:04X}", u32::from(character))),
    };
    if holds { Ok(()) } else { Err(told) }
}

#[test]
fn what_cannot_be_seen_is_refused_or_shown() {
    let values = (any::<u32>(), any::<u32>(), any::<bool>(), any::<u32>(), any::<u32>(), any::<bool>());
    run(400, &values, |(form, pick, in_head, at, character, blank)| {
        let all = if *blank { &BLANKS[..] } else { &HIDDEN[..] };
        let character = all[*character as usize % all.len()];
        law(FORMS[*form as usize % FORMS.len()], *pick, *in_head, *at, character, *blank)
    });
}
