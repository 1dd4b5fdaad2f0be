//! The assessment as data. Its shape is the structs of this room, in the order in which they are written: amounts are texts
//! with two places, words stand in both languages, and what is not there is null.

pub mod explanation;
mod line;
pub mod needs;

use serde::Serialize;

use super::{Format, Look};
use crate::assess::model::{self, Assessment, Status};
use crate::lang::Text;
use crate::source::clean;
use crate::value::{Day, Interval, Number};
use line::Line;

/// The version of the shape.
const SCHEMA: &str = "duixian/assessment@1";

/// The same content as data, in both languages: for several applicants one value behind the other.
pub static JSON: Format = Format {
    name: "json",
    about: Text::new("完整数据，含两种语言", "everything as data, in both languages"),
    names_files: false,
    begin: |_| String::new(),
    one: render,
    between: "",
    end: "",
};

/// One applicant's value, with a line break at its end.
fn render(assessment: &Assessment, look: &Look) -> String {
    // Texts, numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(&Document::of(assessment, look.all)).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    applicant: Applicant,
    as_of: String,
    policies: Vec<Policy>,
    lines: Vec<Line>,
    totals: Totals,
    missing: Vec<Missing>,
    warnings: Vec<Warning>,
    left_out: Vec<LeftOut>,
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
}

/// An interval of amounts; null: no bound.
#[derive(Serialize)]
struct Range {
    at_least: Option<String>,
    at_most: Option<String>,
}

#[derive(Serialize)]
struct Totals {
    awarded: Range,
    paid: String,
    due: Range,
    overpaid: Range,
    lifetime: Range,
    not_counted: Vec<NotCounted>,
}

#[derive(Serialize)]
struct NotCounted {
    policy: String,
    clause: String,
    title: Text,
    why: Text,
}

#[derive(Serialize)]
struct LeftOut {
    policy: String,
    title: Text,
    why: Text,
}

#[derive(Serialize)]
struct Missing {
    name: String,
    label: Text,
    ask: Option<Text>,
    clauses: Vec<Clause>,
    settles: Vec<Settled>,
}

#[derive(Serialize)]
struct Clause {
    policy: String,
    clause: String,
}

#[derive(Serialize)]
struct Settled {
    value: Text,
    awarded: Range,
}

#[derive(Serialize)]
struct Warning {
    code: &'static str,
    text: Text,
}

impl Document {
    fn of(assessment: &Assessment, all: bool) -> Document {
        let shown = assessment.lines.iter().filter(|line| all || line.status != Status::NotApplicable);
        Document {
            schema: SCHEMA,
            applicant: Applicant::of(&assessment.applicant),
            as_of: day(assessment.as_of),
            policies: assessment.policies.iter().map(Policy::of).collect(),
            lines: shown.map(Line::of).collect(),
            totals: Totals::of(&assessment.totals),
            missing: assessment.missing.iter().map(Missing::of).collect(),
            left_out: assessment.left_out.iter().map(LeftOut::of).collect(),
            warnings: assessment
                .warnings
                .iter()
                .map(|warning| Warning { code: warning.code, text: words(&warning.text) })
                .collect(),
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
        }
    }
}

impl Totals {
    fn of(totals: &model::Totals) -> Totals {
        let not_counted = |clause: &model::NotCounted| NotCounted {
            policy: clean(&clause.policy),
            clause: clean(&clause.clause),
            title: words(&clause.title),
            why: words(&clause.why),
        };
        Totals {
            awarded: range(totals.awarded),
            paid: totals.paid.money(),
            due: range(totals.due),
            overpaid: range(totals.overpaid),
            lifetime: range(totals.lifetime),
            not_counted: totals.not_counted.iter().map(not_counted).collect(),
        }
    }
}

impl Missing {
    fn of(missing: &model::Missing) -> Missing {
        let clause = |(policy, clause): &(String, String)| Clause { policy: clean(policy), clause: clean(clause) };
        let settled = |(value, awarded): &(Text, Interval)| Settled { value: words(value), awarded: range(*awarded) };
        Missing {
            name: clean(&missing.fact.name),
            label: words(&missing.fact.label),
            ask: missing.ask.as_ref().map(words),
            clauses: missing.clauses.iter().map(clause).collect(),
            settles: missing.settles.iter().map(settled).collect(),
        }
    }
}

impl LeftOut {
    fn of(left_out: &model::LeftOut) -> LeftOut {
        LeftOut { policy: clean(&left_out.policy), title: words(&left_out.title), why: words(&left_out.why) }
    }
}

fn words(text: &Text) -> Text {
    Text::made(clean(&text.zh), clean(&text.en))
}

fn range(interval: Interval) -> Range {
    Range { at_least: interval.lo.number().map(Number::money), at_most: interval.hi.number().map(Number::money) }
}

fn day(day: Day) -> String {
    day.to_string()
}
