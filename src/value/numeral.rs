//! Whole numbers in Chinese words.

/// A number in words, as articles are numbered: 十一, 二十, 一百零五.
pub fn chinese(number: u32) -> String {
    let digit = |value: u32| "零一二三四五六七八九".chars().nth(value as usize).map(String::from).unwrap_or_default();
    if number >= 10_000 {
        return format!("{}万{}", chinese(number / 10_000), below(number % 10_000, 1000));
    }
    match number {
        0..10 => digit(number),
        // 十一, not 一十一.
        10..20 => format!("十{}", below(number - 10, 1)),
        _ => {
            let place = [1000, 100, 10].into_iter().find(|place| number >= *place).unwrap_or(10);
            let name = match place {
                1000 => "千",
                100 => "百",
                _ => "十",
            };
            format!("{}{name}{}", digit(number / place), below(number % place, place / 10))
        }
    }
}

/// What follows a larger place, of which `place` is the next: 零五 behind a hundred, 一十 behind it too.
fn below(number: u32, place: u32) -> String {
    match number {
        0 => String::new(),
        10..20 if place > 1 => format!("{}一{}", if place > 10 { "零" } else { "" }, chinese(number)),
        _ if number < place => format!("零{}", chinese(number)),
        _ => chinese(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_articles_are_numbered() {
        for (number, wanted) in [
            (0, "零"),
            (7, "七"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (99, "九十九"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (115, "一百一十五"),
            (1010, "一千零一十"),
            (1205, "一千二百零五"),
            (20_003, "二万零三"),
        ] {
            assert_eq!(chinese(number), wanted);
        }
    }
}
