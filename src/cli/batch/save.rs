//! Where results and rejects go. A file is written under another name beside its place, and renamed when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::batch::output::Book;
use crate::batch::{Made, Plan, Shape, Sink, Summary, output};
use crate::cli::MOST_SHOWN;
use crate::cli::batch::correcting::Corrected;
use crate::cli::batch::drain::Drained;
use crate::cli::batch::paying::Payments;
use crate::cli::batch::progress::Progress;
use crate::cli::batch::returning::{Choices, Returning, TableRead, is_a_workbook};
use crate::cli::batch::statements::Folder;
use crate::cli::batch::{Stop, interrupt};
use crate::cli::outputs::{in_words, straight, through_links};
use crate::lang::{Lang, Text};
use crate::report::record::Record;
use crate::rows::Fault;
use crate::source::clean;
use crate::template::Template;
use crate::value::Day;

/// A file that is not there before it is complete; or something that is written to as it is.
pub(super) struct Unfinished {
    /// Where it shall be.
    pub path: PathBuf,
    /// As the user called it.
    pub name: String,
    /// Where it is written.
    pub file: BufWriter<Sending>,
}

/// Where bytes go meanwhile.
pub(super) enum Sending {
    /// To a file without that name.
    Beside(Drained),
    /// A device, a pipe: no file, so that nothing could be put in its place.
    Straight(File),
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sending::Beside(file) => file.write(bytes),
            Sending::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sending::Beside(file) => file.flush(),
            Sending::Straight(file) => file.flush(),
        }
    }
}

impl Unfinished {
    pub fn create(path: &Path, folder: &Path, lang: Lang) -> Result<Unfinished, Stop> {
        let name = clean(&path.display().to_string());
        let path = through_links(&folder.join(path));
        let file = match straight(&path) {
            Some(opened) => opened.map(Sending::Straight),
            None => Unfinished::beside(&path).map(|file| Sending::Beside(Drained::new(file))),
        };
        let file = file.map_err(|error| cannot_write(&name, &error, lang))?;
        Ok(Unfinished { path, name, file: BufWriter::with_capacity(1 << 16, file) })
    }

    fn beside(path: &Path) -> io::Result<NamedTempFile> {
        let beside = path.parent().filter(|beside| !beside.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut unfinished = tempfile::Builder::new();
        unfinished.prefix(".unfinished-");
        // The file is no secret: whoever may read the user's other files may read it.
        #[cfg(unix)]
        unfinished.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = unfinished.tempfile_in(beside)?;
        interrupt::note(file.path().to_owned());
        Ok(file)
    }

    /// Gives it its name.
    pub fn keep(self, lang: Lang) -> Result<(), Stop> {
        let Unfinished { path, name, file } = self;
        let fail = |error: &io::Error| cannot_write(&name, error, lang);
        match file.into_inner().map_err(|error| fail(error.error()))? {
            Sending::Beside(file) => {
                let file = file.finish().map_err(|error| fail(&error))?;
                file.persist(&path).map_err(|error| fail(&error.error))?;
            }
            Sending::Straight(mut file) => file.flush().map_err(|error| fail(&error))?,
        }
        Ok(())
    }
}

/// Writes a file as a whole, or leaves what was there.
pub(in crate::cli) fn written(path: &Path, folder: &Path, bytes: &[u8], lang: Lang) -> Result<(), String> {
    let said = |stop: Stop| match stop {
        Stop::Said(text) => text,
        Stop::Gone => String::new(),
    };
    let mut file = Unfinished::create(path, folder, lang).map_err(said)?;
    file.file.write_all(bytes).map_err(|error| said(cannot_write(&file.name, &error, lang)))?;
    file.keep(lang).map_err(said)
}

pub(super) fn cannot_write(name: &str, error: &io::Error, lang: Lang) -> Stop {
    let error = in_words(error, lang);
    let text = Text::made(
        format!("{name}：写不进去（{error}）；原有文件未动"),
        format!("{name}: cannot be written ({error}); what was there is untouched"),
    );
    Stop::Said(text.get(lang).to_owned())
}

/// Whether this is where results go without a file.
pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// The results and the rejects of a run.
pub(in crate::cli) struct Saved<'a> {
    results: Option<Unfinished>,
    /// The workbook that the results go into first.
    book: Option<Book>,
    progress: &'a Progress,
    output: &'a mut dyn Write,
    /// The line of heads, until there is something to stand under it.
    heads: Vec<u8>,
    /// Whether something was written.
    begun: bool,
    rejects: Option<Unfinished>,
    /// The workbook that rejects go into instead.
    returning: Option<Returning>,
    /// Whether it was the rejects that could not be written.
    rejects_failed: bool,
    /// Whether rejects stand among the results.
    among: bool,
    /// Faults for which there is no file, and how many more there were.
    shown: Vec<String>,
    more: u64,
    /// Whether identity numbers are shown as they are.
    unmasked: bool,
    /// The payment list, where one is wanted.
    payments: Option<Payments>,
    /// The statements, where they are wanted, and how many there are.
    statements: Option<(&'a Folder, u64)>,
    /// What could not be written beside the results.
    failed: Option<Stop>,
    lang: Lang,
}

impl<'a> Saved<'a> {
    pub fn open(
        results: Option<&Path>,
        rejects: Option<&Path>,
        folder: &Path,
        output: &'a mut dyn Write,
        progress: &'a Progress,
        (on, lang): (Day, Lang),
    ) -> Result<Saved<'a>, Stop> {
        let results = results.filter(|path| !is_standard(path));
        let results = results.map(|path| Unfinished::create(path, folder, lang)).transpose()?;
        let among = rejects.is_some_and(is_standard);
        let returning = rejects.filter(|path| is_a_workbook(path));
        let returning = returning.map(|path| Returning::begin(path, folder, on, lang)).transpose()?;
        let rejects = rejects.filter(|path| !is_standard(path) && returning.is_none());
        let rejects = rejects.map(|path| Unfinished::create(path, folder, lang)).transpose()?;
        let mut saved = Saved {
            results,
            book: None,
            progress,
            output,
            heads: Vec::new(),
            begun: false,
            rejects,
            returning,
            rejects_failed: false,
            among,
            shown: Vec::new(),
            more: 0,
            unmasked: false,
            payments: None,
            statements: None,
            failed: None,
            lang,
        };
        let heads = match lang {
            Lang::Zh => ["文件", "行", "编号", "列", "内容", "原因"],
            Lang::En => ["file", "line", "id", "column", "value", "reason"],
        };
        saved.reject(&heads).map_err(|error| saved.stop(&error))?;
        Ok(saved)
    }

    /// Writes one line of the rejects.
    fn reject(&mut self, cells: &[&str; 6]) -> io::Result<()> {
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        let mut line = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            output::cell(cell, &mut line);
        }
        line.push(b'\n');
        let written = rejects.file.write_all(&line);
        self.rejects_failed |= written.is_err();
        written
    }

    /// Shows identity numbers as they are.
    pub fn unmasked(&mut self, unmasked: bool) {
        self.unmasked = unmasked;
    }

    /// Takes the line of heads. It is written with the first results, or when it is clear that there are none.
    pub fn heads(&mut self, heads: Vec<u8>) {
        self.heads = heads;
    }

    /// Puts the results into a workbook instead, made on this day.
    pub fn in_a_book(&mut self, plan: &Plan<'_>, on: Day) -> Result<(), Stop> {
        let beside = self.results.as_ref().and_then(|results| results.path.parent()).unwrap_or(Path::new(""));
        let book = Book::new(plan, beside, on).map_err(|error| self.stop(&error))?;
        self.book = Some(book);
        Ok(())
    }

    /// Puts a payment list and statements beside the results.
    pub fn beside(&mut self, payments: Option<Payments>, statements: Option<&'a Folder>) {
        (self.payments, self.statements) = (payments, statements.map(|folder| (folder, 0)));
    }

    /// Takes the rejected rows out of the tables that were read, where they go into a workbook: so many were rejected, of a form like
    /// this.
    pub(super) fn give_back(
        &mut self,
        tables: &[TableRead],
        corrected: Option<&Corrected>,
        back: (u64, Option<&Template<'_>>, Choices<'_>),
        folder: &Path,
    ) -> Result<(), Stop> {
        self.returning.as_mut().map_or(Ok(()), |returning| returning.gather(tables, corrected, back, folder))
    }

    /// Writes the workbook, if the results go into one, and the payment list.
    pub fn finish(&mut self, plan: &Plan<'_>, summary: &Summary, record: &Record) -> Result<(), Stop> {
        if let Some(payments) = &mut self.payments
            && let Err(error) = payments.finish(plan, summary, record)
        {
            return Err(payments.not_written(&error, self.lang));
        }
        if let Some(returning) = &mut self.returning
            && let Err(error) = returning.finish()
        {
            return Err(returning.not_written(&error));
        }
        let (Some(book), Some(results)) = (self.book.take(), &mut self.results) else { return Ok(()) };
        book.finish(plan, summary, record, &mut results.file).map_err(|error| self.stop(&error))
    }

    /// What to say of a write that failed.
    pub fn stop(&mut self, error: &io::Error) -> Stop {
        if let Some(stop) = self.failed.take() {
            return stop;
        }
        match self.rejects.as_ref().filter(|_| self.rejects_failed).or(self.results.as_ref()) {
            Some(results) => cannot_write(&results.name, error, self.lang),
            None if error.kind() == ErrorKind::BrokenPipe => Stop::Gone,
            None => {
                let error = in_words(error, self.lang);
                let text =
                    Text::made(format!("结果写不出去（{error}）"), format!("the results cannot be written ({error})"));
                Stop::Said(text.get(self.lang).to_owned())
            }
        }
    }

    /// Says on standard output that what stands there does not count: its last line.
    pub fn void(&mut self, shape: Shape, reason: &Text) -> Result<(), Stop> {
        if self.results.is_some() || self.book.is_some() || !self.begun {
            return Ok(());
        }
        let mut line = Vec::new();
        output::void(shape, reason, self.lang, &mut line);
        let written = self.output.write_all(&line).and_then(|()| self.output.flush());
        written.map_err(|error| self.stop(&error))
    }

    /// Gives the files their names, unless the run was stopped; with what is left to say of the rows that could not be used.
    pub fn keep(mut self, stopped: bool) -> Result<Vec<String>, Stop> {
        if stopped {
            return Ok(Vec::new());
        }
        if let Err(error) = self.results(&[]).and_then(|()| self.output.flush()) {
            return Err(self.stop(&error));
        }
        let returned = self.returning.take().map(|returning| returning.file);
        for rejects in self.rejects.take().into_iter().chain(returned) {
            rejects.keep(self.lang)?;
        }
        if let Some(payments) = self.payments.take() {
            payments.keep(self.lang)?;
        }
        if let Some((folder, _)) = self.statements.take() {
            folder.keep().map_err(|error| Stop::Said(folder.not_written(&error)))?;
        }
        if let Some(results) = self.results.take() {
            results.keep(self.lang)?;
        }
        if self.more > 0 {
            let more = self.more;
            self.shown.push(match self.lang {
                Lang::Zh => format!("另有 {more} 处，未逐一列出；--rejects FILE 可全部列出"),
                Lang::En => format!("{more} more are not listed; --rejects FILE lists them all"),
            });
        }
        Ok(self.shown)
    }
}

impl Sink for Saved<'_> {
    fn results(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(book) = &mut self.book {
            return book.rows(bytes);
        }
        let heads = std::mem::take(&mut self.heads);
        self.begun = true;
        match &mut self.results {
            Some(results) => results.file.write_all(&heads).and_then(|()| results.file.write_all(bytes)),
            None => self.output.write_all(&heads).and_then(|()| self.output.write_all(bytes)),
        }
    }

    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()> {
        let masked: Vec<Fault>;
        let as_they_are = faults;
        let faults = if self.unmasked {
            faults
        } else {
            masked = faults.iter().map(Fault::masked).collect();
            &masked
        };
        if let Some(returning) = &mut self.returning {
            returning.take(as_they_are, faults);
            return Ok(());
        }
        if self.among {
            let mut lines = Vec::new();
            output::rejected(faults, &mut lines);
            return self.results(&lines);
        }
        for fault in faults {
            if self.rejects.is_some() {
                self.reject(&[
                    &fault.place(),
                    &fault.line.to_string(),
                    fault.id.as_deref().unwrap_or(""),
                    fault.column.as_deref().unwrap_or(""),
                    fault.value.as_deref().unwrap_or(""),
                    fault.reason.get(self.lang),
                ])?;
            } else if self.shown.len() < MOST_SHOWN {
                self.shown.push(fault.render(self.lang));
            } else {
                self.more += 1;
            }
        }
        Ok(())
    }

    fn payments(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(payments) = &mut self.payments else { return Ok(()) };
        let written = payments.rows(bytes);
        if let Err(error) = &written {
            self.failed = Some(payments.not_written(error, self.lang));
        }
        written
    }

    fn made(&mut self, made: &[Made], failed: Option<io::Error>) -> io::Result<()> {
        let Some((folder, count)) = &mut self.statements else { return Ok(()) };
        let named = failed.map_or(Ok(()), Err).and_then(|()| folder.name(made, count));
        if let Err(error) = &named {
            self.failed = Some(Stop::Said(folder.not_written(error)));
        }
        named
    }

    fn progress(&mut self, rows: u64) -> bool {
        self.progress.rows(rows);
        !interrupt::is_asked()
    }
}
