//! What a result says: its record, and its rows.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::rerun::{Now, Written};
use super::{Said, is_standard};
use crate::cli::batch::record::beside;
use crate::cli::{Surroundings, files};
use crate::lang::{Lang, Text};
use crate::report::again::page::{Statement, statements};
use crate::report::again::sheet::{Workbook, of_table, workbook};
use crate::report::again::{Differences, Row, data};
use crate::report::record::Record;
use crate::rows;
use crate::source::clean;

/// A longer line is none of a result.
const LONGEST_LINE: u64 = 64 << 20;

/// A result that is held against itself.
pub(super) struct Held {
    /// What it says it was worked out from.
    pub record: Record,
    /// Whose it is.
    pub who: String,
    /// What it says.
    pub shape: Shape,
}

/// What a result is.
pub(super) enum Shape {
    /// A value of `calc --format json`.
    Data(Value),
    /// A statement; of `batch` with the name of its file.
    Page(Statement, String),
    /// A workbook.
    Book(Workbook),
    /// A table or JSON Lines.
    Lines(PathBuf, Form),
}

/// How many lines are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    Csv,
    Json,
}

fn said(name: &str, zh: &str, en: &str, lang: Lang) -> String {
    Text::made(format!("{name}：{zh}"), format!("{name}: {en}")).get(lang).to_owned()
}

fn no_record(name: &str, lang: Lang) -> String {
    said(
        name,
        "结果没有写明由什么算出，无从复核；calc 的 JSON 和核定表、batch 的工作簿和核定表自带记录，batch 的 CSV 和 JSON Lines 请用 --record",
        "the result does not say what it was worked out from, so it cannot be worked out again; JSON and statements of `calc`, workbooks and statements of `batch` do, and CSV and JSON Lines of `batch --record`",
        lang,
    )
}

/// The results of a file.
pub(super) fn held(path: &Path, lang: Lang, around: &mut Surroundings<'_>) -> Said<Vec<Said<Held>>> {
    let name = clean(&path.display().to_string());
    let whole = around.folder.join(path);
    if !is_standard(path) {
        let own = beside(&whole);
        if own.is_file() {
            let source = files::read(&own, Path::new(""), around.input, lang).map_err(|error| format!("{error:#}"))?;
            let record = serde_json::from_str(&source.text)
                .map_err(|error| unread(&clean(&own.display().to_string()), &error, lang))?;
            let form = if first(&whole, lang, &name)? == Some(b'{') { Form::Json } else { Form::Csv };
            return Ok(vec![Ok(Held { record, who: name, shape: Shape::Lines(whole, form) })]);
        }
        if first(&whole, lang, &name)? == Some(b'P') {
            let book = workbook(texts(&whole, &name, lang)?);
            let record = book.record.clone().ok_or_else(|| no_record(&name, lang))?;
            return Ok(vec![Ok(Held { record, who: name, shape: Shape::Book(book) })]);
        }
    }
    let source = files::read(path, &around.folder, around.input, lang).map_err(|error| format!("{error:#}"))?;
    let text = source.text.trim_start();
    if text.is_empty() {
        return Err(said(&name, "文件是空的", "the file is empty", lang));
    }
    if text.starts_with('<') {
        let found = statements(text);
        if found.is_empty() {
            return Err(said(&name, "其中没有核定表", "there is no statement in it", lang));
        }
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let one = |statement: Statement| {
            let record = statement.record.clone().ok_or_else(|| no_record(&name, lang))?;
            let who = record.inputs.first().map_or(&name, |first| &first.name).clone();
            let who = if is_batch(&record) { name.clone() } else { who };
            Ok(Held { record, who, shape: Shape::Page(statement, file.clone()) })
        };
        return Ok(found.into_iter().map(one).collect());
    }
    if !text.starts_with('{') {
        return Err(no_record(&name, lang));
    }
    let read: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let results = read.map_err(|error| unread(&name, &error, lang))?;
    Ok(results.into_iter().map(|result| of_data(result, &name, lang)).collect())
}

/// Whether many were worked out.
pub(super) fn is_batch(record: &Record) -> bool {
    record.command.first().is_some_and(|verb| verb == "batch")
}

fn unread(name: &str, error: &serde_json::Error, lang: Lang) -> String {
    let error = clean(&error.to_string());
    said(name, &format!("不是结果文件（JSON：{error}）"), &format!("this is no result (JSON: {error})"), lang)
}

fn of_data(result: Value, name: &str, lang: Lang) -> Said<Held> {
    let record = result.get("record").ok_or_else(|| no_record(name, lang))?;
    let record: Record = serde_json::from_value(record.clone()).map_err(|error| {
        let error = clean(&error.to_string());
        said(
            name,
            &format!("结果中的 record 读不出（{error}）"),
            &format!("the record of the result cannot be read ({error})"),
            lang,
        )
    })?;
    let who = result.get("applicant").and_then(|applicant| applicant.get("name")).and_then(Value::as_str);
    let first = record.inputs.first().map_or(name, |first| &first.name);
    let who = who.unwrap_or(first).to_owned();
    Ok(Held { record, who, shape: Shape::Data(result) })
}

/// The first character of a file that is no blank and no mark of the order of bytes.
fn first(path: &Path, lang: Lang, name: &str) -> Said<Option<u8>> {
    let opened = File::open(path).map_err(|error| {
        let why = files::not_opened(&error);
        said(name, &why.zh, &why.en, lang)
    })?;
    let mut start = Vec::new();
    let read = opened.take(64).read_to_end(&mut start);
    read.map_err(|error| said(name, &format!("读取失败（{error}）"), &format!("cannot be read ({error})"), lang))?;
    Ok(start.into_iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte)))
}

/// The cells of a workbook.
pub(super) fn texts(path: &Path, name: &str, lang: Lang) -> Said<Vec<rows::Texts>> {
    let file = File::open(path).map_err(|error| {
        let why = files::not_opened(&error);
        said(name, &why.zh, &why.en, lang)
    })?;
    rows::texts(BufReader::new(file), &name.into())
        .map_err(|faults| faults.iter().map(|fault| fault.render(lang)).collect::<Vec<_>>().join("\n"))
}

/// Holds a result against the same worked out again.
pub(super) fn compare(held: &Held, now: &Now, into: &mut Differences, lang: Lang) -> Said<()> {
    let pass = |rows: Vec<Row>| rows.into_iter().map(Ok::<Row, String>);
    match (&held.shape, &now.written) {
        (Shape::Data(said), Written::Data(now)) => {
            into.compare(pass(data::rows(said, None)), pass(data::rows(now, None)))
        }
        (Shape::Page(said, _), Written::Page(now)) => {
            basis(&said.basis, &held.record, false, into);
            into.compare(pass(said.rows.clone()), pass(now.rows.clone()))
        }
        (Shape::Book(said), Written::Book(now)) => {
            basis(&said.basis, &held.record, true, into);
            into.compare(pass(said.rows.clone()), pass(now.rows.clone()))
        }
        (Shape::Lines(said, form), Written::Lines(_, now)) => {
            into.compare(lines(said, *form, lang)?, lines(now, *form, lang)?)
        }
        _ => {
            let text = Text::new("复核得出的是另一种结果", "what comes out is a result of another kind");
            Err(text.get(lang).to_owned())
        }
    }
}

/// What a page or workbook shows as its basis must be what its record says.
fn basis(shown: &str, record: &Record, all: bool, into: &mut Differences) {
    let shown: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let missing = record.names(all).into_iter().filter(|name| !shown.contains(name.as_str()));
    let row = |said: Option<String>, now: Option<String>| {
        let cell = |text: Option<String>| text.map(|text| (Text::new("记录", "as its record"), text));
        let place = Text::new("计算依据", "worked out from");
        (
            Row { place: place.clone(), cells: cell(said).into_iter().collect() },
            Row { place, cells: cell(now).into_iter().collect() },
        )
    };
    for name in missing {
        let (said, now) = row(None, Some(name));
        // Two rows never fail to be read.
        let _ = into.compare(std::iter::once(Ok::<Row, ()>(said)), std::iter::once(Ok(now)));
    }
}

/// The rows of a table or of JSON Lines, one after the other.
fn lines(path: &Path, form: Form, lang: Lang) -> Said<Box<dyn Iterator<Item = Said<Row>>>> {
    let name = clean(&path.display().to_string());
    let open = File::open(path).map_err(|error| {
        let why = files::not_opened(&error);
        said(&name, &why.zh, &why.en, lang)
    })?;
    let broken = move |line: u64, error: &dyn std::fmt::Display| {
        let error = clean(&error.to_string());
        said(&format!("{name}:{line}"), &format!("读不出（{error}）"), &format!("cannot be read ({error})"), lang)
    };
    if form == Form::Csv {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(open);
        let mut heads: Option<Vec<String>> = None;
        let rows = std::iter::from_fn(move || {
            loop {
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(false) => return None,
                    Err(error) => return Some(Err(broken(reader.position().line(), &error))),
                    Ok(true) => {}
                }
                let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                match &heads {
                    None => heads = Some(cells),
                    Some(heads) => return Some(Ok(of_table(heads, &cells))),
                }
            }
        });
        return Ok(Box::new(rows));
    }
    let mut reader = BufReader::new(open);
    let lines = std::iter::from_fn(move || {
        let mut line = Vec::new();
        match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) if line.len() as u64 == LONGEST_LINE => Some(Err(std::io::Error::other("line too long"))),
            Ok(_) => Some(String::from_utf8(line).map_err(std::io::Error::other)),
            Err(error) => Some(Err(error)),
        }
    });
    let lines = lines.zip(1_u64..);
    let rows = lines.flat_map(move |(line, number)| {
        let value = line
            .map_err(|error| broken(number, &error))
            .and_then(|line| serde_json::from_str::<Value>(&line).map_err(|error| broken(number, &error)));
        match value {
            Err(text) => vec![Err(text)],
            Ok(value) => {
                let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
                let id = id.unwrap_or_else(|| value.get("line").map(Value::to_string).unwrap_or_default());
                data::rows(&value, Some(&id)).into_iter().map(Ok).collect()
            }
        }
    });
    Ok(Box::new(rows))
}
