//! Citizen identity numbers (公民身份号码, GB 11643): the day of birth in them, and how they are shown to others.

use std::borrow::Cow;

use crate::lang::Text;
use crate::source::folded;
use crate::value::Day;

/// How many characters a number has.
const LENGTH: usize = 18;
/// What the first seventeen digits weigh.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The last character, by the weighted sum modulo 11.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// So many characters at either end of a masked number can be read.
const SHOWN: usize = 4;

/// The day of birth in a number, whose last character must be the one that the others ask for.
pub(super) fn birth_date(text: &str) -> Result<Day, Text> {
    let plain = folded(text);
    let characters: Vec<char> = plain.chars().map(|character| character.to_ascii_uppercase()).collect();
    if characters.len() == 15 && characters.iter().all(char::is_ascii_digit) {
        return Err(Text::new(
            "这是15位旧号码，没有校验位，无法核对；请填18位公民身份号码",
            "this is an old number of 15 digits, which cannot be verified; write the one of 18",
        ));
    }
    let digits: Vec<u32> = characters.iter().take(LENGTH - 1).filter_map(|character| character.to_digit(10)).collect();
    let last = characters.get(LENGTH - 1).copied().filter(|last| last.is_ascii_digit() || *last == 'X');
    let (true, Some(last)) = (characters.len() == LENGTH && digits.len() == LENGTH - 1, last) else {
        let count = characters.len();
        return Err(Text::made(
            format!("不是公民身份号码：应为17位数字加1位校验码，这里有 {count} 个字符"),
            format!(
                "this is no citizen identity number, which is 17 digits and a check character; here are {count} characters"
            ),
        ));
    };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    if CHECKS.get(sum as usize % CHECKS.len()) != Some(&last) {
        return Err(Text::new(
            "公民身份号码的校验码不符，其中必有错误；对照证件改正",
            "the check character of this identity number does not fit, so something in it is wrong; compare it with the card",
        ));
    }
    day(&characters).ok_or_else(|| {
        Text::new(
            "公民身份号码中的出生日期不存在；对照证件改正",
            "the day of birth in this identity number does not exist; compare it with the card",
        )
    })
}

/// The number in a text, in one spelling, where it is one whose check character fits.
pub fn citizen_id(text: &str) -> Option<String> {
    birth_date(text).is_ok().then(|| folded(text).to_ascii_uppercase())
}

/// The day that stands in a number.
fn day(characters: &[char]) -> Option<Day> {
    let digits = |range: std::ops::Range<usize>| characters.get(range)?.iter().collect::<String>().parse().ok();
    Day::of(digits(6..10)?, u32::try_from(digits(10..12)?).ok()?, u32::try_from(digits(12..14)?).ok()?)
}

/// Whether characters are an identity number to whoever sees them, if with a digit that is wrong.
fn looks_like_one(characters: &[char]) -> bool {
    let text: String = characters.iter().collect();
    characters.len() == LENGTH && (day(characters).is_some() || birth_date(&text).is_ok())
}

/// A number with its middle hidden: `4418**********1234`. What is as short as a number's ends stays as it is.
pub(super) fn hidden(text: &str) -> String {
    let count = text.chars().count();
    let shows = |place: usize| count <= 2 * SHOWN || place < SHOWN || place + SHOWN >= count;
    text.chars().enumerate().map(|(place, character)| if shows(place) { character } else { '*' }).collect()
}

/// A text in which every identity number is masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    let is_of_one =
        |character: char| folded(character.encode_utf8(&mut [0; 4])).starts_with(|c: char| c.is_ascii_alphanumeric());
    if text.chars().filter(|character| character.is_numeric()).count() < LENGTH - 1 {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let end = |run: &mut String, out: &mut String| {
        let plain: Vec<char> = folded(run).chars().map(|character| character.to_ascii_uppercase()).collect();
        let is_one = looks_like_one(&plain);
        out.push_str(&if is_one { hidden(run) } else { run.clone() });
        run.clear();
    };
    for character in text.chars() {
        if is_of_one(character) {
            run.push(character);
        } else {
            end(&mut run, &mut out);
            out.push(character);
        }
    }
    end(&mut run, &mut out);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_birth_is_in_a_number_that_checks() {
        // The two examples of GB 11643: one of 31 December 1949, one of 1 January 1880.
        for (number, day) in [("11010519491231002X", "1949-12-31"), ("440524188001010014", "")] {
            let found = birth_date(number).map(|day| day.to_string());
            match day {
                "" => assert!(found.is_err(), "{number}: 1880 is before all days that are known"),
                day => assert_eq!(found.unwrap(), day),
            }
        }
        for same in ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 11010519491231002X "]
        {
            assert_eq!(birth_date(same).unwrap().to_string(), "1949-12-31");
        }
    }

    #[test]
    fn every_single_wrong_digit_and_every_swap_of_neighbours_is_found() {
        let number = "11010519491231002X";
        for place in 0..LENGTH - 1 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = number.chars().collect();
                if wrong[place] != digit {
                    wrong[place] = digit;
                    assert!(birth_date(&wrong.iter().collect::<String>()).is_err(), "{wrong:?}");
                }
            }
            let mut swapped: Vec<char> = number.chars().collect();
            swapped.swap(place, place + 1);
            let swapped: String = swapped.iter().collect();
            assert!(swapped == number || birth_date(&swapped).is_err(), "{swapped}");
        }
    }

    #[test]
    fn numbers_are_masked_wherever_they_stand() {
        for (text, shown) in [
            ("11010519491231002X", "1101**********002X"),
            // A wrong check character, and a day that does not exist, are a person's all the same.
            ("编号 110105194912310021：重复", "编号 1101**********0021：重复"),
            ("/a/11010519491231002x.toml", "/a/1101**********002x.toml"),
            ("１１０１０５１９４９１２３１００２Ｘ", "１１０１**********００２Ｘ"),
            // A bank account of 19 digits, an order of 18 that holds no day, and a credit code are none.
            ("6222020200112233445", "6222020200112233445"),
            ("202400000000000001", "202400000000000001"),
            ("91441802MA4UKX1234", "91441802MA4UKX1234"),
            ("2024", "2024"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
