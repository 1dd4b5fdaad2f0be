//! A folder of statements: a page an applicant, to be printed, signed and filed. It is made under another name and gets its own
//! when it is complete, so that it never holds the statements of two runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::batch::{Made, Paper, Plan, Statements};
use crate::cli::batch::interrupt;
use crate::cli::outputs::in_words;
use crate::lang::{Lang, Text};
use crate::report::record::Record;
use crate::report::signing::Signing;
use crate::report::{Beside, Look, statement};
use crate::rows::masked;
use crate::source::clean;
use crate::value::Interval;

/// So many bytes of an id are in a file's name.
const LONGEST_ID: usize = 60;
/// Where statements are until it is known which of them count, and in what order.
const WORK: &str = "work";
/// Where those that count are.
const DONE: &str = "done";

/// The folder, while it is being filled.
pub(in crate::cli) struct Folder {
    unfinished: TempDir,
    /// Where it shall be.
    path: PathBuf,
    /// As the user called it.
    name: String,
    look: Look,
    signing: Signing,
    kept: Vec<String>,
    record: Record,
    /// Whether only those are made by which something is due, or to be taken back.
    due_only: bool,
    /// Whether identity numbers are shown as they are.
    unmasked: bool,
}

/// What is said of each statement.
pub(in crate::cli) struct Sayings {
    pub signing: Signing,
    pub due_only: bool,
    pub unmasked: bool,
}

impl Folder {
    /// Begins a folder at a place where there is none, or an empty one; `others` are files that are written besides.
    pub fn begin(
        path: &Path,
        folder: &Path,
        others: &[&Path],
        sayings: Sayings,
        (plan, record): (&Plan<'_>, &Record),
    ) -> Result<Folder, String> {
        let lang = plan.lang;
        let name = clean(&path.display().to_string());
        let said = |text: Text| text.get(lang).to_owned();
        let whole = folder.join(path);
        let whole = fs::canonicalize(&whole).unwrap_or(whole);
        if let Ok(mut entries) = fs::read_dir(&whole) {
            let inside = |other: &&Path| {
                folder.join(other).parent().and_then(|beside| fs::canonicalize(beside).ok()) == Some(whole.clone())
            };
            if entries.next().is_some() || others.iter().any(inside) {
                return Err(said(Text::made(
                    format!("{name}：核定表要放进一个新的（或空的）文件夹，以免与另一次核算的混在一起；请另给一个名称"),
                    format!(
                        "{name}: statements go into a folder that is new, or empty, so that those of two runs are never mixed; give another name"
                    ),
                )));
            }
        } else if whole.exists() {
            return Err(said(Text::made(
                format!("{name} 是一个文件；核定表要放进一个文件夹，请另给一个名称"),
                format!("{name} is a file, and statements go into a folder; give another name"),
            )));
        }
        let beside = whole.parent().filter(|beside| !beside.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let made = tempfile::Builder::new().prefix(".unfinished-").tempdir_in(beside).and_then(|made| {
            fs::create_dir(made.path().join(WORK))?;
            fs::create_dir(made.path().join(DONE))?;
            Ok(made)
        });
        let unfinished = made.map_err(|error| cannot_write(&name, &error, lang))?;
        interrupt::note(unfinished.path().to_owned());
        Ok(Folder {
            unfinished,
            path: whole,
            name,
            look: Look { lang, width: 80, color: false, all: false },
            signing: sayings.signing,
            kept: plan.kept.clone(),
            record: record.clone(),
            due_only: sayings.due_only,
            unmasked: sayings.unmasked,
        })
    }

    fn work(&self, ordinal: u64) -> PathBuf {
        self.unfinished.path().join(WORK).join(ordinal.to_string())
    }

    /// Gives statements their names; `count` are before them.
    pub fn name(&self, made: &[Made], count: &mut u64) -> io::Result<()> {
        for one in made {
            *count += 1;
            let name = file_name(*count, &one.id, self.unmasked);
            fs::rename(self.work(one.ordinal), self.unfinished.path().join(DONE).join(name))?;
        }
        Ok(())
    }

    /// Puts the folder in its place.
    pub fn keep(&self) -> io::Result<()> {
        if self.path.exists() {
            // Only one that is empty goes.
            fs::remove_dir(&self.path)?;
        }
        fs::rename(self.unfinished.path().join(DONE), &self.path)
    }

    /// What to say where that failed.
    pub fn not_written(&self, error: &io::Error) -> String {
        cannot_write(&self.name, error, self.look.lang)
    }
}

fn cannot_write(name: &str, error: &io::Error, lang: Lang) -> String {
    let error = in_words(error, lang);
    let text = Text::made(
        format!("{name}：核定表写不进去（{error}）"),
        format!("{name}: the statements cannot be written ({error})"),
    );
    text.get(lang).to_owned()
}

impl Statements for Folder {
    fn make(&self, paper: &Paper<'_>) -> io::Result<bool> {
        let totals = &paper.assessment.totals;
        if self.due_only && totals.due == Interval::ZERO && totals.overpaid == Interval::ZERO {
            return Ok(false);
        }
        let mut assessment = paper.assessment.clone();
        if assessment.applicant.name.is_none() {
            assessment.applicant.name = paper.id.map(str::to_owned);
        }
        let kept = self.kept.iter().cloned().zip(paper.kept.iter().map(|cell| (*cell).to_owned()));
        let beside = Beside {
            id: paper.id.map(str::to_owned),
            kept: kept.filter(|(_, cell)| !cell.is_empty()).collect(),
            signing: self.signing.clone(),
            record: Some(self.record.clone()),
        };
        let page = statement(&assessment, &self.look, &beside);
        let page = if self.unmasked { page.into() } else { masked(&page) };
        fs::write(self.work(paper.ordinal), page.as_bytes())?;
        Ok(true)
    }
}

/// The name of an applicant's file: its number, which is its own however ids are written, and what of the id a file's name may
/// hold anywhere.
fn file_name(number: u64, id: &str, unmasked: bool) -> String {
    let id = if unmasked { id.into() } else { masked(id) };
    let mut name = format!("{number:05}-");
    let most = name.len() + LONGEST_ID;
    for character in id.chars() {
        let safe = if character.is_alphanumeric() || character == '-' { character } else { '_' };
        if name.len() + safe.len_utf8() > most {
            break;
        }
        name.push(safe);
    }
    name + ".html"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_names_of_files() {
        for (id, name) in [
            ("甲-1", "00007-甲-1.html"),
            ("../../etc/passwd", "00007-______etc_passwd.html"),
            ("con\u{202e}.txt:x\\y\0", "00007-con__txt_x_y_.html"),
            ("11010519491231002X", "00007-1101__________002X.html"),
            ("", "00007-.html"),
        ] {
            assert_eq!(file_name(7, id, false), name);
        }
        assert_eq!(file_name(1, "11010519491231002X", true), "00001-11010519491231002X.html");
        assert!(file_name(1, &"甲".repeat(10_000), false).len() < 80);
        assert_ne!(file_name(1, "a", false).to_lowercase(), file_name(2, "A", false).to_lowercase());
    }
}
