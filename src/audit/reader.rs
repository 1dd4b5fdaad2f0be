//! Figures in Chinese text, however they are written: `5万元`, `２０００元`, `贰仟元整`, `百分之五`, `半年`, `1:1`, `2023年5月1日`,
//! `80人、50人、20、10人`, `3—5万元`, `每月1500元`. What looks like a figure and is not read is told apart from what is none.

use std::ops::Range;

use crate::audit::dates;
use crate::audit::figure::{Amount, Figure, RATIO, SHARE, canonical_below};
use crate::audit::lists::{inherit, joiner};
use crate::audit::numeral::{self, ABOUT, Numeral, Signs, is_part, numeral};
use crate::audit::words::{AROUND, ARTICLES, COUNTED_IN_WORDS, IDIOMS, units};
use crate::value::Number;

/// A figure of a text, or what looks like one.
#[derive(Clone, Debug)]
pub struct Found {
    /// The figure; none where it cannot be read.
    pub figure: Option<Figure>,
    /// Its place in bytes.
    pub range: Range<usize>,
    /// As it is meant, with the unit that it takes from the next of a list or range: `10万元` in `10－20万元`.
    pub meant: String,
    /// Its place with that of its unit.
    pub whole: Range<usize>,
}

/// What stands at one place.
pub(super) enum Kind {
    Figure(Figure),
    /// A number without a unit.
    Bare(Numeral),
    /// The number of an order, an article, a document, a list's entry: it counts nothing.
    Name,
    Unread,
}

pub(super) struct Item {
    pub kind: Kind,
    pub range: Range<usize>,
    /// The 千, 万 or 亿 behind its number.
    pub factor: Number,
    /// Of what takes its unit from the next of a list: that unit as it is written, and where it ends.
    pub lent: Option<(String, usize)>,
}

/// What stands in a text, in order; `offset` is where the text begins in its file.
pub fn read(text: &str, offset: usize) -> Vec<Found> {
    let signs = Signs::of(text);
    let mut items = items(&signs);
    inherit(&signs, &mut items);
    let times = Times::of(&signs);
    let mut found = Vec::new();
    for item in items {
        let bytes = signs.bytes(item.range.clone());
        let figure = match item.kind {
            Kind::Name => continue,
            Kind::Unread => None,
            Kind::Figure(figure) => Some(times.around(figure, item.range.start)),
            Kind::Bare(bare) if bare.digits => {
                let money = ["¥", "人民币", "RMB"].iter().any(|sign| signs.follows(item.range.start, sign));
                Some(Figure::amount(bare.number, if money { "元" } else { "" }))
            }
            // One numeral without anything behind it is a word.
            Kind::Bare(_) if item.range.len() == 1 => continue,
            Kind::Bare(_) => None,
        };
        let (unit, end) = item.lent.unwrap_or((String::new(), item.range.end));
        let whole = signs.bytes(item.range.start..end);
        let meant = format!("{}{unit}", text.get(bytes.clone()).unwrap_or(""));
        let placed = |range: Range<usize>| offset + range.start..offset + range.end;
        found.push(Found { figure, range: placed(bytes), meant, whole: placed(whole) });
    }
    found
}

/// The figures of a text with their places.
pub fn in_text(text: &str, offset: usize) -> Vec<(Figure, Range<usize>)> {
    read(text, offset).into_iter().filter_map(|found| Some((found.figure?, found.range))).collect()
}

/// The one figure that a text is; none where it is none, or more than one.
pub fn whole(text: &str) -> Option<Figure> {
    let found = read(text, 0);
    let [Found { figure: Some(figure), range, .. }] = found.as_slice() else { return None };
    let outside = [text.get(..range.start), text.get(range.end..)];
    let is_blank =
        |rest: Option<&str>| rest.is_some_and(|rest| rest.trim_matches([' ', '每', '按', '月', '年', '第']).is_empty());
    outside.into_iter().all(is_blank).then(|| figure.clone())
}

fn items(signs: &Signs) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        if let Some(idiom) = IDIOMS.iter().find(|idiom| signs.has(at, idiom)) {
            at += idiom.chars().count();
            continue;
        }
        let found = one(signs, at, &items);
        // Digits that are no number are none from their second on either.
        let past = (at..).find(|at| !signs.get(*at).is_ascii_digit()).unwrap_or(at);
        at = found.as_ref().map_or(past, |item| item.range.end).max(at + 1);
        items.extend(found);
    }
    items
}

/// What stands at a place.
fn one(signs: &Signs, at: usize, before: &[Item]) -> Option<Item> {
    let first = signs.get(at);
    let item = |kind: Kind, end: usize| Some(Item { kind, range: at..end, factor: Number::ONE, lent: None });
    if first.is_ascii_digit() {
        if let Some(end) = name(signs, at) {
            return item(Kind::Name, end);
        }
    } else if !is_part(first) && !ABOUT.contains(&first) && !matches!(first, '半' | '过' | '减' | '折' | '对' | '双')
    {
        return None;
    }
    if is_ordinal(signs, at, before) {
        let end = numeral(signs, at).map_or(at + 1, |found| found.end);
        let end = unit_at(signs, end).map_or(end, |(_, end)| end);
        return item(Kind::Name, end);
    }
    if let Some((figure, end)) = dates::date(signs, at) {
        return item(figure.map_or(Kind::Unread, Kind::Figure), end);
    }
    if let Some((number, end)) = share(signs, at) {
        let (unit, end) = match unit_at(signs, end) {
            Some((unit @ ("年" | "个月" | "天"), end)) => (unit, end),
            _ => (SHARE, end),
        };
        let number = if unit == SHARE { number.multiply(Number::whole(100))? } else { number };
        return item(Kind::Figure(Figure::amount(number, unit)), end);
    }
    if let Some((figure, end)) = half(signs, at) {
        return item(Kind::Figure(figure), end);
    }
    if matches!(first, '半' | '过' | '减' | '折' | '对' | '双') {
        return None;
    }
    counted(signs, at)
}

/// Digits that name something: letters around them, the number of a document, a telephone number, the mark of a list.
fn name(signs: &Signs, at: usize) -> Option<usize> {
    let length = (at..).take_while(|at| signs.get(*at).is_ascii_digit()).count();
    let end = at + length;
    let (before, after) = (if at == 0 { '\n' } else { signs.get(at - 1) }, signs.get(end));
    // A4, image3, 5G; but RMB5000, and 50BP is a figure that is not read
    let money = signs.follows(at, "RMB");
    let measured = !before.is_ascii_alphabetic() && signs.get(end + 1).is_ascii_alphabetic();
    if (before.is_ascii_alphabetic() || before == '_') && !money || after.is_ascii_uppercase() && !measured {
        return Some((end..).find(|at| !signs.get(*at).is_ascii_alphanumeric()).unwrap_or(end));
    }
    // 〔2020〕17号, [2020]17号
    let bracket = matches!(before, '〔' | '[' | '［' | '【') && matches!(after, '〕' | ']' | '］' | '】');
    if bracket {
        let digits = (end + 1..).take_while(|at| signs.get(*at).is_ascii_digit() || signs.get(*at) == ' ').count();
        return Some(end + 1 + digits + usize::from(signs.get(end + 1 + digits) == '号'));
    }
    // 1. and 1、 and (1) at the head of a list's entry
    let point = after == '.' && !signs.get(end + 1).is_ascii_digit();
    let head = at == 0 || matches!(signs.before(at), '\n' | '\t' | '\0') && length <= 2;
    if point || head && after == '、' && !is_part(signs.get(end + 1)) || before == '(' && after == ')' && length <= 2 {
        return Some(end);
    }
    // 010-12345678, 13800000000, 500强, “985”
    let dashed = after == '-' && signs.get(at) == '0' && signs.get(end + 1).is_ascii_digit();
    if dashed {
        return Some((end..).find(|at| !signs.get(*at).is_ascii_digit() && signs.get(*at) != '-').unwrap_or(end));
    }
    let called =
        ["电话", "热线", "传真", "邮编", "电话:", "热线:", "传真:", "邮编:"].iter().any(|word| signs.follows(at, word));
    let mobile = length == 11 && signs.get(at) == '1';
    let school = matches!(signs.text(at..end).as_str(), "985" | "211")
        && !matches!(signs.get(signs.skip(end)), '元' | '人' | '名' | '万');
    (called || mobile || school || after == '强' || after == '@').then_some(end)
}

/// 第一期, 其一: an order, not a number; so is what goes on with one: 第1—3年.
fn is_ordinal(signs: &Signs, at: usize, before: &[Item]) -> bool {
    let marks = ['第', '其', '之', '统', '唯', '同', '专', '任', '某', '每', '另', '逐', '单', '初', '进', '万'];
    let first = signs.get(at);
    let marked =
        signs.before(at) == '第' || !first.is_ascii_digit() && first == '一' && marks.contains(&signs.before(at));
    let goes_on = before.last().is_some_and(|item| {
        let from = item.range.start;
        matches!(item.kind, Kind::Name) && signs.before(from) == '第' && joiner(signs, item.range.end..at).is_some()
    });
    marked || goes_on
}

/// 百分之五, 三分之一, 千分之二点五, 百分百, 1/3
fn share(signs: &Signs, at: usize) -> Option<(Number, usize)> {
    if signs.has(at, "百分百") {
        return Some((Number::ONE, at + 3));
    }
    let (below, end) = match signs.get(at) {
        '百' if signs.has(at, "百万分") => (Number::whole(1_000_000), at + 2),
        '十' if signs.has(at, "十万分") => (Number::whole(100_000), at + 2),
        '百' => (Number::whole(100), at + 1),
        '千' => (Number::whole(1000), at + 1),
        '万' => (Number::whole(10_000), at + 1),
        _ => numeral(signs, at).map(|found| (found.number, found.end))?,
    };
    let end = signs.skip(end);
    if signs.has(end, "分之") {
        let from = signs.skip(end + 2);
        if signs.get(from) == '百' && !is_part(signs.get(from + 1)) {
            return Some((Number::whole(100).divide(below)?, from + 1));
        }
        let above = numeral(signs, from).filter(|found| !found.about)?;
        return Some((above.number.divide(below)?, above.end));
    }
    if signs.get(end) == '/' && signs.get(at).is_ascii_digit() && signs.get(end + 1).is_ascii_digit() {
        let other = numeral(signs, end + 1)?;
        let small = |number: Number| number <= Number::whole(100);
        let sure = small(below) && small(other.number) && signs.get(other.end) != '/';
        return below.divide(other.number).filter(|share| sure && *share < Number::ONE).map(|share| (share, other.end));
    }
    None
}

/// 半年, 半个月, 一半, 过半; 双倍
fn half(signs: &Signs, at: usize) -> Option<(Figure, usize)> {
    let half = Number::fraction(1, 2)?;
    for (word, unit) in
        [("半年", "年"), ("半个月", "个月"), ("半月", "个月"), ("半天", "天"), ("半日", "天"), ("半个工作日", "工作日")]
    {
        // 上半年, 下半年: which half, not how long
        if signs.has(at, word) && !matches!(signs.before(at), '上' | '下' | '前' | '后') {
            return Some((Figure::amount(half, unit), at + word.chars().count()));
        }
    }
    let share = |end: usize| Some((Figure::amount(Number::whole(50), SHARE), end));
    for word in ["一半", "过半", "减半", "折半", "对半", "半数", "半额", "半价"] {
        if signs.has(at, word) {
            return share(at + 2);
        }
    }
    signs.has(at, "双倍").then(|| (Figure::amount(Number::whole(2), "倍"), at + 2))
}

/// A number with its unit.
fn counted(signs: &Signs, at: usize) -> Option<Item> {
    let found = numeral(signs, at)?;
    let item = |kind: Kind, end: usize| Some(Item { kind, range: at..end, factor: found.factor, lent: None });
    let end = found.end;
    // 300,00元
    if signs.has(at, "00") || signs.get(at) == '0' && found.plain && end > at + 1 && signs.before(at) == ',' {
        return item(Kind::Unread, end);
    }
    // 1:1, 1比1
    if !found.about
        && let Some(ratio) = ratio(signs, at, &found)
    {
        return Some(ratio);
    }
    // 一个半月, 两个半小时
    for (word, unit) in [("个半月", "个月"), ("个半小时", "小时")] {
        if signs.has(end, word) && !found.about {
            let number = found.number.plus(Number::fraction(1, 2)?)?;
            return item(Kind::Figure(Figure::amount(number, unit)), end + word.chars().count());
        }
    }
    let unit = unit_at(signs, end).filter(|(unit, past)| {
        found.digits || found.factor != Number::ONE || counts(unit, &found) || bounded(signs, at, *past)
    });
    let Some((unit, mut end)) = unit else {
        // 八折, 九五折
        if signs.get(signs.skip(end)) == '折' && found.number < Number::whole(100) {
            let of = if found.number < Number::whole(10) { 10 } else { 1 };
            let number = found.number.multiply(Number::whole(of))?;
            return item(Kind::Figure(Figure::amount(number, SHARE)), signs.skip(end) + 1);
        }
        let letters = signs.get(end).is_ascii_alphabetic();
        let dotted = signs.get(end) == '·' && signs.get(end + 1).is_ascii_digit();
        if found.digits && (letters || dotted) || signs.get(end) == '番' {
            let end = (end + 1..).find(|at| !signs.get(*at).is_ascii_alphanumeric()).unwrap_or(end);
            return item(Kind::Unread, end);
        }
        let long = found.digits && found.plain && end - at > 6;
        let vague = found.about && found.digits || found.about && found.number != Number::ZERO && end - at > 2;
        // 一名 is no number, and neither is what stands before a word that counts nothing.
        let word = !found.digits && unit_at(signs, end).is_some();
        return match (long || vague, word) {
            (true, false) => item(Kind::Unread, end),
            (_, true) => item(Kind::Name, end),
            _ => item(Kind::Bare(found), end),
        };
    };
    if found.about {
        return item(Kind::Unread, end);
    }
    // 不足一个月的按一个月计: how it is counted, not how long.
    if is_manner(signs, at, unit, &found, end) {
        return item(Kind::Name, end);
    }
    // 十九条从…起: an article, not so many.
    if unit == "条" {
        return item(Kind::Name, end);
    }
    // 二季度 is the second of the year, 17时 an hour of the day that stands before.
    if unit == "季度" && found.number <= Number::whole(4) || matches!(unit, "时" | "点") && signs.before(at) == '日'
    {
        return item(Kind::Name, end);
    }
    let mut number = found.number;
    // 一年零六个月
    if matches!(unit, "年" | "周年") {
        let from = if matches!(signs.get(end), '零' | '又') { end + 1 } else { end };
        if let Some(months) = numeral(signs, from).filter(|months| !months.about)
            && let Some(("个月" | "个自然月", past)) = unit_at(signs, months.end)
        {
            number = number.plus(months.number.divide(Number::whole(12))?)?;
            end = past;
        }
    }
    // 一年半, 一个半月, 三成五
    if matches!(unit, "年" | "倍" | "成" | "周岁" | "岁" | "天") && signs.get(end) == '半' {
        number = number.plus(Number::fraction(1, 2)?)?;
        end += 1;
    }
    if unit == "成"
        && let Some(rest) = numeral(signs, end).filter(|rest| rest.number < Number::whole(10) && !rest.digits)
    {
        number = number.plus(rest.number.divide(Number::whole(10))?)?;
        end = rest.end;
    }
    if number == Number::ONE && is_of_each(signs, at, unit) {
        return item(Kind::Name, end);
    }
    let mut words = unit.to_owned();
    let (below, past) = below(signs, end);
    end = past;
    // 每月1500元 is 1500元/月.
    let before = ["每月", "每个月", "每年", "每天", "每日", "每季度", "每学年", "每周", "每小时"];
    let each = ["", "每人", "每名", "每位", "每户", "每家", "每生", "每个"];
    let time = before
        .iter()
        .find(|word| each.iter().any(|each| signs.follows(at, &format!("{word}{each}"))))
        .map(|word| word.trim_start_matches("每个").trim_start_matches('每'));
    let timed =
        below.iter().any(|word| matches!(canonical_below(word), "年" | "月" | "天" | "季度" | "学年" | "周" | "小时"));
    for word in below.iter().map(String::as_str).chain(time.filter(|_| !timed && matches!(unit, "元" | "圆" | "%"))) {
        words = format!("{words}/{word}");
    }
    item(Kind::Figure(Figure::amount(number, &words)), end)
}

/// 不足一个月的按一个月计, 不满1年的不计: one period that is not complete, and how it counts.
fn is_manner(signs: &Signs, at: usize, unit: &str, found: &Numeral, end: usize) -> bool {
    let period = matches!(unit, "年" | "个月" | "月" | "季度" | "个季度" | "学年" | "学期");
    let short = ["不足", "不满", "未满", "不到"].iter().any(|word| signs.follows(at, word));
    let from = (end..).find(|at| !matches!(signs.get(*at), '的' | ',' | ' ' | '部' | '分')).unwrap_or(end);
    let goes_on = ["按", "不计", "不予计", "舍去", "忽略"].iter().any(|word| signs.has(from, word));
    let counted = ["按", "按照", "算作", "计为"].iter().any(|word| signs.follows(at, word)) && signs.has(end, "计");
    found.number == Number::ONE && period && (short && goes_on || counted)
}

/// 两项以上, 不少于三篇: words that make a number of what is mostly none.
fn bounded(signs: &Signs, at: usize, end: usize) -> bool {
    let behind = ["以上", "及以上", "以下", "及以下", "以内", "(含)"];
    let before = ["不少于", "不低于", "不超过", "不多于", "至少", "最多", "达到", "超过", "多于", "少于"];
    behind.iter().any(|word| signs.has(end, word)) || before.iter().any(|word| signs.follows(at, word))
}

/// 每新增1人, 每引进1名: for each of them, and no figure.
fn is_of_each(signs: &Signs, at: usize, unit: &str) -> bool {
    let before = (1..=4).filter_map(|back| at.checked_sub(back)).map(|at| signs.get(at));
    let mut before = before.take_while(|sign| sign.is_alphabetic());
    !matches!(unit, "元" | "圆" | "万" | "%" | "年" | "月" | "个月" | "天" | "日" | "季度")
        && before.any(|sign| sign == '每')
}

/// Whether a numeral in words is a figure before a unit.
fn counts(unit: &str, found: &Numeral) -> bool {
    let one = found.number == Number::ONE && !found.about;
    let large = found.number > Number::whole(10);
    large || found.about || COUNTED_IN_WORDS.contains(&unit) && !(one && ARTICLES.contains(&unit))
}

/// `1:1`, `1比1`; `9:30` is a time of day.
fn ratio(signs: &Signs, at: usize, first: &Numeral) -> Option<Item> {
    let colon = signs.skip(first.end);
    let sign = signs.get(colon);
    if !matches!(sign, ':' | '比') || sign == '比' && !is_part(signs.get(signs.skip(colon + 1))) {
        return None;
    }
    let second = numeral(signs, signs.skip(colon + 1))?;
    if sign == ':' && !(first.digits && second.digits)
        || sign == '比' && unit_at(signs, second.end).is_some_and(|(unit, _)| unit != "级")
    {
        return None;
    }
    let more = matches!(signs.get(second.end), ':') && signs.get(second.end + 1).is_ascii_digit();
    let clock =
        sign == ':' && second.end - colon == 3 && (signs.get(colon + 1) == '0' || first.number >= Number::whole(7));
    let (kind, end) = if more {
        let end = (second.end..).find(|at| !signs.get(*at).is_ascii_digit() && signs.get(*at) != ':');
        (Kind::Unread, end.unwrap_or(second.end))
    } else if clock {
        (Kind::Name, second.end)
    } else {
        (Kind::Figure(Figure::amount(first.number.divide(second.number)?, RATIO)), second.end)
    };
    Some(Item { kind, range: at..end, factor: Number::ONE, lent: None })
}

/// The longest unit at a place, blanks of any kind before it left out; and where it ends.
pub(super) fn unit_at(signs: &Signs, at: usize) -> Option<(&'static str, usize)> {
    let from = signs.skip(at);
    let unit = units().filter(|unit| signs.has(from, unit)).max_by_key(|unit| unit.len())?;
    let mut end = from + unit.chars().count();
    if matches!(unit, "元" | "圆") {
        let kept = end;
        end = if signs.get(end) == '整' { end + 1 } else { end };
        end = if signs.has(kept, "人民币") { kept + 3 } else { end };
    }
    Some((unit, end))
}

/// `/月/人`, `每人每月`, behind a unit.
fn below(signs: &Signs, mut end: usize) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    loop {
        let mark = signs.skip(end);
        let inside = !words.is_empty() && matches!(signs.get(mark), '·' | '.');
        if !matches!(signs.get(mark), '/' | '每') && !inside {
            return (words, end);
        }
        let from = signs.skip(mark + 1);
        let from = if matches!(signs.get(from), '(' | '每') { from + 1 } else { from };
        let (word, mut past) = match unit_at(signs, from) {
            Some((unit, past)) => (unit.to_owned(), past),
            // 5万元/村: whatever it is
            None if !signs.get(from).is_ascii() && signs.get(from).is_alphabetic() && signs.get(mark) == '/' => {
                (signs.get(from).to_string(), from + 1)
            }
            None => return (words, end),
        };
        past = if signs.get(past) == ')' { past + 1 } else { past };
        words.push(word);
        end = past;
    }
}

/// Where a text names times, and where its sentences end.
struct Times {
    /// For each time the places of its words, ascending.
    named: Vec<(&'static str, Vec<usize>)>,
    ends: Vec<usize>,
}

impl Times {
    fn of(signs: &Signs) -> Times {
        let mut named: Vec<(&'static str, Vec<usize>)> = Vec::new();
        let mut ends = Vec::new();
        for at in 0..signs.len() {
            if matches!(signs.get(at), '。' | ';' | '\n') {
                ends.push(at);
            }
            for (_, time) in AROUND.iter().filter(|(word, _)| signs.has(at, word)) {
                match named.iter_mut().find(|(known, _)| known == time) {
                    Some((_, places)) => places.push(at),
                    None => named.push((*time, vec![at])),
                }
            }
        }
        Times { named, ends }
    }

    /// The figure with the times that its sentence names; where it names none, those of the whole text.
    fn around(&self, figure: Figure, at: usize) -> Figure {
        let Figure::Amount(amount) = figure else { return figure };
        let sentence = self.ends.partition_point(|end| *end < at);
        let start = sentence.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        let end = self.ends.get(sentence).copied().unwrap_or(usize::MAX);
        let within =
            |places: &Vec<usize>| places.get(places.partition_point(|at| *at < start)).is_some_and(|at| *at < end);
        let own: Vec<String> =
            self.named.iter().filter(|(_, places)| within(places)).map(|(time, _)| (*time).to_owned()).collect();
        let around = if own.is_empty() { self.named.iter().map(|(time, _)| (*time).to_owned()).collect() } else { own };
        Figure::Amount(Amount { around, ..amount })
    }
}

/// A Chinese number at the head of a text, and its length in bytes.
pub fn chinese_number(text: &str) -> Option<(u32, usize)> {
    if text.trim_start().starts_with(|c: char| c.is_ascii_digit()) { None } else { numeral::ordinal(text) }
}
