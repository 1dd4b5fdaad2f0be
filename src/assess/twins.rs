//! What is the same in two policies: facts that are one fact, and clauses of which parts say the same.

use std::collections::BTreeMap;

use crate::assess::slot::Slot;
use crate::assess::world::World;
use crate::expr::names::{Input, Names, Origin};
use crate::expr::suppose::Atoms;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::value::{List, Record, Value};

/// Two policies that one applicant was read against.
#[derive(Debug)]
pub struct Twins<'p> {
    /// The old one.
    pub old: &'p Policy,
    /// The new one.
    pub new: &'p Policy,
    /// Each clause that is in both, or in one.
    pub clauses: Vec<Twin>,
    /// Whether both are evaluated on one day.
    pub same_day: bool,
    /// Whether limits over all applicants are shared out among the same applicants in both.
    pub same_rows: bool,
    /// The comparisons of the old one, and of the new one.
    pub(super) atoms: [Atoms; 2],
    /// For each clause of the old one its place among `clauses`; and of the new one.
    at: [Vec<Option<usize>>; 2],
    /// For each input of the old one the same in the new one; the other way round.
    inputs: [Vec<Option<usize>>; 2],
    /// For each list of the old one that is in the new one, the place there and that of each field.
    lists: BTreeMap<usize, (usize, Vec<Option<usize>>)>,
}

/// A clause of two policies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twin {
    /// Its place in the old one, and in the new one.
    pub places: [Option<usize>; 2],
    /// Whether all that it says, and what is said for it, is the same.
    pub unchanged: bool,
    /// Whether its event, window and conditions are.
    pub same_conditions: bool,
    /// Whether its amount is.
    pub same_amount: bool,
    /// Whether what accrues is the same.
    pub same_time: bool,
}

/// Whether two types have the same values, each at its place.
fn is_same_type((names, ty): (&Names, &Type), (others, other): (&Names, &Type)) -> bool {
    match (ty, other) {
        (Type::Enum(one), Type::Enum(two)) => {
            let words = |names: &Names, place: usize| -> Option<Vec<String>> {
                Some(names.enums.get(place)?.words.iter().map(|(id, _)| id.clone()).collect())
            };
            words(names, *one) == words(others, *two)
        }
        (Type::List(one), Type::List(two)) => match (names.lists.get(*one), others.lists.get(*two)) {
            (Some(one), Some(two)) => (&one.name, &one.unit) == (&two.name, &two.unit),
            _ => false,
        },
        (Type::Enum(_) | Type::List(_), _) | (_, Type::Enum(_) | Type::List(_)) => false,
        (one, two) => one == two,
    }
}

fn is_same_input((names, input): (&Names, &Input), (others, other): (&Names, &Input)) -> bool {
    // What a parameter has from which day on is no part of its values.
    let days = |input: &Input| input.versions.iter().map(|version| version.since.day).collect::<Vec<_>>();
    input.name == other.name
        && std::mem::discriminant(&input.origin) == std::mem::discriminant(&other.origin)
        && is_same_type((names, &input.ty), (others, &other.ty))
        && days(input) == days(other)
}

impl<'p> Twins<'p> {
    /// The clauses were compared before.
    pub fn new(old: &'p Policy, new: &'p Policy, clauses: Vec<Twin>, same_day: bool, atoms: [Atoms; 2]) -> Twins<'p> {
        // Values that a parameter has from a day on are inputs of one name.
        let places = |names: &'p Names| {
            let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (place, input) in names.inputs.iter().enumerate() {
                places.entry(&input.name).or_default().push(place);
            }
            places
        };
        let (ours, theirs) = (places(&old.names), places(&new.names));
        let mut inputs = [vec![None; old.names.inputs.len()], vec![None; new.names.inputs.len()]];
        for (name, own) in &ours {
            let Some(others) = theirs.get(name).filter(|others| others.len() == own.len()) else { continue };
            let pairs: Vec<(usize, usize)> = own.iter().copied().zip(others.iter().copied()).collect();
            let is_same =
                |(one, other): &(usize, usize)| match (old.names.inputs.get(*one), new.names.inputs.get(*other)) {
                    (Some(a), Some(b)) => is_same_input((&old.names, a), (&new.names, b)),
                    _ => false,
                };
            if !pairs.iter().all(is_same) {
                continue;
            }
            let [to, back] = &mut inputs;
            for (one, other) in pairs {
                to.get_mut(one).into_iter().for_each(|slot| *slot = Some(other));
                back.get_mut(other).into_iter().for_each(|slot| *slot = Some(one));
            }
        }
        let mut lists = BTreeMap::new();
        for (place, list) in old.names.lists.iter().enumerate() {
            let there = inputs.first().and_then(|to| to.get(list.input).copied().flatten());
            let Some((at, other)) =
                there.and_then(|there| new.names.lists.iter().enumerate().find(|(_, other)| other.input == there))
            else {
                continue;
            };
            let field = |field: &Input| {
                let same = |other: &Input| is_same_input((&old.names, field), (&new.names, other));
                other.fields.iter().position(same)
            };
            lists.insert(place, (at, list.fields.iter().map(field).collect()));
        }
        let mut at = [vec![None; old.clauses.len()], vec![None; new.clauses.len()]];
        for (place, twin) in clauses.iter().enumerate() {
            for (own, at) in twin.places.iter().zip(&mut at) {
                own.and_then(|own| at.get_mut(own)).into_iter().for_each(|slot| *slot = Some(place));
            }
        }
        Twins { old, new, clauses, same_day, same_rows: true, atoms, at, inputs, lists }
    }

    /// Where a clause of the old policy, or of the new one, stands among the clauses of both.
    pub fn place(&self, new: bool, clause: usize) -> Option<usize> {
        self.at.get(usize::from(new)).and_then(|at| at.get(clause)).copied().flatten()
    }

    fn input(&self, new: bool, place: usize) -> Option<usize> {
        self.inputs.get(usize::from(new)).and_then(|inputs| inputs.get(place)).copied().flatten()
    }

    /// Whether two values of one input are the same.
    fn is_same_value(&self, input: usize, one: &Value, other: &Value) -> bool {
        let (Value::List(own), Value::List(others)) = (one, other) else { return one == other };
        let Some(Type::List(list)) = self.old.names.inputs.get(input).map(|input| &input.ty) else { return false };
        let Some((_, fields)) = self.lists.get(list) else { return false };
        let same = |(own, other): (&Record, &Record)| {
            (own.times, own.more, own.unlisted) == (other.times, other.more, other.unlisted)
                && fields.iter().enumerate().all(|(place, there)| match there {
                    Some(there) => own.fields.get(place) == other.fields.get(*there),
                    None => true,
                })
        };
        let alike = |own: &List, others: &List| own.open == others.open && own.records.len() == others.records.len();
        alike(own, others) && own.records.iter().zip(&others.records).all(same)
    }

    /// Whether an input, by its place in the old policy or in the new one, is in both and has one value there.
    pub fn is_shared(&self, worlds: [&World<'_>; 2], new: bool, place: usize) -> bool {
        let [old, latest] = worlds;
        let Some(other) = self.input(new, place) else { return false };
        let (one, two) = if new { (other, place) } else { (place, other) };
        match (old.inputs.get(one), latest.inputs.get(two)) {
            (Some(a), Some(b)) => self.is_same_value(one, a, b),
            _ => false,
        }
    }

    /// A slot of the old policy as one of the new one.
    pub fn slot(&self, slot: Slot) -> Option<Slot> {
        match slot {
            Slot::Input(place) => self.input(false, place).map(Slot::Input),
            Slot::Field(input, record, list, field) => {
                let (there, fields) = self.lists.get(&list)?;
                let field = if field == Record::TIMES { field } else { fields.get(field).copied().flatten()? };
                Some(Slot::Field(self.input(false, input)?, record, *there, field))
            }
        }
    }

    /// A slot of the new policy as one of the old one.
    pub fn back(&self, slot: Slot) -> Option<Slot> {
        match slot {
            Slot::Input(place) => self.input(true, place).map(Slot::Input),
            Slot::Field(input, record, list, field) => {
                let (place, (_, fields)) = self.lists.iter().find(|(_, (there, _))| *there == list)?;
                let field = match field {
                    Record::TIMES => field,
                    field => fields.iter().position(|there| *there == Some(field))?,
                };
                Some(Slot::Field(self.input(true, input)?, record, *place, field))
            }
        }
    }

    /// Whether every reading and every figure of the policy itself has the same value in both.
    pub fn has_same_figures(&self, worlds: [&World<'_>; 2]) -> bool {
        let figures = |names: &'p Names| {
            names.inputs.iter().enumerate().filter(|(_, input)| !matches!(input.origin, Origin::Fact | Origin::Paid))
        };
        let all = |new: bool, names: &'p Names| figures(names).all(|(place, _)| self.is_shared(worlds, new, place));
        all(false, &self.old.names) && all(true, &self.new.names)
    }
}
