//! What another clause came to: `clause.income_tax.awarded`, `clause["19.1"].eligible`.

use std::ops::Range;

use super::{Checker, NOT_HERE, TYPE_MISMATCH, UNKNOWN_NAME};
use crate::diagnostic::did_you_mean;
use crate::expr::came_to::{CameTo, What};
use crate::expr::lexer::OF_CLAUSE;
use crate::expr::measure::Measured;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::{Call, Part, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;

/// The word that stands before a clause's id.
const CLAUSE: &str = "clause";

/// A clause of which it may be asked what it came to.
#[derive(Clone, Debug)]
pub struct KnownClause {
    /// Its id.
    pub id: String,
    /// What it gives; `None` where it has a fault, which is told elsewhere.
    pub gives: Option<Gives>,
}

/// What a clause gives.
#[derive(Clone, Debug)]
pub struct Gives {
    /// The type of its amounts, and how that is written; none where it has no amount.
    pub amount: Option<(Type, Measured)>,
    /// Of a clause with a line for each record: the list's name, and the place of its declaration.
    pub each: Option<(String, usize)>,
    /// Whether its amount may be below 0.
    pub signed: bool,
}

/// The id in `clause.id` and `clause["id"]`.
pub(super) fn clause_of(syntax: &Syntax) -> Option<&str> {
    let is_it = |owner: &Syntax| matches!(&owner.part, Part::Name(name) if name == CLAUSE);
    match &syntax.part {
        Part::Member(owner, id) if is_it(owner) => Some(id),
        Part::Index(owner, id) if is_it(owner) => match &id.part {
            Part::Text(id) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

/// How it is written what a clause comes to, where something else begins with the word: `clause(2).amount`, `clause[2]`, `clause`.
pub(super) fn help(syntax: &Syntax) -> Option<Text> {
    match &syntax.part {
        Part::Name(name) if name == CLAUSE => Some(OF_CLAUSE.clone()),
        Part::Call(call) if call.name == CLAUSE => Some(OF_CLAUSE.clone()),
        Part::Index(owner, _) => help(owner),
        _ => None,
    }
}

/// The ids of the clauses of which an expression asks what they came to, each with its place.
pub fn named_clauses(syntax: &Syntax) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut waiting = vec![syntax];
    while let Some(syntax) = waiting.pop() {
        match &syntax.part {
            Part::Figure(_) | Part::Date(_) | Part::Text(_) | Part::Truth(_) | Part::Name(_) | Part::Own(_) => {}
            Part::Member(left, _) => {
                found.extend(clause_of(left).map(|id| (id.to_owned(), left.range.clone())));
                waiting.push(left);
            }
            Part::Best { count, list, filter, by } => {
                let keys = by.iter().map(|by| &by.key);
                waiting.extend([&**count, &**list].into_iter().chain(filter.as_deref()).chain(keys));
            }
            Part::Index(left, right) | Part::Binary(_, left, right) | Part::Where(left, right) => {
                waiting.extend([&**left, &**right])
            }
            Part::Call(Call { arguments, of, filter, .. }) => {
                waiting.extend(arguments.iter().chain(of.as_deref()).chain(filter.as_deref()));
            }
            Part::Unary(_, inner) | Part::Among(inner, ..) => waiting.push(inner),
            Part::In(value, options, _) => waiting.extend(std::iter::once(&**value).chain(options)),
            Part::If(condition, yes, no) => waiting.extend([&**condition, &**yes, &**no]),
        }
    }
    found.reverse();
    found
}

impl Checker<'_> {
    /// What a clause came to.
    pub(super) fn came_to(&mut self, id: &str, left: &Syntax, member: &str, syntax: &Syntax) -> Option<Node> {
        let span = self.span(&syntax.range);
        let Some(clauses) = &self.scope.clauses else {
            let help = Text::new(
                "写进条款自己的 `let`、条件或金额里",
                "write it into a `let`, a condition or an amount of a clause",
            );
            let label = Text::new("这里不能问条款的结果", "what a clause comes to is not known here");
            return self.fault(NOT_HERE.at(span, label).help(help));
        };
        let Some((clause, known)) = clauses.iter().enumerate().find(|(_, known)| known.id == id) else {
            let label = Text::new("没有这个条款", "there is no such clause");
            let ids = clauses.iter().map(|known| known.id.as_str());
            let diagnostic = UNKNOWN_NAME.at(self.span(&left.range), label).help(did_you_mean(id, ids));
            return self.fault(diagnostic);
        };
        let Some(what) = What::EVERY.into_iter().find(|what| what.word() == member) else {
            let help = did_you_mean(member, What::EVERY.map(What::word));
            let label = Text::new(
                "条款的结果有 `awarded`（核定）、`entitled`（计算）、`eligible`（符合条件）",
                "of a clause there are `awarded`, `entitled` and `eligible`",
            );
            return self.fault(UNKNOWN_NAME.at(span, label).help(help));
        };
        let gives = known.gives.clone()?;
        let (ty, measured) = match (what, gives.amount) {
            (What::Eligible, _) => (Type::Bool, Measured::Any),
            (_, Some(amount)) => amount,
            (_, None) => {
                let label = Text::new("此条款没有金额", "this clause has no amount");
                let help = Text::made(
                    format!("只能问 `clause[\"{id}\"].eligible`"),
                    format!("ask for `clause[\"{id}\"].eligible`"),
                );
                return self.fault(TYPE_MISMATCH.at(span, label).help(help));
            }
        };
        let record = match &gives.each {
            None => None,
            Some((list, place)) => {
                let hidden = usize::from(self.scope.beside.is_some());
                let depth = self.records.iter().enumerate().skip(hidden).rev().find(|(_, of)| *of == place);
                let Some((depth, _)) = depth else {
                    let label = Text::made(
                        format!("此条款对 `{list}` 的每条记录各有一行"),
                        format!("this clause has a line for each record of `{list}`"),
                    );
                    let named = self.snippet.text.get(syntax.range.clone()).unwrap_or("…");
                    let over = if what == What::Eligible { "any" } else { "sum" };
                    let help = Text::made(
                        format!("逐条汇总：`{over}({named} of {list})`"),
                        format!("take them together: `{over}({named} of {list})`"),
                    );
                    return self.fault(NOT_HERE.at(span, label).help(help));
                };
                Some(depth)
            }
        };
        self.named(Op::CameTo(CameTo { clause, what, record, signed: gives.signed }), ty, measured, syntax)
    }
}
