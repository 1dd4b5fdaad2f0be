//! A change of one thing in what an applicant has told, made in every policy that asks for it.

use std::sync::Arc;

use crate::applicant::{self, Applicant};
use crate::assess::slot::Slot;
use crate::expr::names::{Input, Names, Origin};
use crate::expr::steps;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::value::{Day, Record, Value};

/// A change of one thing.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Another value in a slot.
    Set(Slot, Value),
    /// So many more records of a list: the input, what each is like, how many.
    More(usize, Record, u32),
    /// The list of this input is known to be empty.
    Empty(usize),
    /// Another evaluation date.
    On(Day),
}

/// The applicant after a change, which is said in the places of the policy at `at`. `None` where it would contradict other
/// facts, or where another policy knows the fact by another shape.
pub(super) fn changed(policies: &[&Policy], at: usize, applicant: &Applicant, edit: &Edit) -> Option<Applicant> {
    let mut applicant = applicant.clone();
    if let Edit::On(day) = edit {
        applicant.as_of = *day;
    } else {
        let own = policies.get(at)?;
        let place = match edit {
            Edit::Set(Slot::Input(place) | Slot::Field(place, ..), _) | Edit::More(place, ..) | Edit::Empty(place) => {
                *place
            }
            Edit::On(_) => return None,
        };
        let input = own.names.inputs.get(place)?;
        for (which, (policy, inputs)) in policies.iter().zip(&mut applicant.inputs).enumerate() {
            let Some(there) = policy.names.input(&input.name) else { continue };
            let other = policy.names.inputs.get(there)?;
            // A parameter or a reading is the policy's own; facts are everybody's.
            if which != at && (input.origin != Origin::Fact || other.origin != Origin::Fact) {
                continue;
            }
            if !same_shape((&own.names, input), (&policy.names, other)) {
                return None;
            }
            // The list is copied.
            steps::take(match inputs.get(there) {
                Some(Value::List(list)) => list.records.len() as u64,
                _ => 1,
            });
            put(edit, inputs.get_mut(there)?)?;
        }
    }
    let agrees = |(policy, inputs): (&&Policy, &Vec<Value>)| applicant::agree(policy, inputs, applicant.as_of);
    policies.iter().zip(&applicant.inputs).all(agrees).then_some(applicant)
}

fn put(edit: &Edit, slot: &mut Value) -> Option<()> {
    match (edit, slot) {
        (Edit::Set(Slot::Input(_), value), slot) => *slot = value.clone(),
        (Edit::Set(Slot::Field(_, record, _, field), value), Value::List(list)) => {
            *Arc::make_mut(list).records.get_mut(*record)?.fields.get_mut(*field)? = value.clone();
        }
        (Edit::More(_, like, count), Value::List(list)) => {
            let count = *count as usize;
            Arc::make_mut(list).records.extend(std::iter::repeat_n(like.clone(), count));
        }
        (Edit::Empty(_), Value::List(list)) => {
            let whole = Arc::make_mut(list);
            *whole = std::mem::take(whole).closed();
        }
        _ => return None,
    }
    Some(())
}

/// Whether a value of the one means the same for the other.
fn same_shape((names, one): (&Names, &Input), (other_names, other): (&Names, &Input)) -> bool {
    match (&one.ty, &other.ty) {
        (Type::Enum(a), Type::Enum(b)) => {
            let words = |names: &Names, place: usize| -> Option<Vec<String>> {
                Some(names.enums.get(place)?.words.iter().map(|(id, _)| id.clone()).collect())
            };
            words(names, *a) == words(other_names, *b)
        }
        (Type::List(a), Type::List(b)) => match (names.lists.get(*a), other_names.lists.get(*b)) {
            (Some(a), Some(b)) => {
                let same = |(a, b): (&Input, &Input)| a.name == b.name && same_shape((names, a), (other_names, b));
                a.fields.len() == b.fields.len() && a.fields.iter().zip(&b.fields).all(same)
            }
            _ => false,
        },
        (a, b) => a == b,
    }
}
