//! Operations on columns. Every value is a whole number: a truth is 0 or 1, a word its place, a day its number, and a quantity
//! the numerator over a denominator that the compiler knows.

use crate::columns::over::Over;

/// The place of a column.
pub(super) type Reg = usize;

/// What is worked out for one column, from columns before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// The same in every row.
    Constant(i64),
    /// Not known in any row.
    Unknown,
    /// What is given, by its place among the sources.
    Input(usize),
    /// Not.
    Not(Reg),
    /// Both.
    And(Reg, Reg),
    /// Either.
    Or(Reg, Reg),
    /// Whether the first is below the second.
    Less(Reg, Reg),
    /// Whether the first is not above the second.
    AtMost(Reg, Reg),
    /// Whether both are the same.
    Equal(Reg, Reg),
    /// Whether they are not.
    Differ(Reg, Reg),
    /// Whether a word is in a set.
    Within(Reg, u64),
    /// The sum.
    Add(Reg, Reg),
    /// The difference.
    Subtract(Reg, Reg),
    /// The product.
    Multiply(Reg, Reg),
    /// So many times.
    Times(Reg, i64),
    /// The smaller.
    Minimum(Reg, Reg),
    /// The larger.
    Maximum(Reg, Reg),
    /// How many whole steps it is: divided by the number, and rounded.
    Steps(Reg, i64, Direction),
    /// The second where the first holds, else the third.
    Select(Reg, Reg, Reg),
    /// What stands at a word's place.
    Table {
        /// The word.
        index: Reg,
        /// For each word its cell, where it has one.
        cells: Vec<Option<i64>>,
        /// Whether the cells are quantities.
        number: bool,
    },
    /// The number of the highest threshold reached; 0 below the first.
    Threshold(Reg, Vec<(i64, i64)>),
    /// Whether a day ever comes.
    Comes(Reg),
    /// Completed years of someone born on the first day, on the second; whether a leap birthday falls early.
    Age(Reg, Reg, Reg),
    /// Complete months from the first day to the second.
    Months(Reg, Reg),
    /// The same, at most so many (the third), also where the second never comes.
    MonthsUpTo(Reg, Reg, Reg),
    /// The last day of a period of so many months.
    EndOfMonths(Reg, Reg),
    /// A day moved by months.
    PlusMonths(Reg, Reg),
    /// A day moved by days.
    PlusDays(Reg, Reg),
    /// The first day of its month.
    MonthStart(Reg),
    /// The last day of its month.
    MonthEnd(Reg),
    /// Its year.
    Year(Reg),
    /// The month, 1 to 12.
    Month(Reg),
    /// The day of the month.
    DayOfMonth(Reg),
    /// The days from the second to the first.
    DaysBetween(Reg, Reg),
    /// What the records of a list come to.
    Over(Box<Over>),
}

/// Which way a number that is no whole step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// To the nearer, from the middle away from zero.
    HalfUp,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Op {
    /// Looks at the columns it reads.
    pub fn each_operand(&mut self, look: &mut dyn FnMut(&mut Reg)) {
        match self {
            Op::Constant(_) | Op::Unknown | Op::Input(_) => {}
            Op::Over(over) => over.each_operand(look),
            Op::Not(a)
            | Op::Within(a, _)
            | Op::Times(a, _)
            | Op::Steps(a, _, _)
            | Op::Table { index: a, .. }
            | Op::Threshold(a, _)
            | Op::Comes(a)
            | Op::MonthStart(a)
            | Op::MonthEnd(a)
            | Op::Year(a)
            | Op::Month(a)
            | Op::DayOfMonth(a) => look(a),
            Op::And(a, b)
            | Op::Or(a, b)
            | Op::Less(a, b)
            | Op::AtMost(a, b)
            | Op::Equal(a, b)
            | Op::Differ(a, b)
            | Op::Add(a, b)
            | Op::Subtract(a, b)
            | Op::Multiply(a, b)
            | Op::Minimum(a, b)
            | Op::Maximum(a, b)
            | Op::Months(a, b)
            | Op::EndOfMonths(a, b)
            | Op::PlusMonths(a, b)
            | Op::PlusDays(a, b)
            | Op::DaysBetween(a, b) => [a, b].into_iter().for_each(look),
            Op::Select(a, b, c) | Op::Age(a, b, c) | Op::MonthsUpTo(a, b, c) => [a, b, c].into_iter().for_each(look),
        }
    }

    /// The columns it reads.
    pub fn operands(&self) -> Vec<Reg> {
        let mut operands = Vec::new();
        self.clone().each_operand(&mut |operand| operands.push(*operand));
        operands
    }
}
