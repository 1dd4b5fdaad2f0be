//! Syntax to program: what every name means, and whether types and units fit, before anything is calculated.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::expr::function::{self, FUNCTIONS};
use crate::expr::lexer::Figure;
use crate::expr::names::{Input, Names};
use crate::expr::parser::parse;
use crate::expr::program::{Aggregate, AggregateKind, Node, Op, Scale, Table, Written};
use crate::expr::snippet::Snippet;
use crate::expr::syntax::{Binary, Call, Part, Syntax, Unary};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::Span;
use crate::value::{DayRange, Interval, Truth, Unit, Value, Words};

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
    /// The clause's `let`s so far: name and type.
    pub lets: Vec<(String, Type)>,
    /// Its tables.
    pub tables: Vec<Arc<Table>>,
    /// Its scales.
    pub scales: Vec<Arc<Scale>>,
    /// The record it is worked out for: its name and the place of its list.
    pub each: Option<(String, usize)>,
    /// Whether there is a window.
    pub window: bool,
    /// Whether there is an event date.
    pub event: bool,
    /// Whether something accrues.
    pub accrued: bool,
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
    let syntax = parse(snippet, diagnostics)?;
    let mut checker = Checker { snippet, names, scope, records: Vec::new(), diagnostics };
    match wanted {
        Wanted::Anything => checker.check(&syntax, None),
        Wanted::Exactly(ty) => checker.want(&syntax, ty),
    }
}

/// The one function that asks not for a value but whether there is one.
const KNOWN: &str = "known";

/// Everything that every expression may call.
pub fn callable() -> Vec<&'static str> {
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let over_lists = AggregateKind::EVERY.iter().map(|kind| kind.word());
    functions.chain(over_lists).chain([KNOWN]).collect()
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

    fn fault(&mut self, diagnostic: Diagnostic) -> Option<Node> {
        self.diagnostics.push(diagnostic);
        None
    }

    fn node(&self, op: Op, ty: Type, syntax: &Syntax) -> Option<Node> {
        Some(Node { op, ty, span: self.span(&syntax.range) })
    }

    /// Checks a part that must be of a type.
    fn want(&mut self, syntax: &Syntax, ty: &Type) -> Option<Node> {
        let node = self.check(syntax, Some(ty))?;
        if node.ty == *ty {
            return Some(node);
        }
        let (stands, wanted) = (self.names.describe(&node.ty), self.names.describe(ty));
        let both_quantities = matches!((&node.ty, ty), (Type::Quantity(_), Type::Quantity(_)));
        let code = if both_quantities { &UNIT_MISMATCH } else { &TYPE_MISMATCH };
        let label = Text::made(
            format!("这里是{}，应为{}", stands.zh, wanted.zh),
            format!("this is {}; {} is wanted", stands.en, wanted.en),
        );
        let diagnostic = code.at(node.span, label);
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
            || self.scope.lets.iter().any(|(known, _)| known == name)
            || self.names.defines.iter().any(|define| define.name == name)
            || self.names.input(name).is_some()
            || matches!(name, "as_of" | "event" | "accrued")
    }

    fn disagree(&mut self, left: &Node, right: &Node) -> Option<Node> {
        let both_quantities = matches!((&left.ty, &right.ty), (Type::Quantity(_), Type::Quantity(_)));
        let code = if both_quantities { &UNIT_MISMATCH } else { &TYPE_MISMATCH };
        let diagnostic = code
            .at(left.span.clone(), self.names.describe(&left.ty))
            .and(right.span.clone(), self.names.describe(&right.ty))
            .help(self.cure(&left.ty, &right.ty));
        self.fault(diagnostic)
    }

    /// What usually mends two types that do not agree.
    fn cure(&self, left: &Type, right: &Type) -> Option<Text> {
        if let (Type::List(list), _) | (_, Type::List(list)) = (left, right) {
            let name = &self.names.lists.get(*list)?.name;
            return Some(Text::made(
                format!("记录的条数写作 `count({name})`"),
                format!("`count({name})` is the number of its records"),
            ));
        }
        let (Type::Quantity(left), Type::Quantity(right)) = (left, right) else { return None };
        if left.is_none() || right.is_none() {
            return Some(Text::new(
                "给没有单位的数写上单位，例如 `0元`",
                "give the bare number its unit, for instance `0元`",
            ));
        }
        let quotient = right.per(left);
        let other = left.per(right);
        let missing = if quotient.powers().all(|(_, power)| power > 0) { quotient } else { other };
        missing.powers().all(|(_, power)| power > 0).then(|| {
            let unit = missing.symbol();
            Text::made(format!("是否漏乘了以“{unit}”计的量？"), format!("is a factor in {unit} missing?"))
        })
    }

    fn not_a_quantity(&mut self, node: &Node) -> Option<Node> {
        let stands = self.names.describe(&node.ty);
        let label = Text::made(
            format!("这里是{}，不能计算", stands.zh),
            format!("this is {} and cannot be computed with", stands.en),
        );
        let diagnostic = TYPE_MISMATCH.at(node.span.clone(), label);
        self.fault(diagnostic)
    }

    fn comparable(&mut self, operator: Binary, left: &Node, right: &Node) -> Option<()> {
        if left.ty != right.ty {
            self.disagree(left, right);
            return None;
        }
        let equality = matches!(operator, Binary::Equal | Binary::NotEqual);
        let ordered = match &left.ty {
            Type::Quantity(_) | Type::Date => true,
            Type::Enum(place) => self.names.enums.get(*place).is_some_and(|found| found.ordered),
            Type::Bool | Type::Text => false,
            Type::List(_) => {
                self.not_a_quantity(left);
                return None;
            }
        };
        if equality || ordered {
            return Some(());
        }
        let diagnostic = NO_ORDER
            .at(left.span.clone(), self.names.describe(&left.ty))
            .help(Text::new("用 `==`、`!=` 或 `in` 比较", "compare with `==`, `!=` or `in`"));
        self.diagnostics.push(diagnostic);
        None
    }

    fn figure(&mut self, figure: &Figure, syntax: &Syntax) -> Option<Node> {
        match self.names.figure(figure) {
            Ok((number, unit)) => {
                let written = Written {
                    text: figure.written.clone(),
                    number: figure.number,
                    unit: self.names.figure_unit(figure),
                };
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

    /// The innermost record field of this name: depth, place, declaration.
    fn field(&self, name: &str) -> Option<(usize, usize, &Input)> {
        self.records.iter().enumerate().rev().find_map(|(depth, &list)| {
            let fields = &self.names.lists.get(list)?.fields;
            let (place, field) = fields.iter().enumerate().find(|(_, field)| field.name == name)?;
            Some((depth, place, field))
        })
    }

    fn name(&mut self, name: &str, syntax: &Syntax, expected: Option<&Type>) -> Option<Node> {
        if let Some((depth, place, field)) = self.field(name) {
            return self.node(Op::Field(depth, place), field.ty.clone(), syntax);
        }
        if let Some((place, (_, ty))) = self.scope.lets.iter().enumerate().find(|(_, (known, _))| known == name) {
            return self.node(Op::Let(place), ty.clone(), syntax);
        }
        let names = self.names;
        if let Some((place, define)) = names.defines.iter().enumerate().find(|(_, define)| define.name == name) {
            return self.node(Op::Define(place), define.node.ty.clone(), syntax);
        }
        if let Some((place, input)) = names.input(name).and_then(|place| Some((place, names.inputs.get(place)?))) {
            return self.node(Op::Input(place), input.ty.clone(), syntax);
        }
        match name {
            "as_of" => return self.node(Op::AsOf, Type::Date, syntax),
            "event" if self.scope.event => return self.node(Op::Event, Type::Date, syntax),
            "accrued" if self.scope.accrued => return self.node(Op::Accrued, function::months_type(), syntax),
            "event" | "accrued" => {
                let why = if name == "event" {
                    Text::new(
                        "`event` 只能用在条款的条件与金额中",
                        "`event` is known only in a clause's conditions and amounts",
                    )
                } else {
                    Text::new(
                        "`accrued` 只能用在写了 `accrual` 的条款的金额中",
                        "`accrued` is known only in the amounts of a clause with `accrual`",
                    )
                };
                let diagnostic = NOT_HERE.at(self.span(&syntax.range), Text::default()).help(why);
                return self.fault(diagnostic);
            }
            _ => {}
        }
        self.word(name, syntax, expected)
    }

    /// A word of the enum that is wanted, or, where nothing says which, of the only enum that has it.
    fn word(&mut self, name: &str, syntax: &Syntax, expected: Option<&Type>) -> Option<Node> {
        let names = self.names;
        let has = |place: usize| names.enums.get(place)?.words.iter().position(|(word, _)| word == name);
        if let Some(Type::Enum(place)) = expected {
            if let Some(word) = has(*place) {
                return self.node(Op::Constant(Value::Words(Words::one(word)), None), Type::Enum(*place), syntax);
            }
            let words: Vec<&str> = names
                .enums
                .get(*place)
                .map_or(Vec::new(), |found| found.words.iter().map(|(word, _)| word.as_str()).collect());
            let wanted = names.describe(&Type::Enum(*place));
            let label = Text::made(format!("应为{}", wanted.zh), format!("{} is wanted", wanted.en));
            let diagnostic = UNKNOWN_WORD.at(self.span(&syntax.range), label).help(did_you_mean(name, words));
            return self.fault(diagnostic);
        }
        let homes: Vec<usize> = (0..names.enums.len()).filter(|&place| has(place).is_some()).collect();
        if let ([place], None) = (homes.as_slice(), expected) {
            let word = has(*place).unwrap_or(0);
            return self.node(Op::Constant(Value::Words(Words::one(word)), None), Type::Enum(*place), syntax);
        }
        let mut known: Vec<&str> = Vec::new();
        for &list in &self.records {
            known.extend(
                names.lists.get(list).into_iter().flat_map(|list| list.fields.iter().map(|field| field.name.as_str())),
            );
        }
        known.extend(self.scope.lets.iter().map(|(name, _)| name.as_str()));
        known.extend(names.defines.iter().map(|define| define.name.as_str()));
        known.extend(names.inputs.iter().map(|input| input.name.as_str()));
        known.extend(["as_of", "event", "accrued"]);
        let here = self.scope.each.as_ref().filter(|(record, _)| record == name);
        let help = match here {
            Some(_) => Some(Text::made(
                format!("这是一条记录，取其字段：`{name}.…`"),
                format!("this is a record; take a field of it: `{name}.…`"),
            )),
            None => did_you_mean(name, known),
        };
        let label = match expected {
            Some(ty) => {
                let wanted = names.describe(ty);
                Text::made(format!("此处应为{}", wanted.zh), format!("{} is wanted here", wanted.en))
            }
            None => Text::default(),
        };
        let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(help);
        self.fault(diagnostic)
    }

    fn member(&mut self, left: &Syntax, member: &str, syntax: &Syntax) -> Option<Node> {
        let Part::Name(owner) = &left.part else {
            let diagnostic =
                UNKNOWN_NAME.at(self.span(&left.range), Text::new("这里没有字段可取", "this has no fields"));
            return self.fault(diagnostic);
        };
        let names = self.names;
        if owner == "reading" {
            let full = format!("reading.{member}");
            if let Some((place, input)) = names.input(&full).and_then(|place| Some((place, names.inputs.get(place)?))) {
                return self.node(Op::Input(place), input.ty.clone(), syntax);
            }
            let known: Vec<&str> =
                names.inputs.iter().filter_map(|input| input.name.strip_prefix("reading.")).collect();
            let label = Text::new("没有这个读法", "there is no such reading");
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(member, known));
            return self.fault(diagnostic);
        }
        if owner == "window" && self.scope.window {
            match member {
                "from" => return self.node(Op::WindowFrom, Type::Date, syntax),
                "to" => return self.node(Op::WindowTo, Type::Date, syntax),
                _ => {
                    let diagnostic = UNKNOWN_NAME
                        .at(self.span(&syntax.range), Text::default())
                        .help(did_you_mean(member, ["from", "to"]));
                    return self.fault(diagnostic);
                }
            }
        }
        if let Some((_, list)) = self.scope.each.as_ref().filter(|(record, _)| record == owner) {
            let fields = names.lists.get(*list).map_or(&[][..], |list| list.fields.as_slice());
            if let Some((place, field)) = fields.iter().enumerate().find(|(_, field)| field.name == member) {
                return self.node(Op::EachField(place), field.ty.clone(), syntax);
            }
            let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let label = Text::made(format!("`{owner}` 没有这个字段"), format!("`{owner}` has no such field"));
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(member, known));
            return self.fault(diagnostic);
        }
        let mut known = vec!["reading"];
        known.extend(self.scope.window.then_some("window"));
        known.extend(self.scope.each.iter().map(|(record, _)| record.as_str()));
        let diagnostic = UNKNOWN_NAME.at(self.span(&left.range), Text::default()).help(did_you_mean(owner, known));
        self.fault(diagnostic)
    }

    fn index(&mut self, table: &Syntax, index: &Syntax, syntax: &Syntax) -> Option<Node> {
        let known: Vec<&str> = self.scope.tables.iter().map(|table| table.name.as_str()).collect();
        let found = match &table.part {
            Part::Name(name) => {
                self.scope.tables.iter().find(|table| table.name == *name).cloned().ok_or(name.as_str())
            }
            _ => Err(""),
        };
        let found = match found {
            Ok(found) => found,
            Err(name) => {
                let label = Text::new("没有这张表", "there is no such table");
                let diagnostic = UNKNOWN_NAME.at(self.span(&table.range), label).help(did_you_mean(name, known));
                return self.fault(diagnostic);
            }
        };
        let index = self.check(index, None)?;
        let Type::Enum(place) = index.ty else {
            let stands = self.names.describe(&index.ty);
            let label = Text::made(
                format!("这里是{}；表按选项查", stands.zh),
                format!("this is {}; a table is looked up by a word", stands.en),
            );
            let diagnostic = TYPE_MISMATCH.at(index.span.clone(), label);
            return self.fault(diagnostic);
        };
        let words = self.names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
        for (word, cell) in &found.cells {
            if !words.iter().any(|(known, _)| known == word) {
                let wanted = self.names.describe(&Type::Enum(place));
                let label = Text::made(
                    format!("表中的 `{word}` 不是{}", wanted.zh),
                    format!("`{word}` of the table is not {}", wanted.en),
                );
                let known: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
                let diagnostic = UNKNOWN_WORD.at(cell.span.clone(), label).help(did_you_mean(word, known));
                self.diagnostics.push(diagnostic);
                return None;
            }
        }
        let cells = words.iter().map(|(word, _)| found.cells.iter().position(|(cell, _)| cell == word)).collect();
        let ty = found.ty.clone();
        self.node(Op::Lookup(found, cells, Box::new(index)), ty, syntax)
    }

    fn arithmetic(&mut self, operator: Binary, left: &Syntax, right: &Syntax, syntax: &Syntax) -> Option<Node> {
        let (left, right) = (self.check(left, None), self.check(right, None));
        let (left, right) = (left?, right?);
        let boxed = |left: Node, right: Node| (Box::new(left), Box::new(right));
        match (operator, &left.ty.clone(), &right.ty.clone()) {
            (Binary::Add | Binary::Subtract, Type::Date, Type::Quantity(unit)) => {
                let months = *unit == Unit::base("月");
                if !months && *unit != Unit::base("天") {
                    let label = self.names.describe(&right.ty);
                    let diagnostic = UNIT_MISMATCH
                        .at(right.span.clone(), label)
                        .help(Text::new("日期只能加减月、年或天", "a date moves by 月, 年 or 天"));
                    return self.fault(diagnostic);
                }
                let back = operator == Binary::Subtract;
                let (date, by) = boxed(left, right);
                self.node(Op::Shift { date, by, months, back }, Type::Date, syntax)
            }
            (Binary::Subtract, Type::Date, Type::Date) => {
                let (left, right) = boxed(left, right);
                self.node(Op::DaysBetween(left, right), Type::Quantity(Unit::base("天")), syntax)
            }
            (_, Type::Quantity(a), Type::Quantity(b)) => {
                let unit = match operator {
                    Binary::Multiply => a.times(b),
                    Binary::Divide => a.per(b),
                    _ if a == b => a.clone(),
                    _ => return self.disagree(&left, &right),
                };
                let (left, right) = boxed(left, right);
                self.node(Op::Arithmetic(operator, left, right), Type::Quantity(unit), syntax)
            }
            (_, Type::Quantity(_), _) => self.not_a_quantity(&right),
            _ => self.not_a_quantity(&left),
        }
    }

    fn call(&mut self, call: &Call, syntax: &Syntax) -> Option<Node> {
        if let Some(scale) = self.scope.scales.iter().find(|scale| scale.name == call.name).cloned() {
            let [argument] = call.arguments.as_slice() else { return self.bad_call(call, "scale(x)") };
            let argument = self.want(argument, &scale.over)?;
            let ty = match (&scale.ty, &scale.over, scale.marginal) {
                (Type::Quantity(rate), Type::Quantity(over), true) => Type::Quantity(rate.times(over)),
                (ty, _, _) => ty.clone(),
            };
            return self.node(Op::Scale(scale, Box::new(argument)), ty, syntax);
        }
        let aggregate = AggregateKind::EVERY.into_iter().find(|kind| kind.word() == call.name);
        let plain = call.of.is_none() && call.filter.is_none();
        match aggregate {
            Some(AggregateKind::Min | AggregateKind::Max) if plain => {}
            Some(kind) => return self.aggregate(kind, call, syntax),
            None => {}
        }
        if call.name == KNOWN {
            let ([argument], true) = (call.arguments.as_slice(), plain) else { return self.bad_call(call, "known(x)") };
            let argument = self.check(argument, None)?;
            return self.node(Op::Known(Box::new(argument)), Type::Bool, syntax);
        }
        let Some(found) = function::find(&call.name) else {
            let mut known = callable();
            known.extend(self.scope.scales.iter().map(|scale| scale.name.as_str()));
            let diagnostic =
                UNKNOWN_FUNCTION.at(self.span(&call.name_range), Text::default()).help(did_you_mean(&call.name, known));
            return self.fault(diagnostic);
        };
        if !plain {
            return self.bad_call(call, found.usage);
        }
        let arguments: Vec<Option<Node>> = call.arguments.iter().map(|argument| self.check(argument, None)).collect();
        let arguments = arguments.into_iter().collect::<Option<Vec<Node>>>()?;
        let types: Vec<Type> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let Some(ty) = (found.result)(&types) else {
            let given: Vec<Text> = types.iter().map(|ty| self.names.describe(ty)).collect();
            let given = Text::join(&given, "、", ", ");
            let label = Text::made(format!("这里给的是：{}", given.zh), format!("given: {}", given.en));
            let diagnostic = BAD_ARGUMENTS.at(self.span(&syntax.range), label).help(Text::made(
                format!("用法：{}，{}", found.usage, found.page.zh),
                format!("usage: {}, {}", found.usage, found.page.en),
            ));
            return self.fault(diagnostic);
        };
        self.node(Op::Call(found, arguments), ty, syntax)
    }

    fn bad_call(&mut self, call: &Call, usage: &str) -> Option<Node> {
        let diagnostic = BAD_ARGUMENTS
            .at(self.span(&call.name_range), Text::default())
            .help(Text::made(format!("用法：{usage}"), format!("usage: {usage}")));
        self.fault(diagnostic)
    }

    fn list(&mut self, syntax: &Syntax) -> Option<usize> {
        if let Part::Name(name) = &syntax.part {
            if let Some(place) = self.names.lists.iter().position(|list| list.name == *name) {
                return Some(place);
            }
            let known: Vec<&str> = self.names.lists.iter().map(|list| list.name.as_str()).collect();
            let label = Text::new("没有这份名单", "there is no such list");
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(name, known));
            self.diagnostics.push(diagnostic);
            return None;
        }
        let diagnostic = TYPE_MISMATCH.at(self.span(&syntax.range), Text::new("此处应为名单", "a list is wanted here"));
        self.diagnostics.push(diagnostic);
        None
    }

    fn aggregate(&mut self, kind: AggregateKind, call: &Call, syntax: &Syntax) -> Option<Node> {
        use AggregateKind::{All, Any, Count, Max, Min, Sum};
        let usage = match kind {
            Count => "count(list) · count(list where condition)",
            Sum => "sum(expression of list where condition)",
            Min => "min(a, b, …) · min(expression of list where condition)",
            Max => "max(a, b, …) · max(expression of list where condition)",
            Any => "any(condition of list) · any(list where condition)",
            All => "all(condition of list where condition)",
        };
        let [first] = call.arguments.as_slice() else { return self.bad_call(call, usage) };
        let (list, body) = match (&call.of, kind) {
            (Some(list), Sum | Min | Max | Any | All) => (list.as_ref(), Some(first)),
            (None, Count | Any) => (first, None),
            _ => return self.bad_call(call, usage),
        };
        let list = self.list(list)?;
        self.records.push(list);
        let body = body.map(|body| match kind {
            Any | All => self.want(body, &Type::Bool),
            _ => self.check(body, None),
        });
        let filter = call.filter.as_ref().map(|filter| self.want(filter, &Type::Bool));
        self.records.pop();
        let body = body.map_or(Some(None), |found| found.map(Some))?;
        let filter = filter.map_or(Some(None), |found| found.map(Some))?;
        let declared = self.names.lists.get(list)?;
        let ty = match (kind, &body) {
            (Count, _) => Type::Quantity(declared.unit.clone()),
            (Any | All, _) => Type::Bool,
            (Sum, Some(Node { ty: ty @ Type::Quantity(_), .. })) => ty.clone(),
            (Min | Max, Some(Node { ty: ty @ (Type::Quantity(_) | Type::Date), .. })) => ty.clone(),
            (_, Some(node)) => return self.not_a_quantity(&node.clone()),
            (_, None) => return self.bad_call(call, usage),
        };
        let (input, body, filter) = (declared.input, body.map(Box::new), filter.map(Box::new));
        self.node(Op::Aggregate(Aggregate { kind, input, list, filter, body }), ty, syntax)
    }
}
