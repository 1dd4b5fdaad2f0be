//! What a new edition of a text asks of the policy that was written from the old one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::declared;
use crate::audit::passage::{self, Key};
use crate::audit::places::Places;
use crate::audit::working;
use crate::document::{Entry, Raw};
use crate::draft::editions::{Changed, Edition, Pair, pairs, renumbered};
use crate::draft::{Article, Draft, Head};
use crate::policy::{Policy, place};
use crate::source::{Source, Span};
use crate::value::numeral::chinese;

/// A place in the policy that a change of the text touches.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The clause; empty for a rule over the whole policy.
    pub clause: String,
    /// The key, as far down as it goes: `at_most`, `table.rate`.
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// A figure that is not the same, and where the policy works with the old one.
#[derive(Debug)]
pub struct Refigured {
    /// The figure.
    pub figure: Changed,
    /// The places; none where the policy does not have it, or there was none.
    pub places: Vec<Touched>,
}

/// A clause whose article changed.
#[derive(Debug)]
pub struct Concerned {
    /// Its id.
    pub id: String,
    /// Where it begins.
    pub span: Span,
    /// What it cites now, and is to cite.
    pub cite: (String, String),
    /// What of it somebody has to confirm: `cite`, `figures`, `text`.
    pub open: BTreeSet<&'static str>,
}

/// An article that is not as it was.
#[derive(Debug)]
pub struct Moved {
    /// Its name and line in the old edition.
    pub old: Option<(String, usize)>,
    /// In the new one.
    pub new: Option<(String, usize)>,
    /// Its figures that are not the same.
    pub figures: Vec<Refigured>,
    /// Words that are not the same.
    pub words: Option<(String, String)>,
    /// The clauses that speak of it.
    pub clauses: Vec<String>,
}

/// What a new edition asks of a policy.
#[derive(Debug)]
pub struct Update {
    /// What the text says of itself and said otherwise: the key of the policy, as it was, as it is.
    pub head: Vec<(&'static str, String, String)>,
    /// The articles that are not as they were, in the order of the new edition.
    pub articles: Vec<Moved>,
    /// The clauses that are to be changed or confirmed, in the order of the policy.
    pub clauses: Vec<Concerned>,
    /// The articles that have no clause yet, with ids that are free.
    pub new: Vec<Article>,
}

impl Update {
    /// Holds a policy against two editions of its text.
    pub fn of(policy: &Policy, old: &Arc<Source>, new: &Arc<Source>) -> Update {
        let (before, after) = (Edition::of(old), Edition::of(new));
        let pairs = pairs(&before, &after);
        let places = Places::of(policy, &before.passages);
        let draft = Draft::of(new);
        let mut update = Update {
            head: of_itself(&Head::of(old, &before.passages), &Head::of(new, &after.passages)),
            articles: Vec::new(),
            clauses: Vec::new(),
            new: Vec::new(),
        };
        let mut drafted = draft.articles.into_iter();
        let mut concerned: Vec<Concerned> = (policy.clauses.iter())
            .map(|clause| Concerned {
                id: clause.id.clone(),
                span: clause.span.clone(),
                cite: (clause.cite.clone(), clause.cite.clone()),
                open: BTreeSet::new(),
            })
            .collect();
        for pair in &pairs {
            let named = |edition: &Edition, at: Option<usize>| {
                let passage = edition.passages.get(at?)?;
                Some((passage.name.clone(), edition.text.place(passage.head.start).line))
            };
            // Articles are drafted in the order of their passages.
            let article = pair.new.filter(|at| *at > 0).and_then(|_| drafted.next());
            let (was, is) = (named(&before, pair.old), named(&after, pair.new));
            let key = |edition: &Edition, at: Option<usize>| {
                edition.passages.get(at?).map(|passage| (passage.part, passage.key.clone()))
            };
            let stays = key(&before, pair.old) == key(&after, pair.new);
            if stays && pair.figures.is_empty() && pair.words.is_none() {
                continue;
            }
            let own: Vec<usize> = pair.old.map(|at| places.clauses_of(at)).unwrap_or_default();
            for place in &own {
                let Some(clause) = concerned.get_mut(*place) else { continue };
                clause.open.extend((!pair.figures.is_empty()).then_some("figures"));
                clause.open.extend(pair.words.is_some().then_some("text"));
                clause.open.extend(pair.new.is_none().then_some("cite"));
            }
            if pair.old.is_none() {
                update.new.extend(article);
            }
            let figures = pair.figures.iter().map(|figure| touched(policy, &own, figure.clone())).collect();
            let clauses = own.iter().filter_map(|place| policy.clauses.get(*place)).map(|own| own.id.clone()).collect();
            update.articles.push(Moved { old: was, new: is, figures, words: pair.words.clone(), clauses });
        }
        for (place, clause) in concerned.iter_mut().enumerate() {
            match cite(&clause.cite.0, places.passages_of(place), &pairs, &before, &after) {
                Some(cite) => clause.cite.1 = cite,
                None => {
                    clause.open.insert("cite");
                }
            }
        }
        concerned.retain(|clause| clause.cite.0 != clause.cite.1 || !clause.open.is_empty());
        update.clauses = concerned;
        update.free_ids(policy);
        update
    }

    /// Whether the policy can stay as it is.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.articles.is_empty()
    }

    /// Ids that no clause has yet.
    fn free_ids(&mut self, policy: &Policy) {
        let mut taken: BTreeSet<String> = policy.clauses.iter().map(|clause| clause.id.clone()).collect();
        for article in &mut self.new {
            let bare = article.id.clone();
            let mut candidates = std::iter::once(bare.clone()).chain(
                (1..).map(|place| if place == 1 { format!("{bare}-new") } else { format!("{bare}-new{place}") }),
            );
            article.id = candidates.find(|id| !taken.contains(id)).unwrap_or(bare);
            taken.insert(article.id.clone());
        }
    }
}

/// What the text says of itself otherwise than before.
fn of_itself(old: &Head, new: &Head) -> Vec<(&'static str, String, String)> {
    let day = |day: &Option<crate::value::Day>| day.map(|day| day.to_string());
    let window = |head: &Head| {
        let [from, to] = [day(&head.from), day(&head.to)].map(Option::unwrap_or_default);
        Some(format!("{from} – {to}")).filter(|_| head.from.is_some() || head.to.is_some())
    };
    let all = [
        ("title", old.title.clone(), new.title.clone()),
        ("issuer", old.issuer.clone(), new.issuer.clone()),
        ("number", old.number.clone(), new.number.clone()),
        ("status", old.status.map(str::to_owned), new.status.map(str::to_owned)),
        ("effective", window(old), window(new)),
    ];
    let differs = all.into_iter().filter(|(_, old, new)| old != new);
    differs.map(|(key, old, new)| (key, old.unwrap_or_default(), new.unwrap_or_default())).collect()
}

/// Where the clauses of an article have the figure that it no longer has.
fn touched(policy: &Policy, clauses: &[usize], figure: Changed) -> Refigured {
    let mut places = Vec::new();
    let old = figure.old.as_ref();
    for (place, clause) in clauses.iter().filter_map(|at| Some((*at, policy.clauses.get(*at)?))) {
        let mut spans: Vec<Span> = Vec::new();
        if let Some(figure) = old.and_then(|old| old.figure.as_ref()) {
            let works = working::of_clause(policy, place).into_iter().filter(|own| own.figure.agrees(figure));
            spans.extend(works.map(|own| own.span));
            for key in ["not_computed", "derived"] {
                let said = declared::of(policy, clause, key).into_iter().filter(|entry| entry.is_of_text(figure));
                spans.extend(said.map(|entry| entry.span));
            }
        } else if let Some(old) = old {
            let said = declared::of(policy, clause, "not_computed").into_iter();
            spans.extend(said.filter(|entry| entry.is_written(&old.written)).map(|entry| entry.span));
        }
        for span in spans {
            let is_known = places.iter().any(|known: &Touched| known.span.is(&span));
            let key = key(policy, Some(place), &span);
            // A day of the policy's window is told below, where it stands.
            if !is_known && !key.is_empty() {
                places.push(Touched { clause: clause.id.clone(), key, span });
            }
        }
    }
    if let Some(figure) = old.and_then(|old| old.figure.as_ref()).filter(|_| places.is_empty()) {
        let rules = working::of_policy(policy).into_iter().filter(|own| own.figure.agrees(figure));
        places.extend(rules.map(|own| Touched {
            clause: String::new(),
            key: key(policy, None, &own.span),
            span: own.span,
        }));
    }
    Refigured { figure, places }
}

/// The key under which a place stands: in its clause, or elsewhere in the file.
fn key(policy: &Policy, clause: Option<usize>, span: &Span) -> String {
    fn within(entries: &[Entry], span: &Span) -> Option<String> {
        entries.iter().find_map(|entry| {
            // A table may stand under several heads, so it is not asked where it stands.
            let inner = match &entry.item.value {
                Raw::Table(table) => within(table.entries(), span).map(|inner| format!("{}.{inner}", entry.key)),
                _ => None,
            };
            let holds = || entry.item.span.holds(span) || entry.item.span.is(span);
            inner.or_else(|| holds().then(|| entry.key.clone()))
        })
    }
    let own = clause.and_then(|clause| policy.clauses.get(clause)).and_then(|clause| place::clause(policy, clause));
    let in_clause = own.and_then(|own| within(own.entries(), span));
    in_clause.or_else(|| within(policy.document.entries(), span)).unwrap_or_default()
}

/// What a clause cites in the new edition; none where nobody can tell by itself.
fn cite(cite: &str, own: &[usize], pairs: &[Pair], before: &Edition, after: &Edition) -> Option<String> {
    let mut moved: Vec<(Key, Key)> = Vec::new();
    for at in own {
        let passage = before.passages.get(*at)?;
        let pair = pairs.iter().find(|pair| pair.old == Some(*at));
        // A mere title is no article; it is where it was.
        let Some(pair) = pair else { continue };
        let other = after.passages.get(pair.new?)?;
        if passage.part != other.part {
            return None;
        }
        moved.push((passage.key.clone()?, other.key.clone()?));
    }
    if moved.iter().all(|(old, new)| old == new) {
        return Some(cite.to_owned());
    }
    if let [(Key::Section(..), Key::Section(section, inner))] = moved.as_slice() {
        let (prefix, _) = passage::cited(cite)?;
        let inner = inner.map(|inner| format!("（{}）", chinese(inner))).unwrap_or_default();
        return Some(format!("{prefix}{}{inner}", chinese(*section)));
    }
    if let [(Key::Item(old), Key::Item(new))] = moved.as_slice()
        && cite.matches(&format!("第{old}项")).count() == 1
    {
        return Some(cite.replace(&format!("第{old}项"), &format!("第{new}项")));
    }
    // A range stays one only where all of it moves by as much.
    let step = |(old, new): &(Key, Key)| match (old, new) {
        (Key::Article(old), Key::Article(new)) => i64::from(*new).checked_sub(i64::from(*old)),
        _ => None,
    };
    let steps: BTreeSet<i64> = moved.iter().map(step).collect::<Option<_>>()?;
    if cite.contains(['至', '—', '~', '～']) && steps.len() > 1 {
        return None;
    }
    renumbered(cite, |number| {
        moved.iter().find_map(|(old, new)| match (old, new) {
            (Key::Article(old), Key::Article(new)) if *old == number => Some(*new),
            _ => None,
        })
    })
}
