//! What an explanation is: plain data, without any layout.

use crate::assess::model::{Assessment, FactName, Failed, Line, Status};
use crate::expr::formula::Shown;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Truth};

/// The derivation of every line of the clauses asked for.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The breakdown of these clauses alone.
    pub assessment: Assessment,
    /// One for each line of it, in its order.
    pub derivations: Vec<Derivation>,
}

/// How a line came about, and what would change it.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The line.
    pub line: Line,
    /// What the clause says, in our own words.
    pub summary: Option<Text>,
    /// The clause's window; its ends are the first day and never where it has none.
    pub window: DayRange,
    /// The date that must lie inside.
    pub event: DayRange,
    /// Whether that date is one of the case, and not just the evaluation date.
    pub own_event: bool,
    /// Whether it lies inside the window and not after the evaluation date.
    pub in_time: Truth,
    /// The conditions, all of them.
    pub conditions: Vec<Condition>,
    /// Which records its counts and sums are over.
    pub counted: Vec<Counted>,
    /// How the amount is rounded: to a multiple of this many 元, and in which direction.
    pub rounding: Option<Text>,
    /// Limits of the clause, in words.
    pub limits: Vec<Text>,
    /// Readings that were taken and make no difference here: the question and the option.
    pub taken: Vec<(String, Text, Text)>,
    /// Changes of one thing that better the result, each the smallest of its kind that was found.
    pub changes: Vec<Change>,
    /// Where several conditions fail: one change for each of them, and what they give together.
    pub together: Option<Together>,
    /// Facts that are missing, with what their values would give.
    pub supply: Vec<Supply>,
    /// How many evaluations it took to find this.
    pub evaluations: usize,
    /// Whether the search ended because there were too many; something may then have been missed.
    pub cut_short: bool,
}

/// A count or sum over some of a list: which of its records went in, and why others did not.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Which list, and which of it, in words.
    pub what: Text,
    /// The records that count.
    pub counts: Few,
    /// Those of which it is not known.
    pub open: Few,
    /// Those that do not, by what they fail; at most a handful of reasons.
    pub left_out: Vec<(Option<Text>, Few)>,
}

/// Records by name: a few, and how many more.
#[derive(Clone, Debug, Default)]
pub struct Few {
    /// How many there are.
    pub count: usize,
    /// What the first are called.
    pub named: Vec<Text>,
    /// How many have no place among these.
    pub more: usize,
}

/// A condition with its facts and its result.
#[derive(Clone, Debug)]
pub struct Condition {
    /// In words.
    pub text: Text,
    /// Whether it holds.
    pub holds: Truth,
    /// What is required: a sign and the value; `None` where the words say it all.
    pub required: Option<(&'static str, Shown)>,
    /// What is the case.
    pub actual: Option<Shown>,
    /// How far off it is, where it fails and that can be measured.
    pub distance: Option<Shown>,
    /// Where any of several parts would be enough, and none holds: each of them, with its own figures.
    pub parts: Vec<Failed>,
    /// The facts that it rests on.
    pub facts: Vec<(FactName, Shown)>,
    /// Where it does not hold: changes of one thing after which it does, each the smallest of its kind that was found.
    pub met_by: Vec<Change>,
}

/// A change of one thing, and the line after it.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is changed.
    pub what: What,
    /// The line after it.
    pub outcome: Outcome,
    /// How much more is then awarded; `None` where it is no more, or open.
    pub gain: Option<Interval>,
    /// How much more the clause can then come to in all; `None` where it is no more, or open.
    pub lifetime_gain: Option<Interval>,
    /// What is awarded over all clauses, before and after: what this line gains another may lose. `None` for a later day, on
    /// which everything moves.
    pub total: Option<(Interval, Interval)>,
}

/// What is changed.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful is kept, nearly all of them the large one")]
pub enum What {
    /// A fact has another value.
    Fact {
        /// The fact.
        fact: FactName,
        /// Its value now.
        from: Shown,
        /// Its value then.
        to: Shown,
        /// How far apart the two are, and whether the new one is higher or later; `None` where that cannot be measured.
        by: Option<(Shown, bool)>,
        /// Of how many equal records it is a fact; 1 where it is none of a record.
        times: u32,
    },
    /// A list has more records.
    Records {
        /// The list.
        list: FactName,
        /// How many more.
        count: Shown,
        /// Which record they are like: its place in the file, from 1, and its name. `None`: nothing is known of them.
        like: Option<(usize, Option<String>)>,
    },
    /// The evaluation date is later.
    Later {
        /// The day.
        to: Day,
        /// How much later.
        by: Shown,
    },
}

/// A line under other circumstances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The conclusion.
    pub status: Status,
    /// What is awarded; `None` where there is no amount.
    pub awarded: Option<Interval>,
    /// What the clause can come to in all.
    pub lifetime: Option<Interval>,
}

impl Outcome {
    /// Whether all that can come has no end, and is known not to.
    pub fn is_endless(&self) -> bool {
        self.status == Status::Eligible && self.lifetime.is_some_and(|lifetime| lifetime.hi == Bound::Above)
    }
}

/// Several changes at once.
#[derive(Clone, Debug)]
pub struct Together {
    /// The changes, one for each condition that fails.
    pub changes: Vec<What>,
    /// The line after all of them.
    pub outcome: Outcome,
}

/// A missing fact, and what its values would give.
#[derive(Clone, Debug)]
pub struct Supply {
    /// The fact.
    pub fact: FactName,
    /// The question to put.
    pub ask: Option<Text>,
    /// The possible values, or ranges of them, with the line under each; empty where there are too many different ones.
    pub values: Vec<(Shown, Outcome)>,
}

/// Which missing facts matter, the one that narrows the total most first.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The breakdown as it is.
    pub assessment: Assessment,
    /// The facts.
    pub needs: Vec<Need>,
}

/// A missing fact, and how much it narrows the total.
#[derive(Clone, Debug)]
pub struct Need {
    /// The fact.
    pub fact: FactName,
    /// The question to put.
    pub ask: Option<Text>,
    /// The clauses (policy and clause id) that it keeps open.
    pub clauses: Vec<(String, String)>,
    /// The possible values, or ranges of them, with the awarded total and the number of lines still open under each; empty
    /// where there are too many different ones to tell apart.
    pub values: Vec<(Shown, Knowing)>,
    /// In the worst case over the values that were tried. `None`: it cannot be told.
    pub worst: Option<Knowing>,
    /// Whether its values were tried at all: among very many missing facts not all are.
    pub tried: bool,
}

/// What is known once a fact is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knowing {
    /// The awarded total.
    pub awarded: Interval,
    /// How many of the lines are still open.
    pub open: usize,
}
