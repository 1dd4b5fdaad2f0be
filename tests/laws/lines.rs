//! A line of JSON that is read straight into values comes out as one that is read as a document, to the byte; and so does,
//! with every fault, whatever is wrong with it.

use std::cell::Cell;

use crate::applicant::{Applicant, Telling};
use crate::case::hold;
use crate::choices::Choices;
use crate::columns::{Common, json, kept_of};
use crate::program::agreement::as_json;
use crate::verbs::population;
use duixian::batch::Shape;

/// What may stand in place of a value, or does not belong where it stands.
const ODD: &[&str] = &[
    "null",
    "true",
    "0",
    "7",
    "007",
    "-3",
    "1.50",
    "1e3",
    "\"\"",
    "\" 12元 \"",
    "\"12 元\"",
    "\"1.2万元\"",
    "\"5元/月\"",
    "\"３元\"",
    "\"0.5\"",
    "\"50%\"",
    "\"012元\"",
    "\"1,000元\"",
    "\"99999999999999999999元\"",
    "\"2020-02-29\"",
    "\"2021-02-29\"",
    "\"2020/3/1\"",
    "\"never\"",
    "\"是\"",
    "\"low\"",
    "\"Low \"",
    "\"l\\u006fw\"",
    "\"a\\tb\"",
    "\"\u{200b}x\"",
    "\"north\u{fe00}\"",
    "[]",
    "[{}]",
    "[{\"worth\": \"5元\"}, {\"worth\": \"5元\", \"times\": 3}]",
    "[{\"worth\": \"5元\", \"worth\": \"6元\"}]",
    "[{\"worth\": null, \"worth\": \"6元\"}]",
    "[{\"tag\": \"a\", \"times\": 0}]",
    "[{\"tag\": \"a\", \"times\": {\"at_least\": 1}}]",
    "[{\"more\": true}]",
    "[{\"nothing\": 1}]",
    "[1]",
    "{}",
    "{\"at_least\": \"3元\"}",
    "{\"one_of\": [\"low\", \"mid\"]}",
    "nul",
    "\"x",
];

/// What may stand at the end of a line, or between its parts.
const BETWEEN: &[&str] = &[" ", "\t", ",", "}", "{", "\u{a0}", "x", "\"able\": true, ", ", \"able\": null"];

/// Keys that may stand in place of one.
const KEYS: &[&str] =
    &["able", "kind", "name", "as_of", "place", "编号", "ID", "items", "paid", "other_benefits", "ablle"];

/// A line with something about it that is not as usual.
fn disturbed(line: &str, c: &mut Choices<'_>) -> String {
    let commas: Vec<usize> = line.match_indices(',').map(|(at, _)| at).collect();
    let colons: Vec<usize> = line.match_indices(':').map(|(at, _)| at).collect();
    let (Some(_), Some(_)) = (commas.first(), colons.first()) else { return line.to_owned() };
    let (comma, colon) = (c.of(&commas), c.of(&colons));
    let end = |from: usize| line[from..].find([',', '}', ']']).map_or(line.len(), |at| from + at);
    match c.below(7) {
        // Another value.
        0 | 1 => format!("{}:{}{}", &line[..colon], c.of(ODD), &line[end(colon)..]),
        // A member more.
        2 => format!("{}, \"{}\": {}{}", &line[..comma], c.of(KEYS), c.of(ODD), &line[comma..]),
        // A member twice, or none.
        3 => format!("{}{}{}", &line[..comma], &line[comma..end(comma + 1)], &line[comma..]),
        4 => format!("{}{}", &line[..comma], &line[end(comma + 1)..]),
        // Something between the parts.
        5 => format!("{}{}{}", &line[..comma], c.of(BETWEEN), &line[comma..]),
        _ => format!("{line}{}", c.of(BETWEEN)),
    }
}

#[test]
fn lines_read_quickly_say_what_documents_say() {
    let (all, quick, faults) = (Cell::new(0), Cell::new(0), Cell::new(0));
    hold(150, |case| {
        let c = &mut Choices::new(&case.unsaid[0]);
        let mut text = String::new();
        for (place, (applicant, telling)) in population(case).into_iter().enumerate() {
            // Payments and other schemes' money are left to documents.
            let alone = Applicant { others: Vec::new(), paid: Vec::new(), ..applicant.clone() };
            let applicant = if place % 4 == 1 { applicant } else { alone };
            // Mostly each thing is one: what stands for several is seldom read quickly.
            let file = applicant.write(&telling);
            let file = if c.chance(50) { file.replace(", times = 2", ", times = 1") } else { file };
            let line = as_json(&format!("r{place}"), &file);
            text +=
                &format!("{line}\n{}\n", disturbed(&line.replacen(&format!("r{place}"), &format!("d{place}"), 1), c));
        }
        let common = Common::of(case);
        let run = |compile: bool| kept_of(&case.read, &common, &|_| json(&text), &|_| true, Shape::Json, compile);
        let (documents, read) = (run(false), run(true));
        all.set(all.get() + text.lines().count() as u64);
        quick.set(quick.get() + read.quick);
        faults.set(faults.get() + read.faults.len());
        let documents = documents.said();
        if read.said() != documents {
            let read = run(true);
            let what = format!(
                "quickly:\n{}\n{:#?}\n{}\nas documents:\n{}\n{:#?}\n{}\nlines:\n{text}",
                String::from_utf8_lossy(&read.results),
                read.faults,
                read.summary,
                String::from_utf8_lossy(&documents.results),
                documents.faults,
                documents.summary,
            );
            return Err(case.broken(&what, &Telling::all(&case.applicant)));
        }
        Ok(())
    });
    let (all, quick, faults) = (all.get(), quick.get(), faults.get());
    assert!(quick * 6 > all, "too few lines were read quickly for the law to say anything: {quick} of {all}");
    assert!(faults > 100, "too few faults for the law to say anything: {faults}");
}
