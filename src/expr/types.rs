//! What kind of value an expression has, known before anything is calculated.

use crate::value::Unit;

/// A type. Quantities of two units are two types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A word of the enum at this place of [`Names::enums`](crate::expr::names::Names::enums).
    Enum(usize),
    /// A day.
    Date,
    /// A number with a unit.
    Quantity(Unit),
    /// A text.
    Text,
    /// The list at this place of [`Names::lists`](crate::expr::names::Names::lists).
    List(usize),
}
