//! Two runs over the same applicants, read back row by row: what `diff` over a population holds against each other.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::batch::settle::Range;
use crate::cli::{Exit, Surroundings};
use crate::diff::effect::{OfLine, Outcome, State};
use crate::lang::{Lang, Text};
use crate::value::Interval;

/// A row of a run, or a row that it refused.
#[derive(Deserialize)]
struct Row {
    id: Option<String>,
    line: Option<u64>,
    #[serde(default)]
    name: String,
    lines: Option<Vec<Line>>,
    totals: Option<Amounts>,
}

#[derive(Deserialize)]
struct Line {
    clause: String,
    status: String,
    counted: bool,
    amounts: Option<Amounts>,
}

#[derive(Deserialize)]
struct Amounts {
    awarded: Range,
}

/// The rows of a run.
pub(super) struct Rows(Lines<BufReader<File>>);

impl Rows {
    /// Works out the applicants of these arguments of `batch`, and gives their rows; what is wrong is said, with the side it is on.
    pub fn of(
        arguments: &[String],
        side: &Text,
        folder: &Path,
        name: &str,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Rows, Exit> {
        let path: PathBuf = folder.join(name);
        let Some(written) = path.to_str() else { return Err(Exit::Unusable) };
        let mut line: Vec<String> =
            ["duixian", "batch", "--to", "jsonl", "--rejects", "-", "-o", written, "--taken-only"]
                .map(str::to_owned)
                .to_vec();
        line.extend(["--lang".to_owned(), if lang == Lang::Zh { "zh" } else { "en" }.to_owned()]);
        line.extend(arguments.iter().cloned());
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let folder = around.folder.clone();
        let mut inside = Surroundings::inside(around.input, &mut output, &mut errors, folder, lang, around.today);
        let exit = super::verb(line.into_iter().map(Into::into).collect(), lang, &mut inside);
        // A row that is refused is told with the differences; what keeps the whole run from being made is told here.
        let opened = File::open(&path);
        match opened {
            Ok(file) if file.metadata().is_ok_and(|about| about.len() > 0) => Ok(Rows(BufReader::new(file).lines())),
            _ => {
                if exit == Exit::Done {
                    let text = Text::new("名册里没有申请人", "there are no applicants in the population");
                    super::say(around, lang, text.get(lang));
                } else {
                    let _ = writeln!(around.errors, "{}", side.get(lang));
                    let _ = around.errors.write_all(&errors);
                }
                Err(Exit::Unusable)
            }
        }
    }

    /// The next row; an error where the file cannot be read back.
    pub fn next(&mut self) -> Option<Result<Outcome, ()>> {
        let line = self.0.next()?;
        Some(line.map_err(drop).and_then(|line| serde_json::from_str::<Row>(&line).map_err(drop)).and_then(outcome))
    }
}

fn outcome(row: Row) -> Result<Outcome, ()> {
    let id = row.id.or_else(|| row.line.map(|line| line.to_string())).unwrap_or_default();
    let mut outcome = Outcome { id, name: row.name, ..Outcome::default() };
    let Some(lines) = row.lines else { return Ok(outcome) };
    let mut clauses: BTreeMap<String, OfLine> = BTreeMap::new();
    for line in lines {
        let own = line.amounts.as_ref().filter(|_| line.counted);
        let awarded = own.map_or(Ok(Interval::ZERO), |amounts| amounts.awarded.get().map_err(drop))?;
        let state = match line.status.as_str() {
            "eligible" | "met" => State::Paid,
            "undetermined" => State::Open,
            _ => State::Nothing,
        };
        let found = OfLine { awarded, state };
        clauses.entry(line.clause).and_modify(|known| *known = known.and(found)).or_insert(found);
    }
    outcome.clauses = Some(clauses);
    outcome.total = match row.totals {
        Some(totals) => Some(totals.awarded.get().map_err(drop)?),
        None => None,
    };
    Ok(outcome)
}
