//! What every clause has, once it is checked.

pub mod kind;

use crate::expr::came_to::What;
use crate::expr::context::Context;
use crate::expr::measure::Measure;
use crate::expr::names::Names;
use crate::expr::program::Node;
use crate::lang::Text;
use crate::source::Span;
use crate::value::number::Rounding;
use crate::value::{DayRange, Interval, Number};
use kind::{Counted, Kind, Measures};

/// One clause of a policy.
#[derive(Debug)]
pub struct Clause {
    /// Its id: `19.1`.
    pub id: String,
    /// Where it stands: `第十九条第一项`.
    pub cite: String,
    /// Its title.
    pub title: Text,
    /// What it says, in our own words.
    pub summary: Option<Text>,
    /// Who is responsible; none: who is for the policy.
    pub office: Option<Text>,
    /// Places of the kinds of applicants it is for.
    pub applies_to: Vec<usize>,
    /// The kind of benefit.
    pub kind: &'static Kind,
    /// The place of its category.
    pub category: Option<usize>,
    /// Its window inside the policy's; `hi` is never where it has no end.
    pub window: DayRange,
    /// The date that must lie inside; none: the evaluation date.
    pub event: Option<Node>,
    /// The list that it is worked out over, record by record.
    pub each: Option<Each>,
    /// What must hold.
    pub requires: Vec<Condition>,
    /// Whether nothing about an applicant is tested: it has no record, and no condition or date that asks for a fact.
    pub asks_nothing: bool,
    /// Intermediate values: what they are called.
    pub lets: Vec<Let>,
    /// The expressions of `lets`, in the same order.
    pub let_nodes: Vec<Node>,
    /// Which of `lets` are shown as steps of their own, in the same order.
    pub let_named: Vec<bool>,
    /// The amount.
    pub amount: Option<Node>,
    /// Of a figure: whether it may be below 0; nothing else ever is.
    pub signed: bool,
    /// Its floor.
    pub at_least: Option<Node>,
    /// Its cap.
    pub at_most: Option<Node>,
    /// What accrues over time.
    pub accrual: Option<Accrual>,
    /// Parts with their own triggers.
    pub installments: Vec<Installment>,
    /// The unit in which its amounts are told; `None` where it has none.
    pub measure: Option<Measure>,
    /// How its amount is rounded; `None`: it is no money.
    pub rounding: Option<RoundingRule>,
    /// How many, or how much.
    pub limits: Vec<Limit>,
    /// Into what parts that is divided which it awards.
    pub parts: Vec<Parts>,
    /// Which clauses it displaces.
    pub instead_of: Vec<Displaces>,
    /// For a term: how much of it is used.
    pub used: Option<Node>,
    /// Figures of the text that are deliberately not computed, and why.
    pub not_computed: Vec<(String, Text)>,
    /// Figures that follow from the text without standing in it, and how.
    pub derived: Vec<(String, Text)>,
    /// The place of the supplement that it comes from.
    pub supplement: Option<usize>,
    /// What its expressions ask of other clauses.
    pub uses: Vec<Use>,
    /// What an officer should know.
    pub notes: Vec<Note>,
    /// Where it begins in its file.
    pub span: Span,
}

/// What is asked of another clause.
#[derive(Clone, Debug)]
pub struct Use {
    /// Its place among the clauses of the policy.
    pub clause: usize,
    /// What of it.
    pub what: What,
    /// Where.
    pub span: Span,
}

/// `each = "classes as class"`
#[derive(Clone, Debug)]
pub struct Each {
    /// The name of a record.
    pub name: String,
    /// The place of the list's declaration.
    pub list: usize,
    /// The input that holds it.
    pub input: usize,
}

/// A condition with its words.
#[derive(Debug)]
pub struct Condition {
    /// What must hold.
    pub test: Node,
    /// In words.
    pub text: Text,
}

/// What an intermediate value is called.
#[derive(Clone, Debug)]
pub struct Let {
    /// Its name in expressions.
    pub name: String,
    /// Its name in the explanation, if it has one.
    pub label: Option<Text>,
}

/// Places of the words of the enum `part_periods`.
pub mod part_periods {
    /// Only complete periods count.
    pub const COMPLETE: usize = 0;
    /// Every period that has begun does.
    pub const STARTED: usize = 1;
    /// Every calendar month touched does.
    pub const TOUCHED: usize = 2;
    /// The first month counts by its days, then whole calendar months.
    pub const DAILY: usize = 3;
}

/// Something that grows with time.
#[derive(Debug)]
pub struct Accrual {
    /// Whether only complete years count; otherwise complete months.
    pub yearly: bool,
    /// The first day.
    pub from: Node,
    /// The last day, if it can end.
    pub until: Option<Node>,
    /// The longest time, in months.
    pub at_most: Option<Node>,
    /// A word of the enum `part_periods`: how a period that is not complete counts; none: it does not.
    pub part: Option<Node>,
    /// From which day on it counts; none: from the window's first.
    pub counts_from: Option<Node>,
    /// To which day it counts; none: to the last day for triggers.
    pub counts_until: Option<Node>,
}

/// A part with its own trigger.
#[derive(Debug)]
pub struct Installment {
    /// Its id, for payments that name it.
    pub id: String,
    /// How much.
    pub amount: Node,
    /// From when it is owed.
    pub due: Node,
    /// The trigger in words.
    pub text: Text,
}

/// Parts of what a clause awards, which add up to it.
#[derive(Debug)]
pub struct Parts {
    /// By the words of an enum, or by [`YEAR`].
    pub by: String,
    /// In words.
    pub label: Text,
    /// What each part takes.
    pub of: PartsOf,
}

/// The name under which an amount is divided by calendar years.
pub const YEAR: &str = "year";

/// What each part takes.
#[derive(Debug)]
pub enum PartsOf {
    /// Those of words.
    Words(Vec<Part>),
    /// Those of the calendar years of a span, by its days, or its calendar months.
    Years(Box<(Node, Node)>, bool),
}

/// What one part takes.
#[derive(Debug)]
pub struct Part {
    /// A word of the enum.
    pub word: String,
    /// In words.
    pub label: Text,
    /// How much of the whole; none: what those before it leave.
    pub share: Option<Node>,
    /// Its own cap.
    pub at_most: Option<Node>,
    /// Whether it takes whatever all others leave.
    pub rest: bool,
}

impl Parts {
    /// The words that have a part; none where it is divided by year.
    pub fn words(&self) -> impl Iterator<Item = &str> + Clone {
        let parts = match &self.of {
            PartsOf::Words(parts) => parts.as_slice(),
            PartsOf::Years(..) => &[],
        };
        parts.iter().map(|part| part.word.as_str())
    }

    /// Its expressions.
    pub fn expressions(&self) -> Vec<&Node> {
        match &self.of {
            PartsOf::Words(parts) => parts.iter().flat_map(|part| part.share.iter().chain(&part.at_most)).collect(),
            PartsOf::Years(span, _) => vec![&span.0, &span.1],
        }
    }
}

/// What an officer should know.
#[derive(Debug)]
pub struct Note {
    /// In words.
    pub text: Text,
    /// Where it applies; none: always.
    pub when: Option<Node>,
}

/// To a multiple of what, and which way.
#[derive(Clone, Copy, Debug)]
pub struct RoundingRule {
    /// The step, in 元.
    pub to: Number,
    /// The direction.
    pub direction: Rounding,
}

/// What a limit shares out, in the order in which that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pool {
    /// What one clause has for itself: its place, and the limit's among its own.
    Own(usize, usize),
    /// What several clauses have together: the place of the limit among the policy's.
    Over(usize),
}

/// How many lines, or how much money, there is for each value of a key, as one clause sees it.
#[derive(Debug)]
pub struct Limit {
    /// What it is a part of.
    pub pool: Pool,
    /// The clause's turn among those that share the pool, from 0.
    pub turn: usize,
    /// The limit: a pure number of lines, or 元.
    pub at_most: Node,
    /// Whether it is money.
    pub money: bool,
    /// The smallest amount that can be paid.
    pub coin: Number,
    /// The parts of the key; none: all of the pool.
    pub per: Vec<Node>,
    /// Who comes first.
    pub order: Option<Node>,
    /// Whether the highest value of the order comes first; otherwise the lowest.
    pub highest_first: bool,
    /// Of money: whether all get the same part of what they ask for; otherwise one after the other gets all of it.
    pub in_proportion: bool,
    /// Whether it applies.
    pub when: Option<Node>,
    /// Whether it is over all applicants, and so cannot be seen from one.
    pub across: bool,
    /// In words.
    pub text: Text,
}

impl Limit {
    /// Its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.at_most).chain(&self.per).chain(&self.order).chain(&self.when)
    }

    /// Whether it is over several clauses.
    pub fn is_over_clauses(&self) -> bool {
        matches!(self.pool, Pool::Over(_))
    }

    /// How much there is: so many lines, or money, of which nothing smaller than its coin can be paid.
    pub fn most(&self, context: &mut Context<'_>) -> Interval {
        let most = self.at_most.quantity(context);
        let paid = if self.money { most.round(self.coin, Rounding::Down) } else { None };
        paid.unwrap_or(most).floor_at_zero()
    }
}

impl RoundingRule {
    /// How it rounds, in words.
    pub fn words(self, names: &Names) -> Text {
        let to = names.money_told(self.to);
        let (zh, en) = match self.direction {
            Rounding::HalfUp => ("四舍五入", "half up"),
            Rounding::Up => ("向上取整", "up"),
            Rounding::Down => ("向下取整", "down"),
        };
        Text::made(format!("{zh}到 {}", to.zh), format!("{en} to a multiple of {}", to.en))
    }
}

impl Clause {
    /// The smallest amount that is paid.
    pub fn coin(&self) -> Number {
        self.rounding.map_or_else(|| Number::fraction(1, 100).unwrap_or(Number::ONE), |rule| rule.to)
    }

    /// Whether what it comes to is a figure, which nobody is paid.
    pub fn is_figure(&self) -> bool {
        self.kind.measures == Measures::Figure
    }

    /// An amount as far as it can go below 0: nobody owes a negative grant, and a figure may be negative where it is declared so.
    pub fn floored(&self, amount: Interval) -> Interval {
        if self.signed { amount } else { amount.floor_at_zero() }
    }

    /// What of it another clause names, in words.
    pub fn called(&self, what: What) -> Text {
        let (zh, en) = (format!("{}“{}”", self.cite, self.title.zh), format!("clause {} ({})", self.id, self.title.en));
        match what {
            What::Awarded if self.kind.counted == Counted::Not => {
                Text::made(format!("{zh}核定的数值"), format!("the figure of {en}"))
            }
            What::Awarded => Text::made(format!("{zh}的核定金额"), format!("what {en} awards")),
            What::Entitled => Text::made(format!("{zh}的计算金额"), format!("the calculation of {en}")),
            What::Eligible => Text::made(format!("符合{zh}的条件"), format!("the conditions of {en} hold")),
        }
    }

    /// Whether it is for a kind of applicant, by its place; for none that the policy does not have.
    pub fn is_for(&self, kind: Option<usize>) -> bool {
        kind.is_some_and(|kind| self.applies_to.contains(&kind))
    }

    /// Whether one of its limits is over all applicants.
    pub fn is_limited_across(&self) -> bool {
        self.limits.iter().any(|limit| limit.across)
    }
}

/// A clause that is displaced.
#[derive(Debug)]
pub struct Displaces {
    /// Its place among the clauses of the policy.
    pub clause: usize,
    /// Whether it is; none: always.
    pub when: Option<Node>,
    /// Where it is named.
    pub span: Span,
}

impl Clause {
    /// All expressions that decide something, those of its `let`s included; definitions that they use are not among them, nor
    /// where its notes apply.
    pub fn expressions(&self) -> Vec<&Node> {
        let mut all: Vec<&Node> = self.let_nodes.iter().collect();
        all.extend(self.requires.iter().map(|condition| &condition.test));
        all.extend([&self.event, &self.amount, &self.at_least, &self.at_most, &self.used].into_iter().flatten());
        all.extend(self.installments.iter().flat_map(|part| [&part.amount, &part.due]));
        all.extend(self.limits.iter().flat_map(Limit::expressions));
        all.extend(self.parts.iter().flat_map(Parts::expressions));
        if let Some(rule) = &self.accrual {
            let rest = [&rule.until, &rule.at_most, &rule.part, &rule.counts_from, &rule.counts_until];
            all.push(&rule.from);
            all.extend(rest.into_iter().flatten());
        }
        all.extend(self.instead_of.iter().filter_map(|displaced| displaced.when.as_ref()));
        all
    }
}
