//! One state of knowledge, and the steps of a calculation in their order.

use crate::assess::draft::{Draft, Told};
use crate::assess::kept::{Changes, Keep, Kept};
use crate::assess::step;
use crate::clause::Clause;
use crate::expr::context::{Asked, Context, Local, RecordAt, tidy};
use crate::expr::watch::Watch;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// A policy with the values of its inputs.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The values of its inputs.
    pub inputs: Vec<Value>,
    /// The evaluation date.
    pub as_of: Day,
    /// Where the inputs are no longer those that it began with.
    pub(super) changed: Changes,
}

/// Who is told of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'w> {
    /// What every part of an expression came to.
    pub watch: Option<&'w Watch>,
    /// What was asked for.
    pub asked: Option<&'w Asked>,
    /// What parts of clauses came to before.
    pub kept: Option<&'w Kept>,
}

impl<'a> World<'a> {
    /// A policy with the values of its inputs, on a day.
    pub fn new(policy: &'a Policy, inputs: Vec<Value>, as_of: Day) -> World<'a> {
        World { policy, inputs, as_of, changed: Changes::new() }
    }
}

impl World<'_> {
    /// Works out these clauses, which must be in the order of the policy and hold all that displace or limit each other.
    pub fn run(&self, clauses: &[usize], told: Told) -> Vec<Draft> {
        self.lines(clauses, None, told, Look::default())
    }

    /// Whether these clauses are one that is worked out for each record, and no line takes anything from another.
    pub fn has_own_lines(&self, clauses: &[usize]) -> bool {
        let [place] = clauses else { return false };
        let Some(clause) = self.policy.clauses.get(*place) else { return false };
        let others = self.policy.overlap.as_ref().filter(|_| clause.category.is_some());
        let others = others.and_then(|rule| self.inputs.get(rule.input));
        clause.each.is_some()
            && clause.limits.iter().all(|limit| limit.across)
            && clause.instead_of.is_empty()
            && !self.policy.highest_only.iter().any(|rule| rule.clauses.contains(place))
            && !matches!(others, Some(Value::List(list)) if !list.records.is_empty())
    }

    /// The lines of these clauses; those of one record only where one is named.
    pub(super) fn lines(&self, clauses: &[usize], only: Option<usize>, told: Told, look: Look<'_>) -> Vec<Draft> {
        let mut context = Context::new(&self.policy.names, &self.inputs, self.as_of);
        context.watch = look.watch;
        // Who looks on sees everything worked out.
        let kept = look.kept.filter(|_| look.watch.is_none() && told != Told::Everything);
        let keep = kept.map(|kept| Keep { kept, changed: &self.changed });
        let mut drafts = Vec::new();
        for &place in clauses {
            let Some(clause) = self.policy.clauses.get(place) else { continue };
            let first = drafts.len();
            match &clause.each {
                None => drafts.push(step::own::draft(self.policy, place, clause, None, (told, keep), &mut context)),
                Some(each) => {
                    let Some(Value::List(list)) = self.inputs.get(each.input) else { continue };
                    let wanted = only.map_or(0..list.records.len(), |only| only..only.saturating_add(1));
                    let at = |index, record| RecordAt { input: each.input, list: each.list, index, record };
                    let first = wanted.start;
                    let records = list.records.get(wanted).unwrap_or_default().iter().enumerate();
                    for (index, record) in records.map(|(index, record)| (first + index, record)) {
                        if !record.is_there() {
                            continue;
                        }
                        let at = Some(at(index, record));
                        drafts.push(step::own::draft(self.policy, place, clause, at, (told, keep), &mut context));
                    }
                    let mut perhaps = list.open.then(|| step::own::unlisted(place, clause, each));
                    let all = if only.is_none() { list.records.as_slice() } else { &[] };
                    for (index, record) in all.iter().enumerate().filter(|(_, record)| record.more > 0) {
                        let at = at(index, record);
                        let told = (Told::Nothing, keep);
                        let one = step::own::draft(self.policy, place, clause, Some(at), told, &mut context);
                        perhaps = Some(step::own::perhaps(one, at, clause, each, perhaps));
                    }
                    drafts.extend(perhaps.filter(|_| only.is_none()));
                }
            }
            let own = drafts.get_mut(first..).unwrap_or_default();
            step::limits::apply(clause, own, self, &mut context);
        }
        step::displaced::apply(&mut drafts, self, &mut context);
        step::highest_only::apply(&mut drafts, self, &mut context);
        step::overlap::apply(&mut drafts, self, &mut context);
        step::payable::apply(&mut drafts, self, &mut context);
        drafts.iter_mut().for_each(|draft| tidy(&mut draft.causes));
        if let Some(asked) = look.asked {
            asked.take_in(&context);
        }
        drafts
    }

    /// What a clause adds to the names for one record.
    pub fn local<'c>(&'c self, clause: &'c Clause, record: Option<usize>) -> Local<'c> {
        let each = clause.each.as_ref().zip(record).and_then(|(each, index)| {
            let Some(Value::List(list)) = self.inputs.get(each.input) else { return None };
            let record = list.records.get(index)?;
            Some(RecordAt { input: each.input, list: each.list, index, record })
        });
        step::own::local(clause, each)
    }
}
