//! The assessment as data. Its shape is the structs of this room, in the order in which they are written: amounts are texts
//! with two places, words stand in both languages, and what is not there is null.

pub mod explanation;
mod line;
pub mod needs;
mod parts;

use serde::Serialize;

use super::{Format, Look, told};
use crate::assess::model::{self, Assessment};
use crate::lang::Text;
use crate::report::record::Record;
use crate::source::clean;
use crate::value::Interval;
use line::Line;
use parts::{Asked, Head, Parts, Range, Warning, range, words, written};

/// The version of the shape.
const SCHEMA: &str = "duixian/assessment@2";

/// The same content as data, in both languages: for several applicants one value behind the other.
pub static JSON: Format = Format {
    name: "json",
    about: Text::new("完整数据，含两种语言", "everything as data, in both languages"),
    names_record: true,
    begin: |_| String::new(),
    one: render,
    between: "",
    end: "",
};

/// One applicant's value, with a line break at its end.
fn render(assessment: &Assessment, look: &Look, record: Option<&Record>) -> String {
    written(&Document::of(assessment, look, record))
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head,
    lines: Vec<Line>,
    totals: Totals,
    missing: Vec<Missing>,
    warnings: Vec<Warning>,
    left_out: Vec<LeftOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a Record>,
}

#[derive(Serialize)]
struct Totals {
    awarded: Range,
    paid: String,
    due: Range,
    overpaid: Range,
    lifetime: Range,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Parts>,
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
    #[serde(flatten)]
    asked: Asked,
    settles: Vec<Settled>,
}

#[derive(Serialize)]
struct Settled {
    value: Text,
    awarded: Range,
}

impl<'a> Document<'a> {
    fn of(assessment: &Assessment, look: &Look, record: Option<&'a Record>) -> Document<'a> {
        Document {
            head: Head::of(SCHEMA, assessment),
            lines: told::written(assessment, look).into_iter().map(Line::of).collect(),
            totals: Totals::of(&assessment.totals, &assessment.parts()),
            missing: assessment.missing.iter().map(Missing::of).collect(),
            left_out: assessment.left_out.iter().map(LeftOut::of).collect(),
            warnings: assessment.warnings.iter().map(Warning::of).collect(),
            record,
        }
    }
}

impl Totals {
    fn of(totals: &model::Totals, parts: &[model::PartSums]) -> Totals {
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
            parts: parts.iter().map(Parts::of).collect(),
            not_counted: totals.not_counted.iter().map(not_counted).collect(),
        }
    }
}

impl Missing {
    fn of(missing: &model::Missing) -> Missing {
        let settled = |(value, awarded): &(Text, Interval)| Settled { value: words(value), awarded: range(*awarded) };
        Missing {
            asked: Asked::of(&missing.fact, missing.ask.as_ref(), &missing.clauses),
            settles: missing.settles.iter().map(settled).collect(),
        }
    }
}

impl LeftOut {
    fn of(left_out: &model::LeftOut) -> LeftOut {
        LeftOut { policy: clean(&left_out.policy), title: words(&left_out.title), why: words(&left_out.why) }
    }
}
