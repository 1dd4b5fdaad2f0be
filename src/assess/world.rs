//! One state of knowledge, and the steps of a calculation in their order.

use std::collections::BTreeMap;

use crate::assess::draft::{Draft, Told};
use crate::assess::kept::{Changes, Keep, Kept};
use crate::assess::order::Order;
use crate::assess::step;
use crate::clause::Clause;
use crate::expr::came_to::{OfLine, Results};
use crate::expr::context::{Asked, Context, Local, RecordAt, tidy};
use crate::expr::suppose::Suppose;
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
    /// What clauses came to that others name, once that is known.
    pub(super) results: Results,
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
    /// What is supposed of comparisons that are open.
    pub suppose: Option<&'w Suppose<'w>>,
}

impl<'a> World<'a> {
    /// A policy with the values of its inputs, on a day.
    pub fn new(policy: &'a Policy, inputs: Vec<Value>, as_of: Day) -> World<'a> {
        World { policy, inputs, as_of, changed: Changes::new(), results: Results::default() }
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
        context.suppose = look.suppose;
        // Who looks on sees everything worked out.
        let kept = look.kept.filter(|_| look.watch.is_none() && told != Told::Everything);
        let keep = kept.map(|kept| Keep { kept, changed: &self.changed });
        let names_none = |place: &usize| self.policy.clauses.get(*place).is_none_or(|clause| clause.uses.is_empty());
        let mut drafts = if clauses.iter().all(names_none) {
            let own =
                clauses.iter().flat_map(|place| self.own_lines(*place, only, (told, keep), false, &mut context).0);
            let mut drafts: Vec<Draft> = own.collect();
            self.settle_lines(&mut drafts, &mut context);
            drafts
        } else {
            self.in_their_order(clauses, (told, keep), &mut context)
        };
        drafts.iter_mut().for_each(|draft| tidy(&mut draft.causes));
        if let Some(asked) = look.asked {
            asked.take_in(&context);
        }
        drafts
    }

    /// What is taken from lines across clauses, and by the last day of payment.
    fn settle_lines<'c>(&'c self, drafts: &mut [Draft], context: &mut Context<'c>) {
        step::displaced::apply(drafts, self, context);
        step::highest_only::apply(drafts, self, context);
        step::limits::over_clauses(drafts, self, context);
        step::overlap::apply(drafts, self, context);
        step::payable::apply(drafts, self, context);
    }

    /// The lines of clauses of which some name what others came to: each after those that it names, and what is left of a clause once
    /// all are there that may take something from it.
    fn in_their_order<'c>(
        &'c self,
        clauses: &[usize],
        (told, keep): (Told, Option<Keep<'_>>),
        context: &mut Context<'c>,
    ) -> Vec<Draft> {
        let mut order = Order::of(self.policy, clauses);
        let mut drafts: BTreeMap<usize, Vec<Draft>> = BTreeMap::new();
        while let Some(place) = order.next() {
            let (mut lines, perhaps) = self.own_lines(place, None, (told, keep), self.is_named(place), context);
            self.note_own(place, &lines, perhaps, context);
            if let Some(clause) = self.policy.clauses.get(place).filter(|_| told == Told::Everything) {
                lines.iter_mut().for_each(|line| self.show_named(clause, line, &drafts, context));
            }
            drafts.insert(place, lines);
            let Some(members) = order.worked_out(place) else { continue };
            let mut lines: Vec<Draft> = members.iter().filter_map(|place| drafts.remove(place)).flatten().collect();
            self.settle_lines(&mut lines, context);
            for draft in lines {
                drafts.entry(draft.clause).or_default().push(draft);
            }
            for place in members {
                let lines = drafts.entry(place).or_default();
                self.note_awarded(place, lines, context);
                order.settled(place);
            }
        }
        drafts.into_values().flatten().collect()
    }

    /// The lines of a clause by its own words and limits; with `named` also what each of its records that are perhaps there would come
    /// to.
    fn own_lines<'c>(
        &'c self,
        place: usize,
        only: Option<usize>,
        (told, keep): (Told, Option<Keep<'_>>),
        named: bool,
        context: &mut Context<'c>,
    ) -> (Vec<Draft>, Vec<OfLine>) {
        let (mut drafts, mut once) = (Vec::new(), Vec::new());
        let Some(clause) = self.policy.clauses.get(place) else { return (drafts, once) };
        match &clause.each {
            None => drafts.push(step::own::draft(self.policy, place, clause, None, (told, keep), context)),
            Some(each) => {
                let Some(Value::List(list)) = self.inputs.get(each.input) else { return (drafts, once) };
                let wanted = only.map_or(0..list.records.len(), |only| only..only.saturating_add(1));
                let at = |index, record| RecordAt { input: each.input, list: each.list, index, record };
                let first = wanted.start;
                let records = list.records.get(wanted).unwrap_or_default().iter().enumerate();
                for (index, record) in records.map(|(index, record)| (first + index, record)) {
                    if !record.is_there() {
                        continue;
                    }
                    let at = Some(at(index, record));
                    drafts.push(step::own::draft(self.policy, place, clause, at, (told, keep), context));
                }
                let mut perhaps = list.open.then(|| step::own::unlisted(place, clause, each));
                let all = if only.is_none() { list.records.as_slice() } else { &[] };
                for (index, record) in all.iter().enumerate().filter(|(_, record)| record.more > 0) {
                    let at = at(index, record);
                    let told = (Told::Nothing, keep);
                    let one = step::own::draft(self.policy, place, clause, Some(at), told, context);
                    once.extend(
                        named.then(|| OfLine { awarded: Some((one.to_date, one.lifetime)), ..OfLine::own(&one) }),
                    );
                    perhaps = Some(step::own::perhaps(one, at, clause, each, perhaps));
                }
                drafts.extend(perhaps.filter(|_| only.is_none()));
            }
        }
        step::limits::of_clause(clause, &mut drafts, self, context);
        (drafts, once)
    }

    /// A fresh evaluation over this state of knowledge.
    pub fn context(&self) -> Context<'_> {
        let mut context = Context::new(&self.policy.names, &self.inputs, self.as_of);
        context.results.clone_from(&self.results);
        context
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
