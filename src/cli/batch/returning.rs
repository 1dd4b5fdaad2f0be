//! The workbook that goes back: rejected rows with all their list rows, as they came in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_xlsxwriter::{DataValidation, Format};

use crate::batch::output::returned::{self, Back, Wrong};
use crate::cli::batch::correcting::Corrected;
use crate::cli::batch::open::{Form, unreadable};
use crate::cli::batch::save::{Unfinished, cannot_write, is_standard};
use crate::cli::batch::{Batch, Stop};
use crate::lang::{Lang, Text};
use crate::rows::form::{HIDDEN, about_name, instructions_name, place, returned_name};
use crate::rows::raw::{Original, Stands};
use crate::rows::reserved::{is_reason, is_row, row_name};
use crate::rows::{Column, Fault, Heads, LARGEST, Sheet};
use crate::source::{clean, folded};
use crate::template::Template;
use crate::value::Day;

/// More faults than these are not held for a workbook.
const MOST_TOLD: usize = 200_000;

/// Columns that say whose row it is stand on each printed page, where they are no further back than this.
const LAST_WHOSE: usize = 3;

/// A file that was read, by its path from the folder, and a table of it.
pub(in crate::cli) type TableRead = (PathBuf, Stands);

/// The words to choose from below a column of a table.
pub(super) type Choices<'c> = &'c dyn Fn(&Stands, usize) -> Vec<String>;

/// What is wrong with a line of a table.
struct Told {
    id: Option<String>,
    cell: Option<String>,
    column: Option<String>,
    words: String,
}

/// What shall go back.
pub(super) struct Returning {
    pub file: Unfinished,
    told: BTreeMap<(Arc<str>, u64), Vec<Told>>,
    count: usize,
    /// What was made of it when all rows were known.
    sheets: Vec<Back>,
    looks: Vec<Vec<Format>>,
    /// What a form checks as it is filled in, by the names of its columns.
    checks: BTreeMap<String, DataValidation>,
    on: Day,
    lang: Lang,
}

/// Whether rejects shall go into a workbook.
pub(super) fn is_a_workbook(path: &Path) -> bool {
    !is_standard(path) && Form::of(path) == Form::Xlsx
}

impl Batch {
    /// Whether rejects shall go into a workbook, and why they cannot.
    pub(super) fn cannot_go_back(&self, folder: &Path) -> Option<Text> {
        self.rejects.as_ref().filter(|path| is_a_workbook(path))?;
        let is_no_table = |path: &&PathBuf| {
            let form = self.from.unwrap_or_else(|| Form::of(path));
            is_standard(path) || folder.join(path).is_dir() || !matches!(form, Form::Csv | Form::Xlsx)
        };
        self.inputs.iter().find(is_no_table).map(|path| {
            let path = clean(&path.display().to_string());
            Text::made(
                format!("{path} 不是表格文件，退回不能写成工作簿；写作 --rejects FILE.csv"),
                format!("{path} is no table in a file, so that its rejects cannot go into a workbook; write --rejects FILE.csv"),
            )
        })
    }
}

impl Returning {
    pub fn begin(path: &Path, folder: &Path, on: Day, lang: Lang) -> Result<Returning, Stop> {
        let file = Unfinished::create(path, folder, lang)?;
        let (told, checks) = (BTreeMap::new(), BTreeMap::new());
        Ok(Returning { file, told, count: 0, sheets: Vec::new(), looks: Vec::new(), checks, on, lang })
    }

    /// Takes what is wrong with rows; `shown` are the same faults as they may be shown.
    pub fn take(&mut self, faults: &[Fault], shown: &[Fault]) {
        for (fault, shown) in faults.iter().zip(shown) {
            self.count += 1;
            if self.count > MOST_TOLD {
                continue;
            }
            let told = Told {
                id: fault.id.as_deref().map(|id| folded(id.trim()).into_owned()),
                cell: fault.cell.clone(),
                column: fault.column.clone(),
                words: shown.render(self.lang),
            };
            self.told.entry((Arc::clone(&fault.file), fault.line)).or_default().push(told);
        }
    }

    /// Takes the rows out of the files that they came in. `tables` are all that were read; so many rows were rejected.
    pub fn gather(
        &mut self,
        tables: &[TableRead],
        corrected: Option<&Corrected>,
        (rejected, template, words): (u64, Option<&Template<'_>>, Choices<'_>),
        folder: &Path,
    ) -> Result<(), Stop> {
        let said = |faults: Vec<Fault>| {
            Stop::Said(faults.iter().map(|fault| fault.render(self.lang)).collect::<Vec<_>>().join("\n"))
        };
        let file = Arc::from(self.file.name.as_str());
        if self.count > MOST_TOLD {
            let reason = Text::made(
                format!("要退回的错误超过 {MOST_TOLD} 处，工作簿里放不下；--rejects FILE.csv 可全部列出"),
                format!(
                    "there are more than {MOST_TOLD} faults, too many for a workbook; --rejects FILE.csv lists all"
                ),
            );
            return Err(said(vec![Fault::of_line(&file, 0, reason)]));
        }
        let mut originals: BTreeMap<&PathBuf, Original> = BTreeMap::new();
        for (path, table) in tables {
            if !originals.contains_key(path) {
                originals.insert(path, open(path, folder, table).map_err(said)?);
            }
        }
        // Applicants first: whose records go along is known from them.
        let lines = self.lines(tables, corrected, &mut originals).map_err(said)?;
        let found: usize = tables
            .iter()
            .zip(&lines)
            .filter(|((_, table), _)| table.list.is_none())
            .map(|(_, lines)| lines.len())
            .sum();
        if found as u64 != rejected {
            let reason = Text::made(
                format!("退回 {rejected} 行，名册中只对上 {found} 行，没有写出；名册可能在核算期间被改动，请重新核算"),
                format!(
                    "{rejected} rows were rejected and {found} found again, so that nothing was written; was a file changed meanwhile? Run this again"
                ),
            );
            return Err(said(vec![Fault::of_line(&file, 0, reason)]));
        }
        let (sheets, looks) = self.sheets(tables, &lines, &mut originals, words).map_err(said)?;
        (self.sheets, self.looks) = (sheets, looks);
        if let Some((template, original)) = template.zip(originals.values().next()) {
            let (_, defined) = original.contents();
            let at = |name: &str| {
                let (_, refers) = defined.iter().find(|(known, _)| known == name)?;
                place(refers).and_then(|(_, column)| u16::try_from(column).ok())
            };
            // Long drop-downs stand on the hidden sheet, by its name.
            let is_there = |(known, refers): &(String, String)| {
                *known == about_name() && place(refers).is_some_and(|(sheet, _)| sheet == HIDDEN)
            };
            if defined.iter().any(is_there) {
                self.checks = template.checks(&at, self.lang);
            }
        }
        Ok(())
    }

    /// For each table the lines that go back.
    fn lines(
        &self,
        tables: &[TableRead],
        corrected: Option<&Corrected>,
        originals: &mut BTreeMap<&PathBuf, Original>,
    ) -> Result<Vec<BTreeMap<u64, Option<String>>>, Vec<Fault>> {
        let by_lists = self.by_lists(tables);
        let mut read = |path: &PathBuf, table: &Stands, tell: &mut dyn FnMut(u64, Option<String>, bool)| {
            let Some(original) = originals.get_mut(path) else { return Ok(()) };
            original.ids(table, &mut |line, id| {
                if corrected.is_some_and(|corrected| corrected.is_left_out(path, table, line, id)) {
                    return;
                }
                let told = self.told.contains_key(&(Arc::clone(&table.sheet.file), line));
                tell(line, id.map(|id| folded(id).into_owned()), told);
            })
        };
        let mut lines = vec![BTreeMap::new(); tables.len()];
        let all = || tables.iter().enumerate();
        let applicants = || all().filter(|(_, (_, table))| table.list.is_none());
        let goes = |id: &Option<String>| id.as_ref().is_some_and(|id| by_lists.contains_key(id.as_str()));
        for (place, (path, table)) in applicants() {
            let Some(own) = lines.get_mut(place) else { continue };
            read(path, table, &mut |line, id, told| {
                if told || goes(&id) {
                    own.insert(line, id);
                }
            })?;
        }
        // Of an id that stands twice the second row goes back, and its records stay with the first.
        let mut back: BTreeSet<String> = lines.iter().flat_map(|own| own.values().flatten().cloned()).collect();
        if tables.iter().any(|(_, table)| table.list.is_some()) {
            for (_, (path, table)) in applicants() {
                read(path, table, &mut |_, id, told| {
                    if let Some(id) = id.filter(|_| !told).filter(|id| !by_lists.contains_key(id.as_str())) {
                        back.remove(&id);
                    }
                })?;
            }
        }
        for (place, (path, table)) in all().filter(|(_, (_, table))| table.list.is_some()) {
            let Some(own) = lines.get_mut(place) else { continue };
            read(path, table, &mut |line, id, told| {
                if told || id.as_ref().is_some_and(|id| back.contains(id)) {
                    own.insert(line, id);
                }
            })?;
        }
        Ok(lines)
    }

    /// What is wrong in lists, by the ids of those whose records they are.
    fn by_lists(&self, tables: &[TableRead]) -> BTreeMap<&str, Vec<&str>> {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ((file, _), told) in &self.told {
            if tables.iter().any(|(_, table)| table.list.is_some() && table.sheet.file == *file) {
                for told in told {
                    found.entry(told.id.as_deref().unwrap_or("")).or_default().push(&told.words);
                }
            }
        }
        found
    }

    /// The sheets of the workbook, in the order of the files and of the sheets in each.
    #[expect(clippy::type_complexity, reason = "two lists")]
    fn sheets(
        &self,
        tables: &[TableRead],
        lines: &[BTreeMap<u64, Option<String>>],
        originals: &mut BTreeMap<&PathBuf, Original>,
        words: Choices<'_>,
    ) -> Result<(Vec<Back>, Vec<Vec<Format>>), Vec<Fault>> {
        let (mut sheets, mut looks, by_lists) = (Vec::new(), Vec::new(), self.by_lists(tables));
        let mut paths: Vec<&PathBuf> = Vec::new();
        for (path, _) in tables {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        // The layout is that of the first file with something to give back.
        let has_rows = |path: &PathBuf| tables.iter().zip(lines).any(|((of, _), own)| of == path && !own.is_empty());
        // Applicants stand before lists, which are told from them by names of their own.
        let is_of_lists = |path: &PathBuf| tables.iter().all(|(of, table)| of != path || table.list.is_some());
        paths.sort_by_key(|path| (is_of_lists(path), !has_rows(path)));
        for (number, path) in paths.into_iter().enumerate() {
            let Some(original) = originals.get_mut(path) else { continue };
            let (names, defined) = original.contents();
            looks.push(original.formats());
            let own: Vec<(&Stands, &BTreeMap<u64, Option<String>>)> = (tables.iter().zip(lines))
                .filter(|((of, _), _)| of == path)
                .map(|((_, table), lines)| (table, lines))
                .collect();
            let is_a_form = defined.iter().any(|(name, _)| *name == about_name());
            let beside = |name: &str| {
                let of_form = |(known, refers): &(String, String)| {
                    [about_name(), instructions_name()].contains(known)
                        && place(refers).is_some_and(|(of, _)| of == name)
                };
                is_a_form && number == 0 && defined.iter().any(of_form)
            };
            let names = if names.is_empty() { vec![(String::new(), true)] } else { names };
            for (name, is_shown) in names {
                let table = own.iter().find(|(table, _)| table.name.as_ref().is_none_or(|known| *known == name));
                let names = defined.iter().filter(|(known, _)| known.starts_with("duixian__"));
                let names = names.filter_map(|(known, refers)| {
                    place(refers).filter(|(of, _)| *of == name).map(|(_, column)| (known.clone(), column))
                });
                let mut back = Back {
                    names: names.collect(),
                    looks: looks.len() - 1,
                    is_shown,
                    copied: Default::default(),
                    table: None,
                    reason: 0,
                    row: 0,
                    whose: None,
                    days: BTreeSet::new(),
                    texts: BTreeSet::new(),
                    words: Vec::new(),
                    name,
                };
                // A form has checks of its own.
                if let Some((table, _)) = table.filter(|_| !is_a_form) {
                    let all = (0..table.sheet.heads.names.len()).map(|place| (place, words(table, place)));
                    back.words = all.filter(|(_, words)| !words.is_empty()).collect();
                }
                let list = table.and_then(|(table, _)| table.list.as_deref()).filter(|_| !is_a_form);
                if let Some(name) = list.map(returned_name)
                    && !back.names.iter().any(|(known, _)| *known == name)
                {
                    back.names.push((name, 0));
                }
                match table {
                    Some((table, lines)) => self.table(&mut back, (table, lines), &by_lists, path, original)?,
                    None if beside(&back.name) => {
                        let nothing = Sheet { file: Arc::from(""), heads: Heads::default(), separator: b',' };
                        back.copied = original.whole(&back.name, &nothing)?;
                    }
                    None => continue,
                }
                let is_needed =
                    number == 0 || list.is_some() || back.table.as_ref().is_some_and(|(_, wrong)| !wrong.is_empty());
                if is_needed {
                    sheets.push(back);
                }
            }
        }
        Ok((sheets, looks))
    }

    /// Fills in a table.
    fn table(
        &self,
        back: &mut Back,
        (table, lines): (&Stands, &BTreeMap<u64, Option<String>>),
        by_lists: &BTreeMap<&str, Vec<&str>>,
        path: &Path,
        original: &mut Original,
    ) -> Result<(), Vec<Fault>> {
        let first = table.layout.first;
        back.copied = original.rows(table, &|line| line < first || lines.contains_key(&line))?;
        if back.name.is_empty() {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let plain = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
            let stem: String = clean(&stem).chars().filter(plain).collect();
            back.name = table.list.clone().unwrap_or(if stem.is_empty() { "1".to_owned() } else { stem });
        }
        let heads = &table.sheet.heads;
        let all = || heads.columns.iter().enumerate();
        back.days = all().filter(|(_, column)| column.is_a_day()).map(|(place, _)| place).collect();
        let whose = [table.id(), heads.place(&Column::Name)].into_iter().flatten();
        back.whose = whose.filter(|place| *place <= LAST_WHOSE).max();
        back.texts = all().filter(|(_, column)| column.is_a_text()).map(|(place, _)| place).collect();
        let width = back.copied.rows.values().flatten().map(|(column, ..)| column + 1).max().unwrap_or(0);
        // Those of a table that goes back once more are filled anew.
        let free = width.max(heads.names.len());
        let known = |is: fn(&str) -> bool| heads.names.iter().position(|name| is(name));
        back.reason = known(is_reason).unwrap_or(free);
        back.row = known(is_row).unwrap_or(if back.reason == free { free + 1 } else { free });
        let mut wrong: BTreeMap<u64, Wrong> = BTreeMap::new();
        for (line, id) in lines {
            let own = wrong.entry(*line).or_default();
            let cells = back.copied.rows.get(line).into_iter().flatten();
            let before = cells.filter(|(column, ..)| *column == back.row).find_map(|(_, raw, _)| raw.text());
            let before = before.filter(|text| !text.trim().is_empty()).map(str::to_owned);
            own.row = before.unwrap_or_else(|| row_name(&table.sheet.file, *line));
            let key = (Arc::clone(&table.sheet.file), *line);
            for told in self.told.get(&key).into_iter().flatten() {
                own.reasons.push(told.words.clone());
                own.columns.extend(told.place(heads).or(table.id()));
            }
            // Of an applicant, what is wrong in the lists too.
            let id = id.as_deref().filter(|_| table.list.is_none());
            let of_lists = id.and_then(|id| by_lists.get(id)).into_iter().flatten();
            own.reasons.extend(of_lists.map(|words| (*words).to_owned()));
        }
        back.table = Some((table.layout.clone(), wrong));
        Ok(())
    }
}

impl Told {
    /// The column that it is about.
    fn place(&self, heads: &Heads) -> Option<usize> {
        let of_cell = self.cell.as_deref().and_then(|cell| place(&format!("x!{cell}"))).map(|(_, column)| column);
        let is_it = |name: &String| self.column.as_ref().is_some_and(|column| clean(name) == *column || name == column);
        of_cell.or_else(|| heads.names.iter().position(is_it))
    }
}

/// Opens a file again.
pub(super) fn open(path: &Path, folder: &Path, table: &Stands) -> Result<Original, Vec<Fault>> {
    let file: Arc<str> = clean(&path.display().to_string()).into();
    let whole = folder.join(path);
    if table.name.is_none() {
        return Ok(Original::Csv(Box::new(move || Ok(Box::new(File::open(&whole)?) as Box<dyn Read>))));
    }
    let mut bytes = Vec::new();
    let read = File::open(whole).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(&file, &error))?;
    Original::workbook(bytes, &file)
}

impl Returning {
    /// Writes the workbook.
    pub fn finish(&mut self) -> io::Result<()> {
        returned::write(&self.sheets, &self.looks, &self.checks, self.on, self.lang, &mut self.file.file)
    }

    /// What to say where it could not be written.
    pub fn not_written(&self, error: &io::Error) -> Stop {
        cannot_write(&self.file.name, error, self.lang)
    }
}
