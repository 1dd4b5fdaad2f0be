//! What lines come to under other options of readings.

use std::collections::BTreeSet;

use crate::assess::model::{Amounts, Claim, Line, Status};
use crate::policy::{Policy, among};
use crate::settle::Alternative;
use crate::value::{Bound, Interval};

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

impl Otherwise {
    /// What the line is then awarded and what is due; nothing where it has no amount.
    pub fn comes_to(&self) -> (Interval, Interval) {
        let amounts = self.amounts.as_ref().filter(|_| self.status != Status::NotApplicable);
        amounts.map_or((Interval::ZERO, Interval::ZERO), |amounts| (amounts.awarded, amounts.due))
    }
}

/// An amount as it is printed.
pub(super) fn printed(amount: Interval) -> Interval {
    let end = |bound: Bound| match bound {
        Bound::At(number) => Bound::At(number.as_money()),
        open => open,
    };
    Interval { lo: end(amount.lo), hi: end(amount.hi) }
}

/// Amounts as they are printed.
pub(super) fn printed_all(amounts: &Amounts) -> Amounts {
    Amounts {
        entitled: printed(amounts.entitled),
        awarded: printed(amounts.awarded),
        paid: amounts.paid.as_money(),
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
pub fn of_line(line: &Line, policies: &[&Policy]) -> Vec<Otherwise> {
    let own = line.amounts.as_ref().map(printed_all);
    let mut found = Vec::new();
    for effect in &line.readings {
        let Some(named) = among::find_reading(policies, &effect.policy, &effect.id) else { continue };
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
pub fn alternatives<'o>(lines: impl Iterator<Item = &'o [Otherwise]>) -> BTreeSet<Alternative> {
    lines.flatten().map(|other| other.alternative).collect()
}
