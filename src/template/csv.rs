//! The template as heads of tables: one for the applicants, a row each, and one for each list, a row each record.

use std::collections::BTreeMap;

use super::Template;
use crate::expr::names::Input;
use crate::expr::types::Type;
use crate::lang::Lang;
use crate::source::clean;

impl Template<'_> {
    /// The head of the applicants' table: `id`, `name`, `kind`, then the facts that are no lists.
    pub fn head(&self, labels: Option<Lang>) -> Vec<String> {
        let facts = self.inputs().filter(|input| !matches!(input.ty, Type::List(_)));
        heads(&["id", "name", "kind"], facts, labels)
    }

    /// The lists that are used, by name.
    pub fn lists(&self) -> Vec<&str> {
        self.inputs().filter(|input| matches!(input.ty, Type::List(_))).map(|input| input.name.as_str()).collect()
    }

    /// The head of a list's table: the applicant's `id`, then the fields that are used, and for how many equal records a row
    /// stands. `None` where the list is not used.
    pub fn list_head(&self, name: &str, labels: Option<Lang>) -> Option<Vec<String>> {
        let input = self.inputs().find(|input| input.name == name)?;
        let Type::List(place) = input.ty else { return None };
        let fields = self.policy.names.lists.get(place)?.fields.iter().enumerate();
        let used = fields.filter(|(field, _)| self.uses.fields.contains(&(place, *field))).map(|(_, field)| field);
        let mut head = heads(&["id"], used, labels);
        head.push("times".to_owned());
        Some(head)
    }

    fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.uses.inputs.keys().filter_map(|place| self.policy.names.inputs.get(*place))
    }
}

/// Names, or labels in a language; a label that stands twice, or is the name of another column, gives way to the name.
fn heads<'i>(first: &[&str], inputs: impl Iterator<Item = &'i Input>, labels: Option<Lang>) -> Vec<String> {
    let inputs: Vec<&Input> = inputs.collect();
    let mut counts: BTreeMap<String, usize> = first.iter().map(|name| ((*name).to_owned(), 1)).collect();
    let label = |input: &Input, lang: Lang| clean(input.label.get(lang));
    if let Some(lang) = labels {
        inputs.iter().for_each(|input| *counts.entry(label(input, lang)).or_default() += 1);
        inputs.iter().for_each(|input| *counts.entry(input.name.clone()).or_default() += 1);
    }
    let head = |input: &Input| match labels.map(|lang| label(input, lang)) {
        Some(label) if counts.get(&label) == Some(&1) => label,
        _ => input.name.clone(),
    };
    first.iter().map(|name| (*name).to_owned()).chain(inputs.iter().map(|input| head(input))).collect()
}
