//! Cells of a workbook as they came in, and how they look.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use calamine::{Color as Shade, DataRef, Style};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::cell::Cell;
use super::{Book, unreadable};
use crate::rows::raw::{Copied, MOST_CELLS, Raw, RawCell, too_much};
use crate::rows::{Column, Fault, Sheet};

/// Days between the first of the system that begins with 1904 and that of the other.
const BEFORE_1904: f64 = 1462.0;

impl<R: Read + Seek> Book<R> {
    /// Tells the lines from `first` on that hold something, with the id of each, which stands in this column.
    pub(in crate::rows) fn ids(
        &mut self,
        name: &str,
        first: u64,
        id: Option<usize>,
        file: &Arc<str>,
        tell: &mut dyn FnMut(u64, Option<&str>),
    ) -> Result<(), Vec<Fault>> {
        let in_1904 = self.inner.has_1904_epoch();
        let mut found: Option<(u64, Option<String>)> = None;
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unreadable(file, &error))? {
            let (line, column) = (u64::from(cell.pos.0) + 1, cell.pos.1 as usize);
            let made = Cell::of(cell.value, cell.formula.is_some());
            if line < first || matches!(made, Cell::Empty) {
                continue;
            }
            if let Some((last, own)) = found.take_if(|(last, _)| *last != line) {
                tell(last, own.as_deref());
            }
            let (_, own) = found.get_or_insert((line, None));
            if Some(column) == id {
                *own = made.read(false, in_1904).ok().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
            }
        }
        if let Some((last, own)) = found {
            tell(last, own.as_deref());
        }
        Ok(())
    }

    /// The rows that are wanted, by their lines; `sheet` says which columns hold days.
    pub(in crate::rows) fn raw(
        &mut self,
        name: &str,
        wanted: &dyn Fn(u64) -> bool,
        sheet: &Sheet,
    ) -> Result<Copied, Vec<Fault>> {
        let file = &sheet.file;
        let in_1904 = self.inner.has_1904_epoch();
        let is_a_day = |column: usize| sheet.heads.columns.get(column).is_some_and(Column::is_a_day);
        let merged = self.inner.merge_cells_by_sheet_name(name).map_err(|error| unreadable(file, &error))?;
        let line = |row: u32| u64::from(row) + 1;
        let merged = merged
            .iter()
            .map(|all| [line(all.start.0), line(all.end.0), u64::from(all.start.1), u64::from(all.end.1)])
            .filter(|[first, last, ..]| wanted(*first) || wanted(*last))
            .collect();
        let looks = self.looks(name, wanted, file)?;
        let (mut count, mut rows): (usize, BTreeMap<u64, Vec<RawCell>>) = (0, BTreeMap::new());
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unreadable(file, &error))? {
            let (line, column) = (line(cell.pos.0), cell.pos.1 as usize);
            if !wanted(line) {
                continue;
            }
            let look = looks.get(&cell.pos).copied().unwrap_or(0);
            let raw = match &cell.value {
                DataRef::Empty if cell.formula.is_some() => Raw::Error("#N/A".to_owned()),
                DataRef::Empty if look == 0 => continue,
                DataRef::Float(number) if in_1904 && is_a_day(column) => shifted(*number),
                DataRef::DateTime(date) if in_1904 && !date.is_duration() => shifted(date.as_f64()),
                other => as_it_is(other),
            };
            count += 1;
            if count > MOST_CELLS {
                return Err(too_much(file, line));
            }
            rows.entry(line).or_default().push((column, raw, look));
        }
        Ok(Copied { rows, merged })
    }

    /// The looks of cells that have one of their own, in the rows that are wanted.
    fn looks(
        &mut self,
        name: &str,
        wanted: &dyn Fn(u64) -> bool,
        file: &Arc<str>,
    ) -> Result<BTreeMap<(u32, u32), usize>, Vec<Fault>> {
        let mut looks = BTreeMap::new();
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(|error| unreadable(file, &error))?;
        while let Some((row, column, look)) = cells.next_style_id().map_err(|error| unreadable(file, &error))? {
            if !wanted(u64::from(row) + 1) {
                continue;
            }
            looks.insert((row, column), look);
            if looks.len() > MOST_CELLS {
                return Err(too_much(file, u64::from(row) + 1));
            }
        }
        Ok(looks)
    }

    /// How its cells can look, in the order of their numbers.
    pub(in crate::rows) fn formats(&mut self) -> Vec<Format> {
        let Some((name, _)) = self.sheets().into_iter().next() else { return Vec::new() };
        let Ok(cells) = self.inner.worksheet_cells_reader(&name) else { return Vec::new() };
        cells.styles().iter().map(format).collect()
    }
}

fn as_it_is(value: &DataRef<'_>) -> Raw {
    match value {
        DataRef::Empty => Raw::Blank,
        DataRef::Int(number) => Raw::Text(number.to_string()),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::DateTime(date) => Raw::Number(date.as_f64()),
        DataRef::Bool(truth) => Raw::Truth(*truth),
        DataRef::Error(error) => Raw::Error(error.to_string()),
        DataRef::SharedString(text) => Raw::Text((*text).to_owned()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text.clone()),
    }
}

#[expect(clippy::float_arithmetic, reason = "a spreadsheet counts its days as floats; no money is one")]
fn shifted(days: f64) -> Raw {
    Raw::Number(days + BEFORE_1904)
}

/// A look, as far as it matters to whoever fills in a table.
fn format(style: &Style) -> Format {
    let mut format = Format::new();
    let shade = |shade: Shade| Color::RGB(shade.to_argb() & 0x00FF_FFFF);
    if let Some(number) = &style.number_format {
        format = format.set_num_format(&number.format_code);
    }
    if let Some(font) = &style.font {
        format = if font.is_bold() { format.set_bold() } else { format };
        format = font.size.map_or(format.clone(), |size| format.set_font_size(size));
        format = font.name.as_ref().map_or(format.clone(), |name| format.set_font_name(name));
        format = font.color.map_or(format.clone(), |color| format.set_font_color(shade(color)));
    }
    if let Some(color) = style.fill.as_ref().filter(|fill| fill.is_visible()).and_then(|fill| fill.get_color()) {
        format = format.set_background_color(shade(color));
    }
    if style.borders.as_ref().is_some_and(|borders| borders.has_visible_borders()) {
        format = format.set_border(FormatBorder::Thin);
    }
    if let Some(alignment) = &style.alignment {
        use calamine::{HorizontalAlignment as Across, VerticalAlignment as Down};
        format = if alignment.wrap_text { format.set_text_wrap() } else { format };
        format = match alignment.horizontal {
            Across::Center | Across::CenterContinuous => format.set_align(FormatAlign::Center),
            Across::Right => format.set_align(FormatAlign::Right),
            Across::Left => format.set_align(FormatAlign::Left),
            _ => format,
        };
        format = match alignment.vertical {
            Down::Top => format.set_align(FormatAlign::Top),
            Down::Center => format.set_align(FormatAlign::VerticalCenter),
            _ => format,
        };
    }
    format
}
