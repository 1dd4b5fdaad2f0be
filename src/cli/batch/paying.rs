//! Where a payment list goes: a workbook with what is open on a sheet of its own, or two tables.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, WriterBuilder};

use crate::batch::output::{Book, payments};
use crate::batch::{Plan, Summary};
use crate::cli::batch::Stop;
use crate::cli::batch::open::Form;
use crate::cli::batch::save::{Unfinished, cannot_write};
use crate::lang::Lang;
use crate::report::record::Record;
use crate::value::Day;

/// A payment list that is being written.
pub(in crate::cli) struct Payments {
    /// What is paid; of a workbook all of it.
    paid: Unfinished,
    /// What is open, as a table of its own.
    open: Option<Unfinished>,
    book: Option<Book>,
}

/// Where what is open goes beside a table of what is paid: `pay.csv`, `pay-open.csv`.
pub(super) fn open_beside(path: &Path) -> Option<PathBuf> {
    if Form::of(path) == Form::Xlsx {
        return None;
    }
    let stem = path.file_stem()?.to_string_lossy();
    let ending = path.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    Some(path.with_file_name(format!("{stem}-open{ending}")))
}

impl Payments {
    /// Begins one, made on this day.
    pub fn begin(path: &Path, folder: &Path, plan: &Plan<'_>, on: Day) -> Result<Payments, Stop> {
        let lang = plan.lang;
        let mut paid = Unfinished::create(path, folder, lang)?;
        let mut open = open_beside(path).map(|path| Unfinished::create(&path, folder, lang)).transpose()?;
        let fail = |file: &Unfinished, error: &io::Error| cannot_write(&file.name, error, lang);
        let book = match &mut open {
            None => {
                let beside = paid.path.parent().unwrap_or(Path::new(""));
                Some(Book::of_payments(plan, beside, on).map_err(|error| fail(&paid, &error))?)
            }
            Some(open) => {
                paid.file.write_all(&payments::heads(plan, 0)).map_err(|error| fail(&paid, &error))?;
                open.file.write_all(&payments::heads(plan, 1)).map_err(|error| fail(open, &error))?;
                None
            }
        };
        Ok(Payments { paid, open, book })
    }

    /// Adds lines, given as CSV with the place of the sheet before each.
    pub fn rows(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(book) = &mut self.book {
            return book.rows(bytes);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        for record in reader.into_byte_records() {
            let record = record.map_err(io::Error::other)?;
            let mut cells = record.iter();
            let file = if cells.next() == Some(b"0") { &mut self.paid.file } else { &mut open.file };
            let mut line = WriterBuilder::new().flexible(true).from_writer(Vec::new());
            line.write_record(cells).map_err(io::Error::other)?;
            let line = line.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            file.write_all(&line)?;
        }
        Ok(())
    }

    /// Ends it with what the run came to.
    pub fn finish(&mut self, plan: &Plan<'_>, summary: &Summary, record: &Record) -> io::Result<()> {
        let totals = payments::totals(plan, summary);
        match self.book.take() {
            Some(book) => book.finish(plan, summary, record, &mut self.paid.file),
            None => self.rows(&totals),
        }
    }

    /// What to say where it could not be written.
    pub fn not_written(&self, error: &io::Error, lang: Lang) -> Stop {
        cannot_write(&self.paid.name, error, lang)
    }

    /// Gives its files their names.
    pub fn keep(self, lang: Lang) -> Result<(), Stop> {
        self.open.map_or(Ok(()), |open| open.keep(lang))?;
        self.paid.keep(lang)
    }
}
