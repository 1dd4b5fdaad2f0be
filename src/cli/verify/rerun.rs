//! A run that a record names, made again inside this one. It writes nothing but into a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;

use super::open::{Held, Shape, texts};
use super::{Said, is_standard};
use crate::cli::batch::Batch;
use crate::cli::batch::record::beside;
use crate::cli::calc::Calc;
use crate::cli::{Arguments, Exit, Surroundings, Verb};
use crate::lang::{Lang, Text};
use crate::report::again::page::{Statement, statements};
use crate::report::again::sheet::{Workbook, workbook};
use crate::report::record::Record;
use crate::source::clean;

/// What is taken instead of what the record names.
pub(super) struct Again {
    /// The policies; none: those that it names.
    pub policies: Vec<String>,
    /// The applicants' file.
    pub applicant: Option<PathBuf>,
}

/// The same result now.
pub(super) struct Now {
    /// What it was worked out from.
    pub record: Record,
    /// What came out.
    pub written: Written,
}

/// What came out, as the result that it is held against was written.
pub(super) enum Written {
    Data(Value),
    Page(Statement),
    Book(Workbook),
    /// A file, in a folder that stays as long as this.
    Lines(#[expect(dead_code, reason = "it is removed when this is")] TempDir, PathBuf),
}

fn text(zh: &str, en: &str, lang: Lang) -> String {
    Text::made(zh, en).get(lang).to_owned()
}

impl Again {
    /// Works a result out again.
    pub fn work_out(&self, held: &Held, lang: Lang, around: &mut Surroundings<'_>) -> Said<Now> {
        let record = &held.record;
        let line = std::iter::once("duixian").chain(record.command.iter().map(String::as_str));
        let unusable = |why: &str| {
            text(
                &format!("结果记下的命令现在用不了，无从复核：{}", clean(why)),
                &format!("the command that the result names cannot be used now: {}", clean(why)),
                lang,
            )
        };
        let parsed = Arguments::try_parse_from(line)
            .map_err(|error| unusable(error.to_string().lines().next().unwrap_or("")))?;
        match parsed.verb {
            Verb::Calc(calc) => self.calc(calc, held, lang, around),
            Verb::Batch(batch) => self.batch(batch, held, lang, around),
            _ => Err(unusable(record.command.first().map_or("", String::as_str))),
        }
    }

    fn calc(&self, mut calc: Calc, held: &Held, lang: Lang, around: &mut Surroundings<'_>) -> Said<Now> {
        let record = &held.record;
        let first = record.inputs.first().map(|first| PathBuf::from(&first.name));
        let path = self
            .applicant
            .clone()
            .or(first)
            .ok_or_else(|| text("结果缺少申请人文件", "the result lacks the applicant's file", lang))?;
        if is_standard(&path) {
            return Err(text(
                "申请人当时由标准输入读入；请用 --applicant 给出其文件",
                "the applicant was read from standard input; give the file with --applicant",
                lang,
            ));
        }
        calc.applicants = vec![path];
        if !self.policies.is_empty() {
            calc.asking.policies.clone_from(&self.policies);
        }
        let today =
            record.as_of.ok_or_else(|| text("结果缺少评估日期", "the result lacks its evaluation date", lang))?;
        let mut output = Vec::new();
        inside(today, &mut output, lang, around, |inner| calc.run(&record.command, lang, inner))?;
        let output = String::from_utf8_lossy(&output).into_owned();
        let none = || text("重新核算没有结果", "nothing comes out", lang);
        match held.shape {
            Shape::Page(..) => {
                let page = statements(&output).pop().ok_or_else(none)?;
                Ok(Now { record: page.record.clone().ok_or_else(none)?, written: Written::Page(page) })
            }
            _ => {
                let value: Value = serde_json::from_str(&output).map_err(|_| none())?;
                let record = value.get("record").cloned().and_then(|record| serde_json::from_value(record).ok());
                Ok(Now { record: record.ok_or_else(none)?, written: Written::Data(value) })
            }
        }
    }

    fn batch(&self, mut batch: Batch, held: &Held, lang: Lang, around: &mut Surroundings<'_>) -> Said<Now> {
        let record = &held.record;
        if let Some(path) = &self.applicant {
            if batch.inputs.len() != 1 {
                return Err(text(
                    "当时的名册不止一份，--applicant 不能代替",
                    "there were several files of applicants, which --applicant cannot replace",
                    lang,
                ));
            }
            batch.inputs = vec![path.clone()];
        }
        if batch.inputs.iter().any(|path| is_standard(path)) {
            return Err(text(
                "名册当时由标准输入读入；请用 --applicant 给出其文件",
                "the applicants were read from standard input; give the file with --applicant",
                lang,
            ));
        }
        if !self.policies.is_empty() {
            batch.asking.policies.clone_from(&self.policies);
        }
        let folder = tempfile::tempdir().map_err(|error| {
            text(&format!("临时文件写不了（{error}）"), &format!("no temporary file can be made ({error})"), lang)
        })?;
        let results = folder.path().join("results");
        // Whatever a record says, nothing is written anywhere else.
        batch.output = Some(results.clone());
        batch.record = true;
        batch.rejects = batch.rejects.filter(|path| is_standard(path));
        let pages = folder.path().join("statements");
        batch.statements = batch.statements.filter(|_| matches!(held.shape, Shape::Page(..))).map(|_| pages.clone());
        let pays = folder.path().join("payments.xlsx");
        batch.payments = batch.payments.filter(|_| matches!(held.shape, Shape::Book(_))).map(|_| pays.clone());
        let today = record.as_of.or(record.today).unwrap_or(around.today);
        let mut output = Vec::new();
        let command = &record.command;
        inside(today, &mut output, lang, around, |inner| batch.run(command, lang, inner))?;
        let none = || text("重新核算没有结果", "nothing comes out", lang);
        let now = fs::read_to_string(beside(&results)).ok().and_then(|text| serde_json::from_str(&text).ok());
        let now: Record = now.ok_or_else(none)?;
        let written = match &held.shape {
            Shape::Page(_, name) => Written::Page(page(&pages, name, lang)?),
            Shape::Book(said) => Written::Book(book(&results, &pays, said, lang)?),
            _ => Written::Lines(folder, results),
        };
        Ok(Now { record: now, written })
    }
}

/// The statement of a file of this name.
fn page(folder: &Path, name: &str, lang: Lang) -> Said<Statement> {
    let page = fs::read_to_string(folder.join(name)).ok();
    page.and_then(|page| statements(&page).pop()).ok_or_else(|| {
        let name = clean(name);
        text(
            &format!("重新核算的核定表中没有 {name}：此人现在没有核定表，或者文件改过名"),
            &format!(
                "there is no {name} among the statements now: the applicant has none, or the file has another name"
            ),
            lang,
        )
    })
}

/// The workbook of results, or the payment list, whichever has the sheets of this one.
fn book(results: &Path, pays: &Path, said: &Workbook, lang: Lang) -> Said<Workbook> {
    let mut found: Option<Workbook> = None;
    for path in [results, pays].into_iter().filter(|path| path.is_file()) {
        // The results may have been written as a table.
        let Ok(sheets) = texts(path, "-", lang) else { continue };
        let book = workbook(sheets);
        if found.is_none() || book.sheets == said.sheets {
            found = Some(book);
        }
    }
    found.ok_or_else(|| text("重新核算没有工作簿", "no workbook comes out", lang))
}

/// Makes a run inside this one, on that day; where nothing comes of it, what it said is said.
fn inside(
    today: crate::value::Day,
    output: &mut Vec<u8>,
    lang: Lang,
    around: &mut Surroundings<'_>,
    run: impl FnOnce(&mut Surroundings<'_>) -> Exit,
) -> Said<()> {
    let mut errors = Vec::new();
    let mut inner = Surroundings::inside(around.input, output, &mut errors, around.folder.clone(), lang, today);
    if run(&mut inner) == Exit::Unusable {
        let said = String::from_utf8_lossy(&errors).trim_end().to_owned();
        return Err(text(&format!("无法重新核算：\n{said}"), &format!("it cannot be worked out again:\n{said}"), lang));
    }
    Ok(())
}
