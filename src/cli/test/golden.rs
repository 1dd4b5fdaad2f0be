//! Golden outputs: what `duixian calc` prints for a sample, beside it in `NAME.zh.txt`, `NAME.en.txt` and `NAME.json`. Further
//! arguments stand in `NAME.args`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::test::Tally;
use crate::cli::{Exit, Surroundings, say};
use crate::document::{Raw, parse};
use crate::lang::{Lang, Text};
use crate::report::testing;
use crate::source::{Source, clean};

/// What a golden output is called behind the sample's name, and the arguments that give it.
const FORMS: &[(&str, &[&str])] = &[
    ("zh.txt", &["--lang", "zh", "--width", "100"]),
    ("en.txt", &["--lang", "en", "--width", "100"]),
    ("json", &["--format", "json", "--no-record"]),
];

/// What is written for a sample that has no golden output yet.
const FIRST: &str = "zh.txt";

/// Runs a sample in each form that has a golden output beside it; gives what is to be said of it.
pub(super) fn check(
    sample: &Path,
    bless: bool,
    lang: Lang,
    around: &mut Surroundings<'_>,
    tally: &mut Tally,
) -> String {
    let mut said = String::new();
    let beside = |form: &str| sample.with_extension(form);
    let there: Vec<_> = FORMS.iter().filter(|(form, _)| around.folder.join(beside(form)).is_file()).collect();
    let wanted: Vec<_> = match (there.is_empty(), bless) {
        (false, _) => there,
        (true, true) => FORMS.iter().filter(|(form, _)| *form == FIRST).collect(),
        (true, false) => {
            tally.without += 1;
            return said;
        }
    };
    let further = fs::read_to_string(around.folder.join(beside("args"))).unwrap_or_default();
    let further: Vec<String> = further.split_whitespace().map(str::to_owned).collect();
    let mut suite = testing::Suite { name: sample.display().to_string(), cases: Vec::new() };
    for (form, arguments) in wanted {
        let path = beside(form);
        tally.outputs += 1;
        let failure = match output(sample, arguments, &further, around) {
            Err(text) => {
                let shown = clean(&path.display().to_string());
                Some(format!("{}\n", at(&shown, text.get(lang), lang)))
            }
            Ok(came) => compare(&path, &came, bless, lang, around, tally, &mut said),
        };
        if let Some(failure) = &failure {
            tally.failed += 1;
            said.push_str(&format!("{failure}\n"));
        }
        let place = Some((path.display().to_string(), 1));
        suite.cases.push(testing::Case { name: (*form).to_owned(), place, failure });
    }
    tally.suites.push(suite);
    said
}

fn at(path: &str, text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("未通过  {path}\n  {text}"),
        Lang::En => format!("FAILED  {path}\n  {text}"),
    }
}

/// The difference to what stands in the golden output, unless it is written anew.
fn compare(
    path: &Path,
    came: &str,
    bless: bool,
    lang: Lang,
    around: &mut Surroundings<'_>,
    tally: &mut Tally,
    said: &mut String,
) -> Option<String> {
    let full = around.folder.join(path);
    let stands = fs::read_to_string(&full).unwrap_or_default();
    // A checkout may have turned the ends of lines.
    if full.is_file() && stands.replace("\r\n", "\n") == came {
        return None;
    }
    let shown = path.display().to_string();
    if !bless {
        return Some(testing::golden(&shown, &stands, came, lang));
    }
    match fs::write(&full, came) {
        Ok(()) => {
            tally.written += 1;
            let word = if lang == Lang::Zh { "已重写" } else { "written" };
            said.push_str(&format!("{word} {}\n", clean(&shown)));
        }
        Err(error) => {
            tally.unusable = true;
            let shown = clean(&shown);
            let text = match lang {
                Lang::Zh => format!("{shown}：无法写入（{error}）"),
                Lang::En => format!("{shown}: cannot be written ({error})"),
            };
            say(around, lang, &text);
        }
    }
    None
}

/// What `calc` prints, run in the sample's own folder, so that it does not depend on where the test is run.
fn output(sample: &Path, arguments: &[&str], further: &[String], around: &Surroundings<'_>) -> Result<String, Text> {
    let name = sample.file_name().unwrap_or_default().to_owned();
    let folder = around.folder.join(sample.parent().unwrap_or(Path::new("")));
    if !is_dated(&folder.join(&name), further) {
        return Err(Text::new(
            "申请人文件和 .args 均未写评估日期（as_of 或 --as-of），输出会随日期而变",
            "neither the applicant's file nor its .args gives an evaluation date (as_of or --as-of): the output would change by the day",
        ));
    }
    let mut line: Vec<OsString> = ["duixian", "calc"].map(OsString::from).to_vec();
    line.push(name);
    line.extend(arguments.iter().map(OsString::from));
    line.extend(further.iter().map(OsString::from));
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let mut nothing = std::io::empty();
    let mut inner = Surroundings::inside(&mut nothing, &mut out, &mut errors, folder, Lang::Zh, around.today);
    let exit = crate::cli::run(line, &mut inner);
    let mut text = String::from_utf8_lossy(&out).into_owned() + &String::from_utf8_lossy(&errors);
    if exit != Exit::Done {
        text.push_str(&format!("exit status: {}\n", exit as u8));
    }
    Ok(text)
}

fn is_dated(sample: &Path, further: &[String]) -> bool {
    if further.iter().any(|word| word.starts_with("--as-of")) {
        return true;
    }
    let text = fs::read_to_string(sample).unwrap_or_default();
    let document = parse(&Source::new("", text), &mut Vec::new());
    let head = document.as_ref().and_then(|document| document.get("applicant")).map(|item| &item.value);
    matches!(head, Some(Raw::Table(head)) if head.get("as_of").is_some())
}
