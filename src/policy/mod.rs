//! Policy files → [`Policy`]. Only [`read`] makes one, so what can be assessed has been checked.

mod ages;
pub mod among;
pub mod builtin;
mod clauses;
mod declare;
mod given;
mod identity;
pub mod keys;
pub mod pages;
pub mod place;
pub mod places;
mod read;
mod rules;
mod supplement;
pub mod told;
mod touched;
mod versions;
pub mod walk;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::allot::Rule;
use crate::clause::{Clause, Condition, Limit, Pool};
use crate::diagnostic::Code;
use crate::document::Table;
use crate::expr::names::{Input, Names};
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::{Source, Span, folded};
use crate::value::{Day, DayRange, Record, Value};

pub use ages::{instead_of_age, is_age};
pub(crate) use declare::paid::{NAME as PAID, is_under as was_paid, record as payment};
pub use given::{given, read_amount, read_figure};
pub(crate) use read::NO_POLICY;
pub use read::{places_of_vocabulary, read, read_parsed, read_unfinished, read_with, unconfirmed};
pub use supplement::{Supplement, how_to_supplement, supplements};
pub use touched::Touched;

/// Every code that this room raises, file by file.
pub(crate) static CODES: &[&[&Code]] = &[
    clauses::CODES,
    declare::CODES,
    declare::money::CODES,
    declare::paid::CODES,
    given::CODES,
    identity::CODES,
    places::CODES,
    read::CODES,
    supplement::CODES,
    versions::CODES,
];

/// A policy that has been checked.
#[derive(Debug)]
pub struct Policy {
    /// `qingyuan`
    pub id: String,
    /// The title.
    pub title: Text,
    /// Who issued it.
    pub issuer: Text,
    /// Who is responsible, where a clause names nobody else.
    pub office: Option<Text>,
    /// Where it holds.
    pub place: Option<Text>,
    /// Whose money it is: a place in the enum `level`.
    pub level: Option<usize>,
    /// Whether it is in force.
    pub status: &'static Standing,
    /// Its window; `hi` is never where it has no end.
    pub window: DayRange,
    /// What its expressions may name.
    pub names: Names,
    /// Its clauses, in the order of the file.
    pub clauses: Vec<Clause>,
    /// The last day for triggers and accrued months; none: the window's last.
    pub triggers_until: Option<Node>,
    /// The last evaluation date on which anything is paid; none: never.
    pub payable_until: Option<Node>,
    /// Whether that day is the same whatever the evaluation date: what comes after it can then never be paid.
    pub payable_to_one_day: bool,
    /// Facts that contradict each other.
    pub consistent: Vec<Consistent>,
    /// What makes a record of a list the same thing, for the lists that say so.
    pub identities: Vec<Identity>,
    /// How other schemes' money is set off.
    pub overlap: Option<Overlap>,
    /// Clauses of which only the highest counts.
    pub highest_only: Vec<HighestOnly>,
    /// How many, or how much, for several clauses together: each clause has its own view of them among its limits.
    pub limits: Vec<OverClauses>,
    /// Which clauses take something from each other: for each the number of its set.
    pub tied: Vec<usize>,
    /// What each of its readings can touch.
    pub touched: Vec<Touched>,
    /// Which dates it asks the age of.
    ages: ages::Dates,
    /// What an officer should know of the whole.
    pub notes: Vec<Text>,
    /// What supplements it.
    pub supplements: Vec<Supplement>,
    /// Findings of a check that are as the law has them.
    pub accepted: Vec<Accepted>,
    /// Its file.
    pub source: Arc<Source>,
    /// What else was read for it: its vocabularies, and the files that supplement it.
    pub beside: Vec<Arc<Source>>,
    /// The same as it was parsed, for who asks where something is declared.
    pub document: Table,
}

/// A finding of a check that is no fault.
#[derive(Debug)]
pub struct Accepted {
    /// The check's name.
    pub check: String,
    /// What the finding is about: a clause's id, a fact's name, two clauses (`1+2`).
    pub of: String,
    /// Why.
    pub because: Text,
    /// Where it stands.
    pub span: Span,
}

/// Whether a policy is in force.
#[derive(Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its name in a policy file.
    pub name: &'static str,
    /// In words.
    pub label: Text,
    /// What every output must say, if anything.
    pub warning: Option<Text>,
}

impl Standing {
    /// The one of this name.
    pub fn of(name: &str) -> Option<&'static Standing> {
        STANDINGS.iter().find(|standing| standing.name == name)
    }

    /// Whether something may be paid by a policy of this standing: where nothing must be said of it.
    pub fn is_basis(&self) -> bool {
        self.warning.is_none()
    }
}

/// Every standing.
pub static STANDINGS: &[Standing] = &[
    Standing { name: "in_force", label: Text::new("现行", "in force"), warning: None },
    Standing {
        name: "draft",
        label: Text::new("征求意见稿", "draft for comment"),
        warning: Some(Text::new(
            "本文件为征求意见稿，尚未正式印发；以下按草案测算，不构成兑现依据",
            "this document is a draft for comment and has not been issued; the figures show what the draft would pay and are no basis for payment",
        )),
    },
    Standing { name: "trial", label: Text::new("试行", "on trial"), warning: None },
    Standing {
        name: "unknown",
        label: Text::new("效力待核实", "not known to be in force"),
        warning: Some(Text::new(
            "文件未写明施行日期或有效期，是否有效须先核实",
            "the document states neither a date nor a period of validity; whether it is in force must be confirmed first",
        )),
    },
    Standing {
        name: "repealed",
        label: Text::new("已废止", "repealed"),
        warning: Some(Text::new("本文件已废止", "this document has been repealed")),
    },
];

/// Facts that must agree.
#[derive(Debug)]
pub struct Consistent {
    /// What must hold, with its words for when it does not.
    pub condition: Condition,
    /// The record it is tested for.
    pub each: Option<crate::clause::Each>,
    /// With which others of its list the record is tested, beside it.
    pub pairs: Option<Pairs>,
}

/// Which two records of a list are tested together.
#[derive(Debug)]
pub enum Pairs {
    /// Every two, in either order.
    All,
    /// Two that follow one another by this expression over a record.
    Next(Box<Node>),
}

/// What makes a record of a list the same thing. The expressions name the record's fields by themselves.
#[derive(Debug)]
pub struct Identity {
    /// The input that holds the list.
    pub input: usize,
    /// The place of its declaration.
    pub list: usize,
    /// Two records that agree in all of these are the same thing. May be empty.
    pub unique_by: Vec<Node>,
    /// The field that names a record, and the one that tells apart those of one name.
    pub number: Option<(usize, usize)>,
    /// Periods that may not overlap.
    pub no_overlap: Option<NoOverlap>,
    /// For each kind of applicant the first clause that looks at the list; none: nobody of that kind draws anything on it.
    pub claimed_by: Vec<Option<usize>>,
}

/// Periods of the same thing that may not overlap.
#[derive(Debug)]
pub struct NoOverlap {
    /// The first day.
    pub from: Node,
    /// The last day.
    pub until: Node,
    /// Within what; none: the whole list.
    pub within: Vec<Node>,
}

impl Identity {
    /// Its expressions.
    pub fn expressions(&self) -> Vec<&Node> {
        let periods =
            self.no_overlap.iter().flat_map(|found| [&found.from, &found.until].into_iter().chain(&found.within));
        self.unique_by.iter().chain(periods).collect()
    }
}

/// How other schemes' money for the same thing is set off.
#[derive(Debug)]
pub struct Overlap {
    /// Where it stands.
    pub cite: String,
    /// What it is called.
    pub title: Text,
    /// The input that holds the other benefits.
    pub input: usize,
    /// The place of their declaration.
    pub list: usize,
    /// Whether one is set off; none: all are.
    pub counts: Option<Node>,
    /// A word of the enum of [`OverlapMethod`]s; none: the difference.
    pub method: Option<Node>,
    /// Whether part is set off against part.
    pub by_installment: Option<Node>,
}

/// Of several clauses only the highest counts.
#[derive(Debug)]
pub struct HighestOnly {
    /// Places of the clauses.
    pub clauses: Vec<usize>,
    /// Whether it applies; none: always.
    pub when: Option<Node>,
    /// Where it stands.
    pub cite: String,
    /// In words.
    pub text: Text,
}

/// A limit over several clauses.
#[derive(Debug)]
pub struct OverClauses {
    /// Places of the clauses, in their turn.
    pub clauses: Vec<usize>,
    /// Where it stands.
    pub cite: String,
    /// In words.
    pub text: Text,
    /// Whether it is over all applicants.
    pub across: bool,
}

impl Policy {
    /// The clauses that share a limit with this one: over one applicant's own lines, or over all applicants.
    pub fn sharing(&self, clause: usize, across: bool) -> impl Iterator<Item = usize> {
        let limits = self.limits.iter().filter(move |limit| limit.across == across && limit.clauses.contains(&clause));
        limits.flat_map(|limit| &limit.clauses).copied().filter(move |other| *other != clause)
    }

    /// The clauses that share a pool, each with its view of the limit and that limit's place among its own, in their turn.
    pub fn members(&self, pool: Pool) -> Vec<(usize, usize, &Limit)> {
        let clauses = match pool {
            Pool::Own(clause, _) => vec![clause],
            Pool::Over(limit) => self.limits.get(limit).map_or(Vec::new(), |limit| limit.clauses.clone()),
        };
        let of = |clause: usize| {
            let limits = self.clauses.get(clause)?.limits.iter().enumerate();
            limits.into_iter().find(|(_, limit)| limit.pool == pool).map(|(at, limit)| (clause, at, limit))
        };
        clauses.into_iter().filter_map(of).collect()
    }

    /// Each limit over several clauses, as the first of them sees it.
    pub fn limits_over_clauses(&self) -> impl Iterator<Item = (&Clause, &Limit)> {
        (0..self.limits.len()).filter_map(|place| {
            let (clause, _, limit) = self.members(Pool::Over(place)).into_iter().next()?;
            Some((self.clauses.get(clause)?, limit))
        })
    }

    /// How a pool is shared out. Of the coins of its clauses the smallest is paid; of everything else all views say the same.
    pub fn rule(&self, pool: Pool) -> Option<Rule> {
        let members = self.members(pool);
        let coins = members.iter().filter_map(|(clause, ..)| self.clauses.get(*clause)).map(Clause::coin);
        let (step, (.., limit)) = (coins.min()?, members.first()?);
        Some(Rule::of(limit, step))
    }

    /// The kind of applicant that a file calls so, by its id or its label; `word` is folded.
    pub fn kind_called(&self, word: &str) -> Option<&(String, Text)> {
        let is_called = |(id, label): &&(String, Text)| {
            id == word || folded(&label.zh) == word || label.en.eq_ignore_ascii_case(word)
        };
        self.names.applicant_kinds.iter().find(is_called)
    }

    /// The place of a kind of applicant, by its id.
    pub fn kind(&self, id: &str) -> Option<usize> {
        self.names.applicant_kinds.iter().position(|(known, _)| known == id)
    }

    /// Whether a day is after its last one.
    pub fn is_expired(&self, on: Day) -> bool {
        on > self.window.hi
    }

    /// What tells this version of the policy from others: 16 digits of a digest of its file and of those that it builds on.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for source in std::iter::once(&self.source).chain(&self.beside) {
            digest.update(source.text.len().to_le_bytes());
            digest.update(source.text.as_bytes());
        }
        digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A record like one of a list, of another thing that has no name yet.
    pub fn another(&self, list: &Input, record: &Record) -> Record {
        let mut record = record.clone();
        let Type::List(list) = list.ty else { return record };
        for identity in self.identities.iter().filter(|identity| identity.list == list) {
            let own = identity.unique_by.iter().filter(|node| node.ty == Type::Text).filter_map(|node| match node.op {
                Op::Field(0, field) => Some(field),
                _ => None,
            });
            for field in own.chain(identity.number.map(|(_, number)| number)) {
                if let Some(value) = record.fields.get_mut(field) {
                    *value = Value::Text(None);
                    record.label = None;
                }
            }
        }
        record
    }

    /// The place of a clause.
    pub fn clause(&self, id: &str) -> Option<usize> {
        self.clauses.iter().position(|clause| clause.id == id)
    }
}
