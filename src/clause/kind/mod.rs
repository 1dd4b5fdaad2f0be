//! The kinds of benefit, one file each, listed in one table. A new one is its file and two lines here.

mod budget;
mod discretion;
mod figure;
mod grant;
mod loan;
mod principle;
mod service;
mod share;
mod status;
mod target;
mod term;

use crate::lang::Text;

/// A kind of benefit.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in a policy file.
    pub name: &'static str,
    /// In words.
    pub title: Text,
    /// What it is.
    pub page: Text,
    /// What `amount` must measure: a unit, or nothing at all.
    pub measures: Measures,
    /// Whether its amount is in the total.
    pub counted: Counted,
    /// The conclusion where its conditions hold and there is no amount.
    pub met: Text,
    /// The conclusion where it has no conditions to hold, and only states something.
    pub stated: Text,
}

/// What an amount of a kind is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measures {
    /// Money in 元.
    Money,
    /// Whatever the clause computes.
    Anything,
    /// Whatever the clause computes, and nobody is paid: below 0 where the clause says so.
    Figure,
    /// There is no amount.
    Nothing,
}

/// How the amount of a kind counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// In the total.
    Total,
    /// Listed apart from money paid.
    Apart,
    /// Not an amount.
    Not,
}

impl Counted {
    /// As data spells it.
    pub fn name(self) -> &'static str {
        match self {
            Counted::Total => "total",
            Counted::Apart => "apart",
            Counted::Not => "not",
        }
    }
}

/// Every kind.
pub static KINDS: &[&Kind] = &[
    &grant::KIND,
    &loan::KIND,
    &budget::KIND,
    &share::KIND,
    &term::KIND,
    &figure::KIND,
    &status::KIND,
    &service::KIND,
    &discretion::KIND,
    &target::KIND,
    &principle::KIND,
];

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name).copied()
}

/// What a clause is that does not say: a grant.
pub fn default() -> &'static Kind {
    &grant::KIND
}
