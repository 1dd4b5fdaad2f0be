//! Numbers as Chinese texts write them: `30,000`, `２０００`, `2千`, `3万5千`, `二十九`, `贰仟`, `两万五`, `二〇二三`, `五点五`.

use std::ops::Range;

use crate::value::Number;

/// A text character by character, with every way to write a sign brought to one: full-width forms to plain ones, all blanks
/// to a space, all dashes to `-`; what cannot be seen is left out.
pub struct Signs {
    plain: Vec<char>,
    written: Vec<char>,
    at: Vec<usize>,
    end: usize,
}

impl Signs {
    /// The signs of a text.
    pub fn of(text: &str) -> Signs {
        let mut signs = Signs { plain: Vec::new(), written: Vec::new(), at: Vec::new(), end: text.len() };
        for (at, c) in text.char_indices() {
            let plain = match c {
                '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' => continue,
                '\u{FF01}'..='\u{FF5E}' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
                '\n' | '\r' => '\n',
                '∶' => ':',
                '‐' | '‑' | '–' | '—' | '―' | '─' | '−' => '-',
                '〜' | '∼' => '~',
                '∕' | '⁄' => '/',
                '○' => '〇',
                '￥' => '¥',
                '﹪' => '%',
                c if c.is_whitespace() => ' ',
                c => c,
            };
            signs.plain.push(plain);
            signs.written.push(c);
            signs.at.push(at);
        }
        signs
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// The sign at a place; past the end `\0`.
    pub fn get(&self, at: usize) -> char {
        self.plain.get(at).copied().unwrap_or('\0')
    }

    /// The sign before a place that is no blank.
    pub fn before(&self, at: usize) -> char {
        let before = self.plain.get(..at).unwrap_or(&[]);
        before.iter().rev().copied().find(|c| *c != ' ').unwrap_or('\0')
    }

    /// As it was written.
    pub fn written(&self, at: usize) -> char {
        self.written.get(at).copied().unwrap_or('\0')
    }

    /// Whether a word stands at a place.
    pub fn has(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(place, c)| self.get(at + place) == c)
    }

    /// Whether a word ends right before a place, blanks left out.
    pub fn follows(&self, at: usize, word: &str) -> bool {
        let before = self.plain.get(..at).unwrap_or(&[]).iter().rev().filter(|c| **c != ' ');
        word.chars().rev().eq(before.take(word.chars().count()).copied())
    }

    /// The next place that is no blank.
    pub fn skip(&self, mut at: usize) -> usize {
        while self.get(at) == ' ' {
            at += 1;
        }
        at
    }

    /// The bytes of these places in the text.
    pub fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let byte = |at: usize| self.at.get(at).copied().unwrap_or(self.end);
        // What cannot be seen behind the last sign is no part of it.
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.map_or(byte(range.start), |last| byte(last) + self.written(last).len_utf8());
        byte(range.start)..end
    }

    /// The signs of these places.
    pub fn text(&self, range: Range<usize>) -> String {
        self.plain.get(range).unwrap_or(&[]).iter().collect()
    }
}

/// A number at some place of a text.
#[derive(Clone, Copy, Debug)]
pub struct Numeral {
    /// How much.
    pub number: Number,
    /// Where it ends.
    pub end: usize,
    /// Whether in digits.
    pub digits: bool,
    /// Whether it is written place by place, as years are: `2023`, `二〇二三`.
    pub plain: bool,
    /// What 千, 万, 亿 make of it.
    pub factor: Number,
    /// Whether only about so much is meant: `20余`, `数十`.
    pub about: bool,
}

fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' | '弌' => 1,
        '二' | '两' | '贰' | '貳' | '兩' => 2,
        '三' | '叁' | '參' | '叄' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn place(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// Whether a sign can stand in a number.
pub fn is_part(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || place(c).is_some() || matches!(c, '廿' | '卅')
}

/// The number at a place, and what multiplies it.
pub fn numeral(signs: &Signs, at: usize) -> Option<Numeral> {
    numeral_of(signs, at, MOST_PARTS)
}

/// 1亿2000万5千: parts of one number.
const MOST_PARTS: usize = 4;
/// Places of a number that is written place by place.
const MOST_PLACES: usize = 15;
/// Groups of three digits.
const MOST_GROUPS: usize = 6;

fn numeral_of(signs: &Signs, at: usize, parts: usize) -> Option<Numeral> {
    let first = signs.get(at);
    let found = if first.is_ascii_digit() { digits(signs, at)? } else { words(signs, at)? };
    if !found.digits {
        return Some(found);
    }
    let (mut number, mut end, mut about) = (found.number, found.end, false);
    let mut factor = Number::ONE;
    let after = signs.skip(end);
    let past_about = if matches!(signs.get(after), '余' | '多' | '几') { signs.skip(after + 1) } else { after };
    let mut next = past_about;
    while let Some(by) = multiplier(signs, next) {
        factor = factor.multiply(Number::whole(by))?;
        end = next + 1;
        next = signs.skip(end);
    }
    if past_about != after {
        about = true;
        end = end.max(after + 1);
    }
    // 5万余元
    if factor != Number::ONE && matches!(signs.get(next), '余' | '多') {
        return Some(Numeral { number, end: next + 1, plain: false, factor, about: true, ..found });
    }
    if factor != Number::ONE {
        number = number.multiply(factor)?;
        // 3万5千, 2万5000, 1亿2000万
        if is_part(signs.get(end))
            && let Some(left) = parts.checked_sub(1)
            && let Some(rest) = numeral_of(signs, end, left)
            && rest.number < factor
        {
            // 3万2: 30002 or 32000?
            about |= rest.factor == Number::ONE && rest.number.multiply(Number::whole(10))? < factor;
            (number, end) = (number.plus(rest.number)?, rest.end);
        }
    }
    let plain = found.plain && factor == Number::ONE;
    Some(Numeral { number, end, plain, factor, about, ..found })
}

/// 千 and 万 behind digits; 千克 and 千米 are units.
fn multiplier(signs: &Signs, at: usize) -> Option<i64> {
    let unit = ["千克", "千米", "千瓦", "千卡"].iter().any(|unit| signs.has(at, unit));
    let named = signs.has(at, "百分") || signs.has(at, "千分") || signs.has(at, "万分");
    place(signs.get(at)).filter(|_| !unit && !named)
}

/// Digits, with commas between thousands and a decimal point.
fn digits(signs: &Signs, at: usize) -> Option<Numeral> {
    let run = |from: usize| (from..).take_while(|place| signs.get(*place).is_ascii_digit()).count();
    let first = run(at);
    let mut text = signs.text(at..at + first);
    let mut end = at + first;
    // A comma of the sentence (，) stands between thousands only where something is counted behind them.
    let mut groups = (text.clone(), end);
    let mut count = 0;
    while count < MOST_GROUPS && first <= 3 && matches!(signs.get(groups.1), ',' | ' ' | '\'') && run(groups.1 + 1) == 3
    {
        count += 1;
        let from = groups.1 + 1;
        groups = (groups.0 + &signs.text(from..from + 3), from + 3);
    }
    if groups.1 != end {
        let sure = (end..groups.1).all(|place| signs.get(place) != ',' || signs.written(place) == ',');
        let spaced = (end..groups.1).any(|place| signs.get(place) == ' ');
        let counted = |at: usize| matches!(signs.get(signs.skip(at)), '元' | '万' | '人' | '名' | '.');
        if sure && !spaced || counted(groups.1) {
            (text, end) = groups;
        }
    }
    let plain = end == at + first;
    if signs.get(end) == '.' && run(end + 1) > 0 {
        let length = run(end + 1);
        text = format!("{text}.{}", signs.text(end + 1..end + 1 + length));
        end += 1 + length;
    }
    let plain = plain && !text.contains('.');
    Some(Numeral { number: Number::parse(&text)?, end, digits: true, plain, factor: Number::ONE, about: false })
}

/// Words before 十, 百, 千, 万 that leave open how many.
pub const ABOUT: [char; 7] = ['数', '几', '上', '近', '逾', '超', '约'];

/// Past what is 十, 百, 千, 万 from a place on.
fn past_places(signs: &Signs, at: usize) -> usize {
    (at..).find(|at| place(signs.get(*at)).is_none()).unwrap_or(at)
}

/// A number in words.
fn words(signs: &Signs, at: usize) -> Option<Numeral> {
    // 数十, 几百, 上千, 近百; 百余, 千多
    let about = |end: usize| {
        Some(Numeral { number: Number::ZERO, end, digits: false, plain: false, factor: Number::ONE, about: true })
    };
    if ABOUT.contains(&signs.get(at)) && place(signs.get(at + 1)).is_some() {
        return about(past_places(signs, at + 1));
    }
    if place(signs.get(at)).is_some_and(|by| by > 10) && matches!(signs.get(at + 1), '余' | '多') {
        return about(past_places(signs, at + 2));
    }
    let (mut high, mut section, mut waiting): (i64, i64, Option<i64>) = (0, 0, None);
    let (mut last, mut zero, mut end) = (1, false, at);
    let mut run: Vec<i64> = Vec::new();
    let mut about = false;
    loop {
        let c = signs.get(end);
        if matches!(c, '廿' | '卅') && waiting.is_none() {
            section += if c == '廿' { 20 } else { 30 };
            last = 10;
            end += 1;
            continue;
        }
        if let Some(value) = digit(c) {
            // Two digits side by side are places of a year, or "two or three".
            if waiting.is_some() && (last > 1 || section > 0) || run.len() >= MOST_PLACES {
                break;
            }
            run.push(value);
            if value == 0 && last > 1 {
                zero = true;
            } else {
                waiting = Some(value);
            }
            end += 1;
            continue;
        }
        let Some(by) = place(c) else {
            if matches!(c, '余' | '多' | '几' | '来') && end > at && (place(signs.get(end + 1)).is_some() || last > 1)
            {
                about = true;
                end += 1;
                continue;
            }
            break;
        };
        let named = ["百分", "千分", "万分", "百强"].iter().any(|named| signs.has(end, named));
        if run.len() > 1 && last == 1 || named && end > at {
            break;
        }
        // 十 alone is ten; 百, 千 and 万 alone are words, but for 百万元 and 千万元.
        let own = match (waiting.take(), by) {
            (Some(value), _) => value,
            (None, 10) => 1,
            (None, _) if by >= 10_000 && (section > 0 || high > 0) => 0,
            (None, 100 | 1000) if place(signs.get(end + 1)) == Some(10_000) && signs.get(end + 2) == '元' => 1,
            _ => break,
        };
        match by {
            10_000 => high += (section + own).checked_mul(by)?,
            100_000_000 => high = (high + section + own).checked_mul(by)?,
            _ => section += own * by,
        }
        if by >= 10_000 {
            section = 0;
        }
        (last, zero) = (by, false);
        run.clear();
        end += 1;
    }
    if end == at {
        return None;
    }
    if run.len() > 1 && last == 1 {
        // 二〇二三, 一九九八; 三五年 and 两三个月 are about so many.
        let number = run.iter().try_fold(0_i64, |all, digit| all.checked_mul(10)?.checked_add(*digit))?;
        let number = Number::whole(number);
        let about = run.len() < 4 && !run.contains(&0);
        // 二三十人
        let end = if about { past_places(signs, end) } else { end };
        return Some(Numeral { number, end, digits: false, plain: true, factor: Number::ONE, about });
    }
    // 两万五 is 25000, 一万零五 10005.
    let rest = waiting.unwrap_or(0) * if last > 10 && !zero { last / 10 } else { 1 };
    let mut number = Number::whole(high + section + rest);
    if signs.get(end) == '点' && digit(signs.get(end + 1)).is_some() {
        let places: Vec<i64> = (end + 1..).map_while(|at| digit(signs.get(at))).collect();
        let mut share = Number::ONE;
        for value in &places {
            share = share.divide(Number::whole(10))?;
            number = number.plus(share.multiply(Number::whole(*value))?)?;
        }
        end += 1 + places.len();
        // 一点五万
        if let Some(by) = multiplier(signs, end) {
            number = number.multiply(Number::whole(by))?;
            end += 1;
        }
    }
    Some(Numeral { number, end, digits: false, plain: false, factor: Number::ONE, about })
}

/// A whole number of an article, in digits or words, and its length in bytes.
pub fn ordinal(text: &str) -> Option<(u32, usize)> {
    let signs = Signs::of(text);
    let start = signs.skip(0);
    let found = if signs.get(start).is_ascii_digit() { digits(&signs, start)? } else { words(&signs, start)? };
    let number = u32::try_from(found.number.to_i64()?).ok()?;
    Some((number, signs.bytes(0..found.end).end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::numeral::chinese;

    #[test]
    fn numbers_in_words_and_digits() {
        for (text, wanted) in [
            ("二十九", "29"),
            ("十", "10"),
            ("一百零五", "105"),
            ("二千", "2000"),
            ("贰仟", "2000"),
            ("两万五", "25000"),
            ("两万五千", "25000"),
            ("一亿二千万", "120000000"),
            ("二〇二三", "2023"),
            ("五点五", "5.5"),
            ("廿五", "25"),
            ("30,000", "30000"),
            ("２０００", "2000"),
            ("2千", "2000"),
            ("3万5千", "35000"),
            ("1.5万", "15000"),
            ("一百二十万", "1200000"),
        ] {
            let signs = Signs::of(text);
            let found = numeral(&signs, 0).unwrap();
            assert_eq!((found.number.to_string().as_str(), found.end), (wanted, signs.len()), "{text}");
        }
        assert_eq!(
            (ordinal("二十九条"), ordinal("1条"), chinese(29)),
            (Some((29, 9)), Some((1, 1)), "二十九".to_owned())
        );
    }
}
