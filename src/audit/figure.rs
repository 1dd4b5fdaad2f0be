//! A figure: a day, a month, a year, or so much of something, compared with its whole unit.

use std::fmt;

use crate::expr::names::Names;
use crate::expr::program::Written;
use crate::value::{Day, Number};

/// What a text or a policy says in a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A day.
    Day(Day),
    /// A day of every year: `6月9日`.
    DayOfYear(u32, u32),
    /// A calendar month: `2024年3月`. Its first and its last day agree with it.
    Month(i32, u32),
    /// A month of every year: `每年6月`.
    MonthOfYear(u32),
    /// A calendar year. No day agrees with it.
    Year(i32),
    /// So much of something.
    Amount(Amount),
}

/// So much of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How much; years are twelve months, shares are of one.
    pub number: Number,
    /// Of what; without a word it agrees with any.
    pub unit: Option<String>,
    /// For what each: the words below the line, sorted.
    pub per: Vec<String>,
    /// Times that the words around name (`每月`), where the figure itself has none.
    pub around: Vec<String>,
}

/// The unit of shares, rates, multiples: `5%`, `两成`, `1.5倍`, `三分之一`.
pub const SHARE: &str = "%";
/// The unit of ratios: `1:1`.
pub const RATIO: &str = "比";

/// Of a code that texts are held against: it answers for a bare number only.
pub const CODE: &str = "#";

/// Words for times: a sum for each of these is another sum for each of those.
const TIMES: &[&str] = &["年", "月", "天", "季度", "学年", "周", "小时"];

impl Figure {
    /// A number of something, in the words that figures are compared by: `元/月`, `个月`, `%`.
    pub fn amount(number: Number, unit: &str) -> Figure {
        let mut parts = unit.split('/');
        let first = parts.next().unwrap_or("");
        let (factor, unit) = canonical(first.split('·').next().unwrap_or(""));
        let number = number.multiply(factor).unwrap_or(number);
        let below = parts.flat_map(|part| part.split('·')).map(|word| canonical_below(word).to_owned());
        let mut per: Vec<String> = below.filter(|word| !word.is_empty()).collect();
        per.sort();
        Figure::Amount(Amount { number, unit: unit.map(str::to_owned), per, around: Vec::new() })
    }

    /// A figure as a policy writes it; a share in a unit of the policy (`50BP`) is a share.
    pub fn written(written: &Written, names: &Names) -> Figure {
        let name = &written.measure.name.zh;
        let (above, below) = name.split_once('/').unwrap_or((name, ""));
        let known = names.units.get(above).filter(|known| known.unit.is_none());
        match known.and_then(|known| written.number.multiply(known.factor)) {
            Some(share) => Figure::amount(share, &format!("倍/{below}")),
            None => Figure::amount(written.number, name),
        }
    }

    /// Whether a figure of a policy says the same as this one, of a text.
    pub fn agrees(&self, text: &Figure) -> bool {
        match (self, text) {
            (Figure::Amount(a), Figure::Amount(b)) => {
                let units = match (a.unit.as_deref(), b.unit.as_deref()) {
                    (Some(a), Some(b)) => a == b || is_plain(a) && is_plain(b),
                    // A pure number answers for any unit, and so does a number without a word.
                    _ => true,
                };
                a.number == b.number && units && same_time(a, b) && same_each(a, b)
            }
            (Figure::Day(day), Figure::DayOfYear(month, of_month))
            | (Figure::DayOfYear(month, of_month), Figure::Day(day)) => {
                day.to_string().ends_with(&format!("-{month:02}-{of_month:02}"))
            }
            (Figure::Day(day), Figure::Month(year, month)) | (Figure::Month(year, month), Figure::Day(day)) => {
                let first = Day::of(*year, *month, 1);
                first.is_some_and(|first| *day == first || *day == first.month_end())
            }
            // `year(…) == 2024` and `month(…) == 6` compare with pure numbers.
            (Figure::Amount(amount), Figure::Year(year)) | (Figure::Year(year), Figure::Amount(amount)) => {
                amount.unit.is_none() && amount.number == Number::whole(i64::from(*year))
            }
            (Figure::Amount(amount), Figure::MonthOfYear(month))
            | (Figure::MonthOfYear(month), Figure::Amount(amount)) => {
                amount.unit.as_deref().is_none_or(|unit| unit == "月")
                    && amount.number == Number::whole(i64::from(*month))
            }
            (a, b) => a == b,
        }
    }

    /// Nothing, or all of something: `0人`, `100%`, `1:1`. Nothing is missing where a clause does not say so.
    pub fn says_nothing(&self) -> bool {
        match self {
            Figure::Amount(amount) => {
                amount.number == Number::ZERO
                    || amount.number == Number::ONE && amount.unit.as_deref().is_some_and(is_plain)
            }
            _ => false,
        }
    }
}

impl Amount {
    /// The times among the words below the line.
    pub fn times(&self) -> Vec<&str> {
        self.per.iter().map(String::as_str).filter(|word| TIMES.contains(word)).collect()
    }
}

fn is_plain(unit: &str) -> bool {
    matches!(unit, SHARE | RATIO)
}

/// A sum for each month is none for each year. Where the text's own figure has no time, the words around it say it.
fn same_time(policy: &Amount, text: &Amount) -> bool {
    let (own, said) = (policy.times(), text.times());
    if !said.is_empty() || own.is_empty() {
        return own == said;
    }
    own.iter().all(|time| text.around.iter().any(|known| known == time))
}

/// `2000元/人` is not `2000元/班`; where one of the two does not say for what each, it is not compared.
fn same_each(policy: &Amount, text: &Amount) -> bool {
    let each = |amount: &Amount| -> Vec<String> {
        amount.per.iter().filter(|word| !TIMES.contains(&word.as_str())).cloned().collect()
    };
    let (own, said) = (each(policy), each(text));
    own.is_empty() || said.is_empty() || own == said
}

/// How many of which word one of a word is.
fn canonical(unit: &str) -> (Number, Option<&str>) {
    let whole = Number::whole;
    let hundredth = Number::fraction(1, 100).unwrap_or(Number::ONE);
    match unit {
        "年" | "周年" | "个年头" | "个年度" | "年度" | "个自然年度" | "个自然年" | "个会计年度" | "个学年" | "学年" => {
            (whole(12), Some("月"))
        }
        "季度" | "个季度" => (whole(3), Some("月")),
        "个月" | "个自然月" | "月" => (whole(1), Some("月")),
        "名" | "人" | "位" => (whole(1), Some("人")),
        "周岁" | "岁" => (whole(1), Some("岁")),
        "日" | "天" | "个自然日" => (whole(1), Some("天")),
        "周" | "星期" | "个星期" => (whole(7), Some("天")),
        "个工作日" | "工作日" => (whole(1), Some("工作日")),
        "个小时" | "小时" => (whole(1), Some("小时")),
        "平方米" | "㎡" | "平米" | "m²" | "m2" | "平方" => (whole(1), Some("平方米")),
        "圆" | "元" => (whole(1), Some("元")),
        "港元" | "港币" => (whole(1), Some("港元")),
        "平方公里" | "平方千米" => (whole(1), Some("平方公里")),
        "学期" | "个学期" => (whole(1), Some("学期")),
        "角" => (Number::fraction(1, 10).unwrap_or(Number::ONE), Some("元")),
        "%" | "个百分点" => (hundredth, Some(SHARE)),
        "基点" | "个基点" => (Number::fraction(1, 10_000).unwrap_or(Number::ONE), Some(SHARE)),
        "‰" => (Number::fraction(1, 1000).unwrap_or(Number::ONE), Some(SHARE)),
        "成" => (Number::fraction(1, 10).unwrap_or(Number::ONE), Some(SHARE)),
        "倍" => (whole(1), Some(SHARE)),
        "" => (whole(1), None),
        other => (whole(1), Some(other)),
    }
}

/// The word below the line: a sum for each 个月 is one for each 月.
pub fn canonical_below(unit: &str) -> &str {
    match unit {
        "年" | "周年" | "年度" => "年",
        "学年" => "学年",
        "季度" | "季" => "季度",
        other => match canonical(other).1 {
            Some("天") if matches!(other, "周" | "星期") => "周",
            Some(known) => known,
            None => "",
        },
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::Day(day) => write!(to, "{day}"),
            Figure::DayOfYear(month, day) => write!(to, "{month:02}-{day:02}"),
            Figure::Month(year, month) => write!(to, "{year}-{month:02}"),
            Figure::MonthOfYear(month) => write!(to, "{month:02}"),
            Figure::Year(year) => write!(to, "{year}"),
            Figure::Amount(amount) => {
                let unit = amount.unit.as_deref().unwrap_or("");
                let number = match unit {
                    SHARE => amount.number.multiply(Number::whole(100)).unwrap_or(amount.number),
                    _ => amount.number,
                };
                write!(to, "{}{unit}", number.exact())?;
                amount.per.iter().try_for_each(|word| write!(to, "/{word}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: i64, unit: &str) -> Figure {
        Figure::amount(Number::whole(number), unit)
    }

    #[test]
    fn units_are_compared_whole() {
        assert!(of(2, "年").agrees(&of(24, "个月")) && !of(24, "人").agrees(&of(24, "个月")));
        assert!(!of(3000, "元/年").agrees(&of(3000, "元/月")) && !of(3000, "元").agrees(&of(3000, "元/月")));
        assert!(of(3000, "元/月").agrees(&of(3000, "元/月/人")) && !of(2000, "元/人").agrees(&of(2000, "元/班")));
        let monthly = match of(3000, "元") {
            Figure::Amount(amount) => Figure::Amount(Amount { around: vec!["月".to_owned()], ..amount }),
            other => other,
        };
        assert!(
            of(3000, "元/月").agrees(&monthly)
                && !of(3000, "元/年").agrees(&monthly)
                && of(3000, "元").agrees(&monthly)
        );
    }

    #[test]
    fn a_year_answers_for_no_day_in_it() {
        let day = Figure::Day(Day::of(2024, 3, 31).unwrap());
        assert!(!day.agrees(&Figure::Year(2024)) && of(2024, "").agrees(&Figure::Year(2024)));
        assert!(
            day.agrees(&Figure::Month(2024, 3))
                && !Figure::Day(Day::of(2024, 3, 5).unwrap()).agrees(&Figure::Month(2024, 3))
        );
        assert!(day.agrees(&Figure::DayOfYear(3, 31)));
    }
}
