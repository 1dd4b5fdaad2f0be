//! The form as a workbook.

use std::collections::BTreeMap;
use std::io;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Workbook, Worksheet, XlsxError,
};

use crate::lang::{Lang, Text};
use crate::rows::form::{HIDDEN, SCHEMA, about_name, defined_name, instructions_name};
use crate::rows::guard::guarded;
use crate::source::{clean, width};
use crate::template::Template;
use crate::template::form::{Column, Holds, Table, tables};
use crate::value::{Day, Number};

/// The last row, from 0, that drop-downs and checks reach.
pub(super) const LAST_ROW: u32 = 5000;
/// The first column of the drop-downs on the hidden sheet.
const FIRST_LIST: u16 = 8;
/// A drop-down whose words have more characters than this stands on the hidden sheet.
const LONGEST_LIST: usize = 200;

struct Formats {
    head: Format,
    text: Format,
    day: Format,
    title: Format,
    wrapped: Format,
    plain: Format,
}

/// The workbook, made on this day; `digest` is that of the policy's file, `clauses` what was asked for.
pub(super) fn write(
    template: &Template<'_>,
    digest: &str,
    clauses: &[String],
    on: Day,
    lang: Lang,
) -> io::Result<Vec<u8>> {
    let tables = tables(template, lang);
    guarded(|| book(template, &tables, digest, clauses, on, lang))
}

fn book(
    template: &Template<'_>,
    tables: &[Table],
    digest: &str,
    clauses: &[String],
    on: Day,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same form is the same bytes, whenever it is made on a day.
    let made = ExcelDateTime::parse_from_str(&on.to_string())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let thin = FormatBorder::Thin;
    let formats = Formats {
        head: Format::new()
            .set_bold()
            .set_text_wrap()
            .set_background_color(Color::RGB(0x00DD_EBF7))
            .set_border(thin)
            .set_align(FormatAlign::VerticalCenter),
        text: Format::new().set_num_format("@"),
        day: Format::new().set_num_format("yyyy-mm-dd"),
        title: Format::new().set_bold().set_font_size(14),
        wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(thin),
        plain: Format::new().set_text_wrap().set_align(FormatAlign::Top),
    };
    let instructions = Text::new("填表说明", "Instructions");
    let instructions = instructions.get(lang);
    explain(book.add_worksheet().set_name(instructions)?, template, tables, &formats, lang)?;
    let mut long: Vec<&[String]> = Vec::new();
    for table in tables {
        let sheet = book.add_worksheet().set_name(&table.sheet)?;
        fill(sheet, table, &mut long, &formats, lang)?;
    }
    if let Ok(sheet) = book.worksheet_from_index(1) {
        sheet.set_active(true);
    }
    let sheet = book.add_worksheet().set_name(HIDDEN)?;
    sheet.set_hidden(true);
    let kind = match template.kinds.as_slice() {
        [only] => template.policy.names.applicant_kinds.get(*only).map_or("", |(id, _)| id.as_str()),
        _ => "",
    };
    let about = [SCHEMA, &template.policy.id, digest, &clauses.join(" "), kind];
    for (row, text) in (0_u32..).zip(about) {
        sheet.write_string_with_format(row, 0, text, &formats.text)?;
    }
    for (row, column) in (0_u32..).zip(tables.iter().flat_map(|table| &table.columns)) {
        let known = &column.known;
        for (place, text) in (3_u16..).zip([&known.table, &known.key, &known.unit, &known.holds]) {
            sheet.write_string_with_format(row, place, text, &formats.text)?;
        }
    }
    for (column, words) in (FIRST_LIST..).zip(&long) {
        for (row, word) in (0_u32..).zip(words.iter()) {
            sheet.write_string(row, column, word)?;
        }
    }
    book.define_name(about_name(), &format!("={HIDDEN}!$A$1"))?;
    book.define_name(instructions_name(), &format!("='{instructions}'!$A$1"))?;
    for table in tables {
        for (place, column) in table.columns.iter().enumerate() {
            let letters = crate::rows::form::letters(place);
            book.define_name(
                defined_name(&table.name, &column.known.key),
                &format!("='{}'!${letters}$1", table.sheet),
            )?;
        }
    }
    book.save_to_buffer()
}

/// A sheet to fill in: heads, checks, and nothing below them.
fn fill<'t>(
    sheet: &mut Worksheet,
    table: &'t Table,
    long: &mut Vec<&'t [String]>,
    formats: &Formats,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, if table.columns.len() > 4 { 2 } else { 1 })?;
    sheet.set_row_height(0, 48)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
    sheet.set_repeat_columns(0, if table.columns.len() > 4 { 1 } else { 0 })?;
    for (place, column) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width(place, u16::try_from(wide(column)).unwrap_or(u16::MAX))?;
        match &column.holds {
            Holds::Text => sheet.set_column_format(place, &formats.text)?,
            Holds::Day { .. } => sheet.set_column_format(place, &formats.day)?,
            Holds::Words(_) | Holds::Number(..) => sheet,
        };
        sheet.write_string_with_format(0, place, &column.head, &formats.head)?;
        if let Some(check) = check(column, place, long, lang)? {
            sheet.add_data_validation(1, place, LAST_ROW, place, &check)?;
        }
    }
    Ok(())
}

/// How many characters of the usual width a column takes; its head may break into three lines.
fn wide(column: &Column) -> usize {
    let words = match &column.holds {
        Holds::Words(words) => words.iter().map(|word| width(word)).max().unwrap_or(0),
        Holds::Day { .. } => 11,
        Holds::Text => 12,
        Holds::Number(..) => 8,
    };
    (width(&column.head).div_ceil(2)).max(words).clamp(8, 26) + 3
}

/// The checks of a form's columns by their defined names; `at`: where these columns stand.
pub(super) fn checks(
    template: &Template<'_>,
    at: &dyn Fn(&str) -> Option<u16>,
    lang: Lang,
) -> BTreeMap<String, DataValidation> {
    let tables = tables(template, lang);
    let (mut found, mut long) = (BTreeMap::new(), Vec::new());
    for table in &tables {
        for (place, column) in (0_u16..).zip(&table.columns) {
            let name = defined_name(&table.name, &column.known.key);
            let place = at(&name).unwrap_or(place);
            if let Ok(Some(check)) = check(column, place, &mut long, lang) {
                found.insert(name, check);
            }
        }
    }
    found
}

/// What is checked as a cell is filled in, with the question beside it.
fn check<'t>(
    column: &'t Column,
    place: u16,
    long: &mut Vec<&'t [String]>,
    lang: Lang,
) -> Result<Option<DataValidation>, XlsxError> {
    let said = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let plain = DataValidation::new();
    let (check, wrong) = match &column.holds {
        Holds::Text => (plain.allow_any_value(), String::new()),
        Holds::Words(words) => {
            let characters: usize = words.iter().map(|word| word.chars().count() + 1).sum();
            let check = if characters > LONGEST_LIST || words.iter().any(|word| word.contains([',', '"'])) {
                let known = long.iter().position(|known| known == words);
                let at = known.unwrap_or_else(|| {
                    long.push(words);
                    long.len() - 1
                });
                let letters = crate::rows::form::letters(usize::from(FIRST_LIST) + at);
                plain.allow_list_formula(Formula::new(format!("={HIDDEN}!${letters}$1:${letters}${}", words.len())))
            } else {
                plain.allow_list_strings(words)?
            };
            (check, said("请从下拉中选", "choose from the list"))
        }
        Holds::Day { never } => {
            let day = |text: &str| ExcelDateTime::parse_from_str(text);
            // A bare number of days before 1920 is read as no date.
            let (first, last) = ("1920-01-01", "2199-12-31");
            if *never {
                let cell = format!("{}2", crate::rows::form::letters(usize::from(place)));
                let rule = format!(
                    "=OR(AND(ISNUMBER({cell}),{cell}>=DATE(1920,1,1),{cell}<=DATE(2199,12,31)),{cell}=\"未发生\",{cell}=\"从未\",{cell}=\"never\")"
                );
                let wrong = said(
                    "请填日期，如 2024-03-01；没有发生的填 未发生",
                    "a date such as 2024-03-01, or “never” if it has not happened",
                );
                (plain.allow_custom(Formula::new(rule)), wrong)
            } else {
                let rule = DataValidationRule::Between(day(first)?, day(last)?);
                (plain.allow_date(rule), said("请填日期，如 2024-03-01", "a date such as 2024-03-01"))
            }
        }
        Holds::Number(lo, hi, whole) => {
            let (zh, en) = bounds(*lo, *hi, *whole);
            // What a spreadsheet compares with is its own number.
            let end = |number: Number| number.to_string().parse::<f64>().ok();
            let (lo, hi) = (lo.and_then(end), hi.and_then(end));
            let whole_ends = (lo.unwrap_or(-1e9), hi.unwrap_or(1e9));
            let cell = format!("{}2", crate::rows::form::letters(usize::from(place)));
            let check = match (lo, hi) {
                _ if *whole => {
                    let (lo, hi) = whole_ends;
                    plain.allow_custom(Formula::new(format!(
                        "=AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}>={lo},{cell}<={hi})"
                    )))
                }
                (Some(lo), Some(hi)) => plain.allow_decimal_number(DataValidationRule::Between(lo, hi)),
                (Some(lo), None) => plain.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(lo)),
                (None, Some(hi)) => plain.allow_decimal_number(DataValidationRule::LessThanOrEqualTo(hi)),
                (None, None) => plain.allow_decimal_number(DataValidationRule::Between(-1e15, 1e15)),
            };
            (check, Text::made(zh, en).get(lang).to_owned())
        }
    };
    let hint = if column.ask.is_empty() { wrong.clone() } else { column.ask.clone() };
    if wrong.is_empty() && hint.is_empty() {
        return Ok(None);
    }
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let check = check.set_input_title(cut(&column.head, 30))?.set_input_message(cut(&hint, 250))?;
    let check = if wrong.is_empty() { check } else { check.set_error_message(cut(&wrong, 220))? };
    Ok(Some(check))
}

/// What number is wanted, in words.
fn bounds(lo: Option<Number>, hi: Option<Number>, whole: bool) -> (String, String) {
    let (zh, en) = if whole { ("整数", "a whole number") } else { ("数字", "a number") };
    let (zh_ends, en_ends) = match (lo, hi) {
        (Some(lo), Some(hi)) => (format!("，{lo} 至 {hi}"), format!(" from {lo} to {hi}")),
        (Some(lo), None) => (format!("，不小于 {lo}"), format!(" not below {lo}")),
        (None, Some(hi)) => (format!("，不大于 {hi}"), format!(" not above {hi}")),
        (None, None) => (String::new(), String::new()),
    };
    (format!("请填{zh}{zh_ends}，不写单位"), format!("{en}{en_ends}, without a unit"))
}

/// The sheet of instructions, with an example of every column.
fn explain(
    sheet: &mut Worksheet,
    template: &Template<'_>,
    tables: &[Table],
    formats: &Formats,
    lang: Lang,
) -> Result<(), XlsxError> {
    let policy = template.policy;
    let (title, standing) = (clean(policy.title.get(lang)), policy.status.label.get(lang));
    for (place, width) in (0_u16..).zip([16_u16, 34, 46, 24]) {
        sheet.set_column_width(place, width)?;
    }
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(
        0,
        0,
        match lang {
            Lang::Zh => format!("申请表：{title}（{standing}）"),
            Lang::En => format!("Form: {title} ({standing})"),
        },
        &formats.title,
    )?;
    const LINES: [(&str, &str); 6] = [
        (
            "1. 每位申请人在“申请人”表占一行，编号不重复。",
            "1. Each applicant has one row on the first sheet to fill in, with an ID of its own.",
        ),
        (
            "2. 不知道的留空，不要猜；空着按“未知”测算，不当作“否”或 0。",
            "2. Leave open what is not known; it counts as unknown, and is taken neither for “no” nor for 0.",
        ),
        ("3. 单位已写在列名里，格内只填数字。", "3. Units stand in the heads; cells hold the number alone."),
        (
            "4. 名单：申请人行填 见表、无 或 不清楚；填“见表”的，在该名单的工作表逐条填写，编号与申请人表一致。名单表空着不等于没有。",
            "4. Lists: the applicant's row says “see sheet”, “none” or “not known”; with “see sheet”, each record has a row on the list's own sheet, with the applicant's ID. An empty sheet alone says nothing.",
        ),
        (
            "5. 列可以移动、改名，可以加底色和批注；不要删改隐藏的工作表。",
            "5. Columns may be moved and renamed, and cells coloured; leave the hidden sheet as it is.",
        ),
        ("6. 填好后：duixian batch 本文件.xlsx", "6. When it is filled in: duixian batch THIS-FILE.xlsx"),
    ];
    let mut row = 1;
    let mut line = |sheet: &mut Worksheet, text: &str, format: &Format| -> Result<(), XlsxError> {
        row += 1;
        sheet.merge_range(row, 0, row, 3, text, format)?;
        let lines = width(text).div_ceil(110).max(1);
        sheet.set_row_height(row, u16::try_from(lines).unwrap_or(1).saturating_mul(17))?;
        Ok(())
    };
    if let Some(warning) = &policy.status.warning {
        line(sheet, &clean(warning.get(lang)), &formats.plain)?;
    }
    for (zh, en) in LINES {
        line(sheet, Text::new(zh, en).get(lang), &formats.plain)?;
    }
    row += 2;
    let heads =
        [("工作表", "Sheet"), ("列", "Column"), ("填什么", "What to fill in"), ("例（虚构）", "Example (invented)")];
    for (place, (zh, en)) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(row, place, Text::new(zh, en).get(lang), &formats.head)?;
    }
    let mut lists = BTreeMap::new();
    for table in tables {
        for column in &table.columns {
            row += 1;
            let what = match &column.holds {
                Holds::Words(words) if lists.insert(words, ()).is_none() || words.len() < 4 => {
                    let between = Text::new("、", ", ").get(lang).to_owned();
                    words.join(&between)
                }
                _ => String::new(),
            };
            let between = Text::new("；", "; ");
            let gap = if what.is_empty() || column.ask.is_empty() { "" } else { between.get(lang) };
            let what: String = format!("{}{gap}{what}", column.ask).chars().take(600).collect();
            let lines = width(&what).div_ceil(44).max(width(&column.head).div_ceil(32)).max(1);
            sheet.set_row_height(row, u16::try_from(lines).unwrap_or(24).min(24).saturating_mul(15))?;
            for (place, text) in (0_u16..).zip([&table.sheet, &column.head, &what, &column.example]) {
                sheet.write_string_with_format(row, place, text, &formats.wrapped)?;
            }
        }
    }
    Ok(())
}
