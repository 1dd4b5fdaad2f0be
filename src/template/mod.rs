//! Applicant files to fill in: the facts that chosen clauses ask for, and nothing else.

mod book;
pub mod csv;
mod fact;
mod form;
mod toml;
mod uses;

pub use fact::describe;

use std::collections::BTreeMap;
use std::io;

use rust_xlsxwriter::DataValidation;

use crate::lang::Lang;
use crate::policy::Policy;
use crate::rows::form::APPLICANTS;
use crate::value::Day;
use uses::Uses;

/// The last row, from 0, that drop-downs and checks of a form reach.
pub const LAST_ROW: u32 = book::LAST_ROW;

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

    /// A workbook to fill in, made on this day; `digest` is that of the policy's file, `clauses` the ids that were asked for.
    /// An error where it cannot be put together.
    pub fn form(&self, digest: &str, clauses: &[String], on: Day, lang: Lang) -> io::Result<Vec<u8>> {
        book::write(self, digest, clauses, on, lang)
    }

    /// The drop-downs and checks of its form, by the defined names of the columns, for a workbook in which these stand `at`.
    pub fn checks(&self, at: &dyn Fn(&str) -> Option<u16>, lang: Lang) -> BTreeMap<String, DataValidation> {
        book::checks(self, at, lang)
    }

    /// What the policy asks for now under the name of a column of a form, in short; `None` where it asks for no such thing.
    pub fn holds(policy: &Policy, table: &str, key: &str) -> Option<String> {
        let names = &policy.names;
        if table == APPLICANTS || table == "paid" {
            return match names.input(key).and_then(|place| names.inputs.get(place)) {
                Some(input) if table == APPLICANTS => Some(form::kind(input, names)),
                _ => None,
            };
        }
        let list = names.lists.iter().find(|list| list.name == table)?;
        list.fields.iter().find(|field| field.name == key).map(|field| form::kind(field, names))
    }

    /// An applicant file in which everything is still open, with comments in this language.
    pub fn toml(&self, lang: Lang) -> String {
        toml::write(self, lang)
    }
}
