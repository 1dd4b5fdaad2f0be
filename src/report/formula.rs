//! How values and calculations are written.

use super::words::{self, say};
use super::{amount, words::OPEN};
use crate::expr::formula::{Formula, Shown};
use crate::lang::Lang;
use crate::source::clean;
use crate::value::Truth;

/// A value: `3000元/月`, `14 months`, `学士 / 硕士`, `2024-03-01`.
pub fn value(shown: &Shown, lang: Lang) -> String {
    match shown {
        Shown::Truth(Truth { may_hold: true, may_fail: true }) => OPEN.get(lang).to_owned(),
        Shown::Truth(truth) if truth.is_true() => words::YES.get(lang).to_owned(),
        Shown::Truth(_) => words::NO.get(lang).to_owned(),
        Shown::Words(labels) => labels.iter().map(|label| say(label, lang)).collect::<Vec<_>>().join(" / "),
        // What the policy wrote without 汉字, like `20%`, reads the same in English.
        Shown::Quantity { written: Some(written), .. } if lang == Lang::Zh || written.is_ascii() => clean(written),
        Shown::Quantity { interval, unit, .. } => amount::quantity(*interval, unit, lang),
        Shown::Date(range) => amount::days(*range, lang).unwrap_or_else(|| OPEN.get(lang).to_owned()),
        Shown::Text(Some(text)) => clean(text),
        Shown::Text(None) => OPEN.get(lang).to_owned(),
        Shown::List { count: 0, open: true } => OPEN.get(lang).to_owned(),
        Shown::List { count, open } => match (lang, open) {
            (Lang::Zh, false) => format!("{count}条"),
            (Lang::Zh, true) => format!("至少{count}条"),
            (Lang::En, false) if *count == 1 => "1 entry".to_owned(),
            (Lang::En, false) => format!("{count} entries"),
            (Lang::En, true) => format!("at least {count}"),
        },
    }
}

/// Which side of an operation a part stands on.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// A side of an operation, in brackets where it would otherwise be read otherwise.
fn part(formula: &Formula, side: Side, sign: &str, tightness: u8, lang: Lang) -> String {
    let text = write(formula, lang);
    let bracketed = match formula {
        // `a − (b − c)` and `a ÷ (b × c)` need them, `a + (b − c)` and `a × (b ÷ c)` do not.
        Formula::Operation { tightness: inner, .. } => {
            *inner < tightness || (*inner == tightness && side == Side::Right && !matches!(sign, "+" | "×"))
        }
        Formula::Value(_) => text.starts_with(['≥', '≤', '−']) || text.contains(" / "),
        Formula::Call { .. } | Formula::Tier { .. } | Formula::Since { .. } => false,
    };
    if bracketed { format!("({text})") } else { text }
}

/// What a condition requires: `≥ 6个月`.
pub fn required((sign, value_wanted): &(&str, Shown), lang: Lang) -> String {
    format!("{sign} {}", value(value_wanted, lang))
}

/// How far off a value is from what is required with this sign: `还差 1个月`, `超出 1周岁`.
pub fn distance(sign: Option<&str>, off: &Shown, lang: Lang) -> String {
    let off = value(off, lang);
    match (sign.is_some_and(|sign| matches!(sign, "<" | "≤")), lang) {
        (true, Lang::Zh) => format!("超出 {off}"),
        (true, Lang::En) => format!("{off} over"),
        (false, Lang::Zh) => format!("还差 {off}"),
        (false, Lang::En) => format!("{off} short"),
    }
}

/// A calculation with its numbers: `3000元/月 × 14个月`.
pub fn write(formula: &Formula, lang: Lang) -> String {
    match formula {
        Formula::Value(shown) => value(shown, lang),
        Formula::Operation { sign, tightness, left, right } => {
            let left = part(left, Side::Left, sign, *tightness, lang);
            let right = part(right, Side::Right, sign, *tightness, lang);
            format!("{left} {sign} {right}")
        }
        Formula::Tier { threshold, above, value: step } => {
            let (threshold, step) = (value(threshold, lang), write(step, lang));
            match (lang, above) {
                (Lang::Zh, false) => format!("{threshold}档 {step}"),
                (Lang::Zh, true) => format!("超过{threshold}档 {step}"),
                (Lang::En, false) => format!("{step} (step of {threshold})"),
                (Lang::En, true) => format!("{step} (step above {threshold})"),
            }
        }
        Formula::Since { day, value: step } => {
            let step = write(step, lang);
            match lang {
                Lang::Zh => format!("{step}（{day} 起）"),
                Lang::En => format!("{step} (from {day} on)"),
            }
        }
        Formula::Call { function, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| write(argument, lang)).collect();
            format!("{}({})", function.word().get(lang), arguments.join(words::COMMA.get(lang)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::formula::UnitName;
    use crate::expr::function::Builtin;
    use crate::lang::Text;
    use crate::value::{Interval, Number};

    fn unit(zh: &str, one: &str, many: &str) -> UnitName {
        UnitName { zh: zh.to_owned(), en_one: one.to_owned(), en_many: many.to_owned(), money: zh == "元" }
    }

    fn yuan(number: i64, written: Option<&str>) -> Formula {
        let written = written.map(str::to_owned);
        Formula::Value(Shown::Quantity {
            interval: Interval::whole(number), unit: unit("元", "yuan", "yuan"), written
        })
    }

    fn months(lo: i64, hi: i64) -> Formula {
        let interval = Interval::between(Number::whole(lo), Number::whole(hi));
        Formula::Value(Shown::Quantity { interval, unit: unit("个月", "month", "months"), written: None })
    }

    fn operation(left: Formula, sign: &'static str, right: Formula) -> Formula {
        let tightness = if matches!(sign, "×" | "÷") { 2 } else { 1 };
        Formula::Operation { sign, tightness, left: Box::new(left), right: Box::new(right) }
    }

    fn both(formula: &Formula) -> (String, String) {
        (write(formula, Lang::Zh), write(formula, Lang::En))
    }

    #[test]
    fn figures_of_the_policy_stay_as_written_in_chinese() {
        let (zh, en) = both(&operation(yuan(50_000, Some("5万元")), "+", yuan(2000, None)));
        assert_eq!((zh.as_str(), en.as_str()), ("5万元 + 2000元", "50,000 yuan + 2000 yuan"));
        let share = Shown::Quantity {
            interval: Interval::whole(20),
            unit: unit("%", "%", "%"),
            written: Some("20%".to_owned()),
        };
        assert_eq!((value(&share, Lang::Zh).as_str(), value(&share, Lang::En).as_str()), ("20%", "20%"));
    }

    #[test]
    fn intervals_and_the_number_one_take_their_units() {
        let (zh, en) = both(&months(12, 14));
        assert_eq!((zh.as_str(), en.as_str()), ("12–14个月", "12–14 months"));
        assert_eq!(both(&months(1, 1)), ("1个月".to_owned(), "1 month".to_owned()));
    }

    #[test]
    fn brackets_stand_only_where_they_matter() {
        for (formula, zh) in [
            (operation(operation(yuan(1, None), "+", yuan(2, None)), "×", months(3, 3)), "(1元 + 2元) × 3个月"),
            (operation(yuan(9, None), "−", operation(yuan(3, None), "−", yuan(2, None))), "9元 − (3元 − 2元)"),
            (operation(yuan(9, None), "+", operation(yuan(3, None), "−", yuan(2, None))), "9元 + 3元 − 2元"),
            (operation(yuan(9, None), "÷", operation(months(3, 3), "×", months(2, 2))), "9元 ÷ (3个月 × 2个月)"),
            (
                Formula::Call {
                    function: Builtin::Min,
                    arguments: vec![yuan(9, None), operation(yuan(1, None), "+", yuan(2, None))],
                },
                "取低(9元，1元 + 2元)",
            ),
        ] {
            assert_eq!(write(&formula, Lang::Zh), zh);
        }
    }

    #[test]
    fn what_is_open_says_so() {
        let words = Shown::Words(vec![Text::new("学士", "bachelor"), Text::new("硕士", "master")]);
        for (shown, zh, en) in [
            (words, "学士 / 硕士", "bachelor / master"),
            (Shown::Truth(Truth::OPEN), "待定", "open"),
            (Shown::Truth(Truth::TRUE), "是", "yes"),
            (Shown::Text(None), "待定", "open"),
            (Shown::List { count: 3, open: true }, "至少3条", "at least 3"),
        ] {
            assert_eq!((value(&shown, Lang::Zh).as_str(), value(&shown, Lang::En).as_str()), (zh, en));
        }
    }
}
