//! How much of a text `draft` finds: measured on three invented texts, of which was written down what is right before there was
//! anything that drafts, and on the five texts of the built-in policies where they are at hand (`DUIXIAN_TEXTS`, a folder).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use duixian::draft::{Article, Draft};
use duixian::lang::Lang;
use duixian::policy::{self, Policy, builtin};
use duixian::source::Source;

/// So many of so many.
#[derive(Clone, Copy, Default)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, right: bool) {
        self.0 += usize::from(right);
        self.1 += 1;
    }

    fn percent(self) -> usize {
        (self.0 * 100).checked_div(self.1).unwrap_or(100)
    }

    fn text(self) -> String {
        format!("{:>4}/{:<4}{:>4}%", self.0, self.1, self.percent())
    }
}

#[derive(Default)]
struct Measured {
    articles: Share,
    figures: Share,
    guesses: Share,
    kinds: Share,
    applicants: Share,
    head: Share,
}

impl Measured {
    fn row(&self, name: &str) {
        let columns = [self.articles, self.figures, self.guesses, self.kinds, self.applicants, self.head];
        let columns: Vec<String> = columns.iter().map(|share| share.text()).collect();
        println!("{name:<10} {}", columns.join("  "));
    }
}

fn vocabulary(name: &str) -> Option<Arc<Source>> {
    builtin::vocabulary(name).map(|(path, text)| Source::new(path, text))
}

fn drafted(name: &str, text: &str) -> Draft {
    let draft = Draft::of(&Source::new(name, text));
    for lang in [Lang::Zh, Lang::En] {
        let source = Source::new("policy.toml", draft.policy("drafted", lang));
        // It is laid out, can be read, and calculates nothing.
        assert_eq!(duixian::fmt::format(&source).unwrap(), source.text, "{name}");
        let (read, faults) = policy::read_unfinished(&source, &[], &vocabulary);
        let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        assert!(read.is_some(), "{name}: {faults}");
        let (read, faults) = policy::read(&source, &vocabulary);
        assert!(read.is_none());
        assert_eq!(faults.len(), draft.articles.len() + 1, "{name}: one of the head, one of each clause");
    }
    draft
}

/// Whether the figures of an article are these, as written; counts what was guessed of each.
fn figures(article: &Article, wanted: &str, measured: &mut Measured) {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let mut found = article.figures.as_slice();
    for entry in wanted.split(' ').filter(|entry| !entry.is_empty()) {
        let (written, guess) = entry.split_once('=').unwrap();
        let place = found.iter().position(|figure| squeezed(&figure.written) == written);
        let own = place.map(|place| &found[place]);
        found = place.map_or(found, |place| &found[place + 1..]);
        measured.figures.add(own.is_some());
        let right = own.is_some_and(|figure| figure.guess.name == guess);
        measured.guesses.add(right);
        if !right {
            println!("  {} {written}: {guess}, guessed {:?}", article.name, own.map(|figure| figure.guess.name));
        }
    }
}

fn against_table(name: &str) -> Measured {
    let text = fs::read_to_string(format!("tests/draft/{name}.txt")).unwrap();
    let table = fs::read_to_string(format!("tests/draft/{name}.tsv")).unwrap();
    let draft = drafted(name, &text);
    let mut measured = Measured::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[0] == "head" {
            for cell in &cells[1..] {
                let (key, wanted) = cell.split_once('=').unwrap();
                let head = &draft.head;
                let found = match key {
                    "title" => head.title.clone(),
                    "issuer" => head.issuer.clone(),
                    "number" => head.number.clone(),
                    "status" => head.status.map(str::to_owned),
                    "from" => head.from.map(|day| day.to_string()),
                    "to" => head.to.map(|day| day.to_string()),
                    other => panic!("{other}"),
                };
                measured.head.add(found.as_deref() == Some(wanted));
                if found.as_deref() != Some(wanted) {
                    println!("  {key}: {wanted}, found {found:?}");
                }
            }
            continue;
        }
        let article = draft.articles.iter().find(|article| article.name == cells[0]);
        measured.articles.add(article.is_some());
        let Some(article) = article else { continue };
        let kind = cells[1].split(' ').any(|kind| kind == article.kind);
        measured.kinds.add(kind);
        let applicant =
            cells[2] == "-" || article.applicants.iter().any(|kind| cells[2].split(' ').any(|wanted| wanted == *kind));
        measured.applicants.add(applicant);
        if !kind || !applicant {
            println!(
                "  {}: {} {}, guessed {} {:?}",
                article.name, cells[1], cells[2], article.kind, article.applicants
            );
        }
        figures(article, cells.get(3).copied().unwrap_or(""), &mut measured);
    }
    let more = draft.articles.len().saturating_sub(measured.articles.1);
    assert_eq!(more, 0, "{name}: articles that the text does not have");
    measured
}

/// What the built-in policy says of the text: its articles are those that its clauses cite.
fn against_policy(policy: &Policy, text: &str) -> Measured {
    let draft = drafted(&policy.id, text);
    let source = Source::new("text", text);
    let audit = duixian::audit::audit(policy, &source);
    let articles = Share(draft.articles.len().min(audit.articles), audit.articles);
    let mut measured = Measured { articles, ..Measured::default() };
    for article in &draft.articles {
        // A part of several is called otherwise by whoever wrote the policy.
        let bare = article.cite.rsplit('编').next().unwrap_or(&article.cite);
        let clauses: Vec<_> = policy.clauses.iter().filter(|clause| cites(&clause.cite, bare, article)).collect();
        if clauses.is_empty() {
            continue;
        }
        let kind = clauses.iter().any(|clause| clause.kind.name == article.kind);
        measured.kinds.add(kind);
        if !kind {
            let kinds: Vec<&str> = clauses.iter().map(|clause| clause.kind.name).collect();
            println!("  {} {}: {kinds:?}, guessed {}", policy.id, article.name, article.kind);
        }
        let named = |kind: &str| {
            let place = policy.names.applicant_kinds.iter().position(|(known, _)| known == kind);
            place.is_some_and(|place| clauses.iter().any(|clause| clause.applies_to.contains(&place)))
        };
        measured.applicants.add(article.applicants.is_empty() || article.applicants.iter().any(|kind| named(kind)));
    }
    let before: usize = audit.figures + audit.unread;
    let placed: usize = draft.articles.iter().map(|article| article.figures.len()).sum::<usize>() + draft.outside.len();
    measured.figures = Share(placed, before);
    measured
}

fn cites(cite: &str, bare: &str, article: &Article) -> bool {
    let behind = cite.find(bare).map(|at| &cite[at + bare.len()..]);
    let number = article.name.parse::<u32>().ok();
    behind.is_some_and(|rest| !rest.starts_with('（')) || number.is_some() && duixian::audit::article(cite) == number
}

#[test]
fn what_is_found_of_texts_that_were_written_first() {
    println!("           articles        figures         what each is    kinds           for             head");
    let mut all = Measured::default();
    for name in ["lanting", "shuguang", "meixi"] {
        let own = against_table(name);
        own.row(name);
        for (sum, part) in [
            (&mut all.articles, own.articles),
            (&mut all.figures, own.figures),
            (&mut all.guesses, own.guesses),
            (&mut all.kinds, own.kinds),
            (&mut all.applicants, own.applicants),
            (&mut all.head, own.head),
        ] {
            *sum = Share(sum.0 + part.0, sum.1 + part.1);
        }
    }
    all.row("all three");
    assert!(all.articles.percent() >= 95 && all.figures.percent() >= 95 && all.kinds.percent() >= 70);
}

#[test]
fn what_is_found_of_the_texts_of_the_built_in_policies() {
    let folder = std::env::var("DUIXIAN_TEXTS").unwrap_or_default();
    if folder.is_empty() {
        println!("SKIPPED: DUIXIAN_TEXTS names no folder");
        return;
    }
    let mut kinds = Share::default();
    for known in builtin::policies() {
        let Ok(text) = fs::read_to_string(Path::new(&folder).join(format!("{}.txt", known.id))) else { continue };
        let policy = policy::read(&Source::new(known.path, known.text), &vocabulary).0.unwrap();
        let own = against_policy(&policy, &text);
        own.row(known.id);
        kinds = Share(kinds.0 + own.kinds.0, kinds.1 + own.kinds.1);
    }
    println!("kinds in all {}", kinds.text());
    assert!(kinds.percent() >= 70);
}
