//! The tables of a run, opened one after the other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use clap::ValueEnum;

use crate::batch::Plan;
use crate::cli::batch::forms::Forms;
use crate::cli::batch::progress::Progress;
use crate::cli::batch::returning::TableRead;
use crate::cli::batch::{Batch, interrupt};
use crate::cli::files;
use crate::lang::{Lang, Text};
use crate::rows::map::{Beside, Layout, Map, Mapped};
use crate::rows::raw::Stands;
use crate::rows::{Column, Csv, Decoded, Documents, Fault, Heads, Json, LARGEST, Others, Rows, Sheet, Xlsx};
use crate::source::clean;

/// Opens each table when the one before has ended.
pub(in crate::cli) struct Inputs<'a> {
    pub paths: std::slice::Iter<'a, PathBuf>,
    /// Sheets of a form that come before the next of these.
    pub sheets: VecDeque<Box<dyn Rows + 'a>>,
    pub folder: &'a Path,
    /// Standard input, which can be read once.
    pub input: Option<&'a mut dyn Read>,
    pub plan: &'a Plan<'a>,
    /// Where the inputs are forms: what is known of them.
    pub forms: Option<&'a Forms>,
    /// How inputs are written, where that was said; else their names tell.
    pub from: Option<Form>,
    /// Whether columns that no policy asks for are passed over.
    pub ignore: bool,
    /// The heads of columns that are carried along, where no map says so.
    pub kept: &'a [String],
    pub lang: Lang,
    /// What is wrong with tables that cannot be used.
    pub said: Vec<String>,
    /// What is to be told of tables that are used.
    pub notes: Vec<String>,
    /// What tables have beside their applicants, where a map says what their columns hold.
    pub beside: Vec<(Arc<str>, Rc<RefCell<Beside>>)>,
    /// What their columns hold, where that was said.
    pub map: Option<&'a Map>,
    /// Whether identity numbers are shown as they are.
    pub unmasked: bool,
    pub progress: &'a Progress,
    /// Where the tables that were opened stand.
    pub stands: Vec<TableRead>,
}

/// Where a table stands: of a workbook on this sheet.
pub(super) fn stands(sheet: &Arc<Sheet>, name: Option<&str>, layout: Option<&Layout>, list: Option<&str>) -> Stands {
    Stands {
        sheet: Arc::clone(sheet),
        name: name.map(str::to_owned),
        layout: layout.cloned().unwrap_or_default(),
        list: list.map(str::to_owned),
    }
}

/// How an input is written.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(in crate::cli) enum Form {
    Csv,
    #[value(name = "jsonl")]
    Json,
    #[value(skip)]
    Toml,
    #[value(skip)]
    Xlsx,
}

impl Form {
    pub fn of(path: &Path) -> Form {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") => Form::Json,
            Some("toml") => Form::Toml,
            Some("xlsx" | "xlsm") => Form::Xlsx,
            _ => Form::Csv,
        }
    }
}

impl<'a> Iterator for Inputs<'a> {
    type Item = Box<dyn Rows + 'a>;

    fn next(&mut self) -> Option<Box<dyn Rows + 'a>> {
        loop {
            if let Some(sheet) = self.sheets.pop_front() {
                return Some(sheet);
            }
            let path = self.paths.next()?;
            let file: Arc<str> = clean(&path.display().to_string()).into();
            match self.open(path, &file) {
                Ok(Some(table)) => return Some(table),
                Ok(None) => {}
                Err(faults) => {
                    let said: Vec<String> =
                        faults.iter().map(|fault| said(&shown(fault, self.unmasked), self.lang)).collect();
                    self.said.extend(said);
                }
            }
        }
    }
}

impl<'a> Inputs<'a> {
    /// The inputs of a run; `input` is standard input, where it may be read.
    pub fn new(
        batch: &'a Batch,
        (plan, forms, map): (&'a Plan<'a>, Option<&'a Forms>, Option<&'a Map>),
        folder: &'a Path,
        input: Option<&'a mut dyn Read>,
        progress: &'a Progress,
    ) -> Inputs<'a> {
        Inputs {
            paths: batch.inputs.iter(),
            sheets: VecDeque::new(),
            folder,
            input,
            plan,
            forms,
            from: batch.from,
            ignore: batch.ignore_columns,
            kept: &batch.keep,
            lang: plan.lang,
            said: Vec::new(),
            notes: Vec::new(),
            beside: Vec::new(),
            map,
            unmasked: batch.unmasked,
            progress,
            stands: Vec::new(),
        }
    }

    fn others(&self) -> Others<'a> {
        Others { ignored: self.ignore, kept: self.kept }
    }

    fn open(&mut self, path: &Path, file: &Arc<str>) -> Result<Option<Box<dyn Rows + 'a>>, Vec<Fault>> {
        let plan = self.plan;
        if let Some(forms) = self.forms {
            let (sheets, strangers, notes) =
                forms.applicants(path, &plan.setup.policies, self.others(), self.folder)?;
            self.said.extend(strangers.iter().map(|fault| said(fault, self.lang)));
            self.notes.extend(notes.iter().map(|note| noted(note, self.lang)));
            let own =
                sheets.iter().map(|table| (path.to_owned(), stands(table.sheet(), Some(table.name()), None, None)));
            self.stands.extend(own);
            self.sheets.extend(sheets.into_iter().map(|table| Box::new(table) as Box<dyn Rows + 'a>));
            return Ok(None);
        }
        let (ignore, policies) = (self.ignore, plan.setup.policies.as_slice());
        let others = self.others();
        let heads = |names| {
            let heads = Heads::read(names, policies, others, file, 1)?;
            if !plan.setup.lists.is_empty() && heads.place(&Column::Id).is_none() {
                let reason = Text::new(
                    "缺少编号列（id 或 编号），--list 的名单无从对应",
                    "there is no column of ids (id), which the tables of --list are joined by",
                );
                return Err(vec![Fault::of_line(file, 1, reason)]);
            }
            Ok(heads)
        };
        let whole = self.folder.join(path);
        let form = self.from.unwrap_or_else(|| Form::of(path));
        if let Some(map) = self.map {
            return self.mapped(map, path, file).map(Some);
        }
        let nothing_kept = |is_a_table: bool| {
            if self.kept.is_empty() || is_a_table {
                return Ok(());
            }
            let reason = Text::new(
                "--keep 用于表格（CSV、XLSX）；这里没有列",
                "--keep is for tables (CSV, XLSX); there are no columns here",
            );
            Err(vec![Fault::of_line(file, 0, reason)])
        };
        nothing_kept(matches!(form, Form::Csv | Form::Xlsx) && !whole.is_dir())?;
        if path == Path::new("-") {
            let Some(input) = self.input.take() else { return Ok(None) };
            let mut input = decoded(input, file)?;
            let first = input.first().map_err(|error| unreadable(file, &error))?;
            let looks_like_json = first == Some(b'{');
            let is_json = self.from.map_or(looks_like_json, |form| form == Form::Json);
            nothing_kept(!is_json)?;
            return Ok(Some(if is_json {
                Box::new(Json::open(input, file, ignore))
            } else {
                Box::new(Csv::open(input, file, heads)?)
            }));
        }
        if whole.is_dir() {
            let (paths, others) = documents_of(path, &whole, file)?;
            self.notes.extend(others.map(|note| noted(&note, self.lang)));
            return Ok(Some(self.documents(file, paths)));
        }
        if form == Form::Toml {
            return Ok(Some(self.documents(file, vec![path.to_owned()])));
        }
        let opened = interrupt::wait(|| File::open(&whole)).map_err(|error| unreadable(file, &error))?;
        Ok(Some(match form {
            Form::Xlsx => {
                // It is read to and fro, so all of it is taken first; one that is too large is refused by its beginning.
                let mut bytes = Vec::new();
                let read = self.progress.count(opened).take(LARGEST + 1).read_to_end(&mut bytes);
                read.map_err(|error| unreadable(file, &error))?;
                let mut table = Xlsx::open(Cursor::new(bytes), file, heads)?;
                self.notes.extend(table.notes().iter().map(|note| noted(note, self.lang)));
                self.stands.push((path.to_owned(), stands(table.sheet(), Some(table.name()), None, None)));
                Box::new(table)
            }
            Form::Json => Box::new(Json::open(decoded(self.progress.count(opened), file)?, file, ignore)),
            _ => {
                let table = Csv::open(decoded(self.progress.count(opened), file)?, file, heads)?;
                self.stands.push((path.to_owned(), stands(table.sheet(), None, None, None)));
                Box::new(table)
            }
        }))
    }

    /// A table of which a map says what its columns hold.
    fn mapped(&mut self, map: &'a Map, path: &Path, file: &Arc<str>) -> Result<Box<dyn Rows + 'a>, Vec<Fault>> {
        let (ignore, plan, whole) = (self.ignore, self.plan, self.folder.join(path));
        let form = self.from.unwrap_or_else(|| Form::of(path));
        if !matches!(form, Form::Csv | Form::Xlsx) || path == Path::new("-") || whole.is_dir() {
            let reason = Text::new(
                "--columns 用于表格文件（CSV、XLSX）；其他输入自带各项的名称",
                "--columns is for tables in files (CSV, XLSX); other inputs name what they hold themselves",
            );
            return Err(vec![Fault::of_line(file, 0, reason)]);
        }
        let mut mapping = None;
        let heads = |names| {
            let found = map.against(names, &plan.setup.policies, ignore, file)?;
            if !plan.setup.lists.is_empty() && found.inner.place(&Column::Id).is_none() {
                let reason = Text::new(
                    "对照表没有给出编号（columns.id），--list 的名单无从对应",
                    "the map gives no column of ids (columns.id), which the tables of --list are joined by",
                );
                return Err(vec![Fault::of_line(file, 0, reason)]);
            }
            let inner = found.inner.clone();
            mapping = Some(found);
            Ok(inner)
        };
        let opened = interrupt::wait(|| File::open(&whole)).map_err(|error| unreadable(file, &error))?;
        let mut beside = Beside::default();
        let table: Box<dyn Rows + 'a> = if form == Form::Xlsx {
            let mut bytes = Vec::new();
            let read = self.progress.count(opened).take(LARGEST + 1).read_to_end(&mut bytes);
            read.map_err(|error| unreadable(file, &error))?;
            let mut table = Xlsx::open_by(Some((&map.layout, &mut beside)), Cursor::new(bytes), file, heads)?;
            self.notes.extend(table.notes().iter().map(|note| noted(note, self.lang)));
            self.stands.push((path.to_owned(), stands(table.sheet(), Some(table.name()), Some(&map.layout), None)));
            Box::new(table)
        } else {
            let input = decoded(self.progress.count(opened), file)?;
            let table = Csv::open_by(&map.layout, &mut beside, input, file, heads)?;
            self.stands.push((path.to_owned(), stands(table.sheet(), None, Some(&map.layout), None)));
            Box::new(table)
        };
        let Some(mapping) = mapping else { return Ok(table) };
        let beside = Rc::new(RefCell::new(beside));
        self.beside.push((Arc::clone(file), Rc::clone(&beside)));
        Ok(Box::new(Mapped::new(table, mapping, &map.layout, beside, form == Form::Xlsx, self.unmasked)))
    }

    /// What is to be told of tables, now that they have been read.
    pub fn told(&self) -> Vec<String> {
        let beside = self
            .beside
            .iter()
            .zip(self.map.iter().cycle())
            .flat_map(|((file, beside), map)| beside.borrow().notes(file, &map.layout));
        let beside = beside.map(|note| noted(&shown(&note, self.unmasked), self.lang));
        self.notes.iter().cloned().chain(beside).collect()
    }

    /// Applicants in files of their own.
    fn documents(&self, file: &Arc<str>, paths: Vec<PathBuf>) -> Box<dyn Rows + 'a> {
        let (root, lang, progress) = (self.folder, self.lang, self.progress);
        let files = paths.into_iter().map(move |path| {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let id = name.get(..name.len().saturating_sub(".toml".len())).unwrap_or(&name).to_owned();
            let file: Arc<str> = clean(&path.display().to_string()).into();
            let read = files::read(&path, root, &mut io::empty(), lang);
            progress.took(read.as_ref().map_or(&[][..], |source| source.text.as_bytes()));
            let read = read.map_err(|error| {
                // The file is named beside the reason already.
                let text = format!("{error:#}");
                let text = text.strip_prefix(&*file).unwrap_or(&text);
                let text = text.trim_start_matches(|c: char| matches!(c, ':' | '：' | ' ') || c.is_ascii_digit());
                let text = text.to_owned();
                Text::made(text.clone(), text)
            });
            (id, file, read)
        });
        Box::new(Documents::new(file, files))
    }
}

/// The applicants of a folder, in the order of their names, and what to say of everything else in it.
fn documents_of(path: &Path, whole: &Path, file: &Arc<str>) -> Result<(Vec<PathBuf>, Option<Fault>), Vec<Fault>> {
    let read = std::fs::read_dir(whole).map_err(|error| unreadable(file, &error))?;
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for entry in read {
        let entry = entry.map_err(|error| unreadable(file, &error))?;
        let name = PathBuf::from(entry.file_name());
        // A link to nowhere was somebody's file. What is neither a file nor a folder could be waited for without end.
        let is_open = std::fs::metadata(entry.path()).is_ok_and(|kind| !kind.is_file() && !kind.is_dir());
        let is_applicant = Form::of(&name) == Form::Toml || name.as_os_str().eq_ignore_ascii_case(".toml");
        if is_applicant && !is_open { &mut names } else { &mut others }.push(name);
    }
    names.sort();
    if names.is_empty() {
        let reason = Text::new(
            "文件夹中没有申请人的 TOML 文件（*.toml）",
            "there is no applicant's TOML file (*.toml) in this folder",
        );
        return Err(vec![Fault::of_line(file, 0, reason)]);
    }
    others.sort();
    let note = others.first().map(|first| {
        let (count, first) = (others.len(), clean(&first.display().to_string()));
        let reason = Text::made(
            format!("文件夹里只读 *.toml，其余 {count} 项没有读（{first} 等）"),
            format!("of a folder *.toml is read; what else is in it is not: {count}, the first of them {first}"),
        );
        Fault::of_line(file, 0, reason)
    });
    Ok((names.into_iter().map(|name| path.join(name)).collect(), note))
}

pub(in crate::cli) fn decoded<R: Read>(input: R, file: &Arc<str>) -> Result<Decoded<R>, Vec<Fault>> {
    let opened = Decoded::open(input).map_err(|error| unreadable(file, &error))?;
    opened.map_err(|reason| vec![Fault::of_line(file, 0, reason)])
}

pub(in crate::cli) fn unreadable(file: &Arc<str>, error: &io::Error) -> Vec<Fault> {
    vec![Fault::of_line(file, 0, files::not_opened(error))]
}

/// A fault as it is shown: with identity numbers masked, unless they are asked for.
pub(in crate::cli) fn shown(fault: &Fault, unmasked: bool) -> Fault {
    if unmasked { fault.clone() } else { fault.masked() }
}

/// As a message that must be known of what is used.
pub(in crate::cli) fn noted(fault: &Fault, lang: Lang) -> String {
    let text = fault.render(lang);
    match lang {
        Lang::Zh => format!("注意：{text}"),
        Lang::En => format!("note: {text}"),
    }
}

/// As a message that ends a run, or leaves a file out.
pub(in crate::cli) fn said(fault: &Fault, lang: Lang) -> String {
    let text = fault.render(lang);
    match lang {
        Lang::Zh => format!("错误：{text}"),
        Lang::En => format!("error: {text}"),
    }
}
