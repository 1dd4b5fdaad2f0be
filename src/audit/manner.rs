//! How something is counted, by the words: months begun or complete ones (不足一个月的按一个月计), which way a sum is rounded (不足的部分舍去),
//! in how many parts it is paid (分两期发放), and whether other money counts (与其他政策重复的，从高); against the keys of a clause.

use std::ops::Range;

use crate::audit::numeral;
use crate::clause::{Clause, part_periods};
use crate::document::Table;
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::{Policy, walk};
use crate::value::Value;
use crate::value::number::Rounding;

/// A key of a clause that is not as the words have it, and what the words say.
pub struct Against {
    /// The key.
    pub key: &'static str,
    /// In words.
    pub label: Text,
}

const SHORT: &[&str] = &["不足", "不满", "未满", "不到"];
const PERIODS: &[&str] = &["个月", "月", "年", "季度", "学期", "学年"];
const UP: &[&str] = &["向上取整", "进一法", "进位", "进整", "只入不舍"];
const DOWN: &[&str] = &["向下取整", "舍去", "舍尾", "去尾", "抹去", "抹零", "只舍不入"];
const HALF: &[&str] = &["四舍五入"];

/// Where the words behind 不足, 不满 begin, up to the end of the sentence.
fn behind_short(text: &str) -> impl Iterator<Item = &str> {
    let places = SHORT.iter().flat_map(|word| text.match_indices(word).map(|(at, word)| at + word.len()));
    places.filter_map(|at| text.get(at..)?.split(['。', '；', ';', '\n']).next())
}

/// Whether the words count a period that has begun, or only complete ones; none where they say neither, or both.
pub fn counts_begun(text: &str) -> Option<bool> {
    let one = |rest: &str| {
        let (amount, then) = split_at_period(rest)?;
        // 不满6个月的，不享受 is a condition.
        if !matches!(amount.trim(), "" | "一" | "1" | "１" | "整") {
            return None;
        }
        let then = then.trim_start_matches(['的', '，', ',', '部', '分', ' ']);
        let whole =
            then.strip_prefix('按').map(|rest| rest.trim_start_matches(['照', '一', '1', '整', '全', '个', '足']));
        match whole {
            Some(rest) if PERIODS.iter().any(|period| rest.starts_with(period)) => Some(true),
            Some(_) => None,
            None => ["不计", "不予", "不发", "不享受", "舍去", "忽略"]
                .iter()
                .any(|word| then.starts_with(word))
                .then_some(false),
        }
    };
    let all: Vec<bool> = behind_short(text).filter_map(one).collect();
    let first = *all.first()?;
    all.iter().all(|other| *other == first).then_some(first)
}

/// `一个月的按一个月计`: what is before the first period, and what is behind it.
fn split_at_period(rest: &str) -> Option<(&str, &str)> {
    let ends = PERIODS.iter().filter_map(|period| rest.find(period).map(|at| (at, at + period.len())));
    let (at, end) = ends.min()?;
    Some((rest.get(..at)?, rest.get(end..)?))
}

/// Which way the words round a sum; none where they say nothing, or two things.
pub fn rounds(text: &str) -> Option<Rounding> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // 不足100元的按100元计, 不足100元的不计
    let of_money = |rest: &str| {
        let (amount, then) = rest.split_once('元')?;
        if amount.chars().count() > 6 {
            return None;
        }
        let then = then.trim_start_matches(['的', '，', ',', '部', '分', ' ']);
        match (then.starts_with('按') && then.contains('计'), then.starts_with("不计")) {
            (true, _) => Some(Rounding::Up),
            (_, true) => Some(Rounding::Down),
            _ => None,
        }
    };
    let mut said: Vec<Rounding> = behind_short(text).filter_map(of_money).collect();
    for (words, way) in [(UP, Rounding::Up), (DOWN, Rounding::Down), (HALF, Rounding::HalfUp)] {
        // Of a period it says how that is counted.
        let of_period = way == Rounding::Down && counts_begun(text) == Some(false) && !text.contains("部分");
        said.extend((says(words) && !of_period).then_some(way));
    }
    let first = *said.first()?;
    said.iter().all(|other| *other == first).then_some(first)
}

/// In how many parts the words pay: 分两期发放, 分3年拨付.
pub fn parts(text: &str) -> Option<usize> {
    let paid = ["发放", "拨付", "给予", "支付", "兑现", "兑付", "到位", "付清", "发给", "补助", "补贴", "奖励"];
    let one = |(at, word): (usize, &str)| {
        // 部分, 得分, 百分
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|sign| "部得评充百千成".contains(sign)) {
            return None;
        }
        let rest = text.get(at + word.len()..)?;
        let (number, length) = numeral::ordinal(rest)?;
        let then = rest.get(length..)?;
        let then = then.strip_prefix('个').unwrap_or(then);
        let then = ["期", "次", "笔", "批", "年度", "年"].iter().find_map(|word| then.strip_prefix(word))?;
        let near = then.trim_start_matches(['等', '额', '平', '均', '逐', '予', '以']);
        paid.iter().any(|word| near.starts_with(word)).then(|| usize::try_from(number).ok())?
    };
    let all: Vec<usize> = text.match_indices('分').filter_map(one).collect();
    let first = *all.first()?;
    (first > 1 && all.iter().all(|other| *other == first)).then_some(first)
}

/// The place in a text of what says that of this and other money only the higher counts, or only one.
pub fn other_money(text: &str) -> Option<Range<usize>> {
    let others = ["其他", "其它", "同类", "上级", "各级", "国家、省", "省、市", "已享受", "同时享受", "同类型"];
    let once = [
        "不重复",
        "不得重复",
        "不再重复",
        "不予重复",
        "从高",
        "就高",
        "择高",
        "从优",
        "不得叠加",
        "不叠加",
        "不可兼得",
    ];
    let says = |sentence: &str, words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let mut from = 0;
    for sentence in text.split_inclusive(['。', '；', ';', '\n']) {
        if says(sentence, &others) && says(sentence, &once) {
            return Some(from..from + sentence.trim_end().len());
        }
        from += sentence.len();
    }
    None
}

/// Whether an expression of the clause looks at other schemes' money.
pub fn looks_at_other_money(policy: &Policy, clause: &Clause) -> bool {
    let mut found = false;
    walk::each(policy, clause.expressions(), &mut |node| {
        let list = match &node.op {
            Op::Input(place) => Some(*place),
            Op::Aggregate(aggregate) => Some(aggregate.input),
            _ => None,
        };
        found |=
            list.and_then(|place| policy.names.inputs.get(place)).is_some_and(|input| input.name == "other_benefits");
    });
    found
}

/// What of a clause is against some words: of its article, or its own. `own` is its table in the file.
pub fn against(policy: &Policy, clause: &Clause, own: &Table, text: &str) -> Vec<Against> {
    let mut found = Vec::new();
    let mut add = |key: &'static str, zh: &'static str, en: &'static str| {
        found.push(Against { key, label: Text::new(zh, en) });
    };
    if let Some(rule) = &clause.accrual
        && let (Some(begun), Some(now)) = (counts_begun(text), part_taken(rule.part.as_ref()))
        && begun == (now == part_periods::COMPLETE)
    {
        if begun {
            add(
                "accrual",
                "文字写不足的按整月（年）计，这里只计满的",
                "the words count what has begun, here only what is complete counts",
            );
        } else {
            add(
                "accrual",
                "文字写不足的不计，这里不足的也计",
                "the words leave out what is not complete, here it counts",
            );
        }
    }
    if let Some(rule) = &clause.accrual {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let (months, years) =
            (says(&["每月", "按月", "逐月", "每满一个月"]), says(&["每年", "按年", "逐年", "每满一年", "每满1年"]));
        if rule.yearly && months && !years {
            add("accrual", "文字写每月，这里按年累计", "the words count months, here years are counted");
        }
    }
    if let (Some(way), Some(rule)) = (rounds(text), clause.rounding)
        && way != rule.direction
        && !rounds_itself(policy, clause)
        && (own.get("rounding").is_some() || way != Rounding::HalfUp)
    {
        match way {
            Rounding::Up => add("rounding", "文字写不足的进上去", "the words round up"),
            Rounding::Down => add("rounding", "文字写不足的舍去", "the words round down"),
            Rounding::HalfUp => add("rounding", "文字写四舍五入", "the words round half up"),
        }
    }
    if let Some(parts) = parts(text)
        && clause.installments.len() > 1
        && clause.installments.len() != parts
    {
        add("installments", "文字写的期数不是这么多", "the words pay in another number of parts");
    }
    found
}

/// How a period that is not complete counts, where no reading decides it.
fn part_taken(part: Option<&Node>) -> Option<usize> {
    match part.map(|node| &node.op) {
        None => Some(part_periods::COMPLETE),
        Some(Op::Constant(Value::Words(words), _)) => words.point(),
        Some(_) => None,
    }
}

/// Whether an expression of the clause rounds.
fn rounds_itself(policy: &Policy, clause: &Clause) -> bool {
    let mut found = false;
    walk::each(policy, clause.expressions(), &mut |node| {
        found |= matches!(node.op, Op::Call(Builtin::Round | Builtin::Floor | Builtin::Ceil, _));
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begun_and_complete_ones() {
        for (text, begun) in [
            ("不足一个月的按一个月计", Some(true)),
            ("不满1年的，按1年计算", Some(true)),
            ("未满一个月，按整月计发", Some(true)),
            ("不满一个月的不计", Some(false)),
            ("不足一年的部分不予计算", Some(false)),
            ("不足一个月的按实际天数折算", None),
            ("入职不满6个月的，不享受本条", None),
            ("不足100元的按100元计", None),
            ("每月800元", None),
            ("不足一个月的按一个月计；不足一年的不计", None),
        ] {
            assert_eq!(counts_begun(text), begun, "{text}");
        }
    }

    #[test]
    fn ways_to_round() {
        for (text, way) in [
            ("补助计至100元，不足的部分舍去", Some(Rounding::Down)),
            ("不足100元的不计", Some(Rounding::Down)),
            ("不足一千元的按一千元计", Some(Rounding::Up)),
            ("四舍五入到百元", Some(Rounding::HalfUp)),
            ("不满一个月的舍去", None),
            ("研发投入不足100万元的，不享受", None),
            ("四舍五入，角分舍去", None),
        ] {
            assert_eq!(rounds(text), way, "{text}");
        }
    }

    #[test]
    fn how_many_parts() {
        for (text, many) in [
            ("分两期发放", Some(2)),
            ("分3年拨付", Some(3)),
            ("分五年等额发放", Some(5)),
            ("部分三年发放", None),
            ("按得分三次", None),
        ] {
            assert_eq!(parts(text), many, "{text}");
        }
    }

    #[test]
    fn other_money_counts_once() {
        assert!(other_money("与其他政策重复的，从高不重复").is_some());
        assert!(other_money("已享受同类补贴的，不再重复享受。").is_some());
        assert!(other_money("同一住房不重复享受").is_none());
    }
}
