//! Numbers in cells whose format says what they are.

use std::collections::VecDeque;
use std::io::{Read, Seek};

use calamine::{DataRef, Xlsx as Workbook, XlsxError};
use rust_decimal::Decimal;

use crate::lang::Text;
use crate::rows::formats::Format;
use crate::rows::units::HeadUnit;
use crate::source::clean;

/// A sheet with more cells of such a format is not held.
const MOST: usize = 8 << 20;

/// The formats of a sheet that make something of a number, and the cells that have them.
#[derive(Default)]
pub(super) struct Formats {
    known: Vec<Option<Format>>,
    /// Row, column and format, in the order of the sheet.
    cells: VecDeque<(u32, u32, u32)>,
}

impl Formats {
    /// Those of a sheet. Its cells are looked through only where the workbook has such a format at all.
    pub fn of<R: Read + Seek>(book: &mut Workbook<R>, name: &str) -> Result<Formats, XlsxError> {
        let mut reader = book.worksheet_cells_reader(name)?;
        let code = |style: &calamine::Style| style.number_format.as_ref().map(|format| format.format_code.clone());
        let known: Vec<Option<Format>> =
            reader.styles().iter().map(|style| code(style).and_then(|code| Format::of(&code))).collect();
        let mut cells = VecDeque::new();
        if known.iter().any(Option::is_some) {
            // A cell that names no style has the first.
            while cells.len() < MOST
                && let Some((cell, style)) = reader.next_cell_with_style_id()?
            {
                let ((row, column), style) = (cell.get_position(), u32::try_from(style).unwrap_or(u32::MAX));
                let is_known = known.get(style as usize).is_some_and(Option::is_some);
                if is_known && matches!(cell.get_value(), DataRef::Float(_)) {
                    cells.push_back((row, column, style));
                }
            }
        }
        Ok(Formats { known, cells })
    }

    /// How many bytes they take; more than there are where they are too many.
    pub fn weight(&self) -> usize {
        if self.cells.len() < MOST { self.cells.capacity() * size_of::<(u32, u32, u32)>() } else { usize::MAX }
    }

    /// The format of a cell; asked for in the order of the sheet, whose cells stand in order.
    pub fn of_cell(&mut self, row: u32, column: u32) -> Option<&Format> {
        while let Some((other, at, style)) = self.cells.front().copied()
            && (other, at) <= (row, column)
        {
            self.cells.pop_front();
            if (other, at) == (row, column) {
                return self.known.get(style as usize)?.as_ref();
            }
        }
        None
    }
}

/// A number with the unit that its cell's format has; it must be that of the head, if there is one.
pub(super) fn with_unit(number: &str, format: &Format, head: Option<&HeadUnit>) -> Result<String, Text> {
    let Ok(stored) = number.parse::<Decimal>() else { return Ok(number.to_owned()) };
    let (shown, unit) = format.shown(stored)?;
    match head {
        Some(head) if !unit.is_empty() && !head.is(unit) => {
            let (unit, head) = (clean(unit), head.name());
            Err(Text::made(
                format!("单元格格式的单位是{unit}，列名的单位是{head}；改成一致的"),
                format!("the cell's format has the unit {unit}, and its head {head}; make them one"),
            ))
        }
        _ => Ok(format!("{}{unit}", shown.normalize())),
    }
}
