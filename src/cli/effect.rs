//! A population under two policies at once: what `diff` over one holds against each other.

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::applicant::When;
use crate::assess::Detail;
use crate::assess::twins::Twins;
use crate::batch::{Across, Plan, Shape, Sink, Versus, run};
use crate::cli::batch::forms::Forms;
use crate::cli::batch::gather::Quiet;
use crate::cli::batch::lists::{self, Gathered};
use crate::cli::batch::open::{self, Inputs, said, shown};
use crate::cli::batch::progress::{Digest, Progress};
use crate::cli::batch::{interrupt, room};
use crate::cli::shelf::is_asked_for_somewhere;
use crate::cli::{Exit, MOST_SHOWN, Surroundings, say};
use crate::diff::effect::Met;
use crate::diff::{Diff, twins};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::rows::{Fault, ListFields, Lists, Setup};
use crate::settle::{Decisions, decide};
use crate::value::{Day, Value};

/// Where the applicants are, and how they are read.
pub(super) struct Population<'a> {
    pub paths: Vec<PathBuf>,
    pub lists: &'a [String],
    pub kind: Option<String>,
    /// The evaluation dates, under the old policy and under the new one.
    pub as_of: [Option<Day>; 2],
    pub ignore: bool,
    /// How many rows are worked out at once, where that was said.
    pub jobs: Option<u16>,
}

/// What a run of both came to beside what was taken row by row.
#[derive(Default)]
pub(super) struct Ran {
    /// Rows of lists that belong to no applicant.
    pub left: u64,
    /// Whether a file could not be used.
    pub unusable: bool,
}

/// Hands on what applicants come to, and keeps the first faults.
struct Taking<'t> {
    take: &'t mut dyn FnMut(&Met) -> io::Result<()>,
    faults: Vec<String>,
    more: u64,
    lang: Lang,
    progress: &'t Progress,
}

impl Sink for Taking<'_> {
    fn results(&mut self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn met(&mut self, met: Vec<Met>) -> io::Result<()> {
        met.iter().try_for_each(&mut self.take)
    }

    fn rejects(&mut self, faults: &[Fault]) -> io::Result<()> {
        for fault in faults {
            if self.faults.len() < MOST_SHOWN {
                self.faults.push(said(&shown(fault, false), self.lang));
            } else {
                self.more += 1;
            }
        }
        Ok(())
    }

    fn progress(&mut self, rows: u64) -> bool {
        self.progress.rows(rows);
        !interrupt::is_asked()
    }
}

/// How the sides of a comparison are worked out.
pub(super) struct Sides<'a> {
    population: &'a Population<'a>,
    forms: Option<Forms>,
    folder: PathBuf,
    today: Day,
    lang: Lang,
    /// Whether progress is shown.
    progress: bool,
}

impl<'a> Sides<'a> {
    /// Reads what is the same for all runs; what is wrong with it was said.
    pub fn open(
        found: &Diff<'_>,
        population: &'a Population<'a>,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Result<Sides<'a>, Exit> {
        let folder = around.folder.clone();
        let told = |faults: Vec<Fault>, around: &mut Surroundings<'_>| {
            for fault in &faults {
                let _ = writeln!(around.errors, "{}", said(&shown(fault, false), lang));
            }
            Exit::Unusable
        };
        let forms = Forms::of(&population.paths, &folder).map_err(|faults| told(faults, around))?;
        if let Some(forms) = &forms {
            let note = forms.fit(&[found.old, found.new], lang).map_err(|faults| told(faults, around))?;
            note.iter().for_each(|note| drop(writeln!(around.errors, "{note}")));
        }
        // Columns of lists must be asked for by one of the two; then each reads what it asks for itself.
        let mut gathered = Gathered::default();
        for asked in population.lists {
            let both = [found.old, found.new];
            let read = lists::list(asked, &both, population.ignore, &folder).and_then(|list| gathered.take(list, None));
            read.map_err(|faults| told(faults, around))?;
        }
        for note in &gathered.notes {
            let _ = writeln!(around.errors, "{}", open::noted(&shown(note, false), lang));
        }
        interrupt::watch(lang);
        Ok(Sides { population, forms, folder, today: around.today, lang, progress: around.progress })
    }

    fn lists(&self, policy: &Policy) -> Result<Lists, Vec<Fault>> {
        let mut gathered = Gathered::default();
        if let Some(forms) = &self.forms {
            for list in forms.lists(&self.population.paths, &[policy], true, &self.folder)? {
                gathered.take(list, None)?;
            }
        }
        for asked in self.population.lists {
            let is_known = |name: &str| ListFields::of(name, &[policy]).is_some();
            if asked.split_once('=').is_some_and(|(name, _)| is_known(name)) {
                gathered.take(lists::list(asked, &[policy], true, &self.folder)?, None)?;
            }
        }
        Ok(gathered.lists)
    }

    /// How rows are worked out by these policies.
    fn plan<'s>(
        &'s self,
        policies: Vec<&'s Policy>,
        lists: Lists,
        (as_of, taken): (Option<Day>, &[(usize, Value)]),
        wanted: Option<&dyn Fn(&str) -> bool>,
        elsewhere: &'s (dyn Fn(&str) -> bool + Sync),
    ) -> Plan<'s> {
        let is_wanted = |id: &str| wanted.is_none_or(|wanted| wanted(id));
        let of = |policy: &&Policy| policy.clauses.iter().map(|clause| is_wanted(&clause.id)).collect();
        let wanted = policies.iter().map(of).collect();
        let setup = Setup {
            kind: self.population.kind.clone().or_else(|| self.forms.as_ref().and_then(Forms::kind)),
            lists: lists.into(),
            ..Setup::new(policies, When { as_of, today: self.today, ignore_payments: false })
        };
        Plan {
            wanted,
            elsewhere,
            readings: vec![taken.to_vec()],
            lang: self.lang,
            shape: Shape::Json,
            compile: false,
            detail: Detail::Brief,
            ..Plan::new(setup)
        }
    }

    /// The tables of applicants, whose heads are read against these policies.
    fn inputs<'s>(
        &'s self,
        heads: &'s Plan<'s>,
        progress: &'s Progress,
        input: Option<&'s mut dyn Read>,
    ) -> Inputs<'s> {
        Inputs {
            paths: self.population.paths.iter(),
            sheets: VecDeque::new(),
            folder: &self.folder,
            input,
            plan: heads,
            forms: self.forms.as_ref(),
            from: None,
            ignore: self.population.ignore,
            kept: &[],
            lang: self.lang,
            said: Vec::new(),
            notes: Vec::new(),
            beside: Vec::new(),
            map: None,
            unmasked: false,
            progress,
            stands: Vec::new(),
        }
    }

    /// A run of a part of the change, of which nothing is said but what it comes to.
    pub fn alone<'s>(
        &'s self,
        found: &'s Diff<'s>,
        taken: [&[(usize, Value)]; 2],
        wanted: &dyn Fn(&str) -> bool,
        take: &mut dyn FnMut(&Twins<'_>, &Met) -> io::Result<()>,
        around: &mut Surroundings<'_>,
    ) -> Result<Ran, Exit> {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let folder = around.folder.clone();
        let mut inside = Surroundings::inside(around.input, &mut output, &mut errors, folder, self.lang, around.today);
        let ran = self.run(found, taken, Some(wanted), take, &mut inside);
        if ran.is_err() {
            let _ = around.errors.write_all(&errors);
        }
        ran
    }

    /// One run over all applicants: `new` in place of the new policy, which may be another than that of the comparison it was
    /// opened with. `wanted`: the clauses that are worked out, by their ids; none: all.
    pub fn run<'s>(
        &'s self,
        found: &'s Diff<'s>,
        taken: [&[(usize, Value)]; 2],
        wanted: Option<&dyn Fn(&str) -> bool>,
        take: &mut dyn FnMut(&Twins<'_>, &Met) -> io::Result<()>,
        around: &mut Surroundings<'_>,
    ) -> Result<Ran, Exit> {
        let Population { paths, as_of, jobs, .. } = self.population;
        let (lang, folder) = (self.lang, self.folder.as_path());
        let [before, after] = *as_of;
        let both = [found.old, found.new];
        let elsewhere =
            |name: &str| both.iter().any(|policy| policy.names.input(name).is_some()) || is_asked_for_somewhere(name);
        let plan = |policies, lists, as_of, taken: &[(usize, Value)]| {
            self.plan(policies, lists, (as_of, taken), wanted, &elsewhere)
        };
        let told = |faults: Vec<Fault>, around: &mut Surroundings<'_>| {
            for fault in &faults {
                let _ = writeln!(around.errors, "{}", said(&shown(fault, false), lang));
            }
            Exit::Unusable
        };
        let lists =
            |policy: &Policy, around: &mut Surroundings<'_>| self.lists(policy).map_err(|faults| told(faults, around));
        let [taken_before, taken_after] = taken;
        let mut old = plan(vec![found.old], lists(found.old, around)?, before, taken_before);
        let mut new = plan(vec![found.new], lists(found.new, around)?, after, taken_after);
        // Heads are those that either asks for.
        let mut heads = plan(both.to_vec(), Lists::default(), after, &[]);
        heads.setup.lists = std::sync::Arc::clone(&new.setup.lists);
        let jobs = room::jobs(*jobs);
        let stays = |path: &PathBuf| {
            let found = fs::metadata(folder.join(path));
            path != Path::new("-") && found.map_or(true, |found| found.is_file() || found.is_dir())
        };
        let across = old.has_limits_across() || new.has_limits_across();
        if across && !paths.iter().all(stays) {
            let text = Text::new(
                "所用条款有涉及全部申请人的限额，名册要读两遍；请存为文件",
                "limits over all applicants are to be settled, for which the population is read twice; give it in files",
            );
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        let mut digests: Vec<Option<Digest>> = Vec::new();
        let mut counts: Vec<u64> = Vec::new();
        let mut gather = |plan: &Plan<'_>| -> Option<Decisions> {
            if !plan.has_limits_across() {
                return None;
            }
            let plan = plan.for_claims();
            let progress = Progress::new(paths, folder, false, lang).watched();
            let finished = run(&plan, &mut self.inputs(&heads, &progress, None), jobs, &mut Quiet).ok()?;
            digests.push(progress.digest());
            counts.push(finished.summary.assessed);
            Some(decide(finished.claims, &plan.setup.policies))
        };
        let (of_old, of_new) = (gather(&old), gather(&new));
        for (plan, decisions) in [(&mut old, &of_old), (&mut new, &of_new)] {
            if let Some(decisions) = decisions {
                plan.across = Across::Settled(decisions);
            }
        }
        let day = |as_of: Option<Day>| {
            as_of.map_or_else(|| (self.population.as_of == [None, None]).then_some(None), |day| Some(Some(day)))
        };
        let mut twins = twins(found, day(before).is_some() && before == after);
        twins.same_rows = counts.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
        let versus = Versus { old, both: both.to_vec(), twins };
        let new = Plan { versus: Some(&versus), ..new };
        let progress = Progress::new(paths, folder, self.progress, lang);
        let progress = if digests.is_empty() { progress } else { progress.watched() };
        let mut hand = |met: &Met| take(&versus.twins, met);
        let mut sink = Taking { take: &mut hand, faults: Vec::new(), more: 0, lang, progress: &progress };
        let mut tables = self.inputs(&heads, &progress, Some(&mut *around.input));
        let finished = run(&new, &mut tables, jobs, &mut sink);
        progress.end();
        let (faults, more) = (std::mem::take(&mut sink.faults), sink.more);
        let notes = tables.told();
        let strangers = std::mem::take(&mut tables.said);
        drop(tables);
        for text in notes.iter().chain(&strangers).chain(&faults) {
            let _ = writeln!(around.errors, "{text}");
        }
        if more > 0 {
            let _ = match lang {
                Lang::Zh => writeln!(around.errors, "另有 {more} 处错误，未逐一列出"),
                Lang::En => writeln!(around.errors, "{more} more errors are not listed"),
            };
        }
        // A reader that has gone away wants no more.
        let finished = finished.map_err(|_| Exit::Unusable)?;
        if interrupt::is_asked() {
            say(around, lang, interrupt::words().get(lang));
            return Err(Exit::Unusable);
        }
        let digest = progress.digest();
        if finished.changed || digests.iter().any(|known| *known != digest) {
            let text = Text::new(
                "名册在核算期间有变动；请在名册不再变动后重算",
                "the population was changed while it was read; run again when it stays as it is",
            );
            say(around, lang, text.get(lang));
            return Err(Exit::Unusable);
        }
        Ok(Ran { left: finished.summary.left, unusable: !strangers.is_empty() })
    }
}
