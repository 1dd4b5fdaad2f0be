//! One row a line, for spreadsheets and scripts: the columns are [`COLUMNS`], words are in one language, and an amount that
//! is not settled shows its two ends in two columns.

use super::calculation;
use super::told::written;
use super::words::{self, say};
use super::{Format, Look};
use crate::assess::model::{Amounts, Assessment, Line, PolicyHead};
use crate::lang::{Lang, Text};
use crate::source::clean;
use crate::value::{Bound, Interval, Number};

/// One row a line.
pub static CSV: Format = Format {
    name: "csv",
    about: Text::new("每行一个条款，供表格软件和脚本使用", "one row a clause, for spreadsheets and scripts"),
    names_record: false,
    begin: |_| row(COLUMNS.iter().map(|column| column.head.to_owned())),
    one: |assessment, look, _| render(assessment, look),
    between: "",
    end: "",
};

/// What a row is made from.
struct Row<'a> {
    assessment: &'a Assessment,
    policy: Option<&'a PolicyHead>,
    line: &'a Line,
    lang: Lang,
}

/// A column: its head, and what stands in it.
struct Column {
    head: &'static str,
    cell: fn(&Row<'_>) -> String,
}

macro_rules! columns {
    ($($head:ident: $cell:expr;)*) => { &[$(Column { head: stringify!($head), cell: $cell }),*] };
}

/// Every column, in order. `docs/results.md` says what each holds.
static COLUMNS: &[Column] = columns! {
    applicant: |row| text(row.assessment.applicant.name.as_deref().unwrap_or(""));
    kind: |row| text(&row.assessment.applicant.kind);
    file: |row| text(&row.assessment.applicant.file);
    as_of: |row| row.assessment.as_of.to_string();
    policy: |row| text(&row.line.policy);
    policy_status: |row| row.policy.map_or_else(String::new, |policy| policy.status.to_owned());
    policy_expired: |row| row.policy.map_or_else(String::new, |policy| policy.expired.to_string());
    clause: |row| text(&row.line.clause);
    cite: |row| text(&row.line.cite);
    title: |row| words(&row.line.title, row.lang);
    record: |row| row.line.record.as_ref().map_or_else(String::new, |record| record.index.to_string());
    record_label: |row| {
        let record = row.line.record.as_ref();
        record.and_then(|record| record.label.as_deref()).map_or_else(String::new, text)
    };
    benefit: |row| row.line.kind.to_owned();
    counted: |row| row.line.counted.name().to_owned();
    status: |row| row.line.status.name().to_owned();
    reason: |row| words(&row.line.full_reason(), row.lang);
    unit: |row| row.line.unit.as_ref().map_or_else(String::new, |unit| text(&unit.zh));
    entitled_at_least: |row| end(row, |amounts| amounts.entitled, |interval| interval.lo);
    entitled_at_most: |row| end(row, |amounts| amounts.entitled, |interval| interval.hi);
    awarded_at_least: |row| end(row, |amounts| amounts.awarded, |interval| interval.lo);
    awarded_at_most: |row| end(row, |amounts| amounts.awarded, |interval| interval.hi);
    paid: |row| row.line.amounts.as_ref().map_or_else(String::new, |amounts| amounts.paid.money());
    due_at_least: |row| end(row, |amounts| amounts.due, |interval| interval.lo);
    due_at_most: |row| end(row, |amounts| amounts.due, |interval| interval.hi);
    overpaid_at_least: |row| end(row, |amounts| amounts.overpaid, |interval| interval.lo);
    overpaid_at_most: |row| end(row, |amounts| amounts.overpaid, |interval| interval.hi);
    lifetime_at_least: |row| end(row, |amounts| amounts.lifetime, |interval| interval.lo);
    lifetime_at_most: |row| end(row, |amounts| amounts.lifetime, |interval| interval.hi);
    calculation: |row| listed(calculation(row.line, row.lang).into_iter(), row.lang);
    missing: |row| {
        let names = row.line.missing.iter().map(|fact| clean(&fact.name)).collect::<Vec<_>>();
        harmless(names.join(" "))
    };
    readings: |row| {
        let ids = row.line.readings.iter().map(|reading| clean(&reading.id)).collect::<Vec<_>>();
        harmless(ids.join(" "))
    };
    notes: |row| listed(row.line.notes.iter().map(|note| say(note, row.lang)), row.lang);
};

fn render(assessment: &Assessment, look: &Look) -> String {
    let line = |line: &&Line| {
        let policy = assessment.policies.iter().find(|policy| policy.id == line.policy);
        let made_from = Row { assessment, policy, line, lang: look.lang };
        row(COLUMNS.iter().map(|column| (column.cell)(&made_from)))
    };
    written(assessment, look).iter().map(line).collect()
}

/// One end of an amount; empty where the line has none, or no bound on this side.
fn end(row: &Row<'_>, pick: fn(&Amounts) -> Interval, side: fn(Interval) -> Bound) -> String {
    let amounts = row.line.amounts.as_ref();
    amounts.and_then(|amounts| side(pick(amounts)).number()).map_or_else(String::new, Number::money)
}

fn text(text: &str) -> String {
    harmless(clean(text))
}

fn words(text: &Text, lang: Lang) -> String {
    harmless(say(text, lang))
}

fn listed(texts: impl Iterator<Item = String>, lang: Lang) -> String {
    harmless(texts.collect::<Vec<_>>().join(words::SEMICOLON.get(lang)))
}

/// A text as a cell that no spreadsheet takes for a formula: behind a `'` where it begins like one.
pub fn harmless(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// Whether a spreadsheet would take a text for a formula. A text that only looks as if it had been made harmless counts too, so
/// that taking the apostrophe away gives what stood there.
pub fn is_formula(text: &str) -> bool {
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    // Most texts begin with a letter or digit.
    !text.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric)
        && text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\'']).starts_with(begins)
}

/// Cells as one row, quoted where the format asks for it.
pub fn row(cells: impl IntoIterator<Item = String>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Rows go to memory and each is written by itself, so nothing can fail.
    let written = writer.write_record(cells).is_ok();
    let bytes = writer.into_inner().unwrap_or_default();
    if written { String::from_utf8(bytes).unwrap_or_default() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "\t=1", "\r=1", "'=1"] {
            assert!(harmless(bad.to_owned()).starts_with('\''), "{bad}");
        }
        for good in ["林晓", "19.1", "a=1", "3000元/月 × 14个月 - 1", ""] {
            assert_eq!(harmless(good.to_owned()), good);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let cells = ["a,b", "说\"好\"", "", "x"].map(str::to_owned);
        assert_eq!(row(cells), "\"a,b\",\"说\"\"好\"\"\",,x\n");
        // A row of one empty cell would be no row at all.
        assert_eq!(row([String::new()]), "\"\"\n");
    }
}
