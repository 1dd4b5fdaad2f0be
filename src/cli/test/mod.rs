//! `duixian test`: runs the cases of policies and the golden outputs of samples.

pub(in crate::cli) mod find;
mod golden;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cases::{Exceptions, File, Ran};
use crate::cli::asking::LangName;
use crate::cli::outputs::apart;
use crate::cli::{Exit, PLAIN_WIDTH, Surroundings, files, say, show};
use crate::coverage::{Coverage, coverage};
use crate::expr::watch::Watch;
use crate::lang::{Lang, Text};
use crate::mutation::{self, Subject};
use crate::policy::{self, Policy};
use crate::report::testing;
use crate::source::clean;
use find::{Found, Testable};

/// Run the cases of policies and the golden outputs of samples / 运行政策案例，核对样例的预期输出
///
/// Without PATH: what lies in policies/ and samples/ below this folder, or the policy of this folder. The built-in policies
/// carry their cases: `duixian test qingyuan`. Exit status: 0 all pass, 1 something fails, 2 it cannot be run.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// A policy's id, a policy, cases or samples: files or folders / 政策编号，政策、案例或样例的文件或文件夹
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Write the golden outputs of samples anew; expectations worked by hand are never written / 重写样例的预期输出
    #[arg(long)]
    bless: bool,
    /// Also write the results as JUnit XML; `-` is standard output / 另写 JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Which outcomes of each clause the cases reach, and which are missing / 各条款哪些结果有案例
    #[arg(long)]
    coverage: bool,
    /// Change the policy in one place at a time; list the changes that no case notices / 逐处改动政策，列出无案例发现的改动
    #[arg(long)]
    mutate: bool,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// Columns of the tables / 表格宽度（列）
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
}

/// What a run has come to so far.
#[derive(Default)]
struct Tally {
    cases: usize,
    outputs: usize,
    failed: usize,
    written: usize,
    /// Samples without any golden output.
    without: usize,
    /// Something could not be run.
    unusable: bool,
    /// Coverage or changes are open.
    open: bool,
    suites: Vec<testing::Suite>,
}

impl Test {
    /// Prints what fails; the exit status says whether anything does.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        if self.bless && around.ci {
            let text = Text::new(
                "设有 CI 时不得 --bless：预期输出由人重写、由人审阅",
                "--bless is refused where CI is set: people write expectations anew, and read them",
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let found = match find::all(&self.paths, around, lang) {
            Ok(found) => found,
            Err(error) => {
                say(around, lang, &format!("{error:#}"));
                return Exit::Unusable;
            }
        };
        let outputs: Vec<&Path> = self.junit.iter().map(PathBuf::as_path).collect();
        if let Err(text) = apart(&outputs, &found.files(), &around.folder, lang) {
            say(around, lang, &text);
            return Exit::Unusable;
        }
        let mut tally = Tally::default();
        for testable in &found.policies {
            self.policy(testable, lang, around, &mut tally);
        }
        for sample in &found.samples {
            let text = golden::check(sample, self.bless, lang, around, &mut tally);
            self.print(around, &text);
        }
        self.conclude(&found, &mut tally, lang, around)
    }

    /// Whether the document of `--junit -` stands alone on standard output.
    fn stands_alone(&self) -> bool {
        self.junit.as_deref() == Some(Path::new("-"))
    }

    fn print(&self, around: &mut Surroundings<'_>, text: &str) {
        // A reader that has gone away wants no more.
        let _ = if self.stands_alone() { write!(around.errors, "{text}") } else { write!(around.output, "{text}") };
    }

    fn policy(&self, testable: &Testable, lang: Lang, around: &mut Surroundings<'_>, tally: &mut Tally) {
        let folder = around.folder.clone();
        let find = |name: &str| files::vocabulary(name, &testable.source, &folder);
        let (policy, faults) = policy::read(&testable.source, &find);
        show(&faults, lang, around);
        let exceptions = testable.untested.as_ref().map(Exceptions::read).unwrap_or_default();
        show(&exceptions.faults, lang, around);
        let cases: Vec<File> = testable.cases.iter().map(File::read).collect();
        cases.iter().for_each(|file| show(&file.faults, lang, around));
        let Some(policy) = policy else {
            tally.unusable = true;
            return;
        };
        tally.unusable |= !exceptions.faults.is_empty() || cases.iter().any(|file| !file.faults.is_empty());
        let width = self.width(around);
        let (watch, mut all, before) = (Watch::default(), Vec::new(), tally.failed);
        for file in &cases {
            let ran: Vec<Ran> =
                (0..file.len()).filter_map(|place| file.run_one(place, &policy, Some(&watch))).collect();
            tally.cases += ran.len();
            let mut suite = testing::Suite { name: file.source.name.clone(), cases: Vec::new() };
            for ran in &ran {
                let failure = (!ran.passed()).then(|| testing::failure(ran, lang, width));
                if let Some(failure) = &failure {
                    tally.failed += 1;
                    self.print(around, &format!("{failure}\n"));
                }
                let place = Some((ran.span.source.name.clone(), ran.span.place().line));
                suite.cases.push(testing::Case { name: ran.name.clone(), place, failure });
            }
            tally.suites.push(suite);
            all.extend(ran);
        }
        if !(self.coverage || self.mutate) {
            return;
        }
        if tally.failed > before {
            let text = Text::new(
                "有案例未通过，不测覆盖，也不试改动",
                "cases fail: neither coverage nor changes are looked at",
            );
            say(around, lang, text.get(lang));
            return;
        }
        if self.coverage {
            let found = coverage(&policy, &all, &watch, &exceptions);
            let open = is_open(&found);
            let text = testing::coverage(&policy, &found, &exceptions, lang, width);
            self.extra(text, open, &policy, "coverage", around, tally);
        }
        if self.mutate {
            let subject = Subject { policy: &policy, files: &cases, exceptions: &exceptions, find: &find };
            let tried = subject.try_out(mutation::changes(&policy));
            let open = !tried.unnoticed.is_empty() || !tried.stale.is_empty();
            let text = testing::mutation(&policy, &tried, &exceptions, lang, width);
            self.extra(text, open, &policy, "mutation", around, tally);
        }
    }

    /// Prints a report of coverage or changes.
    fn extra(
        &self,
        text: String,
        open: bool,
        policy: &Policy,
        what: &str,
        around: &mut Surroundings<'_>,
        tally: &mut Tally,
    ) {
        self.print(around, &format!("{text}\n"));
        tally.open |= open;
        let case = testing::Case { name: what.to_owned(), place: None, failure: open.then_some(text) };
        tally.suites.push(testing::Suite { name: policy.id.clone(), cases: vec![case] });
    }

    fn width(&self, around: &Surroundings<'_>) -> usize {
        self.width.map(usize::from).or(around.terminal).unwrap_or(PLAIN_WIDTH)
    }

    fn conclude(&self, found: &Found, tally: &mut Tally, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let Tally { cases, outputs, failed, without, written, .. } = *tally;
        let passed = (cases + outputs).saturating_sub(failed);
        let mut said = match lang {
            Lang::Zh => format!("案例 {cases} 个，样例输出 {outputs} 件：通过 {passed}，未通过 {failed}"),
            Lang::En => {
                let (cases, outputs) = (many(cases, "case"), many(outputs, "golden output"));
                format!("{cases}, {outputs}: {passed} passed, {failed} failed")
            }
        };
        if without > 0 {
            said.push_str(&match lang {
                Lang::Zh => format!("；{without} 个样例尚无预期输出（--bless 可写）"),
                Lang::En => format!("; {} without golden output (--bless writes one)", many(without, "sample")),
            });
        }
        if written > 0 {
            said.push_str(&match lang {
                Lang::Zh => format!("；重写 {written} 件，请审阅改动"),
                Lang::En => format!("; {written} written anew: read what changed"),
            });
        }
        let something = cases + outputs + without > 0;
        if something {
            self.print(around, &format!("{said}\n"));
        }
        if let Some(path) = &self.junit {
            let suites: Vec<testing::Suite> = std::mem::take(&mut tally.suites);
            let result = testing::junit(&suites).map_err(|error| error.to_string()).and_then(|text| {
                if self.stands_alone() {
                    let _ = write!(around.output, "{text}");
                    return Ok(());
                }
                fs::write(around.folder.join(path), text).map_err(|error| error.to_string())
            });
            if let Err(error) = result {
                let path = clean(&path.display().to_string());
                let text = match lang {
                    Lang::Zh => format!("{path}：无法写入（{error}）"),
                    Lang::En => format!("{path}: cannot be written ({error})"),
                };
                say(around, lang, &text);
                tally.unusable = true;
            }
        }
        if !something && !tally.unusable {
            let text = match (found.policies.first(), lang) {
                (Some(policy), Lang::Zh) => {
                    format!("{}：没有案例；案例放在旁边的 cases/*.toml", clean(&policy.source.name))
                }
                (Some(policy), Lang::En) => {
                    format!("{}: there is no case; cases stand beside it, in cases/*.toml", clean(&policy.source.name))
                }
                (None, Lang::Zh) => "没有可运行的案例或样例".to_owned(),
                (None, Lang::En) => "there is no case or sample to run".to_owned(),
            };
            say(around, lang, &text);
            tally.unusable = true;
        }
        if tally.unusable {
            Exit::Unusable
        } else if failed > 0 || tally.open {
            Exit::Open
        } else {
            Exit::Done
        }
    }
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn is_open(found: &Coverage) -> bool {
    let (_, _, missing) = found.counts();
    missing > 0 || !found.stale.is_empty()
}
