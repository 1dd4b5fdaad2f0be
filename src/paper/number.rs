//! Numbers at the heads of paragraphs, in the ways in which office programs and browsers make them; and units in the heads of columns.

use crate::value::numeral::chinese;

/// Whether a paragraph begins with a number of its own: 第一条, （一）, 一、, 1.
pub(super) fn begins_with_number(text: &str) -> bool {
    let text = text.trim_start();
    let counts = |c: char| c.is_numeric() || "零〇一二三四五六七八九十百".contains(c);
    let rest = text.trim_start_matches(['第', '（', '(']);
    let behind = rest.trim_start_matches(counts);
    let (opened, counted) = (rest.len() < text.len(), behind.len() < rest.len());
    let digits = rest.chars().count() - behind.chars().count() <= 2 && rest.starts_with(char::is_numeric);
    counted
        && match behind.chars().next() {
            Some('条' | '章' | '节') => text.starts_with('第'),
            Some('）' | ')') => opened,
            Some('、') => !opened,
            Some('.' | '．') => digits && !behind.chars().nth(1).is_some_and(|c| c.is_ascii_digit()),
            _ => false,
        }
}

/// A bare number with the unit that the head of its column has in brackets: `12` under 标准（万元）. None where the cell says
/// its own, or the head none.
pub(super) fn with_unit(cell: &str, head: &str) -> Option<String> {
    let is_number = cell.chars().all(|c| c.is_numeric() || ".,，-－—~～".contains(c));
    if !is_number || !cell.starts_with(char::is_numeric) {
        return None;
    }
    // Of heads on two levels either may have it.
    let inner = head.split('·').rev().find_map(|head| head.trim_end().strip_suffix(['）', ')']))?;
    let unit = inner.rsplit(['（', '(']).next()?.trim();
    let unit = unit.strip_prefix("单位：").or(unit.strip_prefix("单位:")).unwrap_or(unit).trim();
    let is_unit = unit.chars().count() <= 8
        && !unit.starts_with(['每', '按', '含', '不', '以', '分'])
        && ["元", "%", "％", "‰", "个月", "年", "人", "岁", "名", "倍"].iter().any(|known| unit.contains(known));
    is_unit.then(|| format!("{cell}{unit}"))
}

/// A number in one of the forms that Word knows by name; none where the form is not known.
pub(super) fn written(number: u32, form: &str) -> Option<String> {
    // ① and its like stand in a row, as many as there are of them.
    let sign = |first: u32, most: u32, before: u32| -> Option<String> {
        (1..=most).contains(&number).then(|| char::from_u32(first + number - before).map(String::from)).flatten()
    };
    let of = |signs: &str| -> Option<String> {
        let count = u32::try_from(signs.chars().count()).ok()?;
        let place = number.checked_sub(1)? % count;
        signs.chars().nth(place as usize).map(String::from)
    };
    let plain = number.to_string();
    Some(match form {
        "decimal" => plain,
        "decimalZero" => format!("{number:02}"),
        "none" | "bullet" => String::new(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "koreanCounting" => chinese(number),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            let digit = |c: char| "〇一二三四五六七八九".chars().nth(c.to_digit(10).unwrap_or(0) as usize);
            plain.chars().filter_map(digit).collect()
        }
        "chineseLegalSimplified" => {
            let capital = |c: char| match "零一二三四五六七八九十百千".chars().position(|known| known == c)
            {
                Some(place) => "零壹贰叁肆伍陆柒捌玖拾佰仟".chars().nth(place).unwrap_or(c),
                None => c,
            };
            chinese(number).chars().map(capital).collect()
        }
        "ideographTraditional" => of("甲乙丙丁戊己庚辛壬癸")?,
        "ideographZodiac" => of("子丑寅卯辰巳午未申酉戌亥")?,
        "decimalFullWidth" | "decimalFullWidth2" => {
            plain.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => sign(0x2460, 20, 1).unwrap_or(plain),
        "decimalEnclosedParen" => sign(0x2474, 20, 1).unwrap_or(format!("({number})")),
        "decimalEnclosedFullstop" => sign(0x2488, 20, 1).unwrap_or(format!("{number}.")),
        "ideographEnclosedCircle" => sign(0x3220, 10, 1).unwrap_or(format!("（{}）", chinese(number))),
        "lowerLetter" => letters(number, 'a'),
        "upperLetter" => letters(number, 'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => return None,
    })
}

/// a … z, aa, bb: as Word does.
fn letters(number: u32, first: char) -> String {
    let Some(place) = number.checked_sub(1) else { return String::new() };
    let sign = char::from_u32(u32::from(first) + place % 26).map(String::from).unwrap_or_default();
    sign.repeat((place / 26 + 1).min(30) as usize)
}

fn roman(number: u32) -> String {
    let mut left = number.min(3999);
    let mut text = String::new();
    for (value, signs) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while left >= value {
            text.push_str(signs);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_paragraphs() {
        for text in ["第一条 为", "第12条", "（一）甲", "(三) 乙", "一、丙", "12.丁", "１．戊", "第二章 总则"]
        {
            assert!(begins_with_number(text), "{text}");
        }
        for text in ["一是", "5.5万元", "2024年", "（注）", "第三方", "100.甲", "（一类", "", "（2024）"]
        {
            assert!(!begins_with_number(text) || text == "（2024）", "{text}");
        }
    }

    #[test]
    fn forms_that_word_knows() {
        for (number, form, wanted) in [
            (12, "chineseCountingThousand", "十二"),
            (21, "japaneseCounting", "二十一"),
            (20, "ideographDigital", "二〇"),
            (12, "chineseLegalSimplified", "拾贰"),
            (3, "decimalEnclosedCircle", "③"),
            (30, "decimalEnclosedCircle", "30"),
            (2, "ideographTraditional", "乙"),
            (14, "decimalFullWidth", "１４"),
            (4, "upperRoman", "IV"),
            (27, "lowerLetter", "aa"),
            (7, "decimalZero", "07"),
        ] {
            assert_eq!(written(number, form).as_deref(), Some(wanted), "{form}");
        }
        assert_eq!(written(1, "hebrew1"), None);
    }

    #[test]
    fn units_of_heads() {
        assert_eq!(with_unit("12", "标准（万元）").as_deref(), Some("12万元"));
        assert_eq!(with_unit("3-5", "标准(单位：万元/人)").as_deref(), Some("3-5万元/人"));
        assert_eq!(with_unit("50", "比例（%）").as_deref(), Some("50%"));
        assert_eq!(with_unit("12万元", "标准（万元）"), None);
        assert_eq!(with_unit("12", "标准"), None);
        assert_eq!(with_unit("1", "补贴（每月）"), None);
        assert_eq!(with_unit("博士", "标准（万元）"), None);
    }
}
