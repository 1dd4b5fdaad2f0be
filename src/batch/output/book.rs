//! A workbook: the rows of the CSV shape on one sheet, the sums of each clause on a second.

use std::cell::Cell;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use csv::ReaderBuilder;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{cell, kept};
use crate::batch::{Plan, Summary};
use crate::lang::{Lang, Text};
use crate::value::{Bound, Day};

/// A sheet has no more rows.
const MOST_ROWS: u32 = 1 << 20;
/// A cell has no more characters.
const LONGEST: usize = 32_767;

/// A workbook of results. Rows that were written are kept in a file without a name, not in memory.
pub struct Book {
    book: Workbook,
    columns: Vec<Kind>,
    row: u32,
    lang: Lang,
    formats: Formats,
}

struct Formats {
    head: Format,
    money: Format,
    day: Format,
    count: Format,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Money,
    Day,
}

impl Book {
    /// A workbook with the heads of the CSV shape. `beside` is the folder for what is not finished, `on` the day it is made.
    pub fn new(heads: &[u8], plan: &Plan<'_>, beside: &Path, on: Day, lang: Lang) -> io::Result<Book> {
        let mut book = Workbook::new();
        let names = records(heads).next().transpose()?.unwrap_or_default();
        let formats = Formats {
            head: Format::new().set_bold(),
            money: Format::new().set_num_format("#,##0.00####"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            count: Format::new().set_num_format("#,##0"),
        };
        let kept = kept(plan);
        let columns = names.iter().enumerate().map(|(place, name)| match kept.contains(&place) {
            // Whatever they are called.
            true => Kind::Text,
            false => kind(&String::from_utf8_lossy(name)),
        });
        let columns: Vec<Kind> = columns.collect();
        guarded(|| {
            // The same results are the same bytes, whenever they are written.
            let made = ExcelDateTime::parse_from_str(&on.to_string())?;
            book.set_properties(&DocProperties::new().set_creation_datetime(&made));
            book.set_tempdir(if beside.as_os_str().is_empty() { Path::new(".") } else { beside })?;
            let sheet = book.add_worksheet_with_constant_memory()?;
            sheet.set_name(Text::new("结果", "results").get(lang))?;
            sheet.set_freeze_panes(1, if columns.len() > 2 { 2 } else { 0 })?;
            for (place, name) in (0_u16..).zip(names.iter()) {
                let name = String::from_utf8_lossy(name);
                sheet.set_column_width(place, width(&name))?;
                sheet.write_string_with_format(0, place, name, &formats.head)?;
            }
            Ok(())
        })?;
        Ok(Book { book, columns, row: 1, lang, formats })
    }

    /// Adds rows, given as CSV.
    pub fn rows(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Book { book, columns, row, lang, formats } = self;
        for record in records(bytes) {
            let record = record?;
            if *row >= MOST_ROWS {
                let text = Text::new(
                    "工作表放不下这么多行（最多 1048576 行）；改用 --wide 或 --to csv",
                    "a sheet has no more than 1048576 rows; use --wide, or --to csv",
                );
                return Err(io::Error::other(text.get(*lang).to_owned()));
            }
            guarded(|| {
                let sheet = book.worksheet_from_index(0)?;
                for ((place, cell), kind) in (0_u16..).zip(record.iter()).zip(columns.iter()) {
                    one(sheet, *row, place, &String::from_utf8_lossy(cell), *kind, formats)?;
                }
                Ok(())
            })?;
            *row += 1;
        }
        Ok(())
    }

    /// Adds what the run came to, and writes the workbook.
    pub fn finish(mut self, plan: &Plan<'_>, summary: &Summary, into: &mut (dyn Write + Send)) -> io::Result<()> {
        let Book { book, lang, formats, .. } = &mut self;
        guarded(|| {
            let sheet = book.add_worksheet_with_constant_memory()?;
            totals(sheet, plan, summary, *lang, formats)
        })?;
        guarded(|| self.book.save_to_writer(into))
    }
}

/// The sheet of sums.
fn totals(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    summary: &Summary,
    lang: Lang,
    formats: &Formats,
) -> Result<(), XlsxError> {
    const HEADS: [(&str, &str, f64); 11] = [
        ("政策", "policy", 14.0),
        ("条款", "clause", 10.0),
        ("依据", "cite", 16.0),
        ("名称", "title", 32.0),
        ("符合", "eligible", 12.0),
        ("不符合", "refused", 12.0),
        ("待定", "undetermined", 14.0),
        ("不适用", "not applicable", 14.0),
        ("核定至少", "awarded at least", 18.0),
        ("核定至多", "awarded at most", 18.0),
        ("单位", "unit", 10.0),
    ];
    sheet.set_name(Text::new("合计", "totals").get(lang))?;
    sheet.set_freeze_panes(1, 0)?;
    for (place, (zh, en, width)) in (0_u16..).zip(HEADS) {
        sheet.set_column_width(place, width)?;
        sheet.write_string_with_format(0, place, if lang == Lang::Zh { zh } else { en }, &formats.head)?;
    }
    let mut row = 1;
    for ((policy, clause), of) in &summary.clauses {
        let Some(policy) = plan.setup.policies.get(*policy) else { continue };
        let Some(clause) = policy.clauses.get(*clause) else { continue };
        let texts = [policy.id.as_str(), &clause.id, &clause.cite, clause.title.get(lang)];
        for (place, text) in (0_u16..).zip(texts) {
            sheet.write_string(row, place, text)?;
        }
        let counts = [of.eligible, of.refused, of.undetermined, of.not_applicable];
        for (place, count) in (4_u16..).zip(counts) {
            number(sheet, row, place, &count.to_string(), &formats.count)?;
        }
        ends(sheet, row, 8, of.awarded.0, formats)?;
        if let Some(measure) = &clause.measure {
            sheet.write_string(row, 10, if lang == Lang::Zh { &measure.name.zh } else { &measure.name.en_many })?;
        }
        row += 1;
    }
    let sums = [
        (Text::new("核定合计", "awarded in all"), summary.awarded),
        (Text::new("本次应发合计", "due now in all"), summary.due),
    ];
    for (text, sum) in sums {
        sheet.write_string_with_format(row, 0, text.get(lang), &formats.head)?;
        ends(sheet, row, 8, sum.0, formats)?;
        sheet.write_string(row, 10, Text::new("元", "yuan").get(lang))?;
        row += 1;
    }
    let counts = [
        (Text::new("读入行数", "rows read"), summary.read),
        (Text::new("已核算", "assessed"), summary.assessed),
        (Text::new("退回", "rejected"), summary.rejected),
    ];
    for (text, count) in counts {
        sheet.write_string_with_format(row, 0, text.get(lang), &formats.head)?;
        number(sheet, row, 4, &count.to_string(), &formats.count)?;
        row += 1;
    }
    marks(sheet, row, plan, summary, lang, formats)
}

/// What must be known of the policies, and what other options of readings would change, below the sums.
fn marks(
    sheet: &mut Worksheet,
    mut row: u32,
    plan: &Plan<'_>,
    summary: &Summary,
    lang: Lang,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let applied = |place: &usize| summary.clauses.keys().any(|(policy, _)| policy == place);
    let mut notes = Vec::new();
    for (_, policy) in plan.setup.policies.iter().enumerate().filter(|(place, _)| applied(place)) {
        notes.extend(
            policy.status.warning.as_ref().map(|warning| (policy.id.clone(), warning.get(lang).to_owned(), None)),
        );
    }
    for (place, count) in &summary.expired {
        let Some(policy) = plan.setup.policies.get(*place) else { continue };
        let last = policy.window.hi;
        let text = Text::made(
            format!("评估日期在有效期（至 {last}）之后的人数"),
            format!("worked out as of a day after {last}"),
        );
        notes.push((policy.id.clone(), text.get(lang).to_owned(), Some(*count)));
    }
    for (policy, text, count) in notes {
        sheet.write_string(row, 0, policy)?;
        sheet.write_string(row, 3, text)?;
        if let Some(count) = count {
            number(sheet, row, 4, &count.to_string(), &formats.count)?;
        }
        row += 1;
    }
    if summary.readings.is_empty() {
        return Ok(());
    }
    const HEADS: [(&str, &str); 10] = [
        ("政策", "policy"),
        ("读法", "reading"),
        ("所取", "taken"),
        ("若取", "if instead"),
        ("结果不同的人数", "applicants that change"),
        ("", ""),
        ("现核定至少", "awarded now at least"),
        ("现核定至多", "awarded now at most"),
        ("改取后至少", "then at least"),
        ("改取后至多", "then at most"),
    ];
    for (place, (zh, en)) in (0_u16..).zip(HEADS) {
        sheet.write_string_with_format(row, place, if lang == Lang::Zh { zh } else { en }, &formats.head)?;
    }
    row += 1;
    for (alternative, of) in &summary.readings {
        let Some(named) = plan.reading(alternative.policy, alternative.reading) else { continue };
        let label = |option: usize| named.options.words.get(option).map_or("", |(_, label)| label.get(lang));
        let texts = [named.policy.id.as_str(), named.id(), label(alternative.taken), label(alternative.option)];
        for (place, text) in (0_u16..).zip(texts) {
            sheet.write_string(row, place, text)?;
        }
        number(sheet, row, 4, &of.applicants.to_string(), &formats.count)?;
        ends(sheet, row, 6, of.awarded.0.0, formats)?;
        ends(sheet, row, 8, of.awarded.1.0, formats)?;
        row += 1;
    }
    Ok(())
}

/// The two ends of a sum; an end without bound is empty.
fn ends(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    sum: crate::value::Interval,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let text = |bound: Bound| bound.number().map(|number| number.money());
    for (place, end) in [(column, text(sum.lo)), (column + 1, text(sum.hi))] {
        if let Some(end) = end {
            number(sheet, row, place, &end, &formats.money)?;
        }
    }
    Ok(())
}

fn one(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    cell: &str,
    kind: Kind,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match kind {
        _ if cell.is_empty() => {}
        Kind::Money => number(sheet, row, place, cell, &formats.money)?,
        Kind::Day => {
            let day = ExcelDateTime::parse_from_str(cell)?;
            sheet.write_datetime_with_format(row, place, &day, &formats.day)?;
        }
        Kind::Text => {
            let text = cell::unguarded(cell);
            let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
            // Always as a text: what looks like a formula is none.
            sheet.write_string(row, place, text.get(..end).unwrap_or(text))?;
        }
    }
    Ok(())
}

/// A figure as a number, or as a text where a spreadsheet would change its digits.
fn number(sheet: &mut Worksheet, row: u32, place: u16, figure: &str, format: &Format) -> Result<(), XlsxError> {
    let digits = figure.bytes().filter(u8::is_ascii_digit).count();
    match figure.parse::<f64>() {
        Ok(number) if digits <= 15 => sheet.write_number_with_format(row, place, number, format)?,
        _ => sheet.write_string(row, place, figure)?,
    };
    Ok(())
}

fn kind(name: &str) -> Kind {
    match name {
        "as_of" => Kind::Day,
        "paid" => Kind::Money,
        name if [" paid", "at_least", "at_most"].iter().any(|end| name.ends_with(end)) => Kind::Money,
        _ => Kind::Text,
    }
}

fn width(name: &str) -> f64 {
    match (kind(name), name) {
        (Kind::Money, _) => 16.0,
        (_, "reason") => 60.0,
        (_, "title") => 32.0,
        (_, "missing" | "readings") => 24.0,
        (_, "id" | "cite" | "record") => 16.0,
        _ => 12.0,
    }
}

fn records(bytes: &[u8]) -> impl Iterator<Item = io::Result<csv::ByteRecord>> + '_ {
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.into_byte_records().map(|record| record.map_err(io::Error::other))
}

thread_local! {
    /// Whether a panic on this thread is an error that is told elsewhere.
    static TOLD_ELSEWHERE: Cell<bool> = const { Cell::new(false) };
}

/// The library panics where its own files cannot be written: that is an error like others, and no panic to be told of.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !TOLD_ELSEWHERE.get() {
                before(what);
            }
        }));
    });
    TOLD_ELSEWHERE.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    TOLD_ELSEWHERE.set(false);
    match done {
        Ok(done) => done.map_err(|error| match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
            other => io::Error::other(other.to_string()),
        }),
        Err(words) => {
            let words = words.downcast_ref::<String>().map_or("", String::as_str);
            let full = words.contains("StorageFull") || words.is_empty();
            Err(if full { io::ErrorKind::StorageFull.into() } else { io::Error::other(words.to_owned()) })
        }
    }
}
