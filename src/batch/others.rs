//! What is the same for every applicant of a kind: the lines of clauses for other kinds. They are put together once, and not
//! worked out again with every row.

use std::sync::Arc;

use crate::assess::lines_for_others;
use crate::assess::model::{Assessment, Counted, Line, Verdict};
use crate::batch::{LineView, Plan};

/// So many kinds and choices of policies are remembered.
const MOST: usize = 64;

/// The lines of clauses for other kinds, by the kind and the places of the policies that are applied.
#[derive(Debug, Default)]
pub(super) struct Others(Vec<OfKind>);

#[derive(Debug)]
struct OfKind {
    policies: Vec<usize>,
    kind: String,
    lines: Arc<[Other]>,
}

/// A line of a clause for other kinds.
#[derive(Debug)]
pub(super) struct Other {
    policy: usize,
    clause: usize,
    line: Line,
    verdict: Verdict,
}

impl Others {
    /// The lines of the wanted clauses of these policies that are not for a kind.
    pub fn of(&mut self, plan: &Plan<'_>, policies: &[usize], kind: &str) -> Arc<[Other]> {
        let is_known = |known: &&OfKind| known.policies == policies && known.kind == kind;
        if let Some(known) = self.0.iter().find(is_known) {
            return Arc::clone(&known.lines);
        }
        let of = |place: &usize| {
            let policy = *place;
            let found = plan.setup.policies.get(policy).map(|read| lines_for_others(read, kind));
            let wanted =
                found.unwrap_or_default().into_iter().filter(move |(clause, _)| plan.is_wanted(policy, *clause));
            wanted.map(move |(clause, line)| Other { policy, clause, verdict: Verdict::of_line(&line), line })
        };
        let lines: Arc<[Other]> = policies.iter().flat_map(of).collect();
        if self.0.len() < MOST {
            self.0.push(OfKind { policies: policies.to_vec(), kind: kind.to_owned(), lines: Arc::clone(&lines) });
        }
        lines
    }
}

impl Other {
    /// As it is seen.
    pub fn view(&self) -> LineView<'_> {
        LineView::plain((self.policy, self.clause), &self.verdict, self.line.counted == Counted::Total)
    }
}

/// Where a policy stands among those that are applied.
fn turn(policy: usize, policies: &[usize]) -> usize {
    policies.iter().position(|place| *place == policy).unwrap_or(usize::MAX)
}

/// Puts lines between an applicant's own, in the order of the policies and their clauses.
pub(super) fn between<'l>(lines: &mut Vec<LineView<'l>>, others: &[LineView<'l>], policies: &[usize]) {
    lines.extend(others);
    lines.sort_by_key(|line| (turn(line.policy, policies), line.clause));
}

/// Lines for others in an assessment.
pub(super) fn put_into(assessment: &mut Assessment, others: &[Other], plan: &Plan<'_>, policies: &[usize]) {
    assessment.lines.extend(others.iter().map(|other| other.line.clone()));
    assessment.lines.sort_by_cached_key(|line| {
        let place = plan.find(&line.policy, &line.clause, policies.iter().copied());
        place.map(|(policy, clause)| (turn(policy, policies), clause))
    });
}
