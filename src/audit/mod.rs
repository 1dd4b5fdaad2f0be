//! Holds a policy file against the official text that the user has at hand: every article must have its clause, every figure of
//! an article must work in its clauses, and the other way round; windows and standing must be the text's.

pub mod bounds;
mod dates;
mod declarations;
pub(crate) mod declared;
pub mod english;
pub mod figure;
pub mod known;
pub mod limits;
mod lists;
pub mod manner;
pub(crate) mod numeral;
pub mod pages;
pub mod pairs;
pub mod passage;
pub(crate) mod places;
pub mod reader;
pub mod sides;
pub mod standing;
mod wording;
mod words;
pub mod working;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::declared::Declared;
use crate::audit::figure::Figure;
use crate::audit::passage::Passage;
use crate::audit::places::Places;
use crate::audit::working::{Role, Working, only_serves};
use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::lang::Text;
use crate::policy::{Policy, unconfirmed};
use crate::source::{Source, Span};
use crate::value::{Day, Number};

codes! {
    static NO_CLAUSE: Code =
        Code::new("article-without-clause", "条文没有对应的条款", "an article of the text has no clause");
    static NOT_IN_CLAUSE: Code = Code::new(
        "figure-not-in-clause",
        "条文中的数字没有参与计算",
        "a figure of the text works in no clause of its article",
    );
    static NOT_READ: Code =
        Code::new("figure-not-read", "文中有像数字而读不出的", "something looks like a figure and cannot be read");
    static NOT_IN_TEXT: Code =
        Code::new("figure-not-in-text", "条款中的数字不在条文里", "a figure of the clause stands nowhere in its article");
    static NO_PASSAGE: Code =
        Code::new("clause-without-article", "条款没有对应的条文", "a clause cites an article that the text does not have");
    static STANDING: Code =
        Code::new("standing-not-of-text", "政策状态与文本不符", "the policy's status is not that of the text");
}

/// Every code that this room raises, file by file.
pub(crate) static ALL_CODES: &[&[&Code]] = &[CODES, declarations::CODES, wording::CODES];

/// What an audit found.
#[derive(Debug)]
pub struct Audit {
    /// How many articles the text has.
    pub articles: usize,
    /// How many figures it has.
    pub figures: usize,
    /// What looks like a figure and could not be read; each is open, unless a clause declares it.
    pub unread: usize,
    /// What is open.
    pub open: Vec<Diagnostic>,
}

/// Where a clause declares something as a figure that holds none.
pub fn unreadable(policy: &Policy, clause: &Clause) -> Vec<Span> {
    let all = ["not_computed", "derived"]
        .into_iter()
        .flat_map(|key| declared::of(policy, clause, key).into_iter().map(move |entry| (key, entry)));
    let none = all.filter(|(key, entry)| entry.figures.is_empty() && (*key == "derived" || !entry.has_numeral()));
    none.map(|(_, entry)| entry.span).collect()
}

/// The number of the article or item that a clause cites; none for a section.
pub fn article(cite: &str) -> Option<u32> {
    match passage::cited(cite)?.1 {
        passage::Key::Article(number) | passage::Key::Item(number) => Some(number),
        passage::Key::Section(..) => None,
    }
}

/// Compares a policy with its text.
pub fn audit(policy: &Policy, text: &Arc<Source>) -> Audit {
    let passages = passage::passages(text);
    let mut held = Held {
        policy,
        text,
        places: Places::of(policy, &passages),
        read: passages.iter().map(|passage| passage.read(text)).collect(),
        clauses: (0..policy.clauses.len()).map(|place| Own::of(policy, place)).collect(),
        rules: working::of_policy(policy),
        passages,
        open: Vec::new(),
    };
    held.figures_of_the_text();
    held.figures_of_the_clauses();
    held.declarations();
    held.wording();
    held.open.extend(standing::compare(policy, text));
    held.open.extend(unconfirmed(&policy.document));
    let articles = held.passages.iter().filter(|passage| passage.is_article()).count();
    let all = || held.read.iter().flatten();
    let unread = all().filter(|found| found.figure.is_none()).count();
    Audit { articles, figures: all().count() - unread, unread, open: held.open }
}

/// What a clause has.
struct Own {
    working: Vec<Working>,
    not_computed: Vec<Declared>,
    derived: Vec<Declared>,
}

impl Own {
    fn of(policy: &Policy, place: usize) -> Own {
        let declared =
            |key: &str| policy.clauses.get(place).map(|clause| declared::of(policy, clause, key)).unwrap_or_default();
        Own {
            working: working::of_clause(policy, place),
            not_computed: declared("not_computed"),
            derived: declared("derived"),
        }
    }

    /// Whether a figure of the text works here.
    fn works_with(&self, figure: &Figure) -> bool {
        self.working.iter().any(|own| own.taken && own.figure.agrees(figure))
    }

    /// Whether a year of the text works here by its first or last day, of which the clause declares that it follows.
    fn works_with_end_of(&self, figure: &Figure) -> bool {
        let Figure::Year(year) = figure else { return false };
        let ends = [Day::of(*year, 1, 1), Day::of(*year, 12, 31)];
        let is_end = |own: &Figure| matches!(own, Figure::Day(day) if ends.contains(&Some(*day)));
        let follows = |own: &Figure| self.derived.iter().any(|entry| entry.is_of_clause(own));
        self.working.iter().any(|own| own.taken && is_end(&own.figure) && follows(&own.figure))
    }
}

struct Held<'a> {
    policy: &'a Policy,
    text: &'a Arc<Source>,
    passages: Vec<Passage>,
    places: Places,
    read: Vec<Vec<reader::Found>>,
    clauses: Vec<Own>,
    rules: Vec<Working>,
    open: Vec<Diagnostic>,
}

impl Held<'_> {
    /// The clauses that speak of a passage; closing words and the preamble are spoken of by those that cite no number.
    fn clauses_of(&self, at: usize) -> Vec<usize> {
        let mut own = self.places.clauses_of(at);
        if self.passages.get(at).is_some_and(|passage| passage.may_be_unnumbered) {
            own.extend(&self.places.unnumbered);
        }
        own
    }

    fn figures_of_the_text(&mut self) {
        for (at, passage) in self.passages.iter().enumerate() {
            if self.places.clauses_of(at).is_empty() && passage.is_article() {
                let label =
                    Text::made(format!("“{}”没有条款", passage.name), format!("“{}” has no clause", passage.name));
                let help = Text::made(
                    "每条都要有条款，不给付的也要；`cite` 写明条文",
                    "every article needs a clause, those that pay nothing too; `cite` names the article",
                );
                self.open.push(NO_CLAUSE.at(Span::new(self.text, passage.head.clone()), label).help(help));
                continue;
            }
            let clauses: Vec<&Own> =
                self.clauses_of(at).into_iter().filter_map(|place| self.clauses.get(place)).collect();
            for found in self.read.get(at).into_iter().flatten() {
                let written = found.meant.as_str();
                let span = Span::new(self.text, found.whole.clone());
                let Some(figure) = &found.figure else {
                    if !clauses.iter().any(|own| own.not_computed.iter().any(|entry| entry.is_written(written))) {
                        let label = Text::made(
                            format!("“{written}”读不出是多少"),
                            format!("nobody can tell how much “{written}” is"),
                        );
                        let help = Text::made(
                            format!(
                                "核对原文；确无定数或不核算的，在 `not_computed` 写明 `figure = \"{written}\"` 和原因"
                            ),
                            format!(
                                "see the text; what is no certain number goes into `not_computed`, as `figure = \"{written}\"`, with the reason"
                            ),
                        );
                        self.open.push(NOT_READ.at(span, label).help(help));
                    }
                    continue;
                };
                let works = clauses.iter().any(|own| own.works_with(figure) || own.works_with_end_of(figure))
                    || self.works_for_all(at, figure)
                    || self.is_length_of_window(figure, found.range.start);
                let declared =
                    || clauses.iter().any(|own| own.not_computed.iter().any(|entry| entry.is_of_text(figure)));
                if !figure.says_nothing() && !works && !declared() {
                    let label = Text::made(
                        format!("{}的条款没有用“{written}”计算", passage.name),
                        format!("no clause of {} works with “{written}”", passage.name),
                    );
                    let help = Text::new(
                        "写进算式、条件或期限（文字里写了不算）；有意不核算的，在 `not_computed` 中写明数字和原因",
                        "put it into a formula, condition or window (words do not count), or declare it in `not_computed` with the reason",
                    );
                    self.open.push(NOT_IN_CLAUSE.at(span, label).help(help));
                }
            }
        }
    }

    /// Whether a rule over the whole policy works with a figure of the text. What stands first or last in a text, without a number of its
    /// own, may name the days of any window or definition; an article that is paid for answers for its own.
    fn works_for_all(&self, passage: usize, figure: &Figure) -> bool {
        let numbered = self.passages.get(passage).is_some_and(|passage| !passage.may_be_unnumbered);
        let computes = |place: &usize| {
            self.policy.clauses.get(*place).is_some_and(|clause| clause.kind.measures != Measures::Nothing)
        };
        let paid_for = numbered && self.places.clauses_of(passage).iter().any(computes);
        let of_clauses = self.clauses.iter().filter(|_| !numbered).flat_map(|own| &own.working);
        let of_clauses = of_clauses.filter(|found| found.is_for_all());
        let rules = self.rules.iter().filter(|found| !paid_for || found.is_for_all());
        rules.chain(of_clauses).any(|found| found.taken && found.figure.agrees(figure))
    }

    /// Whether it is how long the policy holds, and its window is so long: 有效期三年.
    fn is_length_of_window(&self, figure: &Figure, at: usize) -> bool {
        let (Figure::Amount(amount), window) = (figure, self.policy.window) else { return false };
        let before = self.text.text.get(..at).unwrap_or("").trim_end().trim_end_matches(['为', '是', '：', ':']);
        let said = ["有效期", "有效期限", "有效", "试行期", "试行期限", "执行期", "实施期限"]
            .iter()
            .any(|word| before.ends_with(word));
        let months = amount.number.to_i64().filter(|_| amount.unit.as_deref() == Some("月"));
        let from = window.lo > Day::FIRST;
        said && from && months.is_some_and(|months| window.lo.end_of_months(months) == window.hi)
    }

    /// Whether the text has a figure: in these passages, or anywhere.
    fn says(&self, figure: &Figure, passages: Option<&[usize]>) -> bool {
        let within = |at: &usize| passages.is_none_or(|passages| passages.contains(at));
        let read = self.read.iter().enumerate().filter(|(at, _)| within(at)).flat_map(|(_, found)| found);
        read.filter_map(|found| found.figure.as_ref()).any(|known| figure.agrees(known))
    }

    /// The passages in which a clause's figures may stand; none where they may stand anywhere.
    fn passages_of(&self, clause: usize) -> Option<&[usize]> {
        Some(self.places.passages_of(clause)).filter(|own| !own.is_empty())
    }

    fn figures_of_the_clauses(&mut self) {
        let mut open = Vec::new();
        for (place, clause) in self.policy.clauses.iter().enumerate() {
            if self.passages_of(place).is_none() && !self.places.unnumbered.contains(&place) {
                let label = Text::made(format!("“{}”", clause.cite), format!("“{}”", clause.cite));
                open.push(NO_PASSAGE.at(clause.span.clone(), label));
                continue;
            }
            for cited in self.places.not_there(place) {
                let label =
                    Text::made(format!("“{}”中的{cited}", clause.cite), format!("{cited} of “{}”", clause.cite));
                open.push(NO_PASSAGE.at(clause.span.clone(), label));
            }
            let Some(own) = self.clauses.get(place) else { continue };
            for found in own.working.iter().filter(|found| !self.is_accounted_for(place, own, found)) {
                let label = Text::made(
                    format!("{}没有“{}”", clause.cite, found.written),
                    format!("{} does not have “{}”", clause.cite, found.written),
                );
                open.push(not_in_text(found, label));
            }
        }
        for found in self.rules.iter().filter(|found| found.taken) {
            let derived =
                || self.clauses.iter().any(|own| own.derived.iter().any(|entry| entry.is_of_clause(&found.figure)));
            let within = found.limit.map(|limit| self.places.passages_of_limit(limit)).filter(|own| !own.is_empty());
            if !only_serves(&found.figure)
                && !self.says(&found.figure, within)
                && !self.follows(&found.figure)
                && !derived()
            {
                let cite = found.limit.filter(|_| within.is_some()).and_then(|limit| self.policy.limits.get(limit));
                let (zh, en) = cite.map_or(("文本", "the text"), |limit| (&limit.cite, &limit.cite));
                let label = Text::made(
                    format!("{zh}没有“{}”", found.written),
                    format!("{en} does not have “{}”", found.written),
                );
                open.push(not_in_text(found, label));
            }
        }
        // A definition that several clauses use is told once.
        let at =
            |found: &Diagnostic| found.labels.first().map(|(span, _)| (span.source.name.clone(), span.range.start));
        let mut told = BTreeSet::new();
        open.retain(|found| told.insert(at(found)));
        self.open.extend(open);
    }

    fn is_accounted_for(&self, place: usize, own: &Own, found: &Working) -> bool {
        if found.role == Role::Answers || only_serves(&found.figure) {
            return true;
        }
        let derived = |own: &Own| own.derived.iter().any(|entry| entry.is_of_clause(&found.figure));
        match found.role {
            _ if found.is_for_all() => {
                self.says(&found.figure, None) || self.follows(&found.figure) || self.clauses.iter().any(derived)
            }
            // Another clause that uses it may have it in its article.
            Role::Shared => self.clauses.iter().enumerate().any(|(other, own)| {
                let uses = other == place || own.working.iter().any(|known| known.is_at(&found.span));
                uses && (self.says(&found.figure, self.passages_of(other)) || derived(own))
            }),
            _ => self.says(&found.figure, self.passages_of(place)) || derived(own),
        }
    }

    /// Whether a day follows from the text: the last of a period that begins on a day of the text, both named there.
    fn follows(&self, figure: &Figure) -> bool {
        let Figure::Day(day) = figure else { return false };
        let all = || self.read.iter().flatten().filter_map(|found| found.figure.as_ref());
        let days: BTreeSet<Day> =
            all().filter_map(|known| if let Figure::Day(day) = known { Some(*day) } else { None }).collect();
        let months = |known: &Figure| match known {
            Figure::Amount(amount) if amount.unit.as_deref() == Some("月") && amount.number >= Number::whole(12) => {
                amount.number.to_i64()
            }
            _ => None,
        };
        // A text has a few periods; of more the shortest are enough.
        let lengths: BTreeSet<i64> = all().filter_map(months).collect();
        let mut lengths = lengths.into_iter().take(100);
        lengths.any(|months| days.iter().any(|from| *from > Day::FIRST && *day == from.end_of_months(months)))
    }
}

fn not_in_text(found: &Working, label: Text) -> Diagnostic {
    let help = Text::new(
        "改正数字和单位；由条文推算出来的，在 `derived` 中写明",
        "mend the figure or its unit; one that follows from the text without standing in it goes into `derived`",
    );
    NOT_IN_TEXT.at(found.span.clone(), label).help(help)
}
