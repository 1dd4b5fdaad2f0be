//! Parts that several documents have: their head, and how facts, amounts, days and distances are written.

use serde::Serialize;

use crate::assess::model::{self, Assessment};
use crate::expr::formula::Shown;
use crate::expr::names::Money;
use crate::lang::{Lang, Text};
use crate::report::formula;
use crate::source::clean;
use crate::value::{Day, DayRange, Interval, Number};

/// What every document begins with.
#[derive(Serialize)]
pub(super) struct Head {
    schema: &'static str,
    applicant: Applicant,
    as_of: String,
    policies: Vec<Policy>,
}

#[derive(Serialize)]
struct Applicant {
    name: Option<String>,
    kind: String,
    kind_label: Text,
    file: String,
}

#[derive(Serialize)]
struct Policy {
    id: String,
    title: Text,
    issuer: Text,
    status: &'static str,
    status_label: Text,
    from: Option<String>,
    to: Option<String>,
    expired: bool,
    /// Where it is not 元.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Text>,
}

#[derive(Serialize)]
pub(super) struct Warning {
    code: &'static str,
    text: Text,
}

/// An interval of amounts; null: no bound.
#[derive(Serialize)]
pub(super) struct Range {
    at_least: Option<String>,
    at_most: Option<String>,
}

/// Days, `never` after all of them; null: no bound.
#[derive(Serialize)]
pub(super) struct Days {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Fact {
    name: String,
    label: Text,
}

/// A fact that is asked for, and the clauses that ask for it.
#[derive(Serialize)]
pub(super) struct Asked {
    #[serde(flatten)]
    fact: Fact,
    ask: Option<Text>,
    clauses: Vec<Clause>,
}

#[derive(Serialize)]
struct Clause {
    policy: String,
    clause: String,
}

/// Parts of an amount that add up to it.
#[derive(Serialize)]
pub(super) struct Parts {
    by: String,
    label: Text,
    of: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    /// Its word or year; null: what no part takes.
    id: Option<String>,
    label: Text,
    awarded: Range,
    due: Range,
}

/// What a condition wants, what is the case, and how far off that is.
#[derive(Serialize)]
pub(super) struct Compared {
    required: Option<Text>,
    actual: Option<Text>,
    distance: Option<Text>,
}

/// How a line would come out.
#[derive(Serialize)]
pub(super) struct Outcome {
    pub status: &'static str,
    pub awarded: Option<Range>,
    pub lifetime: Option<Range>,
}

impl Head {
    /// Of a document of this shape.
    pub fn of(schema: &'static str, assessment: &Assessment) -> Head {
        Head {
            schema,
            applicant: Applicant::of(&assessment.applicant),
            as_of: day(assessment.as_of),
            policies: assessment.policies.iter().map(Policy::of).collect(),
        }
    }
}

impl Applicant {
    fn of(applicant: &model::Applicant) -> Applicant {
        Applicant {
            name: applicant.name.as_deref().map(clean),
            kind: clean(&applicant.kind),
            kind_label: words(&applicant.kind_label),
            file: clean(&applicant.file),
        }
    }
}

impl Policy {
    fn of(head: &model::PolicyHead) -> Policy {
        Policy {
            id: clean(&head.id),
            title: words(&head.title),
            issuer: words(&head.issuer),
            status: head.status,
            status_label: words(&head.status_label),
            from: head.from.map(day),
            to: head.to.map(day),
            expired: head.expired,
            currency: (head.currency.zh != Money::default().word)
                .then(|| Text::made(clean(&head.currency.zh), clean(&head.currency.en_many))),
        }
    }
}

impl Warning {
    /// From a warning of the assessment.
    pub fn of(warning: &model::Warning) -> Warning {
        Warning { code: warning.code, text: words(&warning.text) }
    }
}

impl Fact {
    /// From a fact's name.
    pub fn of(fact: &model::FactName) -> Fact {
        Fact { name: clean(&fact.name), label: words(&fact.label) }
    }
}

impl Asked {
    /// A fact, its question, and the clauses by the ids of policy and clause.
    pub fn of(fact: &model::FactName, ask: Option<&Text>, clauses: &[(String, String)]) -> Asked {
        let clause = |(policy, clause): &(String, String)| Clause { policy: clean(policy), clause: clean(clause) };
        Asked { fact: Fact::of(fact), ask: ask.map(words), clauses: clauses.iter().map(clause).collect() }
    }
}

impl Parts {
    /// What the parts of a line, or of all of them, come to.
    pub fn of(parts: &model::PartSums) -> Parts {
        let part = |part: &model::PartSum| Part {
            id: (!part.name.name.is_empty()).then(|| clean(&part.name.name)),
            label: words(&part.name.label),
            awarded: range(part.awarded),
            due: range(part.due),
        };
        let by = &parts.by;
        Parts { by: clean(&by.name), label: words(&by.label), of: parts.parts.iter().map(part).collect() }
    }
}

impl Compared {
    /// A sign and the value required, the actual value, and the distance.
    pub fn of(required: Option<&(&'static str, Shown)>, actual: Option<&Shown>, distance: Option<&Shown>) -> Compared {
        let sign = required.map(|(sign, _)| *sign);
        Compared {
            required: required.map(|wanted| both(|lang| formula::required(wanted, lang))),
            actual: actual.map(shown),
            distance: distance.map(|off| both(|lang| formula::distance(sign, off, lang))),
        }
    }
}

/// The whole document, with a line break at its end.
pub(super) fn written(document: &impl Serialize) -> String {
    // Texts, numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// In both languages.
pub(super) fn both(write: impl Fn(Lang) -> String) -> Text {
    Text::made(write(Lang::Zh), write(Lang::En))
}

pub(super) fn shown(value: &Shown) -> Text {
    both(|lang| formula::value(value, lang))
}

pub(super) fn words(text: &Text) -> Text {
    Text::made(clean(&text.zh), clean(&text.en))
}

pub(super) fn range(interval: Interval) -> Range {
    Range { at_least: interval.lo.number().map(Number::money), at_most: interval.hi.number().map(Number::money) }
}

pub(super) fn day(day: Day) -> String {
    day.to_string()
}

pub(super) fn days(range: DayRange) -> Days {
    Days { from: (range.lo > Day::FIRST).then(|| day(range.lo)), to: (range.hi != Day::LAST).then(|| day(range.hi)) }
}
