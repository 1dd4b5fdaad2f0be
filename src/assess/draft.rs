//! A line while it is being worked out.

use crate::assess::model::{Failed, Installment, Step, Working};
use crate::assess::step::step;
use crate::clause::Pool;
use crate::expr::context::{Cause, Reads, tidy};
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Interval, Truth};

/// What a clause comes to in one world, for one record.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The clause's place in its policy.
    pub clause: usize,
    /// The record's place in its list.
    pub record: Option<usize>,
    /// Whether the event has happened at all.
    pub happened: Truth,
    /// Whether it lies inside the clause's window.
    pub inside: Truth,
    /// Whether it is not after the evaluation date.
    pub reached: Truth,
    /// Whether all conditions hold.
    pub meets: Truth,
    /// Whether it comes while something is still paid.
    pub in_time: Truth,
    /// The amount by the clause's own words, to date.
    pub entitled: Interval,
    /// The same for all that can still come.
    pub entitled_in_all: Interval,
    /// What is left of it after the steps so far, to date.
    pub to_date: Interval,
    /// The same for all that can still come.
    pub lifetime: Interval,
    /// What its own words give to date if all of it holds: what is known of it then.
    pub if_held: Interval,
    /// Whether its own amount grows without end.
    pub endless: bool,
    /// What was earned to date, where it is no longer paid and something was: money received for it is no overpayment.
    pub earned: Option<Interval>,
    /// Of a term: how much of it is used.
    pub used: Option<Interval>,
    /// Its parts with their own triggers, before the steps across clauses.
    pub parts: Vec<Part>,
    /// Whether they are sure to add up to what is left. Where they are not, the numbers decide.
    pub parts_add_up: bool,
    /// The steps that took something away, or may have.
    pub losses: Vec<Loss>,
    /// By what, in words.
    pub because: Vec<(Loss, Text)>,
    /// Whether rounding brought it above its cap.
    pub over_cap: Truth,
    /// Whether rounding brought it below its floor.
    pub under_floor: Truth,
    /// Whether one of the policy's own rules took all of it, however much that was.
    pub refused: Truth,
    /// Why something is open.
    pub causes: Vec<Cause>,
    /// Which inputs were read.
    pub reads: Reads,
    /// Of what is not met, and comes to nothing: which inputs that hangs on. Without these it stays so, whatever else is the case.
    pub hangs_on: Option<Reads>,
    /// What is known of it together with other lines that share a limit.
    pub joint: Option<Joint>,
    /// Whether it shares an open limit of which it is not known what the lines come to together: their sum is perhaps too wide.
    pub loose: bool,
    /// What is shown, where it is wanted.
    pub trace: Option<Trace>,
}

/// What several lines come to together, where who of them gets how much of a limit is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Which pool they share, and which of the groups in it.
    pub group: (Pool, usize),
    /// How many lines there are in it.
    pub lines: usize,
    /// What they come to together, to date and in all.
    pub sum: (Interval, Interval),
    /// What this line was left when that was found: what has been taken from it since is not in the sum.
    pub own: (Interval, Interval),
}

/// A part with its own trigger.
#[derive(Clone, Debug)]
pub struct Part {
    /// The instalment's id.
    pub id: String,
    /// What is owed of it to date.
    pub to_date: Interval,
    /// What of it can still come.
    pub lifetime: Interval,
}

impl Part {
    /// What it comes to if the clause holds, and if it can.
    pub fn given(self, holds: Truth, can_hold: Truth) -> Part {
        Part { to_date: self.to_date.given(holds), lifetime: self.lifetime.given(can_hold), ..self }
    }
}

/// A step after the amount that takes something away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// A limit is used up.
    Limit,
    /// Another clause stands in its place.
    Displaced,
    /// Another clause is higher.
    Lower,
    /// Another scheme paid for the same thing.
    Overlap,
    /// The evaluation date is after the last day of payment.
    NoLongerPaid,
}

/// What a run leaves to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing but the results.
    Nothing,
    /// Every condition that fails.
    Failures,
    /// Also every step of the amounts.
    Everything,
}

/// What is shown of a line.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// How the amount came about.
    pub steps: Vec<Step>,
    /// The conditions that fail.
    pub failed: Vec<Failed>,
    /// Parts with their own dates.
    pub installments: Vec<Installment>,
    /// What an officer should know of this result.
    pub notes: Vec<Text>,
    /// What only a full derivation tells.
    pub working: Working,
}

impl Draft {
    /// Whether the clause is met on the evaluation date, before the steps across clauses.
    pub fn holds(&self) -> Truth {
        self.happened.and(self.inside).and(self.reached).and(self.meets)
    }

    /// Whether it is, or can still be met: an event that is known to come counts, unless nothing is paid any more by then.
    pub fn can_hold(&self) -> Truth {
        self.happened.and(self.inside).and(self.meets).and(self.in_time)
    }

    /// Whether something about it is open.
    pub fn is_open(&self) -> bool {
        let amounts = [Some(self.to_date), self.used, self.earned];
        let holds = self.holds();
        let refused = holds.is_true() && !self.refused.is_point();
        !holds.is_point()
            || refused
            || !self.is_term_known()
            || amounts.into_iter().flatten().any(|amount| !amount.is_point())
    }

    /// Whether all that can come is known: one amount, or, where nothing is missing, one that grows without end.
    pub fn is_term_known(&self) -> bool {
        let endless = self.endless && self.lifetime.hi == Bound::Above && self.refused.is_false();
        self.lifetime.is_point() || (endless && self.causes.is_empty())
    }

    /// Takes over the reasons of something that this line now depends on.
    pub fn depend(&mut self, causes: &[Cause], reads: &Reads) {
        if !causes.is_empty() {
            self.causes.extend_from_slice(causes);
            tidy(&mut self.causes);
        }
        self.reads.extend(reads);
    }

    /// Keeps the amounts only if the truth holds; otherwise they are lost.
    pub fn keep(&mut self, keeps: Truth, loss: Loss) {
        let refused = keeps.negate();
        self.refused = self.refused.or(refused);
        self.parts_add_up &= keeps.is_true();
        let before = (self.to_date, self.lifetime);
        self.to_date = self.to_date.given(keeps);
        self.lifetime = self.lifetime.given(keeps);
        if refused.is_true() || before != (self.to_date, self.lifetime) {
            self.losses.push(loss);
        }
    }

    /// Puts smaller amounts in place of its own.
    pub fn reduce(&mut self, to_date: Interval, lifetime: Interval, loss: Loss) {
        self.parts_add_up = false;
        if loss == Loss::Limit {
            let nothing = to_date.equals(Interval::ZERO).and(lifetime.equals(Interval::ZERO));
            self.refused = self.refused.or(nothing);
        }
        if (self.to_date, self.lifetime) != (to_date, lifetime) {
            (self.to_date, self.lifetime) = (to_date, lifetime);
            self.losses.push(loss);
        }
    }

    /// Says by what something was lost, if it was.
    pub fn because(&mut self, loss: Loss, by: impl FnOnce() -> Text) {
        if self.losses.last() == Some(&loss) {
            self.because.push((loss, by()));
        }
    }

    /// By what something was lost last.
    pub fn why_lost(&self, loss: Loss) -> Option<Text> {
        self.because.iter().rfind(|(own, _)| *own == loss).map(|(_, by)| by.clone())
    }

    /// Shows what a rule left.
    pub fn show_left(&mut self, kind: &'static str, label: impl FnOnce() -> Text, policy: &Policy) {
        let left = self.to_date;
        if let Some(clause) = policy.clauses.get(self.clause) {
            self.show(|| step(kind, label(), None, left, clause));
        }
    }

    /// Adds a step to what is shown.
    pub fn show(&mut self, step: impl FnOnce() -> Step) {
        if let Some(trace) = &mut self.trace {
            trace.steps.push(step());
        }
    }
}
