//! The built-in functions, one file each, listed in one table. A new one is its file and two lines here.

mod age;
mod extreme;
mod month_end;
mod month_start;
pub mod months;
mod period_end;
mod round;
mod year;

use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Number, Unit, Value};

/// A built-in function.
#[derive(Debug)]
pub struct Function {
    /// Its name in an expression.
    pub name: &'static str,
    /// How it is called: `months(from, to)`.
    pub usage: &'static str,
    /// What it gives.
    pub page: Text,
    /// The type of the result for arguments of these types, or `None` where it does not take them.
    pub result: fn(&[Type]) -> Option<Type>,
    /// The result for arguments of checked types, or `None` where it has no value for some of their members.
    pub apply: fn(&[Value]) -> Option<Value>,
    /// How many of its arguments an explanation shows; with none it shows the result alone.
    pub shown: usize,
}

/// Every built-in function.
pub static FUNCTIONS: &[&Function] = &[
    &age::FUNCTION,
    &extreme::MAX,
    &extreme::MIN,
    &month_end::FUNCTION,
    &month_start::FUNCTION,
    &months::FUNCTION,
    &period_end::FUNCTION,
    &round::ROUND,
    &round::FLOOR,
    &round::CEIL,
    &year::FUNCTION,
];

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name).copied()
}

/// The type of a duration in months.
pub fn months_type() -> Type {
    Type::Quantity(Unit::base("月"))
}

fn whole(number: i64) -> Number {
    Number::whole(number)
}
