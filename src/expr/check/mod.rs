//! Syntax to program: what every name means, and whether types and units fit, before anything is calculated.

mod agree;
mod calls;
mod came_to;
mod lookup;
mod names;
mod over_time;
mod records;

pub use calls::callable;
pub use came_to::{Gives, KnownClause, named_clauses};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::expr::lexer::Figure;
use crate::expr::measure::{Measure, Measured};
use crate::expr::names::Names;
use crate::expr::parser::{TOO_DEEP, parse};
use crate::expr::program::{Aggregate, Node, Op, Print, Scale, Table, Written};
use crate::expr::since::Since;
use crate::expr::snippet::Snippet;
use crate::expr::syntax::{Binary, Part, Syntax, Unary};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::Span;
use crate::value::{DayRange, Interval, Truth, Value};

codes! {
    static UNKNOWN_NAME: Code = Code::new("unknown-name", "名称未定义", "nothing has this name");
    static UNKNOWN_WORD: Code = Code::new("unknown-word", "没有这个选项", "there is no such word");
    static UNKNOWN_UNIT: Code = Code::new("unknown-unit", "单位不认识", "this unit is not known");
    static UNKNOWN_FUNCTION: Code = Code::new("unknown-function", "没有这个函数", "there is no such function");
    static UNIT_MISMATCH: Code = Code::new("unit-mismatch", "两边的单位不一致", "the units of the two sides do not agree");
    static TYPE_MISMATCH: Code =
        Code::new("type-mismatch", "类型不符", "this is not the kind of value that is wanted here");
    static BAD_ARGUMENTS: Code = Code::new("bad-arguments", "函数的参数不对", "the function does not take these arguments");
    static NO_ORDER: Code = Code::new("no-order", "这些值没有大小次序", "these values have no order");
    static NOT_HERE: Code = Code::new("not-available-here", "此名称在这里不能用", "this name cannot be used here");
}

/// What an expression may name beyond the policy's own [`Names`].
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Names of the clause whose own declaration has a fault.
    pub faulty: BTreeSet<String>,
    /// The clause's `let`s so far.
    pub lets: Vec<KnownLet>,
    /// Its tables.
    pub tables: Vec<Versions<Table>>,
    /// Its scales.
    pub scales: Vec<Versions<Scale>>,
    /// Its tables whose keys are days: what holds from each of them on.
    pub by_day: Vec<(String, Vec<(Since, Node)>)>,
    /// The day on which what changes with time is taken; none: whoever names it says on which.
    pub day: Option<Node>,
    /// The record it is worked out for: its name and the place of its list.
    pub each: Option<(String, usize)>,
    /// A record beside it that is looked at from outside every count: its name, without which its fields are named by
    /// themselves, and the place of its list.
    pub beside: Option<(Option<String>, usize)>,
    /// Whether there is a window.
    pub window: bool,
    /// Whether there is an event date.
    pub event: bool,
    /// Whether something accrues.
    pub accrued: bool,
    /// The clauses of the policy of which it may be asked what they came to; none: this is not asked here.
    pub clauses: Option<Arc<Vec<KnownClause>>>,
}

/// A table or scale, or one for each time.
#[derive(Clone, Debug)]
pub struct Versions<T> {
    /// Its name.
    pub name: String,
    /// What it is from each day on; one without a day where it does not change.
    pub all: Vec<(Option<Since>, Arc<T>)>,
}

/// What an expression must give.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Anything.
    Anything,
    /// This type.
    Exactly(Type),
}

/// Parses and checks one expression. `None` where a fault was found; it is then among `diagnostics`.
pub fn compile(
    snippet: &Snippet,
    names: &Names,
    scope: &Scope,
    wanted: &Wanted,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let syntax = parse(snippet, &|word| names.units.contains_key(word), diagnostics)?;
    let records = scope.beside.iter().map(|(_, list)| *list).collect();
    let mut checker = Checker { snippet, names, scope, records, diagnostics };
    let node = match wanted {
        Wanted::Anything => checker.check(&syntax, None),
        Wanted::Exactly(ty) => checker.want(&syntax, ty),
    }?;
    if depth(&node, names, scope) > DEEPEST_WITH_NAMES {
        let help = Text::new(
            "这里用到的名称一层套一层，减少层数",
            "the names used here are built on each other too many times over: use fewer steps",
        );
        diagnostics.push(TOO_DEEP.at(node.span, Text::default()).help(help));
        return None;
    }
    Some(node)
}

/// Deeper than any chain of names in a readable policy, and far from the end of the stack.
const DEEPEST_WITH_NAMES: usize = 240;

/// How deep an expression is with all that the names in it stand for.
pub fn depth(node: &Node, names: &Names, scope: &Scope) -> usize {
    let below = match &node.op {
        Op::Let(place) => scope.lets.get(*place).map_or(0, |found| found.depth),
        Op::Define(place) => names.defines.get(*place).map_or(0, |define| define.depth),
        _ => node.children().into_iter().map(|child| depth(child, names, scope)).max().unwrap_or(0),
    };
    below + 1
}

/// A `let` of a clause, for what comes after it.
#[derive(Clone, Debug)]
pub struct KnownLet {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub ty: Type,
    /// How that is written.
    pub measured: Measured,
    /// How deep it is with all that the names in it stand for.
    pub depth: usize,
    /// Where it stands for records of a list: which.
    pub records: Option<Aggregate>,
}

struct Checker<'a> {
    snippet: &'a Snippet,
    names: &'a Names,
    scope: &'a Scope,
    /// The lists whose records are looked at, outermost first.
    records: Vec<usize>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        self.snippet.span(range)
    }

    /// Whether a name is declared, with a fault that was told there.
    fn is_faulty(&self, name: &str) -> bool {
        self.scope.faulty.contains(name) || self.names.faulty.contains(name)
    }

    fn fault(&mut self, diagnostic: Diagnostic) -> Option<Node> {
        self.diagnostics.push(diagnostic);
        None
    }

    fn node(&self, op: Op, ty: Type, syntax: &Syntax) -> Option<Node> {
        let measured = Measured::of_op(&op, &ty);
        Some(Node { op, ty, span: self.span(&syntax.range), measured, print: Print::default() })
    }

    /// What a name stands for, written as that is.
    fn named(&self, op: Op, ty: Type, measured: Measured, syntax: &Syntax) -> Option<Node> {
        Some(Node { op, ty, span: self.span(&syntax.range), measured, print: Print::default() })
    }

    /// Checks a part that must be of a type.
    fn want(&mut self, syntax: &Syntax, ty: &Type) -> Option<Node> {
        let node = self.check(syntax, Some(ty))?;
        if node.ty == *ty {
            return Some(node);
        }
        let (stands, wanted) = (self.describe(&node), self.names.describe(ty));
        let both_quantities = matches!((&node.ty, ty), (Type::Quantity(_), Type::Quantity(_)));
        let code = if both_quantities { &UNIT_MISMATCH } else { &TYPE_MISMATCH };
        let label = Text::made(
            format!("这里是{}，应为{}", stands.zh, wanted.zh),
            format!("this is {}; {} is wanted", stands.en, wanted.en),
        );
        let diagnostic = code.at(node.span, label).help(self.of_records(&node.ty));
        self.fault(diagnostic)
    }

    fn check(&mut self, syntax: &Syntax, expected: Option<&Type>) -> Option<Node> {
        match &syntax.part {
            Part::Figure(figure) => self.figure(figure, syntax),
            Part::Date(day) => self.node(Op::Constant(Value::Date(DayRange::point(*day)), None), Type::Date, syntax),
            Part::Text(text) => {
                self.node(Op::Constant(Value::Text(Some(text.as_str().into())), None), Type::Text, syntax)
            }
            Part::Truth(truth) => self.node(Op::Constant(Value::Truth(Truth::of(*truth)), None), Type::Bool, syntax),
            Part::Name(name) => self.name(name, syntax, expected),
            Part::Member(left, member) => self.member(left, member, syntax),
            Part::Index(table, index) => self.index(table, index, syntax),
            Part::Call(call) => self.call(call, syntax),
            Part::Unary(Unary::Not, inner) => {
                let inner = self.want(inner, &Type::Bool)?;
                self.node(Op::Not(Box::new(inner)), Type::Bool, syntax)
            }
            Part::Unary(Unary::Negate, inner) => {
                let node = self.check(inner, expected)?;
                let ty = node.ty.clone();
                if !matches!(ty, Type::Quantity(_)) {
                    return self.not_a_quantity(&node);
                }
                self.node(Op::Negate(Box::new(node)), ty, syntax)
            }
            Part::Binary(operator @ (Binary::And | Binary::Or), left, right) => {
                let (left, right) = (self.want(left, &Type::Bool), self.want(right, &Type::Bool));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let op = if *operator == Binary::And { Op::And(left, right) } else { Op::Or(left, right) };
                self.node(op, Type::Bool, syntax)
            }
            Part::Binary(
                operator @ (Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide),
                left,
                right,
            ) => self.arithmetic(*operator, left, right, syntax),
            Part::Binary(operator, left, right) => {
                let (left, right) = self.pair(left, right, None)?;
                self.comparable(*operator, &left, &right)?;
                self.node(Op::Compare(*operator, Box::new(left), Box::new(right)), Type::Bool, syntax)
            }
            Part::In(value, options, negated) => {
                let value = self.check(value, None)?;
                let options: Vec<Option<Node>> = options.iter().map(|option| self.want(option, &value.ty)).collect();
                let options = options.into_iter().collect::<Option<Vec<Node>>>()?;
                let found = self.node(Op::In(Box::new(value), options), Type::Bool, syntax)?;
                if *negated { self.node(Op::Not(Box::new(found)), Type::Bool, syntax) } else { Some(found) }
            }
            Part::Among(value, name, range, negated) => {
                let value = self.want(value, &Type::Text);
                let Some(texts) = self.names.texts.iter().find(|texts| texts.name == *name).map(Arc::clone) else {
                    if self.is_faulty(name) {
                        return None;
                    }
                    let label = Text::new("没有这份清单", "there are no such texts");
                    let known = self.names.texts.iter().map(|texts| texts.name.as_str());
                    let help = Text::new(
                        "清单在 [texts] 中声明；只有几个值时写成 `in [\"甲\", \"乙\"]`",
                        "declare them in [texts]; a few are written `in [\"one\", \"another\"]`",
                    );
                    let diagnostic =
                        UNKNOWN_NAME.at(self.span(range), label).help(did_you_mean(name, known)).help(help);
                    return self.fault(diagnostic);
                };
                let found = self.node(Op::Among(Box::new(value?), texts), Type::Bool, syntax)?;
                if *negated { self.node(Op::Not(Box::new(found)), Type::Bool, syntax) } else { Some(found) }
            }
            Part::Own(_) | Part::Where(..) | Part::Best { .. } => self.some_records(syntax),
            Part::If(condition, yes, no) => {
                let condition = self.want(condition, &Type::Bool);
                let (yes, no) = self.pair(yes, no, expected)?;
                let ty = yes.ty.clone();
                if ty != no.ty {
                    return self.disagree(&yes, &no);
                }
                self.node(Op::If(Box::new(condition?), Box::new(yes), Box::new(no)), ty, syntax)
            }
        }
    }

    /// Two sides of one type. A side that is only a word takes the other's type.
    fn pair(&mut self, left: &Syntax, right: &Syntax, expected: Option<&Type>) -> Option<(Node, Node)> {
        if self.is_word(left) && !self.is_word(right) {
            let right = self.check(right, expected);
            let ty = right.as_ref().map(|node| node.ty.clone());
            let left = self.check(left, ty.as_ref().or(expected));
            return Some((left?, right?));
        }
        let left = self.check(left, expected);
        let ty = left.as_ref().map(|node| node.ty.clone());
        // A word beside a side that has a fault would only repeat the fault.
        if left.is_none() && self.is_word(right) {
            return None;
        }
        let right = self.check(right, ty.as_ref().or(expected));
        Some((left?, right?))
    }

    /// Whether this is a bare name that names nothing but perhaps a word of an enum.
    fn is_word(&self, syntax: &Syntax) -> bool {
        matches!(&syntax.part, Part::Name(name) if !self.is_named(name))
    }

    fn is_named(&self, name: &str) -> bool {
        self.field(name).is_some()
            || self.scope.lets.iter().any(|known| known.name == name)
            || self.names.defines.iter().any(|define| define.name == name)
            || self.names.input(name).is_some()
            || matches!(name, "as_of" | "event" | "accrued")
    }

    fn figure(&mut self, figure: &Figure, syntax: &Syntax) -> Option<Node> {
        match self.names.figure(figure) {
            Ok((number, unit)) => {
                let measure = self.names.measure(figure).unwrap_or_else(|| Measure::base(&unit, self.names));
                let written =
                    Written { text: figure.written.clone(), number: figure.number, measure: Arc::new(measure) };
                let value = Value::Quantity(Interval::point(number));
                self.node(Op::Constant(value, Some(written)), Type::Quantity(unit), syntax)
            }
            Err(word) => {
                let label = Text::made(format!("单位“{word}”"), format!("the unit “{word}”"));
                let diagnostic = UNKNOWN_UNIT
                    .at(self.span(&syntax.range), label)
                    .help(self.names.unit_help(&word))
                    .help(Text::new("单位在词汇文件的 [units] 中声明", "units are declared in a vocabulary's [units]"));
                self.fault(diagnostic)
            }
        }
    }
}
