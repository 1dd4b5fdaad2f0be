//! A line of the breakdown as data.

use serde::Serialize;

use super::{Range, day, range, words};
use crate::assess::model::{self, Amounts, InstallmentState};
use crate::expr::formula::UnitName;
use crate::lang::{Lang, Text};
use crate::report::formula;
use crate::source::clean;
use crate::value::{Day, DayRange, Interval};

/// A line.
#[derive(Serialize)]
pub struct Line {
    policy: String,
    clause: String,
    cite: String,
    title: Text,
    kind: &'static str,
    counted: &'static str,
    record: Option<Record>,
    status: &'static str,
    reason: Text,
    unit: Option<Unit>,
    entitled: Option<Range>,
    awarded: Option<Range>,
    paid: Option<String>,
    due: Option<Range>,
    overpaid: Option<Range>,
    lifetime: Option<Range>,
    installments: Vec<Installment>,
    steps: Vec<Step>,
    failed: Vec<Failed>,
    missing: Vec<Fact>,
    readings: Vec<Reading>,
    notes: Vec<Text>,
}

#[derive(Serialize)]
struct Record {
    index: usize,
    label: Option<String>,
}

#[derive(Serialize)]
struct Unit {
    zh: String,
    en: String,
}

/// Days, `never` after all of them; null: no bound.
#[derive(Serialize)]
struct Days {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct Installment {
    label: Text,
    amount: Range,
    due_on: Days,
    state: &'static str,
}

#[derive(Serialize)]
struct Step {
    kind: &'static str,
    label: Text,
    formula: Option<Text>,
    value: Text,
}

#[derive(Serialize)]
struct Failed {
    text: Text,
    required: Option<Text>,
    actual: Option<Text>,
    distance: Option<Text>,
}

#[derive(Serialize)]
struct Fact {
    name: String,
    label: Text,
}

#[derive(Serialize)]
struct Reading {
    id: String,
    question: Text,
    used: Option<Choice>,
    others: Vec<Other>,
}

#[derive(Serialize)]
struct Choice {
    option: String,
    label: Text,
}

#[derive(Serialize)]
struct Other {
    option: String,
    label: Text,
    status: &'static str,
    awarded: Option<Range>,
    lifetime: Option<Range>,
}

impl Line {
    /// From a line of the assessment.
    pub fn of(line: &model::Line) -> Line {
        let amount = |pick: fn(&Amounts) -> Interval| line.amounts.as_ref().map(|amounts| range(pick(amounts)));
        Line {
            policy: clean(&line.policy),
            clause: clean(&line.clause),
            cite: clean(&line.cite),
            title: words(&line.title),
            kind: line.kind,
            counted: line.counted.name(),
            record: line
                .record
                .as_ref()
                .map(|record| Record { index: record.index, label: record.label.as_deref().map(clean) }),
            status: line.status.name(),
            reason: words(&line.reason),
            unit: line.unit.as_ref().map(|UnitName { zh, en_many, .. }| Unit { zh: clean(zh), en: clean(en_many) }),
            entitled: amount(|amounts| amounts.entitled),
            awarded: amount(|amounts| amounts.awarded),
            paid: line.amounts.as_ref().map(|amounts| amounts.paid.money()),
            due: amount(|amounts| amounts.due),
            overpaid: amount(|amounts| amounts.overpaid),
            lifetime: amount(|amounts| amounts.lifetime),
            installments: line.installments.iter().map(Installment::of).collect(),
            steps: line.steps.iter().map(Step::of).collect(),
            failed: line.failed.iter().map(Failed::of).collect(),
            missing: line.missing.iter().map(Fact::of).collect(),
            readings: line.readings.iter().map(Reading::of).collect(),
            notes: line.notes.iter().map(words).collect(),
        }
    }
}

impl Installment {
    fn of(part: &model::Installment) -> Installment {
        Installment {
            label: words(&part.label),
            amount: range(part.amount),
            due_on: days(part.due_on),
            state: match part.state {
                InstallmentState::Due => "due",
                InstallmentState::NotYet => "not_yet",
                InstallmentState::Lost => "lost",
                InstallmentState::Open => "open",
            },
        }
    }
}

impl Step {
    fn of(step: &model::Step) -> Step {
        let both = |write: &dyn Fn(Lang) -> String| Text::made(write(Lang::Zh), write(Lang::En));
        Step {
            kind: step.kind,
            label: words(&step.label),
            formula: step.formula.as_ref().map(|calculation| both(&|lang| formula::write(calculation, lang))),
            value: both(&|lang| formula::value(&step.value, lang)),
        }
    }
}

impl Failed {
    fn of(failed: &model::Failed) -> Failed {
        let both = |write: &dyn Fn(Lang) -> String| Text::made(write(Lang::Zh), write(Lang::En));
        let sign = failed.required.as_ref().map(|(sign, _)| *sign);
        Failed {
            text: words(&failed.text),
            required: failed.required.as_ref().map(|wanted| both(&|lang| formula::required(wanted, lang))),
            actual: failed.actual.as_ref().map(|actual| both(&|lang| formula::value(actual, lang))),
            distance: failed.distance.as_ref().map(|off| both(&|lang| formula::distance(sign, off, lang))),
        }
    }
}

impl Fact {
    fn of(fact: &model::FactName) -> Fact {
        Fact { name: clean(&fact.name), label: words(&fact.label) }
    }
}

impl Reading {
    fn of(effect: &model::ReadingEffect) -> Reading {
        let other = |other: &model::OtherReading| Other {
            option: clean(&other.option),
            label: words(&other.label),
            status: other.status.name(),
            awarded: other.awarded.map(range),
            lifetime: other.lifetime.map(range),
        };
        Reading {
            id: clean(&effect.id),
            question: words(&effect.question),
            used: effect.used.as_ref().map(|(option, label)| Choice { option: clean(option), label: words(label) }),
            others: effect.others.iter().map(other).collect(),
        }
    }
}

fn days(range: DayRange) -> Days {
    Days { from: (range.lo > Day::FIRST).then(|| day(range.lo)), to: (range.hi != Day::LAST).then(|| day(range.hi)) }
}
