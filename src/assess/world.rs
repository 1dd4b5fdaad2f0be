//! One state of knowledge, and the steps of a calculation in their order.

use crate::assess::draft::{Draft, Told};
use crate::assess::step;
use crate::clause::Clause;
use crate::expr::context::{Context, Local, RecordAt};
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
}

impl World<'_> {
    /// Works out these clauses, which must be in the order of the policy and hold all that displace or limit each other.
    pub fn run(&self, clauses: &[usize], told: Told) -> Vec<Draft> {
        self.run_watched(clauses, told, None)
    }

    /// The same, told to a watch.
    pub fn run_watched(&self, clauses: &[usize], told: Told, watch: Option<&Watch>) -> Vec<Draft> {
        let mut context = Context::new(&self.policy.names, &self.inputs, self.as_of);
        context.watch = watch;
        let mut drafts = Vec::new();
        for &place in clauses {
            let Some(clause) = self.policy.clauses.get(place) else { continue };
            let first = drafts.len();
            match &clause.each {
                None => drafts.push(step::own::draft(self.policy, place, clause, None, told, &mut context)),
                Some(each) => {
                    let Some(Value::List(list)) = self.inputs.get(each.input) else { continue };
                    for (index, record) in list.records.iter().enumerate() {
                        let at = RecordAt { input: each.input, list: each.list, index, record };
                        drafts.push(step::own::draft(self.policy, place, clause, Some(at), told, &mut context));
                    }
                    if list.open {
                        drafts.push(step::own::unlisted(place, clause, each));
                    }
                }
            }
            let own = drafts.get_mut(first..).unwrap_or_default();
            step::limits::apply(clause, own, self, &mut context);
        }
        step::displaced::apply(&mut drafts, self, &mut context);
        step::highest_only::apply(&mut drafts, self, &mut context);
        step::overlap::apply(&mut drafts, self, &mut context);
        step::payable::apply(&mut drafts, self, &mut context);
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
