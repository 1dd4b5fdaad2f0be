//! A line of the breakdown as data.

use serde::Serialize;

use super::parts::{Compared, Days, Fact, Parts, Range, both, days, range, shown, words};
use crate::assess::model::{self, Amounts, InstallmentState};
use crate::expr::formula::UnitName;
use crate::lang::Text;
use crate::report::formula;
use crate::source::clean;
use crate::value::Interval;

/// A line.
#[derive(Serialize)]
pub struct Line {
    policy: String,
    clause: String,
    cite: String,
    title: Text,
    office: Option<Text>,
    kind: &'static str,
    counted: &'static str,
    record: Option<Record>,
    status: &'static str,
    conclusion: Option<&'static str>,
    reason: Text,
    because: Option<Text>,
    unit: Option<Unit>,
    entitled: Option<Range>,
    awarded: Option<Range>,
    paid: Option<String>,
    due: Option<Range>,
    overpaid: Option<Range>,
    lifetime: Option<Range>,
    term: Option<Term>,
    installments: Vec<Installment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Parts>,
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

#[derive(Serialize)]
struct Term {
    used: Range,
    left: Range,
    over: Range,
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
pub(super) struct Failed {
    text: Text,
    #[serde(flatten)]
    compared: Compared,
    /// Where any of several parts would have been enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Failed>,
}

#[derive(Serialize)]
struct Reading {
    policy: String,
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
    entitled: Option<Range>,
    awarded: Option<Range>,
    paid: Option<String>,
    due: Option<Range>,
    overpaid: Option<Range>,
    lifetime: Option<Range>,
    /// What the lines of its limit come to, where only that is otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    together: Option<Together>,
}

#[derive(Serialize)]
struct Together {
    awarded: Range,
    lifetime: Range,
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
            office: line.office.as_ref().map(words),
            kind: line.kind,
            counted: line.counted.name(),
            record: line
                .record
                .as_ref()
                .map(|record| Record { index: record.index, label: record.label.as_deref().map(clean) }),
            status: line.status.name(),
            conclusion: line.conclusion.map(model::Conclusion::name),
            reason: words(&line.reason),
            because: line.because.as_ref().map(words),
            unit: line.unit.as_ref().map(|UnitName { zh, en_many, .. }| Unit { zh: clean(zh), en: clean(en_many) }),
            entitled: amount(|amounts| amounts.entitled),
            awarded: amount(|amounts| amounts.awarded),
            paid: line.amounts.as_ref().map(|amounts| amounts.paid.money()),
            due: amount(|amounts| amounts.due),
            overpaid: amount(|amounts| amounts.overpaid),
            lifetime: amount(|amounts| amounts.lifetime),
            term: line.term.map(|term| Term { used: range(term.used), left: range(term.left), over: range(term.over) }),
            installments: line.installments.iter().map(Installment::of).collect(),
            parts: line.parts().iter().map(Parts::of).collect(),
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
        Step {
            kind: step.kind,
            label: words(&step.label),
            formula: step.formula.as_ref().map(|calculation| both(|lang| formula::write(calculation, lang))),
            value: shown(&step.value),
        }
    }
}

impl Failed {
    /// A condition, or a part of one.
    pub fn of(failed: &model::Failed) -> Failed {
        Failed {
            text: words(&failed.text),
            compared: Compared::of(failed.required.as_ref(), failed.actual.as_ref(), failed.distance.as_ref()),
            parts: failed.parts.iter().map(Failed::of).collect(),
        }
    }
}

impl Reading {
    fn of(effect: &model::ReadingEffect) -> Reading {
        let other = |other: &model::OtherReading| {
            let amount = |pick: fn(&Amounts) -> Interval| other.amounts.as_ref().map(|amounts| range(pick(amounts)));
            Other {
                option: clean(&other.option),
                label: words(&other.label),
                status: other.status.name(),
                entitled: amount(|amounts| amounts.entitled),
                awarded: amount(|amounts| amounts.awarded),
                paid: other.amounts.as_ref().map(|amounts| amounts.paid.money()),
                due: amount(|amounts| amounts.due),
                overpaid: amount(|amounts| amounts.overpaid),
                lifetime: amount(|amounts| amounts.lifetime),
                together: other
                    .together
                    .map(|told| Together { awarded: range(told.awarded.1), lifetime: range(told.lifetime.1) }),
            }
        };
        Reading {
            policy: clean(&effect.policy),
            id: clean(&effect.id),
            question: words(&effect.question),
            used: effect.used.as_ref().map(|(option, label)| Choice { option: clean(option), label: words(label) }),
            others: effect.others.iter().map(other).collect(),
        }
    }
}
