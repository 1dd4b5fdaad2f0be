//! The built-in functions, one file each, listed in one table. A new one is its file and two lines here; whatever treats
//! functions one by one does not compile until it knows the new one.

mod age;
mod day;
mod extreme;
mod month;
mod month_end;
mod month_start;
pub mod months;
mod period_end;
mod round;
mod starts_with;
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

/// Declares the built-in functions: which there are, the list of all, and what each is. They come from one list, so that they
/// agree.
macro_rules! builtins {
    ($($(#[$usage:meta])* $name:ident => $function:path,)+) => {
        /// A built-in function, by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Builtin {
            $($(#[$usage])* $name,)+
        }

        impl Builtin {
            /// All of them.
            pub const EVERY: &[Builtin] = &[$(Builtin::$name,)+];

            /// Its name in an expression, what it takes and what it gives.
            pub fn function(self) -> &'static Function {
                match self {
                    $(Builtin::$name => &$function,)+
                }
            }
        }
    };
}

builtins! {
    /// `age(birth, on)`
    Age => age::FUNCTION,
    /// `day(date)`
    Day => day::FUNCTION,
    /// `max(a, b, …)`
    Max => extreme::MAX,
    /// `min(a, b, …)`
    Min => extreme::MIN,
    /// `month(date)`
    Month => month::FUNCTION,
    /// `month_end(date)`
    MonthEnd => month_end::FUNCTION,
    /// `month_start(date)`
    MonthStart => month_start::FUNCTION,
    /// `months(from, to)`
    Months => months::FUNCTION,
    /// `period_end(from, 12个月)`
    PeriodEnd => period_end::FUNCTION,
    /// `round(x, step)`
    Round => round::ROUND,
    /// `floor(x, step)`
    Floor => round::FLOOR,
    /// `ceil(x, step)`
    Ceil => round::CEIL,
    /// `starts_with(text, "78")`
    StartsWith => starts_with::FUNCTION,
    /// `year(date)`
    Year => year::FUNCTION,
}

impl Builtin {
    /// What it is called in a calculation.
    pub fn word(self) -> Text {
        let zh = match self {
            Builtin::Age => "周岁",
            Builtin::Day => "日",
            Builtin::Max => "取高",
            Builtin::Min => "取低",
            Builtin::Month => "月份",
            Builtin::MonthEnd => "月末",
            Builtin::MonthStart => "月初",
            Builtin::Months => "整月数",
            Builtin::PeriodEnd => "期满日",
            Builtin::Round => "四舍五入",
            Builtin::Floor => "向下取整",
            Builtin::Ceil => "向上取整",
            Builtin::StartsWith => "开头为",
            Builtin::Year => "年份",
        };
        Text::new(zh, self.function().name)
    }
}

/// The function of this name.
pub fn find(name: &str) -> Option<Builtin> {
    Builtin::EVERY.iter().find(|builtin| builtin.function().name == name).copied()
}

/// The type of a duration in months.
pub fn months_type() -> Type {
    Type::Quantity(Unit::base("月"))
}

fn whole(number: i64) -> Number {
    Number::whole(number)
}
