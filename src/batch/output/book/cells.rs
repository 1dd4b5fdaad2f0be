//! Cells: figures stay figures, texts stay texts.

use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::batch::output::cell;
use crate::batch::output::sheets::{Kind, NO_BOUND};
use crate::lang::{Lang, Text};
use crate::source::width;
use crate::value::{Bound, Interval};

/// A cell has no more characters.
const LONGEST: usize = 32_767;

/// How many lines a text takes in a column that is so wide.
pub(in crate::batch::output) fn lines(text: &str, column: u32) -> u32 {
    let columns = usize::try_from(column).unwrap_or(1).saturating_sub(3).max(1);
    let lines = text.lines().map(|line| width(line).div_ceil(columns).max(1)).sum::<usize>();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

/// How high a row of so many lines is, in points; a spreadsheet has no higher ones.
pub(in crate::batch::output) fn height(lines: u32) -> u32 {
    lines.saturating_mul(15).clamp(15, 405)
}

/// How cells look.
pub(super) struct Formats {
    pub title: Format,
    pub head: Format,
    pub group: Format,
    pub money: Format,
    /// Of amounts that are not known, their least and their most.
    pub least: Format,
    pub most: Format,
    pub no_bound: Format,
    pub day: Format,
    pub count: Format,
    pub text: Format,
    pub long: Format,
}

impl Formats {
    /// `bold`: of sums, with a line above.
    pub fn new(bold: bool) -> Formats {
        let (shade, open) = (Color::RGB(0x00DD_EBF7), Color::RGB(0x00FF_F2CC));
        let top = || {
            let top = Format::new().set_align(FormatAlign::Top);
            if bold { top.set_bold().set_border_top(FormatBorder::Thin) } else { top }
        };
        let head = || {
            let head = Format::new().set_bold().set_text_wrap().set_background_color(shade);
            head.set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter)
        };
        Formats {
            title: Format::new().set_bold().set_font_size(14),
            head: head(),
            group: head().set_align(FormatAlign::Center),
            money: top().set_num_format("#,##0.00####"),
            least: top().set_num_format("\"≥ \"#,##0.00####").set_background_color(open),
            most: top().set_num_format("\"≤ \"#,##0.00####").set_background_color(open),
            no_bound: top().set_align(FormatAlign::Right).set_background_color(open),
            day: top().set_num_format("yyyy-mm-dd"),
            count: top().set_num_format("#,##0"),
            text: top().set_num_format("@"),
            long: top().set_num_format("@").set_text_wrap(),
        }
    }
}

/// A text, never taken for anything else.
pub(super) fn text(sheet: &mut Worksheet, row: u32, place: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
    sheet.write_string_with_format(row, place, text.get(..end).unwrap_or(text), format)?;
    Ok(())
}

/// A cell of a row that came as CSV; `next` is the one behind it, `before` the one before.
pub(super) fn one(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    (before, this, next): (&str, &str, &str),
    kind: Kind,
    formats: &Formats,
    lang: Lang,
) -> Result<(), XlsxError> {
    if this.is_empty() {
        return Ok(());
    }
    let figure = match kind {
        Kind::Least if this == next => &formats.money,
        Kind::Least => &formats.least,
        Kind::Most if this == before => &formats.money,
        Kind::Most => &formats.most,
        Kind::Money => &formats.money,
        Kind::Day => {
            let day = ExcelDateTime::parse_from_str(this)?;
            sheet.write_datetime_with_format(row, place, &day, &formats.day)?;
            return Ok(());
        }
        Kind::Text => return text(sheet, row, place, cell::unguarded(this), &formats.text),
        Kind::Long => return text(sheet, row, place, cell::unguarded(this), &formats.long),
    };
    if this == NO_BOUND {
        let words = Text::new("待定", "open");
        return text(sheet, row, place, words.get(lang), &formats.no_bound);
    }
    number(sheet, row, place, this, figure)
}

/// A figure as a number, or as a text where a spreadsheet would change its digits.
pub(super) fn number(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    figure: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let digits = figure.bytes().filter(u8::is_ascii_digit).count();
    match figure.parse::<f64>() {
        Ok(number) if digits <= 15 => sheet.write_number_with_format(row, place, number, format)?,
        _ => sheet.write_string_with_format(row, place, figure, format)?,
    };
    Ok(())
}

/// The two ends of a sum, in two cells.
pub(super) fn ends(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    sum: Interval,
    formats: &Formats,
    lang: Lang,
) -> Result<(), XlsxError> {
    let text = |bound: Bound| bound.number().map_or_else(|| NO_BOUND.to_owned(), |number| number.money());
    let (least, most) = (text(sum.lo), text(sum.hi));
    one(sheet, (row, place), ("", &least, &most), Kind::Least, formats, lang)?;
    one(sheet, (row, place + 1), (&least, &most, ""), Kind::Most, formats, lang)
}
