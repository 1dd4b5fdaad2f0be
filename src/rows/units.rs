//! Units in the heads of columns: below `金额（万元）` numbers need none.

use crate::diagnostic::Diagnostic;
use crate::expr::lexer::{Figure, figure_of};
use crate::expr::names::Names;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::Fault;
use crate::rows::cell::date;
use crate::source::{clean, folded};
use crate::value::{Number, Unit};

/// The unit that a head has for the numbers below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadUnit {
    /// As it stands behind a number: `万元`.
    pub written: String,
    /// What numbers below it are counted in besides: of `千元`, which no figure has behind it, thousands of `元`.
    pub times: i64,
    /// Everything that says the same behind a number; where a cell has a format of its own, that must be one of these.
    alike: Vec<String>,
}

/// A head as what stands before its last bracket, and what stands in it.
pub(super) fn split(head: &str) -> Option<(&str, &str)> {
    const BRACKETS: [(char, [char; 2]); 3] = [('(', ['(', '（']), ('[', ['[', '［']), ('【', ['【', '【'])];
    let head = head.trim();
    let last = head.chars().next_back()?;
    let kind = match last {
        ')' | '）' => '(',
        ']' | '］' => '[',
        '】' => '【',
        _ => return None,
    };
    let (_, opening) = BRACKETS.iter().find(|(known, _)| *known == kind)?;
    let inner = head.strip_suffix(last)?;
    let at = inner.rfind(opening)?;
    let (before, rest) = inner.split_at_checked(at)?;
    let within = rest.strip_prefix(opening).unwrap_or(rest).trim();
    (!before.trim().is_empty() && !within.is_empty()).then(|| (before.trim(), within))
}

/// What the words in a bracket are as a unit: as one stands behind a number, in Chinese or English; `None` where they are none.
fn read(words: &str, names: &Names) -> Option<(Figure, Number, Unit)> {
    let plain = folded(words);
    let plain =
        ["单位:", "单位", "unit:"].iter().find_map(|before| plain.strip_prefix(before)).unwrap_or(&plain).trim();
    let known = |text: &str| {
        let figure = figure_of(&format!("1{text}"))?;
        if figure.above.is_empty() && figure.below.is_empty() {
            return None;
        }
        let (factor, unit) = names.figure(&figure).ok()?;
        Some((figure, factor, unit))
    };
    let closed: String = plain.chars().filter(|character| !character.is_whitespace()).collect();
    known(&closed).or_else(|| {
        let mut written = String::new();
        for part in plain.split_inclusive(['/', '·']) {
            let word = part.trim_end_matches(['/', '·']);
            let is_this = |name: &str| name.eq_ignore_ascii_case(word.trim());
            let mut units = names.units.iter();
            let (found, _) = units.find(|(_, unit)| is_this(&unit.name.en_one) || is_this(&unit.name.en_many))?;
            written.push_str(found);
            written.extend(part.chars().next_back().filter(|sign| matches!(sign, '/' | '·')));
        }
        known(&written)
    })
}

/// What no figure has behind it but heads do: `千元` is thousands of `元`, where no unit is called that.
fn in_thousands<'w>(words: &'w str, names: &Names) -> (i64, &'w str) {
    let own = words.trim().trim_start_matches("单位").trim_start_matches([':', '：']).trim();
    match own.strip_prefix('千') {
        Some(unit) if !names.units.contains_key(own) && read(unit, names).is_some() => (1000, unit),
        _ => (1, words),
    }
}

/// Whether the words in a bracket are a unit to one of the policies.
pub(super) fn is_a_unit(words: &str, policies: &[&Policy]) -> bool {
    policies.iter().any(|policy| read(in_thousands(words, &policy.names).1, &policy.names).is_some())
}

/// The unit in a bracket over a column of this type; an error where the column cannot have it, `None` where it is no unit.
pub(super) fn unit(words: &str, ty: Option<&Type>, policies: &[&Policy]) -> Option<Result<HeadUnit, Text>> {
    let (names, times, (figure, factor, unit)) = policies.iter().find_map(|policy| {
        let (times, words) = in_thousands(words, &policy.names);
        Some((&policy.names, times, read(words, &policy.names)?))
    })?;
    let written = figure.written.strip_prefix('1').unwrap_or(&figure.written).to_owned();
    match ty {
        Some(Type::Quantity(wanted)) if *wanted == unit => {}
        Some(Type::Quantity(wanted)) => {
            let name =
                if wanted.is_none() { Text::new("纯数", "a pure number") } else { Text::same(wanted.symbol()) };
            return Some(Err(Text::made(
                format!("括号里的单位是{written}，这一项以{}计；改正列名中的单位", name.zh),
                format!("the unit in the bracket is {written}, but this is counted in {}; correct the head", name.en),
            )));
        }
        _ => {
            return Some(Err(Text::made(
                format!("这一列不是数，没有单位；删去列名中的“{}”", clean(words)),
                format!("this column holds no numbers and has no unit; take “{}” out of the head", clean(words)),
            )));
        }
    }
    // `月` and `个月` are one unit, `元` and `万元` are not.
    let same = |text: &String| {
        figure_of(&format!("1{text}"))
            .is_some_and(|figure| names.figure(&figure).is_ok_and(|(other, of)| other == factor && of == unit))
    };
    let spelt = names.units.keys().flat_map(|word| ["", "万", "亿"].map(|before| format!("{before}{word}")));
    let mut alike: Vec<String> = if times == 1 { spelt.filter(same).collect() } else { Vec::new() };
    alike.push(if times == 1 { written.clone() } else { format!("千{written}") });
    Some(Ok(HeadUnit { written, times, alike }))
}

/// What to say of a head whose bracket holds no unit, where the words before it ask for something.
pub(super) fn none(before: &str, words: &str) -> Text {
    let (before, words) = (clean(before), clean(words));
    Text::made(
        format!("括号里的“{words}”不是单位；改正单位，或只写“{before}”"),
        format!("“{words}” in the bracket is no unit; correct it, or write “{before}” alone"),
    )
}

impl HeadUnit {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.alike.last().unwrap_or(&self.written)
    }

    /// Whether this unit behind a number says the same.
    pub(super) fn is(&self, written: &str) -> bool {
        self.alike.iter().any(|known| known == written)
    }
}

/// A number without a unit of its own, with this one behind it; anything else stays as it is.
pub(super) fn behind(text: &str, unit: Option<&HeadUnit>) -> Option<String> {
    let unit = unit?;
    let figure = figure_of(text)?;
    if !figure.above.is_empty() || !figure.below.is_empty() {
        return None;
    }
    match unit.times {
        1 => Some(format!("{}{}", text.trim(), unit.written)),
        times => Some(format!("{}{}", figure.number.multiply(Number::whole(times))?, unit.written)),
    }
}

/// `2024-02-30`: a day that there is not, which is told as such.
fn names_a_day(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.first().is_some_and(|year| year.len() == 4) && parts.iter().all(is_number)
}

/// Words without the quotes that texts have in a file, where none are typed.
pub fn without_quotes(words: &Text) -> Text {
    Text::made(words.zh.replace('"', ""), words.en.replace('"', ""))
}

/// What is wrong with a cell, in the words of a table: of a number in a column that has no unit what to do about the whole column,
/// which holds values of this type; of what is no day or no truth how these are written here.
pub(super) fn in_a_table(
    fault: Fault,
    diagnostic: &Diagnostic,
    (head, value): (&str, &str),
    ty: Option<&Type>,
) -> Fault {
    let unit = match (ty, diagnostic.code.name) {
        (Some(Type::Quantity(unit)), "no-unit") => unit,
        (Some(Type::Bool), "wrong-kind") if !value.starts_with('{') => {
            return Fault {
                reason: Text::new(
                    "应填 是 或 否；不知道的留空",
                    "write yes or no; leave it empty where it is not known",
                ),
                ..fault
            };
        }
        (Some(Type::Date), "wrong-kind") if !value.starts_with('{') && date(value).is_none() && !names_a_day(value) => {
            let reason = Text::new(
                "应为日期，写到日，如 2024-03-01 或 2024年3月1日；不知道的留空",
                "a date is wanted here, with its day, such as 2024-03-01; leave it empty where it is not known",
            );
            return Fault { reason, ..fault };
        }
        (Some(Type::Date), "wrong-kind") if date(value).is_some_and(|date| date != "never") => {
            let reason = Text::new("应为 1900 年至 2199 年之间的日期", "a date from 1900 to 2199 is wanted here");
            return Fault { reason, ..fault };
        }
        // What is known in part is written as in a file.
        _ if value.starts_with('{') => return fault,
        _ => return Fault { reason: without_quotes(&fault.reason), ..fault },
    };
    let (head, unit) = (clean(head.trim()), unit.symbol());
    let help = Text::made(
        format!("整列单位相同的，写进列名，如“{head}（{unit}）”，数字后就不必再写"),
        format!(
            "where the whole column has one unit, put it into the head, such as “{head} ({unit})”; its numbers then need none"
        ),
    );
    Fault { reason: Text::join(&[without_quotes(&fault.reason), help], "；", "; "), ..fault }
}
