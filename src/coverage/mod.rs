//! Which outcomes of a policy its cases reach: of every clause whether it pays, is capped, is refused by each of its
//! conditions or stays open; of every expression which branches, cells and steps count; of every reading which options.

mod goals;

use crate::allot;
use crate::assess::model::Line;
use crate::cases::{Exceptions, Ran};
use crate::clause::Pool;
use crate::expr::watch::{Outcomes, Watch};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;

pub use goals::{DEFINE, POLICY, READINGS};
pub(crate) use goals::{nodes, rules, written};

/// What the cases of a policy reach.
#[derive(Debug)]
pub struct Coverage {
    /// Clause by clause, then definitions, rules and readings.
    pub parts: Vec<Part>,
    /// Places of the exceptions that excuse nothing: the outcome is reached, or there is none of this name.
    pub stale: Vec<usize>,
}

/// A clause, or the definitions, rules or readings of a policy.
#[derive(Debug)]
pub struct Part {
    /// The clause's id, or what stands for the rest.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its outcomes.
    pub outcomes: Vec<Outcome>,
}

/// One outcome.
#[derive(Debug)]
pub struct Outcome {
    /// Its name, the same in both languages: `paid`, `cell rate.master`.
    pub name: String,
    /// The words of the policy that its name has in Chinese.
    pub words: Option<Text>,
    /// Where it stands in the policy.
    pub span: Span,
    /// Whether it is reached.
    pub state: State,
}

/// Whether an outcome is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A case reaches it.
    Reached,
    /// None does.
    Missing,
    /// None can, and why.
    Unreachable(Text),
}

/// What reaches an outcome.
enum Reach {
    /// A line of the clause is so.
    Line(fn(&Line) -> bool),
    /// A line of a clause that shares this pool has a limit of these words among its steps.
    Limited(Pool, Text),
    /// What this pool, over all applicants, made of a line.
    Came(Pool, allot::Outcome),
    /// The part at this place came out so.
    Seen(Span, fn(Outcomes) -> bool),
    /// A case is refused by the rule with these words.
    Refused(Text),
    /// One of these parts took this option.
    Option(Vec<Span>, u64),
}

/// An outcome before it is known whether it is reached.
struct Goal {
    name: String,
    words: Option<Text>,
    span: Span,
    reach: Reach,
}

impl Goal {
    fn new(name: String, span: Span, reach: Reach) -> Goal {
        Goal { name, words: None, span, reach }
    }

    /// One that is called by words of the policy.
    fn told(word: &str, words: &Text, span: Span, reach: Reach) -> Goal {
        Goal { name: format!("{word} {}", words.zh), words: Some(words.clone()), span, reach }
    }
}

/// Holds what the cases reached, as their watch saw it, against all that can be reached.
pub fn coverage(policy: &Policy, ran: &[Ran], watch: &Watch, exceptions: &Exceptions) -> Coverage {
    let mut used = vec![false; exceptions.unreachable.len()];
    let mut parts = Vec::new();
    for (id, title, goals) in goals::all(policy) {
        let lines: Vec<_> = ran.iter().flat_map(|ran| &ran.lines).filter(|line| line.clause == id).collect();
        let is_reached = |reach: &Reach| match reach {
            Reach::Line(is_so) => lines.iter().any(|line| is_so(line)),
            Reach::Limited(pool, words) => {
                let members = policy.members(*pool);
                let is_of =
                    |line: &&Line| members.iter().any(|(clause, ..)| policy.clause(&line.clause) == Some(*clause));
                let mut steps = ran.iter().flat_map(|ran| &ran.lines).filter(is_of).flat_map(|line| &line.steps);
                steps.any(|step| step.kind == "limit" && step.label.zh.starts_with(words.zh.as_ref()))
            }
            Reach::Came(pool, outcome) => {
                let members = policy.members(*pool);
                let is_of = |clause: &str, limit: usize| {
                    members.iter().any(|(own, at, _)| policy.clause(clause) == Some(*own) && *at == limit)
                };
                let mut came = ran.iter().flat_map(|ran| &ran.came);
                came.any(|came| is_of(&came.clause, came.limit) && came.outcome == *outcome)
            }
            Reach::Refused(words) => ran.iter().any(|ran| ran.passed() && ran.refused.contains(words)),
            Reach::Seen(span, is_so) => watch.at(span).is_some_and(is_so),
            Reach::Option(spans, option) => {
                spans.iter().any(|span| watch.at(span).is_some_and(|seen| seen.options & option != 0))
            }
        };
        let mut outcomes = Vec::new();
        for goal in goals {
            let excuse =
                exceptions.unreachable.iter().position(|known| known.clause == id && known.outcome == goal.name);
            let state = match (is_reached(&goal.reach), excuse) {
                (true, _) => State::Reached,
                (false, None) => State::Missing,
                (false, Some(place)) => {
                    if let Some(used) = used.get_mut(place) {
                        *used = true;
                    }
                    let because = exceptions.unreachable.get(place).map(|known| known.because.clone());
                    State::Unreachable(because.unwrap_or_default())
                }
            };
            outcomes.push(Outcome { name: goal.name, words: goal.words, span: goal.span, state });
        }
        parts.push(Part { id, title, outcomes });
    }
    let stale = used.iter().enumerate().filter(|(_, used)| !**used).map(|(place, _)| place).collect();
    Coverage { parts, stale }
}

impl Coverage {
    /// How many outcomes are reached, cannot be reached, and are missing.
    pub fn counts(&self) -> (usize, usize, usize) {
        let parts: Vec<(usize, usize, usize)> = self.parts.iter().map(Part::counts).collect();
        parts.into_iter().fold((0, 0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1, sum.2 + part.2))
    }
}

impl Part {
    /// The same for one part.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&State) -> bool| self.outcomes.iter().filter(|outcome| wanted(&outcome.state)).count();
        (
            count(|state| *state == State::Reached),
            count(|state| matches!(state, State::Unreachable(_))),
            count(|state| *state == State::Missing),
        )
    }
}
