//! The table of `docs/audit.md`: each way of writing a figure is read as it says, alone and inside a sentence.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::fs;

use duixian::audit::reader;

fn table(page: &str) -> Vec<(String, String)> {
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split("` | `");
        let (written, rest) = (cells.next()?, cells.next()?);
        Some((written.to_owned(), rest.split('`').next()?.to_owned()))
    });
    rows.collect()
}

fn read(text: &str) -> String {
    let found = reader::read(text, 0);
    let said: Vec<String> =
        found.iter().map(|found| found.figure.as_ref().map_or("not read".to_owned(), ToString::to_string)).collect();
    said.join(", ")
}

#[test]
fn every_way_to_write_a_figure() {
    let page = fs::read_to_string("docs/audit.md").unwrap();
    let rows = table(&page);
    assert!(rows.len() >= 200, "only {} rows of docs/audit.md were found", rows.len());
    let mut wrong = Vec::new();
    for (written, wanted) in &rows {
        for (before, behind) in [("", ""), ("给予", "。"), ("，最高", "的"), ("（", "）；"), ("按\u{a0}", "\n")]
        {
            let text = format!("{before}{written}{behind}");
            let said = read(&text);
            if said != *wanted {
                wrong.push(format!("{text:?}: {said:?}, not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_figure_stands_where_it_is_written() {
    let page = fs::read_to_string("docs/audit.md").unwrap();
    for (written, _) in table(&page) {
        let text = format!("给予　{written}\u{a0}。");
        for found in reader::read(&text, 0) {
            let stands = &text[found.range.clone()];
            assert!(written.contains(stands) && !stands.is_empty(), "{written}: {stands}");
        }
    }
}

/// A number below 10^8 in Chinese, with these digits and places.
fn in_words(number: u64, digits: &[&str; 10], places: &[&str; 4]) -> String {
    let below = |mut rest: u64, leading: bool| {
        let mut text = String::new();
        let mut zero = leading;
        for place in (0..4).rev() {
            let by = 10_u64.pow(place);
            let digit = usize::try_from(rest / by).unwrap();
            rest %= by;
            if digit == 0 {
                zero |= !text.is_empty();
                continue;
            }
            if zero {
                text.push_str(digits[0]);
                zero = false;
            }
            text.push_str(digits[digit]);
            text.push_str(places[usize::try_from(place).unwrap()]);
        }
        text
    };
    let (high, low) = (number / 10_000, number % 10_000);
    match (high, low) {
        (0, low) => below(low, false),
        (high, 0) => below(high, false) + "万",
        (high, low) => below(high, false) + "万" + &below(low, low < 1000),
    }
}

#[test]
fn numbers_in_words_are_the_numbers_in_digits() {
    let plain = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let large = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    let full = |text: &str| text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect::<String>();
    let grouped = |number: u64| {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    };
    // Every number up to 3000, then a few of every size.
    let several = (0..4000_u64).map(|step| 3000 + step * step * 6 + step * 13);
    for number in (1..=3000).chain(several) {
        let wanted = format!("{number}元");
        let ways = [
            format!("{number}元"),
            format!("{}元", full(&number.to_string())),
            format!("{}元", grouped(number)),
            format!("{}元", in_words(number, &plain, &["", "十", "百", "千"])),
            format!("{}元整", in_words(number, &large, &["", "拾", "佰", "仟"])),
        ];
        for way in ways {
            assert_eq!(read(&way), wanted, "{way}");
        }
    }
}

#[test]
fn long_texts_are_read_in_one_go() {
    // Each would take minutes if anything were looked at from every place anew, or would not come back at all.
    for piece in [
        "1",
        "一",
        "1万",
        "九千",
        "1 000 ",
        "111,111,",
        "1.1.",
        "1:1",
        "百分之",
        "三分之",
        "1年",
        "每月1元",
        "数十",
        "1、",
        "1-",
        "万亿",
        "第1",
        "半",
        "2023年5月",
    ] {
        let text = piece.repeat(30_000 / piece.len());
        assert!(reader::read(&text, 0).len() <= text.len(), "{piece}");
    }
}
