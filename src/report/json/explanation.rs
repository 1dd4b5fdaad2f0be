//! A derivation as data: the line of the breakdown, and what only the derivation tells.

use serde::Serialize;

use super::line::{Failed, Line};
use super::parts::{Compared, Days, Fact, Head, Outcome, Range, Warning, day, days, range, shown, words, written};
use crate::explain::model::{self, What};
use crate::lang::Text;
use crate::source::clean;
use crate::value::Truth;

/// The version of the shape.
const SCHEMA: &str = "duixian/explanation@1";

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    head: Head,
    derivations: Vec<Derivation>,
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct Derivation {
    line: Line,
    summary: Option<Text>,
    window: Days,
    event: Days,
    in_time: Option<bool>,
    conditions: Vec<Condition>,
    counted: Vec<Counted>,
    time: Option<Time>,
    bounds_not_reached: Vec<Bound>,
    rounding: Option<Text>,
    limits: Vec<Text>,
    taken: Vec<Taken>,
    changes: Vec<Change>,
    together: Option<Together>,
    supply: Vec<Supply>,
    evaluations: usize,
    cut_short: bool,
}

#[derive(Serialize)]
struct Condition {
    text: Text,
    /// null: open.
    holds: Option<bool>,
    #[serde(flatten)]
    compared: Compared,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Failed>,
    facts: Vec<Given>,
    met_by: Vec<Change>,
}

/// A count or sum over some of a list.
#[derive(Serialize)]
struct Counted {
    what: Text,
    counts: Few,
    open: Few,
    left_out: Vec<LeftOut>,
}

/// Records by name, a few.
#[derive(Serialize)]
struct Few {
    count: usize,
    named: Vec<Text>,
}

#[derive(Serialize)]
struct LeftOut {
    fails: Option<Text>,
    #[serde(flatten)]
    records: Few,
}

#[derive(Serialize)]
struct Given {
    #[serde(flatten)]
    fact: Fact,
    value: Text,
}

/// The time that an amount grows with, in months.
#[derive(Serialize)]
struct Time {
    from: Days,
    until: Days,
    to_date: Range,
    lifetime: Range,
    at_most: Option<Range>,
}

#[derive(Serialize)]
struct Bound {
    kind: &'static str,
    value: Text,
}

#[derive(Serialize)]
struct Taken {
    id: String,
    question: Text,
    option: Text,
}

#[derive(Serialize)]
struct Change {
    #[serde(flatten)]
    what: Changed,
    #[serde(flatten)]
    outcome: Outcome,
    gain: Option<Range>,
    lifetime_gain: Option<Range>,
    /// What is awarded over all clauses after it; null for a later day.
    total: Option<Range>,
}

/// What is changed, by its kind.
#[derive(Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Changed {
    Fact {
        #[serde(flatten)]
        fact: Fact,
        from: Text,
        to: Text,
        by: Option<Text>,
        more: Option<bool>,
        times: u32,
    },
    Records {
        #[serde(flatten)]
        list: Fact,
        count: Text,
        like: Option<usize>,
    },
    Later {
        as_of: String,
        by: Text,
    },
}

#[derive(Serialize)]
struct Together {
    changes: Vec<Changed>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
struct Supply {
    #[serde(flatten)]
    fact: Fact,
    ask: Option<Text>,
    values: Vec<Value>,
}

#[derive(Serialize)]
struct Value {
    value: Text,
    #[serde(flatten)]
    outcome: Outcome,
}

/// The whole document, with a line break at its end.
pub fn render(explanation: &model::Explanation) -> String {
    let assessment = &explanation.assessment;
    let document = Document {
        head: Head::of(SCHEMA, assessment),
        derivations: explanation.derivations.iter().map(derivation).collect(),
        warnings: assessment.warnings.iter().map(Warning::of).collect(),
    };
    written(&document)
}

fn derivation(found: &model::Derivation) -> Derivation {
    let working = &found.line.working;
    Derivation {
        line: Line::of(&found.line),
        summary: found.summary.as_ref().map(words),
        window: days(found.window),
        event: days(found.event),
        in_time: truth(found.in_time),
        conditions: found.conditions.iter().map(condition).collect(),
        counted: found.counted.iter().map(counted).collect(),
        time: working.time.as_ref().map(|time| Time {
            from: days(time.from),
            until: days(time.until),
            to_date: range(time.to_date),
            lifetime: range(time.lifetime),
            at_most: time.at_most.map(range),
        }),
        bounds_not_reached: working
            .idle
            .iter()
            .map(|step| Bound { kind: step.kind, value: shown(&step.value) })
            .collect(),
        rounding: found.rounding.as_ref().map(words),
        limits: found.limits.iter().map(words).collect(),
        taken: found
            .taken
            .iter()
            .map(|(id, question, option)| Taken { id: clean(id), question: words(question), option: words(option) })
            .collect(),
        changes: found.changes.iter().map(change).collect(),
        together: found.together.as_ref().map(|together| Together {
            changes: together.changes.iter().map(changed).collect(),
            outcome: outcome(&together.outcome),
        }),
        supply: found.supply.iter().map(supply).collect(),
        evaluations: found.evaluations,
        cut_short: found.cut_short,
    }
}

fn counted(found: &model::Counted) -> Counted {
    let few = |few: &model::Few| Few { count: few.count, named: few.named.iter().map(words).collect() };
    let left_out = |(fails, records): &(Option<Text>, model::Few)| LeftOut {
        fails: fails.as_ref().map(words),
        records: few(records),
    };
    Counted {
        what: words(&found.what),
        counts: few(&found.counts),
        open: few(&found.open),
        left_out: found.left_out.iter().map(left_out).collect(),
    }
}

fn condition(found: &model::Condition) -> Condition {
    Condition {
        text: words(&found.text),
        holds: truth(found.holds),
        compared: Compared::of(found.required.as_ref(), found.actual.as_ref(), found.distance.as_ref()),
        parts: found.parts.iter().map(Failed::of).collect(),
        facts: found.facts.iter().map(|(fact, value)| Given { fact: Fact::of(fact), value: shown(value) }).collect(),
        met_by: found.met_by.iter().map(change).collect(),
    }
}

fn change(found: &model::Change) -> Change {
    Change {
        what: changed(&found.what),
        outcome: outcome(&found.outcome),
        gain: found.gain.map(range),
        lifetime_gain: found.lifetime_gain.map(range),
        total: found.total.map(|(_, after)| range(after)),
    }
}

fn changed(what: &What) -> Changed {
    match what {
        What::Fact { fact, from, to, by, times } => Changed::Fact {
            fact: Fact::of(fact),
            from: shown(from),
            to: shown(to),
            by: by.as_ref().map(|(by, _)| shown(by)),
            more: by.as_ref().map(|(_, more)| *more),
            times: *times,
        },
        What::Records { list, count, like } => {
            Changed::Records { list: Fact::of(list), count: shown(count), like: like.as_ref().map(|(index, _)| *index) }
        }
        What::Later { to, by } => Changed::Later { as_of: day(*to), by: shown(by) },
    }
}

fn outcome(found: &model::Outcome) -> Outcome {
    Outcome { status: found.status.name(), awarded: found.awarded.map(range), lifetime: found.lifetime.map(range) }
}

fn supply(found: &model::Supply) -> Supply {
    Supply {
        fact: Fact::of(&found.fact),
        ask: found.ask.as_ref().map(words),
        values: found
            .values
            .iter()
            .map(|(value, then)| Value { value: shown(value), outcome: outcome(then) })
            .collect(),
    }
}

fn truth(truth: Truth) -> Option<bool> {
    truth.is_point().then_some(truth.is_true())
}
