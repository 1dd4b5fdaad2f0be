//! An expression as it is written, before anything is known about its names.

use std::ops::Range;

use crate::expr::lexer::Figure;
use crate::value::Day;

/// A part of an expression and where it stands in it.
#[derive(Clone, Debug)]
pub struct Syntax {
    /// What it is.
    pub part: Part,
    /// Where it stands, in bytes of the expression.
    pub range: Range<usize>,
    /// How deep its parts are nested; bounded by the parser, so that walks over it end well inside the stack.
    pub depth: usize,
}

impl Syntax {
    /// The name of the list that it takes records from.
    pub fn list(&self) -> Option<&str> {
        match &self.part {
            Part::Name(name) | Part::Own(name) => Some(name),
            Part::Where(list, _) | Part::Best { list, .. } => list.list(),
            _ => None,
        }
    }
}

/// The parts an expression can have.
#[derive(Clone, Debug)]
pub enum Part {
    /// `5万元`
    Figure(Figure),
    /// `2024-01-01`, `never`
    Date(Day),
    /// `"…"`
    Text(String),
    /// `true`, `false`
    Truth(bool),
    /// A name.
    Name(String),
    /// `left.name`
    Member(Box<Syntax>, String),
    /// `left[index]`
    Index(Box<Syntax>, Box<Syntax>),
    /// `name(arguments of list where filter)`
    Call(Call),
    /// `not x`, `-x`
    Unary(Unary, Box<Syntax>),
    /// Two sides with an operator.
    Binary(Binary, Box<Syntax>, Box<Syntax>),
    /// `value in [a, b]`; the bool is true for `not in`.
    In(Box<Syntax>, Vec<Syntax>, bool),
    /// `value in name`, a list of texts beside the policy; the bool is true for `not in`.
    Among(Box<Syntax>, String, Range<usize>, bool),
    /// `list where condition`
    Where(Box<Syntax>, Box<Syntax>),
    /// `own spans`: those records of a list that belong to the record that is looked at.
    Own(String),
    /// `highest 2 of list where condition by score, lowest applied_on`
    Best {
        /// How many.
        count: Box<Syntax>,
        /// Of which list.
        list: Box<Syntax>,
        /// Which of its records are compared.
        filter: Option<Box<Syntax>>,
        /// By what: where the first is equal the next one decides.
        by: Vec<By>,
    },
    /// `if a then b else c`
    If(Box<Syntax>, Box<Syntax>, Box<Syntax>),
}

/// What records are put in order by.
#[derive(Clone, Debug)]
pub struct By {
    /// What.
    pub key: Syntax,
    /// Whether the highest come first; otherwise the lowest.
    pub highest: bool,
    /// Where that is said.
    pub word: Range<usize>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's or scale's name.
    pub name: String,
    /// Where the name stands.
    pub name_range: Range<usize>,
    /// The arguments before `of`.
    pub arguments: Vec<Syntax>,
    /// The list behind `of`.
    pub of: Option<Box<Syntax>>,
    /// The condition behind `where`.
    pub filter: Option<Box<Syntax>>,
}

/// Operators with one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `not`
    Not,
    /// `-`
    Negate,
}

/// Operators with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `and`
    And,
    /// `or`
    Or,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `×`
    Multiply,
    /// `÷`
    Divide,
}

impl Binary {
    /// The sign as it is shown.
    pub fn sign(self) -> &'static str {
        match self {
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Equal => "=",
            Binary::NotEqual => "≠",
            Binary::Less => "<",
            Binary::AtMost => "≤",
            Binary::Greater => ">",
            Binary::AtLeast => "≥",
            Binary::Add => "+",
            Binary::Subtract => "−",
            Binary::Multiply => "×",
            Binary::Divide => "÷",
        }
    }

    /// How tightly it binds.
    pub fn tightness(self) -> u8 {
        match self {
            Binary::Or => 1,
            Binary::And => 2,
            Binary::Equal | Binary::NotEqual | Binary::Less | Binary::AtMost | Binary::Greater | Binary::AtLeast => 3,
            Binary::Add | Binary::Subtract => 4,
            Binary::Multiply | Binary::Divide => 5,
        }
    }
}
