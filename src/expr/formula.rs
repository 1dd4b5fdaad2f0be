//! A calculation as it was carried out, with its numbers: plain data, written out only when it is shown.

use crate::expr::function::Builtin;
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::value::{Day, DayRange, Interval, Truth};

/// What a unit is called. An empty name is a pure number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitName {
    /// In Chinese, behind a number: `元`, `个月`, `元/月`.
    pub zh: String,
    /// In English, behind 1: `yuan`, `month`, `yuan/month`.
    pub en_one: String,
    /// In English, behind any other number: `months`.
    pub en_many: String,
    /// Whether it is money, of which amounts have two places.
    pub money: bool,
}

/// A value that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// true, false or open.
    Truth(Truth),
    /// The labels of the possible words.
    Words(Vec<Text>),
    /// A number or an interval, in the unit named; `written` is how the policy writes it, where it is a figure of the policy.
    Quantity {
        /// The number, in the unit named.
        interval: Interval,
        /// The unit's name.
        unit: UnitName,
        /// `5万元`, as the policy has it.
        written: Option<String>,
    },
    /// A day or several.
    Date(DayRange),
    /// A text; `None` is not known.
    Text(Option<String>),
    /// A list, by the number of its records; `open`: and perhaps more.
    List {
        /// How many records there are for sure.
        count: usize,
        /// Whether there may be more.
        open: bool,
    },
}

/// A calculation.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A figure, or a part that needs no working.
    Value(Shown),
    /// `left op right`; the operators are `+ − × ÷` and the comparisons.
    Operation {
        /// The operator's sign as it is shown.
        sign: &'static str,
        /// How tightly it binds: a part that binds less tightly stands in brackets.
        tightness: u8,
        /// The left side.
        left: Box<Formula>,
        /// The right side.
        right: Box<Formula>,
    },
    /// The step of a scale that is reached.
    Tier {
        /// Its threshold.
        threshold: Shown,
        /// Whether only what lies above the threshold reaches it.
        above: bool,
        /// What it gives.
        value: Box<Formula>,
    },
    /// What holds from a day on.
    Since {
        /// The day.
        day: Day,
        /// What it is.
        value: Box<Formula>,
    },
    /// `min(a, b)` and other functions whose arguments are worth showing.
    Call {
        /// Which function.
        function: Builtin,
        /// Its arguments.
        arguments: Vec<Formula>,
    },
}

impl Formula {
    /// `left op right`
    pub fn operation(operator: Binary, left: Formula, right: Formula) -> Formula {
        let (sign, tightness) = (operator.sign(), operator.tightness());
        Formula::Operation { sign, tightness, left: Box::new(left), right: Box::new(right) }
    }
}
