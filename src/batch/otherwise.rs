//! What lines come to under other options of readings.

use std::collections::BTreeSet;

use crate::assess::model::{Amounts, Claim, Line, Status};
use crate::batch::Plan;
use crate::expr::names::{Enum, Input, Origin};
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::settle::Alternative;
use crate::value::{Bound, Interval, Number};

/// A line under another option of a reading.
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The reading and the option.
    pub alternative: Alternative,
    /// The conclusion under it.
    pub status: Status,
    /// The amounts under it, as they are printed; `None` for a kind without amount.
    pub amounts: Option<Amounts>,
    /// What it then asks of limits over all applicants.
    pub claims: Vec<Claim>,
}

/// A reading and its options by name.
pub struct Named<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Its place in the plan.
    pub place: usize,
    /// The reading: the place of its input.
    pub reading: usize,
    /// Its input, with the question.
    pub input: &'p Input,
    /// Its options.
    pub options: &'p Enum,
}

impl<'p> Named<'p> {
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

impl<'a> Plan<'a> {
    /// A reading, by the places of its policy and its input.
    pub fn reading(&self, policy: usize, reading: usize) -> Option<Named<'a>> {
        let place = policy;
        let policy: &'a Policy = self.setup.policies.get(place).copied()?;
        let input = policy.names.inputs.get(reading)?;
        let Type::Enum(options) = input.ty else { return None };
        Some(Named { policy, place, reading, input, options: policy.names.enums.get(options)? })
    }

    /// A reading, by the ids of its policy and its own.
    pub fn find_reading(&self, policy: &str, id: &str) -> Option<Named<'a>> {
        let place = self.setup.policies.iter().position(|known| known.id == policy)?;
        let inputs = self.setup.policies.get(place)?.names.inputs.iter();
        let is_this = |input: &Input| matches!(&input.origin, Origin::Reading(reading) if reading.id == id);
        let reading = inputs.enumerate().find(|(_, input)| is_this(input))?.0;
        self.reading(place, reading)
    }
}

/// An amount as it is printed.
pub(super) fn printed(amount: Interval) -> Interval {
    let end = |bound: Bound| match bound {
        Bound::At(number) => Bound::At(Number::read(&number.money()).unwrap_or(number)),
        open => open,
    };
    Interval { lo: end(amount.lo), hi: end(amount.hi) }
}

/// Amounts as they are printed.
pub(super) fn printed_all(amounts: &Amounts) -> Amounts {
    Amounts {
        entitled: printed(amounts.entitled),
        awarded: printed(amounts.awarded),
        paid: Number::read(&amounts.paid.money()).unwrap_or(amounts.paid),
        due: printed(amounts.due),
        overpaid: printed(amounts.overpaid),
        lifetime: printed(amounts.lifetime),
    }
}

/// Whether two outcomes of a line are written alike. What does not apply has no amounts; what a line is entitled to is not
/// written.
pub(super) fn is_written_alike(a: (Status, Option<&Amounts>), b: (Status, Option<&Amounts>)) -> bool {
    let written = |of: &Amounts| [of.awarded, Interval::point(of.paid), of.due, of.overpaid, of.lifetime];
    a.0 == b.0 && (a.0 == Status::NotApplicable || a.1.map(written) == b.1.map(written))
}

/// What a line of an assessment comes to under other options; its claims where they alone are others.
pub(super) fn of_line(line: &Line, plan: &Plan<'_>) -> Vec<Otherwise> {
    let own = line.amounts.as_ref().map(printed_all);
    let mut found = Vec::new();
    for effect in &line.readings {
        let Some(named) = plan.find_reading(&effect.policy, &effect.id) else { continue };
        let taken = effect.used.as_ref().and_then(|(option, _)| named.find(option));
        let Some(taken) = taken else { continue };
        for other in &effect.others {
            let Some(option) = named.find(&other.option) else { continue };
            let amounts = other.amounts.as_ref().map(printed_all);
            let alike = is_written_alike((line.status, own.as_ref()), (other.status, amounts.as_ref()));
            if alike && other.claims == line.claims {
                continue;
            }
            let alternative = Alternative { policy: named.place, reading: named.reading, taken, option };
            found.push(Otherwise { alternative, status: other.status, amounts, claims: other.claims.clone() });
        }
    }
    found
}

/// The other options under which one of these lines comes out otherwise.
pub(super) fn alternatives<'o>(lines: impl Iterator<Item = &'o [Otherwise]>) -> BTreeSet<Alternative> {
    lines.flatten().map(|other| other.alternative).collect()
}
