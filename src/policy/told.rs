//! Expressions and values of a policy in words: `3000元/月 × 发放月数`, `周岁(出生日期, 到区日期) ≤ 35周岁`.

use crate::clause::Clause;
use crate::expr::measure::Measure;
use crate::expr::names::{Names, Origin, Reading};
use crate::expr::program::{Aggregate, AggregateKind, Best, By, Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::source::clean;
use crate::value::{Bound, Day, DayRange, Interval, Value};

/// How many texts of a list are told.
const SHOWN_TEXTS: usize = 5;

/// How tightly what needs no brackets binds.
const WHOLE: u8 = 9;
/// How tightly `not` binds, and `-`.
const NOT: u8 = 3;
const NEGATIVE: u8 = 6;

/// An expression of a policy in words. `clause`: the one that it stands in; `records`: the lists whose records it looks at by
/// their fields alone.
pub fn expression(policy: &Policy, clause: Option<&Clause>, records: &[usize], node: &Node) -> Text {
    written(&policy.names, &policy.clauses, clause, records, node)
}

/// The same for readers who do not see the file: a step without words of its own is called by its number, as [`step`] and [`shared`]
/// call it.
pub fn formula(policy: &Policy, clause: Option<&Clause>, node: &Node) -> Text {
    let (names, clauses) = (&policy.names, policy.clauses.as_slice());
    let in_lang = |lang| Writer { names, clauses, clause, lang, numbered: true }.write(node, &mut Vec::new()).0;
    Text::made(in_lang(Lang::Zh), in_lang(Lang::En))
}

/// What a clause's step without words of its own is called, by its place.
pub fn step(place: usize) -> Text {
    Text::made(format!("步骤 {}", place + 1), format!("step {}", place + 1))
}

/// What a step that clauses share is called, by its place.
pub fn shared(place: usize) -> Text {
    Text::made(format!("共用步骤 {}", place + 1), format!("shared step {}", place + 1))
}

/// The same, of the names of a policy: what another clause comes to is not told with its title.
pub fn words(names: &Names, clause: Option<&Clause>, records: &[usize], node: &Node) -> Text {
    written(names, &[], clause, records, node)
}

fn written(names: &Names, clauses: &[Clause], clause: Option<&Clause>, records: &[usize], node: &Node) -> Text {
    let in_lang = |lang| Writer { names, clauses, clause, lang, numbered: false }.write(node, &mut records.to_vec()).0;
    Text::made(in_lang(Lang::Zh), in_lang(Lang::En))
}

/// Every value that something can have, in words: `不限`, `博士`, `0元以上`, `2024-01-01`.
pub fn value(value: &Value, ty: &Type, measure: Option<&Measure>, names: &Names) -> Text {
    match value {
        Value::Truth(truth) if truth.is_true() => Text::new("是", "yes"),
        Value::Truth(truth) if truth.is_false() => Text::new("否", "no"),
        Value::Words(words) => {
            let Type::Enum(place) = ty else { return Text::default() };
            let known = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
            let labels: Vec<Text> =
                words.iter().filter_map(|word| known.get(word)).map(|(_, label)| cleaned(label)).collect();
            if labels.len() == known.len() && labels.len() > 1 { any() } else { Text::join(&labels, "/", " / ") }
        }
        Value::Quantity(interval) => {
            let base = match (measure, ty) {
                (Some(measure), _) => measure.clone(),
                (None, Type::Quantity(unit)) => Measure::base(unit, names),
                (None, _) => return Text::default(),
            };
            quantity(*interval, &base)
        }
        Value::Date(range) => days(*range),
        Value::Text(Some(text)) => Text::same(format!("“{}”", clean(text))),
        Value::List(list) if list.is_complete() && list.records.is_empty() => Text::new("无", "none"),
        Value::List(list) if list.is_complete() => {
            let count = list.records.len();
            Text::made(format!("{count}条"), format!("{count} entries"))
        }
        Value::Truth(_) | Value::Text(None) | Value::List(_) => any(),
    }
}

/// What is not restricted.
fn any() -> Text {
    Text::new("不限", "any")
}

fn cleaned(text: &Text) -> Text {
    Text::made(clean(&text.zh), clean(&text.en))
}

fn quantity(interval: Interval, measure: &Measure) -> Text {
    let told = |bound: Bound| bound.number().map(|number| cleaned(&measure.told(number)));
    match (told(interval.lo), told(interval.hi)) {
        (Some(only), Some(_)) if interval.is_point() => only,
        (Some(lo), Some(hi)) => Text::made(format!("{}至{}", lo.zh, hi.zh), format!("{} to {}", lo.en, hi.en)),
        (Some(lo), None) => Text::made(format!("不少于{}", lo.zh), format!("at least {}", lo.en)),
        (None, Some(hi)) => Text::made(format!("不超过{}", hi.zh), format!("at most {}", hi.en)),
        (None, None) => any(),
    }
}

/// A day, or a window of days, in words.
pub fn days(range: DayRange) -> Text {
    let (lo, hi) = (range.lo, range.hi);
    match (lo == Day::FIRST, hi == Day::NEVER) {
        _ if range.is_point() && hi == Day::NEVER => Text::new("无", "never"),
        _ if range.is_point() => Text::same(lo.to_string()),
        (true, true) => any(),
        (false, true) => Text::made(format!("自 {lo}"), format!("from {lo}")),
        (true, false) => Text::made(format!("至 {hi}"), format!("until {hi}")),
        (false, false) => Text::made(format!("{lo} 至 {hi}"), format!("{lo} to {hi}")),
    }
}

struct Writer<'p> {
    names: &'p Names,
    clauses: &'p [Clause],
    clause: Option<&'p Clause>,
    lang: Lang,
    /// Whether steps are called by their numbers instead of what the file calls them.
    numbered: bool,
}

impl Writer<'_> {
    fn of(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn label(&self, text: &Text) -> String {
        clean(text.get(self.lang))
    }

    /// A part, in brackets where it binds less tightly than what it is a part of.
    fn part(&self, node: &Node, least: u8, records: &mut Vec<usize>) -> String {
        let (text, tightness) = self.write(node, records);
        match self.lang {
            _ if tightness >= least => text,
            Lang::Zh => format!("（{text}）"),
            Lang::En => format!("({text})"),
        }
    }

    fn parts(&self, nodes: &[Node], records: &mut Vec<usize>) -> String {
        let parts: Vec<String> = nodes.iter().map(|node| self.write(node, records).0).collect();
        parts.join(self.of("，", ", "))
    }

    /// An expression, and how tightly it binds.
    fn write(&self, node: &Node, records: &mut Vec<usize>) -> (String, u8) {
        let names = self.names;
        let text = match &node.op {
            Op::Constant(_, Some(written)) if self.lang == Lang::Zh || written.text.is_ascii() => clean(&written.text),
            Op::Constant(found, written) => {
                let measure = written.as_ref().map(|written| &*written.measure);
                value(found, &node.ty, measure, names).get(self.lang).to_owned()
            }
            Op::Input(place) => match names.inputs.get(*place) {
                Some(input) => match &input.origin {
                    Origin::Reading(reading) => format!("{}{}", self.of("读法 ", "reading "), clean(&reading.id)),
                    _ => self.label(&input.label),
                },
                None => String::new(),
            },
            Op::Let(place) => {
                let found = self.clause.and_then(|clause| clause.lets.get(*place));
                match found.map(|found| (found.label.as_ref(), &found.name)) {
                    Some((Some(label), _)) => self.label(label),
                    Some((None, _)) if self.numbered => self.label(&step(*place)),
                    Some((None, name)) => clean(name),
                    None => String::new(),
                }
            }
            Op::Define(place) if self.numbered => self.label(&shared(*place)),
            Op::Define(place) => names.defines.get(*place).map_or_else(String::new, |define| clean(&define.name)),
            Op::EachField(field) => {
                let list = self.clause.and_then(|clause| clause.each.as_ref()).map(|each| each.list);
                self.field(list.or_else(|| records.first().copied()), *field)
            }
            Op::Field(which, field) => self.field(records.get(*which).copied(), *field),
            Op::AsOf => self.of("评估日期", "the evaluation date").to_owned(),
            Op::WindowFrom => self.of("有效期首日", "the first day of validity").to_owned(),
            Op::WindowTo => self.of("有效期末日", "the last day of validity").to_owned(),
            Op::Event => self.of("事由日期", "the event date").to_owned(),
            Op::Accrued => self.of("累计月数", "months accrued").to_owned(),
            Op::CameTo(named) => match self.clauses.get(named.clause) {
                Some(clause) => self.label(&clause.called(named.what)),
                None => self.of("另一条款的结果", "what another clause comes to").to_owned(),
            },
            Op::Not(inner) => {
                let inner = self.part(inner, WHOLE, records);
                return (format!("{}{inner}", self.of("非 ", "not ")), NOT);
            }
            Op::Negate(inner) => return (format!("−{}", self.part(inner, NEGATIVE, records)), NEGATIVE),
            Op::Known(inner) => {
                let inner = self.write(inner, records).0;
                self.called(self.of("已知", "known"), &inner)
            }
            Op::And(left, right) => return self.binary(Binary::And, self.of("且", "and"), left, right, records),
            Op::Or(left, right) => return self.binary(Binary::Or, self.of("或", "or"), left, right, records),
            Op::Compare(sign, left, right)
                if self.reading(left).is_some() && matches!(sign, Binary::Equal | Binary::NotEqual) =>
            {
                return (self.read_as(left, *sign == Binary::Equal, std::slice::from_ref(right)), sign.tightness());
            }
            Op::In(value, options) if self.reading(value).is_some() => {
                return (self.read_as(value, true, options), Binary::Equal.tightness());
            }
            Op::Compare(sign, left, right) | Op::Arithmetic(sign, left, right) => {
                return self.binary(*sign, sign.sign(), left, right, records);
            }
            Op::DaysBetween(left, right) => return self.binary(Binary::Subtract, "−", left, right, records),
            Op::Shift { date, by, back, .. } => {
                let sign = if *back { Binary::Subtract } else { Binary::Add };
                return self.binary(sign, sign.sign(), date, by, records);
            }
            Op::In(value, options) => {
                let value = self.part(value, Binary::Equal.tightness() + 1, records);
                let options = self.parts(options, records);
                let text = match self.lang {
                    Lang::Zh => format!("{value} 为 {options} 之一"),
                    Lang::En => format!("{value} is one of {options}"),
                };
                return (text, Binary::Equal.tightness());
            }
            Op::Among(value, texts) => {
                let value = self.part(value, Binary::Equal.tightness() + 1, records);
                let (label, all) = (texts.label.get(self.lang), &texts.written);
                let mut some: Vec<&str> = all.iter().take(SHOWN_TEXTS).map(|(text, _)| text.as_str()).collect();
                some.extend((all.len() > SHOWN_TEXTS).then_some("…"));
                let text = match self.lang {
                    Lang::Zh => format!("{value} 在“{label}”之列（{}，共{}项）", some.join("、"), all.len()),
                    Lang::En => format!("{value} is one of “{label}” ({}; {} in all)", some.join(", "), all.len()),
                };
                return (text, Binary::Equal.tightness());
            }
            Op::If(..) if node.taken_on().is_some() => {
                let value = node.taken_on().map_or(node, |(_, value)| value);
                return self.write(value, records);
            }
            Op::If(condition, yes, no) => {
                let [condition, yes, no] = [condition, yes, no].map(|part| self.write(part, records).0);
                let text = match self.lang {
                    Lang::Zh => format!("若 {condition} 则 {yes}，否则 {no}"),
                    Lang::En => format!("if {condition} then {yes}, otherwise {no}"),
                };
                return (text, 0);
            }
            Op::Nothing(_) => self.of("无值", "no value").to_owned(),
            Op::Lookup(table, _, index) => {
                let index = self.write(index, records).0;
                self.called(&clean(&table.name), &index)
            }
            Op::Scale(scale, argument) => {
                let argument = self.write(argument, records).0;
                self.called(&clean(&scale.name), &argument)
            }
            Op::Call(function, arguments) => {
                let arguments = self.parts(arguments, records);
                self.called(function.word().get(self.lang), &arguments)
            }
            Op::Aggregate(aggregate) => self.aggregate(aggregate, records),
        };
        (text, WHOLE)
    }

    /// The reading that an expression is.
    fn reading(&self, node: &Node) -> Option<&Reading> {
        let Op::Input(place) = node.op else { return None };
        match &self.names.inputs.get(place)?.origin {
            Origin::Reading(reading) => Some(reading),
            _ => None,
        }
    }

    /// Which way the law is read: `按“补足差额”理解`, with the reading's id where another one has an option of these words.
    fn read_as(&self, reading: &Node, is_so: bool, options: &[Node]) -> String {
        let of_readings = self.names.enums.iter().filter(|found| found.id.starts_with("reading."));
        let all: Vec<&str> =
            of_readings.flat_map(|found| &found.words).map(|(_, label)| label.get(self.lang)).collect();
        let is_clear = |option: &Node| {
            let (Op::Constant(Value::Words(words), _), Type::Enum(of)) = (&option.op, &option.ty) else { return true };
            let word = words.point().and_then(|word| self.names.enums.get(*of)?.words.get(word));
            word.is_none_or(|(_, text)| all.iter().filter(|label| **label == text.get(self.lang)).nth(1).is_none())
        };
        let is_clear = options.iter().all(is_clear);
        let options: Vec<String> = options.iter().map(|option| self.write(option, &mut Vec::new()).0).collect();
        let id = self.reading(reading).filter(|_| !is_clear).map(|reading| clean(&reading.id));
        let options: Vec<String> = options.iter().map(|option| format!("“{option}”")).collect();
        let options = options.join(self.of("或", " or "));
        match (self.lang, is_so) {
            (Lang::Zh, true) => format!("按{options}理解{}", id.map_or(String::new(), |id| format!("（{id}）"))),
            (Lang::Zh, false) => format!("不按{options}理解{}", id.map_or(String::new(), |id| format!("（{id}）"))),
            (Lang::En, true) => format!("read as {options}{}", id.map_or(String::new(), |id| format!(" ({id})"))),
            (Lang::En, false) => format!("not read as {options}{}", id.map_or(String::new(), |id| format!(" ({id})"))),
        }
    }

    fn called(&self, name: &str, arguments: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{name}（{arguments}）"),
            Lang::En => format!("{name}({arguments})"),
        }
    }

    fn field(&self, list: Option<usize>, field: usize) -> String {
        let list = list.and_then(|list| self.names.lists.get(list));
        list.and_then(|list| list.fields.get(field)).map_or_else(String::new, |field| self.label(&field.label))
    }

    fn binary(&self, sign: Binary, word: &str, left: &Node, right: &Node, records: &mut Vec<usize>) -> (String, u8) {
        let own = sign.tightness();
        // `a − (b − c)` and `a ÷ (b × c)` need their brackets, `a + b + c` does not.
        let chains = matches!(sign, Binary::And | Binary::Or | Binary::Add | Binary::Multiply);
        let left = self.part(left, own, records);
        let right = self.part(right, if chains { own } else { own + 1 }, records);
        (format!("{left} {word} {right}"), own)
    }

    /// The first so many of a list.
    fn best(&self, best: &Best, count: &str, list: &str, records: &mut Vec<usize>) -> String {
        let among = best.among.as_ref().map(|among| self.write(among, records).0);
        let key = |by: &By, records: &mut Vec<usize>| {
            let key = self.write(&by.key, records).0;
            let first = match (by.key.ty == Type::Date, by.highest) {
                (true, true) => self.of("晚者在先", "latest first"),
                (true, false) => self.of("早者在先", "earliest first"),
                (false, true) => self.of("高者在先", "highest first"),
                (false, false) => self.of("低者在先", "lowest first"),
            };
            match self.lang {
                Lang::Zh => format!("{key}（{first}）"),
                Lang::En => format!("{key} ({first})"),
            }
        };
        let by: Vec<String> = best.by.iter().map(|by| key(by, records)).collect();
        match self.lang {
            Lang::Zh => {
                let among = among.map_or_else(String::new, |among| format!("中 {among} 的"));
                format!("{list}{among}前 {count} 条，按 {}", by.join("、"))
            }
            Lang::En => {
                let among = among.map_or_else(String::new, |among| format!(" where {among}"));
                format!("the first {count} of {list}{among} by {}", by.join(", "))
            }
        }
    }

    fn aggregate(&self, aggregate: &Aggregate, records: &mut Vec<usize>) -> String {
        let name = match aggregate.kind {
            AggregateKind::Count => self.of("计数", "count"),
            AggregateKind::Sum => self.of("合计", "sum"),
            AggregateKind::Min => self.of("最小", "lowest"),
            AggregateKind::Max => self.of("最大", "highest"),
            AggregateKind::Any => self.of("任一", "any"),
            AggregateKind::All => self.of("全部", "all"),
            AggregateKind::Run => self.of("最长连续月数", "longest run of months"),
            AggregateKind::Union => self.of("累计整月数", "months in all"),
            AggregateKind::Days => self.of("天数", "days"),
            AggregateKind::Reached => self.of("届满日", "day reached"),
            AggregateKind::Records => self.of("记录", "records"),
        };
        let list = self.names.inputs.get(aggregate.input).map_or_else(String::new, |list| self.label(&list.label));
        let list = match (self.lang, &aggregate.owner) {
            (_, None) => list,
            (Lang::Zh, Some(_)) => format!("本条的{list}"),
            (Lang::En, Some(_)) => format!("its {list}"),
        };
        let count = aggregate.best.as_ref().map(|best| self.write(&best.count, records).0);
        records.push(aggregate.list);
        let list = match aggregate.best.as_deref().zip(count) {
            Some((best, count)) => self.best(best, &count, &list, records),
            None => list,
        };
        let body = aggregate.body.iter().map(|node| &**node).chain(&aggregate.rest);
        let body: Vec<String> = body.map(|node| self.write(node, records).0).collect();
        let filter = aggregate.filter.as_ref().map(|filter| self.write(filter, records).0);
        records.pop();
        let body = body.join(self.of("，", ", "));
        let inside = match (self.lang, body.as_str(), filter) {
            (Lang::Zh, "", None) | (Lang::En, "", None) => list,
            (Lang::Zh, "", Some(filter)) => format!("{list}，其中 {filter}"),
            (Lang::Zh, body, None) => format!("{list}：{body}"),
            (Lang::Zh, body, Some(filter)) => format!("{list}：{body}，其中 {filter}"),
            (Lang::En, "", Some(filter)) => format!("{list} where {filter}"),
            (Lang::En, body, None) => format!("{body} of {list}"),
            (Lang::En, body, Some(filter)) => format!("{body} of {list} where {filter}"),
        };
        self.called(name, &inside)
    }
}
