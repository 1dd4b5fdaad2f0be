//! `duixian calc`: one breakdown an applicant.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::assess::model::{Assessment, Status};
use crate::cli::asking::{Asking, Looking};
use crate::cli::shelf::Shelf;
use crate::cli::trial::{Trial, left};
use crate::cli::{Exit, Surroundings, files, say};
use crate::lang::{Lang, Text};
use crate::report::record::{FileRead, OfPolicy, PROGRAM, Record, Role};
use crate::report::{Document, FORMATS, Format};
use crate::settle::with_stated;
use crate::source::Source;

/// Work out every clause for an applicant and print the breakdown / 逐条核算一位申请人
#[derive(Debug, Args)]
pub(super) struct Calc {
    /// Applicant files; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(required = true, value_name = "APPLICANT.toml")]
    pub(super) applicants: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) asking: Asking,
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
    /// Leave out of JSON what went into the result, by which `verify` works it out again / JSON 中不写由什么算出
    #[arg(long)]
    no_record: bool,
    /// Show every clause in full, also those that do not apply / 逐条详列，不适用的条款也列出
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    looking: Looking,
}

impl Calc {
    /// Prints a breakdown for every applicant that can be read; one that cannot does not keep the others from theirs.
    pub fn run(&self, command: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let mut shelf = Shelf::default();
        let exit = self.all_of(&mut shelf, command, lang, around);
        if around.ends {
            // Taking the policies apart piece by piece would only cost time.
            std::mem::forget(shelf);
        }
        exit
    }

    fn all_of(&self, shelf: &mut Shelf, command: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        let asked = match self.asking.places(shelf, lang, around) {
            Ok(places) => places,
            Err(exit) => return exit,
        };
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
            match self.one(&source, asked.as_deref(), (shelf, command), lang, around) {
                Some((assessment, record)) => {
                    let text = document.add(&assessment, record.as_ref());
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
        (shelf, command): (&mut Shelf, &[String]),
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<(Assessment, Option<Record>)> {
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
        let record = self.format.names_record && !self.no_record;
        let record = record.then(|| {
            let chosen = self.asking.readings(&asked.policies, lang, around).unwrap_or_default();
            let of = asked.policies.iter().enumerate();
            let of = of.map(|(place, policy)| {
                OfPolicy::of(policy, chosen.get(place).map_or(&[], Vec::as_slice), files::digest)
            });
            let own = FileRead { role: Role::Applicants, name: source.name.clone(), sha256: files::digest(source) };
            Record {
                program: PROGRAM.to_owned(),
                command: command.to_vec(),
                as_of: Some(assessment.as_of),
                today: None,
                policies: of.collect(),
                inputs: vec![own],
            }
        });
        Some((assessment, record))
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
