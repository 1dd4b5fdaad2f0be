//! What expressions mean, whatever they are called and however they are written: two expressions have one number where they
//! do the same with the same names. Brackets, blanks, units of the same size, the names of `let`s, definitions, tables and
//! scales, and the order in which things stand that are added, multiplied or joined make no difference.

use std::collections::HashMap;

use crate::clause::Clause;
use crate::expr::function::Builtin;
use crate::expr::program::{Best, Node, Op, Scale, Table};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::value::{Bound, Value};

/// What an expression means. Numbers of one [`Meanings`] only are compared.
pub type Meaning = u32;

/// The meanings that were met.
#[derive(Default)]
pub struct Meanings {
    known: HashMap<(String, Vec<Meaning>), Meaning>,
}

/// What the names of one policy, and of a clause of it, mean.
pub struct Known<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// The clause, for expressions of one.
    pub clause: Option<&'p Clause>,
    defines: Vec<Meaning>,
    lets: Vec<Meaning>,
}

impl<'p> Known<'p> {
    /// The names of a policy.
    pub fn of_policy(policy: &'p Policy, meanings: &mut Meanings) -> Known<'p> {
        let mut known = Known { policy, clause: None, defines: Vec::new(), lets: Vec::new() };
        for define in &policy.names.defines {
            let meaning = meanings.of(&known, &define.node, &mut Vec::new());
            known.defines.push(meaning);
        }
        known
    }

    /// The names of a clause of the policy besides.
    pub fn in_clause(&self, clause: &'p Clause, meanings: &mut Meanings) -> Known<'p> {
        let (policy, defines) = (self.policy, self.defines.clone());
        let mut known = Known { policy, clause: Some(clause), defines, lets: Vec::new() };
        for node in &clause.let_nodes {
            let meaning = meanings.of(&known, node, &mut Vec::new());
            known.lets.push(meaning);
        }
        known
    }
}

impl Meanings {
    /// What parts mean within something.
    pub(super) fn within(&mut self, what: String, parts: Vec<Meaning>) -> Meaning {
        self.number(format!("within {what}"), parts)
    }

    fn number(&mut self, what: String, parts: Vec<Meaning>) -> Meaning {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        *self.known.entry((what, parts)).or_insert(next)
    }

    /// What an expression means. `records`: the lists whose records it looks at by their fields alone, the outermost first.
    pub fn of(&mut self, known: &Known<'_>, node: &Node, records: &mut Vec<usize>) -> Meaning {
        match &node.op {
            Op::Let(place) => return known.lets.get(*place).copied().unwrap_or(u32::MAX),
            Op::Define(place) => return known.defines.get(*place).copied().unwrap_or(u32::MAX),
            Op::And(..) | Op::Or(..) => {
                let is_and = matches!(node.op, Op::And(..));
                let mut parts = Vec::new();
                self.chain(known, node, is_and, records, &mut parts);
                parts.sort_unstable();
                parts.dedup();
                return self.number(if is_and { "and" } else { "or" }.to_owned(), parts);
            }
            Op::Lookup(table, _, index) => return self.lookup(known, table, index, records),
            _ => {}
        }
        // Which values a parameter has from which days on is told of the parameter.
        if let Some((on, value)) = node.taken_on()
            && matches!(value.op, Op::Input(_))
        {
            let (what, on) = (what(known, value, records), self.of(known, on, records));
            return self.number(format!("{what} on"), vec![on]);
        }
        let what = what(known, node, records);
        let looks_at = if let Op::Aggregate(aggregate) = &node.op { Some(aggregate.list) } else { None };
        records.extend(looks_at);
        let mut parts: Vec<Meaning> = node.children().into_iter().map(|part| self.of(known, part, records)).collect();
        if looks_at.is_some() {
            records.pop();
        }
        let first = match node.op {
            Op::Arithmetic(Binary::Add | Binary::Multiply, ..)
            | Op::Compare(Binary::Equal | Binary::NotEqual, ..)
            | Op::Call(Builtin::Min | Builtin::Max, _) => 0,
            Op::In(..) => 1,
            _ => parts.len(),
        };
        parts.get_mut(first..).into_iter().for_each(<[Meaning]>::sort_unstable);
        self.number(what, parts)
    }

    fn chain(
        &mut self,
        known: &Known<'_>,
        node: &Node,
        is_and: bool,
        records: &mut Vec<usize>,
        parts: &mut Vec<Meaning>,
    ) {
        match &node.op {
            Op::And(left, right) if is_and => [left, right].map(|side| self.chain(known, side, is_and, records, parts)),
            Op::Or(left, right) if !is_and => [left, right].map(|side| self.chain(known, side, is_and, records, parts)),
            _ => {
                parts.push(self.of(known, node, records));
                [(), ()]
            }
        };
    }

    fn lookup(&mut self, known: &Known<'_>, table: &Table, index: &Node, records: &mut Vec<usize>) -> Meaning {
        let mut cells: Vec<(&str, &Node)> = table.cells.iter().map(|(word, cell)| (word.as_str(), cell)).collect();
        cells.sort_by_key(|(word, _)| *word);
        let words: Vec<&str> = cells.iter().map(|(word, _)| *word).collect();
        let mut parts = vec![self.of(known, index, records)];
        parts.extend(cells.into_iter().map(|(_, cell)| self.of(known, cell, &mut Vec::new())));
        self.number(format!("cell {}", words.join(" ")), parts)
    }
}

/// What a node does by itself, its parts apart.
pub fn what(known: &Known<'_>, node: &Node, records: &[usize]) -> String {
    let names = &known.policy.names;
    let list = |place: usize| names.lists.get(place).map_or("", |list| list.name.as_str());
    let field = |place: Option<usize>, field: usize| {
        let found = place.and_then(|place| names.lists.get(place)).and_then(|list| list.fields.get(field));
        format!("{}.{}", place.map_or("", list), found.map_or("", |field| field.name.as_str()))
    };
    match &node.op {
        Op::Constant(value, _) => format!("= {}", constant(known, value, &node.ty)),
        Op::Input(place) => format!("input {}", names.inputs.get(*place).map_or("", |input| input.name.as_str())),
        Op::EachField(place) => {
            let each = known.clause.and_then(|clause| clause.each.as_ref()).map(|each| each.list);
            format!("each {}", field(each.or_else(|| records.first().copied()), *place))
        }
        Op::Field(which, place) => format!("field {which} {}", field(records.get(*which).copied(), *place)),
        Op::AsOf => "as_of".to_owned(),
        Op::WindowFrom => "window.from".to_owned(),
        Op::WindowTo => "window.to".to_owned(),
        Op::Event => "event".to_owned(),
        Op::Accrued => "accrued".to_owned(),
        Op::CameTo(named) => {
            let id = known.policy.clauses.get(named.clause).map_or("", |clause| clause.id.as_str());
            format!("clause {id} {} {:?}", named.what.word(), named.record)
        }
        Op::Not(_) => "not".to_owned(),
        Op::Negate(_) => "negate".to_owned(),
        Op::Known(_) => "known".to_owned(),
        Op::Compare(sign, ..) => format!("compare {}", sign.sign()),
        Op::Arithmetic(sign, ..) => format!("arithmetic {}", sign.sign()),
        Op::In(..) => "in".to_owned(),
        Op::Among(_, texts) => {
            let all: Vec<&str> = texts.alike.iter().map(String::as_str).collect();
            format!("among {all:?}")
        }
        Op::Shift { months, back, .. } => format!("shift {months} {back}"),
        Op::DaysBetween(..) => "days between".to_owned(),
        Op::If(..) => "if".to_owned(),
        Op::Nothing(_) => "nothing".to_owned(),
        Op::Scale(scale, _) => format!("scale {}", steps(scale)),
        Op::Call(function, _) => format!("call {}", function.function().name),
        Op::Aggregate(aggregate) => {
            let (filter, body) = (aggregate.filter.is_some(), aggregate.body.is_some());
            let best = aggregate.best.as_deref().map(Best::shape);
            let own = if aggregate.owner.is_some() { "own " } else { "" };
            format!("{} {own}{} {filter} {body} {best:?}", aggregate.kind.word(), list(aggregate.list))
        }
        // These are told by what they stand for, or by their parts.
        Op::Let(_) | Op::Define(_) | Op::And(..) | Op::Or(..) | Op::Lookup(..) => String::new(),
    }
}

/// Where the steps of a scale begin, and whether each slice has its own rate.
fn steps(scale: &Scale) -> String {
    let at = scale.steps.iter().map(|(at, _)| format!("{}{}", if at.above { ">" } else { "≥" }, at.at.exact()));
    format!("{} {}", scale.marginal, at.collect::<Vec<_>>().join(" "))
}

/// A value by what it is, whatever its words' places are.
pub fn constant(known: &Known<'_>, value: &Value, ty: &Type) -> String {
    let bound = |bound: Bound| bound.number().map_or_else(|| "-".to_owned(), |number| number.exact());
    match (value, ty) {
        (Value::Words(words), Type::Enum(place)) => {
            let found = known.policy.names.enums.get(*place);
            let mut ids: Vec<&str> = words
                .iter()
                .filter_map(|word| found.and_then(|found| found.words.get(word)))
                .map(|(id, _)| id.as_str())
                .collect();
            ids.sort_unstable();
            ids.join("|")
        }
        (Value::Quantity(interval), Type::Quantity(unit)) => {
            format!("{} {} {}", bound(interval.lo), bound(interval.hi), unit.symbol())
        }
        (Value::Truth(truth), _) => format!("{} {}", truth.may_hold, truth.may_fail),
        (Value::Date(range), _) => format!("{:?} {:?}", range.lo, range.hi),
        (value, _) => format!("{value:?}"),
    }
}
