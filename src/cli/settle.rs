//! `duixian settle`: limits over all applicants, settled on results that `batch` wrote in parts.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::applicant::When;
use crate::batch::settle::{Gathering, Writing};
use crate::batch::{Across, Plan, Shape, Sink as _, Summary, output};
use crate::cli::asking::{LangName, Many};
use crate::cli::batch::progress::{Counted, Digest, Progress};
use crate::cli::batch::save::Saved;
use crate::cli::batch::{Stop, interrupt, spending, tell};
use crate::cli::outputs::{apart, sources_of};
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, MOST_SHOWN, Surroundings, files, say};
use crate::lang::{Lang, Text};
use crate::rows::{Fault, Setup};
use crate::settle::decide;
use crate::source::clean;

/// Settle limits over all applicants on results of `batch --to jsonl` / 核定涉及全部申请人的限额
#[derive(Debug, Args)]
pub(super) struct Settle {
    /// Results of `batch --unsettled --to jsonl`, of every part / 各部分的未核限额结果
    #[arg(required = true, value_name = "RESULTS")]
    inputs: Vec<PathBuf>,
    /// The policies that the batch used; all built-in ones if not given / 核算时所用的政策
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    /// The clauses that the batch was asked for, as columns of --wide / 核算时所选的条款（--wide 的各列）
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// How results are written / 输出格式
    #[arg(long, value_enum, default_value = "csv")]
    to: To,
    /// One row an applicant, with columns for each clause / 每位申请人一行，各条款分列
    #[arg(long)]
    wide: bool,
    /// Where the results go, instead of standard output; written beside it and renamed when complete / 结果文件
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Pay out this much in the order of the lines, and say at whom it ends, under each reading / 预算（如 500万元）：按先后发放，到谁不足，各读法分列
    #[arg(long, value_name = "MONEY")]
    budget: Option<String>,
    /// Exit with 3 if something is undetermined / 有待定事项时以 3 退出
    #[arg(long)]
    strict: bool,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum To {
    Csv,
    Jsonl,
}

impl Settle {
    /// Reads all claims, decides, and writes every result again with what was decided.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut shelf = Shelf::default();
        let Many { policies, wanted } = match Many::open(&self.policies, &self.clauses, &mut shelf, lang, around) {
            Ok(many) => many,
            Err(exit) => return exit,
        };
        let mut read = self.inputs.clone();
        read.extend(sources_of(&policies));
        let outputs: Vec<&Path> = self.output.iter().map(PathBuf::as_path).collect();
        if let Err(text) = apart(&outputs, &read, &around.folder, lang) {
            say(around, lang, &text);
            return Exit::Unusable;
        }
        let budget = match spending::asked(self.budget.as_deref(), &policies) {
            Ok(budget) => budget,
            Err(text) => {
                say(around, lang, text.get(lang));
                return Exit::Unusable;
            }
        };
        let when = When { as_of: None, today: around.today, ignore_payments: false };
        let plan = Plan {
            wanted,
            lang,
            shape: match (self.to, self.wide) {
                (To::Jsonl, _) => Shape::Json,
                (To::Csv, true) => Shape::Wide,
                (To::Csv, false) => Shape::Long,
            },
            compile: false,
            across: Across::Gather,
            is_wide: self.wide,
            budget,
            ..Plan::new(Setup::new(policies, when))
        };
        interrupt::watch(lang);
        let (claims, kept, first) = match self.gather(&plan, lang, around) {
            Ok(gathered) => gathered,
            Err(stop) => return stopped(stop, lang, around),
        };
        let decisions = decide(claims, &plan.setup.policies);
        let plan = Plan { across: Across::Settled(&decisions), kept, ..plan };
        match self.write(&plan, &decisions, first, lang, around) {
            Ok(summary) => {
                let text = tell::summary(&plan, &summary, lang) + &tell::limits(&plan, &summary, lang);
                let text = text + &output::budget::table(&plan, &summary) + undivided(&plan, lang);
                let _ = around.errors.write_all(text.as_bytes());
                if self.strict && summary.open > 0 { Exit::Undetermined } else { Exit::Done }
            }
            Err(stop) => stopped(stop, lang, around),
        }
    }

    fn gather(
        &self,
        plan: &Plan<'_>,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<(crate::settle::Claims, Vec<String>, Option<Digest>), Stop> {
        let mut gathering = Gathering::new(plan);
        let progress = Progress::new(&self.inputs, &around.folder, false, lang).watched();
        for path in &self.inputs {
            let (name, mut input) = open(path, &around.folder, &progress, lang)?;
            gathering.file(&name, &mut input).map_err(|error| unreadable(&name, &error, lang))?;
            if interrupt::is_asked() {
                return Err(Stop::Said(interrupt::words().get(lang).to_owned()));
            }
        }
        if gathering.faults.is_empty() {
            return Ok((gathering.claims, gathering.kept, progress.digest()));
        }
        for fault in gathering.faults.iter().take(MOST_SHOWN) {
            let _ = writeln!(around.errors, "{}", render(fault, lang));
        }
        let lines = gathering.faults.len();
        Err(Stop::Said(match lang {
            Lang::Zh => format!("有 {lines} 行不能用，少了谁都会改变先后；没有写出结果"),
            Lang::En => {
                format!("{lines} lines cannot be used, and who is missing changes who comes first; nothing was written")
            }
        }))
    }

    fn write(
        &self,
        plan: &Plan<'_>,
        decisions: &crate::settle::Decisions,
        first: Option<Digest>,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Summary, Stop> {
        let folder = around.folder.clone();
        let progress = Progress::new(&self.inputs, &folder, around.progress, lang).watched();
        let mut sink =
            Saved::open(self.output.as_deref(), None, &folder, around.output, &progress, (around.today, lang))?;
        sink.heads(output::heads(plan));
        let mut writing = Writing::new(plan, decisions);
        for path in &self.inputs {
            let (_, mut input) = open(path, &folder, &progress, lang)?;
            writing.file(&mut input, &mut sink).map_err(|error| sink.stop(&error))?;
            let is_last = self.inputs.last() == Some(path);
            let changed = writing.changed || is_last && first != progress.digest();
            if changed || !sink.progress(writing.summary.read) {
                let text = Text::new(
                    "结果文件在核定期间有变动或已中断；没有写出结果",
                    "a file was changed while it was read, or this was interrupted; nothing was written",
                );
                sink.void(plan.shape, &text)?;
                return Err(Stop::Said(text.get(lang).to_owned()));
            }
        }
        progress.end();
        let mut summary = writing.summary;
        summary.finish(plan);
        if self.to == To::Jsonl {
            let mut last = Vec::new();
            output::budget::json(plan, &summary, &mut last);
            sink.results(&last).map_err(|error| sink.stop(&error))?;
        }
        sink.keep(false)?;
        Ok(summary)
    }
}

/// That results do not say how they are divided, where they should be.
fn undivided(plan: &Plan<'_>, lang: Lang) -> &'static str {
    if !plan.is_divided() {
        return "";
    }
    match lang {
        Lang::Zh => "注意：结果文件不含如何分担，核定后未再划分；要按分担列示，用 batch 由名册直接核定\n",
        Lang::En => {
            "note: results do not say how they are divided, so what was settled is not; batch from the register divides it\n"
        }
    }
}

fn stopped(stop: Stop, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
    if let Stop::Said(text) = stop {
        say(around, lang, &text);
    }
    Exit::Unusable
}

fn render(fault: &Fault, lang: Lang) -> String {
    let text = fault.masked().render(lang);
    if lang == Lang::Zh { format!("错误：{text}") } else { format!("error: {text}") }
}

fn unreadable(name: &str, error: &std::io::Error, lang: Lang) -> Stop {
    let why = files::not_opened(error);
    Stop::Said(match lang {
        Lang::Zh => format!("{name}：{}", why.zh),
        Lang::En => format!("{name}: {}", why.en),
    })
}

/// Opens results; they are read twice, so they must be a file.
fn open(
    path: &Path,
    folder: &Path,
    progress: &Progress,
    lang: Lang,
) -> Result<(Arc<str>, BufReader<Counted<File>>), Stop> {
    let name: Arc<str> = clean(&path.display().to_string()).into();
    let file = folder.join(path);
    if path == Path::new("-") || (file.exists() && !file.is_file()) {
        return Err(Stop::Said(match lang {
            Lang::Zh => format!("{name}：结果要读两遍，请给出文件"),
            Lang::En => format!("{name}: results are read twice; give a file"),
        }));
    }
    let opened = File::open(&file).map_err(|error| unreadable(&name, &error, lang))?;
    Ok((name, BufReader::new(progress.count(opened))))
}
