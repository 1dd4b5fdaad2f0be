//! Applicant files to fill in: the facts that chosen clauses ask for, and nothing else.

pub mod csv;
mod fact;
mod toml;
mod uses;

use crate::lang::Lang;
use crate::policy::Policy;
use uses::Uses;

/// What a template is for.
#[derive(Debug)]
pub struct Template<'a> {
    policy: &'a Policy,
    /// Places of the clauses, in the order of the policy.
    clauses: Vec<usize>,
    /// Places of the kinds of applicants that it can be for, the first of which it takes.
    kinds: Vec<usize>,
    uses: Uses,
}

impl<'a> Template<'a> {
    /// For those clauses of a policy that are wanted, by their ids, and for this kind of applicant, by its place; without
    /// one, for all kinds that the clauses are for. `None` where no clause is left.
    pub fn new(policy: &'a Policy, wanted: &dyn Fn(&str) -> bool, kind: Option<usize>) -> Option<Template<'a>> {
        let is_for = |kinds: &[usize]| kind.is_none_or(|kind| kinds.contains(&kind));
        let chosen = policy.clauses.iter().enumerate();
        let chosen = chosen.filter(|(_, clause)| wanted(&clause.id) && is_for(&clause.applies_to));
        let clauses: Vec<usize> = chosen.map(|(place, _)| place).collect();
        let of_clauses = || clauses.iter().filter_map(|place| policy.clauses.get(*place));
        let mut kinds: Vec<usize> = match kind {
            Some(kind) => vec![kind],
            None => of_clauses().flat_map(|clause| clause.applies_to.iter().copied()).collect(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        let uses = Uses::of(policy, &clauses, &kinds);
        (!clauses.is_empty() && !kinds.is_empty()).then_some(Template { policy, clauses, kinds, uses })
    }

    /// An applicant file in which everything is still open, with comments in this language.
    pub fn toml(&self, lang: Lang) -> String {
        toml::write(self, lang)
    }
}
