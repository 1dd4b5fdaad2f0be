//! `duixian verify RESULT`: works a result out again, and says whether it is the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::cli::asking::{Asking, Looking};
use crate::cli::calc::files_read;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, files, say};
use crate::lang::{Lang, Text};
use crate::report::again::{Difference, Sealed, compare, sealed};
use crate::report::{Look, record::PROGRAM};
use crate::source::{Source, clean};
use crate::value::Day;

/// Work a result out again and say whether it is the same, to the amount / 复核一份结果：重新核算，逐项比对
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A result of `calc --format json --record`; `-` is standard input / 结果文件
    #[arg(value_name = "RESULT")]
    result: PathBuf,
    /// The applicant's file, where it is no longer where it was / 申请人文件
    #[arg(long, value_name = "FILE")]
    applicant: Option<PathBuf>,
    /// The policy now, instead of the one that the result names; repeatable / 改用此政策
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    #[command(flatten)]
    looking: Looking,
}

impl Verify {
    /// Prints what is otherwise; 0 where everything is the same.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        let results = match self.results(lang, around) {
            Ok(results) => results,
            Err(text) => {
                say(around, lang, &text);
                return Exit::Unusable;
            }
        };
        let mut exit = Exit::Done;
        for result in &results {
            match self.one(result, lang, around) {
                Ok(true) => {}
                Ok(false) if exit == Exit::Done => exit = Exit::Open,
                Ok(false) => {}
                Err(text) => {
                    if let Some(text) = text {
                        say(around, lang, &text);
                    }
                    return Exit::Unusable;
                }
            }
        }
        exit
    }

    fn results(&self, lang: Lang, around: &mut Surroundings<'_>) -> Result<Vec<Value>, String> {
        let source =
            files::read(&self.result, &around.folder, around.input, lang).map_err(|error| format!("{error:#}"))?;
        let read: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&source.text).into_iter().collect();
        let results = read.map_err(|error| {
            let error = clean(&error.to_string());
            let text = Text::made(
                format!("{}：不是结果文件（JSON：{error}）", source.name),
                format!("{}: this is no result (JSON: {error})", source.name),
            );
            text.get(lang).to_owned()
        })?;
        let said = |zh: &str, en: &str| {
            Text::made(format!("{}：{zh}", source.name), format!("{}: {en}", source.name)).get(lang).to_owned()
        };
        if results.is_empty() {
            return Err(said("文件是空的", "the file is empty"));
        }
        if self.applicant.is_some() && results.len() > 1 {
            return Err(said(
                "文件中有几份结果，--applicant 只能用于一份",
                "there are several results in the file; --applicant is for one",
            ));
        }
        Ok(results)
    }

    /// Whether one result is the same. `Err(None)`: what is wrong was said.
    fn one(&self, result: &Value, lang: Lang, around: &mut Surroundings<'_>) -> Result<bool, Option<String>> {
        let text = |zh: &'static str, en: &'static str| Some(Text::new(zh, en).get(lang).to_owned());
        let Some(record) = result.get("record") else {
            return Err(text(
                "结果没有写明由什么算出（record），无从复核；用 calc --format json --record 算出的才有",
                "the result does not say what it was worked out from (record); those of `calc --format json --record` do",
            ));
        };
        let named: Sealed = serde_json::from_value(record.clone()).map_err(|error| {
            let error = clean(&error.to_string());
            Text::made(
                format!("结果中的 record 读不出（{error}）"),
                format!("the record of the result cannot be read ({error})"),
            )
            .get(lang)
            .to_owned()
        })?;
        let as_of = result.get("as_of").and_then(Value::as_str).and_then(Day::parse);
        let (Some(as_of), Some(first)) = (as_of, named.files.first()) else {
            return Err(text(
                "结果缺少评估日期或申请人文件",
                "the result lacks its evaluation date or the applicant's file",
            ));
        };
        let path = self.applicant.clone().unwrap_or_else(|| PathBuf::from(&first.name));
        if path == Path::new("-") {
            return Err(text(
                "申请人当时由标准输入读入；请用 --applicant 给出其文件",
                "the applicant was read from standard input; give the file with --applicant",
            ));
        }
        let source =
            files::read(&path, &around.folder, around.input, lang).map_err(|error| Some(format!("{error:#}")))?;
        let mut asked = named.asked.clone();
        if !self.policies.is_empty() {
            asked.policies.clone_from(&self.policies);
        }
        let look = Look { all: asked.all, ..self.looking.look(lang, asked.all, around) };
        let now = worked_out(&source, &asked, as_of, &look, lang, around).ok_or(None)?;
        let Some(again) = now.get("record").and_then(|record| serde_json::from_value::<Sealed>(record.clone()).ok())
        else {
            return Err(None);
        };
        let differences = compare(result, &now);
        let changed = changes(&named, &again);
        let mut said = String::new();
        let who = result.get("applicant").and_then(|applicant| applicant.get("name")).and_then(Value::as_str);
        let who = clean(who.unwrap_or(&first.name));
        let head = match (differences.is_empty(), lang) {
            (true, Lang::Zh) => format!("{who}：结果一致\n"),
            (true, Lang::En) => format!("{who}: the same\n"),
            (false, Lang::Zh) => format!("{who}：结果不一致，{} 处\n", differences.len()),
            (false, Lang::En) => format!(
                "{who}: not the same, in {}\n",
                if differences.len() == 1 { "one place".to_owned() } else { format!("{} places", differences.len()) }
            ),
        };
        said.push_str(&head);
        for difference in &differences {
            said.push_str(&line(difference, lang));
        }
        for change in &changed {
            said.push_str(&format!("  {}\n", change.get(lang)));
        }
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{said}");
        Ok(differences.is_empty() && changed.is_empty())
    }
}

/// The same result now, as data.
fn worked_out(
    source: &Arc<Source>,
    asked: &crate::report::again::Asked,
    as_of: Day,
    look: &Look,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Option<Value> {
    let asking = Asking::again(asked, as_of);
    let mut shelf = Shelf::default();
    let places = asking.places(&mut shelf, lang, around).ok()?;
    let mut read = asking.read(source, places.as_deref(), &asked.clauses, &mut shelf, lang, around)?;
    let assessment = read.assessed(&asked.clauses);
    let now = Sealed::now(&files_read(source, &read.policies), asked.clone());
    serde_json::from_str(&sealed(&assessment, look, &now)).ok()
}

/// Which inputs are no longer those that the result names.
fn changes(named: &Sealed, now: &Sealed) -> Vec<Text> {
    let mut found = Vec::new();
    if named.program != PROGRAM {
        let program = clean(&named.program);
        found.push(Text::made(
            format!("程序：当时是 {program}，现在是 {PROGRAM}"),
            format!("program: it was {program}, it is {PROGRAM}"),
        ));
    }
    // The applicant's file may be called otherwise; it stands first.
    let pairs = |place: usize, name: &str| {
        if place == 0 { now.files.first() } else { now.files.iter().skip(1).find(|file| file.name == name) }
    };
    for (place, file) in named.files.iter().enumerate() {
        let name = clean(&file.name);
        match pairs(place, &file.name) {
            Some(other) if other.sha256 == file.sha256 => {}
            Some(other) => {
                let other = clean(&other.name);
                found.push(if place == 0 {
                    Text::made(
                        format!("申请人文件 {other} 与当时的不同（摘要不符）"),
                        format!("the applicant's file {other} is not the one of then (another digest)"),
                    )
                } else {
                    Text::made(
                        format!("{name} 与当时的不同（摘要不符）；用 duixian diff 查看改了什么"),
                        format!("{name} is not the one of then (another digest); `duixian diff` says what changed"),
                    )
                });
            }
            None => found.push(Text::made(format!("现在没有用到 {name}"), format!("{name} is not used now"))),
        }
    }
    for file in now.files.iter().skip(1).filter(|file| !named.files.iter().any(|known| known.name == file.name)) {
        let name = clean(&file.name);
        found.push(Text::made(format!("当时没有用到 {name}"), format!("{name} was not used then")));
    }
    found
}

fn line(difference: &Difference, lang: Lang) -> String {
    let place = match (&difference.line, lang) {
        (None, _) => String::new(),
        (Some((_, clause, record)), Lang::Zh) => {
            let record = record.map_or_else(String::new, |record| format!("第 {record} 条"));
            format!("条款 {}{record}：", clean(clause))
        }
        (Some((_, clause, record)), Lang::En) => {
            let record = record.map_or_else(String::new, |record| format!(", record {record}"));
            format!("clause {}{record}: ", clean(clause))
        }
    };
    let what = difference.what.get(lang);
    let (none_said, none_now) = match lang {
        Lang::Zh => ("没有", "没有"),
        Lang::En => ("none", "none"),
    };
    if difference.said.is_none() && difference.now.is_none() {
        return format!("  {place}{what}\n");
    }
    let said = difference.said.as_deref().unwrap_or(none_said);
    let now = difference.now.as_deref().unwrap_or(none_now);
    match lang {
        Lang::Zh => format!("  {place}{what} 结果写 {said}，复核为 {now}\n"),
        Lang::En => format!("  {place}{what}: the result says {said}, it comes to {now}\n"),
    }
}
