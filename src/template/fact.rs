//! What can be written for a fact, in words.

use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::source::clean;
use crate::value::{Day, Number, Value};

/// The kind of value with an example, the words that are allowed, its bounds, and what a blank means.
pub fn describe(input: &Input, names: &Names, lang: Lang) -> String {
    let kind = match &input.ty {
        Type::Bool => Text::new("true（是）或 false（否）", "true or false"),
        Type::Date if input.may_be_never => Text::new(
            "日期，如 2024-03-01；没有发生写 \"never\"",
            "a date, such as 2024-03-01; \"never\" if it has not happened",
        ),
        Type::Date => Text::new("日期，如 2024-03-01", "a date, such as 2024-03-01"),
        Type::Text => Text::new("文字，加引号", "a text in quotes"),
        Type::Enum(place) => one_of(names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice()).iter()),
        Type::List(_) => Text::new("名单，每条记录一个表", "a list, one table each record"),
        Type::Quantity(unit) => {
            let measure = input.measure(names).unwrap_or_else(|| Measure::base(unit, names));
            let name = &measure.name.zh;
            let example = example(input, &measure);
            let percent = measure.in_base(example).and_then(|share| share.multiply(Number::whole(100)));
            let percent = percent.unwrap_or(example);
            let example = if unit.is_none() { measure.in_base(example).unwrap_or(example) } else { example };
            let kind = match (input.integer, unit.is_none()) {
                (true, true) => Text::made(format!("整数，如 {example}"), format!("a whole number, such as {example}")),
                (false, true) => Text::made(
                    format!("数，如 {example} 或 \"{percent}%\""),
                    format!("a number, such as {example} or \"{percent}%\""),
                ),
                (true, false) => Text::made(
                    format!("整数，如 \"{example}{name}\""),
                    format!("a whole number, such as \"{example}{name}\""),
                ),
                (false, false) => Text::made(
                    format!("数额，如 \"{example}{name}\""),
                    format!("a quantity, such as \"{example}{name}\""),
                ),
            };
            let bounds = bounds(input, &measure);
            Text::made(format!("{}{}", kind.zh, bounds.zh), format!("{}{}", kind.en, bounds.en))
        }
    };
    let blank = blank(input);
    clean(&format!("{}{}", kind.get(lang), blank.get(lang)))
}

/// A number of the unit that is in bounds: no example shall be refused.
fn example(input: &Input, measure: &Measure) -> Number {
    let three = Number::whole(3);
    let Value::Quantity(domain) = &input.domain else { return three };
    let domain = measure.interval(*domain);
    match (domain.lo.number(), domain.hi.number()) {
        (Some(lo), _) if three < lo => lo,
        (_, Some(hi)) if three > hi => hi,
        _ => three,
    }
}

/// `one of: bachelor (bachelor), …`
pub fn one_of<'w>(words: impl Iterator<Item = &'w (String, Text)> + Clone) -> Text {
    let zh: Vec<String> = words.clone().map(|(word, label)| format!("\"{word}\"（{}）", label.zh)).collect();
    let en = words.map(
        |(word, label)| {
            if *label.en == **word { format!("\"{word}\"") } else { format!("\"{word}\" ({})", label.en) }
        },
    );
    let en: Vec<String> = en.collect();
    Text::made(format!("选项：{}", zh.join("、")), format!("one of {}", en.join(", ")))
}

fn bounds(input: &Input, measure: &Measure) -> Text {
    let Value::Quantity(domain) = &input.domain else { return Text::default() };
    let (domain, unit) = (measure.interval(*domain), &measure.name.zh);
    match (domain.lo.number(), domain.hi.number()) {
        (Some(lo), Some(hi)) => Text::made(format!("，{lo} 至 {hi}{unit}"), format!(", from {lo} to {hi}{unit}")),
        (Some(lo), None) => Text::made(format!("，不小于 {lo}{unit}"), format!(", not below {lo}{unit}")),
        (None, Some(hi)) => Text::made(format!("，不大于 {hi}{unit}"), format!(", not above {hi}{unit}")),
        (None, None) => Text::default(),
    }
}

/// What it means to leave a fact out; empty where it is then unknown.
pub fn blank(input: &Input) -> Text {
    match &input.absent {
        Value::Truth(truth) if truth.is_false() => Text::new("；不填即为否", "; left out, it is no"),
        Value::Date(range) if range.lo == Day::NEVER => {
            Text::new("；不填即为没有发生", "; left out, it has not happened")
        }
        Value::List(list) if !list.open => Text::new("；不填即为没有", "; left out, there is none"),
        Value::Text(Some(_)) => Text::new("；不填即为没有", "; left out, there is none"),
        _ => Text::default(),
    }
}
