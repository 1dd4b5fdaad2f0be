//! A value as people write it, read by its declaration: `"5万元"`, `"硕士"`, `{ at_least = 45 }`.

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::{Item, Raw, Table, wrong_kind};
use crate::expr::lexer::{Figure, figure_of};
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::{clean, folded};
use crate::value::{Day, DayRange, Interval, Number, Truth, Unit, Value, Words};

codes! {
    static UNKNOWN_WORD: Code = Code::new("unknown-word", "没有这个选项", "there is no such word");
    static WRONG_UNIT: Code = Code::new("wrong-unit", "单位不符", "this has the wrong unit");
    static NO_UNIT: Code = Code::new("no-unit", "数字没有写单位", "this number has no unit");
    static BAD_NUMBER: Code = Code::new("bad-number", "数字无法识别", "this is not a number that can be used");
    static OUT_OF_BOUNDS: Code = Code::new("out-of-bounds", "数值超出允许的范围", "this value is out of bounds");
    static NOT_WHOLE: Code = Code::new("not-whole", "应为整数", "this must be a whole number");
    static AGE_AND_DATE: Code = Code::new("age-and-date", "年龄与日期不符", "the age and the date contradict each other");
    static EMPTY_RANGE: Code = Code::new("empty-range", "范围内没有任何值", "no value lies in this range");
}

/// Reads a value of a declared input. `None` where a fault was found; it is then among `diagnostics`.
pub fn given(item: &Item, input: &Input, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Value> {
    item.shows(diagnostics)?;
    let plain = match input.ty {
        Type::Quantity(_) | Type::Date => item.in_plain_forms(),
        _ => Cow::Borrowed(item),
    };
    let item = &*plain;
    if let Raw::Table(table) = &item.value {
        return partly(item, table, input, names, diagnostics);
    }
    match &input.ty {
        Type::Bool => match &item.value {
            Raw::Bool(truth) => Some(Value::Truth(Truth::of(*truth))),
            Raw::Text(text) if folded(text) == "是" => Some(Value::Truth(Truth::TRUE)),
            Raw::Text(text) if folded(text) == "否" => Some(Value::Truth(Truth::FALSE)),
            _ => {
                wrong_kind(item, &Text::new("true 或 false", "true or false"), diagnostics);
                None
            }
        },
        Type::Enum(place) => word(item, *place, names, diagnostics).map(|word| Value::Words(Words::one(word))),
        Type::Date => day(item, input, diagnostics).map(|day| Value::Date(DayRange::point(day))),
        Type::Quantity(unit) => {
            let number = number(item, unit, input.measure.as_ref(), names, diagnostics)?;
            in_bounds(item, number, input, names, diagnostics)?;
            Some(Value::Quantity(Interval::point(number)))
        }
        Type::Text => item.text(diagnostics).map(|text| Value::Text(Some(text.trim().into()))),
        Type::List(_) => {
            wrong_kind(
                item,
                &Text::new("记录（每条一个 [[facts.…]] 表）", "a list of records (one [[facts.…]] table each)"),
                diagnostics,
            );
            None
        }
    }
}

/// `{ at_least = …, at_most = … }`, `{ not_before = …, not_after = … }`, `{ age = …, on = … }`, `{ one_of = [ … ] }`; words that
/// have an order have ends as quantities do
fn partly(
    item: &Item,
    table: &Table,
    input: &Input,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value> {
    match &input.ty {
        Type::Quantity(unit) => {
            table.only(&["at_least", "at_most"], diagnostics);
            let Value::Quantity(mut range) = input.domain else { return None };
            let mut end = |key: &str| -> Option<Option<Number>> {
                let Some(item) = table.get(key) else { return Some(None) };
                let number = number(item, unit, input.measure.as_ref(), names, diagnostics)?;
                in_bounds(item, number, input, names, diagnostics)?;
                Some(Some(number))
            };
            let (lo, hi) = (end("at_least"), end("at_most"));
            let (lo, hi) = (lo?, hi?);
            if let Some(lo) = lo {
                range.lo = crate::value::Bound::At(lo);
            }
            if let Some(hi) = hi {
                range.hi = crate::value::Bound::At(hi);
            }
            not_empty(item, range.lo <= range.hi, diagnostics)?;
            Some(Value::Quantity(range))
        }
        Type::Date => {
            table.only(&["not_before", "not_after", "age", "on"], diagnostics);
            let Value::Date(mut range) = input.domain else { return None };
            if let Some(item) = table.get("not_before") {
                range.lo = day(item, input, diagnostics)?;
            }
            if let Some(item) = table.get("not_after") {
                range.hi = day(item, input, diagnostics)?;
            }
            not_empty(item, range.lo <= range.hi, diagnostics)?;
            if let Some(births) = births(table, names, diagnostics)? {
                if range.meet(births).is_none() {
                    let label = Text::made(
                        format!("按年龄应生于 {} 至 {}", births.lo, births.hi),
                        format!("by the age this is a day from {} to {}", births.lo, births.hi),
                    );
                    diagnostics.push(AGE_AND_DATE.at(item.span.clone(), label));
                }
                range = range.meet(births)?;
            }
            Some(Value::Date(range))
        }
        Type::Enum(place) => {
            let found = names.enums.get(*place);
            if found.is_some_and(|found| found.ordered) && table.get("one_of").is_none() {
                table.only(&["at_least", "at_most", "one_of"], diagnostics);
                let mut end = |key: &str| table.get(key).map(|item| word(item, *place, names, diagnostics));
                let (lo, hi) = (end("at_least"), end("at_most"));
                let last = found.map_or(0, |found| found.words.len()).saturating_sub(1);
                let (lo, hi) = (lo.unwrap_or(Some(0))?, hi.unwrap_or(Some(last))?);
                let all = (lo..=hi).map(Words::one).reduce(Words::hull);
                not_empty(item, all.is_some(), diagnostics)?;
                return all.map(Value::Words);
            }
            table.only(&["one_of"], diagnostics);
            let options = table.need("one_of", diagnostics)?.array(diagnostics)?;
            let words: Vec<Option<usize>> =
                options.iter().map(|option| word(option, *place, names, diagnostics)).collect();
            let words = words.into_iter().collect::<Option<Vec<usize>>>()?;
            let all = words.into_iter().map(Words::one).reduce(Words::hull);
            not_empty(item, all.is_some(), diagnostics)?;
            all.map(Value::Words)
        }
        _ => {
            let wanted = match input.ty {
                Type::Bool => {
                    Text::new("true 或 false（不清楚就不写）", "true or false (left out where it is not known)")
                }
                Type::List(_) => {
                    Text::new("记录（每条一个 [[facts.…]] 表）", "a list of records (one [[facts.…]] table each)")
                }
                _ => Text::new("加引号的文字", "a text in quotes"),
            };
            wrong_kind(item, &wanted, diagnostics);
            None
        }
    }
}

/// The days of birth of who is so old on a day: `{ age = "29岁", on = 2024-09-01 }`. `None` where something is at fault.
fn births(table: &Table, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Option<DayRange>> {
    if table.get("age").is_none() && table.get("on").is_none() {
        return Some(None);
    }
    let (item, on) = (table.need("age", diagnostics), table.need("on", diagnostics));
    let (item, on) = (item?, plain_day(on?, diagnostics)?);
    let years = |item: &Item, diagnostics: &mut Vec<Diagnostic>| {
        let number = number(item, &Unit::base("岁"), None, names, diagnostics)?;
        let whole = number.to_i64();
        if whole.is_none() {
            diagnostics.push(NOT_WHOLE.at(item.span.clone(), Text::default()));
        }
        let births = on.births(whole?);
        if births.is_none() {
            let label = Text::new("没有人在这一天是这个年龄", "nobody is so old on that day");
            diagnostics.push(OUT_OF_BOUNDS.at(item.span.clone(), label));
        }
        births
    };
    let Raw::Table(ends) = &item.value else { return Some(Some(years(item, diagnostics)?)) };
    ends.only(&["at_least", "at_most"], diagnostics);
    let mut end = |key: &str| ends.get(key).map(|item| years(item, diagnostics));
    let (youngest, oldest) = (end("at_least"), end("at_most"));
    // The older, the earlier.
    let lo = oldest.map_or(Some(Day::FIRST), |births| Some(births?.lo))?;
    let hi = youngest.map_or(Some(on), |births| Some(births?.hi))?;
    not_empty(item, lo <= hi, diagnostics)?;
    Some(Some(DayRange { lo, hi }))
}

fn not_empty(item: &Item, holds: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
    if !holds {
        diagnostics.push(EMPTY_RANGE.at(
            item.span.clone(),
            Text::new("下限大于上限，或没有选项", "the lower end is above the upper, or there is no word"),
        ));
    }
    holds.then_some(())
}

fn word(item: &Item, place: usize, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let Raw::Text(text) = &item.value else {
        wrong_kind(item, &names.describe(&Type::Enum(place)), diagnostics);
        return None;
    };
    let words = names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
    let plain = folded(text);
    let same = |label: &Text| folded(&label.zh) == plain || folded(&label.en).eq_ignore_ascii_case(&plain);
    if let Some(found) = words.iter().position(|(word, label)| *word == plain || same(label)) {
        return Some(found);
    }
    let title = names.enums.get(place).map_or(&Text::default(), |found| &found.label).clone();
    let label = Text::made(format!("应为“{}”之一", title.zh), format!("one of “{}” is wanted", title.en));
    // Each stands for itself by its id and by its name in either language; names are what people read.
    let list = Text::join(&words.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>(), "、", ", ");
    let known = words.iter().flat_map(|(word, label)| [word.as_str(), &label.zh, &label.en]);
    let is_it = |(word, label): &&(String, Text), found: &str| *word == found || label.zh == found || label.en == found;
    let near = crate::diagnostic::nearest(text, known)
        .and_then(|found| words.iter().find(|word| is_it(word, found)))
        .map(|(word, label)| Text::made(format!("是否应为“{}”？", label.zh), format!("did you mean `{word}`?")));
    diagnostics.push(
        UNKNOWN_WORD
            .at(item.span.clone(), label)
            .help(near)
            .help(Text::made(format!("可用：{}", list.zh), format!("known: {}", list.en))),
    );
    None
}

fn day(item: &Item, input: &Input, diagnostics: &mut Vec<Diagnostic>) -> Option<Day> {
    match &item.value {
        Raw::Text(text) if text == "never" && input.may_be_never => Some(Day::NEVER),
        Raw::Text(text) if text == "never" => {
            let wanted = Text::new("日期（此项不能写 never）", "a date (this one cannot be `never`)");
            wrong_kind(item, &wanted, diagnostics);
            None
        }
        _ => plain_day(item, diagnostics),
    }
}

/// A day, which formats without days of their own write as a text.
fn plain_day(item: &Item, diagnostics: &mut Vec<Diagnostic>) -> Option<Day> {
    match &item.value {
        Raw::Text(text) if is_a_day_that_is_not(text) => {
            let wanted = Text::made(
                format!("日历上有的日期，没有“{}”这一天", clean(text)),
                format!("a day of the calendar (it has no “{}”)", clean(text)),
            );
            wrong_kind(item, &wanted, diagnostics);
            None
        }
        Raw::Text(text) => Day::parse(text).or_else(|| item.day(diagnostics)),
        _ => item.day(diagnostics),
    }
}

/// Whether a text is written as a day is, and there is no such day: `2024-02-30`, `2024年2月30日`.
fn is_a_day_that_is_not(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect();
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let [year, month, day] = parts.as_slice() else { return false };
    if ![year, month, day].into_iter().all(is_number) {
        return false;
    }
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => (1900..=2199).contains(&year) && Day::of(year, month, day).is_none(),
        _ => false,
    }
}

/// Reads an amount that is data: the same, and in full-width forms too.
pub fn read_amount(item: &Item, unit: &Unit, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Number> {
    item.shows(diagnostics)?;
    number(&item.in_plain_forms(), unit, None, names, diagnostics)
}

/// Reads `"5万元"`, or a bare number where the unit allows one, as a number in base units.
pub fn read_figure(item: &Item, unit: &Unit, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Number> {
    number(item, unit, None, names, diagnostics)
}

/// A number in base units; `measure` is the unit as it was declared, where that is no base unit.
fn number(
    item: &Item,
    unit: &Unit,
    measure: Option<&Measure>,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Number> {
    let measure = measure.map_or_else(|| Cow::Owned(Measure::base(unit, names)), Cow::Borrowed);
    let (text, bare) = match &item.value {
        Raw::Integer(text) | Raw::Float(text) if text.contains('_') => (Cow::Owned(text.replace('_', "")), true),
        Raw::Integer(text) | Raw::Float(text) => (Cow::Borrowed(text.as_str()), true),
        Raw::Text(text) => (Cow::Borrowed(text.trim()), false),
        _ => {
            wrong_kind(item, &wanted(unit, &measure), diagnostics);
            return None;
        }
    };
    // 0xFF and 1e400 are numbers of the format, not figures with a unit.
    let Some(figure) = figure_of(&text).filter(|figure| !bare || figure.above.is_empty()) else {
        diagnostics.push(
            BAD_NUMBER
                .at(
                    item.span.clone(),
                    Text::made(
                        format!("应为{}", wanted(unit, &measure).zh),
                        format!("{} is wanted", wanted(unit, &measure).en),
                    ),
                )
                .help(as_meant(&text, names)),
        );
        return None;
    };
    if figure.above.is_empty() && figure.below.is_empty() {
        // 0 is 0 in every unit; and a count or a pure number needs none.
        // 20 of what is counted in 课时 are 20 of these; a share without a sign is no percentage.
        if measure.counts(unit, names) {
            return measure.in_base(figure.number);
        }
        if unit.is_none() || figure.number == Number::ZERO {
            return Some(figure.number);
        }
        let symbol = &measure.name.zh;
        let digits = if bare { text.as_ref() } else { figure.written.as_str() };
        let help = if *unit == names.money.unit() && !digits.ends_with(['万', '亿']) {
            Text::made(
                format!("写明单位：\"{digits}{symbol}\" 还是 \"{digits}万{symbol}\"？"),
                format!("write the unit: \"{digits}{symbol}\" or \"{digits}万{symbol}\"?"),
            )
        } else {
            Text::made(format!("写明单位：\"{digits}{symbol}\""), format!("write the unit: \"{digits}{symbol}\""))
        };
        let wanted = wanted(unit, &measure);
        let label = Text::made(format!("应为{}", wanted.zh), format!("{} is wanted", wanted.en));
        diagnostics.push(NO_UNIT.at(item.span.clone(), label).help(help));
        return None;
    }
    in_unit(item, &figure, unit, &measure, names, diagnostics)
}

fn in_unit(
    item: &Item,
    figure: &Figure,
    unit: &Unit,
    measure: &Measure,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Number> {
    let wanted = || wanted(unit, measure);
    match names.figure(figure) {
        Ok((number, found)) if found == *unit => Some(number),
        Ok((_, found)) => {
            let (written, wanted) = (names.figure_unit(figure), wanted());
            let stands = if found.is_none() { names.describe(&Type::Quantity(found)) } else { Text::same(written.zh) };
            let label = Text::made(
                format!("单位是{}，应为{}", stands.zh, wanted.zh),
                format!("the unit is {}; {} is wanted", stands.en, wanted.en),
            );
            diagnostics.push(WRONG_UNIT.at(item.span.clone(), label));
            None
        }
        Err(word) => {
            let wanted = wanted();
            let label = Text::made(
                format!("单位“{}”不认识，应为{}", clean(&word), wanted.zh),
                format!("“{}” is no known unit; {} is wanted", clean(&word), wanted.en),
            );
            diagnostics.push(WRONG_UNIT.at(item.span.clone(), label).help(names.unit_help(&word)));
            None
        }
    }
}

fn wanted(unit: &Unit, measure: &Measure) -> Text {
    if unit.is_none() {
        return Text::new("数字", "a number");
    }
    let name = &measure.name;
    let zh = &name.zh;
    Text::made(format!("以“{zh}”计的数，如 \"3{zh}\""), format!("a number of {} such as \"3{zh}\"", name.en_many))
}

/// How a figure must be written, with the figure that was probably meant: `30 万元` and `1,000元` are not read.
fn as_meant(text: &str, names: &Names) -> Text {
    let plain = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，'));
    let plain: String = plain
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
            '．' => '.',
            other => other,
        })
        .collect();
    if plain != text && figure_of(&plain).is_some_and(|figure| names.figure(&figure).is_ok()) {
        return Text::made(format!("是否应为 \"{plain}\"？"), format!("did you mean \"{plain}\"?"));
    }
    Text::new(
        "数字写作 0 至 9，不加空格和逗号，不超过 28 位，单位紧跟其后",
        "digits from 0 to 9 without blanks or commas, at most 28 of them, the unit right behind",
    )
}

fn in_bounds(
    item: &Item,
    number: Number,
    input: &Input,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let Value::Quantity(domain) = input.domain else { return None };
    if !domain.contains(number) {
        let measure = input.measure(names)?;
        let unit = &measure.name.zh;
        let end = |bound: crate::value::Bound| bound.number().map(|number| format!("{}{unit}", measure.number(number)));
        let label = match (end(domain.lo), end(domain.hi)) {
            (Some(lo), Some(hi)) => Text::made(format!("应在 {lo} 至 {hi} 之间"), format!("from {lo} to {hi}")),
            (Some(lo), None) => Text::made(format!("不得小于 {lo}"), format!("not below {lo}")),
            (None, Some(hi)) => Text::made(format!("不得大于 {hi}"), format!("not above {hi}")),
            (None, None) => Text::default(),
        };
        diagnostics.push(OUT_OF_BOUNDS.at(item.span.clone(), label));
        return None;
    }
    if input.integer && !input.measure(names).map_or(number, |measure| measure.number(number)).is_whole() {
        diagnostics.push(NOT_WHOLE.at(item.span.clone(), Text::default()));
        return None;
    }
    Some(())
}
