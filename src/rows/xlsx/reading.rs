//! A sheet's rows, read one after the other: its lines of heads, then its records.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use calamine::Dimensions;
use csv::ByteRecord;

use super::cell::Cell;
use super::formatted::{Formats, with_unit};
use super::parts;
use super::{CELL, MOST_MERGED_HERE, ROW, address, hold, range};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::rows::form::letters;
use crate::rows::map::{Beside, Layout, names};
use crate::rows::{Column, Content, Fault, Heads, Row, Sheet};
use crate::source::clean;

/// What has been read of a sheet.
pub(super) struct Reading<'f, 'b, H> {
    /// The workbook as the user called it, and with the sheet.
    pub book: &'f Arc<str>,
    pub file: Arc<str>,
    /// Reads the heads, once.
    pub heads: Option<H>,
    /// Where heads and rows stand, if not at the top, and what is told of other lines.
    pub by: Option<(&'b Layout, &'b mut Beside)>,
    /// Lines of heads, where there are several.
    pub lines: Vec<Vec<String>>,
    pub sheet: Option<Arc<Sheet>>,
    /// Merged cells of rows to come, in their order, and those of this row.
    pub merged: VecDeque<Dimensions>,
    pub here: Vec<Dimensions>,
    pub in_1904: bool,
    pub formats: Formats,
    pub rows: VecDeque<Row>,
    /// About how many bytes of the workbook are held.
    pub held: &'f mut usize,
}

impl<H: FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>> Reading<'_, '_, H> {
    /// Takes the cells of a row, counted from 0.
    pub fn take(&mut self, row: u32, cells: Vec<(u32, Cell<'_>)>) -> Result<(), Vec<Fault>> {
        if cells.is_empty() {
            return Ok(());
        }
        let line = u64::from(row) + 1;
        let cells = match &self.by {
            None => cells,
            Some(_) => match self.is_beside(line, cells)? {
                Some(cells) => cells,
                None => return Ok(()),
            },
        };
        let Some(sheet) = &self.sheet else {
            let sheet = self.first(row, cells)?;
            self.sheet = Some(Arc::new(sheet));
            return Ok(());
        };
        let sheet = Arc::clone(sheet);
        // One text of the table of texts may stand in every cell.
        let texts = cells.iter().map(|(_, cell)| cell.weight()).sum::<usize>();
        hold(self.held, ROW + sheet.heads.names.len() * CELL + texts, &self.file, line)?;
        let content = self.row(&sheet, row, cells)?;
        self.rows.push_back(Row { line, content });
        Ok(())
    }

    /// Looks at the cells of a line as a map says; gives them back where they are an applicant's.
    fn is_beside<'t>(
        &mut self,
        line: u64,
        cells: Vec<(u32, Cell<'t>)>,
    ) -> Result<Option<Vec<(u32, Cell<'t>)>>, Vec<Fault>> {
        let Some((layout, beside)) = &mut self.by else { return Ok(Some(cells)) };
        let width = cells.iter().map(|(column, _)| *column as usize + 1).max().unwrap_or(0);
        let texts = || {
            let mut texts = vec![String::new(); width];
            for (column, cell) in &cells {
                if let Some(text) = texts.get_mut(*column as usize) {
                    *text = cell.shown();
                }
            }
            texts
        };
        if layout.is_head(line) {
            self.lines.push(texts());
            return Ok(None);
        }
        if line < layout.last_head() {
            beside.title(line, texts().iter().map(String::as_str));
            return Ok(None);
        }
        if line < layout.first {
            beside.between(line);
            return Ok(None);
        }
        self.end_of_heads()?;
        let (Some((layout, beside)), Some(sheet)) = (&mut self.by, &self.sheet) else { return Ok(Some(cells)) };
        let texts = texts();
        if layout.is_beside(texts.iter().map(String::as_str), sheet.heads.place(&Column::Id)) {
            beside.total(line);
            return Ok(None);
        }
        for (column, _) in &cells {
            let column = *column as usize;
            if sheet.heads.names.get(column).is_none_or(String::is_empty) {
                beside.unnamed(column);
            }
        }
        // What stands in a column without a head is told, and is no reason to refuse the row.
        let named = |(column, _): &(u32, Cell<'_>)| (*column as usize) < sheet.heads.names.len();
        Ok(Some(cells.into_iter().filter(named).collect()))
    }

    /// Reads the heads, when all lines of them have been met.
    pub fn end_of_heads(&mut self) -> Result<(), Vec<Fault>> {
        let Some((layout, _)) = self.by.as_ref().filter(|_| self.sheet.is_none()) else { return Ok(()) };
        if self.lines.len() < layout.heads.len() {
            let reason = Text::new(
                "对照表说列名在这些行，其中有空行；改正 rows.heads",
                "the map says that heads stand on these lines, and one is blank; correct rows.heads",
            );
            return Err(vec![Fault::of_line(&self.file, layout.last_head(), reason)]);
        }
        let names = names(&self.lines);
        self.sheet = Some(Arc::new(self.headed(names)?));
        Ok(())
    }

    /// The sheet under these heads; what is wrong with one of them is told by its cell.
    fn headed(&mut self, names: Vec<String>) -> Result<Sheet, Vec<Fault>> {
        let known = names.clone();
        let read = self.heads.take().map_or(Ok(Heads::default()), |heads| heads(names));
        let heads = read.map_err(|faults| {
            let placed = |fault: Fault| {
                // What is wrong with a map is told where that stands.
                if fault.line == 0 || fault.file != *self.book {
                    return fault;
                }
                let is_it = |name: &String| fault.column.as_ref().is_some_and(|column| clean(name.trim()) == *column);
                let place = known.iter().position(is_it);
                let cell = place.map(|place| format!("{}{}", letters(place), fault.line));
                Fault { file: Arc::clone(&self.file), cell: fault.cell.clone().or(cell), ..fault }
            };
            faults.into_iter().map(placed).collect::<Vec<Fault>>()
        })?;
        Ok(Sheet { file: Arc::clone(&self.file), heads: heads.in_a_workbook(), separator: b',' })
    }

    /// The heads.
    fn first(&mut self, row: u32, cells: Vec<(u32, Cell<'_>)>) -> Result<Sheet, Vec<Fault>> {
        let fault = |reason: Text| vec![Fault::of_line(&self.file, u64::from(row) + 1, reason)];
        if row > 0 {
            return Err(fault(Text::new(
                "第一行是空的；列名应在第一行",
                "the first row is empty; the heads stand in the first row",
            )));
        }
        if let Some(merged) = self.merged.iter().find(|merged| merged.start.0 == 0) {
            let place = range(merged);
            return Err(fault(Text::made(
                format!("列名所在的第一行有合并单元格 {place}；取消合并，并删去标题行"),
                format!("the first row, of the heads, has merged cells {place}; unmerge them, and delete a title row"),
            )));
        }
        let width = cells.iter().map(|(column, _)| *column as usize + 1).max().unwrap_or(0);
        let mut names = vec![String::new(); width.min(1 << 14)];
        for (column, cell) in cells {
            if let Some(name) = names.get_mut(column as usize) {
                *name = cell.read(false, false).map_err(|(reason, _)| fault(reason))?.into_owned();
            }
        }
        self.headed(names)
    }

    fn row(&mut self, sheet: &Sheet, row: u32, cells: Vec<(u32, Cell<'_>)>) -> Result<Content, Vec<Fault>> {
        let heads = &sheet.heads;
        let line = u64::from(row) + 1;
        let texts = cells.iter().map(|(_, cell)| cell.weight()).sum();
        let (mut record, mut faults) = (ByteRecord::with_capacity(texts, heads.names.len()), Vec::new());
        let ignored = |column: u32| matches!(heads.columns.get(column as usize), Some(Column::Ignored));
        while self.merged.front().is_some_and(|merged| merged.start.0 <= row)
            && let Some(merged) = self.merged.pop_front()
        {
            self.here.push(merged);
        }
        self.here.retain(|merged| merged.end.0 >= row);
        if self.here.len() > MOST_MERGED_HERE {
            return Err(vec![Fault::of_line(&sheet.file, line, parts::unusual())]);
        }
        for merged in &self.here {
            if !(merged.start.1..=merged.end.1).all(ignored) {
                let place = range(merged);
                let reason = Text::made(
                    format!("合并单元格 {place}：取消合并，每行各填各的"),
                    format!("merged cells {place}: unmerge them, and fill in each row"),
                );
                let first = Some(address((row, merged.start.1)));
                faults.push(Fault { cell: first, ..Fault::of_line(&sheet.file, line, reason) });
            }
        }
        for (column, cell) in cells {
            let at = || Some(address((row, column)));

            let (place, count) = (column as usize, heads.names.len());
            if place >= count {
                let value = cell.read(false, self.in_1904).unwrap_or_default();
                let number = place + 1;
                let reason = Text::made(
                    format!("第 {number} 列没有列名（列名有 {count} 个）"),
                    format!("column {number} has no head (there are {count} heads)"),
                );
                let fault = Fault::of_line(&sheet.file, line, reason).in_column("", &value);
                faults.push(Fault { cell: at(), ..fault });
                continue;
            }
            // Cells stand in their order.
            while record.len() < place {
                record.push_field(b"");
            }
            if ignored(column) {
                // Nobody reads it, but with it the row is not blank; there may be no text, as of an error.
                record.push_field(cell.read(false, self.in_1904).unwrap_or("?".into()).as_bytes());
                continue;
            }
            let what = heads.columns.get(place);
            let is_a_date = what.is_some_and(Column::is_a_day);
            let is_a_quantity = matches!(what.and_then(Column::ty), Some(Type::Quantity(_)));
            let is_a_text = what.is_some_and(Column::is_a_text);
            let format = self.formats.of_cell(row, column).filter(|_| is_a_quantity || is_a_text);
            let read = match (&cell, format) {
                (Cell::Number(_), Some(format)) if is_a_text => {
                    cell.read(false, self.in_1904).map(|number| format.padded(number.into_owned()).into())
                }
                (Cell::Number(_), Some(format)) => cell.read(is_a_date, self.in_1904).and_then(|number| {
                    let read = with_unit(&number, format, heads.unit(place));
                    read.map(Cow::Owned).map_err(|reason| (reason, number.into_owned()))
                }),
                _ => cell.read(is_a_date, self.in_1904),
            };
            match read {
                Ok(read) => record.push_field(read.as_bytes()),
                Err((reason, value)) => {
                    let name = heads.names.get(place).map_or("", String::as_str);
                    let fault = Fault::of_line(&sheet.file, line, reason).in_column(name, &value);
                    faults.push(Fault { cell: at(), ..fault });
                }
            }
        }
        while record.len() < heads.names.len() {
            record.push_field(b"");
        }
        if faults.is_empty() {
            return Ok(Content::Cells(record));
        }
        let id = heads.place(&Column::Id).and_then(|place| std::str::from_utf8(record.get(place)?).ok());
        let id = id.map(|id| clean(id.trim()));
        let id = id.filter(|id| !id.is_empty());
        faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
        Ok(Content::Faulty(faults))
    }
}
