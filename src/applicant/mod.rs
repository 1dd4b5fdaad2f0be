//! Applicant files → [`Applicant`]: who asks, what is known, and what was paid.

mod belongs;
mod consistency;
pub mod identity;
pub mod keys;
mod payments;
mod read;

pub use consistency::agree;
pub(crate) use consistency::agreed;
pub use read::{MOST_TIMES, When, from_document, read};

use crate::diagnostic::Code;
use crate::lang::Text;
use crate::value::{Day, Number, Value};

/// Every code that this room raises, file by file.
pub(crate) static CODES: &[&[&Code]] =
    &[belongs::CODES, consistency::CODES, identity::CODES, payments::CODES, read::CODES];

/// An applicant whose file has been read against the policies that are to be applied.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// The file, as the user called it.
    pub file: String,
    /// The name, if the file gives one; nothing in it moves a cursor.
    pub name: Option<String>,
    /// The kind's id.
    pub kind: String,
    /// The kind in words.
    pub kind_label: Text,
    /// The evaluation date.
    pub as_of: Day,
    /// For each policy, in the order given, the values of its inputs.
    pub inputs: Vec<Vec<Value>>,
    /// What was paid.
    pub paid: Vec<Paid>,
    /// Whether it is known already that nothing in its lists is perhaps the same as another.
    pub apart: bool,
}

impl Applicant {
    /// Puts values in place of its own: for each policy the places of inputs and what they are.
    pub fn replace(&mut self, values: &[Vec<(usize, Value)>]) {
        self.inputs.iter_mut().zip(values).for_each(|(inputs, values)| replace(inputs, values));
    }
}

/// Puts values in place of some inputs.
pub fn replace(inputs: &mut [Value], values: &[(usize, Value)]) {
    for (place, value) in values {
        if let Some(input) = inputs.get_mut(*place) {
            input.clone_from(value);
        }
    }
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The policy, by its place in the order given; `None` where it was not applied.
    pub policy: Option<usize>,
    /// The clause's id; with that of its policy where that was not applied.
    pub clause: String,
    /// The record, by its place in its list.
    pub record: Option<usize>,
    /// How much, in 元.
    pub amount: Number,
    /// The day, where the file gives it.
    pub on: Option<Day>,
    /// What tells the award apart that it is a part of, where the file gives it.
    pub award: Option<String>,
}
