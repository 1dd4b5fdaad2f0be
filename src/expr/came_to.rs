//! What clauses came to, for the expressions of other clauses that name them: `clause.income_tax.awarded`.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::expr::context::{Cause, Context, Reads};
use crate::value::{Interval, Truth, Value};

/// What of a clause is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Whether its event has come and its conditions hold.
    Eligible,
    /// Its amount by its own words.
    Entitled,
    /// What is left of that after all that can take something away.
    Awarded,
}

impl What {
    /// All of them.
    pub const EVERY: [What; 3] = [What::Awarded, What::Entitled, What::Eligible];

    /// The word for it in an expression.
    pub fn word(self) -> &'static str {
        match self {
            What::Eligible => "eligible",
            What::Entitled => "entitled",
            What::Awarded => "awarded",
        }
    }
}

/// What of which clause is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameTo {
    /// The clause's place in its policy.
    pub clause: usize,
    /// What of it.
    pub what: What,
    /// Of a clause with a line for each record: the record, which a count or sum looks at; which one, from the outermost of the
    /// expression.
    pub record: Option<usize>,
    /// Whether it may be below 0.
    pub signed: bool,
}

/// A line of a clause: each to date and over the whole term.
#[derive(Clone, Debug)]
pub struct OfLine {
    /// The record's place in its list.
    pub record: Option<usize>,
    /// Whether its conditions hold, and its event has come or is known to come.
    pub eligible: (Truth, Truth),
    /// By its own words.
    pub entitled: (Interval, Interval),
    /// What is left of it; `None` as long as that is not worked out.
    pub awarded: Option<(Interval, Interval)>,
    /// Whether it grows without end.
    pub endless: bool,
    /// Why something of it is open.
    pub causes: Vec<Cause>,
}

/// A clause that was worked out.
#[derive(Clone, Debug, Default)]
pub struct OfClause {
    /// Its lines.
    pub lines: Vec<OfLine>,
    /// What it read.
    pub reads: Reads,
    /// What it can hang on.
    pub asked: Reads,
}

/// The clauses that were worked out so far, by their places.
#[derive(Clone, Debug, Default)]
pub struct Results(Rc<BTreeMap<usize, Rc<OfClause>>>);

impl Results {
    /// What a clause came to.
    pub fn of(&self, clause: usize) -> Option<&OfClause> {
        self.0.get(&clause).map(Rc::as_ref)
    }

    /// Notes what a clause came to.
    pub fn note(&mut self, clause: usize, came_to: OfClause) {
        Rc::make_mut(&mut self.0).insert(clause, Rc::new(came_to));
    }
}

impl OfLine {
    fn value(&self, what: What, whole: bool) -> Option<Value> {
        let pick = |both: (Interval, Interval)| Value::Quantity(if whole { both.1 } else { both.0 });
        match what {
            What::Eligible => Some(Value::Truth(if whole { self.eligible.1 } else { self.eligible.0 })),
            What::Entitled => Some(pick(self.entitled)),
            What::Awarded => self.awarded.map(pick),
        }
    }
}

impl Context<'_> {
    /// What a clause, or one of its lines, came to: to date, or over the whole term where that is asked for. Where nothing was
    /// worked out, as of a record that nobody has listed, it is anything that it can be.
    pub(super) fn came_to(&mut self, named: CameTo) -> Value {
        let record =
            named.record.map(|depth| self.records.get(self.base + depth).filter(|at| at.is_listed(self.names)));
        let found = self.results.0.get(&named.clause).map(Rc::clone);
        let Some(found) = found else { return named.anything() };
        let line = match record {
            None => found.lines.first(),
            // Of one more record than there are nothing is known, whatever place it is given.
            Some(None) => None,
            Some(Some(at)) => found.lines.iter().find(|line| line.record == Some(at.index)),
        };
        let value = line.and_then(|line| line.value(named.what, self.whole));
        self.reads.extend(&found.reads);
        self.ask(&found.asked);
        match value {
            Some(value) => {
                if !value.is_point() {
                    self.causes.extend(line.into_iter().flat_map(|line| line.causes.iter().cloned()));
                }
                value
            }
            None => named.anything(),
        }
    }

    /// Whether one of these clauses grows without end.
    pub fn is_endless(&self, clauses: impl Iterator<Item = usize>) -> bool {
        let mut lines = clauses.filter_map(|clause| self.results.of(clause)).flat_map(|found| &found.lines);
        lines.any(|line| line.endless)
    }

    /// Says whether what clauses come to is taken over their whole term; otherwise it is taken to date.
    pub fn take_whole(&mut self, whole: bool) {
        if self.whole != whole {
            self.whole = whole;
            self.forget_lets();
        }
    }
}

impl CameTo {
    /// Everything that it can be.
    fn anything(self) -> Value {
        match self.what {
            What::Eligible => Value::Truth(Truth::OPEN),
            _ if self.signed => Value::Quantity(Interval::ANY),
            _ => Value::Quantity(Interval::ANY.floor_at_zero()),
        }
    }
}
