//! Changes planted in a policy, one at a time: a figure, a comparison, a condition, a sign, an event, a limit, a whole clause. A case must notice each.

mod changes;
mod figure;
mod parts;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cases::{Exceptions, File};
use crate::expr::watch::Watch;
use crate::policy::{self, Policy};
use crate::source::{Source, Span};

pub use changes::changes;

/// What a change changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A figure, or a date.
    Figure,
    /// `>` for `>=`.
    Comparison,
    /// `or` for `and`; a condition, or a part of one, that always holds; an entry of a list that is left out.
    Condition,
    /// `-` for `+`; an arm of `min` or `max` that does not count; a rounding the other way.
    Calculation,
    /// Another event; what accrues from or until another day.
    Time,
    /// All under one key of a limit, without its order, or the other way round.
    Limit,
    /// A clause that is no longer there.
    Clause,
}

impl Kind {
    /// All of them.
    pub const EVERY: [Kind; 7] =
        [Kind::Figure, Kind::Comparison, Kind::Condition, Kind::Calculation, Kind::Time, Kind::Limit, Kind::Clause];
}

/// A change of a policy's text.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it changes.
    pub kind: Kind,
    /// The clause; as in coverage for what stands in none.
    pub clause: String,
    /// What is replaced.
    pub span: Span,
    /// By what; empty where a clause is dropped.
    pub new: String,
    /// Whether a case comes by it at all; known once it was tried.
    pub reached: bool,
    touches: Touches,
}

/// Which cases may notice a change.
#[derive(Clone, Debug)]
enum Touches {
    /// Those that work this part of an expression out.
    Part(Span),
    /// Those that come by the clause.
    Clause,
    /// Those of the files in which facts are refused.
    Facts,
}

impl Change {
    /// What stands there.
    pub fn old(&self) -> &str {
        self.span.source.text.get(self.span.range.clone()).unwrap_or("")
    }

    /// The line that it is in.
    pub fn line(&self) -> &str {
        self.span.source.line(self.span.place().line.saturating_sub(1))
    }

    /// The text of the policy with the change.
    pub fn made(&self) -> Arc<Source> {
        let source = &self.span.source;
        let Range { start, end } = self.span.range;
        let piece = |range: Option<&str>| range.unwrap_or("").to_owned();
        let text = piece(source.text.get(..start)) + &self.new + &piece(source.text.get(end..));
        Source::new(source.name.clone(), text)
    }
}

/// What became of the changes of a policy.
#[derive(Debug, Default)]
pub struct Tried {
    /// How many were tried, of each kind.
    pub tried: Vec<(Kind, usize)>,
    /// How many are known to change nothing.
    pub equivalent: usize,
    /// The changes that no case notices.
    pub unnoticed: Vec<Change>,
    /// Places of the known equivalents that are no change of the policy, or are noticed.
    pub stale: Vec<usize>,
}

/// A policy with all that is needed to try changes of it.
pub struct Subject<'a> {
    /// The policy as it is.
    pub policy: &'a Policy,
    /// Its cases, all of which pass.
    pub files: &'a [File],
    /// What is known to change nothing.
    pub exceptions: &'a Exceptions,
    /// The text of a vocabulary by its name.
    pub find: &'a (dyn Fn(&str) -> Option<Arc<Source>> + Sync),
}

/// A change, and the cases (file and place in it) that may notice it.
struct Task {
    change: Change,
    cases: Vec<(usize, usize)>,
    equivalent: Option<usize>,
}

impl Subject<'_> {
    /// Tries changes, each on the cases that come by it, until one notices. Those that are known to change nothing are
    /// tried as well.
    pub fn try_out(&self, changes: Vec<Change>) -> Tried {
        let tasks = self.tasks(changes);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut unnoticed = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(task) = tasks.get(place) else { return unnoticed };
                if !self.is_noticed(task) {
                    unnoticed.push(place);
                }
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut unnoticed: Vec<usize> = std::thread::scope(|scope| {
            // Where there are no more threads to be had, those that there are do the work.
            let more = |_| std::thread::Builder::new().spawn_scoped(scope, work).ok();
            let others: Vec<_> = (1..threads).map_while(more).collect();
            let mut unnoticed = work();
            unnoticed.extend(others.into_iter().filter_map(|thread| thread.join().ok()).flatten());
            unnoticed
        });
        unnoticed.sort_unstable();
        let mut tried = Tried::default();
        for kind in Kind::EVERY {
            tried.tried.push((kind, tasks.iter().filter(|task| task.change.kind == kind).count()));
        }
        let mut used = vec![false; self.exceptions.equivalent.len()];
        for task in unnoticed.into_iter().filter_map(|place| tasks.get(place)) {
            match task.equivalent {
                Some(known) => {
                    tried.equivalent += 1;
                    if let Some(used) = used.get_mut(known) {
                        *used = true;
                    }
                }
                None => tried.unnoticed.push(task.change.clone()),
            }
        }
        tried.stale = used.iter().enumerate().filter(|(_, used)| !**used).map(|(place, _)| place).collect();
        tried
    }

    fn tasks(&self, changes: Vec<Change>) -> Vec<Task> {
        let mut watched: Vec<((usize, usize), Watch, Vec<String>)> = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            for place in 0..file.len() {
                let watch = Watch::default();
                if let Some(ran) = file.run_one(place, self.policy, Some(&watch)) {
                    let mut clauses: Vec<String> = ran.lines.into_iter().map(|line| line.clause).collect();
                    clauses.extend(self.clauses_seen(&watch));
                    watched.push(((at, place), watch, clauses));
                }
            }
        }
        let task = |mut change: Change| {
            let refuses = |file: usize| self.files.get(file).is_some_and(File::refuses);
            let touches = |file: usize, watch: &Watch, clauses: &[String]| match &change.touches {
                Touches::Part(span) => watch.at(span).is_some(),
                Touches::Clause => self.policy.clause(&change.clause).is_none() || clauses.contains(&change.clause),
                Touches::Facts => refuses(file),
            };
            let may = watched.iter().filter(|(at, watch, clauses)| touches(at.0, watch, clauses));
            let cases = may.map(|(at, _, _)| *at);
            let cases: Vec<(usize, usize)> = cases.collect();
            change.reached = !cases.is_empty();
            let equivalent = self.exceptions.equivalent.iter().position(|known| {
                known.clause == change.clause
                    && known.old == change.old()
                    && known.new == change.new
                    && change.line().contains(&known.line)
            });
            Task { change, cases, equivalent }
        };
        changes.into_iter().map(task).collect()
    }

    /// The clauses of which a part was worked out.
    fn clauses_seen(&self, watch: &Watch) -> Vec<String> {
        let seen = self
            .policy
            .clauses
            .iter()
            .filter(|clause| crate::coverage::nodes(clause).iter().any(|node| watch.at(&node.span).is_some()));
        seen.map(|clause| clause.id.clone()).collect()
    }

    /// Whether the policy with the change can no longer be read, or a case comes out otherwise.
    fn is_noticed(&self, task: &Task) -> bool {
        if task.cases.is_empty() {
            return false;
        }
        let (policy, _) = policy::read(&task.change.made(), &|name| (self.find)(name));
        let Some(policy) = policy else { return true };
        task.cases.iter().any(|(file, place)| self.files.get(*file).is_some_and(|file| !file.passes(*place, &policy)))
    }
}

/// So many of the changes, drawn with a seed; all of them where there are no more.
pub fn sample(mut changes: Vec<Change>, size: usize, seed: u64) -> Vec<Change> {
    let mut state = seed | 1;
    while changes.len() > size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let count = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        changes.swap_remove(usize::try_from(state % count).unwrap_or(0));
    }
    changes
}
