//! `duixian calc`: one breakdown an applicant.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::assess::model::{Assessment, FileRead, Status};
use crate::cli::asking::{Asking, Looking};
use crate::cli::shelf::Shelf;
use crate::cli::trial::{Trial, left};
use crate::cli::{Exit, Surroundings, files, say};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::again::{Sealed, sealed};
use crate::report::{Document, FORMATS, Format, JSON};
use crate::settle::with_stated;
use crate::source::Source;

/// Work out every clause for an applicant and print the breakdown / 逐条核算一位申请人
#[derive(Debug, Args)]
pub(super) struct Calc {
    /// Applicant files; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(required = true, value_name = "APPLICANT.toml")]
    applicants: Vec<PathBuf>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    trial: Trial,
    /// What is left of a clause's limit over all applicants: places, or money / 某条款涉及全部申请人的限额尚余多少
    #[arg(long, value_name = "CLAUSE=VALUE", requires = "source")]
    left: Vec<String>,
    /// Show only this clause / 只列此条款
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// How the breakdown is written / 输出格式
    #[arg(long, default_value = "table", value_parser = format_parser())]
    format: &'static Format,
    /// Exit with 3 if something is undetermined / 有待定事项时以 3 退出
    #[arg(long)]
    strict: bool,
    /// With --format json: name everything that went into the result, for `verify` / 写明由什么算出，供复核
    #[arg(long)]
    record: bool,
    /// Show every clause in full, also those that do not apply / 逐条详列，不适用的条款也列出
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    looking: Looking,
}

impl Calc {
    /// Prints a breakdown for every applicant that can be read; one that cannot does not keep the others from theirs.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        // The process ends with the run; taking the policies apart piece by piece would only cost time.
        let mut shelf = ManuallyDrop::new(Shelf::default());
        let asked = match self.asking.places(&mut shelf, lang, around) {
            Ok(places) => places,
            Err(exit) => return exit,
        };
        if self.record && self.format.name != JSON.name {
            let text = Text::new("--record 只用于 --format json", "--record is for --format json");
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        if self.record && self.trial.is_tried() {
            let text = Text::new(
                "带 --set 或 --left 的试算不能复核，不与 --record 同用",
                "a trial with --set or --left is nothing to verify: leave out --record",
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let mut exit = Exit::Done;
        let all = self.all || !self.clauses.is_empty();
        let look = self.looking.look(lang, all, around);
        let mut document = Document::new(self.format, look);
        for path in &self.applicants {
            let source = match files::read(path, &around.folder, around.input, lang) {
                Ok(source) => source,
                Err(error) => {
                    say(around, lang, &format!("{error:#}"));
                    exit = Exit::Unusable;
                    continue;
                }
            };
            match self.one(&source, asked.as_deref(), &mut shelf, lang, around) {
                Some(assessment) => {
                    let text = match self.record {
                        true => {
                            let asked = self.asking.asked(&self.clauses, all);
                            sealed(&assessment, &look, &Sealed::now(&assessment.files, asked))
                        }
                        false => document.add(&assessment),
                    };
                    if write!(around.output, "{text}").is_err() {
                        // The reader has gone away.
                        return exit;
                    }
                    let open = assessment.lines.iter().any(|line| line.status == Status::Undetermined);
                    if self.strict && open && exit == Exit::Done {
                        exit = Exit::Undetermined;
                    }
                }
                None => exit = Exit::Unusable,
            }
        }
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", document.end());
        exit
    }

    fn one(
        &self,
        source: &Arc<Source>,
        places: Option<&[usize]>,
        shelf: &mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<Assessment> {
        let mut asked = self.asking.read(source, places, &self.clauses, shelf, lang, around)?;
        let tell = |texts: Vec<Text>, around: &mut Surroundings<'_>| {
            texts.iter().for_each(|text| say(around, lang, text.get(lang)));
        };
        let tried = self
            .trial
            .of(&asked.policies, !self.left.is_empty())
            .and_then(|tried| Ok((tried, left(&self.left, self.trial.source(), &asked.policies)?)));
        let ((values, warnings), stated) = tried.map_err(|texts| tell(texts, around)).ok()?;
        asked.applicant.replace(&values);
        let mut assessment = asked.assessed(&self.clauses);
        assessment.warnings.extend(warnings);
        if !stated.is_empty() {
            let settled = with_stated(&mut assessment, &asked.policies, &stated);
            settled.map_err(|text| tell(vec![text], around)).ok()?;
        }
        if self.format.names_files || self.record {
            assessment.files = files_read(source, &asked.policies);
        }
        Some(assessment)
    }
}

/// Takes the name of a format.
fn format_parser() -> impl TypedValueParser<Value = &'static Format> {
    let named = |format: &&'static Format| {
        let Format { name, about, .. } = format;
        PossibleValue::new(*name).help(format!("{} / {}", about.en, about.zh))
    };
    PossibleValuesParser::new(FORMATS.iter().map(named)).try_map(|name| {
        let found = FORMATS.iter().find(|format| format.name == name);
        found.copied().ok_or("there is no such format")
    })
}

/// The applicant's file and those of the policies, each once.
pub(super) fn files_read(applicant: &Source, policies: &[&Policy]) -> Vec<FileRead> {
    let of_policies = policies.iter().flat_map(|policy| std::iter::once(&policy.source).chain(&policy.beside));
    let mut files: Vec<FileRead> = Vec::new();
    for source in std::iter::once(applicant).chain(of_policies.map(|source| &**source)) {
        if !files.iter().any(|known| known.name == source.name) {
            files.push(FileRead { name: source.name.clone(), sha256: files::digest(source) });
        }
    }
    files
}
