//! The workbook that goes back: rows that could not be used, in the layout of the input, with what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Workbook, Worksheet, XlsxError,
};

use crate::batch::output::book::{height, lines};
use crate::lang::Lang;
use crate::rows::form::letters;
use crate::rows::guard::guarded;
use crate::rows::map::Layout;
use crate::rows::raw::{Copied, Raw};
use crate::rows::reserved::{REASON, ROW};
use crate::source::width;
use crate::template::LAST_ROW;
use crate::value::Day;

/// A cell has no more characters.
const LONGEST: usize = 32_767;
/// A sheet has no longer name.
const LONGEST_NAME: usize = 31;
/// The words of a drop-down have no more characters.
const LONGEST_CHOICE: usize = 255;
/// How wide the column of reasons is.
const WIDE: u32 = 70;
/// And that of the rows in the input.
const ROW_WIDE: u16 = 24;
/// So many characters of the usual width can be read beside each other on A4 laid across.
const PAGE: usize = 190;

/// What is wrong with a row, and in which of its columns.
#[derive(Clone, Debug, Default)]
pub struct Wrong {
    /// In words, each with its place.
    pub reasons: Vec<String>,
    /// The columns.
    pub columns: BTreeSet<usize>,
    /// What the row is called that it came from.
    pub row: String,
}

/// A sheet that goes back.
#[derive(Debug)]
pub struct Back {
    /// What it is called in its workbook.
    pub name: String,
    /// Whether it is shown.
    pub is_shown: bool,
    /// Its cells.
    pub copied: Copied,
    /// The lines of heads, and what is wrong with each row; none where it is no table, and comes whole.
    pub table: Option<(Layout, BTreeMap<u64, Wrong>)>,
    /// The column of reasons.
    pub reason: usize,
    /// The column of the rows that these came from.
    pub row: usize,
    /// The last of the columns in front that say whose row it is.
    pub whose: Option<usize>,
    /// Names that are defined for its columns.
    pub names: Vec<(String, usize)>,
    /// The columns of days, for cells that have no look of their own.
    pub days: BTreeSet<usize>,
    /// The columns of texts, likewise.
    pub texts: BTreeSet<usize>,
    /// The words to choose from below columns; others can be typed.
    pub words: Vec<(usize, Vec<String>)>,
    /// Which of the sets of formats its cells look by.
    pub looks: usize,
}

/// Writes the workbook, made on this day; `looks`: sets of formats; `checks`: what is checked below columns of these names.
pub fn write(
    sheets: &[Back],
    looks: &[Vec<Format>],
    checks: &BTreeMap<String, DataValidation>,
    on: Day,
    lang: Lang,
    into: &mut (dyn Write + Send),
) -> io::Result<()> {
    let mut book = guarded(|| {
        let mut book = Workbook::new();
        let made = ExcelDateTime::parse_from_str(&on.to_string())?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut taken: Vec<String> = Vec::new();
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        let mut is_first = true;
        for back in sheets {
            let name = free_name(&back.name, &taken);
            let sheet = book.add_worksheet().set_name(&name)?;
            sheet.set_hidden(!back.is_shown);
            if is_first && back.table.is_some() {
                sheet.set_active(true);
                is_first = false;
            }
            let own = looks.get(back.looks).map_or(&[][..], Vec::as_slice);
            fill(sheet, back, own, lang)?;
            for (known, column) in &back.names {
                if let Some(check) = checks.get(known) {
                    sheet.add_data_validation(1, place(*column), LAST_ROW, place(*column), check)?;
                }
            }
            for (column, words) in &back.words {
                // A list has so much room, and a comma between its words.
                let length: usize = words.iter().map(|word| word.chars().count() + 1).sum();
                if length <= LONGEST_CHOICE && !words.iter().any(|word| word.contains([',', '"'])) {
                    let first = back.table.as_ref().map_or(1, |(layout, _)| layout.first.saturating_sub(1));
                    let check = DataValidation::new().allow_list_strings(words)?;
                    let check = check.set_error_style(DataValidationErrorStyle::Warning);
                    let first = u32::try_from(first).unwrap_or(1);
                    sheet.add_data_validation(first, place(*column), LAST_ROW, place(*column), &check)?;
                }
            }
            for (known, column) in &back.names {
                let quoted = name.replace('\'', "''");
                let of_sheet = if defined.insert(known) { String::new() } else { format!("'{quoted}'!") };
                let place = format!("='{quoted}'!${}$1", letters(*column));
                book.define_name(format!("{of_sheet}{known}"), &place)?;
            }
            taken.push(name);
        }
        Ok(book)
    })?;
    guarded(|| book.save_to_writer(into))
}

/// The name, or the next that no other sheet has.
fn free_name(name: &str, taken: &[String]) -> String {
    let is_free = |name: &String| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let cut = |behind: &str| {
        let room = LONGEST_NAME - behind.len();
        name.chars().take(room).collect::<String>() + behind
    };
    let numbered = (2..).map(|number| cut(&format!(" ({number})")));
    std::iter::once(cut("")).chain(numbered).find(is_free).unwrap_or_default()
}

fn fill(sheet: &mut Worksheet, back: &Back, looks: &[Format], lang: Lang) -> Result<(), XlsxError> {
    let (first, told) = match &back.table {
        Some((layout, told)) => (layout.first, Some(told)),
        None => (u64::MAX, None),
    };
    let (day, text) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("@"));
    for (columns, format) in [(&back.days, &day), (&back.texts, &text)] {
        for column in columns {
            sheet.set_column_format(place(*column), format)?;
        }
    }
    let own_columns = [back.reason, back.row];
    let mut next = first.saturating_sub(1);
    let mut rows: BTreeMap<u64, u32> = BTreeMap::new();
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for (line, cells) in &back.copied.rows {
        // Heads stay on their lines, for whoever says where they are.
        let at = if *line < first { line.saturating_sub(1) } else { next };
        let row = u32::try_from(at).unwrap_or(u32::MAX);
        next = if *line < first { next } else { next + 1 };
        rows.insert(*line, row);
        let wrong = told.and_then(|told| told.get(line));
        let is_wrong = |column: usize| wrong.is_some_and(|wrong| wrong.columns.contains(&column));
        for (column, raw, look) in cells.iter().filter(|(column, ..)| told.is_none() || !own_columns.contains(column)) {
            let own = looks.get(*look).cloned().unwrap_or_default();
            let is_a_day = *look == 0 && *line >= first && back.days.contains(column) && matches!(raw, Raw::Number(_));
            let format = if is_a_day { day.clone() } else { own };
            let format = if is_wrong(*column) { marked(format) } else { format };
            cell(sheet, row, *column, raw, &format)?;
            if let Raw::Text(text) = raw {
                let own = text.lines().map(width).max().unwrap_or(0);
                // A head may break into lines; what stands above the heads needs no room in one column.
                let own = match told {
                    Some(_) if *line + 1 < first => 0,
                    Some(_) if *line < first => own.div_ceil(2),
                    // Nor does what stands alone on its line, on a sheet that is no table.
                    None if cells.iter().filter(|(_, raw, _)| raw.text().is_some()).count() == 1 => 0,
                    _ => own,
                };
                let wide = widths.entry(*column).or_default();
                *wide = own.max(*wide);
            }
        }
        if let Some(wrong) = wrong {
            let blank =
                |column: &&usize| !cells.iter().any(|(known, ..)| known == *column) && !own_columns.contains(column);
            for column in wrong.columns.iter().filter(blank) {
                let plain =
                    [(&back.days, &day), (&back.texts, &text)].into_iter().find(|(own, _)| own.contains(column));
                let plain = plain.map_or_else(Format::new, |(_, format)| format.clone());
                sheet.write_blank(row, place(*column), &marked(plain))?;
            }
            let reasons: String = wrong.reasons.join("\n").chars().take(LONGEST).collect();
            sheet.set_row_height(row, height(lines(&reasons, WIDE)))?;
            sheet.write_string_with_format(row, place(back.reason), reasons, &reason())?;
            sheet.write_string_with_format(row, place(back.row), &wrong.row, &reason())?;
        }
    }
    if let Some((layout, _)) = &back.table {
        let heads = u32::try_from(first.saturating_sub(1)).unwrap_or(1).max(1);
        let head = reason().set_bold().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00FF_C7CE));
        let head = head.set_align(FormatAlign::VerticalCenter);
        // What stands on each line of heads is one name, not one under another.
        for line in &layout.heads {
            let row = u32::try_from(line.saturating_sub(1)).unwrap_or(0);
            sheet.write_string_with_format(row, place(back.reason), REASON.get(lang), &head)?;
            sheet.write_string_with_format(row, place(back.row), ROW.get(lang), &head)?;
        }
        sheet.set_column_width(place(back.reason), WIDE)?;
        sheet.set_column_width(place(back.row), ROW_WIDE)?;
        sheet.set_row_height(heads - 1, 48)?;
        sheet.set_freeze_panes(heads, 0)?;
        sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, heads - 1)?;
        if let Some(whose) = back.whose {
            sheet.set_repeat_columns(0, place(whose))?;
        }
        sheet.set_print_fit_to_pages(pages(back, &widths), 0).set_print_gridlines(true);
    }
    if told.is_none() {
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    }
    for (column, wide) in &widths {
        sheet.set_column_width(place(*column), u16::try_from(column_width(*wide)).unwrap_or(u16::MAX))?;
    }
    for [from, to, left, right] in &back.copied.merged {
        if let (Some(from), Some(to)) = (rows.range(from..).next(), rows.range(..=to).next_back())
            && (from.1, *left) != (to.1, *right)
            && from.1 <= to.1
        {
            merge(sheet, back, (*from.0, *from.1), *to.1, (*left, *right), looks)?;
        }
    }
    Ok(())
}

/// How wide a column is, of which the longest text takes so many characters.
fn column_width(text: usize) -> usize {
    text.clamp(8, 48) + 3
}

/// On how many pages beside each other a table can be read; the columns that say whose row it is stand on each.
fn pages(back: &Back, widths: &BTreeMap<usize, usize>) -> u16 {
    let is_of_each = |column: &usize| back.whose.is_some_and(|whose| *column <= whose);
    let (each, others): (Vec<_>, Vec<_>) = widths.iter().partition(|(column, _)| is_of_each(column));
    let sum = |all: Vec<(&usize, &usize)>| all.iter().map(|(_, wide)| column_width(**wide)).sum::<usize>();
    let (each, others) = (sum(each), sum(others) + WIDE as usize + usize::from(ROW_WIDE));
    u16::try_from(others.div_ceil(PAGE.saturating_sub(each).max(PAGE / 2))).unwrap_or(u16::MAX)
}

/// Merges cells that were merged, so that they are refused again until somebody takes them apart.
fn merge(
    sheet: &mut Worksheet,
    back: &Back,
    (line, row): (u64, u32),
    to: u32,
    (left, right): (u64, u64),
    looks: &[Format],
) -> Result<(), XlsxError> {
    let column = |column: u64| usize::try_from(column).unwrap_or(usize::MAX);
    let (left, right) = (column(left), column(right));
    let cells = back.copied.rows.get(&line).map_or(&[][..], Vec::as_slice);
    let own = cells.iter().find(|(column, ..)| *column == left);
    let format = own.and_then(|(_, _, look)| looks.get(*look)).cloned().unwrap_or_default();
    sheet.merge_range(row, place(left), to, place(right), "", &format)?;
    match own {
        Some((_, raw, _)) => cell(sheet, row, left, raw, &format),
        None => Ok(()),
    }
}

/// A column, as the library counts them; there are no more in a sheet.
fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn cell(sheet: &mut Worksheet, row: u32, column: usize, raw: &Raw, format: &Format) -> Result<(), XlsxError> {
    let column = place(column);
    match raw {
        Raw::Blank => sheet.write_blank(row, column, format)?,
        // No spreadsheet has it, and cut it could be taken for something that was meant.
        Raw::Text(text) if text.chars().nth(LONGEST).is_some() => {
            sheet.write_formula_with_format(row, column, Formula::new("=#VALUE!").set_result("#VALUE!"), format)?
        }
        Raw::Text(text) => sheet.write_string_with_format(row, column, text, format)?,
        Raw::Number(number) => sheet.write_number_with_format(row, column, *number, format)?,
        Raw::Truth(truth) => sheet.write_boolean_with_format(row, column, *truth, format)?,
        Raw::Error(error) => {
            let formula = Formula::new(format!("={error}")).set_result(error);
            sheet.write_formula_with_format(row, column, formula, format)?
        }
    };
    Ok(())
}

/// A cell that something is wrong with.
fn marked(format: Format) -> Format {
    format.set_background_color(Color::RGB(0x00FF_C7CE)).set_border(FormatBorder::Thin)
}

fn reason() -> Format {
    let red = Format::new().set_font_color(Color::RGB(0x009C_0006));
    red.set_num_format("@").set_text_wrap().set_align(FormatAlign::Top)
}
