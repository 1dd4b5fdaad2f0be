//! Expressions of the generated policies, and how they are written. Every part stands in brackets: who binds tighter is not
//! what is tested here.

use duixian::expr::came_to::What;
use duixian::value::Day;

use crate::ratio::Ratio;
use crate::schema::{FACTS, FIELDS, LIST, OTHER, READINGS, SOME, TEXTS, Unit, Words};

/// An expression. Numbers are places in the lists of [`schema`](crate::schema), of the clause or of the policy.
#[derive(Clone, Debug)]
pub enum Expr {
    Figure(Figure),
    Truth(bool),
    Date(Day),
    Word(Words, usize),
    Text(usize),
    Fact(usize),
    Reading(usize),
    /// A field of the record that a count or sum looks at.
    Field(usize),
    /// A field of the record that the clause is worked out for.
    EachField(usize),
    /// A field of an entry of the other benefits.
    OtherField(usize),
    AsOf,
    WindowFrom,
    WindowTo,
    Event,
    Accrued,
    Let(usize),
    Define(usize),
    /// A step that all clauses share.
    Shared(usize),
    /// What an earlier clause came to; of a clause for records that of the record that a count or sum looks at.
    CameTo {
        clause: usize,
        what: What,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In {
        value: Box<Expr>,
        options: Vec<Expr>,
        negated: bool,
    },
    /// Whether a text is one of those that are listed.
    Among {
        value: Box<Expr>,
        negated: bool,
    },
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    Shift {
        date: Box<Expr>,
        by: Box<Expr>,
        months: bool,
        back: bool,
    },
    DaysBetween(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Lookup(usize, Box<Expr>),
    /// What a table has on a day, whose keys are days.
    OnDay(usize, Box<Expr>),
    /// What holds from each day on, on the day of the event; only as the whole of a key.
    Versions(Vec<(Day, Expr)>),
    Scale(usize, Box<Expr>),
    Call(Function, Vec<Expr>),
    Aggregate {
        kind: Aggregate,
        of: Records,
        body: Option<Box<Expr>>,
        filter: Option<Box<Expr>>,
    },
    Known(Box<Expr>),
}

/// Which records are looked at.
#[derive(Clone, Debug)]
pub struct Records {
    /// Whether those that have a name of their own.
    pub named: bool,
    /// What holds of them, in brackets.
    pub only: Option<Box<Expr>>,
    /// Only so many, the first by these: the highest, or the lowest.
    pub best: Option<(usize, Vec<(Expr, bool)>)>,
}

/// A number as a policy writes it.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub hundredths: i64,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Months,
    Age,
    Year,
    Month,
    Day,
    MonthStart,
    MonthEnd,
    PeriodEnd,
    Min,
    Max,
    Round,
    Floor,
    Ceil,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    Sum,
    Min,
    Max,
    Any,
    All,
}

impl Figure {
    pub fn number(self) -> Ratio {
        Ratio::new(i128::from(self.hundredths), 100).unwrap()
    }

    /// `12.5元`
    pub fn write(self) -> String {
        format!("{}{}", decimal(self.hundredths), self.unit.symbol())
    }
}

/// `-12.05`
pub fn decimal(hundredths: i64) -> String {
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.abs());
    let (whole, rest) = (size / 100, size % 100);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:02}") }
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "≤",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "×",
            Operator::Divide => "÷",
        }
    }
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Function::Months => "months",
            Function::Age => "age",
            Function::Year => "year",
            Function::Month => "month",
            Function::Day => "day",
            Function::MonthStart => "month_start",
            Function::MonthEnd => "month_end",
            Function::PeriodEnd => "period_end",
            Function::Min => "min",
            Function::Max => "max",
            Function::Round => "round",
            Function::Floor => "floor",
            Function::Ceil => "ceil",
        }
    }
}

impl Aggregate {
    fn name(self) -> &'static str {
        match self {
            Aggregate::Count => "count",
            Aggregate::Sum => "sum",
            Aggregate::Min => "min",
            Aggregate::Max => "max",
            Aggregate::Any => "any",
            Aggregate::All => "all",
        }
    }
}

impl Records {
    fn write(&self) -> String {
        let list = if self.named { SOME } else { LIST };
        let only = self.only.as_ref().map(|only| format!(" where {}", only.write()));
        match (&self.best, only) {
            (None, None) => list.to_owned(),
            (None, Some(only)) => format!("({list}{only})"),
            (Some((count, by)), only) => {
                let word = |highest: bool| if highest { "highest" } else { "lowest" };
                let leads = word(by[0].1);
                let key = |(key, highest): &(Expr, bool)| match word(*highest) {
                    own if own == leads => key.write(),
                    own => format!("{own} {}", key.write()),
                };
                let by = by.iter().map(key).collect::<Vec<_>>().join(", ");
                let only = only.unwrap_or_default();
                format!("({leads} {count} of {list}{only} by {by})")
            }
        }
    }
}

impl Expr {
    /// As a policy writes it.
    pub fn write(&self) -> String {
        let list = |parts: &[Expr]| parts.iter().map(Expr::write).collect::<Vec<_>>().join(", ");
        match self {
            Expr::Figure(figure) => figure.write(),
            Expr::Truth(truth) => truth.to_string(),
            Expr::Date(day) => day.to_string(),
            Expr::Word(words, place) => words.words()[*place].to_owned(),
            Expr::Text(place) => format!("\"{}\"", TEXTS[*place]),
            Expr::Fact(place) => FACTS[*place].name.to_owned(),
            Expr::Reading(place) => format!("reading.{}", READINGS[*place].0),
            Expr::Field(place) => FIELDS[*place].name.to_owned(),
            Expr::EachField(place) => format!("item.{}", FIELDS[*place].name),
            Expr::OtherField(place) => format!("other.{}", OTHER[*place].name),
            Expr::AsOf => "as_of".to_owned(),
            Expr::WindowFrom => "window.from".to_owned(),
            Expr::WindowTo => "window.to".to_owned(),
            Expr::Event => "event".to_owned(),
            Expr::Accrued => "accrued".to_owned(),
            Expr::Let(place) => format!("let_{place}"),
            Expr::Define(place) => format!("define_{place}"),
            Expr::Shared(place) => format!("shared_{place}"),
            Expr::CameTo { clause, what } => format!("clause.{}.{}", crate::policy::id(*clause), what.word()),
            Expr::Not(inner) => format!("(not {})", inner.write()),
            Expr::Negate(inner) => format!("(-{})", inner.write()),
            Expr::And(left, right) => format!("({} and {})", left.write(), right.write()),
            Expr::Or(left, right) => format!("({} or {})", left.write(), right.write()),
            Expr::Compare(comparison, left, right) => {
                format!("({} {} {})", left.write(), comparison.sign(), right.write())
            }
            Expr::In { value, options, negated } => {
                format!("({} {}in [{}])", value.write(), if *negated { "not " } else { "" }, list(options))
            }
            Expr::Among { value, negated } => {
                format!("({} {}in listed)", value.write(), if *negated { "not " } else { "" })
            }
            Expr::Arithmetic(operator, left, right) => {
                format!("({} {} {})", left.write(), operator.sign(), right.write())
            }
            Expr::Shift { date, by, back, .. } => {
                format!("({} {} {})", date.write(), if *back { "-" } else { "+" }, by.write())
            }
            Expr::DaysBetween(left, right) => format!("({} - {})", left.write(), right.write()),
            Expr::If(condition, yes, no) => {
                format!("(if {} then {} else {})", condition.write(), yes.write(), no.write())
            }
            Expr::Lookup(table, index) => format!("table_{table}[{}]", index.write()),
            Expr::OnDay(table, day) => format!("days_{table}[{}]", day.write()),
            Expr::Versions(_) => panic!("versions are no part of an expression"),
            Expr::Scale(scale, argument) => format!("scale_{scale}({})", argument.write()),
            Expr::Call(function, arguments) => format!("{}({})", function.name(), list(arguments)),
            Expr::Aggregate { kind, of, body, filter } => {
                let records = of.write();
                let of = body.as_ref().map_or_else(|| records.clone(), |body| format!("{} of {records}", body.write()));
                let filter = filter.as_ref().map_or_else(String::new, |filter| format!(" where {}", filter.write()));
                format!("{}({of}{filter})", kind.name())
            }
            Expr::Known(inner) => format!("known({})", inner.write()),
        }
    }
}
