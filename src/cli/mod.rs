//! The command line. Only this room touches files, streams and the clock; each verb is one file, and takes its streams as
//! arguments so that tests run it in the same process.

mod ask;
mod asking;
mod audit;
mod batch;
mod book;
mod calc;
mod check;
mod choice;
mod columns;
mod completions;
mod diff;
mod draft;
mod effect;
mod explain;
mod explain_code;
mod files;
mod fmt;
mod language;
mod lsp;
mod man;
mod needs;
mod outputs;
mod policies;
mod schema;
mod settle;
mod shelf;
mod template;
mod test;
mod trial;
mod verify;

use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::cli::outputs::Watched;
use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, Text};

/// The width of what goes to no terminal.
const PLAIN_WIDTH: usize = 100;

/// More faults than this are only counted: a file that has them is another kind of file.
const MOST_SHOWN: usize = 100;

/// What help calls an argument that is a policy: a built-in one's id, a file or a folder.
const POLICY_NAMES: [&str; 4] = ["POLICY", "ID|FILE|DIR", "OLD", "NEW"];

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was calculated.
    Done = 0,
    /// A check found something open.
    Open = 1,
    /// The command line or a file cannot be used.
    Unusable = 2,
    /// With `--strict`: something is undetermined.
    Undetermined = 3,
}

/// The streams and surroundings of a run.
pub struct Surroundings<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output: results.
    pub output: &'a mut dyn Write,
    /// Standard error: everything else.
    pub errors: &'a mut dyn Write,
    /// The folder that relative paths start from; the working directory if empty.
    pub folder: PathBuf,
    /// Columns of the terminal that standard output goes to; `None` where it is none.
    pub terminal: Option<usize>,
    /// Whether standard error goes to a terminal, so that a long run may show how far it is.
    pub progress: bool,
    /// The language that the locale asks for.
    pub locale: Lang,
    /// Whether the surroundings ask for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Whether the process ends with the run, so that what is held need not be given back.
    pub ends: bool,
    /// Whether this is a run that nobody watches (`CI`), which writes no expectations.
    pub ci: bool,
    /// Today.
    pub today: crate::value::Day,
}

impl<'a> Surroundings<'a> {
    /// Those of a run inside another, which nobody watches: no terminal, no colour.
    fn inside(
        input: &'a mut dyn Read,
        output: &'a mut dyn Write,
        errors: &'a mut dyn Write,
        folder: PathBuf,
        locale: Lang,
        today: crate::value::Day,
    ) -> Surroundings<'a> {
        let (terminal, progress, no_color, ends, ci) = (None, false, true, false, true);
        Surroundings { input, output, errors, folder, terminal, progress, locale, no_color, ends, ci, today }
    }
}

/// A calculator for talent-subsidy policies that shows its working.
///
/// 人才政策兑现测算：逐条核定，列明算式、依据与待补事实。
#[derive(Debug, Parser)]
#[command(name = "duixian", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Ask(ask::Ask),
    Audit(audit::Audit),
    Batch(batch::Batch),
    Book(book::Book),
    Calc(calc::Calc),
    Completions(completions::Completions),
    Diff(diff::Diff),
    Draft(draft::Draft),
    Fmt(fmt::Fmt),
    Explain(explain::Explain),
    Needs(needs::Needs),
    Check(check::Check),
    Columns(columns::Columns),
    ExplainCode(explain_code::ExplainCode),
    Lsp(lsp::Lsp),
    Man(man::Man),
    Policies(policies::Policies),
    Test(test::Test),
    Schema(schema::Schema),
    Template(template::Template),
    Settle(settle::Settle),
    Verify(verify::Verify),
}

/// Standard input, which may let wait for what never comes.
struct Waiting<R>(R);

impl<R: Read> Read for Waiting<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        batch::interrupt::read(|| self.0.read(into))
    }
}

/// Runs the program on the real streams.
pub fn main() -> ExitCode {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .map_or(Lang::Zh, |locale| Lang::of_locale(&locale));
    if SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).is_err() {
        let text = Text::new(
            "这台计算机的时钟在 1970 年以前；请先校正时钟",
            "this computer's clock says a day before 1970; set it right first",
        );
        let _ = writeln!(std::io::stderr(), "{}", text.get(locale));
        return ExitCode::from(Exit::Unusable as u8);
    }
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal().then(|| language::columns(&std::env::var("COLUMNS").unwrap_or_default()));
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let mut output = std::io::BufWriter::new(stdout.lock());
    let exit = run(
        std::env::args_os(),
        &mut Surroundings {
            input: &mut Waiting(std::io::stdin().lock()),
            output: &mut output,
            // Not locked: what ends a run that waits must say so.
            errors: &mut std::io::stderr(),
            folder: PathBuf::new(),
            terminal,
            progress: std::io::stderr().is_terminal(),
            locale,
            no_color,
            ends: true,
            ci: std::env::var_os("CI").is_some_and(|value| !value.is_empty()),
            today: crate::value::Day::today(),
        },
    );
    ExitCode::from(exit as u8)
}

/// Runs a command line in its surroundings. Output that could not be written is told and makes the exit status 2, whichever
/// verb wrote it.
pub fn run(arguments: impl IntoIterator<Item = OsString>, around: &mut Surroundings<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = language::asked(&arguments).unwrap_or(around.locale);
    let mut output = Watched::new(&mut *around.output);
    let mut watched = Surroundings {
        input: &mut *around.input,
        output: &mut output,
        errors: &mut *around.errors,
        folder: around.folder.clone(),
        terminal: around.terminal,
        progress: around.progress,
        locale: around.locale,
        no_color: around.no_color,
        ends: around.ends,
        ci: around.ci,
        today: around.today,
    };
    let exit = verb(arguments, lang, &mut watched);
    match output.end() {
        Some(error) if exit != Exit::Unusable => {
            let error = outputs::in_words(&error, lang);
            let text =
                Text::made(format!("输出写不出去（{error}）"), format!("the output cannot be written ({error})"));
            say(around, lang, text.get(lang));
            Exit::Unusable
        }
        _ => exit,
    }
}

fn verb(arguments: Vec<OsString>, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
    // What a result names as the way to work it out again.
    let mut command: Vec<String> = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if language::asked(&arguments).is_none() && !command.is_empty() {
        let own = if lang == Lang::Zh { "zh" } else { "en" };
        command.splice(1..1, ["--lang".to_owned(), own.to_owned()]);
    }
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments { verb: Verb::Calc(calc) }) => calc.run(&command, lang, around),
        Ok(Arguments { verb: Verb::Ask(ask) }) => ask.run(lang, around),
        Ok(Arguments { verb: Verb::Audit(audit) }) => audit.run(lang, around),
        Ok(Arguments { verb: Verb::Batch(batch) }) => batch.run(&command, lang, around),
        Ok(Arguments { verb: Verb::Book(book) }) => book.run(lang, around),
        Ok(Arguments { verb: Verb::Diff(diff) }) => diff.run(lang, around),
        Ok(Arguments { verb: Verb::Draft(draft) }) => draft.run(lang, around),
        Ok(Arguments { verb: Verb::Fmt(fmt) }) => fmt.run(lang, around),
        Ok(Arguments { verb: Verb::Explain(explain) }) => explain.run(lang, around),
        Ok(Arguments { verb: Verb::Needs(needs) }) => needs.run(lang, around),
        Ok(Arguments { verb: Verb::Check(check) }) => check.run(lang, around),
        Ok(Arguments { verb: Verb::Columns(columns) }) => columns.run(lang, around),
        Ok(Arguments { verb: Verb::ExplainCode(explain) }) => explain.run(lang, around),
        Ok(Arguments { verb: Verb::Lsp(lsp) }) => lsp.run(lang, around),
        Ok(Arguments { verb: Verb::Policies(policies) }) => policies.run(lang, around),
        Ok(Arguments { verb: Verb::Test(test) }) => test.run(lang, around),
        Ok(Arguments { verb: Verb::Completions(completions) }) => completions.run(around),
        Ok(Arguments { verb: Verb::Man(man) }) => man.run(lang, around),
        Ok(Arguments { verb: Verb::Schema(schema) }) => schema.run(lang, around),
        Ok(Arguments { verb: Verb::Template(template) }) => template.run(lang, around),
        Ok(Arguments { verb: Verb::Verify(verify) }) => verify.run(lang, around),
        Ok(Arguments { verb: Verb::Settle(settle) }) => settle.run(lang, around),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let _ = write!(around.output, "{}", error.render());
            Exit::Done
        }
        Err(error) => {
            let _ = write!(around.errors, "{}", language::usage_error(&error, lang));
            Exit::Unusable
        }
    }
}

fn show(diagnostics: &[Diagnostic], lang: Lang, around: &mut Surroundings<'_>) {
    let mut files: Vec<&str> = Vec::new();
    for (span, _) in diagnostics.iter().filter_map(|diagnostic| diagnostic.labels.first()) {
        if !files.contains(&span.source.name.as_str()) {
            files.push(&span.source.name);
        }
    }
    // File by file, and from top to bottom, as they will be mended.
    let mut ordered: Vec<&Diagnostic> = diagnostics.iter().collect();
    ordered.sort_by_key(|diagnostic| {
        let first = diagnostic.labels.first().map(|(span, _)| span);
        first.map(|span| (files.iter().position(|file| *file == span.source.name), span.range.start))
    });
    for diagnostic in ordered.iter().take(MOST_SHOWN) {
        let _ = writeln!(around.errors, "{}", diagnostic.render(lang));
    }
    if let Some(more) = ordered.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let text = match lang {
            Lang::Zh => format!("另有 {more} 处错误，未逐一列出"),
            Lang::En => format!("{more} more errors are not listed"),
        };
        say(around, lang, &text);
    }
}

fn say(around: &mut Surroundings<'_>, lang: Lang, text: &str) {
    let _ = match lang {
        Lang::Zh => writeln!(around.errors, "错误：{text}"),
        Lang::En => writeln!(around.errors, "error: {text}"),
    };
}
