//! What a name stands for: a field, a `let`, a definition, an input, something of the clause, or a word of an enum.

use super::{Checker, NOT_HERE, UNKNOWN_NAME, UNKNOWN_WORD, came_to};
use crate::diagnostic::did_you_mean;
use crate::expr::function;
use crate::expr::measure::Measured;
use crate::expr::names::Input;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::{Part, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Value, Words};

impl Checker<'_> {
    /// The innermost record field of this name: depth, place, declaration.
    pub(super) fn field(&self, name: &str) -> Option<(usize, usize, &Input)> {
        // A record that has a name of its own is only reached by it.
        let hidden = usize::from(matches!(self.scope.beside, Some((Some(_), _))));
        self.records.iter().enumerate().skip(hidden).rev().find_map(|(depth, &list)| {
            let fields = &self.names.lists.get(list)?.fields;
            let (place, field) = fields.iter().enumerate().find(|(_, field)| field.name == name)?;
            self.names.lists.get(list)?.seen.insert(place);
            Some((depth, place, field))
        })
    }

    pub(super) fn name(&mut self, name: &str, syntax: &Syntax, expected: Option<&Type>) -> Option<Node> {
        if let Some((depth, place, field)) = self.field(name) {
            let measured = Measured::of(field.measure(self.names));
            return self.named(Op::Field(depth, place), field.ty.clone(), measured, syntax);
        }
        let mut lets = self.scope.lets.iter().enumerate();
        if let Some((place, known)) = lets.find(|(_, known)| known.name == name) {
            // A name for some records is the same as what it stands for.
            if known.records.is_some() {
                return self.some_records(syntax);
            }
            return self.named(Op::Let(place), known.ty.clone(), known.measured.clone(), syntax);
        }
        let names = self.names;
        if let Some((place, define)) = names.defines.iter().enumerate().find(|(_, define)| define.name == name) {
            if define.node.records().is_some() {
                return self.some_records(syntax);
            }
            let measured = define.node.measured.clone();
            return self.named(Op::Define(place), define.node.ty.clone(), measured, syntax);
        }
        if let Some((place, input)) = names.input(name).and_then(|place| Some((place, names.inputs.get(place)?))) {
            if !input.versions.is_empty() {
                return self.on_its_day(place, input, syntax);
            }
            return self.named(Op::Input(place), input.ty.clone(), Measured::of(input.measure(names)), syntax);
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
        if self.is_faulty(name) {
            return None;
        }
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
        known.extend(self.scope.lets.iter().map(|known| known.name.as_str()).filter(|name| !name.starts_with('[')));
        known.extend(names.defines.iter().map(|define| define.name.as_str()));
        known.extend(names.inputs.iter().map(|input| input.name.as_str()));
        known.extend(["as_of", "event", "accrued"]);
        let beside = self.scope.beside.iter().filter_map(|(record, _)| record.as_ref());
        let here = self.scope.each.iter().map(|(record, _)| record).chain(beside).find(|record| *record == name);
        let help = match here {
            None if name == "other" => Some(Text::new(
                "`other` 只在 `[overlap]` 的 `counts` 中指一笔；条件和金额中用名单 `other_benefits`，如 `sum(amount of other_benefits where category == \"rent\")`",
                "`other` is one entry in `counts` of `[overlap]` only; conditions and amounts have the list `other_benefits`, as in `sum(amount of other_benefits where category == \"rent\")`",
            )),
            Some(_) => Some(Text::made(
                format!("这是一条记录，取其字段：`{name}.…`"),
                format!("this is a record; take a field of it: `{name}.…`"),
            )),
            None => came_to::help(syntax).or_else(|| did_you_mean(name, known)),
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

    pub(super) fn member(&mut self, left: &Syntax, member: &str, syntax: &Syntax) -> Option<Node> {
        if let Some(id) = came_to::clause_of(left) {
            return self.came_to(id, left, member, syntax);
        }
        let Part::Name(owner) = &left.part else {
            let diagnostic =
                UNKNOWN_NAME.at(self.span(&left.range), Text::new("这里没有字段可取", "this has no fields"));
            let numbered = matches!(left.part, Part::Index(..)).then(|| {
                Text::new(
                    "记录没有序号：汇总写 `sum(cost of courses)`，取前几条写 `highest 1 of courses by …`",
                    "records have no numbers: `sum(cost of courses)`, or some of them, `highest 1 of courses by …`",
                )
            });
            return self.fault(diagnostic.help(came_to::help(left).or(numbered)));
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
        let each = self.scope.each.as_ref().filter(|(record, _)| record == owner).map(|(_, list)| (list, false));
        let beside = self.scope.beside.as_ref().filter(|(record, _)| record.as_ref() == Some(owner));
        if let Some((list, beside)) = each.or(beside.map(|(_, list)| (list, true))) {
            let fields = names.lists.get(*list).map_or(&[][..], |list| list.fields.as_slice());
            if let Some((place, field)) = fields.iter().enumerate().find(|(_, field)| field.name == member) {
                names.lists.get(*list).into_iter().for_each(|list| list.seen.insert(place));
                let op = if beside { Op::Field(0, place) } else { Op::EachField(place) };
                return self.named(op, field.ty.clone(), Measured::of(field.measure(names)), syntax);
            }
            let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let label = Text::made(format!("`{owner}` 没有这个字段"), format!("`{owner}` has no such field"));
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(member, known));
            return self.fault(diagnostic);
        }
        if self.is_faulty(owner) {
            return None;
        }
        // `paid.amount`: a field of which record?
        let list = names.input(owner).and_then(|place| names.inputs.get(place)).map(|input| &input.ty);
        if let Some(help) = list.and_then(|ty| self.of_records(ty)) {
            let label =
                Text::made(format!("`{owner}` 是名单，不是一条记录"), format!("`{owner}` is a list, not one record"));
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(help);
            return self.fault(diagnostic);
        }
        if owner == "other" {
            return self.name(owner, left, None);
        }
        let mut known = vec!["reading"];
        known.extend(self.scope.window.then_some("window"));
        known.extend(self.scope.each.iter().map(|(record, _)| record.as_str()));
        known.extend(self.scope.beside.iter().filter_map(|(record, _)| record.as_deref()));
        let help = came_to::help(left).or_else(|| did_you_mean(owner, known));
        let diagnostic = UNKNOWN_NAME.at(self.span(&left.range), Text::default()).help(help);
        self.fault(diagnostic)
    }
}
