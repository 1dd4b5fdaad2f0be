//! `duixian diff OLD NEW`: what is different between two policies, clause by clause.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::assess::twins::Twins;
use crate::cli::asking::{Looking, date, one_currency};
use crate::cli::choice;
use crate::cli::effect::{Population, Sides};
use crate::cli::files;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, say};
use crate::diff::effect::{Counts, Effect, Met, OfPart};
use crate::diff::parts::parts;
use crate::diff::{Side, diff, reached};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::Form;
use crate::report::diff::{differences, effect as report, page};
use crate::value::{Day, Interval, Value};

/// Say what is different between two policies, clause by clause / 两版政策逐条对照
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The old policy: a built-in one's id, a file or a folder / 旧政策
    #[arg(value_name = "OLD")]
    old: String,
    /// The new one; the same may be given twice, with other readings or supplements / 新政策
    #[arg(value_name = "NEW")]
    new: String,
    /// Applicants, as `batch` reads them: what the change does to them / 名册：看改动对哪些人有什么影响
    #[arg(value_name = "POPULATION")]
    population: Vec<String>,
    /// A list's records, as `batch` reads them / 名单表
    #[arg(long = "list", value_name = "NAME=FILE", requires = "population")]
    lists: Vec<String>,
    /// The kind of applicant, where a row does not say it / 申请人类型（行内未写时）
    #[arg(long, value_name = "KIND", requires = "population")]
    kind: Option<String>,
    /// The evaluation date / 评估日期
    #[arg(long, value_name = "DATE", requires = "population", value_parser = date)]
    as_of: Option<Day>,
    /// The evaluation date of the old side alone / 旧版一边的评估日期
    #[arg(long, value_name = "DATE", requires = "population", conflicts_with = "as_of", requires = "new_as_of", value_parser = date)]
    old_as_of: Option<Day>,
    /// The evaluation date of the new side alone / 新版一边的评估日期
    #[arg(long, value_name = "DATE", requires = "population", conflicts_with = "as_of", requires = "old_as_of", value_parser = date)]
    new_as_of: Option<Day>,
    /// Pass over columns that only one of the two asks for / 忽略只有一版才问的列
    #[arg(long, requires = "population")]
    ignore_columns: bool,
    /// Also what each change does alone / 另列各处改动单独的影响
    #[arg(long, requires = "population")]
    by_change: bool,
    /// How many work at a time / 并行数
    #[arg(long, value_name = "N", requires = "population", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// A supplement of the old one / 旧政策的补充文件
    #[arg(long, value_name = "FILE")]
    old_with: Vec<String>,
    /// A supplement of the new one / 新政策的补充文件
    #[arg(long, value_name = "FILE")]
    new_with: Vec<String>,
    /// Take an option of a reading of the old one / 旧政策选定一种读法
    #[arg(long = "old-reading", value_name = "READING=OPTION")]
    old_readings: Vec<String>,
    /// Take an option of a reading of the new one / 新政策选定一种读法
    #[arg(long = "new-reading", value_name = "READING=OPTION")]
    new_readings: Vec<String>,
    /// How it is written / 输出格式
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    looking: Looking,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Table,
    Json,
    Csv,
    Html,
}

impl Diff {
    /// Prints what is different; the exit status says whether anything is.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        if self.old == "-" && self.new == "-" {
            let text = Text::new(
                "标准输入只能读一次；另一份请给出文件",
                "standard input can be read once; give a file for the other",
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let (mut old_shelf, mut new_shelf) = (Shelf::default(), Shelf::default());
        let Some(old) = opened(&self.old, &self.old_with, &mut old_shelf, lang, around) else { return Exit::Unusable };
        let Some(new) = opened(&self.new, &self.new_with, &mut new_shelf, lang, around) else { return Exit::Unusable };
        let Some(old_taken) = taken(&self.old_readings, old, lang, around) else { return Exit::Unusable };
        let Some(new_taken) = taken(&self.new_readings, new, lang, around) else { return Exit::Unusable };
        let found = diff(Side { policy: old, taken: &old_taken }, Side { policy: new, taken: &new_taken });
        if !self.population.is_empty() {
            return self.over(&found, [&old_taken, &new_taken], lang, around).unwrap_or_else(|exit| exit);
        }
        let form = match self.format {
            FormatName::Table => Form::Text,
            FormatName::Json => Form::Json,
            FormatName::Csv | FormatName::Html => {
                let text = Text::new(
                    "csv 和 html 说的是对人的影响，要给出名册",
                    "csv and html tell of those who are concerned, which needs a population",
                );
                say(around, lang, text.get(lang));
                return Exit::Unusable;
            }
        };
        let look = self.looking.look(lang, false, around);
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", differences(&found, form, &look));
        if found.is_empty() { Exit::Done } else { Exit::Open }
    }
}

impl Diff {
    /// What the change does to a population: 1 where anything is or may be different.
    fn over(
        &self,
        found: &crate::diff::Diff<'_>,
        taken: [&[(usize, Value)]; 2],
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Exit, Exit> {
        let is_input = |path: &&String| *path == "-";
        if self.population.iter().chain([&self.old, &self.new]).filter(is_input).count() > 1 {
            let text = Text::new("标准输入只能读一次", "standard input can be read once");
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        one_currency(&[found.old, found.new]).map_err(|text| {
            say(around, lang, text.get(lang));
            Exit::Unusable
        })?;
        let population = Population {
            paths: self.population.iter().map(PathBuf::from).collect(),
            lists: &self.lists,
            kind: self.kind.clone(),
            as_of: [self.old_as_of.or(self.as_of), self.new_as_of.or(self.as_of)],
            ignore: self.ignore_columns,
            jobs: self.jobs,
        };
        let sides = Sides::open(found, &population, lang, around)?;
        let as_rows = matches!(self.format, FormatName::Csv);
        let mut effect: Option<Effect> = None;
        let (mut any, mut rows) = (false, Vec::new());
        let ran = sides.run(
            found,
            taken,
            None,
            &mut |twins, met| {
                let effect = effect.get_or_insert_with(|| Effect::new(twins));
                let moved = effect.add(met);
                any |= moved.is_some();
                if let Some(moved) = moved.filter(|_| as_rows) {
                    rows.extend(report::rows(effect, &moved).into_bytes());
                }
                Ok(())
            },
            around,
        )?;
        let Some(mut effect) = effect else {
            let text = Text::new("名册里没有申请人", "there are no applicants in the population");
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        };
        effect.left = ran.left;
        let [old, new, none] = effect.refused;
        if effect.rows == 0 {
            let text = Text::made(
                format!(
                    "没有一行是两版都能核算的：只有旧版能核算 {old} 行，只有新版能核算 {new} 行，两版均退回 {none} 行"
                ),
                format!(
                    "no row can be used under both: {old} only under the old one, {new} only under the new one, {none} rejected by both"
                ),
            );
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        if self.by_change {
            effect.divide(by_change(found, taken, &sides, lang, around)?);
        }
        // A reader that has gone away wants no more.
        let _ = match self.format {
            FormatName::Table => write!(around.output, "{}", report::table(&effect, lang)),
            FormatName::Json => write!(around.output, "{}", report::data(&effect)),
            FormatName::Html => write!(around.output, "{}", page(&effect, found, lang)),
            FormatName::Csv => {
                write!(around.output, "{}", report::head()).and_then(|()| around.output.write_all(&rows))
            }
        };
        Ok(match any || old + new + none + effect.left > 0 {
            _ if ran.unusable => Exit::Unusable,
            true => Exit::Open,
            false => Exit::Done,
        })
    }
}

/// What each part of the change does alone.
fn by_change(
    found: &crate::diff::Diff<'_>,
    taken: [&[(usize, Value)]; 2],
    sides: &Sides<'_>,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Result<Vec<OfPart>, Exit> {
    let said = |text: Text, around: &mut Surroundings<'_>| {
        say(around, lang, text.get(lang));
        Exit::Unusable
    };
    if found.shares_nothing() {
        let text = Text::new(
            "两件政策没有共同的条款，没有可以逐处对照的改动",
            "the two policies have no clause in common, so there are no single changes between them",
        );
        return Err(said(text, around));
    }
    let [taken_before, taken_after] = taken;
    let (old, new) = (Side { policy: found.old, taken: taken_before }, Side { policy: found.new, taken: taken_after });
    let folder = around.folder.clone();
    let find = |policy: &Policy, name: &str| files::vocabulary(name, &policy.source, &folder);
    let parts = parts(old, new, &find).map_err(|text| said(text, around))?;
    let mut all = Vec::new();
    for part in &parts {
        let found = diff(old, Side { policy: &part.policy, taken: &part.taken });
        let wanted = reached(&found);
        let mut effect: Option<Effect> = None;
        let mut take = |twins: &Twins<'_>, met: &Met| {
            effect.get_or_insert_with(|| Effect::new(twins)).add(met);
            Ok(())
        };
        let is_wanted = |id: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(id));
        sides.alone(&found, [taken_before, &part.taken], &is_wanted, &mut take, around)?;
        let (difference, counts) =
            effect.map_or((Interval::ZERO, Counts::default()), |effect| (effect.sums[2], effect.counts));
        all.push(OfPart { changes: part.changes(old), difference, counts });
    }
    Ok(all)
}

/// A policy with its supplements; what is wrong with them was said.
fn opened<'s>(
    asked: &str,
    with: &[String],
    shelf: &'s mut Shelf,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Option<&'s Policy> {
    let asked: Vec<String> = std::iter::once(asked.to_owned()).chain(with.iter().cloned()).collect();
    let places = shelf.asked(&asked, lang, around)?;
    let &[place] = places.as_slice() else {
        let text = Text::new("每一边只能是一件政策和它的补充文件", "each side is one policy and what supplements it");
        say(around, lang, text.get(lang));
        return None;
    };
    let shelf: &'s Shelf = shelf;
    shelf.get(place)
}

fn taken(asked: &[String], policy: &Policy, lang: Lang, around: &mut Surroundings<'_>) -> Option<Vec<(usize, Value)>> {
    match choice::taken(asked, false, &[policy], lang) {
        Ok(mut taken) => Some(taken.pop().unwrap_or_default()),
        Err(error) => {
            say(around, lang, &format!("{error:#}"));
            None
        }
    }
}
