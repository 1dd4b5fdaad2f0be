//! What went into a run, so that it can be named, and worked out again: the same for results, statements and workbooks.

use crate::assess::model::FileRead;
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, Value};

/// The program that works.
pub const PROGRAM: &str = concat!("duixian ", env!("CARGO_PKG_VERSION"));

/// What went into a run.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The evaluation date of all applicants; `None`: each row's own.
    pub as_of: Option<Day>,
    /// The policies, in the order of the run.
    pub policies: Vec<OfPolicy>,
    /// The files that applicants, their lists and the map of their columns were read from.
    pub inputs: Vec<FileRead>,
}

/// What is known of a policy.
#[derive(Clone, Debug)]
pub struct OfPolicy {
    /// Its id.
    pub id: String,
    /// The files that it was read from.
    pub files: Vec<FileRead>,
    /// The readings that were taken.
    pub readings: Vec<Taken>,
}

/// An option of a reading that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The reading's id.
    pub id: String,
    /// The question.
    pub question: Text,
    /// The option's id and words; `None`: it was left open.
    pub option: Option<(String, Text)>,
    /// Whether it is another than the policy takes by itself.
    pub chosen: bool,
}

impl OfPolicy {
    /// A policy with the options that were chosen (the input and its value); `files` are those that it was read from.
    pub fn of(policy: &Policy, chosen: &[(usize, Value)], files: Vec<FileRead>) -> OfPolicy {
        let inputs = policy.names.inputs.iter().enumerate();
        let readings = inputs.filter_map(|(place, input)| {
            let (Origin::Reading(reading), Type::Enum(options)) = (&input.origin, &input.ty) else { return None };
            let own = chosen.iter().find(|(of, _)| *of == place).map(|(_, value)| value);
            let option = match own.unwrap_or(&input.absent) {
                Value::Words(words) => words.point(),
                _ => None,
            };
            let words = policy.names.enums.get(*options);
            let option = option.and_then(|option| words?.words.get(option));
            Some(Taken {
                id: reading.id.clone(),
                question: input.label.clone(),
                option: option.cloned(),
                chosen: own.is_some_and(|own| *own != input.absent),
            })
        });
        OfPolicy { id: policy.id.clone(), files, readings: readings.collect() }
    }
}
