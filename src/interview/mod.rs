//! An interview with one applicant: which question comes next, what an answer means, and the file that grows with the answers.
//! Who asks, and how, is not known here.

pub mod answer;
pub mod file;

use std::collections::BTreeSet;

use crate::assess::model::Counted;
use crate::explain::model::{Need, Needs};
use crate::expr::names::{Input, List, Names};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::source::clean;
use crate::template;

/// A fact to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'p> {
    /// The policy that declares it.
    pub policy: &'p Policy,
    /// Its declaration.
    pub input: &'p Input,
}

/// The fact that is asked for next: of those that nobody has passed over the one that narrows the total most, and what a sum
/// depends on before what only an office can find.
pub fn next<'n>(needs: &'n Needs, passed: &BTreeSet<String>) -> Option<&'n Need> {
    let open = || needs.needs.iter().filter(|need| !passed.contains(&need.fact.name));
    let paying = |need: &&Need| {
        let lines = needs.assessment.lines.iter().filter(|line| line.counted == Counted::Total);
        lines
            .into_iter()
            .any(|line| need.clauses.iter().any(|(policy, id)| line.policy == *policy && line.clause == *id))
    };
    open().find(paying).or_else(|| open().next())
}

impl<'p> Question<'p> {
    /// The declaration of a fact by its name, `degree` or `hires[2].degree`, in the first policy that has it.
    pub fn of(name: &str, policies: &[&'p Policy]) -> Option<Question<'p>> {
        let (fact, field) = match name.split_once('[') {
            None => (name, None),
            Some((list, rest)) => (list, Some(rest.split_once("].")?.1)),
        };
        policies.iter().find_map(|policy| {
            let input = policy.names.inputs.get(policy.names.input(fact)?)?;
            let input = match (field, &input.ty) {
                (None, _) => input,
                (Some(field), Type::List(list)) => {
                    policy.names.lists.get(*list)?.fields.iter().find(|known| known.name == field)?
                }
                _ => return None,
            };
            Some(Question { policy, input })
        })
    }

    /// The list, where it is one.
    pub fn list(&self) -> Option<&'p List> {
        match self.input.ty {
            Type::List(place) => self.policy.names.lists.get(place),
            _ => None,
        }
    }

    /// The fields of a record that expressions use, in their order: what else is declared decides nothing.
    pub fn fields(&self) -> Vec<Question<'p>> {
        let Some(list) = self.list() else { return Vec::new() };
        let used = |place: usize| list.seen.contains(place) || list.label_by == Some(place);
        let fields = list.fields.iter().enumerate().filter(|(place, _)| used(*place));
        fields.map(|(_, input)| Question { policy: self.policy, input }).collect()
    }

    /// The question in words, without what was typed by a policy's author to steer a terminal.
    pub fn text(&self, lang: Lang) -> String {
        clean(self.input.ask.as_ref().unwrap_or(&self.input.label).get(lang))
    }

    /// What can be answered where there is no choice.
    pub fn hint(&self, lang: Lang) -> String {
        match self.input.ty {
            Type::Date => {
                let date =
                    Text::new("日期，如 2024-03-01；只知年月写 2024-03", "a date such as 2024-03-01, or 2024-03");
                let never = Text::new("；没有发生写“没有”", "; “never” if it has not happened");
                let never = if self.input.may_be_never { never.get(lang) } else { "" };
                format!("{}{never}", date.get(lang))
            }
            Type::Text => Text::new("文字", "a text").get(lang).to_owned(),
            _ => {
                let described = template::describe(self.input, &self.policy.names, lang).replace('"', "");
                let has_unit = matches!(&self.input.ty, Type::Quantity(unit) if !unit.is_none());
                let bare = Text::new("（只写数字也可）", " (the number alone will do)");
                format!("{described}{}", if has_unit { bare.get(lang) } else { "" })
            }
        }
    }

    /// The answers to choose from; none where any value can be typed.
    pub fn choices(&self, lang: Lang) -> Vec<String> {
        let Question { policy: Policy { names: Names { enums, .. }, .. }, input } = self;
        match input.ty {
            Type::Bool => vec![Text::new("是", "yes"), Text::new("否", "no")]
                .into_iter()
                .map(|text| text.get(lang).to_owned())
                .collect(),
            Type::Enum(place) => {
                let words = enums.get(place).map_or(&[][..], |found| found.words.as_slice());
                words.iter().map(|(_, label)| clean(label.get(lang))).collect()
            }
            Type::List(_) => vec![
                Text::new("一条也没有", "there is none").get(lang).to_owned(),
                Text::new("逐条录入", "enter them one by one").get(lang).to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}
