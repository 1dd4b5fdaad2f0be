//! `duixian calc`: one breakdown an applicant.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::applicant::{self, When};
use crate::assess::model::{Assessment, LeftOut, Status};
use crate::assess::{Detail, assess_some};
use crate::cli::shelf::{Chosen, Shelf, is_asked_for_somewhere};
use crate::cli::{Exit, PLAIN_WIDTH, Surroundings, choice, files, say, show};
use crate::diagnostic::did_you_mean;
use crate::document::parse;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::{Format, Look, render};
use crate::source::{Source, clean};
use crate::value::Day;

/// Work out every clause for an applicant and print the breakdown / 逐条核算一位申请人
#[derive(Debug, Args)]
pub(super) struct Calc {
    /// Applicant files; `-` is standard input / 申请人文件，`-` 为标准输入
    #[arg(required = true, value_name = "APPLICANT.toml")]
    applicants: Vec<PathBuf>,
    /// A built-in policy's id, a policy file, or its folder; the built-in ones that fit the applicant if not given / 政策：内置编号、文件或文件夹
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    /// Show only this clause / 只列此条款
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// The evaluation date / 评估日期
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Day>,
    /// Take an option of a reading / 选定一种读法
    #[arg(long = "reading", value_name = "POLICY.READING=OPTION")]
    readings: Vec<String>,
    /// `open`: take every reading as unknown / 各读法一律待定
    #[arg(long = "readings", value_name = "open", value_enum)]
    all_readings: Option<AllReadings>,
    /// How the breakdown is written / 输出格式
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// Exit with 3 if something is undetermined / 有待定事项时以 3 退出
    #[arg(long)]
    strict: bool,
    /// Also show clauses that do not apply / 不适用的条款也列出
    #[arg(long)]
    all: bool,
    /// Colours: on a terminal, always or never / 颜色
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Columns of the table; the terminal's if not given / 表格宽度（列）
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Table,
    Json,
}

/// A language as the command line names it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LangName {
    Zh,
    En,
}

impl LangName {
    /// The language.
    pub fn lang(self) -> Lang {
        match self {
            LangName::Zh => Lang::Zh,
            LangName::En => Lang::En,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum AllReadings {
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

pub(super) fn date(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a date is written 2024-03-01, from 1900 to 2199".to_owned())
}

impl Calc {
    /// Prints a breakdown for every applicant that can be read; one that cannot does not keep the others from theirs.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        // The process ends with the run; taking the policies apart piece by piece would only cost time.
        let mut shelf = ManuallyDrop::new(Shelf::default());
        let asked = match self.policies.as_slice() {
            [] => None,
            asked => match shelf.asked(asked, lang, around) {
                Some(places) => Some(places),
                None => return Exit::Unusable,
            },
        };
        let mut exit = Exit::Done;
        let mut printed = false;
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
                    let text = self.render(&assessment, lang, around);
                    let gap = if printed && matches!(self.format, FormatName::Table) { "\n" } else { "" };
                    printed = true;
                    if write!(around.output, "{gap}{text}").is_err() {
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
        exit
    }

    fn one(
        &self,
        source: &Arc<Source>,
        asked: Option<&[usize]>,
        shelf: &mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<Assessment> {
        let mut diagnostics = Vec::new();
        let document = parse(source, &mut diagnostics);
        show(&diagnostics, lang, around);
        let document = document?;
        let chosen = match asked {
            Some(places) => Chosen { places: places.to_vec(), left_out: Vec::new() },
            None => shelf.fitting(&document, lang, around)?,
        };
        let policies: Vec<&Policy> = chosen.places.iter().filter_map(|place| shelf.get(*place)).collect();
        if let Err(text) = known_clauses(&self.clauses, &policies) {
            say(around, lang, text.get(lang));
            return None;
        }
        let when = When { as_of: self.as_of, today: around.today };
        let (applicant, diagnostics) =
            applicant::from_document(&source.name, &document, &policies, when, &is_asked_for_somewhere);
        show(&diagnostics, lang, around);
        let mut applicant = applicant?;
        let open = self.all_readings.is_some();
        match choice::taken(&self.readings, open, &policies, lang) {
            Ok(taken) => choice::take(&taken, &mut applicant),
            Err(error) => {
                say(around, lang, &format!("{error:#}"));
                return None;
            }
        }
        let wanted = |policy: &str, clause: &str| {
            self.clauses.is_empty() || self.clauses.iter().any(|asked| names(asked, policy, clause))
        };
        let mut assessment = assess_some(&policies, &applicant, &wanted, Detail::Full);
        let left_out = |(policy, title, why)| LeftOut { policy, title, why };
        assessment.left_out = chosen.left_out.into_iter().map(left_out).collect();
        Some(assessment)
    }

    fn render(&self, assessment: &Assessment, lang: Lang, around: &Surroundings<'_>) -> String {
        let format = match self.format {
            FormatName::Table => Format::Table,
            FormatName::Json => Format::Json,
        };
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => around.terminal.is_some() && !around.no_color,
        };
        let width = self.width.map(usize::from).or(around.terminal).unwrap_or(PLAIN_WIDTH);
        let all = self.all || !self.clauses.is_empty();
        render(assessment, format, &Look { lang, width, color, all })
    }
}

/// Whether all clauses that are asked for are there; otherwise the first that is not, with the nearest that is.
pub(super) fn known_clauses(asked: &[String], policies: &[&Policy]) -> Result<(), Text> {
    for asked in asked {
        if !policies.iter().any(|policy| policy.clauses.iter().any(|clause| names(asked, &policy.id, &clause.id))) {
            let known: Vec<&str> =
                policies.iter().flat_map(|policy| policy.clauses.iter().map(|clause| clause.id.as_str())).collect();
            let near = did_you_mean(asked, known);
            let near = near.map(|near| Text::made(format!("\n  {}", near.zh), format!("\n  {}", near.en)));
            let (asked, near) = (clean(asked), near.unwrap_or_default());
            return Err(Text::made(
                format!("没有条款“{asked}”{}", near.zh),
                format!("there is no clause “{asked}”{}", near.en),
            ));
        }
    }
    Ok(())
}

/// Whether `19`, `19.1` or `qingyuan/19.1` names this clause: itself, or an article of which it is a part.
pub(super) fn names(asked: &str, policy: &str, clause: &str) -> bool {
    let asked = match asked.split_once('/') {
        Some((id, asked)) if id == policy => asked,
        Some(_) => return false,
        None => asked,
    };
    asked == clause || clause.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
}
