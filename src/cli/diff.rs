//! `duixian diff OLD NEW`: what is different between two policies, clause by clause.

use clap::{Args, ValueEnum};

use crate::cli::asking::{Looking, date, one_currency};
use crate::cli::choice;
use crate::cli::effect::Rows;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, say};
use crate::diff::effect::{Effect, Pairs};
use crate::diff::{Side, diff};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::Form;
use crate::report::diff::{differences, effect as report};
use crate::value::{Day, Value};

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
    /// Pass over columns that only one of the two asks for / 忽略只有一版才问的列
    #[arg(long, requires = "population")]
    ignore_columns: bool,
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
            return self.over(&found, lang, around).unwrap_or_else(|exit| exit);
        }
        let form = match self.format {
            FormatName::Table => Form::Text,
            FormatName::Json => Form::Json,
            FormatName::Csv => {
                let text =
                    Text::new("csv 列出受影响的人，要给出名册", "csv lists who is concerned, which needs a population");
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
    fn over(&self, found: &crate::diff::Diff<'_>, lang: Lang, around: &mut Surroundings<'_>) -> Result<Exit, Exit> {
        if self.population.iter().chain([&self.old, &self.new]).any(|path| path == "-") {
            let text = Text::new(
                "名册要读两遍，不能用标准输入；请给出文件",
                "the population is read twice, so nothing can come from standard input; give files",
            );
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        let said = |text: Text, around: &mut Surroundings<'_>| {
            say(around, lang, text.get(lang));
            Exit::Unusable
        };
        one_currency(&[found.old, found.new]).map_err(|text| said(text, around))?;
        let folder = tempfile::tempdir().map_err(|error| {
            said(
                Text::made(format!("临时文件写不了（{error}）"), format!("no temporary file can be made ({error})")),
                around,
            )
        })?;
        let (old, new) = (
            Text::new("按旧版核算名册时：", "under the old policy:"),
            Text::new("按新版核算名册时：", "under the new policy:"),
        );
        let arguments = self.batch(&self.old, &self.old_with, &self.old_readings);
        let mut before = Rows::of(&arguments, &old, folder.path(), "old.jsonl", lang, around)?;
        let arguments = self.batch(&self.new, &self.new_with, &self.new_readings);
        let mut after = Rows::of(&arguments, &new, folder.path(), "new.jsonl", lang, around)?;
        let (mut effect, mut pairs) = (Effect::new(found), Pairs::default());
        let as_rows = matches!(self.format, FormatName::Csv);
        if as_rows {
            let _ = write!(around.output, "{}", report::head());
        }
        let mut any = false;
        loop {
            let next = [(false, before.next()), (true, after.next())];
            if next.iter().all(|(_, row)| row.is_none()) {
                break;
            }
            for (is_new, row) in next {
                let Some(row) = row else { continue };
                let unread = Text::new("核算结果读不回来", "the results cannot be read back");
                let row = row.map_err(|()| said(unread, around))?;
                let Some((was, is)) = pairs.meet(is_new, row) else { continue };
                let moved = effect.add(&was, &is);
                any |= moved.is_some();
                if let Some(moved) = moved.filter(|_| as_rows) {
                    let _ = write!(around.output, "{}", report::rows(&effect, &moved));
                }
            }
        }
        let left = pairs.left();
        if left > 0 {
            let text = Text::made(
                format!("有 {left} 行只在一次核算中出现；核算期间名册是否改动过？"),
                format!("{left} rows came up in one of the two runs only; was the population changed meanwhile?"),
            );
            return Err(said(text, around));
        }
        if effect.rows == 0 {
            let text = Text::new(
                "没有一行是两版都能核算的；请用 batch 分别核算，看各行为什么退回",
                "no row can be used under both; `batch` says under each why its rows are rejected",
            );
            return Err(said(text, around));
        }
        // A reader that has gone away wants no more.
        let _ = match self.format {
            FormatName::Table => write!(around.output, "{}", report::table(&effect, lang)),
            FormatName::Json => write!(around.output, "{}", report::data(&effect)),
            FormatName::Csv => Ok(()),
        };
        let [old, new, _] = effect.refused;
        Ok(if any || old + new > 0 { Exit::Open } else { Exit::Done })
    }

    /// The arguments with which `batch` works the population out on one side.
    fn batch(&self, policy: &str, with: &[String], readings: &[String]) -> Vec<String> {
        let mut line: Vec<String> = Vec::new();
        let mut option = |name: &str, value: &str| line.extend([name.to_owned(), value.to_owned()]);
        std::iter::once(policy).chain(with.iter().map(String::as_str)).for_each(|policy| option("--policy", policy));
        readings.iter().for_each(|reading| option("--reading", reading));
        self.lists.iter().for_each(|list| option("--list", list));
        self.kind.iter().for_each(|kind| option("--kind", kind));
        self.as_of.iter().for_each(|day| option("--as-of", &day.to_string()));
        line.extend(self.ignore_columns.then(|| "--ignore-columns".to_owned()));
        line.push("--".to_owned());
        line.extend(self.population.iter().cloned());
        line
    }
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
