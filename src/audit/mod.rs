//! Holds a policy file against the official text that the user has at hand: every article must have its clause, and every
//! figure of an article must stand in its clauses, and the other way round.

pub mod answers;
pub mod english;
pub mod figure;
mod passage;

use std::collections::HashSet;
use std::sync::Arc;

use crate::audit::answers::{Answers, Computed, Reach};
use crate::audit::figure::Figure;
use crate::audit::passage::{Key, Passage};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::{Source, Span};

codes! {
    static NO_CLAUSE: Code =
        Code::new("article-without-clause", "条文没有对应的条款", "an article of the text has no clause");
    static NOT_IN_CLAUSE: Code = Code::new(
        "figure-not-in-clause",
        "条文中的数字不在条款里",
        "a figure of the text stands in no clause of its article",
    );
    static NOT_IN_TEXT: Code =
        Code::new("figure-not-in-text", "条款中的数字不在条文里", "a figure of the clause stands nowhere in its article");
    static NO_PASSAGE: Code =
        Code::new("clause-without-article", "条款没有对应的条文", "a clause cites an article that the text does not have");
}

/// What an audit found.
#[derive(Debug)]
pub struct Audit {
    /// How many articles the text has.
    pub articles: usize,
    /// How many figures it has.
    pub figures: usize,
    /// What is open.
    pub open: Vec<Diagnostic>,
}

/// Compares a policy with its text.
pub fn audit(policy: &Policy, text: &Arc<Source>) -> Audit {
    let passages = passage::passages(text);
    let places = Places::of(policy, &passages);
    let mut open = Vec::new();
    let mut figures = 0;
    for (at, passage) in passages.iter().enumerate() {
        let own: Vec<usize> = places.clauses_of(at);
        if own.is_empty() && passage.is_article() {
            let label = Text::made(format!("“{}”没有条款", passage.name), format!("“{}” has no clause", passage.name));
            let help = Text::made(
                "每条都要有条款，不给付的也要；`cite` 写明条文",
                "every article needs a clause, those that pay nothing too; `cite` names the article",
            );
            open.push(NO_CLAUSE.at(Span::new(text, passage.head.clone()), label).help(help));
            figures += passage.figures(text).len();
            continue;
        }
        let mut answers: Vec<Answers> = own.iter().map(|clause| Answers::of(policy, *clause)).collect();
        if passage.may_be_unnumbered {
            answers.extend(places.unnumbered.iter().map(|clause| Answers::of(policy, *clause)));
        }
        for (figure, range) in passage.figures(text) {
            figures += 1;
            if !answers.iter().any(|answers| answers.has(&figure)) {
                let written = text.text.get(range.clone()).unwrap_or("");
                let label = Text::made(
                    format!("“{written}”不在{}的条款里", passage.name),
                    format!("no clause of {} has “{written}”", passage.name),
                );
                let help = Text::new(
                    "写进条款；有意不核算的，在 `not_computed` 中写明数字和原因",
                    "put it into the clause, or declare it in `not_computed` with the reason",
                );
                open.push(NOT_IN_CLAUSE.at(Span::new(text, range), label).help(help));
            }
        }
    }
    let figures_of = |passage: &Passage| passage.figures(text).into_iter().map(|(figure, _)| figure).collect();
    let said: Vec<Vec<Figure>> = passages.iter().map(figures_of).collect();
    let mut told = HashSet::new();
    for (place, clause) in policy.clauses.iter().enumerate() {
        let own = places.passages_of(place);
        if own.is_empty() && !places.unnumbered.contains(&place) {
            let label = Text::made(format!("“{}”", clause.cite), format!("“{}”", clause.cite));
            open.push(NO_PASSAGE.at(clause.span.clone(), label));
            continue;
        }
        let known: Vec<&Figure> = own.iter().filter_map(|at| said.get(*at)).flatten().collect();
        for Computed { figure, written, span, reach } in answers::computed(policy, place) {
            let anywhere = own.is_empty() || reach == Reach::Policy;
            let stands = if anywhere {
                said.iter().flatten().any(|known| known.agrees(&figure))
            } else {
                known.iter().any(|known| known.agrees(&figure))
            };
            if !stands && told.insert((span.source.name.clone(), span.range.start, written.clone())) {
                let help = Text::new(
                    "改正数字；由条文推算出来的，在 `derived` 中写明",
                    "mend the figure; one that follows from the text without standing in it goes into `derived`",
                );
                let label = Text::made(
                    format!("{}没有“{written}”", clause.cite),
                    format!("{} does not have “{written}”", clause.cite),
                );
                open.push(NOT_IN_TEXT.at(span, label).help(help));
            }
        }
    }
    let articles = passages.iter().filter(|passage| passage.is_article()).count();
    Audit { articles, figures, open }
}

/// Which clause speaks of which passage.
struct Places {
    /// For each clause the passages that it cites.
    of_clause: Vec<Vec<usize>>,
    /// Clauses that cite no number: of the preamble, or of closing words.
    unnumbered: Vec<usize>,
}

impl Places {
    fn of(policy: &Policy, passages: &[Passage]) -> Places {
        // What stands before the number (基地指引, 附件) tells parts apart; they come in the order of the text.
        let mut parts: Vec<String> = Vec::new();
        let mut of_clause = Vec::new();
        let mut unnumbered = Vec::new();
        for (place, clause) in policy.clauses.iter().enumerate() {
            let found = match passage::cited(&clause.cite) {
                Some((prefix, key)) => {
                    let part = parts.iter().position(|known| *known == prefix).unwrap_or_else(|| {
                        parts.push(prefix);
                        parts.len() - 1
                    });
                    let same = |passage: &Passage| passage.part == part && passage.key.as_ref() == Some(&key);
                    passages.iter().enumerate().filter(|(_, passage)| same(passage)).map(|(at, _)| at).collect()
                }
                None => {
                    let titled =
                        |passage: &Passage| !passage.title.is_empty() && clause.cite.starts_with(&passage.title);
                    let found: Vec<usize> =
                        passages.iter().enumerate().filter(|(_, passage)| titled(passage)).map(|(at, _)| at).collect();
                    unnumbered.extend(found.is_empty().then_some(place));
                    found
                }
            };
            of_clause.push(found);
        }
        Places { of_clause, unnumbered }
    }

    fn clauses_of(&self, passage: usize) -> Vec<usize> {
        let speaks = |(_, passages): &(usize, &Vec<usize>)| passages.contains(&passage);
        self.of_clause.iter().enumerate().filter(speaks).map(|(clause, _)| clause).collect()
    }

    fn passages_of(&self, clause: usize) -> &[usize] {
        self.of_clause.get(clause).map_or(&[], Vec::as_slice)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        match (self, other) {
            (Key::Article(a), Key::Article(b)) | (Key::Item(a), Key::Item(b)) => a == b,
            (Key::Section(a, b), Key::Section(c, d)) => a == c && b == d,
            // 第8条 may be what a text numbers `8.`
            (Key::Article(a), Key::Item(b)) | (Key::Item(a), Key::Article(b)) => a == b,
            _ => false,
        }
    }
}
