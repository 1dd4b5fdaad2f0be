//! A workbook for the office: 核定表, 明细, 汇总 and 说明, ready to be printed.

mod about;
mod cells;
mod part;
mod totals;

use std::io::{self, Write};
use std::path::Path;

use csv::ReaderBuilder;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::batch::output::sheets::Sheet;
use crate::batch::output::{payments, sheets};
use crate::batch::{Plan, Summary};
use crate::report::record::Record;
use crate::rows::guard::guarded;
use crate::value::Day;
use cells::Formats;
pub(super) use cells::{height, lines};
use part::Part;

/// A sheet has no more rows.
const MOST_ROWS: u32 = 1 << 20;

/// A workbook of results. Rows that were written are kept in a file without a name, not in memory.
pub struct Book {
    book: Workbook,
    parts: Vec<Part>,
    formats: Formats,
    /// Those of sums.
    bold: Formats,
    /// Whether it is a payment list.
    pays: bool,
}

impl Book {
    /// A workbook without rows. `beside` is the folder for what is not finished, `on` the day it is made.
    pub fn new(plan: &Plan<'_>, beside: &Path, on: Day) -> io::Result<Book> {
        Book::of(sheets::sheets(plan), false, plan, beside, on)
    }

    /// A payment list without lines.
    pub fn of_payments(plan: &Plan<'_>, beside: &Path, on: Day) -> io::Result<Book> {
        Book::of(payments::sheets(plan), true, plan, beside, on)
    }

    fn of(sheets: Vec<Sheet>, pays: bool, plan: &Plan<'_>, beside: &Path, on: Day) -> io::Result<Book> {
        let mut book = Workbook::new();
        let (formats, bold) = (Formats::new(false), Formats::new(true));
        let mut parts = Vec::new();
        guarded(|| {
            // The same results are the same bytes, whenever they are written.
            let made = ExcelDateTime::parse_from_str(&on.to_string())?;
            book.set_properties(&DocProperties::new().set_creation_datetime(&made));
            book.set_tempdir(if beside.as_os_str().is_empty() { Path::new(".") } else { beside })?;
            for sheet in sheets {
                parts.push(Part::begin(sheet, &mut book, MOST_ROWS, &formats, plan.lang)?);
            }
            Ok(())
        })?;
        Ok(Book { book, parts, formats, bold, pays })
    }

    /// Adds rows, given as CSV with the place of the sheet before each.
    pub fn rows(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Book { book, parts, formats, .. } = self;
        Book::add(bytes, book, parts, formats)
    }

    fn add(bytes: &[u8], book: &mut Workbook, parts: &mut [Part], formats: &Formats) -> io::Result<()> {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        for record in reader.into_byte_records() {
            let record = record.map_err(io::Error::other)?;
            let mut cells = record.iter();
            let place = cells.next().and_then(|place| std::str::from_utf8(place).ok()?.parse::<usize>().ok());
            let Some(part) = place.and_then(|place| parts.get_mut(place)) else { continue };
            guarded(|| part.row(cells, book, formats))?;
        }
        Ok(())
    }

    /// Adds what the run came to and what went into it, and writes the workbook.
    pub fn finish(
        mut self,
        plan: &Plan<'_>,
        summary: &Summary,
        record: &Record,
        into: &mut (dyn Write + Send),
    ) -> io::Result<()> {
        let Book { book, parts, formats, bold, pays } = &mut self;
        let mut hidden = false;
        guarded(|| {
            for part in parts.iter_mut() {
                hidden |= part.end(book, summary)?;
            }
            Ok(())
        })?;
        if *pays {
            Book::add(&payments::totals(plan, summary), book, parts, bold)?;
        }
        guarded(|| {
            if *pays {
                let no_basis = payments::no_basis(plan, summary);
                for part in parts.iter() {
                    part.mark(book, no_basis.as_ref())?;
                }
            } else {
                totals::write(book.add_worksheet(), plan, summary, formats)?;
            }
            about::write(book.add_worksheet(), plan, summary, record, (hidden, *pays), formats)?;
            about::keep(book.add_worksheet(), record)
        })?;
        guarded(|| self.book.save_to_writer(into))
    }
}
