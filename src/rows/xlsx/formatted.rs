//! Numbers in cells whose format says what they are.

use std::collections::VecDeque;
use std::io::{Read, Seek};

use calamine::{Xlsx as Workbook, XlsxError};
use rust_decimal::Decimal;

use crate::lang::Text;
use crate::rows::formats::Format;
use crate::rows::units::HeadUnit;
use crate::source::clean;

/// The formats of a sheet that make something of a number, and the cells that have them.
#[derive(Default)]
pub(super) struct Formats {
    known: Vec<Option<Format>>,
    /// Row, column and format, in the order of the sheet.
    cells: VecDeque<(u32, u32, usize)>,
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
            while let Some((row, column, style)) = reader.next_style_id()? {
                if known.get(style).is_some_and(Option::is_some) {
                    cells.push_back((row, column, style));
                }
            }
        }
        Ok(Formats { known, cells })
    }

    /// The format of a cell; asked for in the order of the sheet.
    pub fn of_cell(&mut self, row: u32, column: u32) -> Option<&Format> {
        while let Some((other, at, style)) = self.cells.front().copied()
            && (other, at) <= (row, column)
        {
            self.cells.pop_front();
            if (other, at) == (row, column) {
                return self.known.get(style)?.as_ref();
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
            let (unit, head) = (clean(unit), &head.written);
            Err(Text::made(
                format!("单元格格式的单位是{unit}，列名的单位是{head}；改成一致的"),
                format!("the cell's format has the unit {unit}, and its head {head}; make them one"),
            ))
        }
        _ => Ok(format!("{}{unit}", shown.normalize())),
    }
}
