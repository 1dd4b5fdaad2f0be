//! `duixian batch`: a file of applicants.

mod arguments;
mod correcting;
mod drain;
pub(super) mod forms;
pub(super) mod gather;
pub(super) mod interrupt;
pub(super) mod lists;
pub(super) mod open;
mod paying;
pub(super) mod progress;
pub(super) mod record;
mod returning;
pub(super) mod room;
pub(super) mod save;
pub(super) mod spending;
mod standing;
mod statements;
mod stored;
pub(super) mod tell;

use std::path::{Path, PathBuf};

use crate::assess::Detail;
use crate::batch::{Across, Choice, Finished, Papers, Plan, Shape, Sink as _, Statements, output, run};
use crate::cli::asking::{LangName, Many};
pub(super) use crate::cli::batch::arguments::Batch;
use crate::cli::batch::arguments::To;
use crate::cli::batch::correcting::Corrected;
use crate::cli::batch::forms::Forms;
use crate::cli::batch::lists::Gathered;
use crate::cli::batch::paying::Payments;
use crate::cli::batch::progress::{Digest, Progress};
use crate::cli::batch::returning::{TableRead, is_a_workbook};
use crate::cli::batch::save::Saved;
use crate::cli::batch::standing::Tables;
use crate::cli::batch::statements::{Folder, Sayings};
use crate::cli::outputs::{apart, sources_of};
use crate::cli::shelf::{Shelf, fitting_places, is_asked_for_somewhere};
use crate::cli::{Exit, Surroundings, files, say, show};
use crate::lang::{Lang, Text};
use crate::report::record::{Record, Role};
use crate::report::signing::Signing;
use crate::rows::map::Map;
use crate::rows::raw::Stands;
use crate::rows::{Fault, Setup};
use crate::source::clean;

impl Batch {
    /// Works out every row, writes the results, and says at the end what they came to.
    pub fn run(&self, command: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        if let Some(text) = room::too_little() {
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let forms = match self.forms(around) {
            Ok(forms) => forms,
            Err(faults) => return self.told(&faults, lang, around),
        };
        let own = match forms.as_ref().map(Forms::policy).transpose() {
            Ok(own) => own.unwrap_or_default(),
            Err(_) if !self.asking.is_by_applicant() => Vec::new(),
            Err(faults) => return self.told(&faults, lang, around),
        };
        let mut shelf = Shelf::default();
        let mut many = self.asking.many(&own, &self.clauses, &mut shelf, lang, around);
        if let (Some(forms), Ok(found)) = (&forms, &many) {
            match forms.fit(&found.policies, lang) {
                Ok(note) => note.iter().for_each(|note| drop(writeln!(around.errors, "{note}"))),
                Err(faults) => return self.told(&faults, lang, around),
            }
            if self.clauses.is_empty() {
                many = many.and_then(|many| many.only(forms.clauses(), lang, around));
            }
        }
        let Many { policies, wanted } = match many {
            Ok(many) => many,
            Err(exit) => return exit,
        };
        let readings = match self.asking.readings(&policies, lang, around) {
            Ok(readings) => readings,
            Err(exit) => return exit,
        };
        let mut read: Vec<PathBuf> = self.files_read().into_iter().map(|(_, path)| path).collect();
        read.extend(sources_of(&policies));
        let open_beside = self.payments.as_deref().and_then(paying::open_beside);
        let record_beside = self.output.as_deref().filter(|_| self.record).map(record::beside);
        let outputs = self.output.iter().chain(&self.rejects).chain(&self.payments);
        let outputs = outputs.chain(&open_beside).chain(&record_beside);
        let outputs: Vec<&Path> = outputs.map(PathBuf::as_path).collect();
        if let Err(text) = apart(&outputs, &read, &around.folder, lang) {
            say(around, lang, &text);
            return Exit::Unusable;
        }
        let map = match self.map(forms.is_some(), lang, around) {
            Ok(map) => map,
            Err(exit) => return exit,
        };
        if let Some(text) = self.cannot_be(&around.folder) {
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let budget = match spending::asked(self.budget.as_deref(), &policies) {
            Ok(budget) => budget,
            Err(text) => {
                say(around, lang, text.get(lang));
                return Exit::Unusable;
            }
        };
        let decisions;
        let setup = Setup {
            kind: self.kind.clone().or_else(|| forms.as_ref().and_then(Forms::kind)),
            place: self.place.clone(),
            ..Setup::new(policies, self.asking.when(around))
        };
        let mut plan = Plan {
            wanted,
            choice: if self.asking.is_by_applicant() && forms.is_none() {
                Choice::Fitting(&fitting_places)
            } else {
                Choice::All
            },
            elsewhere: &is_asked_for_somewhere,
            readings,
            lang,
            shape: match (self.to, self.wide) {
                (To::Jsonl, _) => Shape::Json,
                (To::Xlsx, _) => Shape::Sheets,
                (To::Csv, true) => Shape::Wide,
                (To::Csv, false) => Shape::Long,
            },
            is_wide: self.wide,
            detail: match (self.working, self.taken_only) {
                (true, _) => Detail::Steps,
                (false, true) => Detail::Brief,
                (false, false) => Detail::Compared,
            },
            kept: map.as_ref().map_or_else(|| self.keep.clone(), |map| map.keep.clone()),
            papers: Papers { statements: None, payments: self.payments.is_some() },
            budget,
            ..Plan::new(setup)
        };
        let in_payments = || self.payments.as_ref().and_then(|_| output::payments::in_use(&plan));
        if let Some(head) = output::in_use(&plan).or_else(in_payments) {
            let head = clean(head);
            let text = Text::made(
                format!("结果本来就有一列叫“{head}”，keep 不能带同名的列；在表中改名"),
                format!(
                    "the results have a column “{head}” of their own, so that none of this name can be kept; rename it"
                ),
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        interrupt::watch(lang);
        let corrected = match self.corrected((&plan, forms.as_ref(), map.as_ref()), around) {
            Ok(corrected) => corrected,
            Err(texts) => {
                texts.iter().for_each(|text| drop(writeln!(around.errors, "{text}")));
                return Exit::Unusable;
            }
        };
        let corrected = corrected.as_ref();
        let Gathered { lists, notes, mut stands } =
            match self.gathered(&plan, forms.as_ref(), corrected, &around.folder) {
                Ok(gathered) => gathered,
                Err(faults) => return self.told(&faults, lang, around),
            };
        plan.setup.lists = lists.into();
        stands.extend(corrected.into_iter().flat_map(|corrected| corrected.stands.iter().cloned()));
        for note in &notes {
            let _ = writeln!(around.errors, "{}", open::noted(&open::shown(note, self.unmasked), lang));
        }
        let mut first = None;
        if let Some((found, digest)) = self.gather(&plan, forms.as_ref(), map.as_ref(), corrected, lang, around) {
            (decisions, first) = (found, digest);
            plan.across = Across::Settled(&decisions);
        }
        let wants_papers = self.statements.is_some() || self.payments.is_some();
        let is_settled = !plan.has_limits_across() || matches!(plan.across, Across::Settled(_));
        if (wants_papers || plan.budget.is_some()) && !is_settled {
            let text = Text::new(
                "所用条款有涉及全部申请人的限额，未核之前不出核定表、发放清单和预算；不用 --unsettled，名册存为文件再算",
                "limits over all applicants are still to be settled, and before that there are no statements, no payment list and no budget; leave out --unsettled, and give the applicants in files",
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        // What went into the run is named where there is room for it.
        let goes_back = self.rejects.as_deref().is_some_and(is_a_workbook);
        let record = (self.to == To::Xlsx || wants_papers || goes_back || self.record)
            .then(|| self.named(&plan, command, &around.folder));
        let folder = match self.folder(&plan, record.as_ref(), &outputs, lang, around) {
            Ok(folder) => folder,
            Err(exit) => return exit,
        };
        plan.papers.statements = folder.as_ref().map(|folder| folder as &dyn Statements);
        let papers = (record, folder.as_ref());
        match self.flow((&plan, forms.as_ref(), map.as_ref()), (first, papers), (stands, corrected), lang, around) {
            Ok((finished, unusable)) => self.end(&plan, &finished, unusable, lang, around),
            Err(Stop::Said(text)) => {
                say(around, lang, &text);
                Exit::Unusable
            }
            // A reader that has gone away wants no more.
            Err(Stop::Gone) => Exit::Unusable,
        }
    }

    /// What applicants, their lists, the map of their columns and the names of who signs are read from.
    fn files_read(&self) -> Vec<(Role, PathBuf)> {
        let lists = self.lists.iter().filter_map(|list| list.split_once('=')).map(|(_, path)| PathBuf::from(path));
        let inputs = self.inputs.iter().chain(&self.corrected).map(|path| (Role::Applicants, path.clone()));
        let beside = lists.map(|path| (Role::List, path));
        let beside = beside.chain(self.columns.clone().map(|path| (Role::Columns, path)));
        inputs.chain(beside).chain(self.signing.clone().map(|path| (Role::Signing, path))).collect()
    }

    /// What goes into the run, as it is now.
    fn named(&self, plan: &Plan<'_>, command: &[String], folder: &Path) -> Record {
        Record::of(plan, &self.files_read(), command, folder)
    }

    /// The folder of the statements, where they are wanted.
    fn folder(
        &self,
        plan: &Plan<'_>,
        record: Option<&Record>,
        outputs: &[&Path],
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Option<Folder>, Exit> {
        let (Some(path), Some(record)) = (&self.statements, record) else { return Ok(None) };
        let signing = match &self.signing {
            None => Signing::default(),
            Some(path) => {
                let read = files::read(path, &around.folder, &mut around.input, lang);
                let source = read.map_err(|error| {
                    say(around, lang, &format!("{error:#}"));
                    Exit::Unusable
                })?;
                Signing::read(&source).map_err(|diagnostics| {
                    show(&diagnostics, lang, around);
                    Exit::Unusable
                })?
            }
        };
        let sayings = Sayings { signing, due_only: self.due_only, unmasked: self.unmasked };
        let begun = Folder::begin(path, &around.folder, outputs, sayings, (plan, record));
        begun.map(Some).map_err(|text| {
            say(around, lang, &text);
            Exit::Unusable
        })
    }

    /// What the columns of tables hold, where that was said.
    fn map(&self, forms: bool, lang: Lang, around: &mut Surroundings<'_>) -> Result<Option<Map>, Exit> {
        let Some(path) = &self.columns else { return Ok(None) };
        let file = clean(&path.display().to_string());
        if forms {
            let reason = Text::new(
                "申请表自带各列的含义，不能再用 --columns",
                "a form says itself what its columns hold; --columns cannot be used with it",
            );
            return Err(self.told(&[Fault::of_line(&file.into(), 0, reason)], lang, around));
        }
        let source = files::read(path, &around.folder, &mut around.input, lang).map_err(|error| {
            say(around, lang, &format!("{error:#}"));
            Exit::Unusable
        })?;
        Map::read(&source).map(Some).map_err(|faults| self.told(&faults, lang, around))
    }

    /// What the forms among the inputs were made for, if there are any.
    fn forms(&self, around: &Surroundings<'_>) -> Result<Option<Forms>, Vec<Fault>> {
        let found = if self.from.is_some() {
            None
        } else {
            Forms::of(&self.inputs.iter().chain(&self.corrected).cloned().collect::<Vec<_>>(), &around.folder)?
        };
        if let (Some(_), Some(list)) = (&found, self.lists.first()) {
            let reason = Text::new(
                "申请表自带名单，不能再用 --list",
                "a form brings its own lists; --list cannot be used with it",
            );
            return Err(vec![Fault::of_line(&format!("--list {}", clean(list)).into(), 0, reason)]);
        }
        Ok(found)
    }

    /// Opens, works, and keeps what was written; gives whether a file could not be used. `first`: the digest of what was read
    /// before, where limits were decided on it.
    fn flow(
        &self,
        (plan, forms, map): (&Plan<'_>, Option<&Forms>, Option<&Map>),
        (first, (before, statements)): (Option<Digest>, (Option<Record>, Option<&Folder>)),
        (mut stands, corrected): (Vec<TableRead>, Option<&Corrected>),
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<(Finished, bool), Stop> {
        let folder = around.folder.clone();
        let mut unusable = false;
        let progress = Progress::new(&self.inputs, &folder, around.progress, lang);
        let progress = if first.is_some() { progress.watched() } else { progress };
        let (results, rejects) = (self.output.as_deref(), self.rejects.as_deref());
        let when = plan.setup.when;
        let mut sink =
            Saved::open(results, rejects, &folder, around.output, &progress, (when.as_of.unwrap_or(when.today), lang))?;
        sink.unmasked(self.unmasked);
        match self.to {
            To::Xlsx => sink.in_a_book(plan, when.as_of.unwrap_or(when.today))?,
            To::Csv | To::Jsonl => sink.heads(output::heads(plan)),
        }
        let on = when.as_of.unwrap_or(when.today);
        let payments = self.payments.as_deref().map(|path| Payments::begin(path, &folder, plan, on)).transpose()?;
        sink.beside(payments, statements);
        let now = |before: &Record| self.named(plan, &before.command, &folder);
        let jobs = room::jobs(self.jobs);
        let mut inputs = open::Inputs::new(self, (plan, forms, map), &folder, Some(around.input), &progress);
        let finished = run(plan, &mut Tables::new(&mut inputs, corrected), jobs, &mut sink);
        progress.end();
        for text in inputs.told() {
            let _ = writeln!(around.errors, "{text}");
        }
        stands.extend(inputs.stands);
        // Of what was cut short by an interrupt nothing is told.
        let said = if interrupt::is_asked() { Vec::new() } else { inputs.said };
        for text in said {
            unusable = true;
            let _ = writeln!(around.errors, "{text}");
        }
        let mut finished = finished.map_err(|error| sink.stop(&error))?;
        finished.summary.finish(plan);
        // Where no table could be used there is nothing to keep.
        let nothing = unusable && finished.summary.read == 0;
        if !nothing && !finished.stopped && !interrupt::is_asked() {
            let template = forms.and_then(|forms| forms.template(&plan.setup.policies));
            let words = |table: &Stands, place: usize| {
                let heads = &table.sheet.heads;
                let head = heads.names.get(place).map_or("", String::as_str);
                let own = map.into_iter().flat_map(|map| map.words(head).map(str::to_owned));
                own.chain(heads.words(place, table.list.as_deref(), &plan.setup.policies, lang)).collect()
            };
            sink.give_back(&stands, corrected, (finished.summary.rejected, template.as_ref(), &words), &folder)?;
        }
        // What was decided holds of what was read then.
        finished.changed |= !finished.stopped && first.is_some() && first != progress.digest();
        finished.changed |= before.as_ref().is_some_and(|before| before.inputs != now(before).inputs);
        finished.stopped |= finished.changed || interrupt::is_asked();
        if let Some(reason) = why_void(&finished) {
            sink.void(plan.shape, &reason)?;
        }
        if !finished.stopped && !nothing && self.to == To::Jsonl {
            let mut last = Vec::new();
            output::budget::json(plan, &finished.summary, &mut last);
            sink.results(&last).map_err(|error| sink.stop(&error))?;
        }
        if !finished.stopped && !nothing {
            sink.finish(plan, &finished.summary, before.as_ref().unwrap_or(&Record::default()))?;
        }
        let shown = sink.keep(finished.stopped || nothing)?;
        let kept = before.filter(|_| self.record && !finished.stopped && !nothing);
        if let (Some(record), Some(results)) = (kept, self.output.as_deref()) {
            let text = record.as_data() + "\n";
            save::written(&record::beside(results), &folder, text.as_bytes(), lang).map_err(Stop::Said)?;
        }
        for text in shown {
            let _ = writeln!(around.errors, "{text}");
        }
        Ok((finished, unusable))
    }

    /// Says what is wrong with what is read before a run begins.
    fn told(&self, faults: &[Fault], lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        for fault in faults {
            let _ = writeln!(around.errors, "{}", open::said(&open::shown(fault, self.unmasked), lang));
        }
        Exit::Unusable
    }

    fn end(
        &self,
        plan: &Plan<'_>,
        finished: &Finished,
        unusable: bool,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Exit {
        if let Some(reason) = why_void(finished) {
            say(around, lang, reason.get(lang));
            return Exit::Unusable;
        }
        if finished.summary.read > 0 || !unusable {
            let mut text = tell::summary(plan, &finished.summary, lang) + &tell::limits(plan, &finished.summary, lang);
            if plan.papers.payments {
                text.push_str(&tell::payments(plan, &finished.summary, lang));
            }
            text.push_str(&output::budget::table(plan, &finished.summary));
            let _ = around.errors.write_all(text.as_bytes());
        }
        if unusable {
            Exit::Unusable
        } else if finished.summary.rejected + finished.summary.left > 0 {
            Exit::Open
        } else if self.strict && finished.summary.open > 0 {
            Exit::Undetermined
        } else {
            Exit::Done
        }
    }
}

/// Why a run ended early.
pub(super) enum Stop {
    /// For this reason.
    Said(String),
    /// Whoever read the results has gone away.
    Gone,
}

/// Why what was written does not count.
fn why_void(finished: &Finished) -> Option<Text> {
    if finished.changed {
        return Some(Text::new(
            "名册在核算期间有变动，限额无法核定；请在名册不再变动后重算",
            "the input was changed while it was read, so limits over all applicants cannot be settled; run again when it stays as it is",
        ));
    }
    finished.stopped.then(interrupt::words)
}
