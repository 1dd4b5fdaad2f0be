//! Amounts in the words that vouchers ask for (大写金额): `人民币壹万捌仟元整`, which cannot be altered by a stroke; in English as
//! `RMB eighteen thousand yuan only`.
//!
//! By the rules for filling in vouchers of the People's Bank (《正确填写票据和结算凭证的基本规定》): digits and places in
//! their formal characters, one 零 for any run of noughts inside, 整 where there are no 分.

use crate::lang::{Lang, ONES, TENS};
use crate::value::Number;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// An amount of money in words; `None` where it is no whole number of 分, or beyond all amounts.
pub fn in_words(amount: Number, lang: Lang) -> Option<String> {
    let (numerator, denominator) = amount.as_money().parts();
    let hundredths = numerator.checked_mul(100)?;
    let fen = hundredths.checked_div(denominator).filter(|fen| fen.checked_mul(denominator) == Some(hundredths))?;
    match lang {
        Lang::Zh => Some(chinese(fen)),
        Lang::En => english(fen),
    }
}

const THOUSANDS: [&str; 6] = ["", " thousand", " million", " billion", " trillion", " quadrillion"];

/// `RMB eighteen thousand yuan and 50/100 only`; `None` beyond what has a name.
fn english(fen: i128) -> Option<String> {
    let sign = if fen < 0 { "minus " } else { "" };
    let (yuan, fen) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let (mut rest, mut groups) = (yuan, Vec::new());
    for name in THOUSANDS {
        if rest % 1000 > 0 {
            groups.push(format!("{}{name}", hundreds(rest % 1000)?));
        }
        rest /= 1000;
    }
    if rest > 0 {
        return None;
    }
    groups.reverse();
    let yuan = if groups.is_empty() { hundreds(0)? } else { groups.join(" ") };
    let fen = if fen > 0 { format!(" and {fen:02}/100") } else { String::new() };
    Some(format!("RMB {sign}{yuan} yuan{fen} only"))
}

/// A number below a thousand.
fn hundreds(number: u128) -> Option<String> {
    let at = |number: u128| usize::try_from(number).ok();
    let (above, below) = (number / 100, number % 100);
    let below = match below {
        0 if above > 0 => None,
        0..20 => Some((*ONES.get(at(below)?)?).to_owned()),
        _ => {
            let (tens, ones) = (TENS.get(at(below / 10 - 2)?)?, ONES.get(at(below % 10)?)?);
            Some(if below % 10 == 0 { (*tens).to_owned() } else { format!("{tens}-{ones}") })
        }
    };
    let above = if above > 0 { Some(format!("{} hundred", ONES.get(at(above)?)?)) } else { None };
    Some(above.into_iter().chain(below).collect::<Vec<_>>().join(" "))
}

fn chinese(fen: i128) -> String {
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = format!("人民币{sign}");
    if yuan > 0 || (jiao, fen) == (0, 0) {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    if jiao > 0 {
        text.push_str(digit(jiao));
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    match fen {
        0 => text.push('整'),
        fen => {
            text.push_str(digit(fen));
            text.push('分');
        }
    }
    text
}

fn digit(digit: u128) -> &'static str {
    usize::try_from(digit % 10).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or("")
}

/// A whole number: by 亿, then by 万, then by four places; 亿亿 is ten to the sixteenth.
fn whole(number: u128) -> String {
    const WAN: u128 = 10_000;
    const YI: u128 = WAN * WAN;
    let (unit, name) = match number {
        0 => return digit(0).to_owned(),
        1..WAN => return four(number),
        WAN..YI => (WAN, "万"),
        _ => (YI, "亿"),
    };
    let (above, below) = (number / unit, number % unit);
    let mut text = format!("{}{name}", whole(above));
    if below > 0 {
        if below < unit / 10 {
            text.push_str(digit(0));
        }
        text.push_str(&whole(below));
    }
    text
}

/// A number of at most four digits.
fn four(number: u128) -> String {
    let (mut text, mut skipped) = (String::new(), false);
    let mut unit = 1000;
    for place in PLACES.iter().rev() {
        let own = number / unit % 10;
        unit = (unit / 10).max(1);
        if own == 0 {
            skipped = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut skipped) {
            text.push_str(digit(0));
        }
        text.push_str(digit(own));
        text.push_str(place);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What words say, in 分: read by their places, which knows nothing of how they were written.
    fn read(text: &str) -> i128 {
        let text = text.strip_prefix("人民币").unwrap();
        let (sign, text) = text.strip_prefix('负').map_or((1, text), |text| (-1, text));
        let text = text.strip_suffix('整').unwrap_or(text);
        let (yuan, rest) = text.split_once('元').unwrap_or(("", text));
        let mut fen = number(yuan) * 100;
        for (name, worth) in [('角', 10), ('分', 1)] {
            if let Some((before, _)) = rest.split_once(name) {
                let own = before.chars().last().unwrap().to_string();
                fen += worth * i128::try_from(DIGITS.iter().position(|digit| *digit == own).unwrap()).unwrap();
            }
        }
        sign * fen
    }

    fn number(text: &str) -> i128 {
        for (name, worth) in [("亿", 100_000_000), ("万", 10_000), ("仟", 1000), ("佰", 100), ("拾", 10)] {
            if let Some((above, below)) = text.rsplit_once(name) {
                return number(above) * worth + number(below);
            }
        }
        let text = text.trim_start_matches('零');
        DIGITS.iter().position(|digit| *digit == text).map_or(0, |digit| i128::try_from(digit).unwrap())
    }

    fn words(fen: i128) -> String {
        in_words(Number::fraction(fen, 100).unwrap(), Lang::Zh).unwrap()
    }

    #[test]
    fn english_words_have_every_place() {
        for (fen, text) in [
            (1_800_000, "RMB eighteen thousand yuan only"),
            (0, "RMB zero yuan only"),
            (5, "RMB zero yuan and 05/100 only"),
            (-10_050, "RMB minus one hundred yuan and 50/100 only"),
            (
                12_345_678_910,
                "RMB one hundred twenty-three million four hundred fifty-six thousand seven hundred eighty-nine yuan and 10/100 only",
            ),
            (10_000_000_100, "RMB one hundred million one yuan only"),
            (194_013, "RMB one thousand nine hundred forty yuan and 13/100 only"),
        ] {
            assert_eq!(in_words(Number::fraction(fen, 100).unwrap(), Lang::En).unwrap(), text);
        }
    }

    #[test]
    fn the_examples_of_the_rules_are_written_as_they_ask() {
        // From the rules of the People's Bank, 第四条, where either way is allowed the one without the further 零.
        for (fen, text) in [
            (140_950, "人民币壹仟肆佰零玖元伍角整"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
            (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
            (32_504, "人民币叁佰贰拾伍元零肆分"),
            (1_800_000, "人民币壹万捌仟元整"),
            (0, "人民币零元整"),
            (50, "人民币伍角整"),
            (5, "人民币伍分"),
            (-1_000_000, "人民币负壹万元整"),
            (1_000_000_100_000, "人民币壹佰亿零壹仟元整"),
            (10_000_000_000_000_000 * 100, "人民币壹亿亿元整"),
        ] {
            assert_eq!(words(fen), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_the_amount(fen in prop_oneof![
            -2_000_000_i128..2_000_000,
            -10_i128.pow(13)..10_i128.pow(13),
            -10_i128.pow(30)..10_i128.pow(30),
            // Noughts in all places.
            (0..30_u32, 1..10_i128, 0..30_u32, 0..10_i128).prop_map(|(a, x, b, y)| x * 10_i128.pow(a) + y * 10_i128.pow(b)),
        ]) {
            let text = words(fen);
            prop_assert_eq!(read(&text), fen);
            prop_assert!(!text.contains("零零") && (fen.abs() < 100 || !text.contains("零元")), "{}", text);
            prop_assert_eq!(text.ends_with('整'), fen % 10 == 0);
        }
    }
}
