//! What each figure of an article probably is, by its unit and the words around it.

use std::sync::Arc;

use crate::audit::figure::{Figure, RATIO, SHARE};
use crate::audit::passage::Passage;
use crate::lang::Text;
use crate::source::Source;

/// A figure of an article.
#[derive(Debug)]
pub struct Placed {
    /// As the text writes it.
    pub written: String,
    /// The line on which it stands, from 1.
    pub line: usize,
    /// The column at which it begins, from 1.
    pub column: usize,
    /// What it probably is.
    pub guess: &'static Guess,
    /// Whether it is a sum of money.
    pub money: bool,
}

/// What a figure probably is.
#[derive(Debug, PartialEq, Eq)]
pub struct Guess {
    /// A short name.
    pub name: &'static str,
    /// In words, with the key that it goes into.
    pub text: Text,
}

macro_rules! guesses {
    ($($name:ident = $word:literal, $zh:literal, $en:literal;)+) => {
        $(static $name: Guess = Guess { name: $word, text: Text::new($zh, $en) };)+
    };
}

guesses! {
    AMOUNT = "amount", "金额（amount）", "an amount (amount)";
    RATE = "rate", "一组标准之一（table 或 scale）", "one of several rates (table or scale)";
    STEP = "step", "分档（scale）", "a step (scale)";
    CAP = "cap", "封顶（at_most）", "a cap (at_most)";
    FLOOR = "floor", "下限（at_least 或条件）", "a floor (at_least, or a condition)";
    SHARE_OF = "share", "比例", "a share of something";
    INSTALMENT = "instalment", "分期（installments）", "an instalment (installments)";
    TERM = "term", "期限（accrual、term 或条件）", "a term (accrual, term, or a condition)";
    AGE = "age", "年龄界限（requires）", "an age limit (requires)";
    COUNT = "count", "人数或个数", "a number of persons or things";
    LIMIT = "limit", "名额（limits）", "how many at most (limits)";
    DEADLINE = "deadline", "办理时限（not_computed）", "a time for handling (not_computed)";
    DAY = "day", "日期（effective、event 或条件）", "a day (effective, event, or a condition)";
    GRADE = "grade", "等级（enums）", "a grade (enums)";
    UNREAD = "unread", "读不出是多少，见原文", "nobody can tell how much; see the text";
}

/// How many signs before and behind a figure are looked at.
const BEFORE: usize = 40;
const BEHIND: usize = 30;

/// A figure with its surroundings.
struct Seen<'t> {
    figure: Option<Figure>,
    written: &'t str,
    /// The words before it in its sentence, and in its part of the sentence.
    sentence: &'t str,
    part: &'t str,
    /// The words behind it in its part of the sentence.
    behind: &'t str,
}

impl Seen<'_> {
    fn unit(&self) -> &str {
        match &self.figure {
            Some(Figure::Amount(amount)) => amount.unit.as_deref().unwrap_or(""),
            _ => "",
        }
    }

    fn is_money(&self) -> bool {
        matches!(self.unit(), "元" | "美元" | "欧元" | "港元" | "日元" | "英镑")
    }

    fn is_count(&self) -> bool {
        matches!(
            self.unit(),
            "人" | "家"
                | "户"
                | "个"
                | "所"
                | "项"
                | "人次"
                | "套"
                | "次"
                | "场"
                | "课时"
                | "学时"
                | "届"
                | "件"
                | "平方米"
                | "张"
        )
    }
}

/// The figures of a passage, in order.
pub(super) fn of(text: &Arc<Source>, passage: &Passage) -> Vec<Placed> {
    let found = passage.read(text);
    let whole = text.text.as_str();
    let start = passage.head.end;
    let seen: Vec<Seen<'_>> = found
        .iter()
        .map(|found| {
            let before = tail(whole.get(start..found.range.start).unwrap_or(""), BEFORE);
            let sentence = last(before, &['。', '；', ';', '\n']);
            Seen {
                figure: found.figure.clone(),
                written: whole.get(found.range.clone()).unwrap_or(""),
                sentence,
                part: last(sentence, &['，', ',', '：', ':', '（', '(']),
                behind: first(whole.get(found.range.end..passage.range.end).unwrap_or("")),
            }
        })
        .collect();
    let listed: Vec<bool> = (0..seen.len()).map(|at| is_listed(&seen, at)).collect();
    // From one figure to the next, since one line may hold them all.
    let mut place = text.place(start);
    let mut at = start;
    let mut placed = Vec::with_capacity(seen.len());
    for ((seen, found), listed) in seen.iter().zip(&found).zip(listed) {
        for sign in whole.get(at..found.range.start).unwrap_or("").chars() {
            (place.line, place.column) =
                if sign == '\n' { (place.line + 1, 1) } else { (place.line, place.column + 1) };
        }
        at = found.range.start;
        placed.push(Placed {
            written: seen.written.split_whitespace().collect::<Vec<_>>().join(" "),
            line: place.line,
            column: place.column,
            guess: guess(seen, listed),
            money: seen.is_money(),
        });
    }
    placed
}

/// Whether a figure is one of several of its unit, one behind the other: 高级工500元、技师800元.
fn is_listed(seen: &[Seen<'_>], at: usize) -> bool {
    let Some(own) = seen.get(at) else { return false };
    let joins = |first: &Seen<'_>, second: &Seen<'_>| {
        // What stands between the two ends what stands before the second.
        let between =
            second.sentence.rfind(first.written).and_then(|at| second.sentence.get(at + first.written.len()..));
        let listed = between.is_some_and(|between| {
            let joined = between.starts_with(['、', '，', ',', '和', '或', '；']) && between.chars().count() <= 16;
            joined && !between.contains("最高") && !between.contains("不超过") && !between.contains("不低于")
        });
        listed && first.unit() == second.unit()
    };
    let before = at.checked_sub(1).and_then(|at| seen.get(at)).is_some_and(|before| joins(before, own));
    let behind = seen.get(at + 1).is_some_and(|behind| joins(own, behind));
    // 20户以上的10万元，30户以上的15万元: every second one.
    let by_two = |one: usize, two: usize| {
        let (Some(one), Some(two)) = (seen.get(one), seen.get(two)) else { return false };
        let apart = two.sentence.find(one.written).is_some();
        apart && one.unit() == two.unit() && one.figure != two.figure
    };
    let alternate = (at >= 2 && by_two(at - 2, at) && differs(seen, at)) || (by_two(at, at + 2) && differs(seen, at));
    before || behind || alternate
}

/// Whether what stands beside a figure counts something else.
fn differs(seen: &[Seen<'_>], at: usize) -> bool {
    let unit = |at: usize| seen.get(at).map(Seen::unit);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    beside.filter_map(&unit).all(|other| Some(other) != unit(at))
}

fn guess(seen: &Seen<'_>, listed: bool) -> &'static Guess {
    let Some(figure) = &seen.figure else { return &UNREAD };
    let before = |words: &[&str]| words.iter().any(|word| seen.part.contains(word));
    let is_capped = ["最高", "不超过", "不超", "封顶", "上限", "最多", "不得超过", "至多"].iter().any(|word| {
        seen.part.rfind(word).is_some_and(|at| seen.part.get(at..).is_some_and(|rest| rest.chars().count() <= 12))
    }) || ["以内", "封顶", "为上限", "为限"].iter().any(|word| seen.behind.starts_with(word));
    let is_floored = before(&["不低于", "不少于", "最低", "至少", "保底"]);
    let in_parts =
        ["分两期", "分三期", "分期", "第一期", "第二期", "第三期", "首期", "分次", "分两次", "分三次", "余款", "尾款"]
            .iter()
            .any(|word| seen.sentence.contains(word));
    match figure {
        Figure::Day(_) | Figure::DayOfYear(..) | Figure::Month(..) | Figure::MonthOfYear(_) | Figure::Year(_) => &DAY,
        Figure::Amount(_) => match seen.unit() {
            "岁" => &AGE,
            "工作日" => &DEADLINE,
            "天" if seen.behind.starts_with('内') => &DEADLINE,
            "月" | "天" | "小时" => &TERM,
            "级" | "类" | "档" => &GRADE,
            _ if seen.is_money() && is_capped => &CAP,
            _ if seen.is_money() && is_floored => &FLOOR,
            _ if seen.is_money() && in_parts => &INSTALMENT,
            _ if seen.is_money() && listed => &RATE,
            _ if seen.is_money() => &AMOUNT,
            SHARE if in_parts && ["拨付", "发放", "兑现", "支付"].iter().any(|word| seen.sentence.contains(word)) => {
                &INSTALMENT
            }
            SHARE | RATIO => &SHARE_OF,
            _ if is_floored => &FLOOR,
            _ if is_capped || before(&["名额", "限额"]) => &LIMIT,
            _ if seen.is_count() && listed => &STEP,
            _ => &COUNT,
        },
    }
}

/// The last signs of a text.
fn tail(text: &str, most: usize) -> &str {
    let start = text.char_indices().rev().take(most).last().map_or(text.len(), |(at, _)| at);
    text.get(start..).unwrap_or("")
}

/// What stands behind the last of these signs.
fn last<'t>(text: &'t str, signs: &[char]) -> &'t str {
    text.rsplit(signs).next().unwrap_or(text)
}

/// What stands before the next stop.
fn first(text: &str) -> &str {
    let stop = |(place, (_, c)): &(usize, (usize, char))| {
        *place >= BEHIND || matches!(c, '，' | '。' | '；' | '、' | '\n' | ',')
    };
    let end = text.char_indices().enumerate().find(stop).map_or(text.len(), |(_, (at, _))| at);
    text.get(..end).unwrap_or("")
}
