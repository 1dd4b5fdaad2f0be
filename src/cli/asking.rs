//! What every verb that calculates is asked with: the policies, the evaluation date, the readings; and how its output looks.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::applicant::{self, Applicant, When};
use crate::assess::model::{Assessment, LeftOut, Warning};
use crate::assess::{Detail, assess_some};
use crate::cli::choice::{self, Taken};
use crate::cli::shelf::{Chosen, Shelf, is_asked_for_somewhere};
use crate::cli::{Exit, PLAIN_WIDTH, Surroundings, files, say, show};
use crate::diagnostic::did_you_mean;
use crate::document::parse;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, builtin};
use crate::report::Look;
use crate::source::{Source, clean};
use crate::value::Day;

/// By which policies, on which day, and in which readings.
#[derive(Debug, Args)]
pub(super) struct Asking {
    /// A built-in policy's id, a policy file, or its folder; the built-in ones that fit the applicant if not given / 政策：内置编号、文件或文件夹
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    pub(super) policies: Vec<String>,
    /// The evaluation date / 评估日期
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Day>,
    /// Take an option of a reading / 选定一种读法
    #[arg(long = "reading", value_name = "POLICY.READING=OPTION")]
    readings: Vec<String>,
    /// Pass over payments under policies that nobody knows / 忽略政策编号无人认识的已发记录
    #[arg(long)]
    ignore_payments: bool,
    /// `open`: take every reading as unknown / 各读法一律待定
    #[arg(long = "readings", value_name = "open", value_enum)]
    all_readings: Option<AllReadings>,
}

/// How the output looks.
#[derive(Debug, Args)]
pub(super) struct Looking {
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// Colours: on a terminal, always or never / 颜色
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Columns of the output; the terminal's if not given / 宽度（列）
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
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

/// An applicant, read against the policies that are applied.
pub(super) struct Asked<'a> {
    pub policies: Vec<&'a Policy>,
    pub applicant: Applicant,
    /// The policies that are not applied, and why.
    pub left_out: Vec<LeftOut>,
    /// What to know where the applicant's place does not tell whether a policy holds.
    pub unplaced: Option<Warning>,
}

impl Asked<'_> {
    /// The breakdown of these clauses, none: of all, with what to know of the policies' choice.
    pub fn assessed(&mut self, clauses: &[String]) -> Assessment {
        let wanted = |policy: &str, clause: &str| is_wanted(clauses, policy, clause);
        let mut assessment = assess_some(&self.policies, &self.applicant, &wanted, Detail::Full);
        assessment.left_out = std::mem::take(&mut self.left_out);
        assessment.warnings.extend(self.unplaced.take());
        assessment
    }
}

impl Asking {
    /// The policies that were asked for, by their places on the shelf; `Ok(None)`: those that fit the applicant.
    pub fn places(
        &self,
        shelf: &mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Option<Vec<usize>>, Exit> {
        match self.policies.as_slice() {
            [] => Ok(None),
            asked => shelf.asked(asked, lang, around).map(Some).ok_or(Exit::Unusable),
        }
    }

    /// The policies of a run over many applicants; `own` are those that the inputs name, where none was asked for.
    pub fn many<'s>(
        &self,
        own: &[String],
        clauses: &[String],
        shelf: &'s mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Many<'s>, Exit> {
        Many::open(if self.policies.is_empty() { own } else { &self.policies }, clauses, shelf, lang, around)
    }

    /// Whether the policies are those that fit each applicant.
    pub fn is_by_applicant(&self) -> bool {
        self.policies.is_empty()
    }

    /// The evaluation date that was asked for, and today.
    pub fn when(&self, around: &Surroundings<'_>) -> When {
        When { as_of: self.as_of, today: around.today, ignore_payments: self.ignore_payments }
    }

    /// The options of readings that are taken; what is wrong with them was said.
    pub fn readings(&self, policies: &[&Policy], lang: Lang, around: &mut Surroundings<'_>) -> Result<Taken, Exit> {
        choice::taken(&self.readings, self.all_readings.is_some(), policies, lang).map_err(|error| {
            say(around, lang, &format!("{error:#}"));
            Exit::Unusable
        })
    }

    /// The one applicant of a verb that looks at one; the rest as for [`Asking::read`].
    pub fn one<'s>(
        &self,
        applicant: &Path,
        clauses: &[String],
        shelf: &'s mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Asked<'s>, Exit> {
        let places = self.places(shelf, lang, around)?;
        let source = files::read(applicant, &around.folder, around.input, lang).map_err(|error| {
            say(around, lang, &format!("{error:#}"));
            Exit::Unusable
        })?;
        self.read(&source, places.as_deref(), clauses, shelf, lang, around).ok_or(Exit::Unusable)
    }

    /// Reads an applicant; `clauses` must be clauses of the policies applied. `None` where something is wrong, which was then
    /// said.
    pub fn read<'s>(
        &self,
        source: &Arc<Source>,
        places: Option<&[usize]>,
        clauses: &[String],
        shelf: &'s mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<Asked<'s>> {
        let mut diagnostics = Vec::new();
        let document = parse(source, &mut diagnostics);
        show(&diagnostics, lang, around);
        let document = document?;
        let chosen = match places {
            Some(places) => Chosen { places: places.to_vec(), ..Chosen::default() },
            None => shelf.fitting(&document, lang, around)?,
        };
        let shelf: &'s Shelf = shelf;
        let policies: Vec<&Policy> = chosen.places.iter().filter_map(|place| shelf.get(*place)).collect();
        if let Err(text) = known_clauses(clauses, &policies) {
            say(around, lang, text.get(lang));
            return None;
        }
        let (applicant, diagnostics) =
            applicant::from_document(&source.name, &document, &policies, self.when(around), &is_asked_for_somewhere);
        show(&diagnostics, lang, around);
        let mut applicant = applicant?;
        applicant.replace(&self.readings(&policies, lang, around).ok()?);
        let left_out = |(policy, title, why)| LeftOut { policy, title, why };
        let unplaced = chosen.unplaced();
        Some(Asked { policies, applicant, unplaced, left_out: chosen.left_out.into_iter().map(left_out).collect() })
    }
}

/// The policies of a run over many applicants.
pub(super) struct Many<'a> {
    pub policies: Vec<&'a Policy>,
    /// For each policy whether each of its clauses is wanted.
    pub wanted: Vec<Vec<bool>>,
}

impl<'a> Many<'a> {
    /// Those that are asked for, or all built-in ones; `clauses` must be clauses of theirs. What is wrong was said.
    pub fn open(
        asked: &[String],
        clauses: &[String],
        shelf: &'a mut Shelf,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Many<'a>, Exit> {
        let built_in = || builtin::policies().iter().map(|known| known.id.to_owned()).collect();
        let asked = if asked.is_empty() { built_in() } else { asked.to_vec() };
        let places = shelf.asked(&asked, lang, around).ok_or(Exit::Unusable)?;
        let shelf: &'a Shelf = shelf;
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        Many { policies, wanted: Vec::new() }.only(clauses, lang, around)
    }

    /// The same with these clauses alone, which must be theirs. What is wrong was said.
    pub fn only(self, clauses: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Result<Many<'a>, Exit> {
        if let Err(text) = known_clauses(clauses, &self.policies) {
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        let of = |policy: &&Policy| {
            let all = policy.clauses.iter();
            all.map(|clause| is_wanted(clauses, &policy.id, &clause.id)).collect()
        };
        let wanted = self.policies.iter().map(of).collect();
        Ok(Many { wanted, ..self })
    }
}

/// Whether amounts of these policies can be added up: money of several currencies has no sum.
pub(super) fn one_currency(policies: &[&Policy]) -> Result<(), Text> {
    let mut currencies = policies.iter().map(|policy| (&policy.names.money.word, &policy.id));
    let Some((first, of)) = currencies.next() else { return Ok(()) };
    let Some((other, by)) = currencies.find(|(word, _)| *word != first) else { return Ok(()) };
    let (of, by) = (clean(of), clean(by));
    Err(Text::made(
        format!("政策 {of} 以{first}计，{by} 以{other}计，两种货币没有合计；请用 --policy 分开核算"),
        format!(
            "the policy {of} is in {first} and {by} in {other}: there is no sum over two currencies; apply them one at a time with --policy"
        ),
    ))
}

/// Whether the policies can be applied together and all clauses that are asked for are there; otherwise the first that is not,
/// with the nearest that is.
pub(super) fn known_clauses(clauses: &[String], policies: &[&Policy]) -> Result<(), Text> {
    one_currency(policies)?;
    for asked in clauses {
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

/// Whether a clause is among those asked for, which all are where none is.
pub(super) fn is_wanted(asked: &[String], policy: &str, clause: &str) -> bool {
    asked.is_empty() || asked.iter().any(|asked| names(asked, policy, clause))
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

impl Looking {
    /// The language asked for, or that of the surroundings.
    pub fn lang(&self, lang: Lang) -> Lang {
        self.lang.map_or(lang, LangName::lang)
    }

    /// How the output shall look; `all`: with the lines that do not apply.
    pub fn look(&self, lang: Lang, all: bool, around: &Surroundings<'_>) -> Look {
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => around.terminal.is_some() && !around.no_color,
        };
        let width = self.width.map(usize::from).or(around.terminal).unwrap_or(PLAIN_WIDTH);
        Look { lang, width, color, all }
    }
}
