//! Clauses and readings of several policies, by their places.

use crate::clause::Clause;
use crate::expr::names::{Enum, Input, Origin};
use crate::expr::types::Type;
use crate::policy::Policy;

/// A clause, by its place and that of its policy.
pub fn clause<'a>(policies: &[&'a Policy], policy: usize, clause: usize) -> Option<&'a Clause> {
    policies.get(policy)?.clauses.get(clause)
}

/// The id of a clause's category.
pub fn category<'a>(policies: &[&'a Policy], policy: usize, clause: usize) -> Option<&'a str> {
    let place = self::clause(policies, policy, clause)?.category?;
    let (id, _) = policies.get(policy)?.names.categories.get(place)?;
    Some(id)
}

/// The places of a policy, which is one of these, and of its clause, by their ids.
pub fn find(
    policies: &[&Policy],
    policy: &str,
    clause: &str,
    among: impl IntoIterator<Item = usize>,
) -> Option<(usize, usize)> {
    let named = |place: &usize| policies.get(*place).is_some_and(|known| known.id == policy);
    let policy = among.into_iter().find(named)?;
    Some((policy, policies.get(policy)?.clause(clause)?))
}

/// A reading and its options by name.
pub struct Named<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Its place among the policies.
    pub place: usize,
    /// The reading: the place of its input.
    pub reading: usize,
    /// Its input, with the question.
    pub input: &'p Input,
    /// Its options.
    pub options: &'p Enum,
}

impl<'p> Named<'p> {
    /// The option that is taken unless the user says otherwise.
    pub fn default(&self) -> Option<usize> {
        match &self.input.origin {
            Origin::Reading(reading) => Some(reading.default),
            _ => None,
        }
    }

    /// The reading's id.
    pub fn id(&self) -> &'p str {
        match &self.input.origin {
            Origin::Reading(reading) => &reading.id,
            _ => "",
        }
    }

    /// The id of an option.
    pub fn option(&self, place: usize) -> &'p str {
        self.options.words.get(place).map_or("", |(id, _)| id)
    }

    /// The place of an option.
    pub fn find(&self, option: &str) -> Option<usize> {
        self.options.words.iter().position(|(id, _)| id == option)
    }
}

/// A reading, by the places of its policy and its input.
pub fn reading<'a>(policies: &[&'a Policy], place: usize, reading: usize) -> Option<Named<'a>> {
    let policy: &'a Policy = policies.get(place).copied()?;
    let input = policy.names.inputs.get(reading)?;
    let Type::Enum(options) = input.ty else { return None };
    Some(Named { policy, place, reading, input, options: policy.names.enums.get(options)? })
}

/// A reading, by the ids of its policy and its own.
pub fn find_reading<'a>(policies: &[&'a Policy], policy: &str, id: &str) -> Option<Named<'a>> {
    let place = policies.iter().position(|known| known.id == policy)?;
    let is_this = |input: &Input| matches!(&input.origin, Origin::Reading(reading) if reading.id == id);
    let reading = policies.get(place)?.names.inputs.iter().position(is_this)?;
    self::reading(policies, place, reading)
}
