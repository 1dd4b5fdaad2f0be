//! A sheet of rows, and those that it is continued on.

use rust_xlsxwriter::{Color, Workbook, Worksheet, XlsxError};

use super::cells::{self, Formats};
use crate::batch::Summary;
use crate::batch::output::sheets::{Column, Kind, Sheet};
use crate::lang::{Lang, Text};

/// So many characters go on a page that is printed upon its side.
const PAGE: u32 = 226;
/// How large such a page is printed, in %.
const SCALE: u16 = 52;

/// A sheet, and those that it is continued on.
pub(super) struct Part {
    sheet: Sheet,
    /// The places of its worksheets in the workbook.
    places: Vec<usize>,
    /// The row that comes next.
    row: u32,
    /// The last row of each worksheet that is full.
    full: Vec<u32>,
    /// For each column whether an amount in it is not known.
    open: Vec<bool>,
    most_rows: u32,
    lang: Lang,
}

impl Part {
    pub fn begin(
        sheet: Sheet,
        book: &mut Workbook,
        most_rows: u32,
        formats: &Formats,
        lang: Lang,
    ) -> Result<Part, XlsxError> {
        let open = vec![false; sheet.columns.len()];
        let mut part = Part { sheet, places: Vec::new(), row: 0, full: Vec::new(), open, most_rows, lang };
        part.go_on(book, formats)?;
        Ok(part)
    }

    /// How many rows are heads, with what stands above them.
    fn heads(&self) -> u32 {
        let groups = self.sheet.columns.iter().any(|column| column.group.is_some());
        1 + u32::from(groups) + u32::from(self.sheet.above.is_some())
    }

    /// Begins a worksheet with the heads.
    fn go_on(&mut self, book: &mut Workbook, formats: &Formats) -> Result<(), XlsxError> {
        let place = book.worksheets().len();
        let heads = self.heads();
        let sheet = book.add_worksheet_with_constant_memory()?;
        let number = self.places.len() + 1;
        let name = self.sheet.name.get(self.lang);
        sheet.set_name(if number == 1 { name.to_owned() } else { format!("{name}{number}") })?;
        sheet.set_freeze_panes(heads, self.sheet.frozen)?;
        for (place, column) in (0_u16..).zip(&self.sheet.columns) {
            sheet.set_column_width(place, column.width)?;
        }
        if let Some(above) = &self.sheet.above {
            sheet.set_row_height(0, cells::height(1) + 6)?;
            cells::text(sheet, 0, 0, above.get(self.lang), &formats.title)?;
        } else if heads > 1 {
            let columns = &self.sheet.columns;
            let mut first = 0_usize;
            for group in columns.chunk_by(|one, next| one.group == next.group && one.clause == next.clause) {
                let (from, to) = (place_of(first), place_of(first + group.len() - 1));
                first += group.len();
                match group.first().and_then(|column| column.group.as_deref()) {
                    Some(words) if from < to => {
                        sheet.merge_range(0, from, 0, to, words, &formats.group)?;
                    }
                    Some(words) => cells::text(sheet, 0, from, words, &formats.group)?,
                    None => {
                        for place in from..=to {
                            sheet.write_blank(0, place, &formats.group)?;
                        }
                    }
                }
            }
        }
        for (place, column) in (0_u16..).zip(&self.sheet.columns) {
            cells::text(sheet, heads - 1, place, &column.head, &formats.head)?;
        }
        self.print(sheet, heads)?;
        self.places.push(place);
        self.row = heads;
        Ok(())
    }

    /// How it is printed: on A4 upon its side, with its heads on every page.
    fn print(&self, sheet: &mut Worksheet, heads: u32) -> Result<(), XlsxError> {
        sheet.set_landscape().set_paper_size(9).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_print_gridlines(true);
        sheet.set_footer("&C&A · &P / &N");
        sheet.set_repeat_rows(0, heads - 1)?;
        sheet.set_repeat_columns(0, self.sheet.frozen.saturating_sub(1))?;
        if self.sheet.columns.iter().any(|column| column.group.is_some()) {
            sheet.set_print_scale(SCALE);
        } else {
            // A line goes over two pages where nobody could read it on one, and never over a third for its last column.
            let width: u32 = self.sheet.columns.iter().map(|column| column.width).sum();
            sheet.set_print_fit_to_pages(if width > PAGE { 2 } else { 1 }, 0);
        }
        Ok(())
    }

    /// Adds a row, given by its cells.
    pub fn row<'c>(
        &mut self,
        row: impl Iterator<Item = &'c [u8]>,
        book: &mut Workbook,
        formats: &Formats,
    ) -> Result<(), XlsxError> {
        if self.row >= self.most_rows {
            self.full.push(self.row - 1);
            self.go_on(book, formats)?;
        }
        let Some(place) = self.places.last() else { return Ok(()) };
        let sheet = book.worksheet_from_index(*place)?;
        let row: Vec<_> = row.map(String::from_utf8_lossy).collect();
        let lines = self.sheet.columns.iter().zip(&row).filter(|(column, _)| column.kind == Kind::Long);
        let lines = lines.map(|(column, cell)| cells::lines(cell, column.width)).max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(self.row, cells::height(lines))?;
        }
        for (place, column) in self.sheet.columns.iter().enumerate() {
            let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).map_or("", |cell| &**cell);
            let (before, this, next) = (cell(place.checked_sub(1)), cell(Some(place)), cell(Some(place + 1)));
            if column.kind == Kind::Most
                && this != before
                && let Some(open) = self.open.get_mut(place)
            {
                *open = true;
            }
            cells::one(sheet, (self.row, place_of(place)), (before, this, next), column.kind, formats, self.lang)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Says on every sheet, and on every page of it, that nothing may be paid by it.
    pub fn mark(&self, book: &mut Workbook, words: Option<&Text>) -> Result<(), XlsxError> {
        let Some(words) = words else { return Ok(()) };
        for place in &self.places {
            let sheet = book.worksheet_from_index(*place)?;
            // An & begins a code.
            sheet.set_header(format!("&C&B{}", words.get(self.lang).replace('&', "&&")));
            sheet.set_tab_color(Color::Red);
        }
        Ok(())
    }

    /// Hides what says nothing, sets filters and pages; says whether anything was hidden.
    pub fn end(&mut self, book: &mut Workbook, summary: &Summary) -> Result<bool, XlsxError> {
        self.full.push(self.row - 1);
        let says = |(place, column): (usize, &Column)| {
            let of = column.clause.and_then(|place| summary.clauses.get(&place));
            let of_somebody = column.clause.is_none() || of.is_some_and(|of| of.counts.applying() > 0);
            of_somebody && (column.kind != Kind::Most || self.open.get(place).copied().unwrap_or(true))
        };
        let shown: Vec<bool> = self.sheet.columns.iter().enumerate().map(says).collect();
        let last_column = place_of(self.sheet.columns.len().saturating_sub(1));
        let heads = self.heads();
        for (place, last) in self.places.iter().zip(&self.full) {
            let sheet = book.worksheet_from_index(*place)?;
            for (place, _) in shown.iter().enumerate().filter(|(_, shown)| !**shown) {
                sheet.set_column_hidden(place_of(place))?;
            }
            sheet.autofilter(heads - 1, 0, (*last).max(heads - 1), last_column)?;
            sheet.set_vertical_page_breaks(&self.pages(&shown))?;
        }
        Ok(shown.contains(&false))
    }

    /// The columns before which a page ends: a clause's columns stay together where they can.
    fn pages(&self, shown: &[bool]) -> Vec<u32> {
        let columns = self.sheet.columns.iter().zip(shown).collect::<Vec<_>>();
        let width = |columns: &[(&Column, &bool)]| {
            columns.iter().filter(|(_, shown)| **shown).map(|(column, _)| column.width).sum::<u32>()
        };
        let repeated = width(columns.get(..usize::from(self.sheet.frozen)).unwrap_or_default());
        let (mut breaks, mut on_page, mut place) = (Vec::new(), 0_u32, 0_u32);
        for group in columns.chunk_by(|(one, _), (next, _)| one.clause == next.clause) {
            // Where a page is too narrow for a group, its columns go on it as far as they can.
            let pieces: Vec<&[(&Column, &bool)]> =
                if width(group) + repeated > PAGE { group.chunks(1).collect() } else { vec![group] };
            for piece in pieces {
                let own = width(piece);
                if on_page > 0 && on_page + own > PAGE {
                    breaks.push(place);
                    on_page = repeated;
                }
                on_page += own;
                place += u32::try_from(piece.len()).unwrap_or_default();
            }
        }
        breaks
    }
}

/// A column's place; more than a worksheet has is refused where it is written.
fn place_of(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn column(head: &str, kind: Kind) -> Column {
        Column { group: None, head: head.to_owned(), kind, width: 12, clause: None }
    }

    #[test]
    fn a_sheet_that_is_full_is_continued() {
        let columns = vec![column("编号", Kind::Text), column("核定", Kind::Least), column("核定上限", Kind::Most)];
        let sheet = Sheet { name: Text::new("明细", "Lines"), columns, frozen: 1, above: None };
        let (mut book, formats) = (Workbook::new(), Formats::new(false));
        let mut part = Part::begin(sheet, &mut book, 3, &formats, Lang::Zh).unwrap();
        let rows = [["'=1", "1.00", "1.00"], ["12345678901234567890", "0.10", "?"], ["3", "9876543210987654.32", "?"]];
        for row in rows {
            part.row(row.iter().map(|cell| cell.as_bytes()), &mut book, &formats).unwrap();
        }
        // The last row of the second sheet stands alone there.
        part.end(&mut book, &Summary::default()).unwrap();
        let mut read = Xlsx::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
        assert_eq!(read.sheet_names(), ["明细", "明细2"]);
        let text = |text: &str| Data::String(text.to_owned());
        let first = read.worksheet_range("明细").unwrap();
        assert_eq!(first.get_value((0, 2)), Some(&text("核定上限")));
        assert_eq!(first.get_value((1, 0)), Some(&text("=1")));
        assert_eq!(first.get_value((2, 0)), Some(&text("12345678901234567890")));
        assert_eq!(first.get_value((2, 1)), Some(&Data::Float(0.1)));
        assert_eq!(first.get_value((2, 2)), Some(&text("待定")));
        let second = read.worksheet_range("明细2").unwrap();
        assert_eq!(second.get_value((0, 0)), Some(&text("编号")));
        assert_eq!(second.get_value((1, 1)), Some(&text("9876543210987654.32")));
    }
}
