//! Mistakes that policy writers make, planted one by one: in the shipped policies, where the reader, a check or a case must see
//! each, and in an invented policy with its text and without cases, where the reader, a check or the audit must: that is what
//! whoever writes the next policy has.
//!
//! `DUIXIAN_PLANTED=all` plants every mistake wherever it fits, `DUIXIAN_PLANTED=1` the first of each kind in each shipped policy;
//! otherwise each kind is planted in two of the five. `DUIXIAN_PLANTED=all:linxia` looks at one of the policies,
//! `DUIXIAN_KINDS=quiet` at the kinds of `quiet.rs` alone.
//! `DUIXIAN_TEXTS=<folder>` holds the shipped policies against `<folder>/<id>.txt` as well, and prints who sees what.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail"
)]

mod kinds;
mod quiet;
#[path = "../shown/mod.rs"]
mod shown;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duixian::audit::audit;
use duixian::cases::File;
use duixian::check;
use duixian::diagnostic::Diagnostic;
use duixian::policy::{self, Policy};
use duixian::source::Source;

use kinds::{By, Kind, Planted};

/// A policy, and what it can be held against.
struct Subject {
    id: String,
    path: String,
    text: String,
    vocabulary: Option<Arc<Source>>,
    files: Vec<(File, String)>,
    official: Option<Arc<Source>>,
    /// What is open before anything was planted.
    open: BTreeSet<String>,
}

fn source(path: &Path) -> Arc<Source> {
    Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
}

/// A finding by what it says, wherever it stands.
fn said(found: &Diagnostic) -> String {
    let labels: Vec<String> = found.labels.iter().map(|(_, label)| label.en.to_string()).collect();
    format!("{} {:?} {labels:?}", found.code.name, found.about)
}

impl Subject {
    fn new(folder: &Path, vocabulary: Option<Arc<Source>>, official: Option<Arc<Source>>) -> Subject {
        let path = folder.join("policy.toml");
        let cases = folder.join("cases");
        let mut files: Vec<PathBuf> =
            fs::read_dir(&cases).map_or(Vec::new(), |found| found.map(|entry| entry.unwrap().path()).collect());
        files.sort();
        let mut subject = Subject {
            id: folder.file_name().unwrap().to_string_lossy().into_owned(),
            path: path.display().to_string(),
            text: fs::read_to_string(&path).unwrap(),
            vocabulary,
            files: files.iter().map(|path| (File::read(&source(path)), fs::read_to_string(path).unwrap())).collect(),
            official,
            open: BTreeSet::new(),
        };
        let policy = subject.read(&subject.text).unwrap_or_else(|| panic!("{} cannot be read", subject.path));
        subject.open = subject.findings(&policy);
        subject
    }

    fn read(&self, text: &str) -> Option<Policy> {
        policy::read(&Source::new(self.path.clone(), text), &|_| self.vocabulary.clone()).0
    }

    /// What the checks find; every applicant that one shows is taken by `calc`, which gives the sums that are claimed.
    fn findings(&self, policy: &Policy) -> BTreeSet<String> {
        let open = check::all(policy).open;
        for finding in &open {
            if let Err(what) = shown::verify(policy, finding) {
                panic!("{}: {}: {what}", self.id, finding.code.name);
            }
        }
        open.iter().map(said).collect()
    }

    /// Who sees a mistake; the first that does, unless all are asked for.
    fn seen(&self, planted: &Planted, everybody: bool) -> BTreeSet<By> {
        let mut seen = BTreeSet::new();
        let Some(policy) = self.read(&planted.text) else { return BTreeSet::from([By::Reader]) };
        if !self.findings(&policy).is_subset(&self.open) {
            seen.insert(By::Check);
        }
        if (seen.is_empty() || everybody)
            && self.official.as_ref().is_some_and(|text| !audit(&policy, text).open.is_empty())
        {
            seen.insert(By::Audit);
        }
        if seen.is_empty() || everybody {
            // The cases of the clause first.
            let clause = planted.clause.as_ref().map(|clause| format!("\"{clause}\""));
            let speaks =
                |file: &&(File, String)| clause.as_ref().is_some_and(|clause| file.1.contains(clause.as_str()));
            let (near, far): (Vec<_>, Vec<_>) = self.files.iter().partition(speaks);
            let mut all =
                near.into_iter().chain(far).flat_map(|(file, _)| (0..file.len()).map(move |place| (file, place)));
            if all.any(|(file, place)| !file.passes(place, &policy)) {
                seen.insert(By::Cases);
            }
        }
        seen
    }
}

/// A few of them: the first, the last, and what lies between.
fn some(mut planted: Vec<Planted>, most: usize) -> Vec<Planted> {
    if planted.len() <= most {
        return planted;
    }
    let last = planted.len() - 1;
    let wanted: Vec<usize> = (0..most).map(|at| at * last / (most - 1).max(1)).collect();
    let mut place = 0;
    planted.retain(|_| {
        place += 1;
        wanted.contains(&(place - 1))
    });
    planted
}

/// Every kind of mistake, or, with `DUIXIAN_KINDS=quiet`, those that leave the shape of a file as it is.
fn kinds() -> impl Iterator<Item = &'static Kind> {
    let quiet = only_quiet();
    kinds::KINDS.iter().filter(move |_| !quiet).chain(quiet::KINDS)
}

/// Plants every kind in every policy; what each was, and who saw it.
fn plant(subjects: &[Subject], most: usize, everybody: bool) -> Vec<(&'static Kind, &str, String, BTreeSet<By>)> {
    let mut tasks: Vec<(&'static Kind, &Subject, Planted)> = Vec::new();
    for (at, kind) in kinds().enumerate() {
        for (of, subject) in subjects.iter().enumerate() {
            // With nothing asked for, each kind has its turn in two of the shipped policies.
            if most == 0 && (at + of) % 5 > 1 {
                continue;
            }
            let most = most.max(1);
            tasks.extend(some((kind.plant)(&subject.text), most).into_iter().map(|planted| (kind, subject, planted)));
        }
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((kind, subject, planted)) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*kind, subject.id.as_str(), planted.note.clone(), subject.seen(planted, everybody)));
        }
        done
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Mistakes that nobody sees, each with the reason: the kind, the policy, and something of what was changed.
const UNSEEN: &[(&str, &str, &str, &str)] = &[
    (
        "digits turned round",
        "qingyuan",
        "0个月 → 1个月",
        "when the second payment of article 16 is due more than twelve months have passed",
    ),
    (
        "digits turned round",
        "linxia",
        "3年 → 4年",
        "in min(3年, 6年 - earlier - 3年) the other arm is three years at most",
    ),
    (
        "a figure of a definition changed",
        "linxia",
        "0次 → 1次",
        "without a posting the run has one year or none: both are far below five, and the line on runs does not apply",
    ),
    (
        "for somebody else as well",
        "jianghai",
        "for      = ",
        "each of these clauses asks for facts of its own; the cases give them to those whom the plan pays, and to nobody else",
    ),
    (
        "the category of another clause",
        "jianghai",
        "category = ",
        "the plan has no rule on other money; a category tells such a rule of another policy what a clause is for",
    ),
    (
        "the category of another clause",
        "qingyuan",
        "\"hiring\"  → category = \"living\"",
        "生 of 生活补贴 is in 毕业生, and no case of the clause has other money for living",
    ),
    (
        "the most that a fact can be left out",
        "qingyuan",
        "line 544",
        "no other field of the list is in days, and no case states a month of more than 31 days",
    ),
];

/// Whether only the kinds of `quiet.rs` are planted.
fn only_quiet() -> bool {
    std::env::var("DUIXIAN_KINDS").is_ok_and(|asked| asked == "quiet")
}

/// What nobody sees and no exception names; and, where every mistake was planted, the exceptions that name none.
fn unseen(
    all: Vec<(&'static Kind, &str, String, BTreeSet<By>)>,
    known: &[(&str, &str, &str, &str)],
    whole: bool,
) -> Vec<String> {
    let missed: Vec<_> = all.iter().filter(|(.., seen)| seen.is_empty()).collect();
    let is = |(name, of, what, _): &(&str, &str, &str, &str), (kind, policy, note, _): &(&Kind, &str, String, _)| {
        *name == kind.name && of == policy && note.contains(what)
    };
    let told = missed.iter().filter(|missed| !known.iter().any(|known| is(known, missed)));
    let mut told: Vec<String> =
        told.map(|(kind, policy, note, _)| format!("{}: {policy}: {note}", kind.name)).collect();
    let here = known.iter().filter(|known| whole && all.iter().any(|(_, policy, ..)| *policy == known.1));
    let here = here.filter(|known| kinds().any(|kind| kind.name == known.0));
    let idle = here.filter(|known| !missed.iter().any(|missed| is(known, missed)));
    told.extend(
        idle.map(|(name, of, what, _)| format!("{name}: {of}: {what}: somebody sees it, or it is not planted")),
    );
    told
}

/// How many are planted, and in which policy, where only one is asked for.
fn asked() -> (String, Option<String>) {
    let asked = std::env::var("DUIXIAN_PLANTED").unwrap_or_default();
    match asked.split_once(':') {
        Some((count, policy)) => (count.to_owned(), Some(policy.to_owned())),
        None => (asked, None),
    }
}

/// How many of each kind are planted in each shipped policy.
fn most() -> usize {
    match asked().0.as_str() {
        "all" => usize::MAX,
        count => count.parse().unwrap_or(0),
    }
}

fn shipped(texts: Option<&Path>) -> Vec<Subject> {
    let vocabulary = source(Path::new("policies/vocabulary.toml"));
    let mut folders: Vec<PathBuf> = fs::read_dir("policies").unwrap().map(|entry| entry.unwrap().path()).collect();
    let (_, only) = asked();
    let wanted = |path: &Path| only.as_ref().is_none_or(|only| path.ends_with(only));
    folders.retain(|path| path.join("policy.toml").is_file() && wanted(path));
    folders.sort();
    let subject = |folder: &PathBuf| {
        let id = folder.file_name().unwrap().to_string_lossy().into_owned();
        let official = texts.map(|texts| source(&texts.join(format!("{id}.txt"))));
        Subject::new(folder, Some(Arc::clone(&vocabulary)), official)
    };
    folders.iter().map(subject).collect()
}

#[test]
fn somebody_sees_every_mistake_in_the_shipped_policies() {
    let subjects = shipped(None);
    let all = plant(&subjects, most(), false);
    assert!(all.len() > 40, "only {} mistakes were planted", all.len());
    let missed =
        unseen(all.into_iter().filter(|(kind, ..)| kind.by_text.is_none()).collect(), UNSEEN, most() == usize::MAX);
    assert!(missed.is_empty(), "nobody saw {}:\n{}", missed.len(), missed.join("\n"));
}

/// What the file and the text alone cannot show: only a case can.
const FOR_CASES: &[(&str, &str, &str, &str)] = &[
    ("> for >=", "yunpu", "line 222", "the first day of the window is no figure of the text"),
    ("< for <=", "yunpu", "line 222", "the day of counting is no figure of the text"),
    ("a comparison turned round", "yunpu", "line 222", "the first day of the window is no figure of the text"),
    ("or for and", "yunpu", "line 222", "the words do not name the two conditions"),
    (
        "for somebody else as well",
        "yunpu",
        "line 268",
        "the article begins with no kind of applicant, and no other clause asks for what this one asks",
    ),
    (
        "for somebody else as well",
        "yunpu",
        "line 252",
        "人才 is no kind of applicant, and no other clause asks for what this one asks",
    ),
    (
        "instead_of without its condition",
        "yunpu",
        "when = \"bought_on <= as_of\"",
        "when a clause gives way is said in sentences",
    ),
    (
        "a rule of the highest only left out",
        "yunpu",
        "[[highest_only]]",
        "article 10 has a clause, and its rule is a sentence",
    ),
    (
        "a rule of the highest only without its condition",
        "yunpu",
        "highest != bachelor",
        "the condition is a reading of a sentence",
    ),
];

#[test]
fn file_and_text_show_the_mistakes_of_a_policy_without_cases() {
    let folder = Path::new("tests/planted/yunpu");
    let subject = Subject::new(folder, None, Some(source(&folder.join("text.txt"))));
    let policy = subject.read(&subject.text).unwrap();
    let open = audit(&policy, subject.official.as_ref().unwrap()).open;
    assert!(
        open.is_empty() && subject.open.is_empty(),
        "{:#?} {:#?}",
        open.iter().map(said).collect::<Vec<_>>(),
        subject.open
    );
    let subjects = [subject];
    let all = plant(&subjects, usize::MAX, false);
    let fits = |kind: &&Kind| all.iter().any(|(known, ..)| known.name == kind.name);
    let nowhere: Vec<&str> = kinds().filter(|kind| !fits(kind)).map(|kind| kind.name).collect();
    assert!(nowhere.is_empty(), "these fit nowhere in the invented policy: {nowhere:?}");
    let missed = unseen(all, FOR_CASES, true);
    assert!(missed.is_empty(), "nobody saw {}:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn the_official_texts_show_what_they_can() {
    let Some(texts) = std::env::var_os("DUIXIAN_TEXTS") else { return };
    let subjects = shipped(Some(Path::new(&texts)));
    let all = plant(&subjects, most().max(1), true);
    let count = |by: By| all.iter().filter(|(.., seen)| seen.contains(&by)).count();
    let without_cases = all.iter().filter(|(.., seen)| seen.iter().any(|by| *by != By::Cases)).count();
    let nobody = all.iter().filter(|(.., seen)| seen.is_empty()).count();
    let mut table = format!(
        "{} planted: reader {}, check {}, audit {}, cases {}; reader, check or audit {without_cases}; nobody {nobody}\n",
        all.len(),
        count(By::Reader),
        count(By::Check),
        count(By::Audit),
        count(By::Cases)
    );
    for kind in kinds() {
        let own: Vec<_> = all.iter().filter(|(known, ..)| known.name == kind.name).collect();
        let seen = |by: By| own.iter().filter(|(.., seen)| seen.contains(&by)).count();
        let nobody = own.iter().filter(|(.., seen)| seen.is_empty()).count();
        let only_cases = own.iter().filter(|(.., seen)| *seen == BTreeSet::from([By::Cases])).count();
        table.push_str(&format!(
            "{:50} {:3}: reader {:3}, check {:3}, audit {:3}, cases {:3}; only cases {only_cases}, nobody {nobody}\n",
            kind.name,
            own.len(),
            seen(By::Reader),
            seen(By::Check),
            seen(By::Audit),
            seen(By::Cases)
        ));
    }
    for (kind, policy, note, seen) in &all {
        if seen.is_empty() || *seen == BTreeSet::from([By::Cases]) {
            table.push_str(&format!(
                "{} {policy}: {}: {note}\n",
                if seen.is_empty() { "NOBODY" } else { "cases " },
                kind.name
            ));
        }
    }
    fs::write(std::env::temp_dir().join("duixian-planted.txt"), table).unwrap();
}
